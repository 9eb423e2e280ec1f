"""One matter seen from inside: its network of items, one case day by day, and where time goes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Patch
from matplotlib.path import Path
from matplotlib.ticker import FuncFormatter, MultipleLocator

from sim.analysis.causes import CAUSES
from sim.analysis.intervals import Interval, ratio_interval
from sim.analysis.story import CaseStory, Stretch, story_of
from sim.arrays import Floats
from sim.clock import DAY, HOUR, Span
from sim.results.tables import Tables
from sim.runs.replicate import Study
from sim.scenario.matters import Item, Matter
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.style import (
    CAUSE_LOOKS,
    INK,
    SHADE,
    SMALL,
    as_clock,
    bars_of,
    drawing,
    finish,
    folded,
    look,
    sheet,
    study_note,
)
from sim.views.values import department_name, layout_name, matter_name

BOX: Final = (0.74, 0.76)
"""Width and height of an item's box, in steps of the grid."""
IN_REACH: Final = ("reception", "window_wait", "at_window", "reviewer_wait", "review")
"""Causes that windows and departments can shorten; the others are law, closed doors, applicants."""
MOST_DEPARTMENTS: Final = 12
MOST_HOURS: Final = 1.5
"""Days that a timeline shows in hours."""


# === the network of items ===


def matter_network(scenario: Scenario, matter: str, text: Text) -> Figure:
    """Which items does a matter have, whose are they, and which waits for which?

    Each department has a lane; an arrow goes from an item to the one that starts after it. Items
    that only some applicants need have a dashed frame.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("sanmenxia.yaml"))
    >>> len(matter_network(scenario, "birth", load_text("en")).axes)
    1
    """
    one = next(found for found in scenario.matters if found.id == matter)
    places, lanes = _placed(one)
    rows = sum(height for _, height in lanes.values()) or 1
    columns = 1 + max((place.column for place in places.values()), default=0)
    with drawing():
        title = text("figure.network.title", matter=text.name(one.name))
        figure = sheet(title, 1.35 + 0.7 * rows, max(7.0, 2.0 + 2.1 * columns))
        axes = figure.subplots()
        axes.set_xlim(-0.5, columns - 0.5)
        axes.set_ylim(rows - 0.5, -0.5)
        axes.grid(visible=False)
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.set_xticks([])
        _draw_lanes(axes, scenario, one, lanes, text)
        for item in one.items:
            _draw_box(axes, item, places[item.id], text)
            for before in direct_predecessors(one, item.id):
                _draw_arrow(axes, places[before], places[item.id])
        if not one.items:
            axes.text(0, 0, text("figure.network.instant"), ha="center", va="center")
        axes.set_xlabel(text("figure.network.x"))
        return finish(figure, text("figure.network.note", hash=scenario.hash))


class _BoxPlace(NamedTuple):
    column: int
    row: float


def _placed(matter: Matter) -> tuple[dict[str, _BoxPlace], dict[str, tuple[int, int]]]:
    """Column and row of each item; first row and height of each department's lane."""
    after = {item.id: item.after for item in matter.items}
    depth: dict[str, int] = {}

    def depth_of(item: str) -> int:
        if item not in depth:
            depth[item] = 1 + max((depth_of(one) for one in after[item]), default=-1)
        return depth[item]

    cells: dict[str, dict[int, list[str]]] = {}
    for item in sorted(matter.items, key=lambda one: depth_of(one.id)):
        cells.setdefault(item.department, {}).setdefault(depth_of(item.id), []).append(item.id)
    lanes, places, top = {}, {}, 0
    for department, by_column in cells.items():
        height = max(map(len, by_column.values()))
        lanes[department] = (top, height)
        for column, items in by_column.items():
            for n, item_id in enumerate(items):
                places[item_id] = _BoxPlace(column, top + n)
        top += height
    return places, lanes


def _draw_lanes(
    axes: Axes, scenario: Scenario, matter: Matter, lanes: dict[str, tuple[int, int]], text: Text
) -> None:
    names, middles = [], []
    for n, (department, (top, height)) in enumerate(lanes.items()):
        if n % 2 == 0:
            axes.axhspan(top - 0.5, top + height - 0.5, color="#f4f4f4", linewidth=0, zorder=0)
        name = folded(department_name(scenario, department, text), 22, 2)
        if department == matter.lead:
            name = f"{name}\n{text('figure.network.lead')}"
        names.append(name)
        middles.append(top + (height - 1) / 2)
    axes.set_yticks(middles, names)
    axes.tick_params(axis="y", length=0)


def _draw_box(axes: Axes, item: Item, place: _BoxPlace, text: Text) -> None:
    width, height = BOX
    axes.add_patch(
        FancyBboxPatch(
            (place.column - width / 2, place.row - height / 2),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=0.06",
            facecolor="white",
            edgecolor="#0072B2",
            linewidth=1.3,
            linestyle="--" if item.share < 1 else "-",
            zorder=3,
        )
    )
    details = _details(item, text)
    words = folded(text.name(item.name), 22, 2)
    axes.text(
        place.column,
        place.row - (0.13 if details else 0),
        words,
        ha="center",
        va="center",
        fontsize=8.5,
        linespacing=1.1,
        zorder=4,
    )
    if details:
        axes.text(
            place.column,
            place.row + 0.24,
            details,
            ha="center",
            va="center",
            fontsize=7,
            color="#555555",
            zorder=4,
        )


def _details(item: Item, text: Text) -> str:
    parts = []
    if item.share < 1:
        parts.append(text("figure.network.share", share=text.share(item.share, 0)))
    if item.promised is not None:
        parts.append(text("figure.network.promised", span=span_words(item.promised, text)))
    if item.survey is not None:
        parts.append(text("figure.network.survey", departments=1 + len(item.survey.joined_by)))
    if item.external is not None:
        parts.append(text("figure.network.external"))
    return " · ".join(parts)


def span_words(span: Span, text: Text) -> str:
    """A limit in words: working days, or a length of time.

    Examples
    --------
    >>> from sim.text import load_text
    >>> span_words(Span(0, 5), load_text("en"))
    '5 wd'
    """
    if span.workdays:
        return text.with_unit(f"{span.workdays}", "wd")
    return text.duration(span.ticks)


def _draw_arrow(axes: Axes, before: _BoxPlace, after: _BoxPlace) -> None:
    half = BOX[0] / 2
    start, end = (before.column + half, before.row), (after.column - half, after.row)
    reach = (1 - BOX[0]) * 0.9
    curve = [start, (start[0] + reach, start[1]), (end[0] - reach, end[1]), end]
    axes.add_patch(
        FancyArrowPatch(
            path=Path(curve, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]),
            arrowstyle="-|>",
            mutation_scale=11,
            color="#555555",
            linewidth=1.1,
            zorder=2,
        )
    )


def direct_predecessors(matter: Matter, item: str) -> tuple[str, ...]:
    """What an item waits for, without what those already wait for: fewer arrows, same order.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> scenario = load_scenario(example_path("sanmenxia.yaml"))
    >>> restaurant = next(one for one in scenario.matters if one.id == "restaurant")
    >>> [direct_predecessors(restaurant, one.id) for one in restaurant.items][0]
    ()
    """
    after = {one.id: one.after for one in matter.items}

    def all_before(one: str) -> set[str]:
        return set(after[one]).union(*(all_before(before) for before in after[one]))

    passed_on = set().union(*(all_before(before) for before in after[item]))
    return tuple(before for before in after[item] if before not in passed_on)


# === one case ===


class _Bar(NamedTuple):
    """One row of a timeline."""

    label: str
    stretches: Sequence[Stretch]
    last: bool


def case_timeline(
    scenario: Scenario,
    tables: Tables,
    case: int,
    text: Text,
    reach: tuple[float, float] | None = None,
) -> Figure:
    """What happened to one case, day by day, and who was the last?

    Parameters
    ----------
    reach
        Days that are drawn, such as `CaseStory.reach` of another case; default: those of the case.

    Examples
    --------
    >>> from sim import Tables, compile_plan, draw_tape, example_path, load_scenario, run
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=1"])
    >>> plan = compile_plan(scenario, "hall")
    >>> tape = draw_tape(plan.demand, seed=1, replication=0)
    >>> tables = Tables(plan, tape, run(plan, tape))
    >>> len(case_timeline(scenario, tables, 7, load_text("en")).axes)
    1
    """
    return story_timeline(scenario, story_of(tables, case), text, reach)


def story_timeline(
    scenario: Scenario,
    story: CaseStory,
    text: Text,
    reach: tuple[float, float] | None = None,
) -> Figure:
    """The same as `case_timeline`, of a case whose story was kept without its tables."""
    rows: list[_Bar] = [_Bar(text("figure.timeline.hall"), story.hall, False)]
    for item, stretches, last in story.items:
        rows.append(_Bar(_item_label(scenario, story.matter, item, text), stretches, last))
    with drawing():
        title = text("figure.timeline.title", matter=matter_name(scenario, story.matter, text))
        figure = sheet(title, 1.75 + 0.48 * len(rows))
        axes = figure.subplots()
        _draw_stretches(axes, rows)
        _mark_ends(axes, story, reach or story.reach, text)
        used = {one.cause for _, stretches, _ in rows for one in stretches}
        handles: list[Artist] = [*_cause_legend([one for one in CAUSES if one in used], text)]
        handles += _mark_trips(axes, story, text)
        handles += _shade_days_off(axes, story, text)
        _date_axis(axes, story.start_ordinal, text)
        note = text(
            "figure.timeline.note",
            case=story.case,
            layout=layout_name(scenario, story.layout, text),
            hash=scenario.hash,
        )
        return finish(figure, note, handles)


def _item_label(scenario: Scenario, matter: str, item_id: str, text: Text) -> str:
    one = next(found for found in scenario.matters if found.id == matter)
    item = next(found for found in one.items if found.id == item_id)
    department = department_name(scenario, item.department, text)
    return f"{folded(text.name(item.name), 34, 1)}\n{folded(department, 34, 1)}"


def _draw_stretches(axes: Axes, rows: Sequence[_Bar]) -> None:
    for y, (_, stretches, last) in enumerate(rows):
        for cause, start, end in stretches:
            colour, hatch = CAUSE_LOOKS[cause]
            axes.barh(
                y,
                (end - start) / DAY,
                0.62,
                start / DAY,
                color=colour,
                hatch=hatch,
                edgecolor=colour if not hatch else "#555555",
                linewidth=0.8 if not hatch else 0.4,
            )
        if last and stretches:
            begin, stop = stretches[0].start / DAY, stretches[-1].end / DAY
            axes.barh(y, stop - begin, 0.76, begin, fill=False, edgecolor="#A5243D", linewidth=1.8)
    axes.set_yticks(range(len(rows)), [label for label, _, _ in rows])
    axes.tick_params(axis="y", length=0, labelsize=SMALL)
    for tick, (_, _, last) in zip(axes.get_yticklabels(), rows, strict=True):
        if last:
            tick.set_color("#A5243D")
            tick.set_fontweight("bold")
    axes.set_ylim(len(rows) - 0.5, -1.15)
    axes.grid(visible=False, axis="y")


def _mark_ends(axes: Axes, story: CaseStory, reach: tuple[float, float], text: Text) -> None:
    start, end = reach
    pad = max(0.04 * (end - start), 0.002)
    axes.set_xlim(start - pad, end + pad)
    middle = (start + end) / 2
    for instant, key in (
        (story.accepted_at, "event.accept"),
        (story.closed_at, f"fate.{story.fate}"),
    ):
        if instant < 0:
            continue
        axes.axvline(instant / DAY, color=INK, linewidth=1, linestyle=(0, (3, 2)))
        left = instant / DAY < middle
        axes.annotate(
            text(key),
            (instant / DAY, axes.get_ylim()[1]),
            xytext=(4 if left else -4, -2),
            textcoords="offset points",
            ha="left" if left else "right",
            va="top",
            fontsize=SMALL,
        )


def _mark_trips(axes: Axes, story: CaseStory, text: Text) -> list[Artist]:
    """A numbered mark where each trip to the hall begins: among days an hour in it is a hair."""
    trips = [trip for trip, _ in story.trips]
    starts = [start / DAY for _, start in story.trips]
    if not trips:
        return []
    [mark] = axes.plot(
        starts,
        np.full(len(starts), -0.48),
        linestyle="",
        marker="v",
        markersize=6,
        color=INK,
        label=text("figure.timeline.trip"),
    )
    for trip, start in zip(trips, starts, strict=True):
        axes.annotate(
            f"{trip}",
            (start, -0.48),
            xytext=(-5, 0),  # acceptance and the end are lines on the other side
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=SMALL,
        )
    return [mark]


def _shade_days_off(axes: Axes, story: CaseStory, text: Text) -> list[Artist]:
    """Days that no limit counts, where whole days are shown."""
    low, high = axes.get_xlim()
    days = np.arange(math.floor(low), math.ceil(high))
    off = days[np.isin(days, story.days_off)]
    if high - low < MOST_HOURS or not len(off):
        return []
    for day in off:
        axes.axvspan(max(day, low), min(day + 1, high), color=SHADE, linewidth=0, zorder=0)
    return [Patch(facecolor=SHADE, edgecolor="#777777", label=text("figure.timeline.day_off"))]


def _date_axis(axes: Axes, start_ordinal: int, text: Text) -> None:
    """Days along x: month and day with the weekday below, or hours within one day."""
    low, high = axes.get_xlim()
    if high - low < MOST_HOURS:
        steps = (5, 10, 15, 30, 60, 120, 180, 360)
        minutes = next(one for one in steps if (high - low) * 1440 / one <= 9)
        axes.xaxis.set_major_locator(MultipleLocator(minutes / 1440))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: as_clock(24 * (x % 1))))
        day = date.fromordinal(start_ordinal + math.floor(low))
        axes.set_xlabel(text.date(day))
        return
    step = next(n for n in (1, 2, 7, 14, 28, 91, 10_000) if (high - low) / n <= 9)
    axes.xaxis.set_major_locator(MultipleLocator(step))

    def label(x: float, _: int) -> str:
        day = date.fromordinal(max(start_ordinal + round(x), 1))
        weekday = "" if text.language == "keys" else "\n" + text(f"weekday.{day.isoweekday()}")
        return f"{day:%m-%d}{weekday}"

    axes.xaxis.set_major_formatter(FuncFormatter(label))
    axes.set_xlabel(text("figure.timeline.x", year=date.fromordinal(start_ordinal + int(low)).year))


def _cause_legend(causes: Sequence[str], text: Text) -> list[Patch]:
    return [
        Patch(
            facecolor=CAUSE_LOOKS[cause][0],
            hatch=CAUSE_LOOKS[cause][1],
            edgecolor="#777777",
            linewidth=0.5,
            label=text(f"cause.{cause}"),
        )
        for cause in causes
    ]


# === many cases ===


def causes_reach(study: Study, matter: str | None = None) -> tuple[float, float]:
    """How far the bars of `causes_figure` go: days of all causes, hours of those within reach."""
    longest = [
        max(float(mean_causes(study, one, matter, causes).sum()) for one in study.layouts)
        for causes in (CAUSES, IN_REACH)
    ]
    whole, part = (one if math.isfinite(one) else 0.0 for one in longest)
    return whole / DAY, part / HOUR


def causes_figure(
    study: Study,
    text: Text,
    matter: str | None = None,
    level: float = 0.95,
    reach: tuple[float, float] | None = None,
) -> Figure:
    """Where does a case's time go?

    Mean time of closed cases along the path that decided their end, by cause: all of it in calendar
    days, and the part that windows and departments can shorten in hours. Matters that are finished
    at the window have no such path and are left out.

    Parameters
    ----------
    reach
        How far the axes go at least, as `causes_reach` gives it, so that several figures are read
        by one scale.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario, replicate
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> study = replicate(scenario, run=Run(replications=2, workers=1))
    >>> len(causes_figure(study, load_text("en")).axes)
    2
    """
    with drawing():
        figure = sheet(
            _titled("figure.causes", study, matter, text), 2.6 + 0.95 * len(study.layouts)
        )
        whole, part = figure.subplots(2, 1)
        _stack(whole, study, matter, CAUSES, unit=DAY, level=level)
        _stack(part, study, matter, IN_REACH, unit=HOUR, level=level)
        whole.set_title(text("figure.causes.whole"))
        part.set_title(text("figure.causes.part"))
        whole.set_xlabel(text("unit.d"))
        part.set_xlabel(text("unit.h"))
        names = [folded(layout_name(study.scenario, one, text), 20, 2) for one in study.layouts]
        for axes in (whole, part):
            axes.set_yticks(range(len(names)), names)
            axes.set_ylim(len(names) - 0.4, -0.6)
            axes.tick_params(axis="y", length=0)
            axes.grid(visible=False, axis="y")
        for axes, far in zip((whole, part), reach or (), strict=False):
            axes.set_xlim(0, max(1.04 * far, axes.get_xlim()[1]))
        rows = path_rows(study, matter)
        cases = int(sum(_closed(study, layout, rows).sum() for layout in study.layouts))
        note = (
            study_note(study, text, level) + "\n" + text("figure.causes.note", cases=f"{cases:,}")
        )
        left_out = len(_matter_rows(study, matter)) - len(rows)
        if left_out:
            note += "\n" + text("figure.causes.left_out", n=left_out)
        return finish(figure, note, _cause_legend(CAUSES, text))


def mean_causes(
    study: Study, layout: str, matter: str | None, causes: Sequence[str] = CAUSES
) -> Floats:
    """Mean ticks of a closed case by cause, shape (causes,); nan when no case was closed."""
    columns, rows = [CAUSES.index(cause) for cause in causes], path_rows(study, matter)
    sums = _cause_sums(study, layout, rows)[:, columns].sum(axis=0)
    closed = _closed(study, layout, rows).sum()
    return sums / closed if closed else np.full(len(columns), math.nan)


def last_department_figure(
    study: Study, text: Text, matter: str | None = None, level: float = 0.95
) -> Figure:
    """For which department do cases wait last?

    Share of closed cases in which a department finished the last item.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario, replicate
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> study = replicate(scenario, run=Run(replications=2, workers=1))
    >>> len(last_department_figure(study, load_text("en")).axes)
    1
    """
    shares = {layout: last_shares(study, layout, matter, level) for layout in study.layouts}
    peak: dict[str, float] = {}
    for of_layout in shares.values():
        for department, share in of_layout.items():
            if share.mean > 0:
                peak[department] = max(peak.get(department, 0.0), share.mean)
    shown = sorted(peak, key=lambda one: -peak[one])[:MOST_DEPARTMENTS]
    n = len(study.layouts)
    with drawing():
        title = _titled("figure.last", study, matter, text)
        figure = sheet(title, 1.8 + max(0.16 + 0.1 * n, 0.3) * max(len(shown), 1))
        axes = figure.subplots()
        for k, layout in enumerate(study.layouts):
            colour, marker, _ = look(study.scenario, layout)
            found = [shares[layout].get(one, Interval(0.0, 0.0, 0.0, 0)) for one in shown]
            means, away = bars_of(found, 100)
            rows = np.arange(len(shown)) + (k - (n - 1) / 2) * 0.7 / n
            axes.errorbar(
                means,
                rows,
                xerr=away,
                fmt=marker,
                color=colour,
                capsize=2.5,
                elinewidth=1.4,
                label=layout_name(study.scenario, layout, text),
            )
        names = [folded(department_name(study.scenario, one, text), 26, 2) for one in shown]
        axes.set_yticks(range(len(names)), names)
        axes.set_ylim(max(len(names), 1) - 0.5, -0.5)
        for y in range(1, len(names), 2):
            axes.axhspan(y - 0.5, y + 0.5, color="#f4f4f4", linewidth=0, zorder=0)
        axes.update_datalim([(0.0, 0.0)], updatey=False)
        axes.margins(x=0.06)
        axes.set_xlim(left=0)
        axes.tick_params(axis="y", length=0)
        axes.grid(visible=False, axis="y")
        axes.set_xlabel(text("figure.last.x"))
        note = study_note(study, text, level)
        if len(peak) > len(shown):
            note += "\n" + text("figure.last.more", n=len(peak) - len(shown))
        return finish(figure, note, axes.get_legend_handles_labels()[0])


def last_shares(
    study: Study, layout: str, matter: str | None, level: float = 0.95
) -> dict[str, Interval]:
    """Share of closed cases whose last item was each department's."""
    plan = study.plans[study.layouts.index(layout)]
    rows = _matter_rows(study, matter)
    counts = np.array([tally.last_by_matter for tally in study.of(layout)], dtype=np.float64)
    by_item = counts[:, rows].sum(axis=1)
    out: dict[str, Interval] = {}
    whole = by_item.sum(axis=1)
    for d, department in enumerate(plan.names.departments):
        mine = np.flatnonzero(plan.office.department == d)
        if len(mine) and whole.sum() > 0:
            out[department] = ratio_interval(by_item[:, mine].sum(axis=1), whole, level, (0.0, 1.0))
    return out


def _titled(key: str, study: Study, matter: str | None, text: Text) -> str:
    if matter is None:
        return text(f"{key}.title")
    return text(f"{key}.title_of", matter=matter_name(study.scenario, matter, text))


def _matter_rows(study: Study, matter: str | None) -> list[int]:
    """Rows of the tallies for one matter, or for all that go to the back office."""
    plan = study.plans[0]
    if matter is not None:
        return [plan.names.matters.index(matter)]
    return [int(m) for m in np.flatnonzero(np.diff(plan.office.item_offsets) > 0)]


def path_rows(study: Study, matter: str | None) -> list[int]:
    """Rows of the matters whose causes and elapsed times are sums over the same cases.

    A case that needs no item is finished at the window and has no elapsed time, but its causes are
    in the tally; a matter with such cases has no mean by cause.
    """
    return [
        row
        for row in _matter_rows(study, matter)
        if all(
            tally.causes_by_matter[row].sum() == tally.by_group["elapsed", "matter"][0, row]
            for tallies in study.tallies
            for tally in tallies
        )
    ]


def _cause_sums(study: Study, layout: str, rows: Sequence[int]) -> Floats:
    sums = [tally.causes_by_matter[list(rows)].sum(axis=0) for tally in study.of(layout)]
    return np.array(sums, dtype=np.float64)


def _closed(study: Study, layout: str, rows: Sequence[int]) -> Floats:
    """Closed cases of each replication."""
    elapsed = [tally.by_group["elapsed", "matter"][1, list(rows)] for tally in study.of(layout)]
    return np.array([counts.sum() for counts in elapsed], dtype=np.float64)


def _stack(
    axes: Axes,
    study: Study,
    matter: str | None,
    causes: Sequence[str],
    *,
    unit: int,
    level: float,
) -> None:
    """A bar of causes for each layout, and the interval of their sum."""
    columns, rows = [CAUSES.index(cause) for cause in causes], path_rows(study, matter)
    for y, layout in enumerate(study.layouts):
        left = 0.0
        means = mean_causes(study, layout, matter, causes) / unit
        for cause, mean in zip(causes, means, strict=True):
            colour, hatch = CAUSE_LOOKS[cause]
            axes.barh(
                y, mean, 0.6, left, color=colour, hatch=hatch, edgecolor="#777777", linewidth=0.5
            )
            left += mean
        sums = _cause_sums(study, layout, rows)[:, columns].sum(axis=1) / unit
        total = ratio_interval(sums, _closed(study, layout, rows), level)
        if math.isfinite(total.half_width):
            axes.errorbar(
                [total.mean],
                [y],
                xerr=bars_of([total])[1],
                fmt="none",
                ecolor=INK,
                elinewidth=1.6,
                capsize=4,
            )
    axes.margins(x=0.04)
    if not axes.get_xlim()[1] > 0:
        axes.set_xlim(0, 1)
