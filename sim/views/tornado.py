"""Which levers matter most: a measure at both ends of each lever's range."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from sim.analysis.judge import judge, way_of
from sim.questions.ranking import End, Ranking, Swing
from sim.text import Text
from sim.views.lever_names import lever_name
from sim.views.scenario_names import layout_name, measure_name
from sim.views.scenario_words import value_in_words
from sim.views.style import PALETTE, SMALL, drawing, finish, folded, points_note, sheet
from sim.views.values import (
    shown_scale,
    unit_key,
    written,
)

TOP: Final = 15
"""Levers that a figure shows unless told otherwise."""
LOW, HIGH = PALETTE[0], PALETTE[1]
HATCH: Final = "///"
"""Marks the high end besides its colour."""
DOMINANT: Final = 3.0
"""A lever that does so many times as much as the next one leaves the axis to the others."""
THICK: Final = 0.36


def tornado_figure(ranking: Ranking, text: Text, top: int = TOP) -> Figure:
    """What matters most, and which way?

    Two bars a lever reach from the scenario as it is to the measure at either end of the lever's
    range; their intervals are those of the differences, which hold together.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario
    >>> from sim.questions.levers import Levers, given_levers
    >>> from sim.questions.ranking import rank
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> levers = Levers(given_levers(scenario, ["layouts.hall.windows.windows.clerks=5,7"]), ())
    >>> ranking = rank(scenario, "hall", levers, run=Run(replications=2, workers=1))
    >>> tornado_figure(ranking, load_text("en")).axes[0].get_xlabel()
    'Mean wait (min)'
    """
    scenario, base = ranking.scenario, ranking.base
    shown = ranking.swings[:top]
    measure = measure_name(ranking.measure, scenario, text)
    layout = layout_name(scenario, ranking.layout, text)
    with drawing():
        title = text("figure.levers.title", measure=measure, layout=layout)
        figure = sheet(title, 1.9 + 0.5 * max(len(shown), 1))
        axes = figure.subplots()
        unit = text(f"unit.{unit_key(base.unit)}") if base is not None else ""
        axes.set_xlabel(text("figure.levers.x", measure=measure, unit=unit))
        if base is None or not shown:
            axes.set_axis_off()
            axes.annotate(text("figure.levers.none"), (0.5, 0.5), ha="center")
            return finish(figure, points_note(scenario, ranking, text))
        zero = base.interval.mean * shown_scale(base.unit)
        cut = len(shown) > 1 and shown[0].size > DOMINANT * shown[1].size > 0
        edges = _edges(shown[cut:], zero)
        axes.set_xlim(edges)
        for y, swing in enumerate(shown):
            _bars(axes, y, swing, zero, edges, text)
        axes.axvline(zero, color="#444444", linewidth=1.0)
        labels = [folded(lever_name(swing.lever.path, scenario, text), 44, 2) for swing in shown]
        axes.set_yticks(range(len(shown)), labels)
        axes.set_ylim(len(shown) - 0.4, -0.6)
        axes.grid(visible=False, axis="y")
        axes.tick_params(axis="y", length=0)
        axes.xaxis.set_major_locator(MaxNLocator(7))
        axes.set_title(
            text("figure.levers.base", value=written(base, text)),
            fontsize=SMALL + 0.5,
            fontweight="normal",
        )
        note = points_note(scenario, ranking, text)
        basis = {"level": text.share(ranking.level, 0), "comparisons": ranking.comparisons}
        note += "\n" + text("figure.levers.note", **basis)
        if cut:
            note += "\n" + text("figure.levers.cut")
        if len(ranking.swings) > len(shown):
            note += "\n" + text("figure.levers.more", n=len(ranking.swings) - len(shown))
        handles = [
            Patch(facecolor=LOW, edgecolor=LOW, label=text("figure.levers.low")),
            Patch(facecolor=HIGH, edgecolor="white", hatch=HATCH, label=text("figure.levers.high")),
        ]
        return finish(figure, note, handles)


def _reach(end: End, zero: float) -> tuple[float, float]:
    """From where to where the bar of an end and its interval go."""
    interval, scale = end.difference.interval, shown_scale(end.difference.unit)
    ends = [0.0, *(scale * end for end in interval[:3] if math.isfinite(end))]
    return zero + min(ends), zero + max(ends)


def _edges(swings: Sequence[Swing], zero: float) -> tuple[float, float]:
    """Ends of the axis, with room for words."""
    ends = [end for swing in swings for end in (swing.low, swing.high) if end is not None]
    reaches = [_reach(end, zero) for end in ends] or [(zero, zero)]
    low, high = min(low_end for low_end, _ in reaches), max(high_end for _, high_end in reaches)
    room = 0.15 * (high - low) or 1.0
    return low - room, high + room


def _bars(
    axes: Axes, y: int, swing: Swing, zero: float, edges: tuple[float, float], text: Text
) -> None:
    looks: Sequence[tuple[End | None, float, str, str]] = (
        (swing.low, y - THICK / 2, LOW, ""),
        (swing.high, y + THICK / 2, HIGH, HATCH),
    )
    for end, place, colour, hatch in looks:
        if end is not None:
            _bar(axes, end, place, colour, hatch, zero)
            _words(axes, end, place, zero, edges, text)


def _bar(axes: Axes, end: End, y: float, colour: str, hatch: str, zero: float) -> None:
    """One end: its bar, and the interval of its difference."""
    interval, scale = end.difference.interval, shown_scale(end.difference.unit)
    hollow = not way_of(judge(end.difference))
    axes.barh(
        y,
        interval.mean * scale,
        left=zero,
        height=THICK,
        color="white" if hollow else colour,
        edgecolor=colour if hollow or not hatch else "white",
        hatch=hatch if not hollow else "",
        linewidth=0.8,
    )
    low, high = interval.low * scale, interval.high * scale
    if math.isfinite(low) and math.isfinite(high) and high > low:
        axes.plot([zero + low, zero + high], [y, y], color="#222222", linewidth=1.0)


def _words(
    axes: Axes, end: End, y: float, zero: float, edges: tuple[float, float], text: Text
) -> None:
    """The value of the lever beside its bar; where the bar leaves the axis, how far it goes too."""
    words = value_in_words(end.value, text) + ("" if end.same_budget else " *")
    right = end.difference.interval.mean >= 0
    low, high = _reach(end, zero)
    tip, edge = (high, edges[1]) if right else (low, edges[0])
    inside = (tip > edge) if right else (tip < edge)
    if inside:
        words = text("figure.levers.beyond", value=words, mean=written(end.estimate, text))
    axes.annotate(
        words,
        (edge if inside else tip, y),
        xytext=(4 if right != inside else -4, 0),
        textcoords="offset points",
        ha="left" if right != inside else "right",
        va="center",
        fontsize=SMALL - 0.5,
        color="#444444",
        bbox={"boxstyle": "square,pad=0.15", "facecolor": "white", "linewidth": 0}
        if inside
        else None,
    )
