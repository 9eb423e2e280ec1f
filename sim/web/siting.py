"""What pages of several places for stations share: what an answer rests on, and its sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from sim.questions.question import RowsAnswer
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.findings import simply
from sim.views.scenario_names import layout_name
from sim.web.kept_choices import SIMPLE
from sim.web.session import session
from sim.web.telling import plain, tell_changes


def belongs(
    answer: RowsAnswer, layouts: Sequence[str], number: str, scenario: Scenario, text: Text
) -> None:
    """What the result rests on, and whether the page has gone on since."""
    tell_origin(answer, layouts, number, text)
    tell_changes(answer.scenario, text)
    if scenario.hash != answer.scenario.hash:
        st.warning(text("app.stale"))
    if answer.replications < answer.asked:
        st.warning(text("report.cut_short", done=answer.replications, asked=answer.asked))


def tell_origin(answer: RowsAnswer, layouts: Sequence[str], number: str, text: Text) -> None:
    """Of what it is the answer; the full view says also what is needed to find it anew."""
    names = [layout_name(answer.scenario, layout, text) for layout in layouts]
    about: dict[str, Any] = {
        "scenario": text.name(answer.scenario.name),
        "layout": text("format.list").join(names),
        "replications": answer.replications,
        "seed": answer.seed,
        "hash": answer.scenario.hash,
        "number": number,
    }
    words = "origin" if session().view == SIMPLE else "belongs"
    st.caption(plain(text(f"page.levers.{words}", **about)))


def in_view(text: Text) -> Text:
    """Words for sentences: in the simple view intervals are told as one tells them."""
    return simply(text) if session().view == SIMPLE else text


def say(sentences: Sequence[str]) -> None:
    """Sentences as a list."""
    st.markdown("\n".join(f"- {plain(sentence)}" for sentence in sentences))
