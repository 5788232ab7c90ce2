"""Keeps a PostgreSQL mirror of a ServiceTitan tenant.

ServiceTitan API V2 ──client, reading──▶ landing ──dlt──▶ raw_servicetitan.* ──dbt──▶ st_* tables, st_sync_log

entities    the endpoints as data
places      where things are, in a checkout and of an installed package
configuration  where settings are read; documents: the files, checks: what a setting may be
settings    what the user configures
auth        the token
clock       times, and the server's clock
transport   HTTP without requests' conveniences: no redirections, no surroundings, a limit of time and size
unreachable why no answer came, in words
large_answers  one large answer in memory at a time
client      one call, with patience
answers     what an answer other than a page means
envelope    a page, read so that one odd thing in it costs one record at most
repair      text that JSON or PostgreSQL refuses
rate_limit  the calls of all threads, spaced and in order
paging      the pages of one pass over a list or feed, and what is given up when the server refuses it
reading     one list, read to its end
backlog     landed pages between the threads that read and the one that loads
memory      what is free goes back to the system
proof       whether a pass over a list's pages missed nothing
landing     record → landed row
whole_numbers  an id in any form that JSON has for it
source      the dlt source and its loads
batches     which modules are loaded together, and when
batch       one batch: load it, then settle counts, deletions, cursors and log
conninfo    connection strings, by libpq's reading of them
destination which database: what destination_settings, all that the user says of it, come to
careful     what PostgreSQL refused: table by table, at last record by record
warehouse   PostgreSQL: connection, lock, statements
preflight   what would stop every module, found before the first is read
analysts    the role with which analysts read
pooler      a pooler that would lose our locks and settings
refusals    what PostgreSQL refused, and what to do about it
holders     who holds a table that a sync waits for
raw_schema  brings the raw schema up to date; raw_tables: its statements
embedded    the PostgreSQL that comes with the product: embedded_home where it lives and as whom it runs, embedded_tcp
            how tools reach it that know no unix sockets
cursors     how far each list was read
deletes     records that the source no longer lists
rejections  records that cannot land, and how long they are asked for again
log         the sync log
transform   builds the st_* tables
dbt_runs    the dbt project: its models, and how they are run
dbt_access  how dbt reaches the database in use, in a sync and by hand
dbt_process dbt as a process of its own
builder     builds tables while other lists are still being read
finishing   when a module is done
forget      one tenant, with all that is kept of it
options     what a sync is asked to do
sync        one sync: lock → read and load → dbt → log
worker      the schedule
invocation  how the command was called, for messages
errors      what can go wrong, and how far it reaches
guard       what goes wrong becomes a sentence and an exit code
usage       what the command line accepts
command     a sync as a command: screen, signals, exit code
underway    which tables are being built at this moment
screen      terminals: tables that fit them
report, progress, status   what the terminal shows
inventory   what the database holds, as its user may read it
standing    how the mirror stands, and what is wrong
demo        the whole path on a made-up tenant
made_up     the simulator as a command
"""

__version__ = "0.1.0"
