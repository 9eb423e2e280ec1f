"""DESIGN.md can be read and cited: short lines, a table of contents, every § that code names."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DESIGN = (ROOT / "DESIGN.md").read_text(encoding="utf-8")
RULES = re.findall(r"^### §(\d+)\.(\d+) ", DESIGN, re.MULTILINE)
SECTIONS = re.findall(r"^## §(\d+) ", DESIGN, re.MULTILINE)
LONGEST_LINE = 120
LONGEST_PARAGRAPH = 8
"""Lines of one paragraph or list item."""


def test_rules_are_numbered_without_a_gap() -> None:
    assert [int(number) for number in SECTIONS] == list(range(1, len(SECTIONS) + 1))
    for section in SECTIONS:
        numbers = [int(rule) for of, rule in RULES if of == section]
        assert numbers == list(range(1, len(numbers) + 1)), section


def test_every_rule_that_is_cited_exists() -> None:
    files = [*ROOT.glob("*.md"), *(ROOT / "sim").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    rules = {f"{section}.{rule}" for section, rule in RULES}
    cited = {
        (path.name, number)
        for path in files
        for line in path.read_text(encoding="utf-8").splitlines()
        if "DESIGN" in line or path.name == "DESIGN.md"
        for number in re.findall(r"§(\d+(?:\.\d+)?)", line)
    }
    assert {number for _, number in cited} > {"4.8"}
    assert {rule for rule in cited if rule[1] not in {*rules, *SECTIONS}} == set()


def test_it_is_no_wall() -> None:
    assert [line for line in DESIGN.splitlines() if len(line) > LONGEST_LINE] == []
    items = re.split(r"\n\n|\n(?=\* )", DESIGN)
    prose = [item for item in items if not item.lstrip().startswith("|")]
    assert [item for item in prose if len(item.splitlines()) > LONGEST_PARAGRAPH] == []


def test_the_contents_lead_to_every_section() -> None:
    headings = re.findall(r"^## (.*)", DESIGN, re.MULTILINE)
    anchors = [
        re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    ]
    linked = re.findall(r"^\* \[.*?\]\(#(.*?)\)", DESIGN, re.MULTILINE)
    assert linked == [anchor for anchor in anchors if anchor != "contents"]


def test_it_names_its_method_at_once() -> None:
    first = DESIGN.split("\n\n")[1].replace("\n", " ")
    for word in ("discrete-event simulation", "common random numbers", "paired differences"):
        assert word in first, word
