"""One list, read to its end.

task        what is asked of one list
paging      the pages of one pass over a list or feed, and what is given up when the server refuses it
windows     the ranges of time in which a list is read that shows nothing without one
reader      as many passes as it takes to know that nothing was missed
reading     a list that is read in a thread of its own, for the loader
cursor_rule from where a list is read next
proof       whether a pass over a list's pages missed nothing, by its counts
verdict     whether a list was read completely, by its latest two passes
pages       page → tables of its new rows
records     record → row
told_apart  the number of a record that has no id
protected   row → row without what is left out of it
keys        which keys the records have, against those that are known
fields      those that are known, and the decoder that takes no others
learning    what a record has that the known fields have not
usual       which keys are usual, and which of those have vanished
paths       where a key is in a record
backlog     pages between the threads that read and the one that loads
"""
