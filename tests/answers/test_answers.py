"""Every command's whole answer, kept: what a change changes shows in review as lines of text.

Laws say what must hold; these say what is. After a change that is meant to change answers, look at
the difference and keep it: `pytest tests/answers --keep-answers`.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

import pytest

from sim import Run, load_scenario
from sim.__main__ import main
from sim.questions.extend import extend
from sim.text import load_text
from sim.version import VERSION
from sim.views.extend_report import render_extension
from tests.learning.made_log import FILE, troubled_log
from tests.scenario.test_places import AREA

HERE: Final = Path(__file__).parent
COMMANDS: Final = {
    "check": "check HALL",
    "check_area": "check AREA",
    "run": "run HALL --layout zone SHORT",
    "run_by": "run HALL --layout counters SHORT --by class,matter,list,group,slot,day",
    "run_area": "run AREA --layout zone SHORT --by county",
    "compare": "compare HALL --cores 1 --by class",
    "compare_more": "compare HALL SHORT --set departments.market.reviewers=3"
    " --set applicants.volume_factor=0.5",
    "compare_assumptions": "compare HALL SHORT --assumptions wait",
    "until": "run HALL --layout zone --replications 9 --cores 1 --until wait=0.9",
    "warm_up": "warmup HALL --layouts zone --days 30 --cores 1",
    "learn": "learn tickets.csv",
    "backtest": "backtest month.csv --learn-until 2025-03-20",
    "replay": "replay tickets.csv --more-clerks desks=1@10:00-12:00",
    "size": "size HALL --layout counters --days 2 SHORT --set targets.promises="
    '[{"measure":"called_within","at_least":0.8,"each":"half_hour"},'
    '{"measure":"on_time_share","at_least":0.9,"each":"run"}]',
    "allocate": "allocate HALL --layout zone --layout counters --days 2 SHORT",
    "roster": "roster HALL --layout counters --weeks 1 --from 2025-04-21 --staff staff.csv SHORT",
    "roster_crew": "roster HALL --layout zone --weeks 1 SHORT",
    "tune": "tune HALL --layout zone --lever opening --lever tidal_threshold=2,40 SHORT",
    "switches": "switches HALL --layout zone --switch online=40,2 --switch assistance SHORT",
    "sweep": "sweep HALL --layouts zone --vary departments.market.reviewers=2,3"
    " --vary applicants.volume_factor=0.8,1.1 SHORT",
    "levers": "levers HALL --layout zone SHORT",
    "levers_screened": "levers HALL --layout zone --screen SHORT",
    "levers_given": "levers HALL --layout zone --measure turnaround --top 2"
    " --vary corrections.share=0,0.3 SHORT",
    "reductions": "reductions HALL --layout counters --ends SHORT",
    "matter": "matter HALL shop --layout counters SHORT",
    "reform": "reform HALL LATER --layout counters SHORT",
    "reform_matters": "reform HALL LATER HALL --layout counters --matters shop SHORT",
    "case": "case HALL 12 --layout zone --out case.svg",
    "extend": "extend AREA --points ridge,port --layout zone SHORT",
    "extend_budget": "extend AREA --budget 120000 --layout zone SHORT",
    "next": "extend AREA --next --points ridge --layout zone SHORT",
    "shortlist": "extend AREA --points ridge,port --each --layout zone SHORT",
    "frontier": "extend AREA --frontier --at-most 2 --layout zone SHORT",
}
LOGGED: Final = 30
FORMATS: Final = ("zh", "en", "json", "csv")
SAME_DATA: Final = (
    *("case", "run", "until", "matter", "reform_matters"),
    *("compare_more", "compare_assumptions", "extend_budget"),
)
"""Commands without data, or with that of another."""
ASIDE: Final = re.compile(r"\.(list|group|matter|slot|day)\.")
"""Groups that are summed as others are."""


def write_halls(folder: Path) -> None:
    """Write a small hall with every mechanism, its next stage, and one with places and costs."""
    text = AREA.replace("    townships: [ridge]\n", "") + "money: {clerk_yuan_per_hour: 30}\n"
    (folder / "area.yaml").write_text(text, encoding="utf-8")
    shutil.copy(HERE / "hall.yaml", folder)
    later = "extends: hall.yaml\nname: {zh: 加人之后, en: With more reviewers}\n"
    later += "departments: [{id: market, reviewers: 3}]\n"
    (folder / "later.yaml").write_text(later, encoding="utf-8")
    people = (
        "姓名,岗位,合同工时,休息日\n张三,全部,40,\n李四,市场监管窗口,40,周三\n王五,税务窗口,20,\n"
    )
    (folder / "staff.csv").write_text(people, encoding="utf-8")
    (folder / "tickets.csv").write_bytes(troubled_log())
    shutil.copy(FILE, folder / "month.csv")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where commands run: with a hall, and with the places of the tests of places."""
    write_halls(tmp_path)
    monkeypatch.chdir(tmp_path)  # so that no line is as long as the name of a folder of the day
    monkeypatch.setenv("COLUMNS", "120")
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("way", FORMATS)
def test_an_answer_is_as_it_was(
    name: str,
    way: str,
    capfd: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    arguments = arguments_of(name)
    if way in {"json", "csv"}:
        if name in SAME_DATA:
            pytest.skip("no data, or that of another command")
        arguments += ["--format", way]
    else:
        arguments += ["--lang", way]
    with pytest.raises(SystemExit) as left:
        main(arguments)
    said = capfd.readouterr().out
    assert left.value.code == 0
    if way == "json":
        rows = leaves(json.loads(said))
        said = "\n".join(row for row in rows if not ASIDE.search(row.partition(" = ")[0])) + "\n"
    if way == "csv":
        said = re.sub(r"-?\d+\.\d{9,}(e-?\d+)?", lambda number: f"{float(number[0]):.9g}", said)
    same_as_kept(f"{name}.{way}", without_hash(said), request)


def test_a_log_is_as_it_was(folder: Path, request: pytest.FixtureRequest) -> None:
    """All that happened to the first cases."""
    with pytest.raises(SystemExit):
        main(["log", "hall.yaml", "--layout", "zone", "--out", "log.csv"])
    rows = (folder / "log.csv").read_text(encoding="utf-8-sig").splitlines()
    first = [row for row in rows if not row[0].isdigit() or int(row.partition(",")[0]) < LOGGED]
    same_as_kept("log", "\n".join(first) + "\n", request)


def arguments_of(name: str) -> list[str]:
    """A command with its files and how much is run."""
    words = {
        "AREA": "area.yaml",
        "HALL": "hall.yaml",
        "LATER": "later.yaml",
        "SHORT": "--replications 3 --cores 1",
    }
    text = COMMANDS[name]
    for word, meaning in words.items():
        text = text.replace(word, meaning)
    return text.split()


def without_hash(text: str) -> str:
    """What changes with any word of a scenario, or with a release, is left out."""
    return re.sub(r"\b[0-9a-f]{16}\b", "HASH", text).replace(VERSION, "VERSION")


def leaves(data: Any, path: str = "") -> Iterator[str]:
    """One line a number or word; numbers with nine figures, which any machine gives."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from leaves(value, f"{path}.{key}" if path else key)
    elif isinstance(data, list):
        for n, value in enumerate(data):
            yield from leaves(value, f"{path}[{n}]")
    else:
        yield f"{path} = {f'{data:.9g}' if isinstance(data, float) else data}"


def same_as_kept(name: str, text: str, request: pytest.FixtureRequest) -> None:
    path = HERE / "kept" / f"{name}.txt"
    if request.config.getoption("--keep-answers"):
        path.write_text(text, encoding="utf-8")
    assert path.exists(), "look at it, and keep it: pytest tests/answers --keep-answers"
    assert text.splitlines() == path.read_text(encoding="utf-8").splitlines()


class Words(HTMLParser):
    """The words of a page, a line each; drawings have tests of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"style", "script", "svg"}:
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.inside:
            self.lines.append(" ".join(data.split()))


def words_of(page: str) -> str:
    """What a reader reads on a page."""
    words = Words()
    words.feed(page)
    return "\n".join(words.lines) + "\n"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["compare", "run_area"])
def test_a_report_is_as_it_was(
    name: str, language: str, folder: Path, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(SystemExit):
        main([*arguments_of(name), "--lang", language, "--out", "out"])
    [report] = folder.glob("out/*.html")
    page = words_of(report.read_text(encoding="utf-8"))
    same_as_kept(f"{name}.report.{language}", without_hash(page), request)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_report_on_stations_is_as_it_was(
    language: str, folder: Path, request: pytest.FixtureRequest
) -> None:
    area = load_scenario(folder / "area.yaml")
    extension = extend(area, ["ridge", "port"], "zone", run=Run(replications=3, workers=1))
    page = words_of(render_extension(extension, load_text(language)))
    same_as_kept(f"extend.report.{language}", without_hash(page), request)
