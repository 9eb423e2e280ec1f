"""What the run is too short for: mean numbers of clerks, tickets for the next open day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from sim.clock import DAY
from sim.scenario.dated_checks import UsedRoster, used_rosters
from sim.scenario.dated_hours import DatedHours
from sim.scenario.dated_rosters import DayRosters, weeks_of
from sim.scenario.findings import Finding
from sim.scenario.hours import calendar_of, hall_dates
from sim.scenario.node import Steps
from sim.scenario.places import Place
from sim.scenario.roster_keys import parse_roster_key
from sim.scenario.scenario import Scenario

ALMOST: Final = 0.01
"""Share of a mean number of clerks up to which the days of a run may have another mean."""


def short_runs(scenario: Scenario) -> Iterator[Finding]:
    """Mean numbers of clerks that the measured days do not have, tickets that no day comes for."""
    yield from _other_means(scenario)
    yield from _no_next_day(scenario)


def _other_means(scenario: Scenario) -> Iterator[Finding]:
    """The first row of each roster whose mean over the measured days it holds on is another one.

    Five days of 2.5 clerks have 2.4 (DESIGN §4.12).
    """
    rosters = [
        used
        for used in used_rosters(scenario)
        if any(clerks != int(clerks) for clerks in used[1].values())
    ]
    if not rosters:
        return
    run = scenario.run
    dates = hall_dates(scenario)[run.warmup_days : run.warmup_days + run.measured_days]
    first, last = dates[0], dates[-1]
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    for used in rosters:
        yield from _first_of(scenario, used, days)


def _first_of(scenario: Scenario, used: UsedRoster, days: list[date]) -> Iterator[Finding]:
    place, rows, hours = used
    open_, roster = DatedHours(calendar_of(scenario, hours)), DayRosters(rows, weeks_of(scenario))
    keys = {parse_roster_key(key): key for key in rows}
    numbers: dict[str, list[int]] = {key: [] for key in rows}
    for day in days:
        if open_.on(day):
            for row, mean in roster.rows_on(day, open_.weekday_on(day)):
                numbers[keys[row]].append(roster.number_on(mean, day))
    for key, mean in rows.items():
        exact, come = Fraction(str(mean)), numbers[key]
        if come and abs(Fraction(sum(come), len(come)) - exact) > Fraction(str(ALMOST)) * exact:
            actual = f"{sum(come) / len(come):.4g}"
            values = (("row", key), ("days", str(len(come))))
            path: Steps = (*place, key)
            yield Finding("mean_clerks_cut", path, actual, f"{mean:g}", "warning", values)
            return


def _no_next_day(scenario: Scenario) -> Iterator[Finding]:
    """Tickets kept overnight where the hall never closes, or opens on a single day."""
    hall, path = scenario.hall, ("hall", "closing")
    if hall.closing != "keep_ticket":
        return
    used = {hall.hours, *(place.hours or hall.hours for place in _places(scenario))}
    calendars = [DatedHours(calendar_of(scenario, name)) for name in sorted(used)]
    first, last = scenario.run.start, hall_dates(scenario)[-1]
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if not any(_closes(hours, day) for hours in calendars for day in days):
        yield Finding("never_closes", path, hall.closing, "", "warning")
    elif all(sum(bool(hours.on(day)) for day in days) < 2 for hours in calendars):
        yield Finding("no_next_day", path, hall.closing, "", "warning")


def _places(scenario: Scenario) -> tuple[Place, ...]:
    return tuple(scenario.places.open) if scenario.places else ()


def _closes(hours: DatedHours, day: date) -> bool:
    """Whether a place closes for the night on a date."""
    today, tomorrow = hours.on(day), hours.on(day + timedelta(days=1))
    if not today:
        return False
    return today[-1].end < DAY or not tomorrow or tomorrow[0].start > 0
