"""The dlt source: ServiceTitan into any destination of dlt, without the mirror.

    import dlt
    from servicetitan_mirror.source import servicetitan

    pipeline = dlt.pipeline("st", destination="duckdb", dataset_name="raw")
    pipeline.run(servicetitan())

Each entity that the setting `entities` chooses is a resource, chosen further as dlt's users do:
`servicetitan(entities="standard,calls").with_resources("jobs")`. The first run reads
everything, later ones what changed: from the moment at which the run before began, by the server's clock, less an
overlap. That moment is in dlt's state, list by list, and moves only when the list was proved complete.

A row is (tenant_id, [entity_type,] id, modified_on, deleted_at, record), merged by tenant and id; `record` is the
record's JSON with every digit. With `unpacked=True` the record's fields are columns, and its lists are child tables:

    source = servicetitan(unpacked=True)
    source.max_table_nesting = 0               # lists and objects stay json
    source.invoices.apply_hints(columns={"total": {"data_type": "decimal"}})

To read everything again: `servicetitan(full=True)`. To begin anew: `pipeline.run(servicetitan(), refresh="drop_data")`;
that also removes records which ServiceTitan no longer lists (deleted contacts are marked in `deleted_at` without it).
A list that cannot be read fails the run, which names it: nothing is loaded, no cursor moves, the next run reads it all.
A record that cannot land stands in the table `rejected_records`. After a run that was killed, `pipeline.drop()` leaves
what it had begun, which dlt would load twice; it is read again.

Settings are those of the mirror, from `[sources.servicetitan]` of `.dlt`, the environment, or arguments. They are
resolved by dlt itself here, which takes shorter names (`TENANT_ID`) too.
"""

from __future__ import annotations

from collections.abc import Iterable

import dlt
from dlt.common.typing import TSecretStrValue
from dlt.extract import DltResource

from servicetitan_mirror.config.settings import Settings
from servicetitan_mirror.entities import Entity
from servicetitan_mirror.reading.records import arrow_schema
from servicetitan_mirror.resources.declaration import SOURCE, columns, declare, with_rejected
from servicetitan_mirror.resources.extraction import Extractions


@dlt.source(name=SOURCE, section=SOURCE, spec=Settings)
def servicetitan(
    full: bool = False,
    unpacked: bool = False,
    tenant_id: int = dlt.config.value,
    client_id: str = dlt.config.value,
    client_secret: TSecretStrValue = dlt.secrets.value,
    app_key: TSecretStrValue = dlt.secrets.value,
    entities: str = dlt.config.value,
    environment: str = dlt.config.value,
    api_url: str | None = dlt.config.value,
    auth_url: str | None = dlt.config.value,
    page_size: int = dlt.config.value,
    requests_per_second: float = dlt.config.value,
    overlap: int = dlt.config.value,
    full_every: str = dlt.config.value,
    patience: int = dlt.config.value,
    timeout: int = dlt.config.value,
    proxy: str | None = dlt.config.value,
    ca_file: str | None = dlt.config.value,
    settings: Settings = dlt.config.value,
) -> Iterable[DltResource]:
    """The lists of a ServiceTitan tenant, as resources of dlt.

    Args:
        full: read everything, not only what changed.
        unpacked: yield the records' fields as columns, instead of whole records in one json column.
        settings: all others, as dlt resolves them; `.dlt/config.toml` has their meanings and units.

    Raises:
        ConfigurationError: a setting makes no sense; names it.
        PipelineStepFailed: of the run; a list cannot be read; names it.
    """
    extractions = Extractions(settings, full, unpacked)
    for entity in settings.chosen:
        yield with_rejected(_resource(entity, extractions, unpacked))


def _resource(entity: Entity, extractions: Extractions, unpacked: bool) -> DltResource:
    rows = extractions.rows(entity)
    if not unpacked:
        return declare(entity, rows, parallelized=True)
    fields = [field for field in arrow_schema(entity) if field.name != "record"]
    return declare(entity, rows, parallelized=True, columns=columns(fields))
