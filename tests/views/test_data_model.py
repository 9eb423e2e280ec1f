"""The data model is current, complete in both languages, and true of what a run leaves behind."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

import sim
from sim.results.columns import TABLES, Column
from sim.results.log_columns import CASE_COLUMNS, EVENT_COLUMNS
from sim.results.tables import TableName, Tables
from sim.text import LANGUAGES, Language, load_data_model
from sim.views.data_model import FILES, PAGES, data_model_page

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "tests" / "answers" / "kept"
SMALL_HALL = ROOT / "tests" / "answers" / "hall.yaml"
CSV_ANSWERS = {
    "run_by": "measures",
    "compare": "measures",
    "run_area": "measures",
    "sweep": "sweep",
    "levers": "levers",
    "levers_given": "levers",
    "levers_screened": "levers",
    "reductions": "reductions",
    "extend": "extend",
    "next": "next",
    "shortlist": "shortlist",
    "frontier": "frontier",
    "reform": "reform",
    "switches": "switches",
    "warm_up": "warm_up",
    "allocate": "allocation",
    "size": "size",
    "roster": "roster",
    "roster_crew": "roster",
    "tune": "tune",
    "learn": "quality",
    "replay": "waits",
    "backtest": "forecasts",
    "check": "check",
    "check_area": "check",
}
"""Which file of the data model each kept answer of a command is."""
CJK = re.compile(r"[\u4e00-\u9fff]")


def run_once(path: Path, layout: str, *overrides: str) -> Tables:
    scenario = sim.load_scenario(path, overrides)
    plan = sim.compile_plan(scenario, layout)
    tape = sim.draw_tape(plan.demand, seed=7, replication=0)
    return Tables(plan, tape, sim.run(plan, tape))


@pytest.fixture(scope="module")
def replication() -> Tables:
    """One replication of the small hall in which all mechanisms act, cut off early."""
    return run_once(SMALL_HALL, "zone", "run.followup_days=1")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_that_ships_is_current(language: Language) -> None:
    written = (ROOT / "docs" / PAGES[language]).read_text(encoding="utf-8")
    assert written == data_model_page(language), "run: python -m sim.views.data_model docs"


class TestTables:
    @pytest.mark.parametrize("name", TABLES)
    def test_every_column_is_declared_in_order(self, name: str, replication: Tables) -> None:
        table = replication._items() if name == "items" else getattr(replication, name)
        assert table._fields == tuple(TABLES[name])

    def test_every_frame_is_declared(self) -> None:
        assert set(get_args(TableName)) <= set(TABLES)

    @pytest.mark.parametrize("name", get_args(TableName))
    def test_a_frame_holds_what_is_declared(self, name: TableName, replication: Tables) -> None:
        frame = replication.frame(name)
        assert len(frame)
        for key, column in TABLES[name].items():
            values = frame[key.rstrip("_")].to_numpy()
            assert is_of_kind(values, column), key
            lacking = values == ("" if column.kind in {"id", "code"} else -1)
            if not column.may_lack and column.kind != "flag":
                assert not lacking.any(), key

    def test_ids_are_put_together_as_the_page_says(self, replication: Tables) -> None:
        windows = replication.frame("services")["window"]
        assert windows.str.fullmatch(r"[a-z_]+-\d+").all()
        items = replication.frame("items")["item"]
        assert items.str.fullmatch(r"[a-z_]+\.([a-z_]+|visit:\d+:[a-z_]+)").all()
        assert items.str.contains("visit:").any()

    def test_what_may_lack_does_lack_somewhere(self, replication: Tables) -> None:
        """Else the page would warn of what never happens."""
        never_closes = run_once(sim.example_path("exact/mmc.yaml"), "hall", "run.measured_days=1")
        lacking = set()
        for name in get_args(TableName):
            for frame in (replication.frame(name), never_closes.frame(name)):
                for key, column in TABLES[name].items():
                    nothing = "" if column.kind == "id" else -1
                    if (frame[key.rstrip("_")].to_numpy() == nothing).any():
                        lacking.add((name, key))
        declared = {
            (name, key)
            for name in get_args(TableName)
            for key, column in TABLES[name].items()
            if column.may_lack
        }
        assert lacking == declared


def is_of_kind(values: Any, column: Column) -> bool:
    if column.kind == "flag":
        return bool(values.dtype == np.bool_)
    if column.kind in {"id", "code"}:
        return all(isinstance(value, str) for value in values)
    return bool(np.issubdtype(values.dtype, np.integer))


class TestFiles:
    @pytest.mark.parametrize("answer", CSV_ANSWERS)
    def test_a_commands_csv_has_the_declared_columns(self, answer: str) -> None:
        with (KEPT / f"{answer}.csv.txt").open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file))
        declared = [column.name for column in FILES[CSV_ANSWERS[answer]]]
        levers = [column for column in header if "." in column]
        assert header == [*levers, *declared]
        assert bool(levers) == (answer == "sweep")

    def test_every_kept_csv_is_looked_at(self) -> None:
        assert {path.name.partition(".")[0] for path in KEPT.glob("*.csv.txt")} == set(CSV_ANSWERS)

    def test_every_file_is_looked_at(self) -> None:
        elsewhere = {"queues"}  # of snapshots, which no kept answer reads: test_snapshots.py
        assert set(CSV_ANSWERS.values()) == set(FILES) - elsewhere


class TestWords:
    def test_no_word_is_of_a_column_that_is_not_there(self) -> None:
        words = load_data_model()
        for name, columns in TABLES.items():
            assert list(words["table"][name]["columns"]) == list(columns), name
        assert set(words["table"]) == set(TABLES)
        assert set(words["file"]) == {*FILES, "common"}
        for name, file in FILES.items():
            assert set(words["file"][name].get("columns", {})) <= {
                column.name for column in file
            }, name
        assert list(words["log"]["case"]) == list(CASE_COLUMNS)
        assert list(words["log"]["event"]) == list(EVENT_COLUMNS)

    def test_what_may_lack_says_when_and_nothing_else_does(self) -> None:
        words = load_data_model()["table"]
        for name, columns in TABLES.items():
            for key, column in columns.items():
                assert ("lacks_en" in words[name]["columns"][key]) == column.may_lack, key

    def test_both_languages_say_everything(self) -> None:
        foreign = {"page.other", "phrase.never"}
        for path, zh, en in pairs(load_data_model()):
            assert zh, path
            assert en, path
            if path not in foreign:
                assert CJK.search(zh) or not re.search("[A-Za-z]{4}", re.sub(r"{\w+}", "", zh)), (
                    path
                )
                assert not CJK.search(en), path


def pairs(table: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str, str]]:
    """Every text of the file in Chinese and in English, with where it stands."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from pairs(value, f"{path}.{key}".strip("."))
        elif key == "zh" or key.endswith("_zh"):
            yield f"{path}.{key[:-3]}".strip("."), value, table[f"{key[:-2]}en"]
        else:
            assert f"{key[:-2]}zh" in table, f"{path}.{key}"
