"""What a study found, in the order in which an official asks: every document is made of this."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Literal, NamedTuple

from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.blocks import (
    AnyBlock,
    HeadingBlock,
    PictureBlock,
    SentenceBlock,
    TableBlock,
    Tone,
)

PartName = Literal["asked", "answer", "money", "sureness", "hanging", "to_check"]
"""Parts of the findings; texts `document.part.<name>`."""
PARTS: Final[tuple[PartName, ...]] = (
    *("asked", "answer", "money", "sureness", "hanging", "to_check"),
)
PART_OF: Final[dict[Tone, PartName]] = {
    "answer": "answer",
    "plain": "answer",
    "point": "sureness",
    "caution": "to_check",
}
"""Where a sentence of a tone stands; notes tell how to read a table, and stay with it."""


class AnnexPart(NamedTuple):
    """Tables, figures and sentences below one heading.

    Attributes
    ----------
    heading : str
    blocks : tuple of blocks
    """

    heading: str
    blocks: tuple[AnyBlock, ...]


class Findings(NamedTuple):
    """What a study says of itself, whatever was asked.

    Attributes
    ----------
    subject : str
        What was studied, as a part of the title.
    scenario : Scenario
    layouts : tuple of str
    replications, seed : int
    parts : dict
        Sentences of each part, the most important first.
    annexes : tuple of AnnexPart
        Every table and figure.
    definitions : tuple of (str, str)
        Measures, and what they mean.
    engine : str
        Empty where the answer does not say it.
    about : str
        Part of the scenario whose assumptions are to be looked up first; empty = any.
    day : callable or None
        Makes the day in motion, as the player reads it, or None; where the study can show one.
    """

    subject: str
    scenario: Scenario
    layouts: tuple[str, ...]
    replications: int
    seed: int
    parts: dict[PartName, tuple[SentenceBlock, ...]]
    annexes: tuple[AnnexPart, ...]
    definitions: tuple[tuple[str, str], ...] = ()
    engine: str = ""
    about: str = ""
    day: Callable[[], dict[str, Any] | None] | None = None


def simply(text: Text) -> Text:
    """The same words, with intervals told as one tells them to who reads no brackets.

    Examples
    --------
    >>> from sim.text import load_text
    >>> simply(load_text("en")).interval(12.1, 11.8, 12.4, "min")
    '12.1 (very likely between 11.8 and 12.4)'
    """
    if text.language == "keys":
        return text
    return Text(
        text.language, {**text.entries, "format.interval": text.template("document.interval")}
    )


def sentences_by_part(blocks: Iterable[AnyBlock]) -> dict[PartName, tuple[SentenceBlock, ...]]:
    """Sentences of a topic, each in the part where an official looks for it.

    Examples
    --------
    >>> said = [SentenceBlock("Open one more.", "answer"), SentenceBlock("As yet.", "caution")]
    >>> [*sentences_by_part(said)]
    ['answer', 'to_check']
    """
    parts: dict[PartName, tuple[SentenceBlock, ...]] = {}
    for block in blocks:
        if isinstance(block, SentenceBlock) and block.tone in PART_OF:
            part = PART_OF[block.tone]
            parts[part] = (*parts.get(part, ()), block)
    return parts


def annex_of(heading: str, blocks: Sequence[AnyBlock]) -> AnnexPart:
    """All that a topic shows, below one heading; what stands below headings of its own is within.

    Examples
    --------
    >>> annex_of("Waits", [HeadingBlock("By class")]).blocks
    (HeadingBlock(words='By class', is_within=True),)
    """
    within = (
        block._replace(is_within=True) if isinstance(block, HeadingBlock) else block
        for block in blocks
    )
    return AnnexPart(heading, tuple(within))


def pictures_in(annexes: Iterable[AnnexPart]) -> list[PictureBlock]:
    """Figures in their order."""
    return [block for part in annexes for block in part.blocks if isinstance(block, PictureBlock)]


def tables_in(annexes: Iterable[AnnexPart]) -> list[TableBlock]:
    """Tables in their order."""
    return [block for part in annexes for block in part.blocks if isinstance(block, TableBlock)]
