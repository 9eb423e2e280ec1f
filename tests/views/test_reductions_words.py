"""What is said of a reform and of one matter: the same words on a terminal and in a document."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from markupsafe import Markup
from rich.console import Console

from sim import Run, load_scenario
from sim.questions.one_matter import OneMatter, one_matter
from sim.questions.reductions import matter_of
from sim.text import LANGUAGES, Language, load_text
from sim.views.blocks import AnyBlock, PictureBlock, SentenceBlock, TableBlock, short_words
from sim.views.document import html_of
from sim.views.one_matter_words import causes_table, last_table
from sim.views.one_matter_words import terminal_blocks as matter_blocks
from sim.views.reductions_words import terminal_blocks as reductions_blocks
from sim.views.terminal import print_blocks
from tests.web.halls import small_file


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> OneMatter:
    scenario = load_scenario(small_file(tmp_path_factory.mktemp("hall")))
    return one_matter(scenario, "pooled", run=Run(replications=2, seed=5, workers=1))


def lists_of_blocks(answer: OneMatter, language: Language) -> list[list[AnyBlock]]:
    text, reductions = load_text(language), answer.reductions
    assert reductions is not None
    matter = matter_of(answer.scenario, "open_company")
    return [
        reductions_blocks(reductions, "small.yaml", text),
        matter_blocks(answer, reductions, matter, "small.yaml", text),
    ]


def words_of(blocks: list[AnyBlock]) -> Iterator[str]:
    """Every cell and sentence."""
    for block in blocks:
        match block:
            case SentenceBlock(words):
                yield words
            case TableBlock():
                yield from (short_words(cell) for row in (block.heads, *block.rows) for cell in row)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_has_a_head_for_each_cell(answer: OneMatter, language: Language) -> None:
    for blocks in lists_of_blocks(answer, language):
        tables = [block for block in blocks if isinstance(block, TableBlock)]
        assert len(tables) >= 3
        for table in tables:
            assert len(set(table.heads)) == len(table.heads), "else no page can show it"
            assert {len(row) for row in table.rows} == {len(table.heads)}
            assert not any("nan" in cell for row in table.rows for cell in row)


@pytest.mark.parametrize("language", LANGUAGES)
def test_terminal_and_document_say_the_same(answer: OneMatter, language: Language) -> None:
    for blocks in lists_of_blocks(answer, language):
        console = Console(file=io.StringIO(), width=4_000, markup=False, emoji=False)
        print_blocks(blocks, console)
        assert isinstance(console.file, io.StringIO)
        page = str(html_of([block for block in blocks if not isinstance(block, PictureBlock)]))
        shown = Markup(re.sub(r"\s+", " ", page)).striptags()
        for words in words_of(blocks):
            assert words in console.file.getvalue()
            assert " ".join(words.split()) in shown


def test_one_way_alone_has_one_column(answer: OneMatter) -> None:
    """Where nothing was handled otherwise before, it is told as it is."""
    text, alone = load_text("en"), answer.ways[1]._replace(handling="as_it_is")
    for table in (
        last_table([alone], "open_company", text),
        causes_table([alone], "open_company", text),
    ):
        assert table.heads[1:] == (text("cli.as_it_is"),)
        assert table.rows
