"""The plan: one layout of a scenario as read-only arrays; ids have become indices.

Letters used for shapes everywhere: `F` flows, `M` matters, `I` items, `K` priority classes,
`D` departments, `P` places, `W` windows, `T` groups of reserve windows, `Z` waiting lists, `L`
lines, `N` days of the run.
A *line* is a queue of tickets that are equal in all that decides a call but age: same list, same
class, same windows that may call them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.arrays import Bools, Floats, Ints
from sim.clock import DAY, format_clock
from sim.plan.lawbook import Lawbook
from sim.plan.streams import Uint64s

PRIORITY: Final = 0
WEIGHTED_WAIT: Final = 1
OWN_FIRST: Final = 2
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


def integers(values: Iterable[int]) -> Ints:
    """Whole numbers as a column.

    Examples
    --------
    >>> integers(n for n in (3, 1))
    array([3, 1])
    """
    return np.array(list(values), dtype=np.int64)


def offsets_of(counts: Sequence[int] | Ints) -> Ints:
    """Where each of several rows of different length starts, and where the last one ends.

    Examples
    --------
    >>> offsets_of([2, 0, 3])
    array([0, 2, 2, 5])
    """
    return np.concatenate([[0], np.cumsum(np.asarray(counts, dtype=np.int64))])


class Demand(NamedTuple):
    """The crowd's part of a plan: the same for every layout, and all that a tape is drawn from."""

    n_days: int
    """Days of the run, closed ones included."""
    laws: Lawbook
    flow_ids: tuple[str, ...]
    """Names of the flows, sorted."""
    flow_words: Uint64s
    """uint64, shape (F,): what their names key random streams with."""
    matter_of_flow: Ints
    """int64, shape (F,)."""
    cases_of_day: Floats
    """float64, shape (F, N): expected cases of a day whose day factor is 1."""
    profile_of_day: Ints
    """int64, shape (F, N): row of the profile that spreads the day; -1 on a day without."""
    profile_offsets: Ints
    """int64, shape (profiles + 1,): where a profile's knots start."""
    knot_times: Ints
    """int64, ticks after midnight."""
    knot_shares: Floats
    """float64: share of the day's cases before the knot, 0 to 1."""
    given_offsets: Ints
    """int64, shape (F + 1,): where a flow's given arrival instants start (none: it is drawn)."""
    given_times: Ints
    """int64, ticks."""
    online_share: Floats
    """float64, shape (F,)."""
    class_shares: Floats
    """float64, shape (F, K): cumulative."""
    assisted_share: Floats
    """float64, shape (K,)."""
    assistance_factor: float
    day_factor_law: int
    patience_law: int
    """-1 = nobody gives up."""
    unserved_shares: tuple[float, float]
    """Share that returns, share that returns or goes online; the rest is lost."""
    return_law: int
    missed_share: float
    township_shares: Floats
    """float64, shape (townships,): cumulative by population; empty = unknown origin."""
    reception_law: int
    """-1 = no desk."""
    precheck_law: int
    """-1 = no online channel."""
    # --- matters, sorted by id ---
    item_words: Uint64s
    """uint64, shape (I,): what names of items inside their matter key random streams with."""
    base_law: Ints
    """int64, shape (M,): window work that depends on neither papers nor fields."""
    fixed_service: Floats
    """float64, shape (M,): ticks for papers and fields."""
    individual_law: Ints
    """int64, shape (M,): a person's own factor."""
    correction_share: Floats
    """float64, shape (M,): probability of incomplete papers at each intake."""
    issue_shares: Floats
    """float64, shape (M, 2): share of results sent by post, share sent or collected."""
    mailing_ticks: Ints
    """int64, shape (M, 2): lowest and highest time in the post, in ticks beyond working days."""
    mailing_workdays: Ints
    collects_law: Ints
    """int64, shape (M,): the applicant's delay before collecting."""
    collection_law: Ints
    """int64, shape (M,): window work of handing a result over."""
    collected_at: Ints
    """int64, shape (M,): matter at whose windows results are handed over."""
    item_offsets: Ints
    """int64, shape (M + 1,): where a matter's items start."""
    # --- items ---
    review_law: Ints
    """int64, shape (I,)."""
    item_share: Floats
    """float64, shape (I,): share of applicants who need it."""
    item_from: Floats
    """float64, shape (I,): who needs it draws a number from here on, below here plus the share."""
    own_base_law: Ints
    """int64, shape (I,): window work when the item is applied for alone, as for matters; -1 = it
    comes with its case."""
    own_fixed: Floats
    own_individual_law: Ints
    visit_of_item: Ints
    """int64, shape (I,): the visit, itself an item of the plan, by which it is applied for when its
    matter is handled department by department; -1 = none."""
    visit_order: Ints
    """int64, shape (I,): place of a visit among those of its matter; -1 = no visit."""
    sought_of_item: Ints
    """int64, shape (I,): matter at whose windows it is applied for on its own; -1 = none."""
    between_law: Ints
    """int64, shape (M,): the applicant's delay before the next department."""
    attendances: Ints
    """int64, shape (I,): departments that come to the item's joint survey; 0 = it has none."""
    item_choice: Ints
    """int64, shape (I,): items of a matter with the same number exclude each other; -1 = free."""
    choice_words: Uint64s
    """uint64: what the names of such choices, `matter.mark`, key random streams with, by number."""
    item_correction_share: Floats
    item_rejection_share: Floats
    external_ticks: Ints
    """int64, shape (I, 2): lowest and highest external span in ticks."""
    external_workdays: Ints
    """int64, shape (I, 2): the same in working days."""
    # --- appointments, books sorted by id (`B` books) ---
    book_of_matter: Ints
    """int64, shape (M,): -1 = cannot be booked."""
    book_share: Floats
    """float64, shape (B,): share of the people for the hall who book."""
    slot_offsets: Ints
    """int64, shape (B + 1,): where a book's slots start; each has a place, in order of time."""
    slot_begins: Ints
    slot_ends: Ints
    slot_places: Ints
    book_rolls: Bools
    """bool, shape (B,): who finds no place takes one on a later day."""
    book_class: Ints
    """int64, shape (B,): class of the booked; -1 = their own."""
    book_ahead: Ints
    """int64, shape (B,): ticks before the slot at which people mean to come."""
    book_lateness_law: Ints
    book_grace: Ints
    """int64, shape (B,): ticks after the slot's begin; later than that is a walk-in."""
    no_show_share: Floats
    no_show_returns: Floats
    """float64, shape (B,): share of no-shows who come another day."""
    no_show_law: Ints
    day_opens: Ints
    day_closes: Ints
    """int64: ticket hours of the run, for who comes another day; empty without books."""
    # --- corrections ---
    rounds_at_most: int
    sent_back_share: float
    """Part of the window's work spent before a fault is found."""
    mend_shares: tuple[float, float]
    """Share mended on the spot, share mended on the spot or online."""
    spot_law: int
    mend_law: int
    hand_in_law: int
    review_again: float
    """Part of the touch time that a further review takes."""


class HallPlan(NamedTuple):
    """One layout: windows, lists, lines, rosters and rules."""

    list_of_window: Ints
    """int64, shape (W,)."""
    group_of_window: Ints
    """int64, shape (W,), sorted: windows of one group are alike in all but their number."""
    factor: Floats
    """float64, shape (W,): proficiency times training, on service time."""
    n_skills: Ints
    """int64, shape (W,): matters the window may accept, in lists that it helps too."""
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
    """bool: the duty ends with the hall's day, so people still inside are served on."""
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
    reception_times: Ints
    """int64: instants at which the number of people at the desk changes."""
    reception_clerks: Ints
    has_reception: bool
    catches: float
    calling: int
    ageing: int
    """Ticks a class step; NEVER = no ageing."""
    help_after: int
    idle: int
    routing: int
    cut_off: bool
    """At closing those who wait are asked to come again."""
    capacity: int
    """People inside; NO_LIMIT = any."""
    balk_at: int
    """Waiting in front in the list; NO_LIMIT = nobody balks."""
    returns_at_most: int
    missed_wait: int
    """Ticks a window waits for who does not answer."""
    missed_requeues: bool


class BackOffice(NamedTuple):
    """Departments and the networks of items."""

    reviewers: Ints
    """int64, shape (D,)."""
    queue: Ints
    """int64, shape (D,): DUE_DATE or FIRST_IN."""
    finishes: Bools
    """bool, shape (D,): a review in hand at closing is finished rather than paused."""
    calendar: Ints
    """int64, shape (D,)."""
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
