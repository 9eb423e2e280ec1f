"""How pages tell things: problems as sentences, figures with words beside them."""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from typing import Any, Final

import streamlit as st

from sim.errors import HallError, Problem
from sim.scenario.node import OVERRIDE
from sim.scenario.scenario import Scenario
from sim.text import LANGUAGES, Language, Text, load_text
from sim.views.context import changes_sentence
from sim.views.scales import leaves_out_zero
from sim.views.style import as_png, as_svg
from sim.web.session import drawn
from sim.web.session import session as current
from sim.web.shipped_figures import DrawnFigure, shipped_figure

log: Final = logging.getLogger("govhall.app")
MARKS: Final = re.compile(
    r"([\\`*_\[\]$~:<>#|&@!{}^])|(?<=www)(\.)|^([-+=](?![\w.])|\d+[.)](?!\w))"
)
"""What Markdown, or Streamlit's own directives in it, would read; at the start of a line also what
makes lists and rules."""


def plain(words: str) -> str:
    """Words in which nothing means anything to Markdown; line breaks are blanks.

    Examples
    --------
    >>> print(plain("a_b: $5 [x]"))
    a\\_b\\: \\$5 \\[x\\]
    >>> print(plain("- :red[no]"), plain("1. no"), plain("-1.5 h"))
    \\- \\:red\\[no\\] 1\\. no -1.5 h
    """
    return MARKS.sub(_escaped, " ".join(words.splitlines()).strip())


def _escaped(match: re.Match[str]) -> str:
    sign, dot, mark = match.groups()
    return f"{mark[:-1]}\\{mark[-1]}" if mark else f"\\{sign or dot}"


def tell(problems: Iterable[Problem], text: Text) -> None:
    """Problems as a list of sentences, errors above warnings."""
    listed = tuple(problems)
    for severity, box in (("error", st.error), ("warning", st.warning)):
        of_severity = [problem for problem in listed if problem.severity == severity]
        if of_severity:
            box("\n".join(f"- {plain(_here(problem).sentence(text))}" for problem in of_severity))


def tell_changes(scenario: Scenario, text: Text) -> None:
    """What is not as the file has it, beside the result that it belongs to."""
    if sentence := changes_sentence(scenario, text):
        st.caption(plain(sentence))


def _here(problem: Problem) -> Problem:
    """What is changed on a page is no option of a command."""
    return replace(problem, file="") if problem.file == OVERRIDE else problem


def guarded(page: Callable[[], None], text: Text) -> None:
    """Run a page; what goes wrong is a sentence with a number, and the log has the rest."""
    try:
        page()
    except HallError as error:
        tell(error.problems, text)
    except MemoryError as error:
        number = _logged(error)
        st.error(text("app.out_of_memory", number=number))
    except Exception as error:
        number = _logged(error)
        st.error(text("app.page_failed", number=number))


def tell_of_crash(error: Exception) -> bool:
    """What breaks outside a page, in a button's answer say: a sentence, never a traceback."""
    number = _logged(error)
    texts = [load_text(language) for language in _languages()]
    st.error("\n\n".join(text("app.page_failed", number=number) for text in texts))
    return True


def _languages() -> tuple[Language, ...]:
    """The reader's language; both where that is not known."""
    language = getattr(st.session_state.get("session"), "language", None)
    return tuple(offered for offered in LANGUAGES if offered == language) or LANGUAGES


def _logged(error: BaseException) -> str:
    """Number under which the log has what went wrong."""
    number = secrets.token_hex(4)
    log.error("page failed, log number %s", number, exc_info=error)
    return number


def tell_beside(button: str, text: Text) -> None:
    """Why what was asked for with a button was not done."""
    session = current()
    if session.button == button:
        tell(session.problems, text)


def tell_atop(text: Text) -> None:
    """What was not done without any button being pressed."""
    tell_beside("", text)


def show(
    key: tuple[Hashable, ...], name: str, words: str, text: Text, draw: Callable[[], Any]
) -> None:
    """A figure, drawn once for `key`; `words` say what it shows. It can be taken along."""
    figure_key = (*key, name, text.language)
    figure = figure_of(key, name, words, text, draw)
    st.image(figure.svg, width="stretch", alt=words)
    if figure.leaves_out_zero:
        st.caption(text("app.no_zero"))
    digest = hashlib.sha256(repr(figure_key).encode()).hexdigest()[:12]
    kinds = (("png", "image/png", lambda: as_png(draw())), ("svg", "image/svg+xml", figure.svg))
    with st.container(horizontal=True):
        for kind, mime, content in kinds:
            st.download_button(
                text(f"app.figure_{kind}"),
                content,
                f"govhall-{name}.{kind}",
                mime,
                key=f"{kind}-{name}-{digest}",
                on_click="ignore",
                type="tertiary",
            )


def figure_of(
    key: tuple[Hashable, ...], name: str, words: str, text: Text, draw: Callable[[], Any]
) -> DrawnFigure:
    """A figure that ships, or is drawn once for `key`, whoever looks at it."""
    figure_key = (*key, name, text.language)
    return shipped_figure(figure_key) or drawn(figure_key, lambda: draw_figure(draw, name, words))


def draw_figure(draw: Callable[[], Any], name: str, words: str) -> DrawnFigure:
    """A figure as pages show it."""
    figure = draw()
    return DrawnFigure(as_svg(figure, name, words, is_wide=True), leaves_out_zero(figure))
