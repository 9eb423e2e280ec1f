"""My candidates: stations in a few townships, each alone and all together, on the same crowds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.intervals import Interval, bonferroni, paired_difference, shifted
from sim.analysis.judge import judge, way_of
from sim.arrays import Floats
from sim.errors import OptionError, Problem
from sim.questions.columns import SHARE, YUAN_A_YEAR, AnswerColumn, AnswerRows
from sim.questions.extend import extend_each
from sim.questions.extension import Extension, largest_residual
from sim.questions.proposals import open_days_a_year
from sim.questions.question import SITING_HEAD, one_layout
from sim.runs.run import Run
from sim.scenario.places import ServicePoint
from sim.scenario.scenario import Scenario

MOST_ON_LIST: Final = 5
"""Townships that can be held against each other."""
CENTS: Final = 2
"""Decimals of a yuan."""


class TownshipGain(NamedTuple):
    """A township whose residents are surely better or worse off with the stations.

    Attributes
    ----------
    township : str
    cases : float
        Cases of its residents in the year.
    saved : Interval
        Yuan of fares and time that a case saves; below 0 where it loses. The intervals of all
        townships hold together (Bonferroni).
    """

    township: str
    cases: float
    saved: Interval

    @property
    def is_loss(self) -> bool:
        """Whether its residents lose."""
        return self.saved.mean < 0


class Shortlisted(NamedTuple):
    """What a station in one township brings, or stations in all of them together.

    Attributes
    ----------
    points : tuple of str
        Townships that get a station.
    saved : Interval
        Yuan a year that residents save in fares and time.
    yearly : float
        Yuan a year that the stations cost.
    net : Interval
        `saved` less `yearly`.
    behind : Interval
        Yuan a year by which `net` is less than that of the first one; of all together, how much
        less they save than the sum of what each saves alone.
    wait : Interval
        Minutes that a ticket waits at the stations.
    use : Interval
        Share of the time on duty that their people are at work.
    visits : Interval
        Trips to them a year.
    days : int
        Days in the year on which they are open, added up over the stations.
    break_even : float
        Trips a year from which residents alone save what the stations cost, if each trip saves what
        it saves now; inf = never.
    gains : tuple of TownshipGain
        Townships that are surely better or worse off; those first whose residents gain most in all.
    """

    points: tuple[str, ...]
    saved: Interval
    yearly: float
    net: Interval
    behind: Interval
    wait: Interval
    use: Interval
    visits: Interval
    days: int
    break_even: float
    gains: tuple[TownshipGain, ...]

    @property
    def daily(self) -> float:
        """People who come to a station on a day on which it is open; nan where it never is."""
        return self.visits.mean / self.days if self.days else math.nan

    @property
    def break_even_daily(self) -> float:
        """People a day at a station from which it pays for residents alone; inf = never."""
        return self.break_even / self.days if self.days else math.inf

    @property
    def winners(self) -> tuple[TownshipGain, ...]:
        """Townships that gain, those first that gain most in all."""
        return tuple(gain for gain in self.gains if not gain.is_loss)

    @property
    def losers(self) -> tuple[TownshipGain, ...]:
        """Townships that lose, those first that lose most in all."""
        return tuple(gain for gain in reversed(self.gains) if gain.is_loss)


class Shortlist(NamedTuple):
    """A few townships ranked by what a station in each is worth after its cost.

    Attributes
    ----------
    scenario : Scenario
        As it is, without the stations.
    layout : str
        Of the city hall.
    rows : tuple of Shortlisted
        Each alone, best first; behind them all together, where there are several. Intervals of a
        column hold together (Bonferroni).
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
    rows: tuple[Shortlisted, ...]
    replications: int
    asked: int
    seed: int
    level: float
    residual: float = 0.0

    @property
    def alone(self) -> tuple[Shortlisted, ...]:
        """Each township by itself, best first."""
        return tuple(row for row in self.rows if len(row.points) == 1)

    @property
    def together(self) -> Shortlisted | None:
        """All of them; None where there is one only."""
        return self.rows[-1] if self.rows and len(self.rows[-1].points) > 1 else None


def shortlist(
    scenario: Scenario,
    points: Sequence[str],
    layout: str | None = None,
    *,
    run: Run = Run(),
    stations: Mapping[str, ServicePoint] | None = None,
    level: float = 0.95,
) -> Shortlist:
    """Rank a few townships by what a station in each saves less what it costs; also all together.

    Each, and all of them, serve the same crowds, so that differences are those of the stations.

    Parameters
    ----------
    points
        Townships, at most `MOST_ON_LIST`.
    run
        How to run it.
    stations
        As in `with_points`.

    Raises
    ------
    OptionError
        As `with_points`; `no_points` without any; `long_shortlist` for too many; `not_on_cluster`.
    LawViolation
        When a run breaks a law of the hall.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> days = ["run.warmup_days=0", "run.measured_days=2", "run.followup_days=2"]
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"), days)
    >>> names = ["t411224204", "t411202001"]
    >>> ranking = shortlist(area, names, run=Run(replications=1, workers=1))
    >>> len(ranking.alone), ranking.together.points == tuple(names), ranking.rows[0].behind.mean
    (2, True, 0.0)
    """
    if not points:
        raise OptionError(Problem("no_points", "--points"))
    if len(points) > MOST_ON_LIST:
        problem = Problem(
            "long_shortlist", "--points", found=f"{len(points)}", allowed=f"≤ {MOST_ON_LIST}"
        )
        raise OptionError(problem)
    # the longest first, so that no process is left alone with it at the end
    sets = [tuple(points), *((point,) for point in points)] if len(points) > 1 else [tuple(points)]
    extensions = extend_each(
        scenario, sets, layout, run=run, level=bonferroni(level, len(sets)), stations=stations
    )
    all_of_them = extensions[0]
    ranking = Shortlist(
        scenario,
        all_of_them.layout,
        (),
        all_of_them.replications,
        all_of_them.asked,
        all_of_them.seed,
        level,
        largest_residual(extensions),
    )
    if all_of_them.replications == 0:
        return ranking
    alone = sorted(extensions[len(sets) > 1 :], key=lambda extension: -_net(extension))
    column_level = bonferroni(level, max(len(sets) - 1, 1))
    rows = [
        _row(each, paired_difference(_nets(each), _nets(alone[0]), column_level)) for each in alone
    ]
    if len(sets) > 1:
        # to the cent: sums of the same yuan in another order differ by less
        together_saves = np.round(all_of_them.worth.saved["resident_cost"], CENTS)
        saves = [each.worth.saved["resident_cost"] for each in alone]
        alone_save = np.round(np.sum(saves, axis=0), CENTS)
        overlap = paired_difference(together_saves, alone_save, column_level)
        rows.append(_row(all_of_them, overlap))
    return ranking._replace(rows=tuple(rows))


def _nets(extension: Extension) -> Floats:
    """float64, shape (replications,): what residents save less what the stations cost."""
    return extension.worth.saved["resident_cost"] - extension.worth.yearly


def _net(extension: Extension) -> float:
    return float(_nets(extension).mean())


def _row(extension: Extension, behind: Interval) -> Shortlisted:
    money = extension.worth
    return Shortlisted(
        extension.points,
        money.residents,
        money.yearly,
        shifted(money.residents, -money.yearly),
        behind,
        money.points.wait,
        money.points.use,
        money.visits,
        sum(open_days_a_year(extension.scenario, station) for station in extension.opened),
        money.break_even,
        township_gains(extension),
    )


def township_gains(extension: Extension) -> tuple[TownshipGain, ...]:
    """Townships whose residents surely gain or lose, those first that gain most in all.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.questions.extend import extend
    >>> few = ["run.warmup_days=0", "run.measured_days=2", "run.followup_days=2"]
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"), few)
    >>> once = Run(replications=1, workers=1)
    >>> township_gains(extend(area, ["t411224204"], run=once, rival=False))
    ()
    """
    gains = []
    for group in extension.summary.stations.groups["township"]:
        change = group.effect("resident_cost").change
        if way_of(judge(change)):
            cost = change.interval
            saved = cost._replace(mean=-cost.mean, low=-cost.high, high=-cost.low)
            gains.append(TownshipGain(group.group, group.cases, saved))
    return tuple(sorted(gains, key=lambda gain: -gain.cases * gain.saved.mean))


@dataclass(frozen=True)
class ShortlistQuestion:
    """Which of these townships should get a station, and what of all of them?

    Attributes
    ----------
    points : tuple of str
        Townships, at most `MOST_ON_LIST`.
    layout : str or None
        Of the city hall; None = the first of the scenario.
    stations : mapping
        As in `with_points`.
    level : float
        Coverage of the intervals of a column together.
    """

    points: tuple[str, ...]
    layout: str | None = None
    stations: Mapping[str, ServicePoint] = field(default_factory=dict)
    level: float = 0.95

    @property
    def layouts(self) -> tuple[str, ...]:
        """The layout of the city hall."""
        return one_layout(self.layout)

    def runs(self, scenario: Scenario) -> int:
        """The scenario as it is, with each of the stations, and with all of them."""
        del scenario
        return 1 + len(self.points) + (len(self.points) > 1)

    def answer(self, scenario: Scenario, *, run: Run = Run()) -> Shortlist:
        """The townships, ranked."""
        return shortlist(
            scenario,
            self.points,
            self.layout,
            run=run,
            stations=self.stations,
            level=self.level,
        )


def _judgement(row: Shortlisted, number: int) -> str:
    if len(row.points) > 1:
        return "together"
    if number == 0:
        return "first"
    return "behind" if row.behind.low > 0 else "not_distinguishable"


ROWS: Final = AnswerRows(
    "shortlist",
    "shortlist",
    "rows",
    (
        AnswerColumn("points", "words"),
        AnswerColumn("judgement", "text", value=_judgement),
        AnswerColumn("residents_save_yuan_a_year", unit=YUAN_A_YEAR, field="saved"),
        AnswerColumn("station_yuan_a_year", "number", YUAN_A_YEAR, "yearly"),
        AnswerColumn("net_yuan_a_year", unit=YUAN_A_YEAR, field="net"),
        AnswerColumn("behind_yuan_a_year", unit=YUAN_A_YEAR, field="behind"),
        AnswerColumn("wait", unit="min"),
        AnswerColumn("share_of_time_at_work", unit=SHARE, field="use"),
        AnswerColumn("visits_a_year", unit="visit_a_year", field="visits"),
        AnswerColumn("visits_a_day", "number", "visit", "daily"),
        AnswerColumn("break_even_visits_a_day", "number", "visit", "break_even_daily"),
        AnswerColumn(
            "gaining", "words", value=lambda row, _: [gain.township for gain in row.winners]
        ),
        AnswerColumn(
            "losing", "words", value=lambda row, _: [gain.township for gain in row.losers]
        ),
    ),
    head=SITING_HEAD,
)
"""One row a township, best first, and one of all together."""
