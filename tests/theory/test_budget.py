"""Replications shared out as published."""

from __future__ import annotations

import pytest

from sim.theory.budget import ocba_allocation

MEANS, VARIANCES = (1.2, 2.1, 3.4, 4.87, 6.05), (3.3, 2.0, 4.5, 5.3, 6.9)
DONE, MORE = (12, 6, 5, 5, 4), 100


def test_the_published_example() -> None:
    """Case ocba-a: Chen & Lee 2010, as the R package SPOT quotes it; before rounding."""
    allocation = ocba_allocation(MEANS, VARIANCES, sum(DONE) + MORE)
    extra = allocation - DONE
    assert extra == pytest.approx([46.8899, 38.1828, 11.637, 2.04129, 1.24897], rel=1e-4)
    floors = [int(number) for number in extra]
    best = MORE - sum(floors[1:])
    assert [best, *floors[1:]] == [48, 38, 11, 2, 1], "the published whole numbers"


def test_who_is_nearer_or_noisier_gets_more() -> None:
    near, far = ocba_allocation([0.0, 1.0, 2.0], [1.0, 1.0, 1.0], 90)[1:]
    assert near > far
    calm, noisy = ocba_allocation([0.0, 1.0, 1.0], [1.0, 1.0, 4.0], 90)[1:]
    assert noisy == pytest.approx(4 * calm)


@pytest.mark.parametrize(
    ("means", "variances"),
    [([1.0], [1.0]), ([1.0, 2.0], [1.0]), ([1.0, 2.0], [1.0, 0.0]), ([1.0, 1.0], [1.0, 1.0])],
)
def test_what_makes_no_sense_is_refused(means: list[float], variances: list[float]) -> None:
    with pytest.raises(ValueError, match="allowed"):
        ocba_allocation(means, variances, 100)
