"""What brings the customers: categories and monthly costs of the campaigns, where leads came from, what people say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ... import clock
from ...business import texts
from ...money import number
from ...store import Row
from ..desk import Desk, Made

DAILY = {"Google Ads": 14_500, "Postcards Fall": 3_200, "Radio KXQ-FM": 6_100}  # cents a day; others cost 8.00
LEAD_TYPES = {"Call": 0, "WebBooking": 1}


def campaign_categories(desk: Desk) -> Iterator[Made]:
    """Those of the campaigns."""
    for campaign in desk.books.campaigns.values():
        fields = {"name": campaign.category["name"], "type": "Regular"}
        yield Made(fields, clock.ticks(campaign.createdOn), id=campaign.category["id"], active=campaign.active)


def campaign_costs(desk: Desk) -> Iterator[Made]:
    """What a campaign costs a day, month by month; now and then nothing was said."""
    first = min((clock.ticks(job.createdOn) for job in desk.books.jobs), default=desk.now)
    for year, month in _months(first, desk.now):
        at = min((date(year, month, 1).toordinal() - 1) * clock.DAY + 9 * clock.HOUR, desk.now)
        for campaign in desk.books.campaigns.values():
            if campaign.active and not desk.dice.every("nothing said", 40):
                cost = DAILY.get(campaign.name, 800) * desk.dice.between(90, 111) // 100
                fields = {"year": year, "month": month, "dailyCost": number(cost, 4), "campaignId": campaign.id}
                yield Made(fields, at)


def _months(begin: int, end: int) -> Iterator[tuple[int, int]]:
    days = (date.fromordinal(at // clock.DAY + 1) for at in (begin, end))
    first, last = (day.year * 12 + day.month - 1 for day in days)
    yield from ((month // 12, month % 12 + 1) for month in range(first, last + 1))


def attributed_leads(desk: Desk) -> Iterator[Made]:
    """What advertising brought: the calls and bookings behind a third of the jobs."""
    for job in desk.books.jobs[::3]:
        if not (job.leadCallId or job.bookingId):
            continue
        at, campaign = clock.ticks(job.createdOn), desk.books.campaigns[job.campaignId]
        fields: Row = {
            "dateTime": job.createdOn,
            "leadType": LEAD_TYPES["Call" if job.leadCallId else "WebBooking"],
            "attribution": desk.part("attribution", stCampaignId=campaign.id, originalCampaign=campaign.name),
            "job": {"id": job.id, "name": desk.books.kinds[job.jobTypeId]},
            "customer": {"id": job.customerId, "name": desk.books.customers[job.customerId].name},
            "call": desk.part("call", id=job.leadCallId),
            "booking": {"id": job.bookingId},
        }
        yield Made(fields, at, at)


def reviews(desk: Desk) -> Iterator[Made]:
    """What the customers of one completed job in ten wrote."""
    for job in [job for job in desk.books.jobs if job.completedOn][::10]:
        crew = desk.books.crews.get(job.firstAppointmentId, [])
        at, customer = desk.later(clock.ticks(str(job.completedOn))), desk.books.customers[job.customerId]
        fields: Row = {
            "platform": desk.dice.pick(("Google", "Facebook")),
            "authorName": customer.name,
            "review": texts.work_done(desk.dice, "HVAC"),
            "publishDate": clock.text(at),
            "rating": number(desk.dice.pick((500, 500, 400, 300, 100))),
            "jobId": job.id,
            "businessUnitId": job.businessUnitId,
            "completedDate": job.completedOn,
            "customerName": customer.name,
            "customerId": customer.id,
            "jobTypeName": desk.books.kinds[job.jobTypeId],
            "technicianId": crew[0].technicianId if crew else None,
            "technicianFullName": crew[0].technicianName if crew else None,
            "externalId": f"review-{job.id}",
        }
        yield Made(fields, at)


LISTS = {
    "campaign_categories": campaign_categories,
    "campaign_costs": campaign_costs,
    "attributed_leads": attributed_leads,
    "reviews": reviews,
}
