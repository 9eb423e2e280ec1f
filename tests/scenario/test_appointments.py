"""More places than windows can serve: the work is that of who comes, the day is the worst."""

from __future__ import annotations

import pytest

from tests.cases.test_check import read_text
from tests.strategies import small

MATTERS = ", ".join(
    f"{{id: {id_}, name: {{zh: 事, en: Errand}}, lead: office, service: {{base: {minutes} min}}}}"
    for id_, minutes in (("errand", 10), ("long", 30), ("other", 5))
)
LAYOUTS = ", ".join(
    f"{{id: {id_}, name: {{zh: 厅, en: Hall}}, windows: [{{id: a, serves: [errand, long], clerks:"
    f" {clerks}}}, {{id: b, serves: [other], clerks: 9}}]}}"
    for id_, clerks in (("large", 3), ("usual", 2), ("full", 4))
)


def _found(flows: str, slots: str) -> list[tuple[str, str]]:
    text = small(
        source="a test",
        equal_budget="none",
        online="{department: office, precheck: 1 min}",
        calendars="[{id: day, weekly: {mon-fri: [09:00-12:00, 13:00-17:00]}}]",
        matters=f"[{MATTERS}]",
        layouts=f"[{LAYOUTS}]",
        demand=f"[{{id: o, matter: other, per_day: 1}}{flows}]",
        applicants="{appointments: [{id: book, name: {zh: 约, en: Book}, share: 1, slot: 30 min,"
        f" serves: [errand, long], slots: {slots}}}]}}",
    )
    return [
        (problem.found, problem.allowed)
        for problem in read_text(text)
        if problem.code == "crowded_book"
    ]


@pytest.mark.parametrize(
    ("flows", "work"),
    [
        (", {id: e, matter: errand, per_day: 30}, {id: l, matter: long, per_day: 10}", 15),
        # of 120 a quarter comes in person
        (
            ", {id: e, matter: errand, per_day: 120, online_share: 0.75},"
            " {id: l, matter: long, per_day: 10}",
            15,
        ),
        # of two flows of one matter both
        (
            ", {id: e, matter: errand, per_day: 20}, {id: f, matter: errand, per_day: 10},"
            " {id: l, matter: long, per_day: 30}",
            20,
        ),
        (", {id: l, matter: long, per_day: 10}", 30),
        ("", 20),  # nobody comes: each matter as much
    ],
)
def test_the_work_of_a_place_is_that_of_who_comes(flows: str, work: int) -> None:
    """Six slots before noon and eight behind it; two clerks for seven hours are the fewest."""
    people = 14 * 10
    hours = f"{people * work / 60:.1f} h"
    assert _found(flows, "10") == [(f"mon {people} × {work:.1f} min = {hours}", "≤ 14.0 h (usual)")]


@pytest.mark.parametrize(
    ("places", "starts"),
    [
        # 14 h are 28 people of half an hour
        ("mon-thu 09:00-12:00: 4, fri 10:00-12:00: 2, fri 13:00-17:00: 2", []),
        ("wed 09:00-12:00: 5", ["wed 30 × 30.0 min = 15.0 h"]),
        ("tue 09:00-12:00: 5, wed 09:00-12:00: 6, thu 09:00-12:00: 5", ["wed 36 × 30.0 min"]),
        ("tue 09:00-12:00: 4, tue 13:00-14:30: 1, tue 14:30-15:30: 1", ["tue 29 × 30.0 min"]),
        ("tue 09:00-12:00: 4, tue 13:00-14:30: 1, tue 14:30-15:00: 1", []),
    ],
)
def test_the_worst_day_is_told(places: str, starts: list[str]) -> None:
    worst_days = _found(", {id: l, matter: long, per_day: 10}", f"{{{places}}}")
    assert len(worst_days) == len(starts)
    assert all(worst[0].startswith(start) for worst, start in zip(worst_days, starts, strict=True))
