"""A province on the pages: it is read once, and no page draws more of it than of a small area."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sim.scenario import tables
from sim.scenario.provenance import numbers
from sim.text import LANGUAGES, Language, load_text
from sim.views.county_words import NO_COUNTY, counties, county_of_path, place_table
from sim.views.scenario_words import numbers_of
from sim.web.change import Change, Source, made
from sim.web.fields import MOST_ROWS
from sim.web.session import Session
from sim.web.tables import keep_tables
from tests.speed.halls import made_province
from tests.speed.province_files import province_files
from tests.web.test_pages import home, open_each_page, opened, pytestmark, turn

__all__ = ["home", "pytestmark"]

PREFECTURES = 5
"""More townships than a map has circles for."""
MORE_PARTS = 10
"""Of a page that lets a county and a page of a table be chosen."""


@pytest.fixture
def province(home: Path) -> Source:
    """A province whose tables a reader brought."""
    files = province_files(PREFECTURES, 1)
    return Source("province.yaml", files.text, keep_tables(files.tables))


def test_files_are_the_province_that_is_made(province: Source) -> None:
    read, wanted = made(Change(province)).scenario, made_province(PREFECTURES, 1)
    assert read is not None
    assert read.model_copy(update={"name": wanted.name}) == wanted


def test_all_pages_read_each_table_once(province: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many scenarios they make of it: each page changes something."""
    tables_read: list[str] = []
    read_table = tables.read_table

    def counted(path: Path, *rest: Any) -> Any:
        tables_read.append(path.name)
        return read_table(path, *rest)

    monkeypatch.setattr(tables, "read_table", counted)
    assert province.text is not None
    never_read = province._replace(text=f"{province.text}# {monkeypatch}\n")
    app = opened("home")
    app.session_state["session"] = Session("zh", Change(never_read))
    for _ in open_each_page(app):
        assert sorted(tables_read) in ([], ["places.csv", "townships.csv"])
    assert len(tables_read) == 2


def shown_rows(app: AppTest) -> dict[str, int]:
    """Rows of the longest table, entries of the longest list, and parts of a page."""
    tables_of_page = [len(table.value) for table in (*app.dataframe, *app.table)]
    lists = [len(choice.options) for choice in (*app.selectbox, *app.multiselect)]
    return {
        "rows": max(tables_of_page, default=0),
        "options": max(lists, default=0),
        "parts": len([*app.main]),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_of_a_province_is_as_long_as_that_of_an_area(
    province: Source, language: Language
) -> None:
    """Counties are told, and townships and places of one county: never all of them."""
    drawn: list[dict[str, dict[str, int]]] = []
    for source in (Source("sanmenxia_townships.yaml"), province):
        app = opened("home", language)
        app.session_state["session"] = Session(language, Change(source))
        drawn.append({page: shown_rows(app) for page in open_each_page(app)})
    area, of_province = drawn
    scenario = made(Change(province)).scenario
    assert scenario is not None
    n_counties = len({town.county for town in scenario.applicants.townships})
    for page, counts in of_province.items():
        assert counts["rows"] <= max(area[page]["rows"], n_counties + 1, MOST_ROWS), page
        assert counts["options"] <= max(area[page]["options"], n_counties + 2), page
        assert counts["parts"] <= area[page]["parts"] + MORE_PARTS, page


def test_a_county_leads_to_its_townships_and_places(province: Source) -> None:
    app = opened("home")
    app.session_state["session"] = Session("zh", Change(province))
    turn(app, "data")
    app.session_state["area-counties-zh"] = {"selection": {"rows": [7], "columns": [], "cells": []}}
    app.run()
    assert not app.exception
    scenario = made(Change(province)).scenario
    assert scenario is not None
    county = counties(scenario)[7]
    shown = {frame.value.columns[0]: len(frame.value) for frame in app.dataframe}
    text = load_text("zh")
    towns = [town for town in scenario.applicants.townships if town.county == county]
    assert shown[text("area.head.township")] == len(towns)
    assert shown[text("area.head.place")] == len(place_table(scenario, county, text).rows) > 0


def test_numbers_are_those_of_a_county_and_all_are_downloaded(province: Source) -> None:
    """More than a browser gets at once: each stands in the part of one county, or of none."""
    scenario = made(Change(province)).scenario
    assert scenario is not None
    assumed, county_of = numbers_of(numbers(scenario), "assumptions"), county_of_path(scenario)
    assert len(assumed) > MOST_ROWS
    parts = Counter(county_of(number.path) for number in assumed)
    assert set(parts) <= set(counties(scenario))
    app = opened("home")
    app.session_state["session"] = Session("zh", Change(province))
    turn(app, "data")
    app.run()
    for county in (NO_COUNTY, "lushi", "lushi_3"):
        app.selectbox(key="assumptions-county-zh").set_value(county).run()
        assert not app.exception
        assert parts[county] in [len(frame.value) for frame in app.dataframe]
    assert any(button.key == "assumptions-csv" for button in app.get("download_button"))
