"""Logs of cases: the national tables joined by number, forms of others, their traps."""

from __future__ import annotations

import gzip
import random
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from sim.clock import DAY, HOUR
from sim.errors import Problem, ScenarioError
from sim.learning.case_log import CaseLog
from sim.learning.learned import LearnedLog, read_log
from sim.learning.traps import LogTreatment
from sim.plan.journal import ISSUED, LOST, OPEN, REJECTED
from tests.learning.made_log import csv_of
from tests.learning.test_reading import public_log

HEADS: Final = (
    *("project_no", "task_name", "org_name", "apply_date", "accept_date", "promise_date"),
    *("applyer_name", "contact_mobile", "handle_user_name"),
)
RESULTS: Final = ("project_no", "result_date", "result_type", "satisfaction")
PAUSES: Final = ("project_no", "special_name", "special_time", "end_time")
N: Final = 60
Rows = list[list[str]]


def accepted() -> Rows:
    """Cases of sixty days, an hour from application to acceptance, promised in ten days."""
    rows = []
    for n in range(N):
        day = np.datetime64("2025-03-03") + n
        rows.append(
            [
                *(f"P{n:04}", ("许可", "登记")[n % 2], "市场监管局"),
                *(f"{day} 09:00:00", f"{day} 10:00:00", f"{day + 10} 10:00:00"),
                *(f"申请人{n}", f"138001380{n:02}", f"受理员{n % 3}"),
            ]
        )
    return rows


def results() -> Rows:
    """Closed after six days, every tenth after twelve; the last five are open."""
    rows = []
    for n in range(N - 5):
        day = np.datetime64("2025-03-03") + n + (12 if n % 10 == 0 else 6)
        word = {7: "不予许可", 8: "撤回"}.get(n, "办结")
        rows.append([f"P{n:04}", f"{day} 10:00:00", word, "5"])
    return rows


def pauses() -> Rows:
    return [["P0003", "检验", "2025-03-07 00:00:00", "2025-03-09 00:00:00"]]


def read(
    folder: Path,
    rows: Rows | None = None,
    closed: Rows | None = None,
    chosen: dict[str, LogTreatment] | None = None,
    problems: list[Problem] | None = None,
) -> LearnedLog:
    parts = {
        "accept.csv": csv_of(accepted() if rows is None else rows, HEADS),
        "result.csv": csv_of(results() if closed is None else closed, RESULTS),
        "special.csv": csv_of(pauses(), PAUSES),
    }
    for name, content in parts.items():
        (folder / name).write_bytes(content)
    main, *others = (folder / name for name in parts)
    learned = read_log(main, chosen=chosen, problems=problems, parts=others)
    q = learned.quality
    assert q.rows_read == q.rows_kept + q.rows_mended + q.rows_left_out
    assert len(learned.log) == q.rows_kept + q.rows_mended
    return learned


def cases_of(learned: LearnedLog) -> CaseLog:
    assert isinstance(learned.log, CaseLog)
    return learned.log


def test_the_national_tables_are_joined(tmp_path: Path) -> None:
    learned = read(tmp_path)
    log = cases_of(learned)
    assert learned.form == "up_pro_accept"
    assert learned.quality.findings == ()
    assert learned.personal == ("applyer_name", "contact_mobile")
    days = log.own_time[log.own_time >= 0] / DAY
    assert sorted(set(days.tolist())) == [4.0, 6.0, 12.0]  # one stood still for two days
    assert (log.cases.accepted_at - log.cases.arrived_at == HOUR).all()
    assert log.cases.fate.tolist().count(OPEN) == 5
    assert [log.cases.fate[n] for n in (0, 7, 8)] == [ISSUED, REJECTED, LOST]
    assert int((log.is_overdue == 1).sum()) == 6
    assert int((log.is_overdue == -1).sum()) == 5
    assert log.names.clerks == ("1", "2", "3")


def test_the_order_of_rows_says_nothing(tmp_path: Path) -> None:
    first = cases_of(read(tmp_path))
    rows, closed = accepted(), results()
    random.Random(1).shuffle(rows)
    random.Random(2).shuffle(closed)
    second = cases_of(read(tmp_path, rows, closed))
    for name in first.cases._fields:
        np.testing.assert_array_equal(getattr(first.cases, name), getattr(second.cases, name))
    for name in first.details._fields[1:]:
        np.testing.assert_array_equal(getattr(first.details, name), getattr(second.details, name))


def changed(n: int, column: int, words: str) -> Rows:
    rows = accepted()
    rows[n][column] = words
    return rows


@pytest.mark.parametrize(
    ("trap", "rows", "line"),
    [
        ("case_no_date", [*accepted(), ["P9", "许可", "", "", "", "", "", "", ""]], N + 2),
        ("doubled_case", [*accepted(), accepted()[4]], N + 2),
        ("accepted_before_applied", changed(9, 3, "2025-03-12 11:30:00"), 11),
        ("closed_before_accepted", changed(51, 4, "2025-05-01 10:00:00"), 53),
        ("unread_cell", changed(12, 5, "十个工作日"), 14),
        ("far_date", changed(1, 3, "1970-01-01 00:00:00"), 3),
    ],
)
def test_a_trap_is_found_where_it_was_planted_and_nowhere_else(
    trap: str, rows: Rows, line: int, tmp_path: Path
) -> None:
    found_lines = {f.trap: f.lines.tolist() for f in read(tmp_path, rows).quality.findings}
    assert found_lines == {trap: [line]}


def test_words_for_results_that_are_not_known_are_told(tmp_path: Path) -> None:
    closed = results()
    closed[20][2] = "转送"
    [finding] = read(tmp_path, closed=closed).quality.findings
    assert (finding.trap, finding.lines.tolist()) == ("unknown_result", [22])


def test_results_of_other_cases_are_told(tmp_path: Path) -> None:
    problems: list[Problem] = []
    read(
        tmp_path, closed=[*results(), ["X1", "2025-03-20 10:00:00", "办结", ""]], problems=problems
    )
    assert [(problem.code, problem.found) for problem in problems] == [("log_strangers", "1")]


def test_a_part_that_adds_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(csv_of(accepted(), HEADS))
    (tmp_path / "b.csv").write_bytes(csv_of([["P1", "x"]], ("project_no", "weather")))
    with pytest.raises(ScenarioError) as error:
        read_log(tmp_path / "a.csv", parts=[tmp_path / "b.csv"])
    assert [problem.code for problem in error.value.problems] == ["log_part"]


def test_a_log_of_tickets_has_no_parts(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("取号时间\n2025-03-03 09:00:00\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        read_log(tmp_path / "t.csv", parts=[tmp_path / "t.csv"])
    assert [problem.code for problem in error.value.problems] == ["log_part"]


def test_a_register_of_files_of_a_town() -> None:
    path = public_log("../cases/rubi_expedients_2018.csv.gz")
    learned = read_log(path)
    log = cases_of(learned)
    with gzip.open(path, "rt", encoding="utf-8-sig") as file:
        n = sum(1 for _ in file) - 1
    assert (learned.form, len(log), log.grain) == ("expedients", n, DAY)
    assert {"no_accepted", "no_promised", "days_only"} <= set(learned.quality.limits)
