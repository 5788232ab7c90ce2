"""`servicetitan serve`: what people, probes and Prometheus see, also while the database does not answer."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from http.client import HTTPConnection

import pytest

from browser import CHROMIUM, Page, browser
from mirror import Mirror
from servicetitan_mirror.entities import PUBLISHED
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.postgres.warehouse import Warehouse, query
from servicetitan_mirror.web import watch
from servicetitan_mirror.web.application import application
from servicetitan_mirror.web.metrics import Metrics
from servicetitan_mirror.web.server import Server, listen
from servicetitan_mirror.web.watch import FRESH, Watch

TOO_WIDE = """
    [...document.querySelectorAll("main *")].filter((each) => each.scrollWidth > each.clientWidth + 1
        && getComputedStyle(each).display != "inline" && each.clientWidth).map((each) => each.outerHTML.slice(0, 80))
"""
WIDTHS = "[document.documentElement.scrollWidth, innerWidth]"
COLORS = "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
CELLS = """
    [...document.querySelectorAll("#tenant-1234567 table")].map((table) => [...table.rows].map((row) =>
        [...row.cells].filter((cell) => cell.offsetWidth).length).join(" "))
"""


@contextmanager
def served(warehouse: Warehouse, password: str | None = None, patience: float = 30.0) -> Iterator[str]:
    """The page of a database in a thread of this process; its address."""
    metrics, ready, listener = Metrics(), threading.Event(), listen("127.0.0.1", 0, password)
    watching = Watch(warehouse, timedelta(minutes=15), None, patience, metrics.count)
    server = Server(application(watching, metrics, password), ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    ready.wait()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def get(place: str, path: str, **headers: str) -> tuple[int, str]:
    """Status and body."""
    with closing(HTTPConnection(place, timeout=60)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def until(place: str, path: str, status: int) -> str:
    """What an address says once it has that status: a look is good for a few seconds."""
    for _ in range(round(FRESH) * 20):
        code, said = get(place, path)
        if code == status:
            return said
        threading.Event().wait(0.5)
    raise AssertionError(said)


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A headless Chromium: skipped where Debian's package is not installed; .ci/run installs it."""
    if not CHROMIUM:
        pytest.skip("Chromium is not installed: apt-get install chromium brings it")
    with browser() as running:
        yield running


def test_people_see_how_the_mirror_stands_on_any_screen_in_light_and_dark(mirror: Mirror, page: Page) -> None:
    mirror.source.settings(removed_scopes=["tn.mrk.campaigns:r"])
    (record,) = mirror.row("select max(st_id) from st_jobs")
    mirror.source.set("jobs", record, {"total": "a <b>lot</b>"})
    mirror.sync()
    colors = set()
    with served(mirror.warehouse) as place:
        for width, dark in ((1280, False), (1280, True), (390, False), (390, True)):
            page.open(f"http://{place}/", width, dark)
            assert page.run("document.querySelector('h1').textContent") == "One thing is wrong"
            assert (page.run(WIDTHS), page.run(TOO_WIDE), page.said()) == ([width, width], [], [])
            assert page.requested() == [f"http://{place}/"]
            colors.add(tuple(page.run(COLORS)))
        cells = page.run(CELLS)
        headings = page.run("[...document.querySelectorAll('h3')].map((each) => each.textContent)")
        failing = page.run("document.querySelector('[aria-labelledby^=failing] tbody').innerText")
    shown = ["What is wrong", "Rows over time", "Being read now", "Freshness", "Last runs", "Open failures"]
    assert (headings, len(colors)) == (shown, 2)
    assert cells == [" ".join(["4"] * (len(PUBLISHED) + 1)), "4 4 4", "3 3"]  # on a telephone
    assert re.fullmatch(r"st_jobs\.\w+\s+not a number in range\s+1", failing)


def test_the_page_refreshes_itself_and_says_when_it_cannot(mirror: Mirror, page: Page) -> None:
    title, stale = "document.title", "[document.title, document.getElementById('stale').hidden]"
    with served(mirror.warehouse) as place:
        page.open(f"http://{place}/")
        assert page.run(title) == "All is well · ServiceTitan mirror"
        mirror.rows("update raw_servicetitan.sync_cursors set cursor = cursor - interval '1 day' where entity = 'jobs'")
        until(place, "/healthz", 503)
        page.run("refresh()")
        assert page.run(stale) == ["One thing is wrong · ServiceTitan mirror", True]
    page.run("refresh()")
    assert page.run(stale) == ["One thing is wrong · ServiceTitan mirror", False]


def test_prometheus_is_told_how_it_stands_and_what_has_ended_since(mirror: Mirror) -> None:
    with served(mirror.warehouse) as place:
        _, before = get(place, "/metrics")
        mirror.source.touch("customers", count=3)
        mirror.sync()
        threading.Event().wait(FRESH + 1)
        _, after = get(place, "/metrics")
    tenant = mirror.source.tenant_id
    of_customers = f'{{module="customers",tenant="{tenant}"'
    assert "servicetitan_up 1.0" in before and f"servicetitan_calls_total{of_customers}" not in before
    changing = re.compile("created|_age_|_sum")  # with time
    assert {line for line in after.splitlines() if "customers" in line and not changing.search(line)} == {
        f'servicetitan_table_rows{{table="st_customers",tenant="{tenant}"}} 20.0',
        f'servicetitan_table_deleted_rows{{table="st_customers",tenant="{tenant}"}} 0.0',
        f'servicetitan_table_pending_loads{{table="st_customers",tenant="{tenant}"}} 0.0',
        f'servicetitan_table_open_failures{{table="st_customers",tenant="{tenant}"}} 0.0',
        f'servicetitan_table_rejected_records{{table="st_customers",tenant="{tenant}"}} 0.0',
        f'servicetitan_records_total{of_customers},what="updated"}} 3.0',
        f'servicetitan_records_total{of_customers},what="unchanged"}} 0.0',
        f'servicetitan_records_total{of_customers},what="deleted"}} 0.0',
        f'servicetitan_records_total{of_customers},what="failed"}} 0.0',
        f"servicetitan_calls_total{of_customers}}} 1.0",
        f"servicetitan_throttled_calls_total{of_customers}}} 0.0",
        f'servicetitan_modules_total{{module="customers",status="completed",tenant="{tenant}"}} 1.0',
        f"servicetitan_module_seconds_count{of_customers}}} 1.0",
    }


def test_a_database_that_hangs_is_told_with_what_was_seen_before(mirror: Mirror) -> None:
    with served(mirror.warehouse, patience=1.0) as place, closing(mirror.warehouse.connect("a report")) as holding:
        assert json.loads(until(place, "/healthz", 200)) == {"ok": True, "problems": []}
        query(holding, "begin; lock table st_jobs")
        (problem,) = json.loads(until(place, "/healthz", 503))["problems"]
        assert re.fullmatch(r"The database has not answered for \d+ seconds\.", problem)
        status, page = get(place, "/")
        assert (status, "The database cannot be seen" in page, "st_customers" in page) == (200, True, False)
        assert "What follows was seen" in page and "st_<wbr>customers" in page
        assert re.findall("^servicetitan_(?:up|table).*", get(place, "/metrics")[1], re.M) == ["servicetitan_up 0.0"]
        query(holding, "rollback")
        assert json.loads(until(place, "/healthz", 200)) == {"ok": True, "problems": []}


def test_a_session_that_never_answers_is_given_up_and_another_one_asks(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "GIVEN_UP", 4)
    waiting = "select pid from pg_stat_activity where application_name = 'servicetitan serve' and wait_event = %s"
    with served(mirror.warehouse, patience=0.5) as place, closing(mirror.warehouse.connect()) as holding:
        query(holding, "begin; lock table st_jobs")
        until(place, "/healthz", 503)
        while not (found := query(holding, waiting, ("relation",))):
            threading.Event().wait(0.1)
        ((silent,),) = found
        os.kill(silent, signal.SIGSTOP)
        try:
            query(holding, "rollback")
            assert until(place, "/healthz", 200) == '{"ok":true,"problems":[]}'
        finally:
            os.kill(silent, signal.SIGCONT)


def test_a_database_that_is_not_there_or_never_synced_is_told(empty_mirror: Mirror) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    with served(Warehouse(f"host=127.0.0.1 port={port} user=nobody dbname=mirror")) as place:
        status, said = get(place, "/healthz")
        assert (status, "Connection refused" in said, "Traceback" in said) == (503, True, False)
        status, page = get(place, "/")
        assert (status, "It was never seen since this page is served" in page) == (200, True)
    with served(empty_mirror.warehouse) as place:
        assert get(place, "/healthz") == (503, '{"ok":false,"problems":["Nothing was synced into this database yet."]}')
        assert "Nothing was synced yet" in get(place, "/")[1]


def test_only_who_may_see_it_does(mirror: Mirror) -> None:
    right, wrong = (f"Basic {b64encode(text.encode()).decode()}" for text in ("me:hör zu, Welt", "me:hoer zu, Welt"))
    with served(mirror.warehouse, "hör zu, Welt") as place:
        for path in ("/", "/healthz", "/metrics"):
            tried = [get(place, path, Authorization=said)[0] for said in ("x", wrong, right)]
            assert [get(place, path)[0], *tried] == [401, 401, 401, 200]
    with served(mirror.warehouse) as place:
        assert get(place, "/healthz", Host="elsewhere.example.com")[0] == 421
    with pytest.raises(ConfigurationError, match=r"Others could see the page on 0\.0\.0\.0, so it needs a password"):
        listen("0.0.0.0", 0, None)
    listen("0.0.0.0", 0, "hör zu, Welt").close()


def test_the_command_says_where_it_serves_and_ends_at_a_signal(mirror: Mirror) -> None:
    refused = mirror.command("serve", "--host", "0.0.0.0", "--port", "0")
    assert (refused.returncode, "SERVE__PASSWORD" in refused.stderr) == (2, True)
    secret = mirror.command("serve", "--port", "0", SERVE__PASSWORD="hunter2")
    assert (secret.returncode, "hunter2" in secret.stderr, "8 to 200" in secret.stderr) == (2, False, True)
    command = [sys.executable, str(mirror.root / "pipelines" / "servicetitan.py"), "serve", "--port", "0"]
    environment = mirror.environment()
    serving = subprocess.Popen(command, env=environment, cwd=mirror.root, stdout=subprocess.PIPE, text=True)
    assert serving.stdout
    said = serving.stdout.readline()
    assert get(said.removeprefix("serving http://").strip(), "/healthz")[0] == 200
    serving.terminate()
    assert (serving.wait(30), serving.stdout.read()) == (0, "")
    serving.stdout.close()
