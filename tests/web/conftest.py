"""A browser for the tests that look at pages as readers do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.web.browsing import CHROMIUM


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, led by Playwright."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on the PATH")
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install '.[browser]'")
    with playwright.sync_playwright() as led:
        # in a container there is no sandbox, and all that is opened is our own
        started = led.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()
