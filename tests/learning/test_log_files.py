"""One log in several files is the log that it would be in one, whatever their order; rows that two
of them have count once, and what is none of the log is refused."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from openpyxl import Workbook

from sim.errors import ScenarioError
from sim.learning.case_log import CaseLog
from sim.learning.learned import LearnedLog, read_log
from sim.learning.learned_file import learned_file
from sim.learning.ticket_log import TicketLog
from sim.storage.learn_export import caught_rows_of, learned_data
from sim.text import LANGUAGES, load_text
from sim.views.learn_words import learned_blocks
from tests.learning.made_log import FILE, HEADS, csv_of
from tests.learning.test_cases import HEADS as CASE_HEADS
from tests.learning.test_cases import RESULTS, accepted, cases_of, results
from tests.learning.test_log_commands import answer_of
from tests.learning.test_traps import tickets_of

TAKEN: Final = HEADS.index("getTime")
WEEKS: Final = ("2025-03-10", "2025-03-17", "2025-03-24")


def rows() -> list[list[str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def weeks() -> list[list[list[str]]]:
    """The log that ships, cut into its weeks."""
    number = np.searchsorted(WEEKS, [row[TAKEN] for row in rows()], side="right")
    return [[row for row, n in zip(rows(), number, strict=True) if n == k] for k in range(4)]


def of_files(folder: Path, *contents: bytes) -> LearnedLog:
    paths = [folder / f"{n + 1}.csv" for n in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    return read_log(paths)


def refused(folder: Path, *contents: bytes) -> dict[str, list[str]]:
    with pytest.raises(ScenarioError) as error:
        of_files(folder, *contents)
    return {
        problem.code: [Path(problem.file).name, *(value for _, value in problem.values)]
        for problem in error.value.problems
    }


@pytest.mark.parametrize(
    ("order", "columns", "again"),
    [((2, 0, 3, 1), range(len(HEADS)), False), ((0, 1, 2, 3), (7, 4, 5, 6, 0, 1, 2, 3), True)],
)
def test_weeks_are_the_log_in_any_order(
    order: tuple[int, ...], columns: Sequence[int], again: bool
) -> None:
    parts = weeks()
    if again:  # the export of a week begins with the last hours of the one before
        parts = [
            parts[0],
            *(before[-9:] + week for before, week in pairwise(parts)),
        ]
    contents = [csv_of(parts[n]) for n in order]
    heads = tuple(HEADS[n] for n in columns)
    contents[-1] = csv_of([[row[n] for n in columns] for row in parts[order[-1]]], heads)
    learned = read_log([f"{n}.csv" for n in order], content=contents)
    assert tickets_of(learned) == tickets_of(read_log(FILE))
    twice = [(f.trap, f.count, f.treatment) for f in learned.quality.findings]
    assert twice == ([("doubled", 27, "left_out")] if again else [])
    assert sum(span.n_twice for span in learned.spans) == 27 * again
    assert [span.n_rows for span in learned.spans] == [len(parts[n]) for n in order]


def test_a_row_is_told_with_its_file_and_its_line_there(tmp_path: Path) -> None:
    first, second, *_ = weeks()
    learned = of_files(tmp_path, csv_of(first), csv_of([first[-1], *second]))
    [caught] = caught_rows_of(learned)
    assert (Path(caught["file"]).name, caught["line"], caught["trap"]) == ("2.csv", 2, "doubled")
    [finding] = learned.quality.findings
    assert [(each.file, each.line) for each in finding.examples] == [("2.csv", 2)]
    for language in LANGUAGES:
        words = str(list(learned_blocks(learned, load_text(language))))
        assert "2.csv:2" in words


def test_days_between_files_are_told_as_missing(tmp_path: Path) -> None:
    first, _, third, fourth = weeks()
    learned = of_files(tmp_path, csv_of(fourth), csv_of(first), csv_of(third))
    missing = {f.trap: dict(f.values)["dates"] for f in learned.quality.findings}
    assert missing == {"days_missing": "2025-03-10, 2025-03-11, 2025-03-12, 2025-03-13, 2025-03-14"}
    assert [f"{span.first}" for span in learned.spans] == ["2025-03-24", "2025-03-03", "2025-03-17"]


def test_people_who_may_be_alike_count_once_a_file(tmp_path: Path) -> None:
    """Minutes without numbers: two alike rows of one file are two people, of two files one."""
    heads = ("取号时间", "叫号时间")
    alike = [["2025-03-03 09:00", "2025-03-03 09:05"]] * 2
    before = [["2025-03-03 08:30", "2025-03-03 08:35"]]
    after = [["2025-03-03 09:10", "2025-03-03 09:15"]]
    many = [[f"2025-03-03 {h:02}:{m:02}", ""] for h in range(8, 16) for m in range(0, 60, 7)]
    learned = of_files(
        tmp_path, csv_of(before + alike, heads), csv_of([*alike[:1], *after, *many], heads)
    )
    assert len(learned.log) == 1 + 2 + 1 + len(many)
    assert [(f.trap, f.count) for f in learned.quality.findings][:1] == [("doubled", 1)]


def test_a_ticket_that_was_open_when_the_first_file_was_made_is_the_one_of_the_second(
    tmp_path: Path,
) -> None:
    first, second, *_ = weeks()
    still_open = [*first[:-1], [*first[-1][:6], "", ""]]
    learned = of_files(tmp_path, csv_of(still_open), csv_of([first[-1], *second]))
    assert tickets_of(learned) == tickets_of(of_files(tmp_path, csv_of([*first, *second])))
    [caught] = caught_rows_of(of_files(tmp_path, csv_of(still_open), csv_of([first[-1], *second])))
    assert (Path(caught["file"]).name, caught["trap"]) == ("1.csv", "seam")


def test_kinds_of_files_may_differ(tmp_path: Path) -> None:
    first, second, third, fourth = weeks()
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in [HEADS, *first]:
        sheet.append(row)
    book.save(out)
    chinese = csv_of(second).decode().encode("gb18030")
    learned = read_log(
        ["1.xlsx", "2.csv", "3.csv"], content=[out.getvalue(), chinese, csv_of(third + fourth)]
    )
    assert tickets_of(learned) == tickets_of(read_log(FILE))


def test_other_headings_are_refused_with_both_files(tmp_path: Path) -> None:
    first, second, *_ = weeks()
    heads = (*HEADS[:-1], "weather")
    values = refused(tmp_path, csv_of(first), csv_of(second, heads))["log_files_differ"]
    assert values == ["2.csv", str(tmp_path / "1.csv"), "remarks", "weather"]


def test_every_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as error:
        read_log([tmp_path / "a.csv", tmp_path / "b.csv"])
    assert [Path(problem.file).name for problem in error.value.problems] == ["a.csv", "b.csv"]


def test_one_scenario_of_all_files_names_them(tmp_path: Path) -> None:
    first, *others = weeks()
    learned = of_files(tmp_path, csv_of(first), csv_of([row for week in others for row in week]))
    written = learned_file(learned, "A hall", is_calibrated=False).words
    assert 'source: "1.csv, 2.csv, 2025-03-03 – 2025-03-28"' in written
    alone = learned_file(read_log(FILE), "A hall", is_calibrated=False).words
    assert written.replace('"', "").replace("1.csv, 2.csv", FILE.name) == alone.replace('"', "")


def test_months_of_cases_are_put_together_before_others_are_joined(tmp_path: Path) -> None:
    cases, closed = accepted(), results()
    contents = {
        "may.csv": csv_of(cases[:30], CASE_HEADS),
        "june.csv": csv_of(cases[30:], CASE_HEADS),
        "closed.csv": csv_of(closed, ("project_no", "finish_date", *RESULTS[2:])),
        "odd.csv": csv_of(closed, ("project_no", "the end", *RESULTS[2:])),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    months = [tmp_path / "may.csv", tmp_path / "june.csv"]
    logs = list[CaseLog]()
    logs.append(cases_of(read_log(months, parts=[tmp_path / "closed.csv"])))
    by_hand = {"closed": "the end"}
    logs.append(cases_of(read_log(months, "", by_hand, parts=[tmp_path / "odd.csv"])))  # type: ignore[arg-type]
    for log in logs:
        assert int((log.cases.closed_at >= 0).sum()) == len(closed)


class TestCommands:
    def test_learn_replay_and_backtest_take_several_files(
        self, tmp_path: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        of_files(tmp_path, *(csv_of(week) for week in weeks()))
        files = [str(tmp_path / f"{n}.csv") for n in (3, 1, 4, 2)]
        for command in ("replay", "backtest"):
            status, together, _ = answer_of([command, *files, "--format", "json"], capfd)
            _, alone, _ = answer_of([command, str(FILE), "--format", "json"], capfd)
            answers = [json.loads(out) for out in (together, alone)]
            files_told = [answer.pop("file") for answer in answers]
            assert files_told == ["3.csv … 2.csv (4)", str(FILE)]
            hashes = [answer.pop("scenario") for answer in answers]  # it bears another name
            assert (status, len(set(hashes))) == (0, 2)
            assert answers[0] == answers[1]
        status, out, _ = answer_of(["learn", *files, "--format", "json"], capfd)
        assert [each["rows"] for each in json.loads(out)["files"]] == [
            len(weeks()[n - 1]) for n in (3, 1, 4, 2)
        ]

    def test_an_event_log_is_read_by_itself(
        self, tmp_path: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        hall = str(Path(__file__).parents[2] / "scenarios" / "sanmenxia.yaml")
        log = str(tmp_path / "events.csv")
        answer_of(["log", hall, "--days", "1", "--out", log], capfd)
        status, _, err = answer_of(["learn", log, log, "--lang", "en"], capfd)
        assert status == 2
        assert err.count("an event log of this program is read by itself") == 2


def test_files_are_in_the_account_of_a_program(tmp_path: Path) -> None:
    learned = of_files(tmp_path, *(csv_of(week) for week in weeks()))
    [first, *_] = learned_data(learned)["files"]
    assert {**first, "file": ""} == {
        "file": "",
        "rows": len(weeks()[0]),
        "first": "2025-03-03",
        "last": "2025-03-07",
        "told_twice": 0,
    }
    assert isinstance(learned.log, TicketLog)
