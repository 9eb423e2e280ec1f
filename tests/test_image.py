"""The image, built and started without a container engine: the Dockerfile's own steps, as written.

Debian, which `debootstrap` fills a folder with (or that which IMAGE_BASE names holds), and the
Python that runs the test stand for the image that it starts from; `chroot` and namespaces of the
kernel are the container. What is built is let in as `Dockerfile.dockerignore` says; nothing is
asked of a network; the app runs as its user, with all read-only but its volume and /tmp, as
`compose.yaml` says. Needs Linux, root, `apt install debootstrap`, and the folder that
`run.py wheels` fetches, or an index that has it.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

import pytest

ROOT: Final = Path(__file__).resolve().parents[1]
DEBIAN: Final = "bookworm"
NEEDED: Final = ("debootstrap", "chroot", "unshare", "nsenter", "setpriv", "ip")
PLAIN: Final = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"}
START_S: Final = 150.0
"""The start period of the check, and its three tries after it."""
STOP_S: Final = 20.0
"""As `compose.yaml` says."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(3_000),
    pytest.mark.skipif(
        not sys.platform.startswith("linux") or os.geteuid() != 0,
        reason="only root of a Linux computer changes the root of a process",
    ),
    pytest.mark.skipif(
        None in map(shutil.which, NEEDED), reason=f"not all are installed: {', '.join(NEEDED)}"
    ),
]


class Image(NamedTuple):
    """What a Dockerfile makes."""

    root: Path
    environment: Mapping[str, str]
    folder: str
    user: int
    volume: str
    command: list[str]
    check: list[str]


def run(*command: str | Path) -> str:
    """What a command prints; its words where it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout[-1000:]}\n{done.stderr[-3000:]}"
    return done.stdout


# === building === #


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Debian, and in /usr/local the Python that runs this test."""
    folder = tmp_path_factory.mktemp("debian")
    if prepared := os.environ.get("IMAGE_BASE"):
        run("cp", "-a", f"{prepared}/.", folder)
    else:
        command = ["debootstrap", "--variant=minbase", "--include=python3,passwd"]
        filled = subprocess.run(
            [*command, DEBIAN, str(folder)], capture_output=True, text=True, check=False
        )
        if filled.returncode:
            pytest.skip(f"no Debian to be had: {filled.stdout[-300:]}")
    of_python, local = Path(sys.base_prefix), folder / "usr/local"
    name = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    without = shutil.ignore_patterns("__pycache__", "test", "site-packages")
    source, to = of_python / "lib" / name, local / "lib" / name
    shutil.copytree(source, to, ignore=without, symlinks=True, dirs_exist_ok=True)
    for library in (of_python / "lib").glob("libpython*.so*"):
        shutil.copy2(library, local / "lib", follow_symlinks=False)
    shutil.copy2(of_python / "bin" / name, local / "bin" / name)
    (local / "bin/python").symlink_to(name)
    run("chroot", folder, "ldconfig")
    return folder


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as whoever builds has it, with the folder of packages."""
    folder = tmp_path_factory.mktemp("context")
    for name in run("git", "-C", ROOT, "ls-files").splitlines():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    if (ROOT / "wheels").is_dir():
        shutil.copytree(ROOT / "wheels", folder / "wheels")
        return folder
    command = [sys.executable, "run.py", "wheels"]
    fetched = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if fetched.returncode:
        pytest.skip(f"no package index: {fetched.stderr[-300:]}")
    return folder


def rule(pattern: str) -> re.Pattern[str]:
    """A line of the list of what is left out: it holds for a folder and all in it.

    Examples
    --------
    >>> bool(rule("**/__pycache__").match("sim/web/__pycache__/a.pyc"))
    True
    >>> bool(rule("*").match("a")), bool(rule("sim").match("simple"))
    (True, False)
    """
    parts = {r"\*\*/": "(?:.*/)?", r"\*": "[^/]*"}
    words = re.escape(pattern)
    for sign, meaning in parts.items():
        words = words.replace(sign, meaning)
    return re.compile(f"{words}(?:/.*)?$")


def let_in(context: Path) -> list[Path]:
    """Files that are sent to whoever builds: the last line that fits decides."""
    lines = (context / "deploy" / "Dockerfile.dockerignore").read_text(encoding="utf-8").split("\n")
    lines = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    rules = [(line.startswith("!"), rule(line.removeprefix("!"))) for line in lines]
    chosen = []
    for path in sorted(context.rglob("*")):
        name = path.relative_to(context).as_posix()
        says = [lets_in for lets_in, pattern in rules if pattern.match(name)]
        if path.is_file() and (not says or says[-1]):
            chosen.append(path.relative_to(context))
    return chosen


def instructions(dockerfile: str) -> Iterator[tuple[str, str]]:
    """Its lines: first word, and what follows."""
    lines = [line for line in dockerfile.splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    for line in filter(None, joined.splitlines()):
        word, _, rest = line.partition(" ")
        yield word, rest


def within(root: Path, environment: Mapping[str, str], folder: str, command: list[str]) -> str:
    """Run a command in a tree, without a network."""
    settings = [f"{name}={value}" for name, value in environment.items()]
    inside = ["env", "-i", f"--chdir={folder}", *settings, *command]
    return run("unshare", "--net", "chroot", root, *inside)


def build(context: Path, base: Path, folder: Path) -> Image:
    """Carry out each line of the Dockerfile."""
    stages: list[Path] = []
    names: dict[str, Path] = {}
    user, volume, command, check = 0, "", [""], [""]
    environment: dict[str, str] = {}
    workdir = "/"
    for word, rest in instructions((context / "deploy" / "Dockerfile").read_text(encoding="utf-8")):
        if word == "FROM":
            root = folder / f"stage{len(stages)}"
            run("cp", "-a", base, root)
            stages.append(root)
            names[rest.rpartition(" AS ")[2]] = root
            environment, workdir = dict(PLAIN), "/"
        elif word == "WORKDIR":
            workdir = rest
            (root / workdir.lstrip("/")).mkdir(parents=True, exist_ok=True)
        elif word == "COPY" and rest.startswith("--from="):
            stage, source, to = rest.removeprefix("--from=").split()
            (root / to.lstrip("/")).parent.mkdir(parents=True, exist_ok=True)
            run("cp", "-a", names[stage] / source.lstrip("/"), root / to.lstrip("/"))
        elif word == "COPY":
            assert rest == ". ."
            for path in let_in(context):
                to_file = root / workdir.lstrip("/") / path
                to_file.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(context / path, to_file)
        elif word == "RUN":
            within(root, {"HOME": "/root", **environment}, workdir, ["sh", "-c", rest])
        elif word == "ENV":
            for name, _, value in (pair.partition("=") for pair in shlex.split(rest)):
                environment[name] = value.replace("$PATH", environment["PATH"])
        elif word == "USER":
            user = int(rest)
        elif word == "VOLUME":
            volume = rest
        elif word == "HEALTHCHECK":
            check = json.loads(rest.partition("CMD ")[2])
        elif word == "CMD":
            command = json.loads(rest)
        else:
            assert word in ("ARG", "EXPOSE"), f"an instruction that this test does not know: {word}"
    return Image(root, environment, workdir, user, volume, command, check)


# === running === #


class Container:
    """A running image; `pid` is that of its first process, as the machine knows it."""

    def __init__(self, image: Image, pid: int) -> None:
        self.image, self.pid = image, pid

    def ask(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command in it, as its user."""
        enter = ["nsenter", f"--target={self.pid}", "--mount", "--net", "--pid", "--ipc"]
        words = [*enter, *as_its_user(self.image), *command]
        return subprocess.run(words, capture_output=True, text=True, check=False)


def as_its_user(image: Image) -> list[str]:
    settings = [f"{name}={value}" for name, value in image.environment.items()]
    who = ["setpriv", "--no-new-privs", "chroot", f"--userspec={image.user}:{image.user}"]
    return [*who, str(image.root), "env", "-i", f"--chdir={image.folder}", *settings]


MOUNTS: Final = """
mount --make-rprivate /
mount --bind {root} {root}
mount --bind {data} {root}{volume}
mount -t tmpfs -o size=1g,mode=1777 tmpfs {root}/tmp
mount --rbind /dev {root}/dev
mount -t proc proc {root}/proc
mount -o remount,ro,bind {root}
ip link set lo up
"""


@contextmanager
def running(image: Image, data: Path, log: Path) -> Iterator[Container]:
    """The image's command, with nothing to write to but its volume and /tmp."""
    mounts = MOUNTS.format(root=image.root, data=data, volume=image.volume)
    start = f"set -e\n{mounts}\nexec {shlex.join([*as_its_user(image), *image.command])}"
    namespaces = ["unshare", "--mount", "--net", "--pid", "--ipc", "--fork"]
    with (
        log.open("w") as written,
        subprocess.Popen([*namespaces, "sh", "-c", start], stdout=written, stderr=written) as outer,
    ):
        children = Path(f"/proc/{outer.pid}/task/{outer.pid}/children")
        until = time.monotonic() + START_S
        while not (pids := children.read_text().split()):
            assert time.monotonic() < until
            time.sleep(0.1)
        container = Container(image, int(pids[0]))
        try:
            while container.ask(*image.check).returncode:
                assert outer.poll() is None, log.read_text()
                assert time.monotonic() < until, log.read_text()
                time.sleep(1.0)
            yield container
            os.kill(container.pid, signal.SIGTERM)
            outer.wait(STOP_S)
        finally:
            with suppress(ProcessLookupError):
                os.kill(container.pid, signal.SIGKILL)  # the first process: all others end with it


ASK: Final = """
import time
from sim import example_path, load_scenario
from sim.questions.compare import CompareQuestion
from sim.storage.jobs import Jobs, default_home
from sim.storage.request import Request
jobs = Jobs(default_home())
scenario = load_scenario(example_path("exact/mmc.yaml"))
name = jobs.submit(Request(CompareQuestion(("hall",)), 2, 1), scenario)
while jobs.job(name).live:
    time.sleep(0.1)
print(name, jobs.job(name).state)
"""
LIST: Final = """
from sim.storage.jobs import Jobs, default_home
from sim.storage.keep import load_study
jobs = Jobs(default_home())
for name in jobs.newest():
    load_study(jobs.result(name))
    print(name, jobs.job(name).state)
"""


def test_the_image_is_built_starts_and_keeps_its_studies(
    base: Path, context: Path, tmp_path: Path
) -> None:
    image = build(context, base, tmp_path)
    data = tmp_path / "data"
    run("cp", "-a", image.root / image.volume.lstrip("/"), data)  # a new volume is as the image's
    log = tmp_path / "log"
    with running(image, data, log) as container:
        study = container.ask("python", "-c", ASK)
        assert study.stdout.endswith(" done\n"), study.stderr
        assert container.ask("id", "-u").stdout.strip() == str(image.user)
        for place in ("/opt/govhall/new", "/etc/new", "/new"):
            assert container.ask("touch", place).returncode != 0
    for fault in ("Read-only file system", "Permission denied", "Traceback"):
        assert fault not in log.read_text()
    with running(image, data, log) as container:
        assert container.ask("python", "-c", LIST).stdout == study.stdout
        saved = container.ask("govhall", "backup", "/data/backup.zip")
        assert saved.returncode == 0, saved.stderr
    assert {path.stat().st_uid for path in data.rglob("*")} == {image.user}
