"""What is said of the next point: a table of townships, and sentences."""

from __future__ import annotations

from typing import Final

from sim.questions.next_point import NextPoint, NextPoints
from sim.text import Text
from sim.views.area_names import town_name
from sim.views.blocks import AnyBlock, TableBlock, say_each
from sim.views.scenario_names import layout_name
from sim.views.siting_words import PLACE_DIGITS, common_sentences, hours_of
from sim.views.values import bracketed, signed

NEXT_HEADS: Final = ("saved", "next_behind", "station_cost", "net", "hours", "trips", "use")
"""Columns behind the township; texts `cli.head.<name>`."""


def next_point_blocks(ranking: NextPoints, path: str, text: Text) -> list[AnyBlock]:
    """The townships for one station more, what that allows to say, and how to run it again."""
    sentences = [*next_sentences(ranking, text), *common_sentences(ranking, path, text)]
    return [next_point_table(ranking, text), *say_each(sentences, "point")]


def next_point_table(ranking: NextPoints, text: Text) -> TableBlock:
    """A row a township, best first."""
    layout = layout_name(ranking.scenario, ranking.layout, text)
    return TableBlock(
        text("cli.heading.next_points", screened=ranking.screened, layout=layout),
        tuple(text(f"cli.head.{head}") for head in ("township", *NEXT_HEADS)),
        tuple(
            (town_name(ranking.scenario, row.township, text), *next_cells(row, text))
            for row in ranking.rows
        ),
    )


def next_cells(row: NextPoint, text: Text) -> list[str]:
    """What one station more brings, in the order of `NEXT_HEADS`."""
    alike = "" if row.is_behind else " " + text("judgement_mark.not_distinguishable")
    behind = text("judgement_mark.identical")
    if row.behind.mean != 0:
        behind = bracketed(row.behind, text, PLACE_DIGITS) + alike
    if row.dropped_after:
        behind = text("cli.next_dropped_after", behind=behind, n=row.dropped_after)
    return [
        bracketed(row.saved, text, PLACE_DIGITS),
        behind,
        text.number(row.yearly, 0),
        signed(row.net.mean, 0, text),
        bracketed(hours_of(row.minutes), text, PLACE_DIGITS),
        bracketed(row.visits, text, PLACE_DIGITS),
        text.number(100 * row.use.mean, 1),
    ]


def next_sentences(ranking: NextPoints, text: Text) -> list[str]:
    """Which is the first, whether it pays, and which cannot be told apart from it."""
    first = ranking.rows[0]
    sentences = [
        text(
            "cli.next_first",
            name=town_name(ranking.scenario, first.township, text),
            saved=bracketed(first.saved, text, PLACE_DIGITS),
            yearly=text.number(first.yearly, 0),
            net=bracketed(first.net, text, PLACE_DIGITS),
        )
    ]
    if not ranking.is_whole:
        sentences.append(early_sentence(ranking, text))
    if ranking.points:
        names = [town_name(ranking.scenario, township, text) for township in ranking.points]
        sentences.append(text("cli.next_beside", points=text("format.list").join(names)))
    alike = [
        town_name(ranking.scenario, row.township, text)
        for row in ranking.rows[1:]
        if not row.is_behind
    ]
    if alike:
        sentences.append(text("cli.next_alike", names=text("format.list").join(alike)))
    return [*sentences, *race_sentences(ranking, text), text("cli.next_pooling")]


def early_sentence(ranking: NextPoints, text: Text) -> str:
    """How far a ranking is that is not finished."""
    return text(
        "cli.next_early",
        known=len(ranking.rows),
        candidates=max(ranking.candidates, len(ranking.rows)),
        replications=ranking.replications,
        asked=ranking.asked,
    )


def race_sentences(ranking: NextPoints, text: Text) -> list[str]:
    """Who dropped out and when, and how sure it is that none of them is the first."""
    out = [row for row in ranking.rows if row.dropped_after]
    if not out:
        return []
    names = [
        text(
            "cli.next_dropped",
            name=town_name(ranking.scenario, row.township, text),
            n=row.dropped_after,
        )
        for row in out
    ]
    share = text.share(ranking.error, 0)
    return [text("cli.next_race", names=text("format.list").join(names), error=share)]
