"""Settings: what they accept, and what is said of what they do not."""

from __future__ import annotations

import pytest

from servicetitan_mirror.config.loading import load_settings
from servicetitan_mirror.errors import ConfigurationError

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


@pytest.mark.parametrize(
    ("setting", "value", "allowed"),
    [
        ("TENANT_ID", "-1", "a whole number from 1 to 9223372036854775807"),
        ("TENANT_ID", "0x10", "a whole number from 1 to 9223372036854775807"),
        ("TENANT_ID", "1_000", "a whole number from 1 to 9223372036854775807"),
        ("TENANT_ID", "99999999999999999999", "a whole number from 1 to 9223372036854775807"),
        ("REQUESTS_PER_SECOND", "nan", "a number from 0.01 to 100000"),
        ("REQUESTS_PER_SECOND", "1e999", "a number from 0.01 to 100000"),
        ("REQUESTS_PER_SECOND", "-inf", "a number from 0.01 to 100000"),
        ("REQUESTS_PER_SECOND", "1e-9", "a number from 0.01 to 100000"),
        ("TIMEOUT", "0", "a whole number from 1 to 3600"),
        ("TIMEOUT", "true", "a whole number from 1 to 3600"),
        ("PATIENCE", "1e9", "a whole number from 0 to 86400"),
        ("OVERLAP", "-1", "a whole number from 0 to 604800"),
        ("PAGE_SIZE", "5001", "a whole number from 1 to 5000"),
        ("MAX_DELETED_SHARE", "nan", "a number from 0 to 1"),
        ("MAX_DELETED_SHARE", "20%", "a number from 0 to 1"),
        ("LOG_RETENTION_DAYS", "9" * 12, "a whole number from 0 to 36500"),
        ("ENVIRONMENT", "staging", "production or integration"),
    ],
)
def test_what_a_setting_may_be_is_said(monkeypatch: pytest.MonkeyPatch, setting: str, value: str, allowed: str) -> None:
    monkeypatch.setenv(f"SOURCES__SERVICETITAN__{setting}", value)
    with pytest.raises(ConfigurationError) as refused:
        load_settings()
    place = f"The environment variable SOURCES__SERVICETITAN__{setting}"
    assert str(refused.value) == f"{place} is {value!r}; it must be {allowed}."


def test_a_rate_above_servicetitans_own_limit_is_for_other_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCES__SERVICETITAN__REQUESTS_PER_SECOND", "61")
    with pytest.raises(ConfigurationError, match="is 61; ServiceTitan allows an app 60 calls a second"):
        load_settings()
    monkeypatch.setenv("SOURCES__SERVICETITAN__API_URL", "http://127.0.0.1:8901/")
    assert load_settings().requests_per_second == 61


@pytest.mark.parametrize(
    "copied", ["ak1.x\n", " ak1.x\t", "\ufeffak1.x", "ak1.x\u200b\u2060", "\xa0ak1.x\r\n", '"ak1.x"']
)
def test_what_a_copy_brought_along_is_taken_off_a_key(monkeypatch: pytest.MonkeyPatch, copied: str) -> None:
    monkeypatch.setenv("SOURCES__SERVICETITAN__APP_KEY", copied)
    assert load_settings().app_key == "ak1.x"


@pytest.mark.parametrize("setting", ["CLIENT_ID", "CLIENT_SECRET", "APP_KEY"])
@pytest.mark.parametrize("odd", ["hun\nter2", "hun ter2", "hun\u200bter2", "hunt\u00e9r2", "hunter2" * 1000])
def test_a_key_that_cannot_be_one_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, setting: str, odd: str
) -> None:
    monkeypatch.setenv(f"SOURCES__SERVICETITAN__{setting}", odd)
    with pytest.raises(ConfigurationError) as refused:
        load_settings()
    place = f"The environment variable SOURCES__SERVICETITAN__{setting}"
    allowed = "the text as ServiceTitan shows it: letters, digits and signs, without blanks"
    assert str(refused.value) == f"{place} is wrong; it must be {allowed}."


@pytest.mark.parametrize(
    "url", ["https://api.example.com/st/", "http://localhost:1", "http://[::1]:8901", "http://127.9.9.9"]
)
def test_an_api_url_is_https_or_of_this_machine(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("SOURCES__SERVICETITAN__API_URL", f" {url}\n")
    assert load_settings().api_host == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "api.servicetitan.io",
        "http://api.servicetitan.io",
        "ftp://api.servicetitan.io",
        "https://",
        "https://user:hunter2@api.servicetitan.io",
        "https://api.servicetitan.io?key=hunter2",
        "https://api.servicetitan.io:99999",
        "https://api.servicetitan.io\\@evil.example.com",
        "https://api service.io",
        "https://[::1",
        "https://\u0430pi.servicetitan.io",
    ],
)
@pytest.mark.parametrize("setting", ["API_URL", "AUTH_URL"])
def test_a_url_that_secrets_may_not_go_to_is_refused(monkeypatch: pytest.MonkeyPatch, setting: str, url: str) -> None:
    monkeypatch.setenv(f"SOURCES__SERVICETITAN__{setting}", url)
    with pytest.raises(ConfigurationError) as refused:
        load_settings()
    assert str(refused.value).startswith(f"The environment variable SOURCES__SERVICETITAN__{setting} is wrong; it must")
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("variable", "advice"),
    [
        ("SOURCES__SERVICETITAN__REQUEST_PER_SECOND", "do you mean requests_per_second?"),
        ("SOURCES__SERVICETITAN__MAX_DELETED", "do you mean max_deleted_share?"),
        ("SOURCES__SERVICETITAN__QQQ", "there are tenant_id, client_id,"),
    ],
)
def test_a_misspelt_setting_does_not_pass_in_silence(
    monkeypatch: pytest.MonkeyPatch, variable: str, advice: str
) -> None:
    monkeypatch.setenv(variable, "5")
    with pytest.raises(ConfigurationError) as refused:
        load_settings()
    assert str(refused.value).startswith(f"The environment variable {variable} is no setting; {advice}")


def test_a_variable_of_another_program_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "staging")
    monkeypatch.setenv("TIMEOUT", "0")
    assert (load_settings().environment, load_settings().timeout) == ("production", 120)


@pytest.mark.parametrize(("name", "value"), [("proxy", "proxy:3128"), ("proxy", "socks5://x"), ("ca_file", "nowhere")])
def test_a_proxy_and_a_ca_file_have_to_be_what_they_say(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    for needed in ("TENANT_ID", "CLIENT_ID", "CLIENT_SECRET", "APP_KEY"):
        monkeypatch.setenv(f"SOURCES__SERVICETITAN__{needed}", "1")
    monkeypatch.setenv(f"SOURCES__SERVICETITAN__{name.upper()}", value)
    with pytest.raises(ConfigurationError, match=f"SOURCES__SERVICETITAN__{name.upper()}"):
        load_settings()
