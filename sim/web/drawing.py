"""Blocks of any topic on a page."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from itertools import groupby
from typing import Final

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sim.text import Text
from sim.views.blocks import (
    AnyBlock,
    AnyCell,
    HeadingBlock,
    JudgedCell,
    PictureBlock,
    SentenceBlock,
    TableBlock,
    short_words,
    with_titles,
)
from sim.web.kept_choices import SIMPLE
from sim.web.session import session
from sim.web.telling import plain, show

MOST_STANDING: Final = 60
"""Rows of a table that does not scroll: a screen or two."""


def draw_answer(blocks: Iterable[AnyBlock], text: Text, key: tuple[Hashable, ...] = ()) -> None:
    """The answer with its first figure, and all else beneath it.

    Parameters
    ----------
    key
        As in `draw_blocks`.
    """
    first, others = to_first_figure(blocks)
    draw_blocks(first, text, key)
    if others:
        with beneath(text):
            draw_blocks(others, text, key)


def to_first_figure(blocks: Iterable[AnyBlock]) -> tuple[list[AnyBlock], list[AnyBlock]]:
    """Blocks with which an answer is given, and those that it rests on.

    Examples
    --------
    >>> to_first_figure([SentenceBlock("Open one more.", "answer")])
    ([SentenceBlock(words='Open one more.', tone='answer')], [])
    """
    ordered = [*blocks]
    pictures = [n for n, block in enumerate(ordered) if isinstance(block, PictureBlock)]
    end = pictures[0] + 1 if pictures else len(ordered)
    return ordered[:end], ordered[end:]


def beneath(text: Text) -> DeltaGenerator:
    """The place for all that an answer rests on, which the simple view keeps folded."""
    if session().view == SIMPLE:
        return st.expander(text("page.results.beneath"))
    return st.container()


def draw_blocks(blocks: Iterable[AnyBlock], text: Text, key: tuple[Hashable, ...] = ()) -> None:
    """Blocks below each other; points that follow each other are one list.

    Parameters
    ----------
    key
        Of the answer that they tell of: its figures are drawn once.
    """
    for is_point, together in groupby(with_titles(blocks), lambda pair: _is_point(pair[0])):
        if is_point:
            points = (block.words for block, _ in together if isinstance(block, SentenceBlock))
            st.markdown("\n".join(f"- {plain(words)}" for words in points))
            continue
        for block, title in together:
            _draw(block, title, text, key)


def _is_point(block: AnyBlock) -> bool:
    return isinstance(block, SentenceBlock) and block.tone == "point"


def _draw(block: AnyBlock, title: str, text: Text, key: tuple[Hashable, ...]) -> None:
    match block:
        case HeadingBlock(words, True):
            st.markdown(f"**{plain(words)}**")
        case HeadingBlock(words):
            st.subheader(plain(words), anchor=False)
        case SentenceBlock(words, "answer"):
            st.info(plain(words))
        case SentenceBlock(words, "caution"):
            st.warning(plain(words))
        case SentenceBlock(words, "note"):
            st.caption(plain(words))
        case SentenceBlock(words):
            st.markdown(plain(words))
        case TableBlock():
            _table(block, title)
        case PictureBlock(name, words, draw):
            show(key, name, words, text, draw)


def _table(block: TableBlock, title: str) -> None:
    """A table that is shown whole, and how to read it; a longer one scrolls."""
    if title:
        st.markdown(f"**{plain(title)}**")
    if len(block.rows) > MOST_STANDING:
        draw_long_table(block)
        return
    frame = _frame(block, _full_words).map(plain).rename(columns=plain)
    st.table(frame, hide_index=True, border="horizontal", alt=block.title)
    if block.note:
        st.caption(plain(block.note))


def draw_long_table(block: TableBlock, key: str | None = None) -> None:
    """A table of many rows, which scrolls and is searched; the page says its title."""
    frame = _frame(block, short_words)
    st.dataframe(frame, hide_index=True, width="stretch", key=key, alt=block.title)
    for words in filter(None, (block.marks, block.note)):
        st.caption(plain(words))


def pick_row(block: TableBlock, key: str) -> int | None:
    """A table of which one row can be chosen; the page says its title."""
    picked = st.dataframe(
        _frame(block, short_words),
        hide_index=True,
        width="stretch",
        key=key,
        on_select="rerun",
        selection_mode="single-row",
        alt=block.title,
    )
    chosen = [row for row in picked.selection.rows if row < len(block.rows)]
    return chosen[0] if chosen else None


def pick_cell(block: TableBlock, key: str) -> tuple[int, int] | None:
    """A table of which one cell can be chosen, by row and column; the page says its title."""
    picked = st.dataframe(
        _frame(block, short_words),
        hide_index=True,
        width="stretch",
        key=key,
        on_select="rerun",
        selection_mode="single-cell",
        alt=block.title,
    )
    if block.note:
        st.caption(plain(block.note))
    chosen = [
        (row, block.heads.index(head))
        for row, head in picked.selection.cells
        if row < len(block.rows) and head in block.heads
    ]
    return chosen[0] if chosen else None


def _frame(block: TableBlock, words_of: Callable[[AnyCell], str]) -> pd.DataFrame:
    return pd.DataFrame([[*map(words_of, row)] for row in block.rows], columns=[*block.heads])


def _full_words(cell: AnyCell) -> str:
    """A cell whose judgement is told in words."""
    if not isinstance(cell, JudgedCell):
        return short_words(cell)
    return " · ".join((" ".join(filter(None, (cell.figure, cell.remark))), cell.words))
