"""One factor on the clerks of a learned scenario, such that its people wait as those of the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.arrays import Floats
from sim.clock import MINUTE, Holidays
from sim.learning.arrivals import whole_days
from sim.learning.learned_day import CHANCE_RUNS, runs_of
from sim.learning.learned_days import in_hall
from sim.learning.log_memory import RUN_BYTES_PER_ROW, refuse_beyond_memory
from sim.learning.ticket_log import TicketLog
from sim.scenario.scenario import Scenario

FACTORS: Final = (0.8, 1.25)
"""Between which the factor is looked for."""
STEPS: Final = 6
"""Halvings of that range."""
SEARCH_PEOPLE: Final = 2_000_000
"""Of so many the mean wait is told well enough to halve by it: a long log needs fewer runs."""


@dataclass(frozen=True)
class RosterFactor:
    """A factor on the clerks that a log tells.

    Attributes
    ----------
    factor : float
        1 where the log's mean wait lies among those of the runs.
    observed : float
        Mean wait of the log in minutes.
    plain_mean, plain_low, plain_high : float
        Of the scenario with a factor of 1: mean, lowest and highest of nineteen runs as long as
        the log; nine of ten lie between the last two.
    mean, low, high : float
        With the factor, on the same crowds.
    """

    factor: float
    observed: float
    plain_mean: float
    plain_low: float
    plain_high: float
    mean: float
    low: float
    high: float


def roster_factor(
    log: TicketLog, holidays: Holidays, scenario_with: Callable[[float], Scenario]
) -> RosterFactor | None:
    """The factor with which the mean wait of a learned scenario is nearest to that of its log.

    The log is one run of what happened, so a mean wait among those of nineteen runs asks for no
    factor. Any other is found by halving, on the same crowds; of a long log on the first of them.

    Parameters
    ----------
    scenario_with
        The scenario of a factor.

    Returns
    -------
    None where the log tells no waits, or nobody is called in the scenario.

    Raises
    ------
    ScenarioError
        `log_memory` where this machine has no memory for so many people.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> from sim.learning.learned_scenario import learned_scenario
    >>> from sim.scenario.format import flow_text
    >>> from sim.scenario.load import scenario_from_text
    >>> learned = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv")
    >>> def scenario_with(factor):
    ...     return scenario_from_text(flow_text(learned_scenario(learned, "A", factor=factor)))
    >>> calibrated = roster_factor(learned.log, "china", scenario_with)
    >>> calibrated.factor, calibrated.plain_low < calibrated.observed < calibrated.plain_high
    (1.0, True)
    """
    scenario = scenario_with(1.0)
    refuse_beyond_memory(len(log), scenario.name.en, RUN_BYTES_PER_ROW)
    waited = log.details.wait[in_hall(log) & whole_days(log, holidays)[log.day]]
    if not (waited >= 0).any():
        return None
    observed = float(waited[waited >= 0].mean()) / MINUTE
    plain = mean_waits(scenario)
    if not len(plain):
        return None
    factor, means = 1.0, plain
    if not plain.min() <= observed <= plain.max():
        n_runs = min(max(SEARCH_PEOPLE // max(len(log), 1), 1), len(plain))
        factor = _nearest(observed, plain[:n_runs], scenario_with)
        means = plain if factor == 1 else mean_waits(scenario_with(factor))
    return RosterFactor(factor, observed, *_ends(plain), *_ends(means))


def _ends(means: Floats) -> tuple[float, float, float]:
    """Mean, lowest and highest."""
    return float(means.mean()), float(means.min()), float(means.max())


def _nearest(observed: float, plain: Floats, scenario_with: Callable[[float], Scenario]) -> float:
    """The factor, from as many runs of each as `plain` has."""
    tried = {1.0: plain}
    low, high = FACTORS
    for _ in range(STEPS):
        middle = (low + high) / 2
        tried[middle] = mean_waits(scenario_with(middle), len(plain))
        is_long = not len(tried[middle]) or tried[middle].mean() > observed
        low, high = (middle, high) if is_long else (low, middle)
    return min(
        (each for each in tried if len(tried[each])),
        key=lambda each: (abs(tried[each].mean() - observed), abs(each - 1)),
    )


def mean_waits(scenario: Scenario, n_runs: int = CHANCE_RUNS) -> Floats:
    """Mean wait in minutes of who was called, of each run; without runs in which nobody was."""
    means = [
        float(tickets.wait[called].mean()) / MINUTE
        for tickets in runs_of(scenario, n_runs)
        if (called := tickets.is_taken & (tickets.wait >= 0)).any()
    ]
    return np.array(means)
