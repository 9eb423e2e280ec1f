"""Who comes, when, for what, how patient: the crowd, before any hall exists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.clock import WEEKDAYS
from sim.scenario.arrival_rows import BLANK, ArrivalsFile
from sim.scenario.base import (
    Bilingual,
    Block,
    ClockHours,
    DateKey,
    DatesKey,
    DayRange,
    Duration,
    Factor,
    HoursKey,
    Id,
    Ids,
    Latitude,
    Longitude,
    Month,
    Rate,
    Share,
    SlotCapacity,
    Weight,
    check_coordinates,
)
from sim.scenario.companions import Companions
from sim.scenario.distributions import A_DAY, NO_CHANGE, NO_TIME, DurationLaw, FactorLaw

PeopleWaiting = Annotated[int, Field(ge=0, le=100_000)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Volume = Annotated[float, Field(ge=0.0, le=1e8)]


OpenIntervals = Annotated[tuple[ClockHours, ...], Field(max_length=100)]
WeeklyHours = Annotated[Mapping[DayRange, OpenIntervals], Field(max_length=28)]


class Calendar(Block):
    """Weekly hours laid over real dates."""

    id: Id
    weekly: WeeklyHours
    """Open intervals by day or range of days: `mon-fri: [08:30-12:00, 14:30-17:30]`."""
    holidays: Literal["none", "china"] = "none"
    """Public holidays are closed, make-up week-ends open with Monday's hours."""
    closed: Annotated[tuple[date, ...], Field(max_length=5_000)] = ()
    """Further closed dates."""
    periods: Annotated[Mapping[DatesKey, WeeklyHours], Field(max_length=500)] = Field(
        default_factory=dict
    )
    """Weekly hours of a range of dates, in place of `weekly`."""
    days: Annotated[
        Mapping[DateKey, Annotated[OpenIntervals, Field(min_length=1)]], Field(max_length=5_000)
    ] = Field(default_factory=dict)
    """Hours of a single date, in place of all else: open late, or opened on a Sunday."""


class Profile(Block):
    """How a day's arrivals spread over its clock: relative rates by interval."""

    id: Id
    shape: Annotated[Mapping[HoursKey, Weight], Field(max_length=1_440)]
    """Relative rate in each interval of the clock: `08:30-09:00: 3.5`."""
    when_closed: Literal["wait", "stay_away"] = "wait"
    """What people do in the intervals in which the hall is shut that day: come and wait at the door
    until it opens; or stay away, and all of the day come while it is open."""


BatchSize = Annotated[int, Field(ge=2, le=1_000)]
"""People who come at one instant."""


class Flow(Block):
    """One stream of applicants; exactly one of the six ways to say how many come."""

    id: Id
    matter: Id
    """What they come for; of a table of arrivals, the rows that name none."""
    per_year: Volume | None = None
    """Cases a calendar year, spread over the hall's open days."""
    per_day: Volume | None = None
    """Mean number on an open day whose factors are 1."""
    rate: Rate | None = None
    """Constant rate during hall hours: `24 per h`."""
    every: Duration | None = None
    """One applicant exactly every so often in hall hours, the first after one such interval."""
    at: Annotated[tuple[datetime, ...], Field(max_length=100_000)] | None = None
    """Arrivals at given instants."""
    arrivals_file: ArrivalsFile | None = None
    """Replayed arrivals: a table (CSV, xlsx, Parquet) from the folder of this file, a row a person.
    Its columns are instant, matter, class, township, booked_for, service_minutes (or
    service_seconds), in any order; only the first is needed. See [dated data](#dated-data)."""
    profile: Id | None = None
    """How the day's arrivals spread over the clock; default: evenly over hall hours."""
    weekdays: Mapping[Weekday, Weight] = Field(default_factory=dict)
    """Factor by weekday; a day left out has factor 1."""
    months: Mapping[Month, Weight] = Field(
        default_factory=dict,
        json_schema_extra={"propertyNames": {"enum": [str(month) for month in range(1, 13)]}},
    )
    """Factor by month 1 to 12; a month left out has factor 1."""
    batches: Annotated[Mapping[BatchSize, Share], Field(max_length=100)] = Field(
        default_factory=dict,
        json_schema_extra={"propertyNames": {"pattern": r"^[1-9]\d*$", "kind": "batch_size"}},
    )
    """Batch arrivals (成批到达): share of the arrivals that are so many people at once, such as a
    family or a bus: `{2: 0.2, 40: 0.01}`. The rest come alone; volumes count people."""
    online_share: Share = 0.0
    """Share that applies online (线上)."""
    booked_share: Share | None = None
    """Share of its people for the hall who book (预约率), where their matter has a book; none = the
    book's."""
    classes: Annotated[Mapping[Id, Share], Field(max_length=200)] = Field(default_factory=dict)
    """Share of each priority class; default: all in the first class."""

    @model_validator(mode="after")
    def _one_amount(self) -> Flow:
        ways = ("per_year", "per_day", "rate", "every", "at", "arrivals_file")
        ways_used = [name for name in ways if getattr(self, name) is not None]
        if len(ways_used) != 1:
            raise PydanticCustomError(
                "one_amount",
                "{found}",
                {"found": ", ".join(ways_used) or "-", "allowed": ", ".join(ways)},
            )
        return self

    @model_validator(mode="after")
    def _batch_shares(self) -> Flow:
        total = sum(self.batches.values())
        if total > 1 + 1e-9:  # rounding of decimal shares
            share_sum = {"found": f"batches = {total:g}", "allowed": "≤ 1"}
            raise PydanticCustomError("shares_sum", "{found}", share_sum)
        return self

    @property
    def mean_batch(self) -> float:
        """People at an arrival, at the mean."""
        return 1.0 + sum(share * (size - 1) for size, share in self.batches.items())

    @property
    def is_given(self) -> bool:
        """Whether it says when each person comes, so that nothing spreads them."""
        return any(way is not None for way in (self.every, self.at, self.arrivals_file))

    @property
    def matters(self) -> tuple[str, ...]:
        """What its people come for: its matter, or those of the rows of its table."""
        rows = self.arrivals_file
        if rows is None:
            return (self.matter,)
        own = (self.matter,) if (rows.matter == BLANK).any() else ()
        return tuple(dict.fromkeys((*own, *rows.matters)))

    def day_factor(self, day: date) -> float:
        """Weekday factor times month factor of one date."""
        weekday: Weekday = WEEKDAYS[day.weekday()]
        return self.weekdays.get(weekday, 1.0) * self.months.get(day.month, 1.0)


class PriorityClass(Block):
    """Applicants who are called by the same right: booked, elderly, walk-in."""

    id: Id
    name: Bilingual
    priority: Annotated[int, Field(ge=0, le=100)] = 0
    """Lower is called first."""
    weight: Factor = 1.0
    """Weight of a minute's wait under the weighted calling rule."""
    assisted_share: Share = 0.0
    """Share who need help at the window (帮办)."""
    patience: DurationLaw | None = None
    """Wait after which they give up a ticket; none = that of their matter, or of everybody."""
    balk_at: PeopleWaiting | None = None
    """Waiting before them at which they leave; none = that of their matter, or of everybody."""
    pace: FactorLaw | None = None
    """Factor on the time of their walks in the hall; none = that of everybody."""
    companions: Companions | None = None
    """Share of them with whom so many come along; none = as with their matter, or everybody."""
    lateness: DurationLaw | None = None
    """How much later than they mean to they come when they have booked; none = that of the book."""
    no_show: Share | None = None
    """Share of those who have booked and do not come; none = that of the book."""


class SameDay(Block):
    """Coming again the same day (当日再来), if tickets are still given then; else another day."""

    share: Share
    """How many do."""
    after: DurationLaw
    """How long they are away, each time anew."""
    ticket: Literal["new", "keep"] = "new"
    """They take a new ticket, or come in with the one they had: called in its order, and without
    looking at the queue."""


class Unserved(Block):
    """What people do who leave without being served; the shares add to 1."""

    returns: Share = 1.0
    """Come again another day."""
    online: Share = 0.0
    """Apply online instead."""
    lost: Share = 0.0
    """Give the matter up."""
    at_most: Annotated[int, Field(ge=0, le=20)] = 2
    """Times they come again for the same errand; then they are lost."""
    after: DurationLaw = A_DAY
    """Days until they come again, counted in calendar days, at least the next day."""
    same_day: SameDay | None = None
    """Of those who come again, who tries it on the same day, each time anew; none = nobody. Who
    gave up or balked may keep the ticket."""

    @model_validator(mode="after")
    def _shares(self) -> Unserved:
        total = self.returns + self.online + self.lost
        if abs(total - 1) > 1e-9:  # rounding of decimal shares
            share_sum = f"returns + online + lost = {total:g}"
            raise PydanticCustomError("shares_sum", "{found}", {"found": share_sum, "allowed": "1"})
        return self


class MissedCalls(Block):
    """Called, but not there (过号)."""

    share: Share
    """Share of first calls that nobody answers."""
    window_waits: Duration
    """How long the window waits before it passes on."""
    then: Literal["void", "requeue"] = "requeue"
    """The ticket is void, or its holder takes a new one at once."""


class Appointments(Block):
    """A book of appointments (预约): what may be booked, in which slots, and who comes when."""

    id: Id
    name: Bilingual
    serves: Annotated[Ids, Field(min_length=1)]
    """Matters, groups of matters, or lead departments whose matters can be booked here."""
    share: Share
    """Share of the people for the hall who book; online applicants do not."""
    slots: SlotCapacity
    """People in each slot: a number for all hall hours, or by `[days ]HH:MM-HH:MM`."""
    slot: Duration
    """Length of a slot; it must divide the hours that have slots."""
    priority_class: Id | None = None
    """Class in which the booked are called; default: they keep their own."""
    ahead: Duration = 0
    """How long before their slot begins people mean to be there."""
    lateness: DurationLaw = NO_TIME
    """How much later than that they come."""
    grace: Duration | None = None
    """Later than this after the slot's begin people are walk-ins; none = any delay is forgiven."""
    no_show: Share = 0.0
    """Share of the booked who do not come (爽约)."""
    no_show_returns: Share = 1.0
    """Share of those who come another day as walk-ins; the rest never come."""
    returns_after: DurationLaw = A_DAY
    """Days until they do, counted in calendar days from the slot, at least the next day."""
    when_full: Literal["walk_in", "next_day"] = "walk_in"
    """Without a free place that day a person comes as a walk-in, or books a later day."""


class Corrections(Block):
    """Incomplete papers (补正): how often, how found, how mended."""

    share: Share = 0.0
    """Probability that papers are incomplete at an intake, each time."""
    at_most: Annotated[int, Field(ge=0, le=20)] = 3
    """Rounds after which papers are complete."""
    service_share: Share = 1.0
    """Part of the window's work already spent when the fault is found."""
    on_the_spot: Share = 0.0
    """Share mended inside the hall and handed in again the same visit."""
    online: Share = 0.0
    """Share mended online; the rest comes another day."""
    same_day: SameDay | None = None
    """Share of faulty papers that are fetched and handed in on the same day, by another trip; a
    ticket is kept by who was sent back at a window."""
    spot_delay: DurationLaw = NO_TIME
    """Time to mend inside the hall."""
    delay: DurationLaw = A_DAY
    """Time to mend at home."""
    hand_in: DurationLaw = NO_TIME
    """Window time to hand in papers that a reviewer asked for."""
    review_again: Share = 1.0
    """Part of the touch time that a review of mended papers takes."""

    @model_validator(mode="after")
    def _shares(self) -> Corrections:
        fetched = self.same_day.share if self.same_day else 0.0
        if (total := self.on_the_spot + self.online + fetched) > 1 + 1e-9:
            names = "on_the_spot + online" + " + same_day.share" * (self.same_day is not None)
            share_sum = f"{names} = {total:g}"
            raise PydanticCustomError(
                "shares_sum", "{found}", {"found": share_sum, "allowed": "≤ 1"}
            )
        return self


class Township(Block):
    """Where applicants live."""

    id: Id
    name: Bilingual
    county: Id
    population: Annotated[int, Field(ge=0, le=100_000_000)]
    lon: Longitude | None = None
    """Longitude of its centre in degrees east (WGS-84)."""
    lat: Latitude | None = None
    """Latitude of its centre in degrees north (WGS-84)."""
    terrain: Id | None = None
    """Kind of its roads, of `places.travel.terrains`; default: the first."""

    @model_validator(mode="after")
    def _where(self) -> Township:
        check_coordinates(self.lon, self.lat)
        return self


class Applicants(Block):
    """What all applicants have in common."""

    volume_factor: Factor = 1.0
    """Factor on every flow's volume; given instants (`every`, `at`) cannot be scaled."""
    day_factor: FactorLaw = NO_CHANGE
    """Factor on every flow of a day: busy days are busy for everybody (overdispersion)."""
    classes: Annotated[tuple[PriorityClass, ...], Field(max_length=16)] = ()
    patience: DurationLaw | None = None
    """Wait after which a ticket is given up (弃号); none = nobody gives up."""
    balk_at: PeopleWaiting | None = None
    """Balking: people leave on finding this many waiting before them; 0 = nobody waits."""
    unserved: Unserved = Unserved()
    missed: MissedCalls | None = None
    assistance_factor: Factor = 1.0
    """Factor on window time for those who need help (帮办)."""
    pace: FactorLaw = NO_CHANGE
    """A person's own factor on the time of their walks in the hall (above 1 is slower)."""
    companions: Companions | None = None
    """Share of the applicants with whom so many people come along (陪同人数), `{1: 0.3, 2: 0.1}`;
    `{}` = each alone; none = heads in the hall are not counted."""
    appointments: Annotated[tuple[Appointments, ...], Field(max_length=200)] = ()
    """Books of appointments; a matter is in one at most."""
    townships: Annotated[tuple[Township, ...], Field(max_length=5_000)] = ()
    """Places of origin, by population."""
    townships_file: Annotated[str, Field(min_length=1, max_length=1_000)] | None = None
    """Table of townships (csv, xlsx), from the folder of this file: id, name, county, population,
    lon, lat, terrain. On reading its rows become townships; those that stand here complete them."""
