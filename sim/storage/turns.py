"""Whose job is next: readers in turn, and each reader's own jobs in the order they were asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Waiting(NamedTuple):
    """A job that waits."""

    name: str
    reader: str
    """Who asked for it; empty = nobody is known."""
    asked_at: float
    """Any clock that goes forward."""


def next_in_turn(
    waiting: Sequence[Waiting], running: Sequence[str], served_at: Mapping[str, float]
) -> Waiting | None:
    """The job that starts next; None when none waits.

    Of the readers who wait, it is the turn of one with the fewest jobs running, and among these of
    the one whose last job started the longest ago. So a reader with a hundred jobs holds up
    another by one.

    Parameters
    ----------
    running
        The reader of each job that runs.
    served_at
        When the last job of a reader started; who is not named has had none.

    Examples
    --------
    >>> queue = [Waiting("a1", "ann", 1), Waiting("a2", "ann", 2), Waiting("b1", "bob", 3)]
    >>> next_in_turn(queue, running=[], served_at={"ann": 0.5}).name
    'b1'
    >>> next_in_turn(queue, running=["bob"], served_at={"ann": 0.5, "bob": 0.7}).name
    'a1'
    """
    if not waiting:
        return None
    first: dict[str, Waiting] = {}
    for job in sorted(waiting, key=lambda job: (job.asked_at, job.name)):
        first.setdefault(job.reader, job)

    def turn(job: Waiting) -> tuple[int, float, float, str]:
        last = served_at.get(job.reader, float("-inf"))
        return running.count(job.reader), last, job.asked_at, job.name

    return min(first.values(), key=turn)


def count_before(
    name: str, waiting: Sequence[Waiting], running: Sequence[str], served_at: Mapping[str, float]
) -> int:
    """How many jobs that wait start before one of them, if nobody asks for more.

    Examples
    --------
    >>> queue = [Waiting("a1", "ann", 1), Waiting("a2", "ann", 2), Waiting("b1", "bob", 3)]
    >>> [count_before(name, queue, ["ann"], {"ann": 0.5}) for name in ("b1", "a1", "a2")]
    [0, 1, 2]
    """
    left, served = list(waiting), dict(served_at)
    after_all = max(served.values(), default=0.0)
    for before in range(len(waiting)):
        job = next_in_turn(left, running if not before else (), served)
        if job is None or job.name == name:
            return before
        left.remove(job)
        served[job.reader] = after_all + 1 + before
    return len(waiting)
