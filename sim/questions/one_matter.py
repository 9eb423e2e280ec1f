"""One matter from inside: the reductions, and what happened to the cases of one crowd."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple

import numpy as np

from sim.analysis.measures import Tally, measure
from sim.analysis.story import CaseStory, story_of
from sim.engine.run import Engine, prepare, run
from sim.errors import HallError
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.plan.tape import draw_tape
from sim.questions.question import one_layout
from sim.questions.reductions import Reductions, reductions
from sim.results.invariants import check_invariants
from sim.results.tables import Tables
from sim.runs.processes import run_parts
from sim.runs.replicate import Study
from sim.runs.run import Run
from sim.scenario.edit import bundles, with_followup, with_handling
from sim.scenario.scenario import Scenario

Handled = Literal["separate", "bundled", "as_it_is"]

BOTH: Final[tuple[Handled, ...]] = ("separate", "bundled")
MOST_CASES: Final = 40
"""Cases of a matter whose story is told."""
Stories = Mapping[str, tuple[CaseStory, ...]]


class Way(NamedTuple):
    """The first crowd of a seed under one way to handle the matters.

    Attributes
    ----------
    handling : str
    study : Study
        One replication in one layout.
    stories : mapping
        Matter -> finished cases that began on measured days, in order of coming, and not too many.
        Before and after the reform they are the same people.
    """

    handling: Handled
    study: Study
    stories: Stories


class OneMatter(NamedTuple):
    """What the matters of a scenario look like from inside, in one layout.

    Attributes
    ----------
    scenario : Scenario
    layout : str
    seed, asked : int
        First crowd, and replications of the reductions that were wanted.
    reductions : Reductions or None
        None where nothing says how anything was handled before, or it was stopped too soon.
    ways : tuple of Way
        Before and after; and as it is, where there are matters that have no before.
    """

    scenario: Scenario
    layout: str
    seed: int
    asked: int
    reductions: Reductions | None
    ways: tuple[Way, ...]

    @property
    def replications(self) -> int:
        """Replications of the reductions that are kept; all, where there are no reductions."""
        if self.reductions is None:
            alone = {way.handling for way in self.ways} == {"as_it_is"}
            return self.asked if alone else 0
        return self.reductions.replications

    def way(self, handling: Handled) -> Way | None:
        """The matters handled so; None where that was not run."""
        return next((way for way in self.ways if way.handling == handling), None)


class _MatterPart(NamedTuple):
    """Plans that one crowd comes to, and what is told of it."""

    plans: tuple[Plan, ...]
    matters: tuple[str, ...]
    seed: int
    engine: Engine
    called_within: int


def one_matter(
    scenario: Scenario,
    layout: str,
    *,
    run: Run = Run(),
) -> OneMatter:
    """Serve one crowd for its cases, then several for the reductions.

    Parameters
    ----------
    run
        How to run it; its replications are those of the reductions.

    Returns
    -------
    OneMatter
        Stopped early, without any way, or with fewer replications of the reductions.

    Raises
    ------
    ScenarioError
        For an unknown layout.
    LawViolation
        When a run breaks a law of the hall.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> city = load_scenario(example_path("sanmenxia.yaml"), ["run.measured_days=2"])
    >>> answer = one_matter(city, "counters", run=Run(replications=1, seed=1, workers=1))
    >>> [way.handling for way in answer.ways], answer.reductions.replications
    (['separate', 'bundled', 'as_it_is'], 1)
    """
    how = run.resolved(scenario)
    before = _has_before(scenario)
    groups = [BOTH] if before else []
    if not before or set(_with_items(scenario)) - set(bundles(scenario)):
        groups = [*groups, ("as_it_is",)]
    scenarios = [tuple(_handled(scenario, way) for way in group) for group in groups]
    parts = [
        _MatterPart(
            tuple(compile_plan(handled, layout) for handled in row),
            _with_items(scenario),
            how.seed,
            how.engine,
            scenario.targets.called_within,
        )
        for row in scenarios
    ]
    total = len(parts) + (how.replications if before else 0)
    prepare(parts[0].plans[0], how.engine)

    def tell(done: int) -> None:
        how.report(done, total)

    by_part: dict[int, tuple[tuple[Tally, Stories], ...]] = {}
    with closing(run_parts(parts, _one_crowd, 1, how)) as source:
        for _, n, rows in source:
            by_part[n] = rows
            tell(len(by_part))
    if len(by_part) < len(parts):
        return OneMatter(scenario, layout, how.seed, how.replications, None, ())
    ways = tuple(
        Way(way, Study(handled, (layout,), (plan,), how.seed, 1, how.engine, ((tally,),)), stories)
        for n, group in enumerate(groups)
        for way, handled, plan, (tally, stories) in zip(
            group, scenarios[n], parts[n].plans, by_part[n], strict=True
        )
    )
    cuts = None
    if before and not how.cancelled():
        after = replace(how, progress=lambda done, _: tell(len(parts) + done))
        cuts = reductions(scenario, layout, run=after)
    counted_cuts = cuts if cuts is not None and cuts.replications else None
    return OneMatter(scenario, layout, how.seed, how.replications, counted_cuts, ways)


def _with_items(scenario: Scenario) -> tuple[str, ...]:
    return tuple(matter.id for matter in scenario.matters if matter.items)


def _has_before(scenario: Scenario) -> bool:
    """Whether it can be handled department by department."""
    try:
        return bool(bundles(scenario)) and with_handling(scenario, "separate") is not None
    except HallError:
        return False


def _handled(scenario: Scenario, way: Handled) -> Scenario:
    return scenario if way == "as_it_is" else with_handling(with_followup(scenario), way)


def _one_crowd(part: _MatterPart, replication: int) -> tuple[tuple[Tally, Stories], ...]:
    """Sums and stories of a crowd under each plan, of the same people under all of them."""
    days = []
    for plan in part.plans:
        tape = draw_tape(plan.demand, part.seed, replication)
        days.append(Tables(plan, tape, run(plan, tape, part.engine)))
        check_invariants(days[-1])
    same = {matter: list(_same_cases(days, matter)) for matter in part.matters}
    return tuple(
        (
            measure(day, replication, part.called_within),
            {matter: tuple(story_of(day, case) for case in same[matter]) for matter in same},
        )
        for day in days
    )


def _same_cases(days: Sequence[Tables], matter: str) -> Iterator[int]:
    """Cases of a matter that were finished under all plans."""
    cases = None
    for day in days:
        row = day.plan.names.matters.index(matter)
        of_matter = day.cases.matter == row
        done = np.flatnonzero(of_matter & day.finished & (day.day_of(day.cases.arrived_at) >= 0))
        cases = done if cases is None else np.intersect1d(cases, done)
    yield from map(int, cases[:MOST_CASES] if cases is not None else ())


@dataclass(frozen=True)
class MatterQuestion:
    """What do the matters of a layout look like from inside, before and after?

    Attributes
    ----------
    layout : str
    """

    layout: str

    @property
    def layouts(self) -> tuple[str, ...]:
        """The layout."""
        return one_layout(self.layout)

    def runs(self, scenario: Scenario) -> int:
        """The scenario under both handlings."""
        del scenario
        return 2

    def answer(self, scenario: Scenario, *, run: Run = Run()) -> OneMatter:
        """The reductions, and the cases of one crowd."""
        return one_matter(scenario, self.layout, run=run)
