"""Commands on the database in use, which ask ServiceTitan nothing."""

from __future__ import annotations

import os

import click

from servicetitan_mirror.places import ROOT
from servicetitan_mirror.terminal.usage import Configured, Names, demo_option, tenant_option


@click.command(cls=Configured)
@click.option("--with-password", is_flag=True, help="Show the password too.")
@click.option("--tcp", is_flag=True, help="Of the embedded server: let it listen on 127.0.0.1 too, with a password.")
@demo_option
def url(with_password: bool, tcp: bool, demo: bool) -> None:
    """The connection string of the database in use."""
    from servicetitan_mirror.postgres.warehouse import on_loopback, open_warehouse

    warehouse = open_warehouse(ROOT, demo)
    click.echo(on_loopback(warehouse).url(with_password=True) if tcp else warehouse.url(with_password))


@click.command(cls=Configured, context_settings={"ignore_unknown_options": True})
@demo_option
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(demo: bool, arguments: tuple[str, ...]) -> None:
    """Open psql, the one that comes with the product, on the database in use."""
    from servicetitan_mirror.postgres import embedded
    from servicetitan_mirror.postgres.warehouse import opened

    warehouse = opened(ROOT, demo)
    os.environ.update({"PGPASSWORD": warehouse.parameters["password"]} if "password" in warehouse.parameters else {})
    program = str(embedded.psql())
    os.execv(program, [program, warehouse.url(), *arguments])


@click.command(cls=Configured, context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@demo_option
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def dbt(demo: bool, arguments: tuple[str, ...]) -> None:
    """Run dbt by hand on the database in use: dbt build --select st_customers"""
    from servicetitan_mirror.postgres.warehouse import opened
    from servicetitan_mirror.tables.dbt_access import run_by_hand

    run_by_hand(opened(ROOT, demo), ROOT, arguments)


@click.command(cls=Configured)
@click.argument("names", type=Names(), metavar="NAMES")
@tenant_option
def rebuild(names: tuple[str, ...], wanted: tuple[str, ...]) -> None:
    """Build tables again from the raw JSON, without asking ServiceTitan: rebuild customers,jobs"""
    from servicetitan_mirror.entities.choosing import chosen
    from servicetitan_mirror.errors import TransformError
    from servicetitan_mirror.postgres.warehouse import locked, opened, tenants
    from servicetitan_mirror.tables import optional
    from servicetitan_mirror.tables.builds import Transformer
    from servicetitan_mirror.terminal.tenants import configured_ids

    ids, warehouse, named = configured_ids(wanted), opened(ROOT), [entity.name for entity in chosen(names)]
    for tenant in ids or tenants(warehouse):
        with locked(warehouse, tenant) as connection:
            lists = optional.in_use(connection, ROOT)
            failures = Transformer(warehouse, ROOT, lists=lists).rebuild(connection, tenant, named)
        if failures:
            raise TransformError("\n".join(map(str, failures)))
        click.echo(f"rebuilt for tenant {tenant}: {', '.join(named)}")


@click.command(cls=Configured)
@tenant_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@demo_option
def forget(wanted: tuple[str, ...], yes: bool, demo: bool) -> None:
    """Delete all that is kept of a tenant in the database in use: rows, cursors, log. Asks first."""
    from servicetitan_mirror.config.loading import load_tenant_id
    from servicetitan_mirror.raw.forget import run_forget
    from servicetitan_mirror.terminal.tenants import ids_of

    ids: list[int | None] = [*ids_of(wanted)]
    for tenant_id in ids or [load_tenant_id()]:
        run_forget(ROOT, tenant_id, yes, demo)


@click.command()
def stop() -> None:
    """Stop the embedded PostgreSQL."""
    from servicetitan_mirror.postgres import embedded
    from servicetitan_mirror.postgres.warehouse import EMBEDDED_FOLDER

    click.echo("stopped" if embedded.stop(ROOT / EMBEDDED_FOLDER) else "it was not running")


VERBS = (
    url,
    psql,
    dbt,
    rebuild,
    forget,
    stop,
)
