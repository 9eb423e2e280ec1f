"""My candidates: what each alone and all together save, beside what they cost."""

from __future__ import annotations

import math

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.questions.shortlist import Shortlist, Shortlisted
from sim.text import Text
from sim.views.shortlist_words import row_name
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
from sim.views.style import PALETTE, drawing, finish, points_note, sheet
from sim.views.values import signed

TOGETHER = PALETTE[2]


def shortlist_figure(ranking: Shortlist, text: Text) -> Figure:
    """Which of my candidates is worth its cost, and are all of them?

    A bar a township, and one of all together: what residents save in a year, with its interval, and
    what that costs; beside it what is left, how long a ticket waits and how many come a day.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.text import load_text
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"))
    >>> empty = Shortlist(area, "zone", (), 0, 10, 1, 0.95)
    >>> shortlist_figure(empty, load_text("en")).axes[0].get_xlabel()
    'Residents save (yuan a year)'
    """
    rows = ranking.rows
    with drawing():
        figure = sheet(text("figure.shortlist.title"), 2.1 + 0.5 * max(len(rows), 1))
        axes = figure.subplots()
        axes.set_xlabel(text("figure.next_points.x"))
        for y, row in enumerate(rows):
            _bar(axes, y, row, text)
        dress_rows(axes, [row_name(ranking, row, text) for row in rows], text)
        if rows:
            low, high = axes.get_xlim()
            axes.set_xlim(low, high + 0.35 * (high - low))
        note = points_note(ranking.scenario, ranking, text, ranking.level)
        note += "\n" + text("figure.shortlist.note")
        handles = [
            Patch(facecolor=SAVED, alpha=BAR, label=text("figure.next_points.saved")),
            *(
                [Patch(facecolor=TOGETHER, alpha=BAR, label=text("figure.shortlist.together"))]
                if ranking.together is not None
                else []
            ),
            Line2D([], [], color=COST, linewidth=COST_WIDTH, label=text("figure.shortlist.cost")),
        ]
        return finish(figure, note, handles)


def _bar(axes: Axes, y: int, row: Shortlisted, text: Text) -> None:
    draw_saved(axes, y, row.saved, TOGETHER if len(row.points) > 1 else SAVED)
    draw_cost(axes, y, row.yearly)
    ends = (row.saved.mean, row.saved.high, row.yearly, 0.0)
    wait = text.number(row.wait.mean, 0) if math.isfinite(row.wait.mean) else "–"
    daily = text.number(row.daily, 1) if math.isfinite(row.daily) else "–"
    net = signed(row.net.mean, 0, text)
    words = text("figure.shortlist.beside", net=net, wait=wait, daily=daily)
    say_beside(axes, y, max(end for end in ends if math.isfinite(end)), words)
