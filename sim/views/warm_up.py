"""Is the warm-up long enough? Open cases day by day."""

from __future__ import annotations

from typing import Final

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.questions.warm_up import LayoutWarmUp, WarmUpCheck
from sim.text import Text
from sim.views.date_axis import date_axis
from sim.views.scenario_names import layout_name
from sim.views.style import INK, SHADE, band_of, drawing, finish, look, points_note, sheet

USUAL: Final = (0, (2, 2))
"""Dashes of the line from which on the office is in its usual state."""


def warm_up_figure(check: WarmUpCheck, text: Text) -> Figure:
    """How do open cases fill up day by day, and has it ended where measuring begins?

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.text import load_text
    >>> hall = load_scenario(example_path("exact/mmc.yaml"))
    >>> empty = WarmUpCheck(hall, (), 0, 0, 0, 10, 1, 0.95)
    >>> warm_up_figure(empty, load_text("en")).axes[0].get_xlabel()
    '2025'
    """
    days = max((len(row.open_cases) for row in check.rows), default=1)
    with drawing():
        figure = sheet(text("figure.warm_up.title"), 4.6)
        axes = figure.subplots()
        axes.set_xlim(0, max(days, 2))
        handles = [_draw_layout(axes, check, row, text) for row in check.rows]
        if check.given_days:
            label = text("figure.warm_up.given")
            axes.axvspan(0, check.given_days, color=SHADE, linewidth=0, zorder=0)
            handles.append(Patch(facecolor=SHADE, edgecolor="#777777", label=label))
        if any(row.needed_days for row in check.rows):
            label = text("figure.warm_up.usual")
            handles.append(Line2D([], [], color=INK, linewidth=1, linestyle=USUAL, label=label))
        axes.set_ylabel(text("figure.warm_up.y"))
        axes.set_ylim(bottom=0)
        date_axis(axes, check.scenario.run.start.toordinal(), text)
        note = points_note(check.scenario, check, text)
        if check.replications > 1:
            note += "\n" + text("figure.warm_up.note", level=text.share(check.level, 0))
        return finish(figure, note, handles)


def _draw_layout(axes: Axes, check: WarmUpCheck, row: LayoutWarmUp, text: Text) -> Artist:
    """The line of a layout with its band, and where its usual state begins."""
    colour, _, line = look(check.scenario, row.layout)
    evenings = [day + 1 for day in range(len(row.open_cases))]
    means, lows, highs = band_of(row.open_cases)
    axes.fill_between(evenings, lows, highs, color=colour, alpha=0.18, linewidth=0)
    name = layout_name(check.scenario, row.layout, text)
    [drawn] = axes.plot(evenings, means, color=colour, linestyle=line, label=name)
    if row.needed_days:
        axes.axvline(row.needed_days, color=colour, linewidth=1, linestyle=USUAL)
    return drawn
