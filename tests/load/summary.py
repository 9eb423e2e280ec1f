"""What came of a measurement: seconds by page, processor time, whose simulations were first."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from sim.storage.job_folder import PROGRESS
from sim.storage.request import read_reader
from tests.load.browsing import PageTime


def table(times: Sequence[PageTime], pages: Sequence[str]) -> str:
    """Median, 95 % and longest of each page's seconds, and of all pages together.

    Examples
    --------
    >>> times = [PageTime("home", "zh", 0.5, 10), PageTime("home", "en", 1.5, 10)]
    >>> print(table(times, ["home"]))
    page          opened  median    95 %     max  kB
    home               2    1.00    1.45    1.50   0
    all                2    1.00    1.45    1.50   0
    """
    lines = [f"{'page':<12}  {'opened':>6}  {'median':>6}  {'95 %':>6}  {'max':>6}  kB"]
    for name in (*pages, "all"):
        chosen = [each for each in times if name in (each.page, "all")]
        if chosen:
            seconds = sorted(each.seconds for each in chosen)
            figures = (share_point(seconds, share) for share in (0.5, 0.95, 1.0))
            size = max(each.size for each in chosen) // 1_000
            columns = "  ".join(f"{figure:>6.2f}" for figure in figures)
            lines.append(f"{name:<12}  {len(chosen):>6}  {columns}  {size:>2}")
    return "\n".join(lines)


def share_point(ordered: Sequence[float], share: float) -> float:
    """The point below which a share of some numbers lies, between two of them by proportion.

    Examples
    --------
    >>> share_point([0.0, 1.0, 4.0], 0.75)
    2.5
    """
    place = share * (len(ordered) - 1)
    low = min(int(place), len(ordered) - 2) if len(ordered) > 1 else 0
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def processor_seconds(pid: int) -> float:
    """Processor time of a process on Linux, without those that it started; 0 elsewhere."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(words[11]) + int(words[12])) / 100


def most_memory(pid: int) -> float:
    """Megabytes of memory that a process had at the most, on Linux; 0 elsewhere."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def start_order(runs: Path) -> tuple[bool, int]:
    """Whether no reader's job began before each other reader had begun one job fewer at the most,
    all having asked for equally many at once; and how many jobs have begun.
    """
    begun = []
    for folder in runs.iterdir():
        lines = (folder / PROGRESS).read_text().splitlines() if (folder / PROGRESS).exists() else []
        if lines:
            begun.append((json.loads(lines[0])["at"], read_reader(folder)))
    readers = {read_reader(folder) for folder in runs.iterdir()}
    counts = Counter(dict.fromkeys(readers, 0))
    is_fair = True
    for _, reader in sorted(begun):
        is_fair &= counts[reader] == min(counts.values())
        counts[reader] += 1
    return is_fair, len(begun)
