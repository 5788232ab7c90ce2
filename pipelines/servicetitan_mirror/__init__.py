"""Keeps a PostgreSQL mirror of a ServiceTitan tenant.

ServiceTitan API V2 ──api, reading──▶ rows ──raw──▶ raw_servicetitan.* ──tables──▶ st_* tables, st_sync_log

Each room knows only those above it:

entities    the endpoints as data
personal    which fields are about a person
errors      what can go wrong, and how far it reaches
clock       times, and the server's clock
places      where things are, in a checkout and of an installed package
invocation  how the command was called, for messages
memory      what is freed goes back to the system
options     what a sync is asked to do
config/     what the user has configured
logs        one line an event, as text or JSON
postgres/   the database: which one, how it is reached, what it refuses
api/        one call: token, rate limit, what an answer other than a page means
reading/    one list read to its end, and the proof that nothing was missed
resources/  lists as resources of dlt
source      the dlt source, which works without the mirror too
raw/        raw_servicetitan: its schema, loads, cursors, deletions and log
tables/     the st_* tables, made by dbt
modelling/  a list's table, written for the user to edit
watcher     what a sync tells whoever watches it
flow        read → load → settle → build, all at once
sync        one sync: lock → plan → flow → log
operation/  how the mirror stands, and what is wrong with it
web/        the same, served
systemd     what systemd hears of the worker
schedule    when a nightly sync is due
forked      processes that need not import the program
worker      the schedule
terminal/   what a user types and sees
"""

__version__ = "0.2.0"
