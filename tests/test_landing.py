"""Records become landed rows: every digit kept, every oddity survived."""

from __future__ import annotations

from datetime import datetime, timezone

import msgspec
import pytest

from servicetitan_mirror.api.envelope import read_envelope
from servicetitan_mirror.api.repair import repaired, storable
from servicetitan_mirror.clock import format_instant, parse_instant
from servicetitan_mirror.entities import BY_NAME
from servicetitan_mirror.reading.records import Rejected, Row, read_record, to_arrow

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
    assert storable(sent) == kept


def test_characters_that_json_forbids_are_replaced_so_that_their_page_can_be_read() -> None:
    sent = b'\xef\xbb\xbf{"a":"\x00\x1b\t",\x0b"b":"\\ud83d"}'
    assert repaired(sent) == r'{"a":"\ufffd\ufffd\t", "b":"\ufffd"}'


@pytest.mark.parametrize("written", [b"7", b'"7"', b"7.0", b"70e-1", b'" 7 "', b"0.7E1"])
def test_a_whole_number_is_an_id_in_whatever_form(written: bytes) -> None:
    sent = b'{"createdOn":1e999,"id":%b}' % written
    assert read_record(sent) == Row(7, None, None, sent.decode())


@pytest.mark.parametrize(
    ("sent", "reason", "known"),
    [
        (b'{"name":"no id"}', "it has no id", None),
        (b'{"id":null}', "it has no id", None),
        (b'{"id":"abc"}', "its id is not an integer", "abc"),
        (b'{"id":1.5}', "its id is not an integer", "1.5"),
        (b'{"id":1e999999999}', "its id is not an integer", "1e999999999"),
        (b'{"id":99999999999999999999}', "its id is not a 64-bit integer", "99999999999999999999"),
        (b'{"of":{"id":1},"id":7,"name":nobody}', "it is not JSON", "7"),
        (b'{"id":7,"deep":%b}' % (b"[" * 1500 + b"]" * 1500), "it is nested too deeply", "7"),
        (b'"text"', "it is not an object", None),
        (b"[1]", "it is not an object", None),
        (b"null", "it is not an object", None),
    ],
)
def test_a_record_that_cannot_land_says_why(sent: bytes, reason: str, known: str | None) -> None:
    assert read_record(sent) == Rejected(sent.decode(), reason, known)


WHOLE = ['{"id":1,"memo":"a"}', '{"id":3,"memo":"c"}']


@pytest.mark.parametrize(
    "broken",
    [
        '{"id":2,"memo":NaN}',
        '{"id":2,"memo":"a 5" pipe"}',
        '{"id":2,"memo":"b}',
        '{"id":2,"memo":{"of":1}',
        '{"id":2,"memo":[{"id":1,"memo":"inside"}',
        '{"id":"2,"memo":"b"}',
        "",
        "oops",
        '{"id":2,"memo":%s}' % ("[" * 1500 + "]" * 1500),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_broken_record_leaves_the_others_of_its_page_whole(broken: str, place: int) -> None:
    records = [*WHOLE[:place], broken, *WHOLE[place:]]
    page = '{{"page":1,"hasMore":false,"totalCount":3,"data":[{}]}}'.format(",".join(records))
    envelope = read_envelope(page.encode())
    rows = [record for record in map(read_record, map(bytes, envelope.data)) if isinstance(record, Row)]
    assert ([row.record for row in rows], envelope.total) == (WHOLE, 3)


@pytest.mark.parametrize("size", [10, 60, -3, -1])
def test_an_answer_that_was_cut_short_is_no_page(size: int) -> None:
    page = '{{"page":1,"hasMore":false,"totalCount":3,"data":[{}]}}'.format(",".join(WHOLE))
    with pytest.raises(msgspec.DecodeError):
        read_envelope(page[:size].encode())


def test_rows_of_custom_fields_carry_their_owner() -> None:
    table = to_arrow(BY_NAME["custom_fields"], 42, "jobs", [Row(7, None, None, '{"id":7}')])
    assert table.to_pylist() == [
        {"tenant_id": 42, "entity_type": "jobs", "id": 7, "modified_on": None, "deleted_at": None, "record": '{"id":7}'}
    ]
