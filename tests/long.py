"""Which tests are long: measured, kept in `long.txt`, and marked `long` when tests are collected.

A run with all of them writes the list anew::

    .venv/bin/python -m pytest -m "not slow and not speed and not browser" --keep-long

so that those left, the quick ones, take `BUDGET_S` in all. What is made for a whole file (a fixture
of its module) belongs to each of its tests: where that takes long, the file is long.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

LIST: Final = Path(__file__).with_name("long.txt")
BUDGET_S: Final = 700.0
"""Seconds that quick tests may take in all on one core, less what it takes to start and collect."""
SHARED_S: Final = 2.0
"""Seconds of preparing the first test of a file from which on the whole file is long."""
HEAD: Final = (
    "# Tests that the quick run leaves out, and files all of whose tests are left out:",
    f"# the longest, until the others take {BUDGET_S:.0f} s. Written by --keep-long (long.py).",
)


class Duration(NamedTuple):
    """Seconds that a test took."""

    preparing: float
    """Fixtures, with those that later tests of the file share."""
    running: float


def read_long(text: str) -> frozenset[str]:
    """Names of tests and files in a list.

    Examples
    --------
    >>> sorted(read_long("# longest first\\ntests/a.py\\n\\ntests/b.py::test_x\\n"))
    ['tests/a.py', 'tests/b.py::test_x']
    """
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def is_long(test: str, names: frozenset[str]) -> bool:
    """Whether a test is in the list, by its own name or by that of its file.

    Examples
    --------
    >>> names = frozenset({"tests/a.py", "tests/b.py::test_x[1]"})
    >>> [is_long(f"tests/{test}", names) for test in ("a.py::test", "b.py::test_x[2]")]
    [True, False]
    """
    return test in names or test.partition("::")[0] in names


def choose_long(durations: Mapping[str, Duration], budget_s: float = BUDGET_S) -> Sequence[str]:
    """Names of the longest tests, so that all others together keep within the budget.

    Parameters
    ----------
    durations
        Of every test.
    budget_s
        Seconds of all tests that are not chosen.

    Examples
    --------
    >>> ran = {"a.py::x": Duration(0, 9), "a.py::y": Duration(0, 3), "b.py::z": Duration(4, 0)}
    >>> choose_long(ran, budget_s=5)
    ['a.py::x', 'b.py']
    """
    shared = {
        test.partition("::")[0]
        for test, duration in durations.items()
        if duration.preparing > SHARED_S
    }
    left = {
        test: sum(duration)
        for test, duration in durations.items()
        if test.partition("::")[0] not in shared
    }
    chosen = []
    total = sum(left.values())
    for test, seconds in sorted(left.items(), key=lambda row: -row[1]):
        if total <= budget_s:
            break
        chosen.append(test)
        total -= seconds
    return sorted([*shared, *chosen])


def write_long(names: Iterable[str]) -> None:
    """Keep a list."""
    LIST.write_text("\n".join([*HEAD, *names, ""]), encoding="utf-8")
