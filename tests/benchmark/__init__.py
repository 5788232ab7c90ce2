"""What the mirror costs, measured in one run on one machine: `make bench`, `make bench-quick`.

Each figure is printed beside its bar. Those that go by time are ratios to something measured in the same run, most of
them to the floor: what any program must do that fetches the same pages and stores their records.

__main__    the command line: which parts, where to write them
scale       how large the tenants are and how often a thing is measured
parts       the parts of a run: each measures one tenant and yields its figures
tenant      a tenant and its mirror: sync it, change it, count what a sync did
floor       the floor, a program of its own
ground      where it happens: a copy of the product, a PostgreSQL, a simulator, all gone afterwards
process     one program from start to end: wall time, CPU, memory, its lines as they come
figures     figures, bars, and how they are shown
chart       cost against tenant size
"""
