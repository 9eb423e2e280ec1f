"""New stations in pictures: where the way gets shorter, for whom, and the money both ways."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from sim.experiment.compare import judge
from sim.experiment.extend import By, Effect, Extension, effects, group_effects, worth
from sim.text import Text
from sim.views.area_names import people_name
from sim.views.effects import difference_of, difference_words
from sim.views.map import borders_of, townships_map
from sim.views.style import (
    INK,
    PALETTE,
    SMALL,
    VERDICTS,
    bars_of,
    drawing,
    finish,
    folded,
    points_note,
    sheet,
)
from sim.views.values import digits_for, in_brackets, shown_scale, unit_of_difference
from sim.views.verdict import pair_word

BEFORE, AFTER = PALETTE[1], PALETTE[0]
APART: Final = 0.13
"""How far above and below the middle of its row each mark stands, so that none covers another."""


def extension_figure(found: Extension, text: Text) -> Figure:
    """Where is the way shorter with the new stations?

    Saved minutes a case by township; new stations are marked.
    """
    saved = {one.group: -one.effects[1].difference.mean for one in group_effects(found, "township")}
    towns = found.scenario.applicants.townships
    values = np.array([saved.get(town.id, np.nan) for town in towns])
    note = text("figure.extension.note", replications=found.replications, seed=found.seed)
    return townships_map(
        found.scenario,
        values,
        text("figure.extension.label"),
        text,
        note=note,
        new=found.points,
        borders=borders_of(found.scenario),
    )


def burden_figure(
    found: Extension, text: Text, measure: str = "travel", by: By = "county"
) -> Figure:
    """Whom do the new stations help, and how much of it can be told from chance?

    Everybody, and each group: the mean before, the mean after, and what they differ by.

    Parameters
    ----------
    measure
        One of `sim.analysis.area.BURDENS`.
    """
    rows = [(text("figure.extension.everybody"), _of(effects(found), measure))]
    rows += [
        (people_name(found.scenario, by, one.group, text), _of(one.effects, measure))
        for one in group_effects(found, by)
    ]
    with drawing():
        title = text("figure.extension.burden", measure=text(f"area.{measure}"))
        figure = sheet(title, 1.7 + 0.42 * len(rows))
        axes = figure.subplots()
        for y, (_, one) in enumerate(rows):
            _dumbbell(axes, y, one)
        right = max(_end(one) for _, one in rows)
        for y, (_, one) in enumerate(rows):
            _told(axes, y, right, one, text)
        axes.set_yticks(range(len(rows)), [folded(name, 26, 2) for name, _ in rows])
        axes.get_yticklabels()[0].set_fontweight("bold")
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(0, 1.55 * right if right > 0 else 1)
        axes.set_xticks([tick for tick in axes.get_xticks() if 0 <= tick <= 1.02 * right])
        axes.axhspan(-0.5, 0.5, color="#f0f4f8", linewidth=0, zorder=0)
        axes.grid(visible=False, axis="y")
        axes.tick_params(axis="y", length=0)
        unit = text(f"unit.{rows[0][1].unit}")
        axes.set_xlabel(
            text("figure.extension.burden_x", measure=text(f"area.{measure}"), unit=unit)
        )
        note = points_note(found.scenario, found, text, found.level)
        note += "\n" + text("figure.extension.burden_note", groups=len(rows) - 1)
        return finish(figure, note, _keys(text))


def _of(found: tuple[Effect, ...], measure: str) -> Effect:
    return next(one for one in found if one.measure == measure)


def _end(one: Effect) -> float:
    """Where the farther mark of a row ends, its bounds included."""
    ends = [
        part.high if math.isfinite(part.high) else part.mean for part in (one.before, one.after)
    ]
    return max((end for end in ends if math.isfinite(end)), default=0.0) * shown_scale(one.unit)


def _dumbbell(axes: Axes, y: int, one: Effect) -> None:
    scale = shown_scale(one.unit)
    looks = ((one.before, BEFORE, "o", -APART), (one.after, AFTER, "D", APART))
    means = [scale * part.mean for part, *_ in looks]
    axes.plot(means, [y - APART, y + APART], color="#bbbbbb", linewidth=1.6, zorder=1)
    for part, colour, marker, away in looks:
        mean, bounds = bars_of([part], scale)
        axes.errorbar(
            mean, [y + away], xerr=bounds, fmt=marker, color=colour, capsize=2.5, elinewidth=1.3
        )


def _told(axes: Axes, y: int, right: float, one: Effect, text: Text) -> None:
    """The difference and what it allows to say, in one column right of all marks."""
    gap = difference_of(one)
    unit = unit_of_difference(one.unit, text)
    axes.annotate(
        text(
            "figure.extension.told",
            gap=text("format.measured", value=difference_words(one, text), unit=unit)
            if text.language != "keys"
            else difference_words(one, text),
            word=pair_word(gap, text),
        ),
        (1.03 * right, y),
        va="center",
        fontsize=SMALL,
        color=VERDICTS[judge(gap)] if math.isfinite(gap.interval.half_width) else INK,
        annotation_clip=False,
    )


def _keys(text: Text) -> list[Line2D]:
    looks = (("o", BEFORE, "cli.head.now"), ("D", AFTER, "cli.head.extended"))
    return [
        Line2D([], [], linestyle="", marker=marker, color=colour, label=text(words))
        for marker, colour, words in looks
    ]


def money_figure(found: Extension, text: Text) -> Figure:
    """What do the new stations cost a year, and what do they save whom?"""
    money = worth(found)
    rows = [
        ("yearly", money.yearly, math.nan, math.nan, BEFORE, ""),
        ("residents", *money.residents[:3], AFTER, ""),
    ]
    if math.isfinite(money.hall_saved):
        rows.append(("hall", money.hall_saved, math.nan, math.nan, PALETTE[5], "//"))
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
            if name == "residents":
                words = in_brackets(money.residents, digits_for(money.residents), text)
            axes.annotate(words, (max(ends) + 0.02 * wide, y), va="center", fontsize=SMALL)
        axes.axvline(money.yearly, color=BEFORE, linewidth=1.0, linestyle="--")
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.set_xlim(min(ends) - 0.02 * wide, max(ends) + 0.42 * wide)
        names = [folded(text(f"figure.extension.money_{name}"), 34, 2) for name, *_ in rows]
        axes.set_yticks(range(len(rows)), names)
        axes.invert_yaxis()
        axes.grid(visible=False, axis="y")
        axes.tick_params(axis="y", length=0)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda yuan, _: text.number(yuan, 0)))
        axes.set_xlabel(text("figure.extension.money_x"))
        places = found.scenario.places
        assert places is not None
        value = text.number(places.travel.value_of_time_yuan_per_h, 0)
        note = points_note(found.scenario, found, text, found.level)
        note += "\n" + text("figure.extension.money_note", value=value)
        return finish(figure, note)
