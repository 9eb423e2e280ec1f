"""What is said of how many clerks a promise needs: the answer, how sure it is, and why."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final

from sim.analysis.intervals import Interval
from sim.analysis.kept import KeptCounts, KeptVerdict, count_verdicts, kept_verdict
from sim.questions.size import CheckedCell, Need, SizedLayout, Sizing
from sim.scenario.promises import Promise
from sim.text import Text
from sim.views.blocks import (
    AnyBlock,
    HeadingBlock,
    PictureBlock,
    SentenceBlock,
    TableBlock,
    say_each,
)
from sim.views.context import changes_sentence
from sim.views.promise_words import (
    cell_words,
    clock_words,
    interval_words,
    kind_name,
    level_words,
    promise_sentences,
    promise_words,
    value_words,
)
from sim.views.siting_words import run_sentence
from sim.views.size import half_hour_promises, kept_figure, size_figure
from sim.views.values import department_name, group_name, in_brackets, layout_name

MOST_ROWS: Final = 80
"""Rows of a table; programs read all of them as CSV."""
MOST_CELLS: Final = 6
"""Cells named in one sentence."""
TIGHT: Final = 0.95
"""Load of reviewers from which a run of weeks may hide that work piles up: an assumption, plausible
from 0.9 to 0.98."""
BROKEN: Final = ("broken", "seems_broken")


def size_blocks(sizing: Sizing, text: Text, closing: Iterable[str] = ()) -> list[AnyBlock]:
    """Layout by layout the answer, how sure it is, the day in pictures, and why.

    Parameters
    ----------
    closing
        Sentences below it: of where it comes from, and how to run it again.
    """
    return [
        *answer_blocks(sizing, text),
        *layouts_blocks(sizing, text),
        *say_each(promise_sentences(sizing.scenario, text), "point"),
        SentenceBlock(method_sentence(sizing, text), "note"),
        *say_each(closing, "point"),
    ]


def answer_blocks(sizing: Sizing, text: Text) -> list[AnyBlock]:
    """The answer for each layout, and where there are several, all of them side by side."""
    answers = [answer_sentence(sizing, row, text) for row in sizing.layouts]
    cut_short = [text("size.cut_short")] if sizing.replications < sizing.asked else []
    return [
        *say_each(answers, "answer"),
        *say_each(cut_short, "caution"),
        *say_each(repeat_sentences(sizing, text), "answer"),
        *([layouts_table(sizing, text)] if len(sizing.layouts) > 1 else []),
    ]


def layouts_blocks(sizing: Sizing, text: Text) -> list[AnyBlock]:
    """What the answer rests on, layout by layout."""
    blocks: list[AnyBlock] = []
    for row in sizing.layouts:
        if len(sizing.layouts) > 1:
            blocks.append(HeadingBlock(layout_name(sizing.scenario, row.layout, text)))
        blocks += layout_blocks(sizing, row, text)
    return blocks


def method_sentence(sizing: Sizing, text: Text) -> str:
    """How promises are checked, and on how many crowds."""
    return text(
        "size.method",
        replications=sizing.replications - sizing.confirmed_on,
        seed=sizing.seed,
        n=sizing.confirmed_on,
    )


def terminal_blocks(sizing: Sizing, path: str, text: Text) -> list[AnyBlock]:
    """The same with what differs from the file, and enough to run it again."""
    changes = filter(None, [changes_sentence(sizing.scenario, text)])
    return size_blocks(sizing, text, [*changes, run_sentence(sizing, path, text)])


def layout_blocks(sizing: Sizing, row: SizedLayout, text: Text) -> list[AnyBlock]:
    """What the answer of one layout rests on: how sure it is, the day in pictures, and why."""
    name = layout_name(sizing.scenario, row.layout, text)
    pictures = [
        PictureBlock(
            f"size-{row.layout}",
            text("figure.size.title", layout=name),
            partial(size_figure, sizing, row, text),
        ),
        *(
            PictureBlock(
                f"kept-{row.layout}-{n}",
                text(
                    "figure.size.kept",
                    layout=name,
                    promise=promise_words(
                        sizing.scenario, sizing.scenario.targets.promises[n], text
                    ),
                ),
                partial(kept_figure, sizing, row, n, text),
            )
            for n in half_hour_promises(sizing)
        ),
    ]
    tables = [
        broken_table(sizing, row, text),
        needs_table(sizing, row, text),
        departments_table(sizing, row, text),
    ]
    return [
        *say_each(cautions(sizing, row, text), "caution"),
        *say_each(sureness(sizing, row, text), "point"),
        *pictures,
        *(table for table in tables if table.rows),
    ]


# === sentences === #


def answer_sentence(sizing: Sizing, row: SizedLayout, text: Text) -> str:
    """What an official reads first: it says no more than fresh crowds have confirmed."""
    promises = sizing.scenario.targets.promises
    counts = count_cells(sizing, _possible(row), "sized")
    key = _answer_key(sizing, row, counts)
    words = [promise_words(sizing.scenario, promise, text) for promise in promises]
    return text(
        f"size.answer.{key}",
        promises=text("format.promises").join(words),
        layout=layout_name(sizing.scenario, row.layout, text),
        hours=hours_words(row.clerk_hours, text),
        today=hours_words(row.today_hours, text),
        cells=counts.judged + len(row.impossible),
        broken=counts.broken,
        impossible=len(row.impossible),
        now=_now(sizing, row, text),
    )


def repeat_sentences(sizing: Sizing, text: Text) -> list[str]:
    """How far the hours are chance, and whether layouts differ in them; nothing if sized once."""
    said = []
    for n, row in enumerate(sizing.layouts):
        times = len(row.repeated_hours)
        if times < 2:
            continue
        words = {
            "layout": layout_name(sizing.scenario, row.layout, text),
            "first": layout_name(sizing.scenario, sizing.layouts[0].layout, text),
            "times": times,
            "level": text.share(sizing.level, 0),
        }
        said.append(
            text("size.repeated", hours=_hours_interval(sizing.hours_of(row), text), **words)
        )
        if n:
            less = sizing.saved_against_first(row)
            way = "less" if less.low > 0 else "more" if less.high < 0 else "alike"
            if way == "more":
                less = less._replace(mean=-less.mean, low=-less.high, high=-less.low)
            said.append(text(f"size.repeated.{way}", hours=_hours_interval(less, text), **words))
    return said


def _hours_interval(interval: Interval, text: Text) -> str:
    return in_brackets(interval, 1 if interval.half_width < 10 else 0, text)


def _answer_key(sizing: Sizing, row: SizedLayout, counts: KeptCounts) -> str:
    if not sizing.confirmed_on:
        return "so_far_impossible" if row.impossible else "so_far"
    if row.impossible:
        return "impossible"
    if counts.broken:
        return "broken" if counts.surely_broken else "close"
    if counts.seems_kept:
        return "about"
    return "least" if _is_bound_met(row) else "enough"


def _is_bound_met(row: SizedLayout) -> bool:
    return math.isclose(row.clerk_hours, row.lower_bound_hours, abs_tol=1e-6)


def _now(sizing: Sizing, row: SizedLayout, text: Text) -> str:
    """Where today's roster stands."""
    counts = count_cells(sizing, row.cells, "today")
    if not counts.judged:
        return text("size.now.untried")
    if not counts.broken:
        return text("size.now.seems" if counts.seems_kept else "size.now.keeps")
    alone = all(checked.cell.slot >= 0 for checked in row.cells)
    key = f"size.now.{'half_hours' if alone else 'items'}"
    sure = counts.surely_broken
    if sure < counts.broken:
        return text(f"{key}_sure", cells=counts.judged, broken=counts.broken, sure=sure)
    return text(key, cells=counts.judged, broken=counts.broken)


def cautions(sizing: Sizing, row: SizedLayout, text: Text) -> list[str]:
    """What to know before acting on it."""
    said = []
    if row.impossible:
        said.append(text("size.impossible", cells=_impossible_cells(sizing, row, text)))
    counts = count_cells(sizing, _possible(row), "sized")
    if not sizing.confirmed_on:
        said.append(text("size.confirmed.none"))
    elif counts.broken:
        key = "broken" if counts.surely_broken else "close"
        said.append(_confirmed(sizing, counts, key, text))
    tight = [
        department_name(sizing.scenario, need.department, text)
        for need in row.departments
        if need.utilisation > TIGHT and need.reviewers < need.today
    ]
    if tight:
        names = text("format.list").join(tight)
        said.append(text("size.tight", departments=names, share=text.share(TIGHT, 0)))
    return said


def _impossible_cells(sizing: Sizing, row: SizedLayout, text: Text) -> str:
    """The first of them, each with what it comes to with everybody there."""
    cells = []
    for n, value in list(zip(row.impossible, row.relaxed, strict=True))[:MOST_CELLS]:
        checked = row.cells[n]
        promise = sizing.scenario.targets.promises[checked.cell.promise]
        words = text(
            "size.impossible_cell",
            cell=cell_words(sizing.scenario, row.layout, checked.cell, text),
            value=value_words(promise.measure, value, text),
            level=level_words(promise, text),
        )
        cells.append(words)
    listed = text("format.parts").join(cells)
    more = len(row.impossible) - len(cells)
    return text("format.more", shown=listed, n=more) if more else listed


def sureness(sizing: Sizing, row: SizedLayout, text: Text) -> list[str]:
    """How sure it is on fresh crowds, how far from the bound, its cost, and what is left out."""
    counts = count_cells(sizing, _possible(row), "sized")
    said = []
    if sizing.confirmed_on and not counts.broken:
        key = "likely" if counts.seems_kept else "certain"
        said.append(_confirmed(sizing, counts, key, text))
    if _is_bound_met(row):
        said.append(text("size.bound_met"))
    elif row.lower_bound_hours > 0:
        gap = text.share(row.clerk_hours / row.lower_bound_hours - 1, 1)
        said.append(text("size.bound", bound=hours_words(row.lower_bound_hours, text), gap=gap))
    if math.isfinite(row.cost):
        costs = {name: text.number(getattr(row, name), 0) for name in ("cost", "today_cost")}
        said.append(text("size.cost", cost=costs["cost"], today=costs["today_cost"]))
    if nobody := count_cells(sizing, row.cells, "sized").nobody:
        said.append(text("size.nobody", n=nobody))
    if not any(p.kind.over == "cases" for p in sizing.scenario.targets.promises):
        said.append(text("size.no_reviewers"))
    if sizing.scenario.places is not None:
        said.append(text("size.places"))
    return said


def _confirmed(sizing: Sizing, counts: KeptCounts, key: str, text: Text) -> str:
    return text(
        f"size.confirmed.{key}",
        n=sizing.confirmed_on,
        cells=counts.judged,
        unsure=counts.seems_kept,
        broken=counts.broken,
        sure=counts.surely_broken,
        level=text.share(sizing.level, 0),
    )


def count_cells(sizing: Sizing, cells: Iterable[CheckedCell], roster: str) -> KeptCounts:
    """Cells by what can be said of them with today's roster, or the sized one."""
    return count_verdicts(verdict_of(sizing, checked, roster) for checked in cells)


def verdict_of(sizing: Sizing, checked: CheckedCell, roster: str) -> KeptVerdict:
    """What can be said of one cell with a roster, `today` or `sized`."""
    better = sizing.scenario.targets.promises[checked.cell.promise].kind.better
    return kept_verdict(getattr(checked, roster), checked.level, better)


def _possible(row: SizedLayout) -> list[CheckedCell]:
    """Cells that can be kept with everybody there."""
    return [checked for n, checked in enumerate(row.cells) if n not in row.impossible]


def hours_words(hours: float, text: Text) -> str:
    """Clerk hours, with a decimal where there are halves."""
    return text.number(hours, int(not round(float(hours), 1).is_integer()))


# === tables === #


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
