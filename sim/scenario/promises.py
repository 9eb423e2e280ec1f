"""Promises (服务承诺): which measure is to be how good, for whom, in which half hours or days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from sim.clock import MINUTE, Span, format_span
from sim.scenario.base import Block, Duration, FewIds, Id, Ids, Level

PromisedMeasure = Literal[
    "called_within",
    "wait",
    "wait_of_all",
    "coming_to_call",
    "give_up_share",
    "balk_share",
    "stay",
    "turned_away_share",
    "utilisation",
    "overtime",
    "drain",
    "on_time_share",
    "statutory_on_time_share",
    "turnaround",
]
Each: TypeAlias = Literal["half_hour", "day", "run"]
EACH: Final[tuple[Each, ...]] = ("half_hour", "day", "run")
"""The finest first: a level that is kept in each of the finer is kept in the coarser one."""
Who: TypeAlias = Literal["groups", "matters", "classes", "departments"]
WHO: Final[tuple[Who, ...]] = ("groups", "matters", "classes", "departments")
"""Fields of a promise that name whom it holds for."""
CountedOver: TypeAlias = Literal["tickets", "visits", "duty", "closing", "cases"]
"""What a measure is counted over."""


PERCENT: Final = 100


class Promisable(NamedTuple):
    """How a measure can be promised."""

    over: CountedOver
    """What it is counted over."""
    unit: Literal["share", "min", "wd"]
    """That of the measure, and so of a level."""
    better: Literal["low", "high"] = "low"
    """A level is `at_most` or `at_least`."""


PROMISABLE: Final[Mapping[PromisedMeasure, Promisable]] = {
    "called_within": Promisable("tickets", "share", "high"),
    "wait": Promisable("tickets", "min"),
    "wait_of_all": Promisable("tickets", "min"),
    "coming_to_call": Promisable("tickets", "min"),
    "give_up_share": Promisable("tickets", "share"),
    "balk_share": Promisable("tickets", "share"),
    "stay": Promisable("visits", "min"),
    "turned_away_share": Promisable("visits", "share"),
    "utilisation": Promisable("duty", "share"),
    "overtime": Promisable("duty", "min"),
    "drain": Promisable("closing", "min"),
    "on_time_share": Promisable("cases", "share", "high"),
    "statutory_on_time_share": Promisable("cases", "share", "high"),
    "turnaround": Promisable("cases", "wd"),
}
EACH_OF: Final[Mapping[CountedOver, tuple[Each, ...]]] = {
    "tickets": ("half_hour", "day", "run"),
    "visits": ("day", "run"),
    "duty": ("day", "run"),
    "closing": ("day", "run"),
    "cases": ("run",),
}
"""A visit lasts for several half hours, a case for several days; overtime comes after the hours."""
WHO_OF: Final[Mapping[CountedOver, tuple[Who, ...]]] = {
    "tickets": ("groups", "matters", "classes"),
    "visits": ("matters", "classes"),
    "duty": ("groups",),
    "closing": (),
    "cases": ("matters", "classes", "departments"),
}


class Promise(Block):
    """One service promise (服务承诺): a measure, how good it is to be, for whom, and where."""

    id: Id | None = None
    """Name by which a file that extends this one can change it."""
    measure: PromisedMeasure
    """What is promised."""
    within: Duration | None = None
    """Of `called_within`: the wait; default: `targets.called_within`."""
    at_least: Level | None = None
    """Lowest value of a measure that should be high, such as 90 %."""
    at_most: Level | None = None
    """Highest value of a measure that should be low, such as 2 % or 8 min."""
    each: Each
    """Holds in each half hour of each kind of day, on each kind of day, or over the whole run."""
    groups: FewIds = ()
    """Window groups: people in their waiting lists, or their clerks; each by itself."""
    matters: Ids = ()
    """Matters, groups of matters or lead departments, each by itself."""
    classes: FewIds = ()
    """Classes of applicants, each by itself."""
    departments: FewIds = ()
    """Departments: cases that need an item of theirs, each by itself."""

    @model_validator(mode="after")
    def _one_level(self) -> Promise:
        if len(written := self.written_levels) != 1:
            stands = {"found": ", ".join(name for name, _ in written) or "-", "allowed": self.side}
            raise PydanticCustomError("promise_level", "{found}", stands)
        named = [name for name in WHO if getattr(self, name)]
        if len(named) > 1:
            raise PydanticCustomError("promise_who", "{found}", {"found": ", ".join(named)})
        return self

    @property
    def kind(self) -> Promisable:
        """How its measure is counted."""
        return PROMISABLE[self.measure]

    @property
    def written_levels(self) -> tuple[tuple[str, float | Span], ...]:
        """Field and level; there is one."""
        levels = (("at_least", self.at_least), ("at_most", self.at_most))
        return tuple((name, level) for name, level in levels if level is not None)

    @property
    def side(self) -> Literal["at_least", "at_most"]:
        """The field in which its measure has its level."""
        return "at_least" if self.kind.better == "high" else "at_most"

    @property
    def level(self) -> float:
        """How good the measure is to be, in its unit: a share, minutes, or working days.

        Examples
        --------
        >>> Promise(measure="wait", at_most="480 s", each="run").level
        8.0
        """
        [(_, level)] = self.written_levels
        if isinstance(level, float):
            return level
        return float(level.workdays) if self.kind.unit == "wd" else level.ticks / MINUTE

    @property
    def who(self) -> tuple[Who | None, tuple[str, ...]]:
        """The field that names whom it holds for, and the names as written; None for everybody."""
        for name in WHO:
            names: tuple[str, ...] = getattr(self, name)
            if names:
                return name, names
        return None, ()


def level_words(level: float | Span) -> str:
    """A level as a planner would write it.

    Examples
    --------
    >>> level_words(0.9), level_words(Span(480_000)), level_words(Span(0, 5))
    ('90 %', '8 min', '5 wd')
    """
    return f"{level * PERCENT:.12g} %" if isinstance(level, float) else format_span(level)
