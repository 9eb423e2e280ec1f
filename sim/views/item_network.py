"""A matter's items: which department does each, and who waits for whom."""

from __future__ import annotations

from typing import Final, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

from sim.clock import Span
from sim.scenario.matters import Item, Matter
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.scenario_names import department_name
from sim.views.style import (
    drawing,
    finish,
    folded,
    sheet,
)

BOX: Final = (0.74, 0.76)
"""Width and height of an item's box, in steps of the grid."""


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
    process = next(candidate for candidate in scenario.matters if candidate.id == matter)
    places, lanes = _placed(process)
    rows = sum(height for _, height in lanes.values()) or 1
    columns = 1 + max((place.column for place in places.values()), default=0)
    with drawing():
        title = text("figure.network.title", matter=text.name(process.name))
        figure = sheet(title, 1.35 + 0.7 * rows, max(7.0, 2.0 + 2.1 * columns))
        axes = figure.subplots()
        axes.set_xlim(-0.5, columns - 0.5)
        axes.set_ylim(rows - 0.5, -0.5)
        axes.grid(visible=False)
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.set_xticks([])
        _draw_lanes(axes, scenario, process, lanes, text)
        for item in process.items:
            _draw_box(axes, item, places[item.id], text)
            for before in direct_predecessors(process, item.id):
                _draw_arrow(axes, places[before], places[item.id])
        if not process.items:
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
            depth[item] = 1 + max((depth_of(earlier) for earlier in after[item]), default=-1)
        return depth[item]

    cells: dict[str, dict[int, list[str]]] = {}
    for item in sorted(matter.items, key=lambda item: depth_of(item.id)):
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
    >>> restaurant = next(matter for matter in scenario.matters if matter.id == "restaurant")
    >>> [direct_predecessors(restaurant, item.id) for item in restaurant.items][0]
    ()
    """
    after = {item.id: item.after for item in matter.items}

    def all_before(item: str) -> set[str]:
        return set(after[item]).union(*(all_before(before) for before in after[item]))

    passed_on = set().union(*(all_before(before) for before in after[item]))
    return tuple(before for before in after[item] if before not in passed_on)
