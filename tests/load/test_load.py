"""The measurement of many readers: what it says of an order, and the promise that it is for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.questions.compare import CompareQuestion
from sim.storage.request import REQUEST, Request, request_text
from tests.load.__main__ import main
from tests.load.summary import start_order


@pytest.mark.parametrize(
    ("begun", "fair"),
    [
        ("", True),
        ("ab", True),
        ("abba", True),
        ("aab", False),
        ("abaacbc", False),
        ("abccab", True),
    ],
)
def test_an_order_is_fair_if_nobody_has_two_before_another_has_one(
    tmp_path: Path, begun: str, fair: bool
) -> None:
    readers = sorted({*begun, "a", "b"})
    for n, reader in enumerate([*begun, *readers]):
        request = Request(CompareQuestion(("hall",)), 1, 1, reader=reader)
        folder = tmp_path / str(n)
        folder.mkdir()
        (folder / REQUEST).write_text(request_text(request))
        if n < len(begun):
            line = json.dumps({"done": 0, "total": 3, "at": float(n)})
            (folder / "progress.jsonl").write_text(line + "\n")
    assert start_order(tmp_path) == (fair, len(begun))


@pytest.mark.speed
@pytest.mark.timeout(600)
def test_pages_answer_in_three_seconds_while_thirty_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """While their simulations run in fair order; on two cores with nothing else to do."""
    monkeypatch.setattr("sys.argv", ["tests.load", "--readers", "30", "--seconds", "60"])
    assert main() == 0, capsys.readouterr().out
