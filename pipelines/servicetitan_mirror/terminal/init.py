"""`servicetitan init`: the files of settings, where the mirror reads them, and what to do next."""

from __future__ import annotations

import json
import os
from pathlib import Path
from shlex import quote

import click

from servicetitan_mirror.config.documents import CONFIG, SECRETS
from servicetitan_mirror.config.lookup import DEFAULTS, project_folder
from servicetitan_mirror.places import CHECKOUT

DOT_DLT = ".dlt"
IGNORED = "# secrets stay out of git\n/secrets.toml\n"


def run_init(as_json: bool) -> None:
    """Write what is not there yet; a file that is there stays as it is."""
    folder = project_folder() / DOT_DLT
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        CONFIG: (DEFAULTS.read_text(), 0o644),
        SECRETS: (DEFAULTS.with_name(f"{SECRETS}.example").read_text().partition("\n")[2].lstrip(), 0o600),
        **({".gitignore": (IGNORED, 0o644)} if folder.parent != CHECKOUT else {}),
    }
    written = [name for name, (text, mode) in texts.items() if _write(folder / name, text, mode)]
    kept = [name for name in texts if name not in written]
    if as_json:
        click.echo(json.dumps({"folder": str(folder), "written": written, "kept": kept}, indent=2))
    else:
        for name in texts:
            click.echo(f"{'wrote' if name in written else 'kept '} {folder / name}")
        click.echo(_NEXT.format(secrets=quote(str(folder / SECRETS)), config=quote(str(folder / CONFIG))))


def _write(path: Path, text: str, mode: int) -> bool:
    """Whether the file was made, with its mode from the first moment; one that is there, or a link, is left alone."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        return False
    with open(file, "w") as opened:
        opened.write(text)
    return True


_NEXT = """
Next:
  1. Fill in tenant_id, client_id, client_secret and app_key in {secrets},
     which only you can read; and a connection string, where the database is not to be the embedded one.
     `servicetitan entities` names the scopes that the app needs in ServiceTitan's developer portal.
  2. Look through {config}: every setting, as it is unless you change it.
  3. servicetitan check says what is still missing.
  4. servicetitan sync --full
  5. servicetitan worker, or cron, to keep it fresh; servicetitan status says how it stands.

To see it at work before that, without an account: servicetitan demo"""
