"""Which database: what the user says of it, by dlt's conventions, and nothing that could be meant otherwise.

dlt looks for `destination.postgres.credentials`, as a connection string or as single fields, in the environment,
in secrets.toml and in config.toml, and passes over what it does not know. A mirror that did so too would
write into a database that was not meant. So whatever is said of a destination and cannot be used stops it here.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import dlt.destinations
from dlt.common.configuration import configspec, resolve_configuration
from dlt.common.configuration.exceptions import ConfigurationException
from dlt.common.configuration.resolve import inject_section
from dlt.common.configuration.specs.config_section_context import ConfigSectionContext
from dlt.common.typing import TSecretStrValue
from dlt.destinations.impl.postgres.configuration import PostgresClientConfiguration, PostgresCredentials
from psycopg2.extensions import make_dsn

from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.postgres import conninfo
from servicetitan_mirror.postgres.conninfo import UnusableError
from servicetitan_mirror.postgres.destination_settings import PIPELINE, Setting, is_like, settings

SECTIONS = ("destination", "postgres")
VARIABLE = "DESTINATION__POSTGRES__CREDENTIALS"
HOW = f"The database is named by {VARIABLE}, or by credentials below [destination.postgres] in .dlt/secrets.toml."
LIBPQ_NAMES = {"database": "dbname", "username": "user"}  # dlt's name → libpq's
FIELDS = frozenset(PostgresCredentials.get_resolvable_fields()) | conninfo.KEYWORDS
OPTIONS = frozenset(PostgresClientConfiguration.get_resolvable_fields()) - {"credentials"}
OTHERS = frozenset(dlt.destinations.__all__) - {"postgres"}


@configspec(init=False)
class LibpqCredentials(PostgresCredentials):
    """dlt's credentials as libpq reads them: a socket's folder as host, several hosts and no password work too."""

    database: str | None = None  # type: ignore[assignment]
    username: str | None = None  # type: ignore[assignment]
    password: TSecretStrValue | None = None  # type: ignore[assignment]
    host: str | None = None  # type: ignore[assignment]
    port: str | None = None  # type: ignore[assignment]
    connect_timeout: int | None = None  # type: ignore[assignment]

    @classmethod
    def of(cls, dsn: str) -> LibpqCredentials:
        """Credentials that are complete: dlt's configuration adds nothing to them."""
        credentials = cls()
        credentials.parse_native_representation(dsn)
        password = credentials.password
        credentials.resolve()
        credentials.password = password  # which dlt has stripped
        return credentials

    def parse_native_representation(self, native_value: Any) -> None:
        """Take over the parts of a connection string."""
        parts = conninfo.read(native_value)
        self.database, self.username = parts.pop("dbname"), parts.pop("user", None)
        self.host, self.port = parts.pop("host", None), parts.pop("port", None)
        self.password = parts.pop("password", None)
        self.query = parts

    def to_native_representation(self) -> str:
        """What psycopg2 connects with."""
        own = {"dbname": self.database, "user": self.username, "host": self.host, "port": self.port}
        return str(make_dsn(**{**(self.query or {}), **own, "password": self.password}))


@dataclass(frozen=True)
class Destination:
    """A configured database: its parts by libpq's names, and the setting that names it, for messages."""

    parts: dict[str, str]
    origin: str

    @property
    def dsn(self) -> str:
        """The connection string."""
        return str(make_dsn(**self.parts))


def configured() -> Destination | None:
    """The database that the user names, or None when nothing at all is said of a destination.

    Raises:
        ConfigurationError: something is said that cannot be used; names the setting and where it stands.
    """
    found = [*settings()]
    for setting in found:
        _check(setting)
    said = [setting for setting in found if setting.field is not None and not _is_foreign(setting)]
    singles, strings = [item for item in said if not item.is_string], [item for item in said if item.is_string]
    parts = _resolve(singles, strings)
    if parts is None:
        _check_silence(found)
        return None
    origin = (strings or singles)[0].place if said else VARIABLE
    try:
        conninfo.check(parts)
        if not strings and "host" not in parts:
            raise UnusableError('names no host (that of a local socket is its folder, "/var/run/postgresql")')
    except UnusableError as wrong:
        _refuse(origin, str(wrong))
    return Destination({"port": conninfo.DEFAULT_PORT, **parts} if parts.get("host") else parts, origin)


def _resolve(singles: list[Setting], strings: list[Setting]) -> dict[str, str] | None:
    """The parts, as dlt finds them; None where it finds none."""
    try:
        with inject_section(ConfigSectionContext(pipeline_name=PIPELINE)):
            credentials = resolve_configuration(LibpqCredentials(), sections=SECTIONS, accept_partial=True)
    except ConfigurationException as wrong:
        field = getattr(wrong, "field_name", None)
        place = next((setting.place for setting in singles if setting.field == field), VARIABLE)
        _refuse(place, "cannot be read")
    whole = conninfo.read(str(strings[0].value)) if strings else {}
    if not singles and not strings and not credentials.database:
        return None
    last = strings[0].rank if strings else None  # what stands behind a connection string has no say beside it
    beside = [setting for setting in singles if setting.field and (last is None or setting.rank <= last)]
    for setting in beside:
        part = LIBPQ_NAMES.get(str(setting.field), str(setting.field))
        if part in whole and str(setting.value) not in ("", whole[part]):
            _refuse(setting.place, f"contradicts {strings[0].place}; only one of them can be meant")
    names = {str(setting.field) for setting in beside} if singles or strings else FIELDS  # else of a vault
    return {**_single_parts(credentials, names, beside), **whole}


def _single_parts(credentials: LibpqCredentials, names: Iterable[str], beside: Iterable[Setting]) -> dict[str, str]:
    """What single fields say: dlt's own fields as dlt resolved them, libpq's others as they stand."""
    named = {name: getattr(credentials, name) for name in names if name in PostgresCredentials.get_resolvable_fields()}
    named |= {str(item.field): item.value for item in reversed([*beside]) if item.field not in named}
    query = named.pop("query", None) or {}
    timezone = named.pop("session_timezone", None)
    named.pop("drivername", None)
    parts = {LIBPQ_NAMES.get(name, name): str(value) for name, value in {**query, **named}.items() if value is not None}
    if timezone:
        parts["options"] = f"{parts.get('options', '')} -ctimezone={timezone}".strip()
    return {name: value for name, value in parts.items() if value}


def _check(setting: Setting) -> None:
    """Refuse a setting that is misspelt, empty, or of something that is no PostgreSQL."""
    path = setting.path
    if path[0] == "destination":
        _check_path(setting)
    elif path[0] != "credentials" and is_like(re.split(r"[_.]+", path[0].lower())[0], ("destination",)):
        _misspelt(setting, ["destination.postgres.credentials"])
    if setting.field is None or _is_foreign(setting):
        return
    in_file = setting.rank > 0
    if str(setting.value).strip() in ("", "<configure me>") and not (setting.field == "password" and in_file):
        _refuse(setting.place, "is set, but empty")
    if setting.value == {}:
        _refuse(setting.place, "says nothing")
    if setting.place.endswith("config.toml") and (setting.is_string or setting.field == "password"):
        _refuse(setting.place, "is a secret, and belongs into .dlt/secrets.toml or the environment")
    if setting.field == "drivername" and str(setting.value).partition("+")[0] not in ("postgres", "postgresql"):
        _refuse(setting.place, f"names a database of another kind ({setting.value}); the mirror needs PostgreSQL")
    if setting.is_string:
        try:
            conninfo.read(setting.value if isinstance(setting.value, str) else "")
        except UnusableError as wrong:
            _refuse(setting.place, str(wrong))


def _check_path(setting: Setting) -> None:
    """Refuse a name below `destination` that dlt would pass over."""
    kind, rest = setting.path[1], setting.path[2:]
    if kind == "postgres" and rest:
        kind, rest = rest[0], rest[1:]
        known = [*OPTIONS, "credentials"]
    else:
        known = [*OPTIONS, *OTHERS, "credentials", "postgres"]
    if kind not in known or (kind == "postgres" and not isinstance(setting.value, Mapping)):
        _misspelt(setting, known)
    if kind == "credentials" and rest and (rest[0] not in FIELDS or (len(rest) > 1 and rest[0] != "query")):
        _misspelt(setting, FIELDS)


def _check_silence(found: Iterable[Setting]) -> None:
    """No database is named: refuse whatever shows that one was meant."""
    for setting in found:
        if setting.path[:2] == ("destination", "postgres"):
            _refuse(setting.place, "is set, but no database is named")
        if setting.path[0] == "destination" and setting.path[1] in OTHERS:
            _refuse(setting.place, f"is about {setting.path[1]}, and the mirror needs PostgreSQL")
        if setting.path[0] not in ("destination", "credentials"):
            _misspelt(setting, ["destination.postgres.credentials"])


def _is_foreign(setting: Setting) -> bool:
    """Whether a setting of bare `credentials` is about something else, which dlt's users may keep there."""
    return setting.path[0] == "credentials" and bool(setting.field) and setting.field not in FIELDS


def _misspelt(setting: Setting, known: Iterable[str]) -> NoReturn:
    word = setting.path[-1].lower()
    meant = difflib.get_close_matches(word, sorted(known), 1, 0.7)
    _refuse(setting.place, f"is not a setting of the destination{f'; is it {meant[0]!r}?' if meant else ''}")


def _refuse(place: str, problem: str) -> NoReturn:
    text = f"{place[0].upper()}{place[1:]} {problem}"
    raise ConfigurationError(f"{text}{'' if text.endswith('?') else '.'} {HOW}")
