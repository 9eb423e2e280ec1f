"""New stations in townships: the same people with and without them, and online instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from sim.arrays import Floats
from sim.engine.run import prepare
from sim.errors import OptionError, Problem
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.plan.year import Year, year_of
from sim.questions.extension import Extension, diverted_cases
from sim.questions.question import one_layout
from sim.runs.crowds import Crowds
from sim.runs.run import Run
from sim.scenario.edit_places import with_points
from sim.scenario.places import ServicePoint
from sim.scenario.scenario import Scenario
from sim.scenario.travel import Ways, ways_to_places


def extend(
    scenario: Scenario,
    points: Sequence[str],
    layout: str | None = None,
    *,
    run: Run = Run(),
    rival: bool = True,
    level: float = 0.95,
    stations: Mapping[str, ServicePoint] | None = None,
) -> Extension:
    """Serve the same crowds with and without new stations; people know the waits of both.

    Parameters
    ----------
    points
        Townships that get a station.
    layout
        Of the city hall; default: the first of the scenario.
    run
        How to run it.
    rival
        Also let as many cases of the same matters apply online instead, with no new station.
    stations
        As in `with_points`.

    Raises
    ------
    OptionError
        As `with_points`; `no_points` when there is none; `not_on_cluster`.
    ScenarioError
        For an unknown layout.
    LawViolation
        When a run breaks a law of the hall.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> days = ["run.warmup_days=0", "run.measured_days=2", "run.followup_days=2"]
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"), days)
    >>> extension = extend(area, ["t411224204"], run=Run(replications=1, workers=1), rival=False)
    >>> extension.summary.stations.effect("travel").difference.mean < 0
    True
    """
    if not points:
        raise OptionError(Problem("no_points", "--points"))
    [extension] = extend_each(
        scenario, [points], layout, run=run, rival=rival, level=level, stations=stations
    )
    return extension


def extend_each(
    scenario: Scenario,
    sets: Sequence[Sequence[str]],
    layout: str | None = None,
    *,
    run: Run = Run(),
    rival: bool = False,
    level: float = 0.95,
    stations: Mapping[str, ServicePoint] | None = None,
) -> tuple[Extension, ...]:
    """Serve the same crowds as it is, once, and with each of several sets of new stations.

    What is found for a set is what `extend` finds for it alone. Stopped early, all sets keep the
    same first replications.

    Parameters
    ----------
    sets
        Townships that get a station; a set without any is the scenario as it is.
    run
        How to run it.
    rival
        Also serve, for each set, as many cases online instead.
    stations
        As in `with_points`, for each set that has the township.

    Raises
    ------
    OptionError
        As `with_points`; `not_on_cluster`.
    ScenarioError
        For an unknown layout.
    LawViolation
        When a run breaks a law of the hall.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> days = ["run.warmup_days=0", "run.measured_days=2", "run.followup_days=2"]
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"), days)
    >>> none, some = extend_each(area, [[], ["t411224204"]], run=Run(replications=1, workers=1))
    >>> none.worth.residents.mean, some.worth.residents.mean > 0
    (0.0, True)
    """
    wider = [_wider(scenario, points, sets, stations or {}) for points in sets]
    scenarios = [scenario, *(area for area in wider if area is not scenario)]
    name = layout or scenario.layouts[0].id
    first = compile_plan(scenario, name)
    # stations change nothing that is drawn: one demand stands for all
    others = (compile_plan(area, name)._replace(demand=first.demand) for area in scenarios[1:])
    plans = [first, *others]
    how = run.resolved(scenario)
    replications, start, engine = how.replications, how.seed, how.engine
    rivals = len(scenarios) - 1 if rival and first.office.online_department >= 0 else 0
    crowds = Crowds(len(plans) + rivals, how)
    prepare(first, engine)
    assert scenario.places is not None
    value = scenario.places.travel.value_of_time_yuan_per_h
    settled, year = crowds.solve_equilibria(plans), year_of(scenario)
    ways = [ways_of(area, plan) for area, plan in zip(scenarios, plans, strict=True)]
    tallies = crowds.serve([equilibrium.plan for equilibrium in settled], ways, value, year.weights)
    extensions = []
    for points, area in zip(sets, wider, strict=True):
        n = next(n for n, candidate in enumerate(scenarios) if candidate is area)
        both, rows = (settled[0], settled[n]), (tallies[0], tallies[n])
        extensions.append(
            Extension(
                scenario,
                area,
                name,
                tuple(points),
                both,
                rows,
                year,
                start,
                replications,
                engine,
                level,
            )
        )
    if not rivals or extensions[0].replications < replications:
        return tuple(extensions)
    with_some = [n for n, points in enumerate(sets) if points]
    third = crowds.solve_equilibria(
        [online_instead(first, diverted_cases(extensions[n]), year) for n in with_some]
    )
    more = crowds.serve(
        [served.plan for served in third], ways[:1] * len(third), value, year.weights
    )
    if len(more[0]) < replications:
        return tuple(extensions)
    for n, one_settled, rows_online in zip(with_some, third, more, strict=True):
        extension = extensions[n]
        extensions[n] = replace(
            extension,
            settled=(*extension.settled, one_settled),
            tallies=(*extension.tallies, rows_online),
        )
    return tuple(extensions)


def _wider(
    scenario: Scenario,
    points: Sequence[str],
    sets: Sequence[Sequence[str]],
    stations: Mapping[str, ServicePoint],
) -> Scenario:
    """With one of several sets of points; a station that is of none of them is an error."""
    used = {name for names in sets for name in names}
    own = {
        name: station for name, station in stations.items() if name in points or name not in used
    }
    opened = with_points(scenario, points, own)
    return opened if points else scenario


def ways_of(scenario: Scenario, plan: Plan) -> Ways:
    """Ways between townships and places in the order of a plan, also where there is one place."""
    if plan.journeys is not None:
        return Ways(plan.journeys.minutes, plan.journeys.km, plan.journeys.yuan)
    towns = scenario.applicants.townships
    rows = sorted(range(len(towns)), key=lambda n: towns[n].id)
    return Ways(*(table[rows] for table in ways_to_places(scenario)))


def online_instead(plan: Plan, cases: Floats, year: Year) -> Plan:
    """The plan with so many cases of each matter more applying online in a year.

    Who applied online before still does; nobody's other draws change.

    Parameters
    ----------
    cases : ndarray, shape (M,)
        Expected cases; where fewer are left at the windows, all of them.
    """
    demand = plan.demand
    volume = np.zeros(len(cases))
    np.add.at(volume, demand.flows.matter, np.where(year.measured > 0, year.cases, 0.0))
    more = np.divide(cases, volume, out=np.zeros(len(cases)), where=volume > 0)
    share = np.minimum(demand.flows.online_share + more[demand.flows.matter], 1.0)
    flows = demand.flows._replace(online_share=share)
    return plan._replace(demand=demand._replace(flows=flows))


@dataclass(frozen=True)
class ExtendQuestion:
    """What do new stations in these townships bring?

    Attributes
    ----------
    points : tuple of str
        Townships that get a station.
    layout : str or None
        Of the city hall; None = the first of the scenario.
    stations : mapping
        As in `with_points`.
    rival : bool
        Also run as many cases online instead.
    level : float
        Coverage of each interval.
    """

    points: tuple[str, ...]
    layout: str | None = None
    stations: Mapping[str, ServicePoint] = field(default_factory=dict)
    rival: bool = True
    level: float = 0.95

    @property
    def layouts(self) -> tuple[str, ...]:
        """The layout of the city hall."""
        return one_layout(self.layout)

    def runs(self, scenario: Scenario) -> int:
        """The scenario as it is, and with the stations."""
        del scenario
        return 2

    def answer(self, scenario: Scenario, *, run: Run = Run()) -> Extension:
        """The same crowds with and without the stations."""
        return extend(
            scenario,
            self.points,
            self.layout,
            run=run,
            rival=self.rival,
            level=self.level,
            stations=self.stations,
        )
