"""How a question of many runs is asked from the command line, and its answer told and written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from sim.command.inputs import (
    known_layouts,
    read_asked,
)
from sim.command.outputs import (
    folder_for,
    keep_study,
    say_data,
    tell_boxes,
    write_files,
)
from sim.command.progress import leave_if_stopped, progress_bar, tell_work
from sim.text import Text

if TYPE_CHECKING:
    from rich.console import Console

    from sim.engine.run import Engine
    from sim.questions.columns import AnswerRows
    from sim.questions.question import Question, RowsAnswer
    from sim.runs.run import Run
    from sim.scenario.scenario import Scenario


class ManyRuns(Protocol):
    """What many runs found; stopped early, it holds fewer replications than were asked for."""

    @property
    def replications(self) -> int: ...

    @property
    def asked(self) -> int: ...


Answer = TypeVar("Answer", bound=ManyRuns)
Subject = TypeVar("Subject")


class QuestionCommand(NamedTuple):
    """How every question of many runs is asked and answered, whatever it is about."""

    file: str
    text: Text
    days: int | None
    replications: int | None
    seed: int | None
    engine: Engine
    cores: int | None
    set: tuple[str, ...]
    format: str
    out: str | None

    @property
    def run(self) -> Run:
        """How the options say to run it."""
        from sim.runs.run import Run

        return Run(
            replications=self.replications, seed=self.seed, engine=self.engine, workers=self.cores
        )

    def scenario(self, layout: str | None = None) -> Scenario:
        """The scenario with what the options change in it; it has the layout that is asked of."""
        scenario = read_asked(self.file, self.days, self.set, self.text)
        known_layouts(scenario, [] if layout is None else [layout])
        return scenario

    def ask(
        self,
        question: Question[Scenario, Answer],
        scenario: Scenario,
        *,
        searches: bool = False,
    ) -> Answer:
        """The answer, after saying how much is to be done and while telling how far it is.

        Parameters
        ----------
        searches
            How much it is depends on what is found on the way.
        """
        return self.ask_about(question, scenario, scenario, searches=searches)

    def ask_about(
        self,
        question: Question[Subject, Answer],
        subject: Subject,
        scenario: Scenario,
        *,
        searches: bool = False,
    ) -> Answer:
        """The same of any subject.

        Parameters
        ----------
        scenario
            Whose replications and seed are taken where the options say none.
        """
        runs = question.runs(subject)
        if folder_for(self.out) is not None:
            tell_boxes(scenario, self.text)
        run = self.run.resolved(scenario)
        tell_work(self.file, runs, run, self.text, searches=searches)
        with progress_bar(self.text) as progress:
            answer = question.answer(subject, run=replace(run, progress=progress))
        if answer.replications == 0:
            raise KeyboardInterrupt
        return answer

    def tell(
        self,
        answer: ManyRuns,
        data: Mapping[str, Any],
        rows: Sequence[Mapping[str, Any]],
        table: str,
        write: Callable[[Console], None],
        draw: Callable[[Path], None],
        report: Callable[[], str] | None = None,
    ) -> None:
        """Print the answer and write what was asked for."""
        folder = folder_for(self.out)
        try:
            say_data(self.format, data, rows, write)
        finally:  # files are written though nobody reads the answer
            if folder is not None:
                write_files(folder, data, rows, table, draw, self.text, report)
                keep_study(answer, folder, self.text)
        leave_if_stopped(answer.replications, answer.asked, self.text)

    def tell_rows(
        self,
        answer: RowsAnswer,
        declared: AnswerRows,
        write: Callable[[Console], None],
        draw: Callable[[Path], None],
        report: Callable[[], str] | None = None,
    ) -> None:
        """The same of an answer that declares its columns."""
        from sim.storage.answer_export import answer_data, answer_rows

        data, rows = answer_data(answer, declared, self.file), [*answer_rows(answer, declared)]
        self.tell(answer, data, rows, f"{declared.file}.csv", write, draw, report)
