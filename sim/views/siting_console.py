"""What the command line says of the next point, and of how many stations pay."""

from __future__ import annotations

import math
from typing import Final

from rich.console import Console
from rich.table import Table

from sim.analysis.intervals import Interval
from sim.questions.siting import Frontier, FrontierStep, NextPoint, NextPoints
from sim.text import Text
from sim.views.area_names import town_name
from sim.views.context import changes_sentence
from sim.views.extend_counted import year_sentences
from sim.views.values import digits_for, in_brackets, layout_name, signed

NEXT_HEADS: Final = ("saved", "next_behind", "station_cost", "net", "hours", "trips", "use")
STEP_HEADS: Final = ("station_cost", "saved", "more", "net", "hours")
"""Columns behind the township, and behind number and townships; texts `cli.head.<name>`."""


def print_next_points(found: NextPoints, path: str, text: Text, console: Console) -> None:
    """The townships for one station more, best first, and what that allows to say."""
    table = Table(
        title=text(
            "cli.heading.next_points",
            screened=found.screened,
            layout=layout_name(found.scenario, found.layout, text),
        ),
        title_justify="left",
        title_style="bold",
    )
    table.add_column(text("cli.head.township"), overflow="fold")
    for name in NEXT_HEADS:
        table.add_column(text(f"cli.head.{name}"), justify="right")
    for row in found.rows:
        table.add_row(town_name(found.scenario, row.township, text), *next_cells(row, text))
    console.print(table)
    _say(console, next_sentences(found, text))
    _say(console, _common(found, path, text))


def next_cells(row: NextPoint, text: Text) -> list[str]:
    """What one station more brings, in the order of `NEXT_HEADS`."""
    alike = "" if row.is_behind else " " + text("judgement_mark.not_distinguishable")
    behind = text("judgement_mark.identical") if row.behind.mean == 0 else ""
    return [
        _bracketed(row.saved, text),
        behind or _bracketed(row.behind, text) + alike,
        text.number(row.yearly, 0),
        signed(row.net.mean, 0, text),
        _bracketed(_hours(row.minutes), text),
        _bracketed(row.visits, text),
        text.number(100 * row.use.mean, 1),
    ]


def next_sentences(found: NextPoints, text: Text) -> list[str]:
    """Which is the first, whether it pays, and which cannot be told apart from it."""
    said = []
    if found.points:
        names = [town_name(found.scenario, one, text) for one in found.points]
        said.append(text("cli.next_beside", points=text("format.list").join(names)))
    first = found.rows[0]
    said.append(
        text(
            "cli.next_first",
            name=town_name(found.scenario, first.township, text),
            saved=_bracketed(first.saved, text),
            yearly=text.number(first.yearly, 0),
            net=_bracketed(first.net, text),
        )
    )
    alike = [
        town_name(found.scenario, one.township, text) for one in found.rows[1:] if not one.is_behind
    ]
    if alike:
        said.append(text("cli.next_alike", names=text("format.list").join(alike)))
    said.append(text("cli.next_pooling"))
    return said


def print_frontier(found: Frontier, path: str, text: Text, console: Console) -> None:
    """What each number of stations costs and saves, and where it stops paying."""
    table = Table(
        title=text("cli.heading.frontier", layout=layout_name(found.scenario, found.layout, text)),
        title_justify="left",
        title_style="bold",
    )
    table.add_column(text("cli.head.stations"), justify="right")
    table.add_column(text("cli.head.points"), overflow="fold")
    for name in STEP_HEADS:
        table.add_column(text(f"cli.head.{name}"), justify="right")
    for step in found.steps:
        table.add_row(*step_cells(found, step, text))
    console.print(table)
    _say(console, [best_sentence(found, text)])
    _say(console, _common(found, path, text))


def step_cells(found: Frontier, step: FrontierStep, text: Text) -> list[str]:
    """A number of stations, where they are, and what they bring, in the order of `STEP_HEADS`."""
    names = [town_name(found.scenario, one, text) for one in step.points]
    return [
        str(step.number),
        text("format.list").join(names) or text("format.missing"),
        text.number(step.yearly, 0),
        _bracketed(step.saved, text),
        _bracketed(step.more, text),
        signed(step.net.mean, 0, text),
        _bracketed(_hours(step.minutes), text),
    ]


def best_sentence(found: Frontier, text: Text) -> str:
    """How many stations are worth most after their cost."""
    best = found.best
    if best.number == 0:
        return text("cli.frontier_none")
    last = best == found.steps[-1]
    return text(
        "cli.frontier_best_last" if last else "cli.frontier_best",
        number=best.number,
        saved=_bracketed(best.saved, text),
        yearly=text.number(best.yearly, 0),
        net=_bracketed(best.net, text),
    )


def _common(found: NextPoints | Frontier, path: str, text: Text) -> list[str]:
    """How sure it is, and enough to run it again."""
    return [
        *year_sentences(found.scenario, text),
        *filter(None, [changes_sentence(found.scenario, text)]),
        text("cli.siting_waits", residual=text.number(found.residual, 1)),
        text("cli.siting_brackets", level=text.share(found.level, 0)),
        text(
            "cli.siting_line",
            scenario=text.name(found.scenario.name),
            path=path,
            hash=found.scenario.hash,
            replications=found.replications,
            seed=found.seed,
        ),
    ]


def _say(console: Console, sentences: list[str]) -> None:
    for one in sentences:
        console.print(f"· {one}", markup=False)


def _hours(minutes: Interval) -> Interval:
    mean, low, high = (one / 60 for one in minutes[:3])
    return minutes._replace(mean=mean, low=low, high=high)


def _bracketed(interval: Interval, text: Text) -> str:
    if not math.isfinite(interval.mean):
        return text("format.missing")
    if interval.low == interval.high:
        return signed(interval.mean, 0, text)
    return in_brackets(interval, min(digits_for(interval), 1), text)
