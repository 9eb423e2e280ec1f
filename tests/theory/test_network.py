"""Networks, pooling and the shorter of two queues against published numbers."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.theory import jackson, mmc, pooling_ratio, shorter_of_two, tandem


def test_intake_review_issue() -> None:
    """Jackson 1957, Burke 1956; case tandem-a."""
    network = tandem(0.4, [6, 10, 3.5], [3, 5, 2])
    assert network.mean_stay == pytest.approx(34.8758, rel=1e-5)
    waits = [station.mean_wait for station in network.stations]
    assert waits == pytest.approx([6.47191, 5.54113, 3.36275], rel=1e-5)


def test_two_single_servers() -> None:
    """Rossetti, KSL book, Example 4.6: waits 8 and 3 minutes, 3 people inside."""
    network = tandem(1 / 6, [4, 3], [1, 1])
    assert [station.mean_wait for station in network.stations] == pytest.approx([8, 3])
    assert network.mean_inside == pytest.approx(3)


def test_quarter_come_back() -> None:
    """Takacs 1963; case feedback-mm1-a."""
    network = jackson([0.09], [[0.25]], [6], [1])
    assert network.mean_stay == pytest.approx(28.5714, rel=1e-5)
    assert network.stations[0].utilisation == pytest.approx(0.72)
    assert network.arrival_rates[0] / 0.09 == pytest.approx(1.33333, rel=1e-5)


def test_four_sites() -> None:
    """Smith & Whitt 1981; case pooling-a."""
    assert pooling_ratio(0.08, 10, 4) == pytest.approx(5.36523, rel=1e-5)
    assert mmc(0.08, 10, 1).mean_wait == pytest.approx(40)
    assert mmc(0.32, 10, 4).mean_wait == pytest.approx(7.45541, rel=1e-5)


def test_two_windows_two_queues() -> None:
    """Flatto & McKean 1977; case jsq-a."""
    assert shorter_of_two(0.16, 10).mean_wait == pytest.approx(19.5574, rel=1e-5)
    assert mmc(0.16, 10, 2).mean_wait == pytest.approx(17.7778, rel=1e-5)


@given(st.integers(2, 8), st.integers(1, 5), st.floats(0.05, 0.97))
def test_pooling_never_hurts(sites: int, servers_each: int, busy: float) -> None:
    assert pooling_ratio(busy * servers_each, 1, sites, servers_each) > 1
    assert pooling_ratio(busy * servers_each, 1, 1, servers_each) == pytest.approx(1)


@given(st.lists(st.floats(0.05, 0.5), min_size=1, max_size=5), st.data())
def test_what_comes_in_goes_out(outside: list[float], data: st.DataObject) -> None:
    n = len(outside)
    row = st.lists(st.floats(0, 0.9 / n), min_size=n, max_size=n)
    routing = data.draw(st.lists(row, min_size=n, max_size=n))
    network = jackson(outside, routing, [1.0] * n, [60] * n)
    leaving = np.array(network.arrival_rates) * (1 - np.sum(routing, axis=1))
    assert leaving.sum() == pytest.approx(math.fsum(outside))
    assert network.mean_inside == pytest.approx(math.fsum(outside) * network.mean_stay)


@settings(max_examples=8)
@given(st.floats(0.05, 0.9))
def test_shorter_queue_lies_between(busy: float) -> None:
    one_queue, blind = mmc(2 * busy, 1, 2).mean_wait, mmc(busy, 1, 1).mean_wait
    queue = shorter_of_two(2 * busy, 1)
    assert one_queue < queue.mean_wait < blind
    assert queue.mean_stay == pytest.approx(queue.mean_wait + 1)


def test_impossible_is_refused() -> None:
    with pytest.raises(ValueError, match=r"routing: found shape \(1, 1\)"):
        jackson([0.1, 0.1], [[0.0]], [1, 1], [1, 1])
    with pytest.raises(ValueError, match="found a row outside"):
        jackson([0.1], [[1.2]], [1], [1])
    with pytest.raises(ValueError, match="nobody leaves"):
        jackson([0.1], [[1.0]], [1], [1])
    with pytest.raises(ValueError, match="utilisation: found 1 "):
        shorter_of_two(0.2, 10)
