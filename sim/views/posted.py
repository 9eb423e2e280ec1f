"""The roster as halls post it (排班表): people by dates, what stands in cells, and its legend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

from sim.clock import MINUTE
from sim.plan.roster_days import RosterDay
from sim.questions.roster import Duty, DutyRoster, RosterShift, Seat
from sim.text import Text
from sim.views.promise_words import clock_words
from sim.views.scenario_names import group_name

LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WITHIN: Final = "+"
"""Between the numbers of window groups in a cell."""
JOINT: Final = "-"
"""Before the numbers, where a shift's own name ends in a digit."""
SHIFT_FILLS: Final = (
    *("#77AADD", "#EEDD88", "#99DDFF", "#FFAABB", "#BBCC33", "#EE8866", "#44BB99", "#DDDDDD"),
    "#AAAA00",
)
"""Faces of cells by shift, dark words on them: P. Tol's light scheme, told apart by colour-blind
readers. Where shifts are more, colours come again: the code tells."""
DAY_FILLS: Final[Mapping[str, str]] = {"weekend": "#FFE3B3", "makeup": "#D9C7EA", "shut": "#EDEDED"}
"""Faces of dates that are unlike others; a word beside the weekday says it too."""
DayLook = Literal["open", "weekend", "makeup", "shut"]


class PostedShift(NamedTuple):
    """A line of the legend.

    Attributes
    ----------
    code : str
        What stands for it in cells.
    hours : str
        From when to when it is worked.
    fill : str
        Colour of its cells, as #RRGGBB.
    shift : RosterShift
    """

    code: str
    hours: str
    fill: str
    shift: RosterShift


class PostedRoster(NamedTuple):
    """The roster as a table.

    Attributes
    ----------
    days : tuple of RosterDay
    people : tuple of str
        Names as shown.
    cells : tuple of tuple of str
        A row a person, a cell a date: the code of the shift and the numbers of window groups; the
        word for a free day; empty = the hall is shut.
    fills : tuple of tuple of str
        Colour of each cell; empty = nobody is on duty.
    shifts : tuple of PostedShift
    groups : tuple of (str, str)
        Number and name of each window group; none where the layout has only one.
    """

    days: tuple[RosterDay, ...]
    people: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    fills: tuple[tuple[str, ...], ...]
    shifts: tuple[PostedShift, ...]
    groups: tuple[tuple[str, str], ...]


def posted(roster: DutyRoster, text: Text) -> PostedRoster:
    """The roster as a table in the reader's language."""
    shifts = {row.shift.id: row for row in posted_shifts(roster, text)}
    numbers = group_numbers(roster)
    duties = {(duty.person, duty.date): duty for duty in roster.duties}
    cells, fills = [], []
    for person in roster.people:
        row = [duties.get((person.name, day.date)) for day in roster.days]
        off = [text("roster.off") if day.days else "" for day in roster.days]
        cells.append(
            tuple(
                cell_words(shifts[duty.shift].code, duty, numbers) if duty else free
                for duty, free in zip(row, off, strict=True)
            )
        )
        fills.append(tuple(shifts[duty.shift].fill if duty else "" for duty in row))
    return PostedRoster(
        roster.days,
        tuple(person_name(roster, person.name, text) for person in roster.people),
        tuple(cells),
        tuple(fills),
        tuple(shifts.values()),
        tuple(
            (number, group_name(roster.scenario, roster.layout, group, text))
            for group, number in numbers.items()
        ),
    )


def posted_shifts(roster: DutyRoster, text: Text) -> tuple[PostedShift, ...]:
    """The legend: shifts have the names that the scenario gives them, else letters."""
    letters = _letters()
    rows = []
    for n, shift in enumerate(roster.shifts):
        name = shift.name_zh if text.language == "zh" else shift.name_en
        is_named = bool(name) or ":" not in shift.id
        code = (name or shift.id) if is_named else next(letters)
        fill = SHIFT_FILLS[n % len(SHIFT_FILLS)]
        rows.append(PostedShift(code, pieces_words(shift.pieces, text), fill, shift))
    return tuple(rows)


def _letters() -> Iterator[str]:
    """A to Z, then AA, AB, …"""
    yield from LETTERS
    for first in LETTERS:
        for second in LETTERS:
            yield first + second


def group_numbers(roster: DutyRoster) -> dict[str, str]:
    """Numbers that stand for window groups in cells; none where there is nothing to tell apart."""
    groups = [group.id for group in roster.scenario.layout(roster.layout).windows]
    return {group: f"{n}" for n, group in enumerate(groups, 1)} if len(groups) > 1 else {}


def cell_words(code: str, duty: Duty, numbers: Mapping[str, str]) -> str:
    """What stands in the cell of somebody on duty: `A2`, or `A1+2` who goes from one to another."""
    groups = dict.fromkeys(seat.group for seat in duty.seats if seat.group in numbers)
    ends_in_digit = code[-1:].isdigit() and bool(groups)
    return code + JOINT * ends_in_digit + WITHIN.join(numbers[group] for group in groups)


def person_name(roster: DutyRoster, name: str, text: Text) -> str:
    """A name of the table; who has none is called after the windows and a number."""
    group, _, number = name.rpartition("-")
    groups = {window.id for window in roster.scenario.layout(roster.layout).windows}
    if roster.named or group not in groups:
        return name
    windows = group_name(roster.scenario, roster.layout, group, text)
    return text("roster.nobody", group=windows, n=number)


def pieces_words(pieces: Sequence[tuple[int, int]], text: Text) -> str:
    """Hours on duty, one after the other.

    Examples
    --------
    >>> from sim.clock import HOUR
    >>> from sim.text import load_text
    >>> pieces_words([(9 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR)], load_text("zh"))
    '09:00–12:00、13:00–17:00'
    """
    return text("format.list").join(clock_words(*piece) for piece in pieces)


def rest_words(shift: RosterShift, text: Text) -> str:
    """The paid breaks of a shift, and through which hours people take turns; empty = none."""
    return text("format.parts").join(
        text(
            "roster.shift_rest",
            minutes=f"{rest.length / MINUTE:g}",
            hours=clock_words(rest.starts, rest.ends),
        )
        for rest in shift.rests
    )


def seat_words(roster: DutyRoster, seats: Sequence[Seat], text: Text) -> str:
    """Where somebody is, and when."""
    return text("format.parts").join(_seat_words(roster, seat, text) for seat in seats)


def _seat_words(roster: DutyRoster, seat: Seat, text: Text) -> str:
    hours = clock_words(seat.starts, seat.ends)
    if seat.at_rest:
        return text("roster.seat_at_rest", hours=hours)
    group = text("roster.spare")
    if seat.group:
        group = group_name(roster.scenario, roster.layout, seat.group, text)
    return text("roster.seat", hours=hours, group=group)


def day_of(day: RosterDay) -> date:
    """Its date."""
    return date.fromisoformat(day.date)


def day_look(day: RosterDay) -> DayLook:
    """What marks a date among others."""
    if not day.days:
        return "shut"
    if day.makeup:
        return "makeup"
    return "weekend" if day.weekday >= 5 else "open"


def weekday_words(day: RosterDay, text: Text) -> str:
    """The weekday, and what is unusual about it.

    Examples
    --------
    >>> from sim.text import load_text
    >>> weekday_words(RosterDay("2025-09-28", 6, "mon-fri", False, True), load_text("zh"))
    '周日班'
    """
    name = text(f"roster.weekday.{day.weekday + 1}")
    mark = "makeup" if day.makeup else "holiday" if day.holiday else ""
    return text(f"roster.{mark}_day", weekday=name) if mark else name


def period_words(roster: DutyRoster, text: Text) -> str:
    """From which date to which."""
    first = date.fromisoformat(roster.first_day)
    last = first + timedelta(days=7 * roster.weeks - 1)
    return text("roster.period", first=text.date(first), last=text.date(last))
