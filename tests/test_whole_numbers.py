"""An id is read the same way where a record lands and where PostgreSQL looks for it."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mirror import Mirror
from servicetitan_mirror.api.whole_numbers import whole_number

ODD = [
    "7",
    "-7",
    "7.0",
    "70e-1",
    "0.7E1",
    " 7 ",
    "\t7\n",
    "\u00a07",
    "+7",
    "007",
    "-0",
    "7.",
    ".7",
    "1e400",
    "0x7",
    "١",
]
ODD += [str(2**63 - 1), str(2**63), str(-(2**63)), str(-(2**63) - 1), f"{2**63 - 1}.0", "1" + "0" * 60 + "e-60"]
ODD += ["١", "7." + "0" * 99, "7." + "0" * 100, "0e999", "0e1000", "7e018", "", "null", "1" * 6_000]
TEXTS = st.lists(st.one_of(st.sampled_from(ODD), st.text("0123456789.eE+- ", max_size=24)), min_size=1, max_size=200)


def test_python_and_postgresql_read_the_same_ids(mirror: Mirror) -> None:
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(texts=TEXTS)
    def agree(texts: list[str]) -> None:
        values = ", ".join(f"('{text}', {place})" for place, text in enumerate([*ODD, *texts]))
        read = mirror.rows(
            f"select raw_servicetitan.whole_number(text) from (values {values}) as v (text, n) order by n"
        )
        assert [number for (number,) in read] == [whole_number(text) for text in [*ODD, *texts]]

    agree()
