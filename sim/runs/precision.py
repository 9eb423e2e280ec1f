"""Run until it is known well enough: replications stop when chosen intervals are narrow."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from sim.analysis.catalogue import MEASURES, Measure
from sim.analysis.measures import Tally
from sim.analysis.replications import PrecisionStop
from sim.errors import OptionError, Problem

KNOWN: Final = {measure.key: measure for measure in MEASURES if measure.key != "cost_per_day"}
"""Measures that can be asked for; cost is clerk hours times a price."""


def check_targets(targets: Mapping[str, float]) -> None:
    """Refuse targets that name no measure, or no width.

    Raises
    ------
    OptionError
        For a measure that does not exist, or a target that is no number above 0.
    """
    problems = [
        Problem("unknown_measure", "until", found=name, allowed=", ".join(KNOWN))
        for name in targets
        if name not in KNOWN
    ]
    problems += [
        Problem("outside_range", "until", found=f"{name}={width:g}", allowed="> 0")
        for name, width in targets.items()
        if not 0 < width < math.inf
    ]
    if problems:
        raise OptionError(problems)


class Enough:
    """Watches replications in their order and says after which they are enough.

    Every chosen measure of every layout must have a half-width of at most its target, and keep it
    through a look-ahead (Hoad, Robinson and Davies 2010; `PrecisionStop`).

    Parameters
    ----------
    targets
        Measure -> half-width, in the measure's unit; shares as 0.01 for one per cent.
    most
        Replications after which it stops anyhow.

    Raises
    ------
    OptionError
        For a measure that does not exist, or a target that is not above 0.
    """

    def __init__(self, targets: Mapping[str, float], most: int, level: float = 0.95) -> None:
        check_targets(targets)
        self.measures: tuple[tuple[Measure, float], ...] = tuple(
            (KNOWN[name], width) for name, width in targets.items()
        )
        minimum = min(10, max(most, 2))
        self._stop = PrecisionStop(
            relative=0.0, absolute=1.0, level=level, minimum=minimum, most=max(most, minimum)
        )

    def after(self, row: Sequence[Tally]) -> bool:
        """Count the next replication, a tally a layout; true when no more are needed."""
        numerators, denominators = [], []
        for tally in row:
            for measure, width in self.measures:
                sums = tally.by_day[measure.key].sum(axis=1)
                # in units of the target, so that one target serves all
                numerators.append(float(sums[0]) / measure.scale / width)
                denominators.append(float(sums[1]))
        return self._stop.update(numerators, denominators)

    @property
    def reached(self) -> bool:
        """Whether every target was met, rather than the limit of replications."""
        return self._stop.reached
