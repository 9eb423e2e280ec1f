"""The table of questions: what describes each kind, and how its answer is saved and loaded.

A question more is a row here. Jobs, their worker and the pages know the table and not its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Generic, NamedTuple, TypeVar

from sim.questions import (
    allocate,
    frontier,
    next_point,
    roster_rows,
    shortlist,
    size_rows,
    switches,
    tune,
    warm_up,
)
from sim.questions.allocate import AllocateQuestion, Allocation
from sim.questions.columns import AnswerRows
from sim.questions.compare import CompareQuestion
from sim.questions.extend import ExtendQuestion
from sim.questions.extension import Extension
from sim.questions.frontier import Frontier, FrontierQuestion
from sim.questions.lever_question import LeversQuestion
from sim.questions.next_point import NextPointQuestion, NextPoints
from sim.questions.one_matter import MatterQuestion, OneMatter
from sim.questions.question import Question
from sim.questions.ranking import Ranking
from sim.questions.roster import DutyRoster
from sim.questions.rostering import RosterQuestion
from sim.questions.shortlist import Shortlist, ShortlistQuestion
from sim.questions.size import SizeQuestion, Sizing
from sim.questions.staffing import StaffingCurve, StaffingQuestion
from sim.questions.switches import SwitchedHall, SwitchesQuestion
from sim.questions.tune import TuneQuestion, Tuning
from sim.questions.turning import Turning, TurningQuestion
from sim.questions.warm_up import WarmUpCheck, WarmUpQuestion
from sim.runs.replicate import Study
from sim.storage.extend_keep import load_extension, save_extension
from sim.storage.keep import load_answer, load_study, save_answer, save_study
from sim.storage.one_matter_keep import load_one_matter, save_one_matter
from sim.storage.turning_keep import add_turning, load_turning, save_turning

Answer = TypeVar("Answer")
PlainAnswer = TypeVar("PlainAnswer", bound=tuple[Any, ...])


def _no_replication(answer: Any) -> bool:
    return bool(answer.replications == 0)


class QuestionKind(NamedTuple, Generic[Answer]):
    """What there is to know of a kind of question."""

    asks: type[Question[Any, Answer]]
    """The description of what is asked."""
    gives: type[Answer]
    save: Callable[[Answer, Path], object]
    load: Callable[[Path], Answer]
    is_empty: Callable[[Answer], bool] = _no_replication
    """Whether nothing was finished before it was cancelled."""
    about: str = ""
    """Kind of question whose answer it is asked of; empty = it is asked of a scenario."""
    add: Callable[[Answer, Path], None] | None = None
    """Saves it also beside the answer that it is about."""
    rows: AnswerRows | None = None
    """Its columns, where it declares them."""
    file: str = ""
    """In which its answer is kept, where that is plain data."""
    page: str = ""
    """Page of the app that shows its answer; empty = it is shown with what it is about."""


def _plain(
    asks: type[Question[Any, PlainAnswer]],
    gives: type[PlainAnswer],
    file: str,
    is_empty: Callable[[PlainAnswer], bool] = _no_replication,
    rows: AnswerRows | None = None,
    page: str = "",
) -> QuestionKind[PlainAnswer]:
    """A kind whose answer is plain data but for its scenario, in a file of that name."""
    return QuestionKind(
        asks,
        gives,
        lambda answer, folder: save_answer(answer, file, folder),
        lambda folder: load_answer(gives, file, folder),
        is_empty,
        rows=rows,
        file=file,
        page=page,
    )


QUESTIONS: Final[Mapping[str, QuestionKind[Any]]] = {
    "matter": QuestionKind(
        MatterQuestion,
        OneMatter,
        save_one_matter,
        load_one_matter,
        lambda answer: not answer.ways,
        page="matter",
    ),
    "levers": _plain(LeversQuestion, Ranking, "levers.json", page="levers"),
    "staffing": _plain(
        StaffingQuestion,
        StaffingCurve,
        "curve.json",
        lambda curve: not curve.points,
        page="staffing",
    ),
    "next_points": _plain(
        NextPointQuestion, NextPoints, "next.json", rows=next_point.ROWS, page="townships"
    ),
    "shortlist": _plain(
        ShortlistQuestion, Shortlist, "shortlist.json", rows=shortlist.ROWS, page="townships"
    ),
    "frontier": _plain(
        FrontierQuestion, Frontier, "frontier.json", rows=frontier.ROWS, page="townships"
    ),
    "size": _plain(SizeQuestion, Sizing, "size.json", rows=size_rows.ROWS, page="staffing"),
    "allocate": _plain(
        AllocateQuestion, Allocation, "allocation.json", rows=allocate.ROWS, page="staffing"
    ),
    "roster": _plain(
        RosterQuestion, DutyRoster, "roster.json", rows=roster_rows.ROWS, page="staffing"
    ),
    "tune": _plain(TuneQuestion, Tuning, "tune.json", rows=tune.ROWS, page="staffing"),
    "switches": _plain(
        SwitchesQuestion, SwitchedHall, "switches.json", rows=switches.ROWS, page="my_hall"
    ),
    "warm_up": _plain(WarmUpQuestion, WarmUpCheck, "warm_up.json", rows=warm_up.ROWS, page="data"),
    "extend": QuestionKind(
        ExtendQuestion, Extension, save_extension, load_extension, page="townships"
    ),
    "turning": QuestionKind(
        TurningQuestion,
        Turning,
        save_turning,
        load_turning,
        lambda answer: answer.cancelled,
        about="compare",
        add=add_turning,
    ),
    "compare": QuestionKind(CompareQuestion, Study, save_study, load_study, page="layouts"),
}
"""By the kind that a request names."""


def kind_of(asks: type[Question[Any, Any]]) -> str:
    """The kind of question that a type describes.

    Examples
    --------
    >>> kind_of(LeversQuestion)
    'levers'
    """
    return next(kind for kind, question in QUESTIONS.items() if question.asks is asks)
