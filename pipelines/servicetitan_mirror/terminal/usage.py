"""What the command line accepts: types of options, and the options that several commands have."""

from __future__ import annotations

import math
import platform
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from servicetitan_mirror import __version__
from servicetitan_mirror.terminal.guard import Tracebacks

Function = TypeVar("Function", bound=Callable[..., Any])

FIRST = timezone(timedelta(hours=14))  # where each day begins first


class Configured(click.Command):
    """A command that reads settings."""

    def invoke(self, ctx: click.Context) -> Any:
        """Find them, then run."""
        configure(is_logged=any(option.name == "log_format" for option in self.params))
        return super().invoke(ctx)


def configure(is_logged: bool = False) -> None:
    """Find the settings, and log as they say. Takes a third of a second, for dlt, which `--help` need not wait for."""
    from servicetitan_mirror.config import lookup

    lookup.use()
    if is_logged:
        from servicetitan_mirror import logs

        logs.begin()
    lookup.warn()


class Names(click.ParamType[tuple[str, ...]]):
    """`customers,jobs`: names of entities, and patterns."""

    name = "names"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Split and check; an unknown name is wrong usage."""
        from servicetitan_mirror.entities.choosing import named, unknown

        names = tuple(name.strip() for name in value.split(",")) if isinstance(value, str) else value
        for name in names:
            if not named(name):
                self.fail(unknown(name), param, ctx)
        return names


class Moment(click.ParamType[datetime]):
    """A day or an instant as ISO 8601 writes them, not in the future; without a zone it is of the tenant's own."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read it; anything else is wrong usage."""
        import pendulum

        try:
            if isinstance(value, str) and re.match(r"\d{4}-\d\d", value):  # not a time of today, not a duration
                value = pendulum.parse(value.strip(), tz=None)
        except (ValueError, OverflowError):
            pass
        if not isinstance(value, datetime):
            self.fail(f"{value!r} is not a moment: write 2026-01-31 or 2026-01-31T06:00:00-05:00", param, ctx)
        if value.replace(tzinfo=value.tzinfo or FIRST) > pendulum.now("UTC"):
            self.fail(f"{value.isoformat()} lies in the future", param, ctx)
        return value


class Number(click.FloatRange):
    """A finite number in a range: click's own lets `nan` pass."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read it; anything else is wrong usage."""
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value!r} is not a number", param, ctx)
        return number


class Age(click.ParamType[timedelta]):
    """`15m`, `900`, `2h`: how old something may be."""

    name = "age"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Seconds, or a number with its unit."""
        from servicetitan_mirror.config.checks import seconds_of

        seconds = seconds_of(value) or seconds_of(f"{value}s")
        if not seconds:
            self.fail(f"{value!r} is no age; it must look like 15m, 900 or 2h", param, ctx)
        return timedelta(seconds=seconds)


customers_option = click.option(
    "--customers",
    type=click.IntRange(1, 1_000_000),
    default=5_000,
    show_default=True,
    help="Size of the made-up business.",
)


tenant_option = click.option(
    "--tenant",
    "wanted",
    multiple=True,
    metavar="NAME",
    help="Only this tenant, by its name in the settings or its id. Can be given several times.",
)


demo_option = click.option("--demo", is_flag=True, help="The demo's database, whatever is configured.")


def print_version(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    """What `--version` prints: the product and what it stands on, as a report of a defect needs it."""
    from importlib.metadata import version

    if value and not context.resilient_parsing:
        below = ", ".join(f"{name} {version(name)}" for name in ("dlt", "dbt-core", "dbt-postgres"))
        click.echo(f"servicetitan-mirror {__version__} ({below}, Python {platform.python_version()})")
        context.exit()


def _show_tracebacks(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    Tracebacks.shown = Tracebacks.shown or value


def _log(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    if value and not context.resilient_parsing:
        from servicetitan_mirror import logs

        logs.use(str(parameter.name).removeprefix("log_"), value)


LOG_OPTIONS = tuple(
    click.option(
        f"--log-{name}", type=click.Choice(values), is_eager=True, expose_value=False, callback=_log, help=help
    )
    for name, values, help in (
        ("format", ("text", "json"), "How the log on standard error is written: lines of text, or an object a line."),
        ("level", ("debug", "info", "warning", "error"), "The least level that is logged."),
    )
)
SYNC_OPTIONS = (
    click.option("--full", is_flag=True, help="Read everything again, and find what was deleted."),
    click.option("--only", type=Names(), default=(), metavar="NAMES", help="Only these lists: customers,jobs"),
    click.option(
        "--since",
        type=Moment(),
        metavar="MOMENT",
        help="Read what changed since; without a zone it is the tenant's time.",
    ),
    tenant_option,
    click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON."),
    click.option(
        "--triggered-by", type=click.Choice(["manual", "scheduled", "api"]), default="manual", help="For the sync log."
    ),
    click.option(
        "--wait", type=Number(0, 86_400), default=0, metavar="SECONDS", help="How long to wait for another sync to end."
    ),
    click.option(
        "--debug",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_show_tracebacks,
        help="Show the traceback of what goes wrong. It may quote records.",
    ),
    *LOG_OPTIONS,
)


def sync_options(command: Function) -> Function:
    """Give a command the options of a sync."""
    return _with(SYNC_OPTIONS, command)


def log_options(command: Function) -> Function:
    """Give a command the options of a log."""
    return _with(LOG_OPTIONS, command)


def _with(options: Sequence[Callable[[Function], Function]], command: Function) -> Function:
    for option in reversed(options):
        command = option(command)
    return command


def only_of_a_sync(context: click.Context) -> None:
    """Reject options of a sync that stand before the name of another command, where they would do nothing."""
    given = [name for name in context.params if context.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    if given:
        option = next(opt.opts[0] for opt in context.command.params if opt.name == given[0])
        verb = str(context.invoked_subcommand)
        command = context.command.get_command(context, verb) if isinstance(context.command, click.Group) else None
        known = {name for parameter in (command.params if command else ()) for name in parameter.opts}
        where = f"write it after it: servicetitan {verb} {option}" if option in known else f"not of {verb}"
        raise click.UsageError(f"{option} is an option of a sync, {where}.")
