"""What goes wrong becomes a sentence and an exit code: no traceback reaches a user who did not ask for it.

Of an unforeseen exception only its type and its place are told, since its message may quote a record or a secret.
"""

from __future__ import annotations

import os
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

import click

from servicetitan_mirror.errors import ConfigurationError, LockedError, MirrorError, causes
from servicetitan_mirror.places import HERE

FAILED, WRONG, LOCKED = 1, 2, 3
CODES: dict[type[BaseException], int] = {ConfigurationError: WRONG, LockedError: LOCKED}
OURS = HERE.parent


class Tracebacks:
    """Whether tracebacks are shown: `--debug`."""

    shown = False


def guarded(command: Callable[[], object]) -> None:
    """Run a command to its end and leave with its exit code, whatever happens."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a name must not end a sync
    threading.excepthook = lambda ended: tell(ended.exc_value or ended.exc_type())
    try:
        command()
        sys.stdout.flush()
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(FAILED)
    except KeyboardInterrupt:
        sys.exit(FAILED)
    except Exception as error:
        tell(error)
        sys.exit(exit_code(error))


def tell(error: BaseException, say: Callable[[str], object] | None = None) -> None:
    """Print what happened on standard error, with `--debug` the traceback before it."""
    from servicetitan_mirror import logs

    if logs.is_json():
        way = "".join(traceback.format_exception(error)) if Tracebacks.shown else None
        logs.say(explain(error), "error", traceback=way)
        return
    if Tracebacks.shown:
        traceback.print_exception(type(error), error, error.__traceback__)
    (say or (lambda text: click.echo(text, err=True)))(explain(error))


def exit_code(error: BaseException) -> int:
    """The command's exit code for an error."""
    return next((CODES[type(known)] for known in causes(error) if type(known) in CODES), FAILED)


def explain(error: BaseException) -> str:
    """One sentence for an error, never with a record's values or a secret."""
    for cause in causes(error):
        if text := _known(cause):
            return text
    return (
        f"Something unforeseen went wrong: {type(error).__name__} {_place(error)}. Run it again as "
        "`servicetitan --debug ...` to see the whole way to it, and report it with the first sentence."
    )


def _known(error: BaseException) -> str | None:
    import psycopg2
    import requests

    from servicetitan_mirror.postgres import refusals

    if isinstance(error, MirrorError):
        return str(error)
    if isinstance(error, ModuleNotFoundError):
        return f"The package {error.name} is not installed here: `make setup` installs what is needed into .venv."
    if isinstance(error, psycopg2.Error):
        return refusals.explain(error)
    if isinstance(error, requests.RequestException):
        return f"{_host(error)} gave no answer ({type(error).__name__})."
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return None


def _host(error: object) -> str:
    from urllib.parse import urlsplit

    url = getattr(getattr(error, "request", None), "url", None)
    return (urlsplit(url).hostname if isinstance(url, str) else None) or "A server"


def _place(error: BaseException) -> str:
    """The innermost line of the product's own code that the error came through."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(OURS)]
    return f"in {Path(frames[-1].filename).relative_to(OURS)}, line {frames[-1].lineno}" if frames else "at the start"
