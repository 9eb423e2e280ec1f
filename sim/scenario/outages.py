"""System failures: when nobody can be served, at random or at given times."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.clock import MINUTE, format_span
from sim.scenario.base import Block, FewIds, Id
from sim.scenario.distributions import DurationLaw, mean_of

SHORTEST_UP: Final = MINUTE
"""Of mean times between failures: below it a run would be nothing else."""


class Downtime(Block):
    """One time at which a system is known to be down."""

    begins: datetime
    """From this instant on it is down."""
    ends: datetime
    """From this instant on it works again."""

    @model_validator(mode="after")
    def _in_order(self) -> Downtime:
        zones = {self.begins.tzinfo, self.ends.tzinfo}
        if zones != {None} or self.ends <= self.begins:
            span = f"{self.begins.isoformat()} – {self.ends.isoformat()}"
            raise PydanticCustomError("downtime_order", "{found}", {"found": span})
        return self


class Outage(Block):
    """A system that fails (系统故障): services in hand pause until it works again, and nobody is
    called meanwhile."""

    id: Id
    lists: FewIds = ()
    """Waiting lists that it stops; none = all of the hall."""
    up: DurationLaw | None = None
    """At random: from one repair to the next failure, by the clock, open or not; first from the
    start of the run."""
    down: DurationLaw | None = None
    """At random: from a failure until it works again."""
    dated: Annotated[tuple[Downtime, ...], Field(max_length=10_000)] = ()
    """Times that are known."""

    @model_validator(mode="after")
    def _happens(self) -> Outage:
        if (self.up is None) != (self.down is None):
            missing = "down" if self.down is None else "up"
            raise PydanticCustomError("outage_half", "{found}", {"found": missing})
        if self.up is None and not self.dated:
            raise PydanticCustomError("outage_never", "{found}", {"found": self.id})
        if self.up is not None and mean_of(self.up) < SHORTEST_UP:
            mean = format_span(round(mean_of(self.up)))
            allowed = f"≥ {format_span(SHORTEST_UP)}"
            raise PydanticCustomError(
                "outage_too_often", "{found}", {"found": mean, "allowed": allowed}
            )
        return self
