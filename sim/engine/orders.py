"""Numbers of ends and calls inside an instant, as the fast engine tells them apart.

They sort as the numbers of `back_office.py` and `hall_floor.py` do: windows, then the desk, then
reviewers, spans, mended papers, surveys and carried papers.
"""

from __future__ import annotations

from typing import Final

from sim.engine.instant import PHASE

NUMBERS: Final = PHASE - 1
"""Bits of an order that are the number inside its phase."""
REVIEWS: Final = 1 << 32
SPANS: Final = 2 * REVIEWS
MENDED: Final = 3 * REVIEWS
APPOINTED: Final = 4 * REVIEWS
CARRIED: Final = 5 * REVIEWS
LONG_WAIT: Final = 1
DEPARTMENTS: Final = 2
