"""Figures of a matter that a reader of the field would doubt, and what in the model makes them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, Literal, NamedTuple

from sim.clock import Span
from sim.questions.reductions import Reductions
from sim.scenario.limits import longest_work
from sim.scenario.matters import Matter
from sim.scenario.provenance import numbers
from sim.scenario.scenario import Scenario

Reason = Literal["soon", "no_trips", "more_papers", "few", "none"]

REASONS: Final[tuple[Reason, ...]] = ("none", "few", "soon", "no_trips", "more_papers")
SOON: Final = 1 / 3
"""Share of the promised limit below which a mean time is doubted."""
FEW: Final = 30
"""Compared cases below which all figures of a matter are doubted."""
HARDLY: Final = 0.005
"""Trips a case that are none as they are shown."""


class Doubt(NamedTuple):
    """A figure that is doubted, and the numbers that explain it.

    Attributes
    ----------
    reason : str
        `soon` = issued in less than a third of the promised limit; `no_trips` = nobody comes to a
        hall; `more_papers` = more papers bundled than apart; `few`, `none` = few or no cases.
    matter : Matter
    compared : int
        Cases that the figures rest on.
    working_days, days : float
        Mean time bundled, from coming to the last decision.
    promised : Span or None
        Its limit.
    work : int
        Ticks of reviewers' own work on the chain of items with most of it, at the mean.
    is_assumed : bool
        Whether some of that work has no source.
    spans : int
        Items with a span outside the hall.
    online : float
        Share of the compared cases that applied online.
    papers : tuple of float
        Papers a case, apart and bundled.
    """

    reason: Reason
    matter: Matter
    compared: int
    working_days: float
    days: float
    promised: Span | None
    work: int
    is_assumed: bool
    spans: int
    online: float
    papers: tuple[float, float]


def assumed_work(scenario: Scenario) -> frozenset[str]:
    """Ids of the matters of which some review has no source."""
    return frozenset(
        str(number.path[1])
        for number in numbers(scenario)
        if number.assumed and number.path[0] == "matters" and "review" in number.path
    )


def doubts(
    reductions: Reductions, matter: str, assumed: Collection[str] | None = None
) -> tuple[Doubt, ...]:
    """What is to be doubted of one matter, with its reasons; most pressing first.

    Parameters
    ----------
    assumed
        `assumed_work` of the scenario, where many matters are asked for.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario
    >>> from sim.questions.reductions import reductions
    >>> city = load_scenario(example_path("sanmenxia.yaml"), ["run.measured_days=5"])
    >>> run = Run(replications=1, workers=1)
    >>> cuts = reductions(city, "counters", run=run, followup=60, matters=["birth"])
    >>> "soon" in [doubt.reason for doubt in doubts(cuts, "birth")]
    True
    """
    bundle = next(each for each in reductions.scenario.matters if each.id == matter)
    summary = reductions.summary.of(matter)
    compared = summary.cases.compared
    papers, time, trips, calendar = (
        summary.cuts[name] for name in ("materials", "time", "trips", "time_calendar")
    )
    holds = {
        "none": compared == 0,
        "few": 0 < compared < FEW,
        "soon": bundle.promised is not None
        and bundle.promised.workdays > 0
        and time.after.mean < SOON * bundle.promised.workdays,
        "no_trips": max(trips.before.mean, trips.after.mean) < HARDLY,
        "more_papers": papers.after.mean > papers.before.mean,
    }
    is_assumed = matter in (assumed_work(reductions.scenario) if assumed is None else assumed)
    return tuple(
        Doubt(
            reason,
            bundle,
            compared,
            time.after.mean,
            calendar.after.mean,
            bundle.promised,
            longest_work(bundle),
            is_assumed,
            sum(item.external is not None for item in bundle.items),
            summary.online,
            (papers.before.mean, papers.after.mean),
        )
        for reason in REASONS
        if holds[reason]
    )
