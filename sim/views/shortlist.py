"""My candidates: what each alone and all together save, beside what they cost."""

from __future__ import annotations

import math

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from sim.questions.shortlist import Shortlist, Shortlisted
from sim.text import Text
from sim.views.shortlist_words import row_name
from sim.views.style import (
    FAINT,
    INK,
    PALETTE,
    SMALL,
    bars_of,
    drawing,
    finish,
    folded,
    points_note,
    sheet,
    whole_numbers,
)
from sim.views.values import signed

SAVED, COST, TOGETHER = PALETTE[0], PALETTE[1], PALETTE[2]


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
        names = [folded(row_name(ranking, row, text), 34, 2) for row in rows]
        axes.set_yticks(range(len(rows)), names)
        axes.set_ylim(max(len(rows), 1) - 0.4, -0.6)
        axes.grid(visible=False, axis="y")
        axes.tick_params(axis="y", length=0)
        axes.axvline(0.0, color=FAINT, linewidth=0.8)
        axes.xaxis.set_major_formatter(whole_numbers(text))
        axes.xaxis.set_major_locator(MaxNLocator(7))
        if rows:
            low, high = axes.get_xlim()
            axes.set_xlim(low, high + 0.35 * (high - low))
        note = points_note(ranking.scenario, ranking, text, ranking.level)
        note += "\n" + text("figure.shortlist.note")
        handles = [
            Patch(facecolor=SAVED, alpha=0.75, label=text("figure.next_points.saved")),
            *(
                [Patch(facecolor=TOGETHER, alpha=0.75, label=text("figure.shortlist.together"))]
                if ranking.together is not None
                else []
            ),
            Line2D([], [], color=COST, linewidth=2.2, label=text("figure.shortlist.cost")),
        ]
        return finish(figure, note, handles)


def _bar(axes: Axes, y: int, row: Shortlisted, text: Text) -> None:
    means, away = bars_of([row.saved])
    colour = TOGETHER if len(row.points) > 1 else SAVED
    axes.barh(y, means, height=0.5, color=colour, alpha=0.75)
    axes.errorbar(means, [y], xerr=away, color=INK, linewidth=0, elinewidth=1.1, capsize=3)
    axes.plot([row.yearly, row.yearly], [y - 0.33, y + 0.33], color=COST, linewidth=2.2)
    ends = (row.saved.mean, row.saved.high, row.yearly, 0.0)
    wait = text.number(row.wait.mean, 0) if math.isfinite(row.wait.mean) else "–"
    axes.annotate(
        text(
            "figure.shortlist.beside",
            net=signed(row.net.mean, 0, text),
            wait=wait,
            daily=text.number(row.daily, 1) if math.isfinite(row.daily) else "–",
        ),
        (max(end for end in ends if math.isfinite(end)), y),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        fontsize=SMALL,
        color="#444444",
    )
