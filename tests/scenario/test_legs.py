"""A table of measured ways: the same as ways that are written, and each mistake at its line."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from sim.clock import MINUTE
from sim.errors import Problem, ScenarioError
from sim.scenario import legs
from sim.scenario.load import (
    load_scenario,
    read_scenario,
    scenario_from_text,
    tree_of,
    validate_tree,
)
from sim.scenario.scenario import Scenario
from sim.text import load_text
from sim.web.change import Change, Source, made
from tests.scenario.test_places import AREA, LEGS
from tests.scenario.town import only

TEXTS: Final = [load_text(language) for language in ("en", "zh")]
MEASURED: Final = "    legs:\n      - {township: ridge, place: city, takes: 3 h, km: 140}\n"
MATRIX: Final = "  travel:\n    rule: matrix\n"
NAMED: Final = AREA.replace("  travel:\n", MATRIX).replace(MEASURED, "    legs_file: ways.csv\n")
TO_POINT: Final = "\n".join(
    f"      - {{township: {town}, place: point, takes: 1 h, km: 30}}"
    for town in ("seat", "brook", "ridge", "port")
)
WRITTEN: Final = AREA.replace("  travel:\n", MATRIX).replace(
    MEASURED, f"{MEASURED}{LEGS}\n{TO_POINT}\n"
)
ROWS: Final = (
    "ridge,city,180,140",
    *(f"{town},city,60,30" for town in ("seat", "brook", "port")),
    *(f"{town},county,60,30" for town in ("seat", "brook", "ridge")),
    *(f"{town},point,60,30" for town in ("seat", "brook", "ridge", "port")),
)
HEADER: Final = "township,place,minutes,km"
TABLE: Final = "\n".join((HEADER, *ROWS))


def read(folder: Path, table: str | bytes = TABLE, text: str = NAMED) -> Scenario:
    """A scenario beside its table; warnings are errors."""
    (folder / "ways.csv").write_bytes(table if isinstance(table, bytes) else table.encode())
    (folder / "area.yaml").write_text(text, encoding="utf-8")
    scenario, warnings = read_scenario(folder / "area.yaml")
    assert warnings == ()
    return scenario


def wrong(folder: Path, table: str | bytes, text: str = NAMED) -> tuple[Problem, ...]:
    """What is wrong, with a sentence in both languages for each."""
    with pytest.raises(ScenarioError) as caught:
        read(folder, table, text)
    for problem in caught.value.problems:
        assert all(problem.sentence(text) for text in TEXTS)
    return caught.value.problems


def test_it_is_what_is_written_in_full(tmp_path: Path) -> None:
    """The same scenario by its hash: a table is a way to write legs, and no part of it."""
    with_table, written = read(tmp_path), scenario_from_text(WRITTEN)
    assert with_table == written
    assert with_table.hash == written.hash
    assert validate_tree(tree_of(with_table))[0] == with_table


def test_its_contents_count_and_not_its_name(tmp_path: Path) -> None:
    usual = read(tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "table.csv").write_text(TABLE, encoding="utf-8")
    moved = NAMED.replace("ways.csv", "other/table.csv")
    assert read(tmp_path, TABLE, moved).hash == usual.hash
    longer = TABLE.replace("seat,city,60", "seat,city,61")
    assert read(tmp_path, longer).hash != usual.hash


@pytest.mark.parametrize(
    "table",
    [
        TABLE.encode("utf-8-sig"),
        TABLE.replace("\n", "\r\n"),
        f"{TABLE}\n\n , \n",
        TABLE.replace(",", " , "),
        TABLE.replace("city", '"city"'),
        TABLE.replace("180", "180.0").replace(",30", ",3.0e1"),
        "\n".join(",".join(reversed(row.split(","))) for row in (HEADER, *ROWS)),
    ],
)
def test_however_a_sheet_writes_it(table: str | bytes, tmp_path: Path) -> None:
    assert read(tmp_path, table).hash == scenario_from_text(WRITTEN).hash


def test_what_is_written_comes_behind_the_rows(tmp_path: Path) -> None:
    """A table of all but one way, and that one by hand."""
    both = NAMED.replace("    legs_file: ways.csv\n", f"    legs_file: ways.csv\n{MEASURED}")
    scenario = read(tmp_path, "\n".join((HEADER, *ROWS[1:])), both)
    assert scenario.places is not None
    assert len(scenario.places.travel.legs) == len(ROWS)
    last = scenario.places.travel.legs[-1]
    assert (last.township, last.takes) == ("ridge", 180 * MINUTE)


def test_a_file_above_may_name_another_table(tmp_path: Path) -> None:
    """From the folder of the file that names it; its rows replace those below, as lists do."""
    read(tmp_path)
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "own.csv").write_text(TABLE.replace(",60,", ",45,"), encoding="utf-8")
    same, new = folder / "same.yaml", folder / "new.yaml"
    same.write_text("extends: ../area.yaml\nrun: {seed: 8}\n")
    new.write_text("extends: ../area.yaml\nplaces: {travel: {legs_file: own.csv}}\n")
    takes = [
        [leg.takes // MINUTE for leg in scenario.places.travel.legs]
        for path in (same, new)
        if (scenario := load_scenario(path)).places is not None
    ]
    assert takes == [[180, *[60] * 10], [180, *[45] * 10]]


MISTAKES: Final = {
    "no number": ("seat,city,60,30", "seat,city,1 h,30", "not_a_number", "minutes", "1 h"),
    "no length": ("seat,city,60,30", "seat,city,60,#REF!", "not_a_number", "km", "#REF!"),
    "endless": ("seat,city,60,30", f"seat,city,60,{'9' * 400}", "not_a_number", "km", "9" * 400),
    "empty": ("seat,city,60,30", "seat,city,,30", "legs_cell", "minutes", ""),
    "a comma more": ("seat,city,60,30", "seat,city,1,200,30", "legs_row", "", "5"),
    "a cell less": ("seat,city,60,30", "seat,city,60", "legs_row", "", "3"),
    "below zero": ("seat,city,60,30", "seat,city,-60,30", "negative", "[1].takes", "-1 h"),
    "no length at all": ("seat,city,60,30", "seat,city,60,-3", "negative", "[1].km", "-3.0"),
    "too far": ("seat,city,60,30", "seat,city,60,6000", "outside_range", "[1].km", "6000.0"),
    "no id": ("seat,city,60,30", "Seat,city,60,30", "wrong_id", "[1].township", "Seat"),
    "unknown township": ("seat,city", "seta,city", "unknown_township", "[1].township", "seta"),
    "unknown place": ("seat,city", "seat,cty", "unknown_place", "[1].place", "cty"),
    "twice": ("seat,city,60,30", "ridge,city,60,30", "duplicate_leg", "[1]", "ridge → city"),
}


@pytest.mark.parametrize("name", MISTAKES)
@pytest.mark.parametrize("rule", ["matrix", "straight_line"])
def test_a_wrong_row_is_told_at_its_line(name: str, rule: str, tmp_path: Path) -> None:
    old, new, code, path, cell = MISTAKES[name]
    text = NAMED.replace("rule: matrix", f"rule: {rule}")
    problems = wrong(tmp_path, TABLE.replace(old, new), text)
    if rule == "matrix":  # … and the way that is now nobody's is missing
        problems = tuple(problem_ for problem_ in problems if problem_.code != "missing_leg")
    problem = only(problems)
    assert (problem.code, problem.found) == (code, cell)
    assert (problem.file, problem.line) == (str(tmp_path / "ways.csv"), 3)
    assert problem.path in {path, f"places.travel.legs{path}"}


def test_wrong_numbers_do_not_make_ways_missing(tmp_path: Path) -> None:
    """All at once: each wrong row and the rest of the scenario, nothing that follows from them."""
    table = TABLE.replace("seat,city,60", "seat,city,far").replace("port,city,60,30", "port,city,9")
    text = NAMED.replace("value_of_time_yuan_per_h: 11", "value_of_time_yuan_per_h: -11")
    codes = [
        (problem.code, Path(problem.file).name, problem.line)
        for problem in wrong(tmp_path, table, text)
    ]
    line = text[: text.index("value_of_time")].count("\n") + 1
    assert codes == [
        ("negative", "area.yaml", line),
        ("not_a_number", "ways.csv", 3),
        ("legs_row", "ways.csv", 5),
    ]


def test_no_table_of_ways(tmp_path: Path) -> None:
    """Other columns, none, or a file that is no table at all."""
    for table in ("", "a,b\n1,2\n", TABLE.replace("km", "kilometres"), TABLE.replace(",", ";")):
        problem = only(wrong(tmp_path, table))
        assert (problem.code, problem.line) == ("legs_columns", 1)
    problem = only(wrong(tmp_path, TABLE.encode() + "\né".encode("latin-1")))
    assert (problem.code, problem.line, problem.file) == (
        "not_utf8",
        len(ROWS) + 2,
        str(tmp_path / "ways.csv"),
    )
    quoted = TABLE + '\n"' + "x" * 200_000
    assert only(wrong(tmp_path, quoted)).code == "legs_row"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("none.csv", "missing_file"),
        (".", "not_a_file"),
        ("5", "wrong_type"),
        ("[ways.csv]", "wrong_type"),
        ("''", "empty_text"),
    ],
)
def test_a_table_that_cannot_be_had(name: str, code: str, tmp_path: Path) -> None:
    """It is the line that names it which must be mended."""
    text = NAMED.replace("legs_file: ways.csv", f"legs_file: {name}")
    problem = only(wrong(tmp_path, TABLE, text))
    line = text[: text.index("legs_file")].count("\n") + 1
    assert (problem.code, problem.path) == (code, "places.travel.legs_file")
    assert (problem.file, problem.line) == (str(tmp_path / "area.yaml"), line)


def test_a_table_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legs, "MAX_TABLE_BYTES", 100)
    problem = only(wrong(tmp_path, TABLE))
    assert (problem.code, problem.path) == ("too_large_file", "places.travel.legs_file")
    assert "township" in problem.sentence(TEXTS[0])


def test_beside_a_text_there_is_no_table(tmp_path: Path) -> None:
    """Text alone, an upload, or an override: told once, and nothing is read."""
    read(tmp_path)
    with pytest.raises(ScenarioError) as caught:
        scenario_from_text(NAMED)
    uploaded = made(Change(Source("area.yaml", NAMED)))
    assert uploaded.scenario is None
    with pytest.raises(ScenarioError) as overridden:
        load_scenario(tmp_path / "area.yaml", ["places.travel.legs_file=ways.csv"])
    refusals = (caught.value.problems, overridden.value.problems, uploaded.problems)
    codes = ("table_unavailable", "table_unavailable", "table_not_brought")
    for problem, code in zip(map(only, refusals), codes, strict=True):
        assert (problem.code, problem.found) == (code, "ways.csv")
        assert all(problem.sentence(text) for text in TEXTS)


def test_where_places_are_no_mapping_nothing_is_read(tmp_path: Path) -> None:
    for places in ("5", "[{id: travel, legs_file: none.csv}]", "{travel: [legs_file]}"):
        path = tmp_path / "odd.yaml"
        path.write_text(AREA[: AREA.index("places:")] + f"places: {places}\n", encoding="utf-8")
        with pytest.raises(ScenarioError) as caught:
            load_scenario(path)
        assert "missing_file" not in {problem.code for problem in caught.value.problems}
