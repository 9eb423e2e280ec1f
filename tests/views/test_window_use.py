"""The figure of what clerks do: means of the tallies, and only where there is more than service."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from sim import Run, compare, replicate
from sim.analysis.slots import SLOT
from sim.analysis.window_use import WINDOW_USES
from sim.runs.replicate import Study
from sim.scenario.load import scenario_from_text
from sim.text import Text, load_text
from sim.views.comparison_figures import comparison_pictures
from sim.views.window_use import clerks_by_use, use_by_time
from tests.strategies import come, errand, small, windows

TEXTS = [load_text("zh"), load_text("en")]


def study(wrap_up: str, absence: float = 0.0) -> Study:
    """A crowd of two at ten o'clock, two clerks."""
    hall = f"{{name: {{zh: 厅, en: Hall}}, hours: day, absence: {absence}}}"
    text = small(
        hall=hall,
        matters=f"[{errand('10 min', f'wrap_up: {wrap_up}')}]",
        demand=come("10:00", "10:00"),
        layouts=windows("id: window, serves: [errand], clerks: 2"),
    )
    return replicate(scenario_from_text(text), run=Run(replications=2, workers=1))


def test_bars_are_mean_clerks() -> None:
    """Two at once: in that half hour 2 x 10 of 30 minutes are service, 2 x 5 wrap-up."""
    clerks = clerks_by_use(study("5 min"), "hall")
    at_ten = dict(zip(WINDOW_USES, clerks[0, :, 20].tolist(), strict=True))
    assert at_ten == pytest.approx(
        {"walk": 0, "service": 2 / 3, "changeover": 0, "wrap_up": 1 / 3, "review": 0, "down": 0}
        | {"idle": 1, "absent": 0}
    )


@pytest.mark.parametrize("text", TEXTS, ids=["zh", "en"])
def test_only_the_uses_that_there_are_have_a_name(text: Text) -> None:
    figure = use_by_time(study("5 min"), text)
    [legend] = figure.legends
    names = [words.get_text() for words in legend.get_texts()]
    assert names == [text(f"use.{use}") for use in ("service", "wrap_up", "idle")]
    bars = [bar for bar in figure.axes[0].patches if isinstance(bar, Rectangle)]
    heights = np.array([bar.get_height() for bar in bars])
    assert heights.sum() * SLOT == pytest.approx(study("5 min").of("hall")[0].use_by_slot.sum())


def test_a_hall_where_clerks_only_serve_has_no_such_figure() -> None:
    """It would say what the figure of busy windows says."""
    for wrap_up, absence, shown in (
        ("0 min", 0.0, False),
        ("5 min", 0.0, True),
        ("0 min", 1.0, True),
    ):
        pictures = comparison_pictures(compare(study(wrap_up, absence)), TEXTS[1])
        assert ("use" in [picture.name for picture in pictures]) == shown
