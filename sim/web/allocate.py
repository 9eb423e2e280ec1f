"""What clerk hours buy, on the page of staffing: the hours, the curve, the best roster."""

from __future__ import annotations

from functools import partial

import streamlit as st

from sim.questions.allocate import (
    ROWS,
    AllocatedLayout,
    AllocateQuestion,
    Allocation,
    allocated_scenario,
)
from sim.scenario.scenario import Scenario
from sim.storage.answer_export import answer_rows
from sim.storage.request import Request
from sim.text import Text
from sim.views.allocate_words import allocation_blocks
from sim.views.scenario_names import layout_name
from sim.web.adopt import offer_roster
from sim.web.downloads import csv_bytes, download_table
from sim.web.drawing import draw_answer
from sim.web.example import question_at_first
from sim.web.fields import whole_number
from sim.web.question import ask_layouts, ask_replications, ask_seed, run_and_answer, start_or_find
from sim.web.session import Session, answer_to, figures_key
from sim.web.session import session as current
from sim.web.sides import open_sides
from sim.web.siting import belongs
from sim.web.telling import plain, tell_beside

MOST_HOURS = 1_000_000


def allocate_part(scenario: Scenario, text: Text) -> None:
    """Ask what clerk hours buy, and show it beside today's roster."""
    st.header(text("allocate.heading"), anchor=False)
    st.markdown(text("page.allocate.what"))
    sides = open_sides("allocate")
    with sides.controls:
        request = _ask_hours(scenario, text)
    start = partial(start_or_find, change=current().change)
    go = "page.allocate.go"
    run_and_answer(AllocateQuestion, request, start, _answer, scenario, text, sides=sides, words=go)


def _ask_hours(scenario: Scenario, text: Text) -> Request | None:
    """Layouts and hours; none when nothing is chosen."""
    layouts = ask_layouts(AllocateQuestion, scenario, text)
    left, middle, right = st.columns(3)
    words = text("page.allocate.hours")
    question = question_at_first(AllocateQuestion)
    first = 0 if question is None else round(question.hours or 0)
    hours = whole_number(left, words, 0, MOST_HOURS, text, key="allocate-hours", first=first)
    replications = ask_replications(middle, AllocateQuestion, scenario, text)
    seed = ask_seed(right, AllocateQuestion, scenario, text)
    if not layouts or hours is None or replications is None or seed is None:
        return None
    return Request(AllocateQuestion(layouts, float(hours) or None), replications, seed)


def _answer(session: Session, scenario: Scenario, text: Text) -> None:
    job = session.job(AllocateQuestion)
    allocation = answer_to(AllocateQuestion, job)
    belongs(allocation, [row.layout for row in allocation.layouts], job, scenario, text)
    draw_answer(allocation_blocks(allocation, text), text, figures_key(job))
    for row in allocation.layouts:
        _offer(allocation, row, text)
    download_table(
        f"govhall-{job}",
        text,
        lambda: csv_bytes(answer_rows(allocation, ROWS)),
        key="allocate-csv",
    )


def _offer(allocation: Allocation, row: AllocatedLayout, text: Text) -> None:
    """The best roster can become that of the scenario in use."""
    name = plain(layout_name(allocation.scenario, row.layout, text))
    button = f"take-allocate-{row.layout}"
    words = text("page.allocate.take", layout=name)
    offer_roster(words, partial(allocated_scenario, allocation, row.layout), row.layout, button)
    tell_beside(button, text)
