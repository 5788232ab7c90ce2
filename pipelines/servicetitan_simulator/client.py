"""Drives a simulator over its control path, in this process or another."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
import requests

from . import optional, settings
from .control.routes import PREFIX
from .endpoints import ENDPOINTS, FEEDS

_encode = msgspec.json.Encoder(decimal_format="number").encode


class Credentials(NamedTuple):
    """What a ServiceTitan client needs besides the tenant."""

    client_id: str = settings.CLIENT_ID
    client_secret: str = settings.CLIENT_SECRET
    app_key: str = settings.APP_KEY


class SimulatorClient:
    """One method per control action. Entities are snake_case plurals; custom_fields need an `owner` besides.

    Every method raises ValueError with the simulator's words when a request makes no sense.
    """

    credentials = Credentials()

    def __init__(self, url: str, tenant_id: str = settings.TENANT_ID) -> None:
        self.url = url
        self.tenant_id = tenant_id
        self._session = requests.Session()
        self._login: dict[str, str] = {}

    def close(self) -> None:
        """Closes its own connection; the simulator runs on."""
        self._session.close()

    def login(self) -> dict[str, str]:
        """The headers of an API call, with a new token."""
        form = {"grant_type": "client_credentials", "client_id": self.credentials.client_id}
        secret = {"client_secret": self.credentials.client_secret}
        token = self._session.post(f"{self.url}/connect/token", data=form | secret).json()["access_token"]
        return {"Authorization": f"Bearer {token}", "ST-App-Key": self.credentials.app_key}

    def address(self, entity: str, owner: str = "") -> str:
        """The full URL of an entity's list."""
        known = (found for found in ENDPOINTS if (found.entity, found.owner) == (entity, owner))
        return self.url + (next(known, None) or optional.endpoint(entity)).path(self.tenant_id)

    def get(self, entity: str, owner: str = "", **parameters: Any) -> requests.Response:
        """A list call as a client of ServiceTitan makes it; logs in once."""
        self._login = self._login or self.login()
        return self._session.get(self.address(entity, owner), params=parameters, headers=self._login)

    def export(self, entity: str, since: Any = "", recent: Any = "") -> requests.Response:
        """A call of an export feed; `since` is a date or a token, `recent` includeRecentChanges."""
        contacts = (feed for feed in FEEDS if feed.entity == entity)
        path = (next(contacts, None) or optional.endpoint(entity)).path(self.tenant_id)
        self._login = self._login or self.login()
        wish = {"from": since, "includeRecentChanges": str(recent).lower()}
        return self._session.get(self.url + path, params=wish, headers=self._login)

    def touch(self, entity: str, ids: list[int] | None = None, count: int = 1, owner: str = "") -> list[int]:
        """Changes a name, summary or memo and modifiedOn of the given or of `count` random active records."""
        return self._act("touch", entity=entity, ids=ids, count=count, owner=owner)

    def add(self, entity: str, count: int = 1, owner: str = "") -> list[int]:
        """New records that belong to existing ones."""
        return self._act("add", entity=entity, count=count, owner=owner)

    def deactivate(self, entity: str, ids: list[int] | None = None, count: int = 1, owner: str = "") -> list[int]:
        """active=false; a job is canceled; contacts and custom fields vanish from their lists.

        Only the contacts' export feeds still show them, with active=false.
        """
        return self._act("deactivate", entity=entity, ids=ids, count=count, owner=owner)

    def delete(self, entity: str, ids: list[int] | None = None, count: int = 1, owner: str = "") -> list[int]:
        """Removes records without a trace."""
        return self._act("delete", entity=entity, ids=ids, count=count, owner=owner)

    def live(self, count: int = 1) -> list[int]:
        """So many things of a working day: jobs booked and completed, payments, new customers, edits."""
        return self._act("live", count=count)

    def merge(self, entity: str, merged: int, into: int) -> list[int]:
        """Merges one customer or location into another, which gets its children."""
        return self._act("merge", entity=entity, **{"from": merged, "into": into})

    def set(self, entity: str, id: int, fields: dict[str, Any], bump: bool = True, owner: str = "") -> list[int]:
        """Any values for any fields, Decimals as numbers; `bump` renews modifiedOn; an unknown id is added."""
        return self._act("set", entity=entity, id=id, fields=fields, bump=bump, owner=owner)

    def raw(self, entity: str, id: int, text: str, owner: str = "") -> list[int]:
        """A literal text, JSON or not, in the record's place."""
        return self._act("raw", entity=entity, id=id, text=text, owner=owner)

    def fault(self, path: str = "", do: dict[str, Any] | None = None, **when: Any) -> None:
        """Adds a rule; `when`: calls=[1, 2], every=n, times=n, first=n (from the n-th call on)."""
        if "first" in when:
            when["from"] = when.pop("first")
        self._call("POST", "faults", {"path": path, "do": do or {}} | when)

    def clear_faults(self) -> None:
        """Removes every rule."""
        self._call("DELETE", "faults")

    def settings(self, **changes: Any) -> dict[str, Any]:
        """Changes some settings and returns all of them; see settings.Settings."""
        return dict(self._json("POST", "settings", changes))

    def counts(self, every: bool = False) -> dict[str, dict[str, int]]:
        """{"customers": {"all": n, "active": n}, ...}: what the lists would show, at active=Any and by default.

        Of the optional lists those that somebody has asked for so far, or `every` one.
        """
        return dict(self._json("GET", "counts?every=1" if every else "counts"))

    def records(self, entity: str, active: str = "any") -> list[Any]:
        """Every record in id order, numbers as Decimal; a row that is not JSON comes as its text.

        Records of custom_fields come as {"owner": ..., "record": ...}.
        """
        lines = self._call("GET", f"records/{entity}?active={active}").content.decode().split("\n")
        return [_read(line) for line in lines[:-1]]

    def calls(self) -> dict[str, Any]:
        """total, by_path, by_entity, max_per_second, tokens, statuses, cpu_seconds since the last reset."""
        return dict(self._json("GET", "calls"))

    def reset_calls(self) -> None:
        """Sets all counters to zero."""
        self._call("DELETE", "calls")

    def _act(self, action: str, **arguments: Any) -> list[int]:
        ids: list[int] = self._json("POST", action, arguments)["ids"]
        return ids

    def _json(self, method: str, path: str, body: Any = None) -> Any:
        return self._call(method, path, body).json()

    def _call(self, method: str, path: str, body: Any = None) -> requests.Response:
        data = None if body is None else _encode(body)
        answer = self._session.request(method, f"{self.url}{PREFIX}/{path}", data=data)
        if answer.status_code != 200:
            raise ValueError(answer.text)
        return answer


def _read(line: str) -> Any:
    try:
        return json.loads(line, parse_float=Decimal)
    except ValueError:
        return line
