"""A workbook of a hall read back: a scenario file that extends the one it was written from."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any, Final, NamedTuple

from sim.errors import OptionError, Problem, ScenarioError
from sim.scenario.changed import Changed, changes
from sim.scenario.fields import join_names, nearest
from sim.scenario.format import formatted
from sim.scenario.layers import lay_over_base
from sim.scenario.load import validate_tree
from sim.scenario.respell import respell_step
from sim.scenario.scenario import Scenario
from sim.scenario.spelling import fold_signs
from sim.scenario.tree import parse_tree
from sim.storage.hall_book import (
    ABOUT,
    TABLES,
    BookField,
    BookSource,
    BookTable,
    HeldCell,
    held_rows,
    path_words,
    read_source,
)
from sim.storage.spreadsheet import CellValue, cell_name, read_book
from sim.storage.staff_words import BETWEEN, plain_word
from sim.text import LANGUAGES, load_text
from sim.text.foreign import read_cell, visible

ROWS_ABOVE: Final = 10
"""A title and remarks may stand above the headings."""


class ReadBook(NamedTuple):
    """What a workbook makes of the scenario over which it lies.

    Attributes
    ----------
    text : str
        Of the new scenario file.
    scenario : Scenario
    changed : tuple of Changed
        Every field that is not as it was.
    warnings : tuple of Problem
        Of the scenario.
    """

    text: str
    scenario: Scenario
    changed: tuple[Changed, ...]
    warnings: tuple[Problem, ...]


def read_hall_workbook(book: Path, over: Path, out: Path) -> ReadBook:
    """The scenario file of a workbook; nothing is written.

    Only what differs from the scenario below it stands in the new file, which extends that one: a
    workbook without a change is the same scenario, and what no sheet holds is not touched.

    Parameters
    ----------
    over
        The scenario file that the workbook was written from.
    out
        Where the new file will be: it names the other one from there.

    Raises
    ------
    OptionError
        With every cell that is wrong: `table_unreadable`, `table_too_large`, `book_sheet`,
        `book_columns`, `book_heading`, `book_other`, `book_emptied`, `book_fixed`, `book_no_id`,
        `book_twice`, `book_row_gone`, `book_mixed`; and what is wrong with the scenario itself, in
        its cell.
    ScenarioError
        When the file below is no scenario.
    """
    return _BookReader(book, over, out).read()


class _SheetPlace(NamedTuple):
    """Where things stand in a sheet."""

    sheet: str
    rows: list[list[CellValue]]
    head: int
    columns: Mapping[str, int]

    def words(self, row: int, at: int) -> str:
        heading = self.rows[self.head][at] if at < len(self.rows[self.head]) else None
        return f"{self.sheet}!{cell_name(row, at)} {heading or ''}".strip()

    def cell(self, row: int, column: str) -> CellValue:
        at = self.columns.get(column, -1)
        return self.rows[row][at] if 0 <= at < len(self.rows[row]) else None


class _BookReader:
    """A workbook while it is read; problems are collected."""

    def __init__(self, book: Path, over: Path, out: Path) -> None:
        self._file, self._over, self._out = book, over, out
        self._problems: list[Problem] = []
        self._layer: dict[str, Any] = {}
        self._changed: dict[str, str] = {}
        self._rows_of: dict[str, str] = {}
        self._texts = [load_text(language) for language in LANGUAGES]

    def read(self) -> ReadBook:
        source, sheets = read_source(self._over), self._find_sheets()
        self._check_source(sheets.pop(ABOUT, []), source)
        for table in TABLES:
            if table.name in sheets and (place := self._find_columns(table, sheets[table.name])):
                self._read_table(table, place, source)
        if self._problems:
            raise OptionError(self._problems)
        return self._laid_over(source)

    # --- where things stand --- #

    def _find_sheets(self) -> dict[str, Any]:
        """Rows of each sheet, by its name in `TABLES`.

        Raises
        ------
        OptionError
            When there is no workbook, or none of its sheets is ours.
        """
        names = {
            plain_word(text(f"book.sheet.{name}")): name
            for text in self._texts
            for name in (ABOUT, *(table.name for table in TABLES))
        }
        sheets: dict[str, Any] = {}
        self._titles: dict[str, str] = {}
        for title, rows in read_book(self._file).items():
            name = names.get(plain_word(title))
            if name is None:
                if any(value is not None for row in rows for value in row):
                    titles = self._sheet_titles()
                    self._add("book_sheet", title, title, "", nearest(title, titles))
                continue
            sheets[name], self._titles[name] = rows, title
        if not set(sheets) - {ABOUT} and not self._problems:
            allowed = join_names(self._sheet_titles())
            self._add("book_sheet", "", "–", allowed)
        return sheets

    def _sheet_titles(self) -> list[str]:
        return [text(f"book.sheet.{table.name}") for text in self._texts for table in TABLES]

    def _check_source(self, rows: Sequence[Sequence[CellValue]], source: BookSource) -> None:
        """Complain of a workbook that was written from another scenario: it would undo changes."""
        labels = {text("book.about.hash") for text in self._texts}
        for n, row in enumerate(rows):
            if len(row) > 1 and row[0] in labels and row[1] != source.scenario.hash:
                place = f"{self._titles[ABOUT]}!{cell_name(n, 1)}"
                self._add("book_other", place, str(row[1]), source.scenario.hash)

    def _find_columns(self, table: BookTable, rows: list[list[CellValue]]) -> _SheetPlace | None:
        """The row of headings and the column of each; None for a sheet without rows to read."""
        headings = {
            text(f"book.head.{name}"): name for text in self._texts for name in table.columns
        }
        names = {plain_word(heading): name for heading, name in headings.items()}
        title = self._titles[table.name]
        keys = [*table.ids, table.key] if table.key else [*table.ids]
        for n, row in enumerate(rows[:ROWS_ABOVE]):
            columns = {
                names[plain_word(value)]: at
                for at, value in enumerate(row)
                if plain_word(value) in names
            }
            if set(keys) <= set(columns):
                place = _SheetPlace(title, rows, n, columns)
                for at, value in enumerate(row):
                    if value is not None and plain_word(value) not in names:
                        near = nearest(str(value), [*headings])
                        self._add("book_heading", place.words(n, at), str(value), "", near)
                return place
        missing = join_names([text(f"book.head.{key}") for text in self._texts for key in keys])
        self._add("book_columns", title, "–", missing)
        return None

    def _rows(self, table: BookTable, place: _SheetPlace) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Rows in which anything stands, and the keys that name them."""
        explained = {text(f"book.explain.{table.ids[0]}") for text in self._texts}
        for n in range(place.head + 1, len(place.rows)):
            if all(place.cell(n, column) is None for column in table.columns):
                continue
            first = place.cell(n, table.ids[0])
            if n == place.head + 1 and isinstance(first, str) and first in explained:
                continue
            ids = tuple(fold_signs(_written(place.cell(n, name))) for name in table.ids)
            if not all(ids):
                at = place.columns[table.ids[ids.index("")]]
                self._add("book_no_id", place.words(n, at), "–")
                continue
            if not table.key:
                yield n, ids
                continue
            key = fold_signs(_written(place.cell(n, table.key)))
            above = (*(step for pair in zip(table.lists, ids, strict=True) for step in pair),)
            yield n, (*ids, respell_step(key, (*above, table.mapping)) if key else "")

    # --- cells --- #

    def _read_table(self, table: BookTable, place: _SheetPlace, source: BookSource) -> None:
        held = {row.keys: row for row in held_rows(table, source.tree)}
        rows: dict[tuple[str, ...], int] = {}
        n_ids = len(table.lists)
        for n, keys in self._rows(table, place):
            key_column = table.key or table.ids[-1]
            where = place.words(n, place.columns[key_column])
            if keys in rows:
                first = (("first", cell_name(rows[keys], place.columns[key_column])),)
                self._add("book_twice", where, " · ".join(filter(None, keys)), "", first)
                continue
            rows[keys] = n
            self._rows_of.setdefault(path_words(table, keys[:n_ids]), where)
            row = held.get(keys)
            if row is None and not table.mapping:
                self._part(table, keys)  # a new one, whose fields may all be empty
            for m, field in enumerate(table.fields):
                path = field.path
                if table.mapping:
                    path = (table.mapping, keys[-1]) if keys[-1] else (table.mapping,)
                before = row.cells[m] if row is not None else HeldCell(path, None)
                self._read_cell(table, place, n, keys, field, before)
        self._check_rows(table, place, held, rows)

    def _check_rows(
        self,
        table: BookTable,
        place: _SheetPlace,
        held: Mapping[tuple[str, ...], object],
        rows: Mapping[tuple[str, ...], int],
    ) -> None:
        """Complain of rows that were taken out, and of one number beside others by hours."""
        with_key = {keys[: len(table.lists)] for keys in rows if table.mapping and keys[-1]}
        for keys in held:
            is_parted = table.mapping and not keys[-1] and keys[:-1] in with_key
            if keys not in rows and not is_parted:
                self._add("book_row_gone", place.sheet, " · ".join(filter(None, keys)))
        for keys, n in rows.items():
            if table.mapping and not keys[-1] and keys[:-1] in with_key:
                self._add("book_mixed", place.words(n, place.columns[table.key]), "–")

    def _read_cell(
        self,
        table: BookTable,
        place: _SheetPlace,
        row: int,
        keys: tuple[str, ...],
        field: BookField,
        before: HeldCell,
    ) -> None:
        value = place.cell(row, field.name)
        if field.name not in place.columns or _same(value, before.value):
            return
        where = place.words(row, place.columns[field.name])
        in_cell = "–" if value is None else _written(value)
        if before.is_fixed:
            self._add("book_fixed", where, in_cell, str(before.value or "–"))
            return
        if value is None and field.kind != "list":
            self._add("book_emptied", where, in_cell, str(before.value))
            return
        self._changed[path_words(table, keys, before.path)] = where
        part = self._part(table, keys)
        for step in before.path[:-1]:
            part = part.setdefault(step, {})
        part[before.path[-1]] = _value(value, field.kind)

    def _part(self, table: BookTable, keys: Sequence[str]) -> dict[str, Any]:
        """The part of the new file for a row, made where it is not there yet."""
        part = self._layer
        for name, id_ in zip(table.lists, keys, strict=False):
            entries = part.setdefault(name, [])
            entry_of_row = next((entry for entry in entries if entry["id"] == id_), None)
            if entry_of_row is None:
                entries.append(entry_of_row := {"id": id_})
            part = entry_of_row
        return part

    def _add(
        self,
        code: str,
        place: str,
        in_cell: str,
        allowed: str = "",
        values: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self._problems.append(
            Problem(code, place, self._file.name, found=in_cell, allowed=allowed, values=values)
        )

    # --- the scenario --- #

    def _laid_over(self, source: BookSource) -> ReadBook:
        """The new file, read as it will be.

        Raises
        ------
        OptionError
            With what is wrong, each in its cell.
        """
        text = formatted(json.dumps({"extends": self._base(), **self._layer}, ensure_ascii=False))
        problems: list[Problem] = []
        name = self._file.name
        try:
            tree = lay_over_base(parse_tree(text, name, problems), self._out, problems)
            scenario, warnings = validate_tree(tree, problems)
        except ScenarioError as error:
            raise OptionError([self._in_cell(problem) for problem in error.problems]) from None
        changed = tuple(changes(source.tree, tree))
        # what was written before is known already
        return ReadBook(text, scenario, changed, tuple(map(self._in_cell, warnings)))

    def _base(self) -> str:
        """The file below as the new one names it."""
        try:
            return Path(os.path.relpath(self._over, self._out.parent)).as_posix()
        except ValueError:  # on another drive
            return self._over.resolve().as_posix()

    def _in_cell(self, problem: Problem) -> Problem:
        """A problem of the scenario where somebody can mend it: a cell that was changed, a row."""
        places = [*_above(problem.path)]
        file = self._file.name
        for path in places:
            if path in self._changed:
                return replace(problem, path=self._changed[path], file=file, line=0, column=0)
        if problem.file != file:  # it stands in the file below
            return problem
        of_row = next((self._rows_of[path] for path in places if path in self._rows_of), "")
        return replace(problem, path=f"{of_row} {problem.path}".strip(), line=0, column=0)


def _above(path: str) -> Iterator[str]:
    """A path as problems say it, and those of all that it is in."""
    while path:
        yield path
        path = path[: max(path.rfind("."), path.rfind("["), 0)]


def _written(value: CellValue | time) -> str:
    """What stands in a cell as a scenario would write it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _same(value: CellValue, before: str | int | float | None) -> bool:
    """Whether a cell is as it was written."""
    if isinstance(value, int | float) and isinstance(before, int | float):
        return float(value) == float(before)
    plain = (
        read_cell(" ".join(visible(before).split()))
        if isinstance(before, str)
        else _written(before)
    )
    return _written(value) == plain


def _value(value: CellValue, kind: str) -> Any:
    """A changed cell as JSON holds it; the scenario reads units, full-width digits and signs."""
    if kind == "list":
        return [word for word in BETWEEN.split(_written(value)) if word]
    if kind == "words" or isinstance(value, date | time):
        return _written(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value
