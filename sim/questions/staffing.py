"""How many clerks: waits, load and cost against their number, layout by layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from sim.analysis.estimates import Estimate
from sim.errors import Problem, ScenarioError
from sim.questions.compare import compare
from sim.runs.replicate import replicate
from sim.runs.run import Run
from sim.scenario.hall import Layout
from sim.scenario.scenario import Scenario


class StaffingPoint(NamedTuple):
    """One layout with one number of clerks."""

    layout: str
    clerks: int
    """Clerks at windows when all are on duty."""
    estimates: tuple[Estimate, ...]


class StaffingCurve(NamedTuple):
    """All points, on the same crowds."""

    study_scenario: Scenario
    layouts: tuple[str, ...]
    points: tuple[StaffingPoint, ...]
    replications: int
    seed: int

    def of(self, layout: str) -> tuple[StaffingPoint, ...]:
        """Points of one layout, fewest clerks first."""
        mine = [point for point in self.points if point.layout == layout]
        return tuple(sorted(mine, key=lambda point: point.clerks))


def clerks_of(layout: Layout) -> int:
    """Clerks of a layout when each group has its largest number.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> clerks_of(load_scenario(example_path("exact/mmc.yaml")).layout("hall"))
    5
    """
    return sum(max(group.clerks.values(), default=0) for group in layout.windows)


def shared_out(weights: Sequence[int], total: int) -> list[int]:
    """Share a number out in proportion, whole and at least 1 each, by largest remainders.

    Examples
    --------
    >>> shared_out([12, 3, 3], 12)
    [8, 2, 2]
    """
    if total < len(weights):
        raise ValueError(f"{total} clerks cannot staff {len(weights)} groups; take one each")
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    shares = [max(int(part), 1) for part in exact]
    while sum(shares) != total:
        step = 1 if sum(shares) < total else -1
        free = [n for n, share in enumerate(shares) if step > 0 or share > 1]
        best = max(free, key=lambda n: (step * (exact[n] - shares[n]), -n))
        shares[best] += step
    return shares


def with_clerks(scenario: Scenario, layout_id: str, total: int) -> Scenario:
    """The scenario with another number of clerks in one layout, shared out as now.

    Each group's roster is scaled as a whole, so half hours keep their shape; groups keep one clerk
    at least. The layouts then no longer have equal budgets, and the scenario says so.

    Raises
    ------
    ScenarioError
        When there are fewer clerks than window groups.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> more = with_clerks(load_scenario(example_path("exact/mmc.yaml")), "hall", 7)
    >>> clerks_of(more.layout("hall"))
    7
    """
    layout = scenario.layout(layout_id)
    sizes = [max(group.clerks.values(), default=0) for group in layout.windows]
    staffed = [n for n, size in enumerate(sizes) if size > 0]
    if total < len(staffed):
        raise ScenarioError(
            [
                Problem(
                    "too_small",
                    f"layouts[{layout_id}].windows",
                    found=str(total),
                    allowed=f"≥ {len(staffed)}",
                )
            ]
        )
    shares = dict(zip(staffed, shared_out([sizes[n] for n in staffed], total), strict=True))
    windows = tuple(
        group.model_copy(
            update={
                "clerks": scaled_roster(group.clerks, sizes[n], shares.get(n, 0)),
                "count": None if group.count is None else max(group.count, shares.get(n, 0)),
            }
        )
        for n, group in enumerate(layout.windows)
    )
    return scenario.model_copy(
        update={
            "layouts": tuple(
                one.model_copy(update={"windows": windows}) if one.id == layout_id else one
                for one in scenario.layouts
            ),
            "equal_budget": "none",
        }
    )


def scaled_roster(roster: Mapping[str, int], before: int, after: int) -> dict[str, int]:
    """A roster whose largest number is `after`; who had a clerk keeps one."""
    return {
        key: max(1, (clerks * after * 2 + before) // (2 * before)) if clerks else 0
        for key, clerks in roster.items()
    }


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
