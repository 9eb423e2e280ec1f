"""Published maps, and every small map against the count of all choices."""

from itertools import combinations, pairwise, product

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.theory import capacitated_sites, max_covering, p_median

Floats = npt.NDArray[np.float64]

TOWNS = np.array([[0, 0], [4, 1], [9, 0], [2, 6], [7, 5], [11, 7], [1, 11], [6, 10]], np.float64)
PEOPLE = np.array([30, 12, 18, 9, 22, 7, 11, 16], np.float64)
WAYS = np.hypot(*(TOWNS[:, None, :] - TOWNS[None, :, :]).transpose(2, 0, 1))

demands = arrays(np.float64, 5, elements=st.integers(0, 9).map(float))
maps = arrays(np.float64, (5, 4), elements=st.integers(0, 20).map(float))


def brute_median(demand: Floats, cost: Floats, sites: int, opened: tuple[int, ...] = ()) -> float:
    free = [j for j in range(cost.shape[1]) if j not in opened]
    chosen = [(*opened, *more) for more in combinations(free, min(sites, len(free)))]
    return min(float(demand @ cost[:, list(c)].min(axis=1)) for c in chosen)


def test_eight_townships_three_sites() -> None:
    """Case pmedian-a: complete enumeration."""
    answer = p_median(PEOPLE, WAYS, sites=3)
    assert answer.value == pytest.approx(279.696, abs=5e-4)  # as published, to six digits
    assert answer.chosen == (0, 4, 7)


def test_eight_townships_two_covers() -> None:
    """Case mclp-a: complete enumeration."""
    answer = max_covering(PEOPLE, WAYS, sites=2, within=4.5)
    assert answer.value == 71
    covered = WAYS[:, list(answer.chosen)].min(axis=1) <= 4.5
    assert PEOPLE[covered].sum() == 71
    assert ((answer.site_of >= 0) == covered).all()


@given(demands, maps, st.integers(1, 4))
def test_no_other_choice_is_nearer(demand: Floats, cost: Floats, sites: int) -> None:
    answer = p_median(demand, cost, sites)
    assert answer.value == pytest.approx(brute_median(demand, cost, sites))
    assert len(answer.chosen) <= sites
    assert (cost[range(5), answer.site_of] == cost[:, list(answer.chosen)].min(axis=1)).all()


@given(demands, maps, st.integers(0, 3))
def test_given_sites_stay_and_are_not_counted(demand: Floats, cost: Floats, sites: int) -> None:
    answer = p_median(demand, cost, sites, given=(2,))
    assert 2 in answer.chosen
    assert answer.value == pytest.approx(brute_median(demand, cost, sites, (2,)))


@given(demands, maps)
def test_one_more_site_is_never_worse(demand: Floats, cost: Floats) -> None:
    medians = [p_median(demand, cost, n).value for n in (1, 2, 3, 4)]
    covers = [max_covering(demand, cost, n, within=6).value for n in (0, 1, 2, 3, 4)]
    assert all(more <= less + 1e-9 for less, more in pairwise(medians))
    assert all(more >= less - 1e-9 for less, more in pairwise(covers))
    assert covers[0] == 0


@given(demands, maps, st.integers(1, 3), st.integers(0, 20))
def test_no_other_choice_covers_more(demand: Floats, cost: Floats, sites: int, reach: int) -> None:
    best = max(
        float(demand[(cost[:, list(c)] <= reach).any(axis=1)].sum())
        for c in combinations(range(4), sites)
    )
    assert max_covering(demand, cost, sites, reach).value == pytest.approx(best)


@given(
    arrays(np.float64, 4, elements=st.integers(0, 6).map(float)),
    arrays(np.float64, (4, 3), elements=st.integers(0, 9).map(float)),
    arrays(np.float64, 3, elements=st.integers(0, 30).map(float)),
    arrays(np.float64, 3, elements=st.integers(0, 14).map(float)),
    st.integers(0, 60),
)
def test_no_other_assignment_costs_less(
    demand: Floats, cost: Floats, opening: Floats, capacity: Floats, budget: int
) -> None:
    best = np.inf
    for to in product(range(3), repeat=4):
        load = np.bincount(to, demand, minlength=3)
        used = sorted(set(to))
        if (load <= capacity).all() and opening[used].sum() <= budget:
            way = float(demand @ cost[range(4), list(to)])
            best = min(best, float(opening[used].sum()) + way)
    if best == np.inf:
        with pytest.raises(ValueError, match="found no choice of at most 3 sites"):
            capacitated_sites(demand, cost, opening, capacity, budget)
        return
    answer = capacitated_sites(demand, cost, opening, capacity, budget)
    assert answer.value == pytest.approx(best)
    assert (np.bincount(answer.site_of, demand, minlength=3) <= capacity + 1e-6).all()


@given(demands, maps, st.integers(1, 3))
def test_with_room_for_all_and_free_sites_it_is_the_median(
    demand: Floats, cost: Floats, sites: int
) -> None:
    free, room = np.zeros(4), np.full(4, np.inf)
    answer = capacitated_sites(demand, cost, free, room, sites=sites)
    assert answer.value == pytest.approx(p_median(demand, cost, sites).value)


@pytest.mark.parametrize("turn", [(1, 0), (0, 1)])
def test_symmetric_towns_get_symmetric_costs(turn: tuple[int, int]) -> None:
    """The same map from its other end is the same answer."""
    ends, people = np.array([0.0, 10.0]), np.array([4.0, 4.0])
    way = np.abs(np.subtract.outer(ends, ends))
    answer = p_median(people, way[np.ix_(turn, turn)], sites=1)
    assert answer.value == p_median(people, way, sites=1).value == 40
    assert p_median(people, way, sites=2).value == 0


@given(demands, maps, st.permutations(range(4)))
def test_numbering_of_sites_means_nothing(demand: Floats, cost: Floats, order: list[int]) -> None:
    answer = p_median(demand, cost[:, order], 2).value
    assert answer == pytest.approx(p_median(demand, cost, 2).value)


def test_a_site_that_no_way_leads_to_serves_nobody() -> None:
    cost = np.array([[np.inf, 3.0], [1.0, np.inf]])
    assert p_median(np.array([1.0, 1.0]), cost, 2).site_of.tolist() == [1, 0]
    assert max_covering(np.array([1.0, 1.0]), cost, 1, within=5).value == 1


def test_the_county_is_solved_in_moments() -> None:
    towns = np.random.default_rng(1).uniform(0, 100, (77, 2))
    way = np.hypot(*(towns[:, None, :] - towns[None, :, :]).transpose(2, 0, 1))
    people = np.linspace(5, 60, 77)
    assert p_median(people, way, 8, given=(3, 40)).value > 0
    assert max_covering(people, way, 8, within=10).value > 0


WAY = np.array([[1.0, 2.0], [3.0, np.inf]])


@pytest.mark.parametrize(
    ("message", "call"),
    [
        ("no way from place 1", lambda: p_median(np.ones(2), WAY[:, 1:], 1)),
        ("no way from place 0", lambda: p_median(np.ones(2), WAY, 0)),
        ("within budget 1", lambda: capacitated_sites(np.ones(2), WAY, np.ones(2) * 2, WAY[0], 1)),
        ("found no choice", lambda: capacitated_sites(np.ones(2), WAY, WAY[0], np.zeros(2))),
        ("cost: found shape", lambda: p_median(np.ones(3), WAY, 1)),
        ("demand: found -1", lambda: p_median(-np.ones(2), WAY, 1)),
        ("cost: found -2", lambda: p_median(np.ones(2), -WAY[:, :1] * 2 + 4, 1)),
        ("given: found 2", lambda: p_median(np.ones(2), WAY, 1, given=[2])),
        ("sites: found 1.5", lambda: p_median(np.ones(2), WAY, 1.5)),  # type: ignore[arg-type]
        ("capacity: found", lambda: capacitated_sites(np.ones(2), WAY, WAY[0], np.ones(3))),
        ("within: found -1", lambda: max_covering(np.ones(2), WAY, 1, within=-1)),
    ],
)
def test_impossible_is_refused(message: str, call: object) -> None:
    assert callable(call)
    with pytest.raises(ValueError, match=message):
        call()
