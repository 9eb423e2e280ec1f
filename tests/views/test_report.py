"""The report holds every number, escapes every name and needs nothing outside itself."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sim import Run, load_scenario
from sim.errors import OutputError
from sim.questions.compare import Comparison, compare
from sim.runs.replicate import replicate
from sim.scenario.provenance import numbers
from sim.text import LANGUAGES, Language, load_text
from sim.views.blocks import CodeCell, JudgedCell
from sim.views.comparison_figures import COMPARISON_FIGURES, comparison_pictures
from sim.views.comparison_words import difference_table, measure_table, measured
from sim.views.report import render_report, write_report
from sim.views.scenario_words import assumption_table
from sim.views.verdict import answer, sentences

EN = load_text("en")
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def pages(comparison: Comparison) -> dict[str, str]:
    return {language: render_report(comparison, load_text(language)) for language in LANGUAGES}


@pytest.fixture(scope="module")
def page(pages: dict[str, str]) -> str:
    return pages["en"]


class Outside(HTMLParser):
    """Addresses that a browser would fetch, and tags that were opened."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            loads = name in {"src", "srcset", "data", "poster", "background", "action"}
            loads = loads or (name.endswith("href") and tag != "a")
            if loads and not (value or "").startswith(("#", "data:")):
                self.fetched.append(f"{tag} {name}={value}")
            assert not name.startswith("on"), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_the_comparison_is_there(
    comparison: Comparison, language: Language, pages: dict[str, str]
) -> None:
    text = load_text(language)
    words = html.unescape(re.sub(r"<[^>]+>", " ", pages[language]))
    measures = {estimate.measure for layout in comparison.layouts for estimate in layout}
    table, differences = measure_table(comparison, text), difference_table(comparison, text)
    assert {*measured(comparison)} == measures
    assert len(table.rows) == len(measures)
    for row in (*table.rows, *differences.rows):
        for cell in row:
            for part in (cell.figure, cell.words) if isinstance(cell, JudgedCell) else (cell,):
                assert str(part) in words
    for sentence in (answer(comparison, text), *sentences(comparison, text)):
        assert sentence in words
    assert comparison.study.scenario.hash in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_its_language(language: Language, pages: dict[str, str]) -> None:
    expected = {"zh": "zh-CN", "en": "en"}[language]
    assert f'<html lang="{expected}">' in pages[language]


def test_it_draws_in_keys_too(comparison: Comparison) -> None:
    assert "report.title" in render_report(comparison, load_text("keys"))


def test_nothing_is_fetched_from_outside(page: str) -> None:
    reader = Outside()
    reader.feed(page)
    assert reader.fetched == []
    assert "script" not in reader.tags
    assert "@import" not in page
    assert re.findall(r"url\((?!#)[^)]*\)", page) == []
    urls = {url for url in re.findall(r"https?://[^\"'\s<)]+", page) if "www.w3.org" not in url}
    assert urls == set()


def test_it_is_small_and_prints(page: str) -> None:
    assert len(page.encode()) < 3_000_000
    assert "@page" in page
    assert "@media print" in page


def test_all_figures_are_inside(page: str) -> None:
    assert page.count("<svg ") == 9
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_all_links_lead_somewhere(page: str) -> None:
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    assert set(re.findall(r'<a href="#([^"]+)"', page)) <= ids


def test_hostile_names_are_text(tmp_path: Path, tiny_text: str) -> None:
    bad = tiny_text.replace("en: Any window}", f"en: '{HOSTILE}$x$'}}").replace(
        "Nobody publishes this hall.", f"'{HOSTILE}'"
    )
    bad = bad.replace("source: a payroll", "source: 'javascript:alert(1)'")
    path = tmp_path / "bad.yaml"
    path.write_text(bad, encoding="utf-8")
    scenario = load_scenario(path, ["run.measured_days=2", "run.followup_days=2"])
    study = replicate(scenario, run=Run(replications=2, engine="reference", workers=1))
    page = render_report(compare(study), EN)
    assert HOSTILE not in page
    assert html.escape(HOSTILE) in page
    reader = Outside()
    reader.feed(page)
    assert "script" not in reader.tags
    assert 'href="javascript' not in page


def test_every_assumption_is_listed_with_its_range(comparison: Comparison, page: str) -> None:
    every = numbers(comparison.study.scenario)
    rows = assumption_table(every, EN, with_reasons=False).rows
    assert sum(int(str(row[1])) for row in rows) == sum(number.assumed for number in every) > 0
    assert "20 – 60" in {row[3] for row in rows}
    for path, *_ in rows:
        assert isinstance(path, CodeCell)
        assert f"<code>{path.words}</code>" in page


def test_equal_assumptions_share_a_row(comparison: Comparison) -> None:
    rows = assumption_table(numbers(comparison.study.scenario), EN, with_reasons=False).rows
    service = [row[2:] for row in rows if "service" in str(row[0])]
    assert service == [("12 min", "8 min – 20 min")]


def test_it_is_written_whole(comparison: Comparison, tmp_path: Path) -> None:
    path = write_report(comparison, EN, tmp_path / "report.html")
    assert path.read_text(encoding="utf-8").endswith("</html>")
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]


def test_a_report_that_cannot_be_written_leaves_the_old_one(
    comparison: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.html"
    path.write_text("old", encoding="utf-8")

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("os.replace", refuse)
    with pytest.raises(OutputError):
        write_report(comparison, EN, path)
    assert path.read_text(encoding="utf-8") == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]


def test_a_folder_that_does_not_exist_is_said(comparison: Comparison, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="nowhere"):
        write_report(comparison, EN, tmp_path / "nowhere" / "report.html")


def test_the_report_shows_the_figures_that_the_page_offers(
    comparison: Comparison, page: str
) -> None:
    pictures = comparison_pictures(comparison, EN)
    in_order = [row.name for row in COMPARISON_FIGURES if row.is_shown(comparison)]
    assert [picture.name for picture in pictures] == in_order
    shown = re.findall(r'<svg role="img" aria-label="([^"]*)"', page)
    assert shown == [html.escape(picture.words) for picture in pictures]
