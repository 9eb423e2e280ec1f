"""How drawn tests draw: the same every time, and never against the clock.

A busy machine is no broken law, and a run says of a change what the run before would have said of
it. `--hypothesis-profile=search` draws anew each time.
"""

import pytest
from hypothesis import settings

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
