"""Sets of lines and of places as bits of whole numbers, the first of each word the lowest."""

from __future__ import annotations

from typing import Final

from sim.engine.jit import shared

WORD: Final = 32
"""Lines, or places, that one word holds: few enough to leave the sign of a word alone, and a power
of two, so that nothing is divided."""
_SHIFT: Final = 5


@shared
def word_of(number: int) -> int:
    """Which word holds the bit of a line, or of a place.

    Examples
    --------
    >>> word_of(31), word_of(32)
    (0, 1)
    """
    return number >> _SHIFT


@shared
def bit_of(number: int) -> int:
    """Its bit within that word.

    Examples
    --------
    >>> bit_of(0), bit_of(34)
    (1, 4)
    """
    return 1 << (number & (WORD - 1))
