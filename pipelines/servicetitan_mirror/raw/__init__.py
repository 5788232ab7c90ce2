"""`raw_servicetitan`: where records land, and what is known of each list.

schema      brings it up to date; tables, sql/: its statements
distribution  how the landed tables are spread by tenant; spread_destination, upsert: how they are then loaded
preflight   what would stop every list, found before the first is read
cursors     how far each list was read
planning    what a sync has to do: the streams, by their cursors
rolling     which lists a night reads in full, where it does not read all
streams     an entity on its way through a sync
batches     which streams are loaded together, and when
loader      loads of dlt: pages → csv files → the landed tables
loading     one batch lands
careful     what PostgreSQL refused lands: table by table, at last record by record
settling    a stream settles: counts, deletions, rejections, cursors and log, in one transaction
pending_loads  what has landed and is not built yet
deletions   records that the source no longer lists
rejections  records that cannot land, and how long they are asked for again
drift       which keys records have, against those that are known
outcomes    what became of a stream
log         the sync log: the rows of this run
history     the sync log: what earlier runs have left
tenants     their names
protecting  a changed setting of what may land reaches what has landed
erasing     one customer's personal data, wherever it has landed
rewriting   landed records, otherwise
forget      one tenant, with all that is kept of it
"""
