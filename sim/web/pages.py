"""The registry of pages, and what stands above each of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

import streamlit as st

from sim import data_dir
from sim.text import LANGUAGES, Language, Text, load_text
from sim.web.change import made
from sim.web.data import data
from sim.web.home import home
from sim.web.kept_choices import SIMPLE, VIEWS, keep_language, keep_view
from sim.web.layouts import layouts
from sim.web.levers import levers
from sim.web.matter import matter
from sim.web.my_hall import my_hall
from sim.web.my_log import my_log
from sim.web.my_studies import my_studies
from sim.web.reader import browser_name, reader
from sim.web.session import Session, put, text_of, write_address
from sim.web.session import session as current
from sim.web.sides import STYLE as SIDES
from sim.web.sign_in import must_sign_in, sign_in_page, sign_out_button
from sim.web.staffing import staffing
from sim.web.telling import guarded, plain
from sim.web.townships import townships


class Page(NamedTuple):
    """A page: its key names its address and, under `page.<key>.name`, its name."""

    key: str
    function: Callable[[Session, Text], None]


PAGES: Final[tuple[Page, ...]] = (
    Page("home", home),
    Page("my_studies", my_studies),
    Page("my_hall", my_hall),
    Page("my_log", my_log),
    Page("layouts", layouts),
    Page("staffing", staffing),
    Page("levers", levers),
    Page("matter", matter),
    Page("townships", townships),
    Page("data", data),
)
"""In the order of the menu."""

STYLE: Final = """
[data-testid="stMainBlockContainer"] {padding-top: 4rem; padding-bottom: 3rem}
:is(a, button, input, textarea, summary, [tabindex="0"], [role="slider"]):focus-visible {
  outline: 3px solid #0B5CAD !important; outline-offset: 2px !important}
:is([data-testid="stCaptionContainer"], [data-testid="stTable"] th) {
  color: #55575f !important; opacity: 1}
@media screen and (max-width: 640px) {
  [data-testid="stImage"], [data-testid="stTable"] {overflow-x: auto}
  [data-testid="stImage"] img {width: 720px !important; max-width: none !important}
  [data-testid="stTable"] :is(th, td), [data-testid="stTable"] :is(th, td) * {
    word-break: keep-all !important; overflow-wrap: normal !important}
}
"""
"""Less empty room above the page, a ring about what has the focus, and small words dark enough to
be read (WCAG AA). On a phone figures and tables are moved sideways, as they are unreadable when
they are made as small as it is."""
QUOTES: Final = """
@font-face {font-family: HallSans; font-weight: 400; unicode-range: U+2018-201D;
  src: local("Arial"), local("Helvetica Neue"), local("Liberation Sans"), local("DejaVu Sans")}
@font-face {font-family: HallSans; font-weight: 700; unicode-range: U+2018-201D;
  src: local("Arial Bold"), local("Helvetica Neue Bold"), local("Liberation Sans Bold"),
    local("DejaVu Sans Bold")}
"""
"""In English: the Chinese font's quotation marks are as wide as a Chinese character."""
TAGS: Final = {"zh": "zh-CN", "en": "en"}

TELL_LANGUAGE = st.components.v2.component(
    "page_language",
    js="""
export default function ({ data }) {
  document.documentElement.lang = data.language
  if (history.pushState.isPlain) return
  const [push, replace] = [history.pushState.bind(history), history.replaceState.bind(history)]
  history.pushState = (state, title, url) => {
    const isHere = new URL(url ?? "", location.href).pathname === location.pathname
    return (isHere ? replace : push)(state, title, url)
  }
  history.pushState.isPlain = true
  const reach = () => {
    for (const box of document.querySelectorAll(
      '[data-testid="stImage"], [data-testid="stTable"], [data-testid="stTable"] > div')) {
      const moves = ["auto", "scroll"].includes(getComputedStyle(box).overflowX)
        && box.scrollWidth > box.clientWidth
      if (moves) box.tabIndex = 0
      else box.removeAttribute("tabindex")
    }
  }
  let due = 0
  const soon = () => { clearTimeout(due); due = setTimeout(reach, 200) }
  new MutationObserver(soon).observe(document.body, {childList: true, subtree: true})
  addEventListener("resize", soon)
  addEventListener("load", soon, true)
  soon()
}
""",
)
"""Streamlit's page says that it is English; browsers would offer to translate it. And it adds a
step to the history for each word of the address: Back would have to be pressed again and again.
What is moved sideways on a phone is reached by Tab, and then moved by the arrows (WCAG 2.1.1)."""


def serve() -> None:
    """Run the app: configuration, language, registry, the page that is asked for."""
    text = text_of(current())
    icon = str(data_dir("static") / "icon.png")
    st.set_page_config(page_title=text("app.title"), page_icon=icon, layout="wide")
    if must_sign_in():
        _dress(current().language)
        sign_in_page(text)
        return
    registered = {
        page.key: st.Page(
            partial(run_page, page.key),
            title=text(f"page.{page.key}.name"),
            url_path=page.key,
            default=page is PAGES[0],
        )
        for page in PAGES
    }
    st.session_state["pages"] = registered
    st.navigation(list(registered.values()), position="top").run()


def run_page(key: str) -> None:
    """One page under the line with scenario and language."""
    _bar()
    text = text_of(current())
    page = next(page for page in PAGES if page.key == key)
    guarded(lambda: page.function(current(), text), text)
    write_address()


def _dress(language: Language) -> None:
    """What every page has before anything is shown."""
    TELL_LANGUAGE(data={"language": TAGS[language]}, key="page_language", height=1)
    st.html(f"<style>{STYLE}{SIDES}{QUOTES if language == 'en' else ''}</style>")


def _bar() -> None:
    session = current()
    text = text_of(session)
    _dress(session.language)
    scenario = made(session.change).scenario
    bar = st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    )
    if scenario is not None:
        name = plain(text.name(scenario.name))
        line = "app.scenario_name" if session.view == SIMPLE else "app.scenario_line"
        bar.caption(text(line, scenario=name, hash=scenario.hash), width="content")
    st.session_state["view"], st.session_state["language"] = session.view, session.language
    bar.segmented_control(
        text("app.view"),
        VIEWS,
        format_func=lambda view: text(f"app.views.{view}"),
        key="view",
        required=True,
        label_visibility="collapsed",
        on_change=_look,
    )
    with bar:
        sign_out_button(text)
    bar.segmented_control(
        text("app.language"),
        LANGUAGES,
        format_func=lambda language: load_text(language)("language.name"),
        key="language",
        required=True,
        label_visibility="collapsed",
        on_change=_switch,
    )


def _look() -> None:
    view = st.session_state["view"]
    put(view=view)
    keep_view(reader(), view)


def _switch() -> None:
    language = st.session_state["language"]
    put(language=language)
    keep_language(browser_name(), language)
