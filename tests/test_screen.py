"""Tables on terminals of any width, and in a pipe."""

from __future__ import annotations

import io
import json

import pytest
from rich.cells import cell_len

from servicetitan_mirror.entities import STANDARD
from servicetitan_mirror.raw.outcomes import Outcome
from servicetitan_mirror.terminal.report import as_json, print_outcomes
from servicetitan_mirror.terminal.screen import Column, console, table

NAMES = (Column("customer", text=True), Column("phone", text=True, spare=1), Column("balance"))


def table_lines(width: int, *rows: tuple[str, ...]) -> list[str]:
    """The lines of a table of names."""
    screen = console(io.StringIO(), width)
    with screen.capture() as captured:
        screen.print(table(screen, NAMES, rows))
    return [line.rstrip() for line in captured.get().splitlines()]


def test_a_table_that_fits_shows_every_column() -> None:
    assert table_lines(80, ("Zoë Quimby", "8305550116", "9.50")) == [
        "customer    phone       balance",
        "Zoë Quimby  8305550116     9.50",
    ]


def test_columns_that_do_not_fit_are_left_out_and_named() -> None:
    assert table_lines(20, ("Zoë Quimby", "8305550116", "9.50")) == [
        "customer    balance",
        "Zoë Quimby     9.50",
        "not shown: phone",
    ]


def test_a_long_text_is_folded_and_a_number_is_not() -> None:
    assert table_lines(20, ("Gideon Abernathy-Quimby", "", "12,345.67")) == [
        "customer     balance",
        "Gideon     12,345.67",
        "Abernathy-",
        "Quimby",
        "not shown: phone",
    ]


def test_wide_characters_keep_the_columns_in_line() -> None:
    lines = table_lines(80, ("東京 Café 🏊", "1", "2.00"), ("Al", "22", "13.00"))
    assert {cell_len(line) for line in lines} == {cell_len("東京 Café 🏊  phone  balance")}


def test_a_name_is_never_taken_for_markup_or_control_codes() -> None:
    line = table_lines(80, ("[red]A[/x] :smile:\x1b[2J", "1\n2", "2.00"))[1]
    assert line == "[red]A[/x] :smile:\ufffd[2J  1 2       2.00"


def outcomes() -> list[Outcome]:
    """One outcome per module, with large numbers."""
    counts = {"fetched": 1_354_697, "created": 1_354_697, "unchanged": 1_354_697}
    return [Outcome(entity, "incremental", "completed", **counts, seconds=123.4) for entity in STANDARD]


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_the_closing_table_fits_every_terminal(width: int) -> None:
    screen = console(io.StringIO(), width)
    with screen.capture() as captured:
        print_outcomes(screen, outcomes())
    lines = captured.get().splitlines()
    assert ("not shown:" in captured.get()) == (width < 120)
    assert max(cell_len(line.rstrip()) for line in lines) <= width
    assert all(entity.name in captured.get() for entity in STANDARD)
    assert "…" not in captured.get()


def test_a_pipe_is_never_cut() -> None:
    piped = io.StringIO()
    console(piped).print("x" * 400)
    assert piped.getvalue() == "x" * 400 + "\n"


@pytest.fixture
def colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of sixteen colours."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")


def below_the_table(*outcomes: Outcome) -> str:
    """What stands below the closing table, with its colours."""
    screen = console(io.StringIO(), 200)
    with screen.capture() as captured:
        print_outcomes(screen, outcomes)
    return captured.get()[captured.get().index("all  ") :].partition("\n")[2]


def test_one_reason_of_many_modules_is_one_line(colours: None) -> None:
    failed = [Outcome(entity, "full", "failed", error="The disk is full.") for entity in STANDARD]
    assert below_the_table(*failed) == f"\x1b[31mall {len(STANDARD)} modules: The disk is full.\x1b[0m\n"
    assert below_the_table(*failed[:2], *outcomes()).startswith(
        "\x1b[31mbusiness_units, technicians: The disk is full."
    )
    names = ", ".join(entity.name for entity in STANDARD[:4])
    assert below_the_table(*failed[:4], *outcomes()).startswith(f"\x1b[31m4 modules ({names}): The disk is full.")


def test_no_color_means_none(colours: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert below_the_table(Outcome(STANDARD[0], "full", "failed", error="No.")) == "business_units: No.\n"


def test_notes_are_yellow_and_errors_red(colours: None) -> None:
    noted = Outcome(STANDARD[0], "full", "completed", details={"business_units": "asked unsorted"})
    failed = Outcome(STANDARD[1], "full", "failed", error="No.", details={"a": "No.; asked unsorted", "b": "[b]no[/b]"})
    assert below_the_table(noted, failed).splitlines() == [
        "\x1b[31mtechnicians: No.; asked unsorted\x1b[0m",
        "\x1b[31mtechnicians: [b]no[/b]\x1b[0m",
        "\x1b[33mbusiness_units: asked unsorted\x1b[0m",
    ]
    (module,) = json.loads(as_json([noted], 1.0))["modules"]
    assert module["notes"] == ["asked unsorted"]
