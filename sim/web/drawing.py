"""Blocks of any topic on a page."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from itertools import groupby

import pandas as pd
import streamlit as st

from sim.text import Text
from sim.views.blocks import (
    AnyBlock,
    HeadingBlock,
    PictureBlock,
    SentenceBlock,
    TableBlock,
    with_titles,
)
from sim.web.telling import plain, show


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
    """A table that is shown whole, and how to read it."""
    if title:
        st.markdown(f"**{plain(title)}**")
    heads = [plain(head) for head in block.heads]
    frame = pd.DataFrame([[*map(plain, row)] for row in block.rows], columns=heads)
    st.table(frame, hide_index=True, border="horizontal", alt=block.title)
    if block.note:
        st.caption(plain(block.note))
