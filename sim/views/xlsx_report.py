"""The report of a study as a workbook: findings in words, and a sheet of numbers for each table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from sim.storage.workbook import BookSheet, CellLook, SheetCell, SheetValue, workbook_bytes
from sim.text import Text
from sim.views.blocks import AnyCell, HeadingBlock, JudgedCell, SentenceBlock, TableBlock
from sim.views.docx_report import cell_words, numbered
from sim.views.findings import tables_in
from sim.views.report_pictures import Tell
from sim.views.study_report import StudyReport
from sim.views.style import width_of

TITLE: Final = CellLook(is_bold=True, size=14, wraps=True)
HEADING: Final = CellLook(is_bold=True, size=11)
WORDS: Final = CellLook(wraps=True)
HEAD: Final = CellLook("D9E1F2", is_bold=True, across="center", has_frame=True, wraps=True)
NAME: Final = CellLook(across="left", has_frame=True, wraps=True)
FIGURE: Final = CellLook(across="right", has_frame=True)
NOTE: Final = CellLook(ink="595959", size=9)
FINDINGS_WIDTH: Final = 110.0
"""Characters of the column of sentences."""
NARROW, BROAD = 12.0, 44.0
"""Characters of a column of figures, and at most of one of words."""
_AMOUNT: Final = r"[−-]?\d[\d,]*(?:\.\d+)?"
NUMBER: Final = re.compile(rf"({_AMOUNT})( ?%)?")
INTERVAL: Final = re.compile(rf"({_AMOUNT}) \[({_AMOUNT}), ({_AMOUNT}|∞)\]( ?%)?")
LONGEST_NAME: Final = 27
"""Columns of a sheet's name that leave room for its number."""


def xlsx_report(report: StudyReport, text: Text, tell: Tell) -> bytes:
    """The workbook as the bytes of a file.

    Headings are in the reader's language; a figure with its interval stands in three cells.
    """
    tables = tables_in(report.annexes)
    names: dict[str, None] = {text("document.sheet.findings"): None}
    sheets = [_findings_sheet(report, text)]
    for n, table in enumerate(tables, 1):
        tell(n, len(tables))
        name = _unlike(table.title, names)
        names[name] = None
        sheets.append(_table_sheet(table, name, report, text))
    return workbook_bytes(sheets, report.title)


def _unlike(title: str, taken: Iterable[str]) -> str:
    """A name for a sheet that no other has, whatever spreadsheets cut off."""
    short = "".join(sign for sign in title if sign not in "[]:*?/\\")[:LONGEST_NAME] or "1"
    used, name, n = {other.lower() for other in taken}, short, 1
    while name.lower() in used:
        n += 1
        name = f"{short} {n}"
    return name


def _findings_sheet(report: StudyReport, text: Text) -> BookSheet:
    """Everything that is said in words, the annexes below the findings."""
    rows: list[tuple[SheetCell, ...]] = [(SheetCell(report.title, TITLE),)]
    for part in report.parts:
        rows.append((SheetCell(part.heading, HEADING),))
        rows += [(SheetCell(words, WORDS),) for words, _ in numbered(part)]
    for n, annex in enumerate(report.annexes, 1):
        said = [
            SheetCell(block.words, HEADING if isinstance(block, HeadingBlock) else WORDS)
            for block in annex.blocks
            if isinstance(block, HeadingBlock | SentenceBlock)
        ]
        if any(cell.look == WORDS for cell in said):
            heading = f"{text('document.annex', n=n)} {annex.heading}"
            rows += [(SheetCell(heading, HEADING),), *((cell,) for cell in said)]
    rows.append((SheetCell(report.imprint, NOTE),))
    name = text("document.sheet.findings")
    return BookSheet(name, tuple(rows), widths=(FINDINGS_WIDTH,))


def _table_sheet(table: TableBlock, name: str, report: StudyReport, text: Text) -> BookSheet:
    columns = [
        column
        for n, head in enumerate(table.heads)
        for column in _columns(n, head, [row[n] for row in table.rows], table.names, text)
    ]
    rows = [
        (SheetCell(table.title, HEADING),),
        (SheetCell(report.imprint, NOTE),),
        tuple(SheetCell(column.head, HEAD) for column in columns),
        *zip(*(column.cells for column in columns), strict=True),
        *([(SheetCell(table.note, NOTE),)] if table.note else []),
    ]
    widths = tuple(_width(column) for column in columns)
    return BookSheet(name, tuple(rows), (2, 2), min(table.names, 1), widths)


class SheetColumn(NamedTuple):
    """A heading and the cells below it."""

    head: str
    cells: tuple[SheetCell, ...]


def _columns(
    n: int, head: str, cells: Sequence[AnyCell], names: int, text: Text
) -> Iterator[SheetColumn]:
    """A column of a table as columns of single values."""
    words = [cell.figure if isinstance(cell, JudgedCell) else cell_words(cell) for cell in cells]
    if n < names:
        yield SheetColumn(head, tuple(_named(cell, n) for cell in words))
        return
    parts = [INTERVAL.fullmatch(cell) for cell in words]
    if not any(parts):
        yield SheetColumn(head, tuple(map(_figure, words)))
    else:
        heads = (head, *(text(f"document.sheet.{end}", head=head) for end in ("low", "high")))
        for m, name in enumerate(heads, 1):
            bounds = [
                _figure(part[m] + (part[4] or "")) if part else _figure(cell if m == 1 else "")
                for part, cell in zip(parts, words, strict=True)
            ]
            yield SheetColumn(name, tuple(bounds))
    if any(isinstance(cell, JudgedCell) for cell in cells):
        said = (
            " ".join(filter(None, (cell.words, cell.remark)))
            if isinstance(cell, JudgedCell)
            else ""
            for cell in cells
        )
        name = text("document.sheet.judgement", head=head)
        yield SheetColumn(name, tuple(SheetCell(words, NAME) for words in said))


def _named(words: str, n: int) -> SheetCell:
    """A name; behind the first column a number is a number."""
    return _figure(words, NAME) if n and NUMBER.fullmatch(words) else SheetCell(words, NAME)


def _figure(words: str, look: CellLook = FIGURE) -> SheetCell:
    """A number with the decimals it is shown with; other words as they are.

    Examples
    --------
    >>> _figure("−1,234.50").value, _figure("−1,234.50").look.form
    (-1234.5, '#,##0.00')
    >>> _figure("=1+1").value
    '=1+1'
    """
    match = NUMBER.fullmatch(words)
    if match is None:
        return SheetCell(words or None, look)
    amount, percent = match[1].replace(",", "").replace("−", "-"), match[2]
    whole, _, decimals = amount.partition(".")
    value: SheetValue = float(amount) if decimals else int(whole)
    form = "#,##0" + (f".{'0' * len(decimals)}" if decimals else "")
    return SheetCell(value, look._replace(form=form + (f'"{percent}"' if percent else "")))


def _width(column: SheetColumn) -> float:
    longest = max((_signs(cell.value) for cell in column.cells), default=0.0)
    return min(max(NARROW, 1.1 * longest + 1.5, _signs(column.head) / 2 + 2), BROAD)


def _signs(value: SheetValue) -> float:
    return width_of(str(value or ""))
