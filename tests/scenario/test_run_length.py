"""Runs that are too short for the alternation of a mean number of clerks."""

from __future__ import annotations

import pytest

from sim.errors import Problem
from tests.cases.test_check import read_text
from tests.strategies import small

WINDOWS = "[{id: hall, name: {zh: 厅, en: Hall}, windows: [{id: w, serves: [errand], clerks: %s}]}]"


def _cut(clerks: str, run: str) -> list[Problem]:
    text = small(layouts=WINDOWS % clerks, run=run)
    return [problem for problem in read_text(text) if problem.code == "mean_clerks_cut"]


@pytest.mark.parametrize(
    ("clerks", "run", "mean"),
    [
        # 2, 3, 2, 3, 2 from Monday on, as DESIGN says
        ("2.5", "{start: 2025-01-06, measured_days: 5}", "2.4"),
        ("2.5", "{start: 2025-01-06, measured_days: 10}", None),
        # what is warm-up is not measured: 3, 2, 3, 2, 3 in the second week
        ("2.5", "{start: 2025-01-06, warmup_days: 5, measured_days: 5}", "2.6"),
        ("{mon-thu 09:00-12:00: 1.5}", "{start: 2025-01-06, measured_days: 5}", None),
        (
            "{mon-thu 09:00-12:00: 1.5, fri 09:00-12:00: 0.5}",
            "{start: 2025-01-06, measured_days: 5}",
            "0",
        ),
        ("2", "{start: 2025-01-06, measured_days: 5}", None),
        # a row of a date that holds in place of it leaves four days: 2, 3, 2, 3
        (
            "{mon-fri 09:00-12:00: 2.5, 2025-01-10 09:00-12:00: 1}",
            "{start: 2025-01-06, measured_days: 5}",
            None,
        ),
    ],
)
def test_the_mean_of_the_days_on_which_a_row_holds(clerks: str, run: str, mean: str | None) -> None:
    assert [problem.found for problem in _cut(clerks, run)] == ([] if mean is None else [mean])


def test_the_row_is_named() -> None:
    [cut] = _cut(
        "{mon-thu 09:00-12:00: 2, fri 09:00-12:00: 0.5}", "{start: 2025-01-06, measured_days: 5}"
    )
    assert "fri 09:00-12:00" in cut.path
    assert dict(cut.values) == {"row": "fri 09:00-12:00", "days": "1"}


def test_the_desk_is_looked_at_too() -> None:
    text = small(
        hall="{name: {zh: 厅, en: Hall}, hours: day, reception: {clerks: 0.5, service: 1 min}}",
        run="{start: 2025-01-06, measured_days: 5}",
    )
    cut = [problem for problem in read_text(text) if problem.code == "mean_clerks_cut"]
    assert [problem.path.split(".")[1] for problem in cut] == ["reception"]
