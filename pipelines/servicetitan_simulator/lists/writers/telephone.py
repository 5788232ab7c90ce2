"""What comes in by telephone and web: calls book jobs, others become leads or nothing; bookings; the people who ask."""

from __future__ import annotations

from collections.abc import Iterator

from ... import clock
from ...business import texts, words
from ...store import Row
from ..desk import Desk, Made
from ..records import Job
from .people import OFFICE

UNBOOKED = 0.9  # calls that book nothing, as a share of the jobs
_OUTCOMES = ("Unbooked", "Unbooked", "Excused", "Excused", "NotLead", "Abandoned", None, None, None)  # None: outbound
_LEAD_STATUSES = ("Open", "Dismissed", "Dismissed", "Converted")
_TITLES = ("Owner", "Tenant", "Property manager", "Accounts payable")


def calls(desk: Desk) -> Iterator[Made]:
    """Each job's call, and those that booked nothing; a lead call's id is the job's leadCallId."""
    reasons = [reason for reason in desk.books.reasons if reason.active]
    for job in desk.books.jobs:
        if job.leadCallId:
            yield _call(desk, job, "Booked", reasons[0].id, job.leadCallId)
    for _ in range(int(len(desk.books.jobs) * UNBOOKED)):
        job = desk.dice.pick(desk.books.jobs)
        yield _call(desk, job, desk.dice.pick(_OUTCOMES), desk.dice.pick(reasons).id, 0)


def _call(desk: Desk, job: Job, outcome: str | None, reason_id: int, id: int) -> Made:
    dice, booked = desk.dice, outcome == "Booked"
    seconds = dice.between(4, 40) if outcome == "Abandoned" else dice.between(45, 900)
    away = seconds * clock.SECOND if booked else dice.between(0, 9 * clock.HOUR)
    at = clock.ticks(job.createdOn) - away
    inbound, known = outcome is not None, booked or dice.chance(0.5)
    office = [*zip(desk.company.office, OFFICE, strict=False)]
    agent_id, (first, last, _) = dice.pick(office)
    reason = next(each for each in desk.books.reasons if each.id == reason_id)
    campaign = desk.books.campaigns[job.campaignId]
    phones = [f"{dice.pick(words.AREA_CODES)}55501{dice.between(0, 100):02d}", "5125550111"]
    lead_call = desk.part(
        "leadCall",
        receivedOn=clock.text(at),
        duration=f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}",
        direction="Inbound" if inbound else "Outbound",
        callType=outcome,
        reason=_reason(desk, reason.id, reason.name, reason.isLead) if inbound and outcome != "Abandoned" else None,
        customer={"id": job.customerId, "name": desk.books.customers[job.customerId].name} if known else None,
        campaign={"id": campaign.id, "name": campaign.name} if inbound else None,
        agent={"id": agent_id, "name": f"{first} {last}", "externalId": None},
        createdBy={"id": agent_id, "name": f"{first} {last}"},
        recordingUrl=f"https://files.example.com/calls/{at}.mp3" if seconds > 60 else None,
        voiceMailUrl=None,
        sid=f"CA{at:032x}",
    ) | dict(zip(("from", "to") if inbound else ("to", "from"), phones, strict=True))
    fields: Row = {"jobNumber": None, "projectId": 0, "businessUnit": None, "type": None, "leadCall": lead_call}
    return Made(fields | (_booked(desk, job) if booked else {}), at, id=id, active=booked or not dice.chance(0.02))


def _booked(desk: Desk, job: Job) -> Row:
    """What a call's row has of the job that it booked."""
    kind = {"id": job.jobTypeId, "name": desk.books.kinds[job.jobTypeId], "modifiedOn": job.createdOn}
    unit = desk.reference(desk.books.units, job.businessUnitId)
    return {"jobNumber": job.jobNumber, "projectId": job.projectId or 0, "businessUnit": unit, "type": kind}


def _reason(desk: Desk, id: int, name: str, lead: bool) -> Row:
    return {"id": id, "name": name, "lead": lead, "active": True}


def leads(desk: Desk) -> Iterator[Made]:
    """What may come of an unbooked call: to be called again, dismissed, or a customer by now."""
    for turn, call in enumerate(desk.rows("calls", b'"callType":"Unbooked"')):
        lead, job = call["leadCall"], desk.dice.pick(desk.books.jobs)
        at, status = clock.ticks(lead["createdOn"]), _LEAD_STATUSES[turn % 4]
        customer = desk.books.customers[lead["customer"]["id"]] if lead["customer"] else None
        name = f"{desk.dice.pick(words.GIVEN_NAMES)} {desk.dice.pick(words.FAMILY_NAMES)}"
        fields: Row = {
            "status": status,
            "customerId": customer.id if customer else None,
            "locationId": None,
            "businessUnitId": job.businessUnitId,
            "jobTypeId": job.jobTypeId,
            "campaignId": lead["campaign"]["id"],
            "followUpDate": clock.midnight_text(at + 3 * clock.DAY) if status == "Open" else None,
            "createdById": lead["createdBy"]["id"],
            "callReasonId": lead["reason"]["id"] if lead["reason"] else None,
            "callId": lead["id"],
            "bookingId": None,
            "manualCallId": None,
            "summary": texts.job_summary(desk.dice, "Plumbing"),
            "leadCustomerName": customer.name if customer else name,
            "leadPhone": lead["from"],
        }
        if status != "Dismissed":
            fields["dismissingReasonId"] = None
        yield Made(fields, at + 5 * clock.MINUTE)


def bookings(desk: Desk) -> Iterator[Made]:
    """Each job's booking by the web, and others that were dismissed or wait."""
    for turn, job in enumerate(desk.books.jobs):
        if not job.bookingId and turn % 40:
            continue
        status = "Converted" if job.bookingId else desk.dice.pick(("New", "Dismissed", "Accepted"))
        customer, at = desk.books.customers[job.customerId], clock.ticks(job.createdOn) - 20 * clock.MINUTE
        fields: Row = {
            "source": desk.dice.pick(("Website", "Scheduler", "Partner")),
            "name": customer.name,
            "address": {key: customer.address.get(key) for key in desk.blanks.fields("address")},
            "customerType": customer.type,
            "start": clock.text(at + clock.DAY),
            "campaignId": job.campaignId,
            "businessUnitId": job.businessUnitId,
            "jobTypeId": job.jobTypeId,
            "priority": job.priority,
            "status": status,
            "jobId": job.id if job.bookingId else None,
            "externalId": f"web-{job.id % 99_991}",
        }
        if status != "Dismissed":
            fields["dismissingReasonId"] = None
        yield Made(fields, at, id=job.bookingId or 0)


def contacts(desk: Desk) -> Iterator[Made]:
    """Somebody to ask for at half of the customers."""
    for customer in desk.books.customers.values():
        if desk.dice.chance(0.5):
            fields = {
                "name": f"{desk.dice.pick(words.GIVEN_NAMES)} {desk.dice.pick(words.FAMILY_NAMES)}",
                "title": desk.dice.pick(_TITLES),
                "referenceId": str(customer.id),
                "isArchived": desk.dice.chance(0.04),
            }
            yield Made(fields, clock.ticks(customer.createdOn))


def contact_methods(desk: Desk) -> Iterator[Made]:
    """A telephone of each contact, an e-mail address of every other."""
    for turn, contact in enumerate(desk.rows("contacts")):
        at = clock.ticks(contact["createdOn"])
        phone = f"{desk.dice.pick(words.AREA_CODES)}55501{desk.dice.between(0, 100):02d}"
        common = {"contactId": contact["id"], "referenceId": contact["referenceId"]}
        yield Made(common | {"type": "MobilePhone", "value": phone}, at)
        if turn % 2 == 0:
            address = f"contact{turn}@{desk.dice.pick(words.MAIL_DOMAINS)}"
            yield Made(common | {"type": "Email", "value": address}, at)


LISTS = {
    "calls": calls,
    "leads": leads,
    "bookings": bookings,
    "contacts": contacts,
    "contact_methods": contact_methods,
}
