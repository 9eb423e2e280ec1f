"""However the command line ends, it leaves no process behind, and says so in one sentence."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing import get_start_method
from pathlib import Path
from typing import NoReturn

import pytest

from sim.command.exit_status import status
from sim.command.progress import CANCELLED_STATUS
from sim.text import Text, load_text
from tests.test_cli import TINY, process
from tests.web.browsing import free_port, until_it_works

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks into Linux's /proc")
LONG = ("--replications", "50000", "--cores", "2", "--engine", "reference")


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "tiny.yaml"
    path.write_text(TINY, encoding="utf-8")
    return str(path)


def living(session: int) -> list[int]:
    """Processes of a session that are not merely waiting to be counted."""
    return [pid for pid, state in _states(session) if state not in "ZX"]


def _states(session: int) -> Iterator[tuple[int, str]]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == session:
                yield int(folder.name), fields[0]


def soon(holds: Callable[[], bool], seconds: float = 30.0) -> bool:
    until = time.monotonic() + seconds
    while not holds() and time.monotonic() < until:
        time.sleep(0.05)
    return holds()


def test_killed_outright_it_leaves_no_worker(file: str) -> None:
    with process("run", file, *LONG, start_new_session=True) as running:
        assert soon(lambda: len(living(running.pid)) == 3)
        os.kill(running.pid, signal.SIGKILL)
        assert soon(lambda: not living(running.pid), 5.0)


def test_who_ends_the_app_ends_its_server(tmp_path: Path) -> None:
    """As a container does: it tells one process, and waits for some seconds."""
    port = free_port()
    with process("app", "--port", str(port), start_new_session=True) as running:
        until_it_works(
            lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health").close()
        )
        running.terminate()
        assert soon(lambda: living(running.pid) == [])


def test_a_killed_worker_is_one_sentence(file: str) -> None:
    with process("run", file, *LONG, start_new_session=True) as running:
        assert soon(lambda: len(living(running.pid)) == 3)
        time.sleep(1.0)  # beyond starting, where the pool itself would wait
        worker = next(pid for pid in living(running.pid) if pid != running.pid)
        os.kill(worker, signal.SIGKILL)
        out, err = running.communicate(timeout=30)
        assert (running.returncode, out) == (1, "")
        assert err.splitlines()[-1].startswith("a worker process ended before its work was done")
        assert "Traceback" not in err
        assert not living(running.pid)


@pytest.mark.parametrize("after_s", [0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.8, 1.2, 1.8])
def test_ctrl_c_at_any_moment_ends_it_without_a_traceback(file: str, after_s: float) -> None:
    """While Python itself starts nobody listens yet: it may lose the signal, or fail by itself."""
    with process("run", file, *LONG, start_new_session=True) as running:
        time.sleep(after_s)
        # how long Python takes to start depends on the machine; the command itself loads numpy
        started = "numpy" in Path(f"/proc/{running.pid}/maps").read_text()
        os.killpg(running.pid, signal.SIGINT)
        if not started:
            with suppress(subprocess.TimeoutExpired):
                running.wait(timeout=10)
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGINT)
        _, err = running.communicate(timeout=30)
        if started:
            assert running.returncode in (130, -signal.SIGINT)
            assert "Traceback" not in err
        assert not living(running.pid)


def test_ctrl_c_of_which_a_library_makes_its_own_error(
    file: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """pydantic, interrupted while it builds a model, raises an error of its own."""

    def interrupted(text: Text) -> NoReturn:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise ValueError("a model was not built") from None
        raise AssertionError("nobody listens")

    monkeypatch.setattr("sim.command.exit_status.govhall", interrupted)
    assert status(["check", file], load_text("en")) == CANCELLED_STATUS
    assert "a model" not in capsys.readouterr().err


WHILE_STARTING = """
import os, signal, sys
from multiprocessing import popen_fork
launch, launched = popen_fork.Popen._launch, []
def interrupted(self, process):
    launch(self, process)
    launched.append(process)
    if len(launched) == int(sys.argv[1]):
        os.kill(os.getpid(), signal.SIGINT)
popen_fork.Popen._launch = interrupted
from sim.__main__ import main
main(sys.argv[2:])
"""


@pytest.mark.skipif(get_start_method() != "fork", reason="worker processes are not forks here")
@pytest.mark.parametrize("nth", ["1", "2"])
def test_ctrl_c_while_worker_processes_start(file: str, nth: str) -> None:
    """A pool of which only some processes had started was waited for without end."""
    command = [sys.executable, "-c", WHILE_STARTING, nth, "run", file, *LONG]
    root = Path(__file__).resolve().parents[1]
    environment = {**os.environ, "GOVHALL_LANG": "en", "PYTHONPATH": str(root)}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 130
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [("check",), ("run", "--engine", "reference", "--cores", "1")])
class TestOutput:
    """Closed, full, and no longer read."""

    def _ran(
        self, command: tuple[str, ...], file: str, redirect: str
    ) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-m", "sim", command[0], file, *command[1:]]
        line = " ".join(f"'{word}'" for word in words) + f" {redirect}"
        root = Path(__file__).resolve().parents[1]
        environment = {**os.environ, "GOVHALL_LANG": "en", "PYTHONPATH": str(root)}
        return subprocess.run(
            ["bash", "-c", line], env=environment, capture_output=True, text=True, check=False
        )

    @pytest.mark.parametrize(
        ("redirect", "words"),
        [(">&-", "standard output is closed"), (">/dev/full", "the answer cannot be written")],
    )
    def test_that_takes_nothing_is_told(
        self, command: tuple[str, ...], file: str, redirect: str, words: str
    ) -> None:
        done = self._ran(command, file, redirect)
        assert done.returncode == 1
        assert words in done.stderr
        assert "Traceback" not in done.stderr
        assert "Exception ignored" not in done.stderr

    @pytest.mark.parametrize("redirect", ["2>&-", "2>/dev/full", "<&-"])
    def test_messages_that_nobody_hears_do_not_matter(
        self, command: tuple[str, ...], file: str, redirect: str
    ) -> None:
        done = self._ran(command, file, redirect)
        assert done.returncode == 0
        assert "Small hall" in done.stdout

    def test_files_are_written_though_nobody_reads(
        self, command: tuple[str, ...], file: str, tmp_path: Path
    ) -> None:
        if command[0] == "check":
            pytest.skip("writes no files")
        done = self._ran((*command, "--out", str(tmp_path / "out")), file, ">/dev/full")
        assert done.returncode == 1
        names = {path.name for path in (tmp_path / "out").iterdir()}
        assert names == {"report.html", "result.json", "measures.csv"}
