"""How a run begins: people at the door, and cases that the departments have in hand.

Both are flows of the demand with streams of their own, so they change nobody else's draws. People
who wait come at or before the first opening. Open cases come at no instant (NEVER): nobody brings
them, the departments have them when the run begins.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import numpy as np

from sim import clock
from sim.arrays import AnyInts, Bools, Ints
from sim.clock import DAY, NEVER, Span
from sim.plan.columns import integers
from sim.plan.demand import Demand, InitialPlan
from sim.plan.draws import Streams, to_ticks
from sim.plan.lawbook import mean, sample
from sim.plan.laws import LawRows
from sim.plan.parts import Part, PlanParts
from sim.plan.replay import flow_parts
from sim.plan.streams import address, uniforms
from sim.plan.window_work import mean_window_work
from sim.scenario.hours import first_opening, workday_holidays
from sim.scenario.initial import OpenCases, WaitingPeople
from sim.scenario.scenario import Scenario

COMING: Final = 0
WAITING: Final = 1
IN_HAND: Final = 2


def compile_initial(scenario: Scenario, parts: PlanParts, laws: LawRows) -> InitialPlan:
    """With whom and what a run begins, in the order of the plan's flows."""
    initial = [part.initial for part in flow_parts(scenario)]
    cases = [each for each in initial if isinstance(each, OpenCases)]
    date, clock_opens = first_opening(scenario)
    kinds = {WaitingPeople: WAITING, OpenCases: IN_HAND, type(None): COMING}
    is_case = np.array([isinstance(each, OpenCases) for each in initial], dtype=np.bool_)
    done, begun = _stages(cases, parts)
    return InitialPlan(
        kind=integers(kinds[type(each)] for each in initial),
        number=integers(each.number if each else 0 for each in initial),
        opens_at=(date - scenario.run.start).days * DAY + clock_opens,
        waited_law=integers(
            laws.add(each.waited) if isinstance(each, WaitingPeople) else -1 for each in initial
        ),
        backlog=np.where(is_case, np.cumsum(is_case) - 1, -1),
        done=done,
        begun=begun,
        remaining=np.array([each.remaining for each in cases], dtype=np.float64),
    )


def _stages(cases: list[OpenCases], parts: PlanParts) -> tuple[Bools, Bools]:
    """bool, shape (X, I) each: items of each group of open cases that are done, and begun."""
    done = np.zeros((len(cases), len(parts.every)), dtype=np.bool_)
    begun = np.zeros_like(done)
    for row, each in enumerate(cases):
        matter = parts.ids.index(each.matter)
        first, of_matter = int(parts.offsets[matter]), parts.of_matter[matter]
        over = set(each.done) | _visits_made(of_matter, each)
        for n, part in enumerate(of_matter, start=first):
            done[row, n] = part.id in over
            begun[row, n] = not done[row, n] and over.issuperset(part.after)
    return done, begun


def _visits_made(parts: tuple[Part, ...], cases: OpenCases) -> set[str]:
    """Visits of who goes from department to department: those all of whose items are done."""
    left = {part.visit for part in parts if not part.is_visit and part.id not in cases.done}
    first = {part.id for part in parts if part.order == 0}
    return first | {part.id for part in parts if part.is_visit} - left


def backlog_due(scenario: Scenario, parts: PlanParts) -> Ints:
    """int64, shape (F,): when the limit promised of a flow's open cases ends; (0,) without any.

    In ticks of the run, below 0 where that was before it.
    """
    flows = flow_parts(scenario)
    if not any(isinstance(part.initial, OpenCases) for part in flows):
        return np.zeros(0, dtype=np.int64)
    promised = {matter.id: matter.promised for matter in parts.matters}
    return integers(
        _limit_ends(scenario, part.initial, promised[part.matter])
        if isinstance(part.initial, OpenCases)
        else NEVER
        for part in flows
    )


def _limit_ends(scenario: Scenario, cases: OpenCases, limit: Span | None) -> int:
    """The midnight at which a limit that began on the date of filing has run out."""
    if limit is None:
        return NEVER
    start, holidays = scenario.run.start, workday_holidays(scenario)
    day, left = cases.filed or start - timedelta(days=1), limit.workdays
    while left > 0:
        day += timedelta(days=1)
        left -= clock.workday(day, holidays)
    return ((day - start).days + 1) * DAY + (limit.ticks if limit.workdays == 0 else 0)


def initial_work(demand: Demand) -> tuple[float, float]:
    """Expected ticks of window work for who waits when a run begins, and of reviews in hand then.

    Of complete papers and of first reviews, by people whose factor is 1.
    """
    initial, matter, items = demand.initial, demand.flows.matter, demand.items
    waits = initial.number * (initial.kind == WAITING)
    at_windows = float(waits @ mean_window_work(demand)[matter])
    in_office = 0.0
    for f in np.flatnonzero(initial.kind == IN_HAND):
        span = slice(*demand.matters.item_offsets[matter[f] : matter[f] + 2])
        done, begun = (stage[initial.backlog[f], span] for stage in (initial.done, initial.begun))
        part = np.where(begun, initial.remaining[initial.backlog[f]], 1.0)
        needed = np.where(done, 0.0, part * items.share[span])
        touch = np.array([mean(demand.laws, int(law)) for law in items.review_law[span]])
        in_office += float(initial.number[f] * (needed @ touch))
    return at_windows, in_office


# === drawn === #


def initial_arrivals(demand: Demand, flow: int, streams: Streams) -> Ints:
    """int64: instants at which the people of a flow came who wait when the run begins.

    At the first opening less what each has waited, and not before the first date; NEVER of cases in
    hand.
    """
    n, law = int(demand.initial.number[flow]), int(demand.initial.waited_law[flow])
    if demand.initial.kind[flow] == IN_HAND:
        return np.full(n, NEVER)
    people = np.arange(n)
    waited = sample(demand.laws, law, uniforms(streams.of["waited"][flow], address(people)), people)
    return np.maximum(demand.initial.opens_at - to_ticks(waited), 0)


def leave_out_done(demand: Demand, flow: Ints, needed: Bools) -> None:
    """Finished items of open cases are needed no more; `needed`, shape (items at most, C).

    Modified in place.
    """
    for f in np.flatnonzero(demand.initial.kind == IN_HAND):
        matter, cases = demand.flows.matter[f], np.flatnonzero(flow == f)
        items = slice(*demand.matters.item_offsets[matter : matter + 2])
        finished = np.flatnonzero(demand.initial.done[demand.initial.backlog[f], items])
        needed[np.ix_(finished, cases)] = False


def shorten_begun(demand: Demand, flow: Ints, item: Ints, nth: Ints, touch: Ints) -> None:
    """Of first reviews that are under way when the run begins a part of the touch time is left.

    Parameters
    ----------
    flow, item, nth, touch : ndarray(int64), shape (Q,)
        Of each review its flow, its item, which round it is, and its ticks: modified in place.
    """
    initial = demand.initial
    if not len(initial.remaining):
        return
    row = initial.backlog[flow]
    rows = np.flatnonzero((row >= 0) & (nth == 0))
    rows = rows[initial.begun[row[rows], item[rows]]]
    touch[rows] = to_ticks(touch[rows] * initial.remaining[row[rows]])


def filed_before(demand: Demand, flow: AnyInts) -> Ints:
    """int64: which of some people of these flows have a case in hand when the run begins."""
    if not len(demand.initial.remaining):
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(demand.initial.kind[flow] == IN_HAND)
