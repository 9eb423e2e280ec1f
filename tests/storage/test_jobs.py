"""Long runs live in folders: progress, cancel, crash, queue, and a server that starts again."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sim import Run, Scenario, load_scenario
from sim.errors import RunError
from sim.questions.compare import CompareQuestion
from sim.questions.extend import ExtendQuestion, extend
from sim.questions.frontier import FrontierQuestion, frontier
from sim.questions.lever_question import LeversQuestion
from sim.questions.next_point import NextPointQuestion, next_points
from sim.questions.staffing import StaffingQuestion
from sim.scenario.places import ServicePoint
from sim.storage import worker
from sim.storage.answers import QUESTIONS, kind_of
from sim.storage.extend_export import extension_data
from sim.storage.extend_keep import load_extension
from sim.storage.job_folder import ERROR, INTERRUPTED, LOG, Job
from sim.storage.jobs import Jobs, default_home
from sim.storage.keep import load_study
from sim.storage.request import REQUEST, Request, read_request
from sim.text import LANGUAGES, load_text
from tests.questions.test_extend import area
from tests.web.halls import small_file

ONCE = Request(CompareQuestion(("zone", "pooled")), 2, 1, settings={"demand": 1.0})
ENDLESS = ONCE._replace(replications=20_000)
FEW = 2 + (os.cpu_count() or 1)
"""Replications after which the first is finished, whatever the order in which they end."""


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    return load_scenario(small_file(tmp_path))


@pytest.fixture
def jobs(tmp_path: Path) -> Jobs:
    return Jobs(tmp_path / "home", waiting=2)


def until(jobs: Jobs, name: str, condition: Callable[[Job], bool], seconds: float = 60) -> Job:
    limit = time.monotonic() + seconds
    while True:
        job = jobs.job(name)
        assert job is not None
        if condition(job):
            return job
        assert time.monotonic() < limit, job
        time.sleep(0.05)


def ended(job: Job) -> bool:
    return not job.live


def test_a_job_gives_its_study(jobs: Jobs, scenario: Scenario) -> None:
    name = jobs.submit(ONCE, scenario)
    job = until(jobs, name, ended)
    assert (job.state, job.done, job.total) == ("done", 2, 2)
    study = load_study(jobs.result(name))
    assert study.scenario == scenario
    assert study.replications == 2
    assert jobs.newest() == (name,)


def test_a_job_gives_its_curve(jobs: Jobs, scenario: Scenario) -> None:
    request = Request(StaffingQuestion(("pooled",), (3, 4)), 1, 1)
    name = jobs.submit(request, scenario)
    job = until(jobs, name, ended)
    assert (job.state, job.done, job.total) == ("done", 2, 2)
    curve = QUESTIONS["staffing"].load(jobs.result(name))
    assert [point.clerks for point in curve.points] == [3, 4]


def test_a_question_of_another_version_is_told(jobs: Jobs, scenario: Scenario) -> None:
    """A job may have been asked by a later program, whose questions this one does not have."""
    name = Jobs(jobs.runs.parent, running=0).submit(ONCE, scenario)
    path = jobs.runs / name / REQUEST
    path.write_text(path.read_text(encoding="utf-8").replace('"compare"', '"prophecy"'), "utf-8")
    job = until(jobs, name, ended)
    assert job.state == "failed"
    [problem] = job.problems
    assert (problem.code, problem.found) == ("unreadable_study", "prophecy")


def test_each_answer_is_that_of_one_question() -> None:
    """A request is of the kind whose description it holds."""
    for types in zip(*((kind.asks, kind.gives) for kind in QUESTIONS.values()), strict=True):
        assert len({*types}) == len(types)
    assert [kind_of(kind.asks) for kind in QUESTIONS.values()] == [*QUESTIONS]


LEVERS = Request(LeversQuestion("pooled"), 2, 1)


def priced(folder: Path) -> Scenario:
    """The small hall, whose clerk hour has a range; its value is the default's nowhere."""
    file = small_file(folder)
    money = "money: {clerk_yuan_per_hour: 30, assumed: {clerk_yuan_per_hour: [20, 40]}}"
    text = file.read_text(encoding="utf-8").replace("money: {clerk_yuan_per_hour: 30}", money)
    later = "hall: {last_ticket: 0 min, assumed: {last_ticket: [0 min, 20 min]}, name:"
    file.write_text(text.replace("hall: {name:", later), encoding="utf-8")
    return load_scenario(file)


def test_a_job_gives_its_ranking(jobs: Jobs, tmp_path: Path) -> None:
    name = jobs.submit(LEVERS, priced(tmp_path))
    job = until(jobs, name, ended)
    assert job.state == "done", job
    ranking = QUESTIONS["levers"].load(jobs.result(name))
    paths = {swing.lever.path for swing in ranking.swings}
    assert paths == {"money.clerk_yuan_per_hour", "hall.last_ticket"}, "also what is the default"


def test_a_ranking_of_nothing_is_told(jobs: Jobs, scenario: Scenario) -> None:
    name = jobs.submit(LEVERS, scenario)
    job = until(jobs, name, ended)
    assert (job.state, [problem.code for problem in job.problems]) == ("failed", ["no_levers"])


def test_a_ranking_is_cancelled(jobs: Jobs, tmp_path: Path) -> None:
    name = jobs.submit(LEVERS._replace(replications=20_000), priced(tmp_path))
    until(jobs, name, lambda job: job.done >= 20)
    jobs.cancel(name)
    assert until(jobs, name, ended).state == "done"
    ranking = QUESTIONS["levers"].load(jobs.result(name))
    assert ranking.cancelled
    assert 1 <= ranking.replications < 20_000


STATIONS: dict[str, ServicePoint] = {
    "ridge": ServicePoint(clerks={"mon-fri 09:00-12:00": 2}, accepts=("police",))
}
POINTS = Request(ExtendQuestion(("port", "ridge"), "zone"), 2, 3)


def test_a_job_gives_what_came_of_new_stations(jobs: Jobs) -> None:
    """What the page asks of a job is what a notebook asks of the function."""
    scenario = area()
    request = POINTS._replace(question=ExtendQuestion(("port", "ridge"), "zone", STATIONS))
    name = jobs.submit(request, scenario)
    job = until(jobs, name, ended)
    assert (job.state, job.done) == ("done", job.total)
    extension = load_extension(jobs.result(name))
    by_hand = extend(
        scenario,
        ["port", "ridge"],
        "zone",
        run=Run(replications=2, seed=3, workers=1),
        stations=STATIONS,
    )
    assert extension.opened == by_hand.opened
    assert str(extension_data(extension)) == str(extension_data(by_hand))
    folder = jobs.folder(name)
    assert folder is not None
    assert read_request(folder) == request


def test_wrong_stations_are_told(jobs: Jobs) -> None:
    """All that a scenario would be told, and nothing half done."""
    wrong = {"ridge": STATIONS["ridge"].model_copy(update={"hours": "nights"})}
    question = ExtendQuestion(("port", "ridge"), "zone", wrong)
    name = jobs.submit(POINTS._replace(question=question), area())
    job = until(jobs, name, ended)
    assert (job.state, {problem.code for problem in job.problems}) == (
        "failed",
        {"unknown_calendar"},
    )


def test_new_stations_are_cancelled(jobs: Jobs) -> None:
    name = jobs.submit(POINTS._replace(replications=20_000), area())
    until(jobs, name, lambda job: job.done >= 400)
    jobs.cancel(name)
    assert until(jobs, name, ended).state == "done"
    extension = load_extension(jobs.result(name))
    assert 1 <= extension.replications < extension.asked


def test_a_job_gives_the_next_point_and_the_frontier(jobs: Jobs) -> None:
    scenario = area()
    request = Request(NextPointQuestion(("ridge",), 2, "zone"), 2, 3)
    many = Request(FrontierQuestion((1, 2), "zone"), 2, 3)
    first, second = jobs.submit(request, scenario), jobs.submit(many, scenario)
    assert until(jobs, first, ended).state == "done"
    assert until(jobs, second, ended).state == "done"
    ranked = QUESTIONS["next_points"].load(jobs.result(first))
    assert ranked == next_points(
        scenario, ["ridge"], 2, "zone", run=Run(replications=2, seed=3, workers=1)
    )
    assert QUESTIONS["frontier"].load(jobs.result(second)) == frontier(
        scenario, [1, 2], "zone", run=Run(replications=2, seed=3, workers=1)
    )


def test_an_answer_so_far_is_there_while_a_job_runs_and_kept_when_it_is_cancelled(
    jobs: Jobs,
) -> None:
    name = jobs.submit(Request(NextPointQuestion((), 4, "zone"), 20_000, 3), area())
    assert until(jobs, name, lambda _: jobs.early(name) is not None).live
    until(jobs, name, lambda job: job.done >= 400)
    early = jobs.early(name)
    assert early is not None
    shown = QUESTIONS["next_points"].load(early)
    assert shown.rows
    assert not shown.is_whole
    since = time.monotonic()
    jobs.cancel(name)
    assert until(jobs, name, ended).state == "done"
    assert time.monotonic() - since <= 3
    newest = QUESTIONS["next_points"].load(jobs.result(name))
    assert newest.replications >= shown.replications
    assert len(newest.rows) >= len(shown.rows)
    assert not newest.is_whole


def test_cancelling_keeps_what_is_finished(jobs: Jobs, scenario: Scenario) -> None:
    name = jobs.submit(ENDLESS, scenario)
    running = until(jobs, name, lambda job: job.done >= FEW)
    assert running.state == "running"
    assert running.left_s > 0
    jobs.cancel(name)
    assert until(jobs, name, ended).state == "done"
    study = load_study(jobs.result(name))
    assert study.cancelled
    assert 1 <= study.replications < 20_000


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")
def test_a_crash_is_told_with_the_number_of_its_log(jobs: Jobs, scenario: Scenario) -> None:
    name = jobs.submit(ENDLESS, scenario)
    until(jobs, name, lambda job: job.done >= FEW)
    os.kill(jobs._own[name].pid, signal.SIGKILL)
    job = until(jobs, name, ended)
    assert job.state == "failed"
    for language in LANGUAGES:
        assert name in job.problems[0].sentence(load_text(language))
    same_job = Jobs(jobs.runs.parent).job(name)
    assert same_job is not None
    assert same_job.state == "failed", "known from the folder alone"


def test_an_error_is_told_and_not_a_traceback(jobs: Jobs, scenario: Scenario) -> None:
    few = Request(StaffingQuestion(("zone",), (1,)), 1, 1)
    job = until(jobs, jobs.submit(few, scenario), ended)
    assert job.state == "failed"
    assert job.problems[0].code == "too_small"


def test_a_full_queue_is_a_message(jobs: Jobs, scenario: Scenario) -> None:
    names = [jobs.submit(ENDLESS, scenario) for _ in range(3)]
    with pytest.raises(RunError) as refused:
        jobs.submit(ONCE, scenario)
    assert refused.value.problems[0].code == "queue_full"
    for name in reversed(names):
        jobs.cancel(name)
    assert until(jobs, names[2], ended).state == "cancelled", "it never started"
    assert not (jobs.runs / names[2] / LOG).exists()
    assert until(jobs, names[0], ended).state in ("done", "cancelled")


def test_the_next_job_starts_by_itself(jobs: Jobs, scenario: Scenario) -> None:
    first, second = jobs.submit(ONCE, scenario), jobs.submit(ONCE, scenario)
    until(jobs, first, ended)
    limit = time.monotonic() + 60
    while not jobs.result(second).is_dir():
        assert time.monotonic() < limit
        time.sleep(0.05)


def test_jobs_outlive_the_server(jobs: Jobs, scenario: Scenario) -> None:
    running, waiting = jobs.submit(ENDLESS, scenario), jobs.submit(ONCE, scenario)
    until(jobs, running, lambda job: job.done >= FEW)
    restarted = Jobs(jobs.runs.parent)
    job = restarted.job(running)
    assert job is not None
    assert job.state == "running"
    assert job.done >= 1
    left = restarted.job(waiting)
    assert left is not None
    assert left.state == "queued"
    restarted.cancel(running)
    assert until(restarted, running, ended).state == "done"
    assert until(restarted, waiting, ended).state == "done"


def test_a_second_worker_leaves_a_job_alone(jobs: Jobs, scenario: Scenario) -> None:
    name = jobs.submit(ONCE, scenario)
    until(jobs, name, ended)
    assert worker.main(jobs.runs / name) == 0
    assert not (jobs.runs / name / ERROR).exists()


@pytest.mark.parametrize(
    "name", ["", "..", "../etc", "20250101-000000-zzzzzz", "20250101-000000-abcdef"]
)
def test_a_name_is_never_a_path(jobs: Jobs, name: str) -> None:
    assert jobs.job(name) is None
    jobs.cancel(name)


def test_half_a_line_of_progress_is_no_harm(jobs: Jobs, scenario: Scenario) -> None:
    name = jobs.submit(ONCE, scenario)
    until(jobs, name, ended)
    with (jobs.runs / name / "progress.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"done": 3')
    job = jobs.job(name)
    assert job is not None
    assert job.done == 2


def test_settings_are_found_again(jobs: Jobs, scenario: Scenario) -> None:
    name = jobs.submit(ONCE, scenario)
    request = json.loads((jobs.runs / name / REQUEST).read_text(encoding="utf-8"))
    assert request["settings"] == {"demand": 1.0}
    until(jobs, name, ended)


def test_runs_are_kept_where_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GOVHALL_HOME", str(tmp_path))
    assert default_home() == tmp_path
    monkeypatch.delenv("GOVHALL_HOME")
    assert Path(__file__).resolve().parents[2] not in default_home().parents


@pytest.mark.parametrize(
    ("platform", "named", "folder"),
    [
        ("linux", {}, "home/.local/share/govhall"),
        ("linux", {"XDG_DATA_HOME": "data"}, "data/govhall"),
        ("darwin", {}, "home/Library/Application Support/govhall"),
        ("win32", {}, "home/AppData/Local/govhall"),
        ("win32", {"LOCALAPPDATA": "local"}, "local/govhall"),
        ("darwin", {"GOVHALL_HOME": "here"}, "here"),
    ],
)
def test_runs_are_kept_where_a_system_keeps_data(
    monkeypatch: pytest.MonkeyPatch, platform: str, named: dict[str, str], folder: str
) -> None:
    for name in ("GOVHALL_HOME", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: Path("home"))
    assert default_home() == Path(folder)


@pytest.mark.parametrize(
    ("platform", "leads", "ways"),
    [("win32", True, ["exit 1"]), ("linux", True, ["kill 0"]), ("linux", False, [])],
)
def test_a_worker_ends_with_its_server(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    platform: str,
    leads: bool,
    ways: list[str],
) -> None:
    """With all helpers where it leads a group of processes; where there are none, alone."""
    read, write = os.pipe()
    os.close(write)  # the server is gone
    ended: list[str] = []
    with os.fdopen(read) as closed_pipe:
        monkeypatch.setattr(sys, "stdin", closed_pipe)
        monkeypatch.setattr(sys, "platform", platform)
        monkeypatch.setattr(os, "getpgrp", lambda: os.getpid() if leads else 1)
        monkeypatch.setattr(os, "killpg", lambda group, _: ended.append(f"kill {group}"))
        monkeypatch.setattr(os, "_exit", lambda status: ended.append(f"exit {status}"))
        worker._end_with_server(tmp_path)
    assert ended[:1] == ways
    assert (tmp_path / INTERRUPTED).exists()
