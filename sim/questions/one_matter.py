"""One matter from inside: the reductions, and what happened to the cases of one crowd."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np

from sim.analysis.measures import Tally, measure
from sim.analysis.paperwork import Paperwork
from sim.analysis.reductions import HandlingPair, pair_of
from sim.analysis.story import CaseStory, story_of
from sim.engine.run import Engine, prepare
from sim.errors import HallError
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.questions.question import one_layout
from sim.questions.reductions import Reductions, handle_both_ways
from sim.results.tables import Tables
from sim.runs.processes import run_each_crowd
from sim.runs.replicate import Study
from sim.runs.run import ResolvedRun, Run
from sim.runs.task import serve_crowd
from sim.scenario.edit import bundles, with_handling
from sim.scenario.scenario import Scenario

Handled = Literal["separate", "bundled", "as_it_is"]

BOTH: Final[tuple[Handled, ...]] = ("separate", "bundled")
ALONE: Final[tuple[Handled, ...]] = ("as_it_is",)
MOST_CASES: Final = 40
"""Cases of a matter whose story is told."""
Stories = Mapping[str, tuple[CaseStory, ...]]


class Way(NamedTuple):
    """The crowds of a run under one way to handle the matters.

    Attributes
    ----------
    handling : str
    study : Study
        All replications in one layout.
    stories : mapping
        Matter -> finished cases of the first crowd that began on measured days, in order of coming,
        and not too many. Before and after the reform they are the same people.
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
        First crowd, and replications that were wanted.
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
        """Replications kept: the first so many, without a gap."""
        if self.reductions is not None:
            return self.reductions.replications
        return self.ways[0].study.replications if self.ways else 0

    def way(self, handling: Handled) -> Way | None:
        """The matters handled so; None where that was not run."""
        return next((way for way in self.ways if way.handling == handling), None)


class _MatterPart(NamedTuple):
    """Plans that a crowd comes to, and what is told of it."""

    groups: tuple[tuple[Plan, ...], ...]
    """Plans of the ways to handle the matters; those of a group are told of the same cases."""
    papers: tuple[Paperwork, Paperwork] | None
    """None where nothing was handled both ways."""
    matters: tuple[str, ...]
    seed: int
    engine: Engine
    called_within: int

    @property
    def plans(self) -> tuple[Plan, ...]:
        """Of all ways."""
        return tuple(plan for group in self.groups for plan in group)


class _MatterCrowd(NamedTuple):
    """What is kept of one crowd, by way."""

    pair: HandlingPair | None
    tallies: tuple[Tally, ...]
    stories: tuple[Stories, ...]
    """Of the first crowd; of others there are none."""


def one_matter(
    scenario: Scenario,
    layout: str | None = None,
    *,
    run: Run = Run(),
    matters: Sequence[str] = (),
) -> OneMatter:
    """Serve the same crowds before and after; count the reductions, and tell cases of the first.

    Parameters
    ----------
    layout
        Default: `quietest_layout`, or the first where nothing says how it was before.
    run
        How to run it; stopped early, the first replications without a gap are kept.
    matters
        Ids of the matters to switch; default: all of more than one item, or none where nothing
        says how they were handled before.

    Raises
    ------
    ScenarioError
        For an unknown layout; when the matters that are named cannot be handled apart.
    OptionError
        `not_on_cluster`.
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
    how, groups = run.resolved(scenario), _groups(scenario, matters)
    both = handle_both_ways(scenario, layout, matters=matters) if BOTH in groups else None
    name = both.layout if both is not None else layout or scenario.layouts[0].id
    handled: dict[Handled, tuple[Scenario, Plan]] = {}
    if both is not None:
        handled = dict(zip(BOTH, zip(both.handled, both.plans, strict=True), strict=True))
    if ALONE in groups:
        handled[ALONE[0]] = scenario, compile_plan(scenario, name)
    part = _MatterPart(
        tuple(tuple(handled[way][1] for way in group) for group in groups),
        None if both is None else both.count_papers(),
        _with_items(scenario),
        how.seed,
        how.engine,
        scenario.targets.called_within,
    )
    prepare(part.plans[0], how.engine)
    crowds = run_each_crowd(part, _one_crowd, how)
    if not crowds:
        return OneMatter(scenario, name, how.seed, how.replications, None, ())
    ways = tuple(
        Way(way, _study_of(*handled[way], n, crowds, how), crowds[0].stories[n])
        for n, way in enumerate(handled)
    )
    pairs = [crowd.pair for crowd in crowds if crowd.pair is not None]
    cuts = None if both is None else both.sum_up(pairs, how)
    return OneMatter(scenario, name, how.seed, how.replications, cuts, ways)


def _study_of(
    scenario: Scenario, plan: Plan, n: int, crowds: Sequence[_MatterCrowd], run: ResolvedRun
) -> Study:
    """All crowds under the n-th way."""
    tallies = (tuple(crowd.tallies[n] for crowd in crowds),)
    layouts, replications = (plan.names.layout,), run.replications
    return Study(scenario, layouts, (plan,), run.seed, replications, run.engine, tallies)


def _groups(scenario: Scenario, matters: Sequence[str] = ()) -> tuple[tuple[Handled, ...], ...]:
    """Ways to handle the matters; those of a group are told of the same cases."""
    if not matters and not _has_before(scenario):
        return (ALONE,)
    others = set(_with_items(scenario)) - set(matters or bundles(scenario))
    return (BOTH, ALONE) if others else (BOTH,)


def _with_items(scenario: Scenario) -> tuple[str, ...]:
    return tuple(matter.id for matter in scenario.matters if matter.items)


def _has_before(scenario: Scenario) -> bool:
    """Whether it can be handled department by department."""
    try:
        return bool(bundles(scenario)) and with_handling(scenario, "separate") is not None
    except HallError:
        return False


def _one_crowd(part: _MatterPart, replication: int) -> _MatterCrowd:
    """Sums of a crowd under each plan, and of the first what happened to the same cases."""
    pair, tallies, stories = None, list[Tally](), list[Stories]()
    for group in part.groups:
        days = [serve_crowd(plan, part.seed, replication, part.engine) for plan in group]
        if part.papers is not None and len(days) > 1:
            pair = pair_of(days[0], days[1], part.papers)
        tallies += [measure(day, replication, part.called_within) for day in days]
        shown = part.matters if replication == 0 else ()
        cases = {matter: list(_same_cases(days, matter)) for matter in shown}
        stories += [
            {matter: tuple(story_of(day, case) for case in cases[matter]) for matter in shown}
            for day in days
        ]
    return _MatterCrowd(pair, tuple(tallies), tuple(stories))


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
    layout : str or None
        None = as in `one_matter`.
    matters : tuple of str
        Ids of the matters to switch; empty = as in `one_matter`.
    """

    layout: str | None = None
    matters: tuple[str, ...] = ()

    @property
    def layouts(self) -> tuple[str, ...]:
        """The layout."""
        return one_layout(self.layout)

    def runs(self, scenario: Scenario) -> int:
        """The scenario under both handlings, and as it is where that is told too."""
        return sum(map(len, _groups(scenario, self.matters)))

    def answer(self, scenario: Scenario, *, run: Run = Run()) -> OneMatter:
        """The reductions, and the cases of one crowd."""
        return one_matter(scenario, self.layout, run=run, matters=self.matters)
