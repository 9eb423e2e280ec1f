"""All forms of a report hold the same sentences and the same numbers, read by other programs."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import docx
import openpyxl
import pptx
import pytest
from markupsafe import escape
from openpyxl.cell import Cell

from sim import Run
from sim.analysis.day_record import day_record
from sim.questions.compare import Comparison
from sim.questions.extend import extend
from sim.runs.played_day import serve_day
from sim.scenario.scenario import Scenario
from sim.text import LANGUAGES, Text, load_text
from sim.views.blocks import JudgedCell, PictureBlock, TableBlock
from sim.views.docx_report import cell_words
from sim.views.findings import AnnexPart, pictures_in, tables_in
from sim.views.glyphs import FONTS, families_for
from sim.views.pdf_report import lacking_words
from sim.views.report_day import MOST_BYTES, SIDE_BY_SIDE, drawn_day
from sim.views.report_formats import ReportFormat, report_bytes
from sim.views.report_kinds import report_of
from sim.views.shown_hall import packed
from sim.views.study_report import StudyReport
from sim.views.two_pages import PAGES
from sim.views.xlsx_report import INTERVAL
from sim.views.xlsx_report import NUMBER as NUMBER_CELL
from tests.questions.test_extend import area
from tests.views.sized import sized
from tests.views.test_report import Outside

KINDS = ("compare", "size", "extend")
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


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


def numbers_of(words: str) -> set[str]:
    """Numbers as they are written, without their sign."""
    return set(NUMBER.findall(words))


def squeezed(words: str) -> str:
    """Without what breaks lines: programs that read pages put blanks where lines end."""
    return re.sub(r"\s+", "", words)


def pdf_words(content: bytes, folder: Path) -> str:
    """What another program reads in a PDF, its pages apart."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    file = folder / "report.pdf"
    file.write_bytes(content)
    finished = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, check=True)
    return finished.stdout.decode()


def pages_of_findings(words: str, report: StudyReport, text: Text) -> int:
    """Pages before the first annex."""
    first = squeezed(text("document.annex", n=1) + report.annexes[0].heading)
    return [squeezed(page).startswith(first) for page in words.split("\f")].index(True)


def shown_number(cell: Cell) -> str:
    """A number as its format shows it, without its sign."""
    decimals = len((re.findall(r"\.(0+)", str(cell.number_format)) or [""])[0])
    assert isinstance(cell.value, int | float)
    return f"{abs(cell.value):,.{decimals}f}"


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
            [tuple(cell.text.replace("\xa0", " ") for cell in row.cells) for row in table.rows]
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


class TestPdf:
    def test_it_says_every_sentence_and_cell(
        self, asked: tuple[StudyReport, Text], tmp_path: Path
    ) -> None:
        report, _, content = made(asked, "pdf")
        words = pdf_words(content, tmp_path)
        for sentence in sentences_of(report):
            assert squeezed(sentence) in squeezed(words)
        for rows in cells_of(report):
            for row in rows:
                for cell in row:
                    assert numbers_of(cell) <= numbers_of(words)

    def test_findings_take_two_pages(self, asked: tuple[StudyReport, Text], tmp_path: Path) -> None:
        report, text, content = made(asked, "pdf")
        assert pages_of_findings(pdf_words(content, tmp_path), report, text) <= PAGES

    def test_a_sign_that_no_font_has_is_a_mark_and_told(
        self, asked: tuple[StudyReport, Text], tmp_path: Path
    ) -> None:
        """A sign of a script that neither the shipped fonts nor this machine has."""
        report, text = asked
        if families_for("\U00010600"):
            pytest.skip("a font of this machine has the sign")
        strange = report._replace(addressee='To: \U00010600 #read("x") *a* $1$ <b>', annexes=())
        content = report_bytes(strange, "pdf", text, lambda *_: None)
        words = pdf_words(content, tmp_path)
        assert '□ #read("x") *a* $1$ <b>' in words
        assert lacking_words(["\U00010600"], text)[:-1] in words.replace("\n", "")


class TestWorkbook:
    def test_it_holds_the_same_numbers_as_numbers(self, asked: tuple[StudyReport, Text]) -> None:
        """Each figure and each bound with the decimals that other forms show."""
        report, _, content = made(asked, "xlsx")
        book = openpyxl.load_workbook(io.BytesIO(content))
        sheets = [*book.worksheets[1:]]
        tables = tables_in(report.annexes)
        assert len(sheets) == len(tables)
        for sheet, table in zip(sheets, tables, strict=True):
            shown = {
                shown_number(cell)
                for row in sheet.iter_rows(min_row=4, max_row=3 + len(table.rows))
                for cell in row
                if isinstance(cell.value, int | float)
            }
            figures = {
                number
                for row in table.rows
                for cell in row[table.names :]
                for figure in [cell.figure if isinstance(cell, JudgedCell) else cell_words(cell)]
                if INTERVAL.fullmatch(figure) or NUMBER_CELL.fullmatch(figure)
                for number in numbers_of(figure)
            }
            assert figures <= shown
            assert sheet.max_row >= 3 + len(table.rows)

    def test_findings_stand_on_its_first_sheet(self, asked: tuple[StudyReport, Text]) -> None:
        report, _, content = made(asked, "xlsx")
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        words = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
        for sentence in sentences_of(report):
            assert sentence in words

    @pytest.mark.parametrize("start", "=+-@")
    def test_no_cell_is_a_formula(self, asked: tuple[StudyReport, Text], start: str) -> None:
        report, text = asked
        hostile = f"{start}cmd|'/c calc'!A1"
        table = TableBlock(hostile, (hostile, "x"), ((hostile, hostile),))
        strange = report._replace(title=hostile, annexes=(AnnexPart(hostile, (table,)),))
        book = openpyxl.load_workbook(
            io.BytesIO(report_bytes(strange, "xlsx", text, lambda *_: None))
        )
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert [cell for cell in cells if cell.data_type == "f"] == []
        assert sum(cell.value == hostile for cell in cells) == 5
        assert all(cell.quotePrefix for cell in cells if cell.value == hostile)


class TestSlides:
    def test_there_are_six_and_they_say_the_findings(self, asked: tuple[StudyReport, Text]) -> None:
        report, text, content = made(asked, "pptx")
        slides = pptx.Presentation(io.BytesIO(content)).slides
        assert len(slides) == 6
        frames = [shape for slide in slides for shape in slide.shapes if shape.has_text_frame]
        words = "\n".join(shape.text_frame.text for shape in frames)
        for sentence in sentences_of(report):
            assert sentence in words
        fonts = {
            east.get("typeface")
            for shape in frames
            for east in shape._element.iter(
                "{http://schemas.openxmlformats.org/drawingml/2006/main}ea"
            )
        }
        assert fonts == {text("document.font.heading")}


class TestPage:
    def test_it_says_every_sentence_and_cell(self, asked: tuple[StudyReport, Text]) -> None:
        report, _, content = made(asked, "html")
        words = html.unescape(re.sub(r"<[^>]+>", " ", content.decode()))
        for sentence in sentences_of(report):
            assert sentence in words
        numbers = numbers_of(words)
        for rows in cells_of(report):
            for row in rows:
                for cell in row:
                    assert numbers_of(cell) <= numbers

    def test_it_fetches_nothing_and_its_ids_differ(self, asked: tuple[StudyReport, Text]) -> None:
        _, _, content = made(asked, "html")
        page = Outside()
        page.feed(content.decode())
        assert page.fetched == []
        ids = re.findall(r'\bid="([^"]+)"', content.decode())
        assert len(ids) == len(set(ids))


class TestDayInMotion:
    def test_a_comparison_holds_a_day_and_allows_its_script_alone(
        self, comparison: Comparison
    ) -> None:
        study, text = comparison.study, load_text("zh")
        report = report_of("compare", comparison, text)._replace(annexes=())
        content = report_bytes(report, "html", text, lambda *_: None).decode()
        assert len(content) < MOST_BYTES
        scripts = re.findall(r"<script([^>]*)>(.*?)</script>", content, re.DOTALL)
        assert len(scripts) == 2
        digest = base64.b64encode(hashlib.sha256(scripts[1][1].encode()).digest()).decode()
        assert f"script-src 'sha256-{digest}';" in content
        assert content.count("script-src") == 1
        data = json.loads(scripts[0][1])
        played = serve_day(study.scenario, study.layouts[:SIDE_BY_SIDE], seed=study.seed)
        for tables, layout in zip(played.tables, data["layouts"], strict=True):
            record = day_record(tables, int(study.plans[0].period.hall_days[0]))
            assert layout["tickets"]["case"] == packed(record.tickets.case)

    def test_a_day_that_would_be_too_large_is_left_out(self) -> None:
        assert drawn_day({"layouts": ["x" * 2_000_000]}) is None
        assert drawn_day(None) is None

    def test_a_report_without_a_day_says_so(
        self, comparison: Comparison, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sim.views.report_day.MOST_CASES", 0)
        text = load_text("zh")
        report = report_of("compare", comparison, text)._replace(annexes=())
        content = report_bytes(report, "html", text, lambda *_: None).decode()
        assert escape(text("document.day_left_out")) in content
        assert "<script" not in content


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_findings_of_a_word_document_take_two_pages(
    asked: tuple[StudyReport, Text], tmp_path: Path
) -> None:
    """As another program breaks its lines; the shipped font stands for the Chinese ones."""
    report, text, content = made(asked, "docx")
    (tmp_path / "a.docx").write_bytes(content)
    folder = tmp_path / "home" / ".fonts"
    folder.mkdir(parents=True)
    for font in FONTS.glob("*.ttf"):
        shutil.copy(font, folder)
    environment = {**os.environ, "HOME": str(tmp_path / "home")}
    command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run(
        [*command, str(tmp_path / "a.docx")], env=environment, check=True, capture_output=True
    )
    words = pdf_words((tmp_path / "a.pdf").read_bytes(), tmp_path)
    assert pages_of_findings(words, report, text) <= PAGES
