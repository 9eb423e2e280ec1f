"""Which column of a log is which: as it is guessed, and as a reader says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import streamlit as st

from sim.learning.case_rows import is_case_log
from sim.learning.column_guess import with_guessed_instants
from sim.learning.columns import CASES, SNAPSHOTS, TICKETS, LogRole, guess_mapping, is_heading
from sim.learning.event_log import is_event_log
from sim.learning.log_file import read_log_file
from sim.learning.log_files import read_log_files
from sim.learning.log_rows import filled_cells
from sim.learning.snapshot_rows import is_snapshot_log
from sim.scenario.table_values import names_of
from sim.text import Text
from sim.text.foreign import visible
from sim.web.fields import choose

WIDE: Final = 3
NO_COLUMN: Final = ""

ByHand = tuple[tuple[LogRole, str], ...]
"""Column and its heading, where it is not the one that is guessed; empty = there is none."""


class GuessedColumns(NamedTuple):
    """What a log's columns are taken for before anybody is asked."""

    roles: tuple[LogRole, ...]
    """What a log of this kind may hold; none where there is nothing to ask."""
    headings: tuple[str, ...]
    """Those that may be read."""
    guessed: ByHand
    by_content: tuple[LogRole, ...]
    """Those told by their cells: as soon as any column is named by hand, they are named too."""
    is_of_cases: bool = False
    """Further tables may be joined to it."""


@st.cache_resource(show_spinner=False, max_entries=8, scope="session")
def guessed_columns(key: str, name: str, _content: bytes) -> GuessedColumns:
    """The columns of a log and what they are taken for.

    Parameters
    ----------
    key
        What follows from the content alone.

    Raises
    ------
    ScenarioError
        When the file cannot be read.
    """
    cells = read_log_file(Path(name), [], is_heading, _content)
    if is_event_log(cells.names):
        return GuessedColumns((), (), (), ())
    if is_snapshot_log(cells.names, {}):
        kind = SNAPSHOTS
    else:
        kind = CASES if is_case_log(cells.names, {}) else TICKETS
    mapping = guess_mapping(cells.names, kind=kind)
    if kind is TICKETS:
        mapping = with_guessed_instants(mapping, cells, [])
    readable = dict.fromkeys([*mapping.headings.values(), *mapping.left_aside])
    in_order = (heading for heading in cells.names if heading and heading in readable)
    return GuessedColumns(
        kind.roles,
        tuple(dict.fromkeys(in_order)),
        tuple(mapping.headings.items()),
        tuple(role for role, how in mapping.how.items() if how == "content"),
        kind is CASES,
    )


@st.cache_resource(show_spinner=False, max_entries=8, scope="session")
def halls_of(key: str, heading: str, _files: Sequence[tuple[str, bytes]]) -> tuple[str, ...]:
    """The halls that a log names.

    Parameters
    ----------
    key
        What follows from the content alone.
    heading
        Of the column that names them.

    Raises
    ------
    ScenarioError
        When the files cannot be put together.
    """
    names, contents = zip(*_files, strict=True)
    cells, _ = read_log_files(names, [], is_heading, contents)
    return names_of(filled_cells(cells.columns[cells.names.index(heading)])).names


def ask_columns(key: str, columns: GuessedColumns, by_hand: ByHand, text: Text) -> ByHand:
    """A field for each column that a log may have; what is not as it was guessed.

    Parameters
    ----------
    key
        Of the widgets.
    """
    guessed, places = dict(columns.guessed), st.columns(WIDE)
    now = {**guessed, **dict(by_hand)}
    chosen: dict[LogRole, str] = {}
    for n, role in enumerate(columns.roles):
        heading = choose(
            places[n % WIDE],
            f"{key}-{role}",
            text(f"learn.role.{role}"),
            [NO_COLUMN, *columns.headings],
            lambda heading: visible(heading) or text("page.my_log.no_column"),
            text,
            first=now.get(role, NO_COLUMN),
        )
        chosen[role] = heading
    changed = {
        role: heading for role, heading in chosen.items() if heading != guessed.get(role, NO_COLUMN)
    }
    if not changed:
        return ()
    # read is what the fields show: also a heading in two fields, and what cells have told
    as_shown = {
        role: heading
        for role, heading in chosen.items()
        if heading and (heading in changed.values() or role in columns.by_content)
    }
    return tuple({**changed, **as_shown}.items())
