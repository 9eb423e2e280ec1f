"""Which settings of the same hall are best: candidates selected, and confirmed on fresh crowds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np

from sim.analysis.estimates import Estimate
from sim.analysis.intervals import Interval, bonferroni, ratio_difference, ratio_interval
from sim.analysis.judge import Judgement, judge
from sim.analysis.selection import LEAST_FIRST
from sim.errors import OptionError, Problem
from sim.questions.columns import JUDGEMENT, AnswerColumn, AnswerRows
from sim.questions.contest import Candidate, Criterion, criterion_of
from sim.questions.hall_levers import LeverChoice, hall_levers
from sim.questions.lever_search import LeverSearch, expected_runs
from sim.questions.levers import LeftOut
from sim.questions.question import one_layout
from sim.questions.vary import Lever
from sim.runs.run import ResolvedRun, Run
from sim.scenario.edit import vary_tree
from sim.scenario.edit_levers import find_calendar_sharers
from sim.scenario.load import tree_of
from sim.scenario.node import Steps
from sim.scenario.scenario import Scenario

MOVES_HOURS: Final = frozenset({"opening", "lunch_stagger"})
"""Levers after which the hall is open at other hours, and people might come at other times."""
TuneVerdict = Literal["chosen", "alike", "behind", "serves_fewer"]


class TunedCandidate(NamedTuple):
    """One candidate, on the crowds of the search.

    Attributes
    ----------
    values : tuple of str
        One a lever, as `Tuning.levers`.
    overrides : tuple of str
        That make it of the scenario; empty = today's.
    measured : Interval
        The measure, by itself.
    apart : Interval
        By how much it is above today's, on the crowds that both met.
    behind : Interval
        By how much it is above that of the chosen one, on the crowds that both met.
    replications : int
    dropped_after : int
        Replications after which it was out; 0 = it stayed to the end.
    serves_fewer : bool
        It was out as it surely serves fewer people.
    clerk_hours : float
        A week, as planned.
    """

    values: tuple[str, ...]
    overrides: tuple[str, ...]
    measured: Interval
    apart: Interval
    behind: Interval
    replications: int
    dropped_after: int
    serves_fewer: bool
    clerk_hours: float


class CandidateOfTuning(NamedTuple):
    """A candidate with what is said of it.

    Attributes
    ----------
    candidate : TunedCandidate
    verdict : str
        `chosen`; `serves_fewer`; `alike` = it may be as good but for less than the zone; `behind`.
    is_today : bool
    unit : str
        Of its intervals.
    """

    candidate: TunedCandidate
    verdict: TuneVerdict
    is_today: bool
    unit: str


class Tuning(NamedTuple):
    """The best of the settings that were tried, and what it is worth on fresh crowds.

    Attributes
    ----------
    scenario : Scenario
        As it is today.
    layout, measure, unit, better : str
    zone : float
        Less does not matter, in the unit.
    levers : tuple of Lever
        With the settings that were tried; of seats, from where clerks sit today.
    left_out : tuple of LeftOut
        Settings that cannot be made, or that change the clerk hours.
    rows : tuple of TunedCandidate
        By how far they are behind the chosen one; differences of a kind hold together
        (Bonferroni).
    chosen, today : int
        Indices of rows.
    in_turns : bool
        Levers took turns, as there are too many combinations: the best of those tried.
    is_decided : bool
        Whether the last selection came to its end.
    idle : tuple of str
        Paths of levers that changed nothing at all.
    replications, asked : int
        Crowds that the figures rest on, and those that they were meant to.
    seed : int
    level : float
        Of the selection, of single intervals, and of differences together.
    confirmed_on : int
        Replications that the search has not seen; 0 = today's is chosen, or it was stopped.
    fresh, fresh_today : Interval
        The measure with the chosen settings, and with today's, on those crowds.
    gain : Interval
        The first less the second.
    """

    scenario: Scenario
    layout: str
    measure: str
    unit: str
    better: Literal["low", "high", "neither"]
    zone: float
    levers: tuple[Lever, ...]
    left_out: tuple[LeftOut, ...]
    rows: tuple[TunedCandidate, ...]
    chosen: int
    today: int
    in_turns: bool
    is_decided: bool
    idle: tuple[str, ...]
    replications: int
    asked: int
    seed: int
    level: float
    confirmed_on: int
    fresh: Interval
    fresh_today: Interval
    gain: Interval

    @property
    def best(self) -> TunedCandidate:
        """The candidate that was chosen."""
        return self.rows[self.chosen]

    @property
    def table(self) -> tuple[CandidateOfTuning, ...]:
        """The candidates, each with what is said of it."""
        return tuple(
            CandidateOfTuning(row, self._verdict(n), n == self.today, self.unit)
            for n, row in enumerate(self.rows)
        )

    def _verdict(self, n: int) -> TuneVerdict:
        row = self.rows[n]
        if n == self.chosen:
            return "chosen"
        if row.serves_fewer:
            return "serves_fewer"
        least = -row.behind.high if self.better == "high" else row.behind.low
        return "behind" if least > self.zone else "alike"

    @property
    def keeping_hours(self) -> tuple[Steps, ...]:
        """Departments and places that keep today's hours where levers move those of the hall."""
        moves = any(lever.path in MOVES_HOURS for lever in self.levers)
        return find_calendar_sharers(self.scenario) if moves else ()

    @property
    def judgement(self) -> Judgement:
        """What fresh crowds say of the chosen settings beside today's, unless it is these."""
        if self.chosen == self.today:
            return "identical"
        difference = Estimate(self.measure, self.unit, self.better, self.gain, self.zone)
        return judge(difference)

    @property
    def optimism(self) -> float:
        """By how much the search flattered the chosen settings, in the unit; below 0 = not at all.

        The gain over today's that the search saw, less the one that fresh crowds saw.
        """
        flattered = self.best.apart.mean - self.gain.mean
        return flattered if self.better == "high" else -flattered


def tune(
    scenario: Scenario,
    choices: Sequence[LeverChoice],
    layout: str | None = None,
    measure: str = "wait",
    zone: float | None = None,
    *,
    run: Run = Run(),
    level: float = 0.95,
    any_hours: bool = False,
) -> Tuning:
    """The best settings of some levers, selected on the same crowds and confirmed on fresh ones.

    All combinations are run against each other where they are few; else levers take turns, each
    from the best so far, until a turn gains no more than the zone.

    Parameters
    ----------
    choices
        As `read_choices` gives them.
    layout
        Id; None = the first of the scenario.
    measure
        Of `MEASURES`, one of which low or high is good.
    zone
        Indifference zone in its unit; None = the difference that matters (`targets.matters_from`).
    run
        How to run it; its replications are those of the first stage. At most `LIMIT` times as many
        are spent on candidates that are close, and as many fresh ones on the chosen.
    any_hours
        Candidates may have other clerk hours than today.

    Raises
    ------
    OptionError
        As `hall_levers`; `unknown_measure`; `outside_range` for the zone, and for one replication;
        `not_on_cluster`; `nothing_counted` where the measure has nothing to count today.
    LawViolation
        When a run breaks a law of the hall.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> days = ["run.warmup_days=0", "run.measured_days=2", "run.followup_days=0"]
    >>> city = load_scenario(example_path("sanmenxia_tidal.yaml"), days)
    >>> lever = "layouts.zone.windows.tide_fund.tidal.opens_at"
    >>> tuning = tune(city, [LeverChoice(lever, "2,4")], run=Run(replications=2, workers=1))
    >>> sorted(row.values for row in tuning.rows), tuning.zone
    ([('2',), ('4',)], 1.0)
    """
    how = run.resolved(scenario)
    if how.replications < LEAST_FIRST:
        replications, allowed = str(how.replications), f"≥ {LEAST_FIRST}"
        raise OptionError(
            Problem("outside_range", "--replications", found=replications, allowed=allowed)
        )
    name = layout or scenario.layouts[0].id
    criterion = criterion_of(scenario, measure, zone, level)
    levers, left_out = hall_levers(scenario, name, choices)
    search = LeverSearch(scenario, name, levers, criterion, how, any_hours=any_hours)
    search.look()
    return _confirm(search, criterion, name, left_out, how)


def _confirm(
    search: LeverSearch,
    criterion: Criterion,
    layout: str,
    left_out: tuple[LeftOut, ...],
    how: ResolvedRun,
) -> Tuning:
    """What the search found, with the chosen settings confirmed on crowds that none has met."""
    runs, chosen, today, level = search.runs, search.chosen, search.today, criterion.level
    searched = max((runs.count(each) for each in search.tried), default=0)
    is_decided, is_new = search.is_decided and not runs.stopped, chosen is not today
    meant = max(searched, how.replications) * (1 + (is_new or runs.stopped))
    fresh = np.zeros((2, 0, 3))
    if is_new and not runs.stopped:
        fresh = np.stack(runs.fresh_sums([chosen, today], searched, 2 * searched))
    (ours, over), (theirs, theirs_over) = (sums[:, :2].T for sums in fresh)
    rows = [_make_row(search, each, level, len(search.tried) - 1) for each in search.tried]
    rows.sort(key=lambda row: _rank(row, criterion))
    edits = [row.overrides for row in rows]
    return Tuning(
        today.scenario,
        layout,
        criterion.measure.key,
        criterion.measure.unit,
        criterion.measure.better,
        criterion.zone,
        search.levers,
        (*left_out, *search.left_out),
        tuple(rows),
        chosen=edits.index(chosen.overrides) if rows else 0,
        today=edits.index(today.overrides) if rows else 0,
        in_turns=search.in_turns,
        is_decided=is_decided,
        idle=tuple(_find_idle(search)),
        replications=searched + len(ours),
        asked=meant,
        seed=how.seed,
        level=level,
        confirmed_on=len(ours),
        fresh=ratio_interval(ours, over, level),
        fresh_today=ratio_interval(theirs, theirs_over, level),
        gain=ratio_difference(theirs, theirs_over, ours, over, level),
    )


def _rank(row: TunedCandidate, criterion: Criterion) -> float:
    """How far it is behind the chosen one, on the crowds that both met; those without are last."""
    behind = criterion.sign * row.behind.mean
    return math.inf if math.isnan(behind) else behind


def _make_row(
    search: LeverSearch, candidate: Candidate, level: float, others: int
) -> TunedCandidate:
    together = bonferroni(level, max(others, 1))

    def above(base: Candidate) -> Interval:
        n = min(search.runs.count(each) for each in (base, candidate))
        before, after = (search.runs.sums(each, n).T for each in (base, candidate))
        return ratio_difference(before[0], before[1], after[0], after[1], together)

    n = search.runs.count(candidate)
    total, over = search.runs.sums(candidate, n).T
    return TunedCandidate(
        candidate.values,
        candidate.overrides,
        ratio_interval(total, over, level),
        above(search.today),
        above(search.chosen),
        n,
        search.dropped_after.get(candidate.key, 0),
        candidate.key in search.serving_fewer,
        search.clerk_hours(candidate),
    )


def _find_idle(search: LeverSearch) -> Iterator[str]:
    """Levers that changed nothing in any replication, whatever the others were set to."""
    for place, lever in enumerate(search.levers):
        alike: dict[tuple[str, ...], list[Candidate]] = {}
        for candidate in search.tried:
            others = candidate.values[:place] + candidate.values[place + 1 :]
            alike.setdefault(others, []).append(candidate)
        groups = [group for group in alike.values() if len(group) > 1]
        if groups and all(_are_the_same(search, group) for group in groups):
            yield lever.path


def _are_the_same(search: LeverSearch, candidates: Sequence[Candidate]) -> bool:
    n = min(search.runs.count(each) for each in candidates)
    first, *others = (search.runs.sums(each, n) for each in candidates)
    return all(np.array_equal(first, sums) for sums in others)


def tuned_scenario(tuning: Tuning) -> Scenario:
    """The scenario with the settings that were chosen, to run it or write it to a file.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> days = ["run.warmup_days=0", "run.measured_days=1", "run.followup_days=0"]
    >>> hall = load_scenario(example_path("exact/mmc.yaml"), days)
    >>> choice = LeverChoice("layouts.hall.windows.windows.clerks", "5,8")
    >>> tuning = tune(hall, [choice], run=Run(replications=2, workers=1), any_hours=True)
    >>> tuned_scenario(tuning).layout("hall").windows[0].clerks
    {'mon-sun 00:00-24:00': 8}
    """
    return vary_tree(tree_of(tuning.scenario), tuning.best.overrides).scenario


@dataclass(frozen=True)
class TuneQuestion:
    """Which settings of the same hall are best?

    Attributes
    ----------
    levers : tuple of LeverChoice
        As `read_choices` gives them.
    layout : str or None
        None = the first of the scenario.
    measure : str
        Of `MEASURES`, one of which low or high is good.
    zone : float or None
        Indifference zone in its unit; None = the difference that matters.
    level : float
        Probability that the best is selected.
    any_hours : bool
        Candidates may have other clerk hours than today.
    """

    levers: tuple[LeverChoice, ...] = ()
    layout: str | None = None
    measure: str = "wait"
    zone: float | None = None
    level: float = 0.95
    any_hours: bool = False

    @property
    def layouts(self) -> tuple[str, ...]:
        """The layout."""
        return one_layout(self.layout)

    def runs(self, scenario: Scenario) -> int:
        """Candidates times how often each is run on as many crowds; it is an estimate."""
        layout = self.layout or scenario.layouts[0].id
        return expected_runs(hall_levers(scenario, layout, self.levers).levers)

    def answer(self, scenario: Scenario, *, run: Run = Run()) -> Tuning:
        """The best settings of those tried."""
        return tune(
            scenario,
            self.levers,
            self.layout,
            self.measure,
            self.zone,
            run=run,
            level=self.level,
            any_hours=self.any_hours,
        )


def _values(row: CandidateOfTuning, _: int) -> str:
    return "; ".join(row.candidate.values)


def _overrides(row: CandidateOfTuning, _: int) -> str:
    return "; ".join(row.candidate.overrides)


def _lever_paths(tuning: Tuning, _: int) -> list[str]:
    return [lever.path for lever in tuning.levers]


def _refusals(tuning: Tuning, _: int) -> list[dict[str, str]]:
    return [
        {"path": refusal.path, "reason": problem.code, "found": problem.found}
        for refusal in tuning.left_out
        for problem in refusal.problems
    ]


ROWS: Final = AnswerRows(
    "tune",
    "candidates",
    "table",
    (
        AnswerColumn("values", "text", value=_values),
        AnswerColumn("verdict", "text"),
        AnswerColumn("today", "flag", field="is_today"),
        AnswerColumn("unit", "text"),
        AnswerColumn("measured", unit="as_unit", field="candidate.measured"),
        AnswerColumn("above_today", unit="as_unit", field="candidate.apart"),
        AnswerColumn("above_chosen", unit="as_unit", field="candidate.behind"),
        AnswerColumn("replications_run", "whole", field="candidate.replications"),
        AnswerColumn("dropped_after", "whole", field="candidate.dropped_after"),
        AnswerColumn("clerk_hours_a_week", "number", "h", "candidate.clerk_hours"),
        AnswerColumn("overrides", "text", value=_overrides),
    ),
    head=(
        AnswerColumn("layout", "text"),
        AnswerColumn("measure", "text"),
        AnswerColumn("unit", "text"),
        AnswerColumn("indifference_zone", "number", "as_unit", "zone"),
        AnswerColumn("levers", "words", value=_lever_paths),
        AnswerColumn("levers_without_effect", "words", field="idle"),
        AnswerColumn("levers_in_turns", "flag", field="in_turns"),
        AnswerColumn("selection_complete", "flag", field="is_decided"),
        AnswerColumn("confirmed_on", "whole"),
        AnswerColumn("chosen_on_fresh_crowds", unit="as_unit", field="fresh"),
        AnswerColumn("today_on_fresh_crowds", unit="as_unit", field="fresh_today"),
        AnswerColumn("gain_on_fresh_crowds", unit="as_unit", field="gain"),
        AnswerColumn("optimism", "number", "as_unit"),
        JUDGEMENT,
        AnswerColumn("left_out", "data", value=_refusals),
    ),
)
"""One row a candidate, best first."""
