"""The report as one HTML document. Its script answers a reader's choices, out of the figures that stand in it."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from servicetitan_mirror.clock import UTC
from servicetitan_mirror.config.zones import zone_of
from servicetitan_mirror.operation.standing import TenantState
from servicetitan_mirror.operation.wording import duration, plain
from servicetitan_mirror.places import HERE
from servicetitan_mirror.report.figures import Answered, Figures
from servicetitan_mirror.report.sections import SECTIONS

_FOLDER = HERE / "report"


def _read(*names: str) -> str:
    return "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in names)


def digest(text: str) -> str:
    """A style or script as a policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


SHEET = _read("sheet.css")  # what all pages look like
STYLE, SCRIPT = SHEET + _read("report.css"), _read("chart.js", "rows.js", "views.js", "choices.js")
POLICY = (
    f"default-src 'none'; style-src {digest(STYLE)}; script-src {digest(SCRIPT)}; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)  # nothing of it asks anybody for anything
POLICY_SERVED = f"{POLICY}; frame-ancestors 'none'"  # which only a header may say


def render(shown: Figures, now: datetime | None = None) -> str:
    """The page, as of `now`."""
    moment = now or datetime.now(UTC)
    return _template().render(
        tenants=shown.tenants,
        place=shown.place,
        sections=SECTIONS,
        answers=shown.answers,
        data=data(shown, moment),
        now=moment,
        policy=POLICY,
        style=STYLE,
        script=SCRIPT,
    )


def data(shown: Figures, now: datetime) -> str:
    """The figures as JSON that may stand in a script element: nothing in it can end that."""
    tenants = [
        {"id": one.tenant_id, "name": called(one), "month": f"{now.astimezone(zone_of(one.time_zone)):%Y-%m}"}
        for one in shown.tenants
    ]
    answers = {
        name: {"columns": answer.columns, "rows": answer.rows}
        for name, answer in shown.answers.items()
        if isinstance(answer, Answered)
    }
    said = json.dumps({"tenants": tenants, "answers": answers}, ensure_ascii=False, separators=(",", ":"))
    return said.replace("<", "\\u003c")


def called(tenant: TenantState) -> str:
    """A tenant's name in the settings; without one its id."""
    return tenant.name or str(tenant.tenant_id)


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "clock": lambda moment, zone=None: f"{moment.astimezone(zone_of(zone)):%Y-%m-%d %H:%M}",
        "number": lambda count: "?" if count is None else f"{count:,}",
        "called": called,
        "duration": duration,
        "plain": plain,
    }
    return environment.get_template("report.html")
