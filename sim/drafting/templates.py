"""Halls to start from: what each has in every cell, how far that could be off, and who says so."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Final, NamedTuple, TypeAlias

from sim.drafting.form import CELLS, TABLES
from sim.text import Language

Cell: TypeAlias = "str | int | float | tuple[str, ...] | None"
"""What stands in a cell; None = nothing."""
TEMPLATES: Final = ("county", "city", "township", "vehicle")
"""Names of the files beside this one."""


class BothNames(NamedTuple):
    """A name in both languages."""

    zh: str
    en: str

    def of(self, language: Language) -> str:
        """The name in a language."""
        return self.zh if language == "zh" else self.en


class TemplateCell(NamedTuple):
    """A cell of a template.

    Attributes
    ----------
    value : Cell
        Ids of rows in place of names.
    span : tuple of float or None
        Lowest and highest plausible value of an assumption.
    source : str
        Who publishes it; empty = nobody.
    """

    value: Cell
    span: tuple[float, float] | None = None
    source: str = ""


class TemplateRow(NamedTuple):
    """A row of a template's table; the half hours of `visitors` are named by their clock."""

    id: str
    name: BothNames
    cells: Mapping[str, TemplateCell]


class HallTemplate(NamedTuple):
    """A hall to start from."""

    id: str
    name: BothNames
    hall_name: BothNames
    cells: Mapping[str, TemplateCell]
    tables: Mapping[str, tuple[TemplateRow, ...]]

    def row(self, table: str, id_: object) -> TemplateRow | None:
        """The row of an id; None when the template has none."""
        return next((row for row in self.tables.get(table, ()) if row.id == id_), None)


@cache
def load_template(name: str) -> HallTemplate:
    """A template by the name of its file.

    Examples
    --------
    >>> county = load_template("county")
    >>> sum(row.cells["windows"].value for row in county.tables["windows"])
    20
    >>> county.tables["matters"][2].cells["minutes"]
    TemplateCell(value=10, span=(5, 15), source='')
    """
    data = tomllib.loads(
        resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    )
    cells = {
        key: _cell(data["cells"][key], data["sources"].get(key, ""))
        for key in CELLS
        if key in data["cells"]
    }
    tables = {table: tuple(_row(table, row) for row in data.get(table, ())) for table in TABLES}
    name_words, hall_name = BothNames(**data["name"]), BothNames(**data["hall_name"])
    return HallTemplate(name, name_words, hall_name, cells, tables)


def _row(table: str, row: Mapping[str, Any]) -> TemplateRow:
    head, *columns = (column.name for column in TABLES[table])
    cells = {name: _cell(row[name], row.get("source", "")) for name in columns if name in row}
    if isinstance(row[head], str):  # a clock
        return TemplateRow(row[head], BothNames(row[head], row[head]), cells)
    return TemplateRow(row["id"], BothNames(**row[head]), cells)


def _cell(value: Any, source: str) -> TemplateCell:
    match value:
        case [int() | float() as middle, low, high]:
            return TemplateCell(middle, (low, high))
        case list():
            return TemplateCell(tuple(value), None, source)
        case _:
            return TemplateCell(value if value != "" else None, None, source)
