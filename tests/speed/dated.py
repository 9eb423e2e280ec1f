"""A table of arrivals of a log's size: read and compiled beside its parsing by Arrow alone."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np
from pyarrow import csv

import sim
from sim.clock import DAY, HOUR
from sim.scenario.arrival_rows import ArrivalRows
from sim.storage.arrivals_table import arrivals_csv
from tests.strategies import errand, small

ROWS: Final = 1_000_000
DAYS: Final = 270
FIRST: Final = 20_089
"""1 January 2025, in days since 1970."""


def made_rows(n: int) -> ArrivalRows:
    """Rows of nine months, a third of them without a service time."""
    rng = np.random.default_rng(1)
    day = np.sort(rng.integers(0, DAYS, n))
    clock = rng.integers(9 * HOUR, 17 * HOUR, n) // 1_000 * 1_000
    instants = np.sort((FIRST + day) * DAY + clock)
    service = np.where(rng.random(n) < 1 / 3, -1, rng.integers(60_000, 1_200_000, n))
    matter = rng.integers(0, 2, n)
    return ArrivalRows(
        instants, matters=("errand", "other"), matter=matter, service=service // 1_000 * 1_000
    )


def hall(folder: Path, rows: ArrivalRows) -> Path:
    """A scenario beside its table."""
    text = small(
        run=f"{{start: 2025-01-01, measured_days: {DAYS}}}",
        calendars="[{id: day, weekly: {mon-sun: [09:00-17:00]}}]",
        matters=f"[{errand('10 min')}, {errand('4 min', id_='other')}]",
        layouts=(
            "[{id: hall, name: {zh: 厅, en: Hall},"
            " windows: [{id: window, serves: [errand, other], clerks: 90}]}]"
        ),
        demand="[{id: log, matter: errand, arrivals_file: log.csv}]",
    )
    (folder / "log.csv").write_bytes(arrivals_csv(rows))
    path = folder / "hall.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def dated(rounds: int, n: int = ROWS) -> dict[str, Any]:
    """Processor seconds until a log is a plan, over those in which Arrow parses its columns."""
    with tempfile.TemporaryDirectory() as name:
        path = hall(Path(name), made_rows(n))
        megabytes = (path.parent / "log.csv").stat().st_size / 1e6
        pairs = [(_spent(path), _parsed(path.parent / "log.csv")) for _ in range(rounds + 1)][1:]
    return {
        "rows": n,
        "megabytes": megabytes,
        "read_and_compiled_s": [ours for ours, _ in pairs],
        "parsed_s": [arrow for _, arrow in pairs],
        "times_parsed": [ours / arrow for ours, arrow in pairs],
        "median_s": median(ours for ours, _ in pairs),
    }


def _spent(path: Path) -> float:
    begun = time.process_time()
    sim.compile_plan(sim.load_scenario(path), "hall")
    return time.process_time() - begun


def _parsed(path: Path) -> float:
    begun = time.process_time()
    csv.read_csv(path, read_options=csv.ReadOptions(use_threads=False))
    return time.process_time() - begun
