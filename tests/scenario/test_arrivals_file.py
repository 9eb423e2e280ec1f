"""Tables of replayed arrivals: every usual way to write one, and whatever can be wrong with one."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pytest
from openpyxl import Workbook
from pyarrow import parquet

from sim.clock import DAY, HOUR, MINUTE
from sim.errors import Problem, ScenarioError
from sim.scenario import tables
from sim.scenario.arrival_rows import ArrivalRows
from sim.scenario.edit import with_overrides
from sim.scenario.load import (
    load_scenario,
    read_scenario,
    scenario_from_text,
    tree_of,
    validate_tree,
)
from sim.scenario.scenario import Scenario
from sim.storage.arrivals_table import arrivals_csv
from sim.storage.codec import read_plain, to_plain
from sim.storage.keep import read_scenario_text, scenario_text
from sim.text import LANGUAGES, load_text
from sim.web.change import Change, Source, made
from tests.scenario.town import only
from tests.strategies import MONDAY, errand, small

TEXTS: Final = tuple(load_text(language) for language in LANGUAGES)
HALL: Final = small(
    matters=f"[{errand('10 min')}, {errand('4 min', id_='other')}]",
    layouts=(
        "[{id: hall, name: {zh: 厅, en: Hall},"
        " windows: [{id: window, serves: [errand, other], clerks: 1}]}]"
    ),
    applicants=(
        "{classes: [{id: first, name: {zh: 一, en: First}}, {id: second, name: {zh: 二, en: S}}],"
        " townships: [{id: east, name: {zh: 东, en: East}, county: c, population: 1}]}"
    ),
    demand="[{id: log, matter: errand, classes: {first: 1}, arrivals_file: log.csv}]",
)
HEAD: Final = "instant,matter,class,township,booked_for,service_minutes"
LINES: Final = (
    HEAD,
    f"{MONDAY} 09:00,errand,first,east,{MONDAY} 09:00,5",
    f"{MONDAY} 09:05:30,other,second,,,",
    f"{MONDAY} 10:10,,,,{MONDAY} 10:30,2.5",
)
LOG: Final = "\n".join(LINES) + "\n"


SAME: Final = "replay_same_arrivals"
"""Said of each of these halls, to which nobody comes but by the table."""


def read(folder: Path, log: str | bytes = LOG, name: str = "log.csv", text: str = HALL) -> Scenario:
    return read_with_warnings(folder, log, name, text)[0]


def read_with_warnings(
    folder: Path, log: str | bytes = LOG, name: str = "log.csv", text: str = HALL
) -> tuple[Scenario, tuple[Problem, ...]]:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(log if isinstance(log, bytes) else log.encode())
    path = folder / "hall.yaml"
    path.write_text(text.replace("log.csv", name), encoding="utf-8")
    scenario, problems = read_scenario(path)
    return scenario, tuple(p for p in problems if p.code not in {"no_source", SAME})


def wrong(folder: Path, log: str | bytes = LOG, name: str = "log.csv") -> tuple[Problem, ...]:
    """What is wrong; it can be told in both languages."""
    with pytest.raises(ScenarioError) as caught:
        read(folder, log, name)
    assert all(problem.sentence(text) for problem in caught.value.problems for text in TEXTS)
    return caught.value.problems


def rows_of(scenario: Scenario) -> ArrivalRows:
    rows = scenario.demand[0].arrivals_file
    assert rows is not None
    return rows


def row(old: str, new: str) -> str:
    assert old in LOG
    return LOG.replace(old, new)


# === ways to write it === #


def test_what_it_says(tmp_path: Path) -> None:
    rows = rows_of(read(tmp_path))
    assert (rows.instants % DAY / MINUTE).tolist() == [540, 545.5, 610]
    assert (rows.matters, rows.matter.tolist()) == (("errand", "other"), [0, 1, -1])
    assert (rows.classes, rows.class_.tolist()) == (("first", "second"), [0, 1, -1])
    assert (rows.townships, rows.township.tolist()) == (("east",), [0, -1, -1])
    assert (rows.booked_for[[0, 2]] % DAY / MINUTE).tolist() == [540, 630]
    assert rows.service.tolist() == [5 * MINUTE, -1, 2.5 * MINUTE]


def cells() -> list[list[Any]]:
    """The table as a sheet has it: instants and numbers, not texts."""
    parsed: list[list[Any]] = [line.split(",") for line in LINES]
    for cell_row in parsed[1:]:
        for at in (0, 4):
            cell_row[at] = datetime.fromisoformat(cell_row[at]) if cell_row[at] else None
        cell_row[5] = float(cell_row[5]) if cell_row[5] else None
        cell_row[1:4] = [cell or None for cell in cell_row[1:4]]
    return parsed


def workbook(rows: list[list[Any]]) -> bytes:
    book = Workbook()
    for values in rows:
        book.active.append(values)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def written_row_by_row(rows: list[list[Any]]) -> bytes:
    """As programs write large ones: blank cells behind the last one of a row are missing."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for values in rows:
        filled = [n for n, cell in enumerate(values) if cell is not None]
        sheet.append(values[: filled[-1] + 1])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def parquet_file(columns: dict[str, Any] | None = None) -> bytes:
    if columns is None:
        head, *body = cells()
        columns = {name: [values[at] for values in body] for at, name in enumerate(head)}
    content = io.BytesIO()
    parquet.write_table(pa.table(columns), content)
    return content.getvalue()


CHINESE: Final = "到达时刻,事项,优先类别,乡镇,预约时刻,办理分钟"
WAYS: Final[dict[str, tuple[str, str | bytes]]] = {
    "a mark at the start": ("log.csv", LOG.encode("utf-8-sig")),
    "UTF-16": ("log.csv", LOG.encode("utf-16")),
    "lines of Windows": ("log.csv", LOG.replace("\n", "\r\n")),
    "blank lines": ("log.csv", LOG.replace("\n", "\n\n")),
    "no line at the end": ("log.csv", LOG.rstrip("\n")),
    "semicolons": ("log.csv", LOG.replace(",", ";")),
    "tabs": ("log.tsv", LOG.replace(",", "\t")),
    "Chinese headings": ("log.csv", LOG.replace(HEAD, CHINESE)),
    "GB18030": ("log.csv", LOG.replace(HEAD, CHINESE).encode("gb18030")),
    "headings in other letters": ("log.csv", LOG.replace("instant", "Arrived at")),
    "in quotes": ("log.csv", LOG.replace("errand", '"errand"').replace("2.5", '"2.5"')),
    "another order": ("log.csv", "\n".join(",".join(reversed(r.split(","))) for r in LINES)),
    "blanks around": ("log.csv", LOG.replace(",", " , ")),
    "seconds": (
        "log.csv",
        LOG.replace("minutes", "seconds").replace(",5\n", ",300\n").replace("2.5", "150"),
    ),
    "slashes": ("log.csv", LOG.replace(MONDAY, "2025/1/6").replace(" 09:0", " 9:0")),
    "Chinese dates": (
        "log.csv",
        LOG.replace(MONDAY, "2025年1月6日").replace(" 10:10,", " 10时10分,"),
    ),
    "T between": ("log.csv", LOG.replace(f"{MONDAY} ", f"{MONDAY}T")),
    "a workbook": ("log.xlsx", workbook(cells())),
    "a workbook row by row": ("log.xlsx", written_row_by_row(cells())),
    "a workbook of texts": ("log.xlsx", workbook([line.split(",") for line in LINES])),
    "Parquet": ("log.parquet", parquet_file()),
    "Parquet of texts": (
        "log.parquet",
        parquet_file(
            {n: list(c) for n, *c in zip(*[line.split(",") for line in LINES], strict=True)}
        ),
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_however_it_is_written_it_is_one_scenario(way: str, tmp_path: Path) -> None:
    """CSV, workbook and Parquet of the same rows: one content, one hash, and nothing to warn of."""
    name, log = WAYS[way]
    usual = read(tmp_path)
    other, warnings = read_with_warnings(tmp_path / "other", log, name)
    assert [problem.code for problem in warnings if problem.code != "read_in_encoding"] == []
    assert rows_of(other).sha256 == rows_of(usual).sha256
    assert (other.hash, other) == (usual.hash, usual)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    """To the tick, also what no minute holds."""
    rows = ArrivalRows(
        [20_094 * DAY + 1, 20_094 * DAY + 9 * HOUR + 123],
        matters=("other",),
        matter=[-1, 0],
        booked_for=[20_094 * DAY, 20_094 * DAY + 8 * HOUR],
        service=[333, -1],
    )
    assert rows_of(read(tmp_path, arrivals_csv(rows))) == rows


def test_its_rows_count_and_not_its_name(tmp_path: Path) -> None:
    usual = read(tmp_path)
    assert read(tmp_path / "b", name="tickets.csv").hash == usual.hash
    for old, new in ((",5\n", ",6\n"), (",second,", ",,"), ("09:05:30", "09:05:31")):
        assert read(tmp_path / "c", row(old, new)).hash != usual.hash


# === where a scenario travels === #


def _through_text(scenario: Scenario, folder: Path) -> Scenario:
    path = folder / "scenario.json"
    path.write_text(scenario_text(scenario), encoding="utf-8")
    return read_scenario_text(path)


def _through_codec(scenario: Scenario, _: Path) -> Scenario:
    return read_plain(Scenario, json.loads(json.dumps(to_plain(scenario))))


JOURNEYS: Final[dict[str, Callable[[Scenario, Path], Scenario]]] = {
    "a job, a worker, the store": _through_text,
    "a saved answer": _through_codec,
    "an edit": lambda scenario, _: validate_tree(tree_of(scenario))[0],
    "a lever": lambda scenario, _: with_overrides(scenario, ["run.seed=1"]),
}


@pytest.mark.parametrize("journey", JOURNEYS)
def test_its_rows_travel_with_it(journey: str, tmp_path: Path) -> None:
    """All of them, whatever becomes of the file meanwhile."""
    scenario = read(tmp_path)
    (tmp_path / "log.csv").unlink()
    arrived = JOURNEYS[journey](scenario, tmp_path)
    assert rows_of(arrived) == rows_of(scenario)
    assert arrived.hash == scenario.hash


def test_rows_that_were_changed_on_the_way_are_refused(tmp_path: Path) -> None:
    """By their digest: no result is of other rows than its scenario says."""
    data = to_plain(read(tmp_path))
    packed = data["demand"][0]["arrivals_file"]
    for key, value in (("sha256", "0" * 64), ("rows", 2), ("packed", "x"), ("matters", ["b", "a"])):
        changed = {
            **data,
            "demand": [{**data["demand"][0], "arrivals_file": {**packed, key: value}}],
        }
        with pytest.raises(ValueError, match="validation error"):
            read_plain(Scenario, json.loads(json.dumps(changed)))


def test_beside_a_text_there_is_no_table(tmp_path: Path) -> None:
    """Text alone, an upload, or an override: told once, and nothing is read."""
    read(tmp_path)
    with pytest.raises(ScenarioError) as caught:
        scenario_from_text(HALL)
    uploaded = made(Change(Source("hall.yaml", HALL)))
    with pytest.raises(ScenarioError) as overridden:
        load_scenario(tmp_path / "hall.yaml", ["demand.log.arrivals_file=log.csv"])
    refusals = (caught.value.problems, overridden.value.problems, uploaded.problems)
    codes = ("arrivals_file_unavailable", "arrivals_file_unavailable", "table_not_brought")
    for problem, code in zip(map(only, refusals), codes, strict=True):
        assert (problem.code, problem.found) == (code, "log.csv")
        assert all(problem.sentence(text) for text in TEXTS)


def test_a_file_above_may_name_another_table(tmp_path: Path) -> None:
    read(tmp_path)
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "own.csv").write_text("\n".join(LINES[:2]), encoding="utf-8")
    above = folder / "new.yaml"
    above.write_text("extends: ../hall.yaml\ndemand: [{id: log, arrivals_file: own.csv}]\n")
    assert len(rows_of(load_scenario(above))) == 1


# === what can be wrong === #

MISTAKES: Final = {
    "no instant": ("09:05:30", "25:05:30", "arrivals_instant", "instant", 3),
    "a day that is none": (f"{MONDAY} 10:10", "2025-02-30 10:10", "arrivals_instant", "instant", 4),
    "a date alone": (f"{MONDAY} 10:10", MONDAY, "arrivals_instant", "instant", 4),
    "an hour alone": (f"{MONDAY} 10:10", f"{MONDAY} 10", "arrivals_instant", "instant", 4),
    "a time zone": (f"{MONDAY} 10:10", f"{MONDAY} 10:10+08:00", "arrivals_instant", "instant", 4),
    "the month first": (f"{MONDAY} 10:10", "06/01/2025 10:10", "arrivals_instant", "instant", 4),
    "two signs": (f"{MONDAY} 10:10", "2025-01/06 10:10", "arrivals_instant", "instant", 4),
    "another form": (f"{MONDAY} 10:10", "2025/01/06 10:10", "arrivals_form", "instant", 4),
    "a blank instant": (f"{MONDAY} 10:10", " ", "arrivals_no_instant", "instant", 4),
    "booked for nothing": (f"{MONDAY} 10:30", "later", "arrivals_instant", "booked_for", 4),
    "another day": (f"{MONDAY} 10:30", "2025-01-07 10:30", "arrivals_booked_day", "booked_for", 4),
    "no service": (",2.5", ",2 min", "arrivals_service", "service_minutes", 4),
    "a negative service": (",2.5", ",-2.5", "arrivals_service", "service_minutes", 4),
    "a service without end": (",2.5", ",inf", "arrivals_service", "service_minutes", 4),
    "a service of days": (",2.5", ",1441", "arrivals_service", "service_minutes", 4),
    "a cell more": (",2.5", ",2.5,", "table_row", "", 4),
    "a cell less": (",2.5", "", "table_row", "", 4),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_wrong_row_is_told_at_its_line(name: str, tmp_path: Path) -> None:
    old, new, code, column, line = MISTAKES[name]
    problem = only(wrong(tmp_path, row(old, new)))
    assert (problem.code, problem.path, problem.found) == (code, column, "1")
    assert (problem.file, problem.line) == (str(tmp_path / "log.csv"), line)
    assert dict(problem.values)["rows"].startswith(f"{line}: ")


def test_wrong_cells_of_a_sheet_are_told_by_their_names(tmp_path: Path) -> None:
    """A column in which a date became a text half-way, as spreadsheets make it."""
    sheet = cells()
    sheet[3][0], sheet[2][5] = "13/1/2025 10:10", "a while"
    by_code = {problem.code: problem for problem in wrong(tmp_path, workbook(sheet), "log.xlsx")}
    assert dict(by_code["arrivals_instant"].values)["rows"] == "A4: 13/1/2025 10:10"
    assert dict(by_code["arrivals_service"].values)["rows"] == "F3: a while"


@pytest.mark.parametrize("write", [workbook, written_row_by_row])
def test_cells_beside_the_headings_of_a_sheet_are_told(
    write: Callable[[list[list[Any]]], bytes], tmp_path: Path
) -> None:
    """A remark to the right of the table belongs to no column; blank cells are not told of."""
    sheet = cells()
    sheet[2] += [None, "came back"]
    sheet[3] += [None, None, None]
    scenario, warnings = read_with_warnings(tmp_path, write(sheet), "log.xlsx")
    assert (only(warnings).code, only(warnings).found) == ("table_left_aside", "—, —")
    assert scenario.hash == read(tmp_path / "b").hash


def test_wrong_rows_of_parquet_are_counted(tmp_path: Path) -> None:
    came = [datetime(2025, 1, 6, 9), None]
    problem = only(wrong(tmp_path, parquet_file({"instant": came}), "log.parquet"))
    assert (problem.code, problem.line) == ("arrivals_no_instant", 2)
    zoned = pa.array([datetime(2025, 1, 6, 9)], pa.timestamp("s", "Asia/Shanghai"))
    for column in (zoned, pa.array([1_736_000_000]), pa.array([True])):
        problem = only(wrong(tmp_path, parquet_file({"instant": column}), "log.parquet"))
        assert problem.code == "arrivals_instant"


def test_the_first_ten_are_shown_and_all_are_counted(tmp_path: Path) -> None:
    """One sentence a kind, however many rows have it; lines count blank ones too."""
    log = HEAD + "\n\n" + "".join(f"{MONDAY} 9h{n:02d},,,,,\n" for n in range(25)) + LINES[1]
    problem = only(wrong(tmp_path, log))
    assert (problem.found, dict(problem.values)["all"], problem.line) == ("25", "26", 3)
    rows = dict(problem.values)["rows"]
    assert rows.count(";") == 10
    assert rows.endswith(f"12: {MONDAY} 9h09; …")


UNKNOWN: Final = {
    "matter": ("other", "otter", "errand, other"),
    "class": ("second", "sekond", "first, second"),
    "township": ("east", "eats", "east"),
}


@pytest.mark.parametrize("column", UNKNOWN)
def test_unknown_ids_are_told_with_their_rows(column: str, tmp_path: Path) -> None:
    old, new, allowed = UNKNOWN[column]
    problem = only(wrong(tmp_path, row(f",{old},", f",{new},")))
    line = 2 if column == "township" else 3
    values = dict(problem.values)
    assert (problem.code, problem.found, problem.allowed) == ("arrivals_unknown", "1", allowed)
    assert (values["column"], values["ids"]) == (column, f"{new} × 1 ({line})")
    assert values["nearest"] == old
    assert problem.path == "demand[log].arrivals_file"


def test_rows_out_of_order_are_sorted_and_said_once(tmp_path: Path) -> None:
    log = "\n".join((HEAD, LINES[3], LINES[1], LINES[2]))
    scenario, warnings = read_with_warnings(tmp_path, log)
    problem = only(warnings)
    assert (problem.code, problem.found, problem.line) == ("arrivals_sorted", "2", 3)
    assert scenario.hash == read(tmp_path / "sorted").hash


def test_rows_that_are_one_another_stay_and_are_counted(tmp_path: Path) -> None:
    scenario, warnings = read_with_warnings(tmp_path, LOG + LINES[3] + "\n" + LINES[3])
    problem = only(warnings)
    assert (problem.code, problem.found, problem.line) == ("arrivals_doubled", "2", 5)
    assert len(rows_of(scenario)) == 5


def test_rows_beyond_the_run_and_at_a_closed_door_are_counted(tmp_path: Path) -> None:
    """Before it, behind it; after closing and on a closed day; before the opening."""
    odd = ("2025-01-03 09:00", f"{MONDAY} 07:00", f"{MONDAY} 23:59", "2025-01-07 09:00")
    log = "\n".join((LINES[0], *(f"{clock},,,,," for clock in odd), LINES[1]))
    _, warnings = read_with_warnings(tmp_path, log)
    replayed = {p.code: (p.found, dict(p.values)["rows"]) for p in warnings if "replay" in p.code}
    assert replayed == {
        "replay_outside_run": ("2", "2; 5"),
        "replay_turned_away": ("1", "4"),
        "replay_at_door": ("1", "3"),
    }
    assert all(problem.sentence(text_) for problem in warnings for text_ in TEXTS)


def test_columns_of_other_things_are_named_and_left_aside(tmp_path: Path) -> None:
    log = "\n".join(f"{line},{extra}" for line, extra in zip(LINES, "qabc", strict=True))
    scenario, warnings = read_with_warnings(tmp_path, log)
    assert (only(warnings).code, only(warnings).found) == ("table_left_aside", "q")
    assert scenario.hash == read(tmp_path / "b").hash


NO_TABLES: Final[dict[str, tuple[str, str | bytes, str]]] = {
    "nothing": ("log.csv", "", "table_empty"),
    "headings alone": ("log.csv", HEAD, "table_empty"),
    "no headings": ("log.csv", "\n".join(LINES[1:]), "table_columns"),
    "other headings": ("log.csv", "when,what\n1,2\n", "table_columns"),
    "a column twice": ("log.csv", "instant,到达时刻\n1,2\n", "table_column_twice"),
    "two units": ("log.csv", "instant,service_minutes,办理秒数\n1,2,3\n", "table_column_twice"),
    "a cell over two lines": ("log.csv", LOG.replace("errand", '"err\nand"'), "table_line_break"),
    "quotes without end": ("log.csv", LOG.replace("errand", '"errand'), "table_line_break"),
    "Latin": ("log.csv", LOG.replace("errand", "déçu").encode("latin-1"), "not_utf8"),
    "a null": ("log.csv", LOG.replace("errand", "\0"), "table_unreadable"),
    "no workbook": ("log.xlsx", LOG, "table_unreadable"),
    "no Parquet": ("log.parquet", LOG, "table_unreadable"),
    "a workbook cut off": ("log.xlsx", workbook(cells())[:800], "table_unreadable"),
    "Parquet cut off": ("log.parquet", parquet_file()[:200], "table_unreadable"),
    "an empty sheet": ("log.xlsx", workbook([]), "table_columns"),
    "Parquet without rows": (
        "log.parquet",
        parquet_file({"instant": pa.array([], pa.string())}),
        "table_empty",
    ),
}


@pytest.mark.parametrize("name", NO_TABLES)
def test_no_table(name: str, tmp_path: Path) -> None:
    file, log, code = NO_TABLES[name]
    assert only(wrong(tmp_path, log, file)).code == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("none.csv", "missing_file"),
        (".", "not_a_file"),
        ("5", "wrong_type"),
        ("[log.csv]", "wrong_type"),
        ("{file: log.csv}", "arrivals_damaged"),
    ],
)
def test_a_table_that_cannot_be_had(name: str, code: str, tmp_path: Path) -> None:
    """It is the line that names it which must be mended."""
    path = tmp_path / "hall.yaml"
    text = HALL.replace("log.csv", name)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    problem = only(caught.value.problems)
    assert (problem.code, problem.path) == (code, "demand[log].arrivals_file")
    assert (problem.file, problem.line) == (
        str(path),
        text[: text.index("arrivals_file")].count("\n") + 1,
    )
    assert all(problem.sentence(words) for words in TEXTS)


def _limits() -> Iterator[tuple[str, int, str, str | bytes, str]]:
    yield "MOST_ROWS", 2, "log.csv", LOG, "table_too_many_rows"
    yield "MOST_ROWS", 2, "log.parquet", parquet_file(), "table_too_many_rows"
    yield "MOST_SHEET_ROWS", 2, "log.xlsx", workbook(cells()), "table_too_many_rows"
    yield "MOST_BYTES", 100, "log.csv", LOG, "too_large_file"


@pytest.mark.parametrize(("limit", "most", "name", "log", "code"), [*_limits()])
def test_limits_are_told(
    limit: str,
    most: int,
    name: str,
    log: str | bytes,
    code: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tables, limit, most)
    problem = only(wrong(tmp_path, log, name))
    assert problem.code == code
    if code == "table_too_many_rows":
        assert (problem.found, problem.allowed) == ("3", "≤ 2")


def test_ten_million_rows_are_refused_before_they_are_parsed(tmp_path: Path) -> None:
    """The count of lines is enough."""
    log = b"instant\n" + b"x\n" * 10_000_000
    problem = only(wrong(tmp_path, log))
    assert (problem.code, problem.found) == ("table_too_many_rows", "10,000,000")
    assert problem.allowed == "≤ 4,000,000"


def test_who_has_no_table_waits_for_no_reader_of_tables() -> None:
    """Arrow takes a third of a second to import: a scenario without a table is read without."""
    program = "import sys, sim.scenario.load; sys.exit('pyarrow' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)


# === what else a scenario says of it === #


def test_its_instants_cannot_be_scaled(tmp_path: Path) -> None:
    text = HALL.replace("applicants: {", "applicants: {volume_factor: 2, ")
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, text=text)
    assert only(caught.value.problems).code == "given_not_scaled"


def test_one_way_to_say_how_many(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, text=HALL.replace("arrivals_file:", "per_day: 9, arrivals_file:"))
    assert only(caught.value.problems).code == "one_amount"


def test_intervals_are_said_to_be_of_what_is_drawn(tmp_path: Path) -> None:
    """Where nobody comes but by tables; a flow beside them is another crowd each time."""
    read(tmp_path)
    same = only(tuple(p for p in read_scenario(tmp_path / "hall.yaml")[1] if p.code == SAME))
    assert (same.found, dict(same.values)["share"]) == ("log.csv", "67%")
    flow = "{id: others, matter: other, per_day: 3, classes: {second: 1}}"
    read(tmp_path, text=HALL.replace("demand: [", f"demand: [{flow}, "))
    assert SAME not in {problem.code for problem in read_scenario(tmp_path / "hall.yaml")[1]}


def test_matters_and_classes_of_rows_come(tmp_path: Path) -> None:
    """No warning that nobody asks for them; without their rows it is told."""
    assert read_with_warnings(tmp_path)[1] == ()
    few = "\n".join((HEAD, f"{MONDAY} 09:00,errand,first,east,,"))
    codes = {problem.code for problem in read_with_warnings(tmp_path, few)[1]}
    assert codes == {"nobody_asks", "class_never_comes"}


def test_a_line_of_the_table_is_no_number_without_a_source(tmp_path: Path) -> None:
    """Rows are data: `check` does not list them among the numbers of the scenario."""
    path = tmp_path / "hall.yaml"
    read(tmp_path)
    paths = [problem.path for problem in read_scenario(path)[1] if problem.code == "no_source"]
    assert not any("arrivals_file" in place for place in paths)


def test_columns_that_are_left_out_are_blank() -> None:
    rows = ArrivalRows([1, 2])
    assert np.unique(rows.matter).tolist() == [-1]
    assert (rows.matters, rows.places) == ((), None)
