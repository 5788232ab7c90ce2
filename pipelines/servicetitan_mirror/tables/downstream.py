"""What others have built on the product's tables: the user's models, snapshots and seeds, brought up to date by dbt.

A sync runs them once, at its end, in one dbt: each that is new, whose files changed, whose last run failed, or that
reads something which has changed since it ran. A view shows changes by itself and is not among the latter.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone

from psycopg2.extensions import connection as Connection

from servicetitan_mirror.postgres.warehouse import query
from servicetitan_mirror.tables import built_models, obstacles
from servicetitan_mirror.tables.built_models import Built
from servicetitan_mirror.tables.lineage import Lineage, Node
from servicetitan_mirror.tables.project import Project
from servicetitan_mirror.tables.underway import Underway

SHOWS_BY_ITSELF = ("view", "ephemeral")
LEAVES_A_RELATION = ("view", "table", "incremental", "materialized_view", "snapshot", "seed")  # of its name
NEVER = datetime.min.replace(tzinfo=timezone.utc)
NOW = datetime.max.replace(tzinfo=timezone.utc)


def bring_up_to_date(
    connection: Connection, project: Project, lineage: Lineage, underway: Underway
) -> dict[str, str] | None:
    """Run what is due of the user's nodes.

    Returns:
        Those that failed, by name, each with the reason; None when there was nothing to do, and nothing to mend.
    """
    if lineage.problem:
        return {"the dbt project": lineage.problem}
    known = built_models.known(connection)
    gone = _gone(lineage, known)
    if gone:
        built_models.forget(connection, gone.keys())
    due = list(_due(lineage, known, built_models.there(connection, lineage.downstream)))
    if not due:
        return {} if any(built.problem for built in gone.values()) else None
    ((began,),) = query(connection, "select clock_timestamp()")
    failed = obstacles.of(connection, due, known)
    if able := [node for node in due if node.id not in failed]:
        with underway.building([node.name for node in able]) as ended:
            failed |= project.run(able, ended)
    for node in due:
        built_models.note_ran(connection, node, began, failed.get(node.id))
    return {node.name: failed[node.id] for node in due if node.id in failed}


def views(connection: Connection, lineage: Lineage) -> list[Node]:
    """The user's views that can be made before there is a row: they read nothing but ours and each other."""
    found: dict[str, Node] = {node.id: node for node in lineage.ours.values()}
    for node in lineage.downstream:
        if node.materialized in SHOWS_BY_ITSELF and lineage.reads(node) <= found.keys():
            found[node.id] = node
    own = [node for node in found.values() if not node.is_ours and node.materialized == "view"]
    not_now = obstacles.of(connection, own)
    return [node for node in own if node.id not in not_now]


def is_due(connection: Connection, lineage: Lineage) -> bool:
    """Whether any of the user's nodes would run now."""
    known, there = built_models.known(connection), built_models.there(connection, lineage.downstream)
    return next(_due(lineage, known, there), None) is not None


def is_up_to_date(connection: Connection, lineage: Lineage) -> bool:
    """Whether there is nothing to run, to forget or to say."""
    gone = _gone(lineage, built_models.known(connection))
    return not (lineage.problem or gone or is_due(connection, lineage))


def _gone(lineage: Lineage, known: dict[str, Built]) -> dict[str, Built]:
    """What was built of nodes that are in the project no more."""
    ids = {node.id for node in lineage.downstream}
    return {name: built for name, built in known.items() if "." in name and name not in ids}


def _due(lineage: Lineage, known: dict[str, Built], there: set[str]) -> Iterator[Node]:
    """The user's nodes that have to run, each after those that it reads."""
    downstream = {node.id for node in lineage.downstream}
    changed: dict[str, datetime] = {}
    for node in lineage.nodes:
        read = max((changed.get(parent, NEVER) for parent in lineage.reads(node)), default=NEVER)
        built = known.get(node.name if node.is_ours else node.id)
        at = (built and built.at) or NEVER
        if node.id in downstream and _is_due(node, built, read, node.id in there):
            changed[node.id] = NOW
            yield node
        else:
            changed[node.id] = max(at, read) if node.materialized in SHOWS_BY_ITSELF else at


def _is_due(node: Node, built: Built | None, read: datetime, is_there: bool) -> bool:
    if node.materialized == "ephemeral":
        return False
    if not built or built.digest != node.digest or built.problem:
        return True
    if not is_there and node.materialized in LEAVES_A_RELATION:
        return True
    return node.materialized not in SHOWS_BY_ITSELF and read > (built.at or NEVER)
