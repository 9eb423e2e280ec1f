"""Replayed arrivals, compiled: who came when by a table, and what it says of each person.

A person's draws stand at an address that follows from the date and the number in the day, so days
are independent people: another day, in the same run or in another file, is other people, and the
same day is the same people whatever else the table holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np

from sim.arrays import Floats, Ints
from sim.clock import DAY, NEVER
from sim.plan.demand import FlowPlan, ReplayPlan
from sim.plan.plan import Period, Plan
from sim.plan.tape import Tape
from sim.scenario.arrival_rows import EPOCH, NOT_BOOKED, ArrivalRows
from sim.scenario.demand import Flow
from sim.scenario.initial import OpenCases, WaitingPeople
from sim.scenario.scenario import Scenario

UNSAID: Final = -1
"""Of a person of a table: drawn; of a booking: none."""
NUMBER_BITS: Final = 22
"""Of an address: the number in the day, for as many people as a table may have rows."""
FIRST_DAY: Final = date(1900, 1, 1)
"""Addresses count days from here; with the bits above they stay below those of tries."""


class FlowPart(NamedTuple):
    """People of a flow who come for one matter: a flow of the plan."""

    flow: Flow
    matter: str
    initial: WaitingPeople | OpenCases | None = None
    """Whom the flow stands for, if they are there when the run begins."""

    @property
    def id(self) -> str:
        """What keys their random streams: of a table also the matter."""
        if self.initial is not None:
            section = "waiting" if isinstance(self.initial, WaitingPeople) else "backlog"
            return f"/{section}/{self.flow.id}"
        replayed = self.flow.arrivals_file is not None
        return f"{self.flow.id}/{self.matter}" if replayed else self.flow.id


def flow_parts(scenario: Scenario) -> tuple[FlowPart, ...]:
    """The flows of the plan: of whom and what the run begins with, then those of the scenario by
    their ids, a table matter by matter.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> [part.id for part in flow_parts(load_scenario(example_path("exact/mmc.yaml")))]
    ['everybody']
    """
    flows, begins = sorted(scenario.demand, key=lambda flow: flow.id), scenario.initial
    initial: list[WaitingPeople | OpenCases] = []
    for group in (begins.waiting, begins.backlog) if begins else ():
        initial += sorted(group, key=lambda each: each.id)
    return (
        *(FlowPart(_nobody(each), each.matter, each) for each in initial if each.number > 0),
        *(FlowPart(flow, matter) for flow in flows for matter in sorted(flow.matters)),
    )


def _nobody(people: WaitingPeople | OpenCases) -> Flow:
    """A flow in whose classes they are, and that brings nobody during the run."""
    return Flow(id=people.id, matter=people.matter, per_day=0.0, classes=people.classes)


def rows_of_part(part: FlowPart, rows: ArrivalRows, start: date, n_days: int) -> Ints:
    """int64: rows of a table that come for the part's matter on a day of the run."""
    first = (start - EPOCH).days
    day = rows.instants // DAY
    matters = (*rows.matters, part.flow.matter)  # a blank, -1, is the last
    names_it = np.array([name == part.matter for name in matters], dtype=np.bool_)
    return np.flatnonzero(names_it[rows.matter] & (day >= first) & (day < first + n_days))


def compile_replay(
    scenario: Scenario, parts: Sequence[FlowPart], given: Sequence[Ints], period: Period
) -> ReplayPlan:
    """What tables say of people, a row each of the given instants; nothing without a table.

    Parameters
    ----------
    given
        The given instants of each part.
    """
    if all(part.flow.arrivals_file is None for part in parts):
        nothing = np.zeros(0, dtype=np.int64)
        return ReplayPlan(*(nothing for _ in ReplayPlan._fields))
    columns = [
        _said(scenario, part, part.flow.arrivals_file, period)
        if part.flow.arrivals_file is not None
        else _unsaid(len(times))
        for part, times in zip(parts, given, strict=True)
    ]
    return ReplayPlan(*(np.concatenate(column) for column in zip(*columns, strict=True)))


def _unsaid(n: int) -> ReplayPlan:
    blank = np.full(n, UNSAID, dtype=np.int64)
    return ReplayPlan(np.arange(n), blank, blank, blank, blank)


def _said(scenario: Scenario, part: FlowPart, rows: ArrivalRows, period: Period) -> ReplayPlan:
    start = scenario.run.start
    chosen = rows_of_part(part, rows, start, period.n_days)
    zero = (start - EPOCH).days * DAY
    classes = [class_.id for class_ in scenario.applicants.classes]
    townships = sorted(township.id for township in scenario.applicants.townships)
    booked = rows.booked_for[chosen]
    return ReplayPlan(
        person=_addresses(rows.instants[chosen] // DAY),
        class_=_places(rows.classes, classes)[rows.class_[chosen]],
        township=_places(rows.townships, townships)[rows.township[chosen]],
        booked_for=np.where(booked == NOT_BOOKED, UNSAID, booked - zero),
        service=rows.service[chosen],
    )


def _places(names: Sequence[str], ids: Sequence[str]) -> Ints:
    """int64: place of each name among ids, and last that of a blank."""
    return np.array([*(ids.index(name) for name in names), UNSAID], dtype=np.int64)


def _addresses(days: Ints) -> Ints:
    """int64: day and number in the day of each row, as one number; days since 1970, sorted.

    Examples
    --------
    >>> first, second, next_day = _addresses(np.array([0, 0, 1]))
    >>> int(second - first), int(next_day - first) == 1 << NUMBER_BITS
    (1, True)
    """
    begins = np.flatnonzero(np.diff(days, prepend=-1 << 40))
    sizes = np.diff(begins, append=len(days))
    number = np.arange(len(days)) - np.repeat(begins, sizes)
    return ((days - (FIRST_DAY - EPOCH).days) << NUMBER_BITS) + number


def class_mix(flows: FlowPlan) -> Floats:
    """float64, shape (F, K): expected share of each class in each flow, whoever says it.

    Examples
    --------
    >>> from sim import compile_demand, example_path, load_scenario
    >>> class_mix(compile_demand(load_scenario(example_path("exact/mmc.yaml"))).flows)
    array([[1.]])
    """
    shares = np.diff(flows.class_shares, axis=1, prepend=0.0)
    said = flows.replay.class_
    for f in range(len(shares)) if len(said) else ():
        of_flow = said[flows.given_offsets[f] : flows.given_offsets[f + 1]]
        if len(of_flow):
            counts = np.bincount(of_flow[of_flow >= 0], minlength=shares.shape[1])
            shares[f] = (counts + (of_flow < 0).sum() * shares[f]) / len(of_flow)
    return np.asarray(shares)


def own_services(flows: FlowPlan, n_matters: int) -> tuple[Ints, Floats]:
    """Rows of each matter that say their own window work, and its sum in ticks; shape (M,) each."""
    said: Any = flows.replay.service
    matter = np.repeat(flows.matter, np.diff(flows.given_offsets)) if len(said) else said
    filled = said >= 0
    counts = np.bincount(matter[filled], minlength=n_matters)
    ticks = np.bincount(matter[filled], said[filled], minlength=n_matters)
    return counts.astype(np.int64), ticks.astype(np.float64)


def rows_of_crowd(plan: Plan, tape: Tape, file: str = "") -> ArrivalRows:
    """A crowd as a table of arrivals would tell of it, each with the window work of the first try.

    Who never comes is left out.

    Examples
    --------
    >>> from sim import compile_plan, draw_tape, example_path, load_scenario
    >>> hall = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=1"])
    >>> plan = compile_plan(hall, "hall")
    >>> len(rows_of_crowd(plan, draw_tape(plan.demand, seed=1, replication=0)))
    2355
    """
    cases = tape.cases
    came = np.flatnonzero(cases.arrived_at < NEVER)
    zero = (date.fromordinal(plan.period.start_ordinal) - EPOCH).days * DAY
    booked = cases.booked_for[came]
    names = plan.names
    return ArrivalRows(
        cases.arrived_at[came] + zero,
        file,
        matters=names.matters,
        classes=names.classes,
        townships=names.townships,
        matter=cases.matter[came],
        class_=cases.class_[came],
        township=cases.township[came],
        booked_for=np.where(booked < 0, NOT_BOOKED, booked + zero),
        service=tape.errands.service[cases.errand_offsets[:-1][came]],
    )
