"""Where window groups stand: moved on a floor plan, for the day in motion and, where the reader
says so, for the walks of the model."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import streamlit as st

from sim.clock import SECOND
from sim.scenario.scenario import Scenario
from sim.storage.scenario_file import scenario_yaml, tables_named
from sim.text import Text
from sim.views.blocks import TableBlock
from sim.views.floor_metres import FloorMetres, floor_metres
from sim.views.scenario_names import layout_name
from sim.web.change import made
from sim.web.drawing import draw_blocks
from sim.web.fields import whole_number
from sim.web.saving import offer_saving
from sim.web.session import put
from sim.web.session import session as current
from sim.web.telling import plain

KEY: Final = "floor"
SEATS: Final = ":seats"
"""Stands for the seats among the ids of groups: no id has a colon."""
SEATED: Final = (6.0, 3.0)
"""Metres of the seats as they are drawn here."""
FARTHEST: Final = 1_000.0
"""Metres that a browser may hand back."""
SPEED: Final = 70
"""Metres a minute with which the field begins; the page says that it is assumed, and its range."""
FASTEST: Final = 1_000
SPEED_PATH: Final = "hall.metres_per_minute"
SEATS_PATH: Final = "hall.seats"
MARGIN: Final = 1.5
LEAST: Final = (24.0, 14.0)
"""Metres that are shown at least."""
CSS: Final = """
.floor-editor {max-width: 1000px; font-family: inherit; color: #222222}
.floor-editor svg {width: 100%; height: auto; display: block}
.floor-editor .thing {cursor: grab; touch-action: none; user-select: none}
.floor-editor .thing:focus {outline: none}
.floor-editor .thing:focus .body {stroke: #0B5CAD; stroke-width: 6}
.floor-editor .said {min-height: 1.5em; margin: 0.3rem 0 0; font-size: 0.95rem}
"""

_EDITOR = st.components.v2.component(
    "floor_editor",
    html='<div class="floor-editor"></div>',
    css=CSS,
    js=(Path(__file__).parent / "floor_editor.js").read_text(encoding="utf-8"),
)


def floor_editor(layout: str, text: Text) -> None:
    """The floor of one layout, and what follows from it.

    Parameters
    ----------
    layout
        Id of a layout of the scenario that is being changed.
    """
    scenario = made(replace(current().change, unequal=True)).scenario
    if scenario is None:
        return
    with st.expander(text("floor.expander")):
        st.caption(text("floor.what", layout=plain(layout_name(scenario, layout, text))))
        floor = _floor(scenario, layout, text, scenario.hash, text.language)
        _show(floor, layout, text)
        _walks(scenario, layout, floor, text)
        _doings(scenario, layout, text)


@st.cache_resource(show_spinner=False, max_entries=16)
def _floor(
    _scenario: Scenario, layout: str, _text: Text, scenario_hash: str, language: str
) -> FloorMetres:
    del scenario_hash, language
    return floor_metres(_scenario, layout, _text)


# --- the picture --- #


def _show(floor: FloorMetres, layout: str, text: Text) -> None:
    key = f"{KEY}-{layout}"

    def moved() -> None:
        place = st.session_state[key].moved
        if place is not None:
            _put(layout, floor, place)

    _EDITOR(data=_data(floor, text), key=key, on_moved_change=moved)


def _data(floor: FloorMetres, text: Text) -> dict[str, Any]:
    """What the picture shows: groups and seats, the part of the floor that is in sight."""
    seats = {
        "id": SEATS,
        "name": text("floor.seats"),
        "seats": True,
        "windows": 0,
        **dict(zip("xy", floor.seats, strict=True)),
        **dict(zip(("breadth", "depth"), SEATED, strict=True)),
    }
    things = [{**group._asdict(), "seats": False} for group in floor.groups]
    things.append(seats)
    left = min(thing["x"] - thing["breadth"] / 2 for thing in things) - MARGIN
    right = max(thing["x"] + thing["breadth"] / 2 for thing in things) + MARGIN
    low = min(thing["y"] - thing["depth"] / 2 for thing in things) - 2 * MARGIN
    high = max(thing["y"] + thing["depth"] / 2 for thing in things) + MARGIN
    width, height = max(right - left, LEAST[0]), max(high - low, LEAST[1])
    frame = {
        "left": (left + right - width) / 2,
        "top": (low + high + height) / 2,
        "width": width,
        "height": height,
    }
    words = {name: text(f"floor.{name}") for name in ("title", "hint", "scale")}
    at = text("floor.at", **{name: f"{{{name}}}" for name in ("name", "x", "y")})
    words |= {"at": at, "door": text("animation.door")}
    return {"things": things, "frame": frame, "words": words}


def _put(layout: str, floor: FloorMetres, place: Mapping[str, Any]) -> None:
    """Take what a browser hands back, if it names something of this floor and a place on it."""
    try:
        name, x, y = str(place["id"]), float(place["x"]), float(place["y"])
    except (KeyError, TypeError, ValueError):
        return
    names = {group.id for group in floor.groups} | {SEATS}
    if name not in names or not all(math.isfinite(n) and abs(n) <= FARTHEST for n in (x, y)):
        return
    spots = {group.id: (group.x, group.y) for group in floor.groups}
    spots = {**spots, SEATS: floor.seats, name: (x, y)}
    seats = spots.pop(SEATS)
    fields = {_path(layout, group): _written(*spot) for group, spot in spots.items()}
    change = current().change
    if floor.has_seats or name == SEATS:  # else people sit before their windows
        fields[SEATS_PATH] = _written(*seats)
    put(change=replace(change, fields={**change.fields, **fields}))


def _path(layout: str, group: str) -> str:
    return f"layouts.{layout}.windows.{group}.position"


def _written(x: float, y: float) -> str:
    return f"{{x: {x:g}, y: {y:g}}}"


# --- what follows --- #


def _walks(scenario: Scenario, layout: str, floor: FloorMetres, text: Text) -> None:
    """Whether ways are walks of the model, and how long each is."""
    speed = scenario.hall.metres_per_minute
    key = f"{KEY}-walks-{text.language}"
    st.session_state[key] = speed is not None
    st.checkbox(
        text("floor.walks"),
        key=key,
        on_change=_set_walks,
        args=(layout, floor, key),
        help=text("floor.walks_help"),
    )
    if speed is None:
        return
    state, field = st.session_state, f"{KEY}-speed"
    if state.get(f"{field}-of") != speed:
        state[field], state[f"{field}-of"] = round(speed), speed
    place = st.columns(3)[0]
    metres = whole_number(place, text("floor.speed"), 1, FASTEST, text, key=field)
    if metres is not None and metres != round(speed):
        change = current().change
        put(change=replace(change, fields={**change.fields, SPEED_PATH: f"{metres}"}))
        st.rerun()
    ways = [
        (
            group.name,
            text.number(math.hypot(group.x - floor.seats[0], group.y - floor.seats[1]), 1),
            text.number(window.walk_of(scenario.hall) / SECOND, 0),
        )
        for group, window in zip(floor.groups, scenario.layout(layout).windows, strict=True)
    ]
    heads = (text("floor.group"), text("floor.way"), text("floor.walk"))
    note = text("floor.walks_note")
    draw_blocks([TableBlock(text("floor.ways"), heads, tuple(ways), note)], text)


def _set_walks(layout: str, floor: FloorMetres, key: str) -> None:
    change = current().change
    fields = {path: value for path, value in change.fields.items() if path != SPEED_PATH}
    if st.session_state[key]:
        fields |= {_path(layout, group.id): _written(group.x, group.y) for group in floor.groups}
        fields |= {SPEED_PATH: f"{SPEED}", SEATS_PATH: _written(*floor.seats)}
    else:
        scenario = made(replace(change, fields=fields, unequal=True)).scenario
        if scenario is not None and scenario.hall.metres_per_minute is not None:
            fields[SPEED_PATH] = "null"  # the file has a speed of its own
    put(change=replace(change, fields=fields))


def _doings(scenario: Scenario, layout: str, text: Text) -> None:
    """Back to the plan as it was, or save the hall with it; the page's column offers the file."""
    reset, called, save = st.columns(3, vertical_alignment="bottom")
    moved = [
        path
        for path in current().change.fields
        if path in (SPEED_PATH, SEATS_PATH)
        or (path.startswith(f"layouts.{layout}.windows.") and path.endswith(".position"))
    ]
    reset.button(
        text("floor.reset"),
        key=f"{KEY}-reset",
        on_click=_reset,
        args=(tuple(moved),),
        disabled=not moved,
        width="stretch",
    )
    if not tables_named(scenario):
        name = called.text_input(
            text("floor.called"),
            text.name(scenario.name),
            max_chars=60,
            key=f"{KEY}-called-{scenario.name.en}-{text.language}",
        ).strip()
        words = partial(scenario_yaml, scenario)
        offer_saving(name or text.name(scenario.name), words, f"{KEY}-save", text, save)


def _reset(paths: tuple[str, ...]) -> None:
    change = current().change
    fields = {path: value for path, value in change.fields.items() if path not in paths}
    put(change=replace(change, fields=fields))
