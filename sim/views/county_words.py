"""An area by county: its townships and halls, and which numbers of a scenario are a county's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from sim.analysis.access import Nearness, reach
from sim.plan.places import HOME, PLACE
from sim.scenario.dated_rosters import most_clerks
from sim.scenario.geography import Hands
from sim.scenario.node import Steps
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.area_names import county_names
from sim.views.blocks import TableBlock
from sim.views.hours import hours_name

MOST_TOWNSHIPS: Final = 300
"""A larger area is told by county, and by township and place in the one that is chosen."""
NO_COUNTY: Final = ""
"""What is of no single county: the city hall, matters, departments."""


def county_of_place(scenario: Scenario) -> dict[str, str]:
    """County of each open place, by its id.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"))
    >>> [*county_of_place(area).items()][:2]
    [('city_hall', ''), ('hubin_hall', 'hubin')]
    """
    if scenario.places is None:
        return {}
    hands = Hands(scenario)
    return {place.id: hands.county(place) or NO_COUNTY for place in scenario.places.open}


def is_large(scenario: Scenario) -> bool:
    """Whether an area is told county by county.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> is_large(load_scenario(example_path("sanmenxia_townships.yaml")))
    False
    """
    return len(scenario.applicants.townships) > MOST_TOWNSHIPS


def county_of_windows(group: str, county_at: Mapping[str, str]) -> str:
    """County of a group of windows or a list of any place: places call theirs by their own id.

    Parameters
    ----------
    county_at
        As `county_of_place` has it.

    Examples
    --------
    >>> [county_of_windows(id_, {"hall": "lushi"}) for id_ in ("hall", "hall:home", "zone")]
    ['lushi', 'lushi', '']
    """
    return county_at.get(group.removeprefix(PLACE).removesuffix(HOME), NO_COUNTY)


def county_of_path(scenario: Scenario) -> Callable[[Steps], str]:
    """Which county a number belongs to, by where it stands in the scenario.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> county_of = county_of_path(load_scenario(example_path("sanmenxia_townships.yaml")))
    >>> county_of(("applicants", "townships", "t411224001", "lon")), county_of(("run", "seed"))
    ('lushi', '')
    """
    towns = {town.id: town.county for town in scenario.applicants.townships}
    places = county_of_place(scenario)
    legs = scenario.places.travel.legs if scenario.places is not None else ()

    def county_of(path: Steps) -> str:
        match path:
            case ("applicants", "townships", town, *_):
                return towns.get(str(town), NO_COUNTY)
            case ("places", "open", place, *_):
                return places.get(str(place), NO_COUNTY)
            case ("places", "travel", "legs", int(n), *_):
                return towns.get(legs[n].township, NO_COUNTY)
        return NO_COUNTY

    return county_of


def counties(scenario: Scenario) -> tuple[str, ...]:
    """Counties of townships and places, in their order; last `NO_COUNTY`, where a place has none.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> counties(load_scenario(example_path("sanmenxia_townships.yaml")))[-2:]
    ('lushi', '')
    """
    of_towns = (town.county for town in scenario.applicants.townships)
    ids = dict.fromkeys((*of_towns, *county_of_place(scenario).values()))
    return tuple(sorted(ids, key=lambda county: county == NO_COUNTY))


def county_table(scenario: Scenario, text: Text) -> TableBlock:
    """A row for each of the `counties`: townships, residents, places, people who serve there.

    Examples
    --------
    Where no places are written nothing is said of them:

    >>> from sim import example_path, load_scenario
    >>> from sim.text import load_text
    >>> city = load_scenario(example_path("sanmenxia.yaml"))
    >>> county_table(city, load_text("en")).heads
    ('County', 'Townships', 'Residents')
    """
    county_at = county_of_place(scenario)
    names = {NO_COUNTY: text("area.no_county"), **county_names(scenario, text)}
    towns: dict[str, list[int]] = {}
    for town in scenario.applicants.townships:
        towns.setdefault(town.county, []).append(town.population)
    clerks: dict[str, list[int]] = {}
    for place in scenario.places.open if scenario.places is not None else ():
        clerks.setdefault(county_at[place.id], []).append(most_clerks(place.clerks))
    rows = [
        (
            names.get(county, county),
            text.number(len(towns.get(county, ())), 0),
            text.number(sum(towns.get(county, ())), 0),
            text.number(len(clerks.get(county, ())), 0),
            text.number(sum(clerks.get(county, ())), 0) if county else text("format.missing"),
        )
        for county in counties(scenario)
    ]
    heads = ("county", "townships", "residents", "places", "most_clerks")
    n_columns = len(heads) if scenario.places is not None else heads.index("places")
    return _table("county", heads[:n_columns], [row[:n_columns] for row in rows], text)


def township_table(scenario: Scenario, county: str, text: Text) -> TableBlock:
    """A row a township of a county: residents, coordinates, roads."""
    travel = scenario.places.travel if scenario.places is not None else None
    roads = {terrain.id: text.name(terrain.name) for terrain in (travel.terrains if travel else ())}
    rows = [
        (
            text.name(town.name),
            text.number(town.population, 0),
            *(
                text.number(degrees, 4) if degrees is not None else text("format.missing")
                for degrees in (town.lon, town.lat)
            ),
            roads.get(town.terrain or next(iter(roads), ""), text("format.missing")),
        )
        for town in scenario.applicants.townships
        if town.county == county
    ]
    return _table("township", ("township", "residents", "lon", "lat", "terrain"), rows, text)


def place_table(scenario: Scenario, county: str, text: Text) -> TableBlock:
    """A row a hall or station of a county: its level, hours, people and whom it serves."""
    names, county_at = county_names(scenario, text), county_of_place(scenario)
    hours = {calendar.id: hours_name(calendar, text) for calendar in scenario.calendars}
    rows = [
        (
            text.name(place.name),
            text(f"figure.map.{place.kind}"),
            hours[place.hours or scenario.hall.hours],
            text.number(most_clerks(place.clerks), 0) if place.clerks else text("format.missing"),
            text("format.list").join(names.get(each, each) for each in place.catchment)
            or text("app.all"),
        )
        for place in (scenario.places.open if scenario.places is not None else ())
        if county_at[place.id] == county
    ]
    heads = ("place", "level", "hours", "most_clerks", "catchment")
    return _table("place", heads, rows, text)


def near_table(scenario: Scenario, nearest: Nearness, county: str, text: Text) -> TableBlock:
    """Minutes to the nearest place, now and with new points: by county, or by township of one."""
    towns = scenario.applicants.townships
    people = np.array([town.population for town in towns], dtype=np.float64)
    of_county: dict[str, list[int]] = {}
    for n, town in enumerate(towns):
        of_county.setdefault(town.county, []).append(n)
    if county:
        parts = [(text.name(towns[n].name), [n]) for n in of_county.get(county, ())]
    else:
        names = county_names(scenario, text)
        parts = [(names[each], rows) for each, rows in of_county.items()]
    rows = [
        (
            name,
            text.number(float(people[of].sum()), 0),
            *(text.number(reach(minutes[of], people[of]).mean, 1) for minutes in nearest),
        )
        for name, of in parts
    ]
    first = "township" if county else "county"
    return _table("near", (first, "residents", "minutes_now", "minutes_then"), rows, text)


def _table(
    title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], text: Text
) -> TableBlock:
    return TableBlock(
        text(f"area.table.{title}"),
        tuple(text(f"area.head.{head}") for head in heads),
        tuple(map(tuple, rows)),
    )
