"""How pages tell things: problems as sentences, figures with words beside them."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from typing import Any, Final

import streamlit as st

from sim.errors import HallError, Problem
from sim.scenario.layers import OVERRIDE
from sim.text import Text
from sim.views.style import as_svg
from sim.web.session import drawn

log: Final = logging.getLogger("hallsim.app")
WIDTH: Final = 1000
"""Pixels; a narrower page shows figures as wide as it is."""
MARKS: Final = re.compile(r"([\\`*_\[\]$~:<>#|])")


def plain(words: str) -> str:
    """Words in which nothing means anything to Markdown.

    Examples
    --------
    >>> print(plain("a_b: $5 [x]"))
    a\\_b\\: \\$5 \\[x\\]
    """
    return MARKS.sub(r"\\\1", words)


def tell(problems: Iterable[Problem], text: Text) -> None:
    """Problems as a list of sentences, errors above warnings."""
    listed = tuple(problems)
    for severity, box in (("error", st.error), ("warning", st.warning)):
        mine = [one for one in listed if one.severity == severity]
        if mine:
            box("\n".join(f"- {plain(_here(one).sentence(text))}" for one in mine))


def _here(problem: Problem) -> Problem:
    """What is changed on a page is no option of a command."""
    return replace(problem, file="") if problem.file == OVERRIDE else problem


def guarded(page: Callable[[], None], text: Text) -> None:
    """Run a page; what goes wrong is a sentence with a number, and the log has the rest."""
    try:
        page()
    except HallError as error:
        tell(error.problems, text)
    except Exception:
        number = secrets.token_hex(4)
        log.exception("page failed, log number %s", number)
        st.error(text("app.page_failed", number=number))


def show(
    key: tuple[Hashable, ...], name: str, words: str, text: Text, draw: Callable[[], Any]
) -> None:
    """A figure, drawn once for `key`; `words` say what it shows."""
    svg = drawn((*key, name, text.language), lambda: as_svg(draw(), name, words))
    st.image(svg, width=WIDTH, alt=words)
