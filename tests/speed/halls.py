"""What a case costs as an area grows from a prefecture to a province of many halls.

The province is made: its prefectures are copies of the one that ships, each with its own halls and
people, so that nobody has another choice than at home and only the number of halls differs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import sim
from sim.engine.run import prepare
from sim.plan.plan import Plan
from sim.scenario.demand import Township
from sim.scenario.places import Place
from sim.scenario.scenario import Scenario
from tests.speed.growth import grow

PREFECTURES: Final = (1, 7, 21)
"""Of seven halls each, and 78 townships."""
HALL_DAYS: Final = 63
"""Of one prefecture; more of them have as many days less, and so as many people."""
CLERKS: Final = {"mon-fri 00:00-24:00": 24}
"""Of the city halls of further prefectures: about what the layout of the first one has."""


APART: Final = (2.0, 1.7)
"""Degrees of longitude and latitude by which copies lie apart: no two of them overlap."""
IN_A_ROW: Final = 5


def made_province(prefectures: int, days: int) -> Scenario:
    """So many copies of the area side by side, over so many hall days.

    Examples
    --------
    >>> province = made_province(3, 1)
    >>> len(province.applicants.townships), len(province.places.open)
    (234, 21)
    """
    settings = ["run.warmup_days=0", "run.followup_days=0", f"run.measured_days={days}"]
    area = sim.load_scenario(sim.example_path("sanmenxia_townships.yaml"), settings)
    assert area.places is not None
    copies = range(1, prefectures)
    places = [*area.places.open, *(each for n in copies for each in _places(area, n))]
    towns = [*area.applicants.townships, *(each for n in copies for each in _townships(area, n))]
    people = area.applicants.model_copy(
        update={
            "townships": tuple(towns),
            "volume_factor": prefectures * area.applicants.volume_factor,
        }
    )
    offices = tuple(
        office.model_copy(
            update={"reviewers": {key: prefectures * n for key, n in office.reviewers.items()}}
        )
        for office in area.departments
    )
    return area.model_copy(
        update={
            "applicants": people,
            "departments": offices,
            "places": area.places.model_copy(update={"open": tuple(places)}),
        }
    )


def _places(area: Scenario, n: int) -> Iterator[Place]:
    """The halls of the n-th further prefecture; its city hall is one for all of its counties."""
    assert area.places is not None
    counties = dict.fromkeys(town.county for town in area.applicants.townships)
    for place in area.places.open:
        changed: dict[str, Any] = {"id": _copied(place.id, n), **_moved(place, n)}
        if place.kind == "city_hall":
            accepts = next(each.accepts for each in area.places.open if each.accepts)
            home = next(iter(counties))
            changed |= {"kind": "county_hall", "clerks": CLERKS, "accepts": accepts, "county": home}
        counties_served = place.catchment or tuple(counties)
        changed["catchment"] = tuple(_copied(county, n) for county in counties_served)
        changed["county"] = _copied(changed.get("county") or place.county, n)
        yield place.model_copy(update=changed)


def _townships(area: Scenario, n: int) -> Iterator[Township]:
    for town in area.applicants.townships:
        names = {"id": _copied(town.id, n), "county": _copied(town.county, n)}
        yield town.model_copy(update={**names, **_moved(town, n)})


def _moved(spot: Place | Township, n: int) -> dict[str, float]:
    """Where the n-th copy of a township or place lies."""
    assert spot.lon is not None
    assert spot.lat is not None
    (row, column), (east, north) = divmod(n, IN_A_ROW), APART
    return {"lon": round(spot.lon + east * column, 4), "lat": round(spot.lat + north * row, 4)}


def _copied(name: str | None, n: int) -> str:
    return f"{name}_{n}"


def halls(runs: int) -> list[dict[str, Any]]:
    """Nanoseconds a case of crowd and loop over the number of halls: the least of some runs."""

    def plans() -> Iterator[tuple[float, Plan]]:
        for prefectures in PREFECTURES:
            province = made_province(prefectures, HALL_DAYS // prefectures)
            plan = sim.compile_plan(province, province.layouts[0].id)
            prepare(plan, "fast")
            yield len(plan.names.places), plan

    return grow(plans(), runs)
