"""Chosen points as rows of a table, and rows as stations again; no page, no Streamlit."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sim.errors import Problem
from sim.scenario.base import ALWAYS
from sim.scenario.dated_rosters import most_clerks
from sim.scenario.places import MarketDays, ServicePoint
from sim.scenario.provenance import RANGES
from sim.scenario.scenario import Scenario

MOST_AGENTS: Final = 200
MOST_YUAN: Final = 100_000_000
APART: Final = re.compile(r"[\s,;/\u3001\uff0c\uff1b]+")
"""Between last digits, also as Chinese is typed."""


@dataclass(frozen=True)
class PointRow:
    """One chosen point as it stands in the table; what somebody typed may be wrong."""

    hours: Any
    """Id of a calendar."""
    agents: Any
    """People who serve at a time."""
    market: Any
    """Last digits of market days; empty = every open day."""
    visiting: Any
    """Agents who visit at home."""
    yuan: Any
    """Yuan a year to keep it open."""


FIELDS: Final = ("hours", "agents", "market", "visiting", "yuan")


def row_of(scenario: Scenario, station: ServicePoint) -> PointRow:
    """A station as a row.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"))
    >>> row_of(area, area.places.siting.station)
    PointRow(hours='mornings', agents=1, market='', visiting=1, yuan=50000.0)
    """
    market = station.market_days
    return PointRow(
        station.hours or scenario.hall.hours,
        most_clerks(station.clerks),
        " ".join(map(str, market.ends_in)) if market is not None else "",
        station.home_visits.agents if station.home_visits is not None else 0,
        station.yuan_per_year,
    )


def matters_of(scenario: Scenario, names: Sequence[str]) -> tuple[str, ...]:
    """Matters that names of matters, groups and departments stand for, in the scenario's order."""
    named = scenario.matters_named()
    taken = {matter for name in names for matter in named[name]}
    return tuple(matter.id for matter in scenario.matters if matter.id in taken)


def with_matters(
    scenario: Scenario, station: ServicePoint, accepts: Sequence[str], forwards: Sequence[str]
) -> ServicePoint:
    """The station with other matters; lists that mean what they meant stay word for word.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"))
    >>> plain = area.places.siting.station
    >>> with_matters(area, plain, plain.accepts, plain.forwards) == plain
    True
    >>> with_matters(area, plain, ["birth"], ["retirement"]).takes_in
    ('birth', 'retirement')
    """
    update = {
        field: tuple(matters)
        for field, matters in (("accepts", accepts), ("forwards", forwards))
        if set(matters) != set(matters_of(scenario, getattr(station, field)))
    }
    return station.model_copy(update=update) if update else station


def columns_of(station: ServicePoint) -> tuple[str, ...]:
    """Columns that say something: market days that are every so many days have no digits, and
    nobody says how far agents would go where the station has no home visits."""
    left_out = set()
    if station.market_days is not None and station.market_days.every is not None:
        left_out.add("market")
    if station.home_visits is None:
        left_out.add("visiting")
    return tuple(name for name in FIELDS if name not in left_out)


def station_of(
    scenario: Scenario, station: ServicePoint, row: PointRow, where: str, words: Mapping[str, str]
) -> tuple[ServicePoint, tuple[Problem, ...]]:
    """The station that a row describes, or all that is wrong with it.

    What is left as `station` has it stays word for word; another number of agents changes those on
    duty in proportion, other hours put them on duty at all of these.

    Parameters
    ----------
    station
        As `places.siting` has it.
    where
        Name of the township, for problems.
    words
        Heads of the columns, for problems.
    """
    problems: list[Problem] = []

    def out_of(field: str, allowed: str, low: int, high: int) -> None:
        path, written = f"{where}, {words[field]}", _shown(getattr(row, field))
        bounds = (("low", str(low)), ("high", f"{high:,}"))
        problems.append(Problem("field_value", path, found=written, allowed=allowed, values=bounds))

    agents = _whole(row.agents, 1, MOST_AGENTS)
    if agents is None:
        out_of("agents", "allowed.int_between", 1, MOST_AGENTS)
    visiting = _whole(row.visiting, 0, MOST_AGENTS)
    if visiting is None:
        out_of("visiting", "allowed.int_between", 0, MOST_AGENTS)
    yuan = _amount(row.yuan)
    if yuan is None:
        out_of("yuan", "allowed.between", 0, MOST_YUAN)
    digits = _digits(row.market)
    if digits is None:
        path = f"{where}, {words['market']}"
        problems.append(Problem("market_digits", path, found=_shown(row.market)))
    if row.hours not in {calendar.id for calendar in scenario.calendars}:
        path = f"{where}, {words['hours']}"
        problems.append(Problem("point_hours", path, found=_shown(row.hours)))
    if problems or agents is None or visiting is None or digits is None or yuan is None:
        return station, tuple(problems)
    plain, update = row_of(scenario, station), dict[str, Any]()
    if row.hours != plain.hours:
        update |= {"hours": row.hours, "clerks": {ALWAYS: agents}}
    elif agents != plain.agents:
        update["clerks"] = _in_proportion(station.clerks, agents)
    if digits != _digits(plain.market):
        month = station.market_days.month if station.market_days is not None else "lunar"
        update["market_days"] = MarketDays(ends_in=digits, month=month) if digits else None
    if station.home_visits is not None and visiting != plain.visiting:
        more = {"agents": visiting}
        update["home_visits"] = station.home_visits.model_copy(update=more) if visiting else None
    if yuan != plain.yuan:
        update["yuan_per_year"] = yuan
    if not update:
        return station, ()
    # what somebody decides is assumed or measured no longer
    update |= {
        kind: {
            path: range_
            for path, range_ in getattr(station, kind).items()
            if path.split(".")[0] not in update
        }
        for kind in RANGES
    }
    return station.model_copy(update=update), ()


def _in_proportion(roster: Mapping[str, float], agents: int) -> dict[str, int]:
    most = most_clerks(roster)
    return {
        key: max(round(clerks * agents / most), 1) if clerks else 0
        for key, clerks in roster.items()
    }


def _whole(value: Any, low: int, high: int) -> int | None:
    amount = _amount(value, high)
    return int(amount) if amount is not None and amount == int(amount) and amount >= low else None


def _amount(value: Any, high: float = MOST_YUAN) -> float | None:
    try:
        amount = float(value)
    except (TypeError, ValueError):
        return None
    return amount if math.isfinite(amount) and 0 <= amount <= high else None


def _digits(value: Any) -> tuple[int, ...] | None:
    """Last digits, sorted, each once; None when it says something else."""
    words = "" if value is None else str(value).strip()
    parts = [part for part in APART.split(words) if part]
    if not all(part.isascii() and part.isdigit() and len(part) == 1 for part in parts):
        return None
    return tuple(sorted({int(part) for part in parts}))


def _shown(value: Any) -> str:
    return "–" if value is None else str(value)[:40]


def own_stations(
    scenario: Scenario, points: Sequence[str], made: Mapping[str, ServicePoint]
) -> dict[str, ServicePoint]:
    """Stations of chosen townships that do not serve as `places.siting` says."""
    siting = scenario.places.siting if scenario.places is not None else None
    return {name: made[name] for name in points if siting and made[name] != siting.station}
