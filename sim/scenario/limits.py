"""Limits that contradict the law or the work: promises, statutory limits, spans, reviews."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Final

from sim.clock import DAY, HOUR, Span, format_span
from sim.scenario.base import ALWAYS
from sim.scenario.dated_hours import DatedHours
from sim.scenario.dated_rosters import DayRosters, hours_above, weeks_of
from sim.scenario.distributions import mean_of
from sim.scenario.findings import Finding
from sim.scenario.matters import Item, Matter
from sim.scenario.scenario import Scenario

WORKDAYS: Final = 5
"""Working days of an ordinary week."""


def promises_beyond_statute(scenario: Scenario) -> Iterator[Finding]:
    """Promises that allow more than the law, whatever the dates."""
    for matter in scenario.matters:
        promise, statute = matter.promised, matter.statutory
        if promise is None or statute is None or not _beyond(promise, statute):
            continue
        path, allowed = ("matters", matter.id, "promised"), f"≤ {format_span(statute)}"
        yield Finding("promise_beyond_statute", path, format_span(promise), allowed)


def _beyond(promise: Span, statute: Span) -> bool:
    """A working day is a day at least; how many of them calendar days hold depends on dates."""
    if statute.workdays:
        return promise.workdays > statute.workdays
    return promise.ticks + promise.workdays * DAY > statute.ticks


def tight_limits(scenario: Scenario) -> Iterator[Finding]:
    """Promises in working days that are shorter than the spans or the work of their matters."""
    for matter in scenario.matters:
        promised = matter.promised.workdays if matter.promised is not None else 0
        if promised:
            yield from _shorter_than_span(matter, promised)
            yield from _shorter_than_work(scenario, matter, promised)


def _shorter_than_span(matter: Matter, promised: int) -> Iterator[Finding]:
    spans = [_span_workdays(item) for item in _longest(matter, _span_workdays)]
    if sum(spans) > promised:
        yield Finding(
            "limit_shorter_than_span",
            ("matters", matter.id, "promised"),
            f"{promised} wd",
            f"≥ {sum(spans)} wd",
            "warning",
            (("waits", str(sum(spans))),),
        )


def _shorter_than_work(scenario: Scenario, matter: Matter, promised: int) -> Iterator[Finding]:
    """The day of acceptance does not count and can be worked: a limit leaves one day more."""
    lengths = _lengths_of_day(scenario)

    def days(item: Item) -> float:
        return mean_of(item.review) / lengths[item.department]

    path = _longest(matter, days)
    needed = sum(map(days, path))
    if needed <= promised + 1:
        return
    work = sum(mean_of(item.review) for item in path) / HOUR
    room = work * (promised + 1) / needed
    yield Finding(
        "limit_shorter_than_work",
        ("matters", matter.id, "promised"),
        f"{promised} wd",
        f"≥ {math.ceil(needed) - 1} wd",
        "warning",
        (("work", f"{work:.1f}"), ("room", f"{room:.1f}")),
    )


def longest_work(matter: Matter) -> int:
    """Ticks of reviewers' own work on the chain of items that has most of it, at the mean.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> city = load_scenario(example_path("sanmenxia.yaml"))
    >>> birth = next(matter for matter in city.matters if matter.id == "birth")
    >>> longest_work(birth) < HOUR
    True
    """

    def work(item: Item) -> float:
        return mean_of(item.review)

    return round(sum(map(work, _longest(matter, work))))


def _lengths_of_day(scenario: Scenario) -> dict[str, float]:
    """Ticks that each department can work on one review in a working day of its longest week.

    One that finishes what it has in hand may go on through the night; by a roster it is its first
    reviewer in the first two weeks of the run, who is there whenever anybody is.
    """
    calendars = {calendar.id: DatedHours(calendar) for calendar in scenario.calendars}
    longest = {
        name: max(
            sum(h.end - h.start for day in hours.values() for h in day) for hours in open_.weeks()
        )
        for name, open_ in calendars.items()
    }
    weeks = weeks_of(scenario)
    dates = [scenario.run.start + timedelta(days=n) for n in range(14)]
    lengths: dict[str, float] = {}
    for department in scenario.departments:
        length = longest[department.hours]
        if set(department.reviewers) != {ALWAYS}:
            open_, roster = calendars[department.hours], DayRosters(department.reviewers, weeks)
            by_day = [
                sum(h.end - h.start for h in hours_above(open_, roster, 0, day)) for day in dates
            ]
            length = max(sum(by_day[:7]), sum(by_day[7:]))
        lengths[department.id] = DAY if department.at_close == "finish" else length / WORKDAYS
    return lengths


def _span_workdays(item: Item) -> int:
    """Working days that an item's external span takes at least."""
    if item.external is None:
        return 0
    law = item.external
    return law.value.workdays if law.law == "constant" else law.low.workdays


def _longest(matter: Matter, length: Callable[[Item], float]) -> Sequence[Item]:
    """The items of the chain of a matter that is longest in one respect."""
    chains: dict[str, list[Item]] = {}
    waiting = list(matter.items)
    while waiting:
        item = waiting.pop(0)
        if any(before not in chains for before in item.after):
            waiting.append(item)
            continue
        before = max((chains[b] for b in item.after), key=_total(length), default=[])
        chains[item.id] = [*before, item]
    return max(chains.values(), key=_total(length), default=[])


def _total(length: Callable[[Item], float]) -> Callable[[Sequence[Item]], float]:
    return lambda items: sum(map(length, items))
