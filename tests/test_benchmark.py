"""The benchmark judges: a bar that is missed is named and makes it end with 1, one that does not hold is not judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmark import __main__ as command
from benchmark.figures import Figure, Part

MET = Figure("requests", "", (31,), 31)
MISSED = Figure("full sync ÷ floor", "×", (2.0, 9.0, 2.8), 2.5)
NOT_JUDGED = Figure("500 changes ÷ idle", "×", (7.0,), 1.5, judged=False)


@pytest.mark.parametrize(("figures", "code"), [((MET, NOT_JUDGED), 0), ((MET, MISSED, NOT_JUDGED), 1)])
def test_a_missed_bar_ends_with_1(
    figures: tuple[Figure, ...], code: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(command.PARTS, "growth", lambda *_: [Part("a tenant", figures)])
    done = CliRunner().invoke(command.main, ["--quick", "--part", "growth", "--json", str(tmp_path / "figures.json")])
    assert done.exit_code == code
    assert f"{len(figures) - 1 - code} of {len(figures) - 1} bars met, 1 not judged" in done.output
    assert ("  not met: full sync ÷ floor is 2.80 ×, at most 2.50 × (a tenant)" in done.output) == bool(code)
    (part,) = json.loads((tmp_path / "figures.json").read_text())["parts"]
    assert [figure["met"] for figure in part["figures"]] == [True, *[False] * code, None]
