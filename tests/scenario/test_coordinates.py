"""Points by the clock of their hall: in China, or anywhere on the globe."""

from __future__ import annotations

import pytest

from sim.errors import ScenarioError
from sim.scenario.load import scenario_from_text
from tests.strategies import small

TOWN = (
    "{townships: [{id: town, name: {zh: 镇, en: Town}, county: shire, population: 100,"
    " lon: %g, lat: %g}]}"
)
HALL = "{name: {zh: 厅, en: Hall}, hours: day%s}"


def _faults(lon: float, lat: float, zone: str = "") -> list[tuple[str, str]]:
    """Codes and values of the faults of a hall with one township."""
    hall = HALL % (f", time_zone: {zone}" if zone else "")
    try:
        scenario_from_text(small(applicants=TOWN % (lon, lat), hall=hall))
    except ScenarioError as error:
        return [(problem.code, problem.found) for problem in error.problems]
    return []


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (73.0, 18.0, ""),
        (136.0, 54.0, ""),
        (72.9, 34.0, "outside_china"),
        (136.1, 34.0, "outside_china"),
        (111.0, 17.9, "outside_china"),
        (111.0, 54.1, "outside_china"),
        (18.0, 73.0, "swapped_coordinates"),
        (54.0, 136.0, "swapped_coordinates"),
        (17.9, 73.0, "outside_china"),
        (54.1, 111.0, "outside_china"),
        (34.0, 72.9, "outside_china"),
        (34.0, 136.1, "outside_china"),
    ],
)
@pytest.mark.parametrize("zone", ["", "Asia/Urumqi"])
def test_of_a_chinese_hall_they_lie_in_china(lon: float, lat: float, code: str, zone: str) -> None:
    """Each border of the country belongs to it, whichever way round a pair is written."""
    assert _faults(lon, lat, zone) == ([(code, f"lon {lon:g}, lat {lat:g}")] if code else [])


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (-3.7, 40.4, ""),
        (40.4, -3.7, ""),
        (180.0, 90.0, ""),
        (-180.0, -90.0, ""),
        (40.4, 90.1, "beyond_globe"),
        (-3.7, -111.0, "beyond_globe"),
    ],
)
def test_of_another_hall_they_lie_on_the_globe(lon: float, lat: float, code: str) -> None:
    assert _faults(lon, lat, "Europe/Madrid") == (
        [(code, f"lon {lon:g}, lat {lat:g}")] if code else []
    )


def test_neighbours_across_180_degrees_and_near_a_pole_are_near() -> None:
    """Twenty kilometres apart, whatever the cells of the map are: nobody is astray."""
    towns = ", ".join(
        f"{{id: t{n}, name: {{zh: 镇, en: Town}}, county: c{n // 3}, population: 9,"
        f" lon: {lon}, lat: {lat}}}"
        for n, (lon, lat) in enumerate(
            [
                (179.9, 0.0),
                (-179.9, 0.0),
                (-179.8, 0.0),
                (0.0, 89.9),
                (120.0, 89.9),
                (240.0 - 360, 89.9),
            ]
        )
    )
    text = small(
        hall=HALL % ", time_zone: Europe/Madrid",
        applicants=f"{{townships: [{towns}]}}",
        places="{open: [{id: city, name: {zh: 厅, en: Hall}, kind: city_hall, lon: 0, lat: 89.9,"
        " county: c1, clerks: 1}], travel: {terrains: [{id: plain, name: {zh: 平, en: Plain},"
        " road_factor: 1.3, km_per_hour: 30}]}}",
    )
    assert scenario_from_text(text).places is not None
