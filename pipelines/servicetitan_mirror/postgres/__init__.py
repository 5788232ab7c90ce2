"""The database: which one, how it is reached, and what it says when it refuses.

destination  which database; destination_settings: all that the user says of it
conninfo    connection strings, by libpq's reading of them
warehouse   connections, the lock of a sync, statements and transactions
embedded    the PostgreSQL that comes with the product: embedded_home where it lives and as whom it runs,
            embedded_tcp how tools reach it that know no unix sockets
pooler      a pooler that would lose our locks and settings
refusals    what PostgreSQL refused, and what to do about it
layout      which layout of the bookkeeping a database has; a newer one than ours is refused
holders     who holds a table that a sync waits for
analysts    the role with which analysts read
"""
