"""Townships and places as the tables that a scenario can name (`townships_file`, `places_file`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sim.scenario.demand import Township
from sim.scenario.places import Place


def township_rows(townships: Iterable[Township]) -> Iterator[dict[str, Any]]:
    """A row a township, under the headings of `townships_file`.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"))
    >>> row = next(township_rows(area.applicants.townships))
    >>> row["id"], row["county"], row["lon"]
    ('t411202001', 'hubin', 111.2075)
    """
    for town in townships:
        yield {
            "id": town.id,
            "name_zh": town.name.zh,
            "name_en": town.name.en,
            "county": town.county,
            "population": town.population,
            "lon": town.lon,
            "lat": town.lat,
            "terrain": town.terrain,
        }


def place_rows(places: Iterable[Place]) -> Iterator[dict[str, Any]]:
    """A row a hall or station, under the headings of `places_file`.

    Market days, couriers, home visits and where papers are sent have no column there: the text of
    the scenario keeps them.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"))
    >>> row = next(place_rows(area.places.open[1:]))
    >>> row["catchment"], row["clerks"]
    ('hubin', 'mon-fri 00:00-24:00: 7; sat 09:00-12:00: 3')
    """
    for place in places:
        yield {
            "id": place.id,
            "name_zh": place.name.zh,
            "name_en": place.name.en,
            "kind": place.kind,
            "township": place.township,
            "lon": place.lon,
            "lat": place.lat,
            "county": place.county,
            "terrain": place.terrain,
            "catchment": " ".join(place.catchment),
            "hours": place.hours,
            "clerks": _roster(place.clerks),
            "accepts": " ".join(place.accepts),
            "forwards": " ".join(place.forwards),
            "yuan_per_year": place.yuan_per_year,
            "setup_yuan": place.setup_yuan,
        }


def _roster(roster: Mapping[str, float]) -> str:
    return "; ".join(f"{key}: {clerks:g}" for key, clerks in roster.items())
