"""`servicetitan entities`: what is read, to which scopes, into which columns."""

from __future__ import annotations

import io
import json
import re

import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from mirror import Mirror
from servicetitan import main
from servicetitan_mirror.entities import BY_NAME, ENTITIES, LISTS, PUBLISHED, STANDARD
from servicetitan_mirror.places import ROOT
from servicetitan_mirror.terminal import lists
from servicetitan_mirror.terminal.screen import console

COLUMNS = """
    select attname,
        replace(replace(format_type(atttypid, atttypmod), 'timestamp with time zone', 'timestamptz'), ',', ', ')
    from pg_attribute where attrelid = '{}'::regclass and attnum > 0 and not attisdropped order by attnum
"""


def printed(*arguments: str) -> str:
    """What the command prints into a pipe."""
    done = CliRunner().invoke(main, ["entities", *arguments])
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


def test_every_list_is_shown_with_its_scope_and_its_table() -> None:
    rows, _, scopes = printed().partition("\n\n")
    shown = [tuple(row.replace(" yes ", " ").split()[:3]) for row in rows.splitlines()[1:]]
    assert shown == [(entity.name, each.path, each.scope) for entity in ENTITIES for each in entity.endpoints]
    chosen = [row for row in rows.splitlines() if " yes " in row]
    assert [re.search(r" (st_\w+) ", row)[1] for row in chosen] == [
        f"st_{entity.companion_of or entity.name}" for entity in STANDARD for _ in entity.endpoints
    ]
    needed = sorted({endpoint.scope for endpoint in LISTS})
    title = f"{len(needed)} scopes that an app needs for those that are chosen:"
    assert scopes.splitlines() == [title, ", ".join(needed)]


def test_an_entity_is_shown_with_its_companions_and_the_columns_of_its_table() -> None:
    lines = printed("customers").splitlines()
    assert [line.rstrip() for line in lines[:12]] == [
        "entity             chosen  path                    scope               kind     table         columns",
        "customers          yes     crm/customers           tn.crm.customers:r  changes  st_customers       37",
        "customer_contacts  yes     crm/customers/contacts  tn.crm.customers:r  changes  st_customers       37",
        "",
        "1 scope that an app needs for them:",
        "tn.crm.customers:r",
        "",
        "st_customers",
        "One row per customer: the person or company that is billed. Work happens at the customer's locations.",
        "column                type",
        "tenant_id             bigint",
        "st_id                 bigint",
    ]


def test_a_program_is_told_the_columns_that_the_tables_have(mirror: Mirror) -> None:
    said = json.loads(printed("--json"))
    assert [each["name"] for each in said["entities"]] == [*BY_NAME]
    names = {entity.name for entity in STANDARD}
    columns = {each["table"]: [*each["columns"].items()] for each in said["entities"] if each["name"] in names}
    assert columns == {entity.table: mirror.rows(COLUMNS.format(entity.table)) for entity in PUBLISHED}
    (contacts,) = (each for each in said["entities"] if each["name"] == "customer_contacts")
    assert (contacts["companion_of"], contacts["lists"]) == (
        "customers",
        [
            {
                "path": "crm/customers/contacts",
                "scope": "tn.crm.customers:r",
                "kind": "changes",
                "owner": None,
                "feed": "crm/export/customers/contacts",
            }
        ],
    )


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_it_fits_every_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = console(io.StringIO(), width)
    monkeypatch.setattr(lists, "console", lambda stream: screen)
    with screen.capture() as captured:
        lists.run_entities(ROOT, ["customers", "custom_fields"], as_json=False)
    lines = captured.get().splitlines()
    assert max(cell_len(line.rstrip()) for line in lines) <= width
    assert "…" not in captured.get()
    assert ("not shown: " in captured.get()) == (width < 200)
