"""The rule of cursors, wherever they are kept.

A list's cursor is a moment of the server's clock: everything that changed before it has been read and loaded. It is
the moment at which the reading began, never a record's own time, so that a record that changes while pages are read
is read again; the next read begins an overlap before it.
"""

from __future__ import annotations

from datetime import datetime, timedelta


def read_from(cursor: datetime, began: datetime, overlap: int) -> datetime:
    """From where changes are read: the cursor less `overlap` seconds.

    A server's clock that was set back since the cursor was written is believed: `began` is what it says now.
    """
    return min(cursor, began) - timedelta(seconds=overlap)


def cursor_after(began: datetime, read_until: datetime | None) -> datetime:
    """The cursor of a list that was read completely.

    Args:
        began: when the sync began, by the earlier of the server's clock and ours.
        read_until: the same of the list's first page.
    """
    return min(began, read_until or began)
