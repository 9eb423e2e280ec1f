"""What is said of a reform step by step: a table a measure, a row a stage."""

from __future__ import annotations

from functools import partial

from sim.questions.reform import Reform
from sim.text import Text
from sim.views.blocks import AnyBlock, PictureBlock, SentenceBlock, TableBlock, say_each
from sim.views.context import changes_sentence
from sim.views.reform import SHOWN, reform_figure, stage_name
from sim.views.scenario_names import layout_name, measure_name
from sim.views.siting_words import run_sentence
from sim.views.values import (
    digits_of,
    number_of,
    unit_key,
    unit_of_difference,
)
from sim.views.verdict import pair_word


def terminal_blocks(reform: Reform, path: str, text: Text) -> list[AnyBlock]:
    """The measures of the figure, what to know of them, and enough to run it again.

    Parameters
    ----------
    path
        Of the last scenario of the row.
    """
    title = text("figure.reform.title", layout=layout_name(reform.scenario, reform.layout, text))
    tables = [
        measure_table(reform, measure, text)
        for measure in SHOWN
        if any(change.estimate(measure) for change in reform.changes)
    ]
    level = text.share(reform.level, 0)
    comparisons = len(reform.changes) - 1
    closing = filter(
        None, [changes_sentence(reform.scenario, text), run_sentence(reform, path, text)]
    )
    return [
        PictureBlock("reform", title, partial(reform_figure, reform, text)),
        *tables,
        SentenceBlock(text("cli.reform_brackets", level=level, comparisons=comparisons), "note"),
        *say_each(_cautions(reform, text), "caution"),
        *say_each(closing, "plain"),
    ]


def measure_table(reform: Reform, measure: str, text: Text) -> TableBlock:
    """One measure of each stage, what its change brought, and what that allows to say."""
    estimates = [change.estimate(measure) for change in reform.changes]
    moves = [change.difference(measure) for change in reform.changes]
    present = [estimate for estimate in estimates if estimate is not None]
    gaps = [move for move in moves if move is not None]
    unit, missing = present[0].unit, text("format.missing")
    rows = [
        (
            stage_name(change, text, first=n == 0),
            missing if estimate is None else number_of(estimate, text, digits_of(present)),
            missing if move is None else number_of(move, text, digits_of(gaps)),
            missing if move is None else pair_word(move, text),
        )
        for n, (change, estimate, move) in enumerate(
            zip(reform.changes, estimates, moves, strict=True)
        )
    ]
    heads = (
        text("cli.head.stage"),
        text(
            "stations.measured", measure=text("cli.head.value"), unit=text(f"unit.{unit_key(unit)}")
        ),
        text(
            "stations.measured",
            measure=text("cli.head.from_stage"),
            unit=unit_of_difference(unit, text),
        ),
        text("page.results.judgement"),
    )
    return TableBlock(measure_name(measure, reform.scenario, text), heads, tuple(rows))


def _cautions(reform: Reform, text: Text) -> list[str]:
    """Where luck does not cancel, and who is counted."""
    cautions = []
    if not all(change.same_people for change in reform.changes[1:]):
        cautions.append(text("figure.reform.other_people"))
    if reform.matters:
        cautions.append(text("figure.reform.matters", n=len(reform.matters)))
    return cautions
