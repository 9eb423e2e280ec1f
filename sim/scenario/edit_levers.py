"""Other ways to run the same hall with the same clerks: each as overrides of the scenario.

Thresholds and pools of tidal windows, places per appointment slot, lunch in two turns, opening
hours, where clerks sit. None of them changes how many hours anybody works.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count, pairwise
from typing import Final, TypeVar

from sim.clock import DAY, MINUTE, WEEKDAYS, Hours, format_span
from sim.errors import Problem, ScenarioError
from sim.scenario.base import format_hours, roster_hours
from sim.scenario.dated_hours import DatedHours
from sim.scenario.dated_rosters import most_clerks
from sim.scenario.edit import refuse_table, scaled_roster
from sim.scenario.hall import Layout, WindowGroup
from sim.scenario.hours import calendars_in_use, hall_calendar, weekly_hours
from sim.scenario.intervals import join_hours
from sim.scenario.node import Steps, write_value
from sim.scenario.roster_keys import is_dated
from sim.scenario.scenario import Scenario

LEVER: Final = "--lever"
"""Stands for the file of what a lever asks for."""
HALF_HOUR: Final = 30 * MINUTE
ALL_DAY: Final = Hours(0, DAY)
HALL_HOURS: Final = "hall_hours"
"""Id of the calendar that the hall gets where it shared one."""
ByHours = Mapping[str, float]
HoursByDay = Mapping[int, Iterable[Hours]]
Alike = TypeVar("Alike")


# === tidal windows and appointments === #


def set_tidal_threshold(
    scenario: Scenario, layout: str, group: str, waiting: int
) -> tuple[str, ...]:
    """Overrides by which a reserve window opens when so many wait.

    Raises
    ------
    ScenarioError
        `lever_absent` for a group whose windows do not open by how many wait.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> city = load_scenario(example_path("sanmenxia_tidal.yaml"))
    >>> set_tidal_threshold(city, "zone", "tide_fund", 7)
    ('layouts.zone.windows.tide_fund.tidal.opens_at=7',)
    """
    tidal = _find_group(scenario, layout, group).tidal
    path = f"layouts.{layout}.windows.{group}.tidal.opens_at"
    if tidal is None or tidal.opens_at is None:
        raise ScenarioError([Problem("lever_absent", path, LEVER, found=group)])
    return (f"{path}={waiting}",)


def set_tidal_pool(scenario: Scenario, layout: str, group: str, pool: str) -> tuple[str, ...]:
    """Overrides by which the clerks of a reserve window come from another group.

    Raises
    ------
    ScenarioError
        `lever_absent` for a group that borrows nobody: with a pool its own clerks would be idle.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> city = load_scenario(example_path("sanmenxia_tidal.yaml"))
    >>> set_tidal_pool(city, "zone", "tide_fund", "counter_hrss")
    ('layouts.zone.windows.tide_fund.tidal.pool=counter_hrss',)
    """
    path = f"layouts.{layout}.windows.{group}.tidal.pool"
    if not _find_group(scenario, layout, group).borrows:
        raise ScenarioError([Problem("lever_absent", path, LEVER, found=group)])
    return (f"{path}={pool}",)


def set_appointment_places(scenario: Scenario, book: str, places: int) -> tuple[str, ...]:
    """Overrides by which the fullest slots of a book have so many places, the others in proportion.

    Raises
    ------
    ScenarioError
        `lever_absent` when there is no such book.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> city = load_scenario(example_path("sanmenxia_booking.yaml"))
    >>> set_appointment_places(city, "one_matter", 6)[0]
    'applicants.appointments.one_matter.slots={mon-fri 08:30-12:00: 6, mon-fri 14:00-16:30: 6}'
    """
    path = f"applicants.appointments.{book}.slots"
    for appointments in scenario.applicants.appointments:
        if appointments.id == book:
            slots = scaled_roster(appointments.slots, max(appointments.slots.values()), places)
            return (f"{path}={write_value(slots)}",)
    raise ScenarioError([Problem("lever_absent", path, LEVER, found=book)])


# === hours === #


def move_opening(scenario: Scenario, by: int) -> tuple[str, ...]:
    """Overrides by which the hall opens and closes later, in ticks; below 0 earlier.

    Rosters and appointment slots that name hours move along, so that everybody works as long as
    before. When people come is not changed: that is not known. Who else works by the hall's
    calendar keeps its hours: the hall then gets a calendar of its own, a copy of that one.

    Raises
    ------
    ScenarioError
        `lever_outside_day`; `lever_dated` where hours or rosters go by dates.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> move_opening(load_scenario(example_path("sanmenxia.yaml")), -HALF_HOUR)[0]
    'calendars.hall.weekly={mon-fri: [08:00-11:30, 13:30-16:30], sat: [08:30-11:30]}'
    >>> shared = load_scenario(example_path("promised_day.yaml"))
    >>> move_opening(shared, HALF_HOUR)
    ('calendars.hall_hours={weekly: {mon-sun: [09:30-17:30]}}', 'hall.hours=hall_hours')
    """
    _refuse_dates(scenario)
    calendar = hall_calendar(scenario)
    path = f"calendars.{calendar.id}.weekly"
    week = {
        days: [_move_hours(span, by) for span in hours] for days, hours in calendar.weekly.items()
    }
    for span in (span for hours in week.values() for span in hours):
        if not 0 <= span.start < span.end <= DAY:
            shift = format_span(abs(by))
            raise ScenarioError([Problem("lever_outside_day", path, LEVER, found=shift)])
    overrides = _open_at(scenario, week)
    for place, roster in _list_rosters(scenario):
        moved = {_move_key(key, by): number for key, number in roster.items()}
        if moved != dict(roster):
            overrides.append(f"{place}={write_value(moved)}")
    return tuple(overrides)


def stagger_lunch(scenario: Scenario, later: int) -> tuple[str, ...]:
    """Overrides by which half of the clerks go to lunch so many ticks after the others.

    Where the hall shuts at midday, those of the second turn keep it open until they go, and are
    away when the others are back. Everybody works as long as before. Of an odd number at a group
    one more goes later, so that nobody who is alone there leaves at the busier time. Who else works
    by the hall's calendar keeps its hours, as with `move_opening`.

    Raises
    ------
    ScenarioError
        `lever_no_lunch` when the hall shuts at midday on no day; `lever_late_lunch` when the second
        turn would not be back before the end of the day.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> city = load_scenario(example_path("sanmenxia.yaml"))
    >>> stagger_lunch(city, 4 * HALF_HOUR)[0]
    'calendars.hall.weekly={mon-fri: [08:30-17:00], sat: [09:00-12:00]}'
    """
    _refuse_dates(scenario)
    calendar = hall_calendar(scenario)
    path = f"calendars.{calendar.id}.weekly"
    week = {day: tuple(join_hours(hours)) for day, hours in weekly_hours(calendar).items()}
    lunches = {
        day: Hours(hours[0].end, hours[1].start) for day, hours in week.items() if len(hours) == 2
    }
    if not lunches:
        raise ScenarioError([Problem("lever_no_lunch", path, LEVER, found="-")])
    for day, lunch in lunches.items():
        if not later > 0 or lunch.end + later > week[day][1].end:
            shift = format_span(abs(later))
            raise ScenarioError([Problem("lever_late_lunch", path, LEVER, found=shift)])
    opened = {
        day: _open_over_lunch(hours, lunches[day], later) if day in lunches else hours
        for day, hours in week.items()
    }
    overrides = _open_at(scenario, _join_days(opened))
    for place, roster in _list_rosters_with_lunch(scenario):
        clerks_at = _take_turns(roster, lunches, later)
        edges = {
            day: (*lunch, lunch.start + later, lunch.end + later) for day, lunch in lunches.items()
        }
        written = _write_roster(clerks_at, opened, _find_edges(roster), edges)
        overrides.append(f"{place}={write_value(written)}")
    return tuple(overrides)


def _open_over_lunch(hours: tuple[Hours, ...], lunch: Hours, later: int) -> tuple[Hours, ...]:
    """The hours of a day when somebody is there until the second turn goes."""
    if lunch.start + later >= lunch.end:
        return (Hours(hours[0].start, hours[1].end),)
    return (Hours(hours[0].start, lunch.start + later), hours[1])


def _take_turns(
    roster: ByHours, lunches: Mapping[int, Hours], later: int
) -> Callable[[int, int], int]:
    """Clerks there by weekday and tick, when half of those around lunch go later."""
    second: dict[int, int] = {}
    for day, lunch in lunches.items():
        afterwards = (
            edge for edge in _find_edges(roster)[day] if lunch.end < edge < lunch.end + later
        )
        back = min(_count_clerks(roster, day, at) for at in (lunch.end, *afterwards))
        around = min(_count_clerks(roster, day, lunch.start - 1), back)
        second[day] = around - around // 2

    def clerks_at(day: int, at: int) -> int:
        if day not in lunches:
            return _count_clerks(roster, day, at)
        lunch = lunches[day]
        first_away = lunch.start <= at < lunch.end
        second_away = lunch.start + later <= at < lunch.end + later
        first_half = 0 if first_away else _count_clerks(roster, day, at) - second[day]
        return first_half + (0 if second_away else second[day])

    return clerks_at


# === seats === #


def move_clerk(scenario: Scenario, layout: str, source: str, target: str) -> tuple[str, ...]:
    """Overrides by which one clerk sits at another window group, in the hours they work now.

    As many windows are built there as are needed.

    Raises
    ------
    ScenarioError
        `lever_last_clerk` when nobody would be left; `lever_absent` for reserve windows.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> city = load_scenario(example_path("sanmenxia.yaml"))
    >>> for override in move_clerk(city, "zone", "zone", "counter_fund"):
    ...     print(override)
    layouts.zone.windows.zone.clerks={mon-fri 00:00-24:00: 11, sat 09:00-12:00: 3}
    layouts.zone.windows.counter_fund.clerks={mon-fri 00:00-24:00: 4, sat 09:00-12:00: 1}
    """
    giving, taking = (_find_group(scenario, layout, group) for group in (source, target))
    paths = [f"layouts.{layout}.windows.{group.id}.clerks" for group in (giving, taking)]
    for group, path in zip((giving, taking), paths, strict=True):
        refuse_table(scenario.layout(layout))
        _refuse_dated(path, group.clerks)
        if group.tidal is not None:
            raise ScenarioError([Problem("lever_absent", path, LEVER, found=group.id)])
    most = most_clerks(giving.clerks)
    if most < 2:
        raise ScenarioError([Problem("lever_last_clerk", paths[0], LEVER, found=str(most))])
    fewer = scaled_roster(giving.clerks, most, most - 1)
    if set(fewer) == set(taking.clerks):
        more = {key: int(n + giving.clerks[key] - fewer[key]) for key, n in taking.clerks.items()}
    else:
        _refuse_dates(scenario)  # the hours of one week are written
        week = weekly_hours(hall_calendar(scenario))

        def clerks_at(day: int, at: int) -> int:
            freed = _count_clerks(giving.clerks, day, at) - _count_clerks(fewer, day, at)
            return _count_clerks(taking.clerks, day, at) + freed

        more = _write_roster(
            clerks_at, week, _find_edges(giving.clerks), _find_edges(taking.clerks)
        )
    overrides = [f"{path}={write_value(r)}" for path, r in zip(paths, (fewer, more), strict=True)]
    if taking.count is not None and taking.count < max(more.values()):
        overrides.append(f"layouts.{layout}.windows.{target}.count={max(more.values())}")
    return tuple(overrides)


def _find_group(scenario: Scenario, layout: str, group: str) -> WindowGroup:
    return next(each for each in scenario.layout(layout).windows if each.id == group)


# === rosters and calendars === #


def find_calendar_sharers(scenario: Scenario) -> tuple[Steps, ...]:
    """Departments and places that work by the hall's calendar, though they are not the hall.

    A place that names no calendar works by the hall's.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> find_calendar_sharers(load_scenario(example_path("promised_day.yaml")))
    (('departments', 'office'),)
    """
    users = [path[:-1] for path in calendars_in_use(scenario)[scenario.hall.hours]]
    places = scenario.places.open if scenario.places else ()
    halls = {("places", "open", place.id) for place in places if place.kind == "city_hall"}
    unnamed = [
        ("places", "open", place.id)
        for place in places
        if place.hours is None and place.kind != "city_hall"
    ]
    return tuple(user for user in (*users, *unnamed) if user != ("hall",) and user not in halls)


def _open_at(scenario: Scenario, week: Mapping[str, Iterable[Hours]]) -> list[str]:
    """Overrides by which the hall, and nobody else, is open at other hours of the week."""
    calendar, places = hall_calendar(scenario), scenario.places
    weekly = {days: [format_hours(span) for span in hours] for days, hours in week.items()}
    if not find_calendar_sharers(scenario):
        return [f"calendars.{calendar.id}.weekly={write_value(weekly)}"]
    taken = {each.id for each in scenario.calendars}
    names = (HALL_HOURS + (f"_{n}" if n > 1 else "") for n in count(1))
    copied_to = next(name for name in names if name not in taken)
    copied: dict[str, object] = {"weekly": weekly}
    if calendar.holidays != "none":
        copied["holidays"] = calendar.holidays
    if calendar.closed:
        copied["closed"] = calendar.closed
    overrides = [
        f"calendars.{copied_to}={write_value(copied)}",
        f"hall.hours={copied_to}",
    ]
    for place in places.open if places else ():
        if place.kind == "city_hall" and place.hours == calendar.id:
            overrides.append(f"places.open.{place.id}.hours={copied_to}")
        elif place.kind != "city_hall" and place.hours is None:
            overrides.append(f"places.open.{place.id}.hours={calendar.id}")
    return overrides


def _refuse_dates(scenario: Scenario) -> None:
    """Refuse to move hours of a hall that has no ordinary week: what they become, nobody has said.

    Raises
    ------
    ScenarioError
        `lever_dated`.
    """
    calendar = hall_calendar(scenario)
    if DatedHours(calendar).is_dated:
        raise ScenarioError([Problem("lever_dated", f"calendars.{calendar.id}", LEVER)])
    for layout in scenario.layouts:
        refuse_table(layout)
    for path, roster in _list_rosters(scenario):
        _refuse_dated(path, roster)


def _refuse_dated(path: str, roster: ByHours) -> None:
    """Refuse a roster without an ordinary week."""
    if is_dated(roster):
        raise ScenarioError([Problem("lever_dated", path, LEVER)])


def _list_rosters_with_lunch(scenario: Scenario) -> Iterator[tuple[str, ByHours]]:
    """Rosters of all who have lunch, and where they are written: clerks, and those at the desk."""
    for layout in scenario.layouts:
        yield from _list_window_rosters(layout, borrowing=False)
    reception = scenario.hall.reception
    if reception is not None and reception.kind == "desk":
        yield "hall.reception.clerks", reception.clerks


def _list_rosters(scenario: Scenario) -> Iterator[tuple[str, ByHours]]:
    """All rosters that name hours of the hall, and where they are written."""
    for layout in scenario.layouts:
        yield from _list_window_rosters(layout, borrowing=True)
    if scenario.hall.reception is not None:
        yield "hall.reception.clerks", scenario.hall.reception.clerks
    for book in scenario.applicants.appointments:
        yield f"applicants.appointments.{book.id}.slots", book.slots


def _list_window_rosters(layout: Layout, *, borrowing: bool) -> Iterator[tuple[str, ByHours]]:
    for group in layout.windows:
        if borrowing or not group.borrows:
            yield f"layouts.{layout.id}.windows.{group.id}.clerks", group.clerks


def _move_hours(span: Hours, by: int) -> Hours:
    return Hours(span.start + by, span.end + by)


def _move_key(key: str, by: int) -> str:
    """A key of a roster with its hours moved; all day stays all day."""
    span = roster_hours(key)[1]
    if span == ALL_DAY:
        return key
    days, blank, _ = key.rpartition(" ")
    return f"{days}{blank}{format_hours(_move_hours(span, by))}"


def _count_clerks(roster: ByHours, day: int, at: int) -> int:
    """How many are there on a weekday at a tick after midnight."""
    return sum(
        int(number)
        for key, number in roster.items()
        for days, span in [roster_hours(key)]
        if day in days and span.start <= at < span.end
    )


def _find_edges(roster: ByHours) -> dict[int, tuple[int, ...]]:
    """When somebody comes or goes, by weekday."""
    edges: dict[int, tuple[int, ...]] = dict.fromkeys(range(len(WEEKDAYS)), ())
    for key in roster:
        days, span = roster_hours(key)
        for day in days:
            edges[day] += span
    return edges


def _write_roster(
    clerks_at: Callable[[int, int], int], week: HoursByDay, *edges: Mapping[int, Iterable[int]]
) -> dict[str, int]:
    """A roster as a scenario writes it, of clerks by weekday and tick, in the hours of a week."""
    by_day: dict[int, list[tuple[Hours, int]]] = {}
    for day, hours in week.items():
        inner = [edge for by_day_edges in edges for edge in by_day_edges.get(day, ())]
        spans: list[tuple[Hours, int]] = []
        for open_ in hours:
            cuts = sorted({*open_, *(edge for edge in inner if open_.start < edge < open_.end)})
            for start, end in pairwise(cuts):
                clerks = clerks_at(day, start)
                if spans and spans[-1][0].end == start and spans[-1][1] == clerks:
                    spans[-1] = (Hours(spans[-1][0].start, end), clerks)
                else:
                    spans.append((Hours(start, end), clerks))
        by_day[day] = spans
    return {
        f"{days} {format_hours(span)}": clerks
        for days, spans in _join_days(by_day).items()
        for span, clerks in spans
    }


def _join_days(by_day: Mapping[int, Alike]) -> dict[str, Alike]:
    """What neighbouring weekdays have alike, by a key such as `mon-fri`."""
    runs: list[list[int]] = []
    for day in sorted(by_day):
        if runs and runs[-1][-1] == day - 1 and by_day[runs[-1][-1]] == by_day[day]:
            runs[-1].append(day)
        else:
            runs.append([day])
    return {
        WEEKDAYS[run[0]] + (f"-{WEEKDAYS[run[-1]]}" if len(run) > 1 else ""): by_day[run[0]]
        for run in runs
    }
