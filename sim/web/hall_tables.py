"""Tables of the twelve questions as they are edited in place."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from sim.drafting.answers import AnswerRow, HallAnswers
from sim.drafting.cells import is_empty, shown
from sim.drafting.form import TABLES
from sim.drafting.templates import Cell
from sim.storage.answer_book import table_rows
from sim.text import Text

ID: Final = "id"
NARROW, MIDDLE, WIDE = 78, 130, 220
"""Pixels of a column."""
WIDTH_OF_NAME: Final = {
    **{"days": 110, "open_from": 84, "open_to": 84},
    **{"first_day": 110, "last_day": 110},
}
"""Of columns that stand beside each other on a telephone."""
FOLLOWS: Final = {
    "departments": (("matters", "lead"),),
    "matters": (("windows", "accepts"),),
    "windows": (("clerks", "of_group"),),
}
"""Which cells name the rows of a table: a row that is renamed is renamed there too."""


def edit_table(
    name: str, answers: HallAnswers, slots: Sequence[str], revision: int, text: Text
) -> HallAnswers:
    """The table of a question, and the answers with what was edited in it."""
    rows = [*table_rows(name, answers, slots)]
    columns = [*(column.name for column in TABLES[name]), *(slots if name == "clerks" else ())]
    if name == "clerks":
        rows = _with_windows(rows, answers)
    is_fixed = name in ("clerks", "visitors")
    if not is_fixed:
        columns.append(ID)
    key, head = table_key(name, answers, slots, revision, text), columns[0]
    state = st.session_state
    if f"base-{key}" not in state or key not in state:
        state[f"base-{key}"] = [[_cell(row.get(column)) for column in columns] for row in rows]
        state[f"names-{key}"] = {n: shown(row.get(head)) for n, row in enumerate(rows)}
    edited = st.data_editor(
        pd.DataFrame(state[f"base-{key}"], columns=columns, dtype=object),
        key=key,
        num_rows="fixed" if is_fixed else "dynamic",
        disabled=[head] if is_fixed else False,
        hide_index=True,
        width="stretch",
        height="content",
        column_config=_column_config(name, answers, slots, text),
    )
    written = [
        {column: _read(value) for column, value in zip(columns, cells, strict=True)}
        for cells in edited.to_numpy().tolist()
    ]
    if is_fixed:
        cells = _without_windows(written, answers) if name == "clerks" else written
        return answers.with_table(name, tuple(cells))
    names = {int(n): shown(row[head]) for n, row in zip(edited.index, written, strict=True)}
    renamed = _renames(state[f"names-{key}"], names)
    state[f"names-{key}"] |= names
    return _follow_names(answers.with_table(name, tuple(written)), name, renamed)


def _renames(before: Mapping[int, str], names: Mapping[int, str]) -> dict[str, str]:
    """Old names of rows and their new ones; a name that another row has still is no old one."""
    return {
        name: names[n]
        for n, name in before.items()
        if n in names and names[n] not in (name, shown(None)) and name not in names.values()
    }


def table_key(
    name: str, answers: HallAnswers, slots: Sequence[str], revision: int, text: Text
) -> str:
    """Key of the editor of a table: where its columns or choices are others, it is another one."""
    parts: list[object] = []
    if name in ("clerks", "visitors"):
        parts.append(tuple(slots))
    if name == "clerks":
        heads = ("group", "windows")
        parts.append([[row.get(head) for head in heads] for row in answers.tables["windows"]])
    parts.extend(_options(answers, column.of) for column in TABLES[name] if column.of)
    form = hashlib.sha256(repr(parts).encode()).hexdigest()[:12]
    return f"hall-{name}-{text.language}-{revision}-{form}"


def _options(answers: HallAnswers, table: str) -> list[str]:
    head = TABLES[table][0].name
    names = (shown(row[head]) for row in answers.tables[table] if not is_empty(row.get(head)))
    return [*dict.fromkeys(names)]


def _column_config(
    name: str, answers: HallAnswers, slots: Sequence[str], text: Text
) -> dict[str, Any]:
    config: dict[str, Any] = {ID: None}
    for n, column in enumerate(TABLES[name]):
        head, words = text(f"draft.head.{column.name}"), text(f"draft.help.{column.name}")
        options = _options(answers, column.of) if column.of else []
        if column.kind == "choices":
            config[column.name] = st.column_config.MultiselectColumn(
                head, help=words, options=options, width=2 * WIDE
            )
        elif column.kind == "choice" and name != "clerks":
            config[column.name] = st.column_config.SelectboxColumn(
                head, help=words, options=options, width=MIDDLE
            )
        else:
            usual = WIDE if column.kind == "words" else MIDDLE
            width = WIDTH_OF_NAME.get(column.name, usual)
            config[column.name] = st.column_config.TextColumn(
                head, help=words, width=width, pinned=n == 0
            )
    for slot in slots if name == "clerks" else ():
        config[slot] = st.column_config.TextColumn(slot, width=NARROW)
    return config


def _with_windows(rows: Sequence[AnswerRow], answers: HallAnswers) -> list[AnswerRow]:
    """Rows of clerks in which every window is staffed where nothing else is said."""
    built = _windows(answers)
    return [
        {
            key: built.get(shown(row["of_group"])) if is_empty(value) else value
            for key, value in row.items()
        }
        for row in rows
    ]


def _without_windows(
    rows: Sequence[Mapping[str, Cell]], answers: HallAnswers
) -> list[dict[str, Cell]]:
    """The same rows without what is not said: that every window is staffed."""
    built = _windows(answers)
    return [
        {
            key: None if value == built.get(shown(row["of_group"])) else value
            for key, value in row.items()
        }
        for row in rows
    ]


def _windows(answers: HallAnswers) -> dict[str, str]:
    rows = answers.tables["windows"]
    return {shown(row.get("group")): shown(row.get("windows")) for row in rows}


def _follow_names(answers: HallAnswers, table: str, renamed: Mapping[str, str]) -> HallAnswers:
    """Answers in which cells that name rows of a table follow their new names."""
    if not renamed:
        return answers
    for other, column in FOLLOWS.get(table, ()):
        rows = tuple(
            {**row, column: _follow(row.get(column), renamed)} for row in answers.tables[other]
        )
        answers = answers.with_table(other, rows)
    return answers


def _follow(cell: Cell, renamed: Mapping[str, str]) -> Cell:
    if isinstance(cell, tuple):
        return tuple(renamed.get(name, name) for name in cell)
    return renamed.get(cell, cell) if isinstance(cell, str) else cell


def _cell(value: Cell) -> object:
    """A cell as the editor takes it: text, or a list of names."""
    if isinstance(value, tuple):
        return [*value]
    return None if is_empty(value) else shown(value)


def _read(value: object) -> Cell:
    """A cell of the editor as an answer."""
    if isinstance(value, list | tuple):
        return tuple(map(str, value))
    return None if not isinstance(value, str) or not value.strip() else value.strip()
