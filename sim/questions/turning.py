"""Which assumptions would turn a verdict: each at both ends of its range, in every layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple

from sim.analysis.catalogue import MEASURES, QUANTILES
from sim.analysis.estimates import Estimate, differences, estimates
from sim.analysis.intervals import bonferroni
from sim.analysis.judge import Judgement, judge, rated, size_of, way_of
from sim.analysis.measures import Tally
from sim.errors import OptionError, Problem, ScenarioError
from sim.questions.levers import assumed_levers
from sim.questions.sweep import ALL, prices, tallies_of
from sim.questions.vary import Lever
from sim.runs.replicate import Study
from sim.runs.run import Run
from sim.scenario.edit import VariedScenario, vary_tree, with_days_at_most
from sim.scenario.load import tree_of
from sim.scenario.node import Node
from sim.scenario.scenario import Scenario

SCREENED: Final = 2
"""Replications in which every end is looked at."""
SCREENED_DAYS: Final = 5
"""Hall days measured then, where the measure needs no case to end."""
CONFIRMED: Final = 8
"""Ends that come nearest to another verdict; they are run like the verdict itself."""

Turn = Literal["reversed", "lost", "too_little", "told", ""]
"""Another layout is better; they can no longer be told apart; they can, by too little to matter;
they can be told apart, which they could not; nothing turns."""
GRAVEST: Final[tuple[Turn, ...]] = ("reversed", "lost", "too_little", "told", "")


class TurnedEnd(NamedTuple):
    """An assumption at one end of its range, and what the verdict would be there."""

    path: str
    now: tuple[str, ...]
    value: str
    same_budget: bool
    """The layouts have clerk hours as equal there as in the scenario."""
    rival: str
    """The layout that the leader is nearest to there, or behind."""
    difference: Estimate
    """The rival minus the leader, there, on the same crowds."""
    turn: Turn


class Turning(NamedTuple):
    """What a verdict on one measure hangs on."""

    measure: str
    leader: str
    """The layout with the best mean in the scenario as it is."""
    levers: int
    """Assumptions that could be moved."""
    ends: int
    """Ends of their ranges that are sound scenarios; all were screened."""
    left_out: int
    """Assumptions that could not be moved, or not to one of their ends."""
    screened: int
    """Replications of the screening; 0 when it was stopped before."""
    screened_days: int
    replications: int
    """Of the ends that were run like the verdict."""
    confirmed: tuple[TurnedEnd, ...]
    """These ends: what turns the verdict first, and before others what keeps clerk hours equal."""
    cancelled: bool

    @property
    def turned(self) -> tuple[TurnedEnd, ...]:
        """The ends at which the verdict would be another."""
        return tuple(end for end in self.confirmed if end.turn)


class _TurnEnd(NamedTuple):
    lever: Lever
    value: str
    overrides: tuple[str, ...]


class _Search(NamedTuple):
    """What all parts of a search share."""

    study: Study
    measure: str
    key: str
    """The measure whose sums it needs."""
    leader: str
    level: float

    @property
    def rivals(self) -> tuple[str, ...]:
        return tuple(layout for layout in self.study.layouts if layout != self.leader)

    def gaps(self, scenario: Scenario, rows: Sequence[Sequence[Tally]]) -> dict[str, Estimate]:
        """Each rival minus the leader, as the verdict would have it in a scenario."""
        measures = [measure for measure in prices(scenario) if measure.key == self.key]
        of = dict(zip(self.study.layouts, rows, strict=True))
        of_leader = _only(self.measure, estimates(of[self.leader], self.level, measures))
        gaps = {}
        for rival in self.rivals:
            apart = _only(
                self.measure, differences(of[self.leader], of[rival], self.level, measures)
            )
            if apart is not None and of_leader is not None:
                gaps[rival] = rated(apart, of_leader.interval.mean, self.study.scenario.targets)
        return gaps


def turning(
    study: Study,
    measure: str = "wait",
    *,
    run: Run = Run(),
    level: float = 0.95,
    confirm: int = CONFIRMED,
) -> Turning:
    """Look which assumed numbers would turn the verdict of a study at an end of their range.

    Every end of every range is screened with few replications and days. Those that come nearest to
    another verdict are then run as the verdict was, with its days, replications and rule, and
    judged as it is: what is told of them is what the verdict would say there. An end that the
    screening took for harmless is not looked at again.

    Parameters
    ----------
    measure
        Of `MEASURES`, or a quantile of waits; one of which a way is better.
    run
        How to run it, on the replications and the seed of the study; stopped early, what was
        confirmed is kept.
    confirm
        Ends that are run like the verdict.

    Raises
    ------
    OptionError
        For an unknown measure, one of which neither way is better, or a single layout; for a run
        that asks for other replications, another seed or a cluster.

    Examples
    --------
    >>> from sim import example_path, load_scenario, replicate
    >>> days = ["run.warmup_days=0", "run.measured_days=1", "run.followup_days=1"]
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), days)
    >>> try:
    ...     turning(replicate(scenario, run=Run(replications=2, workers=1)))
    ... except OptionError as error:
    ...     print(error.problems[0].code)
    one_layout
    """
    better = {listed.key: listed.better for listed in MEASURES} | dict.fromkeys(QUANTILES, "low")
    if better.get(measure, "neither") == "neither":
        allowed = ", ".join(name for name in ALL if better[name] != "neither")
        problem = Problem("unknown_measure", "--assumptions", found=measure, allowed=allowed)
        raise OptionError(problem)
    if len(study.layouts) < 2:
        raise OptionError(Problem("one_layout", "--assumptions", found=study.layouts[0]))
    how = run.on_crowds_of(study.replications, study.seed, study.engine)
    question = _question(study, measure, better[measure], level)
    ends, left_out = _all_ends(study)
    short = _shortened(study.scenario, question.key)
    total = SCREENED * len(ends) + study.replications * min(confirm, len(ends))
    done_before, under_way, stopped = [0], [0], [False]

    def report_progress(done: int, of: int) -> None:
        # equal scenarios are run once, and all of them are done then
        how.report(done_before[0] + under_way[0] * done // of, total)

    def gaps_at(
        base: Scenario, replications: int, chosen: Sequence[_TurnEnd]
    ) -> list[tuple[_TurnEnd, VariedScenario, dict[str, Estimate], int]]:
        tree = tree_of(base)
        made = [
            (end, varied)
            for end in chosen
            if not how.cancelled() and (varied := _made(tree, end)) is not None
        ]
        if not made or how.cancelled() or stopped[0]:
            return []
        under_way[0] = replications * len(chosen)
        rows = tallies_of(
            [varied.scenario for _, varied in made],
            study.layouts,
            tuple(dict.fromkeys((question.key, measure))),
            run=replace(how, replications=replications, progress=report_progress),
        )
        complete = len(rows[0][0])
        done_before[0] += under_way[0]
        stopped[0] = complete < replications  # by a key: what comes after is not begun
        if not complete:
            return []
        return [
            (end, varied, question.gaps(varied.scenario, row), complete)
            for (end, varied), row in zip(made, rows, strict=True)
        ]

    base_gaps = question.gaps(study.scenario, [study.of(layout) for layout in study.layouts])
    looked_at = gaps_at(short, SCREENED, ends)
    sure = any(way_of(judge(gap)) for gap in base_gaps.values())
    sign = 1.0 if better[measure] == "low" else -1.0
    leads = [
        (min((sign * gap.interval.mean for gap in gaps.values()), default=0.0), end, made)
        for end, made, gaps, _ in looked_at
    ]
    leads.sort(key=lambda lead: lead[0] if sure else -abs(lead[0]))
    # more clerks in one layout turn any verdict: what keeps their hours equal has half of the runs
    alike = [end for _, end, made in leads if made.same_budget][: confirm // 2]
    others = [end for _, end, _ in leads if end not in alike][: confirm - len(alike)]
    nearest = [*alike, *others]
    full_runs = gaps_at(study.scenario, study.replications, nearest)
    confirmed = [
        _judged(end, varied, gaps, base_gaps, sign) for end, varied, gaps, _ in full_runs if gaps
    ]
    confirmed.sort(
        key=lambda end: (
            not end.turn,
            not end.same_budget,
            GRAVEST.index(end.turn),
            sign * end.difference.interval.mean,
        )
    )
    return Turning(
        measure,
        question.leader,
        len({end.lever.path for end in ends}),
        len(looked_at) or len(ends),
        left_out + len(ends) - (len(looked_at) or len(ends)),
        looked_at[0][3] if looked_at else 0,
        short.run.measured_days,
        full_runs[0][3] if full_runs else 0,
        tuple(confirmed),
        not looked_at or len(full_runs) < len(nearest) or full_runs[0][3] < study.replications,
    )


def _question(study: Study, measure: str, better: str, level: float) -> _Search:
    key = "wait" if measure in QUANTILES else measure
    measures = [listed for listed in prices(study.scenario) if listed.key == key]
    sign = 1.0 if better == "low" else -1.0
    means = {
        layout: sign * estimate.interval.mean
        for layout in study.layouts
        if (estimate := _only(measure, estimates(study.of(layout), level, measures))) is not None
    }
    if len(means) < len(study.layouts):
        raise OptionError(Problem("not_measured", "--assumptions", found=measure))
    leader = min(means, key=lambda layout: means[layout])
    pairs = len(study.layouts) * (len(study.layouts) - 1) // 2
    return _Search(study, measure, key, leader, bonferroni(level, pairs))


def _all_ends(study: Study) -> tuple[list[_TurnEnd], int]:
    """Both ends of every range that is assumed in a layout, and how many ranges are no levers."""
    levers: dict[str, Lever] = {}
    left_out: dict[str, int] = {}
    for layout in study.layouts:
        assumed = assumed_levers(study.scenario, layout)
        levers |= {lever.path: lever for lever in assumed.levers}
        for refusal in assumed.left_out:
            left_out[refusal.path] = left_out.get(refusal.path, 0) + 1
    ends = [
        _TurnEnd(lever, setting.value, setting.overrides)
        for lever in levers.values()
        for setting in lever.settings
    ]
    return ends, sum(count == len(study.layouts) for count in left_out.values())


def _shortened(scenario: Scenario, key: str) -> Scenario:
    """Fewer days, where a measure needs no case to end."""
    cluster = next(listed.cluster for listed in MEASURES if listed.key == key)
    if cluster != "day" or scenario.run.measured_days <= SCREENED_DAYS:
        return scenario
    return with_days_at_most(scenario, SCREENED_DAYS)


def _made(tree: Node, end: _TurnEnd) -> VariedScenario | None:
    """The scenario of an end; None when it is not sound."""
    try:
        return vary_tree(tree, end.overrides)
    except ScenarioError:
        return None


def _only(measure: str, measured: Sequence[Estimate]) -> Estimate | None:
    return next((estimate for estimate in measured if estimate.measure == measure), None)


def _judged(
    end: _TurnEnd,
    made: VariedScenario,
    gaps: Mapping[str, Estimate],
    base: Mapping[str, Estimate],
    sign: float,
) -> TurnedEnd:
    """The gravest of what an end turns; the nearest rival where it turns nothing."""
    turns = {rival: turn_of(judge(base[rival]), judge(gap)) for rival, gap in gaps.items()}
    rival = min(
        gaps, key=lambda layout: (GRAVEST.index(turns[layout]), sign * gaps[layout].interval.mean)
    )
    return TurnedEnd(
        end.lever.path, end.lever.now, end.value, made.same_budget, rival, gaps[rival], turns[rival]
    )


def turn_of(before: Judgement, now: Judgement) -> Turn:
    """What becomes of a verdict on a rival of the leader: its words as it is, and at an end.

    Examples
    --------
    >>> turn_of("worse", "better_too_little"), turn_of("worse", "not_distinguishable")
    ('reversed', 'lost')
    >>> turn_of("worse", "worse_too_little"), turn_of("not_distinguishable", "worse")
    ('too_little', 'told')
    >>> turn_of("worse", "worse_size_open"), turn_of("identical", "no_difference_that_matters")
    ('', '')
    """
    if way_of(before) == "worse":
        if way_of(now) == "better":
            return "reversed"
        if not way_of(now):
            return "lost"
        fell = size_of(now) == "too_little" and size_of(before) != "too_little"
        return "too_little" if fell else ""
    apart = way_of(now) and size_of(now) != "too_little"
    return "told" if apart and not way_of(before) else ""


@dataclass(frozen=True)
class TurningQuestion:
    """On which assumptions does the verdict of a study hang?

    Attributes
    ----------
    measure : str
        Of `MEASURES`, or a quantile of waits; one of which a way is better.
    level : float
        As of the verdict.
    confirm : int
        Ends that are run like the verdict.
    """

    measure: str = "wait"
    level: float = 0.95
    confirm: int = CONFIRMED

    @property
    def layouts(self) -> tuple[str, ...]:
        """Those of the study."""
        return ()

    def runs(self, study: Study) -> int:
        """The ends that are run like the verdict, at most."""
        del study
        return self.confirm

    def answer(self, study: Study, *, run: Run = Run()) -> Turning:
        """What would turn the verdict."""
        return turning(study, self.measure, run=run, level=self.level, confirm=self.confirm)
