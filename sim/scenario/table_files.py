"""Fields that name a table beside the scenario: what is read stands in the place of the name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeAlias

from sim.errors import Problem, ScenarioError
from sim.scenario.node import Node
from sim.scenario.packed_rows import PackedRows

ReadRows: TypeAlias = "Callable[[Path, list[Problem], str], PackedRows]"
"""Reads a table: its path, where problems go, and what the scenario calls it."""

TOO_LARGE: Final = "error.too_large_file.remedy_table"


def with_table_rows(
    tree: Node, section: str, field: str, read: ReadRows, folder: Path, problems: list[Problem]
) -> Node:
    """The tree of a file with the rows of a table in the place of its name, entry by entry.

    Parameters
    ----------
    section, field
        The list whose entries may name a table, and the field that does.
    folder
        Where the paths of tables begin.
    problems
        Collects what is wrong in rows; each kind is told once, with its first ten rows.

    Raises
    ------
    ScenarioError
        When a table cannot be read, or lacks a column.
    """
    entries = tree.value.get(section) if isinstance(tree.value, Mapping) else None
    if entries is None or not isinstance(entries.value, tuple):
        return tree
    changed = []
    for entry in entries.value:
        name = entry.child(field) if isinstance(entry.value, Mapping) else None
        if name is None or not isinstance(name.value, str) or not name.value:
            changed.append(entry)  # none, or of a wrong kind, which is reported with all that is
            continue
        path = f"{section}[{entry.id or '?'}].{field}"
        try:
            rows = read(folder / name.value, problems, name.value)
        except ScenarioError as error:
            at_its_name = (at_name(path, name, problem) for problem in error.problems)
            raise ScenarioError([*problems, *at_its_name]) from None
        changed.append(entry.with_child(field, replace(name, value=rows)))
    if tuple(changed) == entries.value:
        return tree
    return tree.with_child(section, replace(entries, value=tuple(changed)))


def at_name(path: str, name: Node, problem: Problem, too_large: str = TOO_LARGE) -> Problem:
    """A table that cannot be opened: it is the line that names it which must be mended.

    Parameters
    ----------
    too_large
        What to do about a table of too many bytes, as a key of the catalogue.
    """
    if problem.line:
        return problem
    return replace(
        problem,
        path=path,
        file=name.file,
        line=name.line,
        column=name.column,
        found=problem.found or str(name.value),
        remedy=too_large if problem.code == "too_large_file" else "",
    )
