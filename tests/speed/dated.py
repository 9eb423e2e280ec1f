"""Tables of a log's size, of arrivals and of clerks: read and compiled beside what Arrow parses.

And half a year replayed as one scenario beside one day of it.
"""

from __future__ import annotations

import tempfile
import time
from datetime import date, timedelta
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
YEAR: Final = 365
HALF_HOURS: Final = 48
GROUPS: Final = 40
"""Groups of windows: a year of their half hours is 700,800 rows of clerks."""
REPLAYED: Final = 183
"""Days of one replay."""
A_DAY: Final = 300
"""Arrivals of one of them."""


def made_rows(n: int, days: int = DAYS) -> ArrivalRows:
    """Rows of nine months, or so many days, a third of them without a service time."""
    rng = np.random.default_rng(1)
    day = np.sort(rng.integers(0, days, n))
    clock = rng.integers(9 * HOUR, 17 * HOUR, n) // 1_000 * 1_000
    instants = np.sort((FIRST + day) * DAY + clock)
    service = np.where(rng.random(n) < 1 / 3, -1, rng.integers(60_000, 1_200_000, n))
    matter = rng.integers(0, 2, n)
    return ArrivalRows(
        instants, matters=("errand", "other"), matter=matter, service=service // 1_000 * 1_000
    )


def hall(folder: Path, rows: ArrivalRows, days: int = DAYS) -> Path:
    """A scenario beside its table."""
    text = small(
        run=f"{{start: 2025-01-01, measured_days: {days}}}",
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


def clerk_hours(rounds: int, days: int = YEAR) -> dict[str, Any]:
    """The same for a table of clerks: so many days of half hours of forty groups."""
    with tempfile.TemporaryDirectory() as name:
        path, table = staffed_hall(Path(name), days), Path(name) / "clerks.csv"
        pairs = [(_spent(path), _parsed(table)) for _ in range(rounds + 1)][1:]
    return {
        "rows": days * HALF_HOURS * GROUPS,
        "read_and_compiled_s": [ours for ours, _ in pairs],
        "parsed_s": [arrow for _, arrow in pairs],
        "times_parsed": [ours / arrow for ours, arrow in pairs],
        "median_s": median(ours for ours, _ in pairs),
    }


def staffed_hall(folder: Path, days: int) -> Path:
    """A hall that never closes, its clerks by the half hour in a table."""
    groups = [f"g{n}" for n in range(GROUPS)]
    clocks = [f"{slot // 2:02d}:{slot % 2 * 30:02d}" for slot in range(HALF_HOURS + 1)]
    dates = [(date(2025, 1, 1) + timedelta(days=day)).isoformat() for day in range(days)]
    rng = np.random.default_rng(1)
    rows = (
        f"{day},{clocks[slot]},{clocks[slot + 1]},{group},{clerks}"
        for day in dates
        for slot in range(HALF_HOURS)
        for group, clerks in zip(groups, rng.integers(0, 4, GROUPS).tolist(), strict=True)
    )
    table = "\n".join(["date,from,to,group,clerks", *rows])
    (folder / "clerks.csv").write_text(f"{table}\n", encoding="utf-8")
    windows = ", ".join(f"{{id: {group}, serves: [errand], clerks: 3}}" for group in groups)
    text = small(
        run=f"{{start: 2025-01-01, measured_days: {days}}}",
        calendars="[{id: day, weekly: {mon-sun: [00:00-24:00]}}]",
        layouts=(
            "[{id: hall, name: {zh: 厅, en: Hall}, clerks_file: clerks.csv,"
            f" windows: [{windows}]}}]"
        ),
    )
    path = folder / "hall.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def replay_days(rounds: int) -> dict[str, Any]:
    """Processor seconds until 183 days of a log are one plan, over those of one day's plan."""
    with tempfile.TemporaryDirectory() as name:
        paths = []
        for days in (1, REPLAYED):
            folder = Path(name) / str(days)
            folder.mkdir()
            rows = made_rows(A_DAY * days, days)
            paths.append(hall(folder, rows, days))
        pairs = [(_spent(paths[1]), _spent(paths[0])) for _ in range(rounds + 1)][1:]
    return {
        "days": REPLAYED,
        "read_and_compiled_s": [whole for whole, _ in pairs],
        "one_day_s": [day for _, day in pairs],
        "times_one_day": [whole / day for whole, day in pairs],
    }


def _spent(path: Path) -> float:
    begun = time.process_time()
    sim.compile_plan(sim.load_scenario(path), "hall")
    return time.process_time() - begun


def _parsed(path: Path) -> float:
    begun = time.process_time()
    csv.read_csv(path, read_options=csv.ReadOptions(use_threads=False))
    return time.process_time() - begun
