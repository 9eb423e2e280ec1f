"""The verdict in plain sentences: which layout is better, by how much, and what cannot be told."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

from sim.analysis.estimates import Estimate
from sim.experiment.compare import HEADLINES, Comparison, Judgement, judge
from sim.text import Text
from sim.views.values import digits_of, gap_words, layout_name, measure_name, opposite, written

FEW: Final = 10
"""Replications below which a verdict is called provisional."""


def difference(comparison: Comparison, before: str, after: str, measure: str) -> Estimate | None:
    """`after` minus `before`, whichever way the pair was computed; None when not measured."""
    for pair in comparison.pairs:
        if {pair.before, pair.after} != {before, after}:
            continue
        for one in pair.differences:
            if one.measure == measure:
                turned = one._replace(interval=opposite(one.interval))
                return one if pair.after == after else turned
    return None


def measured(comparison: Comparison, measure: str) -> dict[str, Estimate]:
    """The layouts that have a measure, best mean first; in the study's order if none is better."""
    found = {
        layout: one
        for layout, all_of_it in zip(comparison.study.layouts, comparison.layouts, strict=True)
        for one in all_of_it
        if one.measure == measure
    }
    sign = {"low": 1.0, "high": -1.0}

    def rank(layout: str) -> float:
        one = found[layout]
        return sign.get(one.better, 0.0) * one.interval.mean

    return {layout: found[layout] for layout in sorted(found, key=rank)}


def _turned(one: Estimate) -> Estimate:
    return one._replace(interval=opposite(one.interval))


def _joined(clauses: Iterable[str], text: Text) -> str:
    """Clauses of one sentence; western scripts leave a space behind the sign."""
    space = "" if text.language == "zh" else " "
    return (text("report.joins.clauses") + space).join(clauses)


def is_identical(one: Estimate) -> bool:
    """A difference that was nothing in every cluster: the layouts do not differ there at all."""
    return one.interval.mean == 0 and one.interval.half_width == 0


def judgement_name(judgement: Judgement, text: Text) -> str:
    """A judgement in a word or two."""
    return text(f"figure.judgement.{judgement}")


def pair_word(one: Estimate, text: Text) -> str:
    """What a paired difference allows to say, in a word or two."""
    if not math.isfinite(one.interval.half_width):
        return text("figure.judgement.too_few")
    if is_identical(one):
        return text("figure.judgement.identical")
    return judgement_name(judge(one), text)


def leaders(comparison: Comparison, measure: str) -> tuple[str, ...]:
    """The layout with the best mean, and all that cannot be told apart from it.

    One layout alone is the clear winner. Empty where nothing is better, or nothing was measured.
    """
    ranked = measured(comparison, measure)
    best = next(iter(ranked), None)
    if best is None or ranked[best].better == "neither":
        return ()
    rest = [layout for layout in ranked if layout != best]
    gaps = {layout: difference(comparison, best, layout, measure) for layout in rest}
    tied = [layout for layout, gap in gaps.items() if gap is None or judge(gap) != "worse"]
    return (best, *tied)


def measure_sentence(comparison: Comparison, measure: str, text: Text) -> str | None:
    """What can be said of one measure; None when nothing of it was measured."""
    scenario, ranked = comparison.study.scenario, measured(comparison, measure)
    if not ranked:
        return None
    name = measure_name(measure, scenario, text)
    digits = digits_of(list(ranked.values()))
    names = {layout: layout_name(scenario, layout, text) for layout in ranked}
    comma = text("format.list")
    values = comma.join(
        text("report.value_of", layout=names[layout], value=written(one, text, digits))
        for layout, one in ranked.items()
    )
    top = leaders(comparison, measure)
    if len(ranked) == 1 or not top:
        return text("report.values_only", measure=name, values=values)
    best = top[0]
    gaps = {
        layout: gap
        for layout in ranked
        if layout != best and (gap := difference(comparison, best, layout, measure)) is not None
    }
    if any(not math.isfinite(gap.interval.half_width) for gap in gaps.values()):
        return text("report.too_few_to_tell", measure=name, values=values)
    if all(is_identical(gap) for gap in gaps.values()):
        value = written(ranked[best], text, digits)
        return text("report.all_identical", measure=name, value=value)
    if len(top) == len(ranked):
        return text("report.none_better", measure=name, values=values)
    behind = [layout for layout in ranked if layout not in top]
    clauses = _joined(
        (
            text(
                "report.ahead_of",
                layout=names[layout],
                gap=gap_words(_turned(gaps[layout]), text),
            )
            for layout in behind
        ),
        text,
    )
    if len(top) == 1:
        value = written(ranked[best], text, digits)
        return text(
            "report.one_better", measure=name, layout=names[best], value=value, gaps=clauses
        )
    return text(
        "report.some_tied",
        measure=name,
        tied=comma.join(text("format.quoted", name=names[layout]) for layout in top),
        best=names[best],
        value=written(ranked[best], text, digits),
        gaps=clauses,
    )


def sentences(
    comparison: Comparison, text: Text, measures: Sequence[str] = HEADLINES
) -> tuple[str, ...]:
    """One sentence for each measure: who is best, by how much, or that it cannot be told.

    Examples
    --------
    >>> from sim import compare, example_path, load_scenario, replicate
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> study = compare(replicate(scenario, replications=2, workers=1))
    >>> sentences(study, load_text("en"), ["wait"])[0].startswith("Mean wait: “One list” ")
    True
    """
    found = (measure_sentence(comparison, measure, text) for measure in measures)
    return tuple(sentence for sentence in found if sentence is not None)


def answer(comparison: Comparison, text: Text, measures: Sequence[str] = HEADLINES) -> str:
    """The verdict in one sentence: on how many headline measures each layout is clearly best."""
    study, scenario = comparison.study, comparison.study.scenario
    if len(study.layouts) < 2:
        name = layout_name(scenario, study.layouts[0], text)
        return text("report.one_layout", layout=name)
    if study.replications < 2:
        return text("report.one_replication")
    tops = {measure: leaders(comparison, measure) for measure in measures}
    tops = {measure: top for measure, top in tops.items() if top}
    won: dict[str, list[str]] = {}
    for measure, top in tops.items():
        if len(top) == 1:
            won.setdefault(top[0], []).append(measure)
    if not won:
        return text("report.answer_none", measures=len(tops))
    comma = text("format.list")
    clauses = [
        text(
            "report.answer_wins",
            layout=layout_name(scenario, layout, text),
            wins=comma.join(measure_name(measure, scenario, text) for measure in mine),
        )
        for layout, mine in sorted(won.items(), key=lambda item: -len(item[1]))
    ]
    open_ones = [measure for measure, top in tops.items() if len(top) > 1]
    if open_ones:
        names = comma.join(measure_name(measure, scenario, text) for measure in open_ones)
        clauses.append(text("report.answer_open", measures=names))
    return text("report.answer", clauses=_joined(clauses, text))


def cautions(comparison: Comparison, text: Text) -> tuple[str, ...]:
    """What a reader must know before acting on the verdict."""
    study = comparison.study
    found = []
    if study.cancelled:
        found.append(text("report.cut_short", done=study.replications, asked=study.asked))
    if study.replications < FEW:
        found.append(text("report.provisional", replications=study.replications))
    over = [
        layout_name(study.scenario, layout, text)
        for layout, all_of_it in zip(study.layouts, comparison.layouts, strict=True)
        for one in all_of_it
        if one.measure == "utilisation" and one.interval.mean > 0.95
    ]
    if over:
        found.append(text("report.hardly_copes", layouts=text("format.list").join(over)))
    return tuple(found)
