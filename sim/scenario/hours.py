"""Hours that contradict each other: calendars, arrival profiles, rosters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, TypeAlias

from sim import clock
from sim.clock import DAY, HOUR, Hours
from sim.scenario.base import format_hours, roster_hours
from sim.scenario.demand import Calendar
from sim.scenario.findings import Finding
from sim.scenario.hall import Layout
from sim.scenario.node import Steps
from sim.scenario.places import MarketDays
from sim.scenario.scenario import Scenario

MAX_CALENDAR_DAYS: Final = 100_000
"""Days in which the hall days of a run are looked for."""
Placed: TypeAlias = "tuple[Hours, Steps]"
"""An interval and where it stands."""


def weekly_hours(calendar: Calendar) -> dict[int, tuple[Hours, ...]]:
    """Open hours by weekday number, sorted."""
    week: dict[int, list[Hours]] = {}
    for days, hours in calendar.weekly.items():
        for day in clock.parse_days(days):
            week.setdefault(day, []).extend(hours)
    return {day: tuple(sorted(hours)) for day, hours in week.items()}


def weekly_clerk_hours(scenario: Scenario, layout: Layout) -> float:
    """Hours a week that a layout's windows are staffed, public holidays left aside."""
    week = weekly_hours(hall_calendar(scenario))
    ticks = 0
    for group in layout.windows:
        for key, clerks in group.clerks.items() if not group.borrows else ():
            days, duty = roster_hours(key)
            for day in days:
                for open_ in week.get(day, ()):
                    ticks += clerks * max(
                        0, min(duty.end, open_.end) - max(duty.start, open_.start)
                    )
    return ticks / HOUR


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
    run, calendar = scenario.run, hall_calendar(scenario)
    week, n_days = weekly_hours(calendar), run.warmup_days + run.measured_days + run.followup_days
    shut, days = frozenset(calendar.closed), list[date]()
    for n in range(MAX_CALENDAR_DAYS):
        day = run.start + timedelta(days=n)
        if clock.open_hours(week, day, calendar.holidays, shut):
            days.append(day)
        if len(days) == n_days:
            break
    return days


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
            calendar = self._calendars[calendar_id]
            week, shut = weekly_hours(calendar), frozenset(calendar.closed)
            hours = {
                day: clock.open_hours(week, day, calendar.holidays, shut)
                for day in self._dates
                if market is None or market.held_on(day)
            }
            self._hours[key] = {day: tuple(open_) for day, open_ in hours.items() if open_}
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
    """Calendars whose intervals overlap, or that never open."""
    for calendar in scenario.calendars:
        path = ("calendars", calendar.id, "weekly")
        week: dict[int, list[Placed]] = {}
        for days, hours in calendar.weekly.items():
            for day in clock.parse_days(days):
                week.setdefault(day, []).extend((h, (*path, days, n)) for n, h in enumerate(hours))
        yield from _overlapping(week.values())
        if not any(week.values()):
            yield Finding("empty_calendar", path, "[]")


def wrong_profiles(scenario: Scenario) -> Iterator[Finding]:
    """Profiles whose intervals overlap, or that bring no one."""
    for profile in scenario.profiles:
        path = ("profiles", profile.id, "shape")
        yield from _overlapping([[(clock.parse_hours(key), (*path, key)) for key in profile.shape]])
        if not sum(profile.shape.values()) > 0:
            yield Finding("empty_profile", path, "0")


def wrong_rosters(scenario: Scenario) -> Iterator[Finding]:
    """Duty outside the hall's hours or twice at a time; more clerks than windows."""
    is_calendar = scenario.hall.hours in {calendar.id for calendar in scenario.calendars}
    week = weekly_hours(hall_calendar(scenario)) if is_calendar else None
    rosters: list[tuple[Steps, Mapping[str, int], int | None]] = [
        (("layouts", layout.id, "windows", group.id, "clerks"), group.clerks, group.count)
        for layout in scenario.layouts
        for group in layout.windows
    ]
    if scenario.hall.reception is not None:
        rosters.append((("hall", "reception", "clerks"), scenario.hall.reception.clerks, None))
    for path, roster, count in rosters:
        yield from wrong_roster(path, roster, count)
        if week is not None:
            yield from outside_hours("roster_outside_hours", path, roster, week)


def wrong_roster(
    path: Steps, roster: Mapping[str, int], count: int | None = None
) -> Iterator[Finding]:
    """Hours of a roster that overlap; more clerks than windows are built."""
    by_day: dict[int, list[Placed]] = {}
    for key, clerks in roster.items():
        days, hours = roster_hours(key)
        for day in days:
            by_day.setdefault(day, []).append((hours, (*path, key)))
        if count is not None and clerks > count:
            yield Finding("more_clerks_than_windows", (*path, key), str(clerks), f"≤ {count}")
    yield from _overlapping(by_day.values())


def outside_hours(
    code: str, path: Steps, roster: Mapping[str, int], week: Mapping[int, Sequence[Hours]]
) -> Iterator[Finding]:
    """Hours of a roster at which the hall is closed."""
    open_on = {day: join_hours(hours) for day, hours in week.items()}
    for key in roster:
        days, duty = roster_hours(key)
        if duty == Hours(0, DAY):
            continue
        named = [day for day in days if open_on.get(day) or " " in key]
        shut = [day for day in named if not is_inside(duty, open_on.get(day, ()))]
        if shut:
            day = shut[0]
            hours = ", ".join(map(format_hours, open_on.get(day, ()))) or "-"
            allowed = f"{clock.WEEKDAYS[day]} {hours}"
            yield Finding(code, (*path, key), key, allowed, depends=("calendars", "hall"))


def _overlapping(days: Iterable[Sequence[Placed]]) -> Iterator[Finding]:
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
