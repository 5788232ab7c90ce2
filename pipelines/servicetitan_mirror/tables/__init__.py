"""The st_* tables and views, made by dbt from what has landed.

project     the dbt project: its files, and how models are run
optional    the folders of optional lists' tables, and which of them are in use
lineage     what dbt's manifest says of it: which model reads which
dbt_process dbt as a process of its own
dbt_adapter `type: servicetitan` of a dbt profile, which finds its database by itself
dbt_access  dbt on a certain database: that of a sync, or of `servicetitan dbt`
builds      builds the st_* tables
locks       who may change them at the same time
kept_merges the short way round dbt, and the only one
built_models  what was built, of which files and when
downstream  brings up to date what the user has built on the tables
obstacles     what stands in the way of one of these
failure       what is said of a model that could not be built
builder     does so while other lists are still being read
underway    which tables are being built at this moment
finishing   when what was read of an entity can be queried
"""
