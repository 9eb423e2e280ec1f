"""Runs tests: to see which lines each of them reaches, or to try a change."""

from __future__ import annotations

import importlib
import json
import time
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import coverage
import pytest

SETTINGS: Final = (
    *("-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "addopts=", "--strict-markers"),
    *("--import-mode=importlib", "--doctest-modules"),
    *("-m", "not slow and not speed and not browser"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # libraries are loaded before
)
BROKEN: Final = 97
"""Status of a change after which the module cannot be imported."""


class Watch:
    """Tells coverage which test runs, and how long each took."""

    def __init__(self, watching: coverage.Coverage) -> None:
        self.watching = watching
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        self.watching.switch_context(item.nodeid)
        start = time.process_time()
        result = yield
        self.seconds[item.nodeid] = time.process_time() - start
        self.watching.switch_context("")
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)


class Chosen:
    """Keeps the chosen tests of the files that are collected, in the order that is given."""

    def __init__(self, order: Mapping[str, int], measured: frozenset[str]) -> None:
        self.order, self.measured = order, measured

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        # a test nobody measured yet may see the change too
        chosen = [
            item for item in items if item.nodeid in self.order or item.nodeid not in self.measured
        ]
        items[:] = sorted(chosen, key=lambda item: self.order.get(item.nodeid, len(self.order)))


def measure(test_file: str, out: Path) -> int:
    """Write which lines each test of a file reaches, and its seconds."""
    watching = coverage.Coverage(source=["sim"], data_file=None, branch=False, config_file=False)
    watching.start()
    watch = Watch(watching)
    status = pytest.main([*SETTINGS, test_file], plugins=[watch])
    watching.stop()
    data = watching.get_data()
    here = Path.cwd()
    lines = {
        Path(file).relative_to(here).as_posix(): {
            str(line): contexts for line, contexts in data.contexts_by_lineno(file).items()
        }
        for file in data.measured_files()
    }
    lines = {file: by_line for file, by_line in lines.items() if by_line}
    measured = {"seconds": watch.seconds, "failed": watch.failed, "lines": lines}
    out.write_text(json.dumps(measured), encoding="utf-8")
    return int(status)


def attempt(
    module: str, files: Sequence[str], order: Mapping[str, int], measured: frozenset[str]
) -> int:
    """Run chosen tests in their order; stop at the first that fails.

    Returns
    -------
    int
        Status of pytest, or `BROKEN`.
    """
    try:
        importlib.import_module(module)
    except BaseException:
        return BROKEN
    # no clock: a busy machine is no failure
    settings = [*SETTINGS, "-x", "--tb=line", "-o", "timeout=0"]
    return int(pytest.main([*settings, *files], plugins=[Chosen(order, measured)]))


def run_alone(test: str) -> int:
    """Status of one test."""
    return int(pytest.main([*SETTINGS, "-o", "timeout=0", test]))
