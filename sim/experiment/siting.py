"""Which townships should get a station: integer programmes propose, the same crowds decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.analysis.area import BURDENS
from sim.analysis.intervals import Interval, bonferroni, paired_difference
from sim.clock import HOUR
from sim.engine.run import Engine
from sim.errors import OptionError, Problem
from sim.experiment.extend import DAYS_A_YEAR, Extension, extend, worth
from sim.experiment.replicate import Progress
from sim.plan.compile import compile_demand, compile_period
from sim.plan.layout import mean_window_work
from sim.plan.travel import Ways, candidates, trip_cost, ways_to_places, ways_to_townships
from sim.scenario.base import roster_hours
from sim.scenario.places import Places, Siting
from sim.scenario.scenario import Scenario
from sim.theory import capacitated_sites, max_covering, p_median

Floats = npt.NDArray[np.float64]
Rule = Literal["p_median", "covering", "capacitated"]

RULES: Final[tuple[Rule, ...]] = ("p_median", "covering", "capacitated")
NEAR: Final = 30.0
"""Minutes, one way, within which a covering counts people."""


class Proposal(NamedTuple):
    """Townships that an integer programme chose.

    Attributes
    ----------
    rule : str
        The first rule that chose them.
    points : tuple of str
        Townships, in the order of the scenario; empty = none pays or none is needed.
    saved : float
        Yuan a year that residents save by it if everybody goes the cheapest way and nobody waits.
    """

    rule: Rule
    points: tuple[str, ...]
    saved: float


class Ranked(NamedTuple):
    """Proposals after the same crowds went to them.

    Attributes
    ----------
    proposals : tuple of Proposal
        Best first: those that save residents most.
    extensions : tuple of Extension
        What the runs found, in that order.
    behind : tuple of Interval
        Yuan a year by which each saves less than the first; they hold together (Bonferroni).
    """

    proposals: tuple[Proposal, ...]
    extensions: tuple[Extension, ...]
    behind: tuple[Interval, ...]

    @property
    def replications(self) -> int:
        """Replications that all of them kept."""
        return min((one.replications for one in self.extensions), default=0)

    @property
    def asked(self) -> int:
        """Replications that were wanted."""
        return self.extensions[0].asked


class _Map(NamedTuple):
    """What is known of the area before anything is run."""

    demand: Floats
    """float64, shape (townships,): cases a year that a new station may take."""
    cost: Floats
    """float64, shape (townships, places + candidates): yuan a trip."""
    minutes: Floats
    given: tuple[int, ...]
    """Columns of places that take them already."""
    ends: tuple[str, ...]
    """Townships of the columns behind the places."""
    first: int
    """The first of those columns."""
    work: float
    """Mean hours at the window."""


def affordable(scenario: Scenario, budget: float | None = None, at_most: int | None = None) -> int:
    """How many stations a yearly budget and a limit allow; those of the scenario by default.

    Raises
    ------
    OptionError
        `no_siting`; `no_points` without any limit; `budget_below_point` when the budget does not
        pay for one.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"))
    >>> affordable(area, budget=200_000), affordable(area, budget=200_000, at_most=2)
    (3, 2)
    """
    _, siting = _sited(scenario)
    yuan = siting.budget_yuan if budget is None else budget
    if yuan is None and at_most is None and siting.at_most is None:
        raise OptionError(Problem("no_points", "--points"))
    limits = [len(candidates(scenario))]
    cost = siting.station.yearly_cost
    if yuan is not None and cost > 0:
        if yuan < cost:
            raise OptionError(
                Problem(
                    "budget_below_point",
                    "--budget",
                    found=f"{yuan:,.0f}",
                    allowed=f"≥ {cost:,.0f}",
                )
            )
        limits.append(int(yuan // cost))
    limits += [one for one in (siting.at_most, at_most) if one is not None]
    return min(limits)


def _sited(scenario: Scenario) -> tuple[Places, Siting]:
    if scenario.places is None or scenario.places.siting is None:
        raise OptionError(Problem("no_siting"))
    return scenario.places, scenario.places.siting


def propose(scenario: Scenario, number: int, rules: Sequence[Rule] = RULES) -> tuple[Proposal, ...]:
    """Townships for at most so many stations, by each rule; equal answers are told once.

    `p_median` makes the trips of all residents cheapest; `covering` has most of them within half an
    hour; `capacitated` does as the first, but counts what stations cost and can serve, and so may
    open none.

    Raises
    ------
    OptionError
        `no_siting` when the scenario does not say how a new station would serve.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"))
    >>> best = propose(area, 2, ["p_median"])[0]
    >>> len(best.points), best.saved > 0
    (2, True)
    """
    known = _map_of(scenario)
    found: dict[tuple[str, ...], Proposal] = {}
    for rule in rules:
        chosen = _chosen(known, scenario, rule, number)
        points = tuple(known.ends[n - known.first] for n in chosen if n >= known.first)
        found.setdefault(points, Proposal(rule, points, _saved(known, chosen)))
    return tuple(found.values())


def _chosen(known: _Map, scenario: Scenario, rule: Rule, number: int) -> tuple[int, ...]:
    if rule == "p_median":
        return p_median(known.demand, known.cost, number, known.given).chosen
    if rule == "covering":
        return max_covering(known.demand, known.minutes, number, NEAR, known.given).chosen
    _, siting = _sited(scenario)
    opening = np.full(known.cost.shape[1], siting.station.yearly_cost)
    room = np.full(known.cost.shape[1], np.inf)
    room[known.first :] = _hours_a_year(scenario, siting) / max(known.work, 1e-9)
    given = known.given
    return capacitated_sites(
        known.demand, known.cost, opening, room, sites=number, given=given
    ).chosen


def _saved(known: _Map, chosen: Sequence[int]) -> float:
    """Yuan a year between the cheapest of all that are open and of those open before."""
    before = known.cost[:, list(known.given)].min(axis=1)
    after = known.cost[:, sorted({*known.given, *chosen})].min(axis=1)
    return float(known.demand @ (before - after))


def _hours_a_year(scenario: Scenario, siting: Siting) -> float:
    """Hours of agents on duty at one station, market days aside."""
    week = sum(
        clerks * len(days) * (hours.end - hours.start) / HOUR
        for key, clerks in siting.station.clerks.items()
        for days, hours in [roster_hours(key)]
    )
    return week * DAYS_A_YEAR / 7


def _map_of(scenario: Scenario) -> _Map:
    places, siting = _sited(scenario)
    named = scenario.matters_named()
    takes = {matter for name in siting.station.accepts for matter in named[name]}
    given = tuple(
        n
        for n, place in enumerate(places.open)
        if place.kind == "city_hall"
        or takes & {matter for name in place.accepts for matter in named[name]}
    )
    both = [
        np.concatenate(pair, axis=1)
        for pair in zip(ways_to_places(scenario), ways_to_townships(scenario), strict=True)
    ]
    ways = Ways(*both)
    demand, period = compile_demand(scenario), compile_period(scenario)
    days = slice(period.measured_from, period.measured_until)
    a_year = DAYS_A_YEAR / (period.measured_until - period.measured_from)
    cases = demand.cases_of_day[:, days].sum(axis=1) * (1 - demand.online_share) * a_year
    ids = sorted(matter.id for matter in scenario.matters)
    mine = np.array([ids[m] in takes for m in demand.matter_of_flow], dtype=np.bool_)
    people = np.array([town.population for town in scenario.applicants.townships], dtype=np.float64)
    work = mean_window_work(demand)[demand.matter_of_flow]
    total = float(cases[mine].sum())
    return _Map(
        people / people.sum() * total,
        trip_cost(ways, places.travel.value_of_time_yuan_per_h),
        ways.minutes,
        given,
        tuple(town.id for town in candidates(scenario)),
        len(places.open),
        float((cases * work)[mine].sum()) / max(total, 1e-9) / HOUR,
    )


def site(
    scenario: Scenario,
    number: int,
    layout: str | None = None,
    replications: int | None = None,
    seed: int | None = None,
    engine: Engine = "fast",
    workers: int | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    rival: bool = False,
    level: float = 0.95,
) -> Ranked:
    """Run the proposals of all rules on the same crowds, and rank them by what residents save.

    Raises
    ------
    OptionError
        `no_siting`; `no_points` when no rule opens a station.
    LawViolation
        When a run breaks a law of the hall.
    """
    proposals = [one for one in propose(scenario, number) if one.points]
    if not proposals:
        raise OptionError(Problem("no_points", "--at-most"))
    runs: list[Extension] = []
    for n, one in enumerate(proposals):

        def tell(done: int, of: int, before: int = n) -> None:
            if progress is not None:
                progress(before * of + done, len(proposals) * of)

        points = one.points
        runs.append(
            extend(
                scenario, points, layout, replications, seed, engine, workers, tell, cancelled,
                rival, level,
            )
        )  # fmt: skip
        if runs[-1].replications < runs[-1].asked:
            break
    if runs[0].replications == 0:
        raise KeyboardInterrupt
    runs = [one for one in runs if one.replications]
    order = sorted(range(len(runs)), key=lambda n: -worth(runs[n]).residents.mean)
    best = _saved_by(runs[order[0]])
    corrected = bonferroni(level, max(len(runs) - 1, 1))
    behind = tuple(_behind(_saved_by(runs[n]), best, corrected) for n in order)
    return Ranked(tuple(proposals[n] for n in order), tuple(runs[n] for n in order), behind)


def _saved_by(found: Extension) -> Floats:
    """float64, shape (replications,): yuan that residents save in a year."""
    k = BURDENS.index("resident_cost")
    period = found.settled[0].plan.period
    a_year = DAYS_A_YEAR / (period.measured_until - period.measured_from)
    pairs = zip(*found.tallies[:2], strict=True)
    return np.array([one.burdens[:, k].sum() - two.burdens[:, k].sum() for one, two in pairs]) * (
        a_year
    )


def _behind(mine: Floats, best: Floats, level: float) -> Interval:
    n = min(len(mine), len(best))
    return paired_difference(mine[:n], best[:n], level)


class Step(NamedTuple):
    """So many stations at the places that an integer programme gave them.

    Attributes
    ----------
    number : int
    points : tuple of str
    yearly : float
        Yuan a year that they cost.
    saved_minutes, saved_yuan : Interval
        Minutes on the way, and fares and time in yuan, that residents save in a year.
    """

    number: int
    points: tuple[str, ...]
    yearly: float
    saved_minutes: Interval
    saved_yuan: Interval


def frontier(
    scenario: Scenario,
    numbers: Sequence[int],
    layout: str | None = None,
    replications: int | None = None,
    seed: int | None = None,
    engine: Engine = "fast",
    workers: int | None = None,
) -> tuple[Step, ...]:
    """What each number of stations saves at its p-median, on the same crowds.

    Raises
    ------
    OptionError
        As `site`.
    """
    steps = []
    for number in numbers:
        [best] = propose(scenario, number, ["p_median"])
        found = extend(
            scenario, best.points, layout, replications, seed, engine, workers, rival=False
        )
        k = BURDENS.index("travel")
        period = found.settled[0].plan.period
        a_year = DAYS_A_YEAR / (period.measured_until - period.measured_from)
        one, two = (
            np.array([t.burdens[:, k].sum() for t in tallies]) * a_year
            for tallies in found.tallies[:2]
        )
        money = worth(found)
        minutes = paired_difference(two, one, found.level)
        steps.append(Step(len(best.points), best.points, money.yearly, minutes, money.residents))
    return tuple(steps)
