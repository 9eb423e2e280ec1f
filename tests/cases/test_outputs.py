"""Every output of every kind of hall, in both languages: tables, data, report, logs, a store.

Names are hostile throughout: formulas of spreadsheets and of TeX, markup, signs that turn lines.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from sim.text import LANGUAGES
from sim.text.foreign import PLAIN_NUMBER, UNSEEN, read_cell
from sim.views.glyphs import families_for
from tests.scenario.test_places import AREA
from tests.strategies import PLAIN, altered, text_of
from tests.test_cli import QUICK, Hall, hall  # noqa: F401 a fixture

ANSWERS = Path(__file__).parent / "answers"
NAMES = (
    '=HYPERLINK("http://x","y")',
    "[red]+1[/red] :smile: [/]",
    "$\\frac{1}{ _a_ ^ \\",
    "@name\u202eeman",
    "<script>alert(1)</script> & \"'",
    "-1+1 -->",
)
BASE = """\
name: {zh: 小厅, en: Small hall}
run: {start: 2025-01-06, warmup_days: 0, measured_days: 1, followup_days: 2, replications: 2}
calendars:
- {id: day, weekly: {mon-sun: [09:00-12:00]}}
- {id: always, weekly: {mon-sun: [00:00-24:00]}}
hall: {name: {zh: 小厅, en: Small hall}, hours: day}
departments:
- {id: office, name: {zh: 办公室, en: Office}, reviewers: 1, hours: day}
- {id: other, name: {zh: 另一处, en: Other}, reviewers: 1, hours: day}
matters:
- id: errand
  name: {zh: 单项业务, en: Single item}
  lead: office
  service: {base: {law: exponential, mean: 9 min}}
  assumed: {service.base.mean: [7 min, 12 min]}
  source: "=SUM(A1)"
- id: bundle
  name: {zh: 一件事, en: Bundle}
  lead: office
  service: {base: 12 min}
  items:
  - {id: one, name: {zh: 甲, en: One}, department: office, review: 5 min, correction_share: 0.5}
  - {id: two, name: {zh: 乙, en: Two}, department: other, review: 5 min, after: [one]}
demand:
- {id: errands, matter: errand, rate: 6 per h}
- {id: bundles, matter: bundle, rate: 4 per h}
layouts:
- id: one_list
  name: {zh: 一条队, en: One list}
  note: "@SUM(1)"
  windows: [{id: pool, serves: [errand, bundle], clerks: 3}]
- id: two_lists
  name: {zh: 两条队, en: Two lists}
  routing: {rule: shortest_wait}
  windows:
  - {id: left, serves: [errand, bundle], clerks: 2}
  - {id: right, serves: [errand], clerks: 1}
"""
CLASSES = (
    "applicants.classes=[{id: walk_in, name: {zh: 般, en: Any}, priority: 2},"
    " {id: old, name: {zh: 老, en: Old}, priority: 1}]"
)
BOOKS = (
    "applicants.appointments=[{id: book, name: {zh: 约, en: Book}, share: 0.5, slot: 30 min,"
    " slots: 2, priority_class: old, serves: [errand]}]"
)
HALLS: Mapping[str, tuple[str, ...]] = {
    "plain": (),
    "one replication": ("run.replications=1",),
    "never closes": ("hall.hours=always",),
    "overloaded": ("demand.errands.rate=90 per h", "hall.closing=cut_off"),
    "empty": ("demand.errands.rate=0 per h", "demand.bundles.rate=0 per h"),
    "no items": ("demand.bundles.rate=0 per h",),
    "nobody is called": ("applicants.balk_at=0",),
    "separate": (
        "matters.bundle.handling=separate",
        "departments.office.own_matter=errand",
        "departments.other.own_matter=errand",
    ),
    "classes": (CLASSES, "demand.errands.classes={old: 0.5, walk_in: 0.5}"),
    "appointments": (CLASSES, "demand.errands.classes={walk_in: 1}", BOOKS),
    "reception": ("hall.reception={clerks: 1, service: 1 min}",),
    "tidal": (
        "layouts.two_lists.windows.right.tidal={opens_at: 2, setup: 1 min}",
        "layouts.two_lists.windows.right.list=left",
        "layouts.two_lists.windows.right.serves=[errand, bundle]",
    ),
}
TEXTS: Mapping[str, str] = {
    "extended": "extends: base.yaml\nname: {zh: 小厅, en: Small hall}\n",
    "places and home visits": AREA,
    "a station": (ANSWERS / "report_with_a_station.yaml").read_text(encoding="utf-8"),
    "rare characters": (ANSWERS / "unclear_rare_glyphs.yaml").read_text(encoding="utf-8"),
}


def renamed(part: Any, names: Iterator[str]) -> None:
    """Give everything in a scenario a hostile name."""
    if isinstance(part, dict):
        if isinstance(part.get("name"), dict) and "zh" in part["name"]:
            name = next(names)
            part["name"] = {"zh": f"{name}甲", "en": name}
        if isinstance(part.get("note"), str):
            part["note"] = next(names)
        for value in part.values():
            renamed(value, names)
    elif isinstance(part, list):
        for value in part:
            renamed(value, names)


def hostile(text: str) -> str:
    tree = PLAIN.load(text)
    renamed(tree, (f"{NAMES[n % len(NAMES)]}{n}" for n in count()))
    return text_of(tree)


def assert_no_orders(words: str) -> None:
    """Nothing in it turns a terminal red, rings it or names its window."""
    assert not UNSEEN.search(words)


def assert_no_formulas(table: str) -> None:
    rows = list(csv.reader(io.StringIO(table)))
    assert rows
    assert len({len(row) for row in rows}) == 1
    for row in rows:
        for cell in row:
            assert PLAIN_NUMBER.fullmatch(cell) or not re.match("[=+@\t\r-]", cell), cell


@pytest.mark.parametrize("kind", [*HALLS, *TEXTS])
def test_every_output(hall: Hall, kind: str) -> None:  # noqa: F811
    text = TEXTS.get(kind, BASE)
    Path(hall.file).write_text(hostile(text), encoding="utf-8")
    sets = tuple(word for override in HALLS.get(kind, ()) for word in ("--set", override))
    short = () if kind in HALLS else ("--days", "1", "--replications", "2")
    (hall.folder / "base.yaml").write_text(BASE, encoding="utf-8")
    # a report takes a second: each kind in one language, the plain hall in both
    languages = LANGUAGES if kind == "plain" else LANGUAGES[len(kind) % 2 :][:1]
    for language in languages:
        for command in (("check",), ("compare", *QUICK, *short, "--out", f"out-{language}")):
            arguments = [word for word in command if not (command[0] == "check" and word in short)]
            said = hall(arguments[0], hall.file, *arguments[1:], *sets, "--lang", language)
            assert said.status == 0, said.err
            assert "warning:" not in said.err.lower()
            assert_no_orders(said.out + said.err)
        folder = hall.folder / f"out-{language}"
        page = (folder / "report.html").read_text(encoding="utf-8")
        assert_no_orders(page)
        assert "<script>alert" not in page
        assert_no_formulas((folder / "measures.csv").read_text(encoding="utf-8-sig"))
        json.loads((folder / "result.json").read_text(encoding="utf-8"), parse_constant=_refuse)
    assert_no_formulas(hall("check", hall.file, *sets, "--format", "csv").out)
    hall.data("check", hall.file, *sets)
    with_store = (
        "compare",
        hall.file,
        *QUICK,
        *short,
        *sets,
        "--store",
        "kept",
        "--format",
        "json",
    )
    first, second = hall(*with_store), hall(*with_store)
    assert (first.status, second.status) == (0, 0), first.err
    assert first.out == second.out
    for form in ("csv", "xes"):
        log_words = (*QUICK[:2], *short[:2], *sets, "--names", "en", "--out", f"log.{form}")
        assert hall("log", hall.file, *log_words).status == 0
    ElementTree.parse(hall.folder / "log.xes")
    table = (hall.folder / "log.csv").read_text(encoding="utf-8")
    assert_no_formulas(table)
    if any(row["case:matter"] for row in csv.DictReader(table.splitlines())):
        asked_case = ("case", hall.file, "0", *QUICK[:2], *short[:2], *sets)
        said = hall(*asked_case, "--out", "case.svg", "--lang", "en")
        assert said.status == 0, said.err
        ElementTree.parse(hall.folder / "case.svg")


def _refuse(word: str) -> None:
    raise AssertionError(word)


def test_names_in_a_log_are_those_of_the_scenario(hall: Hall) -> None:  # noqa: F811
    """A cell that was made harmless is read again as it was."""
    text = altered(BASE, ("matters.*.name", {"zh": "=1+1", "en": "'-2 +3"}))
    Path(hall.file).write_text(text, encoding="utf-8")
    assert hall("log", hall.file, *QUICK[:2], "--names", "en", "--out", "log.csv").status == 0
    with (hall.folder / "log.csv").open(encoding="utf-8", newline="") as file:
        # traces of windows and lists have no matter
        cells = {row["case:matter"] for row in csv.DictReader(file)} - {""}
    assert cells == {"''-2 +3"}
    assert {read_cell(cell) for cell in cells} == {"'-2 +3"}


def test_characters_that_no_font_has_are_named_once(hall: Hall) -> None:  # noqa: F811
    Path(hall.file).write_text(TEXTS["rare characters"], encoding="utf-8")
    how = (*QUICK, "--days", "1", "--replications", "2", "--out", "out")
    said = hall("run", hall.file, *how)
    warnings = [line for line in said.err.splitlines() if "绘图字体" in line]
    assert len(warnings) == len([sign for sign in "龘臺灣朤" if not families_for(sign)][:1])
    assert "Glyph" not in said.err
    assert "绘图字体" not in hall("run", hall.file, *how, "--lang", "en").err
