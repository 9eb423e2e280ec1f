"""The report of a study as a Word document, set as an official document (公文格式)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from sim.text import Text
from sim.text.foreign import visible
from sim.version import VERSION
from sim.views.blocks import (
    AnyBlock,
    AnyCell,
    HeadingBlock,
    JudgedCell,
    PictureBlock,
    SentenceBlock,
    TableBlock,
    with_titles,
)
from sim.views.findings import AnnexPart
from sim.views.report_pictures import Tell, png_pictures
from sim.views.study_report import ReportPart, StudyReport
from sim.views.style import width_of
from sim.views.two_pages import TEXT_WIDTH, TITLE_POINTS

if TYPE_CHECKING:
    from docx.document import Document
    from docx.shared import Length
    from docx.styles.style import ParagraphStyle
    from docx.table import Table
    from docx.text.paragraph import Paragraph

MM: Final = 36_000
"""Units of the format in a millimetre."""
POINT: Final = 12_700
"""Units of the format in a point."""
PAGE: Final = (210, 297)
MARGINS: Final = {"top": 37, "bottom": 35, "left": 28, "right": 26}
"""Millimetres, as GB/T 9704—2012, 5.2 sets them: 156 by 225 are left."""
WIDE: Final = 8
"""Columns from which a table is laid across."""
ACROSS_WIDTH: Final = 638.0
"""Points inside the margins of a page that is laid across."""
ANNEX_POINTS, TABLE_POINTS, NOTE_POINTS = 12.0, 9.0, 9.0
CELL_MARGINS: Final = 11.0
"""Points of a table's cell beside its words."""
NARROWEST, SHORT_NAME = 36.0, 54.0
"""Points of the words of the narrowest column, and of a column of names that fold."""
LATIN: Final = "Times New Roman"
"""Digits and Latin letters, whatever the Chinese font is."""


def docx_report(report: StudyReport, text: Text, tell: Tell) -> bytes:
    """The document as the bytes of a file; fonts are named, as every Word and WPS has them."""
    import docx  # lazily: a tenth of a second

    writer = _Writer(docx.Document(), text)
    pictures = png_pictures(report, tell)
    writer.findings(report, pictures)
    for n, part in enumerate(report.annexes, 1):
        writer.annex(n, part, pictures)
    return writer.bytes_of(report)


class _Writer:
    """A document on its way: styles, and how many tables and figures there are."""

    def __init__(self, document: Document, text: Text) -> None:
        self.document, self.text = document, text
        self.tables = self.figures = 0
        self._across = False
        self._page(document.sections[0], across=False)
        self._styles()

    # === pages and styles === #

    def _page(self, section: Any, *, across: bool) -> None:
        from docx.enum.section import WD_ORIENT

        width, height = reversed(PAGE) if across else PAGE
        section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = width * MM, height * MM
        # what is laid across keeps its head at the left edge of the sheet
        sides = ("left", "right", "bottom", "top") if across else tuple(MARGINS)
        for side, margin in zip(sides, MARGINS.values(), strict=True):
            setattr(section, f"{side}_margin", margin * MM)
        section.footer_distance = 25 * MM

    def _styles(self) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        centre, both = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
        self._style("Normal", "body", ANNEX_POINTS, across=both)
        self._style("Title", "title", TITLE_POINTS, bold=True, across=centre)
        self._style("Heading 1", "heading", ANNEX_POINTS + 2)
        self._style("Heading 2", "subheading", ANNEX_POINTS + 1, bold=True)
        self._style("Caption", "heading", TABLE_POINTS + 1, across=centre)
        self._add_style("Cell", "table", TABLE_POINTS)
        self._add_style("Note", "table", NOTE_POINTS)
        for name in ("Cell", "Note"):
            layout: Any = self.document.styles[name].paragraph_format
            layout.first_line_indent = 0
            layout.space_before = layout.space_after = _emu(1)
        self._number_pages()

    def _add_style(self, name: str, font: str, points: float) -> None:
        from docx.enum.style import WD_STYLE_TYPE

        self.document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        self._style(name, font, points)

    def _style(
        self, name: str, font: str, points: float, *, bold: bool = False, across: Any = None
    ) -> ParagraphStyle:
        from docx.oxml.ns import qn
        from docx.shared import RGBColor

        style: Any = self.document.styles[name]
        chinese = self.text(f"document.font.{font}")
        latin = LATIN if self.text.language == "zh" else chinese
        style.font.name, style.font.size, style.font.bold = latin, _emu(points), bold
        style.font.italic, style.font.color.rgb = False, RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), chinese)
        layout = style.paragraph_format
        layout.space_before = layout.space_after = 0
        layout.line_spacing, layout.widow_control = 1.25, False
        if across is not None:
            layout.alignment = across
        borders = style.element.pPr.find(qn("w:pBdr")) if style.element.pPr is not None else None
        if borders is not None:
            style.element.pPr.remove(borders)
        return style  # type: ignore[no-any-return]

    def _number_pages(self) -> None:
        """`— 1 —` below each page."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        foot = self.document.sections[0].footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        foot.add_run("— ")
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        run, number = OxmlElement("w:r"), OxmlElement("w:t")
        number.text = "1"
        run.append(number)
        field.append(run)
        foot._p.append(field)
        foot.add_run(" —")

    # === findings === #

    def findings(self, report: StudyReport, pictures: Iterator[bytes]) -> None:
        """Title, addressee, the parts, the list of annexes and the lines to be signed."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        title = self._paragraph("\n".join(report.title_lines), "Title")
        title.paragraph_format.space_after = _emu(report.size.pitch)
        self._set(self._paragraph(report.addressee), report, indented=False)
        for part in report.parts:
            heading = self._paragraph(part.heading, "Heading 1")
            self._set(heading, report)
            heading.paragraph_format.keep_with_next = True
            for words, is_answer in numbered(part):
                paragraph = self._paragraph(words)
                paragraph.runs[0].bold = is_answer
                self._set(paragraph, report)
            if report.picture is not None and part.name == report.picture_behind:
                self._picture(next(pictures), report.picture.words)
        self._set(self._paragraph(annex_list(report, self.text)), report)
        for line in report.signature:
            paragraph = self._paragraph(line)
            self._set(paragraph, report, indented=False)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def _set(self, paragraph: Paragraph, report: StudyReport, *, indented: bool = True) -> None:
        """In the size of the findings, with their distance from line to line."""
        from docx.enum.text import WD_LINE_SPACING

        for run in paragraph.runs:
            run.font.size = _emu(report.size.points)
        layout = paragraph.paragraph_format
        layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        layout.line_spacing = _emu(report.size.pitch)
        if indented:
            layout.first_line_indent = _emu(2 * report.size.points)

    # === annexes === #

    def annex(self, n: int, part: AnnexPart, pictures: Iterator[bytes]) -> None:
        """An annex on a new page."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        is_new = self._across
        if self._across:
            self._turn(across=False)
        number = self._paragraph(self.text("document.annex", n=n), "Heading 1")
        number.paragraph_format.page_break_before = not is_new
        title = self._paragraph(part.heading, "Heading 1")
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        title.paragraph_format.space_after = _emu(6)
        head = HeadingBlock(part.heading)
        for block, caption in [*with_titles([head, *part.blocks])][1:]:
            self._block(block, caption, pictures)

    def _block(self, block: AnyBlock, caption: str, pictures: Iterator[bytes]) -> None:
        match block:
            case HeadingBlock(words):
                self._paragraph(words, "Heading 2").paragraph_format.keep_with_next = True
            case SentenceBlock(words, "note"):
                self._paragraph(words, "Note")
            case SentenceBlock(words, tone):
                paragraph = self._paragraph(words)
                paragraph.paragraph_format.first_line_indent = _emu(2 * ANNEX_POINTS)
                paragraph.runs[0].bold = tone == "answer"
            case TableBlock():
                self._table(block, caption)
            case PictureBlock(_, words):
                self._picture(next(pictures), words)

    def _picture(self, image: bytes, words: str) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        if self._across:
            self._turn(across=False)
        self.document.add_picture(io.BytesIO(image), width=_emu(TEXT_WIDTH))
        place = self.document.paragraphs[-1]
        place.alignment = WD_ALIGN_PARAGRAPH.CENTER
        place.paragraph_format.keep_with_next = True
        self.figures += 1
        self._paragraph(self.text("document.figure", n=self.figures, title=words), "Caption")

    def _turn(self, *, across: bool) -> None:
        """A new page, laid the other way."""
        from docx.enum.section import WD_SECTION

        self._page(self.document.add_section(WD_SECTION.NEW_PAGE), across=across)
        self._across = across

    def _table(self, block: TableBlock, title: str) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH as ACROSS

        across = len(block.heads) >= WIDE
        if across != self._across:
            self._turn(across=across)
        self.tables += 1
        words = self.text("document.table", n=self.tables, title=title or block.title)
        self._paragraph(words.strip(), "Caption").paragraph_format.keep_with_next = True
        table: Table = self.document.add_table(len(block.rows) + 1, len(block.heads), "Table Grid")
        table.autofit = False
        widths = column_widths(block, ACROSS_WIDTH if across else TEXT_WIDTH)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = _emu(width)
        for n, row in enumerate(table.rows):
            cells = block.heads if n == 0 else block.rows[n - 1]
            for m, (place, cell) in enumerate(zip(row.cells, cells, strict=True)):
                place.width = _emu(widths[m])
                paragraph = place.paragraphs[0]
                paragraph._p.style = "Cell"  # by its id: a look-up by name reads all styles
                run = paragraph.add_run(visible(cell_in_table(cell)))
                run.bold = n == 0
                is_name = m < block.names
                paragraph.alignment = (
                    ACROSS.CENTER if n == 0 else ACROSS.LEFT if is_name else ACROSS.RIGHT
                )
            _keep_whole(row._tr, is_head=n == 0)
        self._paragraph(block.note, "Note")

    def _paragraph(self, words: str, style: str = "Normal") -> Paragraph:
        return self.document.add_paragraph(visible(words), self.document.styles[style])

    def bytes_of(self, report: StudyReport) -> bytes:
        """The file; it says below its last annex what it was made of."""
        self._paragraph(report.imprint, "Note")
        properties = self.document.core_properties
        properties.title, properties.author = visible(report.title), f"govhall {VERSION}"
        properties.comments = ""
        file = io.BytesIO()
        self.document.save(file)
        return file.getvalue()


def _emu(points: float) -> Length:
    from docx.shared import Emu

    return Emu(round(points * POINT))


def _keep_whole(row: Any, *, is_head: bool) -> None:
    """A row stays on one page; the first is printed on each."""
    from docx.oxml import OxmlElement

    properties = row.get_or_add_trPr()
    for name in ("w:cantSplit", *(["w:tblHeader"] if is_head else [])):
        properties.append(OxmlElement(name))


def numbered(part: ReportPart) -> Iterator[tuple[str, bool]]:
    """Sentences of a part, numbered where there are several, and whether each is the answer."""
    several = len(part.sentences) > 1
    for n, sentence in enumerate(part.sentences, 1):
        words = f"{n}. {sentence.words}" if several else sentence.words
        yield words, sentence.tone == "answer"


def annex_list(report: StudyReport, text: Text) -> str:
    """What follows the findings, in one paragraph."""
    listed = (f"{n}. {part.heading}" for n, part in enumerate(report.annexes, 1))
    return text("document.annexes", headings=text("format.parts").join(listed))


def cell_words(cell: AnyCell) -> str:
    """A cell in full: a judgement stands behind its figure, in words."""
    match cell:
        case JudgedCell(figure, _, words, remark=remark):
            return " ".join(filter(None, (figure, remark, words)))
        case str():
            return cell
        case _:
            return cell.words


def cell_in_table(cell: AnyCell) -> str:
    """A cell in full, whose interval is not broken where it folds.

    Examples
    --------
    >>> cell_in_table("4.27 [4.08, 4.47]")
    '4.27 [4.08,\xa04.47]'
    """
    return re.sub(r"\[[^\[\]]*\]", lambda bounds: bounds[0].replace(" ", "\xa0"), cell_words(cell))


def column_widths(block: TableBlock, room: float) -> list[float]:
    """Points of each column: as wide as its longest cell, where all of them have room in one line.

    Where they have not, names fold before figures do, and the widest columns share what the narrow
    ones leave. Heads stand in two lines.

    Examples
    --------
    >>> table = TableBlock("", ("Measure", "A"), (("Mean wait", "3.7"),))
    >>> [round(width) for width in column_widths(table, 120.0)]
    [63, 57]
    >>> table = TableBlock("", ("What", "A"), (("w" * 90, "1" * 20),))
    >>> [round(width) for width in column_widths(table, 200.0)]
    [94, 106]
    """
    columns: Sequence[Sequence[AnyCell]] = [*zip(block.heads, *block.rows, strict=True)]
    needed = [
        CELL_MARGINS + max(NARROWEST, _points(head) / 2, *map(_points, cells))
        for head, *cells in columns
    ]
    if sum(needed) <= room:
        return [room * width / sum(needed) for width in needed]
    names, figures = needed[: block.names], needed[block.names :]
    for_names = room - sum(figures)
    if for_names < sum(min(width, CELL_MARGINS + SHORT_NAME) for width in names):
        return _shared(needed, room)
    return [*_shared(names, for_names), *figures]


def _shared(needed: Sequence[float], room: float) -> list[float]:
    """The narrowest get what they need, the others equal parts of what is left."""
    widths, left = [0.0] * len(needed), room
    for n, column in enumerate(sorted(range(len(needed)), key=needed.__getitem__)):
        widths[column] = min(needed[column], left / (len(needed) - n))
        left -= widths[column]
    return widths


def _points(cell: AnyCell) -> float:
    """Length of a cell in one line: a Chinese sign is as wide as high, a figure half of that."""
    return TABLE_POINTS * sum(
        1.0 if width_of(sign) == 2 else 0.53 if sign.isalnum() else 0.33
        for sign in cell_words(cell)
    )
