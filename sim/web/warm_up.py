"""The warm-up on the page of the scenario: is it long enough?"""

from __future__ import annotations

import streamlit as st

from sim.questions.warm_up import WarmUpQuestion
from sim.scenario.scenario import Scenario
from sim.storage.request import Request
from sim.text import Text
from sim.views.warm_up_words import warm_up_blocks
from sim.web.drawing import draw_answer
from sim.web.question import ask_replications, ask_seed, run_and_answer, start_or_find
from sim.web.session import Session, answer_to, figures_key
from sim.web.sides import open_sides
from sim.web.siting import belongs


def warm_up_part(scenario: Scenario, text: Text) -> None:
    """Ask whether the warm-up of the scenario in use is long enough."""
    st.subheader(text("warm_up.heading"), anchor=False)
    st.markdown(text("page.warm_up.what"))
    sides = open_sides("warm_up")
    left, right = sides.controls.columns(2)
    replications = ask_replications(left, WarmUpQuestion, scenario, text)
    seed = ask_seed(right, WarmUpQuestion, scenario, text)
    request = None
    if replications is not None and seed is not None:
        request = Request(WarmUpQuestion(), replications, seed)
    go = "page.warm_up.go"
    run_and_answer(
        WarmUpQuestion, request, start_or_find, _answer, scenario, text, sides=sides, words=go
    )


def _answer(session: Session, scenario: Scenario, text: Text) -> None:
    job = session.job(WarmUpQuestion)
    check = answer_to(WarmUpQuestion, job)
    belongs(check, [row.layout for row in check.rows], job, scenario, text)
    draw_answer(warm_up_blocks(check, text), text, figures_key(job))
