"""A roster that was found on another page becomes that of the scenario in use."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from sim.errors import HallError
from sim.scenario.scenario import Scenario
from sim.web.change import Change, with_rosters
from sim.web.home import go
from sim.web.session import put
from sim.web.session import session as current


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
