"""Versions of the program side by side: an older one checked out, each running in a process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Final, NamedTuple

from tests.regression.invocations import Understood, commands_in, options_in

ROOT: Final = Path(__file__).parents[2]
CHILD: Final = Path(__file__).with_name("child.py")
MOST_SECONDS: Final = 300
"""For one invocation."""


class Outcome(NamedTuple):
    """What came of an invocation."""

    status: int | str
    """Exit status; words when it had none."""
    output: str
    complaints: str
    """What it said on standard error."""
    seconds: float


class Version:
    """A version of the program, running; invocations are told to it, and its answers read.

    Parameters
    ----------
    root
        Its checkout.
    folder
        Where it is invoked: what it writes is there.
    """

    def __init__(self, root: Path, folder: Path) -> None:
        self.folder = folder
        names = ("GOVHALL_", "HALLSIM_", "PYTHON", "LC_", "LANG")
        environment = {name: os.environ[name] for name in os.environ if not name.startswith(names)}
        self._process = subprocess.Popen(
            [sys.executable, "-X", "utf8", str(CHILD)],
            cwd=folder,
            env={**environment, "PYTHONPATH": str(root), "PYTHONSAFEPATH": "1", "LANG": "C.UTF-8"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        package = Path(self._answer()["package"])
        assert package.is_relative_to(root.resolve()), f"{package} is not of {root}"

    def __enter__(self) -> Version:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def begin(self, arguments: Sequence[str]) -> None:
        """Have the program invoked; `end` waits for what comes of it."""
        assert self._process.stdin is not None
        request = {"arguments": list(arguments), "seconds": MOST_SECONDS}
        print(json.dumps(request), file=self._process.stdin, flush=True)

    def end(self) -> Outcome:
        """What came of the invocation that was begun."""
        return Outcome(**self._answer())

    def invoke(self, *arguments: str) -> Outcome:
        """Invoke the program and wait."""
        self.begin(arguments)
        return self.end()

    def understood(self) -> Understood:
        """Commands and options, from its pages of help."""
        commands = commands_in(self.invoke("--help").output)
        assert commands, "its help lists no command"
        return Understood(
            {command: options_in(self.invoke(command, "--help").output) for command in commands}
        )

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the program in {self.folder} ended with {self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer


def invoke_both(before: Version, now: Version, arguments: Sequence[str]) -> tuple[Outcome, Outcome]:
    """The same invocation of both versions at the same time."""
    before.begin(arguments)
    now.begin(arguments)
    return before.end(), now.end()


@contextmanager
def checkout(ref: str) -> Iterator[Path]:
    """An older version of the whole repository in a temporary folder."""
    with TemporaryDirectory(prefix="regression_") as folder:
        root = Path(folder) / "before"
        git("worktree", "add", "--detach", str(root), ref)
        try:
            yield root
        finally:
            git("worktree", "remove", "--force", str(root))


@contextmanager
def working_copy() -> Iterator[Path]:
    """This version as it is now, in a temporary folder, so that it can be worked on meanwhile."""
    with TemporaryDirectory(prefix="regression_") as folder:
        root = Path(folder) / "now"
        for part in ("sim", "scenarios", "static"):  # with what is compiled, by its times
            shutil.copytree(ROOT / part, root / part)
        yield root


def committed_at(ref: str) -> datetime:
    """When a version was committed."""
    return datetime.fromisoformat(git("log", "-1", "--format=%cI", ref).strip())


def git(*arguments: str) -> str:
    """What git says; its complaints go to the reader."""
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
