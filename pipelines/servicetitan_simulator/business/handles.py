"""What the daily business needs to know of the company's records: their ids and the few facts that matter."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from . import catalog


class Technician(NamedTuple):
    """Who does the work."""

    id: int
    name: str


class Unit(NamedTuple):
    """A business unit; `reference` is the {id, name} that other rows hold."""

    id: int
    name: str
    trade: str
    reference: msgspec.Raw


class JobKind(NamedTuple):
    """A job type of a business unit."""

    id: int
    unit: Unit
    name: str
    work: str
    priority: str
    hours: int
    share: int
    season: str
    billed: bool


class Model(NamedTuple):
    """A kind of equipment; cost in cents."""

    id: int
    type_id: int
    name: str
    maker: str
    model: str
    cost: int


class Sku(NamedTuple):
    """A pricebook item with its description (HTML) and its ledger accounts."""

    id: int
    sku: catalog.Sku
    text: str
    account_id: int
    account: msgspec.Raw
    cost_account: msgspec.Raw | None
    asset_account: msgspec.Raw | None
