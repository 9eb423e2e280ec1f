"""The ground of all parts: units, ranges, and values written as they were read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from sim.clock import DAY, HOUR, Hours, Span, parse_rate
from sim.scenario.base import (
    ALWAYS,
    ClockHours,
    Duration,
    DurationOrWorkdays,
    Roster,
    check_coordinates,
    format_rate,
    roster_hours,
)


def refused(kind: Any, value: object) -> tuple[str, dict[str, str]]:
    """Code and context of the error of a value."""
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value, strict=True)
    details = caught.value.errors()[0]
    return details["type"], details.get("ctx", {})


def test_durations_carry_units() -> None:
    assert TypeAdapter(Duration).validate_python("1.5 h") == 1.5 * HOUR
    assert TypeAdapter(DurationOrWorkdays).validate_python("5 wd") == Span(0, 5)
    assert TypeAdapter(ClockHours).validate_python("08:00-24:00") == Hours(8 * HOUR, DAY)


@pytest.mark.parametrize(
    ("lon", "lat", "half"),
    [(None, None, ""), (None, 34.0, "lat"), (111.0, None, "lon"), (111.0, 34.0, "")],
)
def test_coordinates_are_whole(lon: float | None, lat: float | None, half: str) -> None:
    """Both or none."""
    if not half:
        check_coordinates(lon, lat)
        return
    with pytest.raises(PydanticCustomError) as caught:
        check_coordinates(lon, lat)
    assert (caught.value.type, caught.value.context) == ("half_coordinates", {"found": half})


def test_a_hundred_years_is_the_longest() -> None:
    assert TypeAdapter(Duration).validate_python("36525 d") == 36_525 * DAY
    assert TypeAdapter(DurationOrWorkdays).validate_python("36525 wd") == Span(0, 36_525)
    for kind, value in ((Duration, "36526 d"), (DurationOrWorkdays, "36526 wd")):
        code, context = refused(kind, value)
        assert (code, context["found"]) == ("too_long_span", value)


@pytest.mark.parametrize(
    "value", [None, True, [], {}, (1, 2), "", " ", "min", "12min", "1 h 30 min"]
)
def test_what_is_no_duration(value: object) -> None:
    assert refused(Duration, value)[0] == "wrong_duration"


def test_what_is_allowed_depends_on_the_field() -> None:
    assert refused(Duration, 5)[1]["allowed"] == "allowed.span"
    assert refused(DurationOrWorkdays, 5)[1]["allowed"] == "allowed.duration"


def test_a_bare_number_of_clerks_is_on_duty_always() -> None:
    assert TypeAdapter(Roster).validate_python(3, strict=True) == {ALWAYS: 3}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (True, "float_type"),
        (2.33, "clerks_alternate"),
        (-1, "greater_than_equal"),
        (10**9, "less_than_equal"),
        (None, "dict_type"),
        ("3", "dict_type"),
        ({}, "too_short"),
        ({"mon 08:00": 1}, "wrong_interval"),
        ({"mon-sun": 1}, "wrong_clock"),
        ({"fri-mon 08:00-09:00": 1}, "wrong_day_name"),
    ],
)
def test_what_is_no_roster(value: object, code: str) -> None:
    assert refused(Roster, value)[0] == code


def test_a_roster_key_without_days_is_for_every_day() -> None:
    assert roster_hours("08:00-09:00")[0] == tuple(range(7))


@given(st.floats(0, 1e9))
def test_a_rate_reads_as_it_was_written(per_hour: float) -> None:
    assert parse_rate(format_rate(per_hour)) == per_hour
