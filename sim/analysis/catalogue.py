"""The catalogue of measures: each named once, with its unit, and which way is better."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from sim.analysis.window_use import HOURS_OF_USES
from sim.clock import DAY, HOUR, MINUTE

By = Literal["class", "matter", "list", "group", "county", "slot", "day"]
"""Groupings of figures; groups are those of windows, slots half hours, days measured days."""


class Measure(NamedTuple):
    """One thing measured. Its name for people is the text `measure.<key>`."""

    key: str
    unit: str
    """Text `unit.<unit>`; `share` is shown in percent."""
    scale: float = 1.0
    """Ticks (or people) that make one unit."""
    better: Literal["low", "high", "neither"] = "low"
    cluster: Literal["day", "replication"] = "day"
    """What may be taken as independent: hall days, which start empty, or whole replications."""
    signed: bool = False
    """It can be below 0."""


MEASURES: Final[tuple[Measure, ...]] = (
    Measure("wait", "min", MINUTE),
    Measure("called_within", "share", better="high"),
    Measure("wait_of_all", "min", MINUTE),
    Measure("door_wait", "min", MINUTE),
    Measure("reception_wait", "min", MINUTE),
    Measure("coming_to_call", "min", MINUTE),
    Measure("walk", "min", MINUTE),
    Measure("stay", "min", MINUTE),
    Measure("stay_uncalled", "min", MINUTE),
    Measure("give_up_share", "share"),
    Measure("turned_away_share", "share"),
    Measure("refused_share", "share"),
    Measure("held_over_share", "share"),
    Measure("break_share", "share"),
    Measure("balk_share", "share"),
    Measure("same_day_share", "share", better="neither"),
    Measure("missed_share", "share"),
    Measure("sent_back_share", "share"),
    Measure("second_share", "share", better="neither"),
    Measure("one_window_share", "share", better="high"),
    Measure("transfer_share", "share"),
    Measure("not_reached_share", "share"),
    Measure("transfer_wait", "min", MINUTE),
    Measure("both_stay", "min", MINUTE),
    Measure("visits", "per_day", better="neither"),
    Measure("people", "person", better="neither"),
    Measure("peak_inside", "person"),
    Measure("peak_waiting", "person"),
    Measure("utilisation", "share", better="neither"),
    Measure("walk_share", "share"),
    Measure("overtime", "min", MINUTE),
    Measure("drain", "min", MINUTE),
    Measure("clerk_hours", "h", HOUR, better="low"),
    Measure("walk_hours", "h", HOUR),
    Measure("service_hours", "h", HOUR, better="neither"),
    Measure("changeover_hours", "h", HOUR),
    Measure("wrap_up_hours", "h", HOUR),
    Measure("review_hours", "h", HOUR, better="neither"),
    Measure("down_hours", "h", HOUR),
    Measure("idle_hours", "h", HOUR, better="neither"),
    Measure("absent_hours", "h", HOUR),
    Measure("cost_per_day", "yuan_per_day", HOUR, better="low"),
    Measure("trips", "trip", cluster="replication"),
    Measure("first_trip_share", "share", better="high", cluster="replication"),
    Measure("between_trips", "d", DAY, cluster="replication"),
    Measure("turnaround", "wd", cluster="replication"),
    Measure("turnaround_calendar", "d", DAY, cluster="replication"),
    Measure("elapsed", "d", DAY, cluster="replication"),
    Measure("issue_delay", "d", DAY, cluster="replication"),
    Measure("on_time_share", "share", better="high", cluster="replication"),
    Measure("statutory_on_time_share", "share", better="high", cluster="replication"),
    Measure("open_share", "share", cluster="replication"),
    Measure("lost_share", "share", cluster="replication"),
    Measure("backlog_time", "d", DAY, cluster="replication"),
    Measure("left_out_share", "share", cluster="replication"),
    Measure("booked_share", "share", better="neither", cluster="replication"),
    Measure("no_show_share", "share", cluster="replication"),
    Measure("booking_delay", "h", HOUR, cluster="replication", signed=True),
)
"""In the order in which tables show them."""
QUANTILES: Final[Mapping[str, float]] = {"wait_p50": 0.5, "wait_p90": 0.9, "wait_p95": 0.95}
BY_GROUP: Final = ("wait", "called_within", "coming_to_call", "give_up_share")
"""Measures that are given for every grouping."""
OF_SECONDS: Final = (
    "second_share",
    "one_window_share",
    "transfer_share",
    "not_reached_share",
    "transfer_wait",
    "both_stay",
)
"""Measures of second matters, where people may have one."""
OF_WINDOWS: Final = ("utilisation", *HOURS_OF_USES)
"""Measures that are given for groups of windows."""
