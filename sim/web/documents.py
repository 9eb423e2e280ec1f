"""A study as a document to take along: made when it is asked for, once in each language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sim.text import Text
from sim.views.report_formats import FORMATS, ReportFormat, report_bytes
from sim.views.report_kinds import report_of

MIME: Final[dict[ReportFormat, str]] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "html": "text/html",
}
"""What a browser is told that it is given."""


def documents(kind: str, answer: Any, job: str, text: Text) -> None:
    """One row of forms: a press makes the document, telling how far it is; then it is saved.

    Parameters
    ----------
    kind
        Of question.
    answer
        Of the job, as `report_of` takes it.
    """

    @st.fragment
    def row() -> None:
        st.subheader(text("app.documents"), anchor=False)
        st.caption(text("app.documents_what"))
        places: Sequence[DeltaGenerator] = st.columns(len(FORMATS))
        bar = st.empty()
        if (asked := st.session_state.pop(_key(kind), None)) is not None:
            _make(kind, answer, job, asked, text, bar)
        for place, form in zip(places, FORMATS, strict=True):
            _offer(place, kind, job, form, text)

    row()


def _key(kind: str, form: str = "asked") -> str:
    return f"document-{kind}-{form}"


def _ask(kind: str, form: ReportFormat) -> None:
    st.session_state[_key(kind)] = form


def _offer(place: DeltaGenerator, kind: str, job: str, form: ReportFormat, text: Text) -> None:
    """A button that saves what was made, else one that has it made."""
    words = text(f"app.document.{form}")
    content = next(iter(_kept(kind, job, form, text.language)), None)
    if content is None:
        place.button(
            text("app.document_make", form=words),
            key=_key(kind, form),
            on_click=_ask,
            args=(kind, form),
            width="stretch",
        )
        return
    place.download_button(
        text("app.document_save", form=words),
        content,
        f"govhall-{job}.{form}",
        MIME[form],
        key=f"{_key(kind, form)}-save",
        type="primary",
        on_click="ignore",
        width="stretch",
    )


def _make(
    kind: str, answer: Any, job: str, form: ReportFormat, text: Text, place: DeltaGenerator
) -> None:
    """Make a document while a bar tells how far it is."""
    words = text(f"app.document.{form}")

    def tell(done: int, total: int) -> None:
        said = text("app.document_making", form=words, done=done, total=total)
        place.progress(min(done / max(total, 1), 1.0), text=said)

    made = _kept(kind, job, form, text.language)
    if not made:
        tell(0, 1)
        made.append(report_bytes(report_of(kind, answer, text), form, text, tell))
    place.empty()


@st.cache_resource(show_spinner=False, max_entries=30)
def _kept(kind: str, job: str, form: str, language: str) -> list[bytes]:
    """Where a document is kept once it is made: jobs never change."""
    del kind, job, form, language
    return []
