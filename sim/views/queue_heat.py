"""Where people wait, and when: a cell for each waiting list and half hour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure

from sim.analysis.intervals import t_interval
from sim.arrays import Floats, Ints
from sim.runs.replicate import Study
from sim.text import Text
from sim.views.day import name_cells, panels_of_cells, queue_lengths, slots_used
from sim.views.scenario_names import layout_name, list_name
from sim.views.style import INK, drawing, finish, study_note

A_QUEUE: Final = 1.0
"""People who wait on average in a half hour from which on there is a queue."""
LEAST: Final = 0.05
"""People below whom a cell stays blank."""
MOST_LISTS: Final = 40
"""Waiting lists of a layout that are drawn: those with most people, where an area has more."""
MARK: Final = "#0B5CAD"
MARGIN: Final = 0.1
"""Beside the outer cells, for their marks."""
DARK: Final = 0.62
"""Shade from which on a number is white."""


def queue_heat(study: Study, text: Text, level: float = 0.95) -> Figure:
    """Where do people wait, when does the queue begin, and when is it gone?

    Mean number of tickets waiting in each list and half hour, over all measured days.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario, replicate
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> study = replicate(scenario, run=Run(replications=2, workers=1))
    >>> queue_heat(study, load_text("en")).axes[0].get_title("left")
    'One list'
    """
    queues = {layout: queue_lengths(study, layout) for layout in study.layouts}
    rows = {layout: fullest_lists(lengths) for layout, lengths in queues.items()}
    slots = slots_used(study)
    means = [float(lengths.mean(axis=0).max(initial=0.0)) for lengths in queues.values()]
    most = max(A_QUEUE, *means)
    shades = ScalarMappable(PowerNorm(0.5, 0, most), colormaps["YlOrBr"])
    sizes = [len(numbers) for numbers in rows.values()]
    with drawing():
        figure, panels = panels_of_cells(text("figure.queue_heat.title"), sizes)
        for axes, layout in zip(panels, study.layouts, strict=True):
            lengths = queues[layout].mean(axis=0)[np.ix_(np.array(rows[layout]), slots)]
            _draw_cells(axes, lengths, shades, most, text)
            _name_lists(axes, study, layout, rows[layout], slots, text)
        panels[-1].set_xlabel(text("figure.load_by_time.x"))
        colours = figure.colorbar(shades, ax=panels, aspect=40, pad=0.01)
        colours.set_label(f"{text('measure.queue')} [{text('unit.person')}]")
        colours.outline.set_visible(False)
        note = study_note(study, text, None) + "\n" + text("figure.queue_heat.note")
        left_out = max(queues[layout].shape[1] - len(rows[layout]) for layout in study.layouts)
        if left_out:
            note += " " + text("figure.queue_by_time.more", n=left_out)
        widest = max(
            (_widest(queues[layout], rows[layout], level) for layout in study.layouts), default=0.0
        )
        if math.isfinite(widest):
            note += " " + text(
                "figure.queue_heat.widest",
                people=text.number(widest, 1),
                level=text.share(level, 0),
            )
        return finish(figure, note)


def queue_spans(lengths: Floats) -> list[tuple[int, int]]:
    """Runs of half hours in which people queue: the first and the last of each.

    Examples
    --------
    >>> queue_spans(np.array([0.2, 1.4, 1.6, 0.4, 2.0])), queue_spans(np.array([0.4, 0.0]))
    ([(1, 2), (4, 4)], [])
    """
    there = np.concatenate([[0], (lengths >= A_QUEUE).astype(np.int64), [0]])
    begins, ends = np.flatnonzero(np.diff(there) > 0), np.flatnonzero(np.diff(there) < 0)
    return list(zip(begins.tolist(), (ends - 1).tolist(), strict=True))


def fullest_lists(lengths: Floats) -> list[int]:
    """Numbers of lists in the order of the plan: all, or those with most people of many.

    Parameters
    ----------
    lengths
        People waiting, shape (replications, lists, slots).

    Examples
    --------
    >>> fullest_lists(np.ones((2, 3, 48)))
    [0, 1, 2]
    """
    means = lengths.mean(axis=(0, 2))
    return sorted(np.argsort(-means, kind="stable")[:MOST_LISTS].tolist())


def _widest(lengths: Floats, rows: Sequence[int], level: float) -> float:
    """The widest half width among the cells; nan with one replication."""
    if len(lengths) < 2:
        return math.nan
    cells = lengths[:, rows].reshape(len(lengths), -1)
    spread = np.argmax(cells.std(axis=0))
    return t_interval(cells[:, spread], level).half_width


def _draw_cells(
    axes: Axes, lengths: Floats, shades: ScalarMappable, most: float, text: Text
) -> None:
    """Cells shaded by how many wait, and marks around the time of each queue."""
    for row, of_list in enumerate(lengths):
        for column, value in enumerate(of_list):
            if value < LEAST:
                continue
            axes.bar(column, 0.92, 0.96, row - 0.46, color=shades.to_rgba(value), linewidth=0)
            words = text.number(value, int(value < 10))
            colour = "white" if math.sqrt(value / most) > DARK else INK
            axes.text(column, row, words, ha="center", va="center", fontsize=7, color=colour)
        for first, last in queue_spans(of_list):
            for edge, inward in ((first - 0.5, 0.12), (last + 0.5, -0.12)):
                xs, ys = [edge + inward, edge, edge, edge + inward], [-0.44, -0.44, 0.44, 0.44]
                axes.plot(xs, [row + y for y in ys], color=MARK, linewidth=1.6)


def _name_lists(
    axes: Axes, study: Study, layout: str, rows: Sequence[int], slots: Ints, text: Text
) -> None:
    names = study.plans[study.layouts.index(layout)].names.lists
    axes.set_title(layout_name(study.scenario, layout, text))
    labels = [list_name(study.scenario, layout, names[row], text) for row in rows]
    name_cells(axes, labels, slots, MARGIN)
