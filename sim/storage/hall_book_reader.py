"""A workbook of a hall read back: a scenario file that extends the one it was written from."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import OptionError, Problem, ScenarioError
from sim.scenario.changed import Changed, changes
from sim.scenario.fields import join_names, nearest
from sim.scenario.format import formatted
from sim.scenario.layers import lay_over_base
from sim.scenario.load import validate_tree
from sim.scenario.respell import respell_step
from sim.scenario.scenario import Scenario
from sim.scenario.spelling import fold_signs, read_number
from sim.scenario.tree import parse_tree
from sim.storage.hall_book import ABOUT, BookSource, HeldCell, held_rows, path_words, read_source
from sim.storage.hall_book_tables import TABLES, BookField, BookTable
from sim.storage.hall_sheet import (
    TEXTS,
    SheetTable,
    cell_words,
    find_table,
    headings_of,
    list_words,
    recognised,
    row_numbers,
)
from sim.storage.spreadsheet import CellValue, cell_name, read_book
from sim.storage.staff_words import plain_word
from sim.text.foreign import read_cell, visible


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
        `book_twice`, `book_row_gone`, `book_mixed`, `book_sheet_twice`, `book_heading_twice`,
        `answer_clock`, `answer_half_span`; and what is wrong with the scenario itself, in
        its cell.
    ScenarioError
        When the file below is no scenario.
    """
    return _BookReader(book, over, out).read()


class _BookReader:
    """A workbook while it is read; problems are collected."""

    def __init__(self, book: Path, over: Path, out: Path) -> None:
        self._file, self._over, self._out = book, over, out
        self._source = read_source(over)
        self._problems: list[Problem] = []
        self._warnings: list[Problem] = []
        self._layer: dict[str, Any] = {}
        self._changed: dict[str, str] = {}
        self._rows_of: dict[str, str] = {}

    def read(self) -> ReadBook:
        sheets = self._find_sheets()
        for table in TABLES:
            if place := sheets.get(table.name):
                self._check_headings(table, place)
                if not place.has_wrong_clock:
                    self._read_table(table, place, self._source)
        if self._problems:
            raise OptionError(self._problems)
        return self._laid_over(self._source)

    # --- where things stand --- #

    def _find_sheets(self) -> dict[str, SheetTable]:
        """Where each table stands, by its name in `TABLES`; what is none of ours is told.

        Raises
        ------
        OptionError
            When there is no workbook, or none of its sheets is ours.
        """
        tables, about = {table.name: table for table in TABLES}, plain_words_of(ABOUT)
        of_name = {word: name for name in tables for word in plain_words_of(name)}
        sheets, strangers = dict[str, SheetTable](), dict[str, list[list[CellValue]]]()
        for title, rows in read_book(self._file).items():
            if plain_word(title) in about:
                self._check_source(title, rows)
            elif name := of_name.get(plain_word(title)):
                if place := find_table(tables[name], title, rows):
                    sheets[name] = place
                elif any(value is not None for row in rows for value in row):
                    self._no_columns(tables[name], title)
            elif any(value is not None for row in rows for value in row):
                strangers[title] = rows
        for title, rows in strangers.items():
            self._take_stranger(title, rows, sheets)
        if not sheets and not self._problems:
            self._add("book_sheet", "", "–", join_names(self._sheet_titles()))
        return sheets

    def _take_stranger(
        self, title: str, rows: list[list[CellValue]], sheets: dict[str, SheetTable]
    ) -> None:
        """A sheet of another name: it is a table that is not there by its headings, or a remark."""
        if self._check_source(title, rows):
            return
        candidates = [
            (table, place) for table in TABLES if (place := find_table(table, title, rows))
        ]
        named = max(
            candidates, key=lambda pair: (recognised(*pair), len(pair[1].columns)), default=None
        )
        if named is None or not recognised(*named):
            titles = self._sheet_titles()
            near = nearest(title, titles)
            self._tell("book_sheet" if near else "book_sheet_left", title, title, near)
        elif (table := named[0].name) in sheets:
            first = (("first", sheets[table].sheet),)
            self._add("book_sheet_twice", title, title, "", first)
        else:
            sheets[table] = named[1]

    def _no_columns(self, table: BookTable, title: str) -> None:
        keys = [*table.ids, *table.keys]
        missing = join_names([text(f"book.head.{key}") for text in TEXTS for key in keys])
        self._add("book_columns", title, "–", missing)

    def _sheet_titles(self) -> list[str]:
        return [text(f"book.sheet.{table.name}") for text in TEXTS for table in TABLES]

    def _check_source(self, title: str, rows: Sequence[Sequence[CellValue]]) -> bool:
        """Complain of a workbook that was written from another scenario: it would undo changes.

        Returns whether the sheet says from which.
        """
        labels = {text("book.about.hash") for text in TEXTS}
        pairs = [(n, row[1]) for n, row in enumerate(rows) if len(row) > 1 and row[0] in labels]
        for n, words in pairs:
            if words != self._source.scenario.hash:
                place = f"{title}!{cell_name(n, 1)}"
                self._add("book_other", place, str(words), self._source.scenario.hash)
        return bool(pairs)

    def _check_headings(self, table: BookTable, place: SheetTable) -> None:
        """Tell of headings that are none of the sheet's, and of clocks that are none."""
        headings = [*headings_of(table)]
        for each in place.strange:
            where = place.words(each.row, each.column)
            near = nearest(each.value, headings) if each.code == "book_heading" else ()
            if each.code == "book_heading" and not near:
                self._tell("book_heading_left", where, each.value)
                continue
            allowed = "allowed.clock" if each.code == "answer_clock" else ""
            self._add(each.code, where, each.value, allowed, near)

    def _rows(self, table: BookTable, place: SheetTable) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Rows in which anything stands, and the keys that name them."""
        for n in row_numbers(table, place):
            ids = tuple(fold_signs(cell_words(place.cell(n, name))) for name in table.ids)
            if not all(ids):
                at = place.columns[table.ids[ids.index("")]]
                self._add("book_no_id", place.words(n, at), "–")
                continue
            steps = [step for pair in zip(table.lists, ids, strict=True) for step in pair]
            steps.append(table.mapping)
            for name in table.keys:
                key = fold_signs(cell_words(place.cell(n, name)))
                steps.append(respell_step(key, steps) if key else "")
            keys = steps[len(steps) - len(table.keys) :]
            if table.dates and not keys[0]:
                self._add("book_no_id", place.words(n, place.columns[table.dates]), "–")
                continue
            yield n, (*ids, *keys)

    # --- cells --- #

    def _read_table(self, table: BookTable, place: SheetTable, source: BookSource) -> None:
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
                    path = (table.mapping, *filter(None, keys[n_ids:]))
                before = row.cells[m] if row is not None else HeldCell(path, None)
                self._read_cell(table, place, n, keys, field, before)
        self._check_rows(table, place, held, rows)

    def _check_rows(
        self,
        table: BookTable,
        place: SheetTable,
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
        place: SheetTable,
        row: int,
        keys: tuple[str, ...],
        field: BookField,
        before: HeldCell,
    ) -> None:
        value = place.cell(row, field.name)
        if field.name not in place.columns or _same(value, before.value):
            return
        where = place.words(row, place.columns[field.name])
        in_cell = "–" if value is None else cell_words(value)
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

    def _tell(
        self, code: str, place: str, in_cell: str, values: tuple[tuple[str, str], ...] = ()
    ) -> None:
        """A problem where there may be a slip, else a warning that something was left."""
        if values:
            self._add(code, place, in_cell, "", values)
            return
        problem = Problem(code, place, self._file.name, found=in_cell, severity="warning")
        self._warnings.append(problem)

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
        of_scenario = map(self._in_cell, warnings)
        return ReadBook(text, scenario, changed, (*self._warnings, *of_scenario))

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


def plain_words_of(sheet: str) -> set[str]:
    """What a sheet may be called, as words are compared."""
    return {plain_word(text(f"book.sheet.{sheet}")) for text in TEXTS}


def _same(value: CellValue, before: str | int | float | None) -> bool:
    """Whether a cell is as it was written."""
    if isinstance(value, int | float) and isinstance(before, int | float):
        return float(value) == float(before)
    plain = (
        read_cell(" ".join(visible(before).split()))
        if isinstance(before, str)
        else cell_words(before)
    )
    return cell_words(value) == plain


def _value(value: CellValue, kind: str) -> Any:
    """A changed cell as JSON holds it; the scenario reads units, signs and thousands."""
    if kind == "list":
        return list_words(value)
    if kind == "words" or isinstance(value, date | time):
        return cell_words(value)
    if isinstance(value, str) and "," not in fold_signs(value):
        number = read_number(value)
        value = value if number is None else number
    return int(value) if isinstance(value, float) and value.is_integer() else value
