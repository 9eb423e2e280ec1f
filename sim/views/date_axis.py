"""Days of a run along an axis, by their dates."""

from __future__ import annotations

import math
from datetime import date
from typing import Final

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MultipleLocator

from sim.text import Text
from sim.views.style import (
    as_clock,
)

MOST_HOURS: Final = 1.5
"""Days that an axis shows in hours."""


def date_axis(axes: Axes, start_ordinal: int, text: Text) -> None:
    """Days along x: month and day with the weekday below, or hours within one day."""
    low, high = axes.get_xlim()
    if high - low < MOST_HOURS:
        steps = (5, 10, 15, 30, 60, 120, 180, 360)
        minutes = next(step for step in steps if (high - low) * 1440 / step <= 9)
        axes.xaxis.set_major_locator(MultipleLocator(minutes / 1440))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: as_clock(24 * (x % 1))))
        day = date.fromordinal(start_ordinal + math.floor(low))
        axes.set_xlabel(text.date(day))
        return
    step = next(n for n in (1, 2, 7, 14, 28, 91, 10_000) if (high - low) / n <= 9)
    axes.xaxis.set_major_locator(MultipleLocator(step))

    def label(x: float, _: int) -> str:
        day = date.fromordinal(max(start_ordinal + round(x), 1))
        weekday = "" if text.language == "keys" else "\n" + text(f"weekday.{day.isoweekday()}")
        return f"{day:%m-%d}{weekday}"

    axes.xaxis.set_major_formatter(FuncFormatter(label))
    axes.set_xlabel(text("figure.timeline.x", year=date.fromordinal(start_ordinal + int(low)).year))
