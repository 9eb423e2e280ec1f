"""The ground all scenario parts stand on: frozen, strict, with units in the values and sources."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError

from sim import clock
from sim.clock import DAY, ClockError, Hours, Span
from sim.scenario.roster_keys import parse_date, parse_dates, parse_roster_key

LONGEST: Final = Span(36_525 * DAY, 36_525)
"""A hundred years, in days or in working days: no duration of a hall is longer."""

REMEDIES: Final[Mapping[tuple[str, str], str]] = {
    ("bare_number", "rate"): "error.wrong_rate.remedy",
    ("bare_number", "span"): "error.bare_number.remedy_span",
    ("wrong_duration", "span"): "error.wrong_duration.remedy_span",
}
"""What to do about a code where one kind of value is wanted, if its usual remedy does not fit."""


class Bilingual(BaseModel):
    """A name that people read, in both languages; one given in one language is read in both."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    zh: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    en: Annotated[str, StringConstraints(min_length=1, max_length=200)]

    @model_validator(mode="before")
    @classmethod
    def _read_one_language(cls, written: Any) -> Any:
        if written == "":
            raise PydanticKnownError("string_too_short", {"min_length": 1})
        if isinstance(written, str):
            return {"zh": written, "en": written}
        if isinstance(written, Mapping) and len(written) == 1:
            language, text = next(iter(written.items()))
            return dict.fromkeys(("zh", "en"), text) if language in ("zh", "en") else written
        return written

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        both = handler.resolve_ref_schema(handler(core_schema))
        both = {**both, "minProperties": 1}
        both.pop("required", None)
        return {"anyOf": [both, both["properties"]["zh"]]}


class Remark(Bilingual):
    """A note that people read, in both languages; longer than a name."""

    zh: Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
    en: Annotated[str, StringConstraints(min_length=1, max_length=2_000)]


class Measured(BaseModel):
    """What a number was measured from, and how well: an estimate of the hall's own data."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True
    )

    file: Annotated[str, StringConstraints(min_length=1, max_length=1_000)]
    """Name of the log or table; it is not opened."""
    n: Annotated[int, Field(ge=1, le=1_000_000_000)]
    """Observations that the number rests on."""
    interval: tuple[Any, Any]
    """Confidence interval: its lowest and highest value."""


class Block(BaseModel):
    """A part of a scenario: no unknown key, no change after loading, no silent conversion."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )

    source: str | None = None
    """Where the numbers of this part and of the parts inside it come from."""
    assumed: Annotated[Mapping[str, tuple[Any, Any]], Field(max_length=5_000)] = Field(
        default_factory=dict
    )
    """Numbers that are assumptions: dotted name inside this part -> [lowest, highest] plausible."""
    measured: Annotated[Mapping[str, Measured], Field(max_length=5_000)] = Field(
        default_factory=dict
    )
    """Numbers that were measured: dotted name inside this part -> data, observations, interval."""
    note: str | Remark | None = None
    """Why an assumption was made, or what was not published."""


def format_hours(hours: Hours) -> str:
    """Write an interval the way a scenario does.

    Examples
    --------
    >>> format_hours(clock.parse_hours("08:30-12:00"))
    '08:30-12:00'
    """
    return f"{clock.format_clock(hours.start)}-{clock.format_clock(hours.end)}"


def format_rate(per_hour: float) -> str:
    """Write a rate the way a scenario does, without losing a digit.

    Examples
    --------
    >>> format_rate(24.0), format_rate(1e-7)
    ('24 per h', '0.0000001 per h')
    """
    digits = f"{Decimal(repr(per_hour)):f}"
    return f"{digits.removesuffix('.0')} per h"


def _read(
    parse: Callable[[object], Any], kind: str, ready: type | None = None
) -> Callable[[object], Any]:
    """Turn a clock parser into a validator whose error says what is allowed: `allowed.<kind>`."""

    def validate(value: object) -> Any:
        if isinstance(value, float) and not math.isfinite(value):
            raise PydanticCustomError("not_a_number", "{found}", {"allowed": f"allowed.{kind}"})
        if ready is not None and isinstance(value, ready):
            return value
        try:
            read = parse(value)
        except ClockError as error:
            minus = isinstance(value, str) and re.match(r"\s*[-−]\s*\d", value)
            code = "negative" if minus and error.code != "bare_number" else error.code
            context = {"found": error.found} if isinstance(value, str) else {}
            context |= {"allowed": f"allowed.{kind}", "remedy": REMEDIES.get((code, kind), "")}
            raise PydanticCustomError(code, "{found}", context) from None
        except OverflowError:  # more digits than a float holds
            read = Span(LONGEST.ticks + 1)
        span = read if isinstance(read, Span) else Span(read if isinstance(read, int) else 0)
        if span.ticks > LONGEST.ticks or span.workdays > LONGEST.workdays:
            raise PydanticCustomError("too_long_span", "{found}", {"found": str(value).strip()})
        return read

    return validate


def _text(kind: str, pattern: str, *examples: str) -> WithJsonSchema:
    """JSON Schema of a text; `kind` names the words for what it may hold: `allowed.<kind>`."""
    return WithJsonSchema(
        {"type": "string", "pattern": pattern, "examples": list(examples), "kind": kind}
    )


Id = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60),
    Field(json_schema_extra={"kind": "id"}),
]
Share = Annotated[float, Field(ge=0.0, le=1.0, json_schema_extra={"kind": "share", "ratio": True})]
Weight = Annotated[float, Field(ge=0.0, le=1e9)]
Factor = Annotated[float, Field(gt=0.0, le=100.0, json_schema_extra={"ratio": True})]
"""Like a share it may be written in per cent."""
Month = Annotated[int, Field(ge=1, le=12)]
Duration = Annotated[
    int,
    BeforeValidator(_read(clock.parse_duration, "span")),
    PlainSerializer(clock.format_span, return_type=str, when_used="json"),
    _text("span", r"^\d+(\.\d+)? (s|min|h|d)$", "12 min", "3 d"),
]
DurationOrWorkdays = Annotated[
    Span,
    BeforeValidator(_read(clock.parse_span, "duration", Span)),
    PlainSerializer(clock.format_span, return_type=str, when_used="json"),
    _text("duration", r"^\d+(\.\d+)? (s|min|h|d|wd)$", "5 wd", "20 d"),
]
Workdays = Annotated[
    float,
    BeforeValidator(_read(clock.parse_workdays, "workdays")),
    Field(ge=0.0, le=float(LONGEST.workdays)),
    PlainSerializer(clock.format_workdays, return_type=str, when_used="json"),
    _text("workdays", r"^\d+(\.\d+)? wd$", "0.1 wd", "2 wd"),
]
"""Working days, of which a part may be meant."""
_read_span_of_level: Final = _read(clock.parse_span, "level", Span)


def _read_level(value: object) -> float | Span:
    """A number is a share, a text a length of time; which of them fits, the measure says."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        span: Span = _read_span_of_level(value)
        return span
    allowed = {"allowed": "allowed.level"}
    try:
        level = float(value)
    except OverflowError:  # more digits than a float holds
        level = math.inf
    if not math.isfinite(level):
        raise PydanticCustomError("not_a_number", "{found}", allowed)
    if level < 0:
        raise PydanticCustomError("negative", "{found}", {"found": f"{level:g}", **allowed})
    return level


Level = Annotated[
    float | Span,
    BeforeValidator(_read_level),
    PlainSerializer(
        lambda level: level if isinstance(level, float) else clock.format_span(level),
        return_type=float | str,
        when_used="json",
    ),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "ratio": True, "kind": "level"},
                {
                    "type": "string",
                    "pattern": r"^\d+(\.\d+)? (s|min|h|d|wd)$",
                    "examples": ["8 min", "5 wd"],
                    "kind": "duration",
                },
            ]
        }
    ),
]
"""A share, or a length of time: how good a measure is to be."""
ClockHours = Annotated[
    Hours,
    BeforeValidator(_read(clock.parse_hours, "interval", Hours)),
    PlainSerializer(format_hours, return_type=str, when_used="json"),
    _text("interval", r"^\d\d:\d\d-\d\d:\d\d$", "08:30-12:00"),
]
ClockTime = Annotated[
    int,
    BeforeValidator(_read(clock.parse_clock, "clock")),
    PlainSerializer(clock.format_clock, return_type=str, when_used="json"),
    _text("clock", r"^\d\d:\d\d$", "16:30"),
]
TimeZone = Annotated[
    str,
    AfterValidator(_read(clock.parse_time_zone, "time_zone")),
    _text("time_zone", r"^[A-Za-z_]+(/[A-Za-z0-9_+-]+)*$", clock.BEIJING, "Europe/Madrid"),
]
"""Of the IANA database."""
MOST_CLERKS: Final = 10_000
Clerks = Annotated[int, Field(ge=0, le=MOST_CLERKS)]
LONGEST_ALTERNATION: Final = 20
"""Weeks after which a mean number of clerks begins anew: it is a multiple of 0.05."""


def _read_clerks(value: object) -> float:
    """A number of clerks; a part of one is a mean over weeks, a whole one is kept as an int."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticKnownError("float_type")
    if not math.isfinite(value):
        raise PydanticKnownError("finite_number")
    for kind, bound, is_outside in (
        ("greater_than_equal", "ge", value < 0),
        ("less_than_equal", "le", value > MOST_CLERKS),
    ):
        if is_outside:
            context = {bound: 0 if bound == "ge" else MOST_CLERKS}
            raise PydanticKnownError(kind, context)  # type: ignore[arg-type]
    if value == int(value):
        return int(value)
    if Fraction(str(value)).denominator > LONGEST_ALTERNATION:
        raise PydanticCustomError("clerks_alternate", "{found}", {"found": f"{value:g}"})
    return value


MeanClerks = Annotated[
    float,
    PlainValidator(_read_clerks),
    PlainSerializer(lambda clerks: clerks, return_type=Any),  # whole numbers stay whole
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": MOST_CLERKS}),
]
"""Clerks, or a mean over weeks that alternate (DESIGN §4.12)."""
Longitude = Annotated[float, Field(ge=-180.0, le=180.0)]
Latitude = Annotated[float, Field(ge=-180.0, le=180.0)]
"""Wider than the globe, so that coordinates in the wrong order are reported as such."""


def check_coordinates(lon: float | None, lat: float | None) -> None:
    """Refuse half a pair of coordinates.

    Raises
    ------
    PydanticCustomError
        `half_coordinates`.
    """
    if (lon is None) != (lat is None):
        half = "lat" if lon is None else "lon"
        raise PydanticCustomError("half_coordinates", "{found}", {"found": half})


def _checked_key(
    parse: Callable[[object], Any], kind: str
) -> tuple[AfterValidator, WithJsonSchema]:
    check = _read(parse, kind)

    def validate(value: str) -> str:
        check(value)
        return value

    return AfterValidator(validate), WithJsonSchema({"type": "string", "kind": kind})


DayRange = Annotated[str, *_checked_key(clock.parse_days, "day_range")]
"""`mon-fri` or `sat`, as a key."""
HoursKey = Annotated[str, *_checked_key(clock.parse_hours, "interval")]
"""`08:30-09:00`, as a key."""
DateKey = Annotated[str, *_checked_key(lambda value: parse_date(str(value)), "date_key")]
"""`2025-01-08`, as a key."""
DatesKey = Annotated[str, *_checked_key(lambda value: parse_dates(str(value)), "dates_key")]
"""`2025-06-15 to 2025-09-15`, as a key."""
RosterKey = Annotated[str, *_checked_key(lambda value: roster_hours(str(value)), "roster_key")]
"""`08:30-12:00` or `sat 09:00-12:00`, as a key."""
DatedRosterKey = Annotated[
    str, *_checked_key(lambda value: parse_roster_key(str(value)), "dated_roster_key")
]
"""Like `RosterKey`, or with a date, a range of dates or every second week before it, as a key."""
ALWAYS = "mon-sun 00:00-24:00"
MAX_INTERVALS: Final = 1_000
"""Of a week: one for each ten minutes."""
Ids = Annotated[tuple[Id, ...], Field(max_length=2_000)]
"""Ids of matters, groups or departments."""
FewIds = Annotated[tuple[Id, ...], Field(max_length=200)]
"""Ids of lists, classes or groups."""


def _by_hours(value: object) -> object:
    """A bare number of clerks, or places, holds at all hours."""
    return {ALWAYS: value} if isinstance(value, int | float) else value


Roster = Annotated[
    Mapping[DatedRosterKey, MeanClerks],
    BeforeValidator(_by_hours),
    Field(min_length=1, max_length=MAX_INTERVALS, json_schema_extra={"kind": "roster"}),
]
"""Clerks on duty: a number for all hall hours, or by `[dates ][days ]HH:MM-HH:MM`."""


def _at_all_hours(roster: Mapping[str, int]) -> int | dict[str, int]:
    """The bare number again, where there is one: what was written so keeps its identity."""
    return roster[ALWAYS] if set(roster) == {ALWAYS} else dict(roster)


ReviewerRoster = Annotated[
    Mapping[DatedRosterKey, Annotated[int, Field(ge=1, le=10_000)]],
    BeforeValidator(_by_hours),
    PlainSerializer(_at_all_hours, return_type=int | dict[str, int], when_used="json"),
    Field(min_length=1, max_length=MAX_INTERVALS, json_schema_extra={"kind": "roster"}),
]
"""Reviewers on duty: a number for all hours of their department, or by `[days ]HH:MM-HH:MM`."""


SlotCapacity = Annotated[
    Mapping[RosterKey, Annotated[int, Field(ge=0, le=1_000_000)]],
    BeforeValidator(_by_hours),
    Field(min_length=1, max_length=MAX_INTERVALS, json_schema_extra={"kind": "places"}),
]
"""People in each slot: a number for all hall hours, or by `[days ]HH:MM-HH:MM`."""


def roster_hours(key: str) -> tuple[tuple[int, ...], Hours]:
    """Weekdays and hours of a key that names no dates.

    Examples
    --------
    >>> roster_hours("sat 09:00-12:00")[0]
    (5,)
    """
    days, _, hours = key.rpartition(" ")
    return clock.parse_days(days or "mon-sun"), clock.parse_hours(hours)


Rate = Annotated[
    float,
    BeforeValidator(_read(clock.parse_rate, "rate")),
    Field(le=1e9),
    PlainSerializer(format_rate, return_type=str, when_used="json"),
    _text("rate", r"^\d+(\.\d+)? per (s|min|h|d)$", "24 per h"),
]
