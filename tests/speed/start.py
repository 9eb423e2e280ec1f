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


MEMORY: Final = """
import re, resource, sys
from pathlib import Path
import sim
days, replications = int(sys.argv[1]), int(sys.argv[2])
scenario = sim.load_scenario(sys.argv[3], [f"run.measured_days={days}"])
study = sim.replicate(scenario, run=sim.Run(replications=replications, workers=1))
people = sum(int(tally.by_day["visits"][0].sum()) for tally in study.of("hall"))
status = Path("/proc/self/status")
if status.exists():  # the other counter remembers the parent, where it was larger
    peak = int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1])
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak * 1024, people / replications)
"""


def memory(_: int) -> dict[str, float]:
    """Bytes a visit at the peak of long runs, and megabytes of a process by replications.

    Everything counts: crowd, state, journal, tables, sums. The base is a run of one day.
    """

    def peak(days: int, replications: int) -> tuple[float, float]:
        arguments = (str(days), str(replications), str(HERE / "w2.yaml"))
        command = [sys.executable, "-c", MEMORY, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        words = done.stdout.split()
        return float(words[0]), float(words[1])

    (base, _people), (long, visits) = peak(1, 1), peak(840, 1)
    megabytes = {f"mb_of_{n}_replications": peak(20, n)[0] / 1e6 for n in (2, 40)}
    return {"visits": visits, "peak_bytes_a_visit": (long - base) / visits, **megabytes}
