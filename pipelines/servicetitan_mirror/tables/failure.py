"""What is said of a model that could not be built."""

from __future__ import annotations

from dataclasses import dataclass

from servicetitan_mirror.invocation import command


@dataclass(frozen=True)
class Failure:
    """A model that could not be built, the entities it reads, and why: no value of any row."""

    model: str
    entities: frozenset[str]
    why: str

    def __str__(self) -> str:
        by_hand = command("dbt", "build", "--select", self.model)
        said = f"{self.model} could not be built: {self.why} What landed is kept and built by the next sync."
        return f"{said} By hand: {by_hand}"
