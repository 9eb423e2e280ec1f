"""Every table that a scenario names: taken from a folder, or from files that came with its text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from sim.errors import Problem, ScenarioError
from sim.scenario.arrivals_file import with_arrivals
from sim.scenario.clerks_file import with_clerks_files
from sim.scenario.legs import with_legs
from sim.scenario.node import Node
from sim.scenario.place_tables import with_entries

OF_ENTRIES: Final = (("demand", "arrivals_file"), ("layouts", "clerks_file"))
"""Lists whose entries may name a table, and the field that does."""
OF_SECTIONS: Final = (
    ("applicants", "townships_file"),
    ("places", "places_file"),
    ("places", "travel", "legs_file"),
)
"""Fields of sections that name a table."""


def with_tables(tree: Node, folder: Path, problems: list[Problem]) -> Node:
    """The tree of a file with what its tables hold in the place of their names.

    Parameters
    ----------
    folder
        Where the paths of tables begin.
    problems
        Collects what is wrong in rows.

    Raises
    ------
    ScenarioError
        When a table cannot be read, or lacks a column.
    """
    tree = with_entries(with_legs(tree, folder, problems), folder, problems)
    return with_clerks_files(with_arrivals(tree, folder, problems), folder, problems)


def with_tables_among(
    tree: Node, names: Collection[str], folder: Path, problems: list[Problem]
) -> Node:
    """As `with_tables`, of a text that came with some files: their names are all that is known.

    A table is found by the last part of its name, so no path leads out of the folder.

    Raises
    ------
    ScenarioError
        `table_not_brought` for each table that is not among the files; else as `with_tables`.
    """
    missing: list[Problem] = []

    def among(path: str, name: Node) -> Node:
        last = file_name(str(name.value))
        if last not in names:
            place = (path, name.file, name.line, name.column)
            listed = ", ".join(sorted(names))
            missing.append(Problem("table_not_brought", *place, str(name.value), listed))
        return replace(name, value=last)

    renamed = _renamed(tree, among)
    if missing:
        raise ScenarioError([*problems, *missing])
    return with_tables(renamed, folder, problems)


def tables_named(tree: Node) -> frozenset[str]:
    """The last parts of the names of all tables."""
    named: set[str] = set()

    def note(_: str, name: Node) -> Node:
        named.add(file_name(str(name.value)))
        return name

    _renamed(tree, note)
    return frozenset(named)


def file_name(path: str) -> str:
    r"""The last part of a path of any system.

    Examples
    --------
    >>> file_name("../data\\log.csv"), file_name("log.csv")
    ('log.csv', 'log.csv')
    """
    return path.replace("\\", "/").rpartition("/")[2]


def _renamed(tree: Node, rename: Callable[[str, Node], Node]) -> Node:
    """The tree with other names of tables."""
    for steps in OF_SECTIONS:
        tree = _field_renamed(tree, steps, ".".join(steps), rename)
    for section, field in OF_ENTRIES:
        entries = tree.value.get(section) if isinstance(tree.value, Mapping) else None
        if entries is None or not isinstance(entries.value, tuple):
            continue
        changed = tuple(
            _field_renamed(entry, (field,), f"{section}[{entry.id or '?'}].{field}", rename)
            for entry in entries.value
        )
        tree = tree.with_child(section, replace(entries, value=changed))
    return tree


def _field_renamed(
    node: Node, steps: tuple[str, ...], path: str, rename: Callable[[str, Node], Node]
) -> Node:
    child = node.child(steps[0]) if isinstance(node.value, Mapping) else None
    if child is None:
        return node
    if len(steps) > 1:
        return node.with_child(steps[0], _field_renamed(child, steps[1:], path, rename))
    if not isinstance(child.value, str) or not child.value:
        return node  # of a wrong kind, which is reported with all that is
    return node.with_child(steps[0], rename(path, child))
