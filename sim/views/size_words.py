"""What is said of how many clerks a promise needs: the answer, how sure it is, and why."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import partial
from typing import Final

from sim.analysis.intervals import Interval
from sim.analysis.kept import KeptCounts
from sim.questions.size import CheckedCell, SizedLayout, Sizing
from sim.text import Text
from sim.views.blocks import (
    AnyBlock,
    HeadingBlock,
    PictureBlock,
    SentenceBlock,
    say_each,
)
from sim.views.context import changes_sentence
from sim.views.promise_words import (
    cell_words,
    level_words,
    promise_sentences,
    promise_words,
    value_words,
)
from sim.views.scenario_names import department_name, layout_name
from sim.views.siting_words import run_sentence
from sim.views.size import half_hour_promises, kept_figure, size_figure
from sim.views.size_tables import (
    broken_table,
    count_cells,
    departments_table,
    hours_words,
    layouts_table,
    needs_table,
)
from sim.views.values import in_brackets

MOST_CELLS: Final = 6
"""Cells named in one sentence."""
TIGHT: Final = 0.95
"""Load of reviewers from which a run of weeks may hide that work piles up: an assumption, plausible
from 0.9 to 0.98."""


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
    key = answer_key(sizing, row)
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


def answer_key(sizing: Sizing, row: SizedLayout) -> str:
    """Which of the texts `size.answer.<key>` says what was found."""
    counts = count_cells(sizing, _possible(row), "sized")
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


def _possible(row: SizedLayout) -> list[CheckedCell]:
    """Cells that can be kept with everybody there."""
    return [checked for n, checked in enumerate(row.cells) if n not in row.impossible]
