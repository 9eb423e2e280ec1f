"""Townships and places of a large area as tables: their rows become entries, each with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from sim.errors import Problem, ScenarioError
from sim.scenario.node import Node, Scalar, Steps
from sim.scenario.respell import respell
from sim.scenario.spelling import fold_signs, read_number
from sim.scenario.table_files import at_name
from sim.text import load_spelling

KINDS: Final = {
    word: kind for kind, words in load_spelling()["place_kinds"].items() for word in words
}
"""What officials call the level of a place -> its kind."""
SEPARATORS: Final = load_spelling()["staff_words"]["separators"]
"""Signs between the ids of a cell."""


class EntryTable(NamedTuple):
    """A field that names a table, and the list whose entries its rows are."""

    section: str
    field: str
    entries: str
    headings: Mapping[str, Sequence[str]]
    needed: tuple[str, ...]

    @property
    def path(self) -> str:
        """The field as people read it."""
        return f"{self.section}.{self.field}"


TABLES: Final = (
    EntryTable(
        "applicants",
        "townships_file",
        "townships",
        load_spelling()["townships_headings"],
        ("id", "county", "population"),
    ),
    EntryTable("places", "places_file", "open", load_spelling()["places_headings"], ("id", "kind")),
)
LISTS: Final = frozenset({"catchment", "accepts", "forwards"})
"""Columns of ids."""
NUMBERS: Final = frozenset({"population", "lon", "lat", "yuan_per_year", "setup_yuan"})
NAMES: Final = {"name_zh": "zh", "name_en": "en"}


def with_entries(tree: Node, folder: Path, problems: list[Problem]) -> Node:
    """The tree of a file with the rows of its tables of townships and places as entries.

    Rows come before the entries that stand in the file. An entry with the id of a row holds what
    the table has no column for, and where both say something it is the entry that holds.

    Parameters
    ----------
    folder
        Where the paths of tables begin.
    problems
        Collects what is wrong in single rows.

    Raises
    ------
    ScenarioError
        When a table cannot be read, or lacks a column.
    """
    for table in TABLES:
        section = tree.child(table.section) if isinstance(tree.value, Mapping) else None
        name = section.child(table.field) if section is not None else None
        if section is None or name is None or not isinstance(name.value, str) or not name.value:
            continue  # none, or of a wrong kind, which is reported with all that is
        written = section.child(table.entries) or replace(name, value=())
        if isinstance(written.value, tuple):
            rows = tuple(_rows(table, folder / name.value, name, problems))
            entries = replace(written, value=_merged(rows, written.value))
            section = section.with_child(table.entries, entries)
        tree = tree.with_child(table.section, section.without((table.field,)))
    return tree


def _merged(rows: Sequence[Node], written: Sequence[Node]) -> tuple[Node, ...]:
    """Rows, completed by the entries of their id, and then the entries that are no row."""
    by_id = {entry.id: entry for entry in written if entry.id}
    names = {row.id for row in rows}
    return (
        *(_completed(row, by_id.get(row.id)) for row in rows),
        *(entry for entry in written if entry.id not in names),
    )


def _completed(row: Node, entry: Node | None) -> Node:
    if entry is None:
        return row
    assert isinstance(row.value, Mapping)
    assert isinstance(entry.value, Mapping)
    return replace(row, value={**row.value, **entry.value})


def _rows(table: EntryTable, path: Path, name: Node, problems: list[Problem]) -> Iterator[Node]:
    from sim.scenario.tables import read_table  # Arrow: a third of a second

    try:
        read = read_table(path, table.headings, table.needed, problems)
    except ScenarioError as error:
        raise ScenarioError(
            [*problems, *(at_name(table.path, name, problem) for problem in error.problems)]
        ) from None
    columns = {column: cells.to_pylist() for column, cells in read.columns.items()}
    steps: Steps = (table.section, table.entries, 0)
    for n in range(read.n_rows):
        place = Node(None, read.file, int(read.places.lines[n]))
        cells = {column: _text(values[n]) for column, values in columns.items()}
        entry = {column: _value(column, cell, place) for column, cell in cells.items() if cell}
        yield respell(replace(place, value=_with_name(entry, place)), problems, steps)


def _text(cell: object) -> str:
    """A cell as a text; of a workbook whole numbers are no decimals, and nothing is blank."""
    if cell is None:
        return ""
    return str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip()


def _with_name(entry: dict[str, Node], place: Node) -> dict[str, Node]:
    """The columns of both languages as one name."""
    both = {language: entry.pop(column) for column, language in NAMES.items() if column in entry}
    if "name" in entry:
        both = {"zh": entry["name"], "en": entry["name"], **both}
    return {**entry, "name": replace(place, value=both)} if both else entry


def _value(column: str, cell: str, place: Node) -> Node:
    """What a cell says, as the text of a scenario would have it."""
    if column in LISTS:
        return replace(place, value=tuple(replace(place, value=part) for part in _parts(cell)))
    if column == "clerks" and ":" in cell:
        pairs = (part.rpartition(":") for part in fold_signs(cell).split(";"))
        roster = {key.strip(): replace(place, value=_number(most)) for key, _, most in pairs}
        return replace(place, value=roster)
    if column in NUMBERS or column == "clerks":
        return replace(place, value=_number(cell))
    if column == "kind":
        return replace(place, value=KINDS.get(cell, cell))
    return replace(place, value=cell)


def _number(cell: str) -> Scalar:
    """A number, whole where it is; what is none stays as it stands there, to be refused."""
    number = read_number(cell.strip())
    if number is None:
        return cell
    return int(number) if float(number).is_integer() else float(number)


def _parts(cell: str) -> list[str]:
    for sign in SEPARATORS:
        cell = cell.replace(sign, " ")
    return cell.split()
