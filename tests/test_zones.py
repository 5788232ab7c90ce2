"""The tenant's time zone: which names are taken, and what goes by it."""

from __future__ import annotations

import json
import subprocess
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from mirror import Mirror
from servicetitan_mirror.config.settings import Settings
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.places import COMMAND
from servicetitan_mirror.schedule import Nightly

UTC = timezone.utc
AHEAD = "Pacific/Kiritimati"  # fourteen hours ahead of UTC
BEHIND = "Pacific/Midway"  # eleven hours behind it


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("america/chicago", "; do you mean America/Chicago?"),
        ("EST", "; do you mean America/New_York?"),
        ("PST8PDT", "; do you mean America/Los_Angeles?"),
        ("Central Time (US & Canada)", "; do you mean America/Chicago?"),
        ("Phoenix", "; do you mean America/Phoenix?"),
        ("America/Chicgo", "; near that are America/Chicago, "),
        ("utc-5", "; near that are America/New_York, America/Chicago."),
        ("7", "."),
    ],
)
def test_a_wrong_name_is_refused_with_those_that_are_near(empty_mirror: Mirror, name: str, said: str) -> None:
    done = empty_mirror.command("plan", SOURCES__SERVICETITAN__TIMEZONE=name)
    problem = f"The environment variable SOURCES__SERVICETITAN__TIMEZONE is '{name}'; it must be the IANA name of "
    assert done.returncode == 2
    assert f"{problem}the tenant's time zone, like America/Chicago{said}" in done.stderr


@pytest.mark.parametrize(
    ("zone", "at", "evening", "due"),
    [
        ("America/Chicago", time(2, 30), datetime(2026, 3, 7, 12), ["08 08:30", "09 07:30", "10 07:30"]),
        ("America/Chicago", time(1, 30), datetime(2026, 10, 31, 12), ["01 06:30", "02 07:30", "03 07:30"]),
        ("Europe/Berlin", time(2), datetime(2026, 10, 24, 12), ["25 00:00", "26 01:00", "27 01:00"]),
        ("UTC", time(2), datetime(2026, 12, 31, 2), ["31 02:00", "01 02:00", "02 02:00"]),
    ],
)
def test_a_full_sync_is_due_once_a_day_whatever_the_clock_does(
    zone: str, at: time, evening: datetime, due: list[str]
) -> None:
    nightly, moments = Nightly(at, ZoneInfo(zone)), [evening.replace(tzinfo=ZoneInfo(zone))]
    moments.append(nightly.get_next_fire_time(None, moments[0]))
    while len(moments) <= len(due):
        moments.append(nightly.get_next_fire_time(moments[-1], moments[-1] + timedelta(minutes=5)))
    assert [f"{moment.astimezone(UTC):%d %H:%M}" for moment in moments[1:]] == due


def test_a_moment_without_a_zone_is_of_the_tenants_own_and_never_too_late() -> None:
    settings = Settings()
    settings.timezone = "America/Chicago"
    twice, never = datetime(2025, 11, 2, 1, 30), datetime(2025, 3, 9, 2, 30)
    assert settings.instant(datetime(2026, 1, 31)) == datetime(2026, 1, 31, 6, tzinfo=UTC)
    assert settings.instant(datetime(2026, 1, 31, tzinfo=UTC)) == datetime(2026, 1, 31, tzinfo=UTC)
    assert settings.instant(twice) == datetime(2025, 11, 2, 6, 30, tzinfo=UTC)
    assert settings.instant(never) == datetime(2025, 3, 9, 7, 30, tzinfo=UTC)
    with pytest.raises(ConfigurationError, match="lies in the future"):
        settings.instant(datetime.now(settings.zone).replace(tzinfo=None) + timedelta(minutes=5))


def test_today_and_the_status_go_by_the_zone_of_the_tenant_as_it_is_set_now(mirror: Mirror) -> None:
    ((invoice,),) = mirror.rows("select min(st_id) from st_invoices where active")
    due = "update st_invoices set balance = 1, due_date = (now() at time zone '{}')::date - 1 where st_id = {}"
    overdue = f"select days_overdue from v_outstanding_invoices where invoice_id = {invoice}"
    for zone, short in ((AHEAD, "+14"), (BEHIND, "SST")):  # in one of the two it is never the day of UTC
        mirror.settings["timezone"] = zone
        mirror.sync(only=("campaigns",))
        mirror.rows(due.format(zone, invoice))
        assert mirror.rows("select time_zone from st_tenants") == [(zone,)]
        assert mirror.rows(f"set role servicetitan_analyst; {overdue}") == [(1,)]
        assert f"last runs ({short})" in mirror.command("status").stdout


def test_since_is_read_in_the_tenants_zone(mirror: Mirror) -> None:
    answer = mirror.command(
        "plan", "--json", "--only", "jobs", "--since", "2026-01-31", SOURCES__SERVICETITAN__TIMEZONE="America/Chicago"
    )
    steps = json.loads(answer.stdout)["tenants"][0]["steps"]
    assert {step["since"] for step in steps if step["since"]} == {"2026-01-31T06:00:00+00:00"}


def test_the_worker_goes_by_the_zone_of_the_tenant(empty_mirror: Mirror) -> None:
    environment = {**empty_mirror.environment(), "SOURCES__SERVICETITAN__TIMEZONE": AHEAD}
    worker = subprocess.Popen([*COMMAND, "worker"], env=environment, stderr=subprocess.PIPE, text=True)
    line = worker.stderr.readline() if worker.stderr else ""
    worker.terminate()
    worker.communicate(timeout=30)
    assert line.endswith(f"in full daily at 02:00 ({AHEAD})\n")
