"""The table of people who can be rostered: brought as a file, or written on the page."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from sim.errors import HallError
from sim.plan.staff import StaffMember
from sim.scenario.scenario import Scenario
from sim.storage.spreadsheet import CellValue, rows_of
from sim.storage.staff_table import HEADINGS, staff_heads, staff_of, staff_rows
from sim.text import Text
from sim.web.telling import plain, tell
from sim.web.uploader import words_of_uploader

TABLE: Final = "staff-table"
"""Name in the state: the table that was brought, heads first."""
UPLOADER: Final = "staff-upload"
FILE: Final = "staff-file"
MOST_MB: Final = 2
MOST_ROWS: Final = 60
"""Of the table, before it scrolls."""
ROWS_ABOVE: Final = 10
"""A title and remarks may stand above the heads of a file."""


def people_part(
    scenario: Scenario, layout: str, text: Text, *, before: tuple[StaffMember, ...] = ()
) -> tuple[StaffMember, ...] | None:
    """The people of the table; None while something in it is wrong, which is told.

    Parameters
    ----------
    before
        People of the roster that is shown, of whom a page that is loaded anew knows nothing else.
    """
    if TABLE not in st.session_state and before:
        st.session_state[TABLE] = staff_rows(before, scenario, layout, text.language)
    st.markdown(f"**{plain(text('page.roster.people'))}**")
    st.caption(text("page.roster.people_help"))
    words_of_uploader(UPLOADER, text("page.roster.limit"), text)
    with st.container(key=UPLOADER):
        file = st.file_uploader(
            text("page.roster.file"), type=["csv", "xlsx"], key=FILE, max_upload_size=MOST_MB
        )
    if file is not None and not _take(file, text):
        return None
    rows = _edit(text)
    if len(rows) == 1:
        st.caption(text("page.roster.nobody"))
        return ()
    try:
        table = staff_of(rows, scenario, layout)
    except HallError as error:
        tell(error.problems, text)
        return None
    tell(table.warnings, text)
    return table.staff


def _take(file: Any, text: Text) -> bool:
    """Take the table of a file, once; false where it cannot be read, which is told."""
    state = st.session_state
    if state.get(f"{TABLE}-of") == file.file_id:
        return True
    try:
        rows = rows_of(file.getvalue(), file.name)
    except HallError as error:
        tell(error.problems, text)
        return False
    state[TABLE] = table_of(rows, text)
    state[f"{TABLE}-of"] = file.file_id
    return True


def table_of(rows: list[list[CellValue]], text: Text) -> list[list[str]]:
    """Rows from the heads on, as wide as these; a column without a head is left out."""
    names = set(HEADINGS["name"])
    head = next(
        (n for n, row in enumerate(rows[:ROWS_ABOVE]) if names & {_words(cell) for cell in row}), 0
    )
    below = [row for row in rows[head:] if any(cell is not None for cell in row)]
    if not below:
        return [staff_heads(text.language)]
    heads = [_words(cell) for cell in below[0]]
    columns = [n for n, words in enumerate(heads) if words and words not in heads[:n]]
    return [[_words(row[n]) if n < len(row) else "" for n in columns] for row in below]


def _edit(text: Text) -> list[list[CellValue]]:
    """The table as it is edited, heads first; rows in which nothing stands are left out.

    Its base stays as it is while it is edited, else edits are lost or doubled; who comes back from
    another page finds what was written.
    """
    state = st.session_state
    key = f"{TABLE}-{state.get(f'{TABLE}-of', '')}-{text.language}"
    base = f"{key}-base"
    if base not in state or key not in state:
        state[base] = state.get(TABLE) or [staff_heads(text.language)]
    heads, *rows = state[base]
    edited = st.data_editor(
        pd.DataFrame(rows, columns=heads, dtype=str),
        key=key,
        num_rows="dynamic",
        hide_index=True,
        width="stretch",
        height="content" if len(rows) <= MOST_ROWS else "auto",
        column_config={head: st.column_config.TextColumn(head) for head in heads},
    )
    cells = [[_words(cell) for cell in row] for row in edited.to_numpy().tolist()]
    state[TABLE] = [[*heads], *(row for row in cells if any(row))]
    return [[cell or None for cell in row] for row in state[TABLE]]


def _words(cell: object) -> str:
    """What stands in a cell, as text."""
    if cell is None or (isinstance(cell, float) and pd.isna(cell)):
        return ""
    return str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip()
