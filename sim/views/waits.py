"""How waits are spread: the share of tickets called within so many minutes."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from sim.analysis.estimates import estimates
from sim.analysis.histogram import at_most, quantile
from sim.analysis.intervals import Interval, ratio_interval
from sim.arrays import Floats
from sim.clock import MINUTE
from sim.runs.replicate import Study
from sim.text import Text
from sim.views.scenario_names import layout_name
from sim.views.style import SMALL, band_of, bars_of, drawing, finish, look, sheet, study_note
from sim.views.values import written

POINTS: Final = 90
"""Waits at which the curve is computed."""
TENTH: Final = 0.1
"""Minutes between points at least: the bins in which waits are counted."""
SHOWN: Final = 0.995
"""Part of the calls that the axis reaches."""


def wait_distribution(study: Study, text: Text, level: float = 0.95) -> Figure:
    """What share of tickets is called within x minutes?

    Over all tickets taken, so that a curve ends below 100 % by the share that is never called, and
    meets the measure `called_within` at the scenario's target.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario, replicate
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> study = replicate(scenario, run=Run(replications=2, workers=1))
    >>> wait_distribution(study, load_text("en")).axes[0].get_xlabel()
    'Wait [min]'
    """
    target = study.scenario.targets.called_within / MINUTE
    minutes = _minutes(study, target)
    with drawing():
        figure = sheet(text("figure.waits.title"), 4.6)
        axes = figure.subplots()
        for layout in study.layouts:
            colour, marker, line = look(study.scenario, layout)
            means, lows, highs = band_of(called_within(study, layout, minutes, level), 100)
            axes.fill_between(minutes, lows, highs, color=colour, alpha=0.18, linewidth=0)
            label = layout_name(study.scenario, layout, text)
            at = [
                estimate
                for estimate in estimates(study.of(layout), level)
                if estimate.measure == "called_within"
            ]
            if at:
                point, away = bars_of([at[0].interval], 100)
                axes.errorbar(
                    [target], point, yerr=away, fmt=marker, color=colour, markersize=7, capsize=4
                )
                value = written(at[0], text)
                label = text("figure.waits.label", layout=label, value=value)
            axes.plot(minutes, means, color=colour, linestyle=line, label=label)
        axes.axvline(target, color="#555555", linewidth=1, linestyle=(0, (2, 2)), zorder=1)
        axes.annotate(
            text("figure.target", minutes=f"{target:g}"),
            (target, 0),
            xytext=(5, 5),
            textcoords="offset points",
            fontsize=SMALL,
        )
        axes.set_xlim(0, minutes[-1])
        axes.set_ylim(0, 101)
        axes.yaxis.set_major_locator(MultipleLocator(20))
        axes.set_xlabel(f"{text('column.wait')} [{text('unit.min')}]")
        axes.set_ylabel(f"{text('figure.waits.y')} [%]")
        axes.legend(loc="lower right")
        return finish(figure, study_note(study, text, level) + "\n" + text("figure.waits.note"))


def called_within(
    study: Study, layout: str, minutes: Floats, level: float = 0.95
) -> tuple[Interval, ...]:
    """Share of all tickets taken that were called in less than each number of minutes."""
    tallies = study.of(layout)
    within = at_most(np.array([tally.wait_histogram for tally in tallies]), minutes)
    taken = np.array(
        [tally.by_day["called_within"][1].sum() for tally in tallies], dtype=np.float64
    )
    return tuple(ratio_interval(called, taken, level, (0.0, 1.0)) for called in within.T)


def _minutes(study: Study, target: float) -> Floats:
    """Waits along the axis: whole bins, from the first to where nearly all have been called."""
    longest = 2 * target
    for layout in study.layouts:
        pool = np.sum([tally.wait_histogram for tally in study.of(layout)], axis=0)
        longest = max(longest, np.nan_to_num(quantile(pool, SHOWN)))
    steps = np.linspace(TENTH, np.ceil(longest / 5) * 5, POINTS)
    return np.unique(np.append(np.round(steps / TENTH) * TENTH, target))
