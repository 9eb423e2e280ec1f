"""A hall as a workbook (xlsx): which sheet holds which rows of a scenario, and writing them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from sim.errors import Problem
from sim.scenario.layers import read_extended
from sim.scenario.load import validate_tree
from sim.scenario.node import Node, Steps, write_value
from sim.scenario.scenario import Scenario
from sim.storage.hall_book_tables import RANGE, TABLES, BookField, BookTable
from sim.storage.workbook import BookSheet, CellLook, Choices, SheetCell, workbook_bytes
from sim.text import Text
from sim.version import VERSION

HEAD: Final = CellLook("1F3864", "FFFFFF", is_bold=True, has_frame=True)
EXPLAINED: Final = CellLook("F2F2F2", "595959", size=9, has_frame=True, wraps=True)
CELL: Final = CellLook(has_frame=True)
FIXED: Final = CellLook("E7E6E6", "7F7F7F", has_frame=True)
NARROWEST, WIDEST = 14.0, 40.0
"""Width of a column, in characters: an explanation stands in it."""
SPARE_ROWS: Final = 200
"""Rows below the last one that offer the words of a list too."""
ABOUT: Final = "about"
"""The sheet that says what the workbook is; no part of a scenario stands in it."""
BETWEEN: Final = "; "
"""Between the entries of a list in one cell."""


class HeldCell(NamedTuple):
    """What a scenario has for a cell.

    Attributes
    ----------
    path : tuple of str
        Keys from the part of its row to where the value stands, or would stand.
    value : str, int, float or None
        As the cell shows it; None = the scenario leaves it to its default.
    is_fixed : bool
        It is written in a form that no cell holds: it is shown, and changed in the file only.
    """

    path: tuple[str, ...]
    value: str | int | float | None
    is_fixed: bool = False


class HeldRow(NamedTuple):
    """A row of a sheet as a scenario has it.

    Attributes
    ----------
    keys : tuple of str
        What names it: ids, and the key of a mapping (empty: one value for all).
    cells : tuple of HeldCell
        In the order of the fields.
    """

    keys: tuple[str, ...]
    cells: tuple[HeldCell, ...]


class BookSource(NamedTuple):
    """A scenario as its file writes it, with all that it extends."""

    tree: Node
    scenario: Scenario


def read_source(path: Path) -> BookSource:
    """The scenario over which a workbook lies.

    Raises
    ------
    ScenarioError
        As `sim.scenario.load.load_scenario`.
    """
    problems: list[Problem] = []
    tree = read_extended(path, problems)
    return BookSource(tree, validate_tree(tree, problems)[0])


def held_rows(table: BookTable, tree: Node) -> Iterator[HeldRow]:
    """The rows of a sheet, in the order of the scenario.

    Examples
    --------
    >>> from sim import example_path
    >>> tree = read_source(example_path("exact/mmc.yaml")).tree
    >>> [row] = held_rows(TABLES[1], tree)
    >>> row.keys, row.cells[0].value
    (('hall', 'windows', ''), 5)
    """
    for ids, part in _parts(table.lists, tree, ()):
        if not table.mapping:
            yield HeldRow(ids, tuple(_held(field, part) for field in table.fields))
            continue
        mapping = part.child(table.mapping)
        if mapping is None:
            continue
        kind = table.fields[0].kind
        if not isinstance(mapping.value, Mapping):
            yield HeldRow((*ids, ""), (_shown((table.mapping,), mapping, kind),))
            continue
        for keys, node in _entries(mapping, table):
            cell = _held(table.fields[0], node)
            path = (table.mapping, *keys, *cell.path)
            yield HeldRow((*ids, *keys), (cell._replace(path=path),))


def _entries(mapping: Node, table: BookTable) -> Iterator[tuple[tuple[str, ...], Node]]:
    """What a mapping holds, by its keys: those of each range of dates, where it holds such."""
    below = mapping.value if isinstance(mapping.value, Mapping) else {}
    for key, node in below.items():
        if not table.dates:
            yield (key,), node
        elif isinstance(node.value, Mapping):
            yield from (((key, inner), entry) for inner, entry in node.value.items())


def _parts(
    lists: Sequence[str], node: Node, ids: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Node]]:
    if not lists:
        yield ids, node
        return
    below = node.child(lists[0])
    for entry in below.value if below is not None and isinstance(below.value, tuple) else ():
        yield from _parts(lists[1:], entry, (*ids, entry.id))


def _held(field: BookField, part: Node) -> HeldCell:
    node = part
    for n, step in enumerate(field.path):
        if not isinstance(node.value, Mapping):
            # a short form: `name: Hall`, `base: 5 min`
            is_last = n == len(field.path) - 1
            if is_last and field.may_be_short:
                return _shown(field.path[:n], node, field.kind)
            return HeldCell(field.path, None, is_fixed=True)
        below = node.child(step)
        if below is None:
            return HeldCell(field.path, None)
        node = below
    return _shown(field.path, node, field.kind)


def _shown(path: tuple[str, ...], node: Node, kind: str) -> HeldCell:
    value = node.plain()
    if kind == "list" and isinstance(value, tuple):
        if all(isinstance(entry, str) for entry in value):
            return HeldCell(path, BETWEEN.join(value) or None)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        return HeldCell(path, value)
    return HeldCell(path, write_value(value), is_fixed=True)


# --- writing --- #


def hall_workbook(path: Path, text: Text) -> bytes:
    """The workbook of a scenario file as the bytes of a file, its headings in a language.

    Raises
    ------
    ScenarioError
        As `sim.scenario.load.load_scenario`.

    Examples
    --------
    >>> from sim import example_path
    >>> from sim.text import load_text
    >>> hall_workbook(example_path("exact/mmc.yaml"), load_text("zh"))[:2]
    b'PK'
    """
    source = read_source(path)
    sheets = [_sheet(table, source.tree, text) for table in TABLES]
    return workbook_bytes([_about(source, path, text), *sheets], text("book.title"))


def _sheet(table: BookTable, tree: Node, text: Text) -> BookSheet:
    rows = [
        tuple(SheetCell(text(f"book.head.{name}"), HEAD) for name in table.shown),
        tuple(SheetCell(text(f"book.explain.{name}"), EXPLAINED) for name in table.shown),
    ]
    first = len(rows)
    for row in held_rows(table, tree):
        keys = [SheetCell(key or None, CELL) for key in row.keys]
        cells = [SheetCell(cell.value, FIXED if cell.is_fixed else CELL) for cell in row.cells]
        rows += _apart(table, [*keys, *cells])
    before = len(table.shown) - len(table.fields)
    choices = [
        Choices((first, len(rows) + SPARE_ROWS), (before + n, before + n), words)
        for n, field in enumerate(table.fields)
        if (words := _choices(field, tree))
    ]
    widths = tuple(
        min(
            max(NARROWEST, *(len(str(row[n].value or "")) * 1.2 for row in rows[first:]), 0), WIDEST
        )
        for n in range(len(table.shown))
    )
    return BookSheet(
        *(text(f"book.sheet.{table.name}"), tuple(rows), (0, 1)),
        *(len(table.ids), widths),
        tuple(choices),
    )


def _apart(table: BookTable, cells: Sequence[SheetCell]) -> Iterator[tuple[SheetCell, ...]]:
    """A row, or one for each of its intervals; an interval is two clocks, a range two dates."""
    parts = {name: [cell] for name, cell in zip(table.columns, cells, strict=True)}
    if table.dates:
        [dates] = parts[table.dates]
        ends = str(dates.value).split(RANGE)
        parts[table.dates] = [SheetCell(end, dates.look) for end in ends]
    if not table.has_clocks:
        yield tuple(cells)
        return
    [cell] = parts[table.interval]
    for interval in str(cell.value or "").split(BETWEEN):
        days, _, hours = interval.rpartition(" ")
        begin, _, end = hours.partition("-")
        words = (*([days] if table.days else []), begin, end)
        parts[table.interval] = [SheetCell(word or None, cell.look) for word in words]
        yield tuple(part for name in table.columns for part in parts[name])


def _choices(field: BookField, tree: Node) -> tuple[str, ...]:
    words = list[str]()
    for choice in field.choices:
        section = tree.child(choice[1:]) if choice.startswith("*") else None
        words.extend(section.names if section is not None else (choice,))
    return tuple(word for word in words if not word.startswith("*"))


def _about(source: BookSource, path: Path, text: Text) -> BookSheet:
    """What the workbook is, of which scenario, and what of it stays in the file."""
    in_sheets = {table.lists[0] for table in TABLES}
    elsewhere = [name for name in source.tree.names if name not in in_sheets]
    pairs = [
        (text("book.about.scenario"), f"{text.name(source.scenario.name)} ({path.name})"),
        (text("book.about.hash"), source.scenario.hash),
        (text("book.about.version"), VERSION),
        (text("book.about.back"), text("book.about.back_words")),
        (text("book.about.rows"), text("book.about.rows_words")),
        (text("book.about.grey"), text("book.about.grey_words")),
        (text("book.about.elsewhere"), text("format.list").join(elsewhere)),
    ]
    words = CELL._replace(wraps=True)
    rows = tuple((SheetCell(name, HEAD), SheetCell(value, words)) for name, value in pairs)
    return BookSheet(text(f"book.sheet.{ABOUT}"), rows, widths=(24.0, 90.0))


def path_words(table: BookTable, keys: Sequence[str], path: Steps = ()) -> str:
    """Where a part, or a field of it, stands in a scenario, as problems say it.

    Examples
    --------
    >>> path_words(TABLES[0], ("zone", "cards"), ("count",))
    'layouts[zone].windows[cards].count'
    """
    ids = (f"{name}[{id_}]" for name, id_ in zip(table.lists, keys, strict=False))
    return ".".join((*ids, *map(str, path)))
