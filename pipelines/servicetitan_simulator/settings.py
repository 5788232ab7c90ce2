"""What can be set from outside while the server runs, with the values that ServiceTitan has."""

from __future__ import annotations

from typing import Literal

import msgspec

TENANT_ID = "1234567"
CLIENT_ID = "cid.simulator"
CLIENT_SECRET = "cs1.simulator"
APP_KEY = "ak1.simulator"


class Settings(msgspec.Struct, forbid_unknown_fields=True):
    """token_lifetime, latency, clock_offset, export_lag and retry-after waits are seconds.

    over_cap: what a pageSize above page_size_cap gets; ServiceTitan's own answer is not known.
    requests_per_second: 0 switches the limit off. removed_scopes: scopes that new and old tokens lack.
    export_lag: how late an export feed shows a change that it is not asked for with includeRecentChanges.
    export_empty_batches: each batch of a feed comes after an empty one with hasMore.
    """

    tenant_id: str = TENANT_ID
    token_lifetime: float = 900
    latency: float = 0
    requests_per_second: int = 60
    retry_after_header: bool = False
    page_size_cap: int = 5000
    over_cap: Literal["clamp", "400"] = "clamp"
    clock_offset: float = 0
    removed_scopes: list[str] = []
    changes_per_minute: float = 0
    export_lag: float = 900
    export_batch_size: int = 1000
    export_empty_batches: bool = False

    def changed(self, changes: object) -> Settings:
        """A copy with some fields replaced. Raises msgspec.ValidationError for an unknown name or a wrong type."""
        known = msgspec.to_builtins(self)
        return msgspec.convert(known | changes if isinstance(changes, dict) else changes, Settings)
