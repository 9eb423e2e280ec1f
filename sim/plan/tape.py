"""The tape: everything random of one replication, drawn before anything moves (DESIGN §2).

A tape is the crowd. It is drawn from the demand alone, so the same tape object serves every layout.
Letters: `C` cases (in order of arrival), `E` errands, `J` items of cases, `Q` reviews.
An errand is one piece of window (or online) business: an intake, complete or not, or handing in
mended papers. A review is one round of one item.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.clock import DAY, NEVER
from sim.plan.lawbook import sample
from sim.plan.plan import Demand
from sim.plan.streams import stream, streams

Bools = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.int8]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

INTAKE: Final = 0
HAND_IN: Final = 1
ON_THE_SPOT: Final = 0
ONLINE: Final = 1
ANOTHER_TRIP: Final = 2
RETURNS: Final = 0
GOES_ONLINE: Final = 1
IS_LOST: Final = 2


class Tape(NamedTuple):
    """One crowd. All instants and spans are int64 ticks."""

    # --- cases ---
    arrived_at: Ints
    """int64, shape (C,), sorted: when the applicant first comes or applies."""
    matter: Ints
    flow: Ints
    class_: Ints
    township: Ints
    """int64, shape (C,): -1 = origin unknown."""
    assisted: Bools
    patience: Ints
    """int64, shape (C,): wait after which a ticket is given up."""
    after_leaving: Bytes
    """int8, shape (C,): RETURNS, GOES_ONLINE or IS_LOST when not served."""
    habit: Floats
    """float64, shape (C,): uniform that names the list a person always chooses."""
    errand_offsets: Ints
    """int64, shape (C + 1,): where a case's errands start; intakes come first."""
    item_offsets: Ints
    """int64, shape (C + 1,): where a case's items start."""
    # --- errands ---
    case_of_errand: Ints
    purpose: Bytes
    """int8, shape (E,): INTAKE or HAND_IN."""
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
    catch: Floats
    """float64, shape (E,): the desk finds incomplete papers when this is below its share."""
    route: Floats
    """float64, shape (E,): uniform that names the list under fixed shares."""
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
    position: Floats
    """float64, shape (E,): where in the day's ticket hours a further trip falls, 0 to 1."""
    # --- items of cases ---
    item: Ints
    """int64, shape (J,): number of the item in the plan."""
    rejected: Bools
    external_ticks: Ints
    external_workdays: Ints
    review_offsets: Ints
    """int64, shape (J + 1,): where an item's review rounds start; the last round decides."""
    # --- reviews ---
    touch: Ints
    """int64, shape (Q,): working time of the reviewer."""
    review_mend: Bytes
    """int8, shape (Q,): how papers are mended after this round; ONLINE or ANOTHER_TRIP."""
    review_delay: Ints
    hand_in: Ints
    """int64, shape (Q,): errand of the trip that follows the round; -1 = none."""

    def __repr__(self) -> str:
        return f"Tape({len(self.arrived_at)} cases, {len(self.purpose)} errands)"


Columns: TypeAlias = dict[str, Any]
"""Named arrays of equal shape; `has` says which entries exist."""


def empty_tape() -> Tape:
    """A crowd of nobody, with every column of the type that `draw_tape` gives it.

    Examples
    --------
    >>> empty_tape()
    Tape(0 cases, 0 errands)
    """
    kinds: dict[str, type[np.generic]] = {
        **dict.fromkeys(("assisted", "complete", "online", "missed", "rejected"), np.bool_),
        **dict.fromkeys(("after_leaving", "purpose", "mend", "review_mend"), np.int8),
        **dict.fromkeys(("habit", "catch", "route", "position"), np.float64),
    }
    columns: Columns = {
        name: np.zeros(int(name.endswith("_offsets")), dtype=kinds.get(name, np.int64))
        for name in Tape._fields
    }
    return Tape(**columns)


class Crowd(NamedTuple):
    """The people of one flow, before flows are merged."""

    cases: Columns
    """Shape (n,)."""
    errands: Columns
    """Shape (n, errands at most)."""
    items: Columns
    """Shape (n, items)."""
    reviews: Columns
    """Shape (n, items, rounds at most)."""


def draw_tape(demand: Demand, seed: int, replication: int) -> Tape:
    """Draw one crowd.

    Every purpose of every flow has its own streams, and a person's draws stand in one row of them,
    so a changed law, layout or flow leaves everybody else's draws as they were.

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
    Tape(2272 cases, 2272 errands)
    """
    factors = _day_factors(demand, seed, replication)
    flows = [
        _FlowDraw(demand, flow, seed, replication, factors) for flow in range(len(demand.flow_ids))
    ]
    return merge([flow.crowd() for flow in flows])


def _day_factors(demand: Demand, seed: int, replication: int) -> Floats:
    uniforms = stream(seed, replication, "day_factor").random(demand.n_days)
    return sample(demand.laws, demand.day_factor_law, uniforms)


def _arrivals(demand: Demand, flow: int, rng: np.random.Generator, factors: Floats) -> Ints:
    """Arrival instants of one flow: inversion of its cumulative rate, or the given instants."""
    first, last = demand.given_offsets[flow], demand.given_offsets[flow + 1]
    if last > first:
        return demand.given_times[first:last]
    cumulative = np.concatenate([[0.0], np.cumsum(demand.cases_of_day[flow] * factors)])
    total = cumulative[-1]
    unit = np.empty(0)
    # in blocks whose size depends on no rate, so that a busier crowd begins like a quieter one
    while unit.size == 0 or unit[-1] < total:
        start = unit[-1] if unit.size else 0.0
        unit = np.concatenate([unit, start + np.cumsum(-np.log1p(-rng.random(4096)))])
    unit = unit[unit < total]
    day = np.searchsorted(cumulative, unit, side="right") - 1
    share = (unit - cumulative[day]) / (cumulative[day + 1] - cumulative[day])
    profiles: Ints = demand.profile_of_day[flow][day]
    return np.asarray(day * DAY + _clock_of_share(demand, profiles, share))


def _clock_of_share(demand: Demand, profiles: Ints, shares: Floats) -> Ints:
    """Ticks after midnight at which a share of the day's cases has come."""
    times = np.zeros(len(shares), dtype=np.int64)
    for profile in np.unique(profiles):
        knots = slice(demand.profile_offsets[profile], demand.profile_offsets[profile + 1])
        chosen = profiles == profile
        exact = np.interp(shares[chosen], demand.knot_shares[knots], demand.knot_times[knots])
        times[chosen] = exact.astype(np.int64)
    return times


class _FlowDraw:
    """Draws the people of one flow; each purpose is one stream, each person one row of it."""

    def __init__(
        self, demand: Demand, flow: int, seed: int, replication: int, factors: Floats
    ) -> None:
        self.demand, self.flow = demand, flow
        self.matter = int(demand.matter_of_flow[flow])
        self._name = (seed, replication, demand.flow_ids[flow])
        self.arrived_at = _arrivals(demand, flow, self._rng("arrival"), factors)
        self.n = len(self.arrived_at)

    def _rng(self, *purpose: str) -> np.random.Generator:
        seed, replication, flow = self._name
        return stream(seed, replication, flow, *purpose)

    def _uniforms(self, width: int, *purpose: str) -> Floats:
        """Uniforms, shape (n, width); no column depends on the width."""
        uniforms = np.empty((self.n, width))
        for column, rng in enumerate(streams(width, *self._name, *purpose)):
            uniforms[:, column] = rng.random(self.n)
        return uniforms

    def _spans(self, law: int, mask: Bools, *purpose: str) -> Ints:
        """Ticks by a law where `mask` is true, 0 elsewhere; shape of `mask`."""
        ticks = np.zeros(mask.shape, dtype=np.int64)
        if law >= 0 and mask.any():
            uniforms = self._uniforms(mask.shape[1], *purpose)
            rows = np.broadcast_to(np.arange(self.n)[:, None], mask.shape)
            ticks[mask] = to_ticks(sample(self.demand.laws, law, uniforms[mask], rows[mask]))
        return ticks

    def _choice(self, cumulative: tuple[float, float], width: int, *purpose: str) -> Bytes:
        """0, 1 or 2 by cumulative shares; shape (n, width)."""
        if cumulative[0] >= 1.0:
            return np.zeros((self.n, width), dtype=np.int8)
        uniforms = self._uniforms(width, *purpose)
        return np.searchsorted(np.array(cumulative), uniforms, side="right").astype(np.int8)

    def _below(self, share: float, width: int, *purpose: str) -> Bools:
        if share <= 0.0:
            return np.zeros((self.n, width), dtype=np.bool_)
        return self._uniforms(width, *purpose) < share

    def crowd(self) -> Crowd:
        """All people of the flow."""
        cases, items = self._cases(), self._items()
        online = self._below(float(self.demand.online_share[self.flow]), 1, "channel")
        reviews, trips = self._reviews(items["has"], online)
        errands = self._errands(cases["assisted"], online, trips)
        return Crowd(cases, errands, items, reviews)

    def _cases(self) -> Columns:
        demand, n = self.demand, self.n
        shares = demand.class_shares[self.flow]
        class_ = np.zeros(n, dtype=np.int64)
        if len(shares) > 1:
            class_ = np.searchsorted(shares, self._rng("class").random(n), side="right")
            class_ = np.minimum(class_, len(shares) - 1)
        towns = demand.township_shares
        origin = np.full(n, -1, dtype=np.int64)
        if len(towns):
            origin = np.searchsorted(towns, self._rng("township").random(n), side="right")
        everybody = np.ones((n, 1), dtype=np.bool_)
        patience = self._spans(demand.patience_law, everybody, "patience")[:, 0]
        needs_help = demand.assisted_share[class_]
        assisted = np.zeros(n, dtype=np.bool_)
        if needs_help.any():
            assisted = self._rng("assistance").random(n) < needs_help
        return {
            "arrived_at": self.arrived_at,
            "matter": np.full(n, self.matter),
            "flow": np.full(n, self.flow),
            "class_": class_,
            "township": np.minimum(origin, len(towns) - 1),
            "assisted": assisted,
            "patience": patience if demand.patience_law >= 0 else np.full(n, NEVER),
            "after_leaving": self._choice(demand.unserved_shares, 1, "leaving")[:, 0],
            "habit": self._rng("habit").random(n),
        }

    def _items(self) -> Columns:
        """Items each person needs: `has`, shape (n, items of the matter), and their outcome."""
        demand, n = self.demand, self.n
        first, last = demand.item_offsets[self.matter : self.matter + 2]
        shape = (n, int(last - first))
        has = np.zeros(shape, dtype=np.bool_)
        drawn: dict[int, Floats] = {}
        taken: dict[int, float] = {}
        rejected = np.zeros(shape, dtype=np.bool_)
        external = np.zeros((2, *shape), dtype=np.int64)
        for i, item in enumerate(range(int(first), int(last))):
            name, share = demand.item_ids[item], float(demand.item_share[item])
            choice = int(demand.item_choice[item])
            if choice >= 0:
                if choice not in drawn:
                    drawn[choice] = self._rng("choice", demand.choice_ids[choice]).random(n)
                low = taken.get(choice, 0.0)
                taken[choice] = low + share
                has[:, i] = (low <= drawn[choice]) & (drawn[choice] < low + share)
            elif share >= 1.0:
                has[:, i] = True
            else:
                has[:, i] = self._rng("need", name).random(n) < share
            share = float(demand.item_rejection_share[item])
            rejected[:, i] = self._below(share, 1, "rejection", name)[:, 0]
            for k, bounds in enumerate((demand.external_ticks, demand.external_workdays)):
                low_, high = (int(x) for x in bounds[item])
                external[k, :, i] = low_
                if high > low_:
                    u = self._rng("external", name).random(n)
                    external[k, :, i] += (u * (high - low_ + 1)).astype(np.int64)
        return {
            "has": has,
            "item": np.broadcast_to(np.arange(first, last), shape),
            "rejected": rejected,
            "external_ticks": external[0],
            "external_workdays": external[1],
        }

    @property
    def _n_intakes(self) -> int:
        """Intakes a person may need at most."""
        share = self.demand.correction_share[self.matter]
        return self.demand.rounds_at_most + 1 if share > 0 else 1

    def _errands(self, assisted: Bools, applies_online: Bools, trips: Bools) -> Columns:
        """Intakes until the papers are complete, then trips to hand in what reviewers ask for."""
        demand, n, at_most = self.demand, self.n, self.demand.rounds_at_most
        share, width = float(demand.correction_share[self.matter]), self._n_intakes
        n_failed = np.zeros((n, 1), dtype=np.int64)
        if share > 0:
            n_failed[:, 0] = rounds(share, at_most, self._rng("correction").random(n))
        column = np.arange(width)
        has_intake, complete, failed = column <= n_failed, column == n_failed, column < n_failed
        mend = self._choice(demand.mend_shares, width, "mend")
        mend = np.where(applies_online, np.int8(ONLINE), mend)
        went_online = np.cumsum(mend == ONLINE, axis=1) > 0
        online = applies_online | np.hstack([np.zeros((n, 1), np.bool_), went_online[:, :-1]])
        mend = np.where(online, np.int8(ONLINE), mend)
        has = np.hstack([has_intake, trips])
        purpose = np.hstack(
            [np.full(has_intake.shape, INTAKE, np.int8), np.full(trips.shape, HAND_IN, np.int8)]
        )
        intake_work = self._window_work(has_intake, complete, assisted)
        hand_in_work = self._spans(demand.hand_in_law, trips, "hand_in")
        all_ = has.shape[1]
        at_home = self._spans(demand.mend_law, failed, "mend_delay")
        on_the_spot = self._spans(demand.spot_law, failed & (mend == ON_THE_SPOT), "spot")
        no_trips = np.zeros(trips.shape, dtype=np.int64)
        return {
            "has": has,
            "purpose": purpose,
            "complete": np.hstack([complete, trips]),
            "online": np.hstack([online, no_trips.astype(np.bool_)]),
            "service": np.hstack([intake_work, hand_in_work]),
            "precheck": self._spans(demand.precheck_law, has, "precheck"),
            "reception": self._spans(demand.reception_law, has, "reception"),
            "catch": self._uniforms(all_, "catch") if share > 0 else np.ones(has.shape),
            "route": self._uniforms(all_, "route"),
            "missed": self._below(demand.missed_share, all_, "missed"),
            "mend": np.hstack([mend, no_trips.astype(np.int8)]),
            "mend_delay": np.hstack([at_home, no_trips]),
            "spot_delay": np.hstack([on_the_spot, no_trips]),
            "return_delay": self._spans(demand.return_law, has, "return"),
            "position": self._uniforms(all_, "position"),
        }

    def _window_work(self, has: Bools, complete: Bools, assisted: Bools) -> Ints:
        """Ticks of window work: base + papers + fields, times personal and assistance factor."""
        demand, laws = self.demand, self.demand.laws
        rows = np.broadcast_to(np.arange(self.n)[:, None], has.shape)
        base = sample(
            laws,
            int(demand.base_law[self.matter]),
            self._uniforms(has.shape[1], "service")[has],
            rows[has],
        )
        individual = sample(
            laws,
            int(demand.individual_law[self.matter]),
            self._uniforms(has.shape[1], "individual")[has],
            rows[has],
        )
        found_early = np.where(complete[has], 1.0, demand.sent_back_share)
        work = (base + demand.fixed_service[self.matter]) * individual * found_early
        ticks = np.zeros(has.shape, dtype=np.int64)
        helped = np.where(assisted, demand.assistance_factor, 1.0)
        ticks[has] = to_ticks(work * helped[rows[has]])
        return ticks

    def _reviews(self, needed: Bools, applies_online: Bools) -> tuple[Columns, Bools]:
        """Rounds of each review, and which of them lead to a trip to hand papers in.

        Returns
        -------
        reviews : columns of shape (n, items, rounds)
            `hand_in` holds the column of the trip in the person's errands, -1 for none.
        trips : ndarray(bool), shape (n, items * (rounds - 1))
        """
        demand, n = self.demand, self.n
        first, last = (int(x) for x in demand.item_offsets[self.matter : self.matter + 2])
        shares = demand.item_correction_share[first:last]
        width = demand.rounds_at_most + 1 if shares.any() else 1
        shape = (n, last - first, width)
        has_round = np.zeros(shape, dtype=np.bool_)
        touch, delay = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        mend = np.full(shape, ONLINE, dtype=np.int8)
        # nobody is in the hall when a reviewer asks: shares among those who mend elsewhere
        share_online = demand.mend_shares[1] - demand.mend_shares[0]
        away = 1.0 - demand.mend_shares[0]
        share_online = share_online / away if away > 0 else 0.0
        for i, item in enumerate(range(first, last)):
            name, share = demand.item_ids[item], float(shares[i])
            failed = np.zeros(n, dtype=np.int64)
            if share > 0:
                u = self._rng("review_correction", name).random(n)
                failed = rounds(share, demand.rounds_at_most, u)
            has_round[:, i] = needed[:, i, None] & (np.arange(width) <= failed[:, None])
            touch[:, i] = self._spans(int(demand.review_law[item]), has_round[:, i], "review", name)
            again = touch[:, i, 1:].astype(np.float64) * demand.review_again
            touch[:, i, 1:] = to_ticks(again)
            if share > 0:
                asks = has_round[:, i] & (np.arange(width) < failed[:, None])
                delay[:, i] = self._spans(demand.mend_law, asks, "review_delay", name)
                by_net = applies_online | self._below(share_online, width, "review_mend", name)
                mend[:, i] = np.where(asks & ~by_net, np.int8(ANOTHER_TRIP), np.int8(ONLINE))
        trips = (mend == ANOTHER_TRIP)[:, :, : width - 1].reshape(n, (last - first) * (width - 1))
        columns = self._n_intakes + np.arange(trips.shape[1]).reshape(last - first, width - 1)
        hand_in = np.full(shape, -1, dtype=np.int64)
        hand_in[:, :, : width - 1] = np.where(mend[:, :, : width - 1] == ANOTHER_TRIP, columns, -1)
        return {
            "has": has_round,
            "touch": touch,
            "review_mend": mend,
            "review_delay": delay,
            "hand_in": hand_in,
        }, trips


def to_ticks(values: Floats) -> Ints:
    """Round to whole ticks; what is beyond all runs becomes NEVER."""
    return np.minimum(np.rint(values), float(NEVER)).astype(np.int64)


def rounds(share: float, at_most: int, uniforms: Floats) -> Ints:
    """Failures before the first success, at most so many: geometric by inversion.

    Examples
    --------
    >>> rounds(0.5, 3, np.array([0.9, 0.4, 0.2, 0.01]))
    array([0, 1, 2, 3])
    """
    powers = share ** np.arange(1, at_most + 1)
    return np.asarray((uniforms[:, None] < powers).sum(axis=1))


def merge(crowds: list[Crowd]) -> Tape:
    """Put the crowds of all flows into one order of arrival; ties keep the flows' order."""
    arrived_at = np.concatenate([crowd.cases["arrived_at"] for crowd in crowds])
    order = np.argsort(arrived_at, kind="stable")
    cases = {
        name: np.concatenate([crowd.cases[name] for crowd in crowds])[order]
        for name in crowds[0].cases
    }
    errands, errand_offsets = _ragged([crowd.errands for crowd in crowds], order)
    items, item_offsets = _ragged([crowd.items for crowd in crowds], order)
    by_case, case_reviews = _ragged([_flat_reviews(crowd) for crowd in crowds], order)
    n_rounds = np.concatenate(
        [crowd.reviews["has"].sum(axis=2)[crowd.items["has"]] for crowd in crowds]
    )
    rounds_of, _ = _reorder(
        n_rounds, np.concatenate([c.items["has"].sum(axis=1) for c in crowds]), order
    )
    case_of_errand = np.repeat(np.arange(len(order)), np.diff(errand_offsets))
    case_of_review = np.repeat(np.arange(len(order)), np.diff(case_reviews))
    trip = by_case.pop("hand_in")
    hand_in = np.where(trip >= 0, errand_offsets[case_of_review] + trip, -1)
    return Tape(
        **cases,
        errand_offsets=errand_offsets,
        item_offsets=item_offsets,
        case_of_errand=case_of_errand,
        **errands,
        **items,
        review_offsets=np.concatenate([[0], np.cumsum(rounds_of)]).astype(np.int64),
        hand_in=hand_in,
        **by_case,
    )


def _flat_reviews(crowd: Crowd) -> Columns:
    """Rounds in one row a case; a trip's column becomes its rank among the case's errands."""
    n = len(crowd.cases["arrived_at"])
    rank = np.cumsum(crowd.errands["has"], axis=1) - 1
    flat = {
        name: values.reshape(n, int(np.prod(values.shape[1:])))
        for name, values in crowd.reviews.items()
    }
    trip = flat["hand_in"]
    ranks = np.take_along_axis(rank, np.maximum(trip, 0), axis=1) if trip.size else trip
    return {**flat, "hand_in": np.where(trip >= 0, ranks, -1)}


def _ragged(parts: list[Columns], order: Ints) -> tuple[dict[str, Any], Ints]:
    """Rows of several flows, what each has, one after the other in the merged order."""
    counts = np.concatenate([part["has"].sum(axis=1) for part in parts])
    merged: dict[str, Any] = {}
    offsets = np.zeros(1, dtype=np.int64)
    for name in parts[0]:
        if name != "has":
            values = np.concatenate([part[name][part["has"]] for part in parts])
            merged[name], offsets = _reorder(values, counts, order)
    return merged, offsets


def _reorder(values: Any, counts: Ints, order: Ints) -> tuple[Any, Ints]:
    """Move variable-length rows into another order of rows."""
    starts = np.concatenate([[0], np.cumsum(counts)])[:-1][order]
    lengths = counts[order]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
    return values[np.repeat(starts, lengths) + within], offsets
