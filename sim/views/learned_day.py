"""An average day as its log has it and as a learned scenario does: arrivals and waits."""

from __future__ import annotations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.clock import HOUR
from sim.learning.learned_day import LearnedDay
from sim.text import Text
from sim.views.observed_waits import MODEL
from sim.views.style import INK, clock_axis, drawing, finish, sheet


def learned_day_figure(day: LearnedDay, text: Text) -> Figure:
    """Do as many people come to the model, and wait as long, as in the log, over the day?"""
    with drawing():
        figure = sheet(text("figure.learned_day.title"), 6.2)
        of_people, of_waits = figure.subplots(2, 1, sharex=True)
        handles = _draw(of_people, day, "came", text)
        _draw(of_waits, day, "wait", text)
        of_people.set_ylabel(text("figure.learned_day.came", slot=text.duration(day.slot)))
        of_waits.set_ylabel(text("figure.observed_waits.y"))
        of_waits.set_xlabel(text("figure.learned_day.x"))
        last = day.slots[-1].begin + day.slot
        clock_axis(of_waits, day.slots[0].begin / HOUR, last / HOUR)
        note = text(
            "figure.learned_day.note",
            hash=day.scenario.hash,
            days=text.number(day.n_days, 0),
            runs=text.number(day.n_runs, 0),
            mean=text.number(day.mean, 1),
            simulated=text.interval(day.mean_simulated, day.mean_low, day.mean_high, "min"),
        )
        return finish(figure, note, handles)


def _draw(axes: Axes, day: LearnedDay, what: str, text: Text) -> list[Artist]:
    middle = np.array([slot.begin + day.slot / 2 for slot in day.slots]) / HOUR

    def column(name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.array([getattr(slot, name) for slot in day.slots], dtype=np.float64)

    low, high = column(f"{what}_low"), column(f"{what}_high")
    label = text("figure.observed_waits.band")
    band = axes.fill_between(middle, low, high, color=MODEL, alpha=0.2, linewidth=0, label=label)
    [observed] = axes.plot(
        middle,
        column(what),
        color=INK,
        marker="o",
        linewidth=1,
        label=text("figure.observed_waits.observed"),
    )
    [simulated] = axes.plot(
        middle,
        column(f"{what}_simulated"),
        color=MODEL,
        linewidth=1.4,
        linestyle=(0, (4, 1.5)),
        label=text("figure.observed_waits.simulated"),
    )
    axes.set_ylim(bottom=0)
    return [observed, simulated, band]
