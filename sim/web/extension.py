"""What came of new stations: the answer, who gains, what places bear, the money both ways."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st

from sim.analysis.effects import AreaBy
from sim.questions.extend import ExtendQuestion, Extension
from sim.scenario.scenario import Scenario
from sim.storage.extend_export import extension_data, extension_rows
from sim.text import Text
from sim.views.extend import burden_figure
from sim.views.extend_report import render_extension
from sim.views.extend_words import (
    GROUPS,
    area_blocks,
    belongs,
    group_blocks,
    map_picture,
    place_blocks,
    settled_blocks,
    station_blocks,
    verdict_blocks,
)
from sim.web.chosen import asked_again
from sim.web.downloads import csv_bytes, downloads, json_bytes
from sim.web.drawing import draw_blocks
from sim.web.fields import choose
from sim.web.session import Session, answer_to, question_of
from sim.web.telling import plain, show, tell_changes

BURDENS: Final = ("travel", "trips", "inside", "fare", "resident_cost")
"""Measures that the figure of groups offers."""


def answer(kept: Session, scenario: Scenario, text: Text) -> None:
    """Everything of one finished run of new stations."""
    job = kept.job(ExtendQuestion)
    found = answer_to(ExtendQuestion, job)
    st.header(text("page.results.title"), anchor=False)
    st.caption(plain(belongs(found, job, text)))
    tell_changes(found.scenario, text)
    _stale(job, found, scenario, text)
    hashes = found.scenario.hash, found.extended.hash
    key = (*hashes, found.seed, found.replications, found.layout)
    draw_blocks(station_blocks(found, text), text)
    draw_blocks([*verdict_blocks(found, text), *area_blocks(found, text)], text, key)
    _who(found, key, text)
    draw_blocks([*place_blocks(found, text), *settled_blocks(found, text)], text)
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
    draw_blocks([*group_blocks(found, text), map_picture(found, text)], text, key)


def _files(found: Extension, job: str, text: Text) -> None:
    downloads(
        f"govhall-{job}",
        text,
        lambda: csv_bytes(extension_rows(found)),
        lambda: json_bytes(extension_data(found)),
        lambda: render_extension(found, text).encode(),
        key="extension-",
    )
