"""How many moves a search for levers in groups takes, as far as can be told before."""

from __future__ import annotations

from typing import Final, NamedTuple

from sim.questions.lever_moves import HALVES, TOGETHER
from sim.questions.levers import ENDS

SPLIT: Final = 0.7
"""Share of groups that are split, for the count of what there is to do: of 298 levers of the city,
by mean wait, 94 were run by themselves after 661 moves."""
SPLIT_BY_HALVES: Final = 0.2
"""Share of groups with two small ends that halves of them split all the same; of the same levers
about 3 of 15."""


class MovesAhead(NamedTuple):
    """What there is still to do, as far as can be told: moves, and single levers found by them."""

    moves: float
    singles: float

    def __add__(self, other: object) -> MovesAhead:
        assert isinstance(other, MovesAhead)
        return MovesAhead(self.moves + other.moves, self.singles + other.singles)

    def times(self, share: float) -> MovesAhead:
        """A share of it."""
        return MovesAhead(self.moves * share, self.singles * share)


def ahead_of_group(size: int, share: float) -> MovesAhead:
    """Of a group that has not been moved, where that share of groups is split."""
    if size == 1:
        return MovesAhead(ENDS, 1)
    small = min((1 - share) / (1 - SPLIT_BY_HALVES), 1.0)
    tried = MovesAhead(ENDS * (1 + HALVES * small), 0)
    return tried + ahead_of_parts(size, share).times(share)


def ahead_of_parts(size: int, share: float) -> MovesAhead:
    """Of both parts of a group that is split."""
    return ahead_of_group(size // 2, share) + ahead_of_group(size - size // 2, share)


def expected_moves(levers: int) -> int:
    """Scenarios that a screening runs, as far as can be told before.

    Groups are moved on half of ten crowds, and single levers then on the other half.

    Examples
    --------
    >>> expected_moves(298), expected_moves(1)
    (428, 3)
    """
    sizes = (min(TOGETHER, levers - first) for first in range(0, levers, TOGETHER))
    ahead = sum((ahead_of_group(size, SPLIT) for size in sizes), MovesAhead(0, 0))
    return 1 + round((ahead.moves + ENDS * ahead.singles) / 2)
