"""Promises of a scenario: how they are read, what is wrong with them, and what mends it."""

from __future__ import annotations

import pytest

from sim.clock import MINUTE, Span
from sim.errors import Problem, ScenarioError
from sim.scenario.day_kinds import day_kinds
from sim.scenario.load import scenario_from_text, tree_of, validate_tree
from sim.scenario.promises import PROMISABLE, Promise
from sim.scenario.respell import respell
from sim.scenario.tree import parse_tree
from sim.text import LANGUAGES, load_text
from tests.scenario.town import TOWN, changed
from tests.strategies import at, come, flows, small, windows

WAIT = "measure: wait, at_most: 8 min, each: run"
ON_TIME = "measure: on_time_share, at_least: 0.99, each: run"
SHARE = "measure: give_up_share, at_most: 0.02, each: day"
OVERTIME = "measure: overtime, at_most: 9 min, each: day"
CALLED = "measure: called_within, at_least: 90 %, each: half_hour"


def promising(*promises: str, text: str = TOWN) -> str:
    """The town with these promises, each without its braces, on lines of their own."""
    lines = [f"    - {{{promise}}}\n" for promise in promises]
    return f"{text}targets:\n  promises:\n{''.join(lines)}"


# === how they are read === #


def test_levels_are_shares_or_times() -> None:
    promises = scenario_from_text(
        promising(
            "id: quick, measure: called_within, within: 10 min, at_least: 90 %, each: half_hour",
            "measure: called_within, at_least: 0.9, each: day, groups: [one_stop]",
            "measure: turnaround, at_most: 5个工作日, each: run, departments: [police]",
            "measure: wait, at_most: 8分钟, each: run, matters: [one_matter]",
        )
    ).targets.promises
    assert [promise.level for promise in promises] == [0.9, 0.9, 5.0, 8.0]
    assert promises[0].id == "quick"
    assert promises[0].within == 10 * MINUTE
    assert [promise.who for promise in promises] == [
        (None, ()),
        ("groups", ("one_stop",)),
        ("departments", ("police",)),
        ("matters", ("one_matter",)),
    ]


def test_a_scenario_with_promises_is_written_and_read_again() -> None:
    scenario = scenario_from_text(promising(CALLED, "measure: wait, at_most: 90 s, each: day"))
    read_back, _ = validate_tree(tree_of(scenario), [])
    assert read_back == scenario
    assert read_back.hash == scenario.hash


def test_only_promises_change_the_hash() -> None:
    """What promises nothing is the scenario that it was before there were promises."""
    plain = scenario_from_text(TOWN)
    assert plain.hash == "9462824279766c7b"
    assert scenario_from_text(f"{TOWN}targets: {{promises: []}}\n").hash == plain.hash
    assert scenario_from_text(promising(CALLED)).hash != plain.hash


def test_every_measure_has_one_side() -> None:
    for name, kind in PROMISABLE.items():
        level = {"share": 0.5, "min": Span(MINUTE), "wd": Span(0, 1)}[kind.unit]
        sides = {"measure": name, "each": "run"}
        promise = Promise.model_validate(
            sides | {"at_least" if kind.better == "high" else "at_most": level}
        )
        assert (promise.side == "at_least") == (kind.better == "high")


# === what is wrong with them === #

ROWS: list[tuple[str, str, str, list[str]]] = [
    # the code, where, the promise, and what each way of the remedy makes of it
    ("promise_side", "at_least", "measure: wait, at_least: 8 min, each: run", [WAIT]),
    (
        "promise_side",
        "at_most",
        "measure: called_within, at_most: 90 %, each: run",
        ["measure: called_within, at_least: 90 %, each: run"],
    ),
    ("bare_number", "at_most", "measure: wait, at_most: 8, each: run", [WAIT]),
    ("bare_number", "at_most", "measure: wait, at_most: 15 %, each: run", [WAIT]),
    ("promise_unit", "at_most", "measure: wait, at_most: 1 wd, each: run", [WAIT]),
    ("promise_unit", "at_least", ON_TIME.replace("0.99", "5 wd"), [ON_TIME]),
    (
        "promise_unit",
        "at_most",
        "measure: turnaround, at_most: 3 d, each: run",
        ["measure: turnaround, at_most: 3 wd, each: run"],
    ),
    ("promise_each", "each", ON_TIME.replace("run", "half_hour"), [ON_TIME]),
    (
        "promise_each",
        "each",
        "measure: overtime, at_most: 30 min, each: half_hour",
        ["measure: overtime, at_most: 30 min, each: day"],
    ),
    (
        "promise_whom",
        "departments",
        f"{WAIT}, departments: [police]",
        [WAIT, f"{WAIT}, groups: [plain]"],
    ),
    ("promise_whom", "groups", "measure: drain, at_most: 9 min, each: day, groups: [plain]", []),
    ("unknown_group", "groups[0]", f"{WAIT}, groups: [plane]", [f"{WAIT}, groups: [plain]"]),
    ("promise_unbreakable", "at_most", SHARE.replace("0.02", "100 %"), [SHARE]),
    ("promise_unbreakable", "at_least", ON_TIME.replace("0.99", "0"), [ON_TIME]),
    ("promise_absolute", "at_least", ON_TIME.replace("0.99", "1"), [ON_TIME]),
    ("promise_absolute", "at_most", SHARE.replace("0.02", "0 %"), [SHARE]),
    ("promise_absolute", "at_most", WAIT.replace("8 min", "0 min"), [WAIT]),
    (
        "promise_nobody",
        "departments[0]",
        f"{ON_TIME}, departments: [idle]",
        [ON_TIME, f"{ON_TIME}, departments: [market]"],
    ),
    ("promise_idle", "measure", "measure: balk_share, at_most: 0.02, each: run", [SHARE]),
    ("promise_idle", "measure", f"{ON_TIME}, matters: [id_card]", [ON_TIME]),
    (
        "promise_idle",
        "measure",
        "measure: statutory_on_time_share, at_least: 0.99, each: run",
        [],
    ),
]
IDLE = "  - {id: idle, name: {zh: 局, en: Idle}, reviewers: 1, hours: office}\nmatters:"


def problems_of(text: str) -> tuple[Problem, ...]:
    """What is wrong with a text, or else what is warned of; each can be told in both languages."""
    problems: list[Problem] = []
    try:
        tree = respell(parse_tree(text, "", problems), problems)
        of_text = validate_tree(tree, problems)[1]
    except ScenarioError as error:
        of_text = error.problems
    texts = [load_text(language) for language in LANGUAGES]
    assert all(problem.sentence(words) for problem in of_text for words in texts)
    return of_text


@pytest.mark.parametrize(("code", "field", "promise", "remedied"), ROWS)
def test_what_is_wrong_with_a_promise(
    code: str, field: str, promise: str, remedied: list[str]
) -> None:
    """It is told once, on its line; what is advised leaves nothing to tell."""
    town = changed("matters:", IDLE)
    text = promising(promise, text=town)
    [problem] = problems_of(text)
    assert (problem.code, problem.path) == (code, f"targets.promises[0].{field}")
    assert problem.line == len(text.splitlines())
    for mended in remedied:
        assert problems_of(promising(mended, text=town)) == ()


@pytest.mark.parametrize(
    ("promise", "code"),
    [
        ("measure: wait, each: run", "promise_level"),
        (f"{WAIT}, at_least: 3 min", "promise_level"),
        (f"{WAIT}, groups: [plain], classes: [booked]", "promise_who"),
        ("measure: wait, at_most: 8 min", "missing_field"),
        ("measure: waits, at_most: 8 min, each: run", "wrong_choice"),
        ("measure: called_within, at_least: 1.2, each: run", "share_outside"),
        ("measure: called_within, at_least: 120 %, each: run", "share_outside"),
        ("measure: give_up_share, at_most: -0.1, each: run", "negative"),
        ("measure: wait, at_most: -8 min, each: run", "negative"),
        ("measure: wait, at_most: short, each: run", "wrong_duration"),
        (f"measure: wait, at_most: {'9' * 400}, each: run", "not_a_number"),
        (f"{CALLED}, within: 0 min", "too_small"),
        (f"{CALLED}, within: 15", "bare_number"),
        (f"{CALLED}, classes: [bookd]", "unknown_class"),
        (f"{CALLED}, matters: [open_shp]", "unknown_matter"),
        (f"{ON_TIME}, departments: [polise]", "unknown_department"),
        (f"{WAIT}, within: 5 min", "ignored_field"),
    ],
)
def test_what_other_fields_have_wrong_too(promise: str, code: str) -> None:
    assert [problem.code for problem in problems_of(promising(promise))] == [code]


def test_a_misspelt_name_is_answered_with_the_nearest() -> None:
    [problem] = problems_of(promising(f"{CALLED}, classes: [bookd]"))
    assert dict(problem.values)["nearest"] == "booked"


def test_a_wait_of_none_in_the_targets_is_told_once_a_promise_needs_it() -> None:
    none = f"{promising(CALLED)}  called_within: 0 min\n"
    assert [(problem.code, problem.path) for problem in problems_of(none)] == [
        ("too_small", "targets.called_within")
    ]
    assert problems_of(none.replace(CALLED, WAIT)) == ()


def test_a_class_that_never_comes() -> None:
    """Told of the class, as ever, and of the promise to it."""
    town = changed("{booked: 0.4, walk_in: 0.6}", "{booked: 1}")
    codes = {
        problem.code for problem in problems_of(promising(f"{WAIT}, classes: [walk_in]", text=town))
    }
    assert codes == {"class_never_comes", "promise_nobody"}


def test_ids_are_names_of_one_promise() -> None:
    twice = promising(f"id: quick, {WAIT}", f"id: quick, {CALLED}")
    assert [(problem.code, problem.found) for problem in problems_of(twice)] == [
        ("duplicate_id", "quick")
    ]
    assert problems_of(promising(WAIT, CALLED)) == ()


def test_a_group_that_only_some_layouts_have() -> None:
    both = windows("id: window, serves: [errand], clerks: 1")[:-1] + (
        ", {id: other, name: {zh: 厅, en: Other},"
        " windows: [{id: counter, serves: [errand], clerks: 1}]}]"
    )
    text = small(layouts=both, targets=f"{{promises: [{{{WAIT}, groups: [window]}}]}}")
    [problem] = [problem for problem in problems_of(text) if problem.code != "no_source"]
    assert (problem.code, dict(problem.values)["layouts"]) == ("promise_group_elsewhere", "other")
    assert problem.path == "targets.promises[0].groups[0]"


# === what follows from what === #


@pytest.mark.parametrize(
    ("stricter", "looser"),
    [
        (WAIT.replace("8", "7"), WAIT),
        (CALLED, CALLED.replace("90", "80")),
        (f"{CALLED}, within: 10 min", CALLED),
        (CALLED, CALLED.replace("half_hour", "run")),
        (WAIT, f"{WAIT}, groups: [plain]"),
        (f"{WAIT}, classes: [booked, walk_in]", f"{WAIT}, classes: [walk_in]"),
    ],
)
def test_what_follows_is_told_at_what_follows(stricter: str, looser: str) -> None:
    for promises, place in (((stricter, looser), 1), ((looser, stricter), 0)):
        [problem] = problems_of(promising(*promises))
        assert (problem.code, problem.path) == ("promise_redundant", f"targets.promises[{place}]")
        assert problem.severity == "warning"


def test_of_two_that_say_the_same_the_second_is_told() -> None:
    [problem] = problems_of(promising(f"id: first, {WAIT}", f"id: second, {WAIT}"))
    assert (problem.found, problem.path) == ("first", "targets.promises[second]")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (f"{CALLED}, within: 10 min", CALLED.replace("90", "95")),
        (CALLED.replace("half_hour", "run"), CALLED.replace("90", "80")),
        (f"{WAIT}, groups: [plain]", f"{WAIT}, groups: [one_stop]"),
        (f"{WAIT}, matters: [id_card]", f"{WAIT}, classes: [booked]"),
        (WAIT, WAIT.replace("wait", "wait_of_all")),
        (OVERTIME, f"{OVERTIME}, groups: [plain]"),
    ],
)
def test_what_asks_for_more_in_some_way_stands_beside_the_other(first: str, second: str) -> None:
    assert problems_of(promising(first, second)) == ()


# === kinds of day === #


def kinds(**sections: str) -> list[str]:
    """Keys of the kinds of day of a small hall."""
    return [kind.key for kind in day_kinds(scenario_from_text(small(**sections)))]


def test_neighbours_alike_are_one_kind() -> None:
    hours = "mon-fri: [09:00-12:00, 12:00-17:00], sat: [09:00-12:00]"
    calendars = f"[{{id: day, weekly: {{{hours}}}}}]"
    factors = "[{id: people, matter: errand, per_day: 9, weekdays: {%s}}]"
    assert kinds(calendars=calendars, demand=factors % "") == ["mon-fri", "sat"]
    assert kinds(calendars=calendars, demand=factors % "mon: 1.4") == ["mon", "tue-fri", "sat"]
    # no key of a roster names Monday and Friday and nothing between
    assert kinds(demand=factors % "mon: 1.4, fri: 1.4") == ["mon", "tue-thu", "fri"]
    assert kinds(demand=factors % "sun: 3") == ["mon-fri"]


def test_given_instants_are_alike_by_the_clock() -> None:
    assert kinds(demand=come("09:00", "1 09:00", "2 09:00", "3 10:00")) == ["mon-wed", "thu", "fri"]
    assert kinds(demand=flows(at("09:00"), at("1 09:00", flow="others"))) == [
        "mon",
        "tue",
        "wed-fri",
    ]


def test_places_in_books_and_clerks_at_the_desk_tell_days_apart() -> None:
    rate = "[{id: people, matter: errand, rate: 6 per h}]"
    book = (
        "{appointments: [{id: book, name: {zh: 约, en: Book}, serves: [errand], share: 0.1,"
        " slot: 30 min, slots: {tue-wed 09:00-12:00: 2}}]}"
    )
    assert kinds(demand=rate, applicants=book) == ["mon", "tue-wed", "thu-fri"]
    desk = "reception: {clerks: {mon-thu 09:00-17:00: 2, fri 09:00-17:00: 1}, service: 1 min}"
    assert kinds(demand=rate, hall=desk) == ["mon-thu", "fri"]
