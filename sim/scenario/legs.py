"""Ways measured in a table: the rows of `legs_file` become legs, each with its line."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from sim.clock import MINUTE, format_span
from sim.errors import Problem, ScenarioError
from sim.scenario.node import Node
from sim.scenario.spelling import fold_signs, read_id, read_number
from sim.scenario.table_files import at_name
from sim.scenario.tree import read_text

COLUMNS: Final = ("township", "place", "minutes", "km")
"""Of a table, in any order."""
MAX_TABLE_BYTES: Final = 10_000_000
FIELD: Final = "places.travel.legs_file"
TOO_LARGE: Final = "error.too_large_file.remedy_legs"


def with_legs(tree: Node, folder: Path, problems: list[Problem]) -> Node:
    """The tree of a file with the rows of its `legs_file` before the `legs` that stand in it.

    Parameters
    ----------
    folder
        Where the path of the table begins.
    problems
        Collects what is wrong in single rows.

    Raises
    ------
    ScenarioError
        When the table cannot be read, or has other columns.
    """
    places = _below(tree.value, "places")
    travel = _below(places, "travel")
    name = travel.get("legs_file")
    if name is None or not isinstance(name.value, str) or not name.value:
        return tree  # none, or of a wrong kind, which is reported with all that is
    rows = tuple(_rows(folder / name.value, name, problems))
    own = travel.get("legs", replace(name, value=()))
    if isinstance(own.value, tuple):
        travel["legs"] = replace(own, value=(*rows, *own.value))
    del travel["legs_file"]
    assert isinstance(tree.value, Mapping)
    places["travel"] = replace(places["travel"], value=travel)
    whole = replace(tree.value["places"], value=places)
    return replace(tree, value={**tree.value, "places": whole})


def _below(children: object, key: str) -> dict[str, Node]:
    """What stands under a key, where both are mappings."""
    node = children.get(key) if isinstance(children, Mapping) else None
    return dict(node.value) if node is not None and isinstance(node.value, Mapping) else {}


def _rows(path: Path, name: Node, problems: list[Problem]) -> Iterator[Node]:
    try:
        text = read_text(path, problems, MAX_TABLE_BYTES)
    except ScenarioError as error:
        raise ScenarioError(
            [*problems, *(at_name(FIELD, name, problem, TOO_LARGE) for problem in error.problems)]
        ) from None
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header = [fold_signs(cell).lower() for cell in next(reader, [])]
        if sorted(header) != sorted(COLUMNS):
            wrong_header = _problem_at(
                "legs_columns", "", Node(None, str(path), 1), ", ".join(header)
            )
            raise ScenarioError([*problems, wrong_header])
        for cells in reader:
            if any(map(str.strip, cells)):
                row = dict(zip(header, map(str.strip, cells), strict=False))
                place = Node(None, str(path), reader.line_num)
                if len(cells) != len(header):
                    problems.append(_problem_at("legs_row", "", place, str(len(cells))))
                yield from _leg(row, place, problems)
    except csv.Error as error:
        place = Node(None, str(path), reader.line_num)
        raise ScenarioError([*problems, _problem_at("legs_row", "", place, str(error))]) from None


def _problem_at(code: str, path: str, place: Node, value: str = "") -> Problem:
    return Problem(code, path, place.file, place.line, found=value)


def _leg(row: dict[str, str], place: Node, problems: list[Problem]) -> Iterator[Node]:
    """The leg of a row, if it says between which ends.

    A wrong number is reported and counts as 0, so that the way is not reported missing too.
    """
    numbers = dict.fromkeys(("minutes", "km"), 0.0)
    for column in (name for name in COLUMNS if name in row):
        cell = row[column]
        if not cell:
            problems.append(_problem_at("legs_cell", column, place))
        elif column in numbers:
            read = read_number(cell)
            if read is None or not math.isfinite(read):
                problems.append(_problem_at("not_a_number", column, place, cell))
            else:
                numbers[column] = float(read)
    if row.get("township") and row.get("place"):
        leg: dict[str, str | float] = {
            "township": read_id(row["township"]) or row["township"],
            "place": read_id(row["place"]) or row["place"],
            "takes": format_span(round(numbers["minutes"] * MINUTE)),
            "km": numbers["km"],
        }
        yield replace(place, value={key: replace(place, value=cell) for key, cell in leg.items()})
