"""The commands with their options. What each does is imported where it is done, so that `--help` waits for none of it.

mirroring   what reads ServiceTitan: sync, worker, plan, check, reconcile, erase
showing     how the mirror stands, the business in figures, the lists
database    what works on the database alone
beginning   settings, a table of one's own, the made-up tenant
"""
