"""What is said of a comparison of layouts: its verdict, every measure, and how layouts differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from sim.analysis.catalogue import By
from sim.analysis.estimates import Estimate
from sim.analysis.intervals import bonferroni
from sim.questions.compare import Comparison
from sim.text import Text
from sim.views.accounts import GroupChoice, account_blocks, default_groupings, group_blocks
from sim.views.blocks import AnyBlock, HeadingBlock, SentenceBlock, TableBlock, say_each
from sim.views.judged import explain_marks, judged_cell
from sim.views.scenario_names import (
    layout_name,
    measure_meaning,
    measure_name,
)
from sim.views.values import (
    digits_of,
    likely_words,
    number_of,
    unit_key,
    unit_of_difference,
)
from sim.views.verdict import answer, cautions, context, forewarnings, hanging, sentences

MOST_GROUPS: Final = 20
"""Counties, lists or window groups of an area that a terminal shows."""


def terminal_blocks(
    comparison: Comparison, path: str, text: Text, groupings: Sequence[By] = ()
) -> list[AnyBlock]:
    """All of it, the verdict last, and enough to run it again.

    Parameters
    ----------
    path
        Of the scenario.
    groupings
        What waits are told by; where several classes come, they are told by class anyhow.
    """
    by = tuple(dict.fromkeys((*default_groupings(comparison), *groupings)))
    differ = [
        difference_table(comparison, text),
        HeadingBlock(text("report.verdict")),
        *verdict_blocks(comparison, text),
    ]
    return [
        measure_table(comparison, text),
        *account_blocks(comparison, text),
        *group_blocks(comparison, by, text, GroupChoice(MOST_GROUPS, "by.left_out_of_terminal")),
        *(differ if comparison.pairs else say_each(cautions(comparison, text), "caution")),
        *hanging_blocks(comparison, text),
        *context_blocks(comparison, text),
        SentenceBlock(_run_line(comparison, path, text)),
    ]


# === the verdict === #


def verdict_blocks(comparison: Comparison, text: Text, *, is_short: bool = False) -> list[AnyBlock]:
    """What to know before it, the answer, measure by measure, and what to know before acting.

    Parameters
    ----------
    is_short
        Without the sentences that tell each measure with its intervals.
    """
    warnings = forewarnings(comparison, text) if comparison.pairs else ()
    return [
        *say_each(warnings, "caution"),
        SentenceBlock(answer(comparison, text), "answer"),
        *([] if is_short else say_each(sentences(comparison, text), "point")),
        *say_each(cautions(comparison, text), "caution"),
    ]


def hanging_blocks(comparison: Comparison, text: Text) -> list[AnyBlock]:
    """On which assumptions the verdict hangs; nothing where nobody asked."""
    return _points(text("turning.title"), hanging(comparison, text))


def context_blocks(comparison: Comparison, text: Text) -> list[AnyBlock]:
    """What is not as the file has it, and in what else the halls are not alike."""
    return _points(text("context.title"), context(comparison, text))


def _points(heading: str, lines: Sequence[str]) -> list[AnyBlock]:
    if not lines:
        return []
    return [HeadingBlock(heading, is_within=True), *say_each(lines, "point")]


def _run_line(comparison: Comparison, path: str, text: Text) -> str:
    study, run = comparison.study, comparison.study.scenario.run
    return text(
        "cli.study_line",
        scenario=text.name(study.scenario.name),
        path=path,
        hash=study.scenario.hash,
        seed=study.seed,
        replications=study.replications,
        days=run.measured_days,
        warmup=run.warmup_days,
        followup=run.followup_days,
        engine=study.engine,
    )


# === the tables === #


def measure_table(comparison: Comparison, text: Text, *, with_meanings: bool = False) -> TableBlock:
    """A row a measure, a column a layout.

    Parameters
    ----------
    with_meanings
        A last column says what each measure means, where no list of definitions stands elsewhere
        and there is room.
    """
    study = comparison.study
    heads = [
        *(text(f"cli.head.{head}") for head in ("measure", "over", "unit")),
        *(layout_name(study.scenario, layout, text) for layout in study.layouts),
    ]
    rows = []
    for measure in measured(comparison):
        row = [_find(estimates, measure) for estimates in comparison.layouts]
        unit, digits = _of_all(row)
        cells = [
            measure_name(measure, study.scenario, text),
            text(f"measure_over.{measure}"),
            text(f"unit.{unit_key(unit)}"),
            *(
                text("format.missing") if estimate is None else number_of(estimate, text, digits)
                for estimate in row
            ),
        ]
        if with_meanings:
            cells.append(measure_meaning(measure, study.scenario, text))
        rows.append(tuple(cells))
    if with_meanings:
        heads.append(text("page.results.meaning"))
    note = text("report.measures_note", level=text.share(comparison.level, 0))
    return TableBlock(text("report.measures"), tuple(heads), tuple(rows), note, names=3)


LIKELY: Final = ("wait", "called_within", "give_up_share", "turnaround", "cost_per_day")
"""What is told of a hall in few words."""


def likely_table(comparison: Comparison, text: Text) -> TableBlock:
    """Five measures for who reads no intervals: each value, and between what it very likely is."""
    study = comparison.study
    names = [layout_name(study.scenario, layout, text) for layout in study.layouts]
    rows = []
    for measure in (measure for measure in LIKELY if measure in measured(comparison)):
        row = [_find(estimates, measure) for estimates in comparison.layouts]
        _, digits = _of_all(row)
        cells = [
            text("format.missing") if estimate is None else likely_words(estimate, text, digits)
            for estimate in row
        ]
        rows.append((measure_name(measure, study.scenario, text), *cells))
    note = text("page.results.likely_note", replications=study.replications)
    heads = (text("cli.head.measure"), *names)
    return TableBlock(text("page.results.five"), heads, tuple(rows), note, names=len(heads))


def difference_table(comparison: Comparison, text: Text) -> TableBlock:
    """A row a measure, a column a pair of layouts: the paired difference, and what it says."""
    scenario, pairs = comparison.study.scenario, comparison.pairs
    rows = []
    for measure in _measures(pair.differences for pair in pairs):
        row = [_find(pair.differences, measure) for pair in pairs]
        unit, digits = _of_all(row)
        name = measure_name(measure, scenario, text)
        cells = [judged_cell(difference, digits, text) for difference in row]
        rows.append((name, unit_of_difference(unit, text), *cells))
    heads = [
        text(
            "cli.head.minus",
            after=layout_name(scenario, pair.after, text),
            before=layout_name(scenario, pair.before, text),
        )
        for pair in pairs
    ]
    level = comparison.level
    return TableBlock(
        text("report.differences"),
        (text("cli.head.measure"), text("cli.head.unit"), *heads),
        tuple(rows),
        text(
            "report.differences_note",
            comparisons=len(pairs),
            level=text.share(level, 0),
            each=text.share(bonferroni(level, max(len(pairs), 1)), 1),
        ),
        names=2,
        marks=explain_marks((gap for pair in pairs for gap in pair.differences), text),
    )


def measured(comparison: Comparison) -> list[str]:
    """Measures that any layout has, in the order in which tables show them."""
    return _measures(comparison.layouts)


def _measures(columns: Iterable[Iterable[Estimate]]) -> list[str]:
    return list(dict.fromkeys(estimate.measure for column in columns for estimate in column))


def _find(estimates: Sequence[Estimate], measure: str) -> Estimate | None:
    return next((estimate for estimate in estimates if estimate.measure == measure), None)


def _of_all(row: Sequence[Estimate | None]) -> tuple[str, int]:
    """Unit and decimals of one measure, side by side."""
    present = [estimate for estimate in row if estimate is not None]
    return present[0].unit, digits_of(present)
