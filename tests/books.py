"""What the simulator's own records come to, computed here in Python, to the cent: the other side of what marts say."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from mirror import Mirror, simulator
from servers import new_database
from servicetitan_mirror.postgres.warehouse import Warehouse

HERE = "America/Chicago"
COMPLETED, ADJUSTMENT = "2026-11-01T04:59:00Z", "2026-11-15T00:00:00Z"  # October still, there
Figures = dict[date, Decimal]


def here(instant: str) -> date:
    """The tenant's day."""
    return datetime.fromisoformat(instant[:19]).replace(tzinfo=timezone.utc).astimezone(ZoneInfo(HERE)).date()


@contextmanager
def business(server: Warehouse, root: Path) -> Iterator[Mirror]:
    """A synced business of sixty customers in Chicago, whose books hold the oddities that definitions are about."""
    with simulator(60) as source:
        mirror = Mirror(source, new_database(server), root, {"timezone": HERE})
        make_odd(mirror)
        mirror.sync()
        yield mirror


def make_odd(mirror: Mirror) -> None:
    """A job of the month's last evening, an adjustment of it, a deposit's item, and a late sale."""
    invoice = next(each for each in mirror.listed("invoices") if each["job"] and len(each["items"] or ()) > 1)
    mirror.source.set("jobs", invoice["job"]["id"], {"jobStatus": "Completed", "completedOn": COMPLETED})
    deposit = {**invoice["items"][0], "generalLedgerAccount": {"id": 1, "name": "Deposits", "type": "Liability"}}
    mirror.source.set("invoices", invoice["id"], {"items": [deposit, *invoice["items"][1:]]})
    other = next(each for each in mirror.listed("invoices") if each["items"] and each["id"] != invoice["id"])
    mirror.source.set("invoices", other["id"], {"adjustmentToId": invoice["id"], "invoiceDate": ADJUSTMENT})
    open_one = next(each for each in mirror.listed("estimates") if each["status"]["name"] == "Open" and each["active"])
    sold = {"status": {"value": 1, "name": "Sold"}, "soldOn": COMPLETED}
    mirror.source.set("estimates", open_one["id"], sold)


def revenue(mirror: Mirror) -> Iterator[tuple[date, int, str, Decimal]]:
    """Of each income item: day, business unit, kind, amount."""
    jobs = {job["id"]: job for job in mirror.listed("jobs")}
    for invoice in mirror.listed("invoices"):
        kind, day = "Completed", invoice["invoiceDate"] and date.fromisoformat(invoice["invoiceDate"][:10])
        if invoice["adjustmentToId"]:
            kind = "Adjustment"
        elif not invoice["job"]:
            kind = "Non-Job"
        else:
            job = jobs[invoice["job"]["id"]]
            day = here(job["completedOn"]) if job["jobStatus"] == "Completed" else None
        for item in (invoice["items"] or ()) if day and invoice["active"] else ():
            if item["generalLedgerAccount"]["type"] == "Income":
                yield day, invoice["businessUnit"]["id"], kind, Decimal(item["total"])


def closed_of(mirror: Mirror) -> tuple[Counter[date], Counter[date]]:
    """By month, the jobs with estimates that were sold, and all of them."""
    closed, of = Counter[date](), Counter[date]()
    thresholds = {kind["id"]: Decimal(str(kind["soldThreshold"] or 0)) for kind in mirror.listed("job_types")}
    quoted = defaultdict(list)
    for estimate in mirror.listed("estimates"):
        if estimate["active"]:
            quoted[estimate["jobId"]].append(estimate)
    for job in mirror.listed("jobs"):
        sold = [each for each in quoted[job["id"]] if each["status"]["name"] == "Sold"]
        done = job["completedOn"] if job["jobStatus"] == "Completed" else None
        if quoted[job["id"]] and (at := min((each["soldOn"] for each in sold), default=done)):
            of[here(at).replace(day=1)] += 1
            value = sum(Decimal(str(each["subtotal"])) for each in sold)
            closed[here(at).replace(day=1)] += value > 0 and value >= thresholds[job["jobTypeId"]]
    return closed, of


def owed(mirror: Mirror, day: date) -> Decimal:
    """What was open at the end of a day: balances now, and what was applied since."""
    since: dict[int, Decimal] = defaultdict(Decimal)
    for payment in mirror.listed("payments"):
        for part in payment["appliedTo"] if payment["active"] else ():
            if here(part["appliedOn"]) > day:
                since[part["appliedTo"]] += Decimal(part["appliedAmount"])
    invoices = (each for each in mirror.listed("invoices") if each["active"] and each["invoiceDate"][:10] <= str(day))
    return sum((Decimal(each["balance"]) + since[each["id"]] for each in invoices), Decimal())


def collected(mirror: Mirror) -> Figures:
    """By day, the payments."""
    booked: Figures = defaultdict(Decimal)
    for payment in mirror.listed("payments"):
        if payment["active"]:
            booked[date.fromisoformat(payment["date"][:10])] += Decimal(payment["total"])
    return dict(booked)
