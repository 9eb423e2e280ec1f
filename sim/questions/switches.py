"""What do service modes bring, alone and together, against the hall as it is?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any, Final, NamedTuple

from sim.analysis.estimates import Estimate
from sim.analysis.intervals import Interval, bonferroni
from sim.analysis.judge import judge
from sim.analysis.offered import offered_load
from sim.errors import OptionError, Problem
from sim.plan.compile import compile_plan
from sim.questions.columns import LEVEL_OR_DIFFERENCE, AnswerColumn, AnswerRows
from sim.questions.question import one_layout
from sim.questions.reform import follow
from sim.questions.sweep import tallies_of
from sim.runs.replicate import Study
from sim.runs.run import Run
from sim.scenario.scenario import Scenario
from sim.scenario.switches import SWITCHES, HallSwitch, with_switches

MOST_SWITCHES: Final = 4
"""At a time: all their combinations are run."""
SHOWN: Final = ("wait", "called_within", "give_up_share", "trips", "turnaround")
"""Measures that are told of each combination, where there is something to count: none is counted by
the day, as halls with a Saturday have other days."""


class SwitchStep(NamedTuple):
    """The hall with some service modes.

    Attributes
    ----------
    switches : tuple of str
        Names of the modes that are on; empty = the hall as it is.
    estimates : tuple of Estimate
        Of the measures `SHOWN`, where there was something to count.
    differences : tuple of Estimate
        From the hall as it is; none for that itself.
    same_people : bool
        The same people want the same at the same instants as in the hall as it is.
    """

    switches: tuple[str, ...]
    estimates: tuple[Estimate, ...]
    differences: tuple[Estimate, ...]
    same_people: bool

    def estimate(self, measure: str) -> Estimate | None:
        """One measure; None when there was nothing to count."""
        return next((each for each in self.estimates if each.measure == measure), None)

    def difference(self, measure: str) -> Estimate | None:
        """How far one measure is from the hall as it is; None for that itself."""
        return next((each for each in self.differences if each.measure == measure), None)


class SwitchedHall(NamedTuple):
    """All combinations of some service modes, on the same crowds.

    Attributes
    ----------
    scenario : Scenario
        As it is.
    layout : str
    switches : tuple of HallSwitch
        With their numbers.
    steps : tuple of SwitchStep
        The hall as it is first, then each mode alone, then two of them …
    replications, asked : int
        Kept, and wanted.
    seed : int
    level : float
        Coverage of all differences of one measure together.
    """

    scenario: Scenario
    layout: str
    switches: tuple[HallSwitch, ...]
    steps: tuple[SwitchStep, ...]
    replications: int
    asked: int
    seed: int
    level: float

    @property
    def figures(self) -> tuple[SwitchFigure, ...]:
        """Every measure of every combination, and how far it is from the hall as it is."""
        return tuple(_figure(step, estimate) for step in self.steps for estimate in step.estimates)


class SwitchFigure(NamedTuple):
    """One measure of the hall with some service modes.

    Attributes
    ----------
    switches : tuple of str
        Names of the modes that are on; empty = the hall as it is.
    same_people : bool or None
        As of its `SwitchStep`; None for the hall as it is.
    measure, unit : str
    value : Interval
    difference : Interval
        From the hall as it is; nan for that itself, and where there was nothing to count.
    matters_from : float or None
        Size from which the difference matters.
    judgement : str or None
        What the difference allows to say.
    """

    switches: tuple[str, ...]
    same_people: bool | None
    measure: str
    unit: str
    value: Interval
    difference: Interval
    matters_from: float | None
    judgement: str | None


def _figure(step: SwitchStep, estimate: Estimate) -> SwitchFigure:
    moved, value = step.difference(estimate.measure), estimate.interval
    nothing = Interval(math.nan, math.nan, math.nan, value.n, value.level)
    return SwitchFigure(
        step.switches,
        step.same_people if step.switches else None,
        estimate.measure,
        estimate.unit,
        value,
        nothing if moved is None else moved.interval,
        None if moved is None else moved.matters_from,
        None if moved is None else judge(moved),
    )


def combinations_of(switches: Sequence[HallSwitch]) -> tuple[tuple[HallSwitch, ...], ...]:
    """None of them, each alone, each two … all of them.

    Examples
    --------
    >>> pair = HallSwitch("online", (50, 3)), HallSwitch("training", (23, 22))
    >>> [len(each) for each in combinations_of(pair)]
    [0, 1, 1, 2]
    """
    return tuple(chosen for n in range(len(switches) + 1) for chosen in combinations(switches, n))


def _halls(
    scenario: Scenario, layout: str, chosen: Sequence[tuple[HallSwitch, ...]]
) -> list[Scenario]:
    """The hall with each combination; tidal windows serve its busiest list."""
    most = max(map(len, chosen))
    if not 1 <= most <= MOST_SWITCHES:
        allowed = f"1–{MOST_SWITCHES}"
        raise OptionError(Problem("too_many_switches", found=str(most), allowed=allowed))
    loads = offered_load(compile_plan(scenario, layout))
    groups = [load for load in loads if load.kind == "group"]
    busy, idle = (pick(groups, key=lambda load: load.load).id for pick in (max, min))
    return [with_switches(scenario, layout, each, busy, idle) for each in chosen]


@lru_cache(maxsize=16)
def _make_last(scenario: Scenario, layout: str, switches: tuple[HallSwitch, ...]) -> Scenario:
    """The hall with all of them; a page asks again and again whether it can be made."""
    return _halls(scenario, layout, [switches])[0]


def fully_switched(answer: SwitchedHall) -> Scenario:
    """The scenario with all service modes that were asked, to run it.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.scenario.switches import read_switches
    >>> hall = load_scenario(example_path("sanmenxia.yaml"), ["run.measured_days=1"])
    >>> asked = SwitchedHall(hall, "zone", read_switches(["booking"]), (), 0, 0, 1, 0.95)
    >>> fully_switched(asked).hash == hall.hash
    False
    """
    return _make_last(answer.scenario, answer.layout, answer.switches)


def compare_switches(
    scenario: Scenario,
    switches: Sequence[HallSwitch],
    layout: str | None = None,
    *,
    run: Run = Run(),
    level: float = 0.95,
) -> SwitchedHall:
    """Every combination of some service modes against the hall as it is, with the same seed.

    Tidal windows serve the list whose windows are busiest, with idle clerks of those that are
    least so (offered load).

    Raises
    ------
    OptionError
        `too_many_switches` for none, or more than `MOST_SWITCHES`; `not_on_cluster`.
    ScenarioError
        As `with_switches`.
    LawViolation
        When a run breaks a law of the hall.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> days = ["run.measured_days=2", "run.replications=2"]
    >>> hall = load_scenario(example_path("exact/hall_day.yaml"), days)
    >>> answer = compare_switches(hall, [HallSwitch("online", (50, 3))], run=Run(workers=1))
    >>> online = answer.steps[1]
    >>> online.switches, online.difference("wait").interval.mean < 0
    (('online',), True)
    """
    name = layout or scenario.layouts[0].id
    chosen = combinations_of(switches)
    halls = _halls(scenario, name, chosen)
    how = run.resolved(scenario)
    rows = tallies_of(halls, [name], (), run=how)
    studies = [
        Study(
            hall, (name,), (compile_plan(hall, name),), how.seed, how.replications, how.engine, row
        )
        for hall, row in zip(halls, rows, strict=True)
    ]
    n_done = studies[0].replications
    steps = tuple(_steps(chosen, studies, name, level)) if n_done else ()
    return SwitchedHall(
        *(scenario, name, tuple(switches), steps, n_done, how.replications, how.seed, level)
    )


def _steps(
    chosen: Sequence[tuple[HallSwitch, ...]], studies: Sequence[Study], layout: str, level: float
) -> Iterator[SwitchStep]:
    """What each combination comes to; each is set against the hall as it is."""
    together = bonferroni(level, len(studies) - 1)
    for n, study in enumerate(studies):
        after = follow([studies[0], study], layout, level=together).changes[1]
        [alone] = follow([study], layout, level=level).changes
        yield SwitchStep(
            tuple(switch.name for switch in chosen[n]),
            tuple(each for each in alone.estimates if each.measure in SHOWN),
            tuple(each for each in after.differences if n and each.measure in SHOWN),
            after.same_people,
        )


@dataclass(frozen=True)
class SwitchesQuestion:
    """What do service modes bring, alone and together?

    Attributes
    ----------
    switches : tuple of HallSwitch
    layout : str or None
        None = the first of the scenario.
    level : float
        Coverage of all differences of one measure together.
    """

    switches: tuple[HallSwitch, ...] = ()
    layout: str | None = None
    level: float = 0.95

    @property
    def layouts(self) -> tuple[str, ...]:
        """The layout."""
        return one_layout(self.layout)

    def runs(self, scenario: Scenario) -> int:
        """All combinations, the hall as it is among them."""
        del scenario
        return len(combinations_of(self.switches))

    def check(self, scenario: Scenario) -> None:
        """Complain before anything is run of what a hall cannot have.

        Raises
        ------
        OptionError, ScenarioError
            As `compare_switches`.
        """
        _make_last(scenario, self.layout or scenario.layouts[0].id, self.switches)

    def answer(self, scenario: Scenario, *, run: Run = Run()) -> SwitchedHall:
        """Each combination against the hall as it is."""
        return compare_switches(scenario, self.switches, self.layout, run=run, level=self.level)


def _numbers(answer: SwitchedHall, _: int) -> list[dict[str, Any]]:
    """Each switch with its numbers by their names."""
    return [
        {"name": switch.name}
        | {
            number.name: value
            for number, value in zip(SWITCHES[switch.name], switch.numbers, strict=True)
        }
        for switch in answer.switches
    ]


ROWS: Final = AnswerRows(
    "switches",
    "figures",
    "figures",
    (AnswerColumn("switches", "words"), *LEVEL_OR_DIFFERENCE),
    head=(
        AnswerColumn("layout", "text"),
        AnswerColumn("switched", "data", value=_numbers),
    ),
)
"""One row a combination and measure."""
