"""Days on which halls open, and hours of calendars and profiles that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from sim import clock
from sim.clock import Hours
from sim.scenario.dated_hours import DatedHours, week_of
from sim.scenario.demand import Calendar
from sim.scenario.findings import Finding
from sim.scenario.intervals import Placed, overlapping_intervals
from sim.scenario.node import Steps
from sim.scenario.places import MarketDays
from sim.scenario.roster_keys import parse_dates
from sim.scenario.scenario import Scenario

MAX_CALENDAR_DAYS: Final = 100_000
"""Days in which the hall days of a run are looked for."""


def weekly_hours(calendar: Calendar) -> dict[int, tuple[Hours, ...]]:
    """Open hours of an ordinary week by weekday number, sorted; see `DatedHours` for dates."""
    return week_of(calendar.weekly)


def calendar_of(scenario: Scenario, calendar_id: str) -> Calendar:
    """The calendar of that id; its existence was checked when the scenario was loaded."""
    return next(calendar for calendar in scenario.calendars if calendar.id == calendar_id)


def hall_calendar(scenario: Scenario) -> Calendar:
    """The calendar that the hall's windows follow."""
    return calendar_of(scenario, scenario.hall.hours)


def hall_dates(scenario: Scenario) -> list[date]:
    """Dates of the run on which the hall opens: warm-up, measured and follow-up days.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> city = load_scenario(example_path("sanmenxia.yaml"))
    >>> days = hall_dates(city)
    >>> len(days), str(days[0]), str(days[-1])
    (50, '2025-03-03', '2025-04-30')
    """
    run, hours = scenario.run, DatedHours(hall_calendar(scenario))
    n_days, days = run.warmup_days + run.measured_days + run.followup_days, list[date]()
    for n in range(MAX_CALENDAR_DAYS):
        day = run.start + timedelta(days=n)
        if hours.on(day):
            days.append(day)
        if len(days) == n_days:
            break
    return days


def first_opening(scenario: Scenario) -> tuple[date, int]:
    """The first date on which the hall opens, and ticks from its midnight until it does.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> first_opening(load_scenario(example_path("exact/from_empty.yaml")))
    (datetime.date(2025, 1, 6), 32400000)
    """
    day = hall_dates(scenario)[0]
    return day, DatedHours(hall_calendar(scenario)).on(day)[0].start


class OpenDays:
    """The open days of calendars, and of markets, in a whole run; make-up days among them."""

    def __init__(self, scenario: Scenario) -> None:
        start = scenario.run.start
        length = (hall_dates(scenario)[-1] - start).days + 1
        self._dates = [start + timedelta(days=n) for n in range(length)]
        self._calendars = {calendar.id: calendar for calendar in scenario.calendars}
        # thousands of places share few calendars
        self._hours: dict[tuple[object, ...], dict[date, tuple[Hours, ...]]] = {}

    def of(
        self, calendar_id: str, market: MarketDays | None = None
    ) -> dict[date, tuple[Hours, ...]]:
        """Hours by date, in their order."""
        key = (calendar_id, *(market.key if market else ()))
        if key not in self._hours:
            hours = DatedHours(self._calendars[calendar_id])
            by_date = {
                day: hours.on(day) for day in self._dates if market is None or market.held_on(day)
            }
            self._hours[key] = {day: open_ for day, open_ in by_date.items() if open_}
        return self._hours[key]


def calendars_in_use(scenario: Scenario) -> dict[str, list[Steps]]:
    """Calendars by which somebody works, and where they are named: hall, departments, places."""
    users: dict[str, list[Steps]] = {scenario.hall.hours: [("hall", "hours")]}
    for department in scenario.departments:
        users.setdefault(department.hours, []).append(("departments", department.id, "hours"))
    for place in scenario.places.open if scenario.places else ():
        if place.hours is not None:
            users.setdefault(place.hours, []).append(("places", "open", place.id, "hours"))
    return users


def workday_holidays(scenario: Scenario) -> clock.Holidays:
    """Whose public holidays working days follow: as stated, else as a calendar in use does.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> workday_holidays(load_scenario(example_path("exact/mmc.yaml")))
    'none'
    """
    if scenario.run.holidays is not None:
        return scenario.run.holidays
    used = calendars_in_use(scenario)
    keeps = any(
        calendar.holidays == "china" for calendar in scenario.calendars if calendar.id in used
    )
    return "china" if keeps else "none"


def unpublished_years(scenario: Scenario) -> tuple[int, ...]:
    """Years of the run whose make-up days are not known, where public holidays are kept at all.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> city = example_path("sanmenxia.yaml")
    >>> unpublished_years(load_scenario(city))
    ()
    >>> unpublished_years(load_scenario(city, ["run.start=2050-12-19"]))
    (2050, 2051)
    """
    used = calendars_in_use(scenario)
    holidays = [calendar.holidays for calendar in scenario.calendars if calendar.id in used]
    if "china" not in (*holidays, workday_holidays(scenario)):
        return ()
    days = hall_dates(scenario)
    years = range(scenario.run.start.year, days[-1].year + 1)
    return tuple(year for year in years if not clock.is_published(date(year, 1, 1)))


def wrong_holidays(scenario: Scenario) -> Iterator[Finding]:
    """Years that are not published, and holidays that one part keeps and another forgets."""
    if years := unpublished_years(scenario):
        published = f"{clock.first_known_year()}–{clock.last_known_year()}"
        unpublished = ", ".join(map(str, years))
        values = (("known", published),)
        yield Finding("holidays_unpublished", ("run", "start"), unpublished, "", "warning", values)
    used = calendars_in_use(scenario)
    calendars = [calendar for calendar in scenario.calendars if calendar.id in used]
    keep = [calendar.id for calendar in calendars if calendar.holidays == "china"]
    counted = workday_holidays(scenario)
    if keep and counted == "none":
        yield Finding("workdays_on_holidays", ("run", "holidays"), ", ".join(keep), "", "warning")
    if counted == "china" and not keep:
        yield Finding("holidays_not_kept", ("run", "holidays"), "china", severity="warning")
    for calendar in calendars if keep else ():
        week = weekly_hours(calendar)
        shuts = any(not week.get(day) for day in range(7))
        if calendar.holidays == "none" and shuts:
            where = ", ".join(".".join(map(str, path[:-1])) for path in used[calendar.id])
            values = (("kept", ", ".join(keep)),)
            path: Steps = ("calendars", calendar.id)
            yield Finding("holidays_mixed", path, where, "", "warning", values)


def wrong_calendars(scenario: Scenario) -> Iterator[Finding]:
    """Calendars whose intervals overlap, or that never open in an ordinary week."""
    for calendar in scenario.calendars:
        path: Steps = ("calendars", calendar.id)
        weekly = (*path, "weekly")
        yield from _overlapping_week(weekly, calendar.weekly)
        if not any(calendar.weekly.values()):
            yield Finding("empty_calendar", weekly, "[]")
        for key, week in calendar.periods.items():
            yield from _overlapping_week((*path, "periods", key), week)
        yield from overlapping_intervals(
            [
                [(span, (*path, "days", key, n)) for n, span in enumerate(hours)]
                for key, hours in calendar.days.items()
            ]
        )
        yield from _wrong_dates(path, calendar)


def _wrong_dates(path: Steps, calendar: Calendar) -> Iterator[Finding]:
    """Periods that share a day, and days that are closed and open."""
    periods = sorted((parse_dates(key), key) for key in calendar.periods)
    for (earlier, first), (later, second) in pairwise(periods):
        if later.first <= earlier.last:
            yield Finding("periods_overlap", (*path, "periods", second), f"{first}; {second}")
    closed = {day.isoformat(): n for n, day in enumerate(calendar.closed)}
    for key in calendar.days:
        if key in closed:
            yield Finding("closed_and_open", (*path, "closed", closed[key]), key)


def _overlapping_week(path: Steps, weekly: Mapping[str, Sequence[Hours]]) -> Iterator[Finding]:
    week: dict[int, list[Placed]] = {}
    for days, hours in weekly.items():
        for day in clock.parse_days(days):
            week.setdefault(day, []).extend((h, (*path, days, n)) for n, h in enumerate(hours))
    yield from overlapping_intervals(week.values())


def wrong_profiles(scenario: Scenario) -> Iterator[Finding]:
    """Profiles whose intervals overlap, or that bring no one."""
    for profile in scenario.profiles:
        path = ("profiles", profile.id, "shape")
        yield from overlapping_intervals(
            [[(clock.parse_hours(key), (*path, key)) for key in profile.shape]]
        )
        if not sum(profile.shape.values()) > 0:
            yield Finding("empty_profile", path, "0")
