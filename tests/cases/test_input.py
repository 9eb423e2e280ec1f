"""Each file of `input/`, as people paste and type it or mean harm: read right, or told."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from sim.__main__ import main
from sim.errors import Problem, ScenarioError
from sim.scenario.load import load_scenario, read_scenario
from sim.scenario.scenario import Scenario
from sim.text import load_text

FILES: Final = Path(__file__).parent / "input"
PLAIN: Final = Path(__file__).parent / "answers/base.yaml"
ONLINE: Final = ("online={department: office, precheck: 5 min}",)


def read(name: str, *overrides: str) -> tuple[Scenario, list[Problem]]:
    """A case, and the notes on how it was read."""
    scenario, problems = read_scenario(FILES / name, overrides)
    return scenario, [problem for problem in problems if problem.code == "read_as"]


def refused(path: Path, *overrides: str) -> Problem:
    """The one thing that is wrong with a file."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path, overrides)
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(
    ("name", "values", "line", "written"),
    [
        ("unclear_fullwidth_colon.yaml", {}, 4, "08：30-12：00 → 08:30-12:00"),
        ("unclear_fullwidth_digit.yaml", {}, 19, "３ → 3"),
        ("unclear_quoted_date.yaml", {}, 0, ""),
        ("unclear_thousands.yaml", {"demand.everybody.per_day": 1200}, 14, "1,200 → 1200"),
        ("unclear_percent.yaml", {"demand.everybody.online_share": 0.15}, 0, ""),
    ],
)
def test_what_is_meant_for_sure_is_read(
    name: str, values: dict[str, Any], line: int, written: str, tmp_path: Path
) -> None:
    """It is the very scenario that the usual spelling gives; odd signs are told once."""
    more = ONLINE if "percent" in name else ()
    scenario, notes = read(name, *more)
    usual = [f"{path}={value}" for path, value in values.items()]
    assert scenario.hash == load_scenario(PLAIN, [*usual, *more]).hash
    assert [(note.line, note.found) for note in notes] == ([(line, written)] if written else [])


def test_a_mark_is_no_column(tmp_path: Path) -> None:
    """A byte that is no text stands where an editor shows it, whatever the file begins with."""
    for mark in (b"", b"\xef\xbb\xbf"):
        path = tmp_path / "damaged.yaml"
        path.write_bytes(mark + "note: 大厅\nname: ".encode() + b"\xff\n")
        problem = refused(path)
        assert (problem.line, problem.column) == (2, 7)
        path.write_bytes(mark + b"name: \xff\nnote: " + "大厅\n".encode())
        problem = refused(path)
        assert (problem.line, problem.column) == (1, 7)


def test_half_a_pair_is_no_text() -> None:
    """As a key and in a note, with the line."""
    for name, line in (("lone_surrogate_key.yaml", 1), ("lone_surrogate_note_store.yaml", 2)):
        problem = refused(FILES / name)
        assert (problem.code, problem.line, problem.found) == ("unfit_sign", line, "U+D800")


@pytest.mark.parametrize("value", ['"\\ud800"', '"\\0"', '"\\x07"', '"\\uffff"', "\udcff", "\x07"])
@pytest.mark.parametrize("path", ["note", "name.zh", "layouts.hall.id"])
def test_no_override_brings_it_in(path: str, value: str) -> None:
    problem = refused(PLAIN, f"{path}={value}")
    assert problem.code in {"unfit_sign", "override_value"}
    for language in ("zh", "en"):
        problem.sentence(load_text(language)).encode("utf-8")


@pytest.mark.parametrize("command", [["check"], ["run", "--out", "DIR"], ["run", "--store", "DIR"]])
def test_it_never_reaches_a_study(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [word.replace("DIR", str(tmp_path / "kept")) for word in command]
    file = FILES / "lone_surrogate_note_store.yaml"
    with pytest.raises(SystemExit) as caught:
        main([words[0], str(file), *words[1:], "--lang", "en"])
    assert caught.value.code == 2
    assert f"{file}:2:7" in capsys.readouterr().err
    assert not (tmp_path / "kept").exists()


def test_two_halves_are_one_sign() -> None:
    """As JSON writes signs beyond the first plane."""
    written, escaped = (
        load_scenario(PLAIN, [f"note={text}"]).hash for text in ("😀", '"\\ud83d\\ude00"')
    )
    assert written == escaped


def test_a_list_has_a_bound() -> None:
    problem = refused(FILES / "hours_4000_intervals_quadratic.yaml")
    assert (problem.code, problem.line, problem.found) == ("too_long_list", 6, "4000")
