"""What a sync may land of persons, and a changed setting of it, which is carried out before anything is read.

What has landed is written otherwise here, without a call of the API, deleted records with it. Only what was left out
before and is wanted now (`keep`, another key) has to come from ServiceTitan: then all lists are due for a full read.
"""

from __future__ import annotations

from psycopg2.extensions import connection as Connection

from servicetitan_mirror.api.protection import DROP, KEEP, Protection
from servicetitan_mirror.entities import ENTITIES
from servicetitan_mirror.postgres.warehouse import RAW, query, transaction
from servicetitan_mirror.raw import cursors, erasing
from servicetitan_mirror.raw.rewriting import empty_staging, rewrite, rewrite_rejected
from servicetitan_mirror.raw.schema import there
from servicetitan_mirror.reading.task import tasks_of


def protect(connection: Connection, tenant_id: int, protection: Protection) -> None:
    """Tell the protection who was erased, and carry out its setting where that is another one than before."""
    protection.erased = erasing.known(connection, tenant_id)
    ((had,),) = query(
        connection, f"select coalesce(personal_data, %s) from {RAW}.tenants where tenant_id = %s", (KEEP, tenant_id)
    )
    if had == protection.state:
        return
    with transaction(connection):
        if protection.mode != KEEP:
            for entity in there(connection):
                rewrite(connection, tenant_id, entity, protection.protected)
            rewrite_rejected(connection, tenant_id, protection.protected_words)
            empty_staging(connection, tenant_id)
        if had != KEEP and protection.mode != DROP:
            cursors.schedule_full(connection, tenant_id, (task.name for task in tasks_of(ENTITIES)))
        query(
            connection,
            f"update {RAW}.tenants set personal_data = %s where tenant_id = %s",
            (protection.state, tenant_id),
        )
