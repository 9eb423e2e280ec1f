"""Answers to the twelve questions as a workbook (xlsx) to fill in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sim.drafting.answers import AnswerRow, HallAnswers
from sim.drafting.cells import cell_clock, clock_words, is_empty
from sim.drafting.check import open_hours
from sim.drafting.form import QUESTIONS, TABLES
from sim.drafting.templates import Cell
from sim.storage.hall_book import CELL, EXPLAINED, HEAD, SPARE_ROWS
from sim.storage.workbook import BookSheet, Choices, SheetCell, workbook_bytes
from sim.text import Text

FORM: Final = "form"
"""The sheet of single cells."""
FORM_HEADS: Final = ("question", "cell", "answer", "own", "explain")
YES: Final = "x"
"""Mark of a question whose cells are all the hall's own."""
BETWEEN: Final = "; "


def answer_workbook(answers: HallAnswers, slots: Sequence[str], text: Text) -> bytes:
    """The workbook of answers as the bytes of a file.

    Parameters
    ----------
    slots
        Clocks at which the half hours begin: columns of the sheet of clerks.

    Examples
    --------
    >>> from sim.drafting.answers import template_answers
    >>> from sim.text import load_text
    >>> answer_workbook(template_answers("township", "zh"), ["08:30"], load_text("zh"))[:2]
    b'PK'
    """
    tables = [_table_sheet(name, answers, slots, text) for name in TABLES]
    return workbook_bytes([_form_sheet(answers, text), *tables], text("draft.book"))


def _form_sheet(answers: HallAnswers, text: Text) -> BookSheet:
    explained = EXPLAINED
    rows = [
        tuple(SheetCell(text(f"draft.form.{name}"), HEAD) for name in FORM_HEADS),
        (
            SheetCell(text("draft.form.template"), CELL),
            SheetCell("template", CELL),
            SheetCell(answers.template, CELL),
            SheetCell(None, CELL),
            SheetCell(text("draft.form.template_help"), explained),
        ),
    ]
    for n, question in enumerate(QUESTIONS, 1):
        is_own = YES if question.name in answers.confirmed else None
        words = text("draft.place.question", n=n, name=text(f"draft.question.{question.name}"))
        for m, cell in enumerate(question.cells):
            rows.append(
                (
                    SheetCell(words, CELL),
                    SheetCell(text(f"draft.head.{cell.name}"), CELL),
                    SheetCell(_written(answers.cells.get(cell.name)), CELL),
                    SheetCell(is_own if m == 0 else None, CELL),
                    SheetCell(text(f"draft.help.{cell.name}"), explained),
                )
            )
        if question.columns:
            rows.append(
                (
                    SheetCell(words, CELL),
                    SheetCell(text("draft.form.sheet"), CELL),
                    SheetCell(None, CELL),
                    SheetCell(is_own if not question.cells else None, CELL),
                    SheetCell(text("draft.form.sheet_help"), explained),
                )
            )
    return BookSheet(
        text("draft.form.name"), tuple(rows), (0, 0), 2, widths=(30.0, 28.0, 24.0, 10.0, 60.0)
    )


def _table_sheet(name: str, answers: HallAnswers, slots: Sequence[str], text: Text) -> BookSheet:
    columns = TABLES[name]
    rows = [
        (
            *(SheetCell(text(f"draft.head.{column.name}"), HEAD) for column in columns),
            *(SheetCell(slot, HEAD) for slot in slots if name == "clerks"),
        ),
        tuple(SheetCell(text(f"draft.help.{column.name}"), EXPLAINED) for column in columns),
    ]
    for row in table_rows(name, answers, slots):
        cells = [_written(row.get(column.name)) for column in columns]
        cells += [_written(row.get(slot)) for slot in slots if name == "clerks"]
        rows.append(tuple(SheetCell(cell, CELL) for cell in cells))
    choices = [
        Choices((2, len(rows) + SPARE_ROWS), (n, n), names)
        for n, column in enumerate(columns)
        if column.kind == "choice" and (names := _names(answers, column.of))
    ]
    widths = tuple(24.0 if column.kind in ("words", "choices") else 14.0 for column in columns)
    title = text(f"draft.question.{name}")
    return BookSheet(title, tuple(rows), (0, 1), 1, widths, tuple(choices))


def slots_of(answers: HallAnswers, text: Text) -> tuple[str, ...]:
    """Clocks at which the half hours of a weekday begin; none while the hours are wrong.

    Examples
    --------
    >>> from sim.drafting.answers import template_answers
    >>> from sim.text import load_text
    >>> slots_of(template_answers("county", "en"), load_text("en"))[:2]
    ('08:30', '09:00')
    """
    return tuple(clock_words(begin) for begin, _ in open_hours(answers, text).slots)


def table_rows(name: str, answers: HallAnswers, slots: Sequence[str]) -> Iterator[AnswerRow]:
    """Rows of a table as they are filled in: with one for each group or each half hour.

    Examples
    --------
    >>> from sim.drafting.answers import template_answers
    >>> answers = template_answers("township", "en")
    >>> [*table_rows("clerks", answers, ["08:30"])]
    [{'of_group': 'Comprehensive window', '08:30': None}]
    """
    rows = answers.tables.get(name, ())
    if name == "clerks":
        by_name = {str(row.get("of_group")): row for row in rows}
        for group in _names(answers, "windows"):
            row = by_name.get(group, {})
            yield {"of_group": group, **{slot: row.get(slot) for slot in slots}}
    elif name == "visitors" and slots:
        by_clock = {slot_words(row.get("begins")): row for row in rows}
        for slot in slots:
            yield {"begins": slot, "visitor_weight": by_clock.get(slot, {}).get("visitor_weight")}
    else:
        yield from rows


def slot_words(value: Cell) -> str:
    """A cell as the clock at which a half hour begins; empty = it is none.

    Examples
    --------
    >>> slot_words("8：30"), slot_words("group")
    ('08:30', '')
    """
    clock = cell_clock(value)
    return clock_words(clock) if isinstance(clock, int) else ""


def _names(answers: HallAnswers, table: str) -> tuple[str, ...]:
    head = TABLES[table][0].name
    rows = answers.tables.get(table, ())
    return tuple(str(row[head]) for row in rows if not is_empty(row.get(head)))


def _written(value: Cell) -> str | int | float | None:
    return BETWEEN.join(value) if isinstance(value, tuple) else value
