"""The floor: fetch the pages of a full sync one after another, cut out the records, COPY them into a keyed table.

    python floor.py http://127.0.0.1:8901 "dbname=..."

Nothing else: no rate limit, no retries, no columns, no counts. What a mirror takes longer than this is its own doing.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator

import msgspec
import psycopg2
import requests
from psycopg2.extensions import cursor as Cursor

from servicetitan_mirror.entities import STANDARD, Endpoint
from servicetitan_simulator.settings import APP_KEY, CLIENT_ID, CLIENT_SECRET, TENANT_ID

PAGE_SIZE = 500
TABLE = "create table floor (entity text, id bigint, record jsonb, primary key (entity, id))"


class Page(msgspec.Struct):
    hasMore: bool
    data: list[msgspec.Raw]


class Head(msgspec.Struct):
    id: int


_pages = msgspec.json.Decoder(Page)
_heads = msgspec.json.Decoder(Head)


def copy_all(url: str, dsn: str) -> None:
    """All lists of the API at `url` into the table floor of an empty database."""
    with requests.Session() as session, psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        session.headers.update(_login(session, url))
        cursor.execute(TABLE)
        for entity in STANDARD:
            for endpoint in entity.endpoints:
                name = f"{entity.name}.{endpoint.owner}" if endpoint.owner else entity.name
                for page in _list(session, url, endpoint):
                    _copy(cursor, name.encode(), page)
                connection.commit()


def _login(session: requests.Session, url: str) -> dict[str, str]:
    form = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    token = session.post(f"{url}/connect/token", data=form).json()["access_token"]
    return {"Authorization": f"Bearer {token}", "ST-App-Key": APP_KEY}


def _list(session: requests.Session, url: str, endpoint: Endpoint) -> Iterator[Page]:
    """The pages of a list, asked for as a full sync does."""
    params = {"pageSize": str(PAGE_SIZE), **endpoint.params}
    if endpoint.dated:
        params["includeTotal"] = "true"
    if endpoint.needs_filter:
        params["modifiedOnOrAfter"] = "0001-01-01T00:00:00Z"
    number, more = 1, True
    while more:
        answer = session.get(f"{url}/{endpoint.url(int(TENANT_ID))}", params={**params, "page": str(number)})
        answer.raise_for_status()
        page = _pages.decode(answer.content)
        yield page
        number, more = number + 1, page.hasMore


def _copy(cursor: Cursor, name: bytes, page: Page) -> None:
    """JSON has neither tabs nor line ends of its own, so only the backslash is escaped for COPY."""
    rows = ((name, _heads.decode(raw).id, bytes(raw).replace(b"\\", b"\\\\")) for raw in page.data)
    cursor.copy_expert("copy floor from stdin", io.BytesIO(b"".join(b"%b\t%d\t%b\n" % row for row in rows)))


if __name__ == "__main__":
    copy_all(sys.argv[1], sys.argv[2])
