"""Waits as a log has them and as a model does, date by date and over the day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.learning.wait_figures import WaitCell, WaitCut
from sim.text import Text
from sim.views.date_axis import date_axis
from sim.views.style import INK, drawing, finish, sheet

MODEL: Final = "#0072B2"


def observed_waits_figure(
    cells: Sequence[WaitCell], first_date: date, title: str, note: str, text: Text
) -> Figure:
    """How near do the model's waits come to those of the log, on which days and at which hours?

    Parameters
    ----------
    first_date
        Day 0 of the cells.
    title, note
        Above it, and what it rests on.

    Examples
    --------
    >>> from sim.text import load_text
    >>> day = WaitCell("day", 0, 5, 10.0, 12.0, 9.0, 13.0, 20.0, 21.0, 0.5, 0.5)
    >>> cells = [day, day._replace(by="hour", key=9)]
    >>> figure = observed_waits_figure(cells, date(2025, 3, 3), "Waits", "", load_text("en"))
    >>> len(figure.axes)
    2
    """
    with drawing():
        figure = sheet(title, 6.2)
        of_days, of_hours = figure.subplots(2, 1)
        handles = _draw(of_days, cells, "day", text)
        last = max((cell.key for cell in cells if cell.by == "day"), default=0)
        first = min((cell.key for cell in cells if cell.by == "day"), default=0)
        of_days.set_xlim(first - 0.5, max(last, first + 2) + 0.5)
        date_axis(of_days, first_date.toordinal(), text)
        _draw(of_hours, cells, "hour", text)
        of_hours.set_xlabel(text("figure.observed_waits.hour"))
        return finish(figure, note, handles)


def _draw(axes: Axes, cells: Sequence[WaitCell], by: WaitCut, text: Text) -> list[Artist]:
    here = [cell for cell in cells if cell.by == by]
    keys = np.array([cell.key for cell in here], dtype=np.float64)
    longest_step = 4 if by == "day" else 1  # longer ones part the line
    gaps = np.flatnonzero(np.diff(keys) > longest_step)
    keys = np.insert(keys, gaps + 1, np.nan)

    def column(name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        values = np.array([getattr(cell, name) for cell in here], dtype=np.float64)
        return np.insert(values, gaps + 1, np.nan)

    handles: list[Artist] = []
    low, high = column("low"), column("high")
    if np.isfinite(low).any():
        label = text("figure.observed_waits.band")
        band = axes.fill_between(keys, low, high, color=MODEL, alpha=0.2, linewidth=0, label=label)
        handles.append(band)
    marker = "." if by == "day" else "o"
    [observed] = axes.plot(
        keys,
        column("observed"),
        color=INK,
        marker=marker,
        linewidth=1,
        label=text("figure.observed_waits.observed"),
    )
    [simulated] = axes.plot(
        keys,
        column("simulated"),
        color=MODEL,
        linewidth=1.4,
        linestyle=(0, (4, 1.5)),
        label=text("figure.observed_waits.simulated"),
    )
    axes.set_ylabel(text("figure.observed_waits.y"))
    axes.set_ylim(bottom=0)
    return [observed, simulated, *handles]
