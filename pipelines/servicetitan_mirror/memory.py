"""Memory goes back to the system when it is freed, so that a sync's peak does not grow with the tenant."""

from __future__ import annotations

import ctypes
import os

LARGE = 128 * 2**10  # bytes, glibc's own default, which it would raise as soon as a page's buffer is freed
_M_MMAP_THRESHOLD = -3  # malloc.h


def keep_pages_out_of_heap() -> None:
    """Have pages allocated outside the heap, where they would leave holes. Call it before pyarrow is imported."""
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # Arrow's own pool keeps what is free for later
    if os.name == "posix" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(_M_MMAP_THRESHOLD, LARGE)
