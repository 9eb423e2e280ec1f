"""What is said of my candidates: a table, from how many people a day each pays, and who gains."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from sim.questions.shortlist import Shortlist, Shortlisted, TownshipGain
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.area_names import town_name
from sim.views.blocks import AnyBlock, TableBlock, say_each
from sim.views.scenario_names import layout_name
from sim.views.siting_words import PLACE_DIGITS, common_sentences
from sim.views.values import bracketed, signed

SHORTLIST_HEADS: Final = ("saved", "station_cost", "net", "next_behind", "wait", "use", "daily")
"""Columns behind the township; texts `cli.head.<name>`."""
NAMED_GAINS: Final = 5
"""Townships that are named at most, of those that gain and of those that lose."""


def shortlist_blocks(ranking: Shortlist, path: str, text: Text) -> list[AnyBlock]:
    """The candidates, what that allows to say, and how to run it again."""
    sentences = [
        *shortlist_sentences(ranking, text),
        *gain_sentences(ranking, text),
        *common_sentences(ranking, path, text),
    ]
    return [shortlist_table(ranking, text), *say_each(sentences, "point")]


def shortlist_table(ranking: Shortlist, text: Text) -> TableBlock:
    """A row a township, best first, and one of all together."""
    layout = layout_name(ranking.scenario, ranking.layout, text)
    return TableBlock(
        text("shortlist.heading", layout=layout),
        tuple(text(f"cli.head.{head}") for head in ("township", *SHORTLIST_HEADS)),
        tuple((row_name(ranking, row, text), *_cells(row, text)) for row in ranking.rows),
    )


def row_name(ranking: Shortlist, row: Shortlisted, text: Text) -> str:
    """The township of a row, or that it is all of them together."""
    if len(row.points) > 1:
        return text("shortlist.together", n=len(row.points))
    return town_name(ranking.scenario, row.points[0], text)


def _cells(row: Shortlisted, text: Text) -> list[str]:
    """What the stations bring, in the order of `SHORTLIST_HEADS`."""
    behind = text("format.missing")
    if len(row.points) == 1:
        behind = text("judgement_mark.identical")
        if row.behind.mean != 0:
            alike = "" if row.behind.low > 0 else " " + text("judgement_mark.not_distinguishable")
            behind = bracketed(row.behind, text, PLACE_DIGITS) + alike
    return [
        bracketed(row.saved, text, PLACE_DIGITS),
        text.number(row.yearly, 0),
        signed(row.net.mean, 0, text),
        behind,
        bracketed(row.wait, text, PLACE_DIGITS),
        text.number(100 * row.use.mean, 1),
        _number_or_missing(row.daily, text),
    ]


def shortlist_sentences(ranking: Shortlist, text: Text) -> list[str]:
    """Which is the first, from how many people a day each pays, and what all do together."""
    first, together = ranking.rows[0], ranking.together
    sentences = [
        text(
            "shortlist.first" if len(ranking.alone) > 1 else "shortlist.only",
            name=row_name(ranking, first, text),
            saved=bracketed(first.saved, text, PLACE_DIGITS),
            yearly=text.number(first.yearly, 0),
            net=bracketed(first.net, text, PLACE_DIGITS),
        )
    ]
    alike = [row_name(ranking, row, text) for row in ranking.alone[1:] if not row.behind.low > 0]
    if alike:
        sentences.append(text("cli.next_alike", names=text("format.list").join(alike)))
    sentences += [break_even_sentence(ranking, row, text) for row in ranking.rows]
    if together is not None:
        sentences.append(
            text(
                "shortlist.overlap",
                gap=bracketed(together.behind, text, PLACE_DIGITS),
                saved=bracketed(together.saved, text, PLACE_DIGITS),
            )
        )
    return [*sentences, text("shortlist.break_even_means"), text("cli.next_pooling")]


def break_even_sentence(ranking: Shortlist, row: Shortlisted, text: Text) -> str:
    """From how many people a day the stations pay, and how many come."""
    several = "_each" if len(row.points) > 1 else ""
    people = _people(row.break_even_daily, text)
    return text(
        f"shortlist.{worth_key(row)}",
        name=row_name(ranking, row, text),
        enough=text(f"shortlist.enough{several}", people=people),
        daily=_number_or_missing(row.daily, text),
    )


def worth_key(row: Shortlisted) -> str:
    """Whether the stations pay as it is, would with more people, never do, or cannot be told."""
    if not math.isfinite(row.net.half_width):
        return "unknown"
    if not math.isfinite(row.break_even_daily):
        return "never"
    if row.net.low > 0:
        return "pays"
    return "pays_if" if row.net.high < 0 else "unsure"


def _people(number: float, text: Text) -> str:
    """The least whole number of people that reaches it."""
    return text.number(math.ceil(number), 0) if math.isfinite(number) else text("format.missing")


def gain_sentences(ranking: Shortlist, text: Text) -> list[str]:
    """Who gains and who loses by each, by name."""
    return [
        text(
            "shortlist.gains",
            name=row_name(ranking, row, text),
            winners=gains_named(ranking.scenario, row.winners, text),
            losers=gains_named(ranking.scenario, row.losers, text),
        )
        for row in ranking.rows
    ]


def gains_named(scenario: Scenario, gains: Sequence[TownshipGain], text: Text) -> str:
    """Townships with what a case of theirs saves or loses; the others are counted."""
    if not gains:
        return text("shortlist.nobody")
    named = [
        text(
            "shortlist.gain",
            name=town_name(scenario, gain.township, text),
            yuan=text.number(abs(gain.saved.mean), 1),
        )
        for gain in gains[:NAMED_GAINS]
    ]
    names = text("format.list").join(named)
    if len(gains) > NAMED_GAINS:
        return text("shortlist.and_others", names=names, n=len(gains))
    return names


def _number_or_missing(value: float, text: Text) -> str:
    return text.number(value, 1) if math.isfinite(value) else text("format.missing")
