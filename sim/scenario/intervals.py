"""Intervals of a day's clock: which overlap, which lie in which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

from sim.clock import Hours
from sim.scenario.base import format_hours
from sim.scenario.findings import Finding
from sim.scenario.node import Steps

Placed: TypeAlias = "tuple[Hours, Steps]"
"""An interval and where it stands."""


def overlapping_intervals(days: Iterable[Sequence[Placed]]) -> Iterator[Finding]:
    """Overlaps within a day, each pair once, at the one that stands second."""
    pairs: set[tuple[Placed, Placed]] = set()
    for day in days:
        order = {placed: n for n, placed in reversed(list(enumerate(day)))}
        for first, second in pairwise(sorted(day)):
            if second[0].start < first[0].end:
                in_order = order[first] < order[second]
                pairs.add((first, second) if in_order else (second, first))
    for first, second in sorted(pairs):
        both_hours = f"{format_hours(first[0])}, {format_hours(second[0])}"
        yield Finding("overlapping_intervals", second[1], both_hours)


def join_hours(hours: Sequence[Hours]) -> list[Hours]:
    """Sorted intervals, those that touch made one."""
    spans: list[Hours] = []
    for part in hours:
        if spans and part.start <= spans[-1].end:
            spans[-1] = Hours(spans[-1].start, max(spans[-1].end, part.end))
        else:
            spans.append(part)
    return spans


def is_inside(duty: Hours, open_: Iterable[Hours]) -> bool:
    """Whether one of some intervals holds another."""
    return any(
        open_hours.start <= duty.start and duty.end <= open_hours.end for open_hours in open_
    )


def uncovered(hours: Iterable[Hours], duties: Sequence[Hours]) -> Iterator[Hours]:
    """The parts of some intervals at which none of the sorted duties is.

    Examples
    --------
    >>> list(uncovered([Hours(0, 9)], [Hours(1, 4), Hours(3, 7)]))
    [Hours(start=0, end=1), Hours(start=7, end=9)]
    """
    for open_ in hours:
        reached = open_.start
        for duty in duties:
            if duty.start > reached and reached < open_.end:
                yield Hours(reached, min(duty.start, open_.end))
            reached = max(reached, duty.end)
        if reached < open_.end:
            yield Hours(reached, open_.end)
