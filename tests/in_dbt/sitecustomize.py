"""Sets the traps of crash.py in the process of dbt, which Python starts with this module because of its path."""

import os

import crash

for point in os.environ.get("DBT_POINTS", "").split("\n") if crash.IN_DBT else []:
    crash.trap(*point.split())
