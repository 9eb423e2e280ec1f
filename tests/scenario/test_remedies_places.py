"""What an error about townships, places and ways advises mends the file."""

from __future__ import annotations

import pytest

from tests.scenario.remedies import problems_in
from tests.scenario.test_legs import TO_POINT, WRITTEN
from tests.scenario.test_places import AREA

POINT = "lon: 111.2, lat: 34.0"
SEAT = ", lon: 111.0, lat: 34.0}"
MEASURED = "      - {township: ridge, place: city, takes: 3 h, km: 140}\n"
WAYS = "".join(
    f"      - {{township: seat, place: {place}, takes: 1 h, km: 30}}\n"
    for place in ("city", "county", "point")
)
DUTY = "clerks: {mon-fri 08:30-12:00: 1}"
CITY = "lon: 112.1, lat: 34.5}"
STATION = "kind: station\n"
AT_BROOK = "kind: station\n      township: brook"
MARKET = "market_days: {ends_in: [3, 8]}"
TO_COUNTY = "forwards_to: county"
TERRAINS = AREA[AREA.index("    terrains:\n") : AREA.index("    legs:\n")]
ROWS: list[tuple[str, str, str, list[str]]] = [
    # the code, a piece of the area, the mistake in its place and each way of the remedy
    ("swapped_coordinates", POINT, "lon: 34.0, lat: 111.2", [POINT]),
    ("outside_china", POINT, "lon: 2.3, lat: 48.9", [POINT]),
    ("half_coordinates", POINT, "lon: 111.2", [POINT]),
    ("no_coordinates", SEAT, "}", [SEAT]),
    ("no_population", "population: 300", "population: 0", ["population: 300"]),
    ("outside_county", POINT, "lon: 111.2, lat: 43.0", [POINT]),
    (
        "outside_county",
        STATION,
        "kind: station\n      county: plain\n",
        ["kind: station\n      county: hills\n"],
    ),
    (
        "place_without_county",
        AT_BROOK,
        "kind: station\n      lon: 111.2\n      lat: 34.0",
        ["kind: station\n      lon: 111.2\n      lat: 34.0\n      county: hills", AT_BROOK],
    ),
    (
        "place_nowhere",
        "      township: brook\n",
        "",
        ["      township: brook\n", "      lon: 111.2\n      lat: 34.0\n      county: hills\n"],
    ),
    (
        "place_nowhere",
        "township: brook\n",
        "township: brook\n      lon: 111.2\n      lat: 34.0\n",
        ["township: brook\n"],
    ),
    ("no_clerks", DUTY, "clerks: 0", ["clerks: 1", DUTY]),
    ("roster_outside_hours", DUTY, "clerks: {sun 08:30-12:00: 1}", [DUTY]),
    ("city_halls", "kind: county_hall", "kind: city_hall", ["kind: county_hall"]),
    (
        "matter_nowhere",
        CITY,
        "lon: 112.1, lat: 34.5, catchment: [plain]}",
        ["lon: 112.1, lat: 34.5, catchment: [plain, hills]}"],
    ),
    ("unknown_matter", "accepts: [id_card]", "accepts: [id_cart]", ["accepts: [id_card]"]),
    ("unknown_township", "township: brook\n", "township: brok\n", ["township: brook\n"]),
    ("unknown_county", "catchment: [hills]", "catchment: [hill]", ["catchment: [hills]"]),
    ("unknown_terrain", "terrain: mountain", "terrain: montain", ["terrain: mountain"]),
    ("unknown_place", TO_COUNTY, "forwards_to: conty", [TO_COUNTY]),
    (
        "duplicate_leg",
        MEASURED,
        MEASURED + MEASURED.replace("3 h", "2 h"),
        [MEASURED, MEASURED.replace("3 h", "2 h")],
    ),
    (
        "forwards_nowhere",
        "accepts: [id_card]\n",
        "accepts: [id_card]\n      forwards: [open_shop]\n",
        ["accepts: [id_card]\n      forwards: [police]\n", "accepts: [id_card]\n"],
    ),
    (
        "cycle_forwards",
        "accepts: [police]}\n    - id: point",
        "accepts: [police], forwards_to: point}\n    - id: point",
        ["accepts: [police], forwards_to: city}\n    - id: point"],
    ),
    ("budget_below_point", "budget_yuan: 100000", "budget_yuan: 10", ["budget_yuan: 100000"]),
    (
        "market_days_way",
        MARKET,
        "market_days: {ends_in: [3, 8], every: 5, first: 2025-03-03}",
        [MARKET, "market_days: {every: 5, first: 2025-03-03}"],
    ),
    (
        "id_of_the_hall",
        "    - id: point",
        "    - id: city_hall",
        ["    - id: point", "    - id: other_point"],
    ),
    (
        "market_days_first",
        MARKET,
        "market_days: {every: 5}",
        ["market_days: {every: 5, first: 2025-03-03}"],
    ),
]


@pytest.mark.parametrize(("code", "piece", "wrong", "remedied"), ROWS)
def test_a_remedy_mends(code: str, piece: str, wrong: str, remedied: list[str]) -> None:
    """The mistake gives that error and no other; what is advised leaves none."""
    assert AREA.count(piece) == 1, piece
    assert problems_in(AREA.replace(piece, wrong)) == {code}
    for text in remedied:
        assert problems_in(AREA.replace(piece, text)) == set(), text


def test_measured_ways_stand_for_coordinates_unless_sites_are_sought() -> None:
    """As advised: ways to every place are enough without `siting`, and not enough with it."""
    without = AREA.replace(SEAT, "}")
    text = without.replace(MEASURED, MEASURED + WAYS)
    assert problems_in(text) == problems_in(_unsited(without)) == {"no_coordinates"}
    assert problems_in(_unsited(text)) == set()


def test_roads_are_told_or_all_ways_unless_sites_are_sought() -> None:
    """As advised: a table of all ways is enough without `siting`, and not enough with it."""
    for area in (AREA, _unsited(AREA), WRITTEN):
        assert problems_in(area) == set()
        assert problems_in(_roadless(area)) == {"no_terrain"}
    assert problems_in(_roadless(_unsited(WRITTEN))) == set()


def test_ways_that_are_missing_are_measured_or_computed() -> None:
    """As advised: computed ways need coordinates and terrains, which the town has."""
    way = TO_POINT.splitlines(keepends=True)[0]
    some = WRITTEN.replace(way, "")
    assert problems_in(some) == {"missing_leg"}
    assert problems_in(some.replace("rule: matrix", "rule: straight_line")) == set()
    bare = _roadless(_unsited(some).replace(SEAT, "}"))
    assert problems_in(bare) == {"missing_leg"}
    assert problems_in(bare.replace("rule: matrix", "rule: straight_line")) == {
        "no_terrain",
        "no_coordinates",
    }


def _roadless(area: str) -> str:
    """The area where nothing says what roads are like."""
    return area.replace(TERRAINS, "").replace(", terrain: mountain", "")


def _unsited(area: str) -> str:
    """The area where no site is sought."""
    return area[: area.index("  siting:")]
