"""The main way through in a real browser: every page drawn, a study run by clicking.

Needs Chromium and a script that takes pictures, named by GOVHALL_SCREENSHOT: it is called with an
address and a file, and knows `--serve`, `--own-host-only`, `--fill`, `--click`, `--eval`,
`--wait-text` and `--text`. It ends with a status other than 0 when the page shows an exception,
the browser logs an error, or anything outside this machine is asked for.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sim.questions.extend import ExtendQuestion
from sim.storage.request import read_request
from sim.text import LANGUAGES, Language, load_text
from sim.web.pages import PAGES

APP = Path(__file__).resolve().parents[2] / "app.py"
TOOL = os.environ.get("GOVHALL_SCREENSHOT", "")
CHROMIUM = shutil.which(os.environ.get("CHROMIUM", "chromium"))

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(900),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH"),
    pytest.mark.skipif(not Path(TOOL).is_file(), reason="GOVHALL_SCREENSHOT names no script"),
]


def picture(folder: Path, address: str, *steps: str) -> str:
    """Take a picture of a page of a freshly served app; return the page's words."""
    said = folder / "words.txt"
    command = [sys.executable, TOOL, "--serve", str(APP), address, str(folder / "page.png")]
    options = ["--own-host-only", "--timeout", "300", "--text", str(said)]
    environment = {**os.environ, "GOVHALL_HOME": str(folder / "home")}
    done = subprocess.run(
        [*command, *options, *steps], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return said.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", [page.key for page in PAGES])
def test_every_page_is_drawn(tmp_path: Path, page: str, language: Language) -> None:
    place = "" if page == PAGES[0].key else page
    said = picture(tmp_path, f"{place}?lang={language}")
    text = load_text(language)
    assert text("app.title" if page == "home" else f"page.{page}.title") in said
    if language == "en":
        foreign = {sign for sign in said if "\u4e00" <= sign <= "\u9fff"}
        assert foreign <= set(load_text("zh")("language.name"))


def test_a_study_is_run_by_clicking(tmp_path: Path) -> None:
    text = load_text("zh")
    said = picture(
        tmp_path,
        "layouts?lang=zh",
        *("--fill", f"{text('app.days')}=2"),
        *("--fill", f"{text('app.replications')}=2"),
        *("--click", text("app.run")),
        *("--wait-text", text("app.download_report")),
    )
    assert text("page.results.title") in said
    runs = [path for path in (tmp_path / "home" / "runs").iterdir() if path.is_dir()]
    assert len(runs) == 1
    assert runs[0].name in said


CLICK = """
(() => {
  for (const one of document.querySelectorAll("*")) {
    const found = one.shadowRoot?.querySelector('[data-town="t411224205"]')
    if (found) return found.dispatchEvent(new MouseEvent("click", {bubbles: true}))
  }
  throw new Error("no such circle")
})()
"""


def test_a_point_is_opened_on_the_map_and_run(tmp_path: Path) -> None:
    text = load_text("zh")
    said = picture(
        tmp_path,
        "townships?lang=zh",
        *("--click", text("page.townships.take")),
        *("--eval", CLICK),
        *("--fill", f"{text('app.replications')}=2"),
        *("--click", text("app.run")),
        *("--wait-text", text("app.download_report")),
    )
    assert text("stations.area") in said
    [folder] = [path for path in (tmp_path / "home" / "runs").iterdir() if path.is_dir()]
    question = read_request(folder).question
    assert isinstance(question, ExtendQuestion)
    assert question.points == ("t411224205",)
