"""Which settings of the same hall are best, on the page of staffing: levers, answer, adoption."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st

from sim.errors import HallError
from sim.questions.hall_levers import (
    MOVE,
    NAMED,
    SEATS,
    LeverChoice,
    find_seated_groups,
    hall_levers,
)
from sim.questions.tune import ROWS, TuneQuestion, Tuning
from sim.scenario.scenario import Scenario
from sim.storage.answer_export import answer_rows
from sim.storage.request import Request
from sim.text import Text
from sim.views.scenario_names import (
    group_name,
    layout_name,
    measure_name,
)
from sim.views.tune_words import is_advised, tune_blocks
from sim.web.adopt import adopt
from sim.web.change import with_settings
from sim.web.downloads import csv_bytes, download_table
from sim.web.drawing import draw_answer
from sim.web.example import question_at_first
from sim.web.fields import choose
from sim.web.question import ask_replications, ask_seed, run_and_answer, start_or_find
from sim.web.session import Session, answer_to, figures_key, keep
from sim.web.sides import open_sides
from sim.web.siting import belongs
from sim.web.telling import plain, tell, tell_beside

MEASURES: Final = ("wait", "called_within", "give_up_share", "stay", "overtime", "turnaround")
CHOSEN_SEATS: Final = "tune-seats"
"""From and to which window groups clerks moved where an answer is reopened."""


def tune_part(scenario: Scenario, text: Text) -> None:
    """Ask which settings are best with the same clerks, and show what each is worth."""
    st.header(text("tune.heading"), anchor=False)
    st.markdown(text("page.tune.what"))
    sides = open_sides("tune")
    with sides.controls:
        request = _ask(scenario, text)
    go = "page.tune.go"
    run_and_answer(
        TuneQuestion, request, start_or_find, _answer, scenario, text, sides=sides, words=go
    )


def _ask(scenario: Scenario, text: Text) -> Request | None:
    """What may be changed, where, and by what it is judged; None while that cannot be run."""
    _once_more()
    chosen = st.pills(
        text("page.tune.levers"),
        list(NAMED),
        selection_mode="multi",
        format_func=lambda name: text(f"lever.named.{name}"),
        key="tune-levers",
    )
    ids = [layout.id for layout in scenario.layouts]
    left, right = st.columns(2)

    def layout_words(layout: str) -> str:
        return layout_name(scenario, layout, text)

    def measure_words(measure: str) -> str:
        return measure_name(measure, scenario, text)

    layout = choose(left, "tune-layout", text("page.tune.layout"), ids, layout_words, text)
    words = text("page.tune.measure")
    measure = choose(right, "tune-measure", words, MEASURES, measure_words, text)
    left, right, _ = st.columns(3)
    replications = ask_replications(left, TuneQuestion, scenario, text)
    seed = ask_seed(right, TuneQuestion, scenario, text)
    if replications is None or seed is None:
        return None
    if not chosen:
        st.info(text("page.tune.none"))
        return None
    moves = _ask_seats(scenario, layout, text) if SEATS in chosen else ""
    choices = tuple(LeverChoice(name, moves if name == SEATS else "") for name in chosen)
    question = TuneQuestion(choices, layout, measure)
    try:
        hall_levers(scenario, layout, question.levers)
    except HallError as error:
        if "vary_twice" in {problem.code for problem in error.problems}:
            st.warning(text("page.tune.together"))
        else:
            tell(error.problems, text)
        return None
    return Request(question, replications, seed)


def _ask_seats(scenario: Scenario, layout: str, text: Text) -> str:
    """Between which window groups clerks may move; empty = as the lever suggests."""
    groups = find_seated_groups(scenario, layout)
    seats = st.session_state.get(CHOSEN_SEATS, ((), ()))
    chosen: list[list[str]] = []
    for place, name, first in zip(st.columns(2), ("from", "to"), seats, strict=True):
        key = f"tune-seats-{name}-{layout}"
        keep(key, [group for group in first if group in groups])
        words = text(f"page.tune.seats_{name}")
        group_words = partial(_group_words, scenario, layout, text)
        chosen.append(
            place.multiselect(
                words,
                groups,
                format_func=group_words,
                key=key,
                placeholder=text("page.tune.seats_any"),
            )
        )
    st.caption(text("page.tune.seats_help"))
    if not any(chosen):
        return ""
    sources, targets = (groups_of or list(groups) for groups_of in chosen)
    return ",".join(
        f"{source}{MOVE}{target}" for source in sources for target in targets if source != target
    )


def _group_words(scenario: Scenario, layout: str, text: Text, group: str) -> str:
    return plain(group_name(scenario, layout, group, text))


def _once_more() -> None:
    """What was asked for where an answer is reopened, and where the example stands."""
    question = question_at_first(TuneQuestion)
    if question is not None and "tune-levers" not in st.session_state:
        names = [choice.name for choice in question.levers]
        keep("tune-levers", [name for name in names if name in NAMED])
        moves = [choice.words for choice in question.levers if choice.name == SEATS]
        ends = [move.partition(MOVE)[::2] for words in moves for move in words.split(",") if words]
        seats = tuple(tuple(dict.fromkeys(groups)) for groups in zip(*ends, strict=True))
        st.session_state[CHOSEN_SEATS] = seats or ((), ())
        keep("tune-layout", question.layout)
        keep("tune-measure", question.measure)


def _answer(session: Session, scenario: Scenario, text: Text) -> None:
    job = session.job(TuneQuestion)
    tuning = answer_to(TuneQuestion, job)
    belongs(tuning, [tuning.layout], job, scenario, text)
    draw_answer(tune_blocks(tuning, text), text, figures_key(job))
    _offer(tuning, text)
    download_table(
        f"govhall-{job}", text, lambda: csv_bytes(answer_rows(tuning, ROWS)), key="tune-csv"
    )


def _offer(tuning: Tuning, text: Text) -> None:
    """The chosen settings can become those in use, unless the answer advises against them."""
    button = "take-tune"
    if not tuning.best.overrides or not is_advised(tuning):
        return
    if st.button(text("page.tune.take"), key=button):
        change = partial(with_settings, overrides=tuning.best.overrides)
        adopt(change, tuning.layout, button)
    tell_beside(button, text)
