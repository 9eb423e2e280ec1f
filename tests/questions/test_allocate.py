"""Laws of allocating clerk hours: what more hours buy, and what better spread ones do."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import pytest

from sim import Run, example_path, load_scenario
from sim.errors import OptionError
from sim.questions.allocate import AllocatedLayout, Allocation, allocate, allocated_scenario
from sim.scenario.clerk_hours import weekly_clerk_hours
from sim.scenario.scenario import Scenario

HOURS = "calendars.always.weekly={mon-tue: [09:00-12:00], wed: [09:00-10:30]}"


def hall() -> Scenario:
    """One list of people at 24 an hour, ten minutes each, on three days a week."""
    fixed = ["run.measured_days=6", "run.warmup_days=0", "targets.called_within=5 min", HOURS]
    return load_scenario(example_path("exact/mmc.yaml"), fixed)


@cache
def allocated(hours: float | None = None, workers: int = 1) -> Allocation:
    return allocate(hall(), hours=hours, run=Run(replications=6, workers=workers))


def only(allocation: Allocation) -> AllocatedLayout:
    [layout] = allocation.layouts
    return layout


class TestCurve:
    def test_it_goes_down_from_nearly_everybody_in_time(self) -> None:
        points = only(allocated()).points
        hours = [point.clerk_hours for point in points]
        assert hours == sorted(hours, reverse=True)
        assert points[0].in_time.mean > 0.95
        assert points[-1].in_time.mean < 0.7

    def test_clearly_more_hours_are_never_clearly_worse(self) -> None:
        points = only(allocated()).points
        for dear, cheap in pairwise(points):
            assert dear.in_time.high >= cheap.in_time.low

    def test_every_line_keeps_somebody_in_each_half_hour(self) -> None:
        assert min(post.clerks for post in only(allocated(hours=1.0)).posts) == 1


class TestBest:
    @pytest.mark.parametrize("hours", [None, 22.0, 30.0])
    def test_it_has_no_more_hours_than_allowed_and_they_are_those_of_its_roster(
        self, hours: float | None
    ) -> None:
        layout = only(allocated(hours))
        assert layout.best.clerk_hours <= layout.allowed
        scenario = allocated_scenario(allocated(hours), "hall")
        assert weekly_clerk_hours(scenario, scenario.layout("hall")) == layout.best.clerk_hours

    def test_today_s_hours_are_the_default(self) -> None:
        layout = only(allocated())
        assert layout.allowed == layout.today.clerk_hours == 5 * 7.5

    def test_more_hours_serve_no_worse(self) -> None:
        few, many = (only(allocated(hours)).best.in_time for hours in (22.0, 30.0))
        assert few.mean < many.mean

    def test_fewer_than_keep_the_lines_open_are_told(self) -> None:
        """The best has then more hours than allowed, which every reader says."""
        layout = only(allocated(hours=1.0))
        assert layout.best.clerk_hours == 7.5 > layout.allowed

    def test_a_flat_day_has_little_to_gain_from_another_spread(self) -> None:
        gain = only(allocated()).gain
        assert gain.low < 0.05

    def test_today_s_share_costs_no_more_than_today(self) -> None:
        layout = only(allocated())
        assert layout.hours_for_today <= layout.today.clerk_hours * 1.05

    def test_between_two_peaks_the_same_hours_serve_more_when_they_follow_people(self) -> None:
        """Six windows are open all day, and people wait at both peaks."""
        peaks = load_scenario(example_path("promised_day.yaml"), ["run.measured_days=10"])
        layout = only(allocate(peaks, run=Run(replications=4, workers=1)))
        assert layout.gain.low > 0.1
        assert layout.hours_for_today < 0.95 * layout.today.clerk_hours
        clerks = [post.clerks for post in layout.posts]
        assert max(clerks) > 6 > min(clerks)

    def test_a_group_with_one_number_all_day_keeps_it(self) -> None:
        """Its hours then go by kinds of days: fewer on the short day, no half hour by itself."""
        peaks = load_scenario(
            example_path("promised_day.yaml"),
            ["run.measured_days=10", "targets.constant_over_day=[windows]"],
        )
        layout = only(allocate(peaks, hours=190.0, run=Run(replications=4, workers=1)))
        by_day: dict[str, set[int]] = {}
        for post in layout.posts:
            by_day.setdefault(post.days, set()).add(post.clerks)
        assert all(len(numbers) == 1 for numbers in by_day.values())
        assert layout.best.clerk_hours <= 190.0
        hours = [point.clerk_hours for point in layout.points]
        assert hours == sorted(set(hours), reverse=True)


def test_workers_change_nothing() -> None:
    assert allocated().layouts == allocated(workers=2).layouts


@pytest.mark.parametrize("hours", [0.0, -3.0, float("nan"), float("inf")])
def test_hours_are_above_nothing(hours: float) -> None:
    with pytest.raises(OptionError, match=r"."):
        allocate(hall(), hours=hours)


def test_cancelled_it_holds_the_layouts_that_were_finished() -> None:
    looks = 0

    def cancelled() -> bool:
        nonlocal looks
        looks += 1
        return looks > 5

    allocation = allocate(hall(), run=Run(replications=2, workers=1, cancelled=cancelled))
    assert allocation.layouts == ()
    assert allocation.replications == 0
