"""A learned scenario beside its log: how many come and how long they wait, by half hour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.clock import DAY, MINUTE, Holidays
from sim.engine.run import run
from sim.learning.arrivals import SLOT, whole_days
from sim.learning.learned_days import in_hall
from sim.learning.ticket_log import TicketLog
from sim.plan.compile import compile_plan
from sim.plan.crowd import draw_tape
from sim.results.tables import Tables
from sim.scenario.scenario import Scenario

CHANCE_RUNS: Final = 19
"""Between the lowest and the highest of nineteen lies one more with chance 18 / 20 = 90 %."""


class DaySlot(NamedTuple):
    """A part of the day, in the log and in runs of the scenario; nan = nobody came in it."""

    begin: int
    """Ticks after midnight."""
    came: float
    """People a day."""
    came_simulated: float
    """Mean of the runs."""
    came_low: float
    """Nine of ten runs lie between low and high."""
    came_high: float
    wait: float
    """Mean wait in minutes of who was called, by when they came."""
    wait_simulated: float
    wait_low: float
    wait_high: float


@dataclass(frozen=True)
class LearnedDay:
    """An average day of a log, and of the scenario that was learned from it.

    Attributes
    ----------
    scenario : Scenario
    slot : int
        Ticks.
    n_days : int
        Whole days of the log, and days of each run.
    n_runs : int
    mean, mean_simulated, mean_low, mean_high : float
        Mean wait in minutes; nine of ten runs lie between low and high.
    slots : tuple of DaySlot
    """

    scenario: Scenario
    slot: int
    n_days: int
    n_runs: int
    mean: float
    mean_simulated: float
    mean_low: float
    mean_high: float
    slots: tuple[DaySlot, ...]


class _OverDay(NamedTuple):
    came: Floats
    wait: Floats
    mean: float


def learned_day(log: TicketLog, scenario: Scenario, holidays: Holidays = "china") -> LearnedDay:
    """Run the scenario as long as its log, nineteen times, and lay both over one day.

    Parameters
    ----------
    scenario
        Of `learned_scenario`: its measured days are the whole days of the log.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> from sim.learning.learned_scenario import learned_scenario
    >>> from sim.scenario.format import flow_text
    >>> from sim.scenario.load import scenario_from_text
    >>> learned = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv")
    >>> scenario = scenario_from_text(flow_text(learned_scenario(learned, "An office")))
    >>> day = learned_day(learned.log, scenario)
    >>> day.n_days, day.mean_low < day.mean < day.mean_high
    (20, True)
    """
    slot = max(SLOT, log.grain)
    is_whole = whole_days(log, holidays)
    here = in_hall(log) & is_whole[log.day]
    wait = log.details.wait
    observed = _over_day(log.tickets.arrived_at, wait, here, slot, int(is_whole.sum()))
    n_days = scenario.run.measured_days
    runs = [_over_day(*tickets, slot, n_days) for tickets in runs_of(scenario)]
    came, waits = np.stack([day.came for day in runs]), np.stack([day.wait for day in runs])
    busy = np.flatnonzero((observed.came > 0) | (came > 0).any(axis=0))
    means = np.array([day.mean for day in runs])
    with np.errstate(invalid="ignore"):
        of_waits = _ends(waits)
    columns = (observed.came, *_ends(came), observed.wait, *of_waits)
    return LearnedDay(
        scenario=scenario,
        slot=slot,
        n_days=int(is_whole.sum()),
        n_runs=CHANCE_RUNS,
        mean=observed.mean,
        mean_simulated=float(means.mean()),
        mean_low=float(means.min()),
        mean_high=float(means.max()),
        slots=tuple(
            DaySlot(n * slot, *(float(column[n]) for column in columns)) for n in busy.tolist()
        ),
    )


class RunTickets(NamedTuple):
    """Tickets of one run."""

    came_at: Ints
    wait: Ints
    """Ticks; -1 = never called."""
    is_taken: Bools


def runs_of(scenario: Scenario, n_runs: int = CHANCE_RUNS) -> Iterator[RunTickets]:
    """Runs of a learned scenario, each as long as its log; the same crowds each time."""
    plan = compile_plan(scenario, scenario.layouts[0].id)
    for replication in range(n_runs):
        tape = draw_tape(plan.demand, scenario.run.seed, replication)
        tickets = Tables(plan, tape, run(plan, tape)).tickets
        came = np.maximum(tickets.taken_at, 0)
        waited = np.where(tickets.called_at >= 0, tickets.called_at - came, -1)
        yield RunTickets(came, waited, tickets.taken_at >= 0)


def _over_day(came_at: Ints, wait: Ints, here: Bools, slot: int, n_days: int) -> _OverDay:
    """People a day by slot, and mean waits in minutes of those who were called."""
    place = came_at % DAY // slot
    n = DAY // slot
    called = here & (wait >= 0)
    sums = np.bincount(place[called], weights=wait[called] / MINUTE, minlength=n)
    counts = np.bincount(place[called], minlength=n)
    means = np.divide(sums, counts, out=np.full(n, np.nan), where=counts > 0)
    total = float(sums.sum() / counts.sum()) if counts.any() else np.nan
    return _OverDay(np.bincount(place[here], minlength=n) / n_days, means, total)


def _ends(runs: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean, lowest and highest of runs by slot; of slots that no run has nan."""
    is_there = np.isfinite(runs)
    n = is_there.sum(axis=0)
    sums = np.where(is_there, runs, 0.0).sum(axis=0)
    mean = np.divide(sums, n, out=np.full(len(n), np.nan), where=n > 0)
    low = np.where(n > 0, np.where(is_there, runs, np.inf).min(axis=0), np.nan)
    high = np.where(n > 0, np.where(is_there, runs, -np.inf).max(axis=0), np.nan)
    return mean, low, high
