"""Laws as a tagged union, with a bare value as the short form of the constant."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from sim.clock import MINUTE, Span
from sim.scenario.distributions import DurationLaw, FactorLaw, SpanLaw

DURATION: TypeAdapter[Any] = TypeAdapter(DurationLaw)
FACTOR: TypeAdapter[Any] = TypeAdapter(FactorLaw)
SPAN: TypeAdapter[Any] = TypeAdapter(SpanLaw)


def test_a_bare_value_is_a_constant() -> None:
    assert DURATION.validate_python("12 min").value == 12 * MINUTE
    assert FACTOR.validate_python(2).value == 2.0
    assert SPAN.validate_python("5 wd").value == Span(0, 5)


@pytest.mark.parametrize(
    "law",
    [
        {"law": "constant", "value": "1 min"},
        {"law": "exponential", "mean": "1 min"},
        {"law": "gamma", "mean": "1 min", "cv": 0.5},
        {"law": "lognormal", "mean": "1 min", "cv": 0.5},
        {"law": "uniform", "low": "1 min", "high": "1 min"},
        {"law": "triangular", "low": "0 min", "mode": "1 min", "high": "2 min"},
        {"law": "empirical", "values": ("1 min", "2 min")},
        {"law": "sequence", "values": ("2 min", "1 min")},
    ],
)
def test_every_law_reads_and_writes_itself(law: dict[str, object]) -> None:
    read = DURATION.validate_python(law)
    assert read.law == law["law"]
    assert DURATION.validate_json(DURATION.dump_json(read)) == read


@pytest.mark.parametrize(
    ("law", "code", "bounds"),
    [
        (
            {"law": "uniform", "low": "2 h", "high": "90 min"},
            "bounds_order",
            "low: 2 h, high: 90 min",
        ),
        (
            {"law": "triangular", "low": "1 min", "mode": "5 min", "high": "4 min"},
            "bounds_order",
            "low: 1 min, mode: 5 min, high: 4 min",
        ),
    ],
)
def test_bounds_rise(law: dict[str, object], code: str, bounds: str) -> None:
    with pytest.raises(ValidationError) as caught:
        DURATION.validate_python(law)
    details = caught.value.errors()[0]
    assert (details["type"], details["ctx"]["found"]) == (code, bounds)


def test_bounds_of_a_factor_are_shown_as_numbers() -> None:
    with pytest.raises(ValidationError) as caught:
        FACTOR.validate_python({"law": "uniform", "low": 2, "high": 0.5})
    assert caught.value.errors()[0]["ctx"]["found"] == "low: 2, high: 0.5"


def test_no_working_day_at_all_goes_with_any_unit() -> None:
    assert SPAN.validate_python({"law": "uniform", "low": "0 d", "high": "5 wd"}).high.workdays == 5
