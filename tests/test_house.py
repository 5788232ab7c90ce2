"""The rooms of the package: each knows only those that come before it on the data's way."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).parents[1] / "pipelines" / "servicetitan_mirror"
FLOORS = (
    *("errors", "entities", "personal", "clock", "places", "invocation", "memory", "options"),
    *("config", "logs", "postgres", "api", "reading", "resources", "source", "raw", "tables", "modelling"),
    *(
        "watcher",
        "flow",
        "sync",
        "operation",
        "report",
        "exported",
        "web",
        "systemd",
        "schedule",
        "forked",
        "worker",
        "terminal",
    ),
)


def test_each_room_knows_only_those_before_it() -> None:
    upwards = [
        f"{path.relative_to(HOUSE)} imports {other}"
        for path in HOUSE.rglob("*.py")
        for other in imported(path)
        if FLOORS.index(other) > FLOORS.index(room(path))
    ]
    assert upwards == []


def test_each_modules_room_names_it_in_its_map() -> None:
    unnamed = [
        str(path.relative_to(HOUSE))
        for path in HOUSE.rglob("*.py")
        if path.stem != "__init__" and path.stem not in path.with_name("__init__.py").read_text()
    ]
    assert unnamed == []


def test_the_mirror_knows_nothing_of_what_orchestrates_it() -> None:
    pipelines = HOUSE.parent
    outside = [path for path in pipelines.rglob("*.py") if path.parent != pipelines / "orchestration"]
    knowing = re.compile(r"^\s*(from|import) (orchestration|dagster|celery)", re.M)
    assert [str(path.relative_to(pipelines)) for path in outside if knowing.search(path.read_text())] == []
    modules = {path.stem for path in (pipelines / "orchestration").glob("*.py")} - {"__init__"}
    named = re.findall(r"^(\w+)  ", (pipelines / "orchestration" / "__init__.py").read_text(), re.M)
    assert {*named} == modules


def test_pending_loads_are_written_and_read_in_one_place() -> None:
    sql = re.compile(r"(from|into|join|update) (\{RAW\}|raw_servicetitan)\.pending_loads")
    assert [path.name for path in HOUSE.rglob("*.py") if sql.search(path.read_text())] == []


def room(path: Path) -> str:
    first = path.relative_to(HOUSE).parts[0].removesuffix(".py")
    return "terminal" if first == "__init__" else first


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("servicetitan_mirror."):
            yield (node.module or "").split(".")[1]
