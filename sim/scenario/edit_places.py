"""New stations put into a scenario, each in the township that gets it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sim.clock import MINUTE
from sim.errors import OptionError, Problem
from sim.scenario.consistency import errors
from sim.scenario.demand import Township
from sim.scenario.places import Leg, Place, ServicePoint
from sim.scenario.scenario import Scenario
from sim.scenario.travel import candidates, ways_to_townships


def with_points(
    scenario: Scenario, townships: Sequence[str], stations: Mapping[str, ServicePoint] | None = None
) -> Scenario:
    """The scenario with a new station in each township.

    Where every way must be measured the ways to the new stations are those computed from
    coordinates.

    Parameters
    ----------
    stations
        How it serves in a township where it does not as `places.siting.station` has it: township ->
        hours, people, matters, home visits, cost.

    Raises
    ------
    OptionError
        `no_siting` when the scenario does not say how a new station would serve; for unknown
        townships, and those named twice; `stray_station` for a station in a township that gets
        none; for a station that contradicts the scenario, such as one with hours of an unknown
        calendar.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"))
    >>> more = with_points(area, ["t411224204"])
    >>> more.places.open[-1].id, more.places.open[-1].kind
    ('new_t411224204', 'station')
    """
    places = scenario.places
    if places is None or places.siting is None:
        raise OptionError(Problem("no_siting"))
    towns = {town.id: town for town in candidates(scenario)}
    allowed = ", ".join(towns)
    problems = [
        Problem("unknown_township", "--points", found=name, allowed=allowed)
        for name in townships
        if name not in towns
    ]
    twice = {name for name in townships if list(townships).count(name) > 1}
    problems += [Problem("duplicate_id", "--points", found=name) for name in sorted(twice)]
    own = stations or {}
    chosen = ", ".join(townships)
    problems += [
        Problem("stray_station", "stations", found=name, allowed=chosen)
        for name in own
        if name not in townships
    ]
    if problems:
        raise OptionError(problems)
    taken = {place.id for place in places.open}
    points = [
        _opened(towns[name], _free(f"new_{name}", taken), own.get(name, places.siting.station))
        for name in townships
    ]
    update: dict[str, object] = {"open": (*places.open, *points)}
    if places.travel.rule == "matrix":
        legs = (*places.travel.legs, *_legs(scenario, points))
        update["travel"] = places.travel.model_copy(update={"legs": legs})
    extended = scenario.model_copy(update={"places": places.model_copy(update=update)})
    if own:
        _check_stations(extended, {point.id: str(point.township) for point in points})
    return extended


def _opened(town: Township, name: str, station: ServicePoint) -> Place:
    fields = {field: getattr(station, field) for field in ServicePoint.model_fields}
    return Place.model_construct(
        id=name, name=town.name, kind="station", township=town.id, **fields
    )


def _check_stations(extended: Scenario, township_of: Mapping[str, str]) -> None:
    """Complain of all in new stations that contradicts the rest of the scenario."""
    problems = []
    for error in errors(extended):
        if error.path[:2] == ("places", "open") and error.path[2] in township_of:
            township = township_of[str(error.path[2])]
            path = ".".join(map(str, ("stations", township, *error.path[3:])))
            problems.append(
                Problem(
                    error.code,
                    path,
                    found=error.found,
                    allowed=error.allowed,
                    values=error.values,
                )
            )
    if problems:
        raise OptionError(problems)


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_2"
    taken.add(name)
    return name


def _legs(scenario: Scenario, points: Sequence[Place]) -> Iterator[Leg]:
    ways, ends = ways_to_townships(scenario), [town.id for town in candidates(scenario)]
    for place in points:
        assert place.township is not None
        column = ends.index(place.township)
        for row, town in enumerate(scenario.applicants.townships):
            yield Leg.model_construct(
                township=town.id,
                place=place.id,
                takes=round(float(ways.minutes[row, column]) * MINUTE),
                km=float(ways.km[row, column]),
            )
