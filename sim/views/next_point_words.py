"""What is said of the next point: a table of townships, and sentences."""

from __future__ import annotations

from typing import Final

from rich.console import Console
from rich.table import Table

from sim.questions.next_point import NextPoint, NextPoints
from sim.text import Text
from sim.views.area_names import town_name
from sim.views.siting_words import bracketed, common_sentences, hours_of, print_sentences
from sim.views.values import layout_name, signed

NEXT_HEADS: Final = ("saved", "next_behind", "station_cost", "net", "hours", "trips", "use")
"""Columns behind the township; texts `cli.head.<name>`."""


def print_next_points(ranking: NextPoints, path: str, text: Text, console: Console) -> None:
    """The townships for one station more, best first, and what that allows to say."""
    table = Table(
        title=text(
            "cli.heading.next_points",
            screened=ranking.screened,
            layout=layout_name(ranking.scenario, ranking.layout, text),
        ),
        title_justify="left",
        title_style="bold",
    )
    table.add_column(text("cli.head.township"), overflow="fold")
    for head in NEXT_HEADS:
        table.add_column(text(f"cli.head.{head}"), justify="right")
    for row in ranking.rows:
        table.add_row(town_name(ranking.scenario, row.township, text), *next_cells(row, text))
    console.print(table)
    print_sentences(console, next_sentences(ranking, text))
    print_sentences(console, common_sentences(ranking, path, text))


def next_cells(row: NextPoint, text: Text) -> list[str]:
    """What one station more brings, in the order of `NEXT_HEADS`."""
    alike = "" if row.is_behind else " " + text("judgement_mark.not_distinguishable")
    behind = text("judgement_mark.identical") if row.behind.mean == 0 else ""
    return [
        bracketed(row.saved, text),
        behind or bracketed(row.behind, text) + alike,
        text.number(row.yearly, 0),
        signed(row.net.mean, 0, text),
        bracketed(hours_of(row.minutes), text),
        bracketed(row.visits, text),
        text.number(100 * row.use.mean, 1),
    ]


def next_sentences(ranking: NextPoints, text: Text) -> list[str]:
    """Which is the first, whether it pays, and which cannot be told apart from it."""
    sentences = []
    if ranking.points:
        names = [town_name(ranking.scenario, township, text) for township in ranking.points]
        sentences.append(text("cli.next_beside", points=text("format.list").join(names)))
    first = ranking.rows[0]
    sentences.append(
        text(
            "cli.next_first",
            name=town_name(ranking.scenario, first.township, text),
            saved=bracketed(first.saved, text),
            yearly=text.number(first.yearly, 0),
            net=bracketed(first.net, text),
        )
    )
    alike = [
        town_name(ranking.scenario, row.township, text)
        for row in ranking.rows[1:]
        if not row.is_behind
    ]
    if alike:
        sentences.append(text("cli.next_alike", names=text("format.list").join(alike)))
    sentences.append(text("cli.next_pooling"))
    return sentences
