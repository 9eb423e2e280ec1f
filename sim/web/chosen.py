"""The townships that are chosen for a point, and how each point serves: kept between pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import pandas as pd
import streamlit as st

from sim.errors import Problem
from sim.questions.extend import ExtendQuestion
from sim.scenario.places import ServicePoint
from sim.scenario.scenario import Scenario
from sim.scenario.travel import candidates
from sim.text import Text
from sim.views.hours import hours_name
from sim.web.example import question_at_first
from sim.web.points import (
    FIELDS,
    PointRow,
    columns_of,
    matters_of,
    own_stations,
    row_of,
    station_of,
    with_matters,
)
from sim.web.session import newest_of, put_job
from sim.web.session import session as current
from sim.web.telling import tell

POINTS: Final = "points"
ROWS: Final = "station-rows"
MATTERS: Final = "station-matters"
"""Names in the state: chosen townships, what was written of them in the table, and the matters that
they accept and send on."""
LISTS: Final = ("accepts", "forwards")
NAME: Final = "name"
WIDTHS: Final = {
    NAME: 120,
    "hours": 195,
    "agents": 100,
    "market": 137,
    "visiting": 100,
    "yuan": 142,
}
"""Pixels of the columns of the table."""


def chosen(scenario: Scenario) -> tuple[str, ...]:
    """Chosen townships that may get a station, in the order of the scenario."""
    ids = st.session_state.get(POINTS, ())
    return tuple(town.id for town in candidates(scenario) if town.id in ids)


def choose_all(townships: Iterable[str]) -> None:
    """Choose these and no others."""
    st.session_state[POINTS] = tuple(townships)


def toggle(township: str) -> None:
    """Open a point, or close it again."""
    now = st.session_state.get(POINTS, ())
    without = tuple(name for name in now if name != township)
    choose_all(without if len(without) < len(now) else (*now, township))


def add(*townships: str) -> None:
    """Open points beside those that are open."""
    choose_all(dict.fromkeys([*st.session_state.get(POINTS, ()), *townships]))


def once_more(scenario: Scenario) -> None:
    """What was asked for where a result is reopened: the newest one, where none was named, and
    where there is none the example.
    """
    state = st.session_state
    if POINTS in state:
        return
    state[POINTS], state[ROWS], state[MATTERS] = (), {}, {}
    if not current().job(ExtendQuestion):
        put_job(ExtendQuestion, newest_of(ExtendQuestion, current().change))
    question = question_at_first(ExtendQuestion)
    station = _station(scenario)
    if question is None or station is None:
        return
    own = question.stations
    choose_all(question.points)
    state[ROWS] = {name: row_of(scenario, own.get(name, station)) for name in chosen(scenario)}
    for station_asked in own.values():
        state[MATTERS] = {
            name: matters_of(scenario, getattr(station_asked, name)) for name in LISTS
        }
    state["townships-layout"] = question.layout


def _station(scenario: Scenario) -> ServicePoint | None:
    siting = scenario.places.siting if scenario.places is not None else None
    return siting.station if siting is not None else None


def arrange(scenario: Scenario, text: Text) -> dict[str, ServicePoint] | None:
    """The table of chosen points; None while something in it is wrong, which is told."""
    station, points = _station(scenario), chosen(scenario)
    assert station is not None
    st.subheader(text("page.townships.arrange"), anchor=False)
    if not points:
        st.info(text("page.townships.choose_first"))
        return {}
    st.caption(text("page.townships.arrange_help"))
    _edit(scenario, station, text)
    _choose_matters(scenario, station, text)
    made, problems = _stations(scenario, station, text)
    tell(problems, text)
    if problems:
        return None
    total = sum(station.yearly_cost for station in made.values())
    st.caption(text("page.townships.total", points=len(points), yuan=text.number(total, 0)))
    return made


def own_of(scenario: Scenario, text: Text) -> dict[str, ServicePoint]:
    """Chosen points that do not serve as the scenario says; none while the table is wrong."""
    station = _station(scenario)
    assert station is not None
    made, problems = _stations(scenario, station, text)
    return {} if problems else own_stations(scenario, chosen(scenario), made)


def asked_again(question: ExtendQuestion, scenario: Scenario, text: Text) -> bool:
    """Whether the page asks for the very points of a job."""
    answered = (question.points, dict(question.stations))
    return answered == (chosen(scenario), own_of(scenario, text))


def _rows(scenario: Scenario, station: ServicePoint) -> dict[str, PointRow]:
    """A row for each chosen township: as it was written, else as the scenario has it."""
    written, plain = st.session_state.get(ROWS, {}), row_of(scenario, station)
    return {name: written.get(name, plain) for name in chosen(scenario)}


def _stations(
    scenario: Scenario, station: ServicePoint, text: Text
) -> tuple[dict[str, ServicePoint], tuple[Problem, ...]]:
    """The stations that the table describes, and what is wrong with it."""
    names = {town.id: text.name(town.name) for town in candidates(scenario)}
    words = {field: text(f"stations.column.{field}") for field in FIELDS}
    stations: dict[str, ServicePoint] = {}
    problems: list[Problem] = []
    station = with_matters(scenario, station, *_matters(scenario, station).values())
    for name, row in _rows(scenario, station).items():
        stations[name], wrong = station_of(scenario, station, row, names[name], words)
        problems += wrong
    return stations, tuple(problems)


def _matters(scenario: Scenario, station: ServicePoint) -> dict[str, tuple[str, ...]]:
    """Matters that all points accept, and that they send on."""
    edited = st.session_state.get(MATTERS, {})
    matter_ids = {matter.id for matter in scenario.matters}
    lists = {}
    for name in LISTS:
        plain = matters_of(scenario, getattr(station, name))
        lists[name] = tuple(matter for matter in edited.get(name, plain) if matter in matter_ids)
    return lists


def _choose_matters(scenario: Scenario, station: ServicePoint, text: Text) -> None:
    """Which matters the points take in; what is kept is shown in either language."""
    state, now = st.session_state, _matters(scenario, station)
    names = {matter.id: text.name(matter.name) for matter in scenario.matters}
    for place, name in zip(st.columns(2), LISTS, strict=True):
        key = f"station-{name}-{text.language}"
        state[key] = [*now[name]]

        def changed(name: str = name, key: str = key) -> None:
            state[MATTERS] = {**now, name: tuple(state[key])}

        place.multiselect(
            text(f"stations.column.{name}"),
            [*names],
            format_func=names.__getitem__,
            key=key,
            on_change=changed,
            help=text(f"page.townships.column_help.{name}"),
            placeholder=text("page.townships.none_yet"),
        )


def _edit(scenario: Scenario, station: ServicePoint, text: Text) -> None:
    """The table; its base stays as it is while it is edited, else edits are lost or doubled."""
    state, rows = st.session_state, _rows(scenario, station)
    key = "-".join(["stations", text.language, *rows])
    if f"base-{key}" not in state or key not in state:
        state[f"base-{key}"] = rows
    base: dict[str, PointRow] = state[f"base-{key}"]
    columns = columns_of(station)
    names = {town.id: text.name(town.name) for town in candidates(scenario)}
    frame = pd.DataFrame(
        [[names[name], *(getattr(row, field) for field in columns)] for name, row in base.items()],
        columns=[NAME, *columns],
        index=[*base],
    )
    edited = st.data_editor(
        frame,
        key=key,
        hide_index=True,
        num_rows="fixed",
        disabled=[NAME],
        width="stretch",
        column_config=_columns(scenario, text),
    )
    written = dict(state.get(ROWS, {}))
    for name, cells in zip(base, edited[[*columns]].to_numpy().tolist(), strict=True):
        values = (None if pd.isna(cell) else cell for cell in cells)
        fields = dict(zip(columns, values, strict=True))
        written[name] = PointRow(**{**vars(rows[name]), **fields})
    state[ROWS] = written


def _columns(scenario: Scenario, text: Text) -> dict[str, Any]:
    """Heads, help and kinds of the columns; bounds are ours to tell, in the reader's language."""
    hours = {calendar.id: hours_name(calendar, text) for calendar in scenario.calendars}
    heads = {name: text(f"stations.column.{name}") for name in FIELDS}
    helps = {name: text(f"page.townships.column_help.{name}") for name in FIELDS}
    numbers = {
        name: st.column_config.NumberColumn(
            heads[name], help=helps[name], format=form, width=WIDTHS[name]
        )
        for name, form in (("agents", "%d"), ("visiting", "%d"), ("yuan", "localized"))
    }
    return {
        NAME: st.column_config.TextColumn(
            text("cli.head.township"), pinned=True, width=WIDTHS[NAME]
        ),
        "hours": st.column_config.SelectboxColumn(
            heads["hours"],
            help=helps["hours"],
            options=[*hours],
            format_func=lambda hours_id: hours.get(str(hours_id), str(hours_id)),
            required=True,
            width=WIDTHS["hours"],
        ),
        "market": st.column_config.TextColumn(
            heads["market"], help=helps["market"], width=WIDTHS["market"]
        ),
        **numbers,
    }
