"""Every kind of study that is kept has a report, opened again from its folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from sim import Run
from sim.analysis.day_record import day_record
from sim.errors import ResultError
from sim.plan.compile import compile_plan
from sim.questions.allocate import AllocateQuestion
from sim.questions.compare import CompareQuestion
from sim.questions.extend import ExtendQuestion
from sim.questions.frontier import FrontierQuestion
from sim.questions.hall_levers import read_choices
from sim.questions.lever_question import LeversQuestion
from sim.questions.next_point import NextPointQuestion
from sim.questions.one_matter import MatterQuestion
from sim.questions.question import Question
from sim.questions.rostering import RosterQuestion
from sim.questions.shortlist import ShortlistQuestion
from sim.questions.size import SizeQuestion
from sim.questions.staffing import StaffingQuestion
from sim.questions.switches import SwitchesQuestion
from sim.questions.tune import TuneQuestion
from sim.questions.turning import TurningQuestion
from sim.questions.warm_up import WarmUpQuestion
from sim.runs.task import serve_crowd
from sim.scenario.scenario import Scenario
from sim.scenario.switches import read_switches
from sim.storage.answers import QUESTIONS
from sim.storage.job_folder import RESULT
from sim.storage.keep import SCENARIO, scenario_text, write_folder
from sim.storage.kept_study import KeptStudy, open_study
from sim.storage.request import REQUEST, Request, request_text
from sim.storage.turning_keep import add_turning
from sim.text import LANGUAGES, Language, load_text
from sim.views.findings import tables_in
from sim.views.html_report import html_report
from sim.views.report_kinds import FINDINGS, HALLS, halls_of, report_of
from tests.analysis.test_day_record import counted
from tests.questions.test_extend import area
from tests.views.sized import PROMISES
from tests.views.test_day_page import COUNTS, NODE, in_node

SEED: Final = 3
RUN: Final = Run(replications=2, seed=SEED, workers=1)
HALL: Final[Mapping[str, Question[Any, Any]]] = {
    "compare": CompareQuestion(("one", "two")),
    "size": SizeQuestion(("two",)),
    "allocate": AllocateQuestion(("two",)),
    "roster": RosterQuestion("two", weeks=1),
    "tune": TuneQuestion(read_choices(["opening=0 min,30 min"]), "two", any_hours=True),
    "switches": SwitchesQuestion(read_switches(["assistance"]), "one"),
    "warm_up": WarmUpQuestion(("one", "two")),
    "levers": LeversQuestion("one", "wait"),
    "staffing": StaffingQuestion(("one", "two"), (2, 3)),
    "matter": MatterQuestion("one"),
}
AREA: Final[Mapping[str, Question[Any, Any]]] = {
    "extend": ExtendQuestion(("port",)),
    "next_points": NextPointQuestion((), 2),
    "frontier": FrontierQuestion((1, 2)),
    "shortlist": ShortlistQuestion(("port", "ridge")),
}
Keep = Callable[[str], Path]


@pytest.fixture(scope="module")
def keep(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Keep:
    """Asks a question of each kind once; the folder of a job that answered it."""
    targets = scenario.targets.model_copy(update={"promises": PROMISES[:1]})
    hall = scenario.model_copy(update={"targets": targets})
    home = tmp_path_factory.mktemp("home")

    def ask(kind: str) -> Path:
        folder = home / "runs" / kind
        if not folder.exists():
            question = {**HALL, **AREA}[kind]
            subject = area() if kind in AREA else hall
            answer = question.answer(subject, run=RUN)
            files = {
                REQUEST: request_text(Request(question, 2, 3)).encode(),
                SCENARIO: scenario_text(subject).encode(),
            }
            write_folder(folder, files)
            QUESTIONS[kind].save(answer, folder / RESULT)
        return folder

    return ask


def test_all_kinds_are_asked() -> None:
    assert {*HALL, *AREA} == {*FINDINGS}


@pytest.mark.parametrize("kind", [*HALL, *AREA])
def test_a_folder_tells_its_kind_as_a_job_does(keep: Keep, kind: str) -> None:
    of_job, of_folder = open_study(str(keep(kind))), open_study(str(keep(kind) / RESULT))
    assert of_job.kind == of_folder.kind == kind
    assert of_job.folder == of_folder.folder
    assert type(of_job.answer) is type(of_folder.answer)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [*HALL, *AREA])
def test_it_answers_and_shows(keep: Keep, kind: str, language: Language) -> None:
    text = load_text(language)
    opened = open_study(str(keep(kind)))
    report = report_of(opened.kind, opened.answer, text)
    names = [part.name for part in report.parts]
    assert names[:2] == ["asked", "answer"]
    assert {"sureness", "hanging"} <= {*names}
    assert "  " not in report.title
    assert len(tables_in(report.annexes)) >= 3
    for table in tables_in(report.annexes):
        assert all(len(row) == len(table.heads) for row in table.rows)
    steps: list[tuple[int, int]] = []
    page = html_report(report, text, lambda *step: steps.append(step)).decode()
    assert report.title in page
    assert steps
    assert report.scenario.hash in page


@pytest.mark.skipif(NODE is None, reason="no node on the PATH")
@pytest.mark.parametrize("kind", HALLS)
def test_the_day_of_a_report_counts_as_the_journals_of_its_halls_do(
    keep: Keep, tmp_path: Path, kind: str
) -> None:
    """At every minute, in each hall: of the first crowd of the study, on its first day."""
    opened = open_study(str(keep(kind)))
    report = report_of(opened.kind, opened.answer, load_text("en"))
    assert report.day is not None
    data = report.day()
    assert data is not None
    halls = halls_of(opened.kind, opened.answer)
    assert len(data["layouts"]) == len(halls)
    assert len({layout["name"] for layout in data["layouts"]}) == len(halls)
    days = [compile_plan(each.scenario, each.layout).period.hall_days for each in halls]
    first_day = min(set(days[0]).intersection(*days))
    for hall, counts in zip(halls, in_node(tmp_path, data, COUNTS), strict=True):
        plan = compile_plan(hall.scenario, hall.layout)
        tables = serve_crowd(plan, SEED, 0, "reference")
        record = day_record(tables, int(first_day))
        for minute, shown in enumerate(counts):
            n_windows, n_lists = len(plan.names.windows), len(plan.names.lists)
            assert shown == counted(record, minute, n_windows, n_lists), minute


@pytest.mark.parametrize("kind", sorted({*FINDINGS} - {*HALLS}))
def test_a_study_without_one_hall_plays_none(keep: Keep, kind: str) -> None:
    opened = open_study(str(keep(kind)))
    assert report_of(opened.kind, opened.answer, load_text("en")).day is None
    assert halls_of(opened.kind, opened.answer) == ()


def test_what_a_study_advises_is_played_beside_the_hall_as_it_is(keep: Keep) -> None:
    sides = {}
    for kind in ("size", "allocate", "roster", "switches"):
        today, advised = halls_of(kind, open_study(str(keep(kind))).answer)
        assert (today.side, today.layout) == ("today", advised.layout)
        sides[kind] = advised.side
        for language in LANGUAGES:
            assert load_text(language)(f"side.{advised.side}")
    assert len({*sides.values()}) == 4


def test_what_turns_a_verdict_is_told_with_it(keep: Keep) -> None:
    folder = keep("compare")
    study = QUESTIONS["compare"].load(folder / RESULT)
    question = TurningQuestion("wait", confirm=1)
    add_turning(question.answer(study, run=RUN), folder / RESULT)
    about = folder.parent / "turning"
    request = Request(question, 2, 3, about=folder.name)
    write_folder(about, {REQUEST: request_text(request).encode()})
    (about / RESULT).mkdir()
    opened: KeptStudy = open_study(str(about))
    assert (opened.kind, opened.folder) == ("compare", folder / RESULT)
    text = load_text("en")
    [hanging] = [
        part for part in report_of("compare", opened.answer, text).parts if part.name == "hanging"
    ]
    assert text("document.not_turned") not in {sentence.words for sentence in hanging.sentences}
    assert len(hanging.sentences) > 1
    (folder / RESULT / "turning.json").unlink()


class TestNothingThere:
    def test_a_folder_without_an_answer_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ResultError) as refused:
            open_study(str(tmp_path))
        assert [problem.code for problem in refused.value.problems] == ["no_study"]

    def test_so_is_a_job_that_has_not_ended(self, keep: Keep, tmp_path: Path) -> None:
        request = (keep("compare") / REQUEST).read_bytes()
        (tmp_path / REQUEST).write_bytes(request)
        with pytest.raises(ResultError) as refused:
            open_study(str(tmp_path))
        assert [problem.code for problem in refused.value.problems] == ["no_study"]
