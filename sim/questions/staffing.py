"""How many clerks: waits, load and cost against their number, layout by layout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sim.analysis.estimates import Estimate
from sim.questions.columns import finite_or_none
from sim.questions.compare import compare
from sim.runs.replicate import replicate
from sim.runs.run import Run
from sim.scenario.edit import with_clerks
from sim.scenario.scenario import Scenario


class StaffingPoint(NamedTuple):
    """One layout with one number of clerks."""

    layout: str
    clerks: int
    """Clerks at windows when all are on duty."""
    estimates: tuple[Estimate, ...]


class StaffingCurve(NamedTuple):
    """All points, on the same crowds."""

    scenario: Scenario
    layouts: tuple[str, ...]
    points: tuple[StaffingPoint, ...]
    replications: int
    seed: int

    def of(self, layout: str) -> tuple[StaffingPoint, ...]:
        """Points of one layout, fewest clerks first."""
        points = [point for point in self.points if point.layout == layout]
        return tuple(sorted(points, key=lambda point: point.clerks))


def staffing_curve(
    scenario: Scenario,
    layouts: Sequence[str],
    totals: Sequence[int],
    *,
    run: Run = Run(),
) -> StaffingCurve:
    """Run every layout with every number of clerks, all on the same crowds.

    Parameters
    ----------
    totals
        Numbers of clerks at windows, for each layout alike.
    run
        How to run it, also on a cluster.

    Returns
    -------
    StaffingCurve
        Points that were finished; a cancelled study keeps whole points only.

    Raises
    ------
    ScenarioError
        When a number of clerks cannot staff every window group.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> curve = staffing_curve(scenario, ["hall"], [5, 6], run=Run(replications=2, workers=1))
    >>> [point.clerks for point in curve.points]
    [5, 6]
    """
    how = run.resolved(scenario)
    plans = [
        (layout, total, with_clerks(scenario, layout, total))
        for layout in layouts
        for total in totals
    ]
    points: list[StaffingPoint] = []
    for n, (layout, total, changed) in enumerate(plans):

        def tell(done: int, of: int, before: int = n) -> None:
            how.report(before * of + done, len(plans) * of)

        study = replicate(changed, [layout], run=replace(how, progress=tell))
        if study.cancelled or study.replications == 0:
            break
        points.append(StaffingPoint(layout, total, compare(study).layouts[0]))
    return StaffingCurve(scenario, tuple(layouts), tuple(points), how.replications, how.seed)


def curve_rows(curve: StaffingCurve) -> Iterator[dict[str, Any]]:
    """Every measure of every point, in the unit that is named beside it.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> curve = staffing_curve(scenario, ["hall"], [5], run=Run(replications=2, workers=1))
    >>> row = next(curve_rows(curve))
    >>> row["layout"], row["clerks"], row["measure"], row["unit"]
    ('hall', 5, 'wait', 'min')
    """
    for point in curve.points:
        for estimate in point.estimates:
            interval = estimate.interval
            yield {
                "layout": point.layout,
                "clerks": point.clerks,
                "measure": estimate.measure,
                "unit": estimate.unit,
                "mean": finite_or_none(interval.mean),
                "low": finite_or_none(interval.low),
                "high": finite_or_none(interval.high),
                "level": interval.level,
                "n": interval.n,
            }


@dataclass(frozen=True)
class StaffingQuestion:
    """How many clerks?

    Attributes
    ----------
    layouts : tuple of str
    totals : tuple of int
        Numbers of clerks at windows, for each layout alike.
    """

    layouts: tuple[str, ...]
    totals: tuple[int, ...]

    def runs(self, scenario: Scenario) -> int:
        """Every layout with every number of clerks."""
        del scenario
        return len(self.layouts) * len(self.totals)

    def answer(self, scenario: Scenario, *, run: Run = Run()) -> StaffingCurve:
        """Waits, load and cost against the number of clerks."""
        return staffing_curve(scenario, self.layouts, self.totals, run=run)
