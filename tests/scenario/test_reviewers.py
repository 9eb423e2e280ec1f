"""Reviewers by the hour: what is refused, where, and what to do; what it scales to."""

import pytest

from sim.errors import ScenarioError
from sim.questions.levers import assumed_levers
from sim.scenario.edit import with_overrides, with_reviewers
from sim.scenario.load import scenario_from_text
from sim.text import load_text
from tests.strategies import small

NAME = "{zh: 局, en: Office}"


def hall(reviewers: str, more: str = "") -> str:
    office = f"{{id: office, name: {NAME}, hours: day, reviewers: {reviewers}{more}}}"
    return small(departments=f"[{office}]")


@pytest.mark.parametrize(
    ("roster", "code", "shown"),
    [
        ("{09:00-12:00: 1, 11:00-13:00: 1}", "overlapping_intervals", "09:00-12:00, 11:00-13:00"),
        ("{08:00-12:00: 1}", "reviewers_outside_hours", "08:00-12:00"),
        ("{sat 09:00-12:00: 1}", "reviewers_outside_hours", "sat 09:00-12:00"),
        ("{09:00-12:00: 0}", "too_small", "0"),
        ("{09:00-12:00: -1}", "negative", "-1"),
        ("{09:00-12:00: 1.5}", "wrong_type", "1.5"),
        ("{9-12: 1}", "wrong_clock", "9"),
        ("{}", "too_short_list", "0"),
        ("0", "too_small", "0"),
    ],
)
def test_what_is_refused(roster: str, code: str, shown: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        scenario_from_text(hall(roster))
    [problem] = raised.value.problems
    assert (problem.code, problem.found) == (code, shown)
    assert problem.path.startswith("departments[office].reviewers")
    assert problem.line > 0
    for language in ("zh", "en"):
        assert shown in problem.sentence(load_text(language))


def test_a_number_keeps_its_identity() -> None:
    """A scenario with a number is the same as before there were rosters."""
    plain = scenario_from_text(hall("3"))
    assert plain.model_dump(mode="json")["departments"][0]["reviewers"] == 3
    assert scenario_from_text(hall("{mon-sun 00:00-24:00: 3}")).hash == plain.hash


def test_other_numbers_keep_the_shape() -> None:
    """Overrides set one number at all hours; sizing and levers scale the roster as a whole."""
    by_hours = scenario_from_text(hall("{09:00-12:00: 4, 12:00-17:00: 2}"))
    assert dict(with_reviewers(by_hours, {"office": 2}).departments[0].reviewers) == {
        "09:00-12:00": 2,
        "12:00-17:00": 1,
    }
    flat = with_overrides(by_hours, ["departments.office.reviewers=3"])
    assert flat.departments[0].most_reviewers == 3


def test_a_lever_takes_the_largest_number_to_the_ends_of_its_range() -> None:
    ranges = ", assumed: {reviewers: [2, 6]}"
    scenario = scenario_from_text(hall("{09:00-12:00: 4, 12:00-17:00: 2}", ranges))
    [lever] = assumed_levers(scenario, "hall").levers
    assert [setting.overrides for setting in lever.settings] == [
        ("departments.office.reviewers={09:00-12:00: 2, 12:00-17:00: 1}",),
        ("departments.office.reviewers={09:00-12:00: 6, 12:00-17:00: 3}",),
    ]
