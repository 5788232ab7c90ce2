"""A record of a page → the record as it may land: see api/protection.py."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from servicetitan_mirror.api.protection import Protection
from servicetitan_mirror.entities import Entity
from servicetitan_mirror.reading.records import Rejected, Row


def protected(record: Row | Rejected, entity: Entity, protection: Protection) -> Row | Rejected:
    """The record without what is left out of it; one in which that cannot be found is rejected."""
    if isinstance(record, Rejected):
        return replace(record, record=protection.protected_words(record.record))
    try:
        return replace(record, record=protection.protected(entity.name, record.record))
    except (msgspec.MsgspecError, RecursionError):
        words = protection.protected_words(record.record)
        return Rejected(words, "what is personal in it cannot be told", str(record.id))
