"""Home: what this answers, how to use it, and the example that ships."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import streamlit as st

from sim.storage.example import example_folder
from sim.storage.shipped import example_name
from sim.text import Text
from sim.web.change import Source
from sim.web.results import belongs_to, headline, one_figure
from sim.web.session import Session, comparison_of, put, take
from sim.web.telling import tell_atop

STEPS = ("choose", "run", "read")
STARTS: Final = {"log": "my_log", "table": "my_hall", "nothing": "my_hall"}
"""What somebody has of their own hall, and the page that makes a scenario of it."""
QUESTIONS: Final = {
    **{page: page for page in ("layouts", "staffing", "levers", "matter", "townships")},
    "modes": "my_hall",
}
"""What is asked, and the page that answers it."""
WIDE: Final = 3
"""Cards side by side."""


def home(session: Session, text: Text) -> None:
    """Plain words first, then a finished result."""
    del session
    st.title(text("app.title"), anchor=False)
    st.markdown(text("page.home.what"))
    tell_atop(text)
    st.subheader(text("page.home.starts"), anchor=False)
    st.markdown(text("page.home.start"))
    _cards("start", STARTS, text)
    st.subheader(text("page.home.questions"), anchor=False)
    _cards("question", QUESTIONS, text)
    st.subheader(text("page.home.steps"), anchor=False)
    st.markdown(
        "\n".join(f"{n}. {text(f'page.home.step.{step}')}" for n, step in enumerate(STEPS, 1))
    )
    example(text)
    st.caption(text("page.home.honest"))


def _cards(kind: str, pages: Mapping[str, str], text: Text) -> None:
    """A card each: what it is about, what comes of it, and the way there."""
    names = [*pages]
    for row in (names[n : n + WIDE] for n in range(0, len(names), WIDE)):
        for place, name in zip(st.columns(WIDE), row, strict=False):
            with place.container(border=True, height="stretch"):
                st.markdown(f"**{text(f'page.home.{kind}_title.{name}')}**")
                st.markdown(text(f"page.home.{kind}_what.{name}"))
                link(pages[name], text(f"page.home.{kind}_open.{name}"))


def example(text: Text) -> None:
    """The result that ships: the city as its file has it, and nobody's own study."""
    st.subheader(text("page.home.example"), anchor=False)
    comparison = comparison_of(example_folder())
    belongs_to(example_folder(), example_name("compare"), text)
    headline(comparison, text)
    one_figure(comparison, text)
    if st.button(text("page.home.reopen"), key="reopen"):
        study = comparison.study
        take(Source())
        put(layouts=study.layouts, replications=study.asked, seed=study.seed)
        go("layouts")


def link(page: str, words: str) -> None:
    """A link to another page, where there are pages."""
    pages = st.session_state.get("pages", {})
    if page in pages:
        st.page_link(pages[page], label=words)


def go(page: str) -> None:
    """Turn to another page."""
    pages = st.session_state.get("pages", {})
    if page in pages:
        st.switch_page(pages[page])
