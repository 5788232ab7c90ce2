"""The tenants of the settings.

There is one, which `[sources.servicetitan]` itself describes, or there are several, each of which has a name and a
section `[sources.servicetitan.tenants.NAME]`, in the environment `SOURCES__SERVICETITAN__TENANTS__NAME__CLIENT_ID`.
What such a section does not say comes from `[sources.servicetitan]`, but for the tenant's id. A process that works on
one of several says so with `use`.
"""

from __future__ import annotations

import difflib
import re

from servicetitan_mirror.config import lookup
from servicetitan_mirror.config.lookup import OUR_SECTION
from servicetitan_mirror.errors import ConfigurationError

SECTION = (*OUR_SECTION, "tenants")
NAME = r"[a-z][a-z0-9]*(_[a-z0-9]+)*"  # what a variable of the environment can say too


class _Used:
    name: str | None = None


def use(name: str | None) -> None:
    """Work on this tenant from here on: `load_settings()` reads its settings."""
    _Used.name = name


def used() -> str | None:
    """The name of the tenant that this process works on; None where there is one without a name."""
    return _Used.name


def names() -> list[str]:
    """The names of the tenants, in the order of the files; none where there is one tenant, without a name.

    Raises:
        ConfigurationError: a section is misspelt, a name cannot be one, or it is not clear whose a tenant's id is.
    """
    _reject_misspelt()
    found = {section.value: section for section in lookup.subsections(SECTION)}
    for name, section in found.items():
        if not re.fullmatch(NAME, name):
            raise ConfigurationError(
                f"{section.place} names no tenant: a name is lower-case letters, digits and single underscores, "
                "and begins with a letter."
            )
    alone = lookup.find(OUR_SECTION, "tenant_id") if found else None
    if alone and str(alone.value).strip() not in ("", "0"):
        raise ConfigurationError(
            f"{alone.place} is set beside tenants with names ({', '.join(found)}): move it, with what belongs to that "
            f"tenant, below [{'.'.join(SECTION)}.NAME], or take it away."
        )
    return [*found]


def resolved(name: str | None) -> str | None:
    """The tenant that is meant: the named one, else the one in use, else the only one; None if it has no name.

    Raises:
        ConfigurationError: there are several, or none of this name.
    """
    known = names()
    name = name or used()
    if name and name not in known:
        near = difflib.get_close_matches(name, known, 1, 0.5)
        there = f"do you mean {near[0]}?" if near else f"there are {', '.join(known)}." if known else "there are none."
        raise ConfigurationError(f"No tenant is called {name} in the settings; {there}")
    if len(known) > 1 and not name:
        raise ConfigurationError(f"Say which tenant: --tenant NAME; there are {', '.join(known)}.")
    return name or (known[0] if known else None)


def sections(tenant: str | None, key: str = "") -> list[tuple[str, ...]]:
    """The sections in which a tenant's settings stand, its own first; its id in no other."""
    if tenant is None:
        return [OUR_SECTION]
    return [(*SECTION, tenant)] if key == "tenant_id" else [(*SECTION, tenant), OUR_SECTION]


def _reject_misspelt() -> None:
    """A section that looks like that of the tenants, which would be passed over."""
    for section in lookup.subsections(OUR_SECTION):
        name = str(section.value)
        if name != SECTION[-1] and difflib.get_close_matches(name, SECTION[-1:], 1, 0.8):
            raise ConfigurationError(f"{section.place} is no section of settings; do you mean {SECTION[-1]}?")
