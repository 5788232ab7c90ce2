"""Odd answers, as other connectors report them: each costs a record or a list, and is never taken for absence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from mirror import Mirror
from proxy import Answer, Proxy
from servicetitan_mirror.api import transport
from servicetitan_mirror.errors import ConfigurationError, EndpointError

NOTHING_DELETED = "select count(*) from raw_servicetitan.{} where deleted_at is not null"


def page(changed: dict[str, object]) -> Callable[[Answer], object]:
    """A rewriting of the envelope."""
    return lambda answer: answer.page.update(changed)


@pytest.mark.parametrize("form", ['"{}"', "{}.0", "{}0e-1"])
def test_an_id_in_another_form_is_the_same_record(proxied: Mirror, proxy: Proxy, form: str) -> None:
    known = proxied.listed("customers")[3]["id"]
    proxy.rewrite("customers", lambda answer: answer.replace(b'"id":%d' % known, f'"id":{form.format(known)}'.encode()))
    outcome = proxied.sync(full=True, only=("customers",))["customers"]
    assert (outcome.status, outcome.deleted, outcome.failed) == ("completed", 0, 0)


def test_a_list_of_which_most_cannot_be_read_has_failed(proxied: Mirror, proxy: Proxy) -> None:
    proxy.rewrite("campaigns", lambda answer: [record.update(id="x") for record in answer.records[1:]])
    outcome = proxied.sync(full=True, only=("campaigns",))["campaigns"]
    assert (outcome.status, proxied.row(NOTHING_DELETED.format("campaigns"))) == ("failed", (0,))
    assert outcome.error == (
        "marketing/campaigns: 5 of 6 records cannot be read (its id is not an integer). The "
        "next sync reads the list again."
    )


@pytest.mark.parametrize(
    "oddity",
    [
        lambda answer: answer.record(0).update(createdOn="2099-01-01T00:00:00Z", modifiedOn="2099-01-01T00:00:00Z"),
        page({"pageSize": 500}),
        page({"pageSize": "five", "page": None}),
        page({"pageSize": 0}),
        lambda answer: answer.page.update(totalCount=str(answer.page["totalCount"])),
        lambda answer: answer.headers.pop("Date"),
        lambda answer: answer.headers.update(Date="soon"),
        lambda answer: answer.headers.update({"Set-Cookie": "a=b; Domain=127.0.0.1"}),
        lambda answer: answer.replace(b'{"page"', b'\xef\xbb\xbf{"page"'),
        lambda answer: answer.replace(b'"summary":"', b'"summary":"\t'),
    ],
    ids=["2099", "page size", "no page size", "page size 0", "text", "no date", "odd date", "cookie", "BOM", "TAB"],
)
def test_what_is_odd_about_an_answer_costs_nothing(
    proxied: Mirror, proxy: Proxy, oddity: Callable[[Answer], object]
) -> None:
    proxied.settings["page_size"] = 10
    listed = len(proxied.listed("jobs"))
    proxy.rewrite("jobs", oddity)
    outcome = proxied.sync(full=True, only=("jobs",))["jobs"]
    assert (outcome.status, outcome.fetched, outcome.failed, outcome.deleted) == ("completed", listed, 0, 0)


def test_a_total_that_stays_wrong_is_a_note_and_nothing_is_deleted(proxied: Mirror, proxy: Proxy) -> None:
    proxied.source.delete("jobs")
    listed = len(proxied.listed("jobs"))
    proxy.rewrite("jobs", page({"totalCount": 999}))
    outcome = proxied.sync(full=True, only=("jobs",))["jobs"]
    assert (outcome.status, outcome.fetched, outcome.deleted) == ("completed", listed, 0)
    assert f"the server says 999 records and showed {listed} twice" in outcome.details["jobs"]


@pytest.mark.parametrize("total", [None, 999, 5], ids=["no total", "too much", "too little"])
def test_an_endless_list_ends_soon_and_alone(proxied: Mirror, proxy: Proxy, total: int | None) -> None:
    proxy.rewrite("job_types", page({"hasMore": True, "totalCount": total}))
    proxy.rewrite("jobs", page({"hasMore": True, "totalCount": total, "data": []}))
    outcomes = proxied.sync(full=True)
    failed = {name: outcome.error for name, outcome in outcomes.items() if outcome.status == "failed"}
    assert sorted(failed) == ["job_types", "jobs"]
    assert all("the list does not end" in (error or "") for error in failed.values())
    assert outcomes["jobs"].api_calls < 40
    assert proxied.row(NOTHING_DELETED.format("jobs")) == (0,)


def test_an_answer_that_trickles_costs_its_list_only(proxied: Mirror, proxy: Proxy) -> None:
    proxied.settings |= {"timeout": 2, "patience": 3}
    proxy.rewrite("campaigns", lambda answer: setattr(answer, "pause", 0.2))
    outcomes = proxied.sync(only=("campaigns", "jobs"))
    assert [outcomes[name].status for name in ("campaigns", "jobs")] == ["failed", "completed"]
    assert outcomes["campaigns"].error == ("marketing/campaigns: no whole answer within 2 seconds; gave up after 3 s.")


@pytest.mark.parametrize("status", [204, 302, 401, 403, 404, 408, 409, 418, 425, 502])
def test_an_odd_status_in_the_middle_of_a_list_is_tried_again(proxied: Mirror, proxy: Proxy, status: int) -> None:
    proxied.settings["page_size"] = 10
    proxy.rewrite("jobs", lambda answer: answer.refuse(status), calls=[3])
    outcome = proxied.sync(full=True, only=("jobs",))["jobs"]
    assert (outcome.status, outcome.fetched, outcome.deleted) == ("completed", len(proxied.listed("jobs")), 0)


def test_a_firewalls_web_page_is_not_taken_for_servicetitans_word(proxied: Mirror, proxy: Proxy) -> None:
    proxy.rewrite("jobs", lambda answer: answer.refuse(403, b"<html>blocked</html>", "text/html"))
    error = proxied.sync(only=("jobs",))["jobs"].error or ""
    assert "a web page came instead of ServiceTitan's JSON" in error
    assert "scope" not in error


def test_no_other_host_gets_a_secret(proxied: Mirror, proxy: Proxy) -> None:
    with Proxy(proxied.source) as other:
        away = f"{other.url}/elsewhere"
        proxy.rewrite("jobs", lambda answer: answer.refuse(302, Location=away))
        error = proxied.sync(only=("jobs",))["jobs"].error or ""
        proxy.rewrite("token", lambda answer: answer.refuse(307, Location=away))
        with pytest.raises(EndpointError, match="where no secret of ours goes"):
            proxied.sync(only=("jobs",))
        assert other.heard == []
    assert "302 sends us to 127.0.0.1, where no secret of ours goes" in error


def test_nothing_of_the_surroundings_is_taken_that_was_not_asked_for(proxied: Mirror, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password else\n")
    nowhere = {name: "http://127.0.0.1:1" for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY")}
    done = proxied.command("--only", "jobs", NETRC=str(netrc), REQUESTS_CA_BUNDLE="/nowhere", **nowhere)
    assert (done.returncode, proxied.row("select count(*) from st_sync_log where status = 'failed'")) == (0, (0,))


@pytest.mark.parametrize("lifetime", [None, "soon", -1, 0, 1e400, "NaN", [], True])
def test_an_odd_lifetime_of_a_token_does_no_harm(proxied: Mirror, proxy: Proxy, lifetime: object) -> None:
    proxy.rewrite("token", lambda answer: answer.page.update(expires_in=lifetime))
    assert proxied.sync(only=("jobs",))["jobs"].status == "completed"


@pytest.mark.parametrize(
    "fault",
    [
        lambda answer: answer.refuse(503, b"<html>maintenance</html>", "text/html"),
        lambda answer: answer.refuse(429, Retry_After="1"),
        lambda answer: answer.refuse(404),
        lambda answer: answer.refuse(200, b"<html>hello</html>", "text/html"),
        lambda answer: answer.refuse(200, b'{"access_token": null}'),
        lambda answer: setattr(answer, "cut", True),
    ],
    ids=["503", "429", "404", "web page", "no token", "cut"],
)
def test_the_token_gets_the_same_patience_as_a_page(
    proxied: Mirror, proxy: Proxy, fault: Callable[[Answer], object]
) -> None:
    proxy.rewrite("token", fault, calls=[1])
    assert proxied.sync(only=("jobs",))["jobs"].status == "completed"


@pytest.mark.parametrize(
    ("url", "kind", "said"),
    [
        ("http://127.0.0.1:1", EndpointError, "127.0.0.1:1: the connection is refused; gave up after 1 s."),
        ("http://nowhere.invalid", EndpointError, "nowhere.invalid: the name cannot be resolved; gave up after 1 s."),
        (
            "ftp://127.0.0.1",
            ConfigurationError,
            "SOURCES__SERVICETITAN__AUTH_URL: ftp://127.0.0.1/connect/token is not",
        ),
    ],
)
def test_why_no_token_came_is_one_sentence(proxied: Mirror, url: str, kind: type[Exception], said: str) -> None:
    proxied.settings |= {"auth_url": url, "patience": 1}
    with pytest.raises(kind) as problem:
        proxied.sync(only=("jobs",))
    assert said in str(problem.value)


def test_a_certificate_that_nobody_vouches_for_is_named(proxied: Mirror, proxy: Proxy) -> None:
    proxied.settings |= {"auth_url": proxy.url.replace("http:", "https:"), "patience": 1}
    with pytest.raises(EndpointError, match="no secure connection"):
        proxied.sync(only=("jobs",))


def test_a_list_that_refuses_its_sort_is_read_unsorted_from_then_on(proxied: Mirror, proxy: Proxy) -> None:
    body = b'{"errors": {"sort": ["not valid"]}}'
    proxy.rewrite("invoices", lambda answer: "sort" in answer.parameters and answer.refuse(400, body))
    proxied.source.touch("invoices", count=2)
    for calls in (2, 1):
        outcome = proxied.sync(only=("invoices",))["invoices"]
        assert (outcome.status, outcome.api_calls) == ("completed", calls)
        assert outcome.details == {"invoices": "asked unsorted: the server refuses the sort"}
    assert proxied.differences() == []


def test_contacts_are_read_where_year_1_is_refused(proxied: Mirror, proxy: Proxy) -> None:
    def refuse(answer: Answer) -> None:
        if answer.parameters.get("modifiedOnOrAfter", "").startswith("0001"):
            answer.refuse(400, b'{"title": "bad request"}')

    proxy.rewrite("customer_contacts", refuse)
    proxied.source.delete("customer_contacts")
    outcome = proxied.sync(full=True, only=("customers",))["customer_contacts"]
    assert (outcome.status, outcome.deleted) == ("completed", 1)
    assert proxied.differences() == []


def test_a_deleted_contact_leaves_its_customer_with_the_next_sync(proxied: Mirror) -> None:
    customer, contact = proxied.row("""
        select st_id, (email_addresses -> 0 ->> 'id')::bigint from st_customers
        where jsonb_array_length(email_addresses) = 1 order by 1 limit 1""")
    proxied.source.deactivate("customer_contacts", ids=[contact])
    proxied.sync()
    assert proxied.row(f"select email, email_addresses from st_customers where st_id = {customer}") == (None, [])
    assert proxied.differences() == []


@pytest.mark.parametrize("status", [400, 403, 404])
def test_without_the_feed_contacts_are_read_from_their_list(proxied: Mirror, proxy: Proxy, status: int) -> None:
    proxy.rewrite("/export/customers/contacts", lambda answer: answer.refuse(status))
    proxied.source.touch("customer_contacts")
    outcome = proxied.sync(only=("customers",))["customer_contacts"]
    assert (outcome.status, outcome.updated) == ("completed", 1)
    assert "feed is refused" in outcome.details["customer_contacts"]
    assert proxied.sync(only=("customers",))["customer_contacts"].api_calls == 1
    assert proxied.differences() == []
    proxy.clear()
    proxied.sync(full=True, only=("customers",))  # which has the feed asked again
    proxied.source.deactivate("customer_contacts", ids=[proxied.listed("customer_contacts")[0]["id"]])
    assert proxied.sync(only=("customers",))["customer_contacts"].details == {}
    assert proxied.differences() == []


@pytest.mark.parametrize("date", ["", "Thu, 26 Nov 2099 00:00:00 GMT"], ids=["no date", "2099"])
def test_the_cursor_is_never_later_than_the_first_call(proxied: Mirror, proxy: Proxy, date: str) -> None:
    proxy.rewrite("", lambda answer: answer.headers.update(Date=date))
    began = datetime.now(timezone.utc)
    proxied.sync(full=True, only=("jobs",))
    (cursor,) = proxied.row("select cursor from raw_servicetitan.sync_cursors where list = 'jobs'")
    assert began - timedelta(minutes=1) < cursor <= datetime.now(timezone.utc)
    proxied.source.touch("jobs", count=3)
    assert proxied.sync(only=("jobs",))["jobs"].updated == 3


def test_large_answers_take_turns_and_hold_up_nothing(
    proxied: Mirror, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "LARGE", 8_000)  # more than a token that names all scopes
    proxied.settings["page_size"] = 10
    outcomes = proxied.sync(full=True)
    assert {outcome.status for outcome in outcomes.values()} == {"completed"}
    assert proxied.differences() == []


def test_a_proxy_that_was_asked_for_is_used(proxied: Mirror, proxy: Proxy) -> None:
    proxied.settings |= {"api_url": "http://localhost:1", "auth_url": "http://localhost:1", "proxy": proxy.url}
    proxy.rewrite("", lambda answer: None)
    assert proxied.sync(only=("jobs",))["jobs"].status == "completed"
    assert {path.partition("/connect")[0] for _, path, _ in proxy.heard[:1]} == {"http://localhost:1"}
