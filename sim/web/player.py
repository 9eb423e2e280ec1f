"""The player of a day on a page, and the same day as a file to take along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from sim.text import Text
from sim.views.day_page import day_html, player_part
from sim.web.telling import plain

_PLAYER = st.components.v2.component(
    "hall_player",
    html='<div class="hall-day-root"></div>',
    css=player_part("css"),
    js=player_part("js"),
)


def player(data: Mapping[str, Any], key: str, name: str, text: Text) -> None:
    """Play a day, and offer it as a page of its own.

    Parameters
    ----------
    key
        Of its widgets.
    name
        Of the file, without its ending.
    """
    _PLAYER(data=data, key=key)
    st.download_button(
        plain(text("animation.download")),
        lambda: day_html(data, text).encode(),
        f"{name}.html",
        "text/html",
        key=f"{key}-download",
        on_click="ignore",
    )
