"""What a job is asked: a question, the crowds it is answered on, and who asked."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from sim.questions.question import Question
from sim.storage.answers import QUESTIONS, kind_of
from sim.storage.codec import read_plain, to_plain
from sim.storage.keep import unreadable

REQUEST: Final = "request.json"
FLAT: Final = frozenset(
    {"layouts", "totals", "measure", "only", "points", "stations", "most", "study"}
)
"""Fields of all questions, which stood beside each other in requests of 0.3.0 and before."""
DAMAGE: Final = (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What reading a request may raise that was cut off, changed, or never one of ours."""


class Request(NamedTuple):
    """What a job is asked to do with its scenario."""

    question: Question[Any, Any]
    replications: int
    seed: int
    about: str = ""
    """Job whose finished answer is asked about; empty = the scenario is."""
    settings: Mapping[str, Any] = {}
    """Plain data that the asker wants to find again, such as how the scenario was made."""
    reader: str = ""
    """Who asked; jobs of others are not listed, and not cancelled. Empty = nobody is known."""

    @property
    def kind(self) -> str:
        """Of the table of questions (`answers.py`)."""
        return kind_of(type(self.question))

    def same_question(self, request: Request) -> bool:
        """Whether both ask the same, whoever asks and however it came about."""
        return self._replace(settings={}, reader="") == request._replace(settings={}, reader="")


def request_text(request: Request) -> str:
    """A request as JSON, from which `read_request` makes the same request.

    Examples
    --------
    >>> from sim.questions.staffing import StaffingQuestion
    >>> request_text(Request(StaffingQuestion(("hall",), (5, 6)), 10, 1))[:62]
    '{"kind": "staffing", "question": {"layouts": ["hall"], "totals'
    """
    return json.dumps({"kind": request.kind, **to_plain(request)}, ensure_ascii=False)


def read_request(folder: Path) -> Request:
    """What a job was asked, also by a version that wrote all questions into one flat record.

    Raises
    ------
    ResultError
        When it cannot be read, or is of a kind that this version does not know.
    """
    path = folder / REQUEST
    try:
        data = _data_of(path)
        kind = data.pop("kind")
        if kind in QUESTIONS:
            asks = QUESTIONS[kind].asks
            question_data = data.pop("question") if "question" in data else _taken_out(data, asks)
            return read_plain(Request, data, question=read_plain(asks, question_data))
    except DAMAGE as error:
        raise unreadable(path, type(error).__name__) from None
    raise unreadable(path, str(kind))


def read_reader(folder: Path) -> str:
    """Who asked for a job, whatever was asked.

    Raises
    ------
    ResultError
        When it cannot be read.
    """
    path = folder / REQUEST
    try:
        return read_plain(str, _data_of(path).get("reader", ""))
    except DAMAGE as error:
        raise unreadable(path, type(error).__name__) from None


def _data_of(path: Path) -> dict[str, Any]:
    return read_plain(dict[str, Any], json.loads(path.read_text(encoding="utf-8")))


def _taken_out(data: dict[str, Any], asks: type[Any]) -> dict[str, Any]:
    """The fields of a description, taken out of a flat record; the rest are of other questions."""
    flat = {name: data.pop(name) for name in FLAT & data.keys()}
    if study := flat.pop("study", ""):
        data["about"] = study
    flat["layout"] = next(iter(flat.get("layouts", ())), None)
    flat["numbers"] = flat.get("totals", ())
    names = {field.name for field in dataclasses.fields(asks)}
    return {name: value for name, value in flat.items() if name in names}
