"""What PostgreSQL refused, in sentences for the user: what, on which object, and what to do about it.

Nothing here quotes a row: of an error only its code, its first line and the names of objects are read, never its
detail, and of the first line nothing that may be a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import psycopg2
from psycopg2.extensions import connection as Connection

from servicetitan_mirror.errors import causes
from servicetitan_mirror.postgres.holders import holder

RAW = "raw_servicetitan"
RIGHTS = "The rights that a sync needs stand in README.md."
GOES_ON = "What has landed stays, the next sync goes on from there."
_SUBJECT = r'"?(?P<name>[^"]+?)"?$'
# What a message says is missing, and the statement that mends it; {table} is the name with its schema.
_RIGHTS = {
    "permission denied for schema ": "grant usage, create on schema {name} to {user}",
    "permission denied for database ": "grant create on database {name} to {user}",
    "permission denied to create temporary tables in database ": "grant temporary on database {name} to {user}",
    "permission denied for function ": "grant execute on function {name} to {user}",
    "permission denied for (?:table|view|relation) ": "grant all on {table} to {user}",
    "must be owner of (?P<kind>schema|function|database) ": "alter {kind} {name} owner to {user}",
    "must be owner of (?P<kind>table|view) ": "alter {kind} {table} owner to {user}",
    "must be owner of relation ": "alter table {table} owner to {user}",
}
_ADVICE = {  # by the code or its first letters
    "22021": "The database must have the encoding UTF8.",
    "22P05": "The database must have the encoding UTF8.",
    "25006": "The mirror needs a server that may be written to, not a standby.",
    "25P03": "idle_in_transaction_session_timeout ended the session: the mirror's user needs a longer one.",
    "25P04": "transaction_timeout ended the session: the mirror's user needs a longer one.",
    "40": GOES_ON,
    "42P01": "Somebody dropped or renamed it; what is the mirror's own is made again by the next sync.",
    "3F000": "Somebody dropped or renamed it; what is the mirror's own is made again by the next sync.",
    "53100": f"The disk of the database is full: make room. {GOES_ON}",
    "53200": f"The database server is out of memory. {GOES_ON}",
    "53300": "All connections are in use: end some, or raise max_connections.",
    "57014": "Somebody cancelled it, or statement_timeout did: the mirror's user needs a longer one or none.",
    "57P": f"Somebody ended the session, or the server stops or starts. {GOES_ON}",
    "58": "The server's own log says more.",
    "XX": "The server's own log says more.",
}
_MAY_QUOTE = ("22", "P0", "XX", "58", "38", "39")  # classes of errors whose first line may hold a value


def explain(error: BaseException, doing: str = "", connection: Connection | None = None) -> str:
    """Sentences for whatever ended a statement, also deep inside an error of dlt.

    Args:
        error: anything; its causes are looked through for PostgreSQL's own error.
        doing: what was being done, as an infinitive: "load jobs".
        connection: a connection in order, other than the failed one, to ask who holds a lock.

    Returns:
        What was refused, on which object, and what to do; no value of any row.
    """
    chain = [*causes(error, suppressed=True)]
    refusals = [cause for cause in chain if isinstance(cause, psycopg2.Error)]
    if not refusals:
        what = chain[-1].strerror if isinstance(chain[-1], OSError) else None
        return f"Could not {doing or 'go on'}: {what or type(chain[-1]).__name__}."
    refusal = next((known for known in reversed(refusals) if known.pgcode), refusals[-1])
    code = f" ({refusal.pgcode})" if refusal.pgcode else ""
    said, advice = _raised(refusal) or (_first_line(refusal), _advice(refusal, connection))
    return f"PostgreSQL refused{' to ' * bool(doing)}{doing}: {said}{code}. {advice}".strip()


def quoted(name: str) -> str:
    """A name as SQL takes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def _first_line(refusal: psycopg2.Error) -> str:
    said = (refusal.diag.message_primary or str(refusal)).strip().partition("\n")[0].rstrip(".")
    if (refusal.pgcode or "").startswith(_MAY_QUOTE):
        said = re.sub(r""""[^"]*"|'[^']*'|«[^»]*»|„[^“]*“""", '"…"', said)
    return said or type(refusal).__name__


def _raised(refusal: psycopg2.Error) -> tuple[str, str] | None:
    """What somebody's trigger or rule raised, whose words may be anything."""
    if refusal.diag.source_function != "exec_stmt_raise":
        return None
    function = re.search(r'[\w."$]+\([^)]*\)', refusal.diag.context or "")
    return (
        f"{function.group() if function else 'a function'} raised an error",
        "It is not the mirror's: it is a trigger of your own on one of the mirror's tables, which must take any row.",
    )


def _advice(refusal: psycopg2.Error, connection: Connection | None) -> str:
    code = refusal.pgcode or ""
    special: dict[str, Callable[[psycopg2.Error], str]] = {
        "42501": _grant,
        "23502": _not_null,
        "23503": _constraint,
        "23505": _constraint,
        "23514": _constraint,
        "23P01": _constraint,
        "55P03": lambda refusal: holder(connection, _query(refusal)) if connection else "",
    }
    if not code:  # the connection failed
        full = re.search("too many|remaining connection slots", str(refusal))
        return _ADVICE["53300"] if full else GOES_ON
    if code in special:
        return special[code](refusal)
    return next((advice for begin, advice in _ADVICE.items() if code.startswith(begin)), "")


def _grant(refusal: psycopg2.Error) -> str:
    """The statement that gives the right which is missing."""
    for message, statement in _RIGHTS.items():
        if found := re.match(message + _SUBJECT, refusal.diag.message_primary or ""):
            name = found.group("name")
            parts = {**found.groupdict(), "name": quoted(name), "table": _table(name, _query(refusal))}
            return f"Its owner can mend that: {statement.format(**parts, user=_user(refusal))};"
    return RIGHTS


def _table(name: str, statement: str) -> str:
    """The table with the schema that the statement names, or the one where the mirror has it."""
    plain = statement.replace('"', "")
    schema = re.search(rf"([\w$]+)\.{re.escape(name)}\b", plain)
    default = "public" if name.startswith(("st_", "v_")) else RAW
    return f"{quoted(schema.group(1) if schema else default)}.{quoted(name)}"


def _not_null(refusal: psycopg2.Error) -> str:
    diag = refusal.diag
    table, column = _place(refusal), quoted(diag.column_name or "")
    return (
        f"The mirror does not fill {table}.{column}. If the column is yours: "
        f"alter table {table} alter column {column} drop not null; or give it a default."
    )


def _constraint(refusal: psycopg2.Error) -> str:
    table, name = _place(refusal), quoted(refusal.diag.constraint_name or "")
    return (
        f"If {name} on {table} is yours, the mirror cannot keep it: "
        f"alter table {table} drop constraint {name}; (or drop index, if it is one)."
    )


def _place(refusal: psycopg2.Error) -> str:
    """The table; of a partition (raw_servicetitan.distribute) the whole, where alone it can be altered."""
    schema, table = refusal.diag.schema_name or "public", refusal.diag.table_name or ""
    if schema == RAW and (part := re.fullmatch("(st_)?(.+)_[0-7]", table)):
        schema, table = ("public" if part[1] else RAW), table[:-2]
    return f"{quoted(schema)}.{quoted(table)}"


def _query(refusal: psycopg2.Error) -> str:
    statement = getattr(refusal.cursor, "query", None) or b""
    return statement.decode(errors="replace")


def _user(refusal: psycopg2.Error) -> str:
    """The user whose statement it was, as SQL takes it."""
    connection = getattr(refusal.cursor, "connection", None)
    user = connection.info.user if connection and not connection.closed else None
    return quoted(user) if user else "the mirror's user"
