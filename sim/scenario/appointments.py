"""Books of appointments that contradict the rest, or promise more than windows can serve."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sim import clock
from sim.clock import DAY, HOUR, MINUTE, WEEKDAYS, Hours
from sim.scenario.arrivals import visits_a_day
from sim.scenario.base import format_hours, roster_hours
from sim.scenario.dated_hours import DatedHours, OpenWeek
from sim.scenario.demand import Appointments
from sim.scenario.distributions import mean_of
from sim.scenario.findings import Finding
from sim.scenario.hours import hall_calendar, weekly_hours
from sim.scenario.matters import Matter
from sim.scenario.node import Steps
from sim.scenario.roster_checks import outside_hours, wrong_roster
from sim.scenario.roster_keys import is_dated
from sim.scenario.scenario import Scenario


def wrong_books(scenario: Scenario) -> Iterator[Finding]:
    """Matters in two books, slots that do not fit the hall's hours, books without a place."""
    is_calendar = scenario.hall.hours in {calendar.id for calendar in scenario.calendars}
    open_ = DatedHours(hall_calendar(scenario)) if is_calendar else None
    named, seen = scenario.matters_named(), dict[str, str]()
    for book in scenario.applicants.appointments:
        path: Steps = ("applicants", "appointments", book.id)
        for n, name in enumerate(book.serves):
            twice = [
                matter
                for matter in named.get(name, ())
                if seen.setdefault(matter, book.id) != book.id
            ]
            if twice:
                both_books = f"{twice[0]}: {seen[twice[0]]}, {book.id}"
                yield Finding("booked_twice", (*path, "serves", n), both_books)
        slots = (*path, "slots")
        yield from wrong_roster(slots, book.slots)
        if not any(book.slots.values()):
            yield Finding("empty_book", slots, "0")
        if open_ is not None:
            yield from outside_hours("slots_outside_hours", slots, book.slots, open_)
            yield from _misfits(path, book, open_)


def _misfits(path: Steps, book: Appointments, open_: DatedHours) -> Iterator[Finding]:
    """The first hours that slots of this length do not fill."""
    for hours in _intervals(book, open_):
        if book.slot == 0 or (hours.end - hours.start) % book.slot:
            division = f"{format_hours(hours)} ÷ {clock.format_span(book.slot)}"
            yield Finding("slot_does_not_fit", (*path, "slot"), division)
            return


def _intervals(book: Appointments, open_: DatedHours) -> Iterator[Hours]:
    for key in book.slots:
        hours = roster_hours(key)[1]
        if hours == Hours(0, DAY):
            yield from (span for day in open_.of_days() for span in day)
        else:
            yield hours


class _Busy(NamedTuple):
    """A weekday on which more can be booked than the windows of a layout can serve."""

    over: float
    """Hours of work too many."""
    day: int
    places: int
    hours: float
    """Clerk hours at the windows that accept the matters."""
    layout: str


def crowded_books(scenario: Scenario) -> Iterator[Finding]:
    """Days of an ordinary week on which the windows could not serve as many people as can book.

    Layouts whose clerks go by dates have no ordinary week, and are left out.
    """
    week, named = weekly_hours(hall_calendar(scenario)), scenario.matters_named()
    for book in scenario.applicants.appointments:
        ids = {matter for name in book.serves for matter in named[name]}
        work = _mean_work(scenario, [matter for matter in scenario.matters if matter.id in ids])
        busy = list(_busy_days(scenario, book, ids, work, week))
        if not busy:
            continue
        worst = max(busy, key=lambda day: day.over)
        hours = f"{worst.places:,} × {work / MINUTE:.1f} min = {worst.places * work / HOUR:.1f} h"
        yield Finding(
            "crowded_book",
            ("applicants", "appointments", book.id, "slots"),
            f"{WEEKDAYS[worst.day]} {hours}",
            f"≤ {worst.hours:.1f} h ({worst.layout})",
            "warning",
        )


def _busy_days(
    scenario: Scenario, book: Appointments, ids: set[str], work: float, week: OpenWeek
) -> Iterator[_Busy]:
    """Too busy weekdays, each with the layout that has fewest clerk hours for these matters."""
    named = scenario.matters_named()
    serving = {
        layout.id: [
            group.clerks
            for group in layout.windows
            if any(not ids.isdisjoint(named[name]) for name in group.serves)
        ]
        for layout in scenario.layouts
        if not layout.clerks_file and not any(is_dated(group.clerks) for group in layout.windows)
    }
    for day in sorted(week) if serving else ():
        places = _places(book, week, day)
        duty = {name: _clerk_hours(rosters, week[day], day) for name, rosters in serving.items()}
        layout = min(duty, key=lambda name: duty[name])
        over = places * work / HOUR - duty[layout]
        if over > 0:
            yield _Busy(over, day, places, duty[layout], layout)


def _places(book: Appointments, week: OpenWeek, day: int) -> int:
    return sum(
        capacity * (_overlap(hours, open_) // book.slot)
        for key, capacity in book.slots.items()
        for days, hours in [roster_hours(key)]
        if day in days
        for open_ in week[day]
    )


def _clerk_hours(rosters: Iterable[Mapping[str, float]], open_: Sequence[Hours], day: int) -> float:
    """Clerk hours of a weekday by some rosters."""
    return sum(
        clerks * _overlap(duty, hours) / HOUR
        for roster in rosters
        for key, clerks in roster.items()
        for days, duty in [roster_hours(key)]
        if day in days
        for hours in open_
    )


def _overlap(hours: Hours, open_hours: Hours) -> int:
    return max(0, min(hours.end, open_hours.end) - max(hours.start, open_hours.start))


def _mean_work(scenario: Scenario, matters: Sequence[Matter]) -> float:
    """Ticks of window work, mean over the people of some matters; over the matters without any."""
    visits = {matter.id: 0.0 for matter in matters}
    for flow in scenario.demand:
        if flow.matter in visits:
            visits[flow.matter] += visits_a_day(flow, 5) * (1 - flow.online_share)
    total = sum(visits.values())
    shares = {name: n / total if total > 0 else 1 / len(visits) for name, n in visits.items()}
    return sum(shares[matter.id] * _work(scenario, matter) for matter in matters)


def _work(scenario: Scenario, matter: Matter) -> float:
    """Ticks of a visit at the windows that are the quickest for it."""
    service = matter.service
    fields = service.fields * (1 - service.prefilled_share) * service.per_field
    papers = service.materials * service.per_material
    laws = [
        group.service_laws.get(matter.id, service.base)
        for layout in scenario.layouts
        for group in layout.windows
    ]
    base = min(mean_of(law) for law in laws)
    return (base + papers + fields) * mean_of(service.individual) + mean_of(matter.wrap_up)
