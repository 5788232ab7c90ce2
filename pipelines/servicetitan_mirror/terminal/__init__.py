"""What a user types and sees.

command     a sync as a command: screen, signals, exit code
tenants     syncs of several tenants, each in a process of its own
verbs       the commands, each with its options
usage       types of options, and those that several commands have
guard       what goes wrong becomes a sentence and an exit code
screen      terminals: tables that fit them
progress    a sync at work; report: what it did
check       what a sync needs, and whether it is there
plan        what a sync would do
status      how the mirror stands
reconcile   the mirror compared with the source, and mended
serving     the page as a command
report_page the business as one page in a file
compare_report  a report of the office's, held against the marts
init        the files of settings
erase       one customer, everywhere
lists       which lists there are and which are chosen, with their scopes, tables and columns
readable    which of them the app may read
model       a table for a list that comes without one
demo        the whole path on a made-up tenant
made_up     the simulator as a command
"""
