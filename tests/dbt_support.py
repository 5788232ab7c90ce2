"""What the dbt tests share: landed tables as the pipeline makes them, and one rich record per entity.

An entity of which no record is written here gets one of the simulator's.
"""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml
from dbt.cli.main import dbtRunner, dbtRunnerResult
from psycopg2.extensions import parse_dsn
from psycopg2.extras import execute_values

from mirror import simulator
from servicetitan_mirror.entities import BY_NAME, OPTIONAL, PUBLISHED, STANDARD, Entity
from servicetitan_mirror.postgres.warehouse import Warehouse, query
from servicetitan_mirror.raw import schema
from servicetitan_mirror.tables.optional import FOLDER, VARIABLE

PROJECT = Path(__file__).parents[1] / "dbt_project"
TENANT = 42

# fmt: off
RECORDS: dict[str, dict[str, Any]] = {
    "business_units": {
        "id": 1, "active": True, "name": "Plumbing", "officialName": "Blue Plumbing LLC",
        "email": "office@blue.example", "currency": "USD", "phoneNumber": "555-0100", "defaultTaxRate": 0.0725,
        "accountCode": "100", "franchiseId": "F1", "quickbooksClass": "Service",
        "trade": {"id": 11, "name": "Plumbing"}, "division": {"id": 12, "name": "Service"},
        "tenant": {"id": 42, "name": "Blue"}, "tagTypeIds": [6],
        "address": {"street": "1 Elm St", "unit": "A", "city": "Glendale", "state": "CA", "zip": "91203",
            "country": "USA"},
    },
    "technicians": {
        "id": 2, "userId": 202, "name": "Ann Lee", "firstName": "Ann", "lastName": "Lee", "businessUnitId": 1,
        "mainZoneId": 21, "zoneIds": [21, 22], "roleIds": [23], "payrollProfileId": 24, "payrollId": "P-7",
        "email": "ann@blue.example", "phoneNumber": "555-0101", "mobilePhone": "555-0102", "loginName": "ann",
        "team": "North", "licenseType": "ManagedTech", "status": "Idle", "positions": ["Service"],
        "skills": [{"id": 25, "name": "Gas"}], "customFields": [{"typeId": 7, "name": "Shirt", "value": "M"}],
        "dailyGoal": 1500, "hourlyRate": 32.5, "burdenRate": 5.25, "commissionRate": 0.05, "soldByRate": 0.02,
        "active": True, "isManagedTech": True, "accountLocked": False, "startDate": "2019-03-01T00:00:00Z",
    },
    "job_types": {
        "id": 3, "name": "Water heater repair", "businessUnitIds": [1], "skills": ["Gas"], "tagTypeIds": [6],
        "priority": "Normal", "duration": 7200, "soldThreshold": 250.0, "class": "Repair", "summary": "Check gas",
        "noCharge": False, "isSmartDispatched": True, "invoiceSignaturesRequired": True, "active": True,
        "defaultEstimateSoldAction": "None", "customFieldTypeIds": [7],
    },
    "call_reasons": {
        "id": 4, "name": "Price shopper", "isLead": True, "active": True,
    },
    "campaigns": {
        "id": 5, "name": "Spring mailer", "category": {"id": 51, "name": "Mail", "active": True}, "source": "Mail",
        "otherSource": "None", "medium": "Print", "otherMedium": "None", "businessUnit": "Plumbing", "active": True,
        "isDefaultCampaign": False, "campaignPhoneNumbers": ["555-0199"],
    },
    "tag_types": {
        "id": 6, "name": "VIP", "color": "#ff0000", "code": "V", "importance": "High", "active": True,
        "isConversionOpportunity": False, "isVisibleOnDispatchBoard": True, "allowToUseOnTimesheetActivity": False,
    },
    "custom_fields": {
        "id": 7, "name": "Gate code", "dataType": "Dropdown", "dataTypeOptions": ["North", "South"],
    },
    "customers": {
        "id": 8, "active": True, "name": "Mia Wong", "type": "Residential", "balance": 125.5, "taxExempt": False,
        "address": {"street": "2 Oak St", "unit": "B", "city": "Burbank", "state": "CA", "zip": "91501",
            "country": "USA", "latitude": 34.18, "longitude": -118.3},
        "customFields": [{"typeId": 7, "name": "Gate code", "value": "North"}], "tagTypeIds": [6, 66],
        "doNotMail": False, "doNotService": False, "nationalAccount": False, "createdById": 202, "mergedToId": 81,
        "paymentTermId": 82, "creditLimit": 1000, "creditLimitBalance": 874.5,
    },
    "locations": {
        "id": 9, "customerId": 8, "active": True, "name": "Home", "zoneId": 21, "taxZoneId": 91, "taxExempt": False,
        "address": {"street": "2 Oak St", "unit": "B", "city": "Burbank", "state": "CA", "zip": "91501",
            "country": "USA", "latitude": 34.18, "longitude": -118.3},
        "customFields": [{"typeId": 7, "name": "Gate code", "value": "North"}], "tagTypeIds": [6], "createdById": 202,
        "mergedToId": 92,
    },
    "jobs": {
        "id": 10, "jobNumber": "J-10", "projectId": 101, "customerId": 8, "locationId": 9, "jobStatus": "InProgress",
        "completedOn": "2026-01-05T16:28:55.8446003Z", "businessUnitId": 1, "jobTypeId": 3, "priority": "Normal",
        "campaignId": 5, "appointmentCount": 1, "firstAppointmentId": 12, "lastAppointmentId": 12, "recallForId": 102,
        "warrantyId": 103, "jobGeneratedLeadSource": {"jobId": 104, "employeeId": 105}, "noCharge": False,
        "notificationsEnabled": True, "createdById": 202, "tagTypeIds": [6], "leadCallId": 106, "bookingId": 107,
        "soldById": 2, "customerPo": "PO-1", "invoiceId": 13, "membershipId": 108, "total": 125.5,
        "createdFromEstimateId": 11, "estimateIds": [11], "equipmentIds": [15], "isAutoDispatched": False,
        "summary": "Leak at the base", "customFields": [{"typeId": 7, "name": "Gate code", "value": "North"}],
    },
    "estimates": {
        "id": 11, "jobId": 10, "projectId": 101, "locationId": 9, "customerId": 8, "name": "Best",
        "jobNumber": "J-10", "status": {"value": 0, "name": "Open"}, "reviewStatus": "None", "summary": "New heater",
        "active": True, "soldOn": "2026-01-05T16:28:55Z", "soldBy": 202,
        "items": [{"id": 111, "qty": 1, "total": 100.0}],
        "externalLinks": [{"name": "Plan", "url": "https://blue.example"}], "subtotal": 100.0, "tax": 7.25,
        "businessUnitId": 1, "businessUnitName": "Plumbing", "isRecommended": True, "isChangeOrder": False,
        "proposalTagName": "A", "depositAmount": 10, "depositPercent": 10, "requireDepositOnSignature": True,
    },
    "appointments": {
        "id": 12, "jobId": 10, "appointmentNumber": "J-10-1", "start": "2026-01-05T16:00:00Z",
        "end": "2026-01-05T18:00:00Z", "arrivalWindowStart": "2026-01-05T16:00:00Z",
        "arrivalWindowEnd": "2026-01-05T17:00:00Z", "status": "Scheduled", "specialInstructions": "Dog",
        "customerId": 8, "unused": False, "createdById": 202, "isConfirmed": True, "active": True,
    },
    "invoices": {
        "id": 13, "syncStatus": "Pending", "referenceNumber": "INV-13", "invoiceDate": "2026-01-05T00:00:00Z",
        "dueDate": "2026-02-04T00:00:00Z", "subTotal": "117.01", "salesTax": "8.49", "total": "125.50",
        "balance": "25.50", "discountTotal": "1.00", "invoiceType": {"id": 131, "name": "Standard"}, "taxZoneId": 91,
        "customer": {"id": 8, "name": "Mia Wong"}, "location": {"id": 9, "name": "Home"},
        "businessUnit": {"id": 1, "name": "Plumbing"}, "termName": "Net 30", "createdBy": "admin",
        "batch": {"id": 132, "number": "1", "name": "January"}, "depositedOn": "2026-01-07T00:00:00Z",
        "adjustmentToId": 133, "job": {"id": 10, "number": "J-10", "type": "Water heater repair"}, "projectId": 101,
        "sentStatus": "Sent", "reviewStatus": "Reviewed", "assignedTo": {"id": 134, "name": "Bob"}, "summary": "Done",
        "items": [{"id": 135, "total": "117.01"}], "customFields": [{"name": "Gate code", "value": "North"}],
        "active": True, "membershipId": 108, "paidOn": "2026-01-06T00:00:00Z", "invoiceConfiguration": "JobInvoice",
    },
    "payments": {
        "id": 14, "active": True, "appliedTo": [{"appliedTo": 13, "appliedId": 141, "appliedAmount": "100.00"}],
        "authCode": "A1", "batch": {"id": 132}, "businessUnit": {"id": 1}, "checkNumber": "77", "createdBy": "admin",
        "customer": {"id": 8}, "customFields": [{"name": "Gate code", "value": "North"}], "deposit": {"id": 142},
        "date": "2026-01-06T00:00:00Z", "memo": "Thanks", "referenceNumber": "PAY-14", "refundedPaymentId": 143,
        "syncStatus": "Posted", "total": "110.00", "type": "Check", "typeId": "144", "unappliedAmount": "10.00",
    },
    "installed_equipment": {
        "id": 15, "active": True, "equipmentId": 151, "locationId": 9, "customerId": 8, "invoiceItemId": 135,
        "name": "Water heater", "type": {"id": 152, "name": "Heater"}, "installedOn": "2020-06-01T00:00:00Z",
        "serialNumber": "SN1", "barcodeId": "B1", "memo": "Garage", "manufacturer": "Acme", "model": "H40",
        "cost": 600, "status": "Installed", "manufacturerWarrantyStart": "2020-06-01T00:00:00Z",
        "manufacturerWarrantyEnd": "2026-06-01T00:00:00Z", "serviceProviderWarrantyStart": "2020-06-01T00:00:00Z",
        "serviceProviderWarrantyEnd": "2022-06-01T00:00:00Z", "tags": [{"id": 153, "typeId": 6, "typeName": "VIP"}],
        "actualReplacementDate": "2031-05-01", "manufacturedOn": "2020-01-15", "predictedReplacementMonths": 120,
        "predictedReplacementDate": "2030-06-01",
    },
    "customer_contacts": {
        "id": 16, "customerId": 8, "type": "Email", "value": "mia@home.example", "memo": "Owner",
    },
    "location_contacts": {
        "id": 17, "locationId": 9, "type": "MobilePhone", "value": "555-0117", "memo": None,
    },
    "appointment_assignments": {
        "id": 18, "technicianId": 2, "jobId": 10, "appointmentId": 12, "active": True,
    },
}
# fmt: on
for _record in RECORDS.values():
    _record |= {"createdOn": "2026-01-02T16:28:55.8446003Z", "modifiedOn": "2026-01-03T16:28:55.88318Z"}

COMPANIONS = {entity.name: entity.parent_id for entity in STANDARD if entity.parent_id}
TABLES = [entity.name for entity in PUBLISHED]
TYPED = tuple(entity for entity in OPTIONAL if (PROJECT / FOLDER / entity.name).is_dir())  # optional, with a table


def model(entity: Entity) -> Path:
    """The SQL file of its table."""
    folder = "models" if entity.is_standard else f"{FOLDER}/{entity.name}"
    (path,) = PROJECT.glob(f"{folder}/servicetitan/*/{entity.table}.sql")
    return path


def from_the_simulator(entities: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Of each entity one record, with what any of the simulator's holds in each field."""
    with simulator() as source:
        for number, entity in enumerate(entities, len(RECORDS) + 1):
            rich: dict[str, Any] = {}
            for record in source.records(entity):
                rich |= {field: value for field, value in record.items() if not rich.get(field)}
            yield entity, rich | {"id": number}


if unwritten := {entity.name for entity in STANDARD} - RECORDS.keys():
    RECORDS |= from_the_simulator(sorted(unwritten))


class LandedDatabase:
    """A database in which a test lets records land, and dbt over it. `lists` are the optional lists in use."""

    def __init__(self, warehouse: Warehouse, profiles: Path, lists: tuple[Entity, ...] = ()) -> None:
        self.connection = warehouse.connect()
        self.profiles = write_profile(profiles, warehouse.dsn)
        self.lists = " ".join(entity.name for entity in lists)
        schema.prepare(self.connection, entities=STANDARD + lists)

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        return query(self.connection, statement, values)

    def value(self, statement: str, *values: Any) -> Any:
        return self.sql(statement, *values)[0][0]

    def land(
        self,
        entity: str,
        *records: dict[str, Any],
        load: str = "1",
        tenant: int = TENANT,
        deleted: bool = False,
        owner: str = "customers",
    ) -> None:
        """Lands records as the pipeline does: the load is pending, then the rows carry its id."""
        self.sql(
            "insert into raw_servicetitan.pending_loads values (%s, %s, %s) on conflict do nothing",
            tenant,
            entity,
            load,
        )
        owned = BY_NAME[entity].has_owners
        rows = [
            (tenant, record["id"], json.dumps(record), load, "now()" if deleted else None, *[owner] * owned)
            for record in records
        ]
        with self.connection.cursor() as cursor:
            execute_values(
                cursor,
                f"insert into raw_servicetitan.{entity}"
                f" (tenant_id, id, record, _dlt_load_id, deleted_at{', entity_type' * owned}) values %s"
                f" on conflict (tenant_id, id{', entity_type' * owned}) do update set record = excluded.record,"
                " _dlt_load_id = excluded._dlt_load_id, deleted_at = excluded.deleted_at",
                rows,
                template=f"(%s, %s, %s::jsonb, %s, %s::timestamptz{', %s' * owned})",
                page_size=1000,
            )

    def land_everything(self) -> None:
        for entity, record in RECORDS.items():
            self.land(entity, record)

    def mark_as_built(self) -> None:
        """What the pipeline does after a green dbt run."""
        self.sql("delete from raw_servicetitan.pending_loads")

    def dbt(self, *arguments: str) -> dbtRunnerResult:
        return run_dbt(self.profiles, *arguments, lists=self.lists)

    def run(self, *entities: str) -> list[str]:
        """Runs all models, or those of some entities; answers those that failed, and why."""
        selection = ["--select", *(f"st_{entity}" for entity in entities)] if entities else []
        result = self.dbt("run", "--warn-error", *selection)
        failed = [f"{node.node.name}: {node.message}" for node in result.result or [] if node.status == "error"]
        assert result.success or failed, result.exception
        if not failed:
            self.mark_as_built()
        return failed

    def save(self) -> None:
        """Keeps what the tables hold now, for `restore`."""
        self.sql("drop schema if exists saved cascade; create schema saved")
        for table in self.tables():
            self.sql(f"create table saved.{table.split('.')[1]} as table {table}")

    def restore(self) -> None:
        self.sql(
            "".join(
                f"delete from {table}; insert into {table} table saved.{table.split('.')[1]};"
                for table in self.tables()
            )
        )

    @staticmethod
    def tables() -> list[str]:
        return [f"raw_servicetitan.{entity}" for entity in [*RECORDS, "pending_loads", "sync_log"]] + [
            f"public.st_{entity}" for entity in TABLES
        ]


def write_profile(folder: Path, dsn: str) -> Path:
    """A folder with dbt's profile of a database, for dbt's own adapter."""
    parts = parse_dsn(dsn)
    output = {
        "type": "postgres",
        "host": parts["host"],
        "port": int(parts.get("port", 5432)),
        "user": parts["user"],
        "password": parts.get("password", ""),
        "dbname": parts["dbname"],
        "schema": "public",
        "threads": 4,
    }
    profile = {"servicetitan_mirror": {"target": "test", "outputs": {"test": output}}}
    (folder / "profiles.yml").write_text(yaml.safe_dump(profile))
    return folder


@cache
def manifest(profiles: Path, lists: str = "") -> Any:
    """The parsed project, which is large and stays: the collector of garbage need not look through it in each run."""
    with reading(lists):
        parsed = dbtRunner().invoke(["parse", "--warn-error", *where_things_are(profiles)]).result
    gc.freeze()
    return parsed


def run_dbt(profiles: Path, *arguments: str, lists: str = "") -> dbtRunnerResult:
    with reading(lists):
        return dbtRunner(manifest=manifest(profiles, lists)).invoke([*arguments, *where_things_are(profiles)])


def reading(lists: str) -> Any:
    """A context in which dbt reads the folders of these optional lists, too."""
    return patch.dict(os.environ, {VARIABLE: lists})


def where_things_are(profiles: Path) -> list[str]:
    """The options of dbt that name the project, its profile and where it may write."""
    return [
        "--project-dir",
        str(PROJECT),
        "--profiles-dir",
        str(profiles),
        "--target-path",
        str(profiles / "target"),
        "--log-level-file",
        "none",
        "--no-write-json",  # a third of a run, and no test reads it
        "--quiet",
    ]
