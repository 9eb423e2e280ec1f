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
from sim.views.waits import wait_distribution


class ComparisonFigure(NamedTuple):
    """One figure of a comparison.

    Attributes
    ----------
    name : str
        It has a text `page.figure.<name>`.
    draw : callable
    is_of_cases : bool
        It shows nothing where no case goes to a department.
    """

    name: str
    draw: Callable[[Comparison, Text], Figure]
    is_of_cases: bool = False


COMPARISON_FIGURES: Final = (
    ComparisonFigure("compare", compare_figure),
    ComparisonFigure("waits", lambda c, text: waits_by_time(c.study, text, c.level)),
    ComparisonFigure("distribution", lambda c, text: wait_distribution(c.study, text, c.level)),
    ComparisonFigure("queue", lambda c, text: queue_by_time(c.study, text, c.level)),
    ComparisonFigure("load", lambda c, text: load_by_time(c.study, text, c.level)),
    ComparisonFigure(
        "causes", lambda c, text: causes_figure(c.study, text, level=c.level), is_of_cases=True
    ),
    ComparisonFigure(
        "last",
        lambda c, text: last_department_figure(c.study, text, level=c.level),
        is_of_cases=True,
    ),
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
    ['compare', 'waits', 'distribution', 'queue', 'load']
    """
    has_cases = any(tally.last_by_matter.any() for tally in comparison.study.tallies[0])
    return tuple(
        PictureBlock(
            figure.name,
            text("page.results.figure_of", figure=text(f"page.figure.{figure.name}")),
            partial(figure.draw, comparison, text),
        )
        for figure in COMPARISON_FIGURES
        if has_cases or not figure.is_of_cases
    )
