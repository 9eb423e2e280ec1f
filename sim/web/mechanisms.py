"""Numbers of mechanisms under a few headings: seen, switched on and changed without a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

import pandas as pd
import streamlit as st

from sim.errors import Problem
from sim.scenario.mechanism_parts import (
    HALL_ROW,
    NEW_ENTRY,
    MechanismField,
    MechanismHall,
    MechanismPart,
    MechanismRows,
    MechanismValue,
    MechanismValues,
    rows_of,
)
from sim.scenario.mechanisms import MECHANISMS, is_used, mechanism_overrides
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.scenario_names import (
    group_name,
    layout_name,
    list_name,
    matter_name,
)
from sim.web.change import Change, made
from sim.web.fields import number_fault
from sim.web.session import MECHANISMS as KEYS
from sim.web.session import put
from sim.web.session import session as current
from sim.web.telling import plain, tell

COLUMNS: Final = 3
NAMES, NUMBERS = 150, 140
"""Pixels of columns: a name and a number beside each other on a narrow screen."""
NAME: Final = "name"
REVISION: Final = f"{KEYS}revision"
RowValues = dict[str, MechanismValues]
UNITS: Final = {"minutes": "min", "hours": "h", "percent": "share"}


class _Asked(NamedTuple):
    """What the fields of a heading say."""

    values: dict[int, RowValues]
    """Number of the part under its heading -> its rows."""
    wrong: list[Problem]


def mechanisms_part(layout: str, text: Text) -> bool:
    """The headings, and the change with what their fields say; whether all of it may be run.

    Parameters
    ----------
    layout
        Whose windows and lists are meant.
    """
    change = replace(current().change, unequal=True)
    now = made(change).scenario
    before = made(without_mechanisms(change)).scenario
    if now is None or before is None:
        return True
    st.subheader(text("page.mechanisms.title"), anchor=False)
    name = plain(layout_name(now, layout, text))
    st.caption(text("page.mechanisms.what", layout=name))
    hall_before = MechanismHall(before, before.layout(layout))
    hall_now = MechanismHall(now, now.layout(layout))
    is_right = True
    for heading, parts in MECHANISMS.items():
        used = any(is_used(part, hall_now) for part in parts)
        mark = text("page.mechanisms.used") if used else text("page.mechanisms.off")
        label = f"{text(f'mechanism_part.{heading}')} · {mark}"
        with st.expander(label, expanded=used, key=f"{KEYS}{heading}-{text.language}"):
            st.caption(text(f"mechanism_part_help.{heading}"))
            asked = _ask(heading, parts, hall_now, text)
            tell(asked.wrong, text)
            is_right &= not asked.wrong and _apply(parts, hall_before, asked.values, text)
    st.button(
        text("page.mechanisms.reset"),
        key=f"{KEYS}reset",
        on_click=_reset,
        disabled=without_mechanisms(current().change) == current().change,
    )
    return is_right


def without_mechanisms(change: Change) -> Change:
    """The change as if nothing had been set under these headings, in any layout."""
    scenario = made(replace(change, fields={}, unequal=True)).scenario
    if scenario is None or not change.fields:
        return change
    roots = {
        root
        for layout in scenario.layouts
        for parts in MECHANISMS.values()
        for part in parts
        for root in part.roots(MechanismHall(scenario, layout))
    }
    fields_elsewhere = {
        path: value for path, value in change.fields.items() if not _is_at(path, roots)
    }
    return replace(change, fields=fields_elsewhere)


def _is_at(path: str, roots: set[str]) -> bool:
    """Whether a path is one of the roots, or below one."""
    steps = path.split(".")
    return any(".".join(steps[:n]) in roots for n in range(1, len(steps) + 1))


def _apply(
    parts: Sequence[MechanismPart],
    before: MechanismHall,
    values: Mapping[int, RowValues],
    text: Text,
) -> bool:
    """Take what a heading says into the change, if a scenario comes of it; whether one does."""
    session = current()
    roots = {root for part in parts for root in part.roots(before)}
    fields = {
        path: value for path, value in session.change.fields.items() if not _is_at(path, roots)
    }
    for number, rows in values.items():
        fields |= mechanism_overrides(parts[number], before, rows)
    change = replace(session.change, fields=fields)
    scenario, problems = made(replace(change, unequal=True))
    if scenario is None:
        tell(problems, text)
        return False
    # who sets a number here has chosen it: it needs no source
    tell([p for p in problems if p.code != "no_source" and _is_about(p, roots)], text)
    if change != session.change:
        put(change=change)
    return True


def _is_about(problem: Problem, roots: set[str]) -> bool:
    return _is_at(problem.path.replace("[", ".").replace("]", ""), roots)


def _reset() -> None:
    put(change=without_mechanisms(current().change))
    st.session_state[REVISION] = st.session_state.get(REVISION, 0) + 1


# === fields === #


def _ask(heading: str, parts: Sequence[MechanismPart], hall: MechanismHall, text: Text) -> _Asked:
    asked = _Asked({}, [])
    single = [n for n, part in enumerate(parts) if part.rows == "hall"]
    fields = [(n, field) for n in single for field in parts[n].fields]
    # a row after the other, so that narrow screens show them in this order
    places = [place for _ in fields[::COLUMNS] for place in st.columns(COLUMNS)]
    values: dict[int, list[MechanismValue]] = {n: [] for n in single}
    for place, (n, field) in enumerate(fields):
        column = len(values[n])
        shown = parts[n].read(hall, HALL_ROW)[column]
        with places[place]:
            values[n].append(_field(field, shown, hall, text, asked.wrong))
    asked.values.update({n: {HALL_ROW: tuple(of_part)} for n, of_part in values.items()})
    for kind in dict.fromkeys(part.rows for part in parts if part.rows != "hall"):
        of_kind = [n for n, part in enumerate(parts) if part.rows == kind]
        asked.values.update(_table(heading, kind, parts, of_kind, hall, text, asked.wrong))
    if asked.wrong:
        asked.values.clear()
    return asked


def _key(name: str, hall: MechanismHall) -> str:
    return f"{KEYS}{name}-{hall.layout.id}-{st.session_state.get(REVISION, 0)}"


def _words(field: MechanismField, text: Text) -> str:
    """What a field is called, with its unit."""
    name = text(f"mechanism.{field.name}")
    unit = UNITS.get(field.kind)
    if unit is None:
        return name
    return text("page.mechanisms.with_unit", name=name, unit=text(f"unit.{unit}"))


def _field(
    field: MechanismField,
    shown: MechanismValue,
    hall: MechanismHall,
    text: Text,
    wrong: list[Problem],
) -> MechanismValue:
    key, words = _key(field.name, hall), _words(field, text)
    help_words = text(f"mechanism_help.{field.name}")
    if field.options:
        key = f"{key}-{text.language}"  # other words, another key, or a browser keeps the old ones
        st.session_state.setdefault(key, shown)
        return st.selectbox(
            words,
            field.options,
            format_func=lambda option: text(f"mechanism_choice.{field.name}.{option}"),
            key=key,
            help=help_words,
        )
    st.session_state.setdefault(key, shown)
    value = st.number_input(
        words,
        value=None,
        step=1.0,
        format="%g",
        key=key,
        help=help_words,
        placeholder=text("page.mechanisms.none"),
    )
    problem = _problem(field, words, value)
    if problem is not None:
        tell([problem], text)
        wrong.append(problem)
    return field.blank if value is None else float(value)


def _problem(field: MechanismField, words: str, value: float | None) -> Problem | None:
    """Why a number cannot be taken."""
    return number_fault(words, value, field.low, field.high, is_whole=field.kind == "whole")


# === tables === #


def _table(
    heading: str,
    kind: MechanismRows,
    parts: Sequence[MechanismPart],
    of_kind: Sequence[int],
    hall: MechanismHall,
    text: Text,
    wrong: list[Problem],
) -> dict[int, RowValues]:
    """A table of rows of one kind, a column a field; its base stays while it is edited."""
    state, rows = st.session_state, rows_of(hall, kind)
    if not rows:
        return {}
    names = dict(zip(rows, (_row_name(kind, row, hall, text) for row in rows), strict=True))
    fields = {field.name: field for n in of_kind for field in parts[n].fields}
    key = f"{_key(f'{heading}-{kind}', hall)}-{text.language}"
    if f"base-{key}" not in state or key not in state:
        state[f"base-{key}"] = {
            row: [value for n in of_kind for value in parts[n].read(hall, row)] for row in rows
        }
    frame = pd.DataFrame.from_dict(state[f"base-{key}"], orient="index", columns=[*fields])
    for name, field in fields.items():
        frame[name] = frame[name].astype(object if field.kind == "matter" else float)
    frame.insert(0, NAME, [names[row] for row in frame.index])
    edited = st.data_editor(
        frame,
        key=key,
        hide_index=True,
        num_rows="fixed",
        disabled=[NAME],
        width="stretch",
        placeholder=text("page.mechanisms.none"),
        column_config={
            NAME: st.column_config.TextColumn(
                text(f"page.mechanisms.row.{kind}"), width=NAMES, pinned=True
            ),
            **{name: _column(field, hall.scenario, text) for name, field in fields.items()},
        },
    )
    cells = {
        str(row): dict(zip(fields, of_row, strict=True))
        for row, of_row in zip(edited.index, edited[[*fields]].to_numpy().tolist(), strict=True)
    }
    faults = [
        problem
        for row, of_row in cells.items()
        for name, field in fields.items()
        if field.kind != "matter" and not pd.isna(of_row[name])
        if (problem := _problem(field, f"{names[row]} {_words(field, text)}", of_row[name]))
    ]
    wrong += faults
    return {
        n: {
            row: tuple(_cell(of_row[field.name], field) for field in parts[n].fields)
            for row, of_row in cells.items()
        }
        for n in of_kind
    }


def _cell(value: Any, field: MechanismField) -> MechanismValue:
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return field.blank
    return str(value) if field.kind == "matter" else float(value)


def _column(field: MechanismField, scenario: Scenario, text: Text) -> Any:
    help_words, words = text(f"mechanism_help.{field.name}"), _words(field, text)
    if field.kind == "matter":
        finished = [matter.id for matter in scenario.matters if not matter.items]
        return st.column_config.SelectboxColumn(
            words,
            help=help_words,
            options=finished,
            format_func=lambda matter: matter_name(scenario, str(matter), text),
            width=NAMES,
        )
    return st.column_config.NumberColumn(words, help=help_words, format="plain", width=NUMBERS)


def _row_name(kind: MechanismRows, row: str, hall: MechanismHall, text: Text) -> str:
    scenario, layout = hall
    match kind:
        case "list":
            return list_name(scenario, layout.id, row, text)
        case "group":
            return group_name(scenario, layout.id, row, text)
        case "class":
            names = {each.id: each.name for each in scenario.applicants.classes}
            return text.name(names[row])
        case "matter":
            return matter_name(scenario, row, text)
        case "outage" if row == NEW_ENTRY:
            return text("page.mechanisms.new_outage")
        case _:
            return row
