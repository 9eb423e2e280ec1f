"""New stations in pictures: where the way gets shorter, for whom, and the money both ways."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from sim.analysis.effects import AreaBy, Effect
from sim.analysis.intervals import Interval
from sim.analysis.judge import judge
from sim.questions.extension import Extension
from sim.text import Text
from sim.views.area_names import people_name
from sim.views.effects import difference_words, most_changed
from sim.views.map import borders_of, townships_map
from sim.views.style import (
    INK,
    PALETTE,
    SMALL,
    bars_of,
    drawing,
    finish,
    folded,
    sheet,
    verdict_look,
)
from sim.views.values import (
    digits_for,
    in_brackets,
    opposite,
    shown_scale,
    signed,
    unit_of_difference,
)
from sim.views.verdict import pair_word

BEFORE, AFTER = PALETTE[1], PALETTE[0]
APART: Final = 0.13
"""How far above and below the middle of its row each mark stands, so that none covers another."""


def extension_figure(extension: Extension, text: Text) -> Figure:
    """Where is the way shorter with the new stations?

    Saved minutes a case by township; new stations are marked, and townships whose saving can be
    told from chance.
    """
    saved = saved_minutes(extension)
    towns = extension.scenario.applicants.townships
    values = np.array([saved[town.id].mean if town.id in saved else np.nan for town in towns])
    note = text("figure.extension.note", replications=extension.replications, seed=extension.seed)
    return townships_map(
        extension.scenario,
        values,
        text("figure.extension.label"),
        text,
        note=note,
        new=extension.points,
        borders=borders_of(extension.scenario),
        sure=[name for name, interval in saved.items() if interval.low > 0 or interval.high < 0],
    )


def saved_minutes(extension: Extension) -> dict[str, Interval]:
    """Minutes on the way that a case saves, by township; all intervals hold together."""
    return {
        group.group: opposite(group.effect("travel").difference)
        for group in extension.summary.stations.groups["township"]
    }


def burden_figure(
    extension: Extension, text: Text, measure: str = "travel", by: AreaBy = "county"
) -> Figure:
    """Whom do the new stations help, and how much of it can be told from chance?

    Everybody, and each group: the mean before and the mean after, and beside them what they differ
    by.

    Parameters
    ----------
    measure
        One of `sim.analysis.area.BURDENS`.
    """
    change = extension.summary.stations
    rows = [(text("figure.extension.everybody"), change.effect(measure))]
    groups = change.groups[by]
    shown = most_changed(groups, lambda group: group.total_change(measure))
    rows += [
        (people_name(extension.scenario, by, group.group, text), group.effect(measure))
        for group in shown
    ]
    with drawing():
        title = text("figure.extension.burden", measure=text(f"area.{measure}"))
        figure = sheet(title, 1.8 + 0.42 * len(rows))
        means, gaps = figure.subplots(1, 2, sharey=True, width_ratios=[1.0, 1.1])
        for y, (_, effect) in enumerate(rows):
            _both(means, y, effect)
            _gap(gaps, y, effect)
        right = _spread(gaps, [effect for _, effect in rows])
        for y, (_, effect) in enumerate(rows):
            _told(gaps, y, right, effect, text)
        means.set_yticks(range(len(rows)), [folded(name, 26, 2) for name, _ in rows])
        means.get_yticklabels()[0].set_fontweight("bold")
        means.set_ylim(len(rows) - 0.4, -0.6)
        means.set_xlim(left=0)
        for axes in (means, gaps):
            axes.axhspan(-0.5, 0.5, color="#f0f4f8", linewidth=0, zorder=0)
            axes.grid(visible=False, axis="y")
            axes.tick_params(axis="y", length=0)
        unit = rows[0][1].unit
        means.set_xlabel(text(f"unit.{unit}"))
        gaps.set_xlabel(text("figure.extension.gap_x", unit=unit_of_difference(unit, text)))
        note = _footer(extension, text)
        note += "\n" + text("figure.extension.burden_note", groups=len(groups))
        if len(shown) < len(groups):
            note += " " + text("figure.extension.left_out", n=len(groups) - len(shown))
        return finish(figure, note, _keys(text))


def _footer(extension: Extension, text: Text) -> str:
    """Replications, seed, days and scenario: enough to draw the figure again."""
    note = text(
        "figure.footer",
        replications=extension.replications,
        seed=extension.seed,
        days=len(extension.settled[0].plan.period.hall_days),
        hash=extension.scenario.hash,
    )
    note += text("figure.footer_level", level=text.share(extension.level, 0))
    if extension.replications < extension.asked:
        note += text("figure.footer_cancelled", asked=extension.asked)
    return note


def _both(axes: Axes, y: int, effect: Effect) -> None:
    """Before and after, each with its own interval."""
    scale = shown_scale(effect.unit)
    looks = ((effect.before, BEFORE, "o", -APART), (effect.after, AFTER, "D", APART))
    means = [scale * part.mean for part, *_ in looks]
    axes.plot(means, [y - APART, y + APART], color="#bbbbbb", linewidth=1.6, zorder=1)
    for part, colour, marker, away in looks:
        mean, bounds = bars_of([part], scale)
        axes.errorbar(
            mean, [y + away], xerr=bounds, fmt=marker, color=colour, capsize=2.5, elinewidth=1.3
        )


def _gap(axes: Axes, y: int, effect: Effect) -> None:
    """What they differ by; hollow where nothing can be told."""
    gap = effect.change
    edge, face = verdict_look(judge(gap))
    mean, bounds = bars_of([gap.interval], shown_scale(effect.unit))
    axes.errorbar(
        mean,
        [y],
        xerr=bounds,
        fmt="s",
        color=edge,
        markerfacecolor=face,
        capsize=2.5,
        elinewidth=1.3,
    )


def _spread(axes: Axes, rows: Sequence[Effect]) -> float:
    """Room for all differences, zero and their words; returns where the words begin."""
    ends = [0.0]
    for effect in rows:
        ends += [
            shown_scale(effect.unit) * end for end in effect.difference[:3] if math.isfinite(end)
        ]
    wide = max(ends) - min(ends) or 1.0
    axes.set_xlim(min(ends) - 0.05 * wide, max(ends) + 1.15 * wide)
    axes.set_xticks(
        [tick for tick in axes.get_xticks() if min(ends) - 0.05 * wide <= tick <= max(ends)]
    )
    axes.axvline(0, color=INK, linewidth=0.8)
    return max(ends) + 0.06 * wide


def _told(axes: Axes, y: int, right: float, effect: Effect, text: Text) -> None:
    """The difference and what it allows to say, in one column right of all marks."""
    gap = effect.change
    axes.annotate(
        text(
            "figure.extension.told", gap=difference_words(effect, text), word=pair_word(gap, text)
        ),
        (right, y),
        va="center",
        fontsize=SMALL,
        annotation_clip=False,
    )


def _keys(text: Text) -> list[Line2D]:
    looks = (("o", BEFORE, "cli.head.now"), ("D", AFTER, "cli.head.extended"))
    return [
        Line2D([], [], linestyle="", marker=marker, color=colour, label=text(words))
        for marker, colour, words in looks
    ]


def money_figure(extension: Extension, text: Text) -> Figure:
    """What do the new stations cost a year, and what do they save whom?"""
    money, online = extension.worth, extension.summary.online
    rows = [
        ("yearly", money.yearly, math.nan, math.nan, BEFORE, ""),
        ("residents", *money.residents[:3], AFTER, ""),
    ]
    if math.isfinite(money.hall_saved):
        rows.append(("hall", money.hall_saved, math.nan, math.nan, PALETTE[5], "//"))
    intervals = {"residents": money.residents}
    if online is not None:
        rows.append(("online", *online.residents[:3], PALETTE[3], ""))
        intervals["online"] = online.residents
    with drawing():
        figure = sheet(text("figure.extension.money"), 1.6 + 0.5 * len(rows))
        axes = figure.subplots()
        ends = [0.0]
        for y, (_, mean, low, high, colour, hatch) in enumerate(rows):
            axes.barh(y, mean, 0.55, color=colour, alpha=0.75, hatch=hatch)
            if math.isfinite(low):
                axes.plot([low, high], [y, y], color=INK, linewidth=1.4, marker="|", markersize=9)
            ends += [end for end in (mean, low, high) if math.isfinite(end)]
        wide = max(ends) - min(ends) or 1.0
        for y, (name, mean, *_) in enumerate(rows):
            words = text.number(mean, 0)
            if name in intervals:
                words = in_brackets(intervals[name], digits_for(intervals[name]), text)
            axes.annotate(words, (max(ends) + 0.02 * wide, y), va="center", fontsize=SMALL)
        axes.axvline(money.yearly, color=BEFORE, linewidth=1.0, linestyle="--")
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.set_xlim(min(ends) - 0.02 * wide, max(ends) + 0.42 * wide)
        names = [folded(text(f"figure.extension.money_{name}"), 34, 2) for name, *_ in rows]
        axes.set_yticks(range(len(rows)), names)
        axes.invert_yaxis()
        axes.grid(visible=False, axis="y")
        axes.tick_params(axis="y", length=0)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda yuan, _: signed(yuan, 0, text)))
        axes.set_xlabel(text("figure.extension.money_x"))
        places = extension.scenario.places
        assert places is not None
        value = text.number(places.travel.value_of_time_yuan_per_h, 0)
        note = _footer(extension, text)
        note += "\n" + text("figure.extension.money_note", value=value)
        return finish(figure, note)
