"""What the command line says of a reform: the four reductions, their cost, what they hang on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table

from sim.analysis.causes import CAUSES
from sim.analysis.cuts import Cut
from sim.analysis.estimates import Estimate
from sim.analysis.intervals import Interval
from sim.analysis.paperwork import everything, hand_count
from sim.analysis.reductions import REDUCTIONS
from sim.clock import DAY
from sim.plan.compile import own_service, visits_of
from sim.questions.reductions import Leaning, Reductions
from sim.runs.replicate import Study
from sim.scenario.matters import Handling, Matter
from sim.text import Text
from sim.views.causes import last_shares, mean_causes
from sim.views.context import changes_sentence
from sim.views.lever_names import lever_name
from sim.views.reasons import reason_sentences
from sim.views.values import (
    department_name,
    group_name,
    in_brackets,
    layout_name,
    matter_name,
    number_of,
)

NOTHING: Final = "–"
LEAST_SHOWN: Final = 0.005
"""Shares below are not told."""


def print_reductions(
    reductions: Reductions,
    path: str,
    text: Text,
    console: Console,
    leanings: Sequence[Leaning] = (),
) -> None:
    """All matters by volume, each matter, the price, and what it hangs on."""
    console.print(reductions_table(reductions, None, text))
    console.print(_matters_table(reductions, text))
    console.print(price_table(reductions, None, text))
    level = text.share(reductions.level, 0)
    console.print(text("cli.reductions_brackets", level=level, apart=NOTHING))
    for sentence in (
        *reduction_sentences(reductions, text),
        *leaning_sentences(reductions, leanings, text),
    ):
        console.print(f"· {sentence}", markup=False)
    if sentence := changes_sentence(reductions.scenario, text):
        console.print(sentence, markup=False)
    console.print(_line(reductions, path, text))


def print_matter(
    reductions: Reductions,
    studies: Sequence[tuple[Handling, Study]],
    matter: Matter,
    path: str,
    text: Text,
    console: Console,
) -> None:
    """One matter: items, hand counts, reductions, who finishes last, where time goes."""
    console.print(items_table(reductions, matter, text))
    console.print(hand_sentence(reductions, matter, text))
    console.print(reductions_table(reductions, matter.id, text))
    console.print(price_table(reductions, matter.id, text))
    console.print(_last_table(reductions, studies, matter, text))
    console.print(_causes_table(studies, matter, text))
    level = text.share(reductions.level, 0)
    console.print(text("cli.reductions_brackets", level=level, apart=NOTHING))
    for sentence in reduction_sentences(reductions, text, matter.id):
        console.print(f"· {sentence}", markup=False)
    if sentence := changes_sentence(reductions.scenario, text):
        console.print(sentence, markup=False)
    console.print(_line(reductions, path, text))


def reductions_table(reductions: Reductions, matter: str | None, text: Text) -> Table:
    """Counts before and after, cuts, and what is published."""
    name = text("figure.reductions.all")
    if matter is not None:
        name = matter_name(reductions.scenario, matter, text)
    layout = layout_name(reductions.scenario, reductions.layout, text)
    heads = ("before", "after", "cut", "published")
    table = _table(
        text("cli.heading.reductions", matter=name, layout=layout),
        [text("cli.head.reduction"), text("cli.head.unit")],
        [text(f"cli.head.{head}") for head in heads],
    )
    for cut in reductions.summary.of(matter).cuts.values():
        table.add_row(
            text(f"reduction.{cut.name}"),
            text(f"unit.{cut.unit}"),
            number(cut.before, cut.unit, text),
            number(cut.after, cut.unit, text),
            number(cut.cut, "share", text),
            published_words(cut, text),
        )
    return table


def published_words(cut: Cut, text: Text) -> str:
    """A published pair or cut: `7 → 1, 86 %`."""
    words = []
    if cut.published_before is not None:  # with it goes what is published of after
        words.append(f"{cut.published_before:g} → {cut.published_after:g}")
    if cut.published_cut is not None:
        words.append(text.share(cut.published_cut, 0))
    return text("format.list").join(words) or NOTHING


def number(interval: Interval, unit: str, text: Text) -> str:
    """A mean with its bounds; a dash when there is nothing to count."""
    if not math.isfinite(interval.mean):
        return NOTHING
    return number_of(Estimate("", unit, "low", interval), text)


def _matters_table(reductions: Reductions, text: Text) -> Table:
    table = _table(
        text("cli.heading.by_matter"),
        [text("column.matter")],
        [text(f"reduction.{name}") for name in REDUCTIONS],
    )
    for matter in reductions.matters:
        cells = []
        for cut in reductions.summary.of(matter).reductions:
            model = text.number(100 * cut.cut.mean, 0) if math.isfinite(cut.cut.mean) else NOTHING
            is_published = cut.published_cut is not None
            said = text.number(100 * (cut.published_cut or 0.0), 0) if is_published else NOTHING
            cells.append(f"{model} / {said}".replace("-", "−"))
        table.add_row(matter_name(reductions.scenario, matter, text), *cells)
    return table


def price_table(reductions: Reductions, matter: str | None, text: Text) -> Table:
    """What parallel review costs reviewers, and saves who is rejected."""
    table = _table(
        text("cli.heading.price"),
        [text("cli.head.what"), text("cli.head.unit")],
        [text(f"cli.head.{head}") for head in ("before", "after", "difference")],
    )
    for cost in reductions.summary.of(matter).review_costs:
        cells = (
            number(each, cost.unit, text) for each in (cost.before, cost.after, cost.difference)
        )
        table.add_row(text(f"reduction.{cost.name}"), text(f"unit.{cost.unit}"), *cells)
    return table


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
    form = of_matter.form
    if form.fields.mean > 0:
        yield text(
            "reduction.form",
            fields=text.number(form.fields.mean, 0),
            share=_percent(form.prefilled, text),
            published=NOTHING if form.published is None else text.share(form.published, 0),
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
        return NOTHING
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


# === one matter ===


def items_table(reductions: Reductions, matter: Matter, text: Text) -> Table:
    """Items in the order of the visits that separate handling needs."""
    scenario = reductions.scenario
    heads = ("visit", "department", "item", "materials", "after_items")
    table = _table(
        text("cli.heading.items", matter=text.name(matter.name)),
        [text(f"cli.head.{head}") for head in heads],
    )
    names = {item.id: text.name(item.name) for item in matter.items}
    for n, items in enumerate(visits_of(matter), start=1):
        for item in items:
            alone = own_service(scenario, item)
            share = f" ({text.share(item.share, 0)})" if item.share < 1 else ""
            table.add_row(
                str(n),
                department_name(scenario, item.department, text),
                names[item.id] + share,
                NOTHING if alone is None else str(alone.materials),
                text("format.list").join(names[earlier] for earlier in item.after),
            )
    return table


def hand_sentence(reductions: Reductions, matter: Matter, text: Text) -> str:
    """Steps, papers and trips of who needs most, under both handlings."""
    needs = everything(matter)
    ways: tuple[Handling, Handling] = ("separate", "bundled")
    before, after = (
        text(
            "reduction.hand_counts", **hand_count(reductions.scenario, matter, way, needs)._asdict()
        )
        for way in ways
    )
    return text("reduction.hand_count", before=before, after=after)


def _last_table(
    reductions: Reductions, studies: Sequence[tuple[Handling, Study]], matter: Matter, text: Text
) -> Table:
    table = _table(
        text("cli.heading.last"),
        [text("cli.head.department")],
        [text(f"handling.{handling}") for handling, _ in studies],
    )
    shares = [last_shares(study, reductions.layout, matter.id) for _, study in studies]
    departments = dict.fromkeys(
        department for by_department in shares for department in by_department
    )
    for department in sorted(
        departments, key=lambda name: -shares[-1][name].mean if name in shares[-1] else 0
    ):
        row = [by_department.get(department) for by_department in shares]
        if any(share is not None and share.mean >= LEAST_SHOWN for share in row):
            cells = [NOTHING if each is None else number(each, "share", text) for each in row]
            table.add_row(department_name(reductions.scenario, department, text), *cells)
    return table


def _causes_table(studies: Sequence[tuple[Handling, Study]], matter: Matter, text: Text) -> Table:
    table = _table(
        text("cli.heading.causes"),
        [text("cli.head.what")],
        [text(f"handling.{handling}") for handling, _ in studies],
    )
    means = [mean_causes(study, study.layouts[0], matter.id) / DAY for _, study in studies]
    for n, cause in enumerate(CAUSES):
        cells = [
            text.number(float(by_cause[n]), 2) if len(by_cause) else NOTHING for by_cause in means
        ]
        table.add_row(text(f"cause.{cause}"), *cells)
    return table


def _line(reductions: Reductions, path: str, text: Text) -> str:
    return text(
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


def _table(title: str, names: Sequence[str], figures: Sequence[str] = ()) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for name in names:
        table.add_column(name, overflow="fold")
    for figure in figures:
        table.add_column(figure, justify="right")
    return table
