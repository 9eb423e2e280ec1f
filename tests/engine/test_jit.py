"""The door to numba: what kernels may rely on, and where their compiled code is kept."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.engine.fast import run_fast, serve
from sim.runs.sizing_trips import for_trips
from tests.assertions import assert_same_journal

ROOT = Path(sim.__file__).parent.parent
LOOK = """
import numpy as np
from sim.engine.jit import kernel
def look(array, n):
    return array[n]
print(kernel(look)(np.arange(5), -1))
"""
SERVE = """
import sim
from sim.engine.run import is_ready
scenario = sim.load_scenario(sim.example_path("exact/mmc.yaml"), ["run.measured_days=1"])
plan = sim.compile_plan(scenario, "hall")
print(is_ready("fast"), sim.run(plan, sim.draw_tape(plan.demand, 1, 0)), is_ready("fast"))
"""
PLAIN = """
from sim.engine import jit
jit.OPTIONS.clear()
jit.PART_OPTIONS.clear()
jit.PART_OPTIONS["nopython"] = True  # what numba does anyhow
import sys
from sim import compile_plan, draw_tape, example_path, load_scenario
from sim.engine import fast
from sim.engine.reference import run_reference
from tests.assertions import assert_same_journal
assert "pipeline_class" not in fast.serve.targetoptions, fast.serve.targetoptions
for name, layout in (line.split("/") for line in sys.argv[1:]):
    days = ["run.warmup_days=0", "run.measured_days=2", "run.followup_days=0"]
    plan = compile_plan(load_scenario(example_path(name + ".yaml"), days), layout)
    crowd = draw_tape(plan.demand, 1, 0)
    assert_same_journal(run_reference(plan, crowd), fast.run_fast(plan, crowd))
    print("the same", name)
"""


def run_program(
    program: str, folder: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a program in a process of its own, and keep what it says."""
    variables = {**os.environ, "PYTHONPATH": str(folder), **environment}
    command = [sys.executable, "-c", program]
    return subprocess.run(
        command, env=variables, cwd=folder, capture_output=True, text=True, check=False
    )


ADD = """
from sim.engine.jit import is_kept, kernel
from kept_kernel import add  # a file of its own: only those are kept
compiled = kernel(add)
before = is_kept(compiled)
print(before, compiled(2, 3), compiled(2, 3))
"""


def test_the_loop_is_compiled_for_one_kind_of_plan() -> None:
    """Whoever staffs a hall, or sends it to another process, makes plans whose arrays may be
    written; the loop would be compiled again for each mixture of arrays."""
    scenario = sim.load_scenario(sim.example_path("exact/mmc.yaml"), ["run.measured_days=1"])
    compiled = sim.compile_plan(scenario, "hall")
    crowd = sim.draw_tape(compiled.demand, 1, 0)
    run_fast(compiled, crowd)
    before = len(getattr(serve, "signatures", ()))
    travelled = pickle.loads(pickle.dumps(compiled))
    halls = (
        travelled.hall,
        compiled.hall._replace(duty_starts=compiled.hall.duty_starts.copy()),
        for_trips(compiled, np.zeros(0, dtype=np.int64)).hall,
    )
    for hall in halls:
        assert_same_journal(
            run_fast(compiled, crowd), run_fast(travelled._replace(hall=hall), crowd)
        )
    assert len(getattr(serve, "signatures", ())) == before


def test_kept_code_that_cannot_be_read_is_compiled_again(tmp_path: Path) -> None:
    """Another version of the program names types that are no more; a disk may have been full."""
    (tmp_path / "kept_kernel.py").write_text("def add(a, b):\n    return a + b\n")
    path, cache = os.pathsep.join((str(ROOT), str(tmp_path))), tmp_path / "cache"
    environment = {"PYTHONPATH": path, "NUMBA_CACHE_DIR": str(cache)}
    assert run_program(ADD, ROOT, **environment).stdout.split() == ["False", "5", "5"]
    index, code = (next(cache.rglob(f"*.{kind}")) for kind in ("nbi", "nbc"))
    unknown = index.read_bytes().replace(b"numba.core", b"numba.cure")  # a module that is nowhere
    assert unknown != index.read_bytes()
    half = code.read_bytes()[:-100]
    for file, data in ((index, unknown), (index, b""), (code, half)):
        file.write_bytes(data)
        finished = run_program(ADD, ROOT, **environment)
        assert finished.stdout.split()[1:] == ["5", "5"], finished.stderr
    assert run_program(ADD, ROOT, **environment).stdout.split() == ["True", "5", "5"]


def test_an_index_outside_is_found_when_asked_for(tmp_path: Path) -> None:
    """Kernels do not look for indices that are out of place, unless numba is told to."""
    finished = run_program(LOOK, NUMBA_BOUNDSCHECK="1", NUMBA_CACHE_DIR=str(tmp_path))
    assert "IndexError" in finished.stderr


@pytest.mark.slow
@pytest.mark.timeout(5400)
@pytest.mark.parametrize("how", ["NUMBA_DISABLE_JIT", "NUMBA_BOUNDSCHECK"])
def test_kernels_run_plain_and_checked(how: str, tmp_path: Path) -> None:
    """Uncompiled, and with every index looked at, the fast engine tells the same."""
    tests = ["tests/engine", "-k", "not full_size and not test_jit", "-n0", "-q", "-m", "not slow"]
    tests += ["--timeout", "900"]  # the first of them compiles with every index looked at
    environment = {**os.environ, how: "1", "NUMBA_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "pytest", *tests]
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_kernels_compiled_as_numba_does_by_itself(tmp_path: Path) -> None:
    """Without the options and the compiler pass of `jit.py`, which are for speed alone."""
    names = ["sanmenxia/parallel", "sanmenxia_townships/zone", "sanmenxia_before/counters"]
    command = [sys.executable, "-c", PLAIN, *names]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NUMBA_CACHE_DIR": str(tmp_path)}
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.count("the same") == len(names), done.stderr[-3000:]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_without_a_place_to_keep_it_code_is_compiled_each_time(tmp_path: Path) -> None:
    """Neither beside the package nor in the user's cache: it only costs time."""
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    (tmp_path / "sim" / "engine" / "__pycache__").touch()
    nowhere = "/proc/nowhere"
    for _ in range(2):
        finished = run_program(SERVE, tmp_path, HOME=nowhere, XDG_CACHE_HOME=nowhere)
        assert finished.stdout.split()[0] == "False", finished.stderr
        assert "Journal(2355 tickets, 2355 cases) True" in finished.stdout


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_code_is_kept_until_a_file_it_is_made_of_changes(tmp_path: Path) -> None:
    """The second process finds what the first compiled; a changed rule is compiled anew."""
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    assert run_program(SERVE, tmp_path).stdout.split()[0] == "False"
    assert run_program(SERVE, tmp_path).stdout.split()[0] == "True"
    rules = tmp_path / "sim" / "engine" / "choices.py"
    rules.write_text(rules.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert run_program(SERVE, tmp_path).stdout.split()[0] == "False"
