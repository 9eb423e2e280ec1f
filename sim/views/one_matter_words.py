"""What is said of one matter: its items, hand counts, reductions, who is last, where time goes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from sim.analysis.causes import CAUSES
from sim.analysis.paperwork import everything, hand_count
from sim.clock import DAY
from sim.plan.matters import own_service
from sim.plan.parts import visits_of
from sim.questions.causes import last_shares, mean_causes
from sim.questions.one_matter import BOTH, Handled, OneMatter, Way
from sim.questions.reductions import HANDLINGS, Reductions
from sim.scenario.matters import Matter
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.blocks import AnyBlock, PictureBlock, SentenceBlock, TableBlock, say_each
from sim.views.reductions import before_after_figure
from sim.views.reductions_words import (
    brackets_note,
    closing_blocks,
    cuts_table,
    matter_answer,
    number,
    price_table,
    reduction_sentences,
)
from sim.views.scenario_names import department_name, matter_name

LEAST_SHOWN: Final = 0.005
"""Shares below are not told."""


def terminal_blocks(
    answer: OneMatter, reductions: Reductions, matter: Matter, path: str, text: Text
) -> list[AnyBlock]:
    """All of one matter, before and after, and enough to run it again.

    Parameters
    ----------
    reductions
        Of the answer; the matter is among those that were handled both ways.
    path
        Of the scenario.
    """
    ways = [way for way in answer.ways if way.handling in BOTH]
    return [
        items_table(answer.scenario, matter, text),
        *cut_blocks(reductions, matter, text),
        last_table(ways, matter.id, text),
        causes_table(ways, matter.id, text),
        *told_blocks(reductions, matter, text),
        *closing_blocks(reductions, path, text),
    ]


def items_table(scenario: Scenario, matter: Matter, text: Text) -> TableBlock:
    """Items in the order of the visits that separate handling needs."""
    names = {item.id: text.name(item.name) for item in matter.items}
    rows = []
    for n, items in enumerate(visits_of(matter), start=1):
        for item in items:
            alone = own_service(scenario, item)
            share = f" ({text.share(item.share, 0)})" if item.share < 1 else ""
            rows.append(
                (
                    str(n),
                    department_name(scenario, item.department, text),
                    names[item.id] + share,
                    text("format.missing") if alone is None else str(alone.materials),
                    text("format.list").join(names[earlier] for earlier in item.after),
                )
            )
    heads = ("visit", "department", "item", "materials", "after_items")
    return TableBlock(
        text("cli.heading.items", matter=text.name(matter.name)),
        tuple(text(f"cli.head.{head}") for head in heads),
        tuple(rows),
        names=len(heads),
    )


def cut_blocks(reductions: Reductions, matter: Matter, text: Text) -> list[AnyBlock]:
    """The answer, what is counted by hand, what was simulated as picture and table, its price."""
    figure = text("page.matter.reductions")
    name = matter_name(reductions.scenario, matter.id, text)
    answers = filter(None, [matter_answer(reductions, matter.id, text)])
    return [
        *say_each(answers, "answer"),
        SentenceBlock(hand_sentence(reductions.scenario, matter, text)),
        PictureBlock(
            "reductions",
            text("page.matter.figure_of", figure=figure, matter=name),
            partial(before_after_figure, reductions, text, matter.id),
        ),
        cuts_table(reductions, matter.id, text),
        price_table(reductions, matter.id, text),
    ]


def told_blocks(reductions: Reductions, matter: Matter, text: Text) -> list[AnyBlock]:
    """How the tables are read, and what they say beside what is published."""
    sentences = reduction_sentences(reductions, text, matter.id)
    return [brackets_note(reductions, text), *say_each(sentences, "point")]


def hand_sentence(scenario: Scenario, matter: Matter, text: Text) -> str:
    """Steps, papers and trips of who needs most, under both handlings."""
    needs = everything(matter)
    before, after = (
        text("reduction.hand_counts", **hand_count(scenario, matter, way, needs)._asdict())
        for way in HANDLINGS
    )
    return text("reduction.hand_count", before=before, after=after)


def last_table(ways: Sequence[Way], matter: str, text: Text) -> TableBlock:
    """For which department cases wait last, under each way; hardly ever = it is left out."""
    missing = text("format.missing")
    shares = [last_shares(way.study, way.study.layouts[0], matter) for way in ways]
    departments = dict.fromkeys(
        department for by_department in shares for department in by_department
    )
    rows = []
    for department in sorted(
        departments, key=lambda name: -shares[-1][name].mean if name in shares[-1] else 0
    ):
        row = [by_department.get(department) for by_department in shares]
        if any(share is not None and share.mean >= LEAST_SHOWN for share in row):
            cells = [missing if share is None else number(share, "share", text) for share in row]
            name = department_name(ways[0].study.scenario, department, text)
            rows.append((name, *cells))
    heads = (text("cli.head.department"), *(way_name(way.handling, text) for way in ways))
    return TableBlock(text("cli.heading.last"), heads, tuple(rows))


def causes_table(ways: Sequence[Way], matter: str, text: Text) -> TableBlock:
    """Mean days of a closed case by cause, under each way."""
    means = [mean_causes(way.study, way.study.layouts[0], matter) / DAY for way in ways]
    rows = [
        (
            text(f"cause.{cause}"),
            *(text.number(float(by_cause[n]), 2) for by_cause in means),
        )
        for n, cause in enumerate(CAUSES)
    ]
    heads = (text("cli.head.what"), *(way_name(way.handling, text) for way in ways))
    return TableBlock(text("cli.heading.causes"), heads, tuple(rows))


def way_name(handling: Handled, text: Text) -> str:
    """What a way to handle the matters is called."""
    return text("cli.as_it_is" if handling == "as_it_is" else f"handling.{handling}")
