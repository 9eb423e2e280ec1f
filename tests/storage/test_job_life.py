"""Readers share the machine; what is cancelled ends at once; nothing outlives its life."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import Scenario, load_scenario
from sim.errors import Cancelled, OptionError, OutputError, ResultError, RunError
from sim.questions.allocate import AllocateQuestion
from sim.questions.compare import CompareQuestion
from sim.questions.extend import ExtendQuestion
from sim.questions.frontier import FrontierQuestion
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
from sim.scenario.places import ServicePoint
from sim.storage import jobs as jobs_module
from sim.storage.answers import QUESTIONS
from sim.storage.job_folder import CANCEL, INTERRUPTED, LOG, PID, PROGRESS, RESULT
from sim.storage.jobs import Jobs
from sim.storage.keep import SCENARIO, load_study
from sim.storage.life import DAY_S, Life, life_of_runs, size_of
from sim.storage.lock import lock_held
from sim.storage.request import REQUEST, Request, read_request, request_text
from sim.storage.turns import Waiting, next_in_turn
from sim.storage.worker import work
from tests.storage.test_jobs import ENDLESS, ONCE, ended, until
from tests.web.halls import small_file

FOR_EVER = Life(float("inf"), float("inf"))
AT_ONCE_S = 3.0
"""Seconds within which a cancelled job ends."""

posix = pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    return load_scenario(small_file(tmp_path))


class Idle(Jobs):
    """Jobs that wait for ever."""

    def _start(self, name: str) -> None:
        (self.runs / name / LOG).touch()  # as a worker that starts


def of(reader: str) -> Request:
    return ONCE._replace(reader=reader)


# === turns === #


def test_nobody_shuts_others_out(tmp_path: Path, scenario: Scenario) -> None:
    """Five jobs of one reader, and then one of another: it waits for one job, not for five."""
    jobs = Idle(tmp_path, waiting=4)
    for _ in range(5):
        jobs.submit(of("ann"), scenario)
    with pytest.raises(RunError) as refused:
        jobs.submit(of("ann"), scenario)
    assert [problem.code for problem in refused.value.problems] == ["queue_full"]
    theirs = jobs.submit(of("bob"), scenario)
    waiting = [
        Waiting(job.id, jobs._reader(job.id), (jobs.runs / job.id / REQUEST).stat().st_mtime_ns)
        for job in jobs._live()
        if job.state == "queued"
    ]
    following = next_in_turn(waiting, [], jobs._served_at)
    assert following is not None
    assert following.name == theirs


def test_first_in_first_served_within_a_reader(tmp_path: Path, scenario: Scenario) -> None:
    jobs = Idle(tmp_path, running=0, waiting=9)
    in_order = [jobs.submit(of("ann"), scenario) for _ in range(6)]
    order = []
    waiting = [
        Waiting(job.id, "ann", (jobs.runs / job.id / REQUEST).stat().st_mtime_ns)
        for job in jobs._live()
    ]
    while waiting:
        following = next_in_turn(waiting, [], {})
        assert following is not None
        order.append(following.name)
        waiting.remove(following)
    assert order == in_order, "also where all were asked in one second"


def test_readers_take_turns() -> None:
    """Three readers of many jobs each: no two jobs of one reader between two of another."""
    waiting = [Waiting(f"{who}{n}", who, n) for n in range(4) for who in "abc"]
    served: dict[str, float] = {}
    order = []
    for clock in range(12):
        following = next_in_turn(waiting, [], served)
        assert following is not None
        order.append(following.reader)
        served[following.reader] = clock
        waiting.remove(following)
    assert all(sorted(order[n : n + 3]) == ["a", "b", "c"] for n in range(0, 12, 3))
    assert next_in_turn([], [], served) is None


@settings(max_examples=300)
@given(
    asks=st.lists(st.tuples(st.integers(0, 3), st.sampled_from("abcd")), min_size=1, max_size=40),
    running=st.integers(1, 3),
    ends=st.lists(st.integers(0, 5), min_size=40, max_size=40),
)
def test_nobody_waits_for_more_than_one_job_of_each_other_reader(
    asks: list[tuple[int, str]], running: int, ends: list[int]
) -> None:
    """However many anybody asks for, and whenever: while a reader has a job that waits and none
    that runs, each other reader starts at most one.
    """
    waiting: list[Waiting] = []
    at_work: list[str] = []
    served: dict[str, float] = {}
    started_since: dict[str, Counter[str]] = {}
    clock = 0
    coming = [Waiting(f"{reader}{n}", reader, n) for n, (_, reader) in enumerate(asks)]
    pauses = [pause for pause, _ in asks]
    while coming or waiting or at_work:
        clock += 1
        for _ in range(1 + pauses[-len(coming)] if coming else 0):
            if coming:
                waiting.append(coming.pop(0))
        while len(at_work) < running:
            starts = next_in_turn(waiting, at_work, served)
            if starts is None:
                break
            for reader, others in started_since.items():
                if reader != starts.reader:
                    others[starts.reader] += 1
                    assert others[starts.reader] <= 1, (reader, starts)
            clock += 1
            served[starts.reader] = clock
            waiting.remove(starts)
            at_work.append(starts.reader)
            started_since.pop(starts.reader, None)
        in_need = {job.reader for job in waiting} - set(at_work)
        started_since = {reader: started_since.get(reader, Counter()) for reader in in_need}
        if at_work:
            at_work.pop(ends[clock % len(ends)] % len(at_work))
        in_need = {job.reader for job in waiting} - set(at_work)
        started_since = {reader: started_since.get(reader, Counter()) for reader in in_need}


def test_how_many_start_before(tmp_path: Path, scenario: Scenario) -> None:
    """What a reader is told while a job waits: her third waits for bob's first job."""
    jobs = Idle(tmp_path, running=1, waiting=9)
    readers = ("ann", "ann", "ann", "bob", "bob")
    first, *queued = (jobs.submit(of(reader), scenario) for reader in readers)
    assert [jobs.count_before(name) for name in queued] == [1, 3, 0, 2]
    assert jobs.count_before(first) == len(queued), "one that runs waits for nobody"


def test_the_queue_of_all_has_an_end_too(tmp_path: Path, scenario: Scenario) -> None:
    jobs = Idle(tmp_path, running=0, waiting=4, waiting_all=6)
    for reader in ("ann", "bob", "cem", "dee", "eve", "fay"):
        jobs.submit(of(reader), scenario)
    with pytest.raises(RunError) as refused:
        jobs.submit(of("gil"), scenario)
    [problem] = refused.value.problems
    assert (problem.code, problem.found) == ("queue_full_of_all", "6")


def test_a_job_is_refused_where_the_disk_is_nearly_full(
    tmp_path: Path, scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = Idle(tmp_path, running=0, free_gb=1.0)
    jobs.submit(of("ann"), scenario)
    usage = shutil.disk_usage(tmp_path)._replace(free=999 * 10**6)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(OutputError) as refused:
        jobs.submit(of("ann"), scenario)
    [problem] = refused.value.problems
    assert (problem.code, problem.found, problem.allowed) == ("disk_full", "999.0 MB", "1,000.0 MB")


def test_use_of_the_disk_is_that_of_what_has_ended(tmp_path: Path, scenario: Scenario) -> None:
    jobs = Idle(tmp_path, running=0, waiting=9)
    names = [jobs.submit(of("ann"), scenario) for _ in range(3)]
    assert jobs.use().studies == 0
    jobs.cancel(names[1])
    assert jobs.use().studies == size_of(jobs.runs / names[1]) > 1_000
    assert jobs.use().free > 0


def test_jobs_of_others_are_not_listed(tmp_path: Path, scenario: Scenario) -> None:
    jobs = Idle(tmp_path)
    ours, theirs, anybodys = (jobs.submit(of(who), scenario) for who in ("ann", "bob", ""))
    assert jobs.newest("ann") == (ours,)
    assert set(jobs.newest()) == {ours, theirs, anybodys}
    assert jobs.owned(ours, "ann")
    assert not jobs.owned(theirs, "ann")
    assert jobs.job(theirs) is not None, "by its address anybody may look"


def test_an_address_cannot_be_guessed(tmp_path: Path, scenario: Scenario) -> None:
    jobs = Idle(tmp_path, waiting=9)
    ends = {jobs.submit(ONCE, scenario).rsplit("-", 1)[1] for _ in range(5)}
    assert len(ends) == 5
    assert all(len(end) == 16 for end in ends), "64 bits"


# === cancelling === #


def test_a_job_that_prepares_is_cancelled_at_once(tmp_path: Path) -> None:
    """Thousands of alternatives are made before the first is run; nothing is to be kept."""
    scenario = load_scenario(small_file(tmp_path), ["run.measured_days=2000"])
    jobs = Jobs(tmp_path / "home", life=FOR_EVER)
    name = jobs.submit(ENDLESS, scenario)
    until(jobs, name, lambda job: job.state == "running")
    begun = time.monotonic()
    jobs.cancel(name)
    job = until(jobs, name, ended, AT_ONCE_S + 1)
    assert time.monotonic() - begun <= AT_ONCE_S
    assert job.state == "cancelled"


def test_long_pieces_are_broken_off_and_finished_ones_kept(tmp_path: Path) -> None:
    """A replication takes long; those that are done are kept, the one under way is not waited for.

    The measure is against the time of one replication, so that a busy machine does not matter.
    """
    scenario = load_scenario(small_file(tmp_path), ["run.measured_days=2000"])
    jobs = Jobs(tmp_path / "home", life=FOR_EVER)
    name = jobs.submit(ENDLESS, scenario)
    until(jobs, name, lambda job: job.done >= 3, 120)
    jobs.cancel(name)
    job = until(jobs, name, ended, 30)
    assert job.state == "done"
    study = load_study(jobs.result(name))
    assert study.cancelled
    assert study.replications >= 1


def test_a_job_that_waits_is_cancelled_at_once(tmp_path: Path, scenario: Scenario) -> None:
    jobs = Idle(tmp_path, running=0)
    name = jobs.submit(ONCE, scenario)
    jobs.cancel(name)
    job = jobs.job(name)
    assert job is not None
    assert job.state == "cancelled"


class Deaf(Jobs):
    """Jobs whose workers hear no order to stop; each has done some replications."""

    def __init__(self, home: Path, done: int) -> None:
        super().__init__(home, life=FOR_EVER)
        self.done = done

    def _start(self, name: str) -> None:
        folder = self.runs / name
        (folder / LOG).touch()
        lines = [{"done": n, "total": 9, "at": float(n)} for n in range(self.done + 1)]
        words = "".join(json.dumps(line) + "\n" for line in lines)
        (folder / PROGRESS).write_text(words, encoding="utf-8")
        command = [sys.executable, "-c", "import time; time.sleep(60)"]
        worker = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
        self._own[name] = worker
        threading.Thread(target=self._await, args=(name, worker), daemon=True).start()


@pytest.mark.parametrize(("done", "save", "least", "most"), [(0, 2, 0.2, 1.5), (1, 0.6, 0.6, 5)])
def test_who_does_not_heed_is_ended(
    tmp_path: Path,
    scenario: Scenario,
    monkeypatch: pytest.MonkeyPatch,
    done: int,
    save: float,
    least: float,
    most: float,
) -> None:
    """Soon, as long as there is nothing to keep; else there is time to save what is done."""
    monkeypatch.setattr(jobs_module, "HEED_S", 0.2)
    monkeypatch.setattr(jobs_module, "SAVE_S", save)
    jobs = Deaf(tmp_path, done)
    name = jobs.submit(ONCE, scenario)
    begun = time.monotonic()
    jobs.cancel(name)
    job = until(jobs, name, ended, 10)
    assert least <= time.monotonic() - begun < most
    assert job.state == "cancelled"
    assert jobs._own[name].wait(5) < 0


@pytest.mark.parametrize(
    ("request_", "total"),
    [
        (ONCE._replace(replications=7), 7),
        (Request(StaffingQuestion(("zone", "pooled"), (4, 5, 6)), 7, 1), 7 * 3 * 2),
    ],
)
def test_how_much_there_is_to_do_is_told_first(
    tmp_path: Path,
    scenario: Scenario,
    capsys: pytest.CaptureFixture[str],
    request_: Request,
    total: int,
) -> None:
    """Before anything is done: also by one that is stopped then."""
    jobs = Idle(tmp_path, running=0)
    folder = jobs.runs / jobs.submit(request_, scenario)
    (folder / CANCEL).touch()
    with pytest.raises(Cancelled):
        work(folder)
    [line] = map(json.loads, capsys.readouterr().out.splitlines())
    assert (line["done"], line["total"]) == (0, total)


# === the life of what is kept === #


def finished(jobs: Jobs, scenario: Scenario, days_ago: float = 0.0, size: int = 0) -> str:
    """A job that ended some days ago."""
    name = jobs.submit(ONCE, scenario)
    folder = jobs.runs / name
    (folder / LOG).touch()
    (folder / RESULT).mkdir()
    (folder / RESULT / "big").write_bytes(bytes(size))
    ended_at = time.time() - days_ago * DAY_S
    os.utime(folder, (ended_at, ended_at))
    return name


def test_what_is_old_or_too_much_goes_the_oldest_first(tmp_path: Path, scenario: Scenario) -> None:
    first = Idle(tmp_path, running=0, waiting=99, life=FOR_EVER)
    old = finished(first, scenario, days_ago=100)
    big = finished(first, scenario, days_ago=50, size=3_000_000)
    new = finished(first, scenario, days_ago=1, size=1_000_000)
    waiting = first.submit(ONCE, scenario)
    assert set(first.newest()) == {old, big, new, waiting}, "for ever"
    reopened = Idle(tmp_path, running=0, life=Life(90, 0.1))
    assert set(reopened.newest()) == {big, new, waiting}, "older than 90 days"
    reopened = Idle(tmp_path, running=0, life=Life(90, 0.002))
    assert set(reopened.newest()) == {new, waiting}, "more than 2 MB together"
    reopened = Idle(tmp_path, running=0, life=Life(0.5, 0))
    assert set(reopened.newest()) == {waiting}, "what waits is never taken away"


@pytest.mark.parametrize(
    ("days", "gigabytes", "life"),
    [
        ("", "", Life(90, 5)),
        ("30", "2.5", Life(30, 2.5)),
        ("0", "0", FOR_EVER),
    ],
)
def test_the_life_is_set_by_the_environment(
    monkeypatch: pytest.MonkeyPatch, days: str, gigabytes: str, life: Life
) -> None:
    monkeypatch.setenv("GOVHALL_KEEP_DAYS", days)
    monkeypatch.setenv("GOVHALL_KEEP_GB", gigabytes)
    assert life_of_runs() == life


@pytest.mark.parametrize("words", ["-1", "nan", "inf", "a week"])
def test_a_wrong_life_is_told_and_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: str
) -> None:
    monkeypatch.setenv("GOVHALL_KEEP_DAYS", words)
    with pytest.raises(OptionError) as refused:
        life_of_runs()
    assert words in str(refused.value)
    assert Jobs(tmp_path).life == Life(90, 5)


# === servers and workers that end === #

SERVER = """
import sys, time
from pathlib import Path
from sim import load_scenario
from sim.storage.jobs import Jobs
from tests.storage.test_jobs import ENDLESS
jobs = Jobs(Path(sys.argv[1]))
print(jobs.submit(ENDLESS, load_scenario(sys.argv[2])), flush=True)
time.sleep(600)
"""


def processes_of(group: int) -> list[int]:
    """Processes of a group that live."""
    numbers = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, pgrp = stat.read_text(encoding="utf-8").rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(pgrp) == group and state not in "ZX":
            numbers.append(int(stat.parent.name))
    return numbers


@posix
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
def test_a_server_that_is_killed_leaves_no_worker_and_its_job_waits_again(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SERVER, str(tmp_path / "home"), str(small_file(tmp_path))]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).resolve().parents[2]
    ) as server:
        assert server.stdout is not None
        name = server.stdout.readline().strip()
        folder = tmp_path / "home" / "runs" / name
        limit = time.monotonic() + 100
        while not (folder / PROGRESS).exists() or '"done": 2' not in (
            (folder / PROGRESS).read_text(encoding="utf-8")
        ):
            assert time.monotonic() < limit
            time.sleep(0.1)
        worker = int((folder / PID).read_text(encoding="ascii"))
        assert len(processes_of(worker)) > 1, "a worker and its helpers"
        server.kill()
    limit = time.monotonic() + 10
    # the system lets go of a process before it has closed all of its files
    while processes_of(worker) or lock_held(folder / "lock"):
        assert time.monotonic() < limit, processes_of(worker)
        time.sleep(0.1)
    assert (folder / INTERRUPTED).exists()
    restarted = Jobs(tmp_path / "home", running=0)
    job = restarted.job(name)
    assert job is not None
    assert job.state == "queued"
    restarted.cancel(name)


@posix
def test_a_helper_that_the_system_ends_is_told(tmp_path: Path, scenario: Scenario) -> None:
    jobs = Jobs(tmp_path / "home", life=FOR_EVER)
    name = jobs.submit(ENDLESS, scenario)
    until(jobs, name, lambda job: job.done >= 2)
    worker = jobs._own[name].pid
    helpers = [process for process in processes_of(worker) if process != worker]
    os.kill(helpers[0], signal.SIGKILL)
    job = until(jobs, name, ended)
    assert [problem.code for problem in job.problems] == ["worker_lost"]


# === damage === #


@pytest.mark.parametrize(
    "words",
    [
        "",
        "{",
        "[]",
        "3",
        '{"kind": 3}',
        '{"kind": "compare", "layouts": 7, "replications": 2, "seed": 1}',
        '{"kind": "compare", "layouts": ["a"], "replications": 2, "seed": 1, "settings": 3}',
        '{"kind": "compare", "layouts": ["a"], "replications": 2, "seed": 1, "new": 3}',
        "[" * 100_000,
    ],
)
def test_a_damaged_request_is_told(tmp_path: Path, scenario: Scenario, words: str) -> None:
    jobs = Idle(tmp_path, running=0)
    name = jobs.submit(ONCE, scenario)
    (jobs.runs / name / REQUEST).write_text(words, encoding="utf-8")
    with pytest.raises(ResultError) as refused:
        read_request(jobs.runs / name)
    assert [problem.code for problem in refused.value.problems] == ["unreadable_study"]
    reopened = Idle(tmp_path, running=0)
    assert reopened.newest() == (name,)
    assert reopened.newest("ann") == ()
    assert reopened.job(name) is not None


@pytest.mark.parametrize("file", [REQUEST, SCENARIO])
def test_a_damaged_job_that_waited_fails_with_a_sentence(
    tmp_path: Path, scenario: Scenario, file: str
) -> None:
    name = Idle(tmp_path, running=0).submit(ONCE, scenario)
    (tmp_path / "runs" / name / file).write_text("{", encoding="utf-8")
    jobs = Jobs(tmp_path, life=FOR_EVER)
    job = until(jobs, name, ended)
    assert (job.state, [problem.code for problem in job.problems]) == (
        "failed",
        ["unreadable_study"],
    )


@pytest.mark.parametrize("words", ["", "{}", "[1]", '{"done": 1, "total": 2}', '{"done":'])
def test_damaged_progress_is_no_harm(tmp_path: Path, scenario: Scenario, words: str) -> None:
    jobs = Idle(tmp_path, running=0)
    name = jobs.submit(ONCE, scenario)
    (jobs.runs / name / PROGRESS).write_text(words + "\n", encoding="utf-8")
    job = jobs.job(name)
    assert job is not None
    assert (job.done, job.total) == (0, 0)


STATION = {"clerks": {"mon-fri 09:00-12:00": 2}, "accepts": ["police"]}
FLAT = {
    "layouts": ["zone"],
    "replications": 2,
    "seed": 1,
    "totals": [3, 4],
    "settings": {"demand": 1.0},
    "measure": "trips",
    "only": ["money"],
    "points": ["ridge"],
    "stations": {"ridge": STATION},
    "most": 5,
    "study": "",
    "reader": "ann",
}
"""A request as 0.3.0 wrote it: the fields of all questions beside each other."""
OWN = {"ridge": ServicePoint(clerks={"mon-fri 09:00-12:00": 2}, accepts=("police",))}
DESCRIPTIONS: dict[str, Question[Any, Any]] = {
    "compare": CompareQuestion(("zone",)),
    "staffing": StaffingQuestion(("zone",), (3, 4)),
    "levers": LeversQuestion("zone", "trips", ("money",)),
    "extend": ExtendQuestion(("ridge",), "zone", OWN),
    "next_points": NextPointQuestion(("ridge",), 5, "zone", OWN),
    "frontier": FrontierQuestion((3, 4), "zone"),
    "shortlist": ShortlistQuestion(("ridge",), "zone", OWN),
    "turning": TurningQuestion("trips"),
    "matter": MatterQuestion("zone"),
    "warm_up": WarmUpQuestion(("zone",)),
    "size": SizeQuestion(("zone",)),
    "roster": RosterQuestion("zone"),
    "allocate": AllocateQuestion(("zone",)),
    "tune": TuneQuestion((), "zone", "trips"),
    "switches": SwitchesQuestion((), "zone"),
}


def test_each_kind_of_question_is_described_here() -> None:
    assert DESCRIPTIONS.keys() == QUESTIONS.keys()


@pytest.mark.parametrize("kind", QUESTIONS)
def test_flat_requests_of_before_are_read(tmp_path: Path, kind: str) -> None:
    """Each question takes its own fields and leaves those of the others."""
    about = "first" if QUESTIONS[kind].about else ""
    old = {"kind": kind, **FLAT, "study": about}
    (tmp_path / REQUEST).write_text(json.dumps(old), encoding="utf-8")
    request = Request(DESCRIPTIONS[kind], 2, 1, about, {"demand": 1.0}, "ann")
    assert read_request(tmp_path) == request


def test_a_short_request_of_before_is_read(tmp_path: Path) -> None:
    old = {"kind": "compare", "layouts": ["zone"], "replications": 2, "seed": 1}
    (tmp_path / REQUEST).write_text(json.dumps(old), encoding="utf-8")
    request = Request(CompareQuestion(("zone",)), 2, 1, reader="ann")
    assert read_request(tmp_path).same_question(request)


@pytest.mark.parametrize("kind", QUESTIONS)
def test_a_request_is_read_as_it_was_written(tmp_path: Path, kind: str) -> None:
    request = Request(DESCRIPTIONS[kind], 3, 7, "first", {"demand": 1.0}, "ann")
    (tmp_path / REQUEST).write_text(request_text(request), encoding="utf-8")
    reread = read_request(tmp_path)
    assert (reread, reread.kind) == (request, kind)


def test_what_is_asked_is_compared_by_its_description() -> None:
    request = Request(DESCRIPTIONS["extend"], 2, 1)
    assert request.same_question(request._replace(settings={"a": 1}, reader="ann"))
    for unlike in (
        request._replace(seed=2),
        request._replace(replications=3),
        request._replace(about="first"),
        request._replace(question=ExtendQuestion(("ridge",), "zone")),
        request._replace(question=ExtendQuestion(("port",), "zone", OWN)),
    ):
        assert not request.same_question(unlike)


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("frontier", {"totals": ["many"]}),
        ("frontier", {"layouts": [3]}),
        ("extend", {"stations": {"ridge": {"clerks": "many"}}}),
        ("extend", {"stations": ["ridge"]}),
        ("levers", {"measure": None}),
        ("compare", {"replications": "two"}),
        ("prophecy", {}),
    ],
)
def test_flat_requests_that_cannot_be_read_are_refused(
    tmp_path: Path, kind: str, changed: dict[str, object]
) -> None:
    (tmp_path / REQUEST).write_text(json.dumps({"kind": kind, **FLAT, **changed}), "utf-8")
    with pytest.raises(ResultError) as refused:
        read_request(tmp_path)
    assert [problem.code for problem in refused.value.problems] == ["unreadable_study"]
