"""The main measures of layouts beside each other, as large as they are: what to decide by."""

from __future__ import annotations

import math
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.estimates import Estimate
from sim.questions.compare import HEADLINES, Comparison
from sim.text import Text
from sim.views.scenario_names import layout_name, measure_name
from sim.views.style import SMALL, bars_of, drawing, finish, folded, look, sheet, study_note
from sim.views.values import digits_of, shown_scale, signed, unit_key
from sim.views.verdict import measured, outcome_of

PAGE_INCHES: Final = 6.14
"""As wide as the text of an official document, so that signs are printed in their own size."""
MATTERS: Final = ("wins", "size_open")
"""Outcomes that are drawn in full colour."""
PALE: Final = 0.35
ROOM: Final = 1.75
"""Length of an axis over the longest bar: the figure stands behind it."""
NAME_COLUMNS: Final = 14
ALL_COLUMNS: Final = 75
"""Columns that the words above or below all measures have beside each other."""
BAR_INCHES, LINE_INCHES, BARE_INCHES = 0.34, 0.16, 0.75
"""Height of a bar, of a line of words, and of what a figure has in any case."""


def headline_figure(comparison: Comparison, text: Text) -> Figure:
    """How do layouts do by the main measures, and where does the difference matter?

    Bars begin at zero, so that what differs little looks alike; the line at the end of a bar is its
    interval. Measures whose differences do not matter, or may be chance, are pale, and words below
    each say what the verdict says.

    Examples
    --------
    >>> from sim import Run, compare, example_path, load_scenario, replicate
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> study = compare(replicate(scenario, run=Run(replications=2, workers=1)))
    >>> figure = headline_figure(study, load_text("en"))
    >>> [axes.get_title("left").splitlines()[-1] for axes in figure.axes]
    ['min', '%', 'trips']
    """
    study = comparison.study
    shown = [measure for measure in HEADLINES if measured(comparison, measure)]
    columns = ALL_COLUMNS // max(len(shown), 1)
    titles = {measure: _title(comparison, measure, columns, text) for measure in shown}
    note = study_note(study, text, comparison.level)
    if len(study.layouts) > 1:
        note = text("figure.headlines.note") + "\n" + note
    lines = max((title.count("\n") for title in titles.values()), default=0) + 2
    height = BARE_INCHES + LINE_INCHES * (lines + 3) + BAR_INCHES * len(study.layouts)
    with drawing():
        figure = sheet(text("figure.headlines.title"), height, PAGE_INCHES)
        grid = figure.subplots(1, max(len(shown), 1), squeeze=False, sharey=True)[0]
        if not shown:
            grid[0].set_axis_off()
            grid[0].set_title(text("figure.compare.nobody"))
        for axes, measure in zip(grid, shown, strict=False):
            axes.set_title(titles[measure], fontsize=SMALL + 0.5)
            _measure(axes, comparison, measure, columns, text)
        if shown:
            names = [
                folded(layout_name(study.scenario, layout, text), NAME_COLUMNS, 3)
                for layout in study.layouts
            ]
            grid[0].set_yticks(range(len(names)), names, fontsize=SMALL)
            grid[0].set_ylim(len(names) - 0.5, -0.5)
        return finish(figure, note)


def _title(comparison: Comparison, measure: str, columns: int, text: Text) -> str:
    """Name of a measure and its unit below it."""
    name = measure_name(measure, comparison.study.scenario, text)
    unit = next(iter(measured(comparison, measure).values())).unit
    lines = [folded(name, columns, 3)]
    if unit != "wd":  # the name of a time in working days says so
        lines.append(text(f"unit.{unit_key(unit)}"))
    return "\n".join(lines)


def _measure(axes: Axes, comparison: Comparison, measure: str, columns: int, text: Text) -> None:
    """One measure of all layouts, and what came of it."""
    study = comparison.study
    estimates = measured(comparison, measure)
    kind, leader, _ = outcome_of(comparison, measure, text)
    several = len(study.layouts) > 1
    digits = digits_of([*estimates.values()])
    longest = max((_end(estimate) for estimate in estimates.values()), default=0.0)
    for y, layout in enumerate(study.layouts):
        if (estimate := estimates.get(layout)) is None:
            continue
        is_full = not several or (kind in MATTERS and layout == leader)
        [mean], away = bars_of([estimate.interval], shown_scale(estimate.unit))
        axes.barh(
            y,
            mean,
            0.62,
            color=look(study.scenario, layout).colour,
            alpha=1.0 if is_full else PALE,
            xerr=away if math.isfinite(estimate.interval.half_width) else None,
            error_kw={"elinewidth": 1.2, "capsize": 2.0, "ecolor": "#444444"},
        )
        axes.annotate(
            signed(mean, digits, text),
            xy=(_end(estimate), y),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=SMALL,
            fontweight="bold" if is_full and several else "normal",
        )
    axes.set_xlim(0, ROOM * longest if longest > 0 else 1.0)
    axes.set_xticks([0.0], ["0"], fontsize=SMALL - 1)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False)
    if several and kind:
        words = text(f"figure.headlines.{kind}")
        axes.set_xlabel(
            folded(words, columns, 3),
            fontsize=SMALL,
            fontweight="bold" if kind in MATTERS else "normal",
            loc="left",
        )


def _end(estimate: Estimate) -> float:
    """Where the bar and its interval end, as they are drawn."""
    [mean], away = bars_of([estimate.interval], shown_scale(estimate.unit))
    return float(mean + away[1, 0])
