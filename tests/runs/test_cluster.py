"""A cluster gives the figures of one process, whoever dies on the way."""

from __future__ import annotations

import contextlib
import os
import pickle
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim import Run, Scenario, load_scenario
from sim.errors import OptionError, Problem, RunError
from sim.runs import cluster as cluster_module
from sim.runs.replicate import Study, replicate
from tests.test_cli import TINY

pytestmark = pytest.mark.slow  # processes that start slowly

ROOT = Path(__file__).resolve().parents[2]
START_S = 60.0
N_WORKERS = 3


class Cluster:
    """A scheduler and workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        self.workers: list[subprocess.Popen[bytes]] = []
        here = ("--host", "127.0.0.1", "--no-dashboard")
        log = folder / "scheduler.log"
        self._start(log, "dask_scheduler", *here, "--port", "0")
        self.address = self._wait(log, r"Scheduler at:\s+(tcp://\S+)")

    def add(self, threads: int = 1) -> None:
        """Start one more worker and wait until it has registered."""
        log = self.folder / f"worker-{len(self.processes)}.log"
        options = ("--no-nanny", "--no-dashboard", "--nthreads", str(threads))
        where = ("--host", "127.0.0.1", "--local-directory", str(self.folder))
        self.workers.append(self._start(log, "dask_worker", self.address, *where, *options))
        self._wait(log, r"(Registered) to:")

    def close(self) -> None:
        """End every process that this cluster started."""
        for process in self.processes:
            process.kill()
            process.wait()

    def _start(self, log: Path, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments]
        with log.open("wb") as out:
            process = subprocess.Popen(
                command,
                stdout=out,
                stderr=out,
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )
        self.processes.append(process)
        return process

    def _wait(self, log: Path, pattern: str) -> str:
        limit = time.monotonic() + START_S
        while time.monotonic() < limit:
            if match := re.search(pattern, log.read_text(encoding="utf-8")):
                return match.group(1)
            time.sleep(0.1)
        raise AssertionError(log.read_text(encoding="utf-8"))


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    (tmp_path / "tiny.yaml").write_text(TINY, encoding="utf-8")
    return load_scenario(tmp_path / "tiny.yaml")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    pytest.importorskip("distributed")
    started = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        yield started
    finally:
        started.close()


@pytest.fixture
def full(cluster: Cluster) -> Cluster:
    """With all its workers, whatever an earlier test did to them."""
    while sum(worker.poll() is None for worker in cluster.workers) < N_WORKERS:
        cluster.add(threads=1 + len(cluster.workers) % 2)
    return cluster


def bits(study: Study) -> bytes:
    """All that was counted."""
    # one by one: pickle would write a string that two tallies share only once
    return b"".join(pickle.dumps(fields(tally)) for row in study.tallies for tally in row)


def fields(part: Any) -> Any:
    """Arrays as bytes and names, whatever shares what in memory."""
    if hasattr(part, "tobytes"):
        return str(part.dtype), part.shape, part.tobytes()
    if isinstance(part, dict):
        return [(key, fields(value)) for key, value in part.items()]
    if isinstance(part, tuple):
        return [fields(value) for value in part]
    return repr(part)


def study_here(
    scenario: Scenario, replications: int, until: dict[str, float] | None = None
) -> Study:
    run = Run(replications=replications, engine="reference", workers=1)
    return replicate(scenario, run=run, until=until)


def study_on_cluster(scenario: Scenario, replications: int, address: str, **how: Any) -> Study:
    until = how.pop("until", None)
    run = Run(replications=replications, engine="reference", cluster=address, **how)
    return replicate(scenario, run=run, until=until)


class TestSameFigures:
    def test_as_one_worker_gives(self, full: Cluster, scenario: Scenario) -> None:
        progress: list[tuple[int, int]] = []
        study = study_on_cluster(
            scenario, 40, full.address, progress=lambda *counts: progress.append(counts)
        )
        assert bits(study) == bits(study_here(scenario, 40))
        assert progress == [(n, 40) for n in range(1, 41)]

    def test_one_replication(self, full: Cluster, scenario: Scenario) -> None:
        assert bits(study_on_cluster(scenario, 1, full.address)) == bits(study_here(scenario, 1))

    def test_precision_stops_at_the_same_count(self, full: Cluster, scenario: Scenario) -> None:
        until = {"wait": 4.0}
        study = study_on_cluster(scenario, 200, full.address, until=until)
        alone = study_here(scenario, 200, until=until)
        assert 1 < alone.replications < 200
        assert study.reached
        assert bits(study) == bits(alone)


class TestDeath:
    def test_a_worker_killed_half_way_changes_nothing(
        self, full: Cluster, scenario: Scenario
    ) -> None:
        counts: list[int] = []

        def progress(done: int, total: int) -> None:
            counts.append(done)
            if done == 40:
                live = [worker for worker in full.workers if worker.poll() is None]
                live[0].send_signal(signal.SIGKILL)

        study = study_on_cluster(scenario, 200, full.address, progress=progress)
        assert counts == list(range(1, 201))
        assert bits(study) == bits(study_here(scenario, 200))

    def test_a_worker_may_join_after_all_are_dead(self, full: Cluster, scenario: Scenario) -> None:
        joined = threading.Event()

        def join() -> None:
            full.add()
            joined.set()

        def progress(done: int, total: int) -> None:
            if done == 10:
                for worker in full.workers:
                    worker.kill()
                threading.Thread(target=join).start()

        study = study_on_cluster(scenario, 60, full.address, progress=progress)
        assert joined.wait(START_S)
        assert bits(study) == bits(study_here(scenario, 60))


class TestStop:
    def test_cancelled_keeps_the_first_without_a_gap(
        self, full: Cluster, scenario: Scenario
    ) -> None:
        done: list[int] = []
        study = study_on_cluster(
            scenario,
            10_000,
            full.address,
            progress=lambda n, _: done.append(n),
            cancelled=lambda: len(done) >= 30,
        )
        assert study.cancelled
        assert len(done) == 30
        assert bits(study) == bits(study_here(scenario, study.replications))

    @pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to a process")
    def test_ctrl_c_on_the_command_line(
        self, full: Cluster, scenario: Scenario, tmp_path: Path
    ) -> None:
        study_on_cluster(scenario, 6, full.address)  # workers import what they need
        file, count = str(tmp_path / "tiny.yaml"), ("--replications", "100000")
        command = [sys.executable, "-m", "sim", "run", file, "--lang", "en", *count]
        command += ["--engine", "reference", "--cluster", full.address]
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        try:
            assert process.stderr is not None
            assert f"cluster: {full.address}" in process.stderr.readline()
            time.sleep(15)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
        assert process.returncode == 130, err
        assert re.search(r"Cancelled: [1-9]\d* of 100000 ", err), err
        assert "Traceback" not in out + err
        assert "distributed" not in err


class TestTrouble:
    """One sentence, within seconds."""

    def code(self, scenario: Scenario, address: str) -> str:
        began = time.monotonic()
        with pytest.raises((OptionError, RunError)) as caught:
            study_on_cluster(scenario, 3, address)
        assert time.monotonic() - began < 15
        [problem] = caught.value.problems
        return problem.code

    @pytest.mark.parametrize(
        "address", ["tcp://127.0.0.1:1", "127.0.0.1:1", "nonsense://x", "tcp://", "", "x:y:z"]
    )
    def test_nobody_there(self, scenario: Scenario, address: str) -> None:
        pytest.importorskip("distributed")
        assert self.code(scenario, address) == "cluster_silent"

    def test_somebody_else_there(self, scenario: Scenario) -> None:
        pytest.importorskip("distributed")
        with socket.create_server(("127.0.0.1", 0)) as mute:
            address = f"tcp://127.0.0.1:{mute.getsockname()[1]}"
            assert self.code(scenario, address) == "cluster_silent"

    def test_no_workers(self, tmp_path: Path, scenario: Scenario) -> None:
        pytest.importorskip("distributed")
        with contextlib.closing(Cluster(tmp_path)) as empty:
            assert self.code(scenario, empty.address) == "cluster_empty"

    def test_scheduler_dies(self, tmp_path: Path, scenario: Scenario) -> None:
        pytest.importorskip("distributed")
        with contextlib.closing(Cluster(tmp_path)) as doomed:
            doomed.add()

            def progress(done: int, total: int) -> None:
                if done == 5:
                    doomed.processes[0].kill()

            with pytest.raises(RunError) as caught:
                study_on_cluster(scenario, 10_000, doomed.address, progress=progress)
        assert caught.value.problems[0].code == "cluster_lost"

    def test_workers_with_other_versions(
        self, full: Cluster, scenario: Scenario, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cluster_module, "about", lambda: "another program")
        assert self.code(scenario, full.address) == "cluster_differs"

    def test_without_dask(self, scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "distributed", None)
        assert self.code(scenario, "tcp://127.0.0.1:8786") == "no_dask"

    def test_a_broken_law_is_told_as_at_home(self) -> None:
        error = RunError(Problem("cluster_empty"))
        assert pickle.loads(pickle.dumps(error)).problems == error.problems


def test_dask_is_not_imported_unasked() -> None:
    code = "import sys, sim, sim.__main__, sim.runs.replicate; sim.replicate; sim.compare;"
    code += "assert not {'dask', 'distributed'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
