"""How many clerks a promise needs, in tables: by layout and half hour, and where it is broken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from sim.analysis.kept import KeptCounts, KeptVerdict, count_verdicts, kept_verdict
from sim.questions.size import CheckedCell, Need, SizedLayout, Sizing
from sim.scenario.promises import Promise
from sim.text import Text
from sim.views.blocks import (
    TableBlock,
)
from sim.views.promise_words import (
    cell_words,
    clock_words,
    interval_words,
    kind_name,
    level_words,
    value_words,
)
from sim.views.scenario_names import (
    department_name,
    group_name,
    layout_name,
)

MOST_ROWS: Final = 80
"""Rows of a table; programs read all of them as CSV."""
BROKEN: Final = ("broken", "seems_broken")


def count_cells(sizing: Sizing, cells: Iterable[CheckedCell], roster: str) -> KeptCounts:
    """Cells by what can be said of them with today's roster, or the sized one."""
    return count_verdicts(verdict_of(sizing, checked, roster) for checked in cells)


def verdict_of(sizing: Sizing, checked: CheckedCell, roster: str) -> KeptVerdict:
    """What can be said of one cell with a roster, `today` or `sized`."""
    better = sizing.scenario.targets.promises[checked.cell.promise].kind.better
    return kept_verdict(getattr(checked, roster), checked.level, better)


def hours_words(hours: float, text: Text) -> str:
    """Clerk hours, with a decimal where there are halves."""
    return text.number(hours, int(not round(float(hours), 1).is_integer()))


def layouts_table(sizing: Sizing, text: Text) -> TableBlock:
    """What each layout needs for the same promises, beside what it has."""
    rows = [
        (
            layout_name(sizing.scenario, row.layout, text),
            hours_words(row.clerk_hours, text),
            hours_words(row.today_hours, text),
            hours_words(row.lower_bound_hours, text),
            text.number(row.cost, 0),
            text.number(row.today_cost, 0),
        )
        for row in sizing.layouts
    ]
    heads = ("layout", "hours_needed", "hours_today", "bound", "cost", "cost_today")
    return _table("size.layouts", heads, rows, 1, "", text)


def broken_table(sizing: Sizing, row: SizedLayout, text: Text) -> TableBlock:
    """Cells that today's roster breaks, beside what the sized one makes of them."""
    several = len(sizing.scenario.targets.promises) > 1
    rows = []
    for checked in row.cells:
        promise = sizing.scenario.targets.promises[checked.cell.promise]
        if verdict_of(sizing, checked, "today") not in BROKEN:
            continue
        rows.append(
            (
                cell_words(sizing.scenario, row.layout, checked.cell, text),
                *((text("size.promise.number", n=checked.cell.promise + 1),) if several else ()),
                level_words(promise, text),
                interval_words(promise.measure, checked.today, text),
                interval_words(promise.measure, checked.sized, text),
                _people(promise, checked, text),
            )
        )
    heads = ("cell", *(("promise",) if several else ()), "level", "now", "sized", "people")
    note = text("size.broken_note", level=text.share(sizing.level, 0))
    return _table("size.broken", heads, rows, 1 + several, note, text)


def _people(promise: Promise, checked: CheckedCell, text: Text) -> str:
    """How many people or cases it is counted over; of time on duty, nothing."""
    if promise.kind.over not in ("tickets", "visits", "cases"):
        return text("format.missing")
    return text.number(checked.people, 0)


def needs_table(sizing: Sizing, row: SizedLayout, text: Text) -> TableBlock:
    """Clerks of each group in the hours of a kind of day, and which promise asks for them."""
    rows = [
        (
            group_name(sizing.scenario, row.layout, needs[0].group, text),
            kind_name(needs[0].days, text),
            clock_words(needs[0].starts, needs[-1].ends),
            _binding(row, needs[0].binding, needs[0].clerks, text),
            str(needs[0].clerks),
            str(needs[0].today),
            _range([100 * need.utilisation for need in needs], text),
            _one_fewer(sizing, row, needs, text),
        )
        for needs in _alike(row)
    ]
    heads = ("group", "days", "hours", "binding", "need", "today", "busy", "one_fewer")
    note = text("size.needs_note", missing=text("format.missing"))
    name = layout_name(sizing.scenario, row.layout, text)
    return _table("size.needs", heads, rows, 4, note, text, layout=name)


def departments_table(sizing: Sizing, row: SizedLayout, text: Text) -> TableBlock:
    """Reviewers of each department; none where no promise asks for them."""
    if not any(need.binding >= 0 or need.reviewers != need.today for need in row.departments):
        return TableBlock(text("size.departments"), (), ())
    rows = [
        (
            department_name(sizing.scenario, need.department, text),
            _binding(row, need.binding, need.reviewers, text),
            str(need.reviewers),
            str(need.today),
            text.number(100 * need.utilisation, 0),
            _value_at(sizing, row, need.binding, need.one_fewer, text),
        )
        for need in row.departments
    ]
    heads = ("department", "binding", "need", "today", "busy", "one_fewer")
    return _table("size.departments", heads, rows, 2, "", text)


def _table(
    title: str,
    heads: Sequence[str],
    rows: Sequence[tuple[str, ...]],
    names: int,
    note: str,
    text: Text,
    **words: str,
) -> TableBlock:
    """A table, of which so many rows are shown as can be read."""
    more = len(rows) - MOST_ROWS
    return TableBlock(
        text(title, **words),
        tuple(text(f"size.head.{head}") for head in heads),
        tuple(rows[:MOST_ROWS]),
        text("size.more_rows", note=note, n=more).strip() if more > 0 else note,
        names,
    )


def _alike(row: SizedLayout) -> list[list[Need]]:
    """Half hours that follow each other with the same clerks and for the same promise."""
    runs: list[list[Need]] = []
    for need in row.needs:
        if not need.clerks and not need.today:
            continue
        before = runs[-1][-1] if runs else None
        if before is not None and _reads_alike(row, before, need):
            runs[-1].append(need)
        else:
            runs.append([need])
    return runs


def _reads_alike(row: SizedLayout, before: Need, need: Need) -> bool:
    same = ("group", "days", "clerks", "today")
    return (
        before.ends == need.starts
        and all(getattr(before, name) == getattr(need, name) for name in same)
        and _promise_at(row, before.binding) == _promise_at(row, need.binding)
    )


def _promise_at(row: SizedLayout, cell: int) -> int:
    return row.cells[cell].cell.promise if cell >= 0 else -1


def _binding(row: SizedLayout, cell: int, staff: int, text: Text) -> str:
    """The promise that one fewer would break, by its number."""
    if cell < 0 or not staff:
        return text("format.missing")
    return text("size.promise.number", n=row.cells[cell].cell.promise + 1)


def _one_fewer(sizing: Sizing, row: SizedLayout, needs: Sequence[Need], text: Text) -> str:
    """What the promise comes to with one clerk fewer, from the worst to the best half hour."""
    values = [need.one_fewer for need in needs if need.binding >= 0]
    if not values:
        return text("format.missing")
    cell = needs[0].binding
    ends = [_value_at(sizing, row, cell, end, text) for end in (min(values), max(values))]
    return text("format.range", low=ends[0], high=ends[1]) if ends[0] != ends[1] else ends[0]


def _value_at(sizing: Sizing, row: SizedLayout, cell: int, value: float, text: Text) -> str:
    if cell < 0:
        return text("format.missing")
    promise = sizing.scenario.targets.promises[row.cells[cell].cell.promise]
    return value_words(promise.measure, value, text)


def _range(values: Sequence[float], text: Text) -> str:
    """A number, or the smallest and the largest of them."""
    ends = [text.number(end, 0) for end in (min(values), max(values))]
    return text("format.range", low=ends[0], high=ends[1]) if ends[0] != ends[1] else ends[0]
