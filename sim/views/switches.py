"""Service modes as a figure: how far each combination moves the hall, with its interval."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.analysis.judge import judge
from sim.questions.switches import SwitchedHall, SwitchStep
from sim.text import Text
from sim.views.scenario_names import layout_name, measure_name
from sim.views.style import (
    INK,
    bars_of,
    drawing,
    finish,
    folded,
    points_note,
    sheet,
    verdict_look,
)
from sim.views.values import shown_scale, unit_of_difference

DRAWN: Final = ("wait", "called_within", "trips")
"""One panel each, where there was something to count."""


def step_name(step: SwitchStep, text: Text) -> str:
    """The modes that are on, in words."""
    return switch_names(step.switches, text) or text("switch.none")


def switch_names(names: Iterable[str], text: Text) -> str:
    """Names of modes in one sentence."""
    return text("format.list").join(text(f"switch.name.{name}") for name in names)


def switches_figure(hall: SwitchedHall, text: Text, measures: Sequence[str] = DRAWN) -> Figure:
    """What does each combination bring?

    A row is a combination of service modes, a panel a measure. The mark stands at the difference
    from the hall as it is, the line through it is the interval of that; 0 is the hall as it is.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario
    >>> from sim.questions.switches import compare_switches
    >>> from sim.scenario.switches import HallSwitch
    >>> from sim.text import load_text
    >>> days = ["run.measured_days=2", "run.replications=2"]
    >>> hall = load_scenario(example_path("exact/hall_day.yaml"), days)
    >>> online = compare_switches(hall, [HallSwitch("online", (50, 3))], run=Run(workers=1))
    >>> len(switches_figure(online, load_text("en")).axes)
    3
    """
    changed = hall.steps[1:]
    shown = [
        measure
        for measure in measures
        if any(step.difference(measure) is not None for step in changed)
    ]
    n = len(changed)
    with drawing():
        layout = layout_name(hall.scenario, hall.layout, text)
        figure = sheet(text("figure.switches.title", layout=layout), 1.9 + 0.42 * n)
        grid = figure.subplots(1, max(len(shown), 1), squeeze=False, sharey=True)[0]
        for axes, measure in zip(grid, shown, strict=False):
            _panel(axes, hall, changed, measure, text)
        grid[0].set_yticks(range(n), [folded(step_name(step, text), 26, 2) for step in changed])
        grid[0].set_ylim(n - 0.5, -0.5)
        note = points_note(hall.scenario, hall, text, hall.level)
        return finish(figure, note + "\n" + text("figure.switches.note"))


def _panel(
    axes: Axes, hall: SwitchedHall, changed: Sequence[SwitchStep], measure: str, text: Text
) -> None:
    differences = [step.difference(measure) for step in changed]
    unit = next(each.unit for each in differences if each is not None)
    scale = shown_scale(unit)
    axes.axvline(0.0, color=INK, linewidth=0.9)
    for y, difference in enumerate(differences):
        if difference is None:
            continue
        means, away = bars_of([difference.interval], scale)
        colour, face = verdict_look(judge(difference))
        axes.errorbar(means, [y], xerr=away, fmt="o", color=colour, markerfacecolor=face, capsize=3)
    axes.set_title(folded(measure_name(measure, hall.scenario, text), 24, 2))
    axes.set_xlabel(unit_of_difference(unit, text))
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    axes.margins(x=0.1)
