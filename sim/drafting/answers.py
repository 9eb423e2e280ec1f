"""What somebody says of a hall: cells as they were written, over a template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sim.drafting.form import CELLS, TABLES
from sim.drafting.templates import Cell, HallTemplate, TemplateCell, load_template
from sim.text import Language

AnswerRow = Mapping[str, Cell]
"""Cells of a row by the names of their columns; under `id` the row of the template that it was."""


@dataclass(frozen=True)
class HallAnswers:
    """Answers to the twelve questions; what is left empty is the template's, and an assumption.

    Attributes
    ----------
    template : str
        Name of the template below them.
    cells : mapping of str to Cell
        Single cells as written.
    tables : mapping of str to tuple of AnswerRow
        Rows as written; a table that is missing is the template's.
    confirmed : tuple of str
        Questions all of whose cells are said to be the hall's own, also where they are as in the
        template.
    """

    template: str = "county"
    cells: Mapping[str, Cell] = field(default_factory=dict)
    tables: Mapping[str, tuple[AnswerRow, ...]] = field(default_factory=dict)
    confirmed: tuple[str, ...] = ()

    def data(self) -> dict[str, Any]:
        """As plain data, for JSON."""
        return {
            "template": self.template,
            "cells": dict(self.cells),
            "tables": {name: [dict(row) for row in rows] for name, rows in self.tables.items()},
            "confirmed": list(self.confirmed),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> HallAnswers:
        """What `data` gave, again, after JSON too.

        Raises
        ------
        KeyError, TypeError, AttributeError
            For data of another shape.

        Examples
        --------
        >>> answers = template_answers("township", "zh")
        >>> HallAnswers.from_data(answers.data()) == answers
        True
        """
        return cls(
            str(data["template"]),
            {name: _cell(value) for name, value in data["cells"].items()},
            {
                name: tuple({key: _cell(cell) for key, cell in row.items()} for row in rows)
                for name, rows in data["tables"].items()
            },
            tuple(map(str, data["confirmed"])),
        )

    def written(self, name: str) -> Cell:
        """A cell as written; that of the template where nothing is said of it, not even None."""
        below = load_template(self.template).cells.get(name, TemplateCell(None)).value
        return self.cells.get(name, below)

    def with_cells(self, **cells: Cell) -> HallAnswers:
        """The same with other single cells."""
        return replace(self, cells={**self.cells, **cells})

    def with_table(self, name: str, rows: tuple[AnswerRow, ...]) -> HallAnswers:
        """The same with another table."""
        return replace(self, tables={**self.tables, name: rows})


def _cell(value: Any) -> Cell:
    if isinstance(value, list | tuple):
        return tuple(map(str, value))
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(value)


def template_answers(template: str, language: Language) -> HallAnswers:
    """A template as answers: every cell filled in, its names in a language.

    Examples
    --------
    >>> answers = template_answers("county", "en")
    >>> answers.cells["hall_name"], answers.tables["windows"][0]["accepts"][0]
    ('County service hall', 'Change of company particulars')
    """
    form = load_template(template)
    cells: dict[str, Cell] = {"hall_name": form.hall_name.of(language)}
    cells |= {name: cell.value for name, cell in form.cells.items() if name in CELLS}
    tables = {
        name: tuple(_template_row(form, name, n, language) for n in range(len(form.tables[name])))
        for name in TABLES
        if name != "clerks"
    }
    return HallAnswers(template, cells, {**tables, "clerks": ()})


def _template_row(form: HallTemplate, table: str, n: int, language: Language) -> dict[str, Cell]:
    row = form.tables[table][n]
    head, *columns = TABLES[table]
    cells: dict[str, Cell] = {head.name: row.name.of(language)}
    if table != "visitors":
        cells["id"] = row.id
    for column in columns:
        value = row.cells[column.name].value if column.name in row.cells else None
        if column.of:
            ids = value if isinstance(value, tuple) else (value,)
            named = tuple(
                other.name.of(language) for id_ in ids if (other := form.row(column.of, id_))
            )
            value = named if column.kind == "choices" else "".join(named)
        cells[column.name] = value
    return cells


def in_language(answers: HallAnswers, language: Language) -> HallAnswers:
    """Answers whose names are in a language where they are those of the template.

    Examples
    --------
    >>> in_language(template_answers("city", "zh"), "en") == template_answers("city", "en")
    True
    """
    form = load_template(answers.template)
    both = [form.hall_name, *(row.name for rows in form.tables.values() for row in rows)]
    words = {name: pair.of(language) for pair in both for name in pair}

    def cell_in_words(cell: Cell) -> Cell:
        if isinstance(cell, tuple):
            return tuple(words.get(name, name) for name in cell)
        return words.get(cell, cell) if isinstance(cell, str) else cell

    def row_in_words(row: AnswerRow) -> dict[str, Cell]:
        return {key: value if key == "id" else cell_in_words(value) for key, value in row.items()}

    return replace(
        answers,
        cells={name: cell_in_words(cell) for name, cell in answers.cells.items()},
        tables={name: tuple(map(row_in_words, rows)) for name, rows in answers.tables.items()},
    )
