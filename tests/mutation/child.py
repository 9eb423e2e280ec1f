"""Work in a process of its own that need not load the libraries again."""

from __future__ import annotations

import importlib
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

LIBRARIES: Final = (
    *("numba", "scipy.stats", "scipy.optimize", "scipy.sparse", "pandas", "pyarrow", "pydantic"),
    *("ruamel.yaml", "hypothesis", "matplotlib.pyplot", "jinja2", "click", "rich", "simpy"),
)


def load_libraries() -> None:
    """Load what tests need, before the first child; nothing that is changed."""
    import matplotlib as mpl

    mpl.use("Agg")
    for name in LIBRARIES:
        importlib.import_module(name)
    assert not any(name == "sim" or name.startswith("sim.") for name in sys.modules)


def in_child(
    root: Path,
    work: Callable[[], int],
    cpu_seconds: int,
    environment: Mapping[str, str],
) -> int | None:
    """Status of work done in another process, at another root.

    Parameters
    ----------
    cpu_seconds
        How long it may compute. Twenty times as long may pass on the clock: others may need the
        machine too.

    Returns
    -------
    int or None
        None when it took too long.
    """
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        _become(root, work, cpu_seconds, environment)
    latest = time.monotonic() + 20 * cpu_seconds
    try:
        while time.monotonic() < latest:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                code = os.waitstatus_to_exitcode(status)
                return None if code == -signal.SIGXCPU else code
            time.sleep(0.05)
        return None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # with workers it may have left behind
        with suppress(ChildProcessError):
            os.waitpid(child, 0)


def _become(
    root: Path, work: Callable[[], int], cpu_seconds: int, environment: Mapping[str, str]
) -> None:
    status = 70
    try:
        os.setsid()
        with (root / "out.txt").open("wb") as out:
            os.dup2(out.fileno(), 1)
            os.dup2(out.fileno(), 2)
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 5))
        here = os.getcwd()
        os.chdir(root)
        os.environ.update(environment, PYTHONPATH=str(root), PYTHONDONTWRITEBYTECODE="1")
        sys.dont_write_bytecode = True
        sys.path[:] = [
            str(root),
            *(entry for entry in sys.path if entry not in {"", here, str(root)}),
        ]
        for name in [
            name_loaded for name_loaded in sys.modules if name_loaded.split(".")[0] == "tests"
        ]:
            del sys.modules[name]
        importlib.invalidate_caches()
        status = work()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
