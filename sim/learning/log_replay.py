"""A log replayed: the same people, each with the work that they were, meet the clerks of each date.

What the replay's waits lack against those of the log is neither of staffing nor of arrivals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from sim.analysis.intervals import Interval, ratio_interval
from sim.arrays import Floats, Ints
from sim.clock import BEIJING, MINUTE
from sim.engine.run import run
from sim.errors import OptionError, Problem
from sim.learning.log_memory import RUN_BYTES_PER_ROW, refuse_beyond_memory
from sim.learning.log_people import LogPeople, log_people
from sim.learning.more_clerks import MoreClerks, read_more_clerks, with_more_clerks
from sim.learning.replayed_hall import (
    LAYOUT,
    dated_clerks,
    hall_scenario,
    with_clerks_table,
)
from sim.learning.staffing import StaffingFit, fit_staffing
from sim.learning.ticket_log import TicketLog
from sim.learning.wait_figures import (
    WaitCell,
    WaitErrors,
    WaitFigures,
    wait_cells,
    wait_errors,
    wait_figures,
)
from sim.plan.compile import compile_plan
from sim.plan.crowd import draw_tape
from sim.plan.plan import Plan
from sim.plan.tape import Tape
from sim.results.tables import Tables
from sim.scenario.edit import with_overrides
from sim.scenario.scenario import Scenario

CHANCE_RUNS: Final = 19
"""Between the lowest and the highest of nineteen lies one more with chance 18 / 20 = 90 %."""
FACTORS: Final = (0.85, 1.15)
"""Between which the number of clerks is calibrated where no windows are named."""
STEPS: Final = 6
"""Halvings of that range."""
SEED: Final = 1


@dataclass(frozen=True)
class ChangedWaits:
    """The same people in another hall.

    Attributes
    ----------
    figures : WaitFigures
    difference : Interval
        Minutes of the mean wait, of this hall less the replay; days are the clusters.
    n_sooner, n_later : int
        People who are called at least a minute sooner, or later.
    by_hour : tuple of (int, float)
        Hour of the day and mean wait.
    """

    figures: WaitFigures
    difference: Interval
    n_sooner: int
    n_later: int
    by_hour: tuple[tuple[int, float], ...]


@dataclass(frozen=True, eq=False)
class LogReplay:
    """A log replayed, beside what it says.

    Attributes
    ----------
    people : LogPeople
    staffing : StaffingFit
    n_tickets : int
        Of the log on these dates; others than `people` gave up, missed the call or never wait.
    days : tuple of date
        First and last.
    scenario : Scenario
    factor : float
        On the numbers of clerks, such that the mean wait is that of the log; 1 where the log names
        windows.
    plain_mean : float
        Mean wait in minutes with a factor of 1.
    observed, simulated : WaitFigures
    cells : tuple of WaitCell
    errors : WaitErrors
    unexplained : float
        Minutes a person, by which days differ from the log in the mean, up or down.
    n_unserved : int
        Whom the replay does not serve.
    changed : ChangedWaits or None
    """

    people: LogPeople
    staffing: StaffingFit
    n_tickets: int
    days: tuple[date, date]
    scenario: Scenario
    factor: float
    plain_mean: float
    observed: WaitFigures
    simulated: WaitFigures
    cells: tuple[WaitCell, ...]
    errors: WaitErrors
    unexplained: float
    n_unserved: int
    changed: ChangedWaits | None = None


def replay_log(
    log: TicketLog,
    title: str = "log",
    days: tuple[date | None, date | None] = (None, None),
    overrides: Sequence[str] = (),
    layout: str = LAYOUT,
    more_clerks: Sequence[str] = (),
    time_zone: str = BEIJING,
    is_calibrated: bool = True,
) -> LogReplay:
    """The people of a log come again, and meet the clerks that it tells, or others.

    Parameters
    ----------
    days
        First and last date; None = of the log.
    overrides, layout, more_clerks
        What is changed in the hall that it is compared with: `path=value`, another layout of them,
        `GROUP=2@10:00-11:00`.
    is_calibrated
        Where the log names no windows, a factor on the clerks makes the mean wait that of the log.

    Raises
    ------
    OptionError
        `replay_no_services`, `replay_places`, `replay_no_day` where a log cannot be replayed;
        `replay_people` where overrides change who comes; `more_clerks_layout` where a layout has no
        clerks by date; as `read_more_clerks`.
    ScenarioError
        `log_memory` where this machine has no memory for so many people; as `with_overrides`.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> log = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv").log
    >>> assert isinstance(log, TicketLog)
    >>> replay = replay_log(log)
    >>> replay.factor, abs(replay.errors.mean) < 0.1, replay.errors.day_correlation > 0.99
    (1.0, True, True)
    """
    everybody, staffing = replayable(log)
    first, last = _days_in(everybody, days)
    people = everybody.chosen((everybody.day >= first) & (everybody.day <= last))
    if not len(people):
        raise OptionError(Problem("replay_no_day", "--from", found=_dates(everybody)))
    levers = read_more_clerks(more_clerks, [group.id for group in people.groups])
    hall = _ReplayedHall(people, staffing, (first, last), title, time_zone)
    plain = hall.waits(1.0)
    factor = hall.factor() if is_calibrated and staffing.how == "overlap" else 1.0
    waits = hall.waits(factor)
    observed = people.wait / MINUTE
    cells = wait_cells(
        people.arrived_at,
        people.first_date,
        people.group,
        observed,
        waits.minutes,
        hall.by_chance(factor),
        bounded=("day",),
    )
    of_days = [cell for cell in cells if cell.by == "day"]
    gaps = sum(abs(cell.simulated - cell.observed) * cell.n for cell in of_days)
    scenario = hall.scenario_of(factor)
    changed = None
    if overrides or levers or layout != LAYOUT:
        changed = _changed(scenario, people, waits.minutes, overrides, layout, levers)
    arrived = log.day
    return LogReplay(
        people=people,
        staffing=staffing,
        n_tickets=int(np.count_nonzero((arrived >= first) & (arrived <= last))),
        days=(log.first_date + timedelta(days=first), log.first_date + timedelta(days=last)),
        scenario=scenario,
        factor=factor,
        plain_mean=float(plain.minutes.mean()),
        observed=wait_figures(observed),
        simulated=wait_figures(waits.minutes),
        cells=cells,
        errors=wait_errors(cells),
        unexplained=gaps / len(people),
        n_unserved=waits.n_unserved,
        changed=changed,
    )


def replayable(log: TicketLog) -> tuple[LogPeople, StaffingFit]:
    """People and clerks of a log.

    Raises
    ------
    OptionError
        `replay_no_services` or `replay_places` where it cannot be replayed.
    """
    if len(log.names.places) > 1:
        raise OptionError(Problem("replay_places", "--place", found=", ".join(log.names.places)))
    people, staffing = log_people(log), fit_staffing(log)
    if people is None or staffing is None or not len(people):
        raise OptionError(Problem("replay_no_services"))
    if not (log.details.wait >= 0).any():
        raise OptionError(Problem("replay_no_waits"))
    return people, staffing


def _days_in(people: LogPeople, days: tuple[date | None, date | None]) -> tuple[int, int]:
    first, last = days
    begin = 0 if first is None else max((first - people.first_date).days, 0)
    end = people.n_days - 1 if last is None else (last - people.first_date).days
    if end < begin or begin >= people.n_days:
        raise OptionError(Problem("replay_no_day", "--from", found=_dates(people)))
    return begin, min(end, people.n_days - 1)


def _dates(people: LogPeople) -> str:
    last = people.first_date + timedelta(days=people.n_days - 1)
    return f"{people.first_date} – {last}"


# === one hall, many rosters === #


@dataclass(frozen=True)
class SimulatedWaits:
    """Waits of people in their order, in minutes."""

    minutes: Floats
    n_unserved: int


class _ReplayedHall:
    """People of a log, whose clerks may be more or fewer by a factor."""

    def __init__(
        self,
        people: LogPeople,
        staffing: StaffingFit,
        days: tuple[int, int],
        title: str,
        time_zone: str,
    ) -> None:
        refuse_beyond_memory(len(people), title, RUN_BYTES_PER_ROW)
        self.people, self.staffing = people, staffing
        clerks = dated_clerks(staffing, people.n_days).rows(people)
        self.scenario = hall_scenario(people, clerks, days, title, time_zone)
        self.tape = draw_tape(compile_plan(self.scenario, LAYOUT).demand, SEED, 0)
        self.order = order_of_cases(self.tape, people)

    def scenario_of(self, factor: float) -> Scenario:
        clerks = dated_clerks(self.staffing, self.people.n_days, factor).rows(self.people)
        return with_clerks_table(self.scenario, LAYOUT, clerks)

    def waits(self, factor: float) -> SimulatedWaits:
        plan = compile_plan(self.scenario_of(factor), LAYOUT)
        return simulated_waits(plan, self.tape, self.order)

    def factor(self) -> float:
        """Such that the mean wait is nearest to that of the log, by halving."""
        target = float(self.people.wait.mean()) / MINUTE
        low, high = FACTORS
        tried = {1.0: abs(float(self.waits(1.0).minutes.mean()) - target)}
        for _ in range(STEPS):
            middle = (low + high) / 2
            mean = float(self.waits(middle).minutes.mean())
            tried[middle] = abs(mean - target)
            low, high = (middle, high) if mean > target else (low, middle)
        return min(tried, key=lambda factor: (tried[factor], abs(factor - 1)))

    def by_chance(self, factor: float) -> Floats:
        """Minutes, shape (runs, people): the works of a day change places among its people."""
        plan = compile_plan(self.scenario_of(factor), LAYOUT)
        rng = np.random.default_rng(SEED)
        people = self.people
        sorted_places = np.lexsort((people.matter, people.day))
        rows = []
        for _ in range(CHANCE_RUNS):
            shuffled = np.lexsort((rng.random(len(people)), people.matter, people.day))
            service = np.empty(len(people), dtype=np.int64)
            service[sorted_places] = people.service[shuffled]
            tape = with_services(self.tape, self.order, service)
            rows.append(simulated_waits(plan, tape, self.order).minutes)
        return np.stack(rows)


def order_of_cases(tape: Tape, people: LogPeople) -> Ints:
    """int64, shape (people,): the case of each person on a tape of the people alone.

    Raises
    ------
    OptionError
        `replay_people` where others come than in the log.
    """
    cases = tape.cases
    if len(cases.arrived_at) != len(people):
        raise OptionError(Problem("replay_people", "--set"))
    by_case = np.lexsort((np.arange(len(people)), cases.matter, cases.arrived_at))
    # ids of matters are sorted as texts, in plans as well
    ids = [f"matter_{n + 1}" for n in range(len(people.matters))]
    place = np.argsort(np.argsort(ids))
    by_person = np.lexsort((np.arange(len(people)), place[people.matter], people.arrived_at))
    order = np.empty(len(people), dtype=np.int64)
    order[by_person] = by_case
    return order


def with_services(tape: Tape, order: Ints, service: Ints) -> Tape:
    """A tape on which each person's first work takes another time."""
    services = tape.errands.service.copy()
    services[tape.cases.errand_offsets[:-1][order]] = service
    return tape._replace(errands=tape.errands._replace(service=services))


def simulated_waits(plan: Plan, tape: Tape, order: Ints) -> SimulatedWaits:
    """The wait of each person on their first ticket; who is never called waits until they leave."""
    tickets = Tables(plan, tape, run(plan, tape)).tickets
    case = tickets.case.astype(np.int64)
    first = np.full(len(order), len(case), dtype=np.int64)
    np.minimum.at(first, case, np.arange(len(case)))
    row = first[order]
    arrived, called = tickets.arrived_at[row], tickets.called_at[row]
    until = np.where(called >= 0, called, np.maximum(tickets.ended_at[row], arrived))
    minutes = (until - arrived) / MINUTE
    return SimulatedWaits(np.asarray(minutes, np.float64), int(np.count_nonzero(called < 0)))


# === another hall === #


def _changed(
    scenario: Scenario,
    people: LogPeople,
    before: Floats,
    overrides: Sequence[str],
    layout: str,
    levers: Sequence[MoreClerks],
) -> ChangedWaits:
    """The same people where something is changed."""
    changed = with_overrides(scenario, overrides)
    known_ids = [each.id for each in changed.layouts]
    if layout not in known_ids:
        raise OptionError(
            Problem("unknown_layout", "--layout", found=layout, allowed=", ".join(known_ids))
        )
    clerks = changed.layout(layout).clerks_file
    if levers and clerks is None:
        raise OptionError(Problem("more_clerks_layout", "--more-clerks", found=layout))
    if levers and clerks is not None:
        changed = with_clerks_table(changed, layout, with_more_clerks(clerks, levers))
    plan = compile_plan(changed, layout)
    tape = draw_tape(plan.demand, SEED, 0)
    minutes = simulated_waits(plan, tape, order_of_cases(tape, people)).minutes
    by_day = np.unique(people.day, return_inverse=True)[1]
    counts = np.bincount(by_day)
    gap = minutes - before
    hour = people.arrived_at // (60 * MINUTE) % 24
    hours = np.unique(hour).tolist()
    return ChangedWaits(
        figures=wait_figures(minutes),
        difference=ratio_interval(np.bincount(by_day, weights=gap), counts),
        n_sooner=int(np.count_nonzero(gap <= -1)),
        n_later=int(np.count_nonzero(gap >= 1)),
        by_hour=tuple((each, float(minutes[hour == each].mean())) for each in hours),
    )
