"""What whoever runs the mirror wants to know of it.

wording     how things are said: numbers, lengths of time, many names as one
inventory   what the database holds, as its user may read it
states      one look at it: tables, modules, runs
health      what is wrong, and what to do about it
activity    what is being read, what was written when, what fails
standing    tenant by tenant, all of it
alerts      what was said of it, and to whom
webhooks    how it is said
announcer   what a sync says when it begins and when it has ended
outages     what the worker says when syncs cannot begin
check       one look before the first run; check_lists, check_database: its sides; check_line: what it says
plan        what a sync would ask, from where on, and about how long
probes      a first page of each list
reconcile   the mirror compared with the source, and mended
findings    what a reconciliation has found
listed      a list compared with what has landed of it
page        a single page of a list
shown       what has landed compared with the table that shows it
mending     what was found is read, or built, again
"""
