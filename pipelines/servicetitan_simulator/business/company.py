"""The company itself: records of its business units, technicians, job types, campaigns, call reasons, tags, fields.

`Company(dice, ids, founded)` writes them to the store and keeps what the daily business picks from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from .. import clock
from ..dice import Dice, Ids
from ..settings import TENANT_ID
from ..store import Row, Store, encode
from . import catalog, demand, staff, words
from .custom_fields import name_fields
from .handles import JobKind, Model, Sku, Technician, Unit
from .shapes import SHAPES
from .texts import item_description

TENANT_NAME = "Marrow Springs Comfort Co."


@dataclass
class Company:
    """What the daily business picks from. Ids are ServiceTitan ids, `founded` and `now` are ticks."""

    store: Store
    dice: Dice
    ids: Ids
    founded: int
    now: int

    def __post_init__(self) -> None:
        self.office = [self.ids.new() for _ in range(5)]
        self.terms = [(self.ids.new(), *term) for term in catalog.TERMS]
        self.zones = [self.ids.new() for _ in range(4)]
        self.invoice_types = {kind: raw({"id": self.ids.new(), "name": kind}) for kind in catalog.INVOICE_TYPES}
        self.role, self.tax_zone, self.tax_code, self.batches, self.deposits = (self.ids.new() for _ in range(5))
        self.trades = {trade: self.ids.new() for trade in catalog.PRICEBOOK}
        self.project_types = {trade: self.ids.new() for trade in catalog.PRICEBOOK}
        self.project_statuses = {name: self.ids.new() for name in catalog.PROJECT_STATUSES}
        self.models = [Model(self.ids.new(), self.ids.new(), *row) for row in catalog.EQUIPMENT]
        self.tags = [self._add("tag_types", _tag(*row)) for row in catalog.TAG_TYPES][:-1]
        self.units = {unit.name: self._open_unit(unit) for unit in catalog.UNITS}
        self.technicians = self._hire()
        self.fields = name_fields(self.ids, self._add)
        self.kinds = [self._offer(kind) for kind in catalog.JOB_KINDS]
        self.wanted = {month: self._wanted(month) for month in range(1, 13)}
        self.campaigns = [self._advertise(*row) for row in catalog.CAMPAIGNS][:-1]
        for name, is_lead, active in catalog.CALL_REASONS:
            self._add("call_reasons", SHAPES["call_reasons"] | {"name": name, "isLead": is_lead, "active": active})
        self.cost_account = _account(self.ids.new(), "Cost of parts", "5100", "CostOfGoodsSold")
        self.asset_account = _account(self.ids.new(), "Truck stock", "1300", "Asset")
        self.cash_account = _account(self.ids.new(), "Undeposited Funds", "1200", "Asset")
        self.skus = {trade: [self._sku(sku) for sku in skus] for trade, skus in catalog.PRICEBOOK.items()}
        self.membership, self.counter_sale = self._sku(catalog.MEMBERSHIP), self._sku(catalog.COUNTER_SALE)
        self.payment_types = [(name, str(self.ids.new())) for name in catalog.PAYMENT_TYPES]

    def later(self, at: int) -> int:
        """A moment between `at` and now, mostly soon after."""
        return at + int((self.now - at) * self.dice.random() ** 4)

    def _wanted(self, month: int) -> tuple[list[JobKind], list[int]]:
        """The job types in season and their shares."""
        kinds = [kind for kind in self.kinds if demand.in_season(kind.season, month)]
        return kinds, [kind.share for kind in kinds]

    def _add(self, table: str, row: Row, record_id: int = 0) -> int:
        created = self.founded + self.dice.between(0, 40 * clock.DAY)
        modified = self.dice.between(created, self.now)
        row["id"] = record_id or self.ids.new()
        if "createdOn" in row:
            row |= {"createdOn": clock.text(created), "modifiedOn": clock.text(modified)}
        self.store[table].append(row, created, modified)
        return int(row["id"])

    def _open_unit(self, unit: catalog.Unit) -> Unit:
        slug = unit.name.split(" ")[0].lower()
        row = SHAPES["business_units"] | {
            "name": unit.name,
            "officialName": f"{TENANT_NAME} {unit.trade}",
            "active": unit.active,
            "email": f"{slug}@example.com",
            "phoneNumber": "5125550100",
            "invoiceHeader": f"<p><b>{TENANT_NAME}</b><br/>{unit.trade}</p>",
            "invoiceMessage": "<p>Payment is due on receipt.<br/>¡Gracias!</p>",
            "defaultTaxRate": raw("0.0825000000"),
            "authorizationParagraph": "<p>I authorize the work described above.</p>",
            "acknowledgementParagraph": "<p>The work is complete.</p>",
            "address": self._office_address(),
            "materialSku": f"MAT-{slug}",
            "franchiseId": "MS-01",
            "conceptCode": "COMFORT",
            "corporateContractNumber": "C-2021-118",
            "externalData": [{"key": "ledger-department", "value": f"D-{slug}"}] if unit.active else None,
            "quickbooksClass": unit.trade,
            "accountCode": "4000",
            "trade": {"id": self.trades[unit.trade], "name": unit.trade},
            "division": {"id": 1, "name": unit.division},
            "tagTypeIds": self.tags[:1],
            "tenant": self._tenant(),
        }
        record_id = self._add("business_units", row)
        return Unit(record_id, unit.name, unit.trade, raw({"id": record_id, "name": unit.name}))

    def _office_address(self) -> Row:
        city, state, code, latitude, longitude = words.CITIES[0]
        place = {"street": "1 Depot Plaza", "city": city, "state": state, "zip": code}
        return SHAPES["business_units.address"] | place | {"latitude": latitude, "longitude": longitude}

    def _tenant(self) -> Row:
        codes = {"accountCode": "4000", "franchiseId": "MS-01", "conceptCode": "COMFORT"}
        return {"id": int(TENANT_ID), "name": TENANT_NAME} | codes | {"modifiedOn": clock.text(self.founded)}

    def _hire(self) -> dict[str, list[Technician]]:
        crews: dict[str, list[Technician]] = {unit.name: [] for unit in catalog.UNITS}
        for turn, (first, last, unit) in enumerate(catalog.TECHNICIANS):
            row = SHAPES["technicians"] | staff.person(first, last) | staff.at_work(turn, unit)
            row |= {
                "userId": self.ids.new(),
                "businessUnitId": self.units[unit].id,
                "mainZoneId": self.zones[turn % 4],
                "zoneIds": self.zones[:2],
                "roleIds": [self.role],
                "startDate": clock.midnight_text(self.founded),
                "location": {"latitude": 30.2, "longitude": -97.8, "coordinatesUpdatedOn": clock.text(self.now)},
                "customFields": [{"typeId": self.office[4], "name": "Truck", "value": f"№ {turn + 1}"}],
            }
            crews[unit].append(Technician(self._add("technicians", row), row["name"]))
        return crews

    def _offer(self, kind: catalog.JobKind) -> JobKind:
        unit = self.units[kind.unit]
        row = SHAPES["job_types"] | {
            "name": kind.name,
            "businessUnitIds": [unit.id],
            "skills": [unit.trade],
            "tagTypeIds": self.tags[3:5],
            "externalData": [{"key": "script", "value": kind.name.lower().replace(" ", "-")}],
            "priority": kind.priority,
            "duration": kind.hours * 3600,
            "soldThreshold": raw("79.0000000000"),
            "class": kind.work,
            "summary": f"{kind.name}:\nask for the age of the system",
            "active": kind.active,
            "noCharge": not kind.billed,
            "customFieldTypeIds": [field.id for field in self.fields["jobs"]],
        }
        record_id = self._add("job_types", row)
        return JobKind(
            record_id, unit, kind.name, kind.work, kind.priority, kind.hours, kind.share, kind.season, kind.billed
        )

    def _advertise(self, name: str, category: str, source: str, medium: str, active: bool) -> int:
        return self._add(
            "campaigns",
            SHAPES["campaigns"]
            | {
                "name": name,
                "active": active,
                "category": {"id": self.ids.new(), "name": category, "active": True},
                "source": source,
                "otherSource": name if source == "Other" else None,
                "medium": medium,
                "businessUnit": "HVAC - Service" if medium == "Search" else None,
                "campaignPhoneNumbers": ["5125550111"],
                "isDefaultCampaign": name == "Referral",
            },
        )

    def _sku(self, sku: catalog.Sku) -> Sku:
        number = {"Service": "4100", "Material": "4200", "Equipment": "4300"}[sku.kind]
        record_id, account_id = self.ids.new(), self.ids.new()
        account = _account(account_id, f"{sku.kind} revenue", number, "Income")
        stocked = (self.cost_account, self.asset_account) if sku.kind != "Service" else (None, None)
        return Sku(record_id, sku, item_description(sku.label, sku.kind), account_id, account, *stocked)


def raw(value: Any) -> msgspec.Raw:
    """JSON text to be written as it is: a number as text, or anything else already encoded."""
    return msgspec.Raw(value.encode() if isinstance(value, str) else encode(value))


def _account(record_id: int, name: str, number: str, kind: str) -> msgspec.Raw:
    return raw({"id": record_id, "name": name, "number": number, "type": kind, "detailType": kind})


def _tag(name: str, color: str, code: str, importance: str | None, active: bool) -> Row:
    return SHAPES["tag_types"] | {
        "name": name,
        "color": color,
        "code": code,
        "importance": importance,
        "active": active,
        "isConversionOpportunity": importance == "High",
    }
