"""The floor: fetch the pages of a full sync one after another, cut out the records, COPY them into a keyed table.

    python floor.py http://127.0.0.1:8901 "dbname=..." [every]

With `every`, all lists that are offered instead of the standard ones. Nothing else: no rate limit, no retries, no
columns, no counts. What a mirror takes longer than this is its own doing.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec
import psycopg2
import requests
from psycopg2.extensions import cursor as Cursor

from servicetitan_mirror.clock import UTC
from servicetitan_mirror.entities import ENTITIES, STANDARD, Endpoint, Entity
from servicetitan_mirror.reading.windows import windows
from servicetitan_simulator.settings import APP_KEY, CLIENT_ID, CLIENT_SECRET, TENANT_ID

PAGE_SIZE = 500
TABLE = "create table floor (entity text, id bigint, record jsonb, primary key (entity, id))"


class Page(msgspec.Struct):
    data: list[msgspec.Raw] = []
    hasMore: bool = False
    continueFrom: str | None = None


class Head(msgspec.Struct):
    id: int


_pages = msgspec.json.Decoder(Page)
_heads = msgspec.json.Decoder(Head)


def copy_all(url: str, dsn: str, entities: Sequence[Entity] = STANDARD) -> None:
    """All lists of the entities, of the API at `url`, into the table floor of an empty database."""
    with requests.Session() as session, psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        session.headers.update(_login(session, url))
        cursor.execute(TABLE)
        for entity in entities:
            for endpoint in entity.endpoints:
                name = f"{entity.name}.{endpoint.owner}" if endpoint.owner else entity.name
                landed = 0
                for page in _list(session, url, endpoint):
                    ids = range(landed, landed + len(page.data)) if endpoint.told_by else map(_id, page.data)
                    _copy(cursor, name.encode(), zip(ids, page.data, strict=True))
                    landed += len(page.data)
                connection.commit()


def _login(session: requests.Session, url: str) -> dict[str, str]:
    form = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    token = session.post(f"{url}/connect/token", data=form).json()["access_token"]
    return {"Authorization": f"Bearer {token}", "ST-App-Key": APP_KEY}


def _list(session: requests.Session, url: str, endpoint: Endpoint) -> Iterator[Page]:
    """The pages of a list, asked for as a full sync does."""
    for span in windows(None, datetime.now(UTC)) if endpoint.window else [()]:
        named = dict(zip(endpoint.window or (), (moment.isoformat() for moment in span), strict=True))
        number, token, more = 1, "", True
        while more:
            place = {"from": token} if endpoint.is_feed else {"page": str(number)} if endpoint.is_paged else {}
            path = endpoint.feed_url(int(TENANT_ID)) if endpoint.is_feed else endpoint.url(int(TENANT_ID))
            answer = session.get(f"{url}/{path}", params={**_params(endpoint), **named, **place})
            answer.raise_for_status()
            page = _pages.decode(answer.content)
            yield page
            number, token, more = number + 1, page.continueFrom or "", page.hasMore


def _params(endpoint: Endpoint) -> dict[str, str]:
    params = {**endpoint.params}
    if endpoint.is_paged and not endpoint.is_feed:
        params["pageSize"] = str(min(PAGE_SIZE, endpoint.largest_page or PAGE_SIZE))
    if endpoint.has_total:
        params["includeTotal"] = "true"
    if endpoint.needs_filter:
        params["modifiedOnOrAfter"] = "0001-01-01T00:00:00Z"
    return params


def _id(raw: msgspec.Raw) -> int:
    return _heads.decode(raw).id


def _copy(cursor: Cursor, name: bytes, records: Iterator[tuple[int, msgspec.Raw]]) -> None:
    """JSON has neither tabs nor line ends of its own, so only the backslash is escaped for COPY."""
    rows = ((name, key, bytes(raw).replace(b"\\", b"\\\\")) for key, raw in records)
    cursor.copy_expert("copy floor from stdin", io.BytesIO(b"".join(b"%b\t%d\t%b\n" % row for row in rows)))


if __name__ == "__main__":
    copy_all(sys.argv[1], sys.argv[2], ENTITIES if sys.argv[3:] else STANDARD)
