"""Settings that are addresses of webhooks: whoever knows one may write to it, so each is a secret."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from servicetitan_mirror.config.checks import LONGEST, cleaned, is_this_machine, unquoted


@dataclass(frozen=True)
class Webhook:
    """An https address with whatever path and query; http only where nothing leaves this machine."""

    allowed: str = "an https address as the service shows it (http:// only for this machine)"

    def read(self, value: object) -> str:
        """The address."""
        text = unquoted(cleaned(value)) if isinstance(value, str) else ""
        if not re.fullmatch(rf"https?://[!-~]{{1,{LONGEST}}}", text) or re.search(r"[\\#<>\"]", text):
            raise ValueError
        parts = urlsplit(text)
        if not parts.hostname or parts.port == 0 or "@" in parts.netloc:  # asking for the port may raise, too
            raise ValueError
        if parts.scheme == "http" and not is_this_machine(parts.hostname):
            raise ValueError
        return text


@dataclass(frozen=True)
class Webhooks:
    """Several: a list, or a text with blanks or commas between them, or JSON as dlt writes a list into a variable."""

    allowed: str = "https addresses as the services show them, with commas between them (http:// only for this machine)"

    def read(self, value: object) -> str:
        """The addresses with blanks between them, which none of them has, each once."""
        if isinstance(value, str):
            value = [*filter(None, re.split(r"[\s,]+", cleaned(value).strip("[]").replace('"', " ")))]
        if not isinstance(value, list):
            raise ValueError
        return " ".join(dict.fromkeys(Webhook().read(one) for one in value))
