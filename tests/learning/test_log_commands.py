"""`govhall replay` and `govhall backtest` from the command line: files, dates, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim import load_scenario
from sim.__main__ import main
from tests.learning.made_log import FILE


def answer_of(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    out, err = capfd.readouterr()
    assert "Traceback" not in err
    return int(left.value.code or 0), out, err


def test_the_replayed_hall_is_saved_as_a_scenario(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    hall = tmp_path / "hall.yaml"
    options = ["--save", str(hall), "--out", str(tmp_path / "out"), "--format", "json"]
    status, out, _ = answer_of(["replay", str(FILE), *options], capfd)
    assert status == 0
    scenario = load_scenario(hall)
    assert scenario.hash == json.loads(out)["scenario"]
    assert {path.name for path in tmp_path.iterdir()} == {
        "hall.yaml",
        "hall_log.csv",
        "hall_as_it_was_clerks.csv",
        "out",
    }
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert written == {"result.json", "waits.csv", "figure.png"}


def test_a_saved_hall_runs_as_the_replay_did(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    hall = tmp_path / "hall.yaml"
    _, out, _ = answer_of(["replay", str(FILE), "--save", str(hall), "--format", "json"], capfd)
    replayed = json.loads(out)["simulated"]["mean_min"]
    _, out, _ = answer_of(["run", str(hall), "--format", "json", "--cores", "1"], capfd)
    assert f"{replayed:.9g}" in {f"{value:.9g}" for value in numbers_of(json.loads(out))}


def numbers_of(data: object) -> list[float]:
    if isinstance(data, dict):
        return [number for part in data.values() for number in numbers_of(part)]
    if isinstance(data, list):
        return [number for part in data for number in numbers_of(part)]
    is_number = isinstance(data, int | float) and not isinstance(data, bool)
    return [float(data)] if is_number else []  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "options",
    [
        ["replay", "--from", "2025-13-01"],
        ["replay", "--from", "2026-01-01"],
        ["replay", "--more-clerks", "desks"],
        ["replay", "--layout", "other"],
        ["replay", "--set", "layouts.as_it_was.window=3"],
        ["backtest", "--learn-until", "2025-03-04"],
        ["backtest", "--learn-until", "soon"],
    ],
)
def test_what_cannot_be_is_one_sentence(
    options: list[str], lang: str, capfd: pytest.CaptureFixture[str]
) -> None:
    command, *others = options
    status, out, err = answer_of([command, str(FILE), *others, "--lang", lang], capfd)
    assert (status, out) == (2, "")
    assert len(err.strip().splitlines()) == 1


def test_a_log_of_cases_is_no_log_of_waits(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cases.csv"
    file.write_text("办件编号,受理时间,办结时间\nA1,2025-03-03 09:00,2025-03-05 10:00\n", "utf-8")
    status, _, err = answer_of(["replay", str(file), "--lang", "en"], capfd)
    assert status == 2
    assert "log of cases" in err
