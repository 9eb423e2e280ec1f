"""A posted roster is read again as it was written, with what somebody changed by hand."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from sim.clock import parse_hours
from sim.errors import OptionError
from sim.storage.posted_table import PostedRows, read_posted

ROWS: PostedRows = [
    ["小厅排班表", None],
    ["姓名", "可服务窗口", date(2025, 3, 3), datetime(2025, 3, 4), "2025年3月5日", "工时"],
    [None, None, "周一", "周二", "周三"],
    ["张三", "企业窗口", "A1", "早班2", "休", 10.5],
    ["李四", "证明窗口", "A1+2", None, "08:30-12:00、13:00-17:00", 8],
    [],
    ["在岗人数", None, 2, 1, 1],
    [],
    ["图例"],
    ["A", "08:30–12:00、14:00–17:00"],
    ["早班", "8:30 - 12:00"],
    [1, "企业窗口"],
    [2, "证明窗口"],
]


GROUPS = {"shops": ("1", "shops", "企业窗口"), "proofs": ("2", "证明窗口")}


def with_cell(words: object) -> PostedRows:
    rows = [list(row) for row in ROWS]
    rows[3][2] = words  # type: ignore[call-overload]
    return rows


def test_people_dates_and_shifts() -> None:
    table = read_posted(ROWS, GROUPS)
    assert table.dates == ("2025-03-03", "2025-03-04", "2025-03-05")
    assert table.people == ("张三", "李四")
    first, second, third, fourth = table.duties
    assert first.pieces == (parse_hours("08:30-12:00"), parse_hours("14:00-17:00"))
    assert first.groups == ("shops",)
    assert (second.date, second.pieces) == ("2025-03-04", (parse_hours("08:30-12:00"),))
    assert third.groups == ("shops", "proofs")
    assert fourth.pieces == (parse_hours("08:30-12:00"), parse_hours("13:00-17:00"))


@pytest.mark.parametrize("words", [None, "", "休", "OFF", "/", "-", 0, "补休"])
def test_who_is_free(words: object) -> None:
    assert len(read_posted(with_cell(words), GROUPS).duties) == 3


@pytest.mark.parametrize(
    "words", ["C", "A3", "25:00-26:00", "12:00-08:30", "10:00-12:00,11:00-13:00"]
)
def test_a_cell_that_says_nothing_is_told_with_its_place(words: str) -> None:
    with pytest.raises(OptionError) as caught:
        read_posted(with_cell(words), GROUPS, "roster.xlsx")
    [problem] = caught.value.problems
    assert (problem.code, problem.found) == ("posted_cell", words)
    assert problem.where == "roster.xlsx C4 张三 2025-03-03"
    assert "A, 早班" in problem.allowed


def test_every_mistake_is_told_at_once() -> None:
    rows = [*ROWS[:5], ["张三", None, "X"], *ROWS[5:]]
    with pytest.raises(OptionError) as caught:
        read_posted(rows, GROUPS)
    assert {problem.code for problem in caught.value.problems} == {"posted_twice", "posted_cell"}


@pytest.mark.parametrize(
    ("rows", "code"),
    [(ROWS[3:], "posted_no_dates"), (ROWS[:3], "posted_no_people"), ([], "posted_no_dates")],
)
def test_a_table_that_is_none(rows: PostedRows, code: str) -> None:
    with pytest.raises(OptionError) as caught:
        read_posted(rows, GROUPS)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_signs_of_any_width_and_letters_of_any_size() -> None:
    for words in ("Ａ１", "a1", "A 1", "A-1", "Ａ－１"):
        duty = read_posted(with_cell(words), GROUPS).duties[0]
        assert (len(duty.pieces), duty.groups) == (2, ("shops",)), words


def test_a_date_that_is_there_twice_is_told() -> None:
    rows = [list(row) for row in ROWS]
    rows[1][3] = "2025-03-03"
    with pytest.raises(OptionError) as caught:
        read_posted(rows, GROUPS, "roster.csv")
    [problem] = caught.value.problems
    assert (problem.code, problem.where) == ("posted_twice", "roster.csv D2")


def test_a_roster_of_nobody_is_no_roster() -> None:
    """It would read as one that is to be made."""
    rows = [["Name", "2025-03-03"], ["Li", "off"]]
    with pytest.raises(OptionError) as caught:
        read_posted(rows, {})
    assert [problem.code for problem in caught.value.problems] == ["posted_nobody"]
