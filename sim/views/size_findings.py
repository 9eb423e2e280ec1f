"""What a sizing found, as documents tell it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from sim.questions.size import SizedLayout, Sizing
from sim.text import Text
from sim.views.asked_words import asked_of_sizing
from sim.views.blocks import AnyBlock, SentenceBlock, say_each
from sim.views.findings import AnnexPart, Findings, annex_of, simply
from sim.views.promise_words import promise_blocks
from sim.views.scenario_names import layout_name
from sim.views.size_tables import hours_words
from sim.views.size_words import (
    answer_blocks,
    answer_key,
    answer_sentence,
    cautions,
    layout_blocks,
    method_sentence,
    repeat_sentences,
    sureness,
)

KEEPING: Final = ("least", "enough", "about")
"""Answers after which the roster that was found may be posted."""


def sizing_findings(sizing: Sizing, text: Text) -> Findings:
    """Promises, answer and advice, hours and cost beside today's, sureness, every table."""
    plain, scenario = simply(text), sizing.scenario
    said = [*say_each(cautions_of(sizing, plain), "caution")]
    return Findings(
        text("document.subject.size", scenario=text.name(scenario.name)),
        scenario,
        tuple(row.layout for row in sizing.layouts),
        sizing.replications,
        sizing.seed,
        {
            "asked": (SentenceBlock(asked_of_sizing(sizing, plain)),),
            "answer": (
                *say_each(
                    (answer_sentence(sizing, row, plain) for row in sizing.layouts), "answer"
                ),
                *say_each((_advice(sizing, row, plain) for row in sizing.layouts), "plain"),
                *say_each(repeat_sentences(sizing, plain), "point"),
            ),
            "money": say_each(_money(sizing, plain), "point"),
            "sureness": say_each(_sureness(sizing, plain), "point"),
            "to_check": tuple(said),
        },
        tuple(_annexes(sizing, text)),
    )


def cautions_of(sizing: Sizing, text: Text) -> list[str]:
    """What to know before acting on it, of all layouts, each said once."""
    cut_short = [text("size.cut_short")] if sizing.replications < sizing.asked else []
    of_layouts = (said for row in sizing.layouts for said in cautions(sizing, row, text))
    return [*dict.fromkeys((*cut_short, *of_layouts))]


def _advice(sizing: Sizing, row: SizedLayout, text: Text) -> str:
    """What follows for who makes the roster."""
    key = answer_key(sizing, row)
    way = "keep" if key in KEEPING else "again" if key in ("close", "broken") else "promise"
    if key.startswith("so_far"):
        way = "again"
    return text(
        f"document.advice.size_{way}",
        layout=layout_name(sizing.scenario, row.layout, text),
        hours=hours_words(row.clerk_hours, text),
    )


def _money(sizing: Sizing, text: Text) -> Iterator[str]:
    """Hours and cost beside today's."""
    for row in sizing.layouts:
        less = row.today_hours - row.clerk_hours
        way = "less" if less > 0 else "more" if less < 0 else "same"
        yield text(
            f"document.money.size_{way}",
            layout=layout_name(sizing.scenario, row.layout, text),
            hours=hours_words(row.clerk_hours, text),
            today=hours_words(row.today_hours, text),
            gap=hours_words(abs(less), text),
        )
        if math.isfinite(row.cost):
            costs = {"cost": row.cost, "today": row.today_cost}
            yield text("size.cost", **{name: text.number(of, 0) for name, of in costs.items()})


def _sureness(sizing: Sizing, text: Text) -> Iterator[str]:
    for row in sizing.layouts:
        costs = text(
            "size.cost", cost=text.number(row.cost, 0), today=text.number(row.today_cost, 0)
        )
        yield from (said for said in sureness(sizing, row, text) if said != costs)
    yield method_sentence(sizing, text)


def _annexes(sizing: Sizing, text: Text) -> Iterator[AnnexPart]:
    verdict: list[AnyBlock] = [
        *answer_blocks(sizing, text),
        *promise_blocks(sizing.scenario, text),
    ]
    yield annex_of(text("document.annex.verdict"), verdict)
    for row in sizing.layouts:
        name = layout_name(sizing.scenario, row.layout, text)
        heading = text("document.annex.layout", layout=name)
        yield annex_of(heading, layout_blocks(sizing, row, text))
