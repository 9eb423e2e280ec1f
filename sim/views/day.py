"""The hall through the day: waits, queues and load by half hour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from sim.analysis.estimates import group_estimates
from sim.analysis.intervals import Interval, ratio_interval, t_interval
from sim.analysis.slots import SLOT, SLOTS
from sim.arrays import Floats, Ints
from sim.clock import HOUR, MINUTE
from sim.runs.replicate import Study
from sim.text import Text
from sim.views.scenario_names import (
    group_name,
    layout_name,
    list_name,
)
from sim.views.style import (
    INK,
    SHADE,
    SMALL,
    as_clock,
    band_of,
    clock_axis,
    drawing,
    finish,
    folded,
    look,
    sheet,
    study_note,
)

HOURS: Final = SLOT / HOUR
"""Hours a slot."""
MIDDLES: Final[Floats] = np.linspace(0.0, 24.0, SLOTS, endpoint=False) + HOURS / 2
"""Hours after midnight in the middle of each slot."""
OVERLOAD: Final = "#A5243D"
MOST_LISTS: Final = 15
"""Waiting lists shown one by one; the busiest come first."""
MOST_GROUPS: Final = 40
"""Window groups of a layout whose load is shown: the busiest, where an area has more."""
RARE: Final = 0.002
"""Share of the day's tickets below which a half hour's mean wait is not drawn."""
LITTLE: Final = 0.5
"""Minutes a day below which overtime in a half hour is not marked."""


def waits_by_time(study: Study, text: Text, level: float = 0.95) -> Figure:
    """When is the wait long?

    Mean wait of the tickets taken in each half hour, over all measured days, with its interval.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario, replicate
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> study = replicate(scenario, run=Run(replications=2, workers=1))
    >>> waits_by_time(study, load_text("en")).axes[0].get_xlabel()
    'Ticket taken at'
    """
    with drawing():
        figure = sheet(text("figure.waits_by_time.title"), 4.4)
        axes = figure.subplots()
        for layout in study.layouts:
            intervals = _usual(
                study, layout, group_estimates(study.of(layout), "wait", "slot", level)
            )
            _line(axes, study, layout, intervals, text)
        target = study.scenario.targets.called_within / MINUTE
        axes.axhline(target, color="#555555", linewidth=1, linestyle=(0, (2, 2)), zorder=1)
        _shade_closed(axes, study)
        clock_axis(axes, *_open_span(study))
        axes.set_ylim(bottom=0)
        axes.annotate(
            text("figure.target", minutes=f"{target:g}"),
            (1, target),
            xycoords=axes.get_yaxis_transform(),
            xytext=(-3, 2),
            textcoords="offset points",
            ha="right",
            va="bottom",
            fontsize=SMALL,
        )
        axes.set_xlabel(text("column.taken_at"))
        axes.set_ylabel(_with_unit(text("measure.wait"), text("unit.min")))
        note = study_note(study, text, level)
        note += "\n" + text("figure.waits_by_time.note", share=text.share(RARE, 1))
        return finish(figure, note, axes.get_legend_handles_labels()[0])


def queue_by_time(study: Study, text: Text, level: float = 0.95) -> Figure:
    """Where and when do people wait?

    Mean number of tickets waiting in each half hour: time waited in it, over the length of all
    measured days' half hours. All lists together, then list by list.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario, replicate
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> study = replicate(scenario, run=Run(replications=2, workers=1))
    >>> len(queue_by_time(study, load_text("en")).axes)
    1
    """
    lists = _lists_by_length(study)
    shown = lists[:MOST_LISTS] if len(lists) > 1 else []
    columns = 3 if len(shown) > 4 else 2
    rows = math.ceil(len(shown) / columns)
    with drawing():
        figure = sheet(text("figure.queue_by_time.title"), 3.6 + 1.75 * rows)
        spec = figure.add_gridspec(
            1 + rows, columns, height_ratios=[1.6] + [1.0] * rows if rows else [1.0]
        )
        first, last = _open_span(study)
        whole = figure.add_subplot(spec[0, :])
        for layout in study.layouts:
            queues = queue_lengths(study, layout).sum(axis=1)
            intervals = [t_interval(queues[:, slot], level) for slot in range(SLOTS)]
            _line(whole, study, layout, intervals, text)
        whole.set_title(text("figure.queue_by_time.all"))
        small: list[Axes] = []
        for n, name in enumerate(shown):
            share = small[0] if small else None
            axes = figure.add_subplot(spec[1 + n // columns, n % columns], sharey=share)
            _one_list(axes, study, name, text, level)
            small.append(axes)
        for axes in [whole, *small]:
            _shade_closed(axes, study)
            clock_axis(axes, first, last)
            axes.set_ylim(bottom=0)
        whole.set_ylabel(_with_unit(text("measure.queue"), text("unit.person")))
        for n, axes in enumerate(small):
            axes.xaxis.set_major_locator(MultipleLocator(4 if last - first > 6 else 2))
            if n >= len(small) - columns:
                axes.set_xlabel(text("figure.load_by_time.x"), fontsize=SMALL)
            axes.tick_params(labelleft=n % columns == 0, labelsize=SMALL)
        note = study_note(study, text, level) + "\n" + text("figure.queue_by_time.note")
        if len(lists) > len(shown) > 0:
            note += " " + text("figure.queue_by_time.more", n=len(lists) - len(shown))
        return finish(figure, note, whole.get_legend_handles_labels()[0])


def load_by_time(study: Study, text: Text, level: float = 0.95) -> Figure:
    """Which windows are overloaded, and when?

    Share of duty time spent serving, by window group and half hour; blank where the windows are
    closed, marked where people were served beyond the duty.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario, replicate
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> study = replicate(scenario, run=Run(replications=2, workers=1))
    >>> load_by_time(study, load_text("en")).axes[0].get_title("left")
    'One list'
    """
    shown = {layout: _busiest_groups(study, layout) for layout in study.layouts}
    sizes = [len(groups) for groups in shown.values()]
    slots = slots_used(study)
    with drawing():
        figure, panels = panels_of_cells(text("figure.load_by_time.title"), sizes)
        half_widths = [
            _load_panel(axes, study, layout, text, rows=shown[layout], slots=slots, level=level)
            for axes, layout in zip(panels, study.layouts, strict=True)
        ]
        panels[-1].set_xlabel(text("figure.load_by_time.x"))
        colours = figure.colorbar(_load_colours(), ax=panels, extend="max", aspect=40, pad=0.01)
        colours.set_label(_with_unit(text("figure.load_by_time.colour"), "%"))
        colours.outline.set_visible(False)
        note = study_note(study, text, None) + "\n" + text("figure.load_by_time.note")
        left_out = max(len(_groups(study, layout)) - len(rows) for layout, rows in shown.items())
        if left_out:
            note += " " + text("figure.load_by_time.more", n=left_out)
        widest = np.nanmax(half_widths) if np.isfinite(half_widths).any() else math.nan
        if math.isfinite(widest):
            note += " " + text(
                "figure.load_by_time.widest",
                points=text.number(100 * widest, 1),
                level=text.share(level, 0),
            )
        return finish(figure, note)


def queue_lengths(study: Study, layout: str) -> Floats:
    """Mean number waiting, shape (replications, lists, slots)."""
    days = len(study.plans[study.layouts.index(layout)].period.hall_days)
    ticks = np.array([tally.queue_by_slot for tally in study.of(layout)], dtype=np.float64)
    return ticks / (max(days, 1) * SLOT)


def loads(study: Study, layout: str) -> Floats:
    """Busy over duty, shape (groups, slots); nan without either, infinite without duty."""
    busy, duty = _busy_and_duty(study, layout)
    busy, duty = busy.sum(axis=0), duty.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        load: Floats = busy / duty
    return load


def overtime_minutes(study: Study, layout: str) -> Floats:
    """Minutes a hall day of serving in half hours without any duty, shape (groups, slots)."""
    busy, duty = _busy_and_duty(study, layout)
    days = len(study.plans[study.layouts.index(layout)].period.hall_days) * len(busy)
    without = duty.sum(axis=0) == 0
    late: Floats = np.where(without, busy.sum(axis=0), 0.0) / (MINUTE * max(days, 1))
    return late


def _busy_and_duty(study: Study, layout: str) -> tuple[Floats, Floats]:
    tallies = study.of(layout)
    busy = np.array([tally.busy_by_slot for tally in tallies], dtype=np.float64)
    duty = np.array([tally.duty_by_slot for tally in tallies], dtype=np.float64)
    return busy, duty


def _usual(study: Study, layout: str, intervals: Sequence[Interval]) -> list[Interval]:
    """Half hours in which hardly anybody takes a ticket are left out."""
    called = np.sum([tally.by_group["wait", "slot"][1] for tally in study.of(layout)], axis=0)
    nothing = Interval(math.nan, math.nan, math.nan, 0)
    enough = called >= max(RARE * called.sum(), 1)
    return [interval if ok else nothing for interval, ok in zip(intervals, enough, strict=True)]


def _line(
    axes: Axes,
    study: Study,
    layout: str,
    intervals: Sequence[Interval],
    text: Text,
    *,
    size: float = 4.5,
) -> None:
    """Means with markers and their intervals as a band."""
    colour, marker, line = look(study.scenario, layout)
    means, lows, highs = band_of(intervals)
    axes.fill_between(MIDDLES, lows, highs, color=colour, alpha=0.18, linewidth=0)
    axes.plot(
        MIDDLES,
        means,
        color=colour,
        marker=marker,
        linestyle=line,
        markersize=size,
        label=layout_name(study.scenario, layout, text),
    )


def _one_list(axes: Axes, study: Study, name: str, text: Text, level: float) -> None:
    title = name
    for layout, plan in zip(study.layouts, study.plans, strict=True):
        if name not in plan.names.lists:
            continue
        title = list_name(study.scenario, layout, name, text)
        queues = queue_lengths(study, layout)[:, plan.names.lists.index(name)]
        intervals = [t_interval(queues[:, slot], level) for slot in range(SLOTS)]
        _line(axes, study, layout, intervals, text, size=2.6)
    axes.set_title(folded(title, 34, 1), fontsize=9)


def _lists_by_length(study: Study) -> list[str]:
    """All lists of all layouts, the longest mean queue first."""
    longest: dict[str, float] = {}
    for layout, plan in zip(study.layouts, study.plans, strict=True):
        means = queue_lengths(study, layout).mean(axis=(0, 2))
        for name, mean in zip(plan.names.lists, means, strict=True):
            longest[name] = max(longest.get(name, 0.0), float(mean))
    return sorted(longest, key=lambda name: -longest[name])


def _groups(study: Study, layout: str) -> list[str]:
    """Window groups in the order of the tallies' rows."""
    return sorted(set(study.plans[study.layouts.index(layout)].names.groups))


def _busiest_groups(study: Study, layout: str) -> list[int]:
    """Rows of the tallies: all groups, or the busiest of many, in the order of the file: the
    layout's own groups, then the places beside the hall.
    """
    numbers = {name: g for g, name in enumerate(_groups(study, layout))}
    in_order = dict.fromkeys(study.plans[study.layouts.index(layout)].names.groups)
    order = [numbers[name] for name in in_order]
    busy, duty = (ticks.sum(axis=(0, 2)) for ticks in _busy_and_duty(study, layout))
    load = np.divide(busy, duty, np.zeros_like(busy), where=duty > 0)
    busiest = set(sorted(order, key=lambda g: -load[g])[:MOST_GROUPS])
    return [g for g in order if g in busiest]


def _load_colours() -> ScalarMappable:
    return ScalarMappable(Normalize(0, 100), colormaps["YlGnBu"].with_extremes(over=OVERLOAD))


def _load_panel(
    axes: Axes,
    study: Study,
    layout: str,
    text: Text,
    *,
    rows: Sequence[int],
    slots: Ints,
    level: float,
) -> float:
    """One layout's heat map; returns the widest half width among its cells."""
    groups = _groups(study, layout)
    busy, duty = _busy_and_duty(study, layout)
    load = loads(study, layout)
    late = overtime_minutes(study, layout)
    shades = _load_colours()
    widest = math.nan
    for row, g in enumerate(rows):
        for column, slot in enumerate(slots):
            value = load[g, slot]
            if math.isinf(value) and late[g, slot] >= LITTLE:
                axes.bar(
                    column, 0.86, 0.9, row - 0.43, fill=False, edgecolor=OVERLOAD, linewidth=0.8
                )
                words = f"+{math.floor(late[g, slot] + 0.5)}"
                axes.text(column, row, words, ha="center", va="center", fontsize=7, color=OVERLOAD)
            if not math.isfinite(value):
                continue
            over = value > 1
            axes.bar(
                column,
                0.92,
                0.96,
                row - 0.46,
                color=shades.to_rgba(100 * value),
                linewidth=0,
            )
            axes.text(
                column,
                row,
                f"{100 * value:.0f}" + ("!" if over else ""),
                ha="center",
                va="center",
                fontsize=7,
                color="white" if value > 0.55 else INK,
                fontweight="bold" if over else "normal",
            )
            if len(busy) > 1:
                half = ratio_interval(busy[:, g, slot], duty[:, g, slot], level).half_width
                widest = half if math.isnan(widest) else max(widest, half)
    axes.set_title(layout_name(study.scenario, layout, text))
    name_cells(axes, [group_name(study.scenario, layout, groups[g], text) for g in rows], slots)
    return widest


def panels_of_cells(title: str, sizes: Sequence[int]) -> tuple[Figure, list[Axes]]:
    """A sheet with a panel a layout, as high as its rows of cells need; inside `drawing()`."""
    figure = sheet(title, 1.3 + 0.62 * len(sizes) + 0.3 * sum(sizes))
    return figure, list(figure.subplots(len(sizes), 1, squeeze=False, height_ratios=sizes)[:, 0])


def name_cells(axes: Axes, names: Sequence[str], slots: Ints, margin: float = 0.0) -> None:
    """Names of rows, and clocks at the edges of half hours, with room beside the outer cells."""
    axes.set_yticks(range(len(names)), [folded(name, 24, 1) for name in names])
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlim(-0.5 - margin, len(slots) - 0.5 + margin)
    step = max(1, math.ceil(len(slots) / 12))
    edges = np.arange(0, len(slots) + 1, step)
    labels = [as_clock(float((slots[0] + edge) * HOURS)) for edge in edges]
    axes.set_xticks(edges - 0.5, labels, fontsize=SMALL)
    axes.tick_params(length=0)
    axes.grid(visible=False)
    axes.spines[["left", "bottom"]].set_visible(False)


def slots_used(study: Study) -> Ints:
    """Half hours from the first duty to the last duty or overtime worth a mark, of any layout."""
    used = np.zeros(SLOTS, dtype=bool)
    for layout in study.layouts:
        used |= _busy_and_duty(study, layout)[1].sum(axis=(0, 1)) > 0
        used |= (overtime_minutes(study, layout) >= LITTLE).any(axis=0)
    rows = np.flatnonzero(used)
    return np.arange(rows[0], rows[-1] + 1) if len(rows) else np.arange(SLOTS)


def _open_span(study: Study) -> tuple[float, float]:
    slots = slots_used(study)
    return float(slots[0] * HOURS), float((slots[-1] + 1) * HOURS)


def _shade_closed(axes: Axes, study: Study) -> None:
    """Half hours without any duty."""
    duty = np.zeros(SLOTS)
    for layout in study.layouts:
        duty += _busy_and_duty(study, layout)[1].sum(axis=(0, 1))
    for slot in np.flatnonzero(duty == 0):
        axes.axvspan(slot * HOURS, (slot + 1) * HOURS, color=SHADE, linewidth=0, zorder=0)


def _with_unit(words: str, unit: str) -> str:
    return f"{words} [{unit}]"
