"""What a comparison of layouts found, as documents tell it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.analysis.estimates import Estimate
from sim.questions.compare import HEADLINES, Comparison
from sim.text import Text
from sim.views.accounts import account_blocks, account_cautions, group_blocks
from sim.views.asked_words import asked_of_layouts
from sim.views.blocks import AnyBlock, SentenceBlock, say_each
from sim.views.comparison_figures import comparison_pictures
from sim.views.comparison_words import (
    context_blocks,
    difference_table,
    hanging_blocks,
    measure_table,
    verdict_blocks,
)
from sim.views.context import unlike_hours
from sim.views.findings import AnnexPart, Findings, simply
from sim.views.queue_times import queue_times_table
from sim.views.report import REPORTED, measure_meanings
from sim.views.scenario_names import layout_name, measure_name
from sim.views.size_tables import hours_words
from sim.views.values import (
    digits_of,
    shown_scale,
    signed,
    unit_key,
    written,
)
from sim.views.verdict import (
    answer,
    cautions,
    class_cautions,
    forewarnings,
    hanging,
    means_of_layouts,
    measure_sentence,
    outcome_of,
)
from sim.views.verdict import measured as by_layout


def comparison_findings(comparison: Comparison, text: Text) -> Findings:
    """Question, verdict, advice, cost, sureness, and every figure.

    Examples
    --------
    >>> from sim import Run, compare, example_path, load_scenario, replicate
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> study = compare(replicate(scenario, run=Run(replications=2, workers=1)))
    >>> found = comparison_findings(study, load_text("en"))
    >>> found.parts["answer"][-1].words
    'Only one layout was run, so this study gives no ground to choose between layouts.'
    """
    study, plain = comparison.study, simply(text)
    scenario = study.scenario
    left_out = account_cautions(comparison, plain)
    warnings = (
        *(forewarnings(comparison, plain) if comparison.pairs else ()),
        *(words for words in cautions(comparison, plain) if words not in left_out),
    )
    return Findings(
        text("document.subject.compare", scenario=text.name(scenario.name)),
        scenario,
        study.layouts,
        study.replications,
        study.seed,
        {
            "asked": (SentenceBlock(asked_of_layouts(comparison, plain)),),
            "answer": (
                SentenceBlock(answer(comparison, plain), "answer"),
                SentenceBlock(advice(comparison, plain)),
            ),
            "money": say_each(_money(comparison, plain), "point"),
            "sureness": say_each((*_sureness(comparison, plain), *left_out), "point"),
            "hanging": say_each(_hanging(comparison, plain), "plain"),
            "to_check": say_each(warnings, "caution"),
        },
        tuple(_annexes(comparison, text)),
        tuple(measure_meanings(comparison, text)),
        study.engine,
    )


def advice(comparison: Comparison, text: Text) -> str:
    """What follows for who has to choose; nothing is advised that the verdict does not say."""
    study = comparison.study
    if len(study.layouts) < 2:
        return text("document.advice.one_layout")
    winners = {
        layout: measure
        for measure in HEADLINES
        for kind, layout, _ in [outcome_of(comparison, measure, text)]
        if kind == "wins"
    }
    if not winners:
        return text("document.advice.none", n=len(study.layouts))
    if len(winners) > 1:
        names = [layout_name(study.scenario, layout, text) for layout in winners]
        quoted = (text("format.quoted", name=name) for name in names)
        return text("document.advice.several", layouts=text("format.list").join(quoted))
    [winner] = winners
    key = "wins"
    if unlike_hours(study.scenario, means_of_layouts(comparison), text):
        key = "wins_unlike"
    elif class_cautions(comparison, text):
        key = "wins_not_all"
    return text(f"document.advice.{key}", layout=layout_name(study.scenario, winner, text))


def _money(comparison: Comparison, text: Text) -> Iterator[str]:
    """Clerk hours and cost of each layout."""
    scenario, means = comparison.study.scenario, means_of_layouts(comparison)
    hours = unlike_hours(scenario, means, text)
    if len(means) > 1 and not hours:
        each = text.with_unit(hours_words(means[0].clerk_hours, text), "h")
        yield text("document.money.same_hours", hours=each)
    elif len(means) > 1:
        yield text("document.money.hours", hours=hours)
    if (sentence := measure_sentence(comparison, "cost_per_day", text)) is not None:
        yield sentence


def _sureness(comparison: Comparison, text: Text) -> Iterator[str]:
    """Between which bounds each headline measure very likely is."""
    study = comparison.study
    level = text.share(comparison.level, 0)
    days = len(study.plans[0].period.hall_days)
    yield text("document.sureness.runs", replications=study.replications, days=days, level=level)
    for measure in HEADLINES:
        estimates = by_layout(comparison, measure)
        likely = [
            likely_words(
                layout_name(study.scenario, layout, text),
                estimate,
                digits_of([*estimates.values()]),
                text,
            )
            for layout, estimate in estimates.items()
        ]
        if likely:
            name = measure_name(measure, study.scenario, text)
            yield text("report.values_only", measure=name, values=text("format.list").join(likely))


def likely_words(layout: str, estimate: Estimate, digits: int, text: Text) -> str:
    """Between which bounds a measure of a layout very likely is.

    Examples
    --------
    >>> from sim.analysis.intervals import Interval
    >>> from sim.text import load_text
    >>> wait = Estimate("wait", "min", "low", Interval(3.74, 3.61, 3.87, n=20))
    >>> likely_words("One list", wait, 1, load_text("en"))
    '“One list” very likely 3.6 to 3.9 min'
    """
    interval, scale = estimate.interval, shown_scale(estimate.unit)
    low, high = (signed(scale * bound, digits, text) for bound in (interval.low, interval.high))
    if not math.isfinite(interval.half_width) or low == high:
        return text("report.value_of", layout=layout, value=written(estimate, text, digits))
    match estimate.unit:
        case "share":
            high = text("format.share", value=high)
        case "wd":
            high = text("format.workdays", value=high)
        case unit:
            high = text.with_unit(high, unit_key(unit))
    return text("document.likely", layout=layout, low=low, high=high)


def _hanging(comparison: Comparison, text: Text) -> tuple[str, ...]:
    """On which assumptions the verdict hangs, or that nobody asked."""
    if len(comparison.study.layouts) < 2:
        return ()
    return hanging(comparison, text) or (text("document.not_turned"),)


def _annexes(comparison: Comparison, text: Text) -> Iterator[AnnexPart]:
    level = text.share(comparison.level, 0)
    note = SentenceBlock(text("report.verdict_note", level=level), "note")
    verdict: list[AnyBlock] = [
        *verdict_blocks(comparison, text),
        *hanging_blocks(comparison, text),
        *context_blocks(comparison, text),
        note,
    ]
    yield AnnexPart(text("document.annex.verdict"), tuple(verdict))
    pictures = (
        picture._replace(words=text(f"page.figure.{picture.name}"))
        for picture in comparison_pictures(comparison, text)
    )
    yield AnnexPart(text("report.figures"), tuple(pictures))
    yield AnnexPart(text("report.measures"), (measure_table(comparison, text),))
    if comparison.pairs:
        yield AnnexPart(text("report.differences"), (difference_table(comparison, text),))
    yield AnnexPart(text("report.accounts"), tuple(account_blocks(comparison, text)))
    queues = queue_times_table(comparison.study, text, comparison.level)
    if queues.rows:
        yield AnnexPart(queues.title, (queues,))
    groups = group_blocks(comparison, REPORTED, text)
    if groups:
        yield AnnexPart(text("report.groups"), tuple(groups))
