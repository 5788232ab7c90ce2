"""One value by the name and the type of its field: what a real tenant might have there.

Ids are those of records that there are, where the name says of which.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .. import clock
from ..business import texts, words
from ..business.company import raw
from ..form import guid
from ..money import money, number

if TYPE_CHECKING:
    from .desk import Desk

Maker = Callable[["Desk"], Any]
TABLES = {  # where the record of an id is
    "agreement": "service_agreements",
    "appointment": "appointments",
    "businessUnit": "business_units",
    "campaign": "campaigns",
    "customer": "customers",
    "equipment": "installed_equipment",
    "installedEquipment": "installed_equipment",
    "invoice": "invoices",
    "job": "jobs",
    "jobType": "job_types",
    "location": "locations",
    "project": "projects",
    "sourceJob": "jobs",
    "tagType": "tag_types",
    "technician": "technicians",
    "vendor": "vendors",
}
PEOPLE = ("employee", "manager", "createdBy", "modifiedBy", "reportedBy", "assignedTo", "canceledBy", "soldBy", "renewedBy")
TEXTS: dict[str, Maker] = {
    "street": lambda desk: f"{desk.dice.between(1, 9900)} {desk.dice.pick(words.STREETS)}",
    "unit": lambda desk: f"#{desk.dice.between(1, 60)}",
    "city": lambda desk: desk.dice.pick(words.CITIES)[0],
    "state": lambda desk: "TX",
    "zip": lambda desk: desk.dice.pick(words.CITIES)[2],
    "country": lambda desk: "USA",
    "firstname": lambda desk: desk.dice.pick(words.GIVEN_NAMES),
    "lastname": lambda desk: desk.dice.pick(words.FAMILY_NAMES),
    "email": lambda desk: f"office{desk.dice.between(1, 1_000)}@{desk.dice.pick(words.MAIL_DOMAINS)}",
    "phone": lambda desk: f"{desk.dice.pick(words.AREA_CODES)}55501{desk.dice.between(0, 100):02d}",
    "fax": lambda desk: f"{desk.dice.pick(words.AREA_CODES)}55501{desk.dice.between(0, 100):02d}",
    "url": lambda desk: f"https://files.example.com/{desk.name}/{desk.dice.between(1, 10**6)}",
    "number": lambda desk: str(desk.dice.between(1_000, 10**6)),
    "code": lambda desk: f"{desk.name[:3].upper()}-{desk.dice.between(10, 1_000)}",
    "amount": lambda desk: money(desk.dice.between(500, 200_000)),
    "cost": lambda desk: money(desk.dice.between(500, 90_000)),
    "quantity": lambda desk: money(desk.dice.between(1, 6) * 100),
    "color": lambda desk: f"#{desk.dice.between(0, 1 << 24):06X}",
}
PROSE = ("memo", "note", "notes", "summary", "description", "comment", "text", "message", "review", "solution")


def value(desk: Desk, path: str, type: str) -> Any:
    """A value for the field at a path; objects and arrays of them are made in `blanks`."""
    name = path.rpartition(".")[2]
    if type.startswith("array of "):
        single = name.removesuffix("s")
        return [value(desk, single, type.removeprefix("array of ")) for _ in range(desk.dice.between(1, 3))]
    if type.startswith("enum("):
        return desk.dice.pick(type[5:-1].split(", "))
    if type.startswith("string"):
        return _text(desk, name, type)
    return OF_TYPE[type](desk, name)


def _text(desk: Desk, name: str, type: str) -> str:
    word = name.lower()
    if type == "string(duration)":
        return f"{desk.dice.between(0, 9):02d}:{desk.dice.pick((0, 15, 30, 45)):02d}:00"
    if type == "string(guid)":
        return guid(desk.dice.between(1, 1 << 60))
    if any(word.endswith(end) for end in PROSE):
        prose = texts.work_done(desk.dice, "Plumbing")
        return f"<p>{prose}</p>" if type == "string(html)" else prose
    for end, make in TEXTS.items():
        if word.endswith(end):
            return str(make(desk))
    return f"{_words(name)} {desk.dice.between(1, 100)}"


def _words(name: str) -> str:
    """`vendorName` as Vendor name."""
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
    return spaced[:1].upper() + spaced[1:]


def _whole(desk: Desk, name: str) -> int:
    end = name.removesuffix("Id").removesuffix("id")
    if end in TABLES:
        return desk.any_id(TABLES[end])
    return desk.dice.pick(desk.company.office) if end in PEOPLE else desk.dice.between(1, 60)


def _moment(desk: Desk, name: str) -> str:
    return clock.text(desk.dice.between(desk.company.founded, desk.company.now))


OF_TYPE: dict[str, Callable[[Any, str], Any]] = {
    "int64": _whole,
    "int32": lambda desk, name: desk.dice.between(1, 12),
    "decimal": lambda desk, name: number(desk.dice.between(100, 90_000), 4),
    "double": lambda desk, name: raw(f"{desk.dice.between(10, 500) / 100:.2f}"),
    "boolean": lambda desk, name: desk.dice.chance(0.3),
    "date-time": _moment,
    "date": lambda desk, name: _moment(desk, name)[:10],
    "any": lambda desk, name: None,
}
