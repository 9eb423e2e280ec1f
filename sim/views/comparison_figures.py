"""The figures of a comparison, in the order in which page and report show them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

from matplotlib.figure import Figure

from sim.questions.compare import Comparison
from sim.text import Text
from sim.views.blocks import PictureBlock
from sim.views.causes import causes_figure, last_department_figure
from sim.views.compare import compare_figure
from sim.views.day import load_by_time, queue_by_time, waits_by_time
from sim.views.headlines import headline_figure
from sim.views.queue_heat import queue_heat
from sim.views.waits import wait_distribution
from sim.views.window_use import tells_uses, use_by_time


class ComparisonFigure(NamedTuple):
    """One figure of a comparison.

    Attributes
    ----------
    name : str
        It has a text `page.figure.<name>`.
    draw : callable
    is_shown : callable
        Whether it has anything to show of a comparison.
    """

    name: str
    draw: Callable[[Comparison, Text], Figure]
    is_shown: Callable[[Comparison], bool]


def _of_study(draw: Callable[..., Figure]) -> Callable[[Comparison, Text], Figure]:
    """A figure of a study, at the level of its comparison."""
    return lambda comparison, text: draw(comparison.study, text, level=comparison.level)


def _always(_: Comparison) -> bool:
    return True


def _has_cases(comparison: Comparison) -> bool:
    """Whether any case goes to a department."""
    return any(tally.last_by_matter.any() for tally in comparison.study.tallies[0])


def _has_uses(comparison: Comparison) -> bool:
    return tells_uses(comparison.study)


COMPARISON_FIGURES: Final = (
    ComparisonFigure("headlines", headline_figure, _always),
    ComparisonFigure("compare", compare_figure, _always),
    ComparisonFigure("waits", _of_study(waits_by_time), _always),
    ComparisonFigure("distribution", _of_study(wait_distribution), _always),
    ComparisonFigure("queue", _of_study(queue_by_time), _always),
    ComparisonFigure("heat", _of_study(queue_heat), _always),
    ComparisonFigure("load", _of_study(load_by_time), _always),
    ComparisonFigure("use", _of_study(use_by_time), _has_uses),
    ComparisonFigure("causes", _of_study(causes_figure), _has_cases),
    ComparisonFigure("last", _of_study(last_department_figure), _has_cases),
)


def comparison_pictures(comparison: Comparison, text: Text) -> tuple[PictureBlock, ...]:
    """The figures that have something to show, each drawn when it is looked at.

    Examples
    --------
    Where all is done at the window, nobody waits for a department:

    >>> from sim import Run, compare, example_path, load_scenario, replicate
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> comparison = compare(replicate(scenario, run=Run(replications=2, workers=1)))
    >>> [picture.name for picture in comparison_pictures(comparison, load_text("en"))]
    ['headlines', 'compare', 'waits', 'distribution', 'queue', 'heat', 'load']
    """
    return tuple(
        PictureBlock(
            figure.name,
            text("page.results.figure_of", figure=text(f"page.figure.{figure.name}")),
            partial(figure.draw, comparison, text),
        )
        for figure in COMPARISON_FIGURES
        if figure.is_shown(comparison)
    )
