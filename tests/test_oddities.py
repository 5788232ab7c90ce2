"""Whatever stands between the sync and ServiceTitan: nothing is lost, and nothing that is there is called deleted.

A proxy rewrites answers of any lists by rules that are drawn at random. The suite plays a few; many are played by
`ODDITIES=100 pytest tests/test_oddities.py`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mirror import Mirror
from proxy import TOKEN, Answer, Proxy
from servicetitan_mirror.entities import PUBLISHED, STANDARD
from servicetitan_mirror.errors import MirrorError

PLAYS = int(os.environ.get("ODDITIES", "3"))
LISTS = [entity.name for entity in STANDARD if not entity.has_owners]
STATUSES = [200, 204, 302, 307, 400, 401, 403, 404, 408, 409, 429, 500, 503]
BODIES = [b"", b"<html></html>", b"[]", b"null", b'{"data":[]}', b'{"hasMore":false,"data":{}}', b"{" * 3000]
ENVELOPE = [("totalCount", None), ("totalCount", 7), ("totalCount", -1), ("totalCount", "x"), ("pageSize", 500)]
ENVELOPE += [("hasMore", True), ("hasMore", None), ("page", 99), ("data", None), ("data", [])]
IDS = ['"{id}"', "{id}.0", '"x"', "null", "{id}.5", "1e400", '{{"id":{id}}}']
VALUES = ["1e140000", "-0", '"\\u0000"', '"\ud83d"', "NaN", "[" * 1500 + "]" * 1500, '"' + "x" * 6000 + '"', "soon", ""]
HEADERS = [{"Date": ""}, {"Date": "Thu, 26 Nov 2099 00:00:00 GMT"}, {"Date": "Thu, 26 Nov 1970 00:00:00 GMT"}]


Rewriting = Callable[[Answer], object]
Rule = tuple[str, Rewriting, set[int]]


def refusal(status: int, body: bytes) -> Rewriting:
    return lambda answer: answer.refuse(status, body)


def value(place: int, text: str) -> Rewriting:
    """A rewriting of the value behind one of the answer's first hundred colons."""

    def rewrite(answer: Answer) -> None:
        parts = answer.written().split(b":", place)
        _, _, tail = parts[-1].partition(b",")
        answer.replace(b":".join(parts), b":".join([*parts[:-1], text.encode(errors="surrogatepass") + b"," + tail]))

    return rewrite


def identity(place: int, form: str) -> Rewriting:
    """A rewriting of one record's id."""

    def rewrite(answer: Answer) -> None:
        known = answer.record(place).get("id")
        answer.replace(b'"id":%s' % str(known).encode(), b'"id":' + form.format(id=known).encode())

    return rewrite


def changed(key: str, new: object) -> Rewriting:
    return lambda answer: answer.page.update({key: new}) if b'"hasMore"' in answer.body else None


REWRITINGS = st.one_of(
    st.builds(refusal, st.sampled_from(STATUSES), st.sampled_from(BODIES)),
    st.builds(value, st.integers(1, 99), st.sampled_from(VALUES)),
    st.builds(identity, st.integers(0, 19), st.sampled_from(IDS)),
    st.sampled_from(ENVELOPE).map(lambda pair: changed(*pair)),
    st.sampled_from(HEADERS).map(lambda headers: lambda answer: answer.headers.update(headers)),
    st.just(lambda answer: setattr(answer, "cut", True)),
)
RULES = st.lists(
    st.tuples(st.sampled_from([*LISTS, TOKEN, "custom-field", "/export/", ""]), REWRITINGS, st.sets(st.integers(1, 4))),
    min_size=1,
    max_size=5,
)


@settings(max_examples=PLAYS, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(rules=RULES, full=st.booleans(), change=st.sampled_from(["touch", "add", "delete"]))
def play(
    mirror: Mirror, proxy: Proxy, rules: list[tuple[str, Callable[[Answer], object], set[int]]], full: bool, change: str
) -> None:
    """Rules and a change; a sync; then without the rules an ordinary and a full one."""
    for path, rewriting, calls in rules:
        proxy.rewrite(path, rewriting, calls)
    for name in LISTS:
        with suppress(ValueError):  # what an earlier play deleted may be missing
            getattr(mirror.source, change)(name)
    with suppress(MirrorError):  # ServiceTitan as a whole may be out of reach
        mirror.sync(full=full)
    assert wrongly_deleted(mirror) == []
    proxy.clear()
    mirror.sync()
    assert wrongly_deleted(mirror) == []
    assert {name: outcome.error for name, outcome in mirror.sync(full=True).items() if outcome.error} == {}
    assert mirror.differences() == []
    assert [entity.name for entity in PUBLISHED if not mirror.is_built(entity.name)] == []


def wrongly_deleted(mirror: Mirror) -> list[tuple[str, int]]:
    """Records that the mirror calls deleted although the source lists them."""
    wrong = []
    for name in LISTS:
        gone = {
            known for (known,) in mirror.rows(f"select id from raw_servicetitan.{name} where deleted_at is not null")
        }
        wrong += [(name, record["id"]) for record in mirror.listed(name) if gone and record["id"] in gone]
    return wrong


def test_whatever_comes_in_between_the_mirror_ends_equal(proxied: Mirror, proxy: Proxy) -> None:
    proxied.settings |= {"patience": 2, "page_size": 10, "timeout": 5}
    play(proxied, proxy)
