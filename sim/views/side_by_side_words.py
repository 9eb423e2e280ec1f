"""What is said of kept studies beside each other: how they were asked, and what came of each."""

from __future__ import annotations

from collections.abc import Sequence

from sim.questions.side_by_side import SideBySide, StudyLayout
from sim.text import Text
from sim.views.blocks import AnyBlock, AnyCell, SentenceBlock, TableBlock
from sim.views.context import change_lines
from sim.views.judged import explain_marks, judged_cell
from sim.views.scenario_names import layout_name, measure_name
from sim.views.values import (
    digits_of,
    likely_words,
    number_of,
    unit_key,
)


def side_by_side_blocks(
    beside: SideBySide, names: Sequence[str], text: Text, only: Sequence[str] = ()
) -> list[AnyBlock]:
    """How the studies differ in what was asked, then in what came out.

    Parameters
    ----------
    names
        Of the columns, no two alike.
    only
        Measures that are told, each in words; none = all of them, with their intervals.
    """
    alone = [
        name for name, apart in zip(names[1:], beside.differences, strict=True) if apart is None
    ]
    caution = text(
        "side_by_side.other_people", first=names[0], others=text("format.list").join(alone)
    )
    return [
        _differently(beside.columns, names, text, is_short=bool(only)),
        *([SentenceBlock(caution, "caution")] if alone else []),
        _outcome(beside, names, text, only),
    ]


def _differently(
    columns: Sequence[StudyLayout], names: Sequence[str], text: Text, *, is_short: bool
) -> AnyBlock:
    """What was asked differently, a row each; a sentence where nothing was."""
    rows = []
    for words, cells in _settings(columns, text).items():
        if len(set(cells)) > 1 and not (is_short and words == text("side_by_side.hash")):
            rows.append((words, *cells))
    if not rows:
        return SentenceBlock(text("side_by_side.same_settings"))
    heads = (text("side_by_side.setting"), *names)
    note = text("side_by_side.settings_note")
    return TableBlock(text("side_by_side.settings"), heads, tuple(rows), note, names=len(heads))


def _settings(columns: Sequence[StudyLayout], text: Text) -> dict[str, list[str]]:
    """How each was asked: name of the setting -> a cell a column."""
    scenarios = [column.study.scenario for column in columns]
    lines = [change_lines(scenario, text) for scenario in scenarios]
    return {
        text("app.scenario"): [text.name(scenario.name) for scenario in scenarios],
        text("app.layout"): [
            layout_name(column.study.scenario, column.layout, text) for column in columns
        ],
        text("app.days"): [text.number(scenario.run.measured_days, 0) for scenario in scenarios],
        text("app.replications"): [text.number(column.study.replications, 0) for column in columns],
        text("app.seed"): [str(column.study.seed) for column in columns],
        text("side_by_side.changed"): [
            text("format.parts").join(changed) or text("app.none") for changed in lines
        ],
        text("side_by_side.hash"): [scenario.hash for scenario in scenarios],
    }


def _outcome(
    beside: SideBySide, names: Sequence[str], text: Text, only: Sequence[str]
) -> TableBlock:
    """A row a measure: each study, then each difference from the first of the same people."""
    scenario = beside.columns[0].study.scenario
    by_measure = [{each.measure: each for each in column} for column in beside.estimates]
    apart = [
        None if pair is None else {each.measure: each for each in pair}
        for pair in beside.differences
    ]
    measures = dict.fromkeys(measure for column in by_measure for measure in column)
    told_measures = [measure for measure in measures if not only or measure in only]
    rows: list[tuple[AnyCell, ...]] = []
    for measure in told_measures:
        present = [column[measure] for column in by_measure if measure in column]
        digits = digits_of(present)
        write = likely_words if only else number_of
        cells: list[AnyCell] = [measure_name(measure, scenario, text)]
        if not only:
            cells.append(text(f"unit.{unit_key(present[0].unit)}"))
        cells += [
            write(column[measure], text, digits) if measure in column else text("format.missing")
            for column in by_measure
        ]
        cells += [
            judged_cell(pair.get(measure), digits, text) for pair in apart if pair is not None
        ]
        rows.append(tuple(cells))
    minus = [
        text("cli.head.minus", after=name, before=names[0])
        for name, pair in zip(names[1:], apart, strict=True)
        if pair is not None
    ]
    heads = [text("cli.head.measure"), *([] if only else [text("cli.head.unit")]), *names, *minus]
    level = text.share(beside.level, 0)
    return TableBlock(
        text("side_by_side.outcome"),
        tuple(heads),
        tuple(rows),
        text("side_by_side.outcome_note", level=level),
        names=1 if only else 2,
        marks=explain_marks(
            (gap for pair in beside.differences if pair is not None for gap in pair), text
        ),
    )
