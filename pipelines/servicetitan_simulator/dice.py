"""Chance that repeats: every choice of the made-up business comes from one seeded generator."""

import random
from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice(random.Random):
    """A seeded generator with the few throws that the business needs."""

    def __init__(self, seed: int | str) -> None:
        super().__init__(seed)
        self._turns: Counter[str] = Counter()

    def pick(self, options: Sequence[T]) -> T:
        """Any of the options."""
        return options[int(self.random() * len(options))]

    def some(self, options: Sequence[T], least: int, most: int) -> list[T]:
        """`least` to `most` different options that stand side by side."""
        start = int(self.random() * len(options))
        return [options[at % len(options)] for at in range(start, start + self.between(least, most + 1))]

    def between(self, low: int, high: int) -> int:
        """A whole number with low <= number < high; low when there is no room."""
        return low + int(self.random() * (high - low)) if high > low else low

    def chance(self, share: float) -> bool:
        """True in a share of the calls, 0 to 1."""
        return self.random() < share

    def every(self, what: str, turns: int) -> bool:
        """True once in `turns` calls for the same `what`, first in the 7th: a small business has its rarities too."""
        self._turns[what] += 1
        return self._turns[what] % turns == min(turns // 2, 7)

    def in_turn(self, what: str, options: Sequence[T]) -> T:
        """The options one after another."""
        self._turns[what] += 1
        return options[self._turns[what] % len(options)]


class Ids:
    """ServiceTitan's ids: nine digits, one number space for all entities, rising with time."""

    def __init__(self, dice: Dice, last: int = 310_000_000) -> None:
        self._random = dice.random
        self.last = last

    def new(self) -> int:
        """The next id, a little above the last."""
        self.last += 1 + int(self._random() * 4)
        return self.last
