"""A difference in a table: its figure, and what it allows to say as a mark and in words."""

from __future__ import annotations

from collections.abc import Iterable

from sim.analysis.estimates import Estimate
from sim.analysis.judge import JUDGEMENTS, judge, size_of, way_of
from sim.text import Text
from sim.views.blocks import AnyCell, JudgedCell
from sim.views.values import judgement_name, number_of


def judged_cell(difference: Estimate | None, digits: int, text: Text, remark: str = "") -> AnyCell:
    """The cell of a difference; that of a missing value where there was nothing to count.

    Examples
    --------
    >>> from sim.analysis.intervals import Interval
    >>> from sim.text import load_text
    >>> shorter = Estimate("wait", "min", "low", Interval(-3.0, -4.0, -2.0, n=20), 1.0)
    >>> cell = judged_cell(shorter, 0, load_text("en"))
    >>> cell.figure, cell.mark, cell.words
    ('−3 [−4, −2]', '✓', 'better')
    """
    if difference is None:
        return text("format.missing")
    judgement = judge(difference)
    return JudgedCell(
        number_of(difference, text, digits),
        text(f"judgement_mark.{judgement}"),
        judgement_name(judgement, text),
        way_of(judgement),
        size_of(judgement),
        remark,
    )


def explain_marks(differences: Iterable[Estimate | None], text: Text) -> str:
    """What the marks say that stand behind some differences."""
    shown = {judge(difference) for difference in differences if difference is not None}
    return text("format.list").join(
        text(
            "format.mark",
            mark=text(f"judgement_mark.{judgement}"),
            word=judgement_name(judgement, text),
        )
        for judgement in JUDGEMENTS
        if judgement in shown
    )
