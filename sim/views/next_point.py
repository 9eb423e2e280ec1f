"""Where the next station should be: what residents save beside what it costs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.questions.next_point import NextPoint, NextPoints
from sim.text import Text
from sim.views.area_names import town_name
from sim.views.station_bars import (
    BAR,
    COST,
    COST_WIDTH,
    SAVED,
    draw_cost,
    draw_saved,
    dress_rows,
    say_beside,
)
from sim.views.style import FAINT, INK, drawing, finish, points_note, sheet

MAP: Final = INK
DOMINANT: Final = 3.0
"""A cost so many times what anything else reaches leaves the axis to the bars."""


def next_points_figure(next_points: NextPoints, text: Text) -> Figure:
    """Where does one station more save residents most, and would it pay?

    A bar a township: what residents save in a year beside the points that are chosen, with its
    interval; its cost, and what the map alone had promised. Townships that cannot be told apart
    from the first are in colour, those behind it in grey.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.text import load_text
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"))
    >>> empty = NextPoints(area, "zone", (), (), 78, 0, 10, 1, 0.95)
    >>> next_points_figure(empty, load_text("en")).axes[0].get_xlabel()
    'Residents save (yuan a year)'
    """
    rows = next_points.rows
    chosen = text("format.list").join(
        town_name(next_points.scenario, town, text) for town in next_points.points
    )
    key = "figure.next_points.title_beside" if chosen else "figure.next_points.title"
    with drawing():
        figure = sheet(text(key, points=chosen), 2.1 + 0.42 * max(len(rows), 1))
        axes = figure.subplots()
        axes.set_xlabel(text("figure.next_points.x"))
        ends = [end for row in rows for end in _ends(row)]
        edge = DOMINANT * max(ends, default=0.0)
        for y, row in enumerate(rows):
            _bar(axes, y, row, edge, text)
        names = [town_name(next_points.scenario, row.township, text) for row in rows]
        dress_rows(axes, names, text)
        note = points_note(next_points.scenario, next_points, text, next_points.level)
        note += "\n" + text(
            "figure.next_points.note", rows=len(rows), screened=next_points.screened
        )
        return finish(figure, note, _handles(rows, edge, text))


def _ends(row: NextPoint) -> list[float]:
    """How far the bar, its interval and the promise of the map reach."""
    ends = (row.saved.mean, row.saved.high, row.proposed)
    return [0.0, *(end for end in ends if math.isfinite(end))]


def _bar(axes: Axes, y: int, row: NextPoint, edge: float, text: Text) -> None:
    """A township; a cost beyond the edge is told in words."""
    draw_saved(axes, y, row.saved, FAINT if row.is_behind else SAVED)
    axes.plot(row.proposed, y, marker="D", color="white", markeredgecolor=MAP, markersize=5)
    use, visits = text.share(row.use.mean, 0), text.number(row.visits.mean, 0)
    words = text("figure.next_points.visits", visits=visits, use=use)
    tip = max(_ends(row))
    if row.yearly <= edge:
        draw_cost(axes, y, row.yearly)
        tip = max(tip, row.yearly)
    else:
        words += text("figure.next_points.beyond", yearly=text.number(row.yearly, 0))
    say_beside(axes, y, tip, words)


def _handles(rows: Sequence[NextPoint], edge: float, text: Text) -> list[Artist]:
    handles: list[Artist] = [
        Patch(facecolor=SAVED, alpha=BAR, label=text("figure.next_points.saved"))
    ]
    if any(row.is_behind for row in rows):
        handles.append(Patch(facecolor=FAINT, alpha=BAR, label=text("figure.next_points.behind")))
    if any(row.yearly <= edge for row in rows):
        handles.append(
            Line2D([], [], color=COST, linewidth=COST_WIDTH, label=text("figure.next_points.cost"))
        )
    map_mark = Line2D([], [], color="white", marker="D", markeredgecolor=MAP, linewidth=0)
    map_mark.set_label(text("figure.next_points.map"))
    return [*handles, map_mark]
