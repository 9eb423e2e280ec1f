"""Where the time of cases goes: their days by cause, and the department that ends last."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.analysis.causes import CAUSES
from sim.analysis.intervals import Interval
from sim.clock import DAY, HOUR
from sim.questions.causes import (
    closed_cases,
    last_shares,
    mean_causes,
    mean_of_causes_together,
    office_rows,
    path_rows,
)
from sim.runs.replicate import Study
from sim.text import Text
from sim.views.scenario_names import (
    department_name,
    layout_name,
    matter_name,
)
from sim.views.style import (
    CAUSE_LOOKS,
    INK,
    bars_of,
    drawing,
    finish,
    folded,
    look,
    sheet,
    study_note,
)

IN_REACH: Final = ("reception", "window_wait", "at_window", "reviewer_wait", "review")
"""Causes that windows and departments can shorten; the others are law, closed doors, applicants."""
MOST_DEPARTMENTS: Final = 12


def cause_legend(causes: Sequence[str], text: Text) -> list[Patch]:
    return [
        Patch(
            facecolor=CAUSE_LOOKS[cause][0],
            hatch=CAUSE_LOOKS[cause][1],
            edgecolor="#777777",
            linewidth=0.5,
            label=text(f"cause.{cause}"),
        )
        for cause in causes
    ]


def causes_reach(study: Study, matter: str | None = None) -> tuple[float, float]:
    """How far the bars of `causes_figure` go: days of all causes, hours of those within reach."""
    longest = [
        max(float(mean_causes(study, layout, matter, causes).sum()) for layout in study.layouts)
        for causes in (CAUSES, IN_REACH)
    ]
    whole, part = (length if math.isfinite(length) else 0.0 for length in longest)
    return whole / DAY, part / HOUR


def causes_figure(
    study: Study,
    text: Text,
    matter: str | None = None,
    level: float = 0.95,
    reach: tuple[float, float] | None = None,
) -> Figure:
    """Where does a case's time go?

    Mean time of closed cases along the path that decided their end, by cause: all of it in calendar
    days, and the part that windows and departments can shorten in hours. Matters that are finished
    at the window have no such path and are left out.

    Parameters
    ----------
    reach
        How far the axes go at least, as `causes_reach` gives it, so that several figures are read
        by one scale.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario, replicate
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> study = replicate(scenario, run=Run(replications=2, workers=1))
    >>> len(causes_figure(study, load_text("en")).axes)
    2
    """
    with drawing():
        figure = sheet(
            _titled("figure.causes", study, matter, text), 2.6 + 0.95 * len(study.layouts)
        )
        whole, part = figure.subplots(2, 1)
        _stack(whole, study, matter, CAUSES, unit=DAY, level=level)
        _stack(part, study, matter, IN_REACH, unit=HOUR, level=level)
        whole.set_title(text("figure.causes.whole"))
        part.set_title(text("figure.causes.part"))
        whole.set_xlabel(text("unit.d"))
        part.set_xlabel(text("unit.h"))
        names = [
            folded(layout_name(study.scenario, layout, text), 20, 2) for layout in study.layouts
        ]
        for axes in (whole, part):
            axes.set_yticks(range(len(names)), names)
            axes.set_ylim(len(names) - 0.4, -0.6)
            axes.tick_params(axis="y", length=0)
            axes.grid(visible=False, axis="y")
        for axes, far in zip((whole, part), reach or (), strict=False):
            axes.set_xlim(0, max(1.04 * far, axes.get_xlim()[1]))
        rows = path_rows(study, matter)
        cases = int(sum(closed_cases(study, layout, rows).sum() for layout in study.layouts))
        note = (
            study_note(study, text, level) + "\n" + text("figure.causes.note", cases=f"{cases:,}")
        )
        left_out = len(office_rows(study, matter)) - len(rows)
        if left_out:
            note += "\n" + text("figure.causes.left_out", n=left_out)
        return finish(figure, note, cause_legend(CAUSES, text))


def last_department_figure(
    study: Study, text: Text, matter: str | None = None, level: float = 0.95
) -> Figure:
    """For which department do cases wait last?

    Share of closed cases in which a department finished the last item.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario, replicate
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> study = replicate(scenario, run=Run(replications=2, workers=1))
    >>> len(last_department_figure(study, load_text("en")).axes)
    1
    """
    shares = {layout: last_shares(study, layout, matter, level) for layout in study.layouts}
    peak: dict[str, float] = {}
    for of_layout in shares.values():
        for department, share in of_layout.items():
            if share.mean > 0:
                peak[department] = max(peak.get(department, 0.0), share.mean)
    shown = sorted(peak, key=lambda department: -peak[department])[:MOST_DEPARTMENTS]
    n = len(study.layouts)
    with drawing():
        title = _titled("figure.last", study, matter, text)
        figure = sheet(title, 1.8 + max(0.16 + 0.1 * n, 0.3) * max(len(shown), 1))
        axes = figure.subplots()
        for k, layout in enumerate(study.layouts):
            colour, marker, _ = look(study.scenario, layout)
            intervals = [
                shares[layout].get(department, Interval(0.0, 0.0, 0.0, 0)) for department in shown
            ]
            means, away = bars_of(intervals, 100)
            rows = np.arange(len(shown)) + (k - (n - 1) / 2) * 0.7 / n
            axes.errorbar(
                means,
                rows,
                xerr=away,
                fmt=marker,
                color=colour,
                capsize=2.5,
                elinewidth=1.4,
                label=layout_name(study.scenario, layout, text),
            )
        names = [
            folded(department_name(study.scenario, department, text), 26, 2) for department in shown
        ]
        axes.set_yticks(range(len(names)), names)
        axes.set_ylim(max(len(names), 1) - 0.5, -0.5)
        for y in range(1, len(names), 2):
            axes.axhspan(y - 0.5, y + 0.5, color="#f4f4f4", linewidth=0, zorder=0)
        axes.update_datalim([(0.0, 0.0)], updatey=False)
        axes.margins(x=0.06)
        axes.set_xlim(left=0)
        axes.tick_params(axis="y", length=0)
        axes.grid(visible=False, axis="y")
        axes.set_xlabel(text("figure.last.x"))
        note = study_note(study, text, level)
        if len(peak) > len(shown):
            note += "\n" + text("figure.last.more", n=len(peak) - len(shown))
        return finish(figure, note, axes.get_legend_handles_labels()[0])


def _titled(key: str, study: Study, matter: str | None, text: Text) -> str:
    if matter is None:
        return text(f"{key}.title")
    return text(f"{key}.title_of", matter=matter_name(study.scenario, matter, text))


def _stack(
    axes: Axes,
    study: Study,
    matter: str | None,
    causes: Sequence[str],
    *,
    unit: int,
    level: float,
) -> None:
    """A bar of causes for each layout, and the interval of their sum."""
    for y, layout in enumerate(study.layouts):
        left = 0.0
        means = mean_causes(study, layout, matter, causes) / unit
        for cause, mean in zip(causes, means, strict=True):
            colour, hatch = CAUSE_LOOKS[cause]
            axes.barh(
                y, mean, 0.6, left, color=colour, hatch=hatch, edgecolor="#777777", linewidth=0.5
            )
            left += mean
        total = mean_of_causes_together(study, layout, matter, causes, level)
        if math.isfinite(total.half_width):
            (mean,), away = bars_of([total], 1 / unit)
            axes.errorbar(
                [mean],
                [y],
                xerr=away,
                fmt="none",
                ecolor=INK,
                elinewidth=1.6,
                capsize=4,
            )
    axes.margins(x=0.04)
    if not axes.get_xlim()[1] > 0:
        axes.set_xlim(0, 1)
