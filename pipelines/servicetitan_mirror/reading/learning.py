"""What a record has that the fields' tree does not: it is added to the tree, and noted under its path.

However many keys there are, the tree stays small: what is deeper than DEEPEST is not looked at, and an object with
more than MOST new keys, or with a key that is no name, has data for keys, so that any may stand there.
"""

from __future__ import annotations

import re

from servicetitan_mirror.reading.fields import ITEM, Node
from servicetitan_mirror.reading.paths import ANY, joined, kind_of_value

MOST = 50  # keys of one object that are noted as new
MOST_IN_ALL = 500  # paths of one list that are noted
DEEPEST = 10  # steps of a path
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}")


class Learned:
    """A tree that learns. `odd` gets what it learns, by path: places that are new, or have other kinds of values."""

    def __init__(self, root: Node, odd: dict[str, Node]) -> None:
        self.root = root
        self.odd = odd

    def learn(self, record: dict[str, object]) -> bool:
        """Add to the tree what it does not know of a record; whether there was anything."""
        return self._value(self.root, "", record, 0)

    def _value(self, node: Node, path: str, value: object, depth: int) -> bool:
        kind = kind_of_value(value)
        news = kind is not None and kind not in node.kinds
        if kind and news:
            node.kinds.add(kind)
            if node.expected:
                self.odd[path] = node
        if isinstance(value, dict):
            news = any([self._key(node, path, key, below, depth) for key, below in value.items()]) or news
        elif isinstance(value, list) and (depth < DEEPEST or ITEM in node.fields):
            item = node.fields.setdefault(ITEM, Node())
            news = any([self._value(item, path + ITEM, one, depth + 1) for one in value]) or news
        return news

    def _key(self, node: Node, path: str, key: str, value: object, depth: int) -> bool:
        place = joined(path, key)
        if key in node.fields:
            return self._value(node.fields[key], place, value, depth + 1)
        if node.is_open:
            return False
        if depth >= DEEPEST or not _NAME.fullmatch(key) or self._is_full(node):
            node.is_open = True
            self.odd[joined(path, ANY)] = Node()
            return True
        self.odd[place] = node.fields[key] = Node()
        self._value(node.fields[key], place, value, depth + 1)
        return True

    def _is_full(self, node: Node) -> bool:
        return len(self.odd) >= MOST_IN_ALL or sum(not below.expected for below in node.fields.values()) >= MOST


def type_of(node: Node) -> str:
    """The kinds of a place's values that are not expected, as specifications have it: `object[]`, `array of number`."""
    return " or ".join(_named(node, kind) for kind in sorted(node.kinds - node.expected)) or "null"


def _named(node: Node, kind: str) -> str:
    items = node.fields[ITEM].kinds if kind == "array" and ITEM in node.fields else set()
    return f"array of {' or '.join(sorted(items))}".replace("array of object", "object[]") if items else kind
