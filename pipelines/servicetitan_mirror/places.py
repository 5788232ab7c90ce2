"""Where things are: in a checkout all below it; of an installed package the working files below the current folder."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).absolute().parent


def _script() -> Path:
    """The command's file, by the path by which it was started: Python resolves links in the one it imports from."""
    main = Path(getattr(sys.modules["__main__"], "__file__", None) or "").absolute()
    return main if main.name == "servicetitan.py" else HERE.parent / "servicetitan.py"


def _checkout() -> Path | None:
    folder = _script().parent.parent
    return folder if (folder / "dbt_project").is_dir() and (folder / "pipelines").is_dir() else None


CHECKOUT = _checkout()

# The folder that holds the embedded database and what dlt and dbt write while they work.
ROOT = CHECKOUT or Path.cwd()

# The command, for a process of its own.
COMMAND = (sys.executable, str(_script()))

# The variable that is set for a process which syncs one of several tenants, beside others.
ONE_OF_SEVERAL = "SERVICETITAN_ONE_OF_SEVERAL"


def dbt_project(root: Path) -> Path:
    """The dbt project below `root`, as a checkout has it and others may; else the one that comes with the package."""
    own = root / "dbt_project"
    return own if (own / "models" / "servicetitan").is_dir() else HERE / "dbt_project"
