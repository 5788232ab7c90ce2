"""What the made-up company offers: business units, job types, pricebook, campaigns and the rest of its settings.

Two trades follow the seasons: cooling in summer, heating in winter. Rows stand as tuples; `company` turns them into
records. Money is in cents.
"""

from typing import NamedTuple


class Unit(NamedTuple):
    """A business unit."""

    name: str
    trade: str
    division: str
    active: bool = True


class JobKind(NamedTuple):
    """A job type. season: "summer", "winter" or "" for all year; share: how often it is booked."""

    name: str
    unit: str
    work: str
    priority: str
    hours: int
    share: int
    season: str = ""
    billed: bool = True
    active: bool = True


class Sku(NamedTuple):
    """A pricebook item: price and cost in cents, hours as the text of a number."""

    code: str
    label: str
    kind: str
    price: int
    cost: int
    hours: str
    taxable: bool


UNITS = (
    Unit("HVAC - Service", "HVAC", "Residential"),
    Unit("HVAC - Install", "HVAC", "Residential"),
    Unit("HVAC - Maintenance", "HVAC", "Residential"),
    Unit("Plumbing - Service", "Plumbing", "Residential"),
    Unit("Plumbing - Commercial", "Plumbing", "Commercial"),
    Unit("Electrical - Service", "Electrical", "Residential"),
    Unit("Drains (closed)", "Plumbing", "Residential", active=False),
)

JOB_KINDS = (
    JobKind("No Cool", "HVAC - Service", "Service", "Urgent", 2, 16, "summer"),
    JobKind("No Heat", "HVAC - Service", "Service", "Urgent", 2, 12, "winter"),
    JobKind("HVAC Estimate", "HVAC - Install", "Sales", "Normal", 1, 8, billed=False),
    JobKind("System Replacement", "HVAC - Install", "Install", "High", 8, 2),
    JobKind("Spring Tune-Up", "HVAC - Maintenance", "Maintenance", "Low", 1, 9, "summer"),
    JobKind("Fall Tune-Up", "HVAC - Maintenance", "Maintenance", "Low", 1, 9, "winter"),
    JobKind("Leak Repair", "Plumbing - Service", "Service", "High", 2, 12),
    JobKind("Water Heater", "Plumbing - Service", "Install", "High", 4, 5, "winter"),
    JobKind("Backflow Test", "Plumbing - Commercial", "Maintenance", "Normal", 1, 4),
    JobKind("Panel Upgrade", "Electrical - Service", "Install", "Normal", 6, 3),
    JobKind("Electrical Repair", "Electrical - Service", "Service", "Normal", 2, 9),
    JobKind("HVAC Inspection", "HVAC - Install", "Inspection", "Normal", 1, 0, billed=False),
    JobKind("Plumbing Inspection", "Plumbing - Service", "Inspection", "Normal", 1, 0, billed=False),
    JobKind("Electrical Inspection", "Electrical - Service", "Inspection", "Normal", 1, 0, billed=False),
    JobKind("Recall", "HVAC - Service", "Recall", "High", 1, 3, billed=False),
    JobKind("Duct Cleaning (old)", "HVAC - Maintenance", "Maintenance", "Low", 3, 0, active=False),
)

PRICEBOOK = {
    "HVAC": (
        Sku("DIAG-AC", "Diagnostic visit", "Service", 8900, 0, "0.5", False),
        Sku("CAP-45", "Run capacitor 45/5 µF", "Material", 21500, 1875, "0.5", True),
        Sku("TUNE", "Precision tune-up", "Service", 14900, 0, "1.25", False),
        Sku("R410A", "Refrigerant R-410A, per lb", "Material", 11895, 3317, "0.25", True),
        Sku("SYS-3T", "Heat pump system, 3 ton", "Equipment", 845000, 391250, "12", True),
    ),
    "Plumbing": (
        Sku("LEAK", "Leak repair", "Service", 32500, 0, "1.5", False),
        Sku("PEX-KIT", 'PEX fitting kit ¾"', "Material", 6450, 2211, "0", True),
        Sku("WH-50", "Water heater, 50 gal", "Equipment", 189500, 81099, "4", True),
        Sku("BACKFLOW", "Backflow test & certificate", "Service", 12500, 0, "0.75", False),
    ),
    "Electrical": (
        Sku("ELEC-HR", "Electrician, per hour", "Service", 16500, 0, "1", False),
        Sku("BRK-20", "Breaker 20 A", "Material", 4275, 1160, "0", True),
        Sku("PANEL-200", "Panel upgrade 200 A", "Equipment", 315000, 104525, "7.5", True),
    ),
}
MEMBERSHIP = Sku("CLUB", "Comfort Club, one year", "Service", 19900, 0, "0", False)
COUNTER_SALE = Sku("FILTER", "Filter 16x25x4, over the counter", "Material", 3950, 1420, "0", True)

CAMPAIGNS = (
    ("Google Ads", "Online", "Google", "Search", True),
    ("Postcards Fall", "Mail", "Other", "Postcard", True),
    ("Referral", "Word of mouth", "Other", "Other", True),
    ("Radio KXQ-FM", "Broadcast", "Other", "Radio", True),
    ("Truck Wrap", "Outdoor", "Other", "Vehicle", True),
    ("Door Hangers 2019", "Mail", "Other", "Print", False),
)
CALL_REASONS = (
    ("New job", True, True),
    ("Estimate request", True, True),
    ("Existing appointment", False, True),
    ("Billing question", False, True),
    ("Wrong number", False, True),
    ("Fax", False, False),
)
TAG_TYPES = (
    ("VIP", "#C0392B", "VIP", "High", True),
    ("Comfort Club", "#27AE60", "CLUB", "Medium", True),
    ("Needs follow-up", "#F39C12", "FUP", "Medium", True),
    ("Aging equipment", "#8E44AD", "AGE", None, True),
    ("Español 🇲🇽", "#2980B9", "ES", None, True),
    ("Call first", "#16A085", "CALL", None, True),
    ("Two technicians", "#D35400", "2T", "Medium", True),
    ("Warranty", "#2C3E50", "WTY", None, True),
    ("Financing offered", "#1ABC9C", "FIN", "High", True),
    ("Y2K", "#7F8C8D", "Y2K", None, False),
)
TECHNICIANS = (
    ("Amaro", "Villaseñor", "HVAC - Service"),
    ("Bettina", "Croft", "HVAC - Service"),
    ("Cyrus", "Ogunbanjo", "HVAC - Service"),
    ("Delphine", "Ruiz", "HVAC - Install"),
    ("Eamon", "Pike", "HVAC - Install"),
    ("Fiorella", "Díaz", "HVAC - Maintenance"),
    ("Gus", "Haverford", "Plumbing - Service"),
    ("Hiro", "田中", "Plumbing - Service"),
    ("Ilse", "Marchetti", "Plumbing - Commercial"),
    ("Jorah", "Whitlock", "Electrical - Service"),
    ("Keziah", "Brandt", "Electrical - Service"),
    ("Lorcan", "Teague", "Drains (closed)"),
)
CUSTOM_FIELD_TYPES = (
    ("Gate code", "Text", ("4711#", "#0420*", "n/a — señal"), "customers locations jobs"),
    ("Lead quality", "Dropdown", ("Cold", "Warm", "Hot 🔥"), "customers"),
    (
        "Billing note",
        "Text",
        ("send the invoice to the property manager, not to the tenant", "one invoice a month, all jobs on it"),
        "customers",
    ),
    (
        "Office remark",
        "Text",
        (
            "Prefers a text to a call, replies within the hour; Spanish is fine.",
            "Pays by check at the door, wants the invoice on paper and by e-mail.",
            "Referred three neighbors last year — waive the trip fee, offer the club at the old price.",
            "Building manager must countersign, allow a day for it.",
            "Do not book before 10 am, night shift. Leave a message with the daughter if nobody answers.",
        ),
        "customers locations",
    ),
    ("Preferred technician", "Text", ("Amaro, else Bettina", "anybody but the last one", "Hiro 田中"), "customers"),
    ("Heard of us", "Dropdown", ("Neighbor", "Radio", "Truck", "Search"), "customers"),
    ("Newsletter", "Dropdown", ("Yes", "No"), "customers"),
    ("Alarm code", "Text", ("0000 then OFF", "ask for Renée at the side door"), "locations"),
    ("Square feet", "Numeric", ("1850", "2400", "3125.5"), "locations installed_equipment"),
    ("Parking", "Text", ("on the street, not in the drive", "visitor spot 12 behind the building"), "locations"),
    ("Roof", "Dropdown", ("Shingle", "Tile", "Metal", "Flat"), "locations"),
    ("Permit number", "Text", ("MS-2026-00417", "not needed — like for like"), "jobs projects"),
    ("Inspector", "Text", ("city, window 3, mornings only", "third party, report by e-mail"), "projects"),
    ("System age", "Numeric", ("4", "11", "17.5"), "jobs"),
    ("Water shut-off", "Text", ("front yard, left of the meter", "garage wall behind the heater"), "jobs"),
    ("Cost center", "Dropdown", ("100", "200", "300"), "invoices payments ap_bills ap_credits ap_payments"),
    (
        "Approved by",
        "Text",
        ("Renée at the front desk", "the owner, by phone"),
        "invoices credit_memos inventory_bills",
    ),
    ("Batch remark", "Text", ("two envelopes, see the deposit slip", "late, next batch"), "payments"),
    ("Filter size", "Dropdown", ("16x25x4", "20x25x1"), "installed_equipment"),
    ("Gift?", "Dropdown", ("Yes", "No"), "memberships"),
    ("W-9 on file", "Dropdown", ("Yes", "No", "Peña's desk"), "vendors"),
)
EQUIPMENT = (
    ("Heat pump, 3 ton", "Trane-like Industries", "XR-14", 391250),
    ("Gas furnace 80k BTU", "Northwind Heating", "NF80", 148000),
    ("Water heater, 50 gal", "Bradley & Wight", "WH50T6", 81099),
    ("Panel 200 A", "Squared", "QP-200", 104525),
)
PAYMENT_TYPES = ("Credit Card", "Check", "Cash", "ACH", "Financing")
PROJECT_STATUSES = ("In Progress", "Waiting for parts", "Completed", "Closed out")
INVOICE_TYPES = ("Service", "Sale", "Membership")
TERMS = (("Due Upon Receipt", 0), ("Net 15", 15), ("Net 30", 30))
TAX_RATE = 825  # hundredths of a per cent
