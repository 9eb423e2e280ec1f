"""What is said of how many stations pay: a table of their numbers, and a sentence."""

from __future__ import annotations

from typing import Final

from sim.questions.frontier import Frontier, FrontierStep
from sim.text import Text
from sim.views.area_names import town_name
from sim.views.blocks import AnyBlock, TableBlock, say_each
from sim.views.scenario_names import layout_name
from sim.views.siting_words import PLACE_DIGITS, common_sentences, hours_of
from sim.views.values import bracketed, signed

STEP_HEADS: Final = ("station_cost", "saved", "more", "net", "hours")
"""Columns behind number and townships; texts `cli.head.<name>`."""


def frontier_blocks(steps: Frontier, path: str, text: Text) -> list[AnyBlock]:
    """What each number of stations costs and saves, and where it stops paying."""
    sentences = [best_sentence(steps, text), *common_sentences(steps, path, text)]
    return [frontier_table(steps, text), *say_each(sentences, "point")]


def frontier_table(steps: Frontier, text: Text) -> TableBlock:
    """A row a number of stations, from none on."""
    return TableBlock(
        text("cli.heading.frontier", layout=layout_name(steps.scenario, steps.layout, text)),
        tuple(text(f"cli.head.{head}") for head in ("stations", "points", *STEP_HEADS)),
        tuple(tuple(step_cells(steps, step, text)) for step in steps.steps),
        names=2,
    )


def step_cells(steps: Frontier, step: FrontierStep, text: Text) -> list[str]:
    """A number of stations, where they are, and what they bring, in the order of `STEP_HEADS`."""
    names = [town_name(steps.scenario, township, text) for township in step.points]
    return [
        str(step.number),
        text("format.list").join(names) or text("format.missing"),
        text.number(step.yearly, 0),
        bracketed(step.saved, text, PLACE_DIGITS),
        bracketed(step.more, text, PLACE_DIGITS),
        signed(step.net.mean, 0, text),
        bracketed(hours_of(step.minutes), text, PLACE_DIGITS),
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
        saved=bracketed(best.saved, text, PLACE_DIGITS),
        yearly=text.number(best.yearly, 0),
        net=bracketed(best.net, text, PLACE_DIGITS),
    )
