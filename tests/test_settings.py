"""Settings: what they accept, and what is said of what they do not."""

from __future__ import annotations

import pytest

from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.settings import load_settings

NEEDED = {"TENANT_ID": "7", "CLIENT_ID": "cid.x", "CLIENT_SECRET": "cs1.x", "APP_KEY": "ak1.x"}


@pytest.fixture(autouse=True)
def _configured(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in NEEDED.items():
        monkeypatch.setenv(f"SOURCES__SERVICETITAN__{name}", value)


@pytest.mark.parametrize(
    ("full_every", "seconds"), [("30m", 1800), ("24h", 86400), ("7d", 604800), ("90s", 90), ("never", None)]
)
def test_full_every_is_a_length_of_time(monkeypatch: pytest.MonkeyPatch, full_every: str, seconds: float) -> None:
    monkeypatch.setenv("SOURCES__SERVICETITAN__FULL_EVERY", full_every)
    assert load_settings().full_every_seconds == seconds


@pytest.mark.parametrize(
    ("setting", "value"),
    [("FULL_EVERY", "0h"), ("FULL_EVERY", "daily"), ("FULL_EVERY", "24"), ("RUN_LIMIT", "-1"), ("LOCK_TIMEOUT", "-1")],
)
def test_a_setting_out_of_its_range_is_named(monkeypatch: pytest.MonkeyPatch, setting: str, value: str) -> None:
    monkeypatch.setenv(f"SOURCES__SERVICETITAN__{setting}", value)
    with pytest.raises(ConfigurationError, match=f"SOURCES__SERVICETITAN__{setting}"):
        load_settings()
