"""Blocks of any topic on a terminal; tables line up in Chinese too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from rich.console import Console
from rich.table import Table

from sim.views.blocks import (
    AnyBlock,
    HeadingBlock,
    PictureBlock,
    SentenceBlock,
    TableBlock,
    Tone,
    short_words,
    with_titles,
)

STYLES: Final[Mapping[Tone, str]] = {"answer": "bold", "caution": "bold yellow"}
"""How a sentence of a tone stands out, where the output is a terminal."""


def print_blocks(blocks: Iterable[AnyBlock], console: Console) -> None:
    """Blocks below each other, without pictures; words of others are never read as markup.

    Examples
    --------
    >>> from sim.views.blocks import SentenceBlock
    >>> print_blocks([SentenceBlock("It is open.", "point")], Console())
    · It is open.
    """
    for block, title in with_titles(blocks):
        match block:
            case HeadingBlock(words):
                console.print()
                console.print(words, style="bold", markup=False)
            case SentenceBlock(words, tone):
                bullet = "· " if tone in ("point", "caution") else ""
                console.print(f"{bullet}{words}", style=STYLES.get(tone), markup=False)
            case TableBlock():
                console.print(_table(block, title))
                for words in filter(None, (block.marks, block.note)):
                    console.print(words, style="dim", markup=False)
            case PictureBlock():
                pass


def _table(block: TableBlock, title: str) -> Table:
    table = Table(title=title or None, title_justify="left", title_style="bold")
    for n, head in enumerate(block.heads):
        if n < block.names:
            table.add_column(head, overflow="fold")
        else:
            table.add_column(head, justify="right")
    for n, row in enumerate(block.rows):
        if n in block.parts:
            table.add_section()
        table.add_row(*map(short_words, row))
    return table
