"""What came of new stations: the answer, who gains, what places bear, the money both ways."""

from __future__ import annotations

from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from sim.analysis.effects import AreaBy
from sim.questions.extend import ExtendQuestion, Extension
from sim.scenario.scenario import Scenario
from sim.storage.extend_export import extension_data, extension_rows
from sim.text import Text
from sim.views.extend import burden_figure, extension_figure, money_figure
from sim.views.extend_counted import is_settled, settled_sentence
from sim.views.extend_report import render_extension
from sim.views.extend_tables import (
    WordTable,
    answer_of,
    answer_sentences,
    area_words,
    belongs,
    gaining,
    group_words,
    matter_sentences,
    place_words,
    station_words,
    stopped_and_few,
)
from sim.web.chosen import asked_again
from sim.web.downloads import csv_bytes, downloads, json_bytes
from sim.web.fields import choose
from sim.web.session import Session, answer_to, question_of
from sim.web.telling import plain, show, tell_changes

BURDENS: Final = ("travel", "trips", "inside", "fare", "resident_cost")
"""Measures that the figure of groups offers."""
GROUPS: Final[tuple[AreaBy, ...]] = ("county", "class")


def answer(kept: Session, scenario: Scenario, text: Text) -> None:
    """Everything of one finished run of new stations."""
    job = kept.job(ExtendQuestion)
    found = answer_to(ExtendQuestion, job)
    st.header(text("page.results.title"), anchor=False)
    st.caption(plain(belongs(found, job, text)))
    tell_changes(found.scenario, text)
    _stale(job, found, scenario, text)
    _table(station_words(found, text), text("page.townships.arrange"))
    for one in matter_sentences(found, text):
        st.caption(plain(one))
    st.info(plain(answer_of(found, text)))
    said = answer_sentences(found, text)
    st.markdown("\n".join(f"- {plain(one)}" for one in said))
    for caution in stopped_and_few(found, text):
        st.warning(plain(caution))
    key = (found.scenario.hash, found.extended.hash, found.seed, found.replications)
    words = text("figure.extension.money")
    show((*key, found.layout), "money", words, text, partial(money_figure, found, text))
    st.subheader(text("stations.area"), anchor=False)
    st.caption(plain(text("stations.brackets", level=text.share(found.level, 0))))
    _table(area_words(found, text), text("stations.area"))
    _who(found, (*key, found.layout), text)
    _places(found, text)
    if is_settled(found):
        st.caption(plain(settled_sentence(found, text)))
    _files(found, job, text)


def _stale(job: str, found: Extension, scenario: Scenario, text: Text) -> None:
    """Whether the page now asks another question than the one that was answered."""
    if scenario.hash != found.scenario.hash:
        st.warning(text("app.stale"))
    asked = question_of(ExtendQuestion, job)
    if asked is not None and not asked_again(asked, scenario, text):
        st.warning(text("page.townships.other_points"))


def _who(found: Extension, key: tuple[object, ...], text: Text) -> None:
    """Counties, groups and townships: a figure of the measure that is chosen, and tables."""
    st.subheader(text("stations.who"), anchor=False)
    left, right = st.columns(2)
    measure = choose(
        left,
        "burden",
        text("cli.head.measure"),
        BURDENS,
        lambda one: text(f"area.{one}"),
        text,
    )
    by = choose(
        right,
        "burden-by",
        text("page.townships.by"),
        GROUPS,
        lambda one: text(f"stations.by_{one}"),
        text,
    )
    group: AreaBy = "county" if by == "county" else "class"
    words = text("figure.extension.burden", measure=text(f"area.{measure}"))
    draw = partial(burden_figure, found, text, measure, group)
    show((*key, measure, by), "burden", words, text, draw)
    for one in GROUPS:
        table = group_words(found, one, text)
        if len(table.rows) > 1:
            _table(table, text(f"stations.by_{one}"), head=True)
    towns = gaining(found)
    if towns:
        words = text("stations.gaining")
        _table(group_words(found, "township", text, towns), words, head=True)
    words = text("figure.map.title", what=text("figure.extension.label"))
    show(key, "saved", words, text, partial(extension_figure, found, text))


def _places(found: Extension, text: Text) -> None:
    st.subheader(text("cli.heading.places"), anchor=False)
    st.caption(text("stations.places_help"))
    _table(place_words(found, text), text("cli.heading.places"))


def _table(table: WordTable, alt: str, *, head: bool = False) -> None:
    """A table that is printed whole."""
    if head:
        st.markdown(f"**{plain(alt)}**")
    heads = [plain(one) for one in table.heads]
    frame = pd.DataFrame([[*map(plain, row)] for row in table.rows], columns=heads)
    st.table(frame, hide_index=True, border="horizontal", alt=alt)


def _files(found: Extension, job: str, text: Text) -> None:
    downloads(
        f"govhall-{job}",
        text,
        lambda: csv_bytes(extension_rows(found)),
        lambda: json_bytes(extension_data(found)),
        lambda: render_extension(found, text).encode(),
        key="extension-",
    )
