"""Layouts side by side: each one's estimate, and the paired differences with their verdict."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.analysis.estimates import Estimate
from sim.analysis.judge import judge
from sim.questions.compare import HEADLINES, Comparison, Pair
from sim.text import Text
from sim.views.scenario_names import layout_name, measure_name
from sim.views.style import (
    FAINT,
    SHADE,
    SMALL,
    bars_of,
    drawing,
    finish,
    folded,
    look,
    sheet,
    study_note,
    verdict_look,
)
from sim.views.values import (
    digits_of,
    number_of,
    shown_scale,
    unit_key,
    unit_of_difference,
)
from sim.views.verdict import pair_word

MOST_PAIRS: Final = 6
"""More pairs than this are shown against the first layout only."""


def compare_figure(
    comparison: Comparison, text: Text, measures: Sequence[str] = HEADLINES
) -> Figure:
    """Which layout is better, and is the difference more than chance?

    Left, each layout's estimate with its interval; right, the paired differences with a line at
    zero and a band of differences too small to matter. An interval that crosses zero says that the
    two cannot be told apart.

    Examples
    --------
    >>> from sim import Run, compare, example_path, load_scenario, replicate
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> study = compare(replicate(scenario, run=Run(replications=2, workers=1)))
    >>> len(compare_figure(study, load_text("en"), ["wait"]).axes)
    1
    """
    study = comparison.study
    measured = {estimate.measure for layout in comparison.layouts for estimate in layout}
    shown = [measure for measure in measures if measure in measured]
    pairs = shown_pairs(comparison)
    rows = max(len(study.layouts), len(pairs))
    height = 1.1 + max(len(shown), 1) * (0.75 + 0.34 * rows)
    with drawing():
        figure = sheet(text("figure.compare.title"), height)
        columns = 2 if pairs else 1
        grid = figure.subplots(max(len(shown), 1), columns, squeeze=False)
        if not shown:
            for axes in grid[0]:
                axes.set_axis_off()
            grid[0][0].set_title(text("figure.compare.nobody"))
        for row, measure in zip(grid, shown, strict=False):
            _estimates(row[0], comparison, measure, text)
            if pairs:
                _differences(row[1], comparison, pairs, measure, text)
        note = study_note(study, text, comparison.level)
        if pairs:
            note += "\n" + text("figure.compare.note", comparisons=len(comparison.pairs))
        return finish(figure, note)


def shown_pairs(comparison: Comparison) -> tuple[Pair, ...]:
    """All pairs, or those with the first layout where there would be too many."""
    if len(comparison.pairs) <= MOST_PAIRS:
        return comparison.pairs
    first = comparison.study.layouts[0]
    return tuple(pair for pair in comparison.pairs if pair.before == first)


def _estimates(axes: Axes, comparison: Comparison, measure: str, text: Text) -> None:
    study = comparison.study
    labels, unit = [], ""
    digits = digits_of(
        [estimate for estimates in comparison.layouts if (estimate := _find(estimates, measure))]
    )
    for y, layout in enumerate(study.layouts):
        labels.append(folded(layout_name(study.scenario, layout, text), 22, 2))
        estimate = _find(comparison.layouts[y], measure)
        if estimate is None:
            continue
        unit = estimate.unit
        marking = look(study.scenario, layout)
        _point(axes, estimate, y, colour=marking.colour, marker=marking.marker)
        _beside(axes, y, number_of(estimate, text, digits))
    axes.set_title(measure_name(measure, study.scenario, text))
    axes.set_xlabel(text(f"unit.{unit_key(unit)}") if unit else "")
    _rows(axes, labels)


def _differences(
    axes: Axes, comparison: Comparison, pairs: Sequence[Pair], measure: str, text: Text
) -> None:
    labels, unit, size = [], "", 0.0
    scenario = comparison.study.scenario
    digits = digits_of(
        [difference for pair in pairs if (difference := _find(pair.differences, measure))]
    )
    for y, pair in enumerate(pairs):
        after, before = (
            layout_name(scenario, layout, text) for layout in (pair.after, pair.before)
        )
        minus = text("figure.compare.minus", before=before)
        labels.append(f"{folded(after, 30, 1)}\n{folded(minus, 30, 1)}")
        difference = _find(pair.differences, measure)
        if difference is None:
            continue
        unit = difference.unit
        size = max(size, shown_scale(unit) * difference.matters_from)
        colour, face = verdict_look(judge(difference))
        _point(axes, difference, y, colour=colour, marker="D", face=face)
        _beside(
            axes, y, f"{number_of(difference, text, digits)}\n{pair_word(difference, text)}", colour
        )
    if size > 0:  # drawn in any case: it is the measure of what is beside it
        axes.axvspan(-size, size, color=SHADE, zorder=0)
    axes.axvline(0, color="#444444", linewidth=1.0, zorder=1)
    axes.set_title(text("figure.compare.difference"))
    axes.set_xlabel(unit_of_difference(unit, text) if unit else "")
    axes.set_xlim(axes.get_xlim())  # zero is within, as its line is; what follows moves nothing
    _rows(axes, labels)


def _find(estimates: Sequence[Estimate], measure: str) -> Estimate | None:
    return next((estimate for estimate in estimates if estimate.measure == measure), None)


def _point(
    axes: Axes, estimate: Estimate, y: int, *, colour: str, marker: str, face: str | None = None
) -> None:
    means, away = bars_of([estimate.interval], shown_scale(estimate.unit))
    axes.errorbar(
        means,
        [y],
        xerr=away if math.isfinite(estimate.interval.half_width) else None,
        fmt=marker,
        color=colour,
        markerfacecolor=colour if face is None else face,
        markersize=6,
        capsize=3.5,
        elinewidth=1.8,
    )


def _beside(axes: Axes, y: int, words: str, colour: str = "#444444") -> None:
    """Figures at the right edge of the axes, level with their row."""
    axes.annotate(
        words,
        xy=(1.0, y),
        xycoords=axes.get_yaxis_transform(),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        fontsize=SMALL,
        color=colour if colour != FAINT else "#666666",
        linespacing=1.15,
        annotation_clip=False,
    )


def _rows(axes: Axes, labels: Sequence[str]) -> None:
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    axes.ticklabel_format(axis="x", useOffset=False, style="plain")
    axes.margins(x=0.15)
