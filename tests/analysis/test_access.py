"""Journeys add up: total travel is distance times trips, however it is grouped."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.access import (
    CaseTravel,
    burdens,
    journeys,
    nearest_minutes,
    nearness,
    reach,
)
from sim.scenario.travel import Ways, ways_to_places
from sim.theory import gini
from tests.questions.test_extend import ANYWHERE, area

Ints = npt.NDArray[np.int64]
RNG = np.random.default_rng(5)
WAYS = Ways(*RNG.uniform(1, 90, (3, 4, 3)))
trips = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), max_size=20)
STATION = "station: {clerks: 1, accepts: [police]"
homes = st.lists(st.integers(-1, 3), min_size=6, max_size=6)


def travel_of(home: list[int], made: list[tuple[int, int]]) -> CaseTravel:
    case, place = np.array(made, dtype=np.int64).reshape(-1, 2).T
    return journeys(np.array(home, dtype=np.int64), case, place, WAYS)


@given(homes, trips)
def test_total_travel_is_distance_times_trips(home: list[int], made: list[tuple[int, int]]) -> None:
    travel = travel_of(home, made)
    count = np.zeros((4, 3))
    for case, place in made:
        if home[case] >= 0:
            count[home[case], place] += 1
    assert travel.km.sum() == pytest.approx(2 * (count * WAYS.km).sum())
    assert travel.minutes.sum() == pytest.approx(2 * (count * WAYS.minutes).sum())
    assert travel.yuan.sum() == pytest.approx(2 * (count * WAYS.yuan).sum())
    assert travel.trips.sum() == len(made)


@given(homes, trips)
def test_groups_share_out_the_whole(home: list[int], made: list[tuple[int, int]]) -> None:
    travel = travel_of(home, made)
    by_town = burdens(travel, travel.township, 4)
    county = np.where(travel.township >= 0, travel.township // 2, -1)
    by_county = burdens(travel, county, 2)
    for town, whole in zip(by_town, by_county, strict=True):
        assert town.reshape(2, 2).sum(axis=1) == pytest.approx(whole)
    everybody = burdens(travel, np.zeros(6, dtype=np.int64), 1)
    assert everybody.cases[0] == 6
    assert everybody.minutes[0] == pytest.approx(travel.minutes.sum())


def test_who_comes_from_nowhere_travels_nothing_but_counts_as_a_trip() -> None:
    travel = travel_of([-1, 0, 0, 0, 0, 0], [(0, 1)])
    assert travel.trips.tolist() == [1, 0, 0, 0, 0, 0]
    assert travel.minutes.sum() == 0


def test_a_trip_along_no_way_is_refused() -> None:
    nowhere = WAYS._replace(minutes=np.full((4, 3), np.inf))
    with pytest.raises(ValueError, match="none from township 2 to place 1, where case 0 went"):
        journeys(np.array([2]), np.array([0]), np.array([1]), nowhere)
    with pytest.raises(ValueError, match="none from township 3 to place 1, where case 1 went"):
        journeys(np.array([-1, 3, 2]), np.array([0, 1, 2]), np.array([0, 1, 2]), nowhere)
    ways = WAYS._replace(minutes=np.where(np.arange(3) == 2, np.inf, WAYS.minutes))
    with pytest.raises(ValueError, match="none from township 2 to place 2, where case 1 went"):
        journeys(np.array([0, 2, 1]), np.array([0, 1, 2]), np.array([0, 2, 2]), ways)


def test_a_group_without_cases_has_no_mean() -> None:
    mean_of = burdens(travel_of([0] * 6, [(0, 0)]), np.zeros(6, dtype=np.int64), 2).per_case()
    assert np.isnan(mean_of.minutes[1])
    assert mean_of.cases.tolist() == [6, 0]


def test_reach_by_hand() -> None:
    """Three townships: 15 minutes is within 15; the worst tenth is the far one, and a part more."""
    minutes, people = np.array([15.0, 31, 100]), np.array([60.0, 36, 4])
    reached = reach(minutes, people)
    assert reached.mean == pytest.approx((900 + 1116 + 400) / 100)
    assert reached.within == (0.6, 0.6, 0.96)
    assert reached.worst == pytest.approx((4 * 100 + 6 * 31) / 10)
    assert reached.gini == gini(minutes, people)


def test_near_is_what_is_no_farther_than_a_limit() -> None:
    """A quarter of an hour, half an hour and an hour: each limit itself is within, more is not."""
    for limit, n in ((15.0, 0), (30.0, 1), (60.0, 2)):
        at, beyond = (reach(np.array([limit + more]), np.ones(1)).within for more in (0.0, 0.1))
        assert at == tuple(float(k >= n) for k in range(3))
        assert beyond == tuple(float(k > n) for k in range(3))


@given(st.integers(0, 2))
def test_another_place_brings_nobody_farther(new: int) -> None:
    some = [n != new for n in range(3)]
    near, nearer = nearest_minutes(WAYS, some), nearest_minutes(WAYS, [True] * 3)
    assert (nearer <= near).all()
    people = np.array([4.0, 3, 2, 1])
    assert reach(nearer, people).mean <= reach(near, people).mean
    assert reach(nearer, people).worst <= reach(near, people).worst


@pytest.mark.parametrize(("accepts", "nearer"), [("[police]", True), ("[market]", False)])
def test_a_station_brings_near_only_what_it_takes_in(accepts: str, nearer: bool) -> None:
    scenario = area(ANYWHERE.replace(STATION, STATION.replace("[police]", accepts)))
    matter = next(matter.id for matter in scenario.matters if matter.lead == "police")
    before, after = nearness(scenario, matter, ["ridge"])
    assert bool((after < before).any()) is nearer
    assert bool((after <= before).all())


def test_the_city_hall_takes_in_everything_and_others_what_they_name() -> None:
    """From each township to the nearest place that takes a matter in; nobody opens another."""
    scenario = area(ANYWHERE[: ANYWHERE.index("  siting:")])
    ways = ways_to_places(scenario)
    assert scenario.places is not None
    kinds = [place.kind for place in scenario.places.open]
    assert kinds == ["city_hall", "county_hall", "station"]
    for matter, takes_in in (("id_card", [0, 1, 2]), ("open_shop", [0])):
        near = nearness(scenario, matter, ["ridge"])
        assert near.before.tolist() == ways.minutes[:, takes_in].min(axis=1).tolist()
        assert near.after.tolist() == near.before.tolist()
