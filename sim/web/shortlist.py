"""My candidates: chosen townships held against each other, alone and together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

import streamlit as st

from sim.questions.shortlist import MOST_ON_LIST, ShortlistQuestion
from sim.scenario.places import ServicePoint
from sim.scenario.scenario import Scenario
from sim.scenario.travel import candidates
from sim.storage.request import Request
from sim.storage.shipped import is_example
from sim.text import Text
from sim.views.area_names import town_name
from sim.views.blocks import PictureBlock, SentenceBlock
from sim.views.shortlist import shortlist_figure
from sim.views.shortlist_words import gain_sentences, shortlist_sentences, shortlist_table
from sim.views.siting_words import cautions
from sim.web.drawing import beneath, draw_blocks, pick_row
from sim.web.question import run_and_answer, start_or_find
from sim.web.session import Session, answer_to, figures_key
from sim.web.sides import open_sides
from sim.web.siting import belongs, in_view, say
from sim.web.telling import plain


def shortlist_part(
    scenario: Scenario,
    points: tuple[str, ...],
    own: Mapping[str, ServicePoint],
    settings: tuple[str, int, int] | None,
    use: Callable[[Iterable[str]], None],
    text: Text,
) -> None:
    """The chosen townships, ranked; a row can be taken into the scenario."""
    words_of = text("page.townships.shortlist")
    st.header(words_of, anchor=False)
    st.markdown(text("page.townships.shortlist_what", most=MOST_ON_LIST))
    sides = open_sides("shortlist")
    request, towns = None, {town.id for town in candidates(scenario)}
    with sides.controls:
        if not points:
            st.info(text("page.townships.choose_first"))
        elif len(points) > MOST_ON_LIST:
            words = text("page.townships.shortlist_long", n=len(points), most=MOST_ON_LIST)
            st.info(words)
        else:
            names = [plain(town_name(scenario, point, text)) for point in points]
            st.markdown(text("format.list").join(names))
            if settings is not None:
                layout, replications, seed = settings
                request = Request(ShortlistQuestion(points, layout, own), replications, seed)

    def answer(session: Session, scenario: Scenario, text: Text) -> None:
        job = session.job(ShortlistQuestion)
        ranking = answer_to(ShortlistQuestion, job)
        belongs(ranking, [ranking.layout], job, scenario, text)
        same = {point for row in ranking.alone for point in row.points} == set(points)
        if not same and not is_example(job):
            st.warning(text("page.townships.other_points"))
        first, *others = shortlist_sentences(ranking, in_view(text))
        draw = partial(shortlist_figure, ranking, text)
        blocks = (SentenceBlock(first, "answer"), PictureBlock("shortlist", words_of, draw))
        draw_blocks(blocks, text, figures_key(job))
        say(others)
        n = pick_row(shortlist_table(ranking, text), "shortlist-rows")
        chosen = ranking.rows[n].points if n is not None else ()
        st.button(
            text("page.townships.shortlist_take"),
            key="shortlist-take",
            disabled=not chosen or not towns.issuperset(chosen),
            on_click=use,
            args=(chosen,),
        )
        with beneath(text):
            say([*gain_sentences(ranking, in_view(text)), *cautions(ranking, text)])

    go = "page.townships.shortlist_go"
    run_and_answer(
        ShortlistQuestion, request, start_or_find, answer, scenario, text, sides=sides, words=go
    )
