"""Records become landed rows: every digit kept, every oddity survived."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from servicetitan_mirror.clock import format_instant, parse_instant
from servicetitan_mirror.entities import BY_NAME
from servicetitan_mirror.landing import Rejected, Row, read_record, repair, to_arrow, to_text

UTC = timezone.utc


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-01-02T16:28:55.8446003Z", datetime(2026, 1, 2, 16, 28, 55, 844600, UTC)),
        ("2026-01-02T16:28:55.49Z", datetime(2026, 1, 2, 16, 28, 55, 490000, UTC)),
        ("2026-01-02T16:28:55Z", datetime(2026, 1, 2, 16, 28, 55, 0, UTC)),
        ("2026-01-02T16:28:55", datetime(2026, 1, 2, 16, 28, 55, 0, UTC)),
        ("2026-03-08T02:30:00-08:00", datetime(2026, 3, 8, 10, 30, 0, 0, UTC)),
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, 0, UTC)),
        ("0001-01-01T00:00:00Z", None),
        ("2026-02-30T00:00:00Z", None),
        ("soon", None),
        ("", None),
        (None, None),
        (1767312535, None),
    ],
)
def test_instants_as_servicetitan_writes_them(written: object, instant: datetime | None) -> None:
    assert parse_instant(written) == instant


def test_filters_are_written_in_utc_also_for_year_1() -> None:
    assert format_instant(datetime(1, 1, 1, tzinfo=UTC)) == "0001-01-01T00:00:00.000000Z"
    assert format_instant(datetime(2026, 1, 2, 3, 4, 5, 6, UTC)) == "2026-01-02T03:04:05.000006Z"


def test_a_record_keeps_its_own_text() -> None:
    text = '{"id":7,"modifiedOn":null,"rate":25.1700000000,"one":1.0000000000000000000,"big":123456789012345678901}'
    assert read_record(text.encode()) == Row(7, None, None, text)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (rb'{"a":"\u0000"}', r'{"a":"\ufffd"}'),
        (rb'{"a":"\\u0000"}', r'{"a":"\\u0000"}'),
        (rb'{"a":"\\\u0000"}', r'{"a":"\\\ufffd"}'),
        (rb'{"a":"\ud83d\ude00"}', r'{"a":"\ud83d\ude00"}'),
        (rb'{"a":"\ud83d"}', r'{"a":"\ufffd"}'),
        (b'{"a":"\xff"}', '{"a":"\ufffd"}'),
        (rb'{"a":"\ude00\ud83d"}', r'{"a":"\ufffd\ufffd"}'),
        (rb'{"a":"\ud83d\ud83d\ude00"}', r'{"a":"\ufffd\ud83d\ude00"}'),
        (rb'{"a":"\uf026 <b>&amp;</b>"}', r'{"a":"\uf026 <b>&amp;</b>"}'),
    ],
)
def test_what_postgresql_cannot_store_is_replaced_and_nothing_else(sent: bytes, kept: str) -> None:
    assert to_text(sent) == kept


def test_characters_that_json_forbids_are_replaced_so_that_their_page_can_be_read() -> None:
    sent = b'{"a":"\x00\x1b", "b":"\\ud83d"}'
    assert repair(sent).decode() == '{"a":"\ufffd\ufffd", "b":"\\ufffd"}'


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b'{"name":"no id"}', "it has no id"),
        (b'{"id":null}', "it has no id"),
        (b'{"id":"abc"}', "its id is not an integer"),
        (b'{"id":1.5}', "its id is not an integer"),
        (b'{"id":99999999999999999999}', "its id is not a 64-bit integer"),
        (b'"text"', "it is not an object"),
        (b"[1]", "it is not an object"),
        (b"null", "it is not an object"),
    ],
)
def test_a_record_that_cannot_land_says_why(sent: bytes, reason: str) -> None:
    assert read_record(sent) == Rejected(sent.decode(), reason)


def test_rows_of_custom_fields_carry_their_owner() -> None:
    table = to_arrow(BY_NAME["custom_fields"], 42, "jobs", [Row(7, None, None, '{"id":7}')])
    assert table.to_pylist() == [
        {"tenant_id": 42, "entity_type": "jobs", "id": 7, "modified_on": None, "deleted_at": None, "record": '{"id":7}'}
    ]
