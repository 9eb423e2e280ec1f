"""How drawn tests draw, which tests are long, and what is kept anew on demand.

Tests draw the same every time, and never against the clock: a busy machine is no broken law, and a
run says of a change what the run before would have said of it. `--hypothesis-profile=search` draws
anew each time.
"""

from collections import defaultdict
from typing import Final

import pytest
from hypothesis import settings

from tests.long import LIST, Duration, choose_long, is_long, read_long, write_long

settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None)
settings.load_profile("same")


def pytest_addoption(parser: pytest.Parser) -> None:
    """After a figure was changed on purpose and looked at, its words are kept anew."""
    parser.addoption(
        "--keep-drawings",
        action="store_true",
        help="keep the figures of tests/views/test_gallery.py, in words, as they are drawn now",
    )
    parser.addoption(
        "--keep-answers",
        action="store_true",
        help="keep the answers of tests/answers as they are now, after they were looked at",
    )
    parser.addoption(
        "--keep-long",
        action="store_true",
        help="write tests/long.txt anew from how long each test takes in this run of all",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Measure the tests where they are reported: in the process that the others report to."""
    if config.getoption("keep_long") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Stopwatch())


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what the list names."""
    names = read_long(LIST.read_text(encoding="utf-8"))
    for item in items:
        if is_long(item.nodeid, names):
            item.add_marker("long")


class Stopwatch:
    """Adds up how long each test takes, and keeps the names of the longest."""

    def __init__(self) -> None:
        self.seconds: Final[dict[tuple[str, bool], float]] = defaultdict(float)
        """Test, whether it was being prepared -> seconds."""
        self.has_failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add a part of a test."""
        self.seconds[report.nodeid, report.when == "setup"] += report.duration
        self.has_failed |= report.failed

    def pytest_sessionfinish(self) -> None:
        """Write the list; a run in which a test failed measures nothing."""
        if not self.has_failed:
            tests = {test for test, _ in self.seconds}
            write_long(
                choose_long(
                    {
                        test: Duration(self.seconds[test, True], self.seconds[test, False])
                        for test in tests
                    }
                )
            )
