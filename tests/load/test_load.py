"""The measurement of many readers: what it says of an order, and the promise that it is for."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from sim.questions.compare import CompareQuestion
from sim.storage.request import REQUEST, Request, request_text
from tests.load.__main__ import main
from tests.load.browsing import EARLY, Browsing
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


class _Answer:
    """What a server sends, message by message."""

    def __init__(self, *kinds: ForwardMsg.ScriptFinishedStatus.ValueType) -> None:
        self._kinds = [*kinds]

    async def send(self, message: bytes) -> None:
        """A question; what is answered stands from the beginning."""

    def __aiter__(self) -> _Answer:
        return self

    async def __anext__(self) -> bytes:
        data: bytes = ForwardMsg(script_finished=self._kinds.pop(0)).SerializeToString()
        return data


def test_a_page_that_turns_to_another_scenario_is_not_there_before_it_is_run_again() -> None:
    browsing = Browsing(0, "mark")
    early, whole = EARLY, ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY
    sizes = []
    for kinds in ([whole], [early, whole]):
        browsing._socket = _Answer(*kinds)  # type: ignore[assignment]
        sizes.append(asyncio.run(browsing.open("townships", "zh")).size)
    assert sizes[1] > sizes[0]


@pytest.mark.speed
@pytest.mark.timeout(600)
def test_pages_answer_in_three_seconds_while_thirty_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """While their simulations run in fair order; on two cores with nothing else to do."""
    monkeypatch.setattr("sys.argv", ["tests.load", "--readers", "30", "--seconds", "60"])
    assert main() == 0, capsys.readouterr().out
