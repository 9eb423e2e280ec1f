"""What every question is: a frozen description of what is asked, which answers itself by a run."""

from __future__ import annotations

from typing import Final, Protocol, TypeVar

from sim.questions.columns import AnswerColumn
from sim.runs.run import Run
from sim.scenario.scenario import Scenario

Subject_contra = TypeVar("Subject_contra", contravariant=True)
Answer_co = TypeVar("Answer_co", covariant=True)


class Question(Protocol[Subject_contra, Answer_co]):
    """What is asked of a subject: of a scenario, of a row of them, or of an earlier answer.

    Each question is a frozen dataclass of plain values, in a file with its answer. Two of them are
    equal when they ask the same; how it is run (`Run`) is no part of that, as it changes only how
    long the answer takes and how narrow its intervals are.
    """

    @property
    def layouts(self) -> tuple[str, ...]:
        """Ids of the layouts that it is asked of; empty = those that the question chooses."""

    def runs(self, subject: Subject_contra) -> int:
        """Number of scenarios that are run on every replication, the subject itself among them.

        It is told before anything is run, so equal scenarios, which are run once, count each.
        """

    def answer(self, subject: Subject_contra, *, run: Run = Run()) -> Answer_co:
        """The answer; stopped early, that of the replications which are finished."""


class RowsAnswer(Protocol):
    """What is known of every answer that declares its rows (`AnswerRows`)."""

    @property
    def scenario(self) -> Scenario: ...
    @property
    def replications(self) -> int: ...
    @property
    def asked(self) -> int: ...
    @property
    def seed(self) -> int: ...
    @property
    def level(self) -> float: ...


class SitingAnswer(RowsAnswer, Protocol):
    """What is known besides of every answer about places for stations."""

    @property
    def layout(self) -> str: ...
    @property
    def residual(self) -> float: ...


SITING_HEAD: Final = (
    AnswerColumn("layout", "text"),
    AnswerColumn("waits_residual_min", "number", field="residual"),
)
"""Columns of such an answer as a whole."""


def one_layout(layout: str | None) -> tuple[str, ...]:
    """The layouts of a question that is asked of one, or leaves the choice open.

    Examples
    --------
    >>> one_layout("zone"), one_layout(None)
    (('zone',), ())
    """
    return () if layout is None else (layout,)
