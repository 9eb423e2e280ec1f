"""Which township next: one station more beside those chosen, ranked on the same crowds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.intervals import Interval, bonferroni, paired_difference, shifted, t_interval
from sim.analysis.selection import LEAST_FIRST, surely_beaten
from sim.engine.run import prepare
from sim.errors import OptionError, Problem
from sim.plan.compile import compile_plan
from sim.plan.year import year_of
from sim.questions.columns import SHARE, YUAN_A_YEAR, AnswerColumn, AnswerRows
from sim.questions.extend import ways_of
from sim.questions.extension import Extension
from sim.questions.proposals import savings_on_map
from sim.questions.question import SITING_HEAD, one_layout
from sim.runs.crowds import Crowds, StartedPlan, Tallies
from sim.runs.equilibrium import Equilibrium
from sim.runs.run import ResolvedRun, Run
from sim.scenario.edit_places import with_points
from sim.scenario.places import ServicePoint
from sim.scenario.scenario import Scenario

MOST: Final = 8
"""Townships that are run for the next point unless told otherwise."""
ERROR: Final = 0.05
HALF: Final = 0.5
FIRST_LOOK: Final = 3
"""Replications after which townships are first held against each other."""
GROWTH: Final = 1.6
"""Times the replications of a look that the next one has."""


class NextPoint(NamedTuple):
    """What one station more brings, beside the points chosen so far, on the same crowds.

    Attributes
    ----------
    township : str
    proposed : float
        Yuan a year that residents save on the map, where nobody waits.
    saved : Interval
        Yuan a year that residents save in fares and time.
    minutes : Interval
        Minutes a year that they save on the way.
    visits : Interval
        Trips to it a year.
    use : Interval
        Share of the time on duty that its people are at work.
    yearly : float
        Yuan a year that it costs.
    net : Interval
        `saved` less `yearly`.
    hall_saved : float
        Yuan a year of work taken off all other places; nan where the scenario has no wage.
    behind : Interval
        Yuan a year that it saves less than the first of the ranking; where it holds zero they
        cannot be told apart. Of one that dropped out, less than the first then.
    dropped_after : int
        Replications after which it could surely not be the first, and was run no more; 0 = it was
        run to the end.
    """

    township: str
    proposed: float
    saved: Interval
    minutes: Interval
    visits: Interval
    use: Interval
    yearly: float
    net: Interval
    hall_saved: float
    behind: Interval
    dropped_after: int = 0

    @property
    def is_behind(self) -> bool:
        """Whether it can be told apart from the first."""
        return self.behind.low > 0


class NextPoints(NamedTuple):
    """The townships where one station more saves residents most.

    Attributes
    ----------
    scenario : Scenario
        As it is, without the chosen points.
    layout : str
        Of the city hall.
    points : tuple of str
        Chosen so far.
    rows : tuple of NextPoint
        Best first, behind them those that dropped out; intervals of a column hold together
        (Bonferroni). Stopped early, or shown early, those of which anything is known.
    screened : int
        Townships that were valued on the map.
    replications, asked : int
        Kept of those that did not drop out, and wanted.
    seed : int
    level : float
        Coverage of the intervals of a column together.
    residual : float
        Minutes: largest gap anywhere between the wait that people expect and the one they find.
    candidates : int
        Townships that are run; 0 = of a ranking of 0.3.0 or before: all of its rows.
    error : float
        Chance, at most, that the township that saves most dropped out.
    """

    scenario: Scenario
    layout: str
    points: tuple[str, ...]
    rows: tuple[NextPoint, ...]
    screened: int
    replications: int
    asked: int
    seed: int
    level: float
    residual: float = 0.0
    candidates: int = 0
    error: float = 0.0

    @property
    def is_whole(self) -> bool:
        """Whether all townships were run as far as was wanted, or as they had a chance."""
        return self.replications == self.asked and len(self.rows) >= self.candidates


def next_points(
    scenario: Scenario,
    points: Sequence[str] = (),
    most: int = MOST,
    layout: str | None = None,
    *,
    run: Run = Run(),
    stations: Mapping[str, ServicePoint] | None = None,
    level: float = 0.95,
    error: float = ERROR,
) -> NextPoints:
    """Rank the townships for one station more, given those that have been chosen.

    Every other township that may get a station is valued on the map; the best are run, each with
    the chosen points, and ranked by what residents save more than with the chosen points alone.
    They race on the same crowds: which surely cannot be the first is run no further
    (`sim.analysis.selection.surely_beaten`). `run.early` is given the ranking of those known so
    far, at first after a few crowds of the first townships.

    Parameters
    ----------
    points
        Townships chosen so far.
    most
        How many townships are run.
    run
        How to run it; stopped early, what is known of each township is kept.
    stations
        As in `with_points`, of chosen points; the station more is `places.siting.station`.
    error
        Chance, at most, that the first drops out; 0 = nobody drops out.

    Raises
    ------
    OptionError
        As `with_points`; `no_township_left` when all that may get a station are chosen;
        `outside_range` when none is to be run, and for an error below 0 or of half or more;
        `not_on_cluster`.
    LawViolation
        When a run breaks a law of the hall.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> days = ["run.warmup_days=0", "run.measured_days=2", "run.followup_days=2"]
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"), days)
    >>> ranking = next_points(area, ["t411224204"], 2, run=Run(replications=1, workers=1))
    >>> ranking.screened, len(ranking.rows), ranking.rows[0].behind.mean
    (77, 2, 0.0)
    """
    if most < 1:
        raise OptionError(Problem("outside_range", "--top", found=str(most), allowed="≥ 1"))
    if not 0 <= error < HALF:
        raise OptionError(Problem("outside_range", "error", found=f"{error:g}", allowed="0–0.5"))
    base = with_points(scenario, points, stations) if points or stations else scenario
    savings = savings_on_map(base, points)
    if not savings:
        raise OptionError(Problem("no_township_left", "--next", found=str(len(points))))
    townships = sorted(savings, key=lambda township: -savings[township])[:most]
    wider = [with_points(scenario, [*points, name], stations) for name in townships]
    name = layout or scenario.layouts[0].id
    how = run.resolved(scenario)
    whole = NextPoints(
        scenario,
        name,
        tuple(points),
        (),
        len(savings),
        0,
        how.replications,
        how.seed,
        level,
        candidates=len(townships),
        error=error,
    )
    proposed = [savings[township] for township in townships]
    return _Race(whole, [base, *wider], townships, proposed, how).run()


def looks_at(replications: int) -> tuple[int, ...]:
    """After how many replications candidates are held against each other; the last are all.

    Examples
    --------
    >>> looks_at(2), looks_at(10), looks_at(30)
    ((2,), (3, 5, 8, 10), (3, 5, 8, 13, 21, 30))
    """
    looks = [min(FIRST_LOOK, replications)]
    while looks[-1] < replications:
        looks.append(min(math.ceil(looks[-1] * GROWTH), replications))
    return tuple(looks)


class _Race:
    """Townships that are settled and served on the same crowds, as long as they have a chance.

    Parameters
    ----------
    whole
        The answer but for what is found.
    areas
        With the chosen points, and with each township's station beside them.
    """

    def __init__(
        self,
        whole: NextPoints,
        areas: Sequence[Scenario],
        townships: Sequence[str],
        proposed: Sequence[float],
        how: ResolvedRun,
    ) -> None:
        self._whole, self._areas, self._how = whole, areas, how
        self._townships, self._proposed = townships, proposed
        self._settled: dict[int, Equilibrium] = {}
        self._tallies: dict[int, Tallies] = {}
        self._out: dict[int, Interval] = {}
        """How far those that dropped out were behind, by number from 1."""
        self._year = year_of(whole.scenario)

    def run(self) -> NextPoints:
        """Settle all, serve them look by look, and drop who cannot be the first."""
        whole, how = self._whole, self._how
        first = compile_plan(self._areas[0], whole.layout)
        # stations change nothing that is drawn: one demand stands for all
        others = (compile_plan(area, whole.layout) for area in self._areas[1:])
        plans = [first, *(plan._replace(demand=first.demand) for plan in others)]
        ways = [ways_of(area, plan) for area, plan in zip(self._areas, plans, strict=True)]
        prepare(first, how.engine)
        places = whole.scenario.places
        assert places is not None
        about = places.travel.value_of_time_yuan_per_h, self._year.weights
        crowds, looks = Crowds(len(plans), how), looks_at(how.replications)
        crowds.start(plans, ways, *about, looks[0], self._take)
        for before, end in pairwise(looks):
            if crowds.stopped or len(self._settled) < len(plans):
                break
            self._drop(len(looks) - 1)
            in_play = [0, *self._in_play()]
            crowds.expect(len(in_play) * (how.replications - before))
            settled = [self._settled[n].plan for n in in_play]
            rows = crowds.serve(settled, [ways[n] for n in in_play], *about, before, end)
            for n, tallies in zip(in_play, rows, strict=True):
                self._tallies[n] += tallies
            if end < how.replications:
                how.show(self._ranking())
        return self._ranking()

    def _take(self, started: StartedPlan) -> None:
        """What a township's station brings, as far as it is known; the ranking so far is shown."""
        self._settled[started.number] = started.settled
        self._tallies[started.number] = started.tallies
        if 0 in self._settled and len(self._settled) > 1:
            self._how.show(self._ranking())

    def _in_play(self) -> list[int]:
        return [n for n in sorted(self._tallies) if n > 0 and n not in self._out]

    def _drop(self, looks: int) -> None:
        """Let those drop out that another one surely beats, the errors of all looks together."""
        in_play, error = self._in_play(), self._whole.error
        count = len(self._tallies[0])
        if error <= 0 or len(in_play) < 2 or count < LEAST_FIRST:
            return
        each = bonferroni(1 - 2 * error, (len(self._townships) - 1) * looks)
        saved = np.stack([self._more(n).worth.saved["resident_cost"] for n in in_play])
        best = saved[saved.mean(axis=1).argmax()]
        for place in np.flatnonzero(surely_beaten(saved, each)).tolist():
            self._out[in_play[place]] = paired_difference(saved[place], best, each)

    def _more(self, n: int) -> Extension:
        """What a township's station brings beside the chosen points."""
        whole, how = self._whole, self._how
        count = len(self._tallies[n])
        return Extension(
            self._areas[0],
            self._areas[n],
            whole.layout,
            (self._townships[n - 1],),
            (self._settled[0], self._settled[n]),
            (self._tallies[0][:count], self._tallies[n]),
            self._year,
            how.seed,
            how.replications,
            how.engine,
            bonferroni(whole.level, len(self._townships)),
        )

    def _ranking(self) -> NextPoints:
        """Those known so far, best first, behind them those that dropped out."""
        in_play = self._in_play()
        if 0 not in self._tallies or not in_play:
            return self._whole
        more = {n: self._more(n) for n in (*in_play, *self._out)}
        saved = {n: each.worth.saved["resident_cost"] for n, each in more.items()}
        order = sorted(more, key=lambda n: (n in self._out, -saved[n].mean()))
        together = bonferroni(self._whole.level, max(len(more) - 1, 1))
        best = saved[order[0]]
        rows = []
        for n in order:
            behind = self._out.get(n) or paired_difference(saved[n], best, together)
            dropped = len(saved[n]) if n in self._out else 0
            rows.append(_next_point(more[n], self._proposed[n - 1], behind, dropped))
        return self._whole._replace(
            rows=tuple(rows),
            replications=len(best),
            residual=max(self._settled[n].residual for n in (0, *more)),
        )


def _next_point(more: Extension, proposed: float, behind: Interval, dropped: int) -> NextPoint:
    money = more.worth
    return NextPoint(
        more.points[0],
        proposed,
        money.residents,
        t_interval(money.saved["travel"], more.level),
        money.visits,
        money.points.use,
        money.yearly,
        shifted(money.residents, -money.yearly),
        money.hall_saved,
        behind,
        dropped,
    )


@dataclass(frozen=True)
class NextPointQuestion:
    """In which township would one station more save residents most?

    Attributes
    ----------
    points : tuple of str
        Townships chosen so far.
    most : int
        How many townships are run.
    layout : str or None
        Of the city hall; None = the first of the scenario.
    stations : mapping
        As in `with_points`, of chosen points.
    level : float
        Coverage of the intervals of a column together.
    error : float
        Chance, at most, that the first drops out of the race; 0 = nobody drops out.
    """

    points: tuple[str, ...] = ()
    most: int = MOST
    layout: str | None = None
    stations: Mapping[str, ServicePoint] = field(default_factory=dict)
    level: float = 0.95
    error: float = ERROR

    @property
    def layouts(self) -> tuple[str, ...]:
        """The layout of the city hall."""
        return one_layout(self.layout)

    def runs(self, scenario: Scenario) -> int:
        """The scenario with the chosen points, and with each of the townships beside them."""
        del scenario
        return 1 + self.most

    def answer(self, scenario: Scenario, *, run: Run = Run()) -> NextPoints:
        """The townships, ranked."""
        return next_points(
            scenario,
            self.points,
            self.most,
            self.layout,
            run=run,
            stations=self.stations,
            level=self.level,
            error=self.error,
        )


def _judgement(row: NextPoint, number: int) -> str:
    if number == 0:
        return "first"
    return "behind" if row.is_behind else "not_distinguishable"


ROWS: Final = AnswerRows(
    "next",
    "ranking",
    "rows",
    (
        AnswerColumn("township", "text"),
        AnswerColumn("judgement", "text", value=_judgement),
        AnswerColumn("proposed_yuan_a_year", "number", YUAN_A_YEAR, "proposed"),
        AnswerColumn("residents_save_yuan_a_year", unit=YUAN_A_YEAR, field="saved"),
        AnswerColumn("minutes_saved_a_year", unit="min_a_year", field="minutes"),
        AnswerColumn("visits_a_year", unit="visit_a_year", field="visits"),
        AnswerColumn("share_of_time_at_work", unit=SHARE, field="use"),
        AnswerColumn("net_yuan_a_year", unit=YUAN_A_YEAR, field="net"),
        AnswerColumn("behind_yuan_a_year", unit=YUAN_A_YEAR, field="behind"),
        AnswerColumn("station_yuan_a_year", "number", YUAN_A_YEAR, "yearly"),
        AnswerColumn("hall_yuan_a_year", "number", YUAN_A_YEAR, "hall_saved"),
        AnswerColumn("dropped_after", "whole"),
    ),
    head=(
        *SITING_HEAD,
        AnswerColumn("points", "words"),
        AnswerColumn("screened", "whole"),
        AnswerColumn("candidates", "whole"),
        AnswerColumn("error", "number"),
    ),
)
"""One row a township, best first."""
