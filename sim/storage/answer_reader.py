"""Answers to the twelve questions read: a workbook in any usual form, one sheet of it, or YAML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from typing import Any, Final

from sim.drafting.answers import AnswerRow, HallAnswers, template_answers
from sim.drafting.cells import cell_names, clock_words, is_empty
from sim.drafting.form import CELLS, CLERKS, QUESTIONS, TABLES, FormColumn
from sim.drafting.templates import TEMPLATES, Cell, load_template
from sim.errors import OptionError, Problem
from sim.scenario.fields import join_names, nearest
from sim.scenario.tree import parse_tree
from sim.scenario.tree import text_of as decoded
from sim.storage.answer_book import FORM, FORM_HEADS, slot_words
from sim.storage.hall_sheet import ENOUGH_COLUMNS, clock_of
from sim.storage.sheet_headings import Headings, cell_of, find_headings
from sim.storage.spreadsheet import CellValue, cell_name, sheets_of
from sim.storage.staff_words import plain_word
from sim.text import LANGUAGES, Text, load_text

YAML: Final = (".yaml", ".yml", ".json")
FORMS: Final = (FORM, *TABLES)
"""What sheets hold."""
HEADING_KEYS: Final = {
    FORM: {name: f"draft.form.{name}" for name in FORM_HEADS},
    **{
        name: {column.name: f"draft.head.{column.name}" for column in columns}
        for name, columns in TABLES.items()
    },
}
"""Words of the headings of each sheet, by the names of their columns."""
NEEDED: Final = {"cell", "answer"}
"""Columns by which the sheet of single cells is known."""


def read_answers(
    content: bytes,
    name: str,
    text: Text,
    template: str = "",
    notes: list[Problem] | None = None,
) -> HallAnswers:
    """Answers of a file: a workbook as `answer_workbook` writes it (xlsx, xls), one of its sheets
    as CSV, or YAML. Sheets may have other names, columns another order, headings two rows.

    What the file does not say is the template's.

    Parameters
    ----------
    template
        Where the file names none; empty = the first one.
    notes
        Gets sheets, columns and cells of a workbook that are none of the form and were not read.

    Raises
    ------
    OptionError
        With everything else that is wrong; a name that is near one of the form is a slip.
    ScenarioError
        As `sim.scenario.tree.parse_tree`.

    Examples
    --------
    >>> from sim.storage.answer_book import answer_workbook
    >>> text = load_text("en")
    >>> answers = template_answers("city", "en").with_cells(per_day=900)
    >>> book = answer_workbook(answers, [], text)
    >>> read_answers(book, "hall.xlsx", text).cells["per_day"]
    900
    >>> read_answers(b"{template: county, per_day: 500}", "a.yaml", text).cells["per_day"]
    500
    """
    below = template or TEMPLATES[0]
    if name.lower().endswith(YAML):
        return _from_yaml(content, name, text, below)
    return _BookAnswers(content, name, text, [] if notes is None else notes).read(below)


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
        is_slot = table == "clerks" and slot_words(str(key))
        if key not in (*columns, "id") and not is_slot:
            allowed = join_names(columns)
            problems.append(Problem("answer_no_cell", table, file, found=str(key), allowed=allowed))
    return {slot_words(str(key)) or str(key): _cell(value) for key, value in row.items()}


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

    def __init__(self, content: bytes, name: str, text: Text, notes: list[Problem]) -> None:
        self._sheets, self._file, self._text = sheets_of(content, name), name, text
        self._notes = notes
        self._problems: list[Problem] = []
        self._texts = [load_text(language) for language in LANGUAGES]
        self._cells: dict[str, Cell] = {}
        self._confirmed: list[str] = []

    def read(self, below: str) -> HallAnswers:
        """All that the workbook says, over a template where it names none.

        Raises
        ------
        OptionError
            With everything that is wrong.
        """
        tables, template = dict[str, tuple[AnswerRow, ...]](), below
        for name, (title, headings) in self._find_sheets().items():
            rows = self._sheets[title]
            self._check_headings(name, title, headings)
            if name == FORM:
                template = self._form(title, rows, headings) or template
            else:
                tables[name] = tuple(self._table(name, rows, headings))
        return _over_template(
            *(template, self._cells, tables, tuple(self._confirmed)),
            *(self._file, self._text, self._problems),
        )

    # --- where things stand --- #

    def _find_sheets(self) -> dict[str, tuple[str, Headings]]:
        """The sheet of each table, by its name or else by its headings; others are told."""
        of_name = {plain_word(title): name for name in FORMS for title in self._titles(name)}
        sheets, strangers = dict[str, tuple[str, Headings]](), list[str]()
        for title, rows in self._sheets.items():
            name = of_name.get(plain_word(title))
            if not any(value is not None for row in rows for value in row):
                continue
            if name is None:
                strangers.append(title)
            elif headings := self._headings(name, rows):
                sheets[name] = title, headings
            else:
                names = [self._text(key) for key in HEADING_KEYS[name].values()]
                self._add("answer_column", title, "–", join_names(names))
        for title in strangers:
            name, recognised = self._recognised(self._sheets[title])
            if recognised is None:
                self._tell("answer_sheet", title, title, self._titles_of(FORMS))
            elif name in sheets:
                first = (("first", sheets[name][0]),)
                self._add("book_sheet_twice", title, title, "", first)
            else:
                sheets[name] = title, recognised
        if not sheets and not self._problems:
            self._add("answer_sheet", "", "–", join_names(self._titles_of(FORMS)))
        return sheets

    def _titles(self, name: str) -> list[str]:
        key = "draft.form.name" if name == FORM else f"draft.question.{name}"
        return [text(key) for text in self._texts]

    def _titles_of(self, names: Sequence[str]) -> list[str]:
        return [title for name in names for title in dict.fromkeys(self._titles(name))]

    def _recognised(self, rows: list[list[CellValue]]) -> tuple[str, Headings | None]:
        """The table whose columns a sheet of another name has, if it has enough of them."""
        best: tuple[float, int, str, Headings | None] = (0.0, 0, "", None)
        for name in FORMS:
            headings = self._headings(name, rows)
            if headings is None:
                continue
            n_columns = len(headings.columns)
            has_slots = name != "clerks" or n_columns > len(TABLES[name])
            share = min(1.0, n_columns / len(HEADING_KEYS[name])) if has_slots else 0.0
            if share >= ENOUGH_COLUMNS and (share, n_columns) > best[:2]:
                best = share, n_columns, name, headings
        return best[2:]

    def _headings(self, name: str, rows: list[list[CellValue]]) -> Headings | None:
        """Where the headings of a table stand; clocks are columns of the table of clerks."""
        heads = {
            plain_word(text(key)): column
            for text in self._texts
            for column, key in HEADING_KEYS[name].items()
        }
        needed = NEEDED if name == FORM else {TABLES[name][0].name}

        def name_of(value: CellValue) -> str | None:
            slot = slot_words(_cell(value)) if name == "clerks" else ""
            return heads.get(plain_word(value)) or slot

        return find_headings(rows, name_of, lambda columns: needed <= columns.keys())

    def _check_headings(self, name: str, title: str, headings: Headings) -> None:
        """Complain of headings that are none of a table's, or stand there twice."""
        rows = self._sheets[title]
        for each in headings.strange:
            place = f"{title}!{cell_name(each.row, each.column)}"
            is_remark = name == FORM and cell_of(rows[headings.head], each.column) is None
            if each.code != "book_heading":
                self._add(each.code, place, each.value, "")
            elif not is_remark:
                keys = HEADING_KEYS[name].values()
                allowed = [text(key) for text in self._texts for key in keys]
                self._tell("answer_column", place, each.value, allowed)

    # --- cells --- #

    def _form(self, title: str, rows: list[list[CellValue]], headings: Headings) -> str:
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
        of_sheet = {plain_word(text("draft.form.sheet")) for text in self._texts}
        template = ""
        for n, row in enumerate(rows[headings.head + 1 :], headings.head + 1):
            question, head, value, is_own = (
                cell_of(row, headings.columns.get(name, -1))
                for name in ("question", "cell", "answer", "own")
            )
            if head is None:
                continue
            name = heads.get(plain_word(head))
            if head == "template":
                template = str(value or "")
            elif name:
                self._cells[name] = _written_cell(CELLS[name], value)
            elif plain_word(head) not in of_sheet:
                place = f"{title}!{cell_name(n, headings.columns['cell'])}"
                allowed = [text(f"draft.head.{name}") for text in self._texts for name in CELLS]
                self._tell("answer_column", place, str(head), allowed)
            listed = questions.get(plain_word(question))
            if is_own is not None and listed is not None and listed.name not in self._confirmed:
                self._confirmed.append(listed.name)
        return template

    def _table(
        self, name: str, rows: list[list[CellValue]], headings: Headings
    ) -> Iterator[AnswerRow]:
        columns = {column.name: column for column in TABLES[name]}
        explained = {text(f"draft.help.{TABLES[name][0].name}") for text in self._texts}
        for n, row in enumerate(rows[headings.head + 1 :]):
            if n == 0 and any(value in explained for value in row if isinstance(value, str)):
                continue
            cells = {
                column: _written_cell(columns.get(column, CLERKS), cell_of(row, at))
                for column, at in headings.columns.items()
            }
            if name == "windows" and isinstance(accepts := cells.get("accepts"), str):
                cells["accepts"] = cell_names(accepts)
            if not all(is_empty(value) for value in cells.values()):
                yield cells

    def _add(
        self,
        code: str,
        place: str,
        in_cell: str,
        allowed: str,
        values: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self._problems.append(
            Problem(code, place, self._file, found=in_cell, allowed=allowed, values=values)
        )

    def _tell(self, code: str, place: str, in_cell: str, names: Sequence[str]) -> None:
        """A problem where a name may be a slip, else a note that something was left."""
        if near := nearest(in_cell, names):
            self._add(code, place, in_cell, "", near)
            return
        code_left = "answer_sheet_left" if code == "answer_sheet" else "answer_column_left"
        note = Problem(code_left, place, self._file, found=in_cell, severity="warning")
        self._notes.append(note)


def _written_cell(column: FormColumn, value: CellValue) -> Cell:
    """A cell as written; of clocks in any form of a spreadsheet, in words."""
    if column.kind == "clock" and value is not None:
        clock = clock_of(value)
        if clock is not None:
            return clock_words(clock)
    return _cell(value)


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
