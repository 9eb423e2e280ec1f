"""A measure where levers take other values, on the same crowds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.estimates import Estimate
from sim.questions.sweep import Sweep, SweepCell, cells
from sim.text import Text
from sim.views.lever_names import lever_name
from sim.views.scenario_names import layout_name, measure_name
from sim.views.style import (
    FAINT,
    LINES,
    MARKERS,
    PALETTE,
    band_of,
    bars_of,
    drawing,
    finish,
    folded,
    points_note,
    sheet,
)
from sim.views.values import (
    shown_scale,
    unit_key,
    written,
)

MOST_LINES: Final = 6
"""Combinations of the other levers that one panel shows."""
MOST_PANELS: Final = 3
"""Layouts in a row."""
MOST_TICKS: Final = 12
LeverValues: TypeAlias = tuple[str, ...]
"""Values of the levers but the first."""
_NUMBER: Final = re.compile(r"(-?\d+(?:\.\d+)?)\s*([^\d\s].*)?")


def sweep_figure(swept: Sweep, text: Text, measure: str = "wait", level: float = 0.95) -> Figure:
    """How does a measure answer to a lever, and does the answer depend on the others?

    The first lever runs along x; each combination of the others is a line; each layout a panel.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario, read_levers, sweep
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> levers = read_levers(scenario, ["layouts.hall.windows.windows.clerks=5,6"])
    >>> swept = sweep(scenario, levers, run=Run(replications=2, workers=1))
    >>> sweep_figure(swept, load_text("en")).axes[0].get_xlabel().splitlines()[0]
    'One list · windows · clerks'
    """
    scenario = swept.base.scenario
    names = [lever_name(lever.path, scenario, text) for lever in swept.levers]
    everything = cells(swept, level)
    lines = list(dict.fromkeys(point.values[1:] for point in swept.points))
    columns = min(len(swept.layouts), MOST_PANELS)
    rows = -(-len(swept.layouts) // columns)
    with drawing():
        joined = text("format.list").join(names)
        named = measure_name(measure, scenario, text)
        figure = sheet(text("figure.sweep.title", measure=named, levers=joined), 1.4 + 2.9 * rows)
        grid = figure.subplots(rows, columns, squeeze=False, sharey=True)
        for axes, layout in zip(grid.flat, swept.layouts, strict=False):
            of_layout = [cell for cell in everything if cell.layout == layout]
            labels = {line: _label(names[1:], line, text) for line in lines[:MOST_LINES]}
            _panel(axes, of_layout, labels, measure)
            axes.set_title(folded(layout_name(scenario, layout, text), 66 // columns, 2))
            axes.set_xlabel(
                _below(of_layout[0], folded(names[0], 132 // columns, 2), measure, text)
            )
        for axes in list(grid.flat)[len(swept.layouts) :]:
            axes.set_axis_off()
        grid[0, 0].set_ylabel(_unit(everything, measure, text))
        note = points_note(swept.base.scenario, swept, text, level)
        note += "\n" + text("figure.sweep.note")
        if len(lines) > MOST_LINES:
            note += " " + text("figure.sweep.more", n=len(lines) - MOST_LINES)
        return finish(figure, note, grid[0, 0].get_legend_handles_labels()[0])


def _unit(everything: Sequence[SweepCell], measure: str, text: Text) -> str:
    estimates = [
        estimate for cell in everything if (estimate := cell.estimate(measure)) is not None
    ]
    return text(f"unit.{unit_key(estimates[0].unit)}") if estimates else ""


def _below(base: SweepCell, name: str, measure: str, text: Text) -> str:
    """What runs along x, and what the dashed line says."""
    estimate = base.estimate(measure)
    if estimate is None:
        return name
    return name + "\n" + text("figure.sweep.base", value=written(estimate, text))


def _panel(
    axes: Axes, of_layout: Sequence[SweepCell], lines: Mapping[LeverValues, str], measure: str
) -> None:
    base, points = of_layout[0].estimate(measure), of_layout[1:]
    values = list(dict.fromkeys(cell.point.values[0] for cell in points))
    places = _places(values)
    if base is not None:
        level = base.interval.mean * shown_scale(base.unit)
        axes.axhline(level, color=FAINT, linestyle="--", linewidth=1.2)
    for n, line in enumerate(lines):
        drawn = [
            (places[cell.point.values[0]], estimate)
            for cell in points
            if cell.point.values[1:] == line and (estimate := cell.estimate(measure)) is not None
        ]
        if drawn:
            _line(axes, drawn, n, lines[line], band=len(lines) == 1)
    if len(values) <= MOST_TICKS:
        axes.set_xticks([places[value] for value in values], values)
        if sum(map(len, values)) > 40:
            axes.tick_params(axis="x", rotation=30)


def _label(names: Sequence[str], line: LeverValues, text: Text) -> str:
    pairs = zip(names, line, strict=True)
    said = [text("figure.sweep.line", lever=name, value=value) for name, value in pairs]
    return text("format.list").join(said)


def _line(
    axes: Axes, drawn: Sequence[tuple[float, Estimate]], n: int, label: str, *, band: bool
) -> None:
    """One combination of the other levers; bands of many lines would hide each other."""
    drawn = sorted(drawn, key=lambda place: place[0])
    at = [place for place, _ in drawn]
    intervals, scale = [estimate.interval for _, estimate in drawn], shown_scale(drawn[0][1].unit)
    means, away = bars_of(intervals, scale)
    colour = PALETTE[n % len(PALETTE)]
    if band:
        _, lows, highs = band_of(intervals, scale)
        axes.fill_between(at, lows, highs, color=colour, alpha=0.15, linewidth=0)
    axes.errorbar(
        at,
        means,
        yerr=None if band else away,
        color=colour,
        marker=MARKERS[n % len(MARKERS)],
        linestyle=LINES[n % len(LINES)],
        capsize=3,
        elinewidth=1.0,
        label=label or "_",
    )


def _places(values: Sequence[str]) -> dict[str, float]:
    """Numbers of one unit stand where they belong, anything else side by side."""
    matches = [_NUMBER.fullmatch(value) for value in values]
    numbers = [match for match in matches if match is not None]
    if len(numbers) < len(values) or len({match[2] for match in numbers}) > 1:
        return {value: float(n) for n, value in enumerate(values)}
    return {value: float(match[1]) for value, match in zip(values, numbers, strict=True)}
