"""Where next: the townships for one station more, of which one can be taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import streamlit as st

from sim.questions.next_point import MOST, NextPointQuestion
from sim.scenario.places import ServicePoint
from sim.scenario.scenario import Scenario
from sim.scenario.travel import candidates
from sim.storage.request import Request
from sim.storage.shipped import is_example
from sim.text import Text
from sim.views.area_names import town_name
from sim.views.blocks import PictureBlock, SentenceBlock
from sim.views.next_point import next_points_figure
from sim.views.next_point_words import next_point_table, next_sentences
from sim.views.siting_words import cautions
from sim.web.drawing import beneath, draw_blocks, pick_row
from sim.web.example import question_at_first
from sim.web.fields import whole_number
from sim.web.question import run_and_answer, start_or_find
from sim.web.session import Session, answer_to, figures_key
from sim.web.sides import open_sides
from sim.web.siting import belongs, in_view, say
from sim.web.telling import plain

MOST_RUN: Final = 30
"""Townships that may be run for the next point."""


def next_part(
    scenario: Scenario,
    points: tuple[str, ...],
    own: Mapping[str, ServicePoint],
    settings: tuple[str, int, int] | None,
    add: Callable[[str], None],
    text: Text,
) -> None:
    """The townships for one station more, beside those that are chosen."""
    words_of = text("page.townships.next")
    st.header(words_of, anchor=False)
    st.markdown(text("page.townships.next_what"))
    sides = open_sides("next")
    words = text("page.townships.next_most")
    before = question_at_first(NextPointQuestion)
    first = MOST if before is None else before.most
    most = whole_number(sides.controls, words, 1, MOST_RUN, text, key="next-most", first=first)
    request, towns = None, {town.id for town in candidates(scenario)}
    if settings is not None and most is not None and len(points) < len(towns):
        layout, replications, seed = settings
        question = NextPointQuestion(points, most, layout, own)
        request = Request(question, replications, seed)

    def answer(session: Session, scenario: Scenario, text: Text) -> None:
        job = session.job(NextPointQuestion)
        ranking = answer_to(NextPointQuestion, job)
        belongs(ranking, [ranking.layout], job, scenario, text)
        if ranking.points != points and not is_example(job):
            st.warning(text("page.townships.other_points"))
        first, *others = next_sentences(ranking, in_view(text))
        draw = partial(next_points_figure, ranking, text)
        blocks = (SentenceBlock(first, "answer"), PictureBlock("next_points", words_of, draw))
        draw_blocks(blocks, text, figures_key(job))
        say(others)
        table = next_point_table(ranking, text)
        n = pick_row(table, "next-rows")
        chosen = ranking.rows[n].township if n is not None else ""
        words = text("page.townships.next_take")
        if chosen:
            name = town_name(ranking.scenario, chosen, text)
            words = text("page.townships.next_take_this", name=plain(name))
        can_take = chosen in towns - set(points)
        st.button(words, key="next-take", disabled=not can_take, on_click=add, args=(chosen,))
        with beneath(text):
            say(cautions(ranking, text))

    go = "page.townships.next_go"
    run_and_answer(
        NextPointQuestion, request, start_or_find, answer, scenario, text, sides=sides, words=go
    )
