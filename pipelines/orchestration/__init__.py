"""Dagster over many tenants and many machines. An optional extra: the mirror itself knows nothing of it.

Each run is the command of the mirror for one tenant, with all that it promises; Dagster says when, where and how many.

names        how things are called in Dagster: tags, jobs, partitions, asset keys
network      what becomes an asset: landed lists and dbt's models, with what each reads
configured   the tenants of the settings, and when it is night for each
commands     the command as a process, and what it said
assets       the assets, and the run that makes them
comparing    the weekly comparison with ServiceTitan
checks       asset checks, from what the mirror says of itself
schedules    when what is run, and the sensor for new tenants
tidying      old runs go
definitions  all of it together; what Dagster loads
celery_app   the workers of several machines
celery_runs  runs on them, and what becomes of one whose worker died
instance     the folder that Dagster needs: storage, queue, limits
simulated    made-up tenants to look at it with
local        web server, daemon and code server as one program: `python -m orchestration.local`
"""
