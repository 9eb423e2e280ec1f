"""Beyond the hall: who has far to the nearest place, and which townships a point would help."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from sim.analysis.access import LIMITS, Nearness, Reach, nearness, reach
from sim.plan.travel import candidates
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.map import borders_of, townships_map
from sim.views.values import matter_name
from sim.web.change import Source, made
from sim.web.data import take
from sim.web.fields import choose
from sim.web.session import Session
from sim.web.telling import show, tell

AREA: Final = Source("sanmenxia_townships.yaml")
"""The scenario that ships with places."""


def townships(session: Session, text: Text) -> None:
    """The page of townships."""
    st.title(text("page.townships.title"), anchor=False)
    st.markdown(text("page.townships.what"))
    scenario, problems = made(session.change)
    if scenario is None:
        tell(problems, text)
        return
    if scenario.places is None:
        st.info(text("page.townships.no_places"))
        st.button(text("page.townships.take"), key="area", on_click=take, args=(AREA,))
        return
    left, right = st.columns([1, 2])
    names = {one.id: matter_name(scenario, one.id, text) for one in scenario.matters}
    label = text("column.matter")
    matter = choose(left, "errand", label, _first_stationed(scenario), names.__getitem__, text)
    towns = {town.id: text.name(town.name) for town in candidates(scenario)}
    points = right.multiselect(
        text("page.townships.points"),
        [*towns],
        format_func=towns.__getitem__,
        key=f"points-{text.language}",
        placeholder=text("page.townships.none_yet"),
    )
    found = nearness(scenario, matter, points)
    _told(scenario, found, text)
    label = text("page.townships.minutes")
    draw = partial(
        townships_map,
        scenario,
        np.where(np.isfinite(found.after), found.after, np.nan),
        label,
        text,
        title=text("page.townships.map", matter=names[matter]),
        new=points,
        borders=borders_of(scenario),
    )
    key = (scenario.hash, 0, 0, (matter, *points))
    show(key, "map", text("page.townships.map", matter=names[matter]), text, draw)
    st.caption(text("page.townships.note"))


def _first_stationed(scenario: Scenario) -> list[str]:
    """Matters, those first that a new station would accept."""
    siting, named = scenario.places and scenario.places.siting, scenario.matters_named()
    accepts = siting.station.accepts if siting else ()
    first = [matter for name in accepts for matter in named.get(name, ())]
    return list(dict.fromkeys([*first, *(one.id for one in scenario.matters)]))


def _told(scenario: Scenario, found: Nearness, text: Text) -> None:
    """The nearness of all residents, now and with the points."""
    people = np.array([town.population for town in scenario.applicants.townships], dtype=float)
    rows = [_row(reach(minutes, people), text) for minutes in found]
    heads = (text("page.townships.now"), text("page.townships.then"))
    table = pd.DataFrame(dict(zip(heads, rows, strict=True)))
    st.dataframe(table, width="stretch", key="nearness", alt=text("page.townships.title"))


def _row(one: Reach, text: Text) -> dict[str, str]:
    limits = zip(LIMITS, one.within, strict=True)
    return {
        text("page.townships.mean"): text.with_unit(text.number(one.mean, 1), "min"),
        **{
            text("page.townships.within", minutes=f"{limit:.0f}"): text.share(share, 1)
            for limit, share in limits
        },
        text("page.townships.worst"): text.with_unit(text.number(one.worst, 1), "min"),
        text("page.townships.gini"): text.number(one.gini, 3),
    }
