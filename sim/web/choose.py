"""One of several things by its name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sim.text import Text


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
        wanted = state.get(name, first)
        state[key] = wanted if wanted in options else options[0]
    state[name] = place.selectbox(words, options, format_func=shown, key=key, help=help)
    return str(state[name])
