"""What came of new stations: the answer, who gains, what places bear, the money both ways."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st

from sim.analysis.effects import AreaBy
from sim.questions.extend import ExtendQuestion
from sim.questions.extension import Extension
from sim.scenario.scenario import Scenario
from sim.storage.extend_export import extension_data, extension_rows
from sim.storage.shipped import is_example
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
from sim.web.drawing import beneath, draw_blocks, to_first_figure
from sim.web.fields import choose
from sim.web.kept_choices import SIMPLE
from sim.web.session import Session, answer_to, figures_key, question_of
from sim.web.siting import in_view
from sim.web.telling import plain, show, tell_changes

BURDENS: Final = ("travel", "trips", "inside", "fare", "resident_cost")
"""Measures that the figure of groups offers."""


def answer(session: Session, scenario: Scenario, text: Text) -> None:
    """Everything of one finished run of new stations."""
    job = session.job(ExtendQuestion)
    extension = answer_to(ExtendQuestion, job)
    st.header(text("page.results.title"), anchor=False)
    tell_changes(extension.scenario, text)
    _stale(job, extension, scenario, text)
    key = figures_key(job)
    first, others = to_first_figure(verdict_blocks(extension, text, in_view(text)))
    draw_blocks(first, text, key)
    with beneath(text):
        draw_blocks(others, text, key)
        draw_blocks([*station_blocks(extension, text), *area_blocks(extension, text)], text, key)
        _who(extension, key, text)
        draw_blocks([*place_blocks(extension, text), *settled_blocks(extension, text)], text)
        if session.view != SIMPLE:
            st.caption(plain(belongs(extension, job, text)))
    _files(extension, job, text)


def _stale(job: str, extension: Extension, scenario: Scenario, text: Text) -> None:
    """Whether the page now asks another question than the one that was answered."""
    if is_example(job):
        return
    if scenario.hash != extension.scenario.hash:
        st.warning(text("app.stale"))
    question = question_of(ExtendQuestion, job)
    if question is not None and not asked_again(question, scenario, text):
        st.warning(text("page.townships.other_points"))


def _who(extension: Extension, key: tuple[object, ...], text: Text) -> None:
    """Counties, groups and townships: a figure of the measure that is chosen, and tables."""
    st.subheader(text("stations.who"), anchor=False)
    left, right = st.columns(2)
    measure = choose(
        left,
        "burden",
        text("cli.head.measure"),
        BURDENS,
        lambda area: text(f"area.{area}"),
        text,
    )
    by = choose(
        right,
        "burden-by",
        text("page.townships.by"),
        GROUPS,
        lambda grouping: text(f"stations.by_{grouping}"),
        text,
    )
    group: AreaBy = "county" if by == "county" else "class"
    words = text("figure.extension.burden", measure=text(f"area.{measure}"))
    draw = partial(burden_figure, extension, text, measure, group)
    show(key, group if measure == BURDENS[0] else f"{group}-{measure}", words, text, draw)
    draw_blocks([*group_blocks(extension, text), map_picture(extension, text)], text, key)


def _files(extension: Extension, job: str, text: Text) -> None:
    downloads(
        f"govhall-{job}",
        text,
        lambda: csv_bytes(extension_rows(extension)),
        lambda: json_bytes(extension_data(extension)),
        lambda: render_extension(extension, text).encode(),
        key="extension-",
    )
