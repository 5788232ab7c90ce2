"""Connection strings, by libpq's reading of them: text → parts → URL, and what they are in the environment.

Parts are libpq's own keywords with their values as text. A URL made of them reads back as the same parts,
whatever characters are in them.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from urllib.parse import quote

import psycopg2
from psycopg2.extensions import make_dsn, parse_dsn

DEFAULT_PORT = "5432"
EXAMPLE = "postgresql://user:password@host:5432/database"
VARIABLES = {  # of libpq; those of host, port, user, password and database are left to who uses them
    "application_name": "PGAPPNAME",
    "channel_binding": "PGCHANNELBINDING",
    "client_encoding": "PGCLIENTENCODING",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "gssdelegation": "PGGSSDELEGATION",
    "gssencmode": "PGGSSENCMODE",
    "gsslib": "PGGSSLIB",
    "hostaddr": "PGHOSTADDR",
    "krbsrvname": "PGKRBSRVNAME",
    "load_balance_hosts": "PGLOADBALANCEHOSTS",
    "options": "PGOPTIONS",
    "passfile": "PGPASSFILE",
    "require_auth": "PGREQUIREAUTH",
    "requirepeer": "PGREQUIREPEER",
    "requiressl": "PGREQUIRESSL",
    "service": "PGSERVICE",
    "ssl_max_protocol_version": "PGSSLMAXPROTOCOLVERSION",
    "ssl_min_protocol_version": "PGSSLMINPROTOCOLVERSION",
    "sslcert": "PGSSLCERT",
    "sslcertmode": "PGSSLCERTMODE",
    "sslcompression": "PGSSLCOMPRESSION",
    "sslcrl": "PGSSLCRL",
    "sslcrldir": "PGSSLCRLDIR",
    "sslkey": "PGSSLKEY",
    "sslmode": "PGSSLMODE",
    "sslnegotiation": "PGSSLNEGOTIATION",
    "sslrootcert": "PGSSLROOTCERT",
    "sslsni": "PGSSLSNI",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}
_NO_VARIABLE = "fallback_application_name keepalives keepalives_count keepalives_idle keepalives_interval sslpassword"
KEYWORDS = frozenset(
    [*VARIABLES, *_NO_VARIABLE.split(), "tcp_user_timeout", "host", "port", "user", "password", "dbname"]
)
_SEPARATE = ("user", "password", "host", "port", "dbname")  # parts of a URL that are no parameters of its query


class UnusableError(ValueError):
    """A connection string that cannot be used. Its message goes on after the setting's name, and quotes no secret."""


def read(text: str) -> dict[str, str]:
    """The parts of a URL or of libpq's `host=... dbname=...`; without those that are empty.

    Raises:
        UnusableError: another driver, no connection string, no database, a port that is none.
    """
    try:
        parts = parse_dsn(_plain(text.strip()))
    except (psycopg2.Error, UnicodeError) as error:  # its message may hold the password
        raise UnusableError(_unknown_parameter(str(error)) or _no_connection_string()) from None
    parts = {name: value for name, value in parts.items() if value}
    check(parts)
    return parts


def check(parts: Mapping[str, str]) -> None:
    """Reject parts that name no database, or one that cannot be meant.

    Raises:
        UnusableError: says which part.
    """
    if not parts.get("dbname"):
        raise UnusableError(f"names no database; it must look like {EXAMPLE}")
    for port in parts.get("port", DEFAULT_PORT).split(","):
        if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):  # it may be half a password
            raise UnusableError(f"has a port that is no number from 1 to 65535 {_ENCODE}")
    try:
        make_dsn(**parts)
    except (psycopg2.Error, UnicodeError):
        raise UnusableError(_no_connection_string()) from None


def url(parts: Mapping[str, str], with_password: bool = False) -> str:
    """A postgresql:// URL that psql, psycopg2, dlt and dbt read as the same parts; without secrets unless asked for."""
    known = {name: value for name, value in parts.items() if value and (with_password or name not in _SECRET)}
    user, password = known.get("user"), known.get("password")
    login = _encoded(user) + (f":{_encoded(password)}" if password else "") + "@" if user else ""
    query = {name: value for name, value in known.items() if name not in _SEPARATE}
    if password and not user:
        query["password"] = password
    address = _address(known.get("host", ""), known.get("port", ""))
    if address is None:  # a socket's folder, or several hosts of which one is such
        address, query = "", {**{name: known[name] for name in ("host", "port") if name in known}, **query}
    tail = "&".join(f"{name}={_encoded(value)}" for name, value in query.items())
    return f"postgresql://{login}{address}/{_encoded(known.get('dbname', ''))}{'?' + tail if tail else ''}"


def address(parts: Mapping[str, str]) -> str:
    """Where libpq connects to, for the user: `localhost:5432`, or the folder of a socket."""
    host = parts.get("host") or os.environ.get("PGHOST") or "the local socket"
    port = parts.get("port") or os.environ.get("PGPORT") or DEFAULT_PORT
    names, ports = host.split(","), port.split(",")
    return ", ".join(
        f"[{name}]:{number}" if ":" in name else f"{name}:{number}"
        for name, number in zip(names, ports * len(names) if len(ports) == 1 else ports, strict=False)
    )


def _address(host: str, port: str) -> str | None:
    """`host:port` or several of them; None where they cannot stand in that place."""
    hosts, ports = host.split(","), port.split(",")
    ports = ports * len(hosts) if len(ports) == 1 else ports
    if len(hosts) != len(ports) or (len(hosts) > 1 and not port):
        return None
    if any(re.search(r"[^\w.:-]", name) or (port and not name) for name in hosts):
        return None
    bracketed = (f"[{name}]" if ":" in name else name for name in hosts)
    return ",".join(name + (f":{number}" if number else "") for name, number in zip(bracketed, ports, strict=True))


def _plain(text: str) -> str:
    """The text as libpq takes it: its own scheme, and nothing in it that would be read as something else."""
    scheme, separator, rest = text.partition("://")
    if not separator or not re.fullmatch(r"[A-Za-z][\w+.-]*", scheme):
        return text
    driver = scheme.partition("+")[0].lower()
    if driver not in ("postgres", "postgresql"):
        raise UnusableError(f"names a database of another kind ({driver}); it must look like {EXAMPLE}")
    authority, _, path = rest.partition("/")
    if authority.count("@") > 1 or "@" in path.partition("?")[0]:
        raise UnusableError(f"cannot be read as it stands {_ENCODE}")
    return f"postgresql://{rest}"


def _unknown_parameter(message: str) -> str | None:
    """What to say of a parameter that is a misspelt one; of others the name may be a piece of a password."""
    named = re.search(r'(?:parameter:|connection option) "(\w+)"', message)
    meant = difflib.get_close_matches(named[1], KEYWORDS, 1, 0.8) if named else []
    return (
        f"has a parameter {named[1]!r} that PostgreSQL does not know; is it {meant[0]!r}?" if named and meant else None
    )


def _no_connection_string() -> str:
    return f"is not a connection string: it must look like {EXAMPLE} {_ENCODE}"


def _encoded(text: str) -> str:
    return quote(text, safe="")


_SECRET = ("password", "sslpassword")
_ENCODE = "(in user and password / is written %2F, @ %40, : %3A, % %25)"
