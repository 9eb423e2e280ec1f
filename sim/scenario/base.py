"""The ground all scenario parts stand on: frozen, strict, with units in the values and sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from sim import clock
from sim.clock import ClockError, Hours, Span


class Block(BaseModel):
    """A part of a scenario: no unknown key, no change after loading, no silent conversion."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True
    )

    source: str | None = None
    """Where the numbers of this part and of the parts inside it come from."""
    assumed: Mapping[str, tuple[Any, Any]] = Field(default_factory=dict)
    """Numbers that are assumptions: dotted name inside this part -> [lowest, highest] plausible."""
    note: str | None = None
    """Why an assumption was made, or what was not published."""


def _read(parse: Callable[[object], Any], ready: type) -> Callable[[object], Any]:
    """Turn a clock parser into a validator whose error code names the sentence to show."""

    def validate(value: object) -> Any:
        if isinstance(value, ready) and not isinstance(value, bool | int | float | str):
            return value
        try:
            return parse(value)
        except ClockError as error:
            raise PydanticCustomError(error.code, "{found}", {"found": error.found}) from None  # type: ignore[arg-type]

    return validate


def _text(pattern: str, *examples: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": list(examples)})


Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Weight = Annotated[float, Field(ge=0.0, le=1e9)]
Factor = Annotated[float, Field(gt=0.0, le=100.0)]
Duration = Annotated[
    int,
    BeforeValidator(_read(clock.parse_duration, Hours)),
    PlainSerializer(clock.format_span, return_type=str, when_used="json"),
    _text(r"^\d+(\.\d+)? (s|min|h|d)$", "12 min", "3 d"),
]
DurationOrWorkdays = Annotated[
    Span,
    BeforeValidator(_read(clock.parse_span, Span)),
    PlainSerializer(clock.format_span, return_type=str, when_used="json"),
    _text(r"^\d+(\.\d+)? (s|min|h|d|wd)$", "5 wd", "20 d"),
]
ClockHours = Annotated[
    Hours,
    BeforeValidator(_read(clock.parse_hours, Hours)),
    PlainSerializer(
        lambda h: f"{clock.format_clock(h.start)}-{clock.format_clock(h.end)}",
        return_type=str,
        when_used="json",
    ),
    _text(r"^\d\d:\d\d-\d\d:\d\d$", "08:30-12:00"),
]
Clerks = Annotated[int, Field(ge=0, le=10_000)]


def _checked_key(parse: Callable[[object], Any]) -> AfterValidator:
    def validate(value: str) -> str:
        _read(parse, Hours)(value)
        return value

    return AfterValidator(validate)


DayRange = Annotated[str, _checked_key(clock.parse_days)]
"""`mon-fri` or `sat`, as a key."""
HoursKey = Annotated[str, _checked_key(clock.parse_hours)]
"""`08:30-09:00`, as a key."""
RosterKey = Annotated[str, _checked_key(lambda value: roster_hours(str(value)))]
"""`08:30-12:00` or `sat 09:00-12:00`, as a key."""
Roster = Annotated[
    Mapping[RosterKey, Clerks],
    BeforeValidator(lambda value: {ALWAYS: value} if isinstance(value, int) else value),
]
"""Clerks on duty: a number for all hall hours, or by `[days ]HH:MM-HH:MM`."""
ALWAYS = "mon-sun 00:00-24:00"


def roster_hours(key: str) -> tuple[tuple[int, ...], Hours]:
    """Weekdays and hours of a roster key.

    Examples
    --------
    >>> roster_hours("sat 09:00-12:00")[0]
    (5,)
    """
    days, _, hours = key.rpartition(" ")
    return clock.parse_days(days or "mon-sun"), clock.parse_hours(hours)


Rate = Annotated[
    float,
    BeforeValidator(_read(clock.parse_rate, Hours)),
    PlainSerializer(lambda r: f"{r!r} per h", return_type=str, when_used="json"),
    _text(r"^\d+(\.\d+)? per (s|min|h|d)$", "24 per h"),
]


class Bilingual(BaseModel):
    """A name that people read, in both languages."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    zh: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    en: Annotated[str, StringConstraints(min_length=1, max_length=200)]
