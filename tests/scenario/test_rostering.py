"""The block `rostering` of a scenario: how it is read, what is wrong with it, and what mends it."""

from __future__ import annotations

import pytest

from sim.clock import HOUR, MINUTE
from sim.scenario.load import scenario_from_text, tree_of, validate_tree
from sim.scenario.rostering import Rostering
from tests.scenario.test_promises import problems_of
from tests.scenario.town import TOWN

LUNCH = "lunch: {between: 11:30-13:30, length: 60 min}"
EARLY = "{id: early, pieces: [08:30-12:00, 14:30-17:30], days: mon-fri}"
NOON = "{id: noon, at_most: 2, during: 12:00-13:00}"
LATE = "{id: noon, at_most: 2, shifts: [late]}"
OF_EARLY = "{id: noon, at_most: 2, shifts: [early]}"
BOTH = "{id: noon, at_most: 2, shifts: [early], during: 12:00-13:00}"
SATURDAY = "{id: sat, pieces: [09:00-12:00], days: sat}"
REST = "rests: [{between: 09:30-11:00, length: 15 min}]"


def with_rest(between: str, length: str = "15 min") -> str:
    """The early shift with a paid break."""
    return f"{EARLY[:-1]}, rests: [{{between: {between}, length: {length}}}]}}"


def rostering(rules: str) -> str:
    """The town with rules, written between braces."""
    return f"{TOWN}rostering: {{source: a test, {rules}}}\n"


def test_hours_are_read_with_their_units() -> None:
    text = rostering(f"setup: 15 min, hours: {{at_least: 3 h}}, {LUNCH}, shifts: []")
    rules = scenario_from_text(text).rostering
    assert rules is not None
    assert (rules.setup, rules.hours.at_least, rules.hours.at_most) == (
        15 * MINUTE,
        3 * HOUR,
        8 * HOUR,
    )
    assert rules.lunch is not None
    assert rules.lunch.length == HOUR


def test_a_scenario_with_rules_is_written_and_read_again() -> None:
    scenario = scenario_from_text(
        rostering(f"shifts: [{EARLY}, {SATURDAY}], staff: {{absence: 4 %}}")
    )
    read_back, _ = validate_tree(tree_of(scenario), [])
    assert read_back == scenario
    assert read_back.hash == scenario.hash


def test_who_says_nothing_of_it_has_the_hash_of_before() -> None:
    assert scenario_from_text(TOWN).hash == "9462824279766c7b"
    assert scenario_from_text(rostering("setup: 0 min")).hash != "9462824279766c7b"


def test_rules_by_default_are_those_of_the_law() -> None:
    rules = Rostering()
    assert (rules.hours.at_most, rules.staff.contract, rules.staff.days_running) == (
        8 * HOUR,
        40 * HOUR,
        6,
    )


ROWS: list[tuple[str, str, str, list[str]]] = [
    # the code, where, the rules, and what each way of the remedy makes of them
    (
        "shift_lengths",
        "hours.at_most",
        "hours: {at_least: 6 h, at_most: 5 h}",
        ["hours: {at_least: 5 h, at_most: 5 h}"],
    ),
    (
        "shift_lengths",
        "part_time.at_most",
        "part_time: {at_least: 3 h, at_most: 2 h}",
        ["part_time: {at_least: 2 h, at_most: 3 h}"],
    ),
    (
        "shift_beyond_contract",
        "hours.at_least",
        "hours: {at_least: 6 h}, staff: {contract: 5 h}",
        ["hours: {at_least: 5 h}, staff: {contract: 5 h}", "hours: {at_least: 6 h}"],
    ),
    (
        "shift_beyond_contract",
        "shifts[early].pieces",
        f"shifts: [{EARLY}, {SATURDAY}], staff: {{contract: 6 h}}",
        [f"shifts: [{EARLY}, {SATURDAY}]"],
    ),
    (
        "shift_outside_hours",
        "shifts[early].pieces",
        f"shifts: [{EARLY.replace('17:30', '18:00')}, {SATURDAY}]",
        [
            f"shifts: [{EARLY}, {SATURDAY}]",
            f"setup: 30 min, shifts: [{EARLY.replace('17:30', '18:00')}, {SATURDAY}]",
        ],
    ),
    (
        "shift_outside_hours",
        "shifts[early].pieces",
        f"shifts: [{EARLY.replace('mon-fri', 'mon-sat')}, {SATURDAY}]",
        [f"shifts: [{EARLY}, {SATURDAY}]"],
    ),
    (
        "shift_when_shut",
        "shifts[sun].days",
        f"shifts: [{EARLY}, {SATURDAY}, {{id: sun, pieces: [09:00-12:00], days: sun}}]",
        [f"shifts: [{EARLY}, {SATURDAY}]"],
    ),
    (
        "hour_without_shift",
        "shifts",
        f"shifts: [{EARLY}]",
        [f"shifts: [{EARLY}, {SATURDAY}]"],
    ),
    (
        "shift_pieces",
        "shifts[early]",
        "shifts: [{id: early, pieces: [14:30-17:30, 08:30-12:00]}]",
        [f"shifts: [{EARLY}, {SATURDAY}]"],
    ),
    (
        "lunch_too_long",
        "lunch.length",
        "lunch: {between: 12:00-13:00, length: 90 min}",
        [
            "lunch: {between: 12:00-13:00, length: 60 min}",
            "lunch: {between: 12:00-13:30, length: 90 min}",
        ],
    ),
    *(
        ("rest_length", "rests[0].length", f"rests: [{{between: 09:30-11:00, {length}}}]", [REST])
        for length in ("length: 0 min", "length: 4 min", "length: 450 s", "length: 2 h")
    ),
    (
        "rest_length",
        "shifts[early].rests[0].length",
        f"shifts: [{with_rest('09:30-11:00', '91 min')}, {SATURDAY}]",
        [f"shifts: [{with_rest('09:30-11:00', '90 min')}, {SATURDAY}]"],
    ),
    (
        "rests_overlap",
        "rests[1].between",
        "rests: [{between: 09:30-11:00}, {between: 10:45-11:30}]",
        ["rests: [{between: 09:30-10:45}, {between: 10:45-11:30}]", REST],
    ),
    *(
        (
            "rest_outside_shift",
            "shifts[early].rests[0].between",
            f"shifts: [{with_rest(between)}, {SATURDAY}]",
            [f"shifts: [{with_rest('08:30-11:00')}, {SATURDAY}]"],
        )
        for between in ("08:00-10:00", "11:30-15:00", "12:30-14:00", "16:00-18:00", "07:00-19:00")
    ),
    (
        "rest_at_lunch",
        "rests[0].between",
        f"{LUNCH}, rests: [{{between: 10:30-11:45}}]",
        [f"{LUNCH}, rests: [{{between: 10:30-11:30}}]", REST],
    ),
    *(
        ("rest_of_nobody", "rests[0].between", rules, [REST])
        for rules in (
            "rests: [{between: 12:30-14:00}]",
            "rests: [{between: 06:00-07:00}]",
            "hours: {at_least: 1 h, at_most: 2 h}, rests: [{between: 08:45-11:00}]",
            f"shifts: [{EARLY}, {SATURDAY}], rests: [{{between: 12:30-14:00}}]",
            f"shifts: [{with_rest('09:30-11:00')}], rests: [{{between: 15:00-16:00}}]",
        )
    ),
    (
        "reserve_endless",
        "staff.absence",
        "staff: {absence: 100 %}",
        ["staff: {absence: 4 %}"],
    ),
    (
        "reserve_endless",
        "staff.short_at_most",
        "staff: {absence: 4 %, short_at_most: 0}",
        ["staff: {absence: 4 %, short_at_most: 5 %}", "staff: {short_at_most: 0}"],
    ),
    ("too_small", "starts_each", "starts_each: 1 min", ["starts_each: 15 min"]),
    ("too_small", "staff.contract", "staff: {contract: 0 h}", ["staff: {contract: 36 h}"]),
    (
        "duplicate_id",
        "shifts[early].id",
        f"shifts: [{EARLY}, {EARLY}, {SATURDAY}]",
        [f"shifts: [{EARLY}, {SATURDAY}]"],
    ),
    (
        "ignored_field",
        "lunch",
        f"shifts: [{EARLY}, {SATURDAY}], {LUNCH}",
        [f"shifts: [{EARLY}, {SATURDAY}]", LUNCH],
    ),
    (
        "limit_of_what",
        "staff.shift_limits[noon]",
        "staff: {shift_limits: [{id: noon, at_most: 2}]}",
        ["staff: {shift_limits: [{id: noon, at_most: 2, during: 12:00-13:00}]}"],
    ),
    (
        "limit_of_what",
        "staff.shift_limits[noon]",
        f"shifts: [{EARLY}, {SATURDAY}], staff: {{shift_limits: [{BOTH}]}}",
        [f"shifts: [{EARLY}, {SATURDAY}], staff: {{shift_limits: [{OF_EARLY}]}}"],
    ),
    (
        "unknown_shift",
        "staff.shift_limits[noon].shifts[0]",
        f"shifts: [{EARLY}, {SATURDAY}], staff: {{shift_limits: [{LATE}]}}",
        [f"shifts: [{EARLY}, {SATURDAY}], staff: {{shift_limits: [{OF_EARLY}]}}"],
    ),
    (
        "duplicate_id",
        "staff.shift_limits[noon].id",
        f"staff: {{shift_limits: [{NOON}, {NOON}]}}",
        [f"staff: {{shift_limits: [{NOON}]}}"],
    ),
    (
        "ignored_field",
        "staff.weekend_off",
        "staff: {contract_over: roster, weekend_off: same_week}",
        ["staff: {contract_over: roster}", "staff: {weekend_off: same_week}"],
    ),
]


@pytest.mark.parametrize(("code", "field", "rules", "remedied"), ROWS)
def test_what_is_wrong_with_rules(code: str, field: str, rules: str, remedied: list[str]) -> None:
    [problem] = problems_of(rostering(rules))
    assert (problem.code, problem.path) == (code, f"rostering.{field}")
    for better in remedied:
        assert problems_of(rostering(better)) == (), better


def test_numbers_of_rules_want_a_source() -> None:
    [problem] = problems_of(
        f"{TOWN}rostering: {{staff: {{absence: 4 %}}}}\n".replace("source: a test\n", "", 1)
    )[-1:]
    assert problem.code == "no_source"


@pytest.mark.parametrize(("wage", "code"), [("0", "too_small"), ("-30", "negative")])
def test_a_clerk_who_costs_nothing_is_told_with_the_line(wage: str, code: str) -> None:
    """Rosters and sizings are compared by their cost: who has no price leaves the block out."""
    lines = len(TOWN.splitlines())
    [problem] = problems_of(f"{TOWN}money: {{source: a test, clerk_yuan_per_hour: {wage}}}\n")
    assert (problem.code, problem.path) == (code, "money.clerk_yuan_per_hour")
    assert problem.line == lines + 1
    assert dict(problem.values)["low"] == "0"
