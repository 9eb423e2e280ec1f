"""Home: what this answers, how to use it, and the newest finished result."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from sim.text import Text
from sim.web.results import belongs_to, headline, one_figure
from sim.web.session import (
    Session,
    comparison_of,
    jobs,
    latest_comparison,
    reopen,
    with_settings,
)
from sim.web.telling import tell_atop

STEPS = ("choose", "run", "read")
QUESTIONS = ("layouts", "staffing", "levers", "matter", "townships")
WIDE = 3
"""Questions side by side."""


def home(session: Session, text: Text) -> None:
    """Plain words first; a result at once when one is kept."""
    st.title(text("app.title"), anchor=False)
    st.markdown(text("page.home.what"))
    tell_atop(text)
    for row in (QUESTIONS[n : n + WIDE] for n in range(0, len(QUESTIONS), WIDE)):
        for place, page in zip(st.columns(WIDE), row, strict=False):
            with place.container(border=True, height="stretch"):
                st.markdown(f"**{text(f'page.home.ask.{page}')}**")
                st.markdown(text(f"page.home.answer.{page}"))
                link(page, text(f"page.home.open.{page}"))
    st.subheader(text("page.home.steps"), anchor=False)
    st.markdown(
        "\n".join(f"{n}. {text(f'page.home.step.{step}')}" for n, step in enumerate(STEPS, 1))
    )
    _example(session, text)
    st.caption(text("page.home.honest"))


def _example(session: Session, text: Text) -> None:
    latest = latest_comparison()
    st.subheader(text("page.home.example"), anchor=False)
    if not latest:
        st.info(text("page.home.no_example"))
        return
    comparison = comparison_of(jobs().result(latest))
    belongs_to(latest, text)
    headline(comparison, text)
    one_figure(comparison, text)
    if st.button(text("page.home.reopen"), key="reopen"):
        reopen(replace(with_settings(session, latest), study=latest))
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
