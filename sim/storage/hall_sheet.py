"""A sheet of a hall's workbook as people send it back: headings, and cells in any usual form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from sim.drafting.cells import cell_clock, cell_date, clock_words
from sim.scenario.spelling import read_date_key, read_dates_key, read_days, read_number
from sim.storage.hall_book_tables import FIRST, FROM, LAST, RANGE, TO, BookTable
from sim.storage.sheet_headings import StrangeCell, cell_of, find_headings
from sim.storage.spreadsheet import CellValue, cell_name
from sim.storage.staff_words import BETWEEN, plain_word
from sim.text import LANGUAGES, load_text

ENOUGH_COLUMNS: Final = 0.5
"""Part of a table's columns that a sheet of another name must have to be that table."""
TEXTS: Final = tuple(load_text(language) for language in LANGUAGES)


class SheetTable(NamedTuple):
    """A table and where it stands in its sheet.

    Attributes
    ----------
    sheet : str
        Name of the sheet as its workbook has it.
    rows : list of list of CellValue
        All of the sheet; an interval of the clock stands in the cell of its begin.
    head : int
        The last row of the headings, from 0.
    columns : mapping of str to int
        Column of each that was found, from 0.
    strange : tuple of StrangeCell
        Headings that are none of the table's, or stand there twice; clocks that are none.
    """

    sheet: str
    rows: list[list[CellValue]]
    head: int
    columns: Mapping[str, int]
    strange: tuple[StrangeCell, ...] = ()

    @property
    def has_wrong_clock(self) -> bool:
        """Whether an interval cannot be read: then rows cannot be told apart."""
        return any(each.code.startswith("answer_") for each in self.strange)

    def words(self, row: int, column: int) -> str:
        """A cell as problems name it: its sheet, its place and its heading."""
        heading = cell_of(self.rows[self.head], column)
        return f"{self.sheet}!{cell_name(row, column)} {heading or ''}".strip()

    def cell(self, row: int, column: str) -> CellValue:
        """What stands in a row under a heading; None where there is no such column."""
        return cell_of(self.rows[row], self.columns.get(column, -1))


def headings_of(table: BookTable) -> dict[str, str]:
    """Names of a table's columns by their headings in every language.

    Examples
    --------
    >>> from sim.storage.hall_book_tables import TABLES
    >>> headings_of(TABLES[4])["Calendar"], headings_of(TABLES[4])["开始"]
    ('calendar', 'from')
    """
    names = [*table.columns, *(name for name in table.shown if name not in table.columns)]
    return {text(f"book.head.{name}"): name for name in names for text in TEXTS}


def find_table(
    table: BookTable, sheet: str, rows: Sequence[Sequence[CellValue]]
) -> SheetTable | None:
    """Where a table stands in a sheet; None when no row has the headings that name its rows.

    Headings may stand in two rows, the upper ones over several columns, below a title.

    Examples
    --------
    >>> from sim.storage.hall_book_tables import TABLES
    >>> rows = [["营业时间"], ["开放日历", "星期", "钟点", None], [None, None, "开始", "结束"]]
    >>> found = find_table(TABLES[4], "时间", [*rows, ["day", "sat", 0.375, time(12)]])
    >>> found.head, found.cell(3, "open")
    (2, '09:00-12:00')
    """
    names = {plain_word(heading): name for heading, name in headings_of(table).items()}
    headings = find_headings(
        rows,
        lambda value: names.get(plain_word(value)),
        lambda columns: _names_rows(table, columns),
    )
    if headings is None:
        return None
    place = SheetTable(sheet, [[*row] for row in rows], *headings)
    return _with_intervals(table, _with_dates(table, place))


def recognised(table: BookTable, sheet: SheetTable) -> float:
    """Which part of a table's columns a sheet has, where it is enough to know it by; else 0."""
    share = len(sheet.columns) / len(table.shown)
    return share if share >= ENOUGH_COLUMNS else 0.0


def _names_rows(table: BookTable, columns: Mapping[str, int]) -> bool:
    """Whether there are the columns that name rows, or the clocks that stand for one of them."""
    there = {*columns}
    if table.has_clocks and {FROM, TO} <= there:
        there.add(table.interval)
    if table.dates and {FIRST, LAST} <= there:
        there.add(table.dates)
    return {*table.ids, *table.keys} <= there


# --- intervals of the clock --- #


def _with_dates(table: BookTable, sheet: SheetTable) -> SheetTable:
    """The same with two dates of a row as one range, where the sheet has them apart."""
    if not table.dates or table.dates in sheet.columns:
        return sheet
    strange, at = list(sheet.strange), sheet.columns[FIRST]
    for n in range(sheet.head + 1, len(sheet.rows)):
        row = sheet.rows[n]
        first, last = (day_words(sheet.cell(n, name)) for name in (FIRST, LAST))
        if _is_explained(table, row, sheet) or not (first or last):
            continue
        if not (first and last):
            half = sheet.columns[LAST if first else FIRST]
            strange.append(StrangeCell("answer_half_span", n, half, "–"))
            continue
        row[at] = f"{first}{RANGE}{last}"
    columns = {**sheet.columns, table.dates: at}
    return sheet._replace(columns=columns, strange=tuple(strange))


def _with_intervals(table: BookTable, sheet: SheetTable) -> SheetTable:
    """The same with two clocks of a row as one interval, where the sheet has them apart."""
    if not table.has_clocks or not {FROM, TO} <= {*sheet.columns}:
        return sheet
    if table.interval in sheet.columns:
        doubled = [sheet.columns[name] for name in (FROM, TO)]
        words = [str(cell_of(sheet.rows[sheet.head], at)) for at in doubled]
        twice = (
            StrangeCell("book_heading_twice", sheet.head, at, word)
            for at, word in zip(doubled, words, strict=True)
        )
        return sheet._replace(strange=(*sheet.strange, *twice))
    begins, strange = sheet.columns[FROM], list(sheet.strange)
    spans = dict[tuple[str, ...], list[str]]()
    firsts = dict[tuple[str, ...], int]()
    for n in range(sheet.head + 1, len(sheet.rows)):
        row = sheet.rows[n]
        if _is_explained(table, row, sheet) or all(
            cell_of(row, at) is None for at in sheet.columns.values()
        ):
            continue
        span = _interval(sheet, n, strange)
        row.extend([None] * (begins + 1 - len(row)))
        if table.interval != table.key:  # one cell has all intervals of its row
            ids = (plain_word(cell_of(row, sheet.columns[name])) for name in table.ids)
            dates = cell_words(cell_of(row, sheet.columns.get(table.dates, -1)))
            days = cell_words(cell_of(row, sheet.columns[table.key]))
            key = (*ids, read_dates_key(dates) or dates, read_days(days) or days)
            if key in firsts:
                spans[key] += [span] if span else []
                sheet.rows[n] = []
                sheet.rows[firsts[key]][begins] = "; ".join(spans[key]) or None
                continue
            firsts[key], spans[key] = n, [span] if span else []
            row[begins] = span or None
            continue
        dated = day_words(cell_of(row, sheet.columns.get(table.days, -1)))
        row[begins] = " ".join(filter(None, (dated, span))) or None
    columns = {**sheet.columns, table.interval: begins}
    return sheet._replace(columns=columns, strange=tuple(strange))


def _is_explained(table: BookTable, row: Sequence[CellValue], sheet: SheetTable) -> bool:
    explained = {text(f"book.explain.{table.ids[0]}") for text in TEXTS}
    return cell_of(row, sheet.columns[table.ids[0]]) in explained


def _interval(sheet: SheetTable, row: int, strange: list[StrangeCell]) -> str:
    """The interval of the clock of a row; empty = it has none, or a wrong one."""
    clocks = list[int | None]()
    for name in (FROM, TO):
        value = sheet.cell(row, name)
        clock = None if value is None else clock_of(value)
        if clock is None and value is not None:
            strange.append(StrangeCell("answer_clock", row, sheet.columns[name], str(value)))
            return ""
        clocks.append(clock)
    begin, end = clocks
    if begin is None or end is None:
        if begin is not end:
            at = sheet.columns[FROM if begin is None else TO]
            strange.append(StrangeCell("answer_half_span", row, at, "–"))
        return ""
    return f"{clock_words(begin)}-{clock_words(end or 24 * 60)}"  # it ends at 0:00: at midnight


def clock_of(value: CellValue) -> int | None:
    """A time of day in minutes after midnight, in any form of a spreadsheet; None = it is none.

    Examples
    --------
    >>> [clock_of(cell) for cell in (0.354166, "0.354166", "８：30", time(8, 30), "8点半", 0)]
    [510, 510, 510, 510, 510, 0]
    >>> clock_of(timedelta(days=1)), clock_of("morning"), clock_of(8.3)
    (1440, None, None)
    """
    if isinstance(value, timedelta):
        value = value / timedelta(days=1)
    if isinstance(value, datetime):
        value = value.time()
    if isinstance(value, time):
        value = value.isoformat("minutes") if not value.second else value.isoformat("seconds")
    if isinstance(value, str) and (number := read_number(value)) is not None:
        value = number
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float) and value in (0, 1):
        return int(value) * 24 * 60
    clock = cell_clock(value if isinstance(value, str | int | float) else None)
    return clock if isinstance(clock, int) else None


def day_words(value: CellValue) -> str:
    """Days of a row in words; a date in any form, or its number, as a scenario writes it.

    Examples
    --------
    >>> day_words(date(2025, 3, 3)), day_words(45719), day_words("2025/3/3"), day_words("周一")
    ('2025-03-03', '2025-03-03', '2025-03-03', '周一')
    """
    day = cell_date(value) if isinstance(value, str | int | float) else value
    if isinstance(day, date):
        return day.isoformat()
    words = cell_words(value)
    return read_date_key(words) or words


def cell_words(value: CellValue) -> str:
    """What stands in a cell as a scenario would write it.

    Examples
    --------
    >>> cell_words(4.0), cell_words(date(2025, 3, 3)), cell_words(None)
    ('4', '2025-03-03', '')
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date | time) else str(value)


def list_words(value: CellValue) -> list[str]:
    """The entries of a list in one cell.

    Examples
    --------
    >>> list_words("cards；market"), list_words(None)
    (['cards', 'market'], [])
    """
    return [word for word in BETWEEN.split(cell_words(value)) if word]


def row_numbers(table: BookTable, sheet: SheetTable) -> Iterator[int]:
    """Rows below the headings in which anything of the table stands, its explanations left out."""
    for n in range(sheet.head + 1, len(sheet.rows)):
        if all(sheet.cell(n, column) is None for column in table.columns):
            continue
        if not _is_explained(table, sheet.rows[n], sheet):
            yield n
