"""Clerks as a planner would find them without a simulation, beside `govhall size`, same crowds.

The rules (`planner_rules.py`) are told how many people come in each half hour, and how long one
takes, as counted on the crowds of the search. What they are worth is seen on crowds that neither
they nor the search have seen.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

import sim
from sim.analysis.intervals import bonferroni
from sim.analysis.kept import kept_verdict
from sim.arrays import Floats, Ints
from sim.clock import MINUTE
from sim.plan.opening import hall_days
from sim.questions.size import SizedLayout, searched, size
from sim.runs.kept_crowds import KeptCrowds
from sim.runs.sizing import SizingProblem
from sim.scenario.scenario import Scenario
from tests.questions.known_days import KNOWN_DAYS, NINE_OF_TEN, known_hall
from tests.speed.planner_rules import RULES, equal_spread

LEVEL: Final = 0.95
"""Coverage of the intervals of a roster together."""
FIRST_FRESH: Final = 100_000
"""Replication from which on no search has seen any."""


class Roster(NamedTuple):
    """Clerks by one rule, and what they come to on crowds that nobody has seen.

    Attributes
    ----------
    clerks : ndarray(int64), shape (posts,)
    hours : float
        Clerk hours a week.
    shares : ndarray(float64), shape (cells,)
        Called in time, in each half hour; nan where nobody comes.
    broken, surely_broken : int
        Half hours in which the promise is broken, as the mean says and with its whole interval.
    """

    clerks: Ints
    hours: float
    shares: Floats
    broken: int
    surely_broken: int

    @property
    def worst(self) -> float:
        """Share of the worst half hour."""
        return float(np.nanmin(self.shares))


class Planned(NamedTuple):
    """One layout planned by every rule.

    Attributes
    ----------
    row : SizedLayout
        What `govhall size` answers.
    rosters : dict of str to Roster
        `sized`, `today`, and the rules; `equal` has the hours of `sized`, group by group.
    people : ndarray(float64), shape (posts,)
        Who come to each post's list in its half hour, on the crowds of the search.
    n_fresh : int
        Replications on which the rosters are judged.
    """

    row: SizedLayout
    rosters: dict[str, Roster]
    people: Floats
    n_fresh: int


def plan_by_every_rule(scenario: Scenario, layout: str, run: sim.Run, n_fresh: int) -> Planned:
    """Clerks by each rule for the first promise, and by `govhall size`; all judged alike.

    Parameters
    ----------
    scenario
        Its first promise is to be called within some minutes in every half hour; each window group
        has a list of its own, as the rules know nothing of lists that are shared.
    n_fresh
        Replications on which they are judged.
    """
    [row] = size(scenario, [layout], run=run).layouts
    how = run.resolved(scenario)
    with KeptCrowds(how.seed, how.engine, how.cores()) as crowds:
        problem = SizingProblem(
            searched(scenario), layout, crowds, range(how.replications), lambda: None
        )
        people, minutes = _counted(problem)
        promise = scenario.targets.promises[0]
        within = promise.within if promise.within is not None else scenario.targets.called_within
        of_promise = [
            (float(each), float(work), within / MINUTE, promise.level)
            for each, work in zip(people, minutes, strict=True)
        ]
        clerks = {
            "sized": np.array([need.clerks for need in row.needs], dtype=np.int64),
            "today": problem.staff_today[: len(problem.posts)],
            **{name: np.array([rule(*a) for a in of_promise]) for name, rule in RULES.items()},
        }
        clerks["equal"] = _equal_by_group(problem, clerks["sized"], people)
        fresh = range(FIRST_FRESH, FIRST_FRESH + n_fresh)
        rosters = {name: _judged(problem, each, fresh) for name, each in clerks.items()}
    return Planned(row, rosters, people, n_fresh)


def _counted(problem: SizingProblem) -> tuple[Floats, Floats]:
    """float64, shape (posts,), twice: people in the half hour, and minutes of work for each."""
    sums = problem.fresh_sums(problem.today, problem.replications).sum(axis=0)
    windows = problem.scenario.layout(problem.layout).windows
    list_of = {group.id: group.list_id for group in windows}
    come = {
        (cell.id, cell.days, cell.slot): count
        for cell, count in zip(problem.promised.cells, sums[:, 1].tolist(), strict=True)
        if cell.promise == 0
    }
    plan = problem.today
    weekdays = [
        day.weekday
        for day in hall_days(problem.scenario, plan.period)
        if day.n in plan.period.hall_days
    ]
    days = {kind.key: sum(d in kind.days for d in weekdays) for kind in problem.promised.kinds}
    work = {
        group: float(plan.hall.mean_service[plan.hall.list_of_window[w]] * plan.hall.factor[w])
        for w, group in enumerate(plan.names.groups)
    }
    people = [
        come[list_of[post.group], post.days, post.slot]
        / (days[post.days] * len(problem.replications))
        for post in problem.posts
    ]
    minutes = [work[post.group] / MINUTE for post in problem.posts]
    return np.array(people), np.array(minutes)


def _equal_by_group(problem: SizingProblem, clerks: Ints, people: Floats) -> Ints:
    spread = clerks.copy()
    for place in {(post.group, post.days) for post in problem.posts}:
        rows = [n for n, post in enumerate(problem.posts) if (post.group, post.days) == place]
        spread[rows] = equal_spread(clerks[rows], people[rows])
    return spread


def _judged(problem: SizingProblem, clerks: Ints, fresh: range) -> Roster:
    staff = np.concatenate([clerks, problem.staff_today[len(clerks) :]])
    sums = problem.fresh_sums(problem.plan(staff), fresh)
    promised = problem.promised
    level = bonferroni(LEVEL, len(promised.cells))
    verdicts = [
        kept_verdict(promised.interval(n, sums, level), promised.levels[n], "high")
        for n in range(len(promised.cells))
    ]
    return Roster(
        clerks,
        problem.weekly_hours(staff),
        promised.values(sums.sum(axis=0)),
        sum(verdict in ("broken", "seems_broken") for verdict in verdicts),
        verdicts.count("broken"),
    )


def planners(rounds: int) -> dict[str, dict[str, float]]:
    """Hours, half hours broken, and the worst of them, by hall and rule.

    Parameters
    ----------
    rounds
        Twice as many replications for the search, and eight times as many to judge.
    """
    halls = [(name, *known_hall(name, "run.measured_days=20")) for name in KNOWN_DAYS]
    city = sim.load_scenario(
        sim.example_path("sanmenxia.yaml"), ["run.measured_days=10", NINE_OF_TEN]
    )
    halls.append(("city_zone", city, "zone"))
    table = {}
    for name, scenario, layout in halls:
        run = sim.Run(replications=2 * rounds, seed=1)
        planned = plan_by_every_rule(scenario, layout, run, n_fresh=8 * rounds)
        for rule, roster in planned.rosters.items():
            table[f"{name}, {rule}"] = {
                "hours_a_week": roster.hours,
                "half_hours": float((~np.isnan(roster.shares)).sum()),
                "broken": float(roster.broken),
                "surely_broken": float(roster.surely_broken),
                "worst_share": roster.worst,
            }
    return table
