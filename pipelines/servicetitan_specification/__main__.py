"""`python -m servicetitan_specification FOLDER [--write]`: a folder of OpenAPI documents against what is committed.

Prints a line a difference. Ends with 1 where there are any; with --write the folder's become the committed ones, and 0.
"""

from __future__ import annotations

from pathlib import Path

import click

from .changes import changes
from .distil import distil
from .files import write
from .listing import listings


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--write", "writes", is_flag=True, help="Write the folder's lists in the place of the committed ones.")
def main(folder: Path, writes: bool) -> None:
    """Show what the OpenAPI documents in FOLDER change in the lists that are committed."""
    found = distil(folder)
    differences = changes(listings(), found)
    for difference in differences:
        click.echo(difference)
    click.echo(f"{len(found)} lists, {len(differences)} differences")
    if writes:
        write(found)
    elif differences:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
