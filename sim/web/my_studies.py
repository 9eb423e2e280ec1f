"""My studies: what a reader has asked, with names and notes; some of them side by side."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Final, NamedTuple

import streamlit as st

from sim.errors import HallError
from sim.questions.side_by_side import MOST, StudyLayout, put_side_by_side
from sim.storage.answers import QUESTIONS
from sim.storage.example import EXAMPLE_OF
from sim.storage.job_folder import JobState
from sim.storage.keep import DAMAGE, SCENARIO
from sim.storage.own_jobs import copy_job, delete_job, write_on_job
from sim.storage.request import Request, read_request
from sim.storage.shipped import example_name
from sim.storage.study_card import MOST_NAME, MOST_NOTE, StudyCard, read_card
from sim.text import Text
from sim.views.comparison_words import LIKELY
from sim.views.scenario_names import layout_name
from sim.views.side_by_side_words import side_by_side_blocks
from sim.web.disk import tell_disk
from sim.web.drawing import draw_blocks
from sim.web.fields import choose
from sim.web.home import example, go
from sim.web.kept_choices import SIMPLE
from sim.web.reader import reader
from sim.web.session import (
    NAMES,
    Session,
    comparison_of,
    jobs,
    put,
    reopen,
    with_settings,
)
from sim.web.session import session as current
from sim.web.telling import plain, tell_atop
from sim.web.thumbnails import thumbnail

AT_ONCE: Final = 8
"""Studies that are listed before more are asked for."""
LIMIT: Final = "my_studies-limit"
CHOSEN: Final = "my_studies-chosen"
PICTURE: Final = 190
"""Pixels of a small picture."""


class ListedStudy(NamedTuple):
    """A study as the list has it."""

    job: str
    request: Request
    state: JobState
    name: str
    """As the reader named it, else what is asked of which hall."""
    card: StudyCard
    begun: str


def my_studies(session: Session, text: Text) -> None:
    """The page of a reader's own studies."""
    st.title(text("page.my_studies.title"), anchor=False)
    st.markdown(text("page.my_studies.what"))
    tell_atop(text)
    studies = list_studies(text)
    if not studies:
        st.info(text("page.my_studies.none"))
        _examples(text)
        example(text)
        return
    compared = [
        study for study in studies if study.request.kind == "compare" and study.state == "done"
    ]
    if len(compared) > 1:
        _side_by_side(compared, text)
    st.subheader(text("page.my_studies.list", n=len(studies)), anchor=False)
    limit = st.session_state.setdefault(LIMIT, AT_ONCE)
    for study in studies[:limit]:
        _row(session, study, text)
    if limit < len(studies):
        st.button(text("page.my_studies.more"), key="my_studies-more", on_click=_list_more)
    st.caption(text("page.my_studies.private", days=text.number(jobs().life.days, 0)))
    tell_disk(text)
    _examples(text)


def _examples(text: Text) -> None:
    """The examples that ship: each is opened on its page, as a study is."""
    st.subheader(text("page.my_studies.examples"), anchor=False)
    st.caption(text("page.my_studies.examples_what"))
    with st.container(horizontal=True):
        for kind in EXAMPLE_OF:
            words = text(f"page.my_studies.kind.{kind}")
            if st.button(words, key=f"open-{example_name(kind)}"):
                put(shown={**current().shown, kind: example_name(kind)})
                go(QUESTIONS[kind].page)


def list_studies(text: Text) -> list[ListedStudy]:
    """Studies of the reader, the newest first; what cannot be read is left out."""
    listed = []
    for name in jobs().newest(reader()):
        folder, job = jobs().folder(name), jobs().job(name)
        if folder is None or job is None:
            continue
        try:
            request = read_request(folder)
            scenario = json.loads((folder / SCENARIO).read_text(encoding="utf-8"))["name"]
            hall = str(scenario.get(text.language) or next(iter(scenario.values())))
        except (*DAMAGE, HallError, StopIteration):
            continue
        if not QUESTIONS[request.kind].page:
            continue
        card = read_card(folder)
        kind = text(f"page.my_studies.kind.{request.kind}")
        called = card.name or text("page.my_studies.unnamed", kind=kind, hall=hall)
        listed.append(ListedStudy(name, request, job.state, called, card, _begun(name)))
    return listed


def _begun(job: str) -> str:
    moment = datetime.strptime(job[:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def _list_more() -> None:
    st.session_state[LIMIT] += AT_ONCE


# --- one study ---------------------------------------------------------------


def _row(session: Session, study: ListedStudy, text: Text) -> None:
    job = study.job
    with st.container(border=True):
        picture, words, does = st.columns([2, 5, 2])
        if drawn_small := thumbnail(job, study.request, text):
            alt = text("page.my_studies.picture", name=study.name)
            picture.image(drawn_small, width=PICTURE, alt=alt)
        words.markdown(f"**{plain(study.name)}**")
        kind = text(f"page.my_studies.kind.{study.request.kind}")
        state = text(f"page.my_studies.state.{study.state}")
        words.caption(plain(text("format.joint").join((kind, study.begun, state))))
        if study.card.note:
            words.markdown(plain(study.card.note))
        with does:
            if st.button(text("page.my_studies.open"), key=f"open-{job}", width="stretch"):
                _open(session, study)
            with st.popover(text("page.my_studies.change"), width="stretch"):
                _change(study, text)


def _open(session: Session, study: ListedStudy) -> None:
    """Turn to the page of a study as it was set then."""
    shown = {study.request.kind: study.job}
    reopen(with_settings(session, study.job))
    put(shown=shown)
    go(QUESTIONS[study.request.kind].page)


def _change(study: ListedStudy, text: Text) -> None:
    """Name, note, address; copy it, or take it away."""
    job = study.job
    with st.form(f"card-{job}", border=False):
        st.text_input(
            text("page.my_studies.name_field"),
            study.card.name,
            max_chars=MOST_NAME,
            key=f"name-{job}",
            placeholder=study.name,
        )
        st.text_area(
            text("page.my_studies.note"), study.card.note, max_chars=MOST_NOTE, key=f"note-{job}"
        )
        st.form_submit_button(
            text("page.my_studies.save"), key=f"save-{job}", on_click=_rename, args=(job,)
        )
    st.caption(text("page.my_studies.address"))
    st.code(address_of_study(study), language=None, wrap_lines=True)
    st.button(
        text("page.my_studies.copy"),
        key=f"copy-{job}",
        on_click=_try,
        args=(lambda: copy_job(jobs(), job, reader()),),
        disabled=study.state != "done",
    )
    st.button(
        text("page.my_studies.delete"),
        key=f"delete-{job}",
        on_click=_try,
        args=(partial(_delete, job),),
        disabled=study.state in ("queued", "running"),
        help=text("page.my_studies.delete_help"),
    )


def address_of_study(study: ListedStudy) -> str:
    """The address that opens a study; whoever has it may look at it."""
    here = (st.context.url or "").partition("?")[0].rstrip("/").removesuffix("/my_studies")
    kind = study.request.kind
    return f"{here}/{QUESTIONS[kind].page}?{NAMES.get(kind, kind)}={study.job}"


def _rename(job: str) -> None:
    state = st.session_state
    card = StudyCard(state[f"name-{job}"] or "", state[f"note-{job}"] or "")
    _try(lambda: write_on_job(jobs(), job, reader(), card))


def _delete(job: str) -> None:
    delete_job(jobs(), job, reader())
    put(shown={kind: shown for kind, shown in current().shown.items() if shown != job})


def _try(does: Callable[[], object]) -> None:
    """Do what a button says; what goes wrong is told atop the page."""
    try:
        does()
        put(problems=(), button="")
    except HallError as error:
        put(problems=error.problems, button="")


# --- side by side ------------------------------------------------------------


def _labels(studies: Sequence[ListedStudy], text: Text) -> dict[str, str]:
    """What each is called in a field, no two alike: a browser sends these words back."""
    labels: dict[str, str] = {}
    for study in studies:
        label = text("format.joint").join((study.name, study.begun))
        alike = sum(other.startswith(label) for other in labels.values())
        labels[study.job] = f"{label} ({alike + 1})" if alike else label
    return labels


def _side_by_side(studies: list[ListedStudy], text: Text) -> None:
    """Two to four studies: what was asked differently, and what came out."""
    st.subheader(text("side_by_side.title"), anchor=False)
    by_job, labels = {study.job: study for study in studies}, _labels(studies, text)
    chosen = [job for job in st.session_state.get(CHOSEN, ()) if job in by_job]
    st.session_state[CHOSEN] = chosen
    st.multiselect(
        text("side_by_side.choose"),
        [*by_job],
        format_func=labels.__getitem__,
        key=CHOSEN,
        max_selections=MOST,
        placeholder=text("side_by_side.none_yet"),
    )
    if len(chosen) < 2:
        return
    columns, names = [], []
    for number, (place, job) in enumerate(
        zip(st.columns(len(chosen)), chosen, strict=True), start=1
    ):
        study = comparison_of(jobs().result(job)).study
        words = partial(layout_name, study.scenario, text=text)
        called = f"{number}. {by_job[job].name}"
        layout = choose(place, f"beside-{job}", plain(called), study.layouts, words, text)
        columns.append(StudyLayout(study, layout))
        names.append(called)
    beside = put_side_by_side(columns)
    only = LIKELY if current().view == SIMPLE else ()
    draw_blocks(side_by_side_blocks(beside, names, text, only), text)
