"""一条命令：装好环境，然后运行。 / One command: sets up .venv, then runs.

python3 run.py                 演示 / the demonstration
python3 run.py app [选项]      网页界面 / the web app
python3 run.py test [选项]     测试 / the tests (options go to pytest)
python3 run.py check           代码检查 / lint, format, types, floors, scenario files
python3 run.py wheels [选项]   下载离线安装包 / fetch all packages for a computer without a network
python3 run.py COMMAND ...     其他命令交给 govhall / anything else goes to govhall
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENV = ROOT / ".venv"
BIN = ENV / ("Scripts" if os.name == "nt" else "bin")
EXE = ".exe" if os.name == "nt" else ""
PY, GOVHALL = str(BIN / ("python" + EXE)), str(BIN / ("govhall" + EXE))
WHEELS = ROOT / "wheels"
PLAIN, DEV = "requirements.lock", "requirements-dev.lock"
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
CHECKS = (
    [PY, "-m", "ruff", "check"],
    [PY, "-m", "ruff", "format", "--check"],
    [PY, "-m", "mypy", "--num-workers", "auto"],
    [PY, "-c", LINT_IMPORTS, "--no-logo"],
    [PY, "-m", "sim", "format", "--check", *map(str, sorted(ROOT.glob("scenarios/**/*.yaml")))],
)

TOO_OLD = """需要 Python 3.11 或更新版本，现在是 {}。
Python 3.11 or newer is needed, this is {}."""
NO_VENV = """这个 Python 不能建立虚拟环境。Debian / Ubuntu 请先执行：
  sudo apt install python3-venv
This Python cannot make a virtual environment. On Debian / Ubuntu run the line above first."""
NO_INSTALL = """安装依赖失败（见上）。请检查网络后再运行一次。不能上网时，在同样系统的联网电脑上执行
  python3 run.py wheels
把 wheels 文件夹拷到 run.py 旁边，再运行一次。
Installing failed (see above). Check the network and run this again. Without a network, run the
line above on a connected computer of the same kind, put the folder "wheels" beside run.py,
and retry."""
FETCHED = """已下载到 {}。把整个项目文件夹（含 wheels）拷到不能上网的电脑，再执行 python3 run.py。
Fetched into {}. Copy the whole project folder with it to the computer without a network, and run
python3 run.py there."""
INSTALLING = "首次运行：正在安装依赖（1 到 3 分钟）… / installing dependencies (1 to 3 minutes) …"
COMPILING = "正在编译仿真核心（约半分钟）… / compiling the simulation loop (half a minute) …"
COMPILE = """import sim
from sim.engine.run import prepare
prepare(sim.compile_plan(sim.load_scenario(sim.example_path("exact/mmc.yaml")), "hall"), "fast")
"""
WAITING = "另一个 run.py 正在安装，请稍候 … / waiting for another run.py that is installing …"


def child_env() -> dict[str, str]:
    """The caller's environment less what would lead Python or pip out of .venv."""
    lead_astray = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_TARGET", "PIP_PREFIX"}
    kept = {k: v for k, v in os.environ.items() if k not in lead_astray}
    return {**kept, "PYTHONNOUSERSITE": "1", "PYTHONUTF8": "1", "PIP_USER": "0"}


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Hold a lock that the system drops when its holder ends, however it ends."""
    with open(ROOT / ".venv.lock", "a+b") as file:
        told = False
        while True:
            try:
                if sys.platform == "win32":
                    import msvcrt

                    file.seek(0)
                    msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
                else:
                    import fcntl

                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except (BlockingIOError, PermissionError):
                if not told:
                    print(WAITING, flush=True)
                told = True
                time.sleep(0.5)
            except OSError:  # a file system without locks
                break
        yield


def stamp(lock: str) -> tuple[Path, str]:
    """Where the mark of a finished set-up is, and what it says when nothing has changed since."""
    parts = [(ROOT / lock).read_bytes(), (ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode()]
    return ENV / ("." + lock + ".sha256"), hashlib.sha256(b"\0".join(parts)).hexdigest()


def ready(lock: str) -> bool:
    """A development set-up serves for the plain one too."""
    stamps = [stamp(name) for name in {lock, DEV}]
    return os.path.exists(PY) and any(p.exists() and p.read_text() == want for p, want in stamps)


def make_env() -> None:
    """Make .venv, unless a usable one is there."""
    works = [PY, "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"]
    with contextlib.suppress(OSError):
        if subprocess.run(works, env=child_env(), capture_output=True, check=False).returncode == 0:
            return
    try:
        import ensurepip  # noqa: F401 - Debian leaves it out of its plain python3
        import venv

        venv.create(ENV, clear=True, with_pip=True, symlinks=os.name != "nt")
    except (ImportError, subprocess.CalledProcessError):
        sys.exit(NO_VENV)


def set_up(lock: str) -> None:
    """Install what `lock` pins. The stamp comes last, so a broken-off set-up is repeated."""
    if ready(lock):
        return
    with only_one():
        if ready(lock):
            return
        print(INSTALLING, flush=True)
        make_env()
        for name in (PLAIN, DEV):
            stamp(name)[0].unlink(missing_ok=True)
        pip = [PY, "-m", "pip", "--disable-pip-version-check", "install", "-q"]
        if WHEELS.is_dir():
            pip += ["--no-index", "--find-links", str(WHEELS)]
        for what in (["-r", lock], ["--no-deps", "-e", "."]):
            if subprocess.call([*pip, *what], cwd=ROOT, env=child_env()):
                sys.exit(NO_INSTALL)
        print(COMPILING, flush=True)
        # so that nobody waits for it in front of a page; if it fails, the first run tells why
        subprocess.call([PY, "-c", COMPILE], cwd=ROOT, env=child_env())
        path, text = stamp(lock)
        path.write_text(text)


def fetch_wheels(options: list[str]) -> int:
    """Fetch what a computer without a network installs from: all that is pinned, the tools that
    build this project, and what signing in needs. Options go to pip: `--platform win_amd64
    --python-version 3.12` for another kind of computer, `-r requirements-dev.lock` for the tests.
    """
    import tomllib  # not in the Pythons that are told they are too old

    with open(ROOT / "pyproject.toml", "rb") as file:
        project = tomllib.load(file)
    more = [*project["build-system"]["requires"], "editables"]
    more += project["project"]["optional-dependencies"]["auth"]
    pip = [PY, "-m", "pip", "--disable-pip-version-check", "download", "-q"]
    what = ["--only-binary=:all:", "-d", str(WHEELS), "-r", PLAIN, *more]
    status = subprocess.call([*pip, *what, *options], cwd=ROOT, env=child_env())
    if not status:
        print(FETCHED.format(WHEELS, WHEELS))
    return status


def main(args: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console without Chinese shows "?"
    if sys.version_info < (3, 11):
        version = sys.version.split()[0]
        sys.exit(TOO_OLD.format(version, version))
    what, rest = (args[0], args[1:]) if args else ("demo", [])
    if what in ("-h", "--help", "help"):
        print(__doc__)
        return 0
    set_up(DEV if what in ("test", "check") else PLAIN)
    if what == "wheels":
        return fetch_wheels(rest)
    if what == "check":
        failed = [c for c in CHECKS if subprocess.call(c, cwd=ROOT, env=child_env())]
        return 1 if failed else 0
    if what == "test":
        return subprocess.call([PY, "-m", "pytest", *rest], cwd=ROOT, env=child_env())
    if what == "app":
        app = [PY, "-m", "streamlit", "run", "app.py"]
        return subprocess.call([*app, *rest], cwd=ROOT, env=child_env())
    # In the caller's folder, so that paths mean what the caller means.
    return subprocess.call([GOVHALL, what, *rest], env=child_env())


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
