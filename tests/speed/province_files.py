"""A made province as planners would write it: a short text, a table of townships, one of halls."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

import sim
from sim.scenario.demand import Township
from sim.scenario.places import Place
from sim.scenario.scenario import Scenario
from tests.speed.halls import made_province

BASE: Final = "sanmenxia_townships.yaml"


class ProvinceFiles(NamedTuple):
    """Texts of three files."""

    text: str
    tables: Mapping[str, bytes]


def province_files(prefectures: int, days: int) -> ProvinceFiles:
    """Files of the province of several prefectures that `made_province` makes.

    Examples
    --------
    >>> files = province_files(2, 1)
    >>> files.text.splitlines()[0], [*files.tables]
    ('extends: sanmenxia_townships.yaml', ['townships.csv', 'places.csv'])
    """
    province = made_province(prefectures, days)
    base = sim.load_scenario(sim.example_path(BASE))
    assert base.places is not None
    assert province.places is not None
    towns = province.applicants.townships[len(base.applicants.townships) :]
    places = province.places.open[len(base.places.open) :]
    tables = {
        "townships.csv": _table(_township_row(town) for town in towns),
        "places.csv": _table(_place_row(place) for place in places),
    }
    return ProvinceFiles(_text(province), tables)


def _text(province: Scenario) -> str:
    run = province.run
    offices = (
        f"  - {{id: {office.id}, reviewers: {{{_roster(office.reviewers, ', ')}}}}}"
        for office in province.departments
    )
    return "\n".join(
        (
            f"extends: {BASE}",
            "name: {zh: 样例省, en: Made province}",
            f"run: {{warmup_days: {run.warmup_days}, measured_days: {run.measured_days},"
            f" followup_days: {run.followup_days}}}",
            "applicants:",
            f"  volume_factor: {province.applicants.volume_factor}",
            "  townships_file: townships.csv",
            "places: {places_file: places.csv}",
            "departments:",
            *offices,
            "",
        )
    )


def _roster(roster: Mapping[str, float], between: str) -> str:
    return between.join(f"{key}: {n:g}" for key, n in roster.items())


def _township_row(town: Township) -> dict[str, object]:
    return {
        "id": town.id,
        "name_zh": town.name.zh,
        "name_en": town.name.en,
        "county": town.county,
        "population": town.population,
        "lon": town.lon,
        "lat": town.lat,
        "terrain": town.terrain or "",
    }


def _place_row(place: Place) -> dict[str, object]:
    return {
        "id": place.id,
        "name_zh": place.name.zh,
        "name_en": place.name.en,
        "kind": place.kind,
        "county": place.county,
        "lon": place.lon,
        "lat": place.lat,
        "catchment": " ".join(place.catchment),
        "hours": place.hours,
        "clerks": _roster(place.clerks, "; "),
        "accepts": " ".join(place.accepts),
    }


def _table(rows: Iterable[Mapping[str, object]]) -> bytes:
    listed = [*rows]
    written = io.StringIO()
    table = csv.DictWriter(written, [*listed[0]], lineterminator="\n")
    table.writeheader()
    table.writerows(listed)
    return written.getvalue().encode()
