"""My hall: twelve questions on one page, checked as they are answered; no file, no YAML."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sim.drafting.answers import HallAnswers, in_language, template_answers
from sim.drafting.cells import is_empty, shown
from sim.drafting.draft import DraftedHall, draft_hall
from sim.drafting.form import MONTHS, QUESTIONS, HallQuestion
from sim.drafting.templates import TEMPLATES, load_template
from sim.errors import HallError, Problem
from sim.storage.answer_book import answer_workbook, slots_of
from sim.storage.answer_reader import read_answers
from sim.text import Language, Text, load_text
from sim.text.foreign import visible
from sim.views.draft_words import draft_blocks
from sim.web.adopt import offer_hall
from sim.web.change import Source
from sim.web.data import shown_name
from sim.web.drawing import draw_blocks
from sim.web.fields import choose
from sim.web.hall_tables import edit_table
from sim.web.home import link
from sim.web.kept_halls import delete_hall, kept_halls
from sim.web.reader import reader
from sim.web.saving import offer_saving
from sim.web.session import MY_HALL, Session
from sim.web.switches import switches_part
from sim.web.telling import tell, tell_atop
from sim.web.uploader import words_of_uploader

REVISION: Final = f"{MY_HALL}-revision"
"""In the state: counts how often all answers were replaced, so that widgets begin anew."""
TAKEN: Final = f"{MY_HALL}-taken"
LEFT: Final = f"{MY_HALL}-left"
"""What of that file was not read."""
FILE: Final = f"{MY_HALL}-file"
UPLOADER: Final = f"{MY_HALL}-upload"
MOST_MB: Final = 5
WIDE: Final = 3
MONTH_CELLS: Final = {f"month_{n}" for n in MONTHS}
MONTHS_A_ROW: Final = 4


def my_hall(session: Session, text: Text) -> None:
    """The page of a hall in twelve answers."""
    del session
    st.title(text("page.my_hall.title"), anchor=False)
    st.markdown(text("page.my_hall.what"))
    tell_atop(text)
    _begin(text)
    outcome = st.container()
    link("my_log", text("page.my_hall.from_log"))
    answers, places = _ask(text)
    st.session_state[MY_HALL] = answers
    hall = _drafted(json.dumps(answers.data()), text.language)
    for name, place in places.items():
        with place:
            tell(_problems(hall, name), text)
    with outcome:
        _outcome(hall, text)
    _save(answers, hall, text)
    switches_part(text)


def _answers(text: Text) -> HallAnswers:
    """What was answered so far; a page is never empty."""
    language = _language(text)
    if MY_HALL not in st.session_state:
        st.session_state[MY_HALL] = template_answers(TEMPLATES[0], language)
    answers: HallAnswers = st.session_state[MY_HALL]
    return in_language(answers, language)


def _language(text: Text) -> Language:
    return "en" if text.language == "en" else "zh"


def _replace(answers: HallAnswers) -> None:
    """Take other answers whole; every widget shows them."""
    st.session_state[MY_HALL] = answers
    st.session_state[REVISION] = st.session_state.get(REVISION, 0) + 1


@lru_cache(maxsize=64)
def _drafted(data: str, language: Language) -> DraftedHall:
    return draft_hall(HallAnswers.from_data(json.loads(data)), load_text(language))


def _problems(hall: DraftedHall, question: str) -> list[Problem]:
    """What is wrong with a question, or else what is to be looked at."""
    return [fault.problem for fault in hall.faults if fault.question == question]


# --- where to begin --- #


def _begin(text: Text) -> None:
    """Templates, and halls that were saved."""
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    names = {name: load_template(name).name.of(_language(text)) for name in TEMPLATES}
    template = choose(
        left,
        f"{MY_HALL}-template",
        text("page.my_hall.template"),
        TEMPLATES,
        names.__getitem__,
        text,
        help=text("page.my_hall.template_help"),
    )
    right.button(
        text("page.my_hall.start"),
        key=f"{MY_HALL}-start",
        on_click=lambda: _replace(template_answers(template, _language(text))),
        width="stretch",
    )
    _saved_halls(text)


def _saved_halls(text: Text) -> None:
    halls = {hall.id: hall for hall in kept_halls(reader())}
    if not halls:
        return
    with st.expander(text("page.my_hall.kept", n=len(halls))):
        id_ = choose(
            st.container(),
            f"{MY_HALL}-kept",
            text("page.my_hall.which"),
            [*halls],
            lambda each: visible(halls[each].name),
            text,
        )
        hall = halls[id_]
        doings = {
            "open": lambda: _replace(hall.answers),
            "copy": lambda: _copy(hall.name, hall.answers, text),
            "delete": lambda: delete_hall(reader(), hall.id),
        }
        for place, (name, does) in zip(st.columns(WIDE), doings.items(), strict=True):
            place.button(
                text(f"page.my_hall.{name}"),
                key=f"{MY_HALL}-{name}",
                on_click=does,
                width="stretch",
            )


def _copy(name: str, answers: HallAnswers, text: Text) -> None:
    """Open a hall under another name, so that saving it leaves the first as it is."""
    copied = text("page.my_hall.copied", name=name)[:60]
    _replace(answers.with_cells(hall_name=copied))


# --- the twelve questions --- #


def _ask(text: Text) -> tuple[HallAnswers, dict[str, Any]]:
    """All questions; the answers as they are now, and a place for each question's problems."""
    answers, places = _answers(text), {}
    for n, question in enumerate(QUESTIONS, 1):
        with st.container(border=True):
            name = text(f"draft.question.{question.name}")
            st.markdown(f"**{n} · {name}**")
            st.caption(text(f"page.my_hall.ask.{question.name}"))
            answers = _ask_cells(question, answers, text)
            if question.columns:
                slots = slots_of(answers, text)
                revision = st.session_state.get(REVISION, 0)
                answers = edit_table(question.name, answers, slots, revision, text)
            answers = _ask_confirmed(question, answers, text)
            places[question.name] = st.container()
    return answers, places


def _ask_cells(question: HallQuestion, answers: HallAnswers, text: Text) -> HallAnswers:
    """Single cells beside each other; those of months are folded, and open where one is filled."""
    by_month = [cell for cell in question.cells if cell.name in MONTH_CELLS]
    others = [cell for cell in question.cells if cell.name not in MONTH_CELLS]
    places = zip(st.columns(max(len(others), 2)), others, strict=False) if others else ()
    cells = {cell.name: _ask_cell(place, cell.name, answers, text) for place, cell in places}
    if by_month:
        is_filled = any(not is_empty(answers.cells.get(cell.name)) for cell in by_month)
        with st.expander(text("page.my_hall.months"), expanded=is_filled):
            for first in range(0, len(by_month), MONTHS_A_ROW):
                some = by_month[first : first + MONTHS_A_ROW]
                for place, cell in zip(st.columns(MONTHS_A_ROW), some, strict=True):
                    cells[cell.name] = _ask_cell(place, cell.name, answers, text)
    return answers.with_cells(**cells)


def _ask_cell(place: DeltaGenerator, name: str, answers: HallAnswers, text: Text) -> str | None:
    """What stands in a cell now; None = nothing."""
    value = answers.cells.get(name)
    key = f"{MY_HALL}-{name}-{text.language}-{st.session_state.get(REVISION, 0)}"
    if key not in st.session_state:
        st.session_state[key] = "" if is_empty(value) else shown(value)
    words, explained = text(f"draft.head.{name}"), text(f"draft.help.{name}")
    return place.text_input(words, key=key, help=explained).strip() or None


def _ask_confirmed(question: HallQuestion, answers: HallAnswers, text: Text) -> HallAnswers:
    """Whether all numbers of a question are the hall's: they are then no assumptions."""
    if question.name == "hall":
        return answers
    key = f"{MY_HALL}-own-{question.name}-{text.language}-{st.session_state.get(REVISION, 0)}"
    if key not in st.session_state:
        st.session_state[key] = question.name in answers.confirmed
    is_own = st.checkbox(text("page.my_hall.own"), key=key, help=text("page.my_hall.own_help"))
    others = tuple(name for name in answers.confirmed if name != question.name)
    confirmed = (*others, question.name) if is_own else others
    return replace(answers, confirmed=confirmed)


# --- what comes of it --- #


def _outcome(hall: DraftedHall, text: Text) -> None:
    """Whether all is well, and how busy windows and departments will be."""
    if hall.scenario is None:
        questions = dict.fromkeys(fault.question for fault in hall.faults)
        numbers = [n for n, each in enumerate(QUESTIONS, 1) if each.name in questions]
        where = text("format.list").join(map(str, numbers))
        st.error(text("page.my_hall.wrong", n=len(hall.faults), where=where))
        return
    *sentences, table = draft_blocks(hall.scenario, text)
    draw_blocks(sentences, text)
    offer_hall(_source(hall), f"{MY_HALL}-use", text)
    with st.expander(text("page.my_hall.loads")):
        draw_blocks([table], text)


def _source(hall: DraftedHall) -> Source:
    assert hall.scenario is not None
    return Source(f"{shown_name(hall.scenario.name.zh)}.yaml", hall.text)


def _save(answers: HallAnswers, hall: DraftedHall, text: Text) -> None:
    """Save under a name, and files to take along or to bring."""
    st.subheader(text("page.my_hall.save_title"), anchor=False)
    st.caption(text("page.my_hall.save_help"))
    written = answers.cells.get("hall_name")
    below = load_template(answers.template).hall_name.of(_language(text))
    name = below if is_empty(written) else shown(written)
    save, yaml, book = st.columns(WIDE)
    offer_saving(name, answers, f"{MY_HALL}-save", text, save)
    file = shown_name(name)
    yaml.download_button(
        text("app.download_scenario"),
        hall.text,
        f"{file}.yaml",
        "application/yaml",
        key=f"{MY_HALL}-yaml",
        on_click="ignore",
        disabled=hall.scenario is None,
        width="stretch",
    )
    book.download_button(
        text("page.my_hall.book"),
        lambda: answer_workbook(answers, slots_of(answers, text), text),
        f"{file}.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        key=f"{MY_HALL}-book",
        on_click="ignore",
        width="stretch",
    )
    _upload(text)


def _upload(text: Text) -> None:
    """A workbook that was filled in takes the place of the answers, once."""
    words_of_uploader(UPLOADER, text("page.my_hall.limit"), text)
    with st.container(key=UPLOADER):
        file = st.file_uploader(
            text("page.my_hall.file"), type=["xlsx", "xls"], key=FILE, max_upload_size=MOST_MB
        )
    if file is None:
        return
    if st.session_state.get(TAKEN) == file.file_id:
        tell(st.session_state[LEFT], text)
        return
    notes: list[Problem] = []
    try:
        answers = read_answers(file.getvalue(), file.name, text, notes=notes)
    except HallError as error:
        tell(error.problems, text)
        return
    st.session_state[TAKEN], st.session_state[LEFT] = file.file_id, tuple(notes)
    _replace(answers)
    st.rerun()
