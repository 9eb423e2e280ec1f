"""Probability distributions as a tagged union: of durations, of a person's own factor, of spans.

`mean` and `cv` are always those of the variable itself, never of its logarithm.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Generic, Literal, TypeVar

from pydantic import BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from sim.clock import DAY, Span, format_span
from sim.scenario.base import Block, Duration, DurationOrWorkdays, Factor

T = TypeVar("T")
Values = Annotated[tuple[T, ...], Field(min_length=1, max_length=100_000)]
Cv = Annotated[float, Field(gt=0.0, le=10.0, json_schema_extra={"ratio": True})]


class Law(Block):
    """A probability distribution; its parameters are its fields."""

    # pydantic cannot read attribute docstrings of a generic class that it builds itself
    model_config = ConfigDict(use_attribute_docstrings=False)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The schema of one distribution; what it is stands in its generic class."""
        part = handler.resolve_ref_schema(handler(core_schema))
        part["description"] = (cls.__pydantic_generic_metadata__["origin"] or cls).__doc__
        return part


class Constant(Law, Generic[T]):
    """Always the same value."""

    law: Literal["constant"]
    value: T = Field(description="The value itself.")


class Exponential(Law, Generic[T]):
    """Without memory; one number, its mean."""

    law: Literal["exponential"]
    mean: T = Field(description="Mean of the variable.")


class Gamma(Law, Generic[T]):
    """Gamma distribution given by mean and coefficient of variation."""

    law: Literal["gamma"]
    mean: T = Field(description="Mean of the variable.")
    cv: Cv = Field(description="Standard deviation divided by mean.")


class LogNormal(Law, Generic[T]):
    """Log-normal distribution given by mean and coefficient of variation of the variable itself."""

    law: Literal["lognormal"]
    mean: T = Field(description="Mean of the variable.")
    cv: Cv = Field(description="Standard deviation divided by mean.")


class Uniform(Law, Generic[T]):
    """Every value between two bounds alike."""

    law: Literal["uniform"]
    low: T = Field(description="Smallest value.")
    high: T = Field(description="Largest value.")

    @model_validator(mode="after")
    def _ordered(self) -> Uniform[T]:
        _in_order(self, "low", "high")
        return self


class Triangular(Law, Generic[T]):
    """Between two bounds, most likely at the mode."""

    law: Literal["triangular"]
    low: T = Field(description="Smallest value.")
    mode: T = Field(description="Most likely value.")
    high: T = Field(description="Largest value.")

    @model_validator(mode="after")
    def _ordered(self) -> Triangular[T]:
        _in_order(self, "low", "mode", "high")
        return self


class Empirical(Law, Generic[T]):
    """Drawn with replacement from observed values."""

    law: Literal["empirical"]
    values: Values[T] = Field(description="The observed values.")


class Sequence(Law, Generic[T]):
    """Given values in order of arrival, again from the first when they are used up."""

    law: Literal["sequence"]
    values: Values[T] = Field(description="The values, first arrival first.")


def mean_of(law: Any) -> float:
    """Expected value of a distribution of durations, in ticks, or of factors.

    Examples
    --------
    >>> mean_of(NO_CHANGE)
    1.0
    """
    match law.law:
        case "constant":
            return float(law.value)
        case "uniform":
            return float(law.low + law.high) / 2
        case "triangular":
            return float(law.low + law.mode + law.high) / 3
        case "empirical" | "sequence":
            return float(sum(law.values)) / len(law.values)
        case _:
            return float(law.mean)


def _in_order(law: Block, *names: str) -> None:
    """Refuse bounds that fall, or that count working days beside calendar days."""
    bounds = [getattr(law, name) for name in names]
    written_bounds = ", ".join(
        f"{n}: {_written(bound)}" for n, bound in zip(names, bounds, strict=True)
    )
    spans = [bound for bound in bounds if isinstance(bound, Span) and any(bound)]
    if len({span.workdays > 0 for span in spans}) > 1:
        raise PydanticCustomError("mixed_units", "{found}", {"found": written_bounds})
    if bounds != sorted(bounds):
        raise PydanticCustomError("bounds_order", "{found}", {"found": written_bounds})


def _written(bound: Any) -> str:
    return f"{bound:g}" if isinstance(bound, float) else format_span(bound)


def _spelled_out(value: Any) -> Any:
    """A bare value is short for the distribution that always gives it."""
    if isinstance(value, dict):  # lists are those of JSON
        return {key: tuple(v) if isinstance(v, list) else v for key, v in value.items()}
    if isinstance(value, Block):
        return value
    return {"law": "constant", "value": value}


DurationLaw = Annotated[
    Constant[Duration]
    | Exponential[Duration]
    | Gamma[Duration]
    | LogNormal[Duration]
    | Uniform[Duration]
    | Triangular[Duration]
    | Empirical[Duration]
    | Sequence[Duration],
    Field(discriminator="law"),
    BeforeValidator(_spelled_out),
]
FactorLaw = Annotated[
    Constant[Factor]
    | Exponential[Factor]
    | Gamma[Factor]
    | LogNormal[Factor]
    | Uniform[Factor]
    | Triangular[Factor]
    | Empirical[Factor]
    | Sequence[Factor],
    Field(discriminator="law"),
    BeforeValidator(_spelled_out),
]
SpanLaw = Annotated[
    Constant[DurationOrWorkdays] | Uniform[DurationOrWorkdays],
    Field(discriminator="law"),
    BeforeValidator(_spelled_out),
]


# defaults: of the classes the unions name, so that a scenario is written out without a warning
NO_TIME: Final = Constant[Duration].model_construct(law="constant", value=0)
NO_SPAN: Final = Constant[DurationOrWorkdays].model_construct(law="constant", value=Span(0))
A_DAY: Final = Constant[Duration].model_construct(law="constant", value=DAY)
NO_CHANGE: Final = Constant[Factor](law="constant", value=1.0)
