"""`govhall replay` and `govhall backtest` from the command line: files, dates, what is refused."""

from __future__ import annotations

import csv
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sim import load_scenario
from sim.__main__ import main
from tests.learning.made_log import FILE

N_SHORT = 80


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


@pytest.mark.parametrize("treatment", ["", "kept", "mended", "left_out"])
def test_short_services_are_the_same_to_all_commands(
    treatment: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Of whom a service is learned, or known to be of unknown length, is replayed and predicted."""
    log = log_with_short_services(tmp_path / "log.csv")
    options = ["--quality", f"short_service={treatment}"] if treatment else []
    out = {}
    for command in ("learn", "replay", "backtest"):
        until = ["--learn-until", "2025-03-20"] if command == "backtest" else []
        _, words, _ = answer_of([command, str(log), *options, *until, "--format", "json"], capfd)
        out[command] = json.loads(words)
    caught = {trap["trap"]: trap for trap in out["learn"]["traps"]}["short_service"]
    assert (caught["count"], caught["treatment"]) == (N_SHORT, treatment or "kept")
    work = out["learn"]["services"]["all"]
    assert work["unknown"] == (N_SHORT if treatment == "mended" else 0)
    assert out["replay"]["people"] == work["services"] + work["unknown"]
    later = (row for row in out["replay"]["waits"] if row["by"] == "day")
    n_later = sum(row["n"] for row in later if row["of"] > "2025-03-20")
    assert out["backtest"]["observed"]["n"] == n_later


def log_with_short_services(path: Path) -> Path:
    """The made log, `N_SHORT` of whose services took five seconds."""
    rows = list(csv.reader(FILE.read_text("utf-8-sig").splitlines()))
    started, ended = (rows[0].index(name) for name in ("startTime", "endTime"))
    for row in [row for row in rows[1:] if row[ended] and not row[-1]][::20][:N_SHORT]:
        row[ended] = f"{datetime.fromisoformat(row[started]) + timedelta(seconds=5)}"
    path.write_text("\n".join(",".join(row) for row in rows) + "\n", "utf-8")
    return path
