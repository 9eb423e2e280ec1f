"""One list of blocks, three media: none leaves a cell out, and none adds one."""

from __future__ import annotations

import html
import io
import re

import pytest
from rich.console import Console

from sim.questions.compare import Comparison
from sim.text import LANGUAGES, Language, load_text
from sim.views.blocks import CodeCell, JudgedCell, SentenceBlock, TableBlock, as_part
from sim.views.comparison_words import difference_table, measure_table
from sim.views.document import html_of
from sim.views.terminal import print_blocks

EN = load_text("en")


def printed(*blocks: TableBlock) -> str:
    """What a terminal shows that is wide enough for any table."""
    paper = io.StringIO()
    print_blocks(blocks, Console(file=paper, width=1000, markup=False, emoji=False))
    return paper.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
def test_terminal_and_document_hold_every_cell(comparison: Comparison, language: Language) -> None:
    text = load_text(language)
    for table in (measure_table(comparison, text), difference_table(comparison, text)):
        lines = printed(table).splitlines()
        page = html.unescape(str(html_of([table])))
        rows = [re.sub(r"<[^>]+>", " ", row) for row in re.findall(r"<tr>(.*?)</tr>", page)]
        assert len(rows) == len(table.rows) + 1
        for cells, row in zip(table.rows, rows[1:], strict=True):
            figures = [cell.figure if isinstance(cell, JudgedCell) else str(cell) for cell in cells]
            assert all(figure in row for figure in figures)
            assert any(all(figure in line for figure in figures) for line in lines)


def test_a_terminal_marks_what_a_document_says_in_words(comparison: Comparison) -> None:
    table = difference_table(comparison, EN)
    on_paper, page = printed(table), str(html_of([table]))
    judged = [cell for row in table.rows for cell in row if isinstance(cell, JudgedCell)]
    assert judged
    for cell in judged:
        assert f"{cell.figure} {cell.mark}" in on_paper
        assert f"{cell.mark} {cell.words}" in table.marks, "what each mark means stands below"
        assert cell.words in page
    assert table.marks in on_paper
    assert html.escape(table.marks) not in page


def test_words_of_a_file_are_code_only_in_a_document() -> None:
    table = TableBlock("Where", ("Field",), ((CodeCell("run.seed"),),))
    assert "<code>run.seed</code>" in str(html_of([table]))
    assert "run.seed" in printed(table)
    assert "code" not in printed(table)


def test_a_remark_stands_behind_what_it_is_about() -> None:
    cell = JudgedCell("1 [0, 2]", "~", "cannot be told apart", remark="*")
    table = TableBlock("Levers", ("Lever", "Low"), (("Clerks", cell),))
    assert "1 [0, 2] ~ *" in printed(table)
    assert "1 [0, 2] *<span" in str(html_of([table]))


def test_parts_are_ruled_apart() -> None:
    rows = (("a", "1"), ("b", "2"))
    whole = TableBlock("Groups", ("Group", "Load"), rows)
    assert len(printed(whole._replace(parts=(0, 1))).splitlines()) == 1 + len(
        printed(whole).splitlines()
    )


def test_a_part_has_its_title_once() -> None:
    table = TableBlock("Measures", ("Measure", "Value"), (("Wait", "1"),))
    assert str(html_of(as_part(table))).count("Measures") == 1


def test_only_on_a_terminal_does_a_caution_stand_out() -> None:
    blocks = [SentenceBlock("Waits still grow.", "caution"), SentenceBlock("It is open.", "point")]
    on_terminal, in_file = io.StringIO(), io.StringIO()
    print_blocks(blocks, Console(file=on_terminal, force_terminal=True, _environ={"TERM": "xterm"}))
    print_blocks(blocks, Console(file=in_file))
    coloured, plain = on_terminal.getvalue().splitlines()
    assert coloured == "\x1b[1;33m· Waits still grow.\x1b[0m"
    assert plain == "· It is open."
    assert in_file.getvalue() == "· Waits still grow.\n· It is open.\n"
