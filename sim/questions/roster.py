"""Who works when: shifts and named people for the clerks that are needed, and its proof."""

from __future__ import annotations

from typing import Literal, NamedTuple

from sim.analysis.intervals import Interval
from sim.clock import HOUR
from sim.plan.roster_days import RosterDay
from sim.plan.shift_forms import ShiftRest
from sim.runs.posted_roster import Breach
from sim.runs.roster_ways_out import WayOut
from sim.scenario.scenario import Scenario

NeedsFrom = Literal["promises", "today"]
"""Clerks needed are those that the promises take, or those of the rosters as they are."""
ShortReason = Literal[
    "no_skill",
    "too_few",
    "days_off",
    "weekends",
    "hours_used",
    "no_shift",
    "senior",
    "resting",
    "not_posted",
]
"""Why a half hour has too few: nobody can serve there; fewer can than are needed; those who can are
off; their turn at the week-end is over; their hours are used up; no shift is there then; nobody
there is experienced; enough are on duty, and some of them at rest; whoever wrote the roster down
put nobody there."""


class RosterShift(NamedTuple):
    """A shift that somebody works.

    Attributes
    ----------
    id : str
        As the scenario names it, else its hours: `08:30-12:00,13:30-17:30`.
    name_zh, name_en : str
        As the scenario names it; empty = it has no name but its hours.
    pieces : tuple of (int, int)
        Hours on duty, in ticks after midnight.
    hours : float
        On duty, breaks left out.
    worked : int
        Times that somebody works it in all.
    rests : tuple of ShiftRest
        Paid breaks that it has; their hours are among those on duty.
    """

    id: str
    name_zh: str
    name_en: str
    pieces: tuple[tuple[int, int], ...]
    hours: float
    worked: int
    rests: tuple[ShiftRest, ...] = ()


class Seat(NamedTuple):
    """Where somebody is for some time.

    Attributes
    ----------
    group : str
        Window group; empty = on duty, and at rest or needed nowhere.
    starts, ends : int
        Ticks after midnight.
    at_rest : bool
    """

    group: str
    starts: int
    ends: int
    at_rest: bool = False


class Duty(NamedTuple):
    """One person on one date.

    Attributes
    ----------
    person : str
    date : str
    shift : str
        Id of a `RosterShift`.
    seats : tuple of Seat
        In the order of the day; half hours at one window group are one.
    """

    person: str
    date: str
    shift: str
    seats: tuple[Seat, ...]


class SeatOfDuty(NamedTuple):
    """A seat with whose it is, and when.

    Attributes
    ----------
    person, date, shift, group : str
    starts, ends : int
        Ticks after midnight.
    at_rest : bool
    """

    person: str
    date: str
    shift: str
    group: str
    starts: int
    ends: int
    at_rest: bool = False


class RosteredPerson(NamedTuple):
    """What the roster asks of one person.

    Attributes
    ----------
    name : str
        Of the table; `desk-1` and so on where people have no names yet.
    groups : tuple of str
        Window groups that they can serve.
    senior, part_time : bool
    contract_hours : float
        A week.
    available_hours : float
        By contract in the whole roster: weeks with holidays have fewer, those with make-up days
        more.
    hours : float
        On duty in the whole roster.
    weekly_hours : tuple of float
        Of each week of the roster.
    days : int
        On duty.
    weekend_days : int
        Of these, at week-ends, days worked for a holiday left aside.
    owed_hours : float
        On duty at the last week-end, to be made up for after the roster ends.
    days_off : int
        Open dates on which they asked to be off; all of them are kept.
    wishes_kept, wishes : int
        Dates on duty as they would rather have it, and dates on which a wish said anything.
    """

    name: str
    groups: tuple[str, ...]
    senior: bool
    part_time: bool
    contract_hours: float
    available_hours: float
    hours: float
    weekly_hours: tuple[float, ...]
    days: int
    weekend_days: int
    owed_hours: float
    days_off: int
    wishes_kept: int
    wishes: int


class Cover(NamedTuple):
    """One window group in one half hour of a weekday: needed, planned, and what comes of it.

    Attributes
    ----------
    weekday : int
        Monday 0; days worked for a holiday are Mondays.
    days : str
        Kind of day that it belongs to: `mon-fri`.
    group : str
    starts, ends : int
        Ticks after midnight.
    need : int
        Clerks.
    planned, planned_most : int
        Clerks at the windows on the dates of that weekday: fewest and most.
    needed_share : Interval
        Share of 1 called in time with as many clerks as are needed, of people in the group's list
        in that half hour of that kind of day; nan where nobody comes.
    planned_share : Interval
        The same with the fewest that the roster has on each weekday, on the same crowds.
    """

    weekday: int
    days: str
    group: str
    starts: int
    ends: int
    need: int
    planned: int
    planned_most: int
    needed_share: Interval
    planned_share: Interval


class Uncovered(NamedTuple):
    """A half hour with fewer clerks than are needed, why, and the cheapest way out.

    Attributes
    ----------
    date : str
    group : str
    starts, ends : int
        Ticks after midnight; half hours in a row with one reason are one.
    short : int
        Clerks that are missing, at most.
    reason : str
        Of `ShortReason`.
    way_out : str
        Of `WayOut`; the same for all that window groups lack which share people.
    people : int
        People to add, of `more_people`.
    hours : float
        `more_people`: contract hours of each of them; `longer_shifts`: the longest shift then;
        `part_time`: the shortest shift then; `more_weekends`: every so many weeks.
    left : float
        Clerk hours that these groups lack even then in the week that lacks the most.
    """

    date: str
    group: str
    starts: int
    ends: int
    short: int
    reason: ShortReason
    way_out: WayOut
    people: int
    hours: float
    left: float


class Reserve(NamedTuple):
    """People who must stand by so that absence leaves enough, on one date.

    With N people of whom each is absent with probability p, more than N - n are absent with the
    probability of a binomial law; N is the smallest number for which that is no more than allowed.

    Attributes
    ----------
    date : str
    groups : tuple of str
        Window groups that share people.
    on_duty : int
        People whom the roster has on duty there.
    needed : int
        N: on duty and standing by.
    free : tuple of str
        People who could stand by: skilled, not off, not on duty; those whose turn it is first.
    short : float
        How likely absence is to leave too few, with those who are free; nan = nobody is absent.
    """

    date: str
    groups: tuple[str, ...]
    on_duty: int
    needed: int
    free: tuple[str, ...]
    short: float


class Crew(NamedTuple):
    """The fewest people for window groups that share people, of a roster without names.

    Attributes
    ----------
    groups : tuple of str
    people : int
        Full contracts that the roster needs.
    at_least : int
        No roster of such shifts does with fewer.
    with_absence : int
        People, so that enough come in spite of absence.
    contract_hours : float
        Of each, a week.
    """

    groups: tuple[str, ...]
    people: int
    at_least: int
    with_absence: int
    contract_hours: float


class CheckedPromise(NamedTuple):
    """One promise where it must hold, with the roster as planned, on fresh crowds.

    Attributes
    ----------
    promise : int
        Index in `targets.promises`.
    what, id : str
        Whom it is about: `list`, `class`, …, and which.
    days : str
        Kind of day; empty = the whole run.
    slot : int
        Half hour of the day, 0 to 47; -1 = the whole day, or run.
    level : float
        What is promised, in the unit of the measure.
    planned : Interval
        What comes of the roster; intervals of all cells hold together.
    """

    promise: int
    what: str
    id: str
    days: str
    slot: int
    level: float
    planned: Interval


class DutyRoster(NamedTuple):
    """Who works when, and what comes of it.

    Attributes
    ----------
    scenario : Scenario
    layout : str
    first_day : str
        Date on which it begins; its weeks are of seven days from there.
    weeks : int
    named : bool
        People are those of a table; else as few as the needs take.
    needs_from : str
        Of `NeedsFrom`.
    days : tuple of RosterDay
        All dates.
    people : tuple of RosteredPerson
    duties : tuple of Duty
        By date, then in the order of people.
    shifts : tuple of RosterShift
        Those that are worked, by when they begin and end.
    cover : tuple of Cover
    uncovered : tuple of Uncovered
    reserves : tuple of Reserve
        Empty where nobody is absent.
    crews : tuple of Crew
        Empty where people have names.
    promises : tuple of CheckedPromise
    hours : float
        On duty, all people and dates.
    needed_hours : float
        Clerk hours that are needed in the half hours of all dates.
    cost : float
        Yuan; nan where the scenario has no wage.
    lower_bound_hours : float
        No shifts of these forms cover as much of the needs with fewer.
    gap : float
        By how much the shifts may be above the bound, in parts of 1; 0 = they are the best.
    spread_weekend_days : int
        Most and fewest days at week-ends of anybody, apart.
    rounds : int
        Times that needs were raised since the roster broke a promise.
    replications, asked : int
        Crowds that the shares rest on, and those that they were meant to; fewer when stopped.
    seed : int
    level : float
        Coverage of the intervals.
    posted : bool
        Somebody wrote it down, and it was simulated as it stands.
    breaches : tuple of Breach
        Rules that it breaks, where somebody wrote it down.
    """

    scenario: Scenario
    layout: str
    first_day: str
    weeks: int
    named: bool
    needs_from: NeedsFrom
    days: tuple[RosterDay, ...]
    people: tuple[RosteredPerson, ...]
    duties: tuple[Duty, ...]
    shifts: tuple[RosterShift, ...]
    cover: tuple[Cover, ...]
    uncovered: tuple[Uncovered, ...]
    reserves: tuple[Reserve, ...]
    crews: tuple[Crew, ...]
    promises: tuple[CheckedPromise, ...]
    hours: float
    needed_hours: float
    cost: float
    lower_bound_hours: float
    gap: float
    spread_weekend_days: int
    rounds: int
    replications: int
    asked: int
    seed: int
    level: float
    posted: bool = False
    breaches: tuple[Breach, ...] = ()

    @property
    def rows(self) -> tuple[SeatOfDuty, ...]:
        """Where everybody is, seat by seat."""
        return tuple(
            SeatOfDuty(
                duty.person,
                duty.date,
                duty.shift,
                seat.group,
                seat.starts,
                seat.ends,
                seat.at_rest,
            )
            for duty in self.duties
            for seat in duty.seats
        )

    @property
    def rest_hours(self) -> float:
        """Of `hours`, those of paid rests."""
        return sum(row.ends - row.starts for row in self.rows if row.at_rest) / HOUR

    @property
    def most_at_rest(self) -> int:
        """People at one time."""
        by_date: dict[str, list[SeatOfDuty]] = {}
        for row in self.rows:
            if row.at_rest:
                by_date.setdefault(row.date, []).append(row)
        return max(
            (
                sum(other.starts <= row.starts < other.ends for other in of_date)
                for of_date in by_date.values()
                for row in of_date
            ),
            default=0,
        )
