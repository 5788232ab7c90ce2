"""What a pass over a list's pages says about the list, maybe together with the pass before it."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from servicetitan_mirror.errors import BrokenListError
from servicetitan_mirror.reading.proof import Pass
from servicetitan_mirror.reading.task import Task

FEW = 20  # rejected records that a read of changes may always have


class Verdict(NamedTuple):
    """Whether a list was read completely.

    Attributes:
        complete: whether the list need not be read again.
        proved: whether what the pass did not see is gone from the source, so that it may be marked as deleted.
        notes: what the server contradicts itself in, as sentences.
    """

    complete: bool
    proved: bool = False
    notes: tuple[str, ...] = ()


def judge(task: Task, seen: Pass, before: Pass | None) -> Verdict:
    """Whether a pass, maybe together with the one `before` it, missed nothing.

    The answers of a feed follow each other without offsets, so a feed that came to its end is complete. It lists
    changes only, so what it does not list is not gone. Nor is what a list does not give of the ids that were asked for.
    """
    if task.reads_feed or task.ids:
        return Verdict(complete=True)
    if seen.proves_complete():
        return Verdict(complete=True, proved=True)
    if not seen.confirms(before):
        return Verdict(complete=False)
    return Verdict(True, seen.has_right_total or not task.endpoint.has_total, _contradiction(task, seen))


def check_rejected(task: Task, seen: Pass) -> None:
    """See that most records of a list can land.

    Raises:
        BrokenListError: most cannot, so the list has failed, whatever little of it has landed.
    """
    count = len(seen.rejected)
    if 2 * count > seen.distinct and (task.is_full or count > FEW):
        ((reason, _),) = Counter(rejected.reason for rejected in seen.rejected).most_common(1)
        raise BrokenListError(
            f"{task.endpoint.path}: {count} of {seen.distinct} records cannot be read ({reason}). "
            "The next sync reads the list again."
        )


def kept_changing(task: Task, seen: Pass) -> BrokenListError:
    """The error of a list that no pass read completely, with the figures of the last one."""
    announced = "an unknown number of" if seen.total is None else seen.total
    return BrokenListError(
        f"{task.endpoint.path}: the list kept changing while it was read; it lists {announced} records and "
        f"its pages held {seen.distinct}. The next sync reads it again."
    )


def _contradiction(task: Task, seen: Pass) -> tuple[str, ...]:
    """What two equal passes leave open, with the figures."""
    if seen.total is None or not task.endpoint.has_total:
        return ()
    if seen.has_right_total and task.endpoint.window:
        return ()  # its total grows from range to range, which only two equal passes can prove
    if seen.has_right_total:
        return (f"the times of its records contradict its total; two equal passes saw all {seen.total}",)
    return (f"the server says {seen.total} records and showed {seen.distinct} twice",)
