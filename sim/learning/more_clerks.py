"""A lever of a replay: some clerks more, or fewer, in a group at some hours, on a date or all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from sim.arrays import Ints
from sim.clock import ClockError, Hours, parse_clock
from sim.errors import OptionError, Problem
from sim.scenario.base import MOST_CLERKS
from sim.scenario.clerk_rows import ClerkRows

OPTION: Final = "--more-clerks"


class MoreClerks(NamedTuple):
    """So many clerks more."""

    group: str
    number: int
    """Below 0 = fewer."""
    hours: Hours
    day: date | None
    """None = every date."""


def read_more_clerks(words: Iterable[str], groups: Sequence[str]) -> tuple[MoreClerks, ...]:
    """What options say: `GROUP=2@10:00-11:00`, `GROUP=-1@2025-03-04 10:00-11:00`.

    Raises
    ------
    OptionError
        `more_clerks` or `unknown_pool`: every one.

    Examples
    --------
    >>> [lever] = read_more_clerks(["desks=2@2025-03-04 10:00-11:00"], ["desks"])
    >>> lever.group, lever.number, str(lever.day)
    ('desks', 2, '2025-03-04')
    """
    levers, problems = [], []
    for word in words:
        lever = _read(word)
        if lever is None:
            problems.append(Problem("more_clerks", OPTION, found=word))
        elif lever.group not in groups:
            allowed = ", ".join(groups)
            problems.append(Problem("unknown_pool", OPTION, found=lever.group, allowed=allowed))
        else:
            levers.append(lever)
    if problems:
        raise OptionError(problems)
    return tuple(levers)


def _read(word: str) -> MoreClerks | None:
    group, _, rest_of = word.partition("=")
    number, _, when = rest_of.partition("@")
    *days, hours = when.split() or [""]
    start, _, end = hours.partition("-")
    try:
        span = Hours(parse_clock(start), parse_clock(end))
        day = date.fromisoformat(days[0]) if days else None
        more = int(number)
    except (ClockError, ValueError):
        return None
    if span.start >= span.end or len(days) > 1 or not more:
        return None
    return MoreClerks(group.strip(), more, span, day)


def with_more_clerks(rows: ClerkRows, levers: Iterable[MoreClerks]) -> ClerkRows:
    """The table with some clerks more, never below 0; hours without a row of a date stay without.

    Examples
    --------
    >>> rows = ClerkRows([1], [0], [8], [0], [2], [-1], ["desks"])
    >>> more = with_more_clerks(rows, [MoreClerks("desks", 1, Hours(2, 4), None)])
    >>> more.start.tolist(), more.clerks.tolist()
    ([0, 2, 4], [2, 3, 2])
    """
    table: Ints = rows.table
    for lever in levers:
        group = rows.groups.index(lever.group)
        day, start, end, of = table[:4]
        touched = (of == group) & (start < lever.hours.end) & (end > lever.hours.start)
        if lever.day is not None:
            touched &= day == lever.day.toordinal()
        parts = [table[:, ~touched]]
        cuts = (0, lever.hours.start, lever.hours.end, int(end.max(initial=0)))
        for place, (low, high) in enumerate(pairwise(cuts)):
            piece = table[:, touched].copy()
            piece[1], piece[2] = np.maximum(piece[1], low), np.minimum(piece[2], high)
            if place == 1:
                piece[4] = np.clip(piece[4] + lever.number, 0, MOST_CLERKS)
            parts.append(piece[:, piece[2] > piece[1]])
        table = np.concatenate(parts, axis=1)
        table = table[:, np.lexsort((table[1], table[3], table[0]))]
    day, start, end, of, clerks, person = table
    return ClerkRows(day, start, end, of, clerks, person, rows.groups, rows.people, rows.file)
