"""The st_* tables and views, made by dbt from what has landed.

project     the dbt project: its models, and how they are run
dbt_process dbt as a process of its own
dbt_adapter `type: servicetitan` of a dbt profile, which finds its database by itself
dbt_access  dbt on a certain database: that of a sync, or of `servicetitan dbt`
builds      builds the st_* tables
builder     does so while other lists are still being read
underway    which tables are being built at this moment
finishing   when what was read of an entity can be queried
"""
