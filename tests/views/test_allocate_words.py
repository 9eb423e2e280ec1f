"""What is said of allocated clerk hours: no gain that is not sure is told as one."""

from __future__ import annotations

import math

import pytest

from sim import example_path, load_scenario
from sim.analysis.intervals import Interval
from sim.text import load_text
from sim.views.allocate_words import answers_of
from tests.views.sized import allocated

EN = load_text("en")


@pytest.mark.parametrize(
    ("gain", "words"),
    [
        (Interval(0.08, 0.05, 0.11, n=3), "better spread over groups"),
        (Interval(0.01, -0.02, 0.04, n=3), "no sure difference"),
        (Interval(0.08, math.nan, math.nan, n=1), "no sure difference"),
        (Interval(-0.03, -0.05, -0.01, n=3), "no better spread was found"),
    ],
)
def test_a_gain_is_told_where_its_interval_says_so(gain: Interval, words: str) -> None:
    scenario = load_scenario(example_path("exact/mmc.yaml"))
    allocation = allocated(scenario)
    row = allocation.layouts[0]._replace(gain=gain)
    assert words in answers_of(allocation, row, EN)[0]


def test_fewer_hours_than_keep_the_lists_open_are_said_first() -> None:
    allocation = allocated(load_scenario(example_path("exact/mmc.yaml")))
    row = allocation.layouts[0]._replace(allowed=3.0)
    assert "cannot keep a clerk at every list" in answers_of(allocation, row, EN)[0]
