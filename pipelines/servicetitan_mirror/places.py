"""Where things are: in a checkout all below it; of an installed package the working files below the current folder."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).absolute().parent
_ABOVE = HERE.parent.parent
CHECKOUT = _ABOVE if (_ABOVE / "dbt_project").is_dir() and (_ABOVE / "pipelines").is_dir() else None

# The folder that holds the embedded database and what dlt and dbt write while they work.
ROOT = CHECKOUT or Path.cwd()

# The command, for a process of its own.
COMMAND = (sys.executable, str(HERE.parent / "servicetitan.py"))
