"""The committed files: one an API module, `lists/crm.json`, with a line a list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import msgspec

from .listing import Listing, Written

LISTS = Path(__file__).parent / "lists"


def write(listings: Mapping[str, Listing], folder: Path = LISTS) -> None:
    """Writes the lists into a folder in the place of all that it held."""
    modules: dict[str, list[str]] = defaultdict(list)
    for path, listing in sorted(listings.items()):
        line = msgspec.json.encode({path: Written.of(listing)}).decode()
        modules[path.partition("/")[0]].append(line[1:-1])
    for file in folder.glob("*.json"):
        file.unlink()
    for module, lines in modules.items():
        (folder / f"{module}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
