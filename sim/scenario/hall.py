"""The hall and its alternative layouts: door, windows, waiting lists, rules."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from sim.clock import BEIJING, MINUTE
from sim.scenario.base import (
    Bilingual,
    Block,
    Clerks,
    Duration,
    Factor,
    FewIds,
    Id,
    Ids,
    Roster,
    Share,
    TimeZone,
    Weight,
)
from sim.scenario.clerk_rows import ClerksFile
from sim.scenario.distributions import DurationLaw
from sim.scenario.outages import Outage

LearningRate = Annotated[float, Field(gt=0.0, le=1.0, json_schema_extra={"ratio": True})]


Metres = Annotated[float, Field(ge=-10_000.0, le=10_000.0)]
MetresPerMinute = Annotated[float, Field(gt=0.0, le=1_000.0)]

AtBreak = Literal["wait", "serve_first", "keep_ticket", "new_ticket"]
"""What those who hold tickets do when a break begins."""


class Reception(Block):
    """First contact at the door: a desk (导服台) that pre-checks papers, or ticket machines."""

    kind: Literal["desk", "kiosk"] = "desk"
    """A kiosk gives tickets and cannot look at papers."""
    clerks: Roster
    """People at the desk, or machines."""
    service: DurationLaw
    """Time with one visitor."""
    catches: Share = 0.0
    """Share of incomplete papers found here, before the queue."""

    @model_validator(mode="after")
    def _kiosks_are_blind(self) -> Reception:
        if self.kind == "kiosk" and self.catches > 0:
            raise PydanticCustomError("kiosk_catches", "{found}", {"found": f"{self.catches:g}"})
        return self


class Training(Block):
    """Sessions that make clerks faster and their advice better, by a learning curve."""

    sessions: Annotated[int, Field(ge=0, le=10_000)]
    """Sessions held."""
    people: Annotated[int, Field(ge=0, le=100_000)]
    """People at each session."""
    staff: Annotated[int, Field(ge=1, le=1_000_000)]
    """Clerks and reviewers among whom the places are spread."""
    service_rate: LearningRate = 1.0
    """Factor on service time each time that experience doubles."""
    correction_rate: LearningRate = 1.0
    """Factor on the share of incomplete papers each time that experience doubles."""
    least_service: Share = 0.0
    """Lowest factor on service time that training can reach."""
    least_correction: Share = 0.0
    """Lowest factor on the share of incomplete papers that training can reach."""

    @property
    def service_factor(self) -> float:
        """Factor on every clerk's service time."""
        return self._factor(self.service_rate, self.least_service)

    @property
    def correction_factor(self) -> float:
        """Factor on the share of incomplete papers, at windows and in reviews."""
        return self._factor(self.correction_rate, self.least_correction)

    def _factor(self, rate: float, least: float) -> float:
        # half a second for the whole of theory: only scenarios with training pay
        from sim.theory.learning import learning_curve

        return learning_curve(self.sessions * self.people / self.staff, rate, least)


class Position(Block):
    """A point on the floor of the hall, in metres from anywhere, the same for all."""

    x: Metres
    """To the right, as one comes in."""
    y: Metres
    """Away from the door."""

    def metres_to(self, other: Position) -> float:
        """The straight way to another point."""
        return math.hypot(self.x - other.x, self.y - other.y)


class Hall(Block):
    """The building and what all its layouts share."""

    name: Bilingual
    hours: Id
    """Calendar of the hall; windows are on duty inside it."""
    week_a: date | None = None
    """A date in a week A, where rosters say `week A` and `week B`; default: `run.start`."""
    last_ticket: Duration = 0
    """No ticket is given in the last so-much time of a day."""
    closing: Literal["serve_all", "cut_off", "keep_ticket"] = "serve_all"
    """At the end of the day everyone inside is served, or asked to come again, or leaves with a
    ticket that is called first on the next open day."""
    at_break: AtBreak = "wait"
    """When a break begins, those who hold tickets wait through it, are served first, or leave and
    are back when it ends, with their ticket or for a new one."""
    last_ticket_before_break: Duration = 0
    """No ticket is given in the last so-much time before a break."""
    capacity: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """People the hall holds; more are turned away."""
    reception: Reception | None = None
    """A desk at the door; none = a ticket is taken at once."""
    way_in: Duration = 0
    """Walk from the door to the desk, or where there is none to the ticket."""
    walk: Duration = 0
    """Walk of who is called to the window, which waits for them; of window groups that say nothing
    else."""
    seats: Position | None = None
    """Where people wait, from which ways to windows are counted."""
    metres_per_minute: MetresPerMinute | None = None
    """How fast people walk; with `seats` the walk to a window group that has a `position`, and no
    `walk` of its own, follows from the way. None = positions are for the drawing only."""
    time_zone: TimeZone = BEIJING
    """Zone of the clocks here; logs and calendars are written in it."""
    training: Training | None = None
    """Training of those who work here; none = they work as they do now."""
    absence: Share = 0.0
    """Share of clerks on the roster who do not come on a day, such as for illness; of window groups
    that say nothing else, and of the desk."""
    outages: Annotated[tuple[Outage, ...], Field(max_length=100)] = ()
    """Systems that fail, and stop windows until they work again."""


class Tidal(Block):
    """Reserve windows (潮汐窗口): they open while many wait, and close when few do."""

    opens_at: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """Waiting in the list at which one more window opens."""
    opens_after: Duration | None = None
    """Wait of the first in the list at which one more window opens."""
    closes_at: Annotated[int, Field(ge=0, le=100_000)] = 0
    """Waiting in the list at which an idle one closes; below `opens_at`."""
    setup: Duration = 0
    """From the decision until the window calls."""
    pool: Id | None = None
    """Window group whose idle clerk goes there; none = the group's own clerks stand by."""
    keep: Clerks = 0
    """Clerks that never leave the pool."""

    @model_validator(mode="after")
    def _one_reason(self) -> Tidal:
        if self.opens_at is None and self.opens_after is None:
            raise PydanticCustomError("tidal_never", "{found}", {"found": "-"})
        if self.opens_at is not None and self.closes_at >= self.opens_at:
            thresholds = {"found": str(self.closes_at), "allowed": f"< {self.opens_at}"}
            raise PydanticCustomError("tidal_oscillates", "{found}", thresholds)
        return self


class WindowGroup(Block):
    """Windows that are alike: same list, same matters, same skill."""

    id: Id
    name: Bilingual | None = None
    list: Id | None = None
    """Waiting list they call from; default: one of their own, named like the group."""
    helps: FewIds = ()
    """Other lists whose tickets they call too, all that are taken there."""
    serves: Annotated[Ids, Field(min_length=1)]
    """Matters, groups of matters, or lead departments whose matters they accept from their list."""
    clerks: Roster
    """Clerks on duty; windows beyond that number are closed."""
    count: Clerks | None = None
    """Windows built; default: the largest number of clerks."""
    proficiency: Factor = 1.0
    """Factor on service time (above 1 is slower)."""
    service_laws: Annotated[Mapping[Id, DurationLaw], Field(max_length=1_000)] = Field(
        default_factory=dict
    )
    """Matters that take another time at these windows: in place of `base` of the matter's
    `service`, `{copy: {law: gamma, mean: 6 min, cv: 0.5}}`."""
    changeover: Duration = 0
    """Set-up before a matter other than the one that a window served last."""
    walk: Duration | None = None
    """Walk of who is called from where people wait to these windows; default: that of the hall."""
    position: Position | None = None
    """Where the middle of the group is on the floor of the hall."""
    at_break: AtBreak | None = None
    """As `at_break` of the hall, for the list they call from; none = as the hall says."""
    tidal: Tidal | None = None
    """Reserve windows: `clerks` then says how many may be open at most."""
    reviews_for: Id | None = None
    """Department whose reviews an idle clerk takes up; a review in hand is finished first, whoever
    comes."""
    absence: Share | None = None
    """Share of the group's clerks who do not come on a day; default: that of the hall."""

    @property
    def list_id(self) -> str:
        """The waiting list the group calls from first."""
        return self.list or self.id

    def walk_of(self, hall: Hall) -> int:
        """Ticks in which who is called comes to its windows, at a pace of 1."""
        if self.walk is not None:
            return self.walk
        if self.position is None or hall.seats is None or hall.metres_per_minute is None:
            return hall.walk
        return round(MINUTE * self.position.metres_to(hall.seats) / hall.metres_per_minute)

    def break_rule(self, hall: Hall) -> AtBreak:
        """What those who hold tickets of its list do when a break begins."""
        return self.at_break or hall.at_break

    @property
    def borrows(self) -> bool:
        """Whether its clerks are those of another group, and paid there."""
        return self.tidal is not None and self.tidal.pool is not None


class Calling(Block):
    """Who is called next at a window."""

    rule: Literal[
        "priority",
        "weighted_wait",
        "accumulating_priority",
        "own_first",
        "alternation",
        "longest_list",
    ] = "priority"
    """Class then ticket; longest weighted wait, also called accumulating priority; own list first,
    helped lists after a threshold; own and helped lists in turn; the list in which most wait."""
    ageing: Duration | None = None
    """Each so-much wait moves a ticket up one class."""
    help_after: Duration = 0
    """Own-first: a helped list is called once its head has waited so long."""
    own_calls: Annotated[int, Field(ge=1, le=1_000)] = 1
    """Alternation: calls from the own list before one from a helped list."""

    @field_validator("rule", mode="after")
    @classmethod
    def _by_one_word(cls, rule: str) -> str:
        """The field's name of a rule is the same rule, so that two spellings have one hash."""
        return "weighted_wait" if rule == "accumulating_priority" else rule


class Routing(Block):
    """Where a ticket is taken when several lists accept the matter."""

    rule: Literal["shortest_wait", "shares", "habit"] = "shortest_wait"
    """The ticket machine sends to the shortest expected wait; shares per ticket; per person."""
    shares: Annotated[Mapping[Id, Weight], Field(max_length=200)] = Field(default_factory=dict)
    """Weights of the lists under `shares` and `habit`."""


class Quota(Block):
    """How many tickets are given (限号); who gets none leaves unserved."""

    tickets: Annotated[
        Mapping[Id, Annotated[int, Field(ge=0, le=1_000_000)]], Field(max_length=200)
    ] = Field(default_factory=dict)
    """Tickets that a list gives in each open interval of the day (half a day); others give any."""
    beyond_closing: Literal["give", "refuse"] = "give"
    """Whether a list gives a ticket to who is not expected to be called before closing."""


class Layout(Block):
    """One way to arrange the windows, over the same demand as all others."""

    id: Id
    name: Bilingual
    windows: Annotated[tuple[WindowGroup, ...], Field(min_length=1, max_length=200)]
    clerks_file: ClerksFile | None = None
    """Table of who is on duty when: a group's `clerks` on the dates that it names (CSV, xlsx)."""
    calling: Calling = Calling()
    idle: Literal["fewest_skills", "longest_idle"] = "fewest_skills"
    """Which of several idle windows takes the next ticket."""
    routing: Routing = Routing()
    transfer: Literal["keep_place", "new_ticket"] = "keep_place"
    """Who has a second matter that the window does not accept is sent on (转移): in the place of
    their ticket, or behind everybody with a new one."""
    quota: Quota | None = None
    """None = whoever comes in time gets a ticket."""


class Online(Block):
    """Applications that come through the net (线上)."""

    department: Id
    """Whose reviewers pre-check them."""
    precheck: DurationLaw
    """Touch time of one pre-check."""
