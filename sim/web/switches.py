"""Service modes as switches: chosen, given their numbers, and run in all combinations."""

from __future__ import annotations

import streamlit as st

from sim.errors import HallError
from sim.questions.switches import ROWS, SwitchesQuestion
from sim.scenario.scenario import Scenario
from sim.scenario.switches import PRESETS, SWITCHES, HallSwitch, SwitchName
from sim.storage.answer_export import answer_rows
from sim.storage.request import Request
from sim.text import Text
from sim.views.scenario_names import layout_name
from sim.views.switches import switch_names
from sim.views.switches_words import switches_blocks
from sim.web.change import made
from sim.web.downloads import csv_bytes, download_table
from sim.web.drawing import draw_answer
from sim.web.example import question_at_first
from sim.web.fields import choose, whole_number
from sim.web.question import ask_replications, ask_seed, run_and_answer, start_or_find
from sim.web.session import Session, answer_to, figures_key, keep
from sim.web.session import session as current
from sim.web.sides import open_sides
from sim.web.telling import plain, tell

WIDE = 3


def switches_part(text: Text) -> None:
    """What is asked of the hall that all pages use, and what came of it."""
    scenario = made(current().change).scenario
    if scenario is None:
        return
    st.header(text("page.my_hall.switches.title"), anchor=False)
    name = plain(text.name(scenario.name))
    st.markdown(text("page.my_hall.switches.what", hall=name))
    sides = open_sides("switches")
    with sides.controls:
        request = _ask(scenario, text)
    go = "page.my_hall.switches.go"
    run_and_answer(
        SwitchesQuestion, request, start_or_find, _answer, scenario, text, sides=sides, words=go
    )


def _once_more() -> None:
    """What was asked for where an answer is reopened, and where the example stands."""
    state, question = st.session_state, question_at_first(SwitchesQuestion)
    if question is None or "switches-chosen" in state:
        return
    keep("switches-layout", question.layout)
    keep("switches-chosen", [switch.name for switch in question.switches])
    for switch in question.switches:
        for number, value in zip(SWITCHES[switch.name], switch.numbers, strict=True):
            keep(f"switches-{number.name}", value)


def _ask(scenario: Scenario, text: Text) -> Request | None:
    _once_more()
    layout = choose(
        st.container(),
        "switches-layout",
        text("page.my_hall.switches.layout"),
        [layout.id for layout in scenario.layouts],
        lambda layout: layout_name(scenario, layout, text),
        text,
    )
    st.pills(
        text("page.my_hall.switches.preset"),
        [*PRESETS],
        format_func=lambda file: switch_names(PRESETS[file], text),
        key="switches-preset",
        on_change=_take_preset,
        help=text("page.my_hall.switches.preset_help"),
    )
    names = st.pills(
        text("page.my_hall.switches.choose"),
        [*SWITCHES],
        selection_mode="multi",
        format_func=lambda name: text(f"switch.name.{name}"),
        key="switches-chosen",
        help=text("page.my_hall.switches.choose_help"),
    )
    switches = [_numbers(name, text) for name in SWITCHES if name in names]
    left, right = st.columns(2)
    replications = ask_replications(left, SwitchesQuestion, scenario, text)
    seed = ask_seed(right, SwitchesQuestion, scenario, text)
    if replications is None or seed is None or None in switches or not switches:
        return None
    question = SwitchesQuestion(tuple(each for each in switches if each is not None), layout)
    try:
        question.check(scenario)
    except HallError as error:
        st.warning(text("page.my_hall.switches.wrong"))
        tell(error.problems, text)
        return None
    return Request(question, replications, seed)


def _take_preset() -> None:
    """Switch on what a variant that ships has, with its numbers."""
    state = st.session_state
    names = PRESETS.get(state["switches-preset"] or "", ())
    state["switches-chosen"] = [name for name in SWITCHES if name in names]
    for name in names:
        for number in SWITCHES[name]:
            state[f"switches-{number.name}"] = number.first


def _numbers(name: SwitchName, text: Text) -> HallSwitch | None:
    """A switch with its numbers; None while one is out of bounds, which is told."""
    with st.container(border=True):
        st.markdown(f"**{text(f'switch.name.{name}')}** · {text(f'switch.what.{name}')}")
        numbers = [
            whole_number(
                place,
                text(f"switch.number.{number.name}"),
                number.low,
                number.high,
                text,
                key=f"switches-{number.name}",
                first=number.first,
            )
            for place, number in zip(st.columns(WIDE), SWITCHES[name], strict=False)
        ]
    if None in numbers:
        return None
    return HallSwitch(name, tuple(number for number in numbers if number is not None))


def _answer(session: Session, scenario: Scenario, text: Text) -> None:
    job = session.job(SwitchesQuestion)
    hall = answer_to(SwitchesQuestion, job)
    if hall.scenario.hash != scenario.hash:
        st.warning(text("app.stale"))
    draw_answer(switches_blocks(hall, text), text, figures_key(job))
    download_table(ROWS.file, text, lambda: csv_bytes(answer_rows(hall, ROWS)), key="switches-csv")
