"""A button that saves a hall for its reader, whatever it was made of."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sim.drafting.answers import HallAnswers
from sim.errors import Problem
from sim.text import Text
from sim.web.kept_halls import keep_hall
from sim.web.reader import reader
from sim.web.telling import plain, tell


def offer_saving(
    name: str,
    content: HallAnswers | str | Callable[[], str],
    button: str,
    text: Text,
    place: DeltaGenerator,
) -> None:
    """Save a hall under its name when the button is pressed; the page then lists it.

    Parameters
    ----------
    content
        Answers, or the file of a scenario, or what makes one.
    button
        Its key.
    """
    if not place.button(text("page.my_hall.save"), key=button, width="stretch"):
        return
    try:
        keep_hall(reader(), name, content() if callable(content) else content)
    except OSError:
        tell([Problem("hall_not_kept", found=name)], text)
    else:
        st.toast(text("page.my_hall.saved", name=plain(name)))
        st.rerun()
