"""The command line: `python pipelines/servicetitan.py`, also installed as `servicetitan`.

Exit codes: 0 all modules completed, 1 a module failed, 2 wrong usage or configuration, 3 another sync is running.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 10):  # noqa: UP036  # whoever runs it with an older one is told so
    sys.exit(f"servicetitan needs Python 3.10 or newer; this is {sys.version_info[0]}.{sys.version_info[1]}.")

try:
    import click
except ModuleNotFoundError:
    sys.exit("servicetitan is not installed for this Python: run `make setup`, then .venv/bin/servicetitan")

from servicetitan_mirror.terminal.guard import guarded
from servicetitan_mirror.terminal.usage import only_of_a_sync, print_version, sync_options
from servicetitan_mirror.terminal.verbs import beginning, database, mirroring, showing


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@sync_options
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=print_version, help="And end.")
@click.pass_context
def main(context: click.Context, /, **of_a_sync: object) -> None:
    """Keep a PostgreSQL mirror of a ServiceTitan tenant. Without a command: sync."""
    if context.invoked_subcommand:
        only_of_a_sync(context)
    else:
        context.forward(mirroring.sync)


for verb in (*mirroring.VERBS, *showing.VERBS, *database.VERBS, *beginning.VERBS):
    main.add_command(verb)


def cli() -> None:
    """The entry point."""
    guarded(main)


if __name__ == "__main__":
    cli()
