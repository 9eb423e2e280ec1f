"""How many stations pay: what each number of them saves beside what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.questions.frontier import Frontier, FrontierStep
from sim.text import Text
from sim.views.style import (
    FAINT,
    INK,
    PALETTE,
    SMALL,
    bars_of,
    drawing,
    finish,
    points_note,
    sheet,
    whole_numbers,
)

SAVED, COST = PALETTE[0], PALETTE[1]
COST_LINE: Final = (0, (4, 2))


def frontier_figure(frontier: Frontier, text: Text) -> Figure:
    """How many stations pay?

    Left what all of them save and cost in a year, right what each step saves more than the one
    before, beside what it costs more.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.text import load_text
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"))
    >>> empty = Frontier(area, "zone", (), 0, 10, 1, 0.95)
    >>> frontier_figure(empty, load_text("en")).axes[0].get_xlabel()
    'Stations'
    """
    with drawing():
        figure = sheet(text("figure.frontier.title"), 4.6)
        whole, each = figure.subplots(1, 2)
        for axes, key in ((whole, "all"), (each, "more")):
            axes.set_title(text(f"figure.frontier.{key}"))
            axes.set_xlabel(text("figure.frontier.x"))
            axes.set_ylabel(text("figure.frontier.y"))
            axes.axhline(0.0, color=FAINT, linewidth=0.8)
            axes.yaxis.set_major_formatter(whole_numbers(text))
            axes.xaxis.set_major_locator(MaxNLocator(10, integer=True))
        if frontier.steps:
            _all(whole, frontier, text)
            _each(each, frontier.steps)
        note = points_note(frontier.scenario, frontier, text, frontier.level)
        note += "\n" + text("figure.frontier.note")
        return finish(figure, note, whole.get_legend_handles_labels()[0])


def _all(axes: Axes, frontier: Frontier, text: Text) -> None:
    """Savings and costs of all stations together; where they are furthest apart."""
    numbers = [step.number for step in frontier.steps]
    means, away = bars_of([step.saved for step in frontier.steps])
    axes.errorbar(
        numbers,
        means,
        yerr=away,
        color=SAVED,
        marker="o",
        capsize=3,
        elinewidth=1.1,
        label=text("figure.frontier.saved"),
    )
    costs = [step.yearly for step in frontier.steps]
    axes.plot(numbers, costs, color=COST, linestyle=COST_LINE, label=text("figure.frontier.cost"))
    best = frontier.best
    axes.axvline(best.number, color=PALETTE[2], linewidth=1.2, linestyle=":")
    axes.annotate(
        text("figure.frontier.best", number=best.number),
        (best.number, 1.0),
        xycoords=axes.get_xaxis_transform(),
        xytext=(4, -2),
        textcoords="offset points",
        va="top",
        fontsize=SMALL,
        color=PALETTE[2],
    )


def _each(axes: Axes, steps: Sequence[FrontierStep]) -> None:
    """What a step saves and costs more than the one before."""
    for before, step in pairwise(steps):
        means, away = bars_of([step.more])
        axes.bar(step.number, means, width=0.55, color=SAVED, alpha=0.75)
        axes.errorbar(
            [step.number], means, yerr=away, color=INK, linewidth=0, elinewidth=1.1, capsize=3
        )
        more = step.yearly - before.yearly
        ends = [step.number - 0.36, step.number + 0.36]
        axes.plot(ends, [more, more], color=COST, linewidth=2.2)
