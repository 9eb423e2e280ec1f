"""What a page has made becomes the scenario in use, or its roster."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sim.errors import HallError
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.web.change import Change, Source, with_rosters
from sim.web.home import go, link
from sim.web.session import put, take
from sim.web.session import session as current


def offer_hall(
    source: Source, button: str, text: Text, place: DeltaGenerator | None = None
) -> None:
    """A button by which all pages compute on a hall; once they do, links to them.

    Parameters
    ----------
    button
        Its key.
    place
        Where the button stands; default: here.
    """
    if current().change.source == source:
        st.success(text("page.my_hall.in_use"))
        for page in ("layouts", "staffing", "levers"):
            link(page, text(f"page.home.question_open.{page}"))
        return
    (place or st).button(
        text("page.my_hall.use"),
        key=button,
        type="primary",
        on_click=take,
        args=(source,),
        width="content" if place is None else "stretch",
    )


def offer_roster(words: str, staffed: Callable[[], Scenario], layout: str, button: str) -> None:
    """A button by which the roster of a layout becomes that of the scenario in use.

    Parameters
    ----------
    staffed
        Makes the scenario with that roster, when the button is pressed.
    button
        Its key.
    """
    if st.button(words, key=button):
        windows = staffed().layout(layout).windows
        rosters = {group.id: dict(group.clerks) for group in windows}
        adopt(partial(with_rosters, layout=layout, rosters=rosters), layout, button)


def adopt(changed: Callable[[Change], Change], layout: str, button: str) -> None:
    """Change the scenario, and turn to the page of its layouts; it can be undone there.

    Parameters
    ----------
    changed
        The change with the roster in it.
    button
        Key of the button beside which is told why it cannot be done.
    """
    session = current()
    try:
        put(change=changed(session.change), problems=(), button="")
    except HallError as error:
        put(problems=error.problems, button=button)
        st.rerun()
    st.session_state.setdefault("history", []).append(session.change)
    st.session_state["revision"] = st.session_state.get("revision", 0) + 1
    st.session_state["staffed"] = layout
    go("layouts")
