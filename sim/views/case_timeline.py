"""One case, day by day: what happened to each item, and who was the last."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.analysis.causes import CAUSES
from sim.analysis.story import CaseStory, Stretch, story_of
from sim.clock import DAY
from sim.results.tables import Tables
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.causes import cause_legend
from sim.views.date_axis import MOST_HOURS, date_axis
from sim.views.scenario_names import (
    department_name,
    layout_name,
    matter_name,
)
from sim.views.style import (
    CAUSE_LOOKS,
    INK,
    SHADE,
    SMALL,
    drawing,
    finish,
    folded,
    sheet,
)


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
        used = {stretch.cause for _, stretches, _ in rows for stretch in stretches}
        handles: list[Artist] = [*cause_legend([cause for cause in CAUSES if cause in used], text)]
        handles += _mark_trips(axes, story, text)
        handles += _shade_days_off(axes, story, text)
        date_axis(axes, story.start_ordinal, text)
        note = text(
            "figure.timeline.note",
            case=story.case,
            layout=layout_name(scenario, story.layout, text),
            hash=scenario.hash,
        )
        return finish(figure, note, handles)


def _item_label(scenario: Scenario, matter: str, item_id: str, text: Text) -> str:
    process = next(candidate for candidate in scenario.matters if candidate.id == matter)
    item = next(candidate for candidate in process.items if candidate.id == item_id)
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
