"""New stations in townships: the same people with and without them, and online instead."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

import numpy as np

from sim.analysis.access import LIMITS
from sim.analysis.area import BURDENS, AreaTally
from sim.analysis.estimates import Estimate
from sim.analysis.intervals import (
    Interval,
    bonferroni,
    paired_difference,
    ratio_difference,
    ratio_interval,
    t_interval,
)
from sim.analysis.judge import matters_from
from sim.analysis.money import Accounts, break_even
from sim.arrays import Floats
from sim.clock import DAY, HOUR, MINUTE
from sim.engine.run import Engine, prepare
from sim.errors import OptionError, Problem
from sim.plan.compile import compile_plan, freeze
from sim.plan.layout import HOME, duty_of_places
from sim.plan.plan import Plan
from sim.plan.year import Year, as_year, period_of_year, year_of
from sim.runs.crowds import Crowds
from sim.runs.run import Run
from sim.runs.settle import Equilibrium
from sim.scenario.edit_places import with_points
from sim.scenario.places import Place, ServicePoint
from sim.scenario.scenario import Scenario
from sim.scenario.travel import Ways, ways_to_places

AreaBy = Literal["township", "county", "class"]

UNITS: Final = {
    "trips": "trip",
    "travel": "min",
    "inside": "min",
    "fare": "yuan",
    "resident_cost": "yuan",
    **{f"within_{limit:.0f}": "share" for limit in LIMITS},
    "worst_tenth": "min",
    "gini": "number",
}
"""Measures of the area and their units; a case, but for shares of trips and unevenness."""
MORE_IS_BETTER: Final = ("within_15", "within_30", "within_60")
NEITHER_IS_BETTER: Final = ("visits", "utilisation")
"""Of all other measures less is better."""


class Effect(NamedTuple):
    """One measure with the places that are open now, and with the new ones.

    Attributes
    ----------
    measure, unit : str
        As in `UNITS`.
    before, after, difference : Interval
        `difference` is after minus before, on the same crowds.
    matters_from : float
        Size from which a difference matters.
    """

    measure: str
    unit: str
    before: Interval
    after: Interval
    difference: Interval
    matters_from: float = 0.0


class GroupEffect(NamedTuple):
    """What a group of people gains.

    Attributes
    ----------
    by : str
        What it is a group of.
    group : str
        Its id.
    cases : float
        Cases of the year.
    effects : tuple of Effect
        One for each burden; differences of a measure hold for all groups together.
    """

    by: AreaBy
    group: str
    cases: float
    effects: tuple[Effect, ...]


class PlaceEffect(NamedTuple):
    """What a place bears before and after; what is new has nothing before.

    Attributes
    ----------
    place : str
        Its id.
    is_new : bool
        A station that was opened.
    visits, wait, utilisation : Effect
        Trips there a hall day of the year; on the measured days minutes waited a ticket, and share
        of the time on duty.
    """

    place: str
    is_new: bool
    visits: Effect
    wait: Effect
    utilisation: Effect


class Worth(NamedTuple):
    """The money both ways, of the calendar year in which the measured days begin.

    Attributes
    ----------
    yearly : float
        Yuan a year that the new stations cost.
    visits : Interval
        Trips to them.
    residents : Interval
        Yuan that residents save in fares and time.
    hall_hours : Interval
        Hours of work taken off the other places.
    hall_saved : float
        Yuan that these hours are paid; nan where the scenario has no wage. It is saved only if the
        clerks are needed elsewhere.
    break_even, break_even_both : float
        Trips to the stations from which residents alone, and residents and the hours of the other
        places together, save what they cost; inf = never, nan where the scenario has no wage.
    """

    yearly: float
    visits: Interval
    residents: Interval
    hall_hours: Interval
    hall_saved: float
    break_even: float
    break_even_both: float


class Extension(NamedTuple):
    """The same crowds with the places that are open now and with new stations.

    Attributes
    ----------
    scenario, extended : Scenario
        As it is, and with the stations.
    layout : str
        Id of the layout of the city hall.
    points : tuple of str
        Townships that get a station.
    settled : tuple of Settled
        Plans whose people know the waits: before, after, and online instead if that was run.
    tallies : tuple of tuple of AreaTally
        Replications in order, for each of them.
    seed, asked : int
        First crowd, and replications that were wanted.
    engine : str
    year : Year
        Of which yearly figures speak, and for which of its cases the measured ones stand.
    level : float
        Coverage of each interval.
    """

    scenario: Scenario
    extended: Scenario
    layout: str
    points: tuple[str, ...]
    settled: tuple[Equilibrium, ...]
    tallies: tuple[tuple[AreaTally, ...], ...]
    year: Year
    seed: int
    asked: int
    engine: Engine
    level: float = 0.95

    @property
    def replications(self) -> int:
        """Replications kept: the first so many, without a gap."""
        return len(self.tallies[0])

    @property
    def opened(self) -> tuple[Place, ...]:
        """The new stations, in the order of `points`."""
        assert self.scenario.places is not None
        assert self.extended.places is not None
        return self.extended.places.open[len(self.scenario.places.open) :]

    @property
    def has_rival(self) -> bool:
        """Whether the same number of cases was tried online instead."""
        return len(self.tallies) > 2


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
    >>> found = extend(area, ["t411224204"], run=Run(replications=1, workers=1), rival=False)
    >>> travel = next(one for one in effects(found) if one.measure == "travel")
    >>> travel.difference.mean < 0
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
    >>> none, one = extend_each(area, [[], ["t411224204"]], run=Run(replications=1, workers=1))
    >>> worth(none).residents.mean, worth(one).residents.mean > 0
    (0.0, True)
    """
    wider = [_wider(scenario, points, sets, stations or {}) for points in sets]
    scenarios = [scenario, *(one for one in wider if one is not scenario)]
    name = layout or scenario.layouts[0].id
    first = compile_plan(scenario, name)
    # stations change nothing that is drawn: one demand stands for all
    others = (compile_plan(one, name)._replace(demand=first.demand) for one in scenarios[1:])
    plans = [first, *others]
    how = run.resolved(scenario)
    asked, start, engine = how.replications, how.seed, how.engine
    rivals = len(scenarios) - 1 if rival and first.office.online_department >= 0 else 0
    crowds = Crowds(len(plans) + rivals, how)
    prepare(first, engine)
    assert scenario.places is not None
    value = scenario.places.travel.value_of_time_yuan_per_h
    settled, year = crowds.settle(plans), year_of(scenario)
    ways = [ways_of(one, plan) for one, plan in zip(scenarios, plans, strict=True)]
    tallies = crowds.serve([one.plan for one in settled], ways, value, year.weights)
    found = []
    for points, one in zip(sets, wider, strict=True):
        n = next(n for n, other in enumerate(scenarios) if other is one)
        both, rows = (settled[0], settled[n]), (tallies[0], tallies[n])
        found.append(
            Extension(
                scenario, one, name, tuple(points), both, rows, year, start, asked, engine, level
            )
        )
    if not rivals or found[0].replications < asked:
        return tuple(found)
    with_some = [n for n, points in enumerate(sets) if points]
    third = crowds.settle([online_instead(first, moved(found[n]), year) for n in with_some])
    more = crowds.serve([one.plan for one in third], ways[:1] * len(third), value, year.weights)
    if len(more[0]) < asked:
        return tuple(found)
    for n, one_settled, rows_online in zip(with_some, third, more, strict=True):
        kept = found[n]
        found[n] = kept._replace(
            settled=(*kept.settled, one_settled), tallies=(*kept.tallies, rows_online)
        )
    return tuple(found)


def _wider(
    scenario: Scenario,
    points: Sequence[str],
    sets: Sequence[Sequence[str]],
    stations: Mapping[str, ServicePoint],
) -> Scenario:
    """With one of several sets of points; a station that is of none of them is an error."""
    used = {name for one in sets for name in one}
    own = {name: one for name, one in stations.items() if name in points or name not in used}
    opened = with_points(scenario, points, own)
    return opened if points else scenario


def ways_of(scenario: Scenario, plan: Plan) -> Ways:
    """Ways between townships and places in the order of a plan, also where there is one place."""
    if plan.journeys is not None:
        return Ways(plan.journeys.minutes, plan.journeys.km, plan.journeys.yuan)
    towns = scenario.applicants.townships
    rows = sorted(range(len(towns)), key=lambda n: towns[n].id)
    return Ways(*(one[rows] for one in ways_to_places(scenario)))


def moved(found: Extension) -> Floats:
    """float64, shape (M,): cases of each matter that come to a new station in the year."""
    new = len(found.settled[0].plan.names.places)
    came = np.array([one.matter_at[new:].sum(axis=0) for one in found.tallies[1]])
    stood_for = _cases(found.tallies[1]).sum()
    if not stood_for > 0:
        return np.zeros(came.shape[1:])
    return np.asarray(came.sum(axis=0) * found.year.counted / stood_for)


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
    np.add.at(volume, demand.matter_of_flow, np.where(year.measured > 0, year.cases, 0.0))
    more = np.divide(cases, volume, out=np.zeros(len(cases)), where=volume > 0)
    share = np.minimum(demand.online_share + more[demand.matter_of_flow], 1.0)
    changed = plan._replace(demand=demand._replace(online_share=share))
    freeze(changed)
    return changed


# === what comes of it === #


def effects(found: Extension, against: int = 1) -> tuple[Effect, ...]:
    """All measures of the area; `against` 2 = online instead of new stations."""
    before, after = found.tallies[0], found.tallies[against]
    burdens = [
        _ratio(
            name,
            [t.burdens[:, k].sum() for t in before],
            _cases(before),
            [t.burdens[:, k].sum() for t in after],
            _cases(after),
            found.level,
        )
        for k, name in enumerate(BURDENS)
    ]
    near = [
        _ratio(
            f"within_{limit:.0f}",
            [t.near[k] for t in before],
            _trips(before),
            [t.near[k] for t in after],
            _trips(after),
            found.level,
        )
        for k, limit in enumerate(LIMITS)
    ]
    uneven = [
        Effect(
            name,
            UNITS[name],
            t_interval(one, found.level),
            t_interval(two, found.level),
            paired_difference(one, two, found.level),
        )
        for name, one, two in (
            ("worst_tenth", [t.worst for t in before], [t.worst for t in after]),
            ("gini", [t.gini for t in before], [t.gini for t in after]),
        )
    ]
    return tuple(_sized(one, found) for one in (*burdens, *near, *uneven))


def group_effects(found: Extension, by: AreaBy, against: int = 1) -> tuple[GroupEffect, ...]:
    """The burdens of each group; those of a measure hold together (Bonferroni)."""
    before, after = (_groups(found, by, n) for n in (0, against))
    level = bonferroni(found.level, max(len(before), 1))  # an empty area has no group
    each = found.year.counted / max(_cases(found.tallies[0]).sum(), 1e-12)
    return tuple(
        GroupEffect(
            by,
            group,
            float(before[group][0].sum() * each),
            tuple(
                _sized(
                    _ratio(
                        name,
                        before[group][1][:, k],
                        before[group][0],
                        after[group][1][:, k],
                        after[group][0],
                        level,
                    ),
                    found,
                )
                for k, name in enumerate(BURDENS)
            ),
        )
        for group in before
    )


def _groups(found: Extension, by: AreaBy, n: int) -> dict[str, tuple[Floats, Floats]]:
    """Cases (R,) and burdens (R, burdens) of each group that has a case."""
    names, tallies = found.settled[0].plan.names, found.tallies[n]
    if by == "class":
        labels: Sequence[str] = names.classes
        cases = np.array([t.class_cases for t in tallies])
        sums = np.array([t.class_burdens for t in tallies])
    else:
        labels = names.townships if by == "township" else names.counties
        cases = np.array([t.cases for t in tallies])
        sums = np.array([t.burdens for t in tallies])
    found_in = {}
    for label in dict.fromkeys(labels):
        mine = [n for n, one in enumerate(labels) if one == label]
        found_in[label] = cases[:, mine].sum(axis=1), sums[:, mine].sum(axis=1)
    return {label: one for label, one in found_in.items() if one[0].sum() > 0}


def place_effects(found: Extension, against: int = 1) -> tuple[PlaceEffect, ...]:
    """What each place bears: the small points beside the halls, so that pooling loss shows."""
    before, after = found.tallies[0], found.tallies[against]
    old = len(found.settled[0].plan.names.places)
    a_hall_day = found.year.counted / max(found.year.hall_days, 1)
    rows = []
    for p, name in enumerate(found.settled[against].plan.names.places):
        both = ((before, old), (after, p + 1))
        came = [
            np.array([t.visits[p] * a_hall_day if p < n else 0.0 for t in tallies])
            for tallies, n in both
        ]
        columns = [
            _ratio(
                "visits", came[0], _cases(before), came[1], _cases(after), found.level, unit="trip"
            )
        ]
        for column, of, measure, unit in (
            ("wait", "waited", "wait", "min"),
            ("busy", "on_duty", "utilisation", "share"),
        ):
            scale = MINUTE if measure == "wait" else 1.0
            one, two = (
                np.array([getattr(t.loads, column)[p] / scale if p < n else 0.0 for t in tallies])
                for tallies, n in both
            )
            counts = [
                np.array([float(getattr(t.loads, of)[p]) if p < n else 0.0 for t in tallies])
                for tallies, n in both
            ]
            effect = _ratio(measure, one, counts[0], two, counts[1], found.level, unit=unit)
            columns.append(effect)
        rows.append(PlaceEffect(name, p >= old, *(_sized(one, found) for one in columns)))
    return tuple(rows)


def worth(found: Extension) -> Worth:
    """The money both ways: what the stations cost a year, and what they save."""
    old = len(found.settled[0].plan.names.places)
    yearly = sum(place.yearly_cost for place in found.opened)
    before, after = found.tallies[:2]
    visits = a_year(found, [t.visits[old:].sum() for t in after])
    saved = saved_a_year(found)
    hours = a_year(
        found,
        [
            (one.work.sum() - two.work[:old].sum()) / HOUR
            for one, two in zip(before, after, strict=True)
        ],
    )
    money = found.scenario.money
    wage = math.nan if money is None else money.clerk_yuan_per_hour
    trips = float(visits.sum())
    each = Accounts(0.0, 0.0)
    if trips > 0:
        each = Accounts(float(hours.sum()) * wage / trips, float(saved.sum()) / trips)
    return Worth(
        yearly,
        t_interval(visits, found.level),
        t_interval(saved, found.level),
        t_interval(hours, found.level),
        float(hours.mean()) * wage,
        break_even(yearly, each.residents),
        break_even(yearly, each.both) if money is not None else math.nan,
    )


def a_year(found: Extension, sums: Floats | Sequence[float]) -> Floats:
    """float64, shape (replications,): what a sum over the counted cases comes to in the year.

    The year has its expected cases, whatever number was drawn: a replication says what one case
    comes to. Their mean is the ratio of sums times the cases of the year; how far each lies from it
    is linearised, so that intervals of the mean are those of the ratio.

    Parameters
    ----------
    sums : array_like, shape (replications,)
        Each case counted as often as it stands for others, as in `AreaTally`.

    References
    ----------
    Cochran (1977), Sampling Techniques, 3rd ed., ch. 6.
    """
    each, cases = np.asarray(sums, dtype=np.float64), _cases(found.tallies[0])
    if not cases.sum() > 0:
        return np.zeros(len(cases))
    a_case = each.sum() / cases.sum()
    return np.asarray(found.year.counted * (a_case + (each - a_case * cases) / cases.mean()))


def saved_a_year(found: Extension, burden: str = "resident_cost") -> Floats:
    """float64, shape (replications,): what residents save of a burden in a year, as `a_year`."""
    k = BURDENS.index(burden)
    before, after = found.tallies[:2]
    return a_year(
        found,
        [
            one.burdens[:, k].sum() - two.burdens[:, k].sum()
            for one, two in zip(before, after, strict=True)
        ],
    )


class JointService(NamedTuple):
    """How several places serve together.

    Attributes
    ----------
    use : Interval
        Share of the time on duty that their people are at work.
    wait : Interval
        Minutes that a ticket waits.
    """

    use: Interval
    wait: Interval


def service_of_points(found: Extension) -> JointService:
    """How the new stations serve."""
    return _service(found, slice(len(found.settled[0].plan.names.places), None))


def service_of_others(found: Extension) -> JointService:
    """How all other places serve, once the stations are open."""
    return _service(found, slice(0, len(found.settled[0].plan.names.places)))


def _service(found: Extension, places: slice) -> JointService:
    loads = [one.loads for one in found.tallies[1]]
    busy, on_duty, wait, waited = (
        [float(getattr(one, column)[places].sum()) for one in loads]
        for column in ("busy", "on_duty", "wait", "waited")
    )
    minutes = [one / MINUTE for one in wait]
    return JointService(
        ratio_interval(busy, on_duty, found.level, bounds=(0.0, math.inf)),
        ratio_interval(minutes, waited, found.level, bounds=(0.0, math.inf)),
    )


def measured_days(found: Extension) -> int:
    """Hall days on which the people who are counted began."""
    return found.year.measured_hall_days


def administration_cost(found: Extension, against: int) -> Interval:
    """Yuan a case of the year that all places cost; nan where the scenario has no wage.

    A place with a yearly cost costs that; any other one costs the wages of who is on duty by its
    roster on the days of the year, with as much overtime in proportion as on the measured days.

    Parameters
    ----------
    against
        0 = as it is, 1 = with the stations, 2 = online instead.
    """
    money, scenario = found.scenario.money, found.extended if against == 1 else found.scenario
    if money is None or not found.year.counted > 0:
        return Interval(math.nan, math.nan, math.nan, 0, found.level)
    assert scenario.places is not None
    yearly = {place.id: place.yearly_cost for place in scenario.places.open}
    plan = found.settled[against].plan
    names = plan.names.places
    of_place = np.array([0.0, *(yearly[name.removesuffix(HOME)] for name in names[1:])])
    # agents who visit people at home are in the cost of their place
    fixed = np.where([name.endswith(HOME) for name in names], 0.0, of_place)
    hours = duty_a_year(scenario, found.layout) / HOUR
    measured = measured_duty(plan)
    costs = []
    for tally in found.tallies[against]:
        paid = np.divide(tally.loads.on_duty, measured, out=np.ones(len(names)), where=measured > 0)
        wages = hours * paid * money.clerk_yuan_per_hour
        costs.append(float(np.where(of_place > 0, fixed, wages).sum()) / found.year.counted)
    return t_interval(costs, found.level)


def duty_a_year(scenario: Scenario, layout: str) -> Floats:
    """float64, shape (P,): ticks on duty by roster at each place in the calendar year."""
    whole = as_year(scenario)
    duty = duty_of_places(whole, whole.layout(layout), period_of_year(whole))
    return duty.astype(np.float64)


def measured_duty(plan: Plan) -> Floats:
    """float64, shape (P,): ticks on duty by roster at each place on the measured days."""
    hall, period = plan.hall, plan.period
    window = np.repeat(np.arange(len(hall.payroll)), np.diff(hall.duty_offsets))
    paid = (hall.payroll == hall.group_of_window)[window]
    first, last = period.measured_from * DAY, period.measured_until * DAY
    ticks = np.clip(hall.duty_ends, first, last) - np.clip(hall.duty_starts, first, last)
    place = hall.place_of_list[hall.list_of_window][window]
    sums = np.bincount(place[paid], ticks[paid], minlength=len(plan.names.places))
    return sums.astype(np.float64)


def _cases(tallies: Sequence[AreaTally]) -> Floats:
    return np.array([one.cases.sum() for one in tallies])


def _trips(tallies: Sequence[AreaTally]) -> Floats:
    return np.array([one.burdens[:, BURDENS.index("trips")].sum() for one in tallies])


def difference_of(one: Effect) -> Estimate:
    """The difference of an effect, with which way is better.

    Examples
    --------
    >>> some = Interval(1.0, 0.5, 1.5, n=9)
    >>> difference_of(Effect("within_30", "share", some, some, some)).better
    'high'
    """
    better = "low"
    if one.measure in MORE_IS_BETTER:
        better = "high"
    elif one.measure in NEITHER_IS_BETTER:
        better = "neither"
    return Estimate(one.measure, one.unit, better, one.difference, one.matters_from)


def _sized(one: Effect, found: Extension) -> Effect:
    """An effect with the size from which it matters."""
    level = (one.before.mean + one.after.mean) / 2
    size = matters_from(found.scenario.targets, one.measure, one.unit, level)
    return one._replace(matters_from=size if math.isfinite(size) else 0.0)


def _ratio(
    measure: str,
    sums: Floats | Sequence[float],
    counts: Floats,
    sums_after: Floats | Sequence[float],
    counts_after: Floats,
    level: float,
    unit: str | None = None,
) -> Effect:
    one, two = np.asarray(sums, dtype=np.float64), np.asarray(sums_after, dtype=np.float64)
    return Effect(
        measure,
        unit or UNITS[measure],
        ratio_interval(one, counts, level),
        ratio_interval(two, counts_after, level),
        ratio_difference(one, counts, two, counts_after, level),
    )
