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
from sim.questions.hall_levers import LeverChoice
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
from sim.scenario.switches import read_switches
from sim.storage.extend_keep import load_extension, save_extension
from sim.storage.keep import load_answer, load_study, save_answer, save_study
from sim.storage.one_matter_keep import load_one_matter, save_one_matter
from sim.storage.shipped import TOWNSHIPS, Example
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
    example: Example | None = None
    """That its page shows first."""


def _plain(
    asks: type[Question[Any, PlainAnswer]],
    gives: type[PlainAnswer],
    file: str,
    is_empty: Callable[[PlainAnswer], bool] = _no_replication,
    rows: AnswerRows | None = None,
    page: str = "",
    example: Example | None = None,
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
        example=example,
    )


PROMISE: Final = (
    'targets.promises=[{"measure": "called_within", "within": "15 min", "at_least": 0.9,'
    ' "each": "half_hour"}]'
)
"""What the page of staffing promises first."""
POINTS: Final = ("t411203207", "t411282103", "t411224203")
"""Townships of the examples about stations: where trips of all are cheapest with three."""
MODES: Final = read_switches(["booking", "online"])
"""Service modes of their example."""

QUESTIONS: Final[Mapping[str, QuestionKind[Any]]] = {
    "matter": QuestionKind(
        MatterQuestion,
        OneMatter,
        save_one_matter,
        load_one_matter,
        lambda answer: not answer.ways,
        page="matter",
        example=Example(MatterQuestion("counters"), 4),
    ),
    "levers": _plain(
        LeversQuestion,
        Ranking,
        "levers.json",
        page="levers",
        example=Example(
            LeversQuestion(
                "zone", only=("hall", "applicants", "corrections", "layouts"), screen=True
            ),
            5,
        ),
    ),
    "staffing": _plain(
        StaffingQuestion,
        StaffingCurve,
        "curve.json",
        lambda curve: not curve.points,
        page="staffing",
        example=Example(
            StaffingQuestion(("zone", "counters", "parallel"), (36, 41, 46, 51, 56)), 4
        ),
    ),
    "next_points": _plain(
        NextPointQuestion,
        NextPoints,
        "next.json",
        rows=next_point.ROWS,
        page="townships",
        example=Example(NextPointQuestion(POINTS, 5, "zone"), 3, TOWNSHIPS),
    ),
    "shortlist": _plain(
        ShortlistQuestion,
        Shortlist,
        "shortlist.json",
        rows=shortlist.ROWS,
        page="townships",
        example=Example(ShortlistQuestion(POINTS, "zone"), 3, TOWNSHIPS),
    ),
    "frontier": _plain(
        FrontierQuestion,
        Frontier,
        "frontier.json",
        rows=frontier.ROWS,
        page="townships",
        example=Example(FrontierQuestion((1, 2, 3, 4, 5, 6), "zone"), 3, TOWNSHIPS),
    ),
    "size": _plain(
        SizeQuestion,
        Sizing,
        "size.json",
        rows=size_rows.ROWS,
        page="staffing",
        example=Example(SizeQuestion(("zone",)), 4, overrides=(PROMISE,)),
    ),
    "allocate": _plain(
        AllocateQuestion,
        Allocation,
        "allocation.json",
        rows=allocate.ROWS,
        page="staffing",
        example=Example(AllocateQuestion(("zone",)), 4),
    ),
    "roster": _plain(
        RosterQuestion,
        DutyRoster,
        "roster.json",
        rows=roster_rows.ROWS,
        page="staffing",
        example=Example(RosterQuestion("zone", weeks=2, first_day="2025-03-03"), 4),
    ),
    "tune": _plain(
        TuneQuestion,
        Tuning,
        "tune.json",
        rows=tune.ROWS,
        page="staffing",
        example=Example(TuneQuestion((LeverChoice("lunch_stagger"),), "zone"), 4),
    ),
    "switches": _plain(
        SwitchesQuestion,
        SwitchedHall,
        "switches.json",
        rows=switches.ROWS,
        page="my_hall",
        example=Example(SwitchesQuestion(MODES, "zone"), 4),
    ),
    "warm_up": _plain(
        WarmUpQuestion,
        WarmUpCheck,
        "warm_up.json",
        rows=warm_up.ROWS,
        page="data",
        example=Example(WarmUpQuestion(), 4),
    ),
    "extend": QuestionKind(
        ExtendQuestion,
        Extension,
        save_extension,
        load_extension,
        page="townships",
        example=Example(ExtendQuestion(POINTS, "zone"), 3, TOWNSHIPS),
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
    "compare": QuestionKind(
        CompareQuestion,
        Study,
        save_study,
        load_study,
        page="layouts",
        example=Example(CompareQuestion(), 10),
    ),
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
