"""One look before the first run: everything that a sync will need, and what to do where it is not there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from servicetitan_mirror.config.loading import load_settings, origins
from servicetitan_mirror.config.reading import variable
from servicetitan_mirror.config.settings import Settings
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.operation.check_database import check_database
from servicetitan_mirror.operation.check_line import Line, red
from servicetitan_mirror.operation.check_lists import check_lists
from servicetitan_mirror.operation.probes import Probe


def look(root: Path) -> list[Line]:
    """The lines of the tenant in use. Each list is asked for one record; nothing is changed anywhere.

    Where the settings are wrong, ServiceTitan is not asked, but the database is looked at all the same.
    """
    lines, settings = _settings()
    probes: list[Probe] = []
    if settings:
        of_lists, probes = check_lists(settings)
        lines += of_lists
    records = sum(probe.total or 0 for probe in probes) if probes else None
    return [*lines, *check_database(root, settings, records)]


def is_well(lines: Sequence[Line]) -> bool:
    """Whether nothing is red."""
    return all(line.colour != "red" for line in lines)


def settings_are_wrong(lines: Sequence[Line]) -> bool:
    """Whether the settings themselves cannot be used."""
    return any(line.subject == "settings" and line.colour == "red" for line in lines)


def _settings() -> tuple[list[Line], Settings | None]:
    try:
        settings = load_settings()
    except ConfigurationError as error:
        return [red("settings", error)], None
    places = [Line("settings", "green", f"{name}: {place}") for name, place in origins().items()]
    return [*places, _zone(settings)], settings


def _zone(settings: Settings) -> Line:
    """Whose days count, and what time it is there."""
    if settings.timezone:
        return Line("time zone", "green", f"{settings.timezone}, where it is {datetime.now(settings.zone):%H:%M}")
    sentence = "none is set: today is the database's, 02:00 in the night this machine's, --since UTC"
    return Line("time zone", "yellow", sentence, f"Set {variable('timezone')}, for example America/Chicago.")
