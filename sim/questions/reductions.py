"""Before and after the reform: one crowd under separate and under bundled handling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, NamedTuple

from sim.analysis.cuts import (
    CUTS,
    ComparedCases,
    Cut,
    Form,
    Guides,
    HandlingSums,
    ReviewCost,
    channel_cuts,
    compared_cases,
    cut_of,
    form_of,
    guides_of,
    mean_cut,
    online_share,
    review_costs,
)
from sim.analysis.intervals import Interval
from sim.analysis.offered import Load, offered_load
from sim.analysis.paperwork import Paperwork, paperwork
from sim.analysis.reductions import REDUCTIONS, HandlingPair, pair_of
from sim.engine.run import Engine, prepare
from sim.errors import OptionError, Problem, ScenarioError
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.questions.levers import assumed_levers
from sim.questions.question import one_layout
from sim.questions.vary import Lever
from sim.runs.processes import run_each_crowd
from sim.runs.run import ResolvedRun, Run
from sim.runs.task import serve_crowd
from sim.scenario.edit import bundles, enough_followup, vary_tree, with_followup, with_handling
from sim.scenario.load import tree_of
from sim.scenario.matters import Handling, Matter
from sim.scenario.scenario import Scenario

HANDLINGS: Final[tuple[Handling, Handling]] = ("separate", "bundled")
"""Before the reform, and after it."""
HANGS_ON: Final = (
    "matters.*.between.mean",
    "matters.*.items.*.review.mean",
    "matters.*.correction_share",
)
"""Recurring assumptions that time may hang on."""


class MatterCuts(NamedTuple):
    """What bundled handling changes for one matter, or for all by their volume.

    Attributes
    ----------
    cuts : mapping of str to Cut
        Counts before and after, in the order of `sim.analysis.cuts.CUTS`.
    time_by_channel : tuple of Cut
        Time of who applied at the hall, and of who applied online.
    form : Form
    review_costs : tuple of ReviewCost
        What parallel review costs.
    cases : ComparedCases
        How many were compared, and why the rest was not.
    online : float
        Share of the compared cases that applied online.
    """

    cuts: Mapping[str, Cut]
    time_by_channel: tuple[Cut, Cut]
    form: Form
    review_costs: tuple[ReviewCost, ...]
    cases: ComparedCases
    online: float

    @property
    def reductions(self) -> tuple[Cut, ...]:
        """The four reductions."""
        return tuple(self.cuts[name] for name in REDUCTIONS)


class ReductionsSummary(NamedTuple):
    """Every figure of a before and after that is shown or written anywhere.

    Attributes
    ----------
    whole : MatterCuts
        Of all matters by their volume.
    matters : mapping of str to MatterCuts
        Of each that was handled both ways, in the order of the scenario.
    guides : mapping of str to Guides
        What the published pairs of all matters come to, for each reduction that has some.
    mean_cuts : mapping of str to Interval
        Mean of the matters' cuts, each matter alike, for each reduction.
    """

    whole: MatterCuts
    matters: Mapping[str, MatterCuts]
    guides: Mapping[str, Guides]
    mean_cuts: Mapping[str, Interval]

    def of(self, matter: str | None) -> MatterCuts:
        """Of one matter, or of all."""
        return self.whole if matter is None else self.matters[matter]


@dataclass(frozen=True, eq=False)
class Reductions:
    """Sums of the same crowds under both handlings, with all that is needed to ask again.

    What it holds is what was run; whoever shows or writes a figure reads `summary`.
    """

    scenario: Scenario
    """As it was given: papers, published figures and names are its."""
    layout: str
    matters: tuple[str, ...]
    """Those that were handled both ways, in the order of the scenario."""
    rows: tuple[int, ...]
    """Their rows in the sums."""
    pairs: tuple[HandlingPair, ...]
    """Replications in order."""
    seed: int
    asked: int
    engine: Engine
    followup: int
    """Hall days simulated after the measured ones."""
    overloads: tuple[tuple[Load, Load], ...] = ()
    """Windows and departments with more work than they can do before or after; both loads."""
    level: float = 0.95

    @property
    def longer(self) -> Scenario:
        """The scenario with these days for cases to finish."""
        return with_followup(self.scenario, self.followup)

    @property
    def replications(self) -> int:
        """Replications kept: the first so many, without a gap."""
        return len(self.pairs)

    @property
    def cancelled(self) -> bool:
        """Whether it was stopped early."""
        return self.replications < self.asked

    @cached_property
    def summary(self) -> ReductionsSummary:
        """Every figure, computed once."""
        rows = dict(zip(self.matters, self.rows, strict=True))
        sums = HandlingSums(self.scenario, rows, self.pairs, self.level)
        guides = {name: guides_of(sums, name) for name in REDUCTIONS}
        return ReductionsSummary(
            _matter_cuts(sums),
            {matter: _matter_cuts(sums, matter) for matter in self.matters},
            {name: guide for name, guide in guides.items() if guide is not None},
            {name: mean_cut(sums, name) for name in REDUCTIONS},
        )


def _matter_cuts(sums: HandlingSums, matter: str | None = None) -> MatterCuts:
    return MatterCuts(
        {name: cut_of(sums, name, matter) for name in CUTS},
        channel_cuts(sums, "time", matter),
        form_of(sums, matter),
        review_costs(sums, matter),
        compared_cases(sums, matter),
        online_share(sums, matter),
    )


class BothHandlings(NamedTuple):
    """A scenario before and after the reform, ready to be served in one layout.

    Attributes
    ----------
    scenario : Scenario
        As it was given.
    layout : str
    matters : tuple of str
        Ids of those that are switched.
    followup : int
        Hall days after the measured ones.
    handled : tuple of Scenario
        With all of them handled apart, and bundled.
    plans : tuple of Plan
        Of both.
    """

    scenario: Scenario
    layout: str
    matters: tuple[str, ...]
    followup: int
    handled: tuple[Scenario, Scenario]
    plans: tuple[Plan, Plan]

    def count_papers(self) -> tuple[Paperwork, Paperwork]:
        """What both are counted with."""
        apart, joint = self.handled
        return paperwork(apart), paperwork(joint)

    def sum_up(
        self, pairs: Sequence[HandlingPair], run: ResolvedRun, level: float = 0.95
    ) -> Reductions:
        """The answer that counted crowds give."""
        ids = self.plans[0].names.matters
        loads = zip(*(offered_load(plan) for plan in self.plans), strict=True)
        return Reductions(
            self.scenario,
            self.layout,
            self.matters,
            tuple(ids.index(matter) for matter in self.matters),
            tuple(pairs),
            run.seed,
            run.replications,
            run.engine,
            self.followup,
            tuple(
                (apart, together) for apart, together in loads if max(apart.load, together.load) > 1
            ),
            level,
        )


def handle_both_ways(
    scenario: Scenario,
    layout: str | None = None,
    followup: int | None = None,
    matters: Sequence[str] = (),
) -> BothHandlings:
    """Prepare a scenario for both handlings; parameters and errors as of `reductions`."""
    chosen = tuple(matters) or bundles(scenario)
    if not chosen:
        raise OptionError(Problem("no_bundle"))
    days = enough_followup(scenario) if followup is None else followup
    longer = with_followup(scenario, days)
    apart, joint = (with_handling(longer, handling, chosen) for handling in HANDLINGS)
    name = layout or quietest_layout(longer)
    plans = compile_plan(apart, name), compile_plan(joint, name)
    return BothHandlings(scenario, name, chosen, days, (apart, joint), plans)


class _HandlingPart(NamedTuple):
    """Plans of both handlings, and what they are counted with."""

    plans: tuple[Plan, ...]
    papers: tuple[Paperwork, Paperwork]
    seed: int
    engine: Engine


def quietest_layout(scenario: Scenario) -> str:
    """The layout whose busiest windows have the least work when all is handled apart.

    Elsewhere a reform looks better than it is: windows that nobody wants stand idle before it.

    Raises
    ------
    ScenarioError
        As `with_handling`.
    """
    apart = with_handling(scenario, "separate")
    loads = {
        layout.id: max(load.load for load in offered_load(compile_plan(apart, layout.id)))
        for layout in apart.layouts
    }
    return min(loads, key=lambda name: loads[name])


def reductions(
    scenario: Scenario,
    layout: str | None = None,
    *,
    run: Run = Run(),
    followup: int | None = None,
    matters: Sequence[str] = (),
    level: float = 0.95,
) -> Reductions:
    """Serve the same crowds with all matters handled apart, and with all of them bundled.

    Counted are the cases that have a result under both: the same people, before and after.

    Parameters
    ----------
    layout
        Default: `quietest_layout`.
    run
        How to run it.
    followup
        Hall days for cases to finish; default: the scenario's, or 120 if it has fewer.
    matters
        Ids of the matters to switch; default: all of more than one item.

    Raises
    ------
    OptionError
        `no_bundle` when no matter has more than one item; `not_on_cluster`.
    ScenarioError
        When a department's items have no windows of their own; for an unknown layout.
    LawViolation
        When a run breaks a law of the hall.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> city = load_scenario(example_path("sanmenxia.yaml"), ["run.measured_days=2"])
    >>> answer = reductions(city, "counters", run=Run(replications=1, workers=1), followup=20)
    >>> len(answer.matters), answer.replications
    (24, 1)
    """
    both, how = handle_both_ways(scenario, layout, followup, matters), run.resolved(scenario)
    prepare(both.plans[0], how.engine)
    part = _HandlingPart(both.plans, both.count_papers(), how.seed, how.engine)
    return both.sum_up(run_each_crowd(part, _count_crowd, how), how, level)


def _count_crowd(part: _HandlingPart, replication: int) -> HandlingPair:
    before, after = (serve_crowd(plan, part.seed, replication, part.engine) for plan in part.plans)
    return pair_of(before, after, part.papers)


# === what it hangs on === #


class Leaning(NamedTuple):
    """A cut with one assumption at both ends of its range."""

    lever: Lever
    low: Cut | None
    high: Cut | None
    """None where the scenario refuses that end."""


def leanings(
    answer: Reductions,
    name: str = "time",
    paths: Sequence[str] = HANGS_ON,
    *,
    run: Run = Run(),
) -> Iterator[Leaning]:
    """One cut of all matters with each of some assumptions at its ends, same crowds and layout.

    Parameters
    ----------
    run
        How to run it, on the replications and the seed of `answer`; its `progress` counts
        assumptions.

    Raises
    ------
    OptionError
        When it asks for other replications or another seed.
    """
    how = replace(run.on_crowds_of(answer.replications, answer.seed, answer.engine), progress=None)
    levers = [
        lever
        for lever in assumed_levers(answer.scenario, answer.layout).levers
        if lever.path in paths
    ]
    tree = tree_of(answer.scenario)
    for done, lever in enumerate(levers):
        ends: list[Cut | None] = []
        for setting in lever.settings:
            try:
                scenario = vary_tree(tree, setting.overrides).scenario
            except ScenarioError:
                ends.append(None)
                continue
            at_end = reductions(
                scenario,
                answer.layout,
                run=how,
                followup=answer.followup,
                matters=answer.matters,
                level=answer.level,
            )
            if at_end.cancelled:
                return
            ends.append(at_end.summary.whole.cuts[name])
        run.report(done + 1, len(levers))
        yield Leaning(lever, *ends)


# === one matter === #


def matter_of(scenario: Scenario, matter: str, option: str = "MATTER") -> Matter:
    """The matter of that id.

    Raises
    ------
    OptionError
        When there is none, or it has no items.
    """
    bundled = [bundle.id for bundle in scenario.matters if bundle.items]
    if matter not in bundled:
        raise OptionError(
            Problem("unknown_bundle", option, found=matter, allowed=", ".join(bundled))
        )
    return next(bundle for bundle in scenario.matters if bundle.id == matter)


@dataclass(frozen=True)
class ReductionsQuestion:
    """What does handling matters as one bring: steps, papers, time and trips?

    Attributes
    ----------
    layout : str or None
        None = `quietest_layout`.
    matters : tuple of str
        Ids of the matters to switch; empty = all of more than one item.
    followup : int or None
        Hall days for cases to finish; None = as in `reductions`.
    level : float
        Coverage of each interval.
    """

    layout: str | None = None
    matters: tuple[str, ...] = ()
    followup: int | None = None
    level: float = 0.95

    @property
    def layouts(self) -> tuple[str, ...]:
        """The layout."""
        return one_layout(self.layout)

    def runs(self, scenario: Scenario) -> int:
        """The scenario under both handlings."""
        del scenario
        return 2

    def answer(self, scenario: Scenario, *, run: Run = Run()) -> Reductions:
        """The same crowds under both handlings."""
        return reductions(
            scenario,
            self.layout,
            run=run,
            followup=self.followup,
            matters=self.matters,
            level=self.level,
        )
