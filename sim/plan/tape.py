"""The tape: everything random of one replication, drawn before anything moves (DESIGN §2).

A tape is the crowd. It is drawn from the demand alone, so the same tape object serves every layout;
which place each person chooses depends on a layout's places, and stands in its journal.
Letters: `C` cases (in order of arrival), `E` errands, `J` items of cases, `Q` reviews.
An errand is one piece of window (or online) business: an intake, complete or not, or handing in
mended papers. A review is one round of one item.
"""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

import numpy as np

from sim.arrays import Bools, Bytes, Floats, Ints, Shorts, Singles
from sim.clock import DAY, NEVER
from sim.plan.appointments import BEYOND, another_day, slots_of
from sim.plan.lawbook import CONSTANT, sample
from sim.plan.plan import Demand
from sim.plan.streams import (
    Uint64s,
    address,
    coarse_uniforms,
    keys,
    later,
    uniforms,
    word,
    words,
)

INTAKE: Final = 0
HAND_IN: Final = 1
APPLY: Final = 2
COLLECT: Final = 3
COLLECTS: Final = 1 << 20
"""Try of an address from which the trip to collect a result draws: more than there are tries."""
ON_THE_SPOT: Final = 0
ONLINE: Final = 1
ANOTHER_TRIP: Final = 2
RETURNS: Final = 0
GOES_ONLINE: Final = 1
IS_LOST: Final = 2
PURPOSES: Final = (
    "arrival",
    "class",
    "township",
    "channel",
    "patience",
    "assistance",
    "leaving",
    "habit",
    "need",
    "rejection",
    "external",
    "review",
    "review_correction",
    "review_delay",
    "review_mend",
    "correction",
    "mend",
    "mend_delay",
    "spot",
    "service",
    "individual",
    "own_service",
    "own_individual",
    "between",
    "hand_in",
    "precheck",
    "reception",
    "catch",
    "route",
    "missed",
    "return",
    "position",
    "booking",
    "lateness",
    "no_show",
    "no_show_returns",
    "no_show_delay",
    "no_show_position",
    "issue",
    "mailing",
    "collects",
    "collection",
    "taste",
)
"""What numbers are drawn for: each is a stream of a flow, or of an item of a flow."""
PURPOSE_WORDS: Final = words(PURPOSES)
DAY_FACTOR: Final = words(["day_factor"])


class Tape(NamedTuple):
    """One crowd. Instants and spans are int64 ticks; indices and choices take less room."""

    # --- cases ---
    arrived_at: Ints
    """int64, shape (C,), sorted: when the applicant first comes or applies; NEVER = not at all."""
    wished_at: Ints
    """int64, shape (C,): when they would come if nobody booked."""
    booked_for: Ints
    """int64, shape (C,): begin of the slot that is booked; -1 = none."""
    no_show: Bools
    """bool, shape (C,): booked, and does not come for it."""
    matter: Shorts
    flow: Shorts
    class_: Shorts
    township: Shorts
    """int32, shape (C,): -1 = origin unknown."""
    assisted: Bools
    taste: Uint64s
    """uint64, shape (C,): key of what the person likes about places."""
    patience: Ints
    """int64, shape (C,): wait after which a ticket is given up."""
    after_leaving: Bytes
    """int8, shape (C,): RETURNS, GOES_ONLINE or IS_LOST when not served."""
    habit: Singles
    """float32, shape (C,): uniform that names the list a person always chooses."""
    issue_ticks: Ints
    """int64, shape (C,): time in the post, or the applicant's delay before collecting; 0 for what
    is issued electronically."""
    issue_workdays: Shorts
    """int32, shape (C,): the working days of it, which are counted first."""
    collection: Shorts
    """int32, shape (C,): errand of the trip to collect the result; -1 = none."""
    errand_offsets: Shorts
    """int32, shape (C + 1,): where a case's errands start; intakes come first."""
    item_offsets: Shorts
    """int32, shape (C + 1,): where a case's items start."""
    # --- errands ---
    case_of_errand: Shorts
    purpose: Bytes
    """int8, shape (E,): INTAKE; HAND_IN of papers a reviewer asked for; APPLY, a visit to one more
    department; or COLLECT the result."""
    sought: Shorts
    """int32, shape (E,): matter at whose windows it is done."""
    complete: Bools
    """bool, shape (E,): the papers are complete."""
    online: Bools
    """bool, shape (E,): done through the net."""
    service: Ints
    """int64, shape (E,): window work of a clerk whose factor is 1."""
    precheck: Ints
    """int64, shape (E,): touch time if it is done online."""
    reception: Ints
    """int64, shape (E,): time at the reception desk."""
    catch: Singles
    """float32, shape (E,): the desk finds incomplete papers when this is below its share."""
    route: Singles
    """float32, shape (E,): uniform that names the list under fixed shares."""
    missed: Bools
    """bool, shape (E,): does not answer the first call."""
    mend: Bytes
    """int8, shape (E,): how incomplete papers are mended."""
    mend_delay: Ints
    """int64, shape (E,): time to mend them at home."""
    spot_delay: Ints
    """int64, shape (E,): time to mend them inside the hall."""
    return_delay: Ints
    """int64, shape (E,): time until the person comes again when not served."""
    position: Singles
    """float32, shape (E,): where in the day's ticket hours a further trip falls, 0 to 1."""
    # --- items of cases ---
    case_of_item: Shorts
    item: Shorts
    """int32, shape (J,): number of the item in the plan."""
    rejected: Bools
    external_ticks: Ints
    external_workdays: Shorts
    application: Shorts
    """int32, shape (J,): first errand of the visit that the item is; -1 = it is none."""
    apply_delay: Ints
    """int64, shape (J,): the applicant's own delay before that visit."""
    review_offsets: Shorts
    """int32, shape (J + 1,): where an item's review rounds start; the last round decides."""
    # --- reviews ---
    item_of_review: Shorts
    touch: Ints
    """int64, shape (Q,): working time of the reviewer."""
    review_mend: Bytes
    """int8, shape (Q,): how papers are mended after this round; ONLINE or ANOTHER_TRIP."""
    review_delay: Ints
    hand_in: Shorts
    """int32, shape (Q,): errand of the trip that follows the round; -1 = none."""
    attends: Shorts
    """int32, shape (Q,): first attendance of a joint survey; -1 = one reviewer does it."""
    review_of_attendance: Shorts
    """int32: the survey that a department sends somebody to, in the order of reviews."""

    def __repr__(self) -> str:
        return f"Tape({len(self.arrived_at)} cases, {len(self.purpose)} errands)"


KINDS: Final = Tape(
    **{
        **dict.fromkeys(Tape._fields, np.int32),
        **dict.fromkeys(("assisted", "complete", "online", "missed", "rejected"), np.bool_),
        "no_show": np.bool_,
        "taste": np.uint64,
        **dict.fromkeys(("after_leaving", "purpose", "mend", "review_mend"), np.int8),
        **dict.fromkeys(("habit", "catch", "route", "position"), np.float32),
        **dict.fromkeys(("arrived_at", "patience", "service", "precheck", "reception"), np.int64),
        **dict.fromkeys(("mend_delay", "spot_delay", "return_delay", "review_delay"), np.int64),
        **dict.fromkeys(("external_ticks", "apply_delay", "touch"), np.int64),
        **dict.fromkeys(("wished_at", "booked_for", "issue_ticks"), np.int64),
    }  # type: ignore[arg-type]
)
"""The type of each column."""


def empty_tape() -> Tape:
    """A crowd of nobody, with every column of the type that `draw_tape` gives it.

    Examples
    --------
    >>> empty_tape()
    Tape(0 cases, 0 errands)
    """
    return _tape({name: np.zeros(int(name.endswith("_offsets"))) for name in Tape._fields})


def _tape(columns: dict[str, Any]) -> Tape:
    """Columns as a tape, each of its type."""
    kinds = KINDS._asdict()
    return Tape(**{name: np.ascontiguousarray(columns[name], kinds[name]) for name in kinds})


def draw_tape(demand: Demand, seed: int, replication: int) -> Tape:
    """Draw one crowd.

    Every purpose of every flow is a stream, and every person has an address in it, so a changed
    law, layout or flow leaves everybody else's draws as they were.

    Parameters
    ----------
    demand : Demand
        The crowd's part of a plan.
    seed, replication : int
        Together they name the crowd.

    Examples
    --------
    >>> from sim import compile_demand, example_path, load_scenario
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=1"])
    >>> draw_tape(compile_demand(scenario), seed=1, replication=0)
    Tape(2355 cases, 2355 errands)
    """
    crowd = _Crowd(demand, seed, replication)
    cases = crowd.cases()
    items = crowd.items()
    reviews = crowd.reviews(items)
    collects = crowd.issue(cases)
    errands = crowd.errands(cases["assisted"], items, reviews, collects)
    return _tape({**cases, **items.columns, **reviews.columns, **errands})


class _DrawRows(NamedTuple):
    """People, or pieces of their business, and where their draws are."""

    case: Ints
    """int64, shape (n,)."""
    owner: Ints
    """int64, shape (n,): row of the streams they draw from."""
    where: Uint64s
    """uint64, shape (n,): address inside a stream."""

    def of(self, rows: Any) -> _DrawRows:
        """Some of them."""
        return _DrawRows(self.case[rows], self.owner[rows], self.where[rows])


class _DrawnItems(NamedTuple):
    """Items that cases need, in order of cases."""

    rows: _DrawRows
    columns: dict[str, Any]
    first_visit: Ints
    """int64, shape (cases,): item of the plan that is the first visit of who goes from department
    to department; -1 = all is handed in at once."""


class _Applications(NamedTuple):
    """Intakes, one a case, then visits to further departments, in order of items."""

    rows: _DrawRows
    sought: Ints
    """int64: matter at whose windows each is done."""
    work: Floats
    """float64: ticks of window work; nan = it depends on the case's matter."""
    visits: Ints
    """int64: which items of cases are visits."""


class _Reviews(NamedTuple):
    """Rounds of items, in order of items, and the trips they lead to."""

    columns: dict[str, Any]
    trips: _DrawRows


class _Crowd:
    """Draws the people of all flows at once, in order of arrival.

    Streams belong to owners: first the flows, then each flow's items.
    """

    def __init__(self, demand: Demand, seed: int, replication: int) -> None:
        self.demand = demand
        run = np.array([word(str(seed), str(replication))], dtype=np.uint64)
        flows = keys(run, demand.flow_words)
        n_items = np.diff(demand.item_offsets)[demand.matter_of_flow]
        self.first_owner = len(flows) + np.cumsum(n_items) - n_items
        """int64, shape (F,): owner of a flow's first item."""
        flow, nth = _expand(n_items)
        self.item_of_owner = demand.item_offsets[demand.matter_of_flow[flow]] + nth
        own = keys(flows[flow], demand.item_words[self.item_of_owner])
        streams = keys(np.concatenate([flows, own]), PURPOSE_WORDS[:, None])
        self.streams_of = dict(zip(PURPOSES, streams, strict=True))
        """Purpose -> uint64, shape (owners,)."""
        chosen = np.flatnonzero(demand.item_choice[self.item_of_owner] >= 0)
        # items that exclude each other read the same number of their person, and have parts of it
        choice = demand.choice_words[demand.item_choice[self.item_of_owner[chosen]]]
        self.streams_of["need"][len(flows) + chosen] = keys(flows[flow[chosen]], choice)
        day = keys(run, DAY_FACTOR)
        factors = sample(
            demand.laws, demand.day_factor_law, uniforms(day, address(np.arange(demand.n_days)))
        )
        arrivals = self.streams_of["arrival"]
        arrived = [_arrivals(demand, f, arrivals[f], factors) for f in range(len(flows))]
        sizes = [len(times) for times in arrived]
        self.arrived_at = np.concatenate([np.zeros(0, np.int64), *arrived])
        order = np.argsort(self.arrived_at, kind="stable")
        self.arrived_at = self.arrived_at[order]
        self.flow = np.repeat(np.arange(len(flows)), sizes)[order]
        self.person = np.concatenate([np.zeros(0, np.int64), *map(np.arange, sizes)])[order]
        self.matter = demand.matter_of_flow[self.flow]
        self.people = _DrawRows(np.arange(len(order)), self.flow, address(self.person))
        online = demand.online_share[self.flow]
        self.online = self._below(online, self.people, "channel")
        self._book()
        self.apart = bool((demand.visit_order >= 0).any())
        """Whether anybody may go from department to department."""

    def _book(self) -> None:
        """Who books, and for when; all then come in another order, and keep their addresses."""
        demand, n = self.demand, len(self.flow)
        self.wished_at, self.booked_for = self.arrived_at, np.full(n, -1)
        self.no_show, self.booked_class = np.zeros(n, dtype=np.bool_), np.full(n, -1)
        if not demand.book_share.any():
            return
        book = demand.book_of_matter[self.matter]
        share = np.where(book >= 0, demand.book_share[book], 0.0)
        asks = self._below(share, self.people, "booking") & ~self.online
        self.arrived_at = self.wished_at.copy()
        for b in range(len(demand.book_share)):
            who = np.flatnonzero(asks & (book == b))
            slots = slots_of(demand, b, self.wished_at[who])
            self.arrived_at[who[slots == BEYOND]] = NEVER
            self._keep(b, who[slots >= 0], demand.slot_begins[slots[slots >= 0]])
        order = np.argsort(self.arrived_at, kind="stable")
        for name in (
            *("arrived_at", "wished_at", "booked_for", "no_show", "booked_class"),
            *("flow", "person", "matter", "online"),
        ):
            setattr(self, name, getattr(self, name)[order])
        self.people = _DrawRows(np.arange(n), self.flow, address(self.person))

    def _keep(self, book: int, who: Ints, begins: Ints) -> None:
        """When people come who have an appointment, as whom, or whether at all."""
        demand, rows = self.demand, self.people.of(who)
        comes = np.maximum(begins - demand.book_ahead[book], begins // DAY * DAY)
        comes = comes + self._spans(demand.book_lateness_law[book], rows, "lateness")
        absent = self._below(demand.no_show_share[book], rows, "no_show")
        keeps = ~absent & (comes - begins <= demand.book_grace[book])
        gone = np.flatnonzero(absent)
        comes[gone] = NEVER
        again = gone[self._below(demand.no_show_returns[book], rows.of(gone), "no_show_returns")]
        delay = self._spans(demand.no_show_law[book], rows.of(again), "no_show_delay")
        position = self._uniforms(rows.of(again), "no_show_position")
        comes[again] = another_day(demand, begins[again], delay, position)
        self.arrived_at[who] = np.minimum(comes, NEVER)
        self.booked_for[who], self.no_show[who] = begins, absent
        self.booked_class[who[keeps]] = demand.book_class[book]

    # === draws === #

    def _uniforms(self, rows: _DrawRows, purpose: str) -> Floats:
        return uniforms(self.streams_of[purpose][rows.owner], rows.where)

    def _coarse(self, rows: _DrawRows, purpose: str) -> Singles:
        return coarse_uniforms(self.streams_of[purpose][rows.owner], rows.where)

    def _below(self, share: Any, rows: _DrawRows, purpose: str) -> Bools:
        """Whether each draw is below its share."""
        if not np.any(share):
            return np.zeros(len(rows.case), dtype=np.bool_)
        return np.asarray(self._uniforms(rows, purpose) < share)

    def _values(self, law: Any, rows: _DrawRows, purpose: str) -> Floats:
        """Values by a law, or by one law each."""
        laws = self.demand.laws
        if (laws.codes[law] == CONSTANT).all():
            return np.broadcast_to(laws.parameters[law, 0], len(rows.case))
        return sample(laws, law, self._uniforms(rows, purpose), self.person[rows.case])

    def _spans(self, law: Any, rows: _DrawRows, purpose: str) -> Ints:
        """Ticks by a law, or by one law each; a law of -1 gives 0."""
        laws, n = self.demand.laws, len(rows.case)
        if np.ndim(law) == 0 and law < 0:
            return np.zeros(n, dtype=np.int64)
        if np.ndim(law) == 0 and laws.codes[law] == CONSTANT:
            return np.full(n, to_ticks(laws.parameters[law, 0]))
        return to_ticks(self._values(law, rows, purpose))

    def _choice(self, cumulative: tuple[float, float], rows: _DrawRows, purpose: str) -> Bytes:
        """0, 1 or 2 by cumulative shares."""
        if cumulative[0] >= 1.0:
            return np.zeros(len(rows.case), dtype=np.int8)
        u = self._coarse(rows, purpose)
        return (u >= cumulative[0]).astype(np.int8) + (u >= cumulative[1]).astype(np.int8)

    # === people === #

    def cases(self) -> dict[str, Any]:
        """Columns of cases but for their offsets."""
        demand, people, n = self.demand, self.people, len(self.flow)
        class_ = np.zeros(n, dtype=np.int64)
        bounds = demand.class_shares[:, :-1]
        if bounds.shape[1]:
            u = self._uniforms(people, "class")
            for k in range(bounds.shape[1]):
                class_ += u >= bounds[self.flow, k]
        origin = np.full(n, -1, dtype=np.int64)
        if towns := len(demand.township_shares):
            u = self._uniforms(people, "township")
            origin = np.searchsorted(demand.township_shares, u, side="right")
            origin = np.minimum(origin, towns - 1)
        patient = demand.patience_law < 0
        patience = (
            np.full(n, NEVER) if patient else self._spans(demand.patience_law, people, "patience")
        )
        assisted = self._below(demand.assisted_share[class_], people, "assistance")
        return {
            "arrived_at": self.arrived_at,
            "wished_at": self.wished_at,
            "booked_for": self.booked_for,
            "no_show": self.no_show,
            "matter": self.matter,
            "flow": self.flow,
            "class_": np.where(self.booked_class >= 0, self.booked_class, class_),
            "township": origin,
            "assisted": assisted,
            "taste": self.streams_of["taste"][self.people.owner] + self.people.where,
            "patience": patience,
            "after_leaving": self._choice(demand.unserved_shares, people, "leaving"),
            "habit": self._coarse(people, "habit"),
        }

    def issue(self, cases: dict[str, Any]) -> _DrawRows:
        """How each result reaches its applicant, as further columns; trips to collect them."""
        demand, people, n = self.demand, self.people, len(self.flow)
        ticks, workdays = np.zeros((2, n), dtype=np.int64)
        collects = people.of(np.zeros(0, np.int64))
        if demand.issue_shares.any():
            post, either = demand.issue_shares[self.matter].T
            u = self._uniforms(people, "issue")
            sent = np.flatnonzero(u < post)
            rows, matter = people.of(sent), self.matter[sent]
            ticks[sent] = self._between(demand.mailing_ticks, matter, rows, "mailing")
            workdays[sent] = self._between(demand.mailing_workdays, matter, rows, "mailing")
            collected = np.flatnonzero((post <= u) & (u < either))
            rows = people.of(collected)
            ticks[collected] = self._spans(
                demand.collects_law[self.matter[collected]], rows, "collects"
            )
            further = later(np.full(len(collected), COLLECTS))
            collects = rows._replace(where=rows.where + further)
        cases |= {"issue_ticks": ticks, "issue_workdays": workdays}
        return collects

    # === items === #

    def items(self) -> _DrawnItems:
        """Items that cases need, and their outcome."""
        demand, n_flows = self.demand, len(self.demand.flow_ids)
        low = demand.item_from[self.item_of_owner]
        high = low + demand.item_share[self.item_of_owner]
        sure = (low <= 0.0) & (high >= 1.0)
        needs = self.streams_of["need"][n_flows:]
        count, first = np.diff(demand.item_offsets)[self.matter], self.first_owner[self.flow]
        needed = np.zeros((int(count.max(initial=0)), len(count)), dtype=np.bool_)
        for nth, row in enumerate(needed):
            there = count > nth
            cases = slice(None) if there.all() else np.flatnonzero(there)
            owner = first[cases] + (nth - n_flows)
            has = sure[owner]
            if not has.all():
                u = uniforms(needs[owner], self.people.where[cases])
                has |= (low[owner] <= u) & (u < high[owner])
            row[cases] = has
        first_visit = self._first_visits(needed)
        case, place = divmod(np.flatnonzero(needed.T), max(len(needed), 1))
        rows = _DrawRows(case, first[case] + place, self.people.where[case])
        item = self.item_of_owner[rows.owner - n_flows]
        ticks, workdays = demand.external_ticks, demand.external_workdays
        return _DrawnItems(
            rows,
            {
                "case_of_item": case,
                "item": item,
                "item_offsets": _offsets(np.bincount(case, minlength=len(count))),
                "rejected": self._below(demand.item_rejection_share[item], rows, "rejection"),
                "external_ticks": self._between(ticks, item, rows, "external"),
                "external_workdays": self._between(workdays, item, rows, "external"),
                "apply_delay": self._apply_delays(item, rows),
            },
            first_visit,
        )

    def _first_visits(self, needed: Bools) -> Ints:
        """Who goes from department to department: the first visit, which hands the case in.

        `needed`, shape (items at most, cases), learns which further visits there are. In place.
        """
        demand, first_visit = self.demand, np.full(needed.shape[1], -1)
        for matter in np.unique(self.matter) if self.apart else ():
            span = slice(*demand.item_offsets[matter : matter + 2])
            order = demand.visit_order[span]
            visits = np.argsort(order)[np.count_nonzero(order < 0) :]
            if not len(visits):
                continue
            cases = np.flatnonzero(self.matter == matter)
            for visit in visits + span.start:
                items = np.flatnonzero(demand.visit_of_item[span] == visit)
                has = needed[np.ix_(items, cases)].any(axis=0)
                further = first_visit[cases] >= 0
                needed[visit - span.start, cases] = has & further
                first_visit[cases[has & ~further]] = visit
        return first_visit

    def _apply_delays(self, item: Ints, rows: _DrawRows) -> Ints:
        """Ticks before each further visit; 0 for what is none."""
        found = np.zeros(len(item), dtype=np.int64)
        if self.apart:
            visits = np.flatnonzero(self.demand.visit_order[item] >= 0)
            law = self.demand.between_law[self.matter[rows.case[visits]]]
            found[visits] = self._spans(law, rows.of(visits), "between")
        return found

    def _between(self, bounds: Ints, of: Ints, rows: _DrawRows, purpose: str) -> Ints:
        """Whole numbers from the lowest to the highest of an item or matter, all alike likely."""
        low, width = bounds[:, 0], bounds[:, 1] - bounds[:, 0]
        found, width = low[of], width[of]
        wide = np.flatnonzero(width)
        if len(wide):
            u = self._uniforms(rows.of(wide), purpose)
            found[wide] += (u * (width[wide] + 1)).astype(np.int64)
        return found

    def reviews(self, items: _DrawnItems) -> _Reviews:
        """Rounds of each item, the last of which decides, and trips to hand papers in between."""
        demand, item = self.demand, items.columns["item"]
        failed = self._rounds(demand.item_correction_share[item], items.rows, "review_correction")
        j, nth = _expand(failed + 1)
        rows = items.rows
        if failed.any():
            rows = rows.of(j)._replace(where=rows.where[j] + later(nth))
        touch = self._spans(demand.review_law[item[j]], rows, "review")
        again = nth > 0
        touch[again] = to_ticks(touch[again].astype(np.float64) * demand.review_again)
        asks = np.flatnonzero(nth < failed[j])
        asked = rows.of(asks)
        delay = np.zeros(len(j), dtype=np.int64)
        delay[asks] = self._spans(demand.mend_law, asked, "review_delay")
        # nobody is in the hall when a reviewer asks: shares among those who mend elsewhere
        away = 1.0 - demand.mend_shares[0]
        share_online = (demand.mend_shares[1] - demand.mend_shares[0]) / away if away > 0 else 0.0
        by_net = self.online[asked.case] | self._below(share_online, asked, "review_mend")
        mend = np.full(len(j), ONLINE, dtype=np.int8)
        trips = asks[~by_net]
        mend[trips] = ANOTHER_TRIP
        return _Reviews(
            {
                "item_of_review": j,
                "review_offsets": _offsets(failed + 1),
                "touch": touch,
                "review_mend": mend,
                "review_delay": delay,
                **self._surveys(item[j], nth, touch),
            },
            rows.of(trips),
        )

    def _surveys(self, item: Ints, nth: Ints, touch: Ints) -> dict[str, Any]:
        """Which rounds are joint surveys, and who attends: an item's first, if it takes time."""
        counts = np.where((nth == 0) & (touch > 0), self.demand.attendances[item], 0)
        first = np.cumsum(counts) - counts
        return {
            "attends": np.where(counts > 0, first, -1),
            "review_of_attendance": np.repeat(np.arange(len(counts)), counts),
        }

    def _rounds(self, share: Floats, rows: _DrawRows, purpose: str) -> Ints:
        """Failures before the first success, at most so many."""
        failed = np.zeros(len(share), dtype=np.int64)
        some = np.flatnonzero(share > 0)
        if len(some):
            u = self._uniforms(rows.of(some), purpose)
            failed[some] = rounds(share[some], self.demand.rounds_at_most, u)
        return failed

    # === errands === #

    def errands(
        self, assisted: Bools, items: _DrawnItems, reviews: _Reviews, collects: _DrawRows
    ) -> dict[str, Any]:
        """Intakes and applications until the papers are complete, trips to hand papers in, and
        trips to collect results."""
        demand = self.demand
        applied = self._applications(items)
        share = demand.correction_share[self.matter[applied.rows.case]]
        failed = self._rounds(share, applied.rows, "correction")
        of, nth = _expand(failed + 1)
        rows = applied.rows.of(of)
        rows = rows._replace(where=rows.where + later(nth))
        online, mend = self._mends(of, nth, rows, nth < failed[of])
        columns = {
            "purpose": np.where(of < len(self.flow), INTAKE, APPLY),
            "sought": applied.sought[of],
            "complete": nth == failed[of],
            "online": online,
            "mend": mend,
            "of": of,
        }
        rows, columns = self._with_trips(rows, columns, items, reviews, collects)
        incomplete = np.flatnonzero(~columns["complete"])
        mend_delay, spot_delay = np.zeros((2, len(rows.case)), dtype=np.int64)
        mend_delay[incomplete] = self._spans(demand.mend_law, rows.of(incomplete), "mend_delay")
        spot = incomplete[columns["mend"][incomplete] == ON_THE_SPOT]
        spot_delay[spot] = self._spans(demand.spot_law, rows.of(spot), "spot")
        purpose, of = columns["purpose"], columns.pop("of")
        hand_in = np.full(len(reviews.columns["touch"]), -1)
        hand_in[reviews.columns["review_mend"] == ANOTHER_TRIP] = np.flatnonzero(purpose == HAND_IN)
        collection = np.full(len(self.flow), -1)
        collection[collects.case] = np.flatnonzero(purpose == COLLECT)
        application = np.full(len(items.columns["item"]), -1)
        if len(applied.visits):
            begins = np.flatnonzero(np.diff(of, prepend=-1) != 0)
            application[applied.visits] = begins[purpose[begins] == APPLY]
        return {
            "errand_offsets": _offsets(np.bincount(rows.case, minlength=len(self.flow))),
            "case_of_errand": rows.case,
            **columns,
            "service": self._service(rows, columns, applied.work[np.maximum(of, 0)], assisted),
            "precheck": self._prechecks(rows, purpose),
            "reception": self._spans(demand.reception_law, rows, "reception"),
            "catch": self._coarse(rows, "catch"),
            "route": self._coarse(rows, "route"),
            "missed": self._below(demand.missed_share, rows, "missed"),
            "mend_delay": mend_delay,
            "spot_delay": spot_delay,
            "return_delay": self._spans(demand.return_law, rows, "return"),
            "position": self._coarse(rows, "position"),
            "hand_in": hand_in,
            "collection": collection,
            "application": application,
        }

    def _applications(self, items: _DrawnItems) -> _Applications:
        """Intakes of all cases, then further visits of those who go from department to department.

        The window work of a visit is that of all items it is for; that of who hands everything in
        at once depends on the matter, and is drawn anew at each try.
        """
        demand, item, n = self.demand, items.columns["item"], len(self.flow)
        if not self.apart:
            return _Applications(
                self.people, self.matter, np.full(n, np.nan), np.zeros(0, np.int64)
            )
        visits = np.flatnonzero(demand.visit_order[item] >= 0)
        first = np.maximum(items.first_visit, 0)
        separate = items.first_visit >= 0
        sought = np.where(separate, demand.sought_of_item[first], self.matter)
        own = np.flatnonzero(demand.visit_of_item[item] >= 0)
        rows, what = items.rows.of(own), item[own]
        values = self._values(demand.own_base_law[what], rows, "own_service")
        values = values + demand.own_fixed[what]
        values *= self._values(demand.own_individual_law[what], rows, "own_individual")
        with_case = demand.visit_of_item[what] == items.first_visit[rows.case]
        intake = np.where(separate, 0.0, np.nan)
        np.add.at(intake, rows.case[with_case], values[with_case])
        n_items = len(demand.visit_order)
        key = items.rows.case * n_items + item
        of_visit = rows.case * n_items + demand.visit_of_item[what]
        further = np.zeros(len(item))
        np.add.at(further, np.searchsorted(key, of_visit[~with_case]), values[~with_case])
        both = (
            np.concatenate(pair) for pair in zip(self.people, items.rows.of(visits), strict=True)
        )
        return _Applications(
            _DrawRows(*both),
            np.concatenate([sought, demand.sought_of_item[item[visits]]]),
            np.concatenate([intake, further[visits]]),
            visits,
        )

    def _with_trips(
        self,
        rows: _DrawRows,
        columns: dict[str, Any],
        items: _DrawnItems,
        reviews: _Reviews,
        collects: _DrawRows,
    ) -> tuple[_DrawRows, dict[str, Any]]:
        """Put visits and trips to hand papers in behind the intakes of their cases, and those to
        collect results behind them all."""
        trips = _DrawRows(
            *(np.concatenate(pair) for pair in zip(reviews.trips, collects, strict=True))
        )
        n, n_asked = len(trips.case), len(reviews.trips.case)
        if n == 0 and len(columns["of"]) and columns["of"][-1] < len(self.flow):
            return rows, columns
        asked = reviews.columns["item_of_review"][reviews.columns["review_mend"] == ANOTHER_TRIP]
        own = self.demand.sought_of_item[items.columns["item"][asked]]
        sought = self.demand.collected_at[self.matter[trips.case]]
        sought[:n_asked] = np.where(own >= 0, own, self.matter[trips.case[:n_asked]])
        more = {
            "purpose": np.repeat([HAND_IN, COLLECT], [n_asked, n - n_asked]),
            "sought": sought,
            "complete": np.ones(n, dtype=np.bool_),
            "online": np.zeros(n, dtype=np.bool_),
            "mend": np.zeros(n, dtype=np.int8),
            "of": -2 - np.arange(n),
        }
        case = np.concatenate([rows.case, trips.case])
        order = np.argsort(case, kind="stable")
        both = (np.concatenate(pair)[order] for pair in zip(rows, trips, strict=True))
        joined = {
            name: np.concatenate([values, more[name]])[order] for name, values in columns.items()
        }
        return _DrawRows(*both), joined

    def _mends(self, of: Ints, nth: Ints, rows: _DrawRows, fails: Bools) -> tuple[Bools, Bytes]:
        """Whether each errand is done online, and how its papers are mended if incomplete.

        Who applies online, or mended online once, does all that follows of it online.
        """
        incomplete = np.flatnonzero(fails)
        mend = np.zeros(len(of), dtype=np.int8)
        mend[incomplete] = self._choice(self.demand.mend_shares, rows.of(incomplete), "mend")
        online = self.online[rows.case]
        by_net = incomplete[mend[incomplete] == ONLINE]
        if len(by_net):
            first = np.full(int(of[-1]) + 1, np.iinfo(np.int64).max)
            np.minimum.at(first, of[by_net], nth[by_net] + 1)
            online |= nth >= first[of]
        mend[online] = ONLINE
        return online, mend

    def _service(
        self, rows: _DrawRows, columns: dict[str, Any], own: Floats, assisted: Bools
    ) -> Ints:
        """Ticks of window work: base + papers + fields, times personal and assistance factor."""
        demand, matter, complete = self.demand, self.matter[rows.case], columns["complete"]
        work = self._values(demand.base_law[matter], rows, "service")
        work = work + demand.fixed_service[matter]
        work *= self._values(demand.individual_law[matter], rows, "individual")
        if self.apart:
            alone = np.flatnonzero(~np.isnan(own))
            work[alone] = own[alone]
        if not complete.all():
            work[~complete] *= demand.sent_back_share
        if assisted.any():
            work[assisted[rows.case]] *= demand.assistance_factor
        ticks = to_ticks(work)
        handing = np.flatnonzero(columns["purpose"] == HAND_IN)
        ticks[handing] = self._spans(demand.hand_in_law, rows.of(handing), "hand_in")
        collecting = np.flatnonzero(columns["purpose"] == COLLECT)
        if len(collecting):
            law = demand.collection_law[matter[collecting]]
            ticks[collecting] = self._spans(law, rows.of(collecting), "collection")
        return ticks

    def _prechecks(self, rows: _DrawRows, purpose: Ints) -> Ints:
        """Ticks of each errand's check online; a result needs none."""
        ticks = self._spans(self.demand.precheck_law, rows, "precheck")
        ticks[purpose == COLLECT] = 0
        return ticks


def _arrivals(demand: Demand, flow: int, stream: np.uint64, factors: Floats) -> Ints:
    """Arrival instants of one flow: inversion of its cumulative rate, or the given instants."""
    first, last = demand.given_offsets[flow], demand.given_offsets[flow + 1]
    if last > first:
        return demand.given_times[first:last]
    cumulative = np.concatenate([[0.0], np.cumsum(demand.cases_of_day[flow] * factors)])
    total = float(cumulative[-1])
    # as many as will do, nearly always; a busier crowd begins like a quieter one
    n = int(total + 6.0 * math.sqrt(total)) + 32
    unit = np.zeros(1)
    while unit[-1] < total:
        unit = np.cumsum(-np.log1p(-uniforms(stream, address(np.arange(n)))))
        n *= 2
    edges = np.searchsorted(unit, cumulative)
    sizes = np.diff(edges)
    day = np.repeat(np.arange(demand.n_days), sizes)
    share = (unit[: edges[-1]] - cumulative[day]) / np.diff(cumulative)[day]
    return day * DAY + _clock_of_share(demand, demand.profile_of_day[flow], day, share)


def _clock_of_share(demand: Demand, profile_of_day: Ints, day: Ints, shares: Floats) -> Ints:
    """Ticks after midnight at which a share of the day's cases has come."""
    times = np.zeros(len(shares), dtype=np.int64)
    profiles = np.unique(profile_of_day[profile_of_day >= 0])
    for profile in profiles:
        knots = slice(demand.profile_offsets[profile], demand.profile_offsets[profile + 1])
        chosen = slice(None) if len(profiles) == 1 else profile_of_day[day] == profile
        exact = np.interp(shares[chosen], demand.knot_shares[knots], demand.knot_times[knots])
        times[chosen] = exact.astype(np.int64)
    return times


def _expand(counts: Ints) -> tuple[Ints, Ints]:
    """One row a count: whose it is, and the how-many-eth.

    Examples
    --------
    >>> [column.tolist() for column in _expand(np.array([2, 0, 1]))]
    [[0, 0, 2], [0, 1, 0]]
    """
    if (counts == 1).all():
        return np.arange(len(counts)), np.zeros(len(counts), dtype=np.int64)
    owner = np.repeat(np.arange(len(counts)), counts)
    nth = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    return owner, nth


def _offsets(counts: Ints) -> Ints:
    return np.concatenate([[0], np.cumsum(counts)])


def to_ticks(values: Floats) -> Ints:
    """Round to whole ticks; what is beyond all runs becomes NEVER."""
    return np.minimum(np.rint(values), float(NEVER)).astype(np.int64)


def rounds(share: Floats | float, at_most: int, uniforms: Floats) -> Ints:
    """Failures before the first success, at most so many: geometric by inversion.

    Examples
    --------
    >>> rounds(0.5, 3, np.array([0.9, 0.4, 0.2, 0.01]))
    array([0, 1, 2, 3])
    """
    failed = np.zeros(len(uniforms), dtype=np.int64)
    power = share
    for _ in range(at_most):
        fails = uniforms < power
        failed += fails
        if not fails.any():
            break
        power = power * share
    return failed
