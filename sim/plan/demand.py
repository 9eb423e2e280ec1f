"""The demand: the crowd's part of a plan, the same for every layout; a tape is drawn from it.

Letters for shapes as in `plan.py`; `B` appointment books. A law is a row of the lawbook.
"""

from __future__ import annotations

from typing import NamedTuple

from sim.arrays import Bools, Floats, Ints
from sim.plan.lawbook import Lawbook
from sim.plan.streams import Uint64s


class ReplayPlan(NamedTuple):
    """What a table of arrivals says of its people, a row each of the given instants of all flows;
    empty when no flow has a table. int64; -1 = it says nothing, and the value is drawn."""

    person: Ints
    """Address of their draws: day and number in the day, of other flows the number in the flow."""
    class_: Ints
    township: Ints
    booked_for: Ints
    """Begin of the booked slot in ticks; -1 = they walk in."""
    service: Ints
    """Ticks of window work of their first try."""


class FlowPlan(NamedTuple):
    """Who comes when, flows sorted by id; a table of arrivals is a flow for each of its matters."""

    ids: tuple[str, ...]
    words: Uint64s
    """uint64, shape (F,): what their ids key random streams with."""
    matter: Ints
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
    replayed: Bools
    """bool, shape (F,): its people come by a table."""
    replay: ReplayPlan
    batch_sizes: Ints
    """int64, shape (sizes,), sorted: people at an arrival, of any flow; 1 first."""
    batch_shares: Floats
    """float64, shape (F, sizes): cumulative share of the arrivals of each size."""
    online_share: Floats
    """float64, shape (F,)."""
    booked_share: Floats
    """float64, shape (F,): share of those for the hall who book; 0 where nothing can be booked."""
    class_shares: Floats
    """float64, shape (F, K): cumulative."""


class InitialPlan(NamedTuple):
    """With whom and what a run begins, by flow; `X` flows of open cases."""

    kind: Ints
    """int64, shape (F,): COMING, the people of a flow of the scenario; WAITING at the door when the
    run begins; IN_HAND, cases that the departments have then."""
    number: Ints
    """int64, shape (F,): people or cases; 0 = the flow brings people."""
    opens_at: int
    """When the hall opens for the first time, in ticks."""
    waited_law: Ints
    """int64, shape (F,): how long each has waited then; -1 = of nobody."""
    backlog: Ints
    """int64, shape (F,): row of the flow among those of open cases; -1 = none."""
    done: Bools
    """bool, shape (X, I): items that are finished."""
    begun: Bools
    """bool, shape (X, I): items that wait for no other item, so that their first review is under
    way."""
    remaining: Floats
    """float64, shape (X,): part of the touch time that is left of such a review."""


class PeoplePlan(NamedTuple):
    """What applicants are like, whatever they come for."""

    day_factor_law: int
    """One factor a day, for all flows."""
    assisted_share: Floats
    """float64, shape (K,)."""
    assistance_factor: float
    patience_law: Ints
    """int64, shape (M, K): by what people come for, and their class; -1 = they never give up."""
    unserved_shares: tuple[float, float]
    """Share that returns, share that returns or goes online; the rest is lost."""
    return_law: int
    same_day_share: float
    """Of those who come again unserved, who tries it on the same day, each time."""
    same_day_law: int
    returns_at_most: int
    missed_share: float
    pace_law: Ints
    """int64, shape (K,): factor on walks in the hall."""
    companion_sizes: Ints
    """int64, shape (sizes,), sorted: how many come along with anybody, 0 first; empty = heads are
    not counted."""
    companion_shares: Floats
    """float64, shape (M, K, sizes): cumulative share of those with whom so many come along."""
    township_shares: Floats
    """float64, shape (townships,): cumulative by population; empty = unknown origin."""


class WorkPlan(NamedTuple):
    """Work at the window, a row a matter or item: (base + fixed) times a person's own factor."""

    base_law: Ints
    """int64: what depends on neither papers nor fields."""
    fixed: Floats
    """float64: ticks for papers and fields."""
    individual_law: Ints
    """int64: a person's own factor."""

    def of(self, rows: Ints) -> WorkPlan:
        """Some of the rows."""
        return WorkPlan(self.base_law[rows], self.fixed[rows], self.individual_law[rows])


class IssuePlan(NamedTuple):
    """How results of each matter reach their applicants."""

    shares: Floats
    """float64, shape (M, 2): share of results sent by post, share sent or collected."""
    mailing_ticks: Ints
    """int64, shape (M, 2): lowest and highest time in the post, in ticks beyond working days."""
    mailing_workdays: Ints
    collects_law: Ints
    """int64, shape (M,): the applicant's delay before collecting."""
    service_law: Ints
    """int64, shape (M,): window work of handing a result over."""
    sought: Ints
    """int64, shape (M,): matter at whose windows results are handed over."""


class MatterPlan(NamedTuple):
    """Matters, sorted by id."""

    work: WorkPlan
    """Shape (M,)."""
    law_offsets: Ints
    """int64, shape (M + 1,): where a matter's laws of window groups start."""
    group_law: Ints
    """int64: laws that groups have in place of `work.base_law`, each once a matter."""
    correction_share: Floats
    """float64, shape (M,): probability of incomplete papers at each intake."""
    issue: IssuePlan
    item_offsets: Ints
    """int64, shape (M + 1,): where a matter's items start."""
    wrap_up_law: Ints
    """int64, shape (M,): the clerk's work when who applied has left, by the matter sought."""
    between_law: Ints
    """int64, shape (M,): the applicant's delay before the next department."""
    also_shares: Floats
    """float64, shape (M, M): cumulative share of a matter's applicants who have each one to do
    too."""


class ItemPlan(NamedTuple):
    """Items, matter by matter; of separate handling also the visits."""

    words: Uint64s
    """uint64, shape (I,): what ids of items inside their matter key random streams with."""
    review_law: Ints
    """int64, shape (I,)."""
    share: Floats
    """float64, shape (I,): share of applicants who need it."""
    share_from: Floats
    """float64, shape (I,): who needs it draws a number from here on, below here plus the share."""
    own_work: WorkPlan
    """Shape (I,): when the item is applied for alone; laws of -1 = it comes with its case."""
    works_as_sought: Bools
    """bool, shape (I,): that work has the base of the matter sought, and of the groups' laws."""
    visit: Ints
    """int64, shape (I,): the visit, itself an item of the plan, by which it is applied for when its
    matter is handled department by department; -1 = none."""
    visit_order: Ints
    """int64, shape (I,): place of a visit among those of its matter; -1 = no visit."""
    sought: Ints
    """int64, shape (I,): matter at whose windows it is applied for on its own; -1 = none."""
    attendances: Ints
    """int64, shape (I,): departments that come to the item's joint survey; 0 = it has none."""
    choice: Ints
    """int64, shape (I,): items of a matter with the same number exclude each other; -1 = free."""
    choice_words: Uint64s
    """uint64: what the names of such choices, `matter.mark`, key random streams with, by number."""
    correction_share: Floats
    rejection_share: Floats
    external_ticks: Ints
    """int64, shape (I, 2): lowest and highest external span in ticks."""
    external_workdays: Ints
    """int64, shape (I, 2): the same in working days."""


class BookPlan(NamedTuple):
    """Who books appointments, and when there is place; books sorted by id."""

    book_of_matter: Ints
    """int64, shape (M,): -1 = cannot be booked."""
    slot_offsets: Ints
    """int64, shape (B + 1,): where a book's slots start; each has a place, in order of time."""
    slot_begins: Ints
    slot_ends: Ints
    slot_places: Ints
    rolls: Bools
    """bool, shape (B,): who finds no place takes one on a later day."""
    class_: Ints
    """int64, shape (B,): class of the booked; -1 = their own."""
    ahead: Ints
    """int64, shape (B,): ticks before the slot at which people mean to come."""
    lateness_law: Ints
    """int64, shape (B, K): by the class that people are drawn with."""
    grace: Ints
    """int64, shape (B,): ticks after the slot's begin; later than that is a walk-in."""
    no_show_share: Floats
    """float64, shape (B, K): by the class that people are drawn with."""
    no_show_returns: Floats
    """float64, shape (B,): share of no-shows who come another day."""
    no_show_law: Ints
    day_opens: Ints
    day_closes: Ints
    """int64: ticket hours of the run, for who comes another day; empty without books."""


class MendingPlan(NamedTuple):
    """How incomplete papers are mended."""

    rounds_at_most: int
    sent_back_share: float
    """Part of the window's work spent before a fault is found."""
    shares: tuple[float, float]
    """Share mended on the spot, share mended on the spot or online."""
    same_day_share: float
    """Share fetched and handed in on the same day."""
    same_day_law: int
    spot_law: int
    delay_law: int
    hand_in_law: int
    review_again: float
    """Part of the touch time that a further review takes."""


class OutagePlan(NamedTuple):
    """Outages that come at random, for the tape."""

    number: Ints
    """int64, shape (random outages,): among all outages of the hall."""
    words: Uint64s
    """uint64, shape (random outages,): what their ids key."""
    up_law: Ints
    down_law: Ints


class Demand(NamedTuple):
    """The crowd's part of a plan: the same for every layout, and all that a tape is drawn from."""

    n_days: int
    """Days of the run, closed ones included."""
    laws: Lawbook
    flows: FlowPlan
    initial: InitialPlan
    people: PeoplePlan
    matters: MatterPlan
    items: ItemPlan
    books: BookPlan
    mending: MendingPlan
    reception_law: int
    """-1 = no desk."""
    precheck_law: int
    """-1 = no online channel."""
    may_be_absent: bool
    """Somebody of some layout may be absent."""
    outages: OutagePlan
