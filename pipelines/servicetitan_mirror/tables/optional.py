"""The models of optional lists: folders of the dbt project, which dbt reads only where the lists are chosen.

    dbt_project/optional/calls/servicetitan/transactions/st_calls.sql
    dbt_project/optional/calls+campaign_costs/marts/campaign_return.sql, of several lists
    dbt_project/optional/history/marts/history/state_of_jobs.sql, where the setting `history` is on
    dbt_project/semantic/calls/calls.yml, the metrics of a list, where dbt is run by hand

Tenants share the tables, so those count that any of them has chosen: the lists of which a landed table is there. dbt
learns of them from a variable, by which `dbt_project.yml` names the folders of its models.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from psycopg2.extensions import connection as Connection

from servicetitan_mirror.config.loading import load_history
from servicetitan_mirror.entities import OPTIONAL, Entity
from servicetitan_mirror.places import dbt_project
from servicetitan_mirror.raw.schema import there

FOLDER = "optional"
VARIABLE = "SERVICETITAN_OPTIONAL"  # names of folders with blanks between them
SEMANTIC = "semantic"
SEMANTIC_VARIABLE = "SERVICETITAN_SEMANTIC"  # the same of its folders; a sync reads none
ALWAYS = "standard"  # the folder of the metrics that the standard lists are enough for
AND = "+"  # in the name of a folder whose models need several lists
HISTORY = "history"  # what stands in such a name for a setting


def typed(root: Path) -> tuple[str, ...]:
    """The optional lists for which the dbt project below `root` has a table."""
    folder = dbt_project(root) / FOLDER
    return tuple(entity.name for entity in OPTIONAL if (folder / entity.name / "servicetitan").is_dir())


def in_use(connection: Connection, root: Path) -> tuple[str, ...]:
    """The folders whose lists all land in this database, of history if it is kept."""
    return of(there(connection), root, load_history())


def of(entities: Iterable[Entity], root: Path, history: bool = False) -> tuple[str, ...]:
    """The folders whose lists are all among the entities, those of single lists first."""
    names = {entity.name for entity in entities} | ({HISTORY} if history else set())
    folder = dbt_project(root) / FOLDER
    folders = [path.name for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []
    told = [name for name in folders if names >= {*name.split(AND)}]
    return tuple(sorted(told, key=lambda name: (AND in name, name)))


def metrics_of(lists: Iterable[str], root: Path) -> tuple[str, ...]:
    """The folders of metrics whose lists are in use."""
    folder = dbt_project(root) / SEMANTIC
    return tuple(name for name in (ALWAYS, *lists) if (folder / name).is_dir())
