"""Laws of sizing: what more promise, more crowds and more workers may change, and what not."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sim import Run, compare, example_path, load_scenario, replicate
from sim.clock import MINUTE
from sim.errors import OptionError
from sim.questions.size import SizedLayout, SizeQuestion, Sizing, size, sized_scenario
from sim.questions.staff_change import StaffTrials
from sim.runs.kept_crowds import KeptCrowds
from sim.runs.sizing import SizingProblem, Trial
from sim.runs.sizing_raise import add_until_kept
from sim.scenario.edit import with_overrides, with_reviewers
from sim.scenario.scenario import Scenario
from tests.questions.drawn_halls import drawn_hall

HOURS = "calendars.always.weekly={mon-tue: [09:00-11:00], wed: [09:00-10:30]}"


def hall(*promises: str, days: int = 6) -> Scenario:
    """One list of people at 24 an hour, ten minutes each, on three days a week."""
    changes = [f"run.measured_days={days}", "run.warmup_days=0", HOURS]
    changes.append(f"targets.promises=[{', '.join(promises)}]")
    return load_scenario(example_path("exact/mmc.yaml"), changes)


def called(share: str, each: str = "half_hour", within: str = "10 min") -> str:
    return f"{{measure: called_within, within: {within}, at_least: {share}, each: {each}}}"


@cache
def sized(*promises: str, workers: int = 1, seed: int = 1) -> Sizing:
    return size(hall(*promises), run=Run(replications=6, workers=workers, seed=seed))


def only(sizing: Sizing) -> SizedLayout:
    [layout] = sizing.layouts
    return layout


class TestCost:
    def test_a_stricter_promise_needs_no_fewer_clerks(self) -> None:
        shares = ["60 %", "80 %", "90 %", "97 %"]
        hours = [only(sized(called(share))).clerk_hours for share in shares]
        assert hours == sorted(hours)
        assert hours[0] < hours[-1]

    def test_a_second_promise_needs_no_fewer_clerks(self) -> None:
        first = called("80 %")
        both = only(sized(first, "{measure: utilisation, at_most: 60 %, each: run}"))
        assert both.clerk_hours > only(sized(first)).clerk_hours

    @pytest.mark.parametrize("share", ["60 %", "90 %"])
    def test_nothing_is_below_its_bound(self, share: str) -> None:
        layout = only(sized(called(share)))
        assert layout.lower_bound_hours <= layout.clerk_hours
        assert all(need.at_least <= need.clerks for need in layout.needs)

    def test_hours_are_those_of_the_needs(self) -> None:
        layout = only(sized(called("90 %")))
        days = {"mon-tue": 2, "wed": 1}
        hours = sum(days[need.days] * need.clerks / 2 for need in layout.needs)
        assert layout.clerk_hours == hours
        assert layout.today_hours == 5 * (2 * 2 + 1.5)


class TestPromises:
    def test_fresh_crowds_find_it_kept(self) -> None:
        """Of seven half hours none is broken for certain, at 95 % for all of them together."""
        layout = only(sized(called("80 %")))
        assert len(layout.cells) == 7
        assert all(checked.sized.high >= checked.level for checked in layout.cells)

    def test_the_scenario_that_it_makes_keeps_it_too(self) -> None:
        sizing = sized(called("80 %", "run"))
        scenario = sized_scenario(sizing, "hall")
        scenario = with_overrides(scenario, ["targets.called_within=10 min"])
        study = replicate(scenario, run=Run(replications=12, workers=1, seed=5))
        estimates = compare(study).layouts[0]
        share = next(each for each in estimates if each.measure == "called_within")
        assert share.interval.high > 0.8

    def test_one_fewer_breaks_it_or_comes_near(self) -> None:
        layout = only(sized(called("90 %")))
        bound = [need for need in layout.needs if need.binding >= 0]
        assert bound
        for need in bound:
            assert need.one_fewer < layout.cells[need.binding].sized.mean

    def test_one_fewer_is_told_of_a_half_hour_that_feels_it(self) -> None:
        """The worst half hour of the day may be one that a clerk hours later does nothing for."""
        day = load_scenario(example_path("promised_day.yaml"), ["run.measured_days=10"])
        layout = only(size(day, run=Run(replications=4, workers=1)))
        bound = [need for need in layout.needs if need.binding >= 0]
        assert len(bound) > 10
        for need in bound:
            checked = layout.cells[need.binding]
            assert need.one_fewer < checked.sized.mean
            assert checked.cell.slot >= need.starts // (30 * MINUTE) - 1

    def test_a_promise_beyond_everybody_is_told_with_what_can_be_kept(self) -> None:
        """Who is served for ten minutes stays longer than five, however many clerks there are."""
        layout = only(sized("{measure: stay, at_most: 5 min, each: run}"))
        assert layout.impossible == (0,)
        assert 9 < layout.relaxed[0] < 12

    def test_windows_that_are_built_are_the_most(self) -> None:
        scenario = load_scenario(
            example_path("exact/mmc.yaml"),
            [
                "run.measured_days=6",
                "run.warmup_days=0",
                HOURS,
                f"targets.promises=[{called('99 %', within='1 min')}]",
                "layouts.hall.windows.windows.count=5",
            ],
        )
        layout = only(size(scenario, run=Run(replications=4, workers=1)))
        assert max(need.clerks for need in layout.needs) == 5
        assert layout.impossible


class TestRuns:
    def test_workers_change_nothing(self) -> None:
        assert repr(sized(called("90 %"), workers=3)) == repr(sized(called("90 %")))

    def test_cancelled_it_is_told_as_cut_short(self) -> None:
        looks = 0

        def cancelled() -> bool:
            nonlocal looks
            looks += 1
            return looks > 12

        run = Run(replications=4, workers=1, cancelled=cancelled)
        sizing = size(hall(called("90 %")), run=run)
        assert sizing.replications < sizing.asked
        assert sizing.confirmed_on == 0

    def test_without_promises_it_is_refused(self) -> None:
        with pytest.raises(OptionError, match="promises nothing"):
            size(load_scenario(example_path("exact/mmc.yaml")))

    def test_the_question_is_the_function(self) -> None:
        question = SizeQuestion(("hall",))
        answer = question.answer(hall(called("80 %")), run=Run(replications=6, workers=1, seed=1))
        assert repr(answer) == repr(sized(called("80 %")))


class TestConstantOverDay:
    """One number of clerks all day, on each kind of day its own."""

    CONSTANT = "targets.constant_over_day=[windows]"

    def test_each_kind_of_day_has_one_number(self) -> None:
        scenario = with_overrides(hall(called("90 %")), [self.CONSTANT])
        layout = only(size(scenario, run=Run(replications=6, workers=1, seed=1)))
        by_day: dict[str, set[int]] = {}
        for need in layout.needs:
            by_day.setdefault(need.days, set()).add(need.clerks)
            assert need.at_least <= need.clerks
        assert all(len(numbers) == 1 for numbers in by_day.values())
        assert layout.clerk_hours >= only(sized(called("90 %"))).clerk_hours

    def test_one_more_is_one_more_all_day(self) -> None:
        scenario = with_overrides(hall(called("90 %")), [self.CONSTANT])
        sizing = size(scenario, run=Run(replications=3, workers=1, seed=1))
        need = only(sizing).needs[0]
        with StaffTrials(sizing, "hall", Run(workers=1)) as trials:
            change = trials.change(need.group, need.days, need.starts)
        assert [tried.hours for tried in change.numbers] == [-4.0, 0.0, 4.0]

    def test_of_two_groups_of_a_list_only_the_named_one_is_held(self) -> None:
        scenario = with_overrides(
            drawn_hall(2, 5, days=10, busiest=2.6, replications=2),
            ["targets.constant_over_day=[first]"],
        )
        layout = only(size(scenario, run=Run(workers=1, seed=1)))
        assert len({need.clerks for need in layout.needs if need.group == "first"}) == 1
        assert len({need.clerks for need in layout.needs if need.group == "second"}) > 1


class TestReviewers:
    def test_departments_have_what_their_work_takes_and_little_more(self) -> None:
        promise = "{measure: on_time_share, at_least: 90 %, each: run}"
        settings = ["run.measured_days=4", f"targets.promises=[{promise}]"]
        file = Path(__file__).parent.parent / "answers" / "hall.yaml"
        sizing = size(
            load_scenario(file, settings), ["counters"], run=Run(replications=6, workers=1)
        )
        layout = only(sizing)
        assert all(need.utilisation < 1 for need in layout.departments)
        assert all(need.reviewers <= need.today for need in layout.departments)
        assert layout.cells[0].sized.mean >= layout.cells[0].level

    def test_a_roster_keeps_its_shape(self) -> None:
        promise = "{measure: on_time_share, at_least: 90 %, each: run}"
        settings = ["run.measured_days=4", f"targets.promises=[{promise}]"]
        file = Path(__file__).parent.parent / "answers" / "hall.yaml"
        roster = {"mon-fri 09:00-12:00": 8, "mon-fri 13:00-17:00": 4}
        scenario = load_scenario(file, settings)
        by_hours = with_reviewers(scenario, {scenario.departments[0].id: roster})
        sizing = size(by_hours, ["counters"], run=Run(replications=6, workers=1))
        need = next(
            need
            for need in only(sizing).departments
            if need.department == scenario.departments[0].id
        )
        assert need.reviewers < need.today == 8
        sized_office = sized_scenario(sizing, "counters").departments[0]
        assert sized_office.most_reviewers == need.reviewers
        assert set(sized_office.reviewers) == set(roster)


class TestRaise:
    """What not even the longest step mends is not paid for."""

    def raised(self, *, later: int) -> tuple[SizingProblem, Trial, int]:
        """One clerk all day, and room for more in the last half hour of each day alone."""
        with KeptCrowds(seed=1, engine="fast", workers=1) as crowds:
            problem = SizingProblem(hall(called("90 %")), "hall", crowds, range(4), lambda: None)
            last = {post.days: n for n, post in enumerate(problem.posts)}
            staff = np.ones_like(problem.staff_today)
            most = staff.copy()
            most[list(last.values())] += later
            n_broken = int(problem.broken(problem.trial(staff)).sum())
            load = np.ones(len(problem.posts))
            return problem, add_until_kept(problem, staff, most, load), n_broken

    def test_without_room_nothing_is_added_and_levels_are_those_reached(self) -> None:
        problem, trial, n_broken = self.raised(later=0)
        assert n_broken > 0
        assert trial.staff.max() == 1
        assert not problem.broken(trial).any()
        assert (problem.levels < problem.promised.levels).sum() == n_broken

    def test_room_later_in_the_day_helps_nobody_before(self) -> None:
        problem, trial, n_broken = self.raised(later=9)
        eased = problem.levels < problem.promised.levels
        assert 0 < eased.sum() <= n_broken
        slots = [problem.posts[n].slot for n in np.flatnonzero(trial.staff > 1)]
        assert set(slots) <= {
            max(post.slot for post in problem.posts if post.days == kind.key)
            for kind in problem.promised.kinds
        }


class TestAgain:
    """Sized several times, on other crowds each time."""

    def test_the_first_time_is_the_answer_and_the_others_meet_other_crowds(self) -> None:
        sizing = size(hall(called("90 %")), repeats=3, run=Run(replications=3, workers=1))
        once = size(hall(called("90 %")), run=Run(replications=3, workers=1))
        layout = only(sizing)
        assert layout.repeated_hours[0] == layout.clerk_hours == only(once).clerk_hours
        assert len(layout.repeated_hours) == 3
        assert [need.clerks for need in layout.needs] == [need.clerks for need in only(once).needs]
        interval = sizing.hours_of(layout)
        assert interval.low < interval.mean < interval.high
        assert not math.isfinite(once.hours_of(only(once)).low)

    def test_a_pooled_list_needs_no_more_than_two(self) -> None:
        """The same people, the same promise: pooling saves clerk hours."""
        scenario = load_scenario(
            example_path("exact/pooling.yaml"),
            [f"targets.promises=[{called('80 %')}]", "run.measured_days=4", "run.warmup_days=0"],
        )
        apart, pooled = (layout.id for layout in scenario.layouts[:2])
        sizing = size(scenario, (apart, pooled), repeats=3, run=Run(replications=2, workers=1))
        assert sizing.saved_against_first(sizing.layouts[1]).mean > 0

    def test_less_than_once_is_refused(self) -> None:
        with pytest.raises(OptionError, match="repeats"):
            size(hall(called("90 %")), repeats=0)
