"""How shifts are made of the hall's hours, and by which rules people work them (排班)."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.clock import HOUR, MINUTE, Hours
from sim.scenario.base import Bilingual, Block, ClockHours, DayRange, Duration, Id, Share

WORKDAYS_A_WEEK: Final = 5
"""Of a week without public holidays: 国务院关于职工工作时间的规定 (1995), article 7."""


class ShiftHours(Block):
    """Working hours of a shift, breaks left out."""

    at_least: Duration = 4 * HOUR
    """Shorter shifts are not made; the default is an assumption, plausible from 3 h to 6 h."""
    at_most: Duration = 8 * HOUR
    """Longer shifts are not made; the law's day has 8 hours (国务院关于职工工作时间的规定,
    article 3)."""


class LunchBreak(Block):
    """A break that is not worked, taken in turn, so that windows stay open over midday."""

    between: ClockHours
    """It begins and ends inside these hours."""
    length: Duration = HOUR
    """How long it is; the default is an assumption, plausible from 30 min to 2 h."""
    after: Duration = 5 * HOUR
    """Whoever is there longer than this has one; the default is an assumption, plausible from 4 h
    to 6 h."""


class Rest(Block):
    """A short break that is paid and taken in turns (轮休), so that not all rest at once.

    Whoever is on duty through all of its hours has it, and is away from the windows for one turn.
    """

    between: ClockHours
    """Turns follow each other through these hours, each as long as the rest."""
    length: Duration = 15 * MINUTE
    """How long it is; the default is an assumption, plausible from 10 min to 20 min."""


class NamedShift(Block):
    """A shift as the hall writes it (班次)."""

    id: Id
    name: Bilingual | None = None
    pieces: Annotated[tuple[ClockHours, ...], Field(min_length=1, max_length=4)]
    """Hours on duty, one after the other; what lies between is not worked."""
    days: DayRange = "mon-sun"
    """Weekdays on which it may be worked."""
    rests: Annotated[tuple[Rest, ...], Field(max_length=4)] | None = None
    """Its paid breaks; none = those of `rostering.rests`."""

    @model_validator(mode="after")
    def _in_order(self) -> NamedShift:
        for before, after in zip(self.pieces, self.pieces[1:], strict=False):
            if after.start < before.end:
                raise PydanticCustomError("shift_pieces", "{found}", {"found": self.id})
        return self


class ShiftLimit(Block):
    """Shifts that are a burden, such as at noon or in the evening: so many for each person."""

    id: Id
    during: ClockHours | None = None
    """Shifts that are on duty in any part of these hours; or name `shifts`."""
    shifts: Annotated[tuple[Id, ...], Field(max_length=200)] = ()
    """Shifts of the list."""
    at_most: Annotated[int, Field(ge=0, le=1000)]
    """For each person of whom no staff table says another number."""
    each: Literal["week", "roster"] = "roster"
    """In each week, or in the whole roster."""


class StaffRules(Block):
    """Rules for everybody who is rostered; a staff table may say more of single people."""

    contract: Duration = 40 * HOUR
    """Working hours a week of whom no table says more; the law's week has 40 hours
    (国务院关于职工工作时间的规定, article 3)."""
    contract_over: Literal["week", "roster"] = "week"
    """What hours and days are counted over: each week by itself, or all weeks of the roster
    together (综合计算工时, which wants a permit: 劳动法, article 39)."""
    days_running: Annotated[int, Field(ge=1, le=14)] = 6
    """Most days in a row; the law wants a free day each week (劳动法, article 38)."""
    days_off_running: Annotated[int, Field(ge=1, le=7)] = 1
    """Fewest days off in a row between two days on duty; days on which the hall is shut, and those
    that a staff table gives, count."""
    weekend_each: Annotated[int, Field(ge=1, le=12)] = 1
    """On duty at the week-end in one week of so many at most (轮值); 1 = any week."""
    weekend_off: Literal["same_week", "next_week"] = "next_week"
    """Week in which a day at the week-end is made up for by a free day (补休); nothing where hours
    are counted over the roster."""
    shift_limits: Annotated[tuple[ShiftLimit, ...], Field(max_length=20)] = ()
    """Most shifts of a kind for each person; none = any number."""
    senior_at_least: Annotated[int, Field(ge=0, le=100)] = 0
    """Experienced people in each half hour in which anybody is needed."""
    senior_in: Literal["hall", "group"] = "hall"
    """They are in the hall, or in each window group that needs anybody."""
    absence: Share = 0.0
    """Share of people on a roster who do not come, such as for illness."""
    short_at_most: Share = 0.05
    """How likely it may be, on a day, that more are missing than stand by; the default is an
    assumption, plausible from 1 % to 10 %."""


class Rostering(Block):
    """How shifts are made, and by which rules people work them.

    Either shifts are listed, or they are made of the hall's hours.
    """

    setup: Duration = 0
    """Time on duty before the hall opens, and after it closes."""
    starts_each: Duration = 30 * MINUTE
    """Shifts begin, and breaks too, at such steps from the hall's opening on."""
    hours: ShiftHours = ShiftHours()
    """Working hours of a shift."""
    part_time: ShiftHours | None = None
    """Those of people who work part time; none = as everybody."""
    lunch: LunchBreak | None = None
    """Break of those who are there over midday; none = only while the hall is shut."""
    rests: Annotated[tuple[Rest, ...], Field(max_length=4)] = ()
    """Paid breaks of all shifts that do not have others; none = nobody rests."""
    split: Duration = 0
    """Longest break of a split shift (两头班), taken while the hall is open; 0 = none."""
    shifts: Annotated[tuple[NamedShift, ...], Field(max_length=200)] = ()
    """Shifts to choose from, in place of those that the hall's hours allow."""
    staff: StaffRules = StaffRules()
    """Rules for people."""


def hours_worked(pieces: tuple[Hours, ...]) -> int:
    """Ticks on duty of a shift.

    Examples
    --------
    >>> hours_worked((Hours(0, 4 * HOUR), Hours(5 * HOUR, 9 * HOUR))) // HOUR
    8
    """
    return sum(piece.end - piece.start for piece in pieces)
