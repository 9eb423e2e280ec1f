"""Before and after the reform: one crowd under separate and under bundled handling."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.intervals import Interval, ratio_difference, ratio_interval, t_interval
from sim.analysis.offered import Load, offered_load
from sim.analysis.reductions import (
    CHANNELS,
    COUNTED,
    REDUCTIONS,
    SPENT,
    HandlingPair,
    Paperwork,
    pair_of,
    paperwork,
)
from sim.arrays import Floats
from sim.clock import DAY, MINUTE
from sim.engine.run import Engine, prepare, run
from sim.errors import OptionError, Problem, ScenarioError
from sim.plan.compile import compile_plan
from sim.plan.journal import LOST, OPEN
from sim.plan.plan import Plan
from sim.plan.tape import draw_tape
from sim.questions.levers import assumed_levers
from sim.questions.vary import Lever
from sim.results.invariants import check_invariants
from sim.results.tables import Tables
from sim.runs.processes import run_parts
from sim.runs.run import Run
from sim.scenario.edit import bundles, enough_followup, vary_tree, with_followup, with_handling
from sim.scenario.load import tree_of
from sim.scenario.matters import Matter
from sim.scenario.scenario import Scenario

UNITS: Final = {
    "steps": ("step", 1.0),
    "materials": ("paper", 1.0),
    "time": ("wd", 1.0),
    "trips": ("trip", 1.0),
    "time_calendar": ("d", float(DAY)),
    "fields": ("field", 1.0),
    "to_fill": ("field", 1.0),
    "reviewed": ("min", float(MINUTE)),
    "reviewed_for_nothing": ("min", float(MINUTE)),
    "known_after": ("d", float(DAY)),
}
"""Unit of each count, and what of a sum makes one of it."""
POSITIVE: Final = (0.0, math.inf)
AT_MOST_ALL: Final = (-math.inf, 1.0)
PUBLISHED_AS: Final = {"steps": "steps", "materials": "materials", "time": "days", "trips": "trips"}
"""Names of the reductions in `matters.*.published`."""
CUTS: Final = (*REDUCTIONS, "time_calendar")
HANGS_ON: Final = (
    "matters.*.between.mean",
    "matters.*.items.*.review.mean",
    "matters.*.correction_share",
)
"""Recurring assumptions that time may hang on."""


class Reductions(NamedTuple):
    """Sums of the same crowds under both handlings, with all that is needed to ask again."""

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


class Cut(NamedTuple):
    """One count before and after, and by what share it fell; with what is published."""

    name: str
    unit: str
    before: Interval
    after: Interval
    cut: Interval
    """1 - after / before, of sums over the same cases."""
    published_before: float | None = None
    published_after: float | None = None
    published_cut: float | None = None

    @property
    def beyond_published(self) -> Interval | None:
        """By how much the simulated cut is larger than the published one, as a share of before."""
        if self.published_cut is None:
            return None
        mean, low, high, n, level = self.cut
        by = self.published_cut
        return Interval(mean - by, low - by, high - by, n, level)


class Outlay(NamedTuple):
    """Something that parallel review costs, before and after."""

    name: str
    unit: str
    before: Interval
    after: Interval
    difference: Interval
    """After minus before, on the same crowds."""


class Stand(NamedTuple):
    """How many of the measured cases were compared, and why the rest was not."""

    cases: int
    compared: int
    open: tuple[int, int]
    """Not closed when the run ended, before and after."""
    lost: tuple[int, int]
    """Given up by their applicants."""


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
        one.id: max(load.load for load in offered_load(compile_plan(apart, one.id)))
        for one in apart.layouts
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
    >>> found = reductions(city, "counters", run=Run(replications=1, workers=1), followup=20)
    >>> len(found.matters), found.replications
    (24, 1)
    """
    chosen = tuple(matters) or bundles(scenario)
    if not chosen:
        raise OptionError(Problem("no_bundle"))
    days = enough_followup(scenario) if followup is None else followup
    longer = with_followup(scenario, days)
    apart, joint = (with_handling(longer, handling, chosen) for handling in ("separate", "bundled"))
    name = layout or quietest_layout(longer)
    plans = (compile_plan(apart, name), compile_plan(joint, name))
    how = run.resolved(scenario)
    asked = how.replications
    part = _HandlingPart(plans, (paperwork(apart), paperwork(joint)), how.seed, how.engine)
    prepare(plans[0], how.engine)
    found: dict[int, HandlingPair] = {}
    try:
        few = replace(how, workers=how.cores(at_most=asked))
        with closing(run_parts((part,), _one, asked, few)) as source:
            for replication, _, pair in source:
                found[replication] = pair
                how.report(len(found), asked)
                if how.cancelled():
                    break
    except KeyboardInterrupt:
        pass
    kept = next(n for n in range(asked + 1) if n not in found)
    ids = plans[0].names.matters
    rows = tuple(ids.index(one) for one in chosen)
    pairs = tuple(found[n] for n in range(kept))
    loads = zip(*(offered_load(plan) for plan in plans), strict=True)
    over = tuple((one, two) for one, two in loads if max(one.load, two.load) > 1)
    return Reductions(
        scenario, name, chosen, rows, pairs, how.seed, asked, how.engine, days, over, level
    )


def _one(part: _HandlingPart, replication: int) -> HandlingPair:
    both: list[Tables] = []
    for plan in part.plans:
        tape = draw_tape(plan.demand, part.seed, replication)
        both.append(Tables(plan, tape, run(plan, tape, part.engine)))
        check_invariants(both[-1])
    return pair_of(both[0], both[1], part.papers)


# === what comes of it === #


def cuts(
    found: Reductions, matter: str | None = None, names: Sequence[str] = CUTS
) -> tuple[Cut, ...]:
    """Counts of one matter, or of all by their volume, before and after, with what is published.

    Where nothing was asked before there is no cut.
    """
    return tuple(_cut(found, name, matter) for name in names)


def channel_cuts(found: Reductions, name: str, matter: str | None = None) -> tuple[Cut, Cut]:
    """One count of who applied at the hall, and of who applied online."""
    hall, online = (_cut(found, name, matter, [n]) for n in range(len(CHANNELS)))
    return hall, online


def _cut(found: Reductions, name: str, matter: str | None, channels: Sequence[int] = (0, 1)) -> Cut:
    rows, some = _rows(found, matter), list(channels)
    unit, scale = UNITS[name]
    k = COUNTED.index(name)
    parts = [pair.counted[some][:, :, rows, k].sum(axis=(0, 2)) for pair in found.pairs]
    sums = _stack(found, parts) / scale
    cases = _stack(found, [[pair.cases[some][:, rows].sum()] for pair in found.pairs])[:, 0]
    before, after = (ratio_interval(sums[:, one], cases, found.level, POSITIVE) for one in (0, 1))
    gone = ratio_interval(sums[:, 0] - sums[:, 1], sums[:, 0], found.level, AT_MOST_ALL)
    if not sums[:, 0].sum() > 0:
        gone = Interval(math.nan, math.nan, math.nan, 0, found.level)
    published = (
        _published_of(found.scenario, matter, name)
        if matter is not None
        else (None, None, city_cut(found.scenario, name))
    )
    return Cut(name, unit, before, after, gone, *published)


def _rows(found: Reductions, matter: str | None) -> list[int]:
    if matter is None:
        return list(found.rows)
    return [found.rows[found.matters.index(matter)]]


def _stack(found: Reductions, rows: Sequence[object]) -> Floats:
    return np.array(rows, dtype=np.float64).reshape(found.replications, -1)


def _published_of(
    scenario: Scenario, matter: str, name: str
) -> tuple[float | None, float | None, float | None]:
    one = next(found for found in scenario.matters if found.id == matter)
    key = PUBLISHED_AS.get(name)
    pair = getattr(one.published, key) if one.published is not None and key else None
    if pair is None:
        return None, None, None
    before, after = (float(number) for number in pair)
    return before, after, 1.0 - after / before if before > 0 else None


def city_cut(scenario: Scenario, name: str) -> float | None:
    """By what share the city says that a count fell."""
    cut = getattr(scenario.published_cuts, name, None)
    return None if cut is None else float(cut)


class Form(NamedTuple):
    """The form of a bundle: how much of it is there already."""

    fields: Interval
    """Fields of a case."""
    prefilled: Interval
    """Share of them filled from shared data."""
    published: float | None
    """What the city says of that share."""


def form_of(found: Reductions, matter: str | None = None) -> Form:
    """Fields of the joint form; what forms of single items ask for is published nowhere."""
    rows = _rows(found, matter)
    k = [COUNTED.index(name) for name in ("fields", "to_fill")]
    parts = [pair.counted[:, 1][:, rows][:, :, k].sum(axis=(0, 1)) for pair in found.pairs]
    sums = _stack(found, parts)
    cases = _stack(found, [[pair.cases[:, rows].sum()] for pair in found.pairs])[:, 0]
    filled = sums[:, 0] - sums[:, 1]
    return Form(
        ratio_interval(sums[:, 0], cases, found.level, POSITIVE),
        ratio_interval(filled, sums[:, 0], found.level, (0.0, 1.0)),
        city_cut(found.scenario, "prefilled_share"),
    )


class Guides(NamedTuple):
    """Published pairs of the matters, put together."""

    matters: int
    """Matters with a pair that starts above 0."""
    by_volume: float
    """Ratio of sums, each matter weighted with its cases in the model."""
    mean: float
    """Mean of the matters' cuts, each matter alike."""


def guides(found: Reductions, name: str) -> Guides | None:
    """What the published pairs of all matters come to; None without any."""
    pairs = []
    for matter, row in zip(found.matters, found.rows, strict=True):
        before, after, _ = _published_of(found.scenario, matter, name)
        if before and after is not None:
            pairs.append(
                (before, after, sum(int(pair.cases[:, row].sum()) for pair in found.pairs))
            )
    if not pairs:
        return None
    rows = np.array(pairs)
    weighed = (rows[:, :2] * rows[:, 2:]).sum(axis=0)
    whole = float(1.0 - weighed[1] / weighed[0]) if weighed[0] > 0 else math.nan
    return Guides(len(pairs), whole, float((1.0 - rows[:, 1] / rows[:, 0]).mean()))


def mean_cut(found: Reductions, name: str) -> Interval:
    """Mean of the matters' cuts, each matter alike, however many cases it has.

    The interval is a jackknife over replications.

    References
    ----------
    Miller (1974), The jackknife: a review, Biometrika 61.
    """
    k, rows, n = COUNTED.index(name), list(found.rows), found.replications
    parts = [pair.counted[:, :, rows, k].sum(axis=0) for pair in found.pairs]
    sums = np.array(parts).reshape(n, 2, -1)

    def pooled(part: Floats) -> float:
        before, after = part.sum(axis=0)
        some = before > 0
        return float((1.0 - after[some] / before[some]).mean()) if some.any() else math.nan

    whole = pooled(sums)
    if n < 2 or not math.isfinite(whole):
        return Interval(whole, math.nan, math.nan, n, found.level)
    without = [pooled(np.delete(sums, one, axis=0)) for one in range(n)]
    spread = t_interval([n * whole - (n - 1) * one for one in without], found.level)
    half = spread.half_width
    return Interval(whole, whole - half, whole + half, n, found.level)


def outlays(found: Reductions, matter: str | None = None) -> tuple[Outlay, ...]:
    """What parallel review costs: reviewers' minutes a case, those for nothing, time to a refusal.

    The first over cases decided under both handlings, the others over those rejected under both.
    """
    rows, told = _rows(found, matter), []
    decided = _stack(found, [[pair.decided[rows].sum()] for pair in found.pairs])[:, 0]
    rejected = _stack(found, [[pair.rejected[rows].sum()] for pair in found.pairs])[:, 0]
    for k, name in enumerate(SPENT):
        unit, scale = UNITS[name]
        sums = _stack(found, [pair.spent[:, rows, k].sum(axis=1) for pair in found.pairs]) / scale
        cases = decided if name == "reviewed" else rejected
        told.append(
            Outlay(
                name,
                unit,
                ratio_interval(sums[:, 0], cases, found.level, POSITIVE),
                ratio_interval(sums[:, 1], cases, found.level, POSITIVE),
                ratio_difference(sums[:, 0], cases, sums[:, 1], cases, found.level),
            )
        )
    return tuple(told)


def stand(found: Reductions, matter: str | None = None) -> Stand:
    """How many cases were compared, and how many were open or lost."""
    rows = _rows(found, matter)
    fates = sum(pair.fates[:, rows].sum(axis=1) for pair in found.pairs)
    table = np.zeros((2, LOST + 1), dtype=np.int64) + fates
    return Stand(
        int(table[0].sum()),
        sum(int(pair.cases[:, rows].sum()) for pair in found.pairs),
        (int(table[0, OPEN]), int(table[1, OPEN])),
        (int(table[0, LOST]), int(table[1, LOST])),
    )


# === what it hangs on === #


class Leaning(NamedTuple):
    """A cut with one assumption at both ends of its range."""

    lever: Lever
    low: Cut | None
    high: Cut | None
    """None where the scenario refuses that end."""


def leanings(
    found: Reductions,
    name: str = "time",
    paths: Sequence[str] = HANGS_ON,
    *,
    run: Run = Run(),
) -> Iterator[Leaning]:
    """One cut of all matters with each of some assumptions at its ends, same crowds and layout.

    Parameters
    ----------
    run
        How to run it, on the replications and the seed of `found`; its `progress` counts
        assumptions.

    Raises
    ------
    OptionError
        When it asks for other replications or another seed.
    """
    how = replace(run.on_crowds_of(found.replications, found.seed, found.engine), progress=None)
    levers = [
        one for one in assumed_levers(found.scenario, found.layout).levers if one.path in paths
    ]
    tree = tree_of(found.scenario)
    for done, lever in enumerate(levers):
        ends: list[Cut | None] = []
        for setting in lever.settings:
            try:
                scenario = vary_tree(tree, setting.overrides).scenario
            except ScenarioError:
                ends.append(None)
                continue
            again = reductions(
                scenario,
                found.layout,
                run=how,
                followup=found.followup,
                matters=found.matters,
                level=found.level,
            )
            if again.cancelled:
                return
            ends.append(_cut(again, name, None))
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
    known = [one.id for one in scenario.matters if one.items]
    if matter not in known:
        raise OptionError(Problem("unknown_bundle", option, found=matter, allowed=", ".join(known)))
    return next(one for one in scenario.matters if one.id == matter)
