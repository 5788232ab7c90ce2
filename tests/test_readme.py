"""The README says what is true."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from servicetitan import main

README = (Path(__file__).parents[1] / "README.md").read_text()


def test_every_command_and_every_option_of_a_sync_is_named() -> None:
    options = {option for parameter in main.params for option in parameter.opts if option.startswith("--")}
    commands = {name for name, command in main.commands.items() if not command.hidden}
    named = {word for word in commands if re.search(rf"(servicetitan|make) {word}\b", README)}
    assert {option for option in options if option not in README} | (commands - named) == set()


def test_what_it_shows_of_the_entities_is_what_the_command_prints() -> None:
    (excerpt,) = re.findall(r"^\$ \S*servicetitan entities\n(.*?)^```", README, re.M | re.S)
    printed = [line.split() for line in CliRunner().invoke(main, ["entities"]).stdout.splitlines()]
    assert [line for line in excerpt.splitlines() if line != "..." and line.split() not in printed] == []
