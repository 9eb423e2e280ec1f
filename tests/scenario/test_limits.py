"""Promises beside the law and the work: errors and warnings before any run."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import Problem
from sim.plan.compile import compile_demand
from sim.plan.lawbook import mean
from sim.scenario.distributions import mean_of
from sim.scenario.load import scenario_from_text
from sim.text import load_text
from tests.scenario.town import changed, only, problems, read
from tests.strategies import bundle, item, small

EN, ZH = load_text("en"), load_text("zh")
REVIEW = "department: market, review: 10 min}"


def warnings(folder: Path, text: str, *replaced: tuple[str, str]) -> tuple[Problem, ...]:
    """What the town is warned of, once more of its text is replaced."""
    for old, new in replaced:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return read(folder, text)[1]


# === the law === #


@pytest.mark.parametrize(
    ("promised", "statutory"),
    [
        ("5 wd", "5 wd"),
        ("5 wd", "20 wd"),
        ("5 d", "5 d"),
        ("36 h", "2 d"),
        ("5 wd", "5 d"),  # not certain to be beyond it
        ("30 d", "5 wd"),  # holidays may make it so
    ],
)
def test_a_promise_within_the_law(promised: str, statutory: str, tmp_path: Path) -> None:
    text = changed("promised: 5 wd", f"promised: {promised}\n    statutory: {statutory}")
    assert warnings(tmp_path, text) == ()


@pytest.mark.parametrize(
    ("promised", "statutory"), [("6 wd", "5 wd"), ("50 h", "2 d"), ("6 wd", "5 d"), ("1 wd", "0 d")]
)
def test_a_promise_beyond_the_law_is_an_error(
    promised: str, statutory: str, tmp_path: Path
) -> None:
    text = changed("promised: 5 wd", f"promised: {promised}\n    statutory: {statutory}")
    problem = only(problems(tmp_path, text))
    assert (problem.code, problem.severity) == ("promise_beyond_statute", "error")
    assert problem.found == promised


def test_a_statutory_limit_alone_is_sound(tmp_path: Path) -> None:
    assert warnings(tmp_path, changed("promised: 5 wd", "statutory: 1 wd")) == ()


# === external spans === #


def test_a_limit_below_the_spans_says_what_the_applicant_waits(tmp_path: Path) -> None:
    text = changed("low: 1 wd", "low: 3 wd").replace("promised: 5 wd", "promised: 2 wd")
    warning = only(warnings(tmp_path, text))
    assert (warning.code, warning.severity) == ("limit_shorter_than_span", "warning")
    assert (warning.found, warning.allowed) == ("2 wd", "≥ 3 wd")
    assert "waits for 3 working days at least" in warning.sentence(EN)
    assert "至少要等 3 个工作日" in warning.sentence(ZH)


def test_spans_one_after_the_other_add_and_side_by_side_do_not(tmp_path: Path) -> None:
    first = "department: market, review: 10 min, external: 4 wd}"
    text = changed("promised: 5 wd", "promised: 4 wd")
    assert only(warnings(tmp_path, text, (REVIEW, first))).allowed == "≥ 5 wd"
    assert warnings(tmp_path, text, (REVIEW, first), ("        after: [licence]\n", "")) == ()


# === work === #


@pytest.mark.parametrize(
    ("review", "promised", "allowed"),
    [
        ("24 h", "2 wd", ""),  # three days of eight hours, the day of acceptance one of them
        ("25 h", "2 wd", "≥ 3 wd"),
        ("{law: exponential, mean: 41 h}", "4 wd", "≥ 5 wd"),
        ("{law: uniform, low: 0 h, high: 48 h}", "2 wd", ""),
        ("41 h", "4 d", ""),  # a limit in calendar days is another clock
    ],
)
def test_a_limit_below_the_work(review: str, promised: str, allowed: str, tmp_path: Path) -> None:
    text = changed(REVIEW, f"department: market, review: {review}}}")
    below = warnings(tmp_path, text, ("promised: 5 wd", f"promised: {promised}"))
    assert [problem.allowed for problem in below] == ([allowed] if allowed else [])
    assert {problem.code for problem in below} <= {"limit_shorter_than_work"}


def test_both_numbers_are_told(tmp_path: Path) -> None:
    text = changed(REVIEW, "department: market, review: 30 h}")
    warning = only(warnings(tmp_path, text, ("promised: 5 wd", "promised: 1 wd")))
    assert "take 30.0 h on average" in warning.sentence(EN)
    assert "can work 16.0 h at most" in warning.sentence(EN)
    assert "共需 30.0 小时" in warning.sentence(ZH)
    assert "至多可工作 16.0 小时" in warning.sentence(ZH)


def test_only_the_longest_path_counts(tmp_path: Path) -> None:
    """Twelve hours at each of two departments: a day and a half each, or both at once."""
    text = changed(REVIEW, "department: market, review: 12 h}")
    both = ("        external:", "        review: 12 h\n        external:")
    short = ("promised: 5 wd", "promised: 1 wd")
    assert only(warnings(tmp_path, text, both, short)).code == "limit_shorter_than_work"
    at_once = ("        after: [licence]\n", "")
    assert warnings(tmp_path, text, both, short, at_once) == ()


def test_hours_of_each_department_count(tmp_path: Path) -> None:
    """Sixteen hours are two days of eight hours, or four of four."""
    text = changed(REVIEW, "department: market, review: 16 h}")
    short = ("promised: 5 wd", "promised: 1 wd")
    assert warnings(tmp_path, text, short) == ()
    half = ("{mon-fri: [09:00-17:00]}", "{mon-fri: [09:00-13:00]}")
    assert only(warnings(tmp_path, text, short, half)).allowed == "≥ 3 wd"
    finishes = ("reviewers: 2, hours: office", "reviewers: 2, hours: office, at_close: finish")
    assert warnings(tmp_path, text, short, half, finishes) == ()


@pytest.mark.parametrize(
    "law",
    [
        "7 min",
        "{law: exponential, mean: 7 min}",
        "{law: gamma, mean: 7 min, cv: 2}",
        "{law: lognormal, mean: 7 min, cv: 2}",
        "{law: uniform, low: 1 min, high: 8 min}",
        "{law: triangular, low: 1 min, mode: 2 min, high: 9 min}",
        "{law: empirical, values: [1 min, 1 min, 9 min]}",
        "{law: sequence, values: [0 min, 9 min]}",
    ],
)
def test_means_are_those_of_the_run(law: str) -> None:
    scenario = scenario_from_text(small(matters=bundle(item("check", law))))
    demand = compile_demand(scenario)
    assert mean_of(scenario.matters[0].items[0].review) == mean(
        demand.laws, int(demand.items.review_law[0])
    )
