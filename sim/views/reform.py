"""A reform step by step: how far each change moves a measure, one below the other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.analysis.estimates import Estimate
from sim.analysis.judge import judge
from sim.questions.reform import Reform, ReformStep
from sim.text import Text
from sim.views.scenario_names import layout_name, measure_name
from sim.views.style import (
    INK,
    SMALL,
    bars_of,
    drawing,
    finish,
    folded,
    points_note,
    sheet,
    verdict_look,
)
from sim.views.values import (
    digits_for,
    in_brackets,
    shown_scale,
    signed,
    unit_key,
)

SHOWN: Final = ("wait", "elapsed", "trips")


def reform_figure(reform: Reform, text: Text, measures: Sequence[str] = SHOWN) -> Figure:
    """What does each change bring?

    A row is a scenario. Its bar reaches from the measure before the change to the measure after
    it; the line at the bar's end is the interval of the difference. The first row is where it
    began.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario, replicate
    >>> from sim.questions.reform import follow
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> study = replicate(scenario, run=Run(replications=2, workers=1))
    >>> len(reform_figure(follow([study, study], "hall"), load_text("en"), ["wait"]).axes)
    1
    """
    last = reform.changes[-1]
    scenario = last.study.scenario
    shown = [
        measure
        for measure in measures
        if any(change.estimate(measure) for change in reform.changes)
    ]
    n = len(reform.changes)
    with drawing():
        name = layout_name(scenario, reform.layout, text)
        figure = sheet(text("figure.reform.title", layout=name), 1.9 + 0.5 * n)
        grid = figure.subplots(1, max(len(shown), 1), squeeze=False, sharey=True)[0]
        for axes, measure in zip(grid, shown, strict=False):
            _panel(axes, reform.changes, measure, text)
            axes.set_title(folded(measure_name(measure, scenario, text), 72 // len(grid), 2))
        labels = [
            folded(stage_name(change, text, first=k == 0), 26, 2) for k, change in _rows(reform)
        ]
        grid[0].set_yticks(range(n), labels)
        grid[0].set_ylim(n - 0.4, -0.6)
        note = points_note(scenario, last.study, text, reform.level)
        note += "\n" + text("figure.reform.note", comparisons=n - 1)
        if not all(change.same_people for change in reform.changes[1:]):
            note += " " + text("figure.reform.other_people")
        if reform.matters:
            note += " " + text("figure.reform.matters", n=len(reform.matters))
        return finish(figure, note)


def _rows(reform: Reform) -> list[tuple[int, ReformStep]]:
    return list(enumerate(reform.changes))


def stage_name(change: ReformStep, text: Text, *, first: bool) -> str:
    """Name of a scenario of the row, with a star where other people come than before."""
    name = text.name(change.study.scenario.name)
    return name if first or change.same_people else f"{name} *"


def _panel(axes: Axes, changes: Sequence[ReformStep], measure: str, text: Text) -> None:
    before: Estimate | None = None
    for y, change in enumerate(changes):
        estimate, moved = change.estimate(measure), change.difference(measure)
        if estimate is not None and before is not None and moved is not None:
            _bar(axes, y, before, moved, text)
        elif estimate is not None:
            _start(axes, y, estimate, text)
        before = estimate if estimate is not None else before
    axes.set_xlabel(text(f"unit.{unit_key(before.unit)}") if before is not None else "")
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    axes.margins(x=0.12)


def _start(axes: Axes, y: int, estimate: Estimate, text: Text) -> None:
    """Where it began: a point with its own interval."""
    scale = shown_scale(estimate.unit)
    means, away = bars_of([estimate.interval], scale)
    axes.errorbar(means, [y], xerr=away, fmt="o", color=INK, capsize=3, elinewidth=1.4)
    digits = digits_for(estimate.interval, scale, estimate.unit)
    _words(axes, float(means[0]), y, signed(float(means[0]), digits, text), INK)


def _bar(axes: Axes, y: int, before: Estimate, moved: Estimate, text: Text) -> None:
    """From the measure before the change to the measure after it."""
    scale = shown_scale(moved.unit)
    start = before.interval.mean * scale
    [step], away = bars_of([moved.interval], scale)
    colour, face = verdict_look(judge(moved))
    axes.plot([start, start], [y - 1, y], color="#bbbbbb", linewidth=0.8, zorder=1)
    axes.barh(y, step, 0.5, start, facecolor=face, edgecolor=colour, linewidth=1.2, alpha=0.75)
    if math.isfinite(moved.interval.half_width):
        axes.errorbar([start + step], [y], xerr=away, fmt="none", ecolor=INK, capsize=3)
    digits = digits_for(moved.interval, scale, moved.unit)
    words = in_brackets(moved.interval, digits, text, scale, moved.matters_from)
    _words(axes, start + min(step, 0.0), y, words, INK)


def _words(axes: Axes, x: float, y: int, words: str, colour: str) -> None:
    """Below the bar, where nothing else is drawn."""
    axes.annotate(
        words,
        (x, y),
        xytext=(0, -11),
        textcoords="offset points",
        ha="left",
        va="top",
        fontsize=SMALL - 0.5,
        color=colour,
        annotation_clip=False,
    )
