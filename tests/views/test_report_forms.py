"""All forms of a report hold the same sentences and the same numbers, read by other programs."""

from __future__ import annotations

import io
from typing import Any, NamedTuple

import docx
import pytest

from sim import Run
from sim.questions.compare import Comparison
from sim.questions.extend import extend
from sim.scenario.scenario import Scenario
from sim.text import LANGUAGES, Text, load_text
from sim.views.blocks import PictureBlock
from sim.views.docx_report import cell_words
from sim.views.findings import pictures_in, tables_in
from sim.views.report_formats import ReportFormat, report_bytes
from sim.views.report_kinds import report_of
from sim.views.study_report import StudyReport
from tests.questions.test_extend import area
from tests.views.sized import sized

KINDS = ("compare", "size", "extend")


@pytest.fixture(scope="module")
def answers(comparison: Comparison, scenario: Scenario) -> dict[str, Any]:
    run = Run(replications=2, seed=3, engine="reference", workers=1)
    return {
        "compare": comparison,
        "size": sized(scenario),
        "extend": extend(area(), ["port", "ridge"], run=run),
    }


class Made(NamedTuple):
    """A report, and the file of it."""

    report: StudyReport
    text: Text
    content: bytes


@pytest.fixture(scope="module", params=[(kind, lang) for kind in KINDS for lang in LANGUAGES])
def asked(request: pytest.FixtureRequest, answers: dict[str, Any]) -> tuple[StudyReport, Text]:
    kind, language = request.param
    text = load_text(language)
    report = report_of(kind, answers[kind], text)
    # a picture holds no words that a reader of files finds: one is enough
    first = next(iter(pictures_in(report.annexes)))
    annexes = tuple(
        part._replace(
            blocks=tuple(b for b in part.blocks if not isinstance(b, PictureBlock) or b is first)
        )
        for part in report.annexes
    )
    return report._replace(annexes=annexes), text


def made(asked: tuple[StudyReport, Text], form: ReportFormat) -> Made:
    report, text = asked
    steps: list[tuple[int, int]] = []
    content = report_bytes(report, form, text, lambda *step: steps.append(step))
    assert all(0 < done <= total for done, total in steps)
    return Made(report, text, content)


def cells_of(report: StudyReport) -> list[list[tuple[str, ...]]]:
    """Words of every cell, table by table."""
    return [
        [tuple(table.heads), *(tuple(map(cell_words, row)) for row in table.rows)]
        for table in tables_in(report.annexes)
    ]


def sentences_of(report: StudyReport) -> list[str]:
    return [sentence.words for part in report.parts for sentence in part.sentences]


class TestWord:
    def test_it_says_every_sentence_and_cell(self, asked: tuple[StudyReport, Text]) -> None:
        report, _, content = made(asked, "docx")
        document = docx.Document(io.BytesIO(content))
        words = "\n".join(paragraph.text for paragraph in document.paragraphs)
        for sentence in sentences_of(report):
            assert sentence in words
        assert report.imprint in words
        tables = [
            [tuple(cell.text for cell in row.cells) for row in table.rows]
            for table in document.tables
        ]
        assert tables == cells_of(report)

    def test_chinese_fonts_are_those_that_every_office_has(
        self, asked: tuple[StudyReport, Text]
    ) -> None:
        _, text, content = made(asked, "docx")
        from docx.oxml.ns import qn

        fonts = {
            style.name: style.element.rPr.rFonts.get(qn("w:eastAsia"))
            for style in docx.Document(io.BytesIO(content)).styles
            if style.name in ("Normal", "Title", "Heading 1", "Heading 2", "Cell")
        }
        if text.language == "zh":
            assert fonts == {
                **{"Normal": "仿宋", "Title": "宋体", "Heading 1": "黑体"},
                **{"Heading 2": "楷体", "Cell": "宋体"},
            }

    def test_pages_are_numbered_and_heads_of_tables_repeated(
        self, asked: tuple[StudyReport, Text]
    ) -> None:
        _, _, content = made(asked, "docx")
        document = docx.Document(io.BytesIO(content))
        assert "PAGE" in document.sections[0].footer._element.xml
        for table in document.tables:
            assert "w:tblHeader" in table.rows[0]._tr.xml
