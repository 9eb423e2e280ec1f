"""What is said of a warm-up: a row and a sentence for each layout."""

from __future__ import annotations

from typing import Final

from rich.console import Console
from rich.table import Table

from sim.questions.warm_up import WarmUpCheck
from sim.text import Text
from sim.views.blocks import TableBlock
from sim.views.context import changes_sentence
from sim.views.siting_words import print_sentences
from sim.views.values import layout_name

HEADS: Final = ("verdict", "needed", "given", "usual")
"""Columns behind the layout; texts `warm_up.head.<name>`."""


def print_warm_up(check: WarmUpCheck, path: str, text: Text, console: Console) -> None:
    """The layouts' warm-ups, what follows, and how to repeat it."""
    block = warm_up_block(check, text)
    table = Table(title=block.title, title_justify="left", title_style="bold")
    for n, head in enumerate(block.heads):
        table.add_column(head, justify="left" if n <= 1 else "right", overflow="fold")
    for row in block.rows:
        table.add_row(*row)
    console.print(table)
    line = text(
        "cli.siting_line",
        scenario=text.name(check.scenario.name),
        path=path,
        hash=check.scenario.hash,
        replications=check.replications,
        seed=check.seed,
    )
    changes = filter(None, [changes_sentence(check.scenario, text)])
    print_sentences(console, [*warm_up_sentences(check, text), block.note, *changes, line])


def warm_up_block(check: WarmUpCheck, text: Text) -> TableBlock:
    """One row a layout: the verdict, what is needed and given, and how many are open afterwards."""
    rows = []
    for row in check.rows:
        needed = row.needed_hall_days
        rows.append(
            (
                layout_name(check.scenario, row.layout, text),
                text(f"warm_up.verdict.{row.verdict}"),
                text("format.missing") if needed is None else str(needed),
                str(check.given_hall_days),
                text.number(row.usual, 1),
            )
        )
    heads = (text("cli.head.layout"), *(text(f"warm_up.head.{head}") for head in HEADS))
    method = text("warm_up.method", replications=check.replications, seed=check.seed)
    return TableBlock(text("warm_up.heading"), heads, tuple(rows), method)


def warm_up_sentences(check: WarmUpCheck, text: Text) -> list[str]:
    """What follows for each layout; one sentence where none of them ever has an open case."""
    return [
        text(
            f"warm_up.{row.verdict}",
            layout=layout_name(check.scenario, row.layout, text),
            needed=row.needed_hall_days,
            given=check.given_hall_days,
            usual=text.number(row.usual, 0),
            days=len(row.open_cases),
        )
        for row in check.rows
    ]
