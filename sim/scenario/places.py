"""Beyond the city hall: where else people can go, when it is open, and what the way there costs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.base import (
    Bilingual,
    Block,
    ClockTime,
    Duration,
    Factor,
    FewIds,
    Id,
    Ids,
    Latitude,
    Longitude,
    Roster,
    Share,
    Weight,
    check_coordinates,
)

Yuan = Annotated[float, Field(ge=0.0, le=1e10)]
Kilometres = Annotated[float, Field(ge=0.0, le=5_000.0)]
Digit = Annotated[int, Field(ge=0, le=9)]


class MarketDays(Block):
    """The only days on which a part-time place opens, such as those of the market (赶集日)."""

    ends_in: Annotated[tuple[Digit, ...], Field(max_length=10)] = ()
    """Last digits of the day of the month: `[3, 8]` is the 3rd, 8th, 13th and so on."""
    month: Literal["lunar", "solar"] = "lunar"
    """Whose days these are: of the lunar month (农历), or of the common calendar."""
    every: Annotated[int, Field(ge=2, le=60)] | None = None
    """Instead: every n-th day, counted from `first`."""
    first: date | None = None
    """One of the days on which it opens, where `every` is given."""

    @model_validator(mode="after")
    def _one_way(self) -> MarketDays:
        if bool(self.ends_in) == (self.every is not None):
            ways_used = [name for name in ("ends_in", "every") if getattr(self, name)]
            raise PydanticCustomError("market_days_way", "{found}", {"found": ", ".join(ways_used)})
        if (self.every is None) != (self.first is None):
            field = "every" if self.first is None else "first"
            raise PydanticCustomError("market_days_first", "{found}", {"found": field})
        return self

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for equal days."""
        return self.ends_in, self.month, self.every, self.first

    def held_on(self, day: date) -> bool:
        """Whether a date is a market day.

        Examples
        --------
        >>> MarketDays(ends_in=(3, 6, 9)).held_on(date(2025, 1, 31))  # third of the first month
        True
        >>> MarketDays(every=5, first=date(2025, 3, 3)).held_on(date(2025, 3, 13))
        True
        """
        if self.every is not None and self.first is not None:
            return (day - self.first).days % self.every == 0
        # half a second for the whole of theory: only scenarios with markets pay
        from sim.theory.lunar import lunar_day

        number = lunar_day(day) if self.month == "lunar" else day.day
        return number % 10 in self.ends_in


class Courier(Block):
    """Papers that a messenger takes to the hall (材料流转)."""

    leaves: Annotated[tuple[ClockTime, ...], Field(min_length=1, max_length=24)]
    """Times of day at which what has been accepted is taken along."""
    takes: Duration = 0
    """From leaving until the departments have the papers."""


class HomeVisits(Block):
    """Agents who come to the applicant (上门服务)."""

    agents: Annotated[int, Field(ge=1, le=10_000)]
    """Agents who go out; they do not serve at the place meanwhile."""
    classes: FewIds = ()
    """Priority classes who may ask for a visit; default: everybody."""
    within: Duration
    """Longest way out that is gone, one way."""


class ServicePoint(Block):
    """How a place serves: when, by whom, for which matters, at what cost."""

    hours: Id | None = None
    """Calendar; default: that of the hall."""
    market_days: MarketDays | None = None
    """The only days on which it opens, inside its hours; none = all its days."""
    clerks: Roster
    """People who serve at a time: clerks of a hall, agents (帮办代办员) of a station."""
    accepts: Ids = ()
    """Matters, groups of matters, or lead departments whose matters it may take in."""
    courier: Courier | None = None
    """How papers get to the departments; none = electronically, at once."""
    forwards: Ids = ()
    """Matters, groups or departments' matters whose papers it takes in, where it does not accept
    them itself, and sends on (代收代办)."""
    forwards_to: Id | None = None
    """Place to which it sends such papers; default: the county's hall, else the city's."""
    forwarded_work: Share = 1.0
    """Part of the window's work that such papers still take where they are sent."""
    home_visits: HomeVisits | None = None
    """Visits at home; none = people come."""
    yuan_per_year: Yuan = 0.0
    """Cost of keeping it open: people, rent, equipment, network."""
    setup_yuan: Yuan = 0.0
    """Cost of opening it, once."""
    setup_years: Factor = 5.0
    """Years over which that is spread."""

    @property
    def takes_in(self) -> tuple[Id, ...]:
        """What people can go there for: what it accepts, and what it sends on."""
        return (*self.accepts, *self.forwards)

    @property
    def yearly_cost(self) -> float:
        """Yuan a year, the cost of opening spread evenly over its years."""
        return self.yuan_per_year + self.setup_yuan / self.setup_years


class Place(ServicePoint):
    """A hall or a service station (便民服务中心、便民服务站) that is open.

    The city hall is the hall of the scenario: it accepts what the windows of a layout accept, and
    their clerks serve there.
    """

    id: Id
    name: Bilingual
    kind: Literal["city_hall", "county_hall", "station"]
    """Its level; a station is a point of a township, street, village or community."""
    clerks: Roster = Field(default_factory=dict)
    """People who serve at a time; of the city hall those of the layout, whatever stands here."""
    township: Id | None = None
    """Township or street in whose centre it is; else give `lon` and `lat`."""
    lon: Longitude | None = None
    """Longitude in degrees east (WGS-84)."""
    lat: Latitude | None = None
    """Latitude in degrees north (WGS-84)."""
    county: Id | None = None
    """County that it belongs to; default: that of its township. The city hall needs none."""
    terrain: Id | None = None
    """Terrain around it; default: that of its township, or of the nearest one."""
    catchment: Ids = ()
    """Counties whose residents may apply here; default: all."""

    @model_validator(mode="after")
    def _somewhere(self) -> Place:
        check_coordinates(self.lon, self.lat)
        if (self.township is None) == (self.lon is None):
            where = "-" if self.township is None else f"township {self.township}, lon {self.lon}"
            raise PydanticCustomError("place_nowhere", "{found}", {"found": where})
        return self


class Terrain(Block):
    """What roads are like."""

    id: Id
    name: Bilingual
    road_factor: Annotated[float, Field(ge=1.0, le=10.0)]
    """Length of the road divided by the straight line."""
    km_per_hour: Annotated[float, Field(gt=0.0, le=200.0)]
    """Speed door to door."""


class Leg(Block):
    """The way from one township to one place, measured."""

    township: Id
    """Where it begins."""
    place: Id
    """Where it ends."""
    takes: Duration
    """One way."""
    km: Kilometres
    """Length of the road."""


class Travel(Block):
    """What the way costs: minutes, money, and what a minute is worth."""

    rule: Literal["straight_line", "matrix"] = "straight_line"
    """From coordinates, with measured legs where there are some; or from measured legs alone."""
    terrains: Annotated[tuple[Terrain, ...], Field(max_length=50)] = ()
    """Kinds of roads; the first is that of townships which name none."""
    legs: Annotated[tuple[Leg, ...], Field(max_length=100_000)] = ()
    """Measured ways; under `matrix` one for each township and place."""
    legs_file: Annotated[str, Field(min_length=1, max_length=1_000)] | None = None
    """CSV table of measured ways, from the folder of this file: its columns are township, place,
    minutes, km. On reading its rows become legs, before those that stand here."""
    local_km: Kilometres = 0.0
    """Mean way from home to the centre of the own township, added to each way."""
    fare_yuan_per_km: Annotated[float, Field(ge=0.0, le=100.0)] = 0.0
    """Fare or running cost, each way."""
    least_fare_yuan: Annotated[float, Field(ge=0.0, le=1_000.0)] = 0.0
    """Lowest fare of a way that is not zero."""
    value_of_time_yuan_per_h: Annotated[float, Field(ge=0.0, le=10_000.0)] = 0.0
    """Worth of an hour of a resident, on the way or waiting."""


class Choice(Block):
    """Which of the places that accept the matter an applicant goes to."""

    rule: Literal["lowest_cost", "nearest", "shares"] = "lowest_cost"
    """Fares, time on the way and expected wait together; the shortest way; or fixed weights."""
    taste_yuan: Yuan = 0.0
    """Under `lowest_cost`: scale of what people prefer for reasons of their own, a logit in yuan; 0
    = all alike."""
    shares: Annotated[Mapping[Id, Weight], Field(max_length=5_000)] = Field(default_factory=dict)
    """Under `shares`: weight of each place, home visits included; none = all alike, one left out =
    0."""


class Siting(Block):
    """Where new stations may be opened, how many, and how each would serve."""

    station: ServicePoint
    """A new station."""
    townships: Annotated[tuple[Id, ...], Field(max_length=5_000)] = ()
    """Townships that may get one; default: all."""
    at_most: Annotated[int, Field(ge=1, le=5_000)] | None = None
    """New stations at most."""
    budget_yuan: Yuan | None = None
    """Yuan a year for all of them."""


class Places(Block):
    """All places of the area: the hall of the scenario, which is the city hall, and all others."""

    open: Annotated[tuple[Place, ...], Field(min_length=1, max_length=5_000)]
    """Halls and stations that are open."""
    places_file: Annotated[str, Field(min_length=1, max_length=1_000)] | None = None
    """Table of places (csv, xlsx), from the folder of this file: id, name, kind, township or lon
    and lat, county, catchment, hours, clerks, accepts … On reading its rows become places that are
    open; those that stand here complete them."""
    travel: Travel
    choice: Choice = Choice()
    siting: Siting | None = None
    """New stations to choose from."""
