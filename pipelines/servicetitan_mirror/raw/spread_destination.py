"""dlt's PostgreSQL destination for tables that are spread (distribution.py): it merges by `insert ... on conflict`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dlt.common.destination.client import FollowupJobRequest
from dlt.common.destination.typing import PreparedTableSchema
from dlt.destinations import postgres
from dlt.destinations.impl.postgres.postgres import PostgresClient
from dlt.destinations.sql_client import SqlClientBase
from dlt.destinations.sql_jobs import SqlMergeFollowupJob

from servicetitan_mirror.entities import BY_NAME
from servicetitan_mirror.raw.upsert import upsert


def spread_postgres(tenant_id: int, **settings: Any) -> postgres:
    """The destination of one tenant's loads; `settings` are those of dlt's own."""

    class Upsert(SqlMergeFollowupJob):
        @classmethod
        def generate_sql(cls, table_chain: Sequence[PreparedTableSchema], sql_client: SqlClientBase[Any]) -> list[str]:
            (name,) = (str(table["name"]) for table in table_chain)
            _, staged = sql_client.get_qualified_table_names(name)
            return [f"{upsert(BY_NAME[name], tenant_id, staged)};"]

    class Client(PostgresClient):
        def _create_merge_followup_jobs(self, table_chain: Sequence[PreparedTableSchema]) -> list[FollowupJobRequest]:
            return [Upsert.from_table_chain(table_chain, self.sql_client)]

    class SpreadPostgres(postgres):
        @property
        def client_class(self) -> type[PostgresClient]:
            return Client

    return SpreadPostgres(destination_name="postgres", **settings)
