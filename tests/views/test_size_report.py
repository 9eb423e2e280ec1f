"""The report of a sizing says all that the page says, in both languages, and fetches nothing."""

from __future__ import annotations

import html
import re

import pytest

from sim.questions.size import Sizing
from sim.scenario.base import Bilingual
from sim.scenario.scenario import Scenario
from sim.text import LANGUAGES, Language, load_text
from sim.views.blocks import PictureBlock, SentenceBlock, TableBlock
from sim.views.size_report import render_sizing
from sim.views.size_tables import layouts_table
from sim.views.size_words import size_blocks
from tests.views.sized import sized
from tests.views.test_report import HOSTILE, Outside


@pytest.fixture(scope="module")
def both(scenario: Scenario) -> Sizing:
    """Two layouts, sized for the same promises."""
    first, second = (sized(scenario, layout.id) for layout in scenario.layouts[:2])
    return first._replace(layouts=(*first.layouts, *second.layouts))


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_what_the_page_says(both: Sizing, language: Language) -> None:
    """Sentences, cells and figures, each once; what is assumed stands below."""
    text = load_text(language)
    page = html.unescape(render_sizing(both, text))
    bare = re.sub(r"<[^>]+>", " ", page)
    for block in [*size_blocks(both, text), layouts_table(both, text)]:
        match block:
            case SentenceBlock(words):
                assert words in bare
            case TableBlock(title, heads, rows):
                assert title in bare
                assert all(str(cell) in bare for cells in (heads, *rows) for cell in cells)
            case PictureBlock(_, words):
                assert page.count(f'aria-label="{words}"') == 1
    assert page.count("<svg") == 4, "the day and the half hours kept, of two layouts"
    assert text("size.report.title") in bare
    assert text("report.assumed") in bare
    assert f'lang="{ {"zh": "zh-CN", "en": "en"}[language] }"' in page
    headings = re.findall(r"<h2>(.*?)</h2>", page)
    assert len(headings) == len(set(headings))


def test_it_fetches_nothing_and_escapes_names(both: Sizing) -> None:
    name = Bilingual(zh=HOSTILE, en=HOSTILE)
    page = render_sizing(
        both._replace(scenario=both.scenario.model_copy(update={"name": name})), load_text("en")
    )
    outside = Outside()
    outside.feed(page)
    assert outside.fetched == []
    assert "script" not in outside.tags
    assert html.escape(HOSTILE) in page


def test_one_layout_has_one_heading_of_its_own(scenario: Scenario) -> None:
    page = render_sizing(sized(scenario), load_text("en"))
    assert "<h2>What it rests on</h2>" in page
