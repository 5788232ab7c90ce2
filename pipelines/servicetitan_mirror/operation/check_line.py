"""What a check says: a line each, with a colour and, where it is not green, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Colour = Literal["green", "yellow", "red"]


@dataclass(frozen=True)
class Line:
    """One thing that was looked at.

    Attributes:
        subject: what: settings, time zone, token, clock, list, rate limit, database, version, TLS, rights, analysts
            or disk.
        colour: green is well, yellow works but is worth a look, red stops a sync or one of its lists.
        sentence: what was found.
        advice: what to do about it; "" where nothing is to be done.
    """

    subject: str
    colour: Colour
    sentence: str
    advice: str = ""


def red(subject: str, problem: object) -> Line:
    """An error's message as a line: its first line is what was found, the rest what to do."""
    sentence, _, advice = str(problem).partition("\n")
    return Line(subject, "red", sentence, " ".join(advice.split()))
