"""One setting at a time: found where it was given, checked by its rule, or refused with its name and place."""

from __future__ import annotations

import difflib
import re
from typing import Any

from servicetitan_mirror.config import lookup, tenants
from servicetitan_mirror.config.checks import Near, Rule, cleaned, shown
from servicetitan_mirror.config.lookup import Found
from servicetitan_mirror.config.rules import HIDDEN, NEEDED, RULES, SECRET
from servicetitan_mirror.errors import ConfigurationError


def variable(name: str, tenant: str | None = None) -> str:
    """The environment variable of a setting, of one of several tenants its own: `SOURCES__SERVICETITAN__PAGE_SIZE`."""
    return "__".join((*tenants.sections(tenant)[0], name)).upper()


def given(name: str, tenant: str | None) -> Found | None:
    """A setting as it was given; what is blank, or still as in the example, was not."""
    for section in tenants.sections(tenant, name):
        found = lookup.find(section, name, name in SECRET)
        if found and not _is_blank(found.value) and not (name in NEEDED and _is_example(found.value)):
            return found
    return None


def checked(name: str, found: Found) -> Any:
    """The value of a setting of `[sources.servicetitan]`.

    Raises:
        ConfigurationError: it is not what its rule allows.
    """
    return _read(RULES[name], found, "" if name in HIDDEN else shown(found.value))


def read_setting(sections: tuple[str, ...], name: str, rule: Rule, default: Any, secret: bool = False) -> Any:
    """A setting of another section; a secret is not quoted, and only read where secrets belong.

    Raises:
        ConfigurationError: names it, and where it was read.
    """
    found = lookup.find(sections, name, secret)
    if found is None or _is_blank(found.value):
        return default
    return _read(rule, found, "" if secret else shown(found.value))


def reject_unknown(sections: tuple[str, ...], known: Any) -> None:
    """Let no misspelt setting pass in silence.

    Raises:
        ConfigurationError: names it, and the setting that it looks like.
    """
    for name, place in lookup.names(sections):
        if name not in known:
            near = difflib.get_close_matches(name.lower(), known, 1, 0.5)
            advice = f"do you mean {near[0]}?" if near else f"there are {', '.join(known)}."
            raise ConfigurationError(f"{place} is no setting; {advice}")


def _is_blank(value: object) -> bool:  # what GitHub makes of a secret that is not there
    return isinstance(value, str) and not cleaned(value)


def _is_example(value: object) -> bool:
    return re.fullmatch(r"0|[a-z0-9]+\.{4}", str(value)) is not None


def _read(rule: Rule, found: Found, words: str) -> Any:
    try:
        return rule.read(found.value)
    except ValueError as error:
        problem = f"is {words}" if words else "is wrong"
        near = f"; {error}" if isinstance(error, Near) else ""
        raise ConfigurationError(f"{found.place} {problem}; it must be {rule.allowed}{near or '.'}") from None
