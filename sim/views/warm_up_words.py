"""What is said of a warm-up: a row and a sentence for each layout."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Final

from sim.analysis.warm_up import LEAST_DAYS
from sim.questions.warm_up import LayoutWarmUp, WarmUpCheck
from sim.text import Text
from sim.views.blocks import AnyBlock, PictureBlock, TableBlock, say_each
from sim.views.context import changes_sentence
from sim.views.scenario_names import layout_name
from sim.views.siting_words import run_sentence
from sim.views.warm_up import warm_up_figure

HEADS: Final = ("verdict", "needed", "given", "usual")
"""Columns behind the layout; texts `warm_up.head.<name>`."""


def warm_up_blocks(check: WarmUpCheck, text: Text, closing: Iterable[str] = ()) -> list[AnyBlock]:
    """What follows for each layout, the days in a picture, and the layouts in a table.

    Parameters
    ----------
    closing
        Sentences below it: of where it comes from, and how to run it again.
    """
    title, draw = text("figure.warm_up.title"), partial(warm_up_figure, check, text)
    return [
        *say_each(warm_up_sentences(check, text), "point"),
        PictureBlock("warm_up", title, draw),
        _table(check, text),
        *say_each(closing, "point"),
    ]


def terminal_blocks(check: WarmUpCheck, path: str, text: Text) -> list[AnyBlock]:
    """The same with what differs from the file, and enough to run it again."""
    changes = filter(None, [changes_sentence(check.scenario, text)])
    return warm_up_blocks(check, text, [*changes, run_sentence(check, path, text)])


def _table(check: WarmUpCheck, text: Text) -> TableBlock:
    """One row a layout: the verdict, what is needed and given, and how many are open afterwards."""
    rows = [
        (
            layout_name(check.scenario, row.layout, text),
            text(f"warm_up.verdict.{row.verdict}"),
            text("format.missing") if row.needed_hall_days is None else str(row.needed_hall_days),
            str(check.given_hall_days),
            text.number(row.usual, 1),
        )
        for row in check.rows
    ]
    heads = (text("cli.head.layout"), *(text(f"warm_up.head.{head}") for head in HEADS))
    method = text("warm_up.method", replications=check.replications, seed=check.seed)
    return TableBlock(text("warm_up.table"), heads, tuple(rows), method, names=2)


def warm_up_sentences(check: WarmUpCheck, text: Text) -> list[str]:
    """What follows for each layout."""
    return [
        text(
            f"warm_up.{_reason(row)}",
            layout=layout_name(check.scenario, row.layout, text),
            needed=row.needed_hall_days,
            given=check.given_hall_days,
            usual=text.number(row.usual, 0),
            days=len(row.open_cases),
            least=LEAST_DAYS,
        )
        for row in check.rows
    ]


def _reason(row: LayoutWarmUp) -> str:
    """The verdict; of a run that is too short to tell, that it is."""
    is_short = len(row.open_cases) < LEAST_DAYS
    return "too_few" if row.verdict == "cannot_tell" and is_short else row.verdict
