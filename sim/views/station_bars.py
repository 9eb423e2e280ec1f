"""What figures of single stations share: a bar a row, its cost, and words beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.analysis.intervals import Interval
from sim.text import Text
from sim.views.style import FAINT, INK, PALETTE, SMALL, bars_of, folded, whole_numbers

SAVED: Final = PALETTE[0]
COST: Final = PALETTE[1]
BAR: Final = 0.75
"""Opacity of a bar."""
COST_WIDTH: Final = 2.2


def dress_rows(axes: Axes, names: Sequence[str], text: Text) -> None:
    """Rows named from the top, and an axis of yuan."""
    axes.set_yticks(range(len(names)), [folded(name, 34, 2) for name in names])
    axes.set_ylim(max(len(names), 1) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)
    axes.axvline(0.0, color=FAINT, linewidth=0.8)
    axes.xaxis.set_major_formatter(whole_numbers(text))
    axes.xaxis.set_major_locator(MaxNLocator(7))


def draw_saved(axes: Axes, y: int, saved: Interval, colour: str) -> None:
    """What residents save, with its interval."""
    means, away = bars_of([saved])
    axes.barh(y, means, height=0.5, color=colour, alpha=BAR)
    axes.errorbar(means, [y], xerr=away, color=INK, linewidth=0, elinewidth=1.1, capsize=3)


def draw_cost(axes: Axes, y: int, yearly: float) -> None:
    """What the stations cost, as a line across the bar."""
    axes.plot([yearly, yearly], [y - 0.33, y + 0.33], color=COST, linewidth=COST_WIDTH)


def say_beside(axes: Axes, y: int, tip: float, words: str) -> None:
    """Words right of all that a row draws."""
    axes.annotate(
        words,
        (tip, y),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        fontsize=SMALL,
        color="#444444",
    )
