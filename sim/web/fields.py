"""Fields that readers fill in: one of several things, a whole number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sim.errors import Problem
from sim.text import Text
from sim.web.telling import plain


def choose(
    place: DeltaGenerator,
    name: str,
    words: str,
    options: Sequence[str],
    shown: Callable[[str], str],
    text: Text,
    *,
    first: str = "",
    help: str | None = None,
) -> str:
    """The choice that is kept in the state as `name`, between pages and between languages.

    A browser keeps the words of a choice as long as its key: other words, another key.
    """
    state, key = st.session_state, f"{name}-{text.language}"
    if state.get(key) not in options:
        value = state.get(name, first)
        state[key] = value if value in options else options[0]
    state[name] = place.selectbox(words, options, format_func=shown, key=key, help=help)
    return str(state[name])


def choose_now(name: str, value: str) -> None:
    """Set a choice of `choose` from elsewhere, whatever the language."""
    for key in [key for key in st.session_state if str(key).startswith(f"{name}-")]:
        del st.session_state[key]
    st.session_state[name] = value


MOST_ROWS: Final = 1_600
"""Of a table, sent to a browser at once; of more it gets a page."""


def choose_page(n_rows: int, name: str, text: Text) -> slice:
    """The rows of a table that are shown: all of them, or one page of them, which is chosen."""
    pages = [str(n + 1) for n in range(max(-(-n_rows // MOST_ROWS), 1))]
    if len(pages) == 1:
        return slice(n_rows)
    words = text("app.page_of", pages=len(pages), rows=text.number(n_rows, 0))
    page = int(choose(st.columns(3)[0], name, words, pages, str, text))
    return slice((page - 1) * MOST_ROWS, page * MOST_ROWS)


def whole_number(
    place: DeltaGenerator,
    words: str,
    low: int,
    high: int,
    text: Text,
    *,
    key: str,
    first: int = 0,
    help: str | None = None,
) -> int | None:
    """A whole number; None when what is typed is none, or out of bounds, which is told below the
    field.

    A browser would tell bounds in its own language, and go on with the number before; a field of
    whole numbers alone would make 12 of 12.5 without a word.
    """
    if key not in st.session_state:
        st.session_state[key] = max(first, low)
    value = place.number_input(plain(words), step=1.0, format="%g", key=key, help=help)
    problem = number_fault(words, value, low, high)
    if problem is None:
        return int(value)
    place.error(plain(problem.sentence(text)))  # a list has no room in a narrow column
    return None


def number_fault(
    words: str, value: float | None, low: float, high: float, *, is_whole: bool = True
) -> Problem | None:
    """Why a number that was typed cannot be taken; None where it can, or nothing was typed.

    Examples
    --------
    >>> number_fault("Replications", 12.5, 2, 500).found
    '12.5'
    """
    if value is None or (low <= value <= high and not (is_whole and value != int(value))):
        return None
    bounds = (("low", f"{low:.15g}"), ("high", f"{high:.15g}"))
    allowed = "allowed.int_between" if is_whole else "allowed.between"
    return Problem("field_value", words, found=f"{value:,.15g}", allowed=allowed, values=bounds)
