"""Which townships should get a station: integer programmes propose, the same crowds decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final, Literal, NamedTuple

import numpy as np

from sim.analysis.intervals import Interval, bonferroni, paired_difference, t_interval
from sim.arrays import Floats
from sim.clock import HOUR
from sim.errors import OptionError, Problem
from sim.plan.compile import compile_demand
from sim.plan.layout import duty_of_group, mean_window_work, place_days
from sim.plan.year import as_year, period_of_year, year_of
from sim.questions.extend import Extension, extend_each
from sim.runs.run import Run
from sim.scenario.edit_places import with_points
from sim.scenario.hall import WindowGroup
from sim.scenario.places import Places, ServicePoint, Siting
from sim.scenario.scenario import Scenario
from sim.scenario.travel import Ways, candidates, trip_cost, ways_to_places, ways_to_townships
from sim.theory import capacitated_sites, max_covering, p_median

Rule = Literal["p_median", "covering", "capacitated"]

MOST: Final = 8
"""Townships that are run for the next point unless told otherwise."""
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


class _AreaMap(NamedTuple):
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


def _chosen(known: _AreaMap, scenario: Scenario, rule: Rule, number: int) -> tuple[int, ...]:
    if rule == "p_median":
        return p_median(known.demand, known.cost, number, known.given).chosen
    if rule == "covering":
        return max_covering(known.demand, known.minutes, number, NEAR, known.given).chosen
    _, siting = _sited(scenario)
    opening = np.full(known.cost.shape[1], siting.station.yearly_cost)
    room = np.full(known.cost.shape[1], np.inf)
    room[known.first :] = hours_a_year(scenario, siting.station) / max(known.work, 1e-9)
    given = known.given
    return capacitated_sites(
        known.demand, known.cost, opening, room, sites=number, given=given
    ).chosen


def _saved(known: _AreaMap, chosen: Sequence[int]) -> float:
    """Yuan a year between the cheapest of all that are open and of those open before."""
    before = known.cost[:, list(known.given)].min(axis=1)
    after = known.cost[:, sorted({*known.given, *chosen})].min(axis=1)
    return float(known.demand @ (before - after))


def hours_a_year(scenario: Scenario, station: ServicePoint) -> float:
    """Hours of agents on duty at one station on the days of the calendar year on which it opens.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"))
    >>> station = area.places.siting.station
    >>> hours_a_year(area, station) > 0
    True
    """
    whole = as_year(scenario)
    days = place_days(whole, period_of_year(whole), station)
    agents = WindowGroup.model_construct(id="station", serves=(), clerks=station.clerks)
    return duty_of_group(agents, days) / HOUR


def _map_of(scenario: Scenario) -> _AreaMap:
    places, siting = _sited(scenario)
    named = scenario.matters_named()
    takes = {matter for name in siting.station.takes_in for matter in named[name]}
    given = tuple(
        n
        for n, place in enumerate(places.open)
        if place.kind == "city_hall"
        or takes & {matter for name in place.takes_in for matter in named[name]}
    )
    both = [
        np.concatenate(pair, axis=1)
        for pair in zip(ways_to_places(scenario), ways_to_townships(scenario), strict=True)
    ]
    ways = Ways(*both)
    demand = compile_demand(scenario)
    cases = year_of(scenario).cases * (1 - demand.online_share)
    ids = sorted(matter.id for matter in scenario.matters)
    mine = np.array([ids[m] in takes for m in demand.matter_of_flow], dtype=np.bool_)
    people = np.array([town.population for town in scenario.applicants.townships], dtype=np.float64)
    work = mean_window_work(demand)[demand.matter_of_flow]
    total = float(cases[mine].sum())
    return _AreaMap(
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
    *,
    run: Run = Run(),
    rival: bool = False,
    level: float = 0.95,
) -> Ranked:
    """Run the proposals of all rules on the same crowds, and rank them by what residents save.

    Raises
    ------
    OptionError
        `no_siting`; `no_points` when no rule opens a station; `not_on_cluster`.
    LawViolation
        When a run breaks a law of the hall.
    """
    proposals = [one for one in propose(scenario, number) if one.points]
    if not proposals:
        raise OptionError(Problem("no_points", "--at-most"))
    sets = [one.points for one in proposals]
    runs = extend_each(scenario, sets, layout, run=run, rival=rival, level=level)
    if runs[0].replications == 0:
        return Ranked(tuple(proposals), runs, ())
    order = sorted(range(len(runs)), key=lambda n: -_saved_of(runs[n]).mean())
    best = _saved_of(runs[order[0]])
    corrected = bonferroni(level, max(len(runs) - 1, 1))
    behind = tuple(paired_difference(_saved_of(runs[n]), best, corrected) for n in order)
    return Ranked(tuple(proposals[n] for n in order), tuple(runs[n] for n in order), behind)


def _saved_of(run: Extension) -> Floats:
    """float64, shape (replications,): yuan that residents save in the year."""
    return run.worth.saved["resident_cost"]


# === the next point === #


class NextPoint(NamedTuple):
    """What one station more brings, beside the points chosen so far, on the same crowds.

    Attributes
    ----------
    township : str
    proposed : float
        Yuan a year that residents save on the map, where nobody waits.
    saved : Interval
        Yuan a year that residents save in fares and time.
    minutes : Interval
        Minutes a year that they save on the way.
    visits : Interval
        Trips to it a year.
    use : Interval
        Share of the time on duty that its people are at work.
    yearly : float
        Yuan a year that it costs.
    net : Interval
        `saved` less `yearly`.
    hall_saved : float
        Yuan a year of work taken off all other places; nan where the scenario has no wage.
    behind : Interval
        Yuan a year that it saves less than the first of the ranking; where it holds zero they
        cannot be told apart.
    """

    township: str
    proposed: float
    saved: Interval
    minutes: Interval
    visits: Interval
    use: Interval
    yearly: float
    net: Interval
    hall_saved: float
    behind: Interval

    @property
    def is_behind(self) -> bool:
        """Whether it can be told apart from the first."""
        return self.behind.low > 0


class NextPoints(NamedTuple):
    """The townships where one station more saves residents most.

    Attributes
    ----------
    scenario : Scenario
        As it is, without the chosen points.
    layout : str
        Of the city hall.
    points : tuple of str
        Chosen so far.
    rows : tuple of NextPoint
        Best first; intervals of a column hold together (Bonferroni).
    screened : int
        Townships that were valued on the map.
    replications, asked : int
        Kept, and wanted.
    seed : int
    level : float
        Coverage of the intervals of a column together.
    residual : float
        Minutes: largest gap anywhere between the wait that people expect and the one they find.
    """

    scenario: Scenario
    layout: str
    points: tuple[str, ...]
    rows: tuple[NextPoint, ...]
    screened: int
    replications: int
    asked: int
    seed: int
    level: float
    residual: float = 0.0


def next_points(
    scenario: Scenario,
    points: Sequence[str] = (),
    most: int = MOST,
    layout: str | None = None,
    *,
    run: Run = Run(),
    stations: Mapping[str, ServicePoint] | None = None,
    level: float = 0.95,
) -> NextPoints:
    """Rank the townships for one station more, given those that have been chosen.

    Every other township that may get a station is valued on the map; the best are run, each with
    the chosen points, and ranked by what residents save more than with the chosen points alone.

    Parameters
    ----------
    points
        Townships chosen so far.
    most
        How many townships are run.
    run
        How to run it.
    stations
        As in `with_points`, of chosen points; the station more is `places.siting.station`.

    Raises
    ------
    OptionError
        As `with_points`; `no_township_left` when all that may get a station are chosen;
        `outside_range` when none is to be run; `not_on_cluster`.
    LawViolation
        When a run breaks a law of the hall.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> days = ["run.warmup_days=0", "run.measured_days=2", "run.followup_days=2"]
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"), days)
    >>> found = next_points(area, ["t411224204"], run=Run(replications=1, workers=1), most=2)
    >>> found.screened, len(found.rows), found.rows[0].behind.mean
    (77, 2, 0.0)
    """
    if most < 1:
        raise OptionError(Problem("outside_range", "--top", found=str(most), allowed="≥ 1"))
    values = _valued(with_points(scenario, points, stations), points)
    if not values:
        raise OptionError(Problem("no_township_left", "--next", found=str(len(points))))
    first = sorted(values, key=lambda name: -values[name])[:most]
    base, *runs = extend_each(
        scenario,
        [points, *([*points, one] for one in first)],
        layout,
        run=run,
        level=bonferroni(level, len(first)),
        stations=stations,
    )
    found = NextPoints(
        scenario,
        base.layout,
        tuple(points),
        (),
        len(values),
        base.replications,
        base.asked,
        base.seed,
        level,
        _residual([base, *runs]),
    )
    if base.replications == 0:
        return found
    more = [_beside(base, one) for one in runs]
    order = sorted(range(len(more)), key=lambda n: -_saved_of(more[n]).mean())
    best = _saved_of(more[order[0]])
    together = bonferroni(level, max(len(more) - 1, 1))
    rows = [_next_point(more[n], values[first[n]], best, together) for n in order]
    return found._replace(rows=tuple(rows))


def _residual(runs: Sequence[Extension]) -> float:
    return max(one.residual for run in runs for one in run.settled)


def _valued(extended: Scenario, points: Sequence[str]) -> dict[str, float]:
    """Yuan a year that a station more saves on the map, by township, in their order."""
    known = _map_of(extended)
    return {
        name: _saved(known, [known.first + n])
        for n, name in enumerate(known.ends)
        if name not in points
    }


def _beside(base: Extension, more: Extension) -> Extension:
    """What one set of points brings beside another that it holds."""
    return replace(
        more,
        scenario=base.extended,
        points=more.points[len(base.points) :],
        settled=(base.settled[1], more.settled[1]),
        tallies=(base.tallies[1], more.tallies[1]),
    )


def _next_point(found: Extension, proposed: float, best: Floats, level: float) -> NextPoint:
    money = found.worth
    return NextPoint(
        found.points[0],
        proposed,
        money.residents,
        t_interval(money.saved["travel"], found.level),
        money.visits,
        money.points.use,
        money.yearly,
        _less(money.residents, money.yearly),
        money.hall_saved,
        paired_difference(_saved_of(found), best, level),
    )


def _less(interval: Interval, by: float) -> Interval:
    mean, low, high = (one - by for one in interval[:3])
    return interval._replace(mean=mean, low=low, high=high)


# === how many === #


class FrontierStep(NamedTuple):
    """So many stations at the places that an integer programme gave them.

    Attributes
    ----------
    number : int
    points : tuple of str
    yearly : float
        Yuan a year that they cost.
    saved : Interval
        Yuan a year that residents save in fares and time.
    minutes : Interval
        Minutes a year that they save on the way.
    net : Interval
        `saved` less `yearly`.
    more : Interval
        Yuan a year that residents save more than at the step before.
    """

    number: int
    points: tuple[str, ...]
    yearly: float
    saved: Interval
    minutes: Interval
    net: Interval
    more: Interval


class Frontier(NamedTuple):
    """What more and more stations cost and save, on the same crowds.

    Attributes
    ----------
    scenario : Scenario
        As it is.
    layout : str
        Of the city hall.
    steps : tuple of Step
        From no station on; intervals of a column hold together (Bonferroni).
    replications, asked : int
        Kept, and wanted.
    seed : int
    level : float
        Coverage of the intervals of a column together.
    residual : float
        Minutes: largest gap anywhere between the wait that people expect and the one they find.
    """

    scenario: Scenario
    layout: str
    steps: tuple[FrontierStep, ...]
    replications: int
    asked: int
    seed: int
    level: float
    residual: float = 0.0

    @property
    def best(self) -> FrontierStep:
        """The step that is worth most after its cost; of equal ones the smallest."""
        return max(self.steps, key=lambda one: one.net.mean)


def frontier(
    scenario: Scenario,
    numbers: Sequence[int],
    layout: str | None = None,
    *,
    run: Run = Run(),
    level: float = 0.95,
) -> Frontier:
    """What each number of stations saves at its p-median, on the same crowds.

    Each number has the p-median of its own: the points of a step need not be among those of the
    next one. Numbers that give the same points are one step; the first step is no station.

    Raises
    ------
    OptionError
        `no_siting` when the scenario does not say how a new station would serve; `not_on_cluster`.
    LawViolation
        When a run breaks a law of the hall.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> days = ["run.warmup_days=0", "run.measured_days=2", "run.followup_days=2"]
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"), days)
    >>> found = frontier(area, [1, 2], run=Run(replications=1, workers=1))
    >>> [(one.number, one.saved.mean > 0) for one in found.steps]
    [(0, False), (1, True), (2, True)]
    """
    sets = [
        propose(scenario, number, ["p_median"])[0].points if number else ()
        for number in (0, *sorted(numbers))
    ]
    sets = list(dict.fromkeys(sets))
    together = bonferroni(level, max(len(sets) - 1, 1))
    runs = extend_each(scenario, sets, layout, run=run, level=together)
    none = runs[0]
    steps = [_step(before, run) for before, run in pairwise((none, *runs)) if run.replications]
    return Frontier(
        scenario,
        none.layout,
        tuple(steps),
        none.replications,
        none.asked,
        none.seed,
        level,
        _residual(runs),
    )


def _step(before: Extension, found: Extension) -> FrontierStep:
    money = found.worth
    return FrontierStep(
        len(found.points),
        found.points,
        money.yearly,
        money.residents,
        t_interval(money.saved["travel"], found.level),
        _less(money.residents, money.yearly),
        paired_difference(_saved_of(before), _saved_of(found), found.level),
    )
