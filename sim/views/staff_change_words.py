"""What one clerk fewer and one more do: where it can be asked, and what becomes of the promises."""

from __future__ import annotations

import math
from typing import Final

from sim.analysis.kept import KeptVerdict, count_verdicts
from sim.clock import format_clock
from sim.questions.size import Need, SizedLayout, Sizing
from sim.questions.staff_change import StaffChange, TriedNumber
from sim.text import Text
from sim.views.blocks import AnyBlock, HeadingBlock, SentenceBlock, TableBlock, say_each
from sim.views.promise_words import (
    cell_words,
    clock_words,
    interval_words,
    kind_name,
    level_words,
)
from sim.views.scenario_names import group_name
from sim.views.size_tables import BROKEN, hours_words

MOST_ROWS: Final = 16
"""Checks in the table, those that are missed first."""
MARKS: Final[dict[KeptVerdict, str]] = {
    "kept": "",
    "seems_kept": " ?",
    "seems_broken": " ×?",
    "broken": " ×",
    "nobody": "",
}
"""Behind a value: what it says to the promise, and whether that is open."""


class NeedsGrid:
    """A row a window group and kind of day, a column a half hour: where a change can be asked for.

    Attributes
    ----------
    table : TableBlock
        Clerks needed; empty where the group is not open.
    """

    def __init__(self, sizing: Sizing, row: SizedLayout, text: Text) -> None:
        rows = dict.fromkeys((need.group, need.days) for need in row.needs)
        starts = sorted({need.starts for need in row.needs})
        self._rows, self._starts = [*rows], starts
        self._needs = {(need.group, need.days, need.starts): need for need in row.needs}
        self.table = TableBlock(
            text("size.change.grid"),
            (
                text("size.head.group"),
                text("size.head.days"),
                *map(format_clock, starts),
            ),
            tuple(
                (
                    group_name(sizing.scenario, row.layout, group, text),
                    kind_name(days, text),
                    *(self._clerks(group, days, start) for start in starts),
                )
                for group, days in rows
            ),
            text("size.change.grid_note"),
            names=2,
        )

    def _clerks(self, group: str, days: str, start: int) -> str:
        need = self._needs.get((group, days, start))
        return "" if need is None else str(need.clerks)

    def need_at(self, row: int, column: int) -> Need | None:
        """What is needed at a cell of the table; None where there is nobody to change."""
        if column < self.table.names or row >= len(self._rows):
            return None
        return self._needs.get((*self._rows[row], self._starts[column - self.table.names]))


def change_blocks(sizing: Sizing, change: StaffChange, text: Text) -> list[AnyBlock]:
    """One fewer, one more: whether the promises are kept, what it costs, and check by check."""
    where = text(
        "size.cell.half_hour",
        who=group_name(sizing.scenario, change.layout, change.group, text),
        days=kind_name(change.days, text),
        hours=clock_words(change.starts, change.ends),
    )
    table = _checks_table(sizing, change, text)
    return [
        HeadingBlock(text("size.change.heading", where=where), is_within=True),
        *say_each(change_sentences(sizing, change, text), "point"),
        *([table] if table.rows else []),
    ]


def change_sentences(sizing: Sizing, change: StaffChange, text: Text) -> list[str]:
    """One fewer and one more, a sentence each; of what cannot be, why."""
    by_step = {tried.step: tried for tried in change.numbers}
    sentences = []
    for step, name in ((-1, "fewer"), (1, "more")):
        tried = by_step.get(step)
        if tried is None:
            sentences.append(text(f"size.change.{name}.none"))
            continue
        sentences.append(
            text(
                f"size.change.{name}",
                clerks=tried.clerks,
                what=_what_becomes(sizing, change, tried, text),
                cost=_cost_words(tried, text),
            )
        )
    return sentences


def _what_becomes(sizing: Sizing, change: StaffChange, tried: TriedNumber, text: Text) -> str:
    """How many checks are missed, and the worst of them."""
    counts = count_verdicts(tried.verdicts)
    if not change.cells:
        return text("size.change.nothing")
    worst = ""
    if tried.worst >= 0:
        cell = change.cells[tried.worst]
        promise = sizing.scenario.targets.promises[cell.promise]
        worst = text(
            "size.change.worst",
            cell=_check_words(sizing, change, tried.worst, text),
            value=interval_words(promise.measure, tried.values[tried.worst], text),
            level=level_words(promise, text),
        )
    key = "missed" if counts.broken else "open" if counts.seems_kept else "kept"
    return text(
        f"size.change.{key}",
        cells=counts.judged,
        broken=counts.broken,
        sure=counts.surely_broken,
        unsure=counts.seems_kept,
        worst=worst,
    )


def _check_words(sizing: Sizing, change: StaffChange, n: int, text: Text) -> str:
    """Whom and when a promise is checked for, and which promise where there are several."""
    cell = change.cells[n]
    words = cell_words(sizing.scenario, change.layout, cell, text)
    if len(sizing.scenario.targets.promises) == 1:
        return words
    number = text("size.promise.number", n=cell.promise + 1)
    return text("size.change.check", cell=words, promise=number)


def _cost_words(tried: TriedNumber, text: Text) -> str:
    hours = hours_words(abs(tried.hours), text)
    if not math.isfinite(tried.cost):
        return text("size.change.hours", hours=hours)
    return text("size.change.hours_cost", hours=hours, cost=text.number(abs(tried.cost), 0))


def _checks_table(sizing: Sizing, change: StaffChange, text: Text) -> TableBlock:
    """Check by check with each number of clerks; those that are missed stand first."""
    missed = [
        any(tried.verdicts[n] in BROKEN for tried in change.numbers)
        for n in range(len(change.cells))
    ]
    order = sorted(range(len(change.cells)), key=lambda n: not missed[n])
    rows = []
    for n in order[:MOST_ROWS]:
        promise = sizing.scenario.targets.promises[change.cells[n].promise]
        rows.append(
            (
                _check_words(sizing, change, n, text),
                level_words(promise, text),
                *(
                    interval_words(promise.measure, tried.values[n], text)
                    + MARKS[tried.verdicts[n]]
                    for tried in change.numbers
                ),
            )
        )
    names = {-1: "fewer", 0: "sized", 1: "more"}
    heads = (
        text("size.head.cell"),
        text("size.head.level"),
        *(
            text(f"size.change.head.{names[tried.step]}", clerks=tried.clerks)
            for tried in change.numbers
        ),
    )
    note = text("size.change.note", n=change.replications, level=text.share(change.level, 0))
    more = len(order) - len(rows)
    return TableBlock(
        text("size.change.checks"),
        heads,
        tuple(rows),
        text("size.change.more_rows", note=note, n=more) if more else note,
        names=1,
    )


def hint(text: Text) -> SentenceBlock:
    """How to ask for a change on a page."""
    return SentenceBlock(text("size.change.hint"), "note")
