"""Rosters from a table: the dates that it names have its clerks; wrong rows are named."""

import io
from datetime import date, datetime, time
from pathlib import Path

import numpy as np
import pytest
from openpyxl import Workbook

from sim import compile_plan
from sim.clock import HOUR, Hours
from sim.command.outputs import write_scenario
from sim.errors import OptionError, ScenarioError
from sim.plan.plan import Plan
from sim.plan.rosters import posts_of
from sim.scenario.clerks_file import read_clerks
from sim.scenario.day_kinds import day_kinds
from sim.scenario.edit import with_clerks, with_overrides
from sim.scenario.load import load_scenario, read_scenario, scenario_from_text
from sim.scenario.scenario import Scenario
from sim.text import LANGUAGES, load_text
from tests.strategies import small

HEAD = "date,from,to,group,clerks,clerk"
WEEK = [f"2025-01-{day:02d}" for day in range(6, 11)]


def hall(folder: Path, *rows: str, clerks: str = "1", head: str = HEAD) -> Scenario:
    """A hall of one week beside a table."""
    (folder / "clerks.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    return load_scenario(written(folder, clerks))


def written(folder: Path, clerks: str = "1", file: str = "clerks.csv") -> Path:
    group = f"{{id: window, serves: [errand], clerks: {clerks}}}"
    text = small(
        run="{start: 2025-01-06, measured_days: 5}",
        demand="[{id: people, matter: errand, rate: 6 per h}]",
        layouts="[{id: hall, name: {zh: 厅, en: Hall},"
        f" clerks_file: {file}, windows: [{group}]}}]",
    )
    (folder / "hall.yaml").write_text(text, encoding="utf-8")
    return folder / "hall.yaml"


def same_windows(first: Plan, second: Plan) -> None:
    for name, value in first.hall._asdict().items():
        np.testing.assert_array_equal(value, getattr(second.hall, name), err_msg=name)


def test_a_table_of_every_day_is_the_weekly_roster(tmp_path: Path) -> None:
    rows = [f"{day},{hours},window,{n}," for day in WEEK for hours, n in SPANS]
    table = hall(tmp_path, *rows)
    weekly = "{mon-fri 09:00-12:00: 2, mon-fri 12:00-17:00: 3}"
    same = with_overrides(
        table, ["layouts.hall.clerks_file=null", f"layouts.hall.windows.window.clerks={weekly}"]
    )
    same_windows(compile_plan(table, "hall"), compile_plan(same, "hall"))
    assert table.hash != same.hash


SPANS = [("09:00,12:00", 2), ("12:00,17:00", 3)]


def test_days_that_it_does_not_name_keep_the_roster(tmp_path: Path) -> None:
    table = hall(tmp_path, "2025-01-07,09:00,12:00,window,2,", clerks="{09:00-17:00: 1}")
    dated = "{09:00-17:00: 1, 2025-01-07 09:00-12:00: 2}"
    same = with_overrides(
        table, ["layouts.hall.clerks_file=null", f"layouts.hall.windows.window.clerks={dated}"]
    )
    same_windows(compile_plan(table, "hall"), compile_plan(same, "hall"))


def test_named_clerks_at_one_time_are_as_many(tmp_path: Path) -> None:
    rows = ("2025-01-07,09:00,13:00,window,,An", "2025-01-07,11:00,17:00,window,,Bo")
    named = hall(tmp_path, *rows).layouts[0].clerks_file
    assert named is not None
    assert named.spans("window").on(date(2025, 1, 7).toordinal()) == (
        (Hours(9 * HOUR, 11 * HOUR), 1),
        (Hours(11 * HOUR, 13 * HOUR), 2),
        (Hours(13 * HOUR, 17 * HOUR), 1),
    )


def test_a_day_of_nobody_is_named(tmp_path: Path) -> None:
    scenario = hall(tmp_path, "2025-01-07,00:00,24:00,window,0,")
    hall_plan = compile_plan(scenario, "hall").hall
    assert 1 not in {int(start) // (24 * HOUR) for start in hall_plan.duty_starts}


def test_it_is_known_by_its_rows_in_any_form(tmp_path: Path) -> None:
    plain = hall(tmp_path, "2025-01-07,09:00,12:00,window,2,")
    encoded = "日期,开始,结束,窗口组,人数\n2025年1月7日,9:00,12:00,window,2\n".encode("gb18030")
    (tmp_path / "cn.csv").write_bytes(encoded)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["date", "from", "to", "group", "clerks"])
    sheet.append([datetime(2025, 1, 7), time(9), time(12), "window", 2])
    content = io.BytesIO()
    book.save(content)
    (tmp_path / "book.xlsx").write_bytes(content.getvalue())
    for file in ("cn.csv", "book.xlsx"):
        other = load_scenario(written(tmp_path, file=file))
        assert other.hash == plain.hash, file
    assert plain.hash != hall(tmp_path, "2025-01-07,09:00,12:00,window,3,").hash


def test_it_travels_with_the_scenario(tmp_path: Path) -> None:
    scenario = hall(
        tmp_path, "2025-01-07,09:00,12:00,window,2,", "2025-01-08,09:00,12:00,window,,An"
    )
    again = Scenario.model_validate_json(scenario.model_dump_json(exclude_unset=True), strict=False)
    assert again.layouts[0].clerks_file == scenario.layouts[0].clerks_file
    (tmp_path / "there").mkdir()
    write_scenario(scenario, tmp_path / "there" / "saved.yaml", load_text("en"))
    assert load_scenario(tmp_path / "there" / "saved.yaml").hash == scenario.hash


@pytest.mark.parametrize(
    ("code", "row"),
    [
        ("clerks_date", "2025-02-30,09:00,12:00,window,2,"),
        ("clerks_date", ",09:00,12:00,window,2,"),
        ("clerks_clock", "2025-01-07,25:00,26:00,window,2,"),
        ("clerks_order", "2025-01-07,12:00,09:00,window,2,"),
        ("clerks_no_group", "2025-01-07,09:00,12:00,,2,"),
        ("clerks_number", "2025-01-07,09:00,12:00,window,2.5,"),
        ("clerks_number", "2025-01-07,09:00,12:00,window,-1,"),
        ("clerks_or_clerk", "2025-01-07,09:00,12:00,window,,"),
        ("clerks_or_clerk", "2025-01-07,09:00,12:00,window,2,An"),
        ("clerks_overlap", "2025-01-08,11:59,12:30,window,2,"),
        ("clerk_twice", "2025-01-09,10:00,11:00,window,,An"),
        ("clerks_unknown_group", "2025-01-07,09:00,12:00,windov,2,"),
        ("clerks_elsewhere", "2025-01-07,09:00,12:00,office,2,"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, code: str, row: str) -> None:
    good = ("2025-01-08,09:00,12:00,window,2,", "2025-01-09,09:00,12:00,window,,An")
    assert hall(tmp_path, *good)
    with pytest.raises(ScenarioError) as caught:
        hall(tmp_path, *good, row)
    problems = [problem for problem in caught.value.problems if problem.severity == "error"]
    assert {problem.code for problem in problems} == {code}
    assert all(dict(problem.values)["rows"].startswith("4") for problem in problems)
    for language in LANGUAGES:
        assert all(problem.sentence(load_text(language)) for problem in problems)


def test_many_wrong_rows_are_counted_and_ten_are_named(tmp_path: Path) -> None:
    rows = ["2025-01-07,09:00,12:00,window,many,"] * 15
    with pytest.raises(ScenarioError) as caught:
        hall(tmp_path, *rows)
    [problem] = caught.value.problems
    assert (problem.found, problem.line) == ("15", 2)
    assert dict(problem.values)["rows"].count("many") == 10


def test_rows_that_do_nothing_are_warned_of(tmp_path: Path) -> None:
    (tmp_path / "clerks.csv").write_text(
        f"{HEAD}\n2026-01-07,09:00,12:00,window,1,\n2025-01-07,08:00,17:00,window,1,\n"
    )
    _, warnings = read_scenario(written(tmp_path))
    assert {"clerks_outside_run", "clerks_when_shut"} <= {warning.code for warning in warnings}


def test_what_would_rewrite_it_is_refused(tmp_path: Path) -> None:
    scenario = hall(tmp_path, "2025-01-07,09:00,12:00,window,2,")
    with pytest.raises(ScenarioError) as caught:
        with_clerks(scenario, "hall", 3)
    assert [problem.code for problem in caught.value.problems] == ["roster_in_table"]
    with pytest.raises(OptionError) as refused:
        posts_of(scenario, scenario.layout("hall"), day_kinds(scenario))
    assert [problem.code for problem in refused.value.problems] == ["roster_in_table"]


def test_a_text_has_no_table_beside_it(tmp_path: Path) -> None:
    hall(tmp_path, "2025-01-07,09:00,12:00,window,2,")
    with pytest.raises(ScenarioError) as caught:
        scenario_from_text((tmp_path / "hall.yaml").read_text(encoding="utf-8"))
    assert "clerks_file_unavailable" in {problem.code for problem in caught.value.problems}


def test_a_table_needs_its_columns(tmp_path: Path) -> None:
    (tmp_path / "few.csv").write_text("date,from,to,group\n2025-01-07,09:00,12:00,window\n")
    with pytest.raises(ScenarioError) as caught:
        read_clerks(tmp_path / "few.csv", [])
    assert [problem.code for problem in caught.value.problems] == ["table_columns"]
