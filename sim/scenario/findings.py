"""One inconsistency of a scenario whose parts are sound each for itself."""

from __future__ import annotations

from typing import Literal, NamedTuple

from sim.scenario.node import Steps


class Finding(NamedTuple):
    """One inconsistency, at a path of keys and ids."""

    code: str
    path: Steps
    found: str = ""
    allowed: str = ""
    severity: Literal["error", "warning"] = "error"
    values: tuple[tuple[str, str], ...] = ()
    depends: tuple[str, ...] = ()
    """Sections of the scenario that could be its cause if something in them were left out."""
