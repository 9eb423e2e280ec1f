"""A reader at a real browser, Chromium led by Playwright: what it sees, asks for, complains of."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple

import pytest

from sim.storage.job_folder import RESULT
from sim.storage.jobs import environment_of_workers
from sim.storage.request import REQUEST
from sim.text import Language

ROOT: Final = Path(__file__).resolve().parents[2]
PICTURES: Final = Path(os.environ.get("GOVHALL_PICTURES", ROOT / "out" / "browser"))
"""Where screenshots are kept: files of a run, not of the project."""
CHROMIUM: Final = shutil.which(os.environ.get("CHROMIUM", "chromium")) or shutil.which("chrome")
RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
"""Of axe-core: what WCAG 2.2 asks for at levels A and AA."""
START_S: Final = 180.0
LONGEST_S: Final = 300
"""Seconds until a question is answered."""
PATIENCE_MS: Final = 240_000
STILL: Final = """() =>
  document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
  && document.querySelector('h1')
  && !document.querySelector('[data-testid=stSpinner], [data-testid=stSkeleton], [data-stale=true]')
"""
"""The page has been run and shows it."""
PROBES: Final = re.compile(r"/_stcore/(health|host-config)$")
"""Streamlit's own page looks for its server at several addresses; all but one are not there."""


class Screen(NamedTuple):
    """What the reader looks at."""

    name: str
    width: int
    height: int


SCREENS: Final = (Screen("desktop", 1280, 900), Screen("phone", 390, 844))


def free_port() -> int:
    """A port of this machine at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serve(home: Path, *options: str, port: int | None = None, **settings: str) -> Iterator[str]:
    """The app, served with a folder of its own; its address.

    Options are Streamlit's, settings are variables of the environment.
    """
    port = port or free_port()
    base = settings.get("STREAMLIT_SERVER_BASE_URL_PATH", "")
    address = "/".join(filter(None, (f"http://127.0.0.1:{port}", base)))
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    command += [f"--server.port={port}", "--server.headless=true", *options]
    environment = {**environment_of_workers(), "GOVHALL_HOME": str(home), **settings}
    log = (home.parent / "server.log").open("w")
    with (
        log,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log) as server,
    ):
        try:
            until_it_works(
                lambda: urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).close()
            )
            yield address
        finally:
            server.terminate()


def until_it_works(attempt: Callable[[], object]) -> None:
    """Try until something at the other end answers."""
    until = time.monotonic() + START_S
    while True:
        try:
            attempt()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


class Visit:
    """A reader's visit: one browser window in one language, on one screen."""

    def __init__(
        self, browser: Any, server: str, language: Language, screen: Screen, **window: Any
    ) -> None:
        """Words for the window are Playwright's: what it sends, whom it signs in as."""
        self._server, self._language, self._screen = server, language, screen
        locale = {"zh": "zh-CN", "en": "en-GB"}[language]
        size = {"width": screen.width, "height": screen.height}
        self._window = browser.new_context(viewport=size, locale=locale, **window)
        self.page = self._window.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.outside: list[str] = []
        """Requests to anything but the app's own server."""
        self.complaints: list[str] = []
        """What the browser reported as an error, and answers that were one."""
        self.page.on("request", self._note_request)
        self.page.on("response", self._note_answer)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def __enter__(self) -> Visit:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self.keep_picture("failed")
        self._window.close()

    def _note_request(self, request: Any) -> None:
        allowed = (self._server, self._server.replace("http", "ws", 1), "data:", "blob:")
        if not request.url.startswith(allowed):
            self.outside.append(request.url)

    def _note_answer(self, answer: Any) -> None:
        if answer.status >= 400 and not PROBES.search(answer.url):
            self.complaints.append(f"{answer.status} {answer.url}")

    def open(self, page: str, **address: str) -> None:
        """Open a page, and wait until all of it is there."""
        more = "".join(f"&{name}={value}" for name, value in address.items())
        self.page.goto(f"{self._server}/{page}?lang={self._language}{more}")
        self.settle()

    def settle(self) -> None:
        """Wait until the page has been run, and has kept still for a moment."""
        self.page.wait_for_function(STILL, polling=100)
        self.page.wait_for_timeout(600)
        self.page.wait_for_function(STILL, polling=100)

    def press(self, label: str) -> None:
        """Press the button of that label, the first of several."""
        self.page.get_by_role("button", name=label, exact=True).first.click()
        self.settle()

    def fill(self, label: str, value: str) -> None:
        """Write into the field of that label."""
        field = self.page.get_by_label(label, exact=True).first
        field.fill(value)
        field.press("Enter")
        self.settle()

    def wait_for(self, words: str) -> None:
        """Wait until the page says something."""
        self.page.get_by_text(words, exact=True).first.wait_for()
        self.settle()

    @property
    def words(self) -> str:
        """All that the page says."""
        return str(self.page.locator("body").inner_text())

    @property
    def overhang(self) -> int:
        """Pixels by which the page is wider than the screen."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))

    def barriers(self) -> list[str]:
        """What keeps people from using the page, as axe-core finds it: rule, place, reason."""
        from axe_playwright_python.sync_playwright import Axe

        violations = (
            Axe()
            .run(self.page, options={"runOnly": list(RULES), "resultTypes": ["violations"]})
            .response["violations"]
        )
        return [
            f"{violation['id']} at {node['target']}: {' '.join(node['failureSummary'].split())}"
            for violation in violations
            for node in violation["nodes"]
        ]

    def keep_picture(self, name: str) -> Path:
        """Take a picture of the whole page, among the files of the run."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f"{name}.{self._screen.name}.{self._language}.png"
        # the page's own box scrolls, not the window: it is made as tall as what it holds
        main = "document.querySelector('[data-testid=stMain]')"
        height = int(self.page.evaluate(f"{main} ? {main}.scrollHeight : innerHeight"))
        size = {"width": self._screen.width, "height": max(height, self._screen.height)}
        self.page.set_viewport_size(size)
        self.page.screenshot(path=str(path))
        self.page.set_viewport_size({"width": self._screen.width, "height": self._screen.height})
        return path


def check(visit: Visit, name: str) -> None:
    """What holds of every page, whatever is on it; a picture of it is kept."""
    visit.keep_picture(name)
    assert visit.outside == []
    assert visit.complaints == []
    assert visit.overhang <= 0, "nobody moves a page sideways"
    pytest.importorskip("axe_playwright_python", reason="pip install '.[browser]'")
    assert visit.barriers() == []


def finished(home: Path) -> set[Path]:
    """Folders of the questions that have been answered."""
    return {
        path
        for path in (home / "runs").glob("*")
        if (path / REQUEST).is_file() and (path / RESULT).is_dir()
    }


def answered(home: Path, before: set[Path], visit: Visit) -> Path:
    """Wait for the answer to what has just been asked, and until it is shown."""
    for _ in range(LONGEST_S * 2):
        if new := finished(home) - before:
            visit.settle()
            return new.pop()
        visit.page.wait_for_timeout(500)
    raise AssertionError(visit.words)
