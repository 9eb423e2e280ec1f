"""The four reductions in pictures: cuts beside what is published, and how a matter is handled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from sim.analysis.cuts import Cut
from sim.analysis.intervals import Interval
from sim.analysis.reductions import REDUCTIONS
from sim.plan.parts import visits_of
from sim.questions.reductions import Reductions
from sim.scenario.matters import Item, Matter
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.item_network import direct_predecessors
from sim.views.scenario_names import (
    department_name,
    layout_name,
    matter_name,
)
from sim.views.style import (
    FAINT,
    INK,
    PALETTE,
    SMALL,
    bars_of,
    drawing,
    finish,
    folded,
    sheet,
)

BEFORE, AFTER = PALETTE[1], PALETTE[0]
MODEL, PUBLISHED = "o", "D"
MOST_IN_ROW: Final = 5
"""Visits of a chain that stand side by side."""
MOST_NAMED: Final = 3
"""Items that one box names."""
WORDS: Final = 28
"""Columns of words in a box."""
BOX: Final = (0.8, 0.66)


def reductions_figure(reductions: Reductions, text: Text) -> Figure:
    """By what share did steps, papers, time and trips fall, in the model and as published?

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario
    >>> from sim.questions.reductions import reductions
    >>> from sim.text import load_text
    >>> city = load_scenario(example_path("sanmenxia.yaml"), ["run.measured_days=2"])
    >>> run = Run(replications=1, workers=1)
    >>> studied = reductions(city, "counters", run=run, followup=20, matters=["birth"])
    >>> len(reductions_figure(studied, load_text("en")).axes)
    4
    """
    shown: list[str | None] = [None, *reductions.matters]
    names = [
        text("figure.reductions.all")
        if matter is None
        else matter_name(reductions.scenario, matter, text)
        for matter in shown
    ]
    rows = [reductions.summary.of(matter).reductions for matter in shown]
    with drawing():
        figure = sheet(text("figure.reductions.title"), 1.9 + 0.27 * len(shown), 10.5)
        panels = figure.subplots(1, len(REDUCTIONS), sharey=True)
        for axes, k in zip(panels, range(len(REDUCTIONS)), strict=True):
            _cut_panel(axes, [row[k] for row in rows])
            axes.set_title(text(f"reduction.{REDUCTIONS[k]}"))
            axes.set_xlabel(text("figure.reductions.x"))
        panels[0].set_yticks(range(len(names)), [folded(name, 34, 1) for name in names])
        panels[0].get_yticklabels()[0].set_fontweight("bold")
        panels[0].set_ylim(len(names) - 0.4, -0.6)
        note = _footer(reductions, text)
        note += "\n" + text("figure.reductions.note")
        return finish(figure, note, _keys(text))


def _footer(reductions: Reductions, text: Text) -> str:
    """Replications, seed and scenario: enough to draw the figure again."""
    note = text(
        "figure.reductions.footer",
        replications=reductions.replications,
        seed=reductions.seed,
        layout=layout_name(reductions.scenario, reductions.layout, text),
        hash=reductions.scenario.hash,
    )
    if reductions.replications > 1:
        note += text("figure.footer_level", level=text.share(reductions.level, 0))
    if reductions.cancelled:
        note += text("figure.footer_cancelled", asked=reductions.asked)
    return note


def _keys(text: Text, model: str = AFTER) -> list[Line2D]:
    looks = ((MODEL, model, model), (PUBLISHED, "white", INK))
    words = ("figure.reductions.model", "figure.reductions.published")
    return [
        Line2D([], [], linestyle="", marker=marker, markerfacecolor=face, markeredgecolor=edge,
               label=text(word))
        for (marker, face, edge), word in zip(looks, words, strict=True)
    ]  # fmt: skip


def _cut_panel(axes: Axes, row: Sequence[Cut]) -> None:
    """One reduction of all matters, in percent."""
    for y, cut in enumerate(row):
        is_modelled = math.isfinite(cut.cut.mean)
        if is_modelled and cut.published_cut is not None:
            ends = [100 * cut.cut.mean, 100 * cut.published_cut]
            axes.plot([max(end, -20.0) for end in ends], [y, y], color="#bbbbbb", linewidth=1.2)
        if is_modelled:
            _model_mark(axes, cut.cut, y)
        if cut.published_cut is not None:
            axes.plot(
                100 * cut.published_cut,
                y,
                marker=PUBLISHED,
                color=INK,
                markerfacecolor="white",
                zorder=3,
            )
    axes.set_xlim(-25, 105)
    axes.axhspan(-0.5, 0.5, color="#f0f4f8", linewidth=0, zorder=0)
    axes.axvline(0, color=FAINT, linewidth=0.8)
    axes.tick_params(axis="y", length=0)


def _model_mark(axes: Axes, cut: Interval, y: float) -> None:
    """A mean with its interval; what lies left of the panel is an arrow at its edge."""
    means, away = bars_of([cut], 100)
    if means[0] < -20:
        axes.plot(-20, y, marker="<", color=AFTER)
        return
    axes.errorbar(
        means, [y], xerr=away, fmt=MODEL, color=AFTER, capsize=2.5, elinewidth=1.3, zorder=4
    )


def before_after_figure(reductions: Reductions, text: Text, matter: str | None = None) -> Figure:
    """How many steps, papers, working days and trips does a case take, before and after?

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario
    >>> from sim.questions.reductions import reductions
    >>> from sim.text import load_text
    >>> city = load_scenario(example_path("sanmenxia.yaml"), ["run.measured_days=2"])
    >>> run = Run(replications=1, workers=1)
    >>> studied = reductions(city, "counters", run=run, followup=20, matters=["birth"])
    >>> len(before_after_figure(studied, load_text("en"), "birth").axes)
    4
    """
    name = text("figure.reductions.all")
    if matter is not None:
        name = matter_name(reductions.scenario, matter, text)
    with drawing():
        figure = sheet(text("figure.reductions.title_of", matter=name), 3.1)
        panels = figure.subplots(1, len(REDUCTIONS))
        for axes, cut in zip(panels, reductions.summary.of(matter).reductions, strict=True):
            _dumbbell(axes, cut, text)
            axes.set_title(text(f"reduction.{cut.name}"))
            axes.set_xlabel(text(f"unit.{cut.unit}"))
        for axes in panels[1:]:
            axes.set_yticklabels([])
        note = _footer(reductions, text)
        note += "\n" + text("figure.reductions.note_of")
        return finish(figure, note, _keys(text, INK))


def _dumbbell(axes: Axes, cut: Cut, text: Text) -> None:
    pairs = ((cut.before, cut.published_before, BEFORE), (cut.after, cut.published_after, AFTER))
    most = 0.0
    for y, (interval, published, colour) in enumerate(pairs):
        if math.isfinite(interval.mean):
            means, away = bars_of([interval])
            axes.barh(y, means[0], 0.5, color=colour, alpha=0.35)
            axes.errorbar(means, [y], xerr=away, fmt=MODEL, color=colour, capsize=3)
            axes.annotate(
                text.number(interval.mean, 1),
                (means[0], y + 0.25),
                xytext=(0, -3),
                textcoords="offset points",
                ha="center",
                va="top",
                fontsize=SMALL,
            )
            most = max(most, means[0] + away[1][0])
        if published is not None:
            axes.plot(published, y, PUBLISHED, color=INK, markerfacecolor="white", zorder=4)
            most = max(most, published)
    axes.set_xlim(0, 1.18 * most if most > 0 else 1)
    axes.set_ylim(1.6, -0.6)
    axes.set_yticks([0, 1], [text("handling.separate"), text("handling.bundled")])
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")


# === how a matter is handled ===


def process_figure(scenario: Scenario, matter: str, text: Text) -> Figure:
    """What does an applicant go through before the reform, and after it?

    Above, a visit to each department in turn, the next after the result; below, one intake, the
    departments side by side, one issue.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("sanmenxia.yaml"))
    >>> len(process_figure(scenario, "birth", load_text("en")).axes)
    2
    """
    process = next(candidate for candidate in scenario.matters if candidate.id == matter)
    visits = visits_of(process)
    stages = _stages(process)
    upper = max(-(-len(visits) // MOST_IN_ROW), 1)
    lower = max((len(stage) for stage in stages), default=1)
    with drawing():
        title = text("figure.process.title", matter=text.name(process.name))
        width = max(10.0, 1.75 * (len(stages) + 2))
        figure = sheet(title, 1.5 + 0.88 * (upper + lower), width)
        above, below = figure.subplots(2, 1, height_ratios=[upper, lower])
        _draw_chain(above, scenario, visits, text)
        _draw_lanes(below, scenario, process, stages, text)
        above.set_title(text("figure.process.before", visits=len(visits)))
        below.set_title(text("figure.process.after"))
        below.set_xlabel(text("figure.network.x"))
        return finish(figure, text("figure.process.note", hash=scenario.hash))


class _Box(NamedTuple):
    x: float
    y: float
    words: str
    colour: str
    dashed: bool = False


def _draw_chain(
    axes: Axes, scenario: Scenario, visits: Sequence[Sequence[Item]], text: Text
) -> None:
    """Visits from left to right, row by row."""
    boxes = [
        _Box(
            float(n % MOST_IN_ROW),
            float(n // MOST_IN_ROW),
            _words(scenario, items, text, n + 1),
            BEFORE,
            all(item.share < 1 for item in items),
        )
        for n, items in enumerate(visits)
    ]
    _blank(axes, MOST_IN_ROW, max((box.y for box in boxes), default=0.0) + 1)
    for box in boxes:
        _draw_box(axes, box)
    for box, following in pairwise(boxes):
        if box.y == following.y:
            _draw_arrow(axes, box, following)
        else:
            _turn(axes, box, following)


def _stages(matter: Matter) -> list[list[list[Item]]]:
    """Items that may be reviewed at once, by department, stage after stage."""
    after = {item.id: item.after for item in matter.items}
    depth: dict[str, int] = {}

    def depth_of(item: str) -> int:
        if item not in depth:
            depth[item] = 1 + max((depth_of(earlier) for earlier in after[item]), default=-1)
        return depth[item]

    stages: list[dict[str, list[Item]]] = []
    for item in sorted(matter.items, key=lambda item: depth_of(item.id)):
        while len(stages) <= depth_of(item.id):
            stages.append({})
        stages[depth_of(item.id)].setdefault(item.department, []).append(item)
    return [list(stage.values()) for stage in stages]


def _draw_lanes(
    axes: Axes,
    scenario: Scenario,
    matter: Matter,
    stages: Sequence[Sequence[Sequence[Item]]],
    text: Text,
) -> None:
    """One intake, the departments of each stage one below the other, one issue."""
    rows = max((len(stage) for stage in stages), default=1)
    middle = (rows - 1) / 2
    intake = _Box(0.0, middle, text("figure.process.intake"), AFTER)
    issue = _Box(len(stages) + 1.0, middle, text("figure.process.issue"), AFTER)
    box_of: dict[str, _Box] = {}
    for x, stage in enumerate(stages, start=1):
        top = middle - (len(stage) - 1) / 2
        for n, items in enumerate(stage):
            dashed = all(item.share < 1 for item in items)
            words = _words(scenario, items, text)
            box = _Box(float(x), top + n, words, AFTER, dashed)
            box_of |= {item.id: box for item in items}
    before = {item.id: direct_predecessors(matter, item.id) for item in matter.items}
    arrows = {
        (box_of[before_item], box_of[item])
        for item, earlier in before.items()
        for before_item in earlier
    }
    begun, ended = {end for _, end in arrows}, {start for start, _ in arrows}
    arrows |= {(intake, box) for box in box_of.values() if box not in begun}
    arrows |= {(box, issue) for box in box_of.values() if box not in ended}
    _blank(axes, len(stages) + 2, rows)
    for box in sorted({intake, issue, *box_of.values()}):
        _draw_box(axes, box)
    for start, end in sorted(arrows):
        _draw_arrow(axes, start, end)


def _words(scenario: Scenario, items: Sequence[Item], text: Text, number: int = 0) -> str:
    """A department with the first of its items; the number of the visit before it."""
    head = department_name(scenario, items[0].department, text)
    if number:
        head = text("figure.process.visit", n=number, department=head)
    named = [folded(text.name(item.name), WORDS, 1) for item in items[:MOST_NAMED]]
    head = folded(head, WORDS, 2 if len(items) < MOST_NAMED else 1)
    if len(items) > MOST_NAMED:
        named[-1] = text("figure.process.more", n=len(items) - MOST_NAMED + 1)
    return "\n".join([head, *named])


def _blank(axes: Axes, columns: float, rows: float) -> None:
    axes.set_xlim(-0.5, columns - 0.5)
    axes.set_ylim(rows - 0.5, -0.5)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.set_xticks([])
    axes.set_yticks([])


def _draw_box(axes: Axes, box: _Box) -> None:
    width, height = BOX
    axes.add_patch(
        FancyBboxPatch(
            (box.x - width / 2, box.y - height / 2),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=0.06",
            facecolor="white",
            edgecolor=box.colour,
            linewidth=1.3,
            linestyle="--" if box.dashed else "-",
            zorder=3,
        )
    )
    axes.text(
        box.x, box.y, box.words, ha="center", va="center", fontsize=7.2, linespacing=1.15, zorder=4
    )


def _draw_arrow(axes: Axes, start: _Box, end: _Box) -> None:
    half = BOX[0] / 2
    _arrow(axes, (start.x + half, start.y), (end.x - half, end.y))


def _turn(axes: Axes, start: _Box, end: _Box) -> None:
    """From the end of a row to the beginning of the next."""
    half = BOX[1] / 2
    _arrow(axes, (start.x, start.y + half), (end.x, end.y - half))


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=9,
            color="#666666",
            linewidth=0.9,
            shrinkA=0,
            shrinkB=0,
            zorder=2,
        )
    )
