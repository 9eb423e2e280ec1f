"""Answers read cell by cell: what a hall has, what of it is assumed, and all that is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sim.drafting.answers import AnswerRow, HallAnswers, template_answers
from sim.drafting.cells import (
    WrongCell,
    cell_clock,
    cell_name,
    cell_names,
    cell_number,
    clock_words,
    is_empty,
    shown,
)
from sim.drafting.checked import ANSWERED, CheckedHall, CheckedRow, Figure
from sim.drafting.faults import AnswerFault, FaultList
from sim.drafting.form import (
    CELLS,
    CLERKS,
    MOST_ROWS,
    TABLES,
    WITHOUT_ROWS,
    FormColumn,
    question_of,
)
from sim.drafting.opening import OpenHours
from sim.drafting.read_hours import read_hours
from sim.drafting.templates import BothNames, Cell, TemplateCell, load_template
from sim.scenario.fields import join_names, nearest
from sim.text import Language, Text

NUMBERS: Final = ("count", "number", "minutes", "percent")
"""Kinds of cells that hold a number."""


def check_answers(
    answers: HallAnswers, text: Text
) -> tuple[CheckedHall | None, tuple[AnswerFault, ...]]:
    """The hall that answers describe, or None; and every fault at once, at its question and row.

    Examples
    --------
    >>> from sim.drafting.answers import template_answers
    >>> from sim.text import load_text
    >>> answers = template_answers("county", "en").with_cells(opens="25:00", per_day="many")
    >>> for fault in check_answers(answers, load_text("en"))[1]:
    ...     print(fault.problem.path)
    question 2 (Opening hours), Opens
    question 9 (Visitors), Visitors a day
    """
    faults = FaultList(text)
    hall = _AnswerReader(answers, faults).read()
    return (None if faults.faults else hall), tuple(faults.faults)


def open_hours(answers: HallAnswers, text: Text) -> OpenHours:
    """When the hall of answers is open, as far as that is readable."""
    return read_hours(answers, FaultList(text))


class _AnswerReader:
    """Answers while they are read; faults are collected."""

    def __init__(self, answers: HallAnswers, faults: FaultList) -> None:
        self._answers, self._faults, self._text = answers, faults, faults.text
        self._template = load_template(answers.template)

    def read(self) -> CheckedHall:
        name = self._hall_name()
        hours = read_hours(self._answers, self._faults)
        cells = {
            column.name: figure
            for column in CELLS.values()
            if column.kind in NUMBERS and (figure := self._cell(column)) is not None
        }
        departments = self._rows("departments", {})
        leads = {"departments": self._ids(departments)}
        matters = self._without_reviews(self._rows("matters", leads))
        windows = self._rows("windows", {"matters": self._ids(matters)})
        self._check_accepted(matters, windows)
        weights = [row.figures["weight"].value for row in matters if "weight" in row.figures]
        if matters and len(weights) == len(matters) and not sum(weights):
            self._faults.add("answer_no_weight", "matters", column="weight")
        return CheckedHall(
            *(name, hours, cells, departments, matters, windows),
            self._clerks(windows, hours),
            self._shape(hours),
        )

    # --- single cells --- #

    def _hall_name(self) -> BothNames | str:
        value = self._answers.cells.get("hall_name")
        template = self._template.hall_name
        if is_empty(value) or value in template:
            return template
        name = cell_name(value)
        if isinstance(name, WrongCell):
            self._faults.wrong(name, value, "hall", column="hall_name")
            return template
        return name

    def _cell(self, column: FormColumn) -> Figure | None:
        value = self._answers.written(column.name)
        below = self._template.cells.get(column.name, TemplateCell(None))
        return self._figure(column, value, below, question_of(column.name))

    def _figure(
        self, column: FormColumn, value: Cell, below: TemplateCell, question: str, row: int = 0
    ) -> Figure | None:
        """A number as answered, else as the template or the column assumes it."""
        if is_empty(value):
            if column.may_be_empty:
                return None
            if isinstance(below.value, int | float):
                return Figure(float(below.value), below.span, below.source)
            if column.assumed:
                middle, low, high = column.assumed
                return Figure(middle, (low, high))
            self._faults.add("answer_missing", question, row, column.name)
            return None
        number = cell_number(column, value)
        if isinstance(number, WrongCell):
            self._faults.wrong(number, value, question, row, column.name)
            return None
        if number == below.value and question not in self._answers.confirmed:
            return Figure(number, below.span, below.source)
        return Figure(number, None, ANSWERED)

    # --- tables --- #

    def _written(self, table: str) -> tuple[AnswerRow, ...]:
        """Rows of a table; those of the template where nothing is said of it."""
        rows = self._answers.tables.get(table)
        if rows is None:
            language: Language = "en" if self._text.language == "en" else "zh"
            rows = template_answers(self._template.id, language).tables[table]
        if len(rows) > MOST_ROWS:
            self._faults.add("answer_rows", table, found=str(len(rows)), allowed=f"≤ {MOST_ROWS}")
        return rows[:MOST_ROWS]

    def _numbered(self, table: str) -> Iterator[tuple[int, AnswerRow]]:
        columns = {column.name for column in TABLES[table]}
        for n, row in enumerate(self._written(table), 1):
            if not all(is_empty(value) for key, value in row.items() if key in columns):
                yield n, row

    def _rows(self, table: str, above: Mapping[str, Mapping[str, str]]) -> tuple[CheckedRow, ...]:
        head, *columns = TABLES[table]
        rows, seen, ids = list[CheckedRow](), dict[str, int](), set[str]()
        for n, row in self._numbered(table):
            below = self._template.row(table, row.get("id"))
            if below is not None and below.id in ids:
                below = None
            id_ = below.id if below is not None else f"{head.name}_{n}"
            ids.add(id_)
            below_name = below.name if below is not None else None
            name = self._row_name(table, head, n, row, below_name)
            for words in dict.fromkeys(name if isinstance(name, BothNames) else (name,)):
                if words and words in seen:
                    first = (("first", str(seen[words])),)
                    self._faults.add("answer_twice", table, n, head.name, words, values=first)
                    break
                seen[words] = n
            figures, names = dict[str, Figure](), dict[str, tuple[str, ...]]()
            for column in columns:
                value = row.get(column.name)
                cell = below.cells.get(column.name) if below is not None else None
                if cell is not None and cell.source and name != below_name:
                    # under another name it is no longer what was published
                    cell = cell._replace(source=ANSWERED)
                if column.of:
                    names[column.name] = self._choice(table, n, column, value, above[column.of])
                elif figure := self._figure(column, value, cell or TemplateCell(None), table, n):
                    figures[column.name] = figure
            rows.append(CheckedRow(n, id_, name, figures, names))
        if not rows and table not in WITHOUT_ROWS:
            self._faults.add("answer_no_rows", table)
        return tuple(rows)

    def _row_name(
        self, table: str, head: FormColumn, n: int, row: AnswerRow, below: BothNames | None
    ) -> BothNames | str:
        value = row.get(head.name)
        if is_empty(value):
            self._faults.add("answer_missing", table, n, head.name)
            return ""
        if below is not None and value in below:
            return below
        name = cell_name(value)
        if isinstance(name, WrongCell):
            self._faults.wrong(name, value, table, n, head.name)
            return ""
        return name

    def _ids(self, rows: tuple[CheckedRow, ...]) -> dict[str, str]:
        """Names of rows in either language, and what they are called in the scenario."""
        return {
            name: row.id
            for row in rows
            for name in (row.name if isinstance(row.name, BothNames) else (row.name,))
            if name
        }

    def _choice(
        self, table: str, n: int, column: FormColumn, value: Cell, ids: Mapping[str, str]
    ) -> tuple[str, ...]:
        names = cell_names(value) if not is_empty(value) else ()
        if column.kind == "choice":
            names = names[:1] if len(names) < 2 else (shown(value),)
        if not names and not column.may_be_empty:
            self._faults.add("answer_missing", table, n, column.name)
        chosen = []
        for name in names:
            if name in ids:
                chosen.append(ids[name])
                continue
            names_shown = [words for words in ids if self._is_readers(words, ids)]
            near, allowed = nearest(name, names_shown), join_names(names_shown)
            self._faults.add("answer_no_such", table, n, column.name, name, allowed, near)
        return tuple(dict.fromkeys(chosen))

    def _is_readers(self, words: str, ids: Mapping[str, str]) -> bool:
        """Whether a name is that of the reader's language, where a thing has two."""
        both = [name for name, id_ in ids.items() if id_ == ids[words]]
        return words == both[-1 if self._text.language == "en" else 0]

    def _without_reviews(self, matters: tuple[CheckedRow, ...]) -> tuple[CheckedRow, ...]:
        """Matters without a department are done at the window; complain where a part is not."""
        return tuple(row if row.names["lead"] else self._at_window(row) for row in matters)

    def _at_window(self, row: CheckedRow) -> CheckedRow:
        """A matter of no department: what the form would assume of its reviews is none."""
        reviewed = row.figures.get("reviewed")
        cell = self._written("matters")[row.n - 1].get("reviewed")
        if reviewed is not None and reviewed.value and not is_empty(cell):
            self._faults.add("answer_no_lead", "matters", row.n, "lead", shown(cell))
        return row._replace(figures={**row.figures, "reviewed": Figure(0.0, None, ANSWERED)})

    def _check_accepted(
        self, matters: tuple[CheckedRow, ...], windows: tuple[CheckedRow, ...]
    ) -> None:
        """Complain of matters that no window accepts."""
        accepted = {id_ for row in windows for id_ in row.names.get("accepts", ())}
        for row in matters:
            weight = row.figures.get("weight")
            if windows and row.id not in accepted and (weight is None or weight.value):
                name = row.name if isinstance(row.name, str) else self._text.name(row.name)
                self._faults.add("answer_not_accepted", "windows", column="accepts", found=name)

    def _clerks(
        self, windows: tuple[CheckedRow, ...], hours: OpenHours
    ) -> dict[str, tuple[Figure, ...]]:
        """Clerks of each group; where nothing is said, at every window."""
        ids, rows = self._ids(windows), dict[str, tuple[int, AnswerRow]]()
        for n, row in self._numbered("clerks"):
            [column] = TABLES["clerks"]
            for id_ in self._choice("clerks", n, column, row.get("of_group"), ids):
                rows[id_] = n, row
        slots = [clock_words(begin) for begin, _ in hours.slots]
        clerks = {}
        for group in windows:
            if "windows" not in group.figures:
                continue
            built = group.figures["windows"].value
            n, row = rows.get(group.id, (0, {}))
            column = CLERKS._replace(high=built)
            below = TemplateCell(built, (1, built))
            figures = [self._clerk_cell(column, row.get(slot), below, n, slot) for slot in slots]
            clerks[group.id] = tuple(figures)
            if slots and not any(figure.value for figure in figures):
                self._faults.add("answer_no_clerks", "clerks", n)
        return clerks

    def _clerk_cell(
        self, column: FormColumn, value: Cell, below: TemplateCell, n: int, slot: str
    ) -> Figure:
        figure = self._figure(column._replace(name=slot), value, below, "clerks", n)
        return figure or Figure(column.high)

    def _shape(self, hours: OpenHours) -> tuple[Figure, ...]:
        """Weights of the half hours; where nothing is said, that of the template, else the mean."""
        begins, weight = TABLES["visitors"]
        rows = dict[str, tuple[int, AnswerRow]]()
        for n, row in self._numbered("visitors"):
            clock = cell_clock(row.get("begins"))
            if isinstance(clock, WrongCell):
                self._faults.wrong(clock, row.get("begins"), "visitors", n, begins.name)
            else:
                rows[clock_words(clock)] = n, row
        of_template = [
            cell.value
            for row in self._template.tables["visitors"]
            if isinstance((cell := row.cells["visitor_weight"]).value, int | float)
        ]
        mean = sum(of_template) / len(of_template)
        figures = []
        for slot in (clock_words(begin) for begin, _ in hours.visit_slots):
            n, row = rows.get(slot, (0, {}))
            below = self._template.row("visitors", slot)
            cell = below.cells["visitor_weight"] if below else TemplateCell(mean, (0, 3 * mean))
            figure = self._figure(weight, row.get("visitor_weight"), cell, "visitors", n)
            figures.append(figure or Figure(mean))
        if figures and not sum(figure.value for figure in figures):
            self._faults.add("answer_no_weight", "visitors", column=weight.name)
        return tuple(figures)
