"""`type: servicetitan` in a dbt profile: PostgreSQL, and of it the database that the mirror is configured for."""

from dbt.adapters.base import AdapterPlugin

from dbt.include import servicetitan
from servicetitan_mirror.tables.dbt_adapter import ServicetitanAdapter, ServicetitanCredentials

Plugin = AdapterPlugin(
    adapter=ServicetitanAdapter,  # type: ignore[arg-type]
    credentials=ServicetitanCredentials,
    include_path=servicetitan.PACKAGE_PATH,
    dependencies=["postgres"],
)
