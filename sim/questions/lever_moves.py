"""Levers moved together: which, to which ends, and what came of it on some crowds."""

from __future__ import annotations

from typing import Final, NamedTuple

from sim.errors import Problem, ScenarioError
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.questions.levers import ENDS
from sim.questions.ranking import MeasuredScenario, measures_of
from sim.runs.task import Conditions, one_replication
from sim.scenario.edit import vary_tree
from sim.scenario.node import Node

TOGETHER: Final = 16
"""Levers of a group at first: neighbours in the scenario, which are often alike."""
HALVES: Final = 3
"""Random halves of a group that are moved to each end before it is dismissed."""
Move = tuple[tuple[int, int], ...]
"""Levers by number, each with the end to which it is moved."""
GroupMembers = tuple[int, ...]
"""Levers of a group, by number."""


class MoveTrial(NamedTuple):
    """A scenario that is made, compiled and run in one piece of work, and on which crowds."""

    tree: Node
    overrides: tuple[str, ...]
    layout: str
    conditions: Conditions
    key: str
    first: int
    end: int

    @property
    def plans(self) -> tuple[Plan, ...]:
        """None beforehand: the work makes its own."""
        return ()


class TriedMove(NamedTuple):
    """What came of a trial; nothing but problems where the scenario is unsound."""

    about: MeasuredScenario
    same_budget: bool
    problems: tuple[Problem, ...] = ()


def try_move(trial: MoveTrial, _: int) -> TriedMove:
    """Make the scenario with the move in it, and run it on its crowds."""
    try:
        varied = vary_tree(trial.tree, trial.overrides)
    except ScenarioError as error:
        return TriedMove(MeasuredScenario((), ()), same_budget=True, problems=error.problems)
    plan = compile_plan(varied.scenario, trial.layout)
    called_within = varied.scenario.targets.called_within
    conditions = trial.conditions._replace(called_within=called_within)
    crowds = range(trial.first, trial.end)
    tallies = tuple(one_replication((plan,), conditions, crowd)[0] for crowd in crowds)
    about = MeasuredScenario(measures_of(varied.scenario, trial.key), tallies)
    return TriedMove(about, varied.same_budget)


def both_ends(group: GroupMembers) -> tuple[Move, ...]:
    """A group moved to all its low ends, and to all its high ones."""
    return tuple(tuple((n, end) for n in group) for end in range(ENDS))
