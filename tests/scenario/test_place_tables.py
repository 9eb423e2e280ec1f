"""Tables of townships and places: the same as written entries, each mistake at its line."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from openpyxl import Workbook

from sim.errors import Problem, ScenarioError
from sim.scenario.load import load_scenario, read_scenario, scenario_from_text
from sim.scenario.scenario import Scenario
from tests.scenario.test_places import AREA, PLACES, TOWNSHIPS
from tests.scenario.town import only

POINT: Final = """\
    - id: point
      market_days: {ends_in: [3, 8]}
      courier: {leaves: ["12:00"], takes: 2 h}
      forwards_to: county
      home_visits: {agents: 1, classes: [walk_in], within: 40 min}
"""
"""What the table of places has no column for."""
OPEN: Final = PLACES[PLACES.index("  open:\n") : PLACES.index("  travel:\n")]
NAMED: Final = AREA.replace(TOWNSHIPS, "  townships_file: towns.csv\n").replace(
    OPEN, f"  places_file: places.csv\n  open:\n{POINT}"
)
TOWNS: Final = (
    "编号,name_zh,name_en,县区,人口,经度,纬度,地形",
    "seat,城关镇,Seat,hills,900,111.0,34.0,",
    "brook,河口乡,Brook,hills,300,111.2,34.0,",
    "ridge,山梁乡,Ridge,hills,200,111.0,34.2,mountain",
    "port,码头镇,Port,plain,500,112.0,34.5,",
)
HALLS: Final = (
    "id,name_zh,name_en,kind,township,lon,lat,catchment,hours,clerks,accepts,yuan_per_year,开办费用（元）",
    "city,市厅,City hall,市级大厅,,112.1,34.5,,,,,,",
    "county,县厅,County hall,county_hall,seat,,,hills,,2,police,,",
    "point,便民服务站,Station,便民服务站,brook,,,,week,mon-fri 08:30-12:00: 1,id_card,50000,30000",
)


def read(folder: Path, towns: str, halls: str, text: str = NAMED) -> Scenario:
    """A scenario beside its tables; warnings are errors."""
    (folder / "towns.csv").write_text(towns, encoding="utf-8")
    (folder / "places.csv").write_text(halls, encoding="utf-8")
    (folder / "area.yaml").write_text(text, encoding="utf-8")
    scenario, warnings = read_scenario(folder / "area.yaml")
    assert warnings == ()
    return scenario


def problem_of(folder: Path, towns: str, halls: str) -> Problem:
    with pytest.raises(ScenarioError) as caught:
        read(folder, towns, halls)
    return only(caught.value.problems)


def test_rows_are_the_entries_that_they_say(tmp_path: Path) -> None:
    """What a table has no column for stands in the text, under the id of its row."""
    scenario = read(tmp_path, "\n".join(TOWNS), "\n".join(HALLS))
    written = scenario_from_text(AREA)
    assert scenario == written
    assert scenario.hash == written.hash


def test_a_workbook_says_the_same(tmp_path: Path) -> None:
    book = Workbook()
    for line in TOWNS:
        book.active.append([_cell(cell) for cell in line.split(",")])
    book.save(tmp_path / "towns.xlsx")
    text = NAMED.replace("towns.csv", "towns.xlsx")
    scenario = read(tmp_path, "", "\n".join(HALLS), text)
    assert scenario.hash == scenario_from_text(AREA).hash


def _cell(words: str) -> str | float | None:
    try:
        return float(words)
    except ValueError:
        return words or None


@pytest.mark.parametrize(
    ("right", "wrong", "code", "path"),
    [
        (",900,", ",many,", "wrong_type", "townships[seat].population"),
        (",900,", ",,", "missing_field", "townships[seat].population"),
        ("111.0,34.0,", "11.0,34.0,", "outside_china", "townships[seat]"),
        ("brook,河", "seat,河", "duplicate_id", "townships[seat].id"),
        ("ridge,", "9ridge,", "wrong_id", "id"),
    ],
)
def test_a_mistake_in_a_row_is_told_at_its_line(
    tmp_path: Path, right: str, wrong: str, code: str, path: str
) -> None:
    towns = "\n".join(TOWNS)
    line = towns[: towns.index(right)].count("\n") + 1
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, towns.replace(right, wrong), "\n".join(HALLS))
    at_line = [problem for problem in caught.value.problems if problem.line == line]
    assert (code, True) in [(p.code, p.path.endswith(path)) for p in at_line], caught.value.problems
    assert all(problem.file.endswith("towns.csv") for problem in at_line)


def test_a_table_without_a_column_is_told_at_its_first_line(tmp_path: Path) -> None:
    problem = problem_of(tmp_path, "\n".join(TOWNS).replace("人口", "people"), "\n".join(HALLS))
    assert (problem.code, problem.line) == ("table_columns", 1)
    assert "people" in problem.found


def test_a_table_that_is_not_there_is_told_where_it_is_named(tmp_path: Path) -> None:
    read(tmp_path, "\n".join(TOWNS), "\n".join(HALLS))
    (tmp_path / "towns.csv").unlink()
    with pytest.raises(ScenarioError) as caught:
        load_scenario(tmp_path / "area.yaml")
    problem = only(caught.value.problems)
    assert (problem.code, problem.path) == ("missing_file", "applicants.townships_file")
    assert problem.line == NAMED[: NAMED.index("townships_file")].count("\n") + 1


def test_beside_a_text_there_is_no_table() -> None:
    text = AREA.replace(TOWNSHIPS, TOWNSHIPS + "  townships_file: towns.csv\n")
    with pytest.raises(ScenarioError) as caught:
        scenario_from_text(text)
    problem = only(caught.value.problems)
    assert (problem.code, problem.found) == ("table_unavailable", "towns.csv")


def test_a_province_that_is_too_long_for_a_text_is_read(tmp_path: Path) -> None:
    """Two thousand townships; the text that names them is a page."""
    towns = [TOWNS[0], *TOWNS[1:]]
    towns += [f"t{n},村{n},T{n},hills,100,{111 + n % 20 / 100},34.0," for n in range(2_000)]
    assert len("\n".join(towns)) > 60_000
    scenario = read(tmp_path, "\n".join(towns), "\n".join(HALLS))
    assert len(scenario.applicants.townships) == 2_004
