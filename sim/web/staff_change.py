"""One clerk fewer, one more: asked for at a cell of a sized roster, answered while one looks."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from sim.questions.size import SizedLayout, Sizing
from sim.questions.staff_change import StaffChange, StaffChangeQuestion
from sim.storage.trials import TrialsProcess
from sim.text import Text
from sim.views.blocks import HeadingBlock
from sim.views.staff_change_words import NeedsGrid, change_blocks, hint
from sim.web.drawing import draw_blocks, pick_cell


def change_part(sizing: Sizing, row: SizedLayout, folder: Path, text: Text) -> None:
    """A table of half hours, and below it what the chosen one is with another number of clerks.

    Parameters
    ----------
    folder
        That keeps the sizing.
    """
    if not sizing.confirmed_on:
        return
    grid = NeedsGrid(sizing, row, text)
    draw_blocks([HeadingBlock(text("size.change.title"), is_within=True), hint(text)], text)
    cell = pick_cell(grid.table, f"change-{row.layout}")
    need = None if cell is None else grid.need_at(*cell)
    if need is None:
        return
    with st.spinner(text("size.change.wait")):
        question = StaffChangeQuestion(row.layout, need.group, need.days, need.starts)
        change = _change(folder, question)
    draw_blocks(change_blocks(sizing, change, text), text)


@st.cache_resource(show_spinner=False)
def _trials() -> TrialsProcess:
    """The process of this server, asked by all readers."""
    return TrialsProcess()


@st.cache_data(show_spinner=False, max_entries=1_000)
def _change(folder: Path, question: StaffChangeQuestion) -> StaffChange:
    """An answer, sought once: crowds and roster never change."""
    return _trials().change(folder, question)
