"""The verdict in plain sentences: which layout is better, by how much, and what cannot be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from sim.analysis.estimates import Estimate
from sim.analysis.groups import group_changes
from sim.analysis.intervals import bonferroni
from sim.analysis.judge import judge, size_of, way_of
from sim.questions.alike import Means, means_of
from sim.questions.compare import HEADLINES, Comparison
from sim.scenario.hours import unpublished_years
from sim.text import Text
from sim.views.accounts import SIDE_BY_SIDE, account_cautions, group_label
from sim.views.context import change_lines, means_lines, unlike_hours
from sim.views.scenario_names import layout_name, measure_name
from sim.views.turning import turning_sentences
from sim.views.values import (
    digits_of,
    gap_words,
    judgement_name,
    lead_words,
    opposite,
    size_words,
    written,
)

NO_DIFFERENCE: Final = frozenset({"no_difference_that_matters", "identical"})
TOO_LITTLE: Final = frozenset({"worse_too_little"})
FEW: Final = 10
"""Replications below which a verdict is called provisional."""


def difference(comparison: Comparison, before: str, after: str, measure: str) -> Estimate | None:
    """`after` minus `before`, whichever way the pair was computed; None when not measured."""
    for pair in comparison.pairs:
        if {pair.before, pair.after} != {before, after}:
            continue
        for estimate in pair.differences:
            if estimate.measure == measure:
                turned = estimate._replace(interval=opposite(estimate.interval))
                return estimate if pair.after == after else turned
    return None


def measured(comparison: Comparison, measure: str) -> dict[str, Estimate]:
    """The layouts that have a measure, best mean first; in the study's order if none is better."""
    by_layout = {
        layout: estimate
        for layout, all_of_it in zip(comparison.study.layouts, comparison.layouts, strict=True)
        for estimate in all_of_it
        if estimate.measure == measure
    }
    sign = {"low": 1.0, "high": -1.0}

    def rank(layout: str) -> float:
        estimate = by_layout[layout]
        return sign.get(estimate.better, 0.0) * estimate.interval.mean

    return {layout: by_layout[layout] for layout in sorted(by_layout, key=rank)}


def _turned(estimate: Estimate) -> Estimate:
    return estimate._replace(interval=opposite(estimate.interval))


def _joined(clauses: Iterable[str], text: Text) -> str:
    """Clauses of one sentence; western scripts leave a space behind the sign."""
    space = "" if text.language == "zh" else " "
    return (text("report.joins.clauses") + space).join(clauses)


def pair_word(estimate: Estimate, text: Text) -> str:
    """What a paired difference allows to say, in a word or two."""
    return judgement_name(judge(estimate), text)


def leaders(comparison: Comparison, measure: str) -> tuple[str, ...]:
    """The layout with the best mean, and all that cannot be told apart from it.

    One layout alone is surely the best, if not by a size that matters. Empty where nothing is
    better, or nothing was measured.
    """
    ranked = measured(comparison, measure)
    best = next(iter(ranked), None)
    if best is None or ranked[best].better == "neither":
        return ()
    others = [layout for layout in ranked if layout != best]
    gaps = {layout: difference(comparison, best, layout, measure) for layout in others}
    tied = [layout for layout, gap in gaps.items() if gap is None or not _is_behind(gap)]
    return (best, *tied)


def _is_behind(gap: Estimate) -> bool:
    """Whether a layout is surely worse than the one it is compared with, by whatever size."""
    return way_of(judge(gap)) == "worse"


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
        text("report.value_of", layout=names[layout], value=written(estimate, text, digits))
        for layout, estimate in ranked.items()
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
    said = {judge(gap) for gap in gaps.values()}
    if "too_few" in said:
        return text("report.too_few_to_tell", measure=name, values=values)
    if said == {"identical"}:
        value = written(ranked[best], text, digits)
        return text("report.all_identical", measure=name, value=value)
    if said <= NO_DIFFERENCE:
        size = size_words(_largest(gaps.values()), text)
        return text("report.none_matters", measure=name, values=values, size=size)
    if len(top) == len(ranked):
        return text("report.none_better", measure=name, values=values)
    behind = [layout for layout in ranked if layout not in top]
    clauses = _joined((_lead(gaps[layout], names[layout], text) for layout in behind), text)
    if len(top) == 1:
        value = written(ranked[best], text, digits)
        word = "one_ahead" if said <= TOO_LITTLE else "one_better"
        return text(f"report.{word}", measure=name, layout=names[best], value=value, gaps=clauses)
    return text(
        "report.some_tied",
        measure=name,
        tied=comma.join(text("format.quoted", name=names[layout]) for layout in top),
        best=names[best],
        value=written(ranked[best], text, digits),
        gaps=clauses,
    )


def _lead(gap: Estimate, layout: str, text: Text) -> str:
    """By how much the best is ahead of a layout, and whether that matters."""
    return text(
        f"report.ahead_of.{size_of(judge(gap))}",
        layout=layout,
        gap=gap_words(_turned(gap), text),
        size=size_words(gap, text),
    )


def _largest(gaps: Iterable[Estimate]) -> Estimate:
    """The one whose size that matters is the largest: sizes of costs go with what is compared."""
    return max(gaps, key=lambda gap: gap.matters_from)


def sentences(
    comparison: Comparison, text: Text, measures: Sequence[str] = HEADLINES
) -> tuple[str, ...]:
    """One sentence for each measure: who is best, by how much, or that it cannot be told.

    Examples
    --------
    >>> from sim import Run, compare, example_path, load_scenario, replicate
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> study = compare(replicate(scenario, run=Run(replications=2, workers=1)))
    >>> sentences(study, load_text("en"), ["wait"])[0].startswith("Mean wait: “One list” ")
    True
    """
    worded = (measure_sentence(comparison, measure, text) for measure in measures)
    return tuple(sentence for sentence in worded if sentence is not None)


def answer(comparison: Comparison, text: Text, measures: Sequence[str] = HEADLINES) -> str:
    """The verdict in one sentence: on which measures which layout is best by a size that matters.

    What is surely better by too little, or by a size that is open, is said to be so; so is what
    makes no difference that matters, and what cannot be told apart.
    """
    study, scenario = comparison.study, comparison.study.scenario
    if len(study.layouts) < 2:
        name = layout_name(scenario, study.layouts[0], text)
        return text("report.one_layout", layout=name)
    if study.replications < 2:
        return text("report.one_replication")
    comma = text("format.list")
    by_kind: dict[str, dict[str, list[str]]] = {}
    for measure in measures:
        kind, layout, words = outcome_of(comparison, measure, text)
        if kind:
            by_kind.setdefault(kind, {}).setdefault(layout, []).append(words)
    clauses = [
        text(
            f"report.answer.{kind}",
            measures=comma.join(words),
            layout=layout_name(scenario, layout, text) if layout else "",
        )
        for kind in OUTCOMES
        for layout, words in sorted(by_kind.get(kind, {}).items(), key=lambda pair: -len(pair[1]))
    ]
    if "wins" not in by_kind:
        n_measures = sum(len(words) for kind in by_kind.values() for words in kind.values())
        said = text("report.answer_none", measures=n_measures) + _rest(clauses, by_kind, text)
    else:
        said = text("report.answer", clauses=_joined(clauses, text))
    hours = unlike_hours(scenario, means_of_layouts(comparison), text)
    return text("report.answer_unlike", hours=hours, answer=said) if hours else said


def forewarnings(comparison: Comparison, text: Text) -> tuple[str, ...]:
    """What must be known before the verdict is read: halls of unlike means are compared."""
    lines = means_lines(comparison.study.scenario, means_of_layouts(comparison), text)
    if not unlike_hours(comparison.study.scenario, means_of_layouts(comparison), text):
        return ()
    space = "" if text.language == "zh" else " "
    return (space.join((text("report.unlike"), *lines)),)


def means_of_layouts(comparison: Comparison) -> list[Means]:
    """What each layout has to serve with."""
    study = comparison.study
    return [means_of(study.scenario, layout) for layout in study.layouts]


def hanging(comparison: Comparison, text: Text) -> tuple[str, ...]:
    """On which assumptions the verdict hangs; empty where nobody asked."""
    if comparison.turning is None:
        return ()
    return tuple(turning_sentences(comparison.turning, comparison.study.scenario, text))


def context(comparison: Comparison, text: Text) -> tuple[str, ...]:
    """What is not as the file has it, and in what else the halls are not alike."""
    scenario, means = comparison.study.scenario, means_of_layouts(comparison)
    hours = bool(unlike_hours(scenario, means, text))
    others = () if hours else means_lines(scenario, means, text)  # told before the verdict
    return (*change_lines(scenario, text), *others)


OUTCOMES: Final = ("wins", "size_open", "too_little", "same", "open")
"""What may come of a measure, in the order in which the answer tells it."""


def _rest(clauses: Sequence[str], by_kind: Mapping[str, object], text: Text) -> str:
    """What the answer adds where no layout wins on any measure; nothing if nothing is sure."""
    if set(by_kind) <= {"open"}:
        return ""
    space = "" if text.language == "zh" else " "
    return space + text("report.answer", clauses=_joined(clauses, text))


def outcome_of(comparison: Comparison, measure: str, text: Text) -> tuple[str, str, str]:
    """What came of one measure, of `OUTCOMES`, for which layout, and the measure's words."""
    name = measure_name(measure, comparison.study.scenario, text)
    top = leaders(comparison, measure)
    if not top:
        return "", "", name
    best, others = top[0], [layout for layout in comparison.study.layouts if layout != top[0]]
    gaps = [gap for rival in others if (gap := difference(comparison, best, rival, measure))]
    said = {judge(gap) for gap in gaps}
    if len(top) > 1:
        return ("same" if said <= NO_DIFFERENCE else "open"), "", name
    if said == {"worse"}:
        nearest = min(gaps, key=lambda gap: abs(gap.interval.mean))
        key = "report.win" if len(gaps) == 1 else "report.win_next"
        return "wins", best, text(key, measure=name, gap=lead_words(nearest, text))
    return ("too_little" if said & TOO_LITTLE else "size_open"), best, name


def cautions(comparison: Comparison, text: Text) -> tuple[str, ...]:
    """What a reader must know before acting on the verdict."""
    study = comparison.study
    warnings = []
    if study.cancelled:
        warnings.append(text("report.cut_short", done=study.replications, asked=study.asked))
    if study.replications < FEW:
        warnings.append(text("report.provisional", replications=study.replications))
    if study.scenario.is_replayed:
        warnings.append(text("report.replayed"))
    over = [
        layout_name(study.scenario, layout, text)
        for layout, all_of_it in zip(study.layouts, comparison.layouts, strict=True)
        for estimate in all_of_it
        if estimate.measure == "utilisation" and estimate.interval.mean > 0.95
    ]
    if over:
        warnings.append(text("report.hardly_copes", layouts=text("format.list").join(over)))
    if years := unpublished_years(study.scenario):
        named_years = text("format.list").join(map(str, years))
        warnings.append(text("report.holidays_unpublished", years=named_years))
    return (*warnings, *class_cautions(comparison, text), *account_cautions(comparison, text))


def class_cautions(comparison: Comparison, text: Text) -> tuple[str, ...]:
    """Classes of people for whom another layout is better than the one with the best mean.

    All that may be said of classes holds together: the level is shared by layouts and classes.
    """
    study, scenario = comparison.study, comparison.study.scenario
    classes = len(scenario.applicants.classes)
    if classes < 2 or len(study.layouts) < 2:
        return ()
    each = bonferroni(comparison.level, classes * len(comparison.pairs))
    tops = {measure: leaders(comparison, measure)[:1] for measure in SIDE_BY_SIDE}
    cautions_ = []
    for best in dict.fromkeys(top for [top] in filter(None, tops.values())):
        for layout in (layout for layout in study.layouts if layout != best):
            plan, tallies = study.plans[0], (study.of(best), study.of(layout))
            changes = group_changes(plan, *tallies, "class", scenario.targets, each)
            cautions_ += [
                text(
                    "report.other_way",
                    measure=measure_name(measure, scenario, text),
                    best=layout_name(scenario, best, text),
                    layout=layout_name(scenario, layout, text),
                    class_name=group_label(scenario, layout, "class", group.id, text),
                    gap=lead_words(group.figures[measure], text),
                )
                for measure in SIDE_BY_SIDE
                for group in changes
                if tops[measure] == (best,) and measure in group.figures
                if judge(group.figures[measure]) in {"better", "better_size_open"}
            ]
    return tuple(cautions_)
