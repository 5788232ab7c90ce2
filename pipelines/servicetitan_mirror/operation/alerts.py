"""What is to be said of the mirror, once when it begins and once when it is over: `raw_servicetitan.alerts`.

    conditions ──note──▶ alerts ──due──▶ a message for each webhook ──told──▶ alerts

A webhook that could not be reached is due again at the next look. Webhooks are known by a digest of their address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from psycopg2.extensions import connection as Connection

from servicetitan_mirror.operation.health import Condition, said
from servicetitan_mirror.operation.wording import many
from servicetitan_mirror.postgres.warehouse import RAW, query

LONGEST, LONGEST_LINE = 3_000, 1_000  # characters of a message, and of one of its lines


class Alert(NamedTuple):
    """A condition that is to be said to somebody, or that it is over."""

    id: int
    condition: Condition
    is_over: bool


def note(connection: Connection, tenant_id: int, found: Sequence[Condition], may_end: bool) -> None:
    """Write down what is found and was not before, and, if it `may_end`, what was found before and is not any more."""
    columns = ("kind", "subject", "sentence", "since")
    values = {column: [getattr(one, column) for one in found] for column in columns}
    query(connection, _FOUND, {"tenant": tenant_id, **values})
    if may_end:
        query(connection, _OVER, {"tenant": tenant_id, **values})


def due(connection: Connection, tenant_id: int, webhook: str) -> list[Alert]:
    """What a webhook is to be told, in the order in which it was found."""
    rows = query(connection, _DUE, {"tenant": tenant_id, "webhook": digest(webhook)})
    return [Alert(id, Condition(tenant_id, *condition), is_over) for id, is_over, *condition in rows]


def told(connection: Connection, webhook: str, alerts: Sequence[Alert]) -> None:
    """Write down that a webhook was told."""
    query(connection, _TOLD, {"ids": [alert.id for alert in alerts], "webhook": digest(webhook)})


def prune(connection: Connection, tenant_id: int, days: int) -> None:
    """Forget what has been over for `days`."""
    old = "over_at < now() - make_interval(days => %(days)s)"
    statement = f"delete from {RAW}.alerts where tenant_id = %(tenant)s and {old}"
    query(connection, statement, {"tenant": tenant_id, "days": days})


def message(name: str, alerts: Sequence[Alert]) -> str:
    """The alerts as a text of a line each, those with the same sentence on one."""
    begun = said(alert.condition for alert in alerts if not alert.is_over)
    over = said(alert.condition for alert in alerts if alert.is_over)
    lines = [f"• {line}" for line in begun] + ["No longer:"] * bool(over) + [f"• {line}" for line in over]
    text, left = f"ServiceTitan mirror, tenant {name}:", len(lines)
    for line in (line[:LONGEST_LINE] for line in lines):
        if len(text) + len(line) > LONGEST:
            return f"{text}\n{many(left, 'more line')}: see st_alerts"
        text, left = f"{text}\n{line}", left - 1
    return text


def digest(webhook: str) -> str:
    """What a webhook is known by."""
    return hashlib.sha256(webhook.encode()).hexdigest()[:16]


_FOUND = f"""
insert into {RAW}.alerts (tenant_id, kind, subject, sentence, since)
select %(tenant)s, found.* from unnest(
    %(kind)s::text[], %(subject)s::text[], %(sentence)s::text[], %(since)s::timestamptz[]
) as found (kind, subject, sentence, since)
where not exists (
    select from {RAW}.alerts as known where known.tenant_id = %(tenant)s and known.over_at is null
        and (known.kind, known.subject) = (found.kind, found.subject)
)
"""
_OVER = f"""
update {RAW}.alerts set over_at = now() where tenant_id = %(tenant)s and over_at is null
    and (kind, subject) not in (select * from unnest(%(kind)s::text[], %(subject)s::text[]))
"""
_DUE = f"""
select id, over_at is not null, kind, subject, since, sentence from {RAW}.alerts
where tenant_id = %(tenant)s and (over_at is null) is distinct from (%(webhook)s = any(told)) order by id
"""
_TOLD = f"""
update {RAW}.alerts set
    told = case when over_at is null then array_append(told, %(webhook)s) else array_remove(told, %(webhook)s) end,
    said_at = coalesce(said_at, now())
where id = any(%(ids)s)
"""
