"""Rosters as tables of half hours, and tables as rosters again; no page, no Streamlit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from sim.clock import DAY, MINUTE, WEEKDAYS, Hours, format_clock
from sim.scenario.hall import Layout
from sim.scenario.hours import weekly_hours
from sim.scenario.roster_keys import is_dated, parse_roster_key
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.hours import days_name, runs_of

SLOT: Final = 30 * MINUTE

WrittenRoster = Mapping[str, float]
"""Clerks by `[days ]HH:MM-HH:MM`, as a scenario writes them."""
SlotRow = tuple[int, ...]
"""Clerks of one window group in each slot of a day type."""
Table = Mapping[str, SlotRow]
"""A row for each window group."""


class DayType(NamedTuple):
    """Weekdays that are alike: same hours, same rosters in every layout."""

    weekdays: tuple[int, ...]
    slots: tuple[Hours, ...]
    """Half hours of the hall's hours, cut further where a roster changes."""

    @property
    def key(self) -> str:
        """A short name for widgets: `0-1-2-3-4`."""
        return "-".join(map(str, self.weekdays))

    def name(self, text: Text) -> str:
        """Its weekdays for people."""
        return days_name(self.weekdays, text)


def day_types(scenario: Scenario) -> tuple[DayType, ...]:
    """The kinds of days of an ordinary week on which the hall opens, in the order of the week.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> [len(kind.slots) for kind in day_types(load_scenario(example_path("exact/mmc.yaml")))]
    [48]
    """
    calendar = next(
        calendar for calendar in scenario.calendars if calendar.id == scenario.hall.hours
    )
    week = weekly_hours(calendar)
    alike: dict[object, list[int]] = {}
    for day in sorted(day for day, hours in week.items() if hours):
        duties = tuple(
            tuple(sorted(_pieces(group.clerks, day)))
            for layout in scenario.layouts
            for group in layout.windows
        )
        alike.setdefault((week[day], duties), []).append(day)
    return tuple(
        DayType(tuple(days), _slots(week[days[0]], scenario, days[0])) for days in alike.values()
    )


def _pieces(roster: WrittenRoster, day: int) -> Iterable[tuple[Hours, int]]:
    """Clerks of a weekday; a roster by dates has none of its own, and is not edited as a week."""
    for text, clerks in roster.items() if not is_dated(roster) else ():
        key = parse_roster_key(text)
        if day in key.days.weekdays:
            yield key.hours, int(clerks)


def _slots(hours: Sequence[Hours], scenario: Scenario, day: int) -> tuple[Hours, ...]:
    cuts = {n * SLOT for n in range(DAY // SLOT + 1)}
    for layout in scenario.layouts:
        for group in layout.windows:
            for piece, _ in _pieces(group.clerks, day):
                cuts |= set(piece)
    slots: list[Hours] = []
    for open_ in hours:
        inside = sorted({*open_, *(cut for cut in cuts if open_.start < cut < open_.end)})
        slots += [Hours(*pair) for pair in pairwise(inside)]
    return tuple(slots)


def table_of(rosters: Mapping[str, WrittenRoster], day_type: DayType) -> dict[str, SlotRow]:
    """Clerks of every group in every slot of a kind of day."""
    day = day_type.weekdays[0]
    return {
        group: tuple(
            next((n for hours, n in _pieces(roster, day) if _covers(hours, slot)), 0)
            for slot in day_type.slots
        )
        for group, roster in rosters.items()
    }


def _covers(hours: Hours, slot: Hours) -> bool:
    return hours.start <= slot.start and slot.end <= hours.end


def rosters_of(layout: Layout) -> dict[str, WrittenRoster]:
    """The rosters of a layout by window group."""
    return {group.id: dict(group.clerks) for group in layout.windows}


def changed_rosters(
    rosters: Mapping[str, WrittenRoster], types: Sequence[DayType], changed: DayType, table: Table
) -> dict[str, WrittenRoster]:
    """The rosters with the table of one kind of day put in; rows that are as they were stay so.

    Examples
    --------
    >>> weekdays = DayType((0, 1), (Hours(0, SLOT), Hours(SLOT, 2 * SLOT)))
    >>> changed_rosters({"a": {"mon-tue 00:00-01:00": 2}}, [weekdays], weekdays, {"a": (2, 3)})
    {'a': {'mon-tue 00:00-00:30': 2, 'mon-tue 00:30-01:00': 3}}
    """
    before = {day_type: table_of(rosters, day_type) for day_type in types}
    return {
        group: roster
        if table[group] == before[changed][group]
        else _written(
            {
                day_type: table[group] if day_type == changed else before[day_type][group]
                for day_type in types
            }
        )
        for group, roster in rosters.items()
    }


def _written(rows: Mapping[DayType, SlotRow]) -> dict[str, int]:
    """A roster from its rows; slots that touch and have the same number become one."""
    roster: dict[str, int] = {}
    for day_type, row in rows.items():
        pieces: list[tuple[Hours, int]] = []
        for slot, clerks in zip(day_type.slots, row, strict=True):
            if pieces and pieces[-1][1] == clerks and pieces[-1][0].end == slot.start:
                pieces[-1] = (Hours(pieces[-1][0].start, slot.end), clerks)
            elif clerks:
                pieces.append((slot, clerks))
        for first, last in runs_of(day_type.weekdays):
            days = WEEKDAYS[first] if first == last else f"{WEEKDAYS[first]}-{WEEKDAYS[last]}"
            for hours, clerks in pieces:
                key = f"{days} {format_clock(hours.start)}-{format_clock(hours.end)}"
                roster[key] = clerks
    return roster


def roster_text(roster: WrittenRoster) -> str:
    """A roster as the value of an override: `{mon-fri 08:30-12:00: 3}`."""
    return "{" + ", ".join(f"{key}: {clerks}" for key, clerks in roster.items()) + "}"
