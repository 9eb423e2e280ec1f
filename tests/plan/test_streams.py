"""Streams: every purpose of every person has numbers of its own, evenly spread and unrelated."""

import numpy as np
import pytest
from scipy import stats

from sim.plan.streams import address, coarse_uniforms, keys, later, uniforms, word, words

PEOPLE = np.arange(50_000)
PURPOSES = ("arrival", "patience", "service", "service2", "service3")
RARE = 1e-4
"""Chance of a false alarm in each test; the numbers are the same in every run."""


def stream(*name: str) -> np.uint64:
    return np.uint64(word(*name))


def numbers(*name: str, tries: int = 0) -> np.ndarray:
    where = address(PEOPLE) + later(np.full(len(PEOPLE), tries))
    return uniforms(stream(*name), where)


@pytest.mark.parametrize("name", PURPOSES)
def test_evenly_spread(name: str) -> None:
    """Each stream fills the unit interval evenly, also in its last digits."""
    u = numbers(name)
    assert u.min() > 0.0
    assert u.max() < 1.0
    for values in (u, u * 2.0**10 % 1.0, u * 2.0**24 % 1.0):
        counts = np.histogram(values, np.linspace(0, 1, 101))[0]
        assert stats.chisquare(counts).pvalue > RARE


def test_pairs_are_evenly_spread() -> None:
    """Neighbours in line, tries of one person, alike names and replications are unrelated."""
    service = numbers("service")
    others = (
        np.roll(service, 1),
        numbers("service", tries=1),
        numbers("service2"),
        uniforms(keys(np.atleast_1d(stream("1", "0")), stream("x")), address(PEOPLE)),
    )
    base = uniforms(keys(np.atleast_1d(stream("1", "1")), stream("x")), address(PEOPLE))
    for first, second in [*((service, unrelated) for unrelated in others[:3]), (others[3], base)]:
        grid = np.histogram2d(first, second, bins=20, range=[[0, 1], [0, 1]])[0]
        assert stats.chisquare(grid.ravel()).pvalue > RARE


def test_first_numbers_of_many_streams() -> None:
    """The first person's numbers over many streams are as even as one stream's."""
    streams = keys(words([str(n) for n in range(20_000)]), stream("service"))
    counts = np.histogram(uniforms(streams, address(np.zeros(1, np.int64))), 100, (0, 1))[0]
    assert stats.chisquare(counts).pvalue > RARE


def test_runs_up_and_down() -> None:
    """Runs of rising and falling numbers are as long as chance makes them."""
    u = numbers("arrival")
    turns = int((np.diff(np.sign(np.diff(u))) != 0).sum()) + 1
    n = len(u)
    expected, variance = (2 * n - 1) / 3, (16 * n - 29) / 90
    assert abs(turns - expected) < 4 * variance**0.5


def test_any_order_any_number() -> None:
    """A person's number does not depend on who else is asked for, or in which order."""
    some = np.array([40, 3, 3])
    draws = uniforms(stream("patience"), address(some))
    np.testing.assert_array_equal(draws, numbers("patience")[some])


def test_coarse_numbers_stay_below_one() -> None:
    """Half as wide numbers have the leading digits of the wide ones, cut off, never rounded up."""
    fine, coarse = numbers("habit"), coarse_uniforms(stream("habit"), address(PEOPLE))
    np.testing.assert_array_equal(coarse, np.floor(fine * 2.0**24) / 2.0**24)
    assert coarse.max() < 1.0


def test_first_try_is_where_the_person_is() -> None:
    """Try 0 adds nothing to an address."""
    assert later(np.zeros(3, np.int64)).tolist() == [0, 0, 0]
