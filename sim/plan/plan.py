"""The plan: one layout of a scenario as read-only arrays; ids have become indices.

Letters used for shapes everywhere: `F` flows, `M` matters, `I` items, `K` priority classes,
`D` departments, `P` places, `W` windows, `T` groups of reserve windows, `Z` waiting lists, `L`
lines, `N` days of the run.
A *line* is a queue of tickets that are equal in all that decides a call but age: same list, same
class, same windows that may call them.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.arrays import Bools, Floats, Ints
from sim.clock import BEIJING, DAY, format_clock
from sim.plan.demand import Demand
from sim.plan.streams import Uint64s

PRIORITY: Final = 0
WEIGHTED_WAIT: Final = 1
OWN_FIRST: Final = 2
ALTERNATION: Final = 3
LONGEST_LIST: Final = 4
FEWEST_SKILLS: Final = 0
LONGEST_IDLE: Final = 1
SHORTEST_WAIT: Final = 0
SHARES: Final = 1
HABIT: Final = 2
DUE_DATE: Final = 0
FIRST_IN: Final = 1
HALL: Final = 0
"""The hall of the scenario among all places; it also takes whom no other place may take."""
LOWEST_COST: Final = 0
NEAREST: Final = 1
FIXED_SHARES: Final = 2
NOT_CALLED: Final = 0
OWN: Final = 1
HELPED: Final = 2
NO_LIMIT: Final = -1
WAIT_THROUGH: Final = 0
SERVED_FIRST: Final = 1
TICKET_KEPT: Final = 2
"""From here on those who wait leave when a break begins, and are back when it ends."""
TICKET_ANEW: Final = 3


class HallPlan(NamedTuple):
    """One layout: windows, lists, lines, rosters and rules."""

    list_of_window: Ints
    """int64, shape (W,)."""
    group_of_window: Ints
    """int64, shape (W,), sorted: windows of one group are alike in all but their number."""
    factor: Floats
    """float64, shape (W,): proficiency times training, on service time."""
    service_law: Ints
    """int64, shape (W, M): which of a matter's laws of groups the window has; -1 = the matter's
    own. (0, 0) = no group has any."""
    has_service_laws: bool
    """Whether any has."""
    changeover: Ints
    """int64, shape (W,): ticks of set-up before a matter that is not the last one served there."""
    changes_over: bool
    """Whether any window needs it."""
    wraps_up: bool
    """Whether clerks may have work left when a person has gone."""
    walk: Ints
    """int64, shape (W,): ticks in which who is called comes to the window, at a pace of 1."""
    way_in: int
    """Ticks from the door of the hall to the desk, or to the ticket, at a pace of 1."""
    walks: bool
    """Whether any window waits for who walks there."""
    n_skills: Ints
    """int64, shape (W,): matters the window may accept, in lists that it helps too."""
    reviews_for: Ints
    """int64, shape (W,): department whose reviews an idle clerk takes up; -1 = none."""
    clerks_review: bool
    """Whether any do."""
    absence: Floats
    """float64, shape (W,): how likely the window's clerk does not come on a day of duty."""
    clerk_words: Uint64s
    """uint64, shape (W,): what the id of the group keys the absence of its clerks with."""
    outage_stops: Bools
    """bool, shape (outages, Z): which lists an outage stops."""
    dated_outage: Ints
    """int64, a row each time that is known beforehand: the outage."""
    dated_down: Ints
    dated_up: Ints
    up_share: Floats
    """float64, shape (Z,): share of the time in which random outages let a list work, in the long
    run."""
    up_of_list: Ints
    """int64, shape (Z,): when a list can be served; -1 = always."""
    up_offsets: Ints
    """int64: where the times start in which lists with one set of outages work."""
    up_starts: Ints
    up_ends: Ints
    """int64: the last one is NEVER."""
    up_before: Ints
    """int64: ticks of work before each."""
    list_of_line: Ints
    """int64, shape (L,)."""
    class_of_line: Ints
    """int64, shape (L,)."""
    line_of: Ints
    """int64, shape (Z, M, K): the line a ticket joins; -1 = the list does not accept it."""
    calls: npt.NDArray[np.int8]
    """int8, shape (W, L): NOT_CALLED, OWN or HELPED."""
    mean_service: Floats
    """float64, shape (Z,): ticks, mean over what the list accepts, weighted by demand."""
    route_shares: Floats
    """float64, shape (Z,): weights of the lists under `shares` and `habit`."""
    priority: Ints
    """int64, shape (K,): lower is called first."""
    weight: Floats
    """float64, shape (K,)."""
    duty_offsets: Ints
    """int64, shape (W + 1,): where the duties of a window start; whichever window of its group is
    free fulfils them, so together they say how many are on duty."""
    duty_starts: Ints
    duty_ends: Ints
    duty_drains: Bools
    """bool: who is on duty stays when it ends, until the place is empty: at the end of the day, or
    of what is before a break."""
    line_duty_until: Ints
    """int64, shape (L, N): last instant of the day a window that may call the line is on duty,
    reserve windows left aside."""
    payroll: Ints
    """int64, shape (W,): group whose roster pays who works there; not its own where a reserve
    window borrows its clerk."""
    tidal_group: Ints
    """int64, shape (T,), sorted: groups of reserve windows; their duties say how many may open."""
    tidal_list: Ints
    """int64, shape (T,): list whose length opens and closes them."""
    tidal_pool: Ints
    """int64, shape (T,): group the clerks come from; -1 = they stand by."""
    tidal_opens_at: Ints
    """int64, shape (T,): waiting tickets; NEVER = no such rule."""
    tidal_opens_after: Ints
    """int64, shape (T,): ticks the first in the list has waited; NEVER = no such rule."""
    tidal_closes_at: Ints
    tidal_setup: Ints
    """int64, shape (T,): ticks."""
    tidal_keep: Ints
    """int64, shape (T,): clerks that stay with the pool."""
    place_of_list: Ints
    """int64, shape (Z,): where the list is; 0 = the hall of the scenario."""
    at_home: Bools
    """bool, shape (P,): agents go to applicants, who make no trip."""
    courier_offsets: Ints
    """int64, shape (P + 1,): where the courier's rounds of a place start; without any, papers are
    with the departments at once."""
    courier_leaves: Ints
    """int64, sorted inside a place: instants at which what was accepted is taken along."""
    courier_arrives: Ints
    """int64: instants at which the departments have it."""
    onward: Ints
    """int64, shape (P, M): where papers that a place takes in go next; -1 = they are accepted."""
    forwarded_work: Floats
    """float64, shape (P,): part of the window's work that papers from there take, each time."""
    ticket_offsets: Ints
    """int64, shape (P * N + 1,): where the ticket hours of a place and day start."""
    ticket_opens: Ints
    ticket_closes: Ints
    """int64: tickets are given from `opens` to before `closes`."""
    day_closes: Ints
    """int64, shape (P, N): instant a place closes for the day; -1 on a closed day or open night."""
    quota: Ints
    """int64, shape (Z,): tickets that a list gives in an open interval; NO_LIMIT = any."""
    break_rule: Ints
    """int64, shape (Z,): WAIT_THROUGH, SERVED_FIRST, TICKET_KEPT or TICKET_ANEW."""
    break_place: Ints
    """int64, sorted: place of each break at which anything happens."""
    break_begins: Ints
    break_ends: Ints
    """int64: instants."""
    break_nightly: Bools
    """bool: the time from closing to the next open day, over which tickets are kept."""
    reception_times: Ints
    """int64: instants at which the number of people at the desk changes."""
    reception_clerks: Ints
    desk_absence: float
    """How likely somebody of the desk does not come on a day."""
    has_reception: bool
    catches: float
    calling: int
    ageing: int
    """Ticks a class step; NEVER = no ageing."""
    help_after: int
    own_calls: int
    """Calls from the own list before one from a helped list, under ALTERNATION."""
    idle: int
    routing: int
    has_quota: bool
    """Some list may refuse a ticket."""
    serves_also: Bools
    """bool, shape (W, M, K): whether a window calls who comes for a matter in a class; (0, 0, 0) =
    nobody has a second matter."""
    has_seconds: bool
    """Whether anybody may."""
    keeps_place: bool
    """Who is sent on for a second matter keeps the place of their ticket."""
    refuses_beyond_closing: bool
    """Lists refuse a ticket to who is not expected to be called before closing."""
    before_break: int
    """Ticks before each break in which no ticket is given."""
    cut_off: bool
    """At closing nobody is served on: those who wait are asked to come again."""
    keeps_overnight: bool
    """Of these, who has a ticket that is not from the day before keeps it to the next open day."""
    capacity: int
    """People inside; NO_LIMIT = any."""
    counts_heads: bool
    """Whether who comes along takes room that is limited."""
    balk_at: Ints
    """int64, shape (M, K): waiting in front in the list, by what people come for and their class;
    NO_LIMIT = they never balk."""
    may_balk: bool
    """Whether anybody may."""
    keeps_fetching: bool
    """Who fetches papers on the same day comes back with the ticket of before."""
    returns_at_most: int
    keeps_unserved: bool
    """Who gave up or balked, and comes again on the same day, has the ticket of before."""
    missed_wait: int
    """Ticks a window waits for who does not answer."""
    missed_requeues: bool


class BackOffice(NamedTuple):
    """Departments and the networks of items."""

    reviewers: Ints
    """int64, shape (D,): the most at a time."""
    queue: Ints
    """int64, shape (D,): DUE_DATE or FIRST_IN."""
    finishes: Bools
    """bool, shape (D,): a review in hand at closing is finished rather than paused."""
    calendar: Ints
    """int64, shape (D,): when somebody of the department is on duty."""
    rostered_offsets: Ints
    """int64, shape (D + 1,): where the reviewers of a department start that work by a roster, those
    on duty longest first; without any, all of them work in all its hours."""
    rostered_calendar: Ints
    """int64: when each of them is on duty."""
    open_offsets: Ints
    """int64, shape (calendars + 1,): where a calendar's intervals start."""
    open_starts: Ints
    open_ends: Ints
    open_before: Ints
    """int64: open ticks of the calendar before the interval."""
    item_offsets: Ints
    """int64, shape (M + 1,)."""
    department: Ints
    """int64, shape (I,)."""
    survey_offsets: Ints
    """int64, shape (I + 1,): where the departments start that come to an item's joint survey."""
    survey: Ints
    """int64: departments, an item's own one first."""
    ahead_ticks: Ints
    """int64, shape (I,): from the release of an item to its appointment, beyond working days."""
    ahead_workdays: Ints
    after_offsets: Ints
    """int64, shape (I + 1,)."""
    after: Ints
    """int64: items, by their number in the plan, that must be finished first, directly or not.

    All ancestors stand here, so that an item which a case does not need keeps the order around it.
    """
    stops: Bools
    """bool, shape (M,): one rejected item keeps the rest from starting."""
    promised_ticks: Ints
    """int64, shape (M,): limit beyond its working days; -1 = no limit promised."""
    promised_workdays: Ints
    statutory_ticks: Ints
    """int64, shape (M,): what the law allows, as `promised_ticks`; no engine reads it."""
    statutory_workdays: Ints
    backlog_due: Ints
    """int64, shape (F,): when the limit promised of a flow's open cases ends; NEVER = none, or no
    such flow. (0,) where a run begins without open cases."""
    workdays: Ints
    """int64: days of the run and a year beyond that are working days."""
    workday_rank: Ints
    """int64, shape (days,): working days up to and including the day."""
    online_department: int
    """Who pre-checks online applications; -1 = no online channel."""


class Journeys(NamedTuple):
    """Where applicants can go, and what that costs them; no engine sees it."""

    minutes: Floats
    """float64, shape (townships, P): one way; inf = no way."""
    km: Floats
    yuan: Floats
    """float64, shape (townships, P): fare of one way."""
    accepts: Bools
    """bool, shape (P, M)."""
    admits: Bools
    """bool, shape (P, K): classes that may go there, or be visited from there."""
    tour: Floats
    """float64, shape (townships, P): minutes that an agent's way out and back adds to the work."""
    rule: int
    """LOWEST_COST, NEAREST or FIXED_SHARES."""
    shares: Floats
    """float64, shape (P,): weights under FIXED_SHARES; of home visits that of their place."""
    base: Ints
    """int64, shape (P,): the place that agents who visit people go out from; else itself."""
    taste_yuan: float
    value_of_time: float
    """Yuan an hour."""
    wait: Floats
    """float64, shape (P,): minutes that people expect to wait, ways in vain included as minutes."""
    place_words: Uint64s
    """uint64, shape (P,): what names of places key tastes with."""


class Names(NamedTuple):
    """Ids by index, for tables; never used by an engine."""

    layout: str
    matters: tuple[str, ...]
    items: tuple[str, ...]
    departments: tuple[str, ...]
    classes: tuple[str, ...]
    townships: tuple[str, ...]
    counties: tuple[str, ...]
    """County of each township."""
    lists: tuple[str, ...]
    windows: tuple[str, ...]
    groups: tuple[str, ...]
    """Window group of each window."""
    places: tuple[str, ...]
    """The hall of the scenario, then the others."""


class Period(NamedTuple):
    """Which days count, in days after the first."""

    n_days: int
    """Days simulated."""
    measured_from: int
    measured_until: int
    """First day after the measured ones."""
    hall_days: Ints
    """int64: measured days on which the hall opens."""
    start_ordinal: int
    """Proleptic ordinal of the first date."""
    time_zone: str = BEIJING
    """Zone of the hall's clock; no engine reads it."""

    @property
    def end(self) -> int:
        """The instant at which the run stops, in ticks."""
        return self.n_days * DAY


class Plan(NamedTuple):
    """One layout of a scenario, ready to run."""

    demand: Demand
    hall: HallPlan
    office: BackOffice
    period: Period
    names: Names
    scenario_hash: str
    journeys: Journeys | None = None
    """None = there is one place, where everybody goes."""

    def __repr__(self) -> str:
        names, hall = self.names, self.hall
        opens = format_clock(int(hall.ticket_opens[0]) % DAY) if len(hall.ticket_opens) else "-"
        return (
            f"Plan({names.layout!r}: {len(names.windows)} windows calling {len(names.lists)} lists,"
            f" {len(names.matters)} matters, {len(names.departments)} departments,"
            f" {len(self.period.hall_days)} measured hall days, opens {opens})"
        )


def freeze(part: Any) -> None:
    """Make every array of nested tuples read-only."""
    for value in part:
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
        elif isinstance(value, tuple):
            freeze(value)
