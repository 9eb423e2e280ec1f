"""How many: what each number of stations costs and saves, of which one can be taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

import streamlit as st

from sim.questions.frontier import FrontierQuestion
from sim.scenario.scenario import Scenario
from sim.scenario.travel import candidates
from sim.storage.request import Request
from sim.text import Text
from sim.views.blocks import PictureBlock, SentenceBlock
from sim.views.frontier import frontier_figure
from sim.views.frontier_words import best_sentence, frontier_table
from sim.views.siting_words import cautions
from sim.web.drawing import beneath, draw_blocks, pick_row
from sim.web.example import question_at_first
from sim.web.fields import whole_number
from sim.web.question import run_and_answer, start_or_find
from sim.web.session import Session, answer_to, figures_key
from sim.web.sides import open_sides
from sim.web.siting import belongs, in_view, say

MOST_STATIONS: Final = 40
FIRST_STATIONS: Final = 6
STEPS: Final = 8
"""Numbers of stations that are run at most."""


def frontier_part(
    scenario: Scenario,
    settings: tuple[str, int, int] | None,
    choose_all: Callable[[Iterable[str]], None],
    text: Text,
) -> None:
    """What each number of stations costs and saves."""
    words_of = text("page.townships.frontier")
    st.header(words_of, anchor=False)
    st.markdown(text("page.townships.frontier_what"))
    sides = open_sides("frontier")
    words = text("page.townships.frontier_most")
    towns = {town.id for town in candidates(scenario)}
    limit = min(MOST_STATIONS, len(towns))
    before = question_at_first(FrontierQuestion)
    first = min(FIRST_STATIONS if before is None else max(before.numbers), limit)
    most = whole_number(sides.controls, words, 1, limit, text, key="frontier-most", first=first)
    request = None
    if settings is not None and most is not None:
        layout, replications, seed = settings
        request = Request(FrontierQuestion(numbers_to(most), layout), replications, seed)

    def answer(session: Session, scenario: Scenario, text: Text) -> None:
        job = session.job(FrontierQuestion)
        steps = answer_to(FrontierQuestion, job)
        belongs(steps, [steps.layout], job, scenario, text)
        answer_words = SentenceBlock(best_sentence(steps, in_view(text)), "answer")
        draw = partial(frontier_figure, steps, text)
        blocks = (answer_words, PictureBlock("frontier", words_of, draw))
        draw_blocks(blocks, text, figures_key(job))
        table = frontier_table(steps, text)
        n = pick_row(table, "frontier-rows")
        chosen = steps.steps[n] if n is not None else None
        words = text("page.townships.frontier_take")
        if chosen is not None and chosen.points:
            words = text("page.townships.frontier_take_this", n=chosen.number)
        # of the example, in another area, there is nothing to take
        can_take = chosen is not None and bool(chosen.points) and towns.issuperset(chosen.points)
        st.button(
            words,
            key="frontier-take",
            disabled=not can_take,
            on_click=choose_all,
            args=(chosen.points if chosen is not None else (),),
        )
        with beneath(text):
            say(cautions(steps, text))

    go = "page.townships.frontier_go"
    run_and_answer(
        FrontierQuestion, request, start_or_find, answer, scenario, text, sides=sides, words=go
    )


def numbers_to(most: int) -> tuple[int, ...]:
    """Numbers of stations up to the most, evenly apart, not too many of them.

    Examples
    --------
    >>> numbers_to(3), numbers_to(20)
    ((1, 2, 3), (2, 5, 8, 10, 12, 15, 18, 20))
    """
    steps = min(most, STEPS)
    return tuple(sorted({max(round(n * most / steps), 1) for n in range(1, steps + 1)}))
