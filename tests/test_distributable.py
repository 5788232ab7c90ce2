"""Rows of a tenant can live on a machine of their own: keys and joins carry the tenant."""

from __future__ import annotations

import re

from dbt_support import PROJECT
from mirror import Mirror
from servicetitan_mirror.entities import PUBLISHED, STANDARD

CLAUSES = "inner join|left join|right join|full join|cross join|join|where|group by|order by|union|limit|window"
JOIN = re.compile(rf"(?<!cross )\bjoin\b(.*?)(?=\b(?:{CLAUSES})\b|\Z)", re.DOTALL)
KEYS = """
select relation.relname, array_agg(attname::text order by place)
from pg_index
inner join pg_class as relation on relation.oid = indrelid
cross join lateral unnest(indkey) with ordinality as part (number, place)
inner join pg_attribute on attrelid = indrelid and attnum = number
where indisunique and relnamespace in ('public'::regnamespace, 'raw_servicetitan'::regnamespace) and relname in ({})
group by indexrelid, relation.relname
"""


def test_every_unique_key_of_a_tenants_rows_begins_with_the_tenant(mirror: Mirror) -> None:
    tables = [each.name for each in STANDARD] + [each.table for each in PUBLISHED]
    keys = mirror.rows(KEYS.format(", ".join(map(repr, tables))))
    assert {name for name, _ in keys} == {*tables}
    assert [(name, columns) for name, columns in keys if columns[0] != "tenant_id"] == []


def test_every_join_of_models_and_marts_carries_the_tenant() -> None:
    folders = [PROJECT / name for name in ("models", "optional")]
    texts = {path.stem: re.sub("--.*", "", path.read_text()) for folder in folders for path in folder.rglob("*.sql")}
    joins = [(name, " ".join(join.split())) for name, text in texts.items() for join in JOIN.findall(text)]
    crossing = [(name, join) for name, join in joins if "tenant_id" not in join and not join.startswith("lateral ")]
    assert (len(joins) > 70, crossing) == (True, [])
