"""`raw_servicetitan`: where records land, and what is known of each list.

schema      brings it up to date; tables: its statements
preflight   what would stop every list, found before the first is read
source      the dlt source and its loads
batches     which lists are loaded together, and when
settling    one batch: load it, then settle counts, deletions, cursors and log
careful     what PostgreSQL refused: table by table, at last record by record
cursors     how far each list was read
deletions   records that the source no longer lists
rejections  records that cannot land, and how long they are asked for again
log         the sync log
forget      one tenant, with all that is kept of it
"""
