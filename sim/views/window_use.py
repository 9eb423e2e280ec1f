"""What the time of clerks at windows is used for, through the day."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.analysis.intervals import t_interval
from sim.analysis.slots import SLOT, SLOTS
from sim.analysis.window_use import WINDOW_USES
from sim.arrays import Floats
from sim.clock import HOUR
from sim.runs.replicate import Study
from sim.text import Text
from sim.views.scenario_names import layout_name
from sim.views.style import clock_axis, drawing, finish, sheet, study_note

HOURS: Final = SLOT / HOUR
"""Hours a slot."""
USE_LOOKS: Final[Mapping[str, tuple[str, str]]] = {
    "walk": ("#F0E442", ""),
    "service": ("#0072B2", ""),
    "changeover": ("#56B4E9", "..."),
    "wrap_up": ("#009E73", "///"),
    "review": ("#CC79A7", ""),
    "down": ("#D55E00", "xxx"),
    "idle": ("#D9D9D9", ""),
    "absent": ("#FFFFFF", "---"),
}
"""Colour and hatch of each use."""
PLAIN: Final = ("service", "idle")
"""What every hall has: where there is nothing else the figure of busy windows says it."""


def tells_uses(study: Study) -> bool:
    """Whether clerks do anything but serve and wait, are absent, or wait for a system."""
    others = [n for n, use in enumerate(WINDOW_USES) if use not in PLAIN]
    return any(tally.use_by_slot[others].any() for tallies in study.tallies for tally in tallies)


def clerks_by_use(study: Study, layout: str) -> Floats:
    """float64, shape (replications, uses, slots): mean number of clerks in each half hour."""
    days = len(study.plans[study.layouts.index(layout)].period.hall_days)
    ticks = np.array([tally.use_by_slot.sum(axis=1) for tally in study.of(layout)])
    return np.asarray(ticks / (max(days, 1) * SLOT), dtype=np.float64)


def use_by_time(study: Study, text: Text, level: float = 0.95) -> Figure:
    """What are clerks at windows doing?

    Mean number of clerks of the roster, and of overtime, by what they do in each half hour.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario, replicate
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> study = replicate(scenario, run=Run(replications=2, workers=1))
    >>> len(use_by_time(study, load_text("en")).axes)
    1
    """
    numbers = {layout: clerks_by_use(study, layout) for layout in study.layouts}
    whole = sum(clerks.sum(axis=(0, 1)) for clerks in numbers.values())
    slots = np.flatnonzero(whole)
    first, last = (int(slots[0]), int(slots[-1]) + 1) if len(slots) else (0, SLOTS)
    with drawing():
        figure = sheet(text("figure.use_by_time.title"), 1.2 + 2.3 * len(study.layouts))
        panels = figure.subplots(len(study.layouts), 1, squeeze=False, sharey=True)[:, 0]
        for axes, (layout, clerks) in zip(panels, numbers.items(), strict=True):
            _stacked(axes, clerks.mean(axis=0))
            axes.set_title(layout_name(study.scenario, layout, text))
            clock_axis(axes, first * HOURS, last * HOURS)
            axes.set_ylabel(text("figure.use_by_time.y"))
        panels[-1].set_xlabel(text("figure.load_by_time.x"))
        note = study_note(study, text, None) + "\n" + text("figure.use_by_time.note")
        widest = _widest(list(numbers.values()), level)
        if math.isfinite(widest):
            note += " " + text(
                "figure.use_by_time.widest",
                clerks=text.number(widest, 2),
                level=text.share(level, 0),
            )
        return finish(figure, note, _legend(list(numbers.values()), text))


def _stacked(axes: Axes, clerks: Floats) -> None:
    """One layout: uses above each other, who is absent at the top."""
    starts, below = np.arange(SLOTS) * HOURS, np.zeros(SLOTS)
    for of_use, use in zip(clerks, WINDOW_USES, strict=True):
        colour, hatch = USE_LOOKS[use]
        axes.bar(
            starts,
            of_use,
            HOURS,
            below,
            align="edge",
            color=colour,
            hatch=hatch,
            edgecolor="#777777",
            linewidth=0.3,
        )
        below = below + of_use
    axes.set_ylim(bottom=0)


def _legend(numbers: list[Floats], text: Text) -> list[Patch]:
    """The uses that there are."""
    return [
        Patch(
            facecolor=USE_LOOKS[use][0],
            hatch=USE_LOOKS[use][1],
            edgecolor="#777777",
            linewidth=0.5,
            label=text(f"use.{use}"),
        )
        for n, use in enumerate(WINDOW_USES)
        if any(clerks[:, n].any() for clerks in numbers)
    ]


def _widest(numbers: list[Floats], level: float) -> float:
    """The widest half width among all bars, in clerks; nan with one replication."""
    widths = [
        t_interval(clerks[:, use, slot], level).half_width
        for clerks in numbers
        for use in range(len(WINDOW_USES))
        for slot in np.flatnonzero(clerks[:, use].any(axis=0)).tolist()
    ]
    finite = [width for width in widths if math.isfinite(width)]
    return max(finite, default=math.nan)
