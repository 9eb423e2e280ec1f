"""The app's own process stays small, whatever is uploaded: crowds are drawn by jobs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CASES = Path(__file__).resolve().parents[1] / "cases" / "input"
CASE = CASES / "crowd_of_2_million_in_the_app.yaml"
MOST_MB = 1_000

READ = r"""
import json, re, sys
from pathlib import Path
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash
from sim.web.change import Change, Source
from sim.web.pages import PAGES
from sim.web.session import Session

case, app_file = Path(sys.argv[1]), sys.argv[2]
source = Source(case.name, case.read_text(encoding="utf-8"))
exceptions = {}
for page in PAGES:
    app = AppTest.from_file(app_file, default_timeout=300)
    app.session_state["session"] = Session("en", Change(source))
    app._page_hash = calc_hash("" if page is PAGES[0] else page.key)
    app.run()
    for key in [shown.key for shown in app.button if shown.key and shown.key.startswith("go")]:
        if not app.button(key=key).disabled:
            app.button(key=key).click().run()
            exceptions[page.key] = [error.value for error in app.exception]
# ru_maxrss would also hold what the process was before exec: a copy of the one that runs the tests
status = Path("/proc/self/status").read_text(encoding="utf-8")
peak = int(re.search(r"^VmHWM:\s*(\d+) kB$", status, re.MULTILINE)[1]) / 1024
print(json.dumps({"peak": peak, "exceptions": exceptions}))
"""


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="/proc tells the peak of a process"
)
@pytest.mark.timeout(600)
def test_a_crowd_of_two_millions_is_none_of_the_servers(tmp_path: Path) -> None:
    """Every page opened, and all that can be asked asked; jobs are at work meanwhile."""
    app = Path(__file__).resolve().parents[2] / "app.py"
    done = subprocess.run(
        [sys.executable, "-c", READ, str(CASE), str(app)],
        env={**os.environ, "GOVHALL_HOME": str(tmp_path)},
        cwd=app.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    report = json.loads(done.stdout.splitlines()[-1])
    assert "matter" in report["exceptions"], "the page that drew two million cases"
    assert not any(report["exceptions"].values())
    assert report["peak"] < MOST_MB, f"{report['peak']:.0f} MB"
