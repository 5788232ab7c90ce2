"""What a reconciliation has found: list by list while it compares, module by module for whoever asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from psycopg2.extensions import connection as Connection
from psycopg2.extras import Json

from servicetitan_mirror.entities import Entity
from servicetitan_mirror.postgres.warehouse import RAW, query
from servicetitan_mirror.reading.task import Task

KINDS = ("missing", "extra", "stale")
SOME = 10  # ids of a kind that are named


@dataclass
class Found:
    """What differs between one list, what has landed of it and the table that shows it.

    Attributes:
        task: the list, and from when on the next sync reads its changes.
        source_total: how many records it holds; None if nobody can tell.
        landed: ids that the source lists and that have not landed so, or not at all: kind by id.
        shown: ids of which the table shows something else than has landed: kind by id.
        extra: ids that the mirror has and the source does not list.
        lost: ids, not deleted, that only the table has: they are not among what has landed.
        unnamed: by kind, how many more records differ by the totals alone.
        compared: ids that were compared one by one; None for all of them.
        read: ids that the list holds, in a deep comparison; None in a cheap one.
        problem: why the list could not be compared; None if it could.
        notes: what whoever reads the result should know, as sentences.
    """

    task: Task
    source_total: int | None = None
    landed: dict[int, str] = field(default_factory=dict)
    shown: dict[int, str] = field(default_factory=dict)
    extra: set[int] = field(default_factory=set)
    lost: set[int] = field(default_factory=set)
    unnamed: dict[str, int] = field(default_factory=dict)
    compared: list[int] | None = None
    read: frozenset[int] | None = None
    problem: str | None = None
    notes: list[str] = field(default_factory=list)

    def ids(self, kind: str) -> set[int]:
        """The ids of one kind; each id has one: extra outweighs missing, and that stale."""
        if kind == "extra":
            return self.extra
        kinds = {**self.shown, **self.landed}
        kinds |= {id: "missing" for id, said in self.shown.items() if said == "missing"}
        return {id for id, said in kinds.items() if said == kind} - self.extra

    def all_ids(self) -> set[int]:
        """All ids with which something is wrong."""
        return {*self.landed, *self.shown, *self.extra}

    @property
    def count(self) -> int:
        """How many records differ."""
        return len(self.all_ids()) + sum(self.unnamed.values())


@dataclass
class Result:
    """What was found of one entity, as st_reconciliation has it."""

    entity: Entity
    deep: bool
    source_total: int | None
    mirror_total: int
    missing: int
    extra: int
    stale: int
    fixed: int = 0
    ids: dict[str, list[int | str]] = field(default_factory=dict)
    problem: str | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def is_well(self) -> bool:
        """Whether mirror and source agree by now."""
        return self.problem is None and self.fixed == self.missing + self.extra + self.stale


def result_of(entity: Entity, deep: bool, mirror_total: int, found: Sequence[Found]) -> Result:
    """The result of an entity, of what was found in its lists."""
    totals = [each.source_total for each in found]
    counts = {kind: sum(len(each.ids(kind)) + each.unnamed.get(kind, 0) for each in found) for kind in KINDS}
    ids = {kind: [*_named(found, kind)][:SOME] for kind in KINDS}
    return Result(
        entity,
        deep,
        None if None in totals else sum(total or 0 for total in totals),
        mirror_total,
        **counts,
        ids={kind: some for kind, some in ids.items() if some},
        problem="; ".join(dict.fromkeys(each.problem for each in found if each.problem)) or None,
        notes=[note for each in found for note in each.notes],
    )


def keep(connection: Connection, tenant_id: int, results: Iterable[Result]) -> None:
    """Write the results down."""
    for result in results:
        values = {**vars(result), "tenant": tenant_id, "module": result.entity.name, "ids": Json(result.ids)}
        query(connection, _KEEP, {key: value for key, value in values.items() if key != "entity"})


def _named(found: Iterable[Found], kind: str) -> Iterable[int | str]:
    for each in found:
        owner = each.task.endpoint.owner
        yield from (f"{owner} {id}" if owner else id for id in sorted(each.ids(kind)))


_KEEP = f"""
insert into {RAW}.reconciliations
    (tenant_id, module, deep, source_total, mirror_total, missing, extra, stale, fixed, ids, problem)
values (%(tenant)s, %(module)s, %(deep)s, %(source_total)s, %(mirror_total)s,
    %(missing)s, %(extra)s, %(stale)s, %(fixed)s, %(ids)s, %(problem)s)
"""
