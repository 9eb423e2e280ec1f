"""Halls that a reader has learned from logs and saved: used again, taken along, deleted."""

from __future__ import annotations

from typing import Final

import streamlit as st

from sim.text import Text
from sim.text.foreign import visible
from sim.web.adopt import offer_hall
from sim.web.change import Change, Source, made
from sim.web.data import shown_name
from sim.web.fields import choose
from sim.web.kept_halls import delete_hall, kept_scenarios
from sim.web.reader import reader
from sim.web.session import MY_LOG
from sim.web.telling import tell

WIDE: Final = 3


def saved_halls(text: Text) -> None:
    """All of them, one to choose; nothing where there is none."""
    halls = {hall.id: hall for hall in kept_scenarios(reader())}
    if not halls:
        return
    with st.expander(text("page.my_hall.kept", n=len(halls))):
        id_ = choose(
            st.container(),
            f"{MY_LOG}-kept",
            text("page.my_hall.which"),
            [*halls],
            lambda each: visible(halls[each].name),
            text,
        )
        hall = halls[id_]
        source = Source(f"{shown_name(hall.name)}.yaml", hall.words)
        use, yaml, delete = st.columns(WIDE)
        yaml.download_button(
            text("app.download_scenario"),
            hall.words,
            source.name,
            "application/yaml",
            key=f"{MY_LOG}-kept-yaml",
            on_click="ignore",
            width="stretch",
        )
        delete.button(
            text("page.my_hall.delete"),
            key=f"{MY_LOG}-kept-delete",
            on_click=delete_hall,
            args=(reader(), hall.id),
            width="stretch",
        )
        scenario, problems = made(Change(source))
        if scenario is None:  # saved by a version whose language of scenarios was another
            tell(problems, text)
        else:
            offer_hall(source, f"{MY_LOG}-kept-use", text, use)
