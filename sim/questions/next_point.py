"""Which township next: one station more beside those chosen, ranked on the same crowds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from sim.analysis.intervals import Interval, bonferroni, paired_difference, shifted, t_interval
from sim.arrays import Floats
from sim.errors import OptionError, Problem
from sim.questions.columns import SHARE, YUAN_A_YEAR, AnswerColumn, AnswerRows
from sim.questions.extend import extend_each
from sim.questions.extension import Extension, largest_residual
from sim.questions.proposals import savings_on_map
from sim.questions.question import SITING_HEAD, one_layout
from sim.runs.run import Run
from sim.scenario.edit_places import with_points
from sim.scenario.places import ServicePoint
from sim.scenario.scenario import Scenario

MOST: Final = 8
"""Townships that are run for the next point unless told otherwise."""


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
        cannot be told apart.
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
        Best first; intervals of a column hold together (Bonferroni).
    screened : int
        Townships that were valued on the map.
    replications, asked : int
        Kept, and wanted.
    seed : int
    level : float
        Coverage of the intervals of a column together.
    residual : float
        Minutes: largest gap anywhere between the wait that people expect and the one they find.
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


def next_points(
    scenario: Scenario,
    points: Sequence[str] = (),
    most: int = MOST,
    layout: str | None = None,
    *,
    run: Run = Run(),
    stations: Mapping[str, ServicePoint] | None = None,
    level: float = 0.95,
) -> NextPoints:
    """Rank the townships for one station more, given those that have been chosen.

    Every other township that may get a station is valued on the map; the best are run, each with
    the chosen points, and ranked by what residents save more than with the chosen points alone.

    Parameters
    ----------
    points
        Townships chosen so far.
    most
        How many townships are run.
    run
        How to run it.
    stations
        As in `with_points`, of chosen points; the station more is `places.siting.station`.

    Raises
    ------
    OptionError
        As `with_points`; `no_township_left` when all that may get a station are chosen;
        `outside_range` when none is to be run; `not_on_cluster`.
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
    savings = savings_on_map(with_points(scenario, points, stations), points)
    if not savings:
        raise OptionError(Problem("no_township_left", "--next", found=str(len(points))))
    townships = sorted(savings, key=lambda township: -savings[township])[:most]
    base, *extensions = extend_each(
        scenario,
        [points, *([*points, township] for township in townships)],
        layout,
        run=run,
        level=bonferroni(level, len(townships)),
        stations=stations,
    )
    ranking = NextPoints(
        scenario,
        base.layout,
        tuple(points),
        (),
        len(savings),
        base.replications,
        base.asked,
        base.seed,
        level,
        largest_residual([base, *extensions]),
    )
    if base.replications == 0:
        return ranking
    more = [_beside(base, extension) for extension in extensions]
    saved = [one_more.worth.saved["resident_cost"] for one_more in more]
    order = sorted(range(len(more)), key=lambda n: -saved[n].mean())
    together = bonferroni(level, max(len(more) - 1, 1))
    rows = [_next_point(more[n], savings[townships[n]], saved[order[0]], together) for n in order]
    return ranking._replace(rows=tuple(rows))


def _beside(base: Extension, more: Extension) -> Extension:
    """What one set of points brings beside another that it holds."""
    return replace(
        more,
        scenario=base.extended,
        points=more.points[len(base.points) :],
        settled=(base.settled[1], more.settled[1]),
        tallies=(base.tallies[1], more.tallies[1]),
    )


def _next_point(more: Extension, proposed: float, best: Floats, level: float) -> NextPoint:
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
        paired_difference(money.saved["resident_cost"], best, level),
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
    """

    points: tuple[str, ...] = ()
    most: int = MOST
    layout: str | None = None
    stations: Mapping[str, ServicePoint] = field(default_factory=dict)
    level: float = 0.95

    @property
    def layouts(self) -> tuple[str, ...]:
        """The layout of the city hall."""
        return one_layout(self.layout)

    def runs(self, scenario: Scenario) -> int:
        """The scenario as it is, with the chosen points, and with each of the townships."""
        del scenario
        return 1 + bool(self.points) + self.most

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
    ),
    head=(*SITING_HEAD, AnswerColumn("points", "words"), AnswerColumn("screened", "whole")),
)
"""One row a township, best first."""
