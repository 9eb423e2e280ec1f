"""Levers: which assumed number matters most for one measure in one layout."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st

from sim.questions.lever_question import LeversQuestion
from sim.questions.levers import assumed_levers, chosen, sections
from sim.questions.ranking import Ranking
from sim.scenario.scenario import Scenario
from sim.storage.request import Request
from sim.text import Text
from sim.views import scenario_names
from sim.views.blocks import HeadingBlock
from sim.views.findings import simply
from sim.views.lever_words import (
    answer_blocks,
    group_blocks,
    idle_blocks,
    left_out_blocks,
    lever_table,
)
from sim.views.tornado import TOP, tornado_figure
from sim.web.drawing import beneath, draw_blocks, draw_long_table
from sim.web.example import question_at_first
from sim.web.fields import choose
from sim.web.question import ask_replications, ask_seed, question, start_or_find
from sim.web.session import Session, answer_to, figures_key, keep
from sim.web.siting import tell_origin
from sim.web.telling import show, tell_changes

MEASURES: Final = (
    *("wait", "called_within", "wait_p90", "give_up_share", "stay"),
    *("trips", "turnaround", "on_time_share", "cost_per_day"),
)
MOST_SHOWN: Final = 60


def levers(session: Session, text: Text) -> None:
    """The page of what matters most."""
    question(LeversQuestion, session, text, _ask, start_or_find, _result)


def _ask(scenario: Scenario, text: Text) -> Request | None:
    """What to rank; None when there is nothing to move."""
    ids = [layout.id for layout in scenario.layouts]
    _once_more()
    left, right = st.columns(2)

    def layout_words(layout: str) -> str:
        return scenario_names.layout_name(scenario, layout, text)

    def measure_words(measure: str) -> str:
        return scenario_names.measure_name(measure, scenario, text)

    layout = choose(left, "levers-layout", text("app.layout"), ids, layout_words, text)
    words = text("page.levers.measure")
    measure = choose(right, "levers-measure", words, MEASURES, measure_words, text)
    assumed = assumed_levers(scenario, layout)
    if not assumed.levers:
        st.info(text("page.levers.no_levers"))
        return None
    parts = sections(assumed)
    keep("levers-parts", list(parts))
    only = st.pills(
        text("page.levers.parts"),
        parts,
        selection_mode="multi",
        format_func=lambda part: text(f"page.levers.part.{part}"),
        key="levers-parts",
        help=text("page.levers.parts_help"),
    )
    left, right = st.columns(2)
    replications = ask_replications(left, LeversQuestion, scenario, text)
    seed = ask_seed(right, LeversQuestion, scenario, text)
    if not only or replications is None or seed is None:
        return None
    keep("levers-screen", value=True)
    screen = st.toggle(
        text("page.levers.screen"), key="levers-screen", help=text("page.levers.screen_help")
    )
    picked = chosen(assumed, only=only)
    st.caption(text("page.levers.runs", levers=len(picked.levers)))
    parts_asked = () if len(only) == len(parts) else tuple(part for part in parts if part in only)
    question = LeversQuestion(layout, measure, parts_asked, screen=screen)
    return Request(question, replications, seed)


def _once_more() -> None:
    """What was asked for where a study is reopened, and where the example stands."""
    if "levers-layout" in st.session_state:
        return
    question = question_at_first(LeversQuestion)
    if question is not None:
        keep("levers-layout", question.layout)
        keep("levers-measure", question.measure)
        keep("levers-screen", question.screen)
        if question.only:
            keep("levers-parts", list(question.only))


def _result(session: Session, scenario: Scenario, text: Text) -> None:
    job = session.job(LeversQuestion)
    ranking = answer_to(LeversQuestion, job)
    base = ranking.scenario
    st.header(text("page.results.title"), anchor=False)
    tell_origin(ranking, [ranking.layout], job, text)
    tell_changes(base, text)
    if scenario.hash != base.hash:
        st.warning(text("app.stale"))
    if ranking.waiting:
        st.warning(text("page.levers.open", n=sum(len(group.paths) for group in ranking.waiting)))
    elif ranking.cancelled:
        cut = {"done": ranking.replications, "asked": ranking.asked}
        st.warning(text("page.levers.cut_short", **cut))
    if not ranking.swings:
        draw_blocks(group_blocks(ranking, text), text)
        return
    draw_blocks(answer_blocks(ranking, simply(text)), text)
    keep("levers-top", TOP)
    top = st.slider(text("page.levers.top"), 1, MOST_SHOWN, key="levers-top")
    key = figures_key(job) if top == TOP else (*figures_key(job), top)
    draw = partial(tornado_figure, ranking, text, top)
    show(key, "levers", text("page.levers.figure"), text, draw)
    with beneath(text):
        _table(ranking, text)
    _left_out(ranking, text)


def _table(ranking: Ranking, text: Text) -> None:
    """Every lever as a row, the one that matters most first."""
    table = lever_table(ranking, text)
    draw_blocks([HeadingBlock(table.title, is_within=True)], text)
    draw_long_table(table, "levers-table")
    draw_blocks([*idle_blocks(ranking, text), *group_blocks(ranking, text)], text)


def _left_out(ranking: Ranking, text: Text) -> None:
    if ranking.left_out:
        with st.expander(text("page.levers.left_out", n=len(ranking.left_out))):
            draw_blocks(left_out_blocks(ranking, text), text)
