"""The map as plain data for a page that draws it itself, so that its circles can be clicked."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.colors import Normalize, to_hex

from sim.arrays import Floats
from sim.scenario.geography import coordinates_of
from sim.scenario.scenario import Scenario
from sim.scenario.travel import candidates
from sim.text import Text
from sim.views.area_names import county_names
from sim.views.map import COLOURS, KM_A_DEGREE, SHAPES, Border, bar_length, middle

WIDE: Final = 1000.0
"""Width of the drawing, in its own units."""
HIGHEST: Final = 860.0
LARGEST: Final = 17.0
"""Radius of the circle of the most populous township."""
SMALLEST: Final = 5.0
"""… of any: smaller ones could not be clicked."""
MARGIN: Final = 0.05
"""Share of the frame left free around everything."""
STOPS: Final = 9
"""Colours of the bar that says what they mean."""


def map_data(
    scenario: Scenario,
    values: Floats,
    label: str,
    said: Mapping[str, str],
    text: Text,
    *,
    new: Sequence[str] = (),
    borders: Sequence[Border] = (),
    county: str = "",
    sure: Collection[str] = (),
    by_county: bool = False,
) -> dict[str, Any]:
    """Circles, marks, borders, bar and words of the map of townships.

    Parameters
    ----------
    values : ndarray, shape (townships,)
        In the order of the scenario; nan = nothing to show, drawn hollow.
    label
        What the value is, with its unit.
    said
        Township -> the words shown when it is pointed at.
    new
        Townships whose centres get a new station.
    county
        The county that fills the frame; empty = all.
    sure
        Townships drawn with a thick edge.
    by_county
        A circle a county in place of one a township: its value is the mean of its residents, and
        who clicks it asks for its townships.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.text import load_text
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"))
    >>> drawn = map_data(area, np.ones(78), "x", {}, load_text("en"), county="lushi")
    >>> drawn["width"], len(drawn["towns"])
    (1000.0, 20)
    """
    towns = [
        (n, town, at)
        for n, town in enumerate(scenario.applicants.townships)
        if (at := coordinates_of(scenario, town)) is not None
        and (not county or town.county == county)
    ]
    shown = [border for border in borders if not county or border.county == county]
    inside = {border.county for border in shown}
    project = _Projection([at for *_, at in towns], shown)
    sites = {town.id for town in candidates(scenario)}
    spots = [
        Spot(
            id=town.id,
            name=text.name(town.name),
            said=said.get(town.id, text.name(town.name)),
            at=at,
            people=town.population,
            value=float(values[n]),
            is_new=town.id in new,
            is_open=town.id in sites,
            is_sure=town.id in sure,
        )
        for n, town, at in towns
    ]
    most = max((town.population for town in scenario.applicants.townships), default=1) or 1
    if by_county:
        spots = _county_spots(scenario, spots, text)
        values = np.array([spot.value for spot in spots])
        most = max((spot.people for spot in spots), default=1) or 1
    finite = values[np.isfinite(values)]
    top = float(finite.max()) if finite.size else 1.0
    low = min(float(finite.min()), 0.0) if finite.size else 0.0
    high = top if top > low else low + 1.0
    norm = Normalize(low, high)
    shades = mpl.colormaps[COLOURS]
    return {
        "width": WIDE,
        "height": project.height,
        "label": label,
        "borders": [
            _outline(border, project, text)
            | {"shown": border.county in inside}
            | ({"name": ""} if by_county else {})  # circles have the names of counties
            for border in borders
        ],
        "towns": [
            {
                "id": spot.id,
                "name": spot.name,
                "said": spot.said,
                "at": project(spot.at),
                "r": max(LARGEST * math.sqrt(spot.people / most), SMALLEST),
                "fill": to_hex(shades(norm(spot.value))) if math.isfinite(spot.value) else "",
                "rank": spot.value if math.isfinite(spot.value) else None,
                "new": spot.is_new,
                "open": spot.is_open,
                "sure": spot.is_sure,
            }
            for spot in sorted(spots, key=lambda ranked: -ranked.people)
        ],
        "places": list(_marks(scenario, project, text)),
        "legend": [
            {"kind": kind, "name": text(f"figure.map.{kind}")}
            for kind in SHAPES
            if kind == "new_station" or kind in {site.kind for site in _open(scenario)}
        ],
        "bar": {
            "low": text.number(low, 0),
            "high": text.number(high, 0),
            "colours": [to_hex(shades(k / (STOPS - 1))) for k in range(STOPS)],
        },
        "scale": project.scale(text),
        "north": text("figure.map.north"),
    }


class Spot(NamedTuple):
    """A circle of the map."""

    id: str
    name: str
    said: str
    at: tuple[float, float]
    """Longitude and latitude."""
    people: int
    value: float
    is_new: bool
    is_open: bool
    """It can be clicked."""
    is_sure: bool


def _county_spots(scenario: Scenario, spots: Sequence[Spot], text: Text) -> list[Spot]:
    """One circle for the townships of each county, in the middle of its residents."""
    county_of = {town.id: town.county for town in scenario.applicants.townships}
    counties: dict[str, list[Spot]] = {}
    for spot in spots:
        counties.setdefault(county_of[spot.id], []).append(spot)
    merged, names = [], county_names(scenario, text)
    for county, towns in counties.items():
        people = np.array([max(town.people, 1) for town in towns], dtype=np.float64)
        value = np.array([town.value for town in towns])
        has_value = np.isfinite(value)
        mean = (
            float(np.average(value[has_value], weights=people[has_value]))
            if has_value.any()
            else math.nan
        )
        lon, lat = np.average([town.at for town in towns], axis=0, weights=people).tolist()
        name, residents = names[county], int(people.sum())
        words = text(
            "figure.map.county_tip",
            name=name,
            towns=text.number(len(towns), 0),
            people=text.number(residents, 0),
            value=text.number(mean, 0),
        )
        is_new = any(town.is_new for town in towns)
        merged.append(Spot(county, name, words, (lon, lat), residents, mean, is_new, True, False))
    return merged


def _open(scenario: Scenario) -> Sequence[Any]:
    return scenario.places.open if scenario.places is not None else ()


class _Projection:
    """Degrees to the drawing, north as long as east."""

    def __init__(self, spots: Sequence[tuple[float, float]], borders: Sequence[Border]) -> None:
        rings = [ring for border in borders for ring in border.rings]
        points = np.concatenate([np.array(spots).reshape(-1, 2), *rings])
        low, high = points.min(axis=0), points.max(axis=0)
        self._stretch = 1 / math.cos(math.radians(float(low[1] + high[1]) / 2))
        wide = max(float(high[0] - low[0]), 1e-3) * (1 + 2 * MARGIN)
        high_ = max(float(high[1] - low[1]), 1e-3) * self._stretch * (1 + 2 * MARGIN)
        self._unit = min(WIDE / wide, HIGHEST / high_)
        self.height = round(min(self._unit * high_, HIGHEST), 1)
        middle_of = (low + high) / 2
        self._left = float(middle_of[0]) - WIDE / self._unit / 2
        self._top = float(middle_of[1]) + self.height / self._unit / self._stretch / 2

    def __call__(self, at: tuple[float, float]) -> list[float]:
        lon, lat = at
        x = (lon - self._left) * self._unit
        y = (self._top - lat) * self._stretch * self._unit
        return [round(x, 1), round(y, 1)]

    def scale(self, text: Text) -> dict[str, Any]:
        """A round number of kilometres, no more than a quarter of the width."""
        a_km = self._unit * self._stretch / KM_A_DEGREE
        km = bar_length(WIDE / a_km / 4)
        return {"long": round(km * a_km, 1), "words": text.with_unit(f"{km:g}", "km")}


def _outline(border: Border, project: _Projection, text: Text) -> dict[str, Any]:
    paths = (
        "M" + "L".join("{},{}".format(*project(tuple(at))) for at in ring) + "Z"
        for ring in border.rings
    )
    return {
        "name": text.name(border),
        "path": "".join(paths),
        "at": project(middle(border.rings[0])),
    }


def _marks(scenario: Scenario, project: _Projection, text: Text) -> Sequence[dict[str, Any]]:
    return [
        {"kind": place.kind, "name": text.name(place.name), "at": project(at)}
        for place in _open(scenario)
        if (at := coordinates_of(scenario, place)) is not None
    ]
