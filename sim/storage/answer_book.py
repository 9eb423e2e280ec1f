"""Answers to the twelve questions as a workbook (xlsx) to fill in, and back; or as a YAML file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from typing import Any, Final

from sim.drafting.answers import AnswerRow, HallAnswers, template_answers
from sim.drafting.cells import cell_clock, cell_names, clock_words, is_empty
from sim.drafting.check import open_hours
from sim.drafting.form import CELLS, QUESTIONS, TABLES
from sim.drafting.templates import TEMPLATES, Cell, load_template
from sim.errors import OptionError, Problem
from sim.scenario.fields import join_names, nearest
from sim.scenario.tree import parse_tree
from sim.scenario.tree import text_of as decoded
from sim.storage.hall_book import CELL, EXPLAINED, HEAD, SPARE_ROWS
from sim.storage.spreadsheet import CellValue, cell_name, sheets_of
from sim.storage.staff_words import plain_word
from sim.storage.workbook import BookSheet, Choices, SheetCell, workbook_bytes
from sim.text import LANGUAGES, Text, load_text

FORM: Final = "form"
"""The sheet of single cells."""
YES: Final = "x"
"""Mark of a question whose cells are all the hall's own."""
BETWEEN: Final = "; "
YAML: Final = (".yaml", ".yml", ".json")


def answer_workbook(answers: HallAnswers, slots: Sequence[str], text: Text) -> bytes:
    """The workbook of answers as the bytes of a file.

    Parameters
    ----------
    slots
        Clocks at which the half hours begin: columns of the sheet of clerks.

    Examples
    --------
    >>> from sim.text import load_text
    >>> answer_workbook(template_answers("township", "zh"), ["08:30"], load_text("zh"))[:2]
    b'PK'
    """
    tables = [_table_sheet(name, answers, slots, text) for name in TABLES]
    return workbook_bytes([_form_sheet(answers, text), *tables], text("draft.book"))


def _form_sheet(answers: HallAnswers, text: Text) -> BookSheet:
    heads = ("question", "cell", "answer", "own", "explain")
    explained = EXPLAINED
    rows = [
        tuple(SheetCell(text(f"draft.form.{name}"), HEAD) for name in heads),
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
    >>> from sim.text import load_text
    >>> slots_of(template_answers("county", "en"), load_text("en"))[:2]
    ('08:30', '09:00')
    """
    return tuple(clock_words(begin) for begin, _ in open_hours(answers, text).slots)


def table_rows(name: str, answers: HallAnswers, slots: Sequence[str]) -> Iterator[AnswerRow]:
    """Rows of a table as they are filled in: with one for each group or each half hour.

    Examples
    --------
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
        by_clock = {_clock(row.get("begins")): row for row in rows}
        for slot in slots:
            yield {"begins": slot, "visitor_weight": by_clock.get(slot, {}).get("visitor_weight")}
    else:
        yield from rows


def _clock(value: Cell) -> str:
    clock = cell_clock(value)
    return clock_words(clock) if isinstance(clock, int) else ""


def _names(answers: HallAnswers, table: str) -> tuple[str, ...]:
    head = TABLES[table][0].name
    rows = answers.tables.get(table, ())
    return tuple(str(row[head]) for row in rows if not is_empty(row.get(head)))


def _written(value: Cell) -> str | int | float | None:
    return BETWEEN.join(value) if isinstance(value, tuple) else value


# --- reading --- #


def read_answers(content: bytes, name: str, text: Text, template: str = "") -> HallAnswers:
    """Answers of a file: a workbook as `answer_workbook` writes it (xlsx, xls), one of its sheets
    as CSV, or YAML.

    What the file does not say is the template's.

    Parameters
    ----------
    template
        Where the file names none; empty = the first one.

    Raises
    ------
    OptionError
        With every heading, cell and sheet that is not of the form.
    ScenarioError
        As `sim.scenario.tree.parse_tree`.

    Examples
    --------
    >>> from sim.text import load_text
    >>> text = load_text("en")
    >>> answers = template_answers("city", "en").with_cells(per_day=900)
    >>> read_answers(answer_workbook(answers, [], text), "hall.xlsx", text).cells == answers.cells
    True
    >>> read_answers(b"{template: county, per_day: 500}", "a.yaml", text).cells["per_day"]
    500
    """
    below = template or TEMPLATES[0]
    if name.lower().endswith(YAML):
        return _from_yaml(content, name, text, below)
    return _BookAnswers(content, name, text).read(below)


def _from_yaml(content: bytes, name: str, text: Text, below: str) -> HallAnswers:
    plain = parse_tree(decoded(content, name), name).plain()
    if not isinstance(plain, Mapping):
        raise OptionError(Problem("answer_file", file=name))
    cells, tables, problems = dict[str, Cell](), dict[str, tuple[AnswerRow, ...]](), list[Problem]()
    for key, value in plain.items():
        if key in CELLS:
            cells[key] = _cell(value)
        elif key in TABLES and isinstance(value, list | tuple):
            tables[key] = tuple(_yaml_row(key, row, name, problems) for row in value)
        elif key not in ("template", "confirmed"):
            names = [*CELLS, *TABLES, "template", "confirmed"]
            allowed, near = join_names(names), nearest(str(key), names)
            problems.append(
                Problem(
                    "answer_no_cell", str(key), name, found=str(key), allowed=allowed, values=near
                )
            )
    template = str(plain.get("template", below))
    confirmed = plain.get("confirmed") or ()
    questions = [question.name for question in QUESTIONS]
    if isinstance(confirmed, str):
        confirmed = (confirmed,)
    problems += [
        Problem("answer_no_cell", "confirmed", name, found=str(each), allowed=join_names(questions))
        for each in confirmed
        if each not in questions
    ]
    return _over_template(template, cells, tables, tuple(map(str, confirmed)), name, text, problems)


def _yaml_row(table: str, row: Any, file: str, problems: list[Problem]) -> AnswerRow:
    columns = [column.name for column in TABLES[table]]
    if not isinstance(row, Mapping):
        problems.append(Problem("answer_file", table, file, found=str(row)))
        return {}
    for key in row:
        is_slot = table == "clerks" and _clock(str(key))
        if key not in (*columns, "id") and not is_slot:
            allowed = join_names(columns)
            problems.append(Problem("answer_no_cell", table, file, found=str(key), allowed=allowed))
    return {_clock(str(key)) or str(key): _cell(value) for key, value in row.items()}


def _over_template(
    template: str,
    cells: Mapping[str, Cell],
    tables: Mapping[str, tuple[AnswerRow, ...]],
    confirmed: tuple[str, ...],
    file: str,
    text: Text,
    problems: list[Problem],
) -> HallAnswers:
    """Answers with the template's cells where a file has none.

    Raises
    ------
    OptionError
        With `problems`, and an unknown template.
    """
    if template not in TEMPLATES:
        allowed = join_names(TEMPLATES)
        problems.append(
            Problem("answer_no_template", "template", file, found=template, allowed=allowed)
        )
    if problems:
        raise OptionError(problems)
    below = template_answers(template, "en" if text.language == "en" else "zh")
    with_ids = {
        name: tuple(with_id(template, name, row) for row in rows) for name, rows in tables.items()
    }
    return replace(
        below,
        cells={**below.cells, **cells},
        tables={**below.tables, **with_ids},
        confirmed=confirmed,
    )


def with_id(template: str, table: str, row: AnswerRow) -> AnswerRow:
    """A row with the id of the template's row that has its name, where it has none.

    Examples
    --------
    >>> with_id("county", "matters", {"matter": "退休", "minutes": 25})["id"]
    'retirement'
    """
    head = TABLES[table][0].name
    if row.get("id") or table in ("visitors", "clerks"):
        return row
    rows = load_template(template).tables[table]
    same = next((each.id for each in rows if row.get(head) in each.name), None)
    return {**row, "id": same} if same else row


def _cell(value: Any) -> Cell:
    if isinstance(value, list | tuple):
        return tuple(map(str, value))
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | float) else str(value)


class _BookAnswers:
    """A workbook of answers while it is read; problems are collected."""

    def __init__(self, content: bytes, name: str, text: Text) -> None:
        self._sheets, self._file, self._text = sheets_of(content, name), name, text
        self._problems: list[Problem] = []
        self._texts = [load_text(language) for language in LANGUAGES]

    def read(self, below: str) -> HallAnswers:
        titles = {
            plain_word(text(key)): name
            for text in self._texts
            for name, key in (
                (FORM, "draft.form.name"),
                *((name, f"draft.question.{name}") for name in TABLES),
            )
        }
        cells, tables = dict[str, Cell](), dict[str, tuple[AnswerRow, ...]]()
        template, confirmed, n_sheets = below, list[str](), 0
        for title, rows in self._sheets.items():
            name = titles.get(plain_word(title))
            if name is None:
                if any(value is not None for row in rows for value in row):
                    self._add("answer_sheet", title, title, self._titles())
                continue
            n_sheets += 1
            if name == FORM:
                template = self._form(title, rows, cells, confirmed) or template
            else:
                tables[name] = tuple(self._table(name, title, rows))
        if not n_sheets and not self._problems:
            self._add("answer_sheet", "", "–", self._titles())
        return _over_template(
            *(template, cells, tables, tuple(confirmed)), self._file, self._text, self._problems
        )

    def _titles(self) -> str:
        keys = ("draft.form.name", *(f"draft.question.{name}" for name in TABLES))
        return join_names([self._text(key) for key in keys])

    def _form(
        self,
        title: str,
        rows: list[list[CellValue]],
        cells: dict[str, Cell],
        confirmed: list[str],
    ) -> str:
        """Single cells, and questions that are marked; returns the template."""
        heads = {
            plain_word(text(f"draft.head.{name}")): name for text in self._texts for name in CELLS
        }
        questions = {
            plain_word(
                text("draft.place.question", n=n, name=text(f"draft.question.{each.name}"))
            ): each
            for text in self._texts
            for n, each in enumerate(QUESTIONS, 1)
        }
        template = ""
        for n, row in enumerate(rows):
            question, head, value, is_own, *_ = (*row, *(None,) * 4)
            if n == 0 or head is None:
                continue
            if head == "template":
                template = str(value or "")
            elif plain_word(head) in heads:
                cells[heads[plain_word(head)]] = _cell(value)
            elif not any(
                plain_word(head) == plain_word(text("draft.form.sheet")) for text in self._texts
            ):
                self._add("answer_column", f"{title}!{cell_name(n, 1)}", str(head), "")
            listed = questions.get(plain_word(question))
            if is_own is not None and listed is not None and listed.name not in confirmed:
                confirmed.append(listed.name)
        return template

    def _table(self, name: str, title: str, rows: list[list[CellValue]]) -> Iterator[AnswerRow]:
        heads = {
            plain_word(text(f"draft.head.{column.name}")): column.name
            for text in self._texts
            for column in TABLES[name]
        }
        explained = {text(f"draft.help.{TABLES[name][0].name}") for text in self._texts}
        first = next(
            (n for n, row in enumerate(rows) if any(plain_word(value) in heads for value in row)),
            None,
        )
        if first is None:
            if any(value is not None for row in rows for value in row):
                names = join_names([self._text(f"draft.head.{each.name}") for each in TABLES[name]])
                self._add("answer_column", title, "–", names)
            return
        columns = dict[int, str]()
        for at, value in enumerate(rows[first]):
            slot = _clock(_cell(value)) if name == "clerks" else ""
            column = heads.get(plain_word(value)) or slot
            if column:
                columns[at] = column
            elif value is not None:
                self._add("answer_column", f"{title}!{cell_name(first, at)}", str(value), "")
        for n, row in enumerate(rows[first + 1 :]):
            if n == 0 and any(value in explained for value in row if isinstance(value, str)):
                continue
            cells = {columns[at]: _cell(value) for at, value in enumerate(row) if at in columns}
            if name == "windows" and isinstance(accepts := cells.get("accepts"), str):
                cells["accepts"] = cell_names(accepts)
            if not all(is_empty(value) for value in cells.values()):
                yield cells

    def _add(self, code: str, place: str, in_cell: str, allowed: str) -> None:
        self._problems.append(Problem(code, place, self._file, found=in_cell, allowed=allowed))


def with_set_cells(answers: HallAnswers, settings: Sequence[str]) -> HallAnswers:
    """Answers with single cells set, each as `cell=value`.

    Raises
    ------
    OptionError
        For what is no single cell of the form.

    Examples
    --------
    >>> with_set_cells(HallAnswers(), ["per_day=800"]).cells
    {'per_day': '800'}
    """
    problems, cells = list[Problem](), dict[str, Cell]()
    for setting in settings:
        name, sign, value = setting.partition("=")
        if sign and name.strip() in CELLS:
            cells[name.strip()] = value.strip()
            continue
        near, allowed = nearest(name.strip(), [*CELLS]), join_names([*CELLS])
        problems.append(
            Problem("answer_no_cell", "--set", found=setting, allowed=allowed, values=near)
        )
    if problems:
        raise OptionError(problems)
    return answers.with_cells(**cells)
