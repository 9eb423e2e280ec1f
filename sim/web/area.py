"""An area on the page of its data: counties first, then the townships and places of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, TypeVar

import streamlit as st

from sim.scenario.scenario import Scenario
from sim.storage.area_export import place_rows, township_rows
from sim.text import Text
from sim.views.blocks import HeadingBlock
from sim.views.county_words import counties, county_table, place_table, township_table
from sim.web.downloads import csv_bytes, download_table
from sim.web.drawing import draw_blocks, draw_long_table, pick_row

Entry = TypeVar("Entry")


def area_part(scenario: Scenario, text: Text) -> None:
    """Counties, of which one is chosen; nothing where no townships are written."""
    towns = scenario.applicants.townships
    if not towns:
        return
    st.subheader(text("page.data.area"), anchor=False)
    st.caption(text("page.data.area_help"))
    row = pick_row(county_table(scenario, text), f"area-counties-{text.language}")
    if row is not None:
        county = counties(scenario)[row]
        for table in (township_table, place_table):
            shown = table(scenario, county, text)
            if shown.rows:
                draw_blocks([HeadingBlock(shown.title, is_within=True)], text)
                draw_long_table(shown, f"area-{table.__name__}-{text.language}")
    left, right = st.columns(2)
    with left:
        file = partial(_file, township_rows, towns)
        download_table("townships", text, file, "area-townships", "page.data.townships")
    if scenario.places is not None:
        with right:
            file = partial(_file, place_rows, scenario.places.open)
            download_table("places", text, file, "area-places", "page.data.places")


def _file(
    rows_of: Callable[[Sequence[Entry]], Iterable[dict[str, Any]]], entries: Sequence[Entry]
) -> bytes:
    return csv_bytes(rows_of(entries))
