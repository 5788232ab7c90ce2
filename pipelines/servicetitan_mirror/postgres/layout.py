"""Which layout of `raw_servicetitan` a database has, and whether this version of the program may work with it.

A layout is a number. It goes up with every release that changes what `raw/sql` makes; raw/schema.py brings older ones
up to date. A newer one is never touched: what its columns mean is not known here, and its functions would be replaced
by older ones.
"""

from __future__ import annotations

import psycopg2
from psycopg2.extensions import connection as Connection

from servicetitan_mirror import __version__
from servicetitan_mirror.errors import ConfigurationError

LAYOUT = 2
BEFORE_NUMBERS = 1  # of a database that was made before layouts had numbers


def check(connection: Connection) -> None:
    """Let nobody work with a layout that is newer than this program.

    Raises:
        ConfigurationError: it is; says which version is needed.
    """
    layout, version = made(connection)
    if layout > LAYOUT:
        raise ConfigurationError(
            f"The database {connection.info.dbname} was brought to layout {layout} by servicetitan-mirror {version}; "
            f"this is {__version__}, which knows layouts up to {LAYOUT}. "
            f"Nothing was changed: install {version} or newer here."
        )


def made(connection: Connection) -> tuple[int, str]:
    """The layout of the database, and the version that made it; BEFORE_NUMBERS where neither is kept, or readable."""
    with connection.cursor() as cursor:
        try:
            cursor.execute("select to_regclass('raw_servicetitan.layouts')")
            if cursor.fetchone() == (None,):
                return BEFORE_NUMBERS, ""
            cursor.execute("select layout, version from raw_servicetitan.layouts order by layout desc limit 1")
            return cursor.fetchone() or (BEFORE_NUMBERS, "")
        except psycopg2.errors.InsufficientPrivilege:  # an analyst's; he changes nothing
            return BEFORE_NUMBERS, ""
