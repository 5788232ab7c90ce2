"""The tables of optional lists: folders of the dbt project, which dbt reads only where a list is chosen.

    dbt_project/optional/calls/servicetitan/transactions/st_calls.sql

Tenants share the tables, so those count that any of them has chosen: the lists of which a landed table is there. dbt
learns of them from a variable, by which `dbt_project.yml` names the folders of its models.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from psycopg2.extensions import connection as Connection

from servicetitan_mirror.entities import OPTIONAL, Entity
from servicetitan_mirror.places import dbt_project
from servicetitan_mirror.raw.schema import there

FOLDER = "optional"
VARIABLE = "SERVICETITAN_OPTIONAL"  # names of lists with blanks between them


def typed(root: Path) -> tuple[str, ...]:
    """The optional lists for which the dbt project below `root` has a folder."""
    folder = dbt_project(root) / FOLDER
    return tuple(entity.name for entity in OPTIONAL if (folder / entity.name).is_dir())


def in_use(connection: Connection, root: Path) -> tuple[str, ...]:
    """Those of them that land in this database."""
    landed = {entity.name for entity in there(connection)}
    return tuple(name for name in typed(root) if name in landed)


def of(entities: Iterable[Entity], root: Path) -> tuple[str, ...]:
    """Those of them that are among the entities."""
    names = {entity.name for entity in entities}
    return tuple(name for name in typed(root) if name in names)
