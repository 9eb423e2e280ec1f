"""Options as the guide says: every odd value of every option of every command is told, status 2."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from sim.command.root import govhall
from sim.text import load_text
from tests.cases.test_outputs import BASE
from tests.scenario.test_places import AREA
from tests.test_cli import QUICK, Hall, hall  # noqa: F401 a fixture

COMMANDS: Final[Mapping[str, tuple[str, ...]]] = {
    "check": ("tiny.yaml",),
    "run": ("tiny.yaml",),
    "compare": ("tiny.yaml",),
    "sweep": ("tiny.yaml", "--vary", "hall.last_ticket=0 min,5 min"),
    "levers": ("tiny.yaml",),
    "reductions": ("tiny.yaml",),
    "matter": ("tiny.yaml", "bundle"),
    "extend": ("area.yaml",),
    "log": ("tiny.yaml",),
    "case": ("tiny.yaml", "0"),
}
EMPTY: Final = ("", " ")
NO_COUNT: Final = (*EMPTY, "0", "-1", "1.5", "1e3", "nan", "two", "9" * 30, "9" * 5000, "1_0")
ODD: Final[Mapping[str, tuple[str, ...]]] = {
    "--days": (*NO_COUNT, "100001"),
    "--replications": (*NO_COUNT, "100001"),
    "--cores": (*NO_COUNT, "257"),
    "--seed": (*EMPTY, "-1", "1.5", "one", str(2**63), "0x10"),
    "--top": NO_COUNT,
    "--budget": (*EMPTY, "0", "-1", "some"),
    "--at-most": (*EMPTY, "0", "-1", "some"),
    "--replication": (*EMPTY, "-1", "100001", "x"),
    "--engine": (*EMPTY, "FAST", "warp"),
    "--format": (*EMPTY, "JSON", "xlsx"),
    "--names": (*EMPTY, "fr"),
    "--lang": (*EMPTY, "fr"),
    "--layout": (*EMPTY, "nowhere", "one_list,two_lists"),
    "--layouts": (*EMPTY, ",", "，", "one_list,one_list", "nowhere"),
    "--points": (*EMPTY, ",", "ridge,ridge", "nowhere"),
    "--by": (*EMPTY, ",", "class,class", "nothing", "class,nothing"),
    "--only": (*EMPTY, ",", "nothing"),
    "--measure": (*EMPTY, "waits", "WAIT"),
    "--assumptions": (*EMPTY, "waits", "WAIT"),
    "--out": EMPTY,
    "--store": EMPTY,
    "--cluster": EMPTY,
    "--until": (*EMPTY, "wait", "wait=", "wait=nan", "wait=inf", "wait=-1", "=1", "waits=1"),
    "--set": (*EMPTY, "x", "=", "run.seed=", "run.seed=x", "..=1", "a.b=1", "*=1", "[=1",
              "layouts=[]", "hall.name={fr: a}", "run.start=2025-13-01", "run.measured_days=[1",
              "run.measured_days=99999999999999999999", "demand.errands.rate=1e400 per h"),
    "--vary": (*EMPTY, "x", "x=", "hall.last_ticket=1", "run.seed=1,2", "a=1:2:999999999",
               "hall.last_ticket=1 min,1 min", "hall.last_ticket=0 min:9999999999999 min:3"),
    "--odd": ("1",),
}  # fmt: skip


def list_options() -> Iterator[tuple[str, str]]:
    commands = govhall(load_text("en")).commands
    for command in COMMANDS:
        takes = {name for param in commands[command].params for name in param.opts}
        for option in ODD:
            if option in takes or option == "--odd":
                yield command, option


def test_every_option_that_takes_something_is_tried() -> None:
    commands = govhall(load_text("en")).commands
    takes = {
        name
        for command in COMMANDS
        for param in commands[command].params
        for name in param.opts
        if name.startswith("--") and not getattr(param, "is_flag", False)
    }
    assert takes <= ODD.keys()


@pytest.mark.parametrize(("command", "option"), [*list_options()])
def test_an_odd_value_is_told(hall: Hall, command: str, option: str) -> None:  # noqa: F811
    Path(hall.file).write_text(BASE, encoding="utf-8")
    (hall.folder / "area.yaml").write_text(AREA, encoding="utf-8")
    words = [command, *COMMANDS[command]]
    if command in ("log", "case") and option != "--out":
        words += ["--out", {"log": "a.csv", "case": "a.svg"}[command]]
    for value in ODD[option]:
        said = hall("--lang", "en", *words, option, value)
        assert (said.status, said.out) == (2, ""), (value, said)
        assert "Traceback" not in said.err
        assert "mistake of its own" not in said.err, (value, said.err)
        complaints = [line for line in said.err.splitlines() if not line.startswith("warning ·")]
        assert 1 <= len(complaints) <= 3, (value, complaints)
        assert len(complaints[0]) < 1500, value


DAMAGES: Final[Mapping[str, bytes | None]] = {
    "empty": b"",
    "other": b'{"a": 1}',
    "null": b"null",
    "list": b"[1]",
    "huge": b'{"seed": ' + b"9" * 10_000 + b"}",
    "no text": bytes(range(256)),
    "gone": None,
}


@pytest.mark.parametrize("name", ["manifest.json", "scenario.json", "tallies.npz"])
@pytest.mark.parametrize("damage", [*DAMAGES, "cut", "flipped"])
def test_a_damaged_study_is_run_anew(hall: Hall, name: str, damage: str) -> None:  # noqa: F811
    """Whatever became of what was kept: the same answer, and no complaint that helps nobody."""
    how = (*QUICK, "--replications", "1", "--format", "json", "--store", "kept")
    first = hall("run", hall.file, *how)
    [folder] = [entry for entry in (hall.folder / "kept").iterdir() if entry.is_dir()]
    path = folder / name
    whole = path.read_bytes()
    middle = len(whole) // 2
    harmed = DAMAGES.get(damage, whole[:middle])
    if damage == "flipped":
        harmed = whole[:middle] + bytes([whole[middle] ^ 4]) + whole[middle + 1 :]
    if harmed is None:
        path.unlink()
    else:
        path.write_bytes(harmed)
    for leftover in ("index.sqlite", ".half.0123456789abcdef0123456789abcdef"):
        (hall.folder / "kept" / leftover).write_bytes(b"left by one that was killed")
    second = hall("run", hall.file, *how)
    assert (second.status, second.out) == (0, first.out)
    assert "Traceback" not in second.err
