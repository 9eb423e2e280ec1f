"""Breaks inside a day: when they are, and what becomes of those who wait when one begins."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np

from sim.clock import DAY
from sim.plan import plan as codes
from sim.plan.columns import integers
from sim.plan.opening import FromTo, HallDay
from sim.scenario.hall import Hall, WindowGroup

RULES: Final = {
    "wait": codes.WAIT_THROUGH,
    "serve_first": codes.SERVED_FIRST,
    "keep_ticket": codes.TICKET_KEPT,
    "new_ticket": codes.TICKET_ANEW,
}


def breaks_of(day: HallDay) -> list[FromTo]:
    """Gaps between two open intervals of a day, in instants of the run."""
    return [
        (day.n * DAY + before.end, day.n * DAY + after.start)
        for before, after in pairwise(day.hours)
        if before.end < after.start
    ]


def instants_of_staying(group: WindowGroup, hall: Hall, days: Sequence[HallDay]) -> frozenset[int]:
    """Instants at which clerks whose duty ends stay until the place is empty.

    These are the ends of its days, unless the rest is cut off, and the beginnings of its breaks
    where those who wait are served first.
    """
    ends = {day.closes for day in days} if hall.closing == "serve_all" else set[int]()
    if group.break_rule(hall) == "serve_first":
        ends |= {begins for day in days for begins, _ in breaks_of(day)}
    return frozenset(ends)


def compile_breaks(
    hall: Hall,
    groups: Sequence[WindowGroup],
    lists: Sequence[str],
    places: Sequence[int],
    days_of: Sequence[Sequence[HallDay]],
    n_days: int,
) -> dict[str, Any]:
    """The fields of `HallPlan` about breaks; of each group of windows its place, of it its days.

    A place all of whose people wait through has none: nothing happens there when one begins. Where
    tickets are kept overnight each night is one.
    """
    rule_of = {group.list_id: RULES[group.break_rule(hall)] for group in groups}
    acts = {place for group, place in zip(groups, places, strict=True) if rule_of[group.list_id]}
    breaks = [
        (place, *span, False)
        for place, days in enumerate(days_of)
        if place in acts
        for day in days
        for span in breaks_of(day)
    ]
    if hall.closing == "keep_ticket":
        nights = [
            (place, *night, True)
            for place, days in enumerate(days_of)
            for night in _nights(days, n_days * DAY)
        ]
        breaks = sorted([*breaks, *nights])
    return {
        "break_rule": integers(rule_of[name] for name in lists),
        "break_place": integers(place for place, *_ in breaks),
        "break_begins": integers(begins for _, begins, _, _ in breaks),
        "break_ends": integers(ends for _, _, ends, _ in breaks),
        "break_nightly": np.array([nightly for *_, nightly in breaks], dtype=np.bool_),
    }


def _nights(days: Sequence[HallDay], end: int) -> list[FromTo]:
    """From each closing of a place to its next opening, the last one to the end of the run."""
    opens = [*(day.n * DAY + day.hours[0].start for day in days[1:]), end]
    return [(day.closes, at) for day, at in zip(days, opens, strict=True) if day.closes >= 0]
