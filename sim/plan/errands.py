"""Errands drawn: intakes and applications until papers are complete, and trips that follow."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from sim.arrays import Bools, Bytes, Floats, Ints, Shorts
from sim.plan.columns import offsets_of
from sim.plan.draws import DrawRows, expand, pick, to_ticks
from sim.plan.initial import filed_before
from sim.plan.needs import Needs
from sim.plan.people import Crowd, SecondMatters, as_stated
from sim.plan.reviews import ReviewRounds
from sim.plan.service_laws import as_served
from sim.plan.streams import later, words
from sim.plan.tape import (
    ALSO,
    ANOTHER_TRIP,
    APPLY,
    COLLECT,
    HAND_IN,
    INTAKE,
    ON_THE_SPOT,
    ONLINE,
    SAME_DAY,
    ErrandDraws,
    GroupServiceDraws,
    ReturnDraws,
    make_table,
)

NO_APPLICATION: Final = -(1 << 40)
"""Below all numbers of trips that are no applications."""


class DrawnErrands(NamedTuple):
    """All errands, and which of them belongs to what."""

    table: ErrandDraws
    group_services: GroupServiceDraws
    returns: ReturnDraws
    offsets: Ints
    """int64, shape (C + 1,): where a case's errands start."""
    hand_in: Shorts
    """int32, shape (Q,): errand that follows a review; -1 = none."""
    collection: Ints
    """int64, shape (C,): errand that collects the result; -1 = none."""
    also: Ints
    """int64, shape (C,): errand of a second matter; -1 = none."""
    application: Shorts
    """int32, shape (J,): first errand of the visit that an item is; -1 = it is none."""


class _Applications(NamedTuple):
    """Intakes, one a case, then visits to further departments, in order of items."""

    rows: DrawRows
    sought: Ints
    """int64: matter at whose windows each is done."""
    visits: Ints
    """int64: which items of cases are visits."""


class _Outline(NamedTuple):
    """Errands in order of cases, before their times are drawn."""

    rows: DrawRows
    purpose: Ints
    sought: Ints
    complete: Bools
    online: Bools
    mend: Bytes
    application: Ints
    """int64: row of `_Applications`; negative, and each another, for other trips."""

    def of(self, some: Ints) -> _Outline:
        """Some of them."""
        columns: Any = (column[some] for column in self[1:])
        return _Outline(self.rows.of(some), *columns)


def draw_errands(
    crowd: Crowd,
    assisted: Bools,
    needs: Needs,
    reviews: ReviewRounds,
    collections: DrawRows,
    seconds: SecondMatters,
) -> DrawnErrands:
    """Intakes and applications until the papers are complete, trips to hand papers in, trips to
    collect results, and second matters.

    Parameters
    ----------
    assisted : ndarray(bool), shape (C,)
        Who needs help at the window.
    collections : DrawRows
        Trips to collect results.
    seconds : SecondMatters
        Second matters on the same ticket.
    """
    applications = _apply(crowd, needs)
    outline = _with_trips(crowd, _outline(crowd, applications), needs, reviews, collections)
    outline = _with_seconds(outline, seconds)
    purpose, n_cases = outline.purpose, len(crowd.matter)
    hand_in = np.full(len(reviews.touch), -1, dtype=np.int32)
    if len(reviews.trips.case):
        hand_in[reviews.mend == ANOTHER_TRIP] = np.flatnonzero(purpose == HAND_IN)
    collection = np.full(n_cases, -1)
    collection[collections.case] = np.flatnonzero(purpose == COLLECT)
    also = np.full(n_cases, -1)
    also[seconds.rows.case] = np.flatnonzero(purpose == ALSO)
    application = np.full(len(needs.item), -1, dtype=np.int32)
    if len(applications.visits):
        begins = np.flatnonzero(np.diff(outline.application, prepend=-1) != 0)
        application[applications.visits] = begins[purpose[begins] == APPLY]
    return DrawnErrands(
        table=_draw_times(crowd, outline, needs, assisted),
        group_services=_draw_group_services(crowd, outline, needs, assisted),
        returns=make_table(ReturnDraws, delay=_draw_returns(crowd, outline.rows)),
        offsets=offsets_of(np.bincount(outline.rows.case, minlength=n_cases)),
        hand_in=hand_in,
        collection=collection,
        also=also,
        application=application,
    )


# === which errands there are === #


def _apply(crowd: Crowd, needs: Needs) -> _Applications:
    """Intakes of all cases, then further visits of those who go from department to department."""
    items, item = crowd.demand.items, needs.item
    if not crowd.any_separate:
        return _Applications(crowd.rows, crowd.matter, np.zeros(0, np.int64))
    visits = np.flatnonzero(items.visit_order[item] >= 0)
    first = np.maximum(needs.first_visit, 0)
    separate = needs.first_visit >= 0
    sought = np.where(separate, items.sought[first], crowd.matter)
    return _Applications(
        crowd.rows.followed_by(needs.rows.of(visits)),
        np.concatenate([sought, items.sought[item[visits]]]),
        visits,
    )


def _work_of_visits(crowd: Crowd, needs: Needs) -> Floats:
    """float64: ticks of window work of each application of `_Applications`.

    The work of a visit is that of all items it is for; that of who hands everything in at once, nan
    here, depends on the matter, and is drawn anew at each try.
    """
    demand, draws, item = crowd.demand, crowd.draws, needs.item
    items, own_work = demand.items, demand.items.own_work
    own = np.flatnonzero(items.visit[item] >= 0)
    rows, what = needs.rows.of(own), item[own]
    values = draws.values(own_work.base_law[what], rows, "own_service")
    values = values + own_work.fixed[what]
    values *= draws.values(own_work.individual_law[what], rows, "own_individual")
    with_case = items.visit[what] == needs.first_visit[rows.case]
    intake = np.where(needs.first_visit >= 0, 0.0, np.nan)
    np.add.at(intake, rows.case[with_case], values[with_case])
    n_items = len(items.visit_order)
    key = needs.rows.case * n_items + item
    of_visit = rows.case * n_items + items.visit[what]
    further = np.zeros(len(item))
    np.add.at(further, np.searchsorted(key, of_visit[~with_case]), values[~with_case])
    return np.concatenate([intake, further[items.visit_order[item] >= 0]])


def _outline(crowd: Crowd, applications: _Applications) -> _Outline:
    """Each application, as often as its papers are incomplete and once more."""
    demand, at_most = crowd.demand, crowd.demand.mending.rounds_at_most
    share = demand.matters.correction_share[crowd.matter[applications.rows.case]]
    share[: len(crowd.matter)][filed_before(demand, crowd.people.flow)] = 0.0
    failed = crowd.draws.failures(share, at_most, applications.rows, "correction")
    application, nth = expand(failed + 1)
    rows = applications.rows.of(application)
    rows = rows._replace(where=rows.where + later(nth))
    complete = nth == failed[application]
    online, mend = _draw_mending(crowd, application, nth, rows, ~complete)
    return _Outline(
        rows=rows,
        purpose=np.where(application < len(crowd.matter), INTAKE, APPLY),
        sought=applications.sought[application],
        complete=complete,
        online=online,
        mend=mend,
        application=application,
    )


def _draw_mending(
    crowd: Crowd, application: Ints, nth: Ints, rows: DrawRows, fails: Bools
) -> tuple[Bools, Bytes]:
    """Whether each errand is done online, and how its papers are mended if incomplete.

    Who applies online, or mended online once, does all that follows of it online.
    """
    incomplete = np.flatnonzero(fails)
    mend = np.zeros(len(application), dtype=np.int8)
    mend[incomplete] = crowd.draws.choices(crowd.demand.mending.shares, rows.of(incomplete), "mend")
    online = crowd.people.online[rows.case]
    if (fetched := crowd.demand.mending.same_day_share) > 0:
        away = incomplete[mend[incomplete] == ANOTHER_TRIP]
        u = crowd.draws.coarse(rows.of(away), "mend")
        mend[away[u < crowd.demand.mending.shares[1] + fetched]] = SAME_DAY
    by_net = incomplete[mend[incomplete] == ONLINE]
    if len(by_net):
        first = np.full(int(application[-1]) + 1, np.iinfo(np.int64).max)
        np.minimum.at(first, application[by_net], nth[by_net] + 1)
        online |= nth >= first[application]
    mend[online] = ONLINE
    return online, mend


def _with_trips(
    crowd: Crowd,
    outline: _Outline,
    needs: Needs,
    reviews: ReviewRounds,
    collections: DrawRows,
) -> _Outline:
    """Put visits and trips to hand papers in behind the intakes of their cases, and those to
    collect results behind them all."""
    trips = reviews.trips.followed_by(collections)
    n, n_hand_ins, applied = len(trips.case), len(reviews.trips.case), outline.application
    if n == 0 and len(applied) and applied[-1] < len(crowd.matter):
        return outline
    item = needs.item[reviews.case_item[reviews.mend == ANOTHER_TRIP]]
    own = crowd.demand.items.sought[item]
    sought = crowd.demand.matters.issue.sought[crowd.matter[trips.case]]
    sought[:n_hand_ins] = np.where(own >= 0, own, crowd.matter[trips.case[:n_hand_ins]])
    further = _Outline(
        rows=trips,
        purpose=np.repeat([HAND_IN, COLLECT], [n_hand_ins, n - n_hand_ins]),
        sought=sought,
        complete=np.ones(n, dtype=np.bool_),
        online=np.zeros(n, dtype=np.bool_),
        mend=np.zeros(n, dtype=np.int8),
        application=-2 - np.arange(n),
    )
    rows = outline.rows.followed_by(trips)
    order = np.argsort(rows.case, kind="stable")
    columns: Any = zip(outline[1:], further[1:], strict=True)
    return _Outline(rows.of(order), *(np.concatenate(pair)[order] for pair in columns))


def _with_seconds(outline: _Outline, seconds: SecondMatters) -> _Outline:
    """Put second matters behind all other errands of their cases."""
    n = len(seconds.matter)
    if n == 0:
        return outline
    further = _Outline(
        rows=seconds.rows,
        purpose=np.full(n, ALSO),
        sought=seconds.matter,
        complete=np.ones(n, dtype=np.bool_),
        online=np.zeros(n, dtype=np.bool_),
        mend=np.zeros(n, dtype=np.int8),
        application=np.full(n, NO_APPLICATION) - np.arange(n),
    )
    rows = outline.rows.followed_by(seconds.rows)
    order = np.argsort(rows.case, kind="stable")
    columns: Any = zip(outline[1:], further[1:], strict=True)
    return _Outline(rows.of(order), *(np.concatenate(pair)[order] for pair in columns))


# === what each takes === #


def _draw_times(crowd: Crowd, outline: _Outline, needs: Needs, assisted: Bools) -> ErrandDraws:
    """What the windows, the desk and the applicant take for each errand."""
    demand, draws, rows = crowd.demand, crowd.draws, outline.rows
    mending = demand.mending
    incomplete = np.flatnonzero(~outline.complete)
    mend_delay, spot_delay = np.zeros((2, len(rows.case)), dtype=np.int64)
    mend_delay[incomplete] = draws.spans(mending.delay_law, rows.of(incomplete), "mend_delay")
    spot = incomplete[outline.mend[incomplete] == ON_THE_SPOT]
    spot_delay[spot] = draws.spans(mending.spot_law, rows.of(spot), "spot")
    fetched = incomplete[outline.mend[incomplete] == SAME_DAY]
    spot_delay[fetched] = draws.spans(mending.same_day_law, rows.of(fetched), "fetched")
    precheck = draws.spans(demand.precheck_law, rows, "precheck")
    precheck[outline.purpose == COLLECT] = 0  # a result needs no check
    return make_table(
        ErrandDraws,
        case=rows.case,
        purpose=outline.purpose,
        sought=outline.sought,
        complete=outline.complete,
        online=outline.online,
        service=_draw_service(crowd, outline, needs, assisted),
        wrap_up=_draw_wrap_up(crowd, outline),
        precheck=precheck,
        reception=draws.spans(demand.reception_law, rows, "reception"),
        catch=draws.coarse(rows, "catch"),
        route=draws.coarse(rows, "route"),
        missed=draws.below(demand.people.missed_share, rows, "missed"),
        mend=outline.mend,
        mend_delay=mend_delay,
        spot_delay=spot_delay,
        return_delay=draws.spans(demand.people.return_law, rows, "return"),
        position=draws.coarse(rows, "position"),
    )


def _draw_returns(crowd: Crowd, rows: DrawRows) -> Ints:
    """int64, shape (E * times,): when who comes again unserved is back on the same day.

    Each time has streams of its own; -1 = another day. Nothing where nobody does.
    """
    people, draws = crowd.demand.people, crowd.draws
    comes_again = people.unserved_shares[0] > 0 and people.same_day_share > 0
    times = people.returns_at_most if comes_again else 0
    delay = np.full((len(rows.case), times), -1)
    for n, key in enumerate(words([str(n) for n in range(times)])):
        tries = draws.another(key)
        today = np.flatnonzero(tries.below(people.same_day_share, rows, "same_day"))
        again = rows.of(today)
        delay[today, n] = tries.spans(people.same_day_law, again, "same_day_delay")
    return delay.ravel()


def _draw_wrap_up(crowd: Crowd, outline: _Outline) -> Ints:
    """Ticks of what is left to do when who applied with complete papers has gone."""
    laws, applies = (
        crowd.demand.matters.wrap_up_law,
        np.isin(outline.purpose, (INTAKE, APPLY, ALSO)),
    )
    filed = np.flatnonzero(applies & outline.complete)
    ticks = np.zeros(len(outline.purpose), dtype=np.int64)
    law = pick(laws, outline.sought[filed])
    ticks[filed] = crowd.draws.spans(law, outline.rows.of(filed), "wrap_up")
    return ticks


def _draw_service(crowd: Crowd, outline: _Outline, needs: Needs, assisted: Bools) -> Ints:
    """Ticks of window work by the laws of matters: of whatever the errand is for."""
    demand, draws, rows = crowd.demand, crowd.draws, outline.rows
    ticks = _draw_work(crowd, outline, needs, assisted)
    handing = np.flatnonzero(outline.purpose == HAND_IN)
    ticks[handing] = draws.spans(demand.mending.hand_in_law, rows.of(handing), "hand_in")
    if len(measured := demand.flows.replay.service):  # of the first try; others are drawn
        first = _first_tries(rows)
        ticks[first] = as_stated(crowd.people, measured, ticks[first])
    collecting = np.flatnonzero(outline.purpose == COLLECT)
    if len(collecting):
        law = demand.matters.issue.service_law[crowd.matter[rows.case[collecting]]]
        ticks[collecting] = draws.spans(law, rows.of(collecting), "collection")
    return ticks


def _draw_work(crowd: Crowd, outline: _Outline, needs: Needs, assisted: Bools) -> Ints:
    """Ticks of window work of applications and second matters: base + papers + fields, times
    personal and assistance factor."""
    demand, draws, rows = crowd.demand, crowd.draws, outline.rows
    usual = demand.matters.work
    is_second, complete = outline.purpose == ALSO, outline.complete
    matter = np.where(is_second, outline.sought, crowd.matter[rows.case])
    work = draws.values(usual.base_law[matter], rows, "service")
    work = work + pick(usual.fixed, matter)
    work *= draws.values(pick(usual.individual_law, matter), rows, "individual")
    if crowd.any_separate:
        of_errand = _work_of_visits(crowd, needs)[np.maximum(outline.application, 0)]
        alone = np.flatnonzero(~np.isnan(of_errand) & ~is_second)
        work[alone] = of_errand[alone]
    if not complete.all():
        work[~complete] *= demand.mending.sent_back_share
    if assisted.any():
        work[assisted[rows.case]] *= demand.people.assistance_factor
    return to_ticks(work)


def _draw_group_services(
    crowd: Crowd, outline: _Outline, needs: Needs, assisted: Bools
) -> GroupServiceDraws:
    """Window work by the laws of window groups, of the same people with the same numbers.

    Work that a table of arrivals states is the same at all windows.
    """
    demand, n_laws = crowd.demand, np.diff(crowd.demand.matters.law_offsets)
    if not n_laws.any():
        return make_table(GroupServiceDraws, first=np.zeros(0), ticks=np.zeros(0))
    counts = np.where(np.isin(outline.purpose, (INTAKE, APPLY, ALSO)), n_laws[outline.sought], 0)
    if len(measured := demand.flows.replay.service):
        is_stated = as_stated(crowd.people, measured, np.full(len(crowd.matter), -1)) >= 0
        counts[_first_tries(outline.rows)[is_stated]] = 0
    begins = offsets_of(counts)
    ticks = np.zeros(begins[-1], dtype=np.int64)
    for law in range(int(n_laws.max())):
        some = np.flatnonzero(counts > law)
        served = as_served(demand, np.where(n_laws > law, law, -1))
        there = crowd._replace(demand=served)
        ticks[begins[some] + law] = _draw_work(there, outline.of(some), needs, assisted)
    return make_table(GroupServiceDraws, first=np.where(counts > 0, begins[:-1], -1), ticks=ticks)


def _first_tries(rows: DrawRows) -> Ints:
    """int64, shape (C,): the first errand of each case."""
    return np.flatnonzero(np.diff(rows.case, prepend=-1))
