"""Whether this machine has the memory that a log asks for, looked at before it is used up."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sim.errors import Problem, ScenarioError

BYTES_PER_ROW: Final = 1_000
"""Measured: three million rows of eight columns, read and fitted, took 3.0 GB at their peak."""
RUN_BYTES_PER_ROW: Final = 2_500
"""Beside the log, while its people come again or as many do: a replay of one million took 3.1 GB in
all, one of three million 5.7 GB."""
SYSTEM: Final = Path("/proc/meminfo")
GROUP: Final = Path("/sys/fs/cgroup")
"""Where Linux tells what a container may use."""


def refuse_beyond_memory(n_rows: int, name: str, bytes_per_row: int = BYTES_PER_ROW) -> None:
    """Nothing where the rows fit, or where the machine does not tell its memory.

    Parameters
    ----------
    bytes_per_row
        That reading takes; `RUN_BYTES_PER_ROW` when as many people are simulated.

    Raises
    ------
    ScenarioError
        `log_memory`, with the number of rows that there is memory for.

    Examples
    --------
    >>> refuse_beyond_memory(1_000, "log.csv")
    """
    free = free_memory()
    if free is not None and n_rows * bytes_per_row > free:
        most = f"≤ {free // bytes_per_row:,}"
        raise ScenarioError(Problem("log_memory", file=name, found=f"{n_rows:,}", allowed=most))


def free_memory() -> int | None:
    """Bytes that are still to be had; None where nothing tells them."""
    bounds = [bytes_ for bytes_ in (_of_system(), _of_group()) if bytes_ is not None]
    return min(bounds, default=None)


def _of_system() -> int | None:
    try:
        lines = SYSTEM.read_text("ascii").splitlines()
    except OSError:
        return None
    for line in lines:
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def _of_group() -> int | None:
    try:
        most, used = (
            (GROUP / f"memory.{name}").read_text("ascii").strip() for name in ("max", "current")
        )
    except OSError:
        return None
    return None if most == "max" else max(int(most) - int(used), 0)
