"""What of a person may land: a record's text without what the settings, or an erasure, leave out.

Each answer carries the protection of its client, so that nothing that reads pages can pass it by. The fields are those
of personal.py; all others keep their own text, with every digit. Where nothing is to be left out, no record is looked
at.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import msgspec

from servicetitan_mirror.api.whole_numbers import whole_number
from servicetitan_mirror.config.settings import Settings
from servicetitan_mirror.personal import DROPPED, ERASED, FIELDS, HASHED, Tree, sounds_personal, tree_of

KEEP, HASH, DROP = "keep", "hash", "drop"
DEEPEST = 30  # levels that are looked at
LEFT_OUT = "(left out: personal data)"
ERASED_TEXT = "(erased)"
_NULL = msgspec.Raw(b"null")
_OBJECT, _LIST = b"{["
_NOTHING_NAMED: Tree = {}
_HASHED = re.compile(r"#[0-9a-f]{32}")
_NUMBERS = re.compile(r"\d{1,19}", re.ASCII)
_objects = msgspec.json.Decoder(dict[str, msgspec.Raw])
_lists = msgspec.json.Decoder(list[msgspec.Raw])
_values = msgspec.json.Decoder()

Treat = Callable[[str, msgspec.Raw], msgspec.Raw]  # (kind, value) → what lands in its place


class _Ids(msgspec.Struct):
    """Whom a record is about, in whatever form."""

    id: msgspec.Raw = _NULL
    mergedToId: msgspec.Raw = _NULL
    customerId: msgspec.Raw = _NULL
    locationId: msgspec.Raw = _NULL
    customer: msgspec.Raw = _NULL
    location: msgspec.Raw = _NULL


_ids = msgspec.json.Decoder(_Ids)


@dataclass
class Protection:
    """What is left out of a tenant's records.

    Attributes:
        mode: what the settings say: KEEP, HASH or DROP.
        key: of the hashes.
        erased: by "customers" and "locations", the ids of those that were erased.
        found: the same, of those that turned out to belong to them while lists were read.
    """

    mode: str = KEEP
    key: str = ""
    erased: dict[str, set[int]] = field(default_factory=lambda: {"customers": set(), "locations": set()})
    found: dict[str, set[int]] = field(default_factory=lambda: {"customers": set(), "locations": set()})

    @classmethod
    def of(cls, settings: Settings) -> Protection:
        """What the settings leave out; nobody is erased."""
        return cls(settings.personal_data, str(settings.personal_data_key or ""))

    def __bool__(self) -> bool:
        return self.mode != KEEP or any(self.erased.values())

    @property
    def state(self) -> str:
        """Mode, key and fields in a text that changes when what lands changes, and gives none of them away."""
        if self.mode == KEEP:
            return KEEP
        fields = hashlib.sha256(json.dumps(FIELDS, sort_keys=True).encode()).hexdigest()[:8]
        return f"{self.mode} {self.hashed('servicetitan-mirror')[1:9] if self.mode == HASH else ''} {fields}"

    def protected(self, entity: str, text: str) -> str:
        """A record's text as it may land.

        Raises:
            RecursionError, msgspec.MsgspecError: it cannot be read; then it may not land at all.
        """
        if any(self.erased.values()) and self._is_erased(entity, text):
            return without(entity, text)
        return text if self.mode == KEEP else treated(entity, text, self._treat)

    def protected_words(self, text: str) -> str:
        """A text that is no record, as it may be kept: whole, or told apart from others by a digest alone."""
        ids = {id for known in self.erased.values() for id in known}
        if self.mode == KEEP and not any(int(number) in ids for number in _NUMBERS.findall(text)):
            return text
        digest = hmac.digest(self.key.encode(), text.encode(errors="replace"), hashlib.sha256).hex()
        return f"{LEFT_OUT} {digest[:16]}"

    def hashed(self, value: str) -> str:
        """HMAC-SHA256 of a value by the key, its first 32 digits behind a #; case and blanks at its ends count not."""
        told = value.strip().casefold()
        return "#" + hmac.digest(self.key.encode(), told.encode(), hashlib.sha256).hex()[:32]

    def _treat(self, kind: str, value: msgspec.Raw) -> msgspec.Raw:
        if kind == ERASED:
            return value
        if kind == DROPPED or self.mode == DROP:
            return _NULL
        known = _value(value)
        if isinstance(known, str) and (not known.strip() or _HASHED.fullmatch(known)):
            return value  # nothing, or what was hashed before
        if isinstance(known, bool) or not isinstance(known, str | int | float):
            return _NULL
        return msgspec.Raw(msgspec.json.encode(self.hashed(str(known))))

    def _is_erased(self, entity: str, text: str) -> bool:
        """Whether a record is about somebody who was erased; what belongs to him is from now on erased itself."""
        ids = _ids.decode(text)
        customers = [_whole(ids.customerId), _whole_within(ids.customer)]
        locations = [_whole(ids.locationId), _whole_within(ids.location)]
        own = {"customers": customers, "locations": locations}.get(entity)
        if own is not None:
            own += [_whole(ids.id), _whole(ids.mergedToId)]
        is_erased = not (
            self.erased["customers"].isdisjoint(customers) and self.erased["locations"].isdisjoint(locations)
        )
        known = _whole(ids.id)
        if is_erased and own is not None and known is not None and known not in self.erased[entity]:
            self.erased[entity].add(known)
            self.found[entity].add(known)
        return is_erased


def without(entity: str, text: str) -> str:
    """A record's text without anything that is about a person."""
    return treated(entity, text, lambda kind, value: _NULL)


def treated(entity: str, text: str, treat: Treat) -> str:
    """A record's text with its personal fields treated; the same text where none changes."""
    tree = tree_of(entity)
    if tree is None:
        return text
    return bytes(_treated(msgspec.Raw(text.strip().encode()), tree, treat)).decode()


def texts(entity: str, text: str) -> Iterable[str]:
    """The values of a record that say who somebody is."""
    found = []

    def note(kind: str, value: msgspec.Raw) -> msgspec.Raw:
        known = _value(value) if kind == HASHED else None
        found.extend([known] if isinstance(known, str) else [])
        return value

    treated(entity, text, note)
    return found


def _treated(raw: msgspec.Raw, tree: Tree, treat: Treat, depth: int = 0) -> msgspec.Raw:
    """An object or list, itself where nothing in it changes; null where it is nested deeper than any record is."""
    if depth > DEEPEST:
        return _NULL
    if memoryview(raw)[0] == _LIST:
        items = _lists.decode(raw)
        news = [_treated(each, tree, treat, depth + 1) if _has_parts(each) else each for each in items]
        same = all(new is item for new, item in zip(news, items, strict=True))
        return raw if same else msgspec.Raw(msgspec.json.encode(news))
    fields, changed = _objects.decode(raw), False
    for name, value in fields.items():
        kind = tree.get(name) or sounds_personal(name)
        new = _field(value, kind, treat, depth) if kind or _has_parts(value) else value
        if new is not value:
            fields[name], changed = new, True
    return msgspec.Raw(msgspec.json.encode(fields)) if changed else raw


def _field(raw: msgspec.Raw, kind: str | Tree, treat: Treat, depth: int) -> msgspec.Raw:
    if isinstance(kind, str) and kind:
        new = raw if bytes(raw) in (b"null", b"true", b"false") else treat(kind, raw)
        return raw if bytes(new) == bytes(raw) else new
    return _treated(raw, kind or _NOTHING_NAMED, treat, depth + 1) if _has_parts(raw) else raw


def _has_parts(raw: msgspec.Raw) -> bool:
    return memoryview(raw)[0] in (_OBJECT, _LIST)


def _value(raw: msgspec.Raw) -> object:
    try:
        return _values.decode(raw)
    except msgspec.MsgspecError:  # a number that is out of every range
        return None


def _whole(raw: msgspec.Raw) -> int | None:
    return whole_number(_value(raw))


def _whole_within(raw: msgspec.Raw) -> int | None:
    try:
        return _whole(_objects.decode(raw).get("id", _NULL))
    except msgspec.MsgspecError:
        return None
