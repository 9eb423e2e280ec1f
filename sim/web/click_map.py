"""A map whose townships are clicked to open a point or to close it; it asks for nothing outside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import streamlit as st

KEY: Final = "click-map"
CSS: Final = """
.map {max-width: 1000px; font-family: inherit; color: #222222}
.map svg {width: 100%; height: auto; display: block}
.map circle[role=button] {cursor: pointer}
.map circle[role=button]:hover {stroke-width: 3}
.map circle:focus {outline: none; stroke: #0B5CAD; stroke-width: 4}
.map .keys {display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; margin: 0 0 0.3rem}
.map .keys {font-size: 0.9rem}
.map .keys span {display: inline-flex; align-items: center; gap: 0.35rem}
.map .keys svg {width: 18px; height: 18px; flex: none}
.map .keys i {display: inline-block; width: 8rem; height: 0.8rem; border: 1px solid #8a8a8a}
.map .said {min-height: 1.5em; margin: 0.2rem 0 0; font-size: 0.95rem}
@media print {
  .map {print-color-adjust: exact; -webkit-print-color-adjust: exact}
  .map .said {display: none}
}
"""

_DRAWN = st.components.v2.component(
    "click_map",
    html='<div class="map"></div>',
    css=CSS,
    js=(Path(__file__).parent / "click_map.js").read_text(encoding="utf-8"),
)


def click_map(data: dict[str, Any], picked: Callable[[str], None]) -> None:
    """Show a map of `map_data`; `picked` is called with the township that was clicked."""

    def pass_on() -> None:
        # whatever a browser sends is only looked up among the townships that are shown
        name = st.session_state[KEY].picked
        if name in {town["id"] for town in data["towns"] if town["open"]}:
            picked(name)

    _DRAWN(data=data, key=KEY, on_picked_change=pass_on)
