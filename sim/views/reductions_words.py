"""What is said of a reform: the four reductions, their cost, what they hang on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import partial

from sim.analysis.cuts import Cut
from sim.analysis.estimates import Estimate
from sim.analysis.intervals import Interval
from sim.analysis.reductions import REDUCTIONS
from sim.questions.reductions import Leaning, Reductions
from sim.text import Text
from sim.views.blocks import AnyBlock, PictureBlock, SentenceBlock, TableBlock, say_each
from sim.views.context import changes_sentence
from sim.views.lever_names import lever_name
from sim.views.reasons import reason_sentences
from sim.views.reductions import reductions_figure
from sim.views.scenario_names import (
    department_name,
    group_name,
    layout_name,
    matter_name,
)
from sim.views.values import (
    in_brackets,
    number_of,
    signed,
)


def terminal_blocks(
    reductions: Reductions, path: str, text: Text, leanings: Sequence[Leaning] = ()
) -> list[AnyBlock]:
    """All matters by volume, each matter, the price, what it hangs on, and how to run it again.

    Parameters
    ----------
    path
        Of the scenario.
    leanings
        What the cut in time is at the ends of assumptions, where that was asked.
    """
    return [
        *reductions_blocks(reductions, text),
        *say_each(leaning_sentences(reductions, leanings, text), "point"),
        *closing_blocks(reductions, path, text),
    ]


def reductions_blocks(reductions: Reductions, text: Text) -> list[AnyBlock]:
    """All matters by volume, each matter, the price, and what they say."""
    draw = partial(reductions_figure, reductions, text)
    return [
        PictureBlock("reductions", text("figure.reductions.title"), draw),
        cuts_table(reductions, None, text),
        _matters_table(reductions, text),
        price_table(reductions, None, text),
        brackets_note(reductions, text),
        *say_each(reduction_sentences(reductions, text), "point"),
    ]


def closing_blocks(reductions: Reductions, path: str, text: Text) -> tuple[SentenceBlock, ...]:
    """What differs from the file, and enough to run it again."""
    line = text(
        "cli.reductions_line",
        scenario=text.name(reductions.scenario.name),
        path=path,
        hash=reductions.scenario.hash,
        matters=len(reductions.matters),
        replications=reductions.replications,
        seed=reductions.seed,
        engine=reductions.engine,
        followup=reductions.followup,
    )
    return say_each(filter(None, [changes_sentence(reductions.scenario, text), line]), "plain")


def brackets_note(reductions: Reductions, text: Text) -> SentenceBlock:
    """How the numbers of the tables are read."""
    level = text.share(reductions.level, 0)
    words = text("cli.reductions_brackets", level=level, apart=text("format.missing"))
    return SentenceBlock(words, "note")


def cuts_table(reductions: Reductions, matter: str | None, text: Text) -> TableBlock:
    """Counts before and after, cuts, and what is published; of one matter, or of all."""
    name = text("figure.reductions.all")
    if matter is not None:
        name = matter_name(reductions.scenario, matter, text)
    layout = layout_name(reductions.scenario, reductions.layout, text)
    rows = [
        (
            text(f"reduction.{cut.name}"),
            text(f"unit.{cut.unit}"),
            number(cut.before, cut.unit, text),
            number(cut.after, cut.unit, text),
            number(cut.cut, "share", text),
            published_words(cut, text),
        )
        for cut in reductions.summary.of(matter).cuts.values()
    ]
    heads = ("reduction", "unit", "before", "after", "cut", "published")
    return TableBlock(
        text("cli.heading.reductions", matter=name, layout=layout),
        tuple(text(f"cli.head.{head}") for head in heads),
        tuple(rows),
        names=2,
    )


def published_words(cut: Cut, text: Text) -> str:
    """A published pair or cut: `7 → 1, 86 %`."""
    words = []
    if cut.published_before is not None:  # with it goes what is published of after
        words.append(f"{cut.published_before:g} → {cut.published_after:g}")
    if cut.published_cut is not None:
        words.append(text.share(cut.published_cut, 0))
    return text("format.list").join(words) or text("format.missing")


def number(interval: Interval, unit: str, text: Text) -> str:
    """A mean with its bounds; a dash when there is nothing to count."""
    if not math.isfinite(interval.mean):
        return text("format.missing")
    return number_of(Estimate("", unit, "low", interval), text)


def _matters_table(reductions: Reductions, text: Text) -> TableBlock:
    rows = []
    for matter in reductions.matters:
        cells = []
        for cut in reductions.summary.of(matter).reductions:
            published = math.nan if cut.published_cut is None else cut.published_cut
            model, said = (signed(100 * share, 0, text) for share in (cut.cut.mean, published))
            cells.append(f"{model} / {said}")
        rows.append((matter_name(reductions.scenario, matter, text), *cells))
    return TableBlock(
        text("cli.heading.by_matter"),
        (text("column.matter"), *(text(f"reduction.{name}") for name in REDUCTIONS)),
        tuple(rows),
    )


def price_table(reductions: Reductions, matter: str | None, text: Text) -> TableBlock:
    """What parallel review costs reviewers, and saves who is rejected."""
    rows = []
    for cost in reductions.summary.of(matter).review_costs:
        cells = (
            number(each, cost.unit, text) for each in (cost.before, cost.after, cost.difference)
        )
        rows.append((text(f"reduction.{cost.name}"), text(f"unit.{cost.unit}"), *cells))
    heads = ("what", "unit", "before", "after", "difference")
    return TableBlock(
        text("cli.heading.price"),
        tuple(text(f"cli.head.{head}") for head in heads),
        tuple(rows),
        names=2,
    )


def reduction_sentences(
    reductions: Reductions, text: Text, matter: str | None = None
) -> Iterator[str]:
    """The cuts beside the published ones, of how many cases, with reasons and cautions."""
    summary = reductions.summary
    of_matter = summary.of(matter)
    for cut in of_matter.reductions:
        if cut.published_cut and math.isfinite(cut.cut.mean):
            yield text(
                "reduction.published",
                name=text(f"reduction.{cut.name}"),
                cut=_percent(cut.cut, text),
                published=text.share(cut.published_cut, 0),
                beside=beside_published(cut.cut.mean, cut.published_cut, text),
            )
        guide = summary.guides.get(cut.name) if matter is None else None
        if guide is not None:
            yield text(
                "reduction.guides",
                matters=guide.matters,
                by_volume=text.share(guide.by_volume, 0),
                mean=text.share(guide.mean, 0),
                model=_percent(summary.mean_cuts[cut.name], text),
            )
    yield from _days_sentence(reductions, text, matter)
    hall, online = (cut.cut for cut in of_matter.time_by_channel)
    if online.mean > hall.mean:  # neither is when one of both is not there
        yield text("reduction.channels", hall=_percent(hall, text), online=_percent(online, text))
    form, missing = of_matter.form, text("format.missing")
    if form.fields.mean > 0:
        yield text(
            "reduction.form",
            fields=text.number(form.fields.mean, 0),
            share=_percent(form.prefilled, text),
            published=missing if form.published is None else text.share(form.published, 0),
        )
    counted = of_matter.cases
    yield text(
        "reduction.stand",
        cases=f"{counted.cases:,}",
        compared=f"{counted.compared:,}",
        open_before=counted.open[0],
        open_after=counted.open[1],
        lost_before=counted.lost[0],
        lost_after=counted.lost[1],
    )
    yield from reason_sentences(reductions, text, matter)
    if reductions.overloads:
        yield text(
            "reduction.overload", names=text("format.list").join(_overloads(reductions, text))
        )
    yield text("reduction.design")


def matter_answer(reductions: Reductions, matter: str, text: Text) -> str:
    """How much less of each a matter takes, beside what is published; empty = nothing to compare.

    A cut below zero is told as more.
    """
    parts = []
    for cut in reductions.summary.of(matter).reductions:
        if math.isfinite(cut.cut.mean):
            words = "answer_less" if cut.cut.mean >= 0 else "answer_more"
            name = text(f"reduction.{cut.name}")
            part = text(f"reduction.{words}", name=name, share=text.share(abs(cut.cut.mean), 0))
            if cut.published_cut:
                published = text.share(cut.published_cut, 0)
                part = text("reduction.answer_beside", part=part, published=published)
            parts.append(part)
    if not parts:
        return ""
    name = matter_name(reductions.scenario, matter, text)
    return text("reduction.answer", matter=name, cuts=text("format.list").join(parts))


def beside_published(cut: float, published: float, text: Text) -> str:
    """How the simulated cut stands beside the published one, in whole percent as both are shown."""
    points = round(100 * cut) - round(100 * published)
    if points == 0:
        return text("reduction.beside_same")
    if points > 0:
        return text("reduction.beside_more", points=points)
    if cut <= 0:
        return text("reduction.beside_lower", points=-points)
    share = min(cut / published, 0.99)  # it is less, as the points say
    return text("reduction.beside_less", share=text.share(share, 0), points=-points)


def _days_sentence(reductions: Reductions, text: Text, matter: str | None) -> Iterator[str]:
    """Days saved beside the days that published limits fell by; with cases of the same matters."""
    published, cases, saved = 0.0, 0, 0.0
    for matter_id in (matter,) if matter is not None else reductions.matters:
        time, compared = (
            reductions.summary.of(matter_id).cuts["time"],
            reductions.summary.of(matter_id).cases.compared,
        )
        if time.published_before is None or time.published_after is None or not compared:
            continue
        published += compared * (time.published_before - time.published_after)
        saved += compared * (time.before.mean - time.after.mean)
        cases += compared
    if cases:
        days = {"saved": saved / cases, "published": published / cases}
        yield text("reduction.saved", **{key: text.number(of, 1) for key, of in days.items()})


def leaning_sentences(
    reductions: Reductions, leanings: Sequence[Leaning], text: Text, name: str = "time"
) -> Iterator[str]:
    """What a cut is at the ends of an assumption."""
    if not leanings:
        return
    now = reductions.summary.whole.cuts[name]
    for leaning in leanings:
        low, high = (
            text("cli.refused_end") if end is None else _percent(end.cut, text)
            for end in (leaning.low, leaning.high)
        )
        yield text(
            "reduction.leaning",
            name=text(f"reduction.{name}"),
            lever=lever_name(leaning.lever.path, reductions.scenario, text),
            low=leaning.lever.settings[0].value,
            high=leaning.lever.settings[1].value,
            at_low=low,
            at_high=high,
            now=text("format.list").join(leaning.lever.now[:3]),
            cut=_percent(now.cut, text),
        )


def _percent(interval: Interval, text: Text) -> str:
    if not math.isfinite(interval.mean):
        return text("format.missing")
    words = in_brackets(interval, 0, text, 100.0)
    return f"{words} %" if text.language == "keys" else text("format.share", value=words)


def _overloads(reductions: Reductions, text: Text) -> Iterator[str]:
    for load, later_load in reductions.overloads:
        name = text("cli.load_kind.reception")
        if load.kind == "group":
            name = group_name(reductions.scenario, reductions.layout, load.id, text)
        elif load.kind == "department":
            name = department_name(reductions.scenario, load.id, text)
        before, after = text.share(load.load, 0), text.share(later_load.load, 0)
        yield text("reduction.overload_of", name=name, before=before, after=after)
