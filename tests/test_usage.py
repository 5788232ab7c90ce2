"""Wrong usage is one sentence and exit code 2, and no traceback reaches who did not ask for one."""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner, Result

from servicetitan import main
from servicetitan_mirror.errors import ConfigurationError, LockedError
from servicetitan_mirror.terminal.guard import exit_code, explain

COMMAND = Path(__file__).resolve().parents[1] / "pipelines" / "servicetitan.py"


def command(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, str(COMMAND), *arguments],
        env={**os.environ, **environment},
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
    )


def invoke(*arguments: str) -> Result:
    """The command in this process, for usage that is refused before anything runs."""
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--only cats", "'cats' is no list and fits none"),
        ("--full --since 2026-01-01", "--full and --since exclude each other"),
        ("sync --full --since 2026-01-01", "--full and --since exclude each other"),
        ("--since soon", "'soon' is not a moment: write 2026-01-31 or"),
        ("--since 12:00", "'12:00' is not a moment"),
        ("--since 2026-02-30", "'2026-02-30' is not a moment"),
        ("--since 2026-01-01/2026-02-01", "is not a moment"),
        ("--since 9999-01-01", "9999-01-01T00:00:00 lies in the future"),
        ("--wait -1", "-1.0 is not in the range"),
        ("--wait nan", "'nan' is not a number"),
        ("--wait inf", "inf is not in the range"),
        ("simulate --customers -1", "-1 is not in the range"),
        ("simulate --port 65536", "65536 is not in the range"),
        ("simulate --changes-per-minute nan", "'nan' is not a number"),
        ("demo --customers 0", "0 is not in the range"),
        ("--full status", "--full is an option of a sync, not of status"),
        ("--tenant north status", "write it after it: servicetitan status --tenant"),
        ("--full sync", "write it after it: servicetitan sync --full"),
        ("sing", "No such command 'sing'"),
    ],
)
def test_wrong_usage_is_one_sentence(arguments: str, said: str) -> None:
    result = invoke(*arguments.split())
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_the_version_names_what_the_product_stands_on() -> None:
    assert re.fullmatch(
        r"servicetitan-mirror \d+\.\d+\.\d+ \(dlt [\d.]+, dbt-core [\d.]+, dbt-postgres [\d.]+, Python [\d.]+\)\n",
        invoke("--version").output,
    )


def test_a_port_in_use_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = command("simulate", "--customers", "1", "--port", str(port))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"Port {port} is in use: name another one with --port; 0 picks a free one.\n"


def test_the_simulator_prints_the_settings_that_reach_it(tmp_path: Path) -> None:
    program = [sys.executable, str(COMMAND), "simulate", "--customers", "1", "--port", "0"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(8)]
        process.terminate()
    url = lines[0].split()[3]
    assert "".join(lines[2:]) == (
        "export SOURCES__SERVICETITAN__TENANT_ID=1234567\n"
        "export SOURCES__SERVICETITAN__CLIENT_ID=cid.simulator\n"
        "export SOURCES__SERVICETITAN__CLIENT_SECRET=cs1.simulator\n"
        "export SOURCES__SERVICETITAN__APP_KEY=ak1.simulator\n"
        f"export SOURCES__SERVICETITAN__API_URL={url}\n"
        f"export SOURCES__SERVICETITAN__AUTH_URL={url}\n"
    )


def caused_by(error: Exception, cause: BaseException) -> Exception:
    """An error raised for another one."""
    try:
        raise error from cause
    except Exception as raised:
        return raised


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (ConfigurationError("Say this."), 2, "Say this."),
        (LockedError("Say that."), 3, "Say that."),
        (caused_by(KeyError("a record"), ConfigurationError("Say this.")), 2, "Say this."),
        (OSError(28, "No space left on device", "sync.log"), 1, "No space left on device: sync.log"),
        (requests.ConnectionError("secret"), 1, "A server gave no answer (ConnectionError)."),
        (ModuleNotFoundError("no", name="pyarrow"), 1, "The package pyarrow is not installed here: `make setup`"),
    ],
)
def test_an_error_is_a_sentence_and_an_exit_code(error: Exception, code: int, said: str) -> None:
    assert exit_code(error) == code
    assert explain(error).startswith(said)


def test_the_words_of_an_unforeseen_error_are_not_repeated() -> None:
    assert explain(ValueError("jane@example.com")) == (
        "Something unforeseen went wrong: ValueError at the start. Run it again as "
        "`servicetitan --debug ...` to see the whole way to it, and report it with the first sentence."
    )


@pytest.mark.parametrize("debug", [(), ("--debug",)])
def test_a_traceback_is_shown_to_who_asks(tmp_path: Path, debug: tuple[str, ...]) -> None:
    program = f"""
import sys; sys.path.insert(0, {str(COMMAND.parent)!r}); sys.argv = ["servicetitan", *{debug!r}, "stop"]
import servicetitan, servicetitan_mirror.postgres.embedded as embedded
embedded.stop = lambda folder: {{}}["jane"]
servicetitan.cli()"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 1
    assert ("Traceback" in done.stderr, "jane" in done.stderr) == (bool(debug), bool(debug))
    assert "went wrong: KeyError in servicetitan_mirror/terminal/verbs/database.py, line" in done.stderr


def test_a_reader_that_goes_away_is_no_error() -> None:
    done = subprocess.run(
        f"{shlex.quote(sys.executable)} {shlex.quote(str(COMMAND))} --help | true",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
