"""What is said of how many stations pay: a table of their numbers, and a sentence."""

from __future__ import annotations

from typing import Final

from rich.console import Console
from rich.table import Table

from sim.questions.frontier import Frontier, FrontierStep
from sim.text import Text
from sim.views.area_names import town_name
from sim.views.siting_words import bracketed, common_sentences, hours_of, print_sentences
from sim.views.values import layout_name, signed

STEP_HEADS: Final = ("station_cost", "saved", "more", "net", "hours")
"""Columns behind number and townships; texts `cli.head.<name>`."""


def print_frontier(steps: Frontier, path: str, text: Text, console: Console) -> None:
    """What each number of stations costs and saves, and where it stops paying."""
    table = Table(
        title=text("cli.heading.frontier", layout=layout_name(steps.scenario, steps.layout, text)),
        title_justify="left",
        title_style="bold",
    )
    table.add_column(text("cli.head.stations"), justify="right")
    table.add_column(text("cli.head.points"), overflow="fold")
    for head in STEP_HEADS:
        table.add_column(text(f"cli.head.{head}"), justify="right")
    for step in steps.steps:
        table.add_row(*step_cells(steps, step, text))
    console.print(table)
    print_sentences(console, [best_sentence(steps, text), *common_sentences(steps, path, text)])


def step_cells(steps: Frontier, step: FrontierStep, text: Text) -> list[str]:
    """A number of stations, where they are, and what they bring, in the order of `STEP_HEADS`."""
    names = [town_name(steps.scenario, township, text) for township in step.points]
    return [
        str(step.number),
        text("format.list").join(names) or text("format.missing"),
        text.number(step.yearly, 0),
        bracketed(step.saved, text),
        bracketed(step.more, text),
        signed(step.net.mean, 0, text),
        bracketed(hours_of(step.minutes), text),
    ]


def best_sentence(steps: Frontier, text: Text) -> str:
    """How many stations are worth most after their cost."""
    best = steps.best
    if best.number == 0:
        return text("cli.frontier_none")
    last = best == steps.steps[-1]
    return text(
        "cli.frontier_best_last" if last else "cli.frontier_best",
        number=best.number,
        saved=bracketed(best.saved, text),
        yearly=text.number(best.yearly, 0),
        net=bracketed(best.net, text),
    )
