"""The technicians' own data: who they are, and how they work and are paid."""

from __future__ import annotations

import msgspec

from ..store import Row


def person(first: str, last: str) -> Row:
    """Names, telephones, home and a biography (HTML)."""
    login = f"{first.lower()}.{last[:1].lower()}"
    home = {"street": "12 Gristmill St", "unit": None, "country": "USA", "city": "Lindero", "state": "TX"}
    home |= {"zip": "78993", "streetAddress": "12 Gristmill St", "latitude": None, "longitude": None}
    return {
        "name": f"{first} {last}",
        "firstName": first,
        "lastName": last,
        "email": f"{login}@example.org",
        "phoneNumber": "5125550142",
        "mobilePhone": "5125550142",
        "loginName": login,
        "home": home,
        "bio": f"<p>{first} has worked here since the first summer and trains the new colleagues.</p>",
        "memo": "<p>CPR certified, <b>forklift</b> until next June</p>",
    }


def at_work(turn: int, unit: str) -> Row:
    """Team, skills, rights and rates of the `turn`-th technician; money as numbers with the database's scale."""
    return {
        "active": unit != "Drains (closed)",
        "team": unit,
        "burdenRate": msgspec.Raw(b"12.5000000000"),
        "hourlyRate": msgspec.Raw(b"31.50"),
        "dailyGoal": msgspec.Raw(b"1500.00"),
        "currentValue": msgspec.Raw(b"0.00"),
        "isManagedTech": True,
        "permissions": [{"id": number, "value": "Allow"} for number in (1, 4, 7, 12)],
        "payrollId": f"P{turn:03d}",
        "skills": [{"id": turn + 1, "name": unit}, {"id": 90, "name": "Lift gate"}],
        "positions": ["Service", "Helper"],
    }
