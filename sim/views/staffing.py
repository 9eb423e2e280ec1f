"""What more clerks buy: waits, load and cost against their number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sim.clock import MINUTE
from sim.questions.staffing import StaffingCurve, StaffingPoint
from sim.scenario.edit import clerks_of
from sim.text import Text
from sim.views.scenario_names import layout_name, measure_name
from sim.views.style import INK, SMALL, band_of, drawing, finish, look, sheet
from sim.views.values import shown_scale, unit_key

PANELS: Final = ("wait", "called_within", "utilisation", "cost_per_day")
"""Measures shown; clerk hours stand in for the cost where the scenario has no price."""

TODAY: Final = (0, (1, 2))
"""Dashes of the line at today's number of clerks."""


def staffing_figure(curve: StaffingCurve, text: Text) -> Figure:
    """How many clerks are enough, and where does one more stop helping?

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"))
    >>> empty = StaffingCurve(scenario, ("hall",), (), replications=2, seed=1)
    >>> len(staffing_figure(empty, load_text("en")).axes)
    4
    """
    measured = {estimate.measure for point in curve.points for estimate in point.estimates}
    panels = [_or_hours(panel, measured) for panel in PANELS]
    level = next((p.estimates[0].interval.level for p in curve.points if p.estimates), None)
    with drawing():
        figure = sheet(text("figure.staffing.title"), 6.4)
        grid = figure.subplots(2, 2, sharex=True)
        for axes, measure in zip(grid.flat, panels, strict=True):
            _panel(axes, curve, measure, text)
        for axes in grid[1]:
            axes.set_xlabel(text("figure.staffing.x"))
        note = text(
            "figure.staffing.footer",
            replications=curve.replications,
            seed=curve.seed,
            hash=curve.scenario.hash,
        )
        if level is not None and curve.replications > 1:
            note += text("figure.footer_level", level=text.share(level, 0))
        return finish(figure, note, [*grid[0, 0].get_legend_handles_labels()[0], _today(text)])


def _today(text: Text) -> Line2D:
    """What today's number of clerks looks like, for the legend; each layout has its own colour."""
    label = text("figure.staffing.today")
    return Line2D([], [], color=INK, linewidth=1.2, linestyle=TODAY, label=label)


def _or_hours(measure: str, measured: set[str]) -> str:
    return "clerk_hours" if measure == "cost_per_day" and measure not in measured else measure


def _panel(axes: Axes, curve: StaffingCurve, measure: str, text: Text) -> None:
    scenario, unit, best = curve.scenario, "", "low"
    for layout in curve.layouts:
        colour, marker, line = look(scenario, layout)
        measured = [
            (point.clerks, estimate)
            for point in _points(curve.points, layout)
            for estimate in point.estimates
            if estimate.measure == measure
        ]
        if not measured:
            continue
        unit, best = measured[0][1].unit, measured[0][1].better
        clerks = [n for n, _ in measured]
        means, lows, highs = band_of(
            [estimate.interval for _, estimate in measured], shown_scale(unit)
        )
        axes.fill_between(clerks, lows, highs, color=colour, alpha=0.18, linewidth=0)
        axes.plot(
            clerks,
            means,
            color=colour,
            marker=marker,
            linestyle=line,
            label=layout_name(scenario, layout, text),
        )
        today = clerks_of(scenario.layout(layout))
        axes.axvline(today, color=colour, linewidth=1.2, linestyle=TODAY, zorder=1)
    if measure == "wait" and unit:
        target = scenario.targets.called_within / MINUTE
        axes.axhline(target, color="#555555", linewidth=1, linestyle=(0, (2, 2)), zorder=1)
        axes.annotate(
            text("figure.target", minutes=f"{target:g}"),
            (1, target),
            xycoords=axes.get_yaxis_transform(),
            xytext=(-3, 2),
            textcoords="offset points",
            ha="right",
            fontsize=SMALL,
        )
    arrow = {"low": "figure.lower_is_better", "high": "figure.higher_is_better"}
    axes.set_title(measure_name(measure, scenario, text))
    axes.set_ylabel(text(f"unit.{unit_key(unit)}") if unit else "")
    if best in arrow and unit:
        axes.set_title(text(arrow[best]), loc="right", fontsize=SMALL, fontweight="normal")
    if unit == "share":
        axes.set_ylim(0, 105)
    elif measure != "cost_per_day":
        axes.set_ylim(bottom=0)
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))


def _points(points: Sequence[StaffingPoint], layout: str) -> list[StaffingPoint]:
    of_layout = [point for point in points if point.layout == layout]
    return sorted(of_layout, key=lambda point: point.clerks)
