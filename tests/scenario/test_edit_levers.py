"""Laws of the levers of a hall: whatever they move, everybody works as long as before."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from sim import Run, example_path, load_scenario, replicate
from sim.clock import HOUR, MINUTE, parse_clock
from sim.errors import ScenarioError
from sim.scenario.base import Block, roster_hours
from sim.scenario.clerk_hours import weekly_clerk_hours
from sim.scenario.demand import Calendar
from sim.scenario.edit import with_overrides
from sim.scenario.edit_levers import (
    HALF_HOUR,
    HALL_HOURS,
    find_calendar_sharers,
    move_clerk,
    move_opening,
    set_appointment_places,
    set_tidal_pool,
    set_tidal_threshold,
    stagger_lunch,
)
from sim.scenario.hours import calendar_of, hall_calendar, weekly_hours
from sim.scenario.scenario import Scenario
from tests.answers.test_answers import HERE

CITY = load_scenario(example_path("sanmenxia_tidal.yaml"))
SMALL = load_scenario(HERE / "hall.yaml")
SHARED = with_overrides(
    SMALL, ["departments.market.hours=hall", "departments.fire.hours=hall", "run.measured_days=3"]
)
"""Two departments work by the hall's calendar, with its closed date and its holidays."""


def clerk_hours(scenario: Scenario) -> dict[str, float]:
    return {each.id: weekly_clerk_hours(scenario, each) for each in scenario.layouts}


def clerks_at(roster: Mapping[str, float], day: int, clock: str) -> float:
    at = parse_clock(clock)
    return sum(
        clerks
        for key, clerks in roster.items()
        for days, hours in [roster_hours(key)]
        if day in days and hours.start <= at < hours.end
    )


@pytest.mark.parametrize("scenario", [CITY, SMALL, SHARED], ids=["city", "small", "shared"])
@pytest.mark.parametrize("half_hours", [-2, -1, 1, 3])
def test_moved_hours_keep_clerk_hours(scenario: Scenario, half_hours: int) -> None:
    moved = with_overrides(scenario, move_opening(scenario, half_hours * HALF_HOUR))
    assert clerk_hours(moved) == pytest.approx(clerk_hours(scenario))
    before, after = (weekly_hours(hall_calendar(each)) for each in (scenario, moved))
    assert after[0][0].start == before[0][0].start + half_hours * HALF_HOUR


@pytest.mark.parametrize("scenario", [CITY, SMALL, SHARED], ids=["city", "small", "shared"])
@pytest.mark.parametrize("later", [30, 60, 75])
def test_lunch_in_turns_keeps_clerk_hours(scenario: Scenario, later: int) -> None:
    turns = with_overrides(scenario, stagger_lunch(scenario, later * MINUTE))
    assert clerk_hours(turns) == pytest.approx(clerk_hours(scenario))


def test_with_a_whole_lunch_between_the_turns_the_hall_never_shuts() -> None:
    turns = with_overrides(CITY, stagger_lunch(CITY, 2 * HOUR))
    roster = turns.layout("zone").windows[0].clerks
    assert [clerks_at(roster, 0, at) for at in ("11:59", "12:00", "13:59", "14:00", "16:00")] == [
        *(12, 6, 6, 6, 12)
    ]
    assert turns.layout("zone").windows[0].id == "zone"
    assert clerks_at(roster, 5, "10:00") == 3, "Saturday has no lunch"


def test_who_is_alone_goes_later() -> None:
    turns = with_overrides(SMALL, stagger_lunch(SMALL, HOUR))
    group = next(each for each in turns.layout("zone").windows if each.id == "rest")
    assert [clerks_at(group.clerks, 0, at) for at in ("12:30", "13:00", "13:30", "14:30")] == [
        *(1, 0, 0, 1)
    ]


@pytest.mark.parametrize(
    ("scenario", "layout", "source", "target"),
    [(CITY, "zone", "zone", "counter_fund"), (SMALL, "counters", "market", "tax")],
    ids=["alike", "other hours"],
)
def test_moved_seats_keep_the_sum(
    scenario: Scenario, layout: str, source: str, target: str
) -> None:
    moved = with_overrides(scenario, move_clerk(scenario, layout, source, target))
    assert clerk_hours(moved) == pytest.approx(clerk_hours(scenario))
    old, new = (
        {group.id: group.clerks for group in each.layout(layout).windows}
        for each in (scenario, moved)
    )
    assert clerks_at(new[source], 0, "09:00") == clerks_at(old[source], 0, "09:00") - 1
    assert clerks_at(new[target], 0, "09:00") == clerks_at(old[target], 0, "09:00") + 1


def test_there_and_back_is_as_it_was() -> None:
    there = with_overrides(CITY, move_clerk(CITY, "zone", "zone", "counter_tax"))
    back = with_overrides(there, move_clerk(there, "zone", "counter_tax", "zone"))
    assert back.hash == CITY.hash


def test_places_keep_their_shape() -> None:
    book = with_overrides(
        SMALL, ["applicants.appointments.shops.slots={mon 08:30-10:30: 4, tue 08:30-10:30: 2}"]
    )
    more = with_overrides(book, set_appointment_places(book, "shops", 6))
    assert dict(more.applicants.appointments[0].slots) == {
        "mon 08:30-10:30": 6,
        "tue 08:30-10:30": 3,
    }


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        (lambda: set_tidal_threshold(CITY, "zone", "zone", 3), "lever_absent"),
        (lambda: set_tidal_pool(CITY, "zone", "zone", "counter_tax"), "lever_absent"),
        (lambda: set_appointment_places(CITY, "none", 3), "lever_absent"),
        (lambda: move_clerk(CITY, "zone", "tide_fund", "zone"), "lever_absent"),
        (lambda: move_clerk(SMALL, "zone", "rest", "zone"), "lever_last_clerk"),
        (lambda: move_opening(CITY, 8 * HOUR), "lever_outside_day"),
        (lambda: stagger_lunch(CITY, 4 * HOUR), "lever_late_lunch"),
        (lambda: stagger_lunch(CITY, 0), "lever_late_lunch"),
    ],
)
def test_what_cannot_be_is_refused(overrides: object, code: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        overrides()  # type: ignore[operator]
    assert [problem.code for problem in refused.value.problems] == [code]


@pytest.mark.parametrize("name", ["exact/mmc.yaml", ""])
def test_a_hall_that_never_shuts_at_midday_has_no_turns(name: str) -> None:
    changes = ["calendars.hall.weekly={mon-fri: [08:30-17:00], sat: [09:00-12:00]}"]
    scenario = load_scenario(example_path(name)) if name else with_overrides(CITY, changes)
    with pytest.raises(ScenarioError) as refused:
        stagger_lunch(scenario, HOUR)
    assert [problem.code for problem in refused.value.problems] == ["lever_no_lunch"]


class TestSharedCalendar:
    """Who works by the hall's calendar keeps its hours: the hall gets a copy."""

    @pytest.mark.parametrize(
        "overrides",
        [move_opening(SHARED, HALF_HOUR), stagger_lunch(SHARED, HOUR)],
        ids=["opening", "lunch"],
    )
    def test_the_hall_moves_and_departments_keep_their_hours(
        self, overrides: tuple[str, ...]
    ) -> None:
        moved = with_overrides(SHARED, overrides)
        before, after = (hall_calendar(each) for each in (SHARED, moved))
        assert after.weekly != before.weekly
        assert (after.holidays, after.closed) == (before.holidays, before.closed)
        for name in ("market", "fire"):
            [department] = [each for each in moved.departments if each.id == name]
            assert calendar_of(moved, department.hours) == before
        assert find_calendar_sharers(moved) == ()

    def test_a_copy_holds_all_that_a_calendar_has(self) -> None:
        """Who gives a calendar another field decides whether a copy has it; dates are refused."""
        copied, refused = {"weekly", "holidays", "closed"}, {"periods", "days"}
        assert Calendar.model_fields.keys() - Block.model_fields.keys() == {
            "id",
            *copied,
            *refused,
        }

    def test_a_copy_with_the_same_hours_changes_nothing_but_the_name(self) -> None:
        copied = with_overrides(SHARED, move_opening(SHARED, 0))
        assert copied.hall.hours == HALL_HOURS
        assert copied.hash != SHARED.hash
        before, after = (
            replicate(each, ["zone"], run=Run(replications=2, workers=1)).tallies
            for each in (SHARED, copied)
        )
        for first, second in zip(before[0], after[0], strict=True):
            assert first.by_day.keys() == second.by_day.keys()
            for measure, sums in first.by_day.items():
                np.testing.assert_array_equal(sums, second.by_day[measure])

    def test_it_is_as_if_the_departments_had_a_calendar_of_their_own(self) -> None:
        hours = "{mon-fri: [08:30-12:00, 13:30-17:00], sat: [09:00-12:00]}"
        entry = f"{{weekly: {hours}, holidays: china, closed: [2025-05-08]}}"
        users = [f"departments.{name}.hours=theirs" for name in ("market", "fire")]
        apart = with_overrides(SHARED, [f"calendars.theirs={entry}", *users])
        assert [each.partition("=")[0] for each in move_opening(apart, HALF_HOUR)][:1] == [
            "calendars.hall.weekly"
        ]
        means = [
            replicate(each, ["zone"], run=Run(replications=2, workers=1)).tallies[0][0].by_day
            for each in (
                with_overrides(scenario, move_opening(scenario, HALF_HOUR))
                for scenario in (SHARED, apart)
            )
        ]
        for measure, sums in means[0].items():
            np.testing.assert_array_equal(sums, means[1][measure])

    def test_the_hall_may_be_moved_again(self) -> None:
        """It has a calendar of its own by then."""
        later = with_overrides(SHARED, move_opening(SHARED, HALF_HOUR))
        back = with_overrides(later, move_opening(later, -HALF_HOUR))
        assert weekly_hours(hall_calendar(back)) == weekly_hours(hall_calendar(SHARED))
        assert len(back.calendars) == len(SHARED.calendars) + 1

    def test_a_name_that_is_taken_is_not_taken_again(self) -> None:
        taken = with_overrides(
            SHARED, [f"calendars.{HALL_HOURS}={{weekly: {{mon: [08:00-09:00]}}}}"]
        )
        moved = with_overrides(taken, move_opening(taken, HALF_HOUR))
        assert moved.hall.hours == f"{HALL_HOURS}_2"

    def test_the_city_hall_among_places_moves_and_other_places_do_not(self) -> None:
        area = load_scenario(
            example_path("sanmenxia_townships.yaml"), ["places.open.hubin_hall.hours=null"]
        )
        assert ("places", "open", "hubin_hall") in find_calendar_sharers(area)
        moved = with_overrides(area, move_opening(area, HALF_HOUR))
        assert moved.places is not None
        hours = {place.id: place.hours for place in moved.places.open}
        assert hours.pop("city_hall") == moved.hall.hours == HALL_HOURS
        assert HALL_HOURS not in hours.values()
        assert hours["hubin_hall"] == "hall"


def test_a_roster_of_many_hours_is_moved_whole() -> None:
    starts = [8 * 60 + 30 + 5 * n for n in range(35)]
    hours = [f"{at // 60:02}:{at % 60:02}-{(at + 5) // 60:02}:{(at + 5) % 60:02}" for at in starts]
    roster = ", ".join(
        f"{day} {span}: {n % 3 + 1}" for day in ("mon", "tue") for n, span in enumerate(hours)
    )
    many = with_overrides(SMALL, [f"layouts.zone.windows.rest.clerks={{{roster}}}"])
    moved = with_overrides(many, move_opening(many, HALF_HOUR))
    assert clerk_hours(moved) == pytest.approx(clerk_hours(many))
