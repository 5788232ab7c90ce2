"""Faults on order: rules that change the k-th answer of a path.

    {"path": "customers" | "token" | "/crm/v2/", "calls": [2], "from": 3, "every": 4, "times": 1, "do": {...}}

`path` is an entity's name, "token", or a part of the path. Without calls, from and every the rule holds for each
call; `times` ends it after so many. Rules are tried in order, and all that apply act together.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from ..optional import is_known

REMOVED = "__remove__"  # as the value of an envelope's key: the key is left out


class Deed(msgspec.Struct, forbid_unknown_fields=True):
    """What happens to an answer.

    status with title, retry_after (header) and html: an error instead of the answer. delay: seconds of waiting.
    cut: the connection closes in the middle of the body. truncate: the JSON ends early in a valid HTTP answer.
    body: a literal text. envelope: other values for envelope keys (REMOVED leaves one out). revoke_tokens: all
    tokens die before the call is looked at. actions: control actions before or after the answer is made.
    """

    status: int = 0
    title: str = "The simulator was told to fail."
    retry_after: str = ""
    html: bool = False
    delay: float = 0
    cut: bool = False
    truncate: bool = False
    body: str | None = None
    envelope: dict[str, Any] = {}
    revoke_tokens: bool = False
    actions: list[dict[str, dict[str, Any]]] = []
    when: Literal["before", "after"] = "before"


class Rule(msgspec.Struct, forbid_unknown_fields=True, rename={"first": "from"}):
    """When a deed is done; `seen` counts the calls of the path since the rule was made, `fired` the deeds."""

    do: Deed
    path: str = ""
    calls: list[int] = []
    first: int = 0
    every: int = 0
    times: int = 0
    when: Literal["before", "after"] | None = None
    seen: int = 0
    fired: int = 0

    def due(self, path: str, entity: str) -> bool:
        """Counts this call; whether the rule acts on it."""
        if not (self.path == entity if self.path == "token" or is_known(self.path) else self.path in path):
            return False
        self.seen += 1
        if (self.times and self.fired >= self.times) or not self._chosen():
            return False
        self.fired += 1
        return True

    def _chosen(self) -> bool:
        if self.calls:
            return self.seen in self.calls
        if self.first and self.seen < self.first:
            return False
        return not self.every or self.seen % self.every == 0


def rule(text: bytes) -> Rule:
    """Raises msgspec.ValidationError for anything that is not a rule."""
    made = msgspec.json.decode(text, type=Rule)
    if made.when:
        made.do.when = made.when
    return made
