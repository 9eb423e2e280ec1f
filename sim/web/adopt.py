"""What a page has made becomes the scenario in use, or its roster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sim.errors import HallError, Problem
from sim.scenario.edit_places import with_points
from sim.scenario.places import ServicePoint
from sim.scenario.scenario import Scenario
from sim.storage.scenario_file import scenario_yaml, tables_named
from sim.text import Text
from sim.views.area_names import town_name
from sim.web.change import Change, ChangedScenario, Source, made, with_rosters
from sim.web.data import shown_name
from sim.web.home import go, link
from sim.web.session import Session, put, take
from sim.web.session import session as current
from sim.web.tables import keep_tables


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


BEFORE: Final = "scenario-before"
ADOPTED: Final = "points-adopted"
"""In the state: the session before a page turned to another scenario by itself, and names of the
points that were put into it."""


def adopt_points(
    scenario: Scenario,
    stations: Mapping[str, ServicePoint],
    text: Text,
    points: Iterable[str],
) -> None:
    """Make the scenario with new stations that of all pages; the session before is kept.

    Parameters
    ----------
    stations
        As in `with_points`, of any chosen points.
    """
    names, before = tuple(points), session_before()
    chosen = {name: station for name, station in stations.items() if name in names}
    wider = with_points(scenario, names, chosen)
    try:
        tables = keep_tables(tables_named(wider))
    except OSError:
        put(problems=(Problem("file_not_kept"),), button="shortlist-take")
        return
    name = f"{shown_name(text.name(scenario.name))}.yaml"
    take(Source(name, scenario_yaml(wider), tables))
    st.session_state[BEFORE] = before
    st.session_state[ADOPTED] = tuple(town_name(wider, point, text) for point in names)


def session_before() -> Session:
    """The session to which a reader comes back: of several that pages made, the first."""
    before: Session = st.session_state.get(BEFORE, current())
    return before


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
        change = changed(session.change)
        # it may be of another hall: of an example, or of a study that an address names
        outcome = made(replace(change, unequal=True))
    except HallError as error:
        change, outcome = session.change, ChangedScenario(None, error.problems)
    if outcome.scenario is None:
        put(problems=outcome.problems, button=button)
        st.rerun()
    put(change=change, problems=(), button="")
    st.session_state.setdefault("history", []).append(session.change)
    st.session_state["revision"] = st.session_state.get("revision", 0) + 1
    st.session_state["staffed"] = layout
    go("layouts")
