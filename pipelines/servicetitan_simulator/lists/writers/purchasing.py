"""What is bought: vendors, where it lies, orders for jobs, what came and what went back. Amounts in cents."""

from __future__ import annotations

from collections.abc import Iterator

from ... import clock
from ...business.handles import Sku
from ...money import cents, number
from ...store import Row
from ..desk import Desk, Made
from ..records import Job

VENDORS = (
    "Lone Star Supply",
    "Bradley & Wight",
    "Northwind Heating",
    "Hill Country Pipe",
    "Squared Electric",
    "Old Depot",
)
WAREHOUSES = ("Main warehouse", "North yard", "Rented shed (old)")
ORDER_TYPES = ("Job", "Stock", "Emergency", "Catalog (old)")
RETURN_TYPES = ("Warranty", "Wrong part", "Overstock", "Core (old)")
ORDERS = 9  # one completed job in so many needs a purchase order
STATUSES = ("Received", "Received", "Received", "PartiallyReceived", "Sent", "Pending", "Canceled")
MAILS = {
    "firstName": "Sales",
    "lastName": "Desk",
    "phone": "5125550120",
    "email": "sales@example.net",
    "fax": "5125550121",
}


def vendors(desk: Desk) -> Iterator[Made]:
    """Who sells; the last is not asked any more."""
    yield from desk.named(VENDORS, contactInfo=MAILS, defaultTaxRate=number(825), deliveryOption="PickUp")


def warehouses(desk: Desk) -> Iterator[Made]:
    """Where parts lie."""
    yield from desk.named(WAREHOUSES)


def trucks(desk: Desk) -> Iterator[Made]:
    """Each technician's truck."""
    home = desk.rows("warehouses")[0]["id"]
    for technician in desk.books.technicians.values():
        fields = {"name": f"Truck of {technician.name}", "technicianIds": [technician.id], "warehouseId": home}
        yield Made(fields, desk.founding(), active=technician.active)


def purchase_order_types(desk: Desk) -> Iterator[Made]:
    """What an order may be for."""
    yield from desk.named(ORDER_TYPES)


def return_types(desk: Desk) -> Iterator[Made]:
    """Why something goes back."""
    yield from desk.named(RETURN_TYPES)


def purchase_orders(desk: Desk) -> Iterator[Made]:
    """The parts of one completed job in nine, bought from one vendor."""
    sellers = [row["id"] for row in desk.rows("vendors") if row["active"]]
    kinds = [row["id"] for row in desk.rows("purchase_order_types") if row["active"]]
    stock = desk.rows("warehouses")[0]["id"]
    for turn, job in enumerate([job for job in desk.books.jobs if job.completedOn][::ORDERS]):
        at, status = clock.ticks(job.createdOn) + clock.HOUR, STATUSES[turn % len(STATUSES)]
        came = min(at + 2 * clock.DAY, desk.now) if status in ("Received", "PartiallyReceived") else None
        items = [_item(desk, sku, at, status) for sku in _parts(desk)]
        total = sum(cents(item["total"]) for item in items)
        fields: Row = {
            "number": f"PO-{10_000 + turn}",
            "jobId": job.id,
            "invoiceId": job.invoiceId,
            "projectId": job.projectId,
            "status": status,
            "typeId": desk.dice.pick(kinds),
            "vendorId": desk.dice.pick(sellers),
            "technicianId": _technician(desk, job),
            "businessUnitId": job.businessUnitId,
            "inventoryLocationId": stock,
            "date": clock.midnight_text(at),
            "requiredOn": clock.midnight_text(at + 2 * clock.DAY),
            "sentOn": None if status == "Pending" else clock.text(min(at + clock.HOUR, desk.now)),
            "receivedOn": clock.text(came) if came else None,
            "total": number(total * 10_825 // 10_000, 4),
            "tax": number(total * 825 // 10_000, 4),
            "shipping": number(0),
            "createdById": desk.company.office[3],
            "items": items,
        }
        yield Made(fields, at, desk.later(came or at))


def _technician(desk: Desk, job: Job) -> int | None:
    crew = desk.books.crews.get(job.firstAppointmentId)
    return crew[0].technicianId if crew else None


def _parts(desk: Desk) -> list[Sku]:
    """One to three different things that lie in stock."""
    known = [sku for skus in desk.company.skus.values() for sku in skus if sku.sku.kind != "Service"]
    return desk.dice.some(known, 1, 3)


def _item(desk: Desk, sku: Sku, at: int, status: str) -> Row:
    count = desk.dice.between(1, 4)
    received = {"Received": count, "PartiallyReceived": count // 2}.get(status, 0)
    return desk.part(
        "items[]",
        id=desk.ids.new(),
        skuId=sku.id,
        skuName=sku.sku.label,
        skuCode=sku.sku.code,
        skuType=sku.sku.kind,
        description=sku.text,
        createdOn=clock.text(at),
        modifiedOn=clock.text(at),
        quantity=number(count * 100, 4),
        quantityReceived=number(received * 100, 4),
        cost=number(sku.sku.cost, 4),
        total=number(sku.sku.cost * count, 4),
        status=status,
        chargeable=True,
    )


def receipts(desk: Desk) -> Iterator[Made]:
    """What came of the orders."""
    for order in desk.rows("purchase_orders"):
        if order["receivedOn"]:
            at = clock.ticks(order["receivedOn"])
            amount = sum(_value(item, "quantityReceived") for item in order["items"])
            same = ("jobId", "businessUnitId", "vendorId", "technicianId", "inventoryLocationId", "receivedOn")
            fields: Row = {
                "number": order["number"].replace("PO", "R"),
                "purchaseOrderId": order["id"],
                "receiptAmount": number(amount, 4),
                "taxAmount": number(amount * 825 // 10_000, 4),
                "shippingAmount": number(0),
                "createdById": desk.company.office[3],
                "items": [_received(desk, item) for item in order["items"]],
            } | {key: order[key] for key in same}
            yield Made(fields, at, active=not desk.dice.every("canceled", 40))


def _value(item: Row, quantity: str) -> int:
    """Cents."""
    return cents(item["cost"]) * cents(item[quantity]) // 100


def _received(desk: Desk, item: Row) -> Row:
    facts = {key: item[key] for key in ("skuId", "description", "cost")}
    names = {"name": item["skuName"], "code": item["skuCode"], "quantity": item["quantityReceived"]}
    return desk.part("items[]", id=desk.ids.new(), purchaseOrderItemId=item["id"], **facts, **names)


def returns(desk: Desk) -> Iterator[Made]:
    """One receipt in fifteen goes back to its vendor."""
    kinds = [row["id"] for row in desk.rows("return_types") if row["active"]]
    for receipt in desk.rows("receipts")[::15]:
        at = desk.later(clock.ticks(receipt["receivedOn"]))
        same = ("vendorId", "purchaseOrderId", "jobId", "businessUnitId", "inventoryLocationId", "taxAmount")
        items = [_back(desk, item, at) for item in receipt["items"]]
        fields: Row = {
            "number": receipt["number"].replace("R-", "RT-"),
            "status": desk.dice.pick(("Returned", "CreditReceived")),
            "returnTypeId": desk.dice.pick(kinds),
            "returnAmount": receipt["receiptAmount"],
            "shippingAmount": number(0),
            "returnDate": clock.midnight_text(at),
            "returnedOn": clock.text(at),
            "canceledReason": None,
            "canceledById": None,
            "dateCanceled": None,
            "items": items,
        } | {key: receipt[key] for key in same}
        yield Made(fields, at)


def _back(desk: Desk, item: Row, at: int) -> Row:
    facts = {key: item[key] for key in ("skuId", "description", "name", "code", "quantity", "cost")}
    stamps = {"createdOn": clock.text(at), "modifiedOn": clock.text(at), "active": True}
    return desk.part("items[]", id=desk.ids.new(), receiptItemId=item["id"], **facts, **stamps)


LISTS = {
    "vendors": vendors,
    "warehouses": warehouses,
    "trucks": trucks,
    "purchase_order_types": purchase_order_types,
    "return_types": return_types,
    "purchase_orders": purchase_orders,
    "receipts": receipts,
    "returns": returns,
}
