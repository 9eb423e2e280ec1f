"""What it costs to begin: a fresh process to its first answer, and compiling, once."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from statistics import median
from typing import Any, Final

from tests.speed.workloads import HERE

NUMBA: Final = "import numba"
ANSWER: Final = f"""
import sim
scenario = sim.load_scenario({str(HERE / "w2.yaml")!r}, ["run.measured_days=5"])
plan = sim.compile_plan(scenario, "hall")
journal = sim.run(plan, sim.draw_tape(plan.demand, 1, 0))
print(int((journal.called_at - journal.taken_at)[journal.called_at >= 0].mean()))
"""
"""Workload 2 over five days: the mean wait, in ticks."""


def spent(program: str, **environment: str) -> float:
    """Seconds of a process from its start to its end."""
    begun = time.perf_counter()
    env = {**os.environ, **environment}
    subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, check=True)
    return time.perf_counter() - begun


def start(rounds: int) -> dict[str, Any]:
    """A fresh process to its first answer beside one that imports numba, and one that compiles."""
    spent(ANSWER)
    pairs = [(spent(ANSWER), spent(NUMBA)) for _ in range(rounds)]
    with tempfile.TemporaryDirectory() as empty:
        cold = spent(ANSWER, NUMBA_CACHE_DIR=empty)
    warm = median(answer for answer, _ in pairs)
    return {
        "answer_s": [answer for answer, _ in pairs],
        "numba_s": [numba for _, numba in pairs],
        "times_numba": [answer / numba for answer, numba in pairs],
        "compile_s": cold - warm,
    }
