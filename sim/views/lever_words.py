"""What is said of levers: what each does at the ends of its range, and what was left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sim.questions.ranking import End, LeverGroup, Ranking, Swing
from sim.text import Text
from sim.views.blocks import AnyBlock, AnyCell, SentenceBlock, TableBlock, say_each
from sim.views.context import changes_sentence
from sim.views.judged import explain_marks, judged_cell
from sim.views.lever_names import lever_name
from sim.views.scenario_names import layout_name, measure_name
from sim.views.scenario_words import few, value_in_words
from sim.views.values import (
    digits_of,
    gap_words,
    number_of,
    shown_scale,
    unit_of_difference,
    written,
)

MOST_DECIMALS: Final = 2
"""Of differences that stand below each other; a lever that hardly matters needs no more."""
MOST_TOLD: Final = 3
"""Levers that the answer names."""
FINE: Final = 0.1
"""Size below which one decimal more is shown."""
HEADS: Final = ("lever", "path", "value", "range", "at_low", "at_high")
"""Texts `cli.head.<name>`."""


def terminal_blocks(ranking: Ranking, top: int, path: str, text: Text) -> list[AnyBlock]:
    """The levers that matter most, what was left out and why, and enough to run it again.

    Parameters
    ----------
    top
        Levers that are shown.
    path
        Of the scenario.
    """
    changes = filter(None, [changes_sentence(ranking.scenario, text)])
    n_left_out = len(ranking.left_out)
    left_out = [text("cli.levers_left_out", n=n_left_out)] if n_left_out else []
    return [
        lever_table(ranking, text, top),
        *idle_blocks(ranking, text, top),
        *group_blocks(ranking, text),
        *say_each(left_out, "plain"),
        *left_out_blocks(ranking, text),
        *say_each(changes, "plain"),
        SentenceBlock(_run_line(ranking, path, text)),
    ]


def answer_blocks(ranking: Ranking, text: Text) -> list[AnyBlock]:
    """The measure as the hall is, and what the levers that matter most make of it."""
    return [
        SentenceBlock(_measured(ranking, text), "answer"),
        *say_each(
            (
                words
                for swing in ranking.swings[:MOST_TOLD]
                for words in _swing(ranking, swing, text)
            ),
            "plain",
        ),
    ]


def _measured(ranking: Ranking, text: Text) -> str:
    """The measure as the hall is, and how many levers move it."""
    return text(
        "document.levers",
        layout=layout_name(ranking.scenario, ranking.layout, text),
        measure=measure_name(ranking.measure, ranking.scenario, text),
        value=text("format.missing") if ranking.base is None else written(ranking.base, text),
        moving=len(ranking.swings) - ranking.idle,
        levers=len(ranking.swings),
    )


def _swing(ranking: Ranking, swing: Swing, text: Text) -> Iterator[str]:
    """What a lever does at the ends of its range; nothing where it does nothing."""
    ends = [
        text(
            "document.lever_end",
            value=value_in_words(setting.value, text),
            gap=gap_words(end.difference, text),
        )
        for end, setting in zip((swing.low, swing.high), swing.lever.settings, strict=True)
        if end is not None and end.difference.interval.mean != 0
    ]
    if ends:
        name = lever_name(swing.lever.path, ranking.scenario, text)
        yield text("document.lever", name=name, ends=text("format.parts").join(ends))


def lever_table(ranking: Ranking, text: Text, top: int | None = None) -> TableBlock:
    """A row a lever, the one that matters most first; all of them, or the first so many."""
    scenario, base = ranking.scenario, ranking.base
    differences = [end.difference for end in _ends(ranking)]
    digits = min(digits_of(differences), MOST_DECIMALS)
    rows: list[tuple[AnyCell, ...]] = []
    for swing in ranking.swings[:top]:
        low, high = (setting.value for setting in swing.lever.settings)
        rows.append(
            (
                lever_name(swing.lever.path, scenario, text),
                swing.lever.path,
                few(swing.lever.now),
                f"{low} – {high}",
                *(_end_cell(end, digits, text) for end in (swing.low, swing.high)),
            )
        )
    return TableBlock(
        text(
            "cli.heading.levers",
            measure=measure_name(ranking.measure, scenario, text),
            layout=layout_name(scenario, ranking.layout, text),
            base=number_of(base, text) if base is not None else text("format.missing"),
            unit=unit_of_difference(base.unit, text) if base is not None else "",
        ),
        tuple(text(f"cli.head.{head}") for head in HEADS),
        tuple(rows),
        text(
            "cli.sweep_marks",
            level=text.share(ranking.level, 0),
            comparisons=ranking.comparisons,
        ),
        names=4,
        marks=explain_marks(differences, text),
    )


def group_blocks(ranking: Ranking, text: Text) -> list[AnyBlock]:
    """Levers that were dismissed in groups, with how far they go together; groups that are open."""
    if ranking.base is None or not ranking.threshold:
        return []
    unit = ranking.base.unit
    half, threshold = (
        text.with_unit(_amount(share * ranking.threshold, ranking, text), unit)
        for share in (1 / 2, 1.0)
    )
    still = sum(len(group.paths) for group in ranking.groups if group.within == 0)
    words = text(
        "cli.levers_screened",
        dismissed=ranking.dismissed,
        still=still,
        half=half,
        threshold=threshold,
        alone=len(ranking.swings),
        level=text.share(ranking.level, 0),
    )
    blocks: list[AnyBlock] = [SentenceBlock(words, "note")]
    for name, groups in (("waiting", ranking.waiting), ("dismissed", ranking.groups)):
        if groups:
            blocks.append(_group_table(name, groups, ranking, text))
    return blocks


def _group_table(
    name: str, groups: Sequence[LeverGroup], ranking: Ranking, text: Text
) -> TableBlock:
    """A row a group: how many levers, which, and how far they go together."""
    assert ranking.base is not None
    unit = unit_of_difference(ranking.base.unit, text)
    names = [[lever_name(path, ranking.scenario, text) for path in group.paths] for group in groups]
    return TableBlock(
        text(f"cli.heading.levers_{name}"),
        (
            text("cli.head.levers"),
            text("cli.head.n_levers"),
            text(f"cli.head.within_{name}", unit=unit),
        ),
        tuple(
            (few(levers), str(len(levers)), _within(group.within, ranking, text))
            for levers, group in zip(names, groups, strict=True)
        ),
    )


def _within(value: float, ranking: Ranking, text: Text) -> str:
    """How far a group goes, either way."""
    return f"±{_amount(value, ranking, text)}" if value else text.number(0, 0)


def _amount(value: float, ranking: Ranking, text: Text) -> str:
    """A size in the unit in which the measure is shown."""
    assert ranking.base is not None
    shown = value * shown_scale(ranking.base.unit)
    return text.number(shown, 3 if shown < FINE else MOST_DECIMALS)


def _ends(ranking: Ranking) -> list[End]:
    """Every end that was run."""
    both = (end for swing in ranking.swings for end in (swing.low, swing.high))
    return [end for end in both if end is not None]


def _end_cell(end: End | None, digits: int, text: Text) -> AnyCell:
    if end is None:
        return text("cli.refused_end")
    return judged_cell(end.difference, digits, text, "" if end.same_budget else "*")


def idle_blocks(ranking: Ranking, text: Text, top: int | None = None) -> list[AnyBlock]:
    """How many levers are not shown, how many do nothing, and what a star says."""
    hidden = 0 if top is None else max(len(ranking.swings) - top, 0)
    counted = {"same": ranking.idle, "all": len(ranking.swings)}
    words = text("cli.levers_more", n=hidden, **counted) if hidden else ""
    blocks = [SentenceBlock(words or text("cli.levers_idle", **counted), "note")]
    if not all(end.same_budget for end in _ends(ranking)):
        blocks.append(SentenceBlock(text("cli.other_budget"), "note"))
    return [*blocks]


def left_out_blocks(ranking: Ranking, text: Text) -> list[AnyBlock]:
    """Levers that were left out or refused an end, each with the reason."""
    sentences = [
        f"{lever.path} · {problem.sentence(text)}" if lever.path not in problem.where else words
        for lever in ranking.left_out
        for problem in lever.problems[:1]
        for words in [problem.sentence(text)]
    ]
    return [*say_each(sentences, "point")]


def _run_line(ranking: Ranking, path: str, text: Text) -> str:
    return text(
        "cli.levers_line",
        scenario=text.name(ranking.scenario.name),
        path=path,
        hash=ranking.scenario.hash,
        levers=len(ranking.swings),
        replications=ranking.replications,
        seed=ranking.seed,
        engine=ranking.engine,
    )
