"""What a figure of a sizing says can be read, however many half hours and kinds of days it has."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text as Letters

from sim.questions.size import SizedLayout, Sizing
from sim.scenario.scenario import Scenario
from sim.text import LANGUAGES, Language, load_text
from sim.views.size import kept_figure, size_figure
from tests.views.sized import sized

KINDS = ("mon", "tue-thu", "fri", "sat")
CLOSES_EARLY = ("sat", 24)
"""A kind of day, and the half hour of the day after which it has no more."""


def with_kinds_of_days(sizing: Sizing) -> Sizing:
    """The same sizing on four kinds of days, of which one is short."""
    [row] = sizing.layouts
    needs = [
        need._replace(days=days)
        for days in KINDS
        for need in row.needs
        if (days, need.starts // (need.ends - need.starts)) < CLOSES_EARLY or days != "sat"
    ]
    cells = [
        checked._replace(cell=checked.cell._replace(days=days))
        for days in KINDS
        for checked in row.cells
        if checked.cell.slot >= 0 and (days != "sat" or checked.cell.slot < CLOSES_EARLY[1])
    ]
    wide: SizedLayout = row._replace(needs=tuple(needs), cells=tuple(cells))
    return sizing._replace(layouts=(wide,))


def width_of(words: Letters, figure: Figure) -> float:
    renderer: Any = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    return float(words.get_window_extent(renderer).width)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("many", [False, True], ids=["one kind", "four kinds"])
def test_values_clocks_and_titles_do_not_run_into_each_other(
    scenario: Scenario, language: Language, many: bool
) -> None:
    sizing = sized(scenario)
    sizing = with_kinds_of_days(sizing) if many else sizing
    text = load_text(language)
    figure = kept_figure(sizing, sizing.layouts[0], 0, text)
    figure.draw_without_rendering()
    assert len(figure.axes) == (2 * len(KINDS) if many else 2)
    for axes in figure.axes:
        cell = axes.transData.transform([(0, 0), (1, 0)])
        for words in axes.texts:
            assert width_of(words, figure) <= cell[1][0] - cell[0][0], words.get_text()
        assert clocks_are_apart(axes, figure)
    need = size_figure(sizing, sizing.layouts[0], text)
    need.draw_without_rendering()
    assert all(clocks_are_apart(axes, need) for axes in need.axes)
    renderer: Any = need.canvas.get_renderer()  # type: ignore[attr-defined]
    days = need.axes[: len(KINDS) if many else 1]
    titles = [axes.title.get_window_extent(renderer) for axes in days]
    assert all(left.x1 < right.x0 for left, right in pairwise(titles))
    assert titles[-1].x1 <= need.bbox.x1, "nothing is cut off"


def clocks_are_apart(axes: Axes, figure: Figure) -> bool:
    renderer: Any = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    low, high = axes.get_xlim()
    ticks = zip(axes.get_xticks(), axes.get_xticklabels(), strict=True)
    boxes = [label.get_window_extent(renderer) for at, label in ticks if low <= at <= high]
    return all(left.x1 < right.x0 for left, right in pairwise(boxes))
