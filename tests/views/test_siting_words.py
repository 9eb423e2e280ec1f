"""What the command line says of the next station and of how many: names are printed as they are."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from sim import Run
from sim.questions.frontier import Frontier, frontier
from sim.questions.next_point import NextPoints, next_points
from sim.scenario.base import Bilingual
from sim.scenario.scenario import Scenario
from sim.text import load_text
from sim.views.frontier_words import frontier_blocks
from sim.views.next_point_words import next_point_blocks
from sim.views.terminal import print_blocks
from tests.questions.test_extend import area

EN = load_text("en")
NAME = "[red]Ridge[/red] :smile: [b]"
"""Of such a name less would be printed if marks were read in it."""


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    plain = area()
    return plain.model_copy(update={"name": Bilingual(zh=NAME, en=NAME)})


RUN = Run(replications=2, seed=3, engine="reference", workers=1)


def printed(answer: NextPoints | Frontier) -> str:
    console = Console(file=io.StringIO(), width=2_000, markup=False, emoji=False)
    if isinstance(answer, NextPoints):
        print_blocks(next_point_blocks(answer, "area.yaml", EN), console)
    else:
        print_blocks(frontier_blocks(answer, "area.yaml", EN), console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_name_in_brackets_is_printed_as_it_is(scenario: Scenario) -> None:
    for answer in (next_points(scenario, (), 2, run=RUN), frontier(scenario, [1], run=RUN)):
        lines = printed(answer).splitlines()
        [last] = [line for line in lines if NAME in line]
        assert last.startswith("· ")
        assert "area.yaml" in last
