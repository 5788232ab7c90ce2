"""Whatever stands in a setting or behind an option: a sentence and an exit code, never a traceback, never a secret."""

from __future__ import annotations

import itertools
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from dlt.common.configuration.container import Container
from dlt.common.configuration.specs import PluggableRunContext

from servicetitan import cli, main
from servicetitan_mirror.config.loading import load_settings
from servicetitan_mirror.config.reading import variable
from servicetitan_mirror.config.rules import RULES
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.worker import Worker

ODD = (
    *("nan", "-inf", "1e999", "-1", "-0", "0", "0x10", "1_000", "1,5", "١٢", "true", "None", "never"),
    *("", " ", "\n", "\u200b", "\ufeff", "x" * 20_000, "9" * 400, "a\nb", "a\x1bb", "ü€", "\udcff", "%s", "{0}"),
    *(
        "{",
        '{"a": 1}',
        "[1, 2]",
        "'",
        '"',
        "\\",
        "a=b",
        "=",
        "host=",
        "://",
        "http://",
        "https://[",
        "//x",
        "postgres://",
    ),
    *(
        "postgresql://me@127.0.0.1:99999/x",
        "postgresql://127.0.0.1:1/x?sslmode=odd",
        "1;drop table x",
        "../../etc/passwd",
    ),
)
NOBODY = "postgresql://me:hunter2@127.0.0.1:1/mirror"  # nothing listens there
READING = {
    variable(name): value
    for name, value in {"tenant_id": "7", "client_id": "cid", "client_secret": "hunter2", "app_key": "hunter2"}.items()
}


@pytest.fixture
def failure(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> Iterator[Callable[..., str]]:
    """Run the command in this process with some settings; what is wrong with how it ended."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.chdir(tmp_path)

    def run(verb: str, **settings: str) -> str:
        with monkeypatch.context() as during:
            during.setattr(sys, "argv", ["servicetitan", *verb.split()])
            for name, value in {"DLT_PROJECT_DIR": "", **READING, **settings}.items():
                during.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                cli()
                sys.exit(0)
        said = "".join(capfd.readouterr())
        bad = [word for word in ("Traceback", "unforeseen", "hunter2") if word in said]
        is_known = ended.value.code in (0, 1, 2, 3) and (ended.value.code == 0 or said.strip())
        return "" if is_known and not bad else f"{verb} {settings} ended with {ended.value.code!r}: {said[-300:]}"

    yield run
    for number, handler in handlers.items():
        signal.signal(number, handler)
    del Container()[PluggableRunContext]


def test_odd_settings_are_right_or_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, odd in itertools.product(RULES, ODD):
        with monkeypatch.context() as during:
            for setting, value in {**READING, variable(name): odd}.items():
                during.setenv(setting, value)
            try:
                load_settings()
            except ConfigurationError as error:
                assert variable(name) in str(error), (name, odd)


def test_odd_settings_of_a_sync(failure: Callable[..., str]) -> None:
    names = {"DESTINATION__POSTGRES__CREDENTIALS": NOBODY}
    odd_settings = [(name, odd) for start, name in enumerate(RULES) for odd in ODD[start % 5 :: 5]]
    assert [*filter(None, (failure("sync", **names, **{variable(name): odd}) for name, odd in odd_settings))] == []


@pytest.mark.parametrize("verb", ["url", "status", "rebuild jobs"])
def test_odd_names_of_the_database(failure: Callable[..., str], verb: str) -> None:
    wrong = [failure(verb, DESTINATION__POSTGRES__CREDENTIALS=odd) for odd in ODD]
    assert [*filter(None, wrong)] == []


def test_odd_settings_of_the_worker_and_of_dlt(failure: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Worker, "run", lambda self: None)  # with settings that are right it works for ever
    names = ("WORKER__EVERY_MINUTES", "WORKER__FULL_AT", "RUNTIME__LOG_LEVEL", "RUNTIME__DLTHUB_TELEMETRY", "TZ")
    wrong = [failure("worker", **{name: odd}) for start, name in enumerate(names) for odd in ODD[start % 2 :: 2]]
    assert [*filter(None, wrong)] == []


def test_odd_folders_of_settings(failure: Callable[..., str], tmp_path: Path) -> None:
    odd = [*(value for value in ODD if len(value) < 1000), os.devnull, str(tmp_path), "/nowhere/at/all", "x" * 20_000]
    wrong = [failure("url", DLT_PROJECT_DIR=folder, DESTINATION__POSTGRES__CREDENTIALS=NOBODY) for folder in odd]
    assert [*filter(None, wrong)] == []


def test_odd_values_of_every_option_are_wrong_usage_or_right() -> None:
    unforeseen = []
    for name, command in {"": main, **main.commands}.items():
        context = click.Context(command)
        for option in (option for option in command.params if option.name != "version"):
            for odd in ODD:
                try:
                    option.type_cast_value(context, (odd,) if option.nargs == -1 else odd)
                except click.UsageError:
                    pass
                except Exception as error:
                    unforeseen.append((name, option.name, odd, type(error).__name__))
    assert unforeseen == []
