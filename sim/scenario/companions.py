"""People who come along: shares of the visits on which so many do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from sim.scenario.base import Share

CompanionCount = Annotated[int, Field(ge=1, le=100)]
"""People who come along with one applicant."""


def _at_most_everybody(companions: Mapping[int, float]) -> Mapping[int, float]:
    total = sum(companions.values())
    if total > 1 + 1e-9:  # rounding of decimal shares
        share_sum = {"found": f"companions = {total:g}", "allowed": "≤ 1"}
        raise PydanticCustomError("shares_sum", "{found}", share_sum)
    return companions


Companions: TypeAlias = Annotated[
    Mapping[CompanionCount, Share],
    Field(
        max_length=100,
        json_schema_extra={"propertyNames": {"pattern": r"^[1-9]\d*$", "kind": "companions"}},
    ),
    AfterValidator(_at_most_everybody),
]
"""Share of the visits on which so many come along; on the others nobody does."""
