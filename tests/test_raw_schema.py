"""The raw schema follows the product: databases that are there already get what a new version brings."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from mirror import Mirror
from servers import new_database
from servicetitan_mirror.postgres.warehouse import RAW, Warehouse, query, transaction
from servicetitan_mirror.raw import tables
from servicetitan_mirror.raw.schema import STAGING, prepare, prepare_staging
from servicetitan_mirror.tables.builds import Transformer

NEWS = f"""
alter table {RAW}.sync_cursors add column if not exists news text;
create table if not exists {RAW}.news (id bigint primary key);
"""


@pytest.fixture
def upgraded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The product's next version, whose bookkeeping has a column and a table more."""
    monkeypatch.setitem(tables.BOOKKEEPING, "news", NEWS)
    yield


def test_what_a_new_version_adds_reaches_a_database_that_is_there_already(mirror: Mirror, upgraded: None) -> None:
    cursors = mirror.rows("select list, cursor from raw_servicetitan.sync_cursors order by 1")
    staging = STAGING.format(mirror.source.tenant_id)
    with closing(mirror.warehouse.connect()) as connection:
        query(connection, f"alter table {staging}.jobs drop column modified_on")
        prepare(connection)
        prepare_staging(connection, int(mirror.source.tenant_id))
    assert mirror.rows("select list, cursor from raw_servicetitan.sync_cursors order by 1") == cursors
    assert mirror.row(f"select count(news) from {RAW}.sync_cursors, {RAW}.news") == (0,)
    assert mirror.row(f"select count(modified_on) from {staging}.jobs") == (0,)
    assert mirror.sync(full=True)["jobs"].status == "completed"


def test_the_syncs_of_two_tenants_do_not_collide_over_what_is_new(mirror: Mirror, upgraded: None) -> None:
    first, second, other = (mirror.warehouse.connect() for _ in range(3))
    with closing(first), closing(second), closing(other), ThreadPoolExecutor(2) as pool:
        with transaction(other):  # a third one settles a module: it holds one table and then needs another
            query(other, f"update {RAW}.sync_cursors set cursor = cursor")
            preparing = [pool.submit(prepare, connection) for connection in (first, second)]
            threading.Event().wait(0.5)
            query(other, f"update {RAW}.sync_log set module = module")
        assert [done.result(timeout=30) for done in preparing] == [mirror.configured().distribution or "none"] * 2
    assert mirror.row(f"select count(news) from {RAW}.sync_cursors, {RAW}.news") == (0,)


def test_nothing_is_asked_twice_of_a_schema_that_is_up_to_date(mirror: Mirror) -> None:
    with closing(mirror.warehouse.connect()) as connection:
        query(connection, "set default_transaction_read_only = on")
        prepare(connection)
        prepare_staging(connection, int(mirror.source.tenant_id))


def test_an_older_database_finds_contacts_by_the_id_that_they_mean(mirror: Mirror) -> None:
    contacts = f"{RAW}.customer_contacts"
    with closing(mirror.warehouse.connect()) as connection:
        query(connection, f"drop index {RAW}.customer_contacts_of_parent")
        query(
            connection,
            f"""
            create index customer_contacts_tenant_id_expr_idx on {contacts} (tenant_id, (record ->> 'customerId'));
            create or replace trigger moved before update on {contacts} for each row
            when (old.record ->> 'customerId' is distinct from new.record ->> 'customerId')
            execute function {RAW}.keep_former_parent('customerId');
            comment on table {RAW}.sync_log is 'before';
            drop table {RAW}.layouts;
        """,
        )
        prepare(connection)
    long = "8" * 6000
    update = "update {} set record = record || jsonb_build_object('customerId', {}) returning former_parents"
    [first, *_] = mirror.rows(update.format(contacts, "record ->> 'customerId'"))
    assert first == (None,)
    assert len(mirror.rows(update.format(contacts, f"'{long}'"))[0][0]) == 1
    assert mirror.rows("select indexname from pg_indexes where tablename = 'customer_contacts' order by 1") == [
        ("customer_contacts__dlt_load_id_idx",),
        ("customer_contacts_of_parent",),
        ("customer_contacts_pkey",),
    ]


def test_a_function_that_was_dropped_or_changed_is_made_again(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(mirror.warehouse.connect()) as connection:
        query(connection, f"drop function {RAW}.pending")
        prepare(connection)
        assert query(connection, f"select {RAW}.pending('jobs')") == [(None,)]
        is_eight = tables.FUNCTIONS["to_bigint"].replace("then value::bigint\n", "then 8\n")
        monkeypatch.setitem(tables.FUNCTIONS, "to_bigint", is_eight)
        prepare(connection)
        assert query(connection, f"select {RAW}.to_bigint('7')") == [(8,)]
        assert Transformer(mirror.warehouse, mirror.root).needs_dbt(connection)


def test_a_database_that_moves_to_a_newer_postgresql_gets_its_functions(
    debian_15: Warehouse, embedded_18: Warehouse
) -> None:
    made = f"""
        select prosrc, obj_description('{RAW}.sync_log'::regclass) from pg_proc where proname = 'input_is_valid'"""
    with (
        closing(new_database(debian_15).connect()) as old,
        closing(new_database(embedded_18).connect()) as new,
    ):
        prepare(old)
        prepare(new)
        wanted, [(body, mark)] = query(new, made), query(old, made)
        query(
            new,
            f"create or replace function {RAW}.input_is_valid(value text, type text) returns boolean stable "
            f"language sql as '{body}'; comment on table {RAW}.sync_log is '{mark}'",
        )
        prepare(new)
        assert query(new, made) == wanted != [(body, mark)]
