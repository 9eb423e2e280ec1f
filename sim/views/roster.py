"""Who works when: clerks needed and planned through each kind of day, and people by dates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from sim.clock import HOUR
from sim.questions.roster import Cover, DutyRoster
from sim.text import Text
from sim.views.hours import unbroken
from sim.views.posted import DAY_FILLS, PostedRoster, day_look, day_of, posted, weekday_words
from sim.views.promise_words import kind_name
from sim.views.scenario_names import group_name, layout_name
from sim.views.style import (
    INK,
    PALETTE,
    SMALL,
    clock_axis,
    drawing,
    finish,
    folded,
    sheet,
    thin_clocks,
    width_of,
)

NEED, PLANNED, MOST = INK, PALETTE[5], "#D4ECF9"
SHORT, SHORT_FACE = PALETTE[1], "#FBD9B5"
MOST_GROUPS: Final = 6
"""Window groups shown, those with the most clerks."""
MOST_PEOPLE: Final = 40
MOST_DATES: Final = 28
"""Of the figure of people by dates; a workbook has all."""


class _CoverSlot(NamedTuple):
    """A half hour of a kind of day: clerks needed, and planned on its weekdays."""

    starts: int
    ends: int
    need: int
    fewest: int
    most: int


def cover_figure(roster: DutyRoster, text: Text) -> Figure:
    """Are there as many clerks as are needed, and when?

    Bars are those planned, of the weekday with the fewest; paler on top of them, of that with the
    most. The line is what is needed; where bars do not reach it, people are missing.
    """
    kinds = list(dict.fromkeys(row.days for row in roster.cover))
    groups = _largest(roster.cover)
    shown = groups[:MOST_GROUPS]
    with drawing():
        name = layout_name(roster.scenario, roster.layout, text)
        title = text("figure.roster.title_of", layout=name)
        figure = sheet(title, 1.4 + 1.7 * max(len(shown), 1))
        spans = [_span(roster.cover, days) for days in kinds] or [1]
        widths = [max(span, max(spans) * 2 // 5) for span in spans]
        grid = figure.subplots(
            max(len(shown), 1),
            max(len(kinds), 1),
            squeeze=False,
            width_ratios=widths,
        )
        for axes_row, group in zip(grid, shown, strict=False):
            for axes, days, width in zip(axes_row, kinds, widths, strict=True):
                _draw_cover(axes, _slots(roster.cover, group, days))
                thin_clocks(axes, width / sum(widths))
            words = folded(group_name(roster.scenario, roster.layout, group, text), 16, 2)
            axes_row[0].set_ylabel(f"{words}\n{text('figure.roster.y')}", fontsize=SMALL)
        for axes, days in zip(grid[0], kinds, strict=False):
            axes.set_title(folded(kind_name(days, text), 30, 1), fontsize=9)
        for axes in grid[-1]:
            axes.set_xlabel(text("figure.load_by_time.x"))
        note = _footer(roster, text)
        if len(groups) > len(shown):
            note += "\n" + text("figure.size.more", n=len(groups) - len(shown))
        return finish(figure, note, _cover_legend(text))


def _largest(cover: Sequence[Cover]) -> list[str]:
    """Window groups with anybody needed or planned, those with the most clerks first."""
    sizes: dict[str, int] = {}
    for row in cover:
        sizes[row.group] = sizes.get(row.group, 0) + max(row.need, row.planned_most)
    return sorted((group for group in sizes if sizes[group]), key=lambda group: -sizes[group])


def _span(cover: Sequence[Cover], days: str) -> int:
    of_kind = [row for row in cover if row.days == days]
    return max(row.ends for row in of_kind) - min(row.starts for row in of_kind)


def _slots(cover: Sequence[Cover], group: str, days: str) -> list[_CoverSlot]:
    """Weekdays of a kind together, a half hour each."""
    by: dict[tuple[int, int], list[Cover]] = {}
    for row in cover:
        if (row.group, row.days) == (group, days):
            by.setdefault((row.starts, row.ends), []).append(row)
    return [
        _CoverSlot(
            *hours,
            max(row.need for row in rows),
            min(row.planned for row in rows),
            max(row.planned_most for row in rows),
        )
        for hours, rows in sorted(by.items())
    ]


def _draw_cover(axes: Axes, slots: Sequence[_CoverSlot]) -> None:
    for slot in slots:
        left, width = slot.starts / HOUR, (slot.ends - slot.starts) / HOUR
        bars = [(slot.fewest, 0, PLANNED, "white", "")]
        if slot.most > slot.fewest:
            bars.append((slot.most - slot.fewest, slot.fewest, MOST, "white", "...."))
        if slot.fewest < slot.need:
            bars.append((slot.need - slot.fewest, slot.fewest, SHORT_FACE, SHORT, "////"))
        for height, bottom, face, edge, hatch in bars:
            axes.bar(
                left,
                height,
                width,
                bottom,
                align="edge",
                facecolor=face,
                edgecolor=edge,
                hatch=hatch,
                linewidth=0.6,
            )
    for run in unbroken(slots):
        edges = [slot.starts / HOUR for slot in run] + [run[-1].ends / HOUR]
        axes.stairs([slot.need for slot in run], edges, baseline=None, color=NEED, linewidth=2.0)
    if slots:
        clock_axis(axes, slots[0].starts / HOUR, slots[-1].ends / HOUR)
    most = max((max(slot.need, slot.most) for slot in slots), default=1)
    axes.set_ylim(0, max(most, 1) * 1.15)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.tick_params(labelsize=SMALL)


def _cover_legend(text: Text) -> list[Line2D | Patch]:
    return [
        Line2D([], [], color=NEED, linewidth=2.0, label=text("figure.roster.need")),
        Patch(facecolor=PLANNED, label=text("figure.roster.fewest")),
        Patch(facecolor=MOST, hatch="....", edgecolor="white", label=text("figure.roster.most")),
        Patch(
            facecolor=SHORT_FACE, hatch="////", edgecolor=SHORT, label=text("figure.roster.short")
        ),
    ]


def _footer(roster: DutyRoster, text: Text) -> str:
    """Enough to draw the figure again."""
    note = text(
        "figure.roster.footer",
        first=roster.first_day,
        weeks=roster.weeks,
        replications=roster.replications,
        seed=roster.seed,
        hash=roster.scenario.hash,
    )
    if roster.replications < roster.asked:
        note += text("figure.footer_cancelled", asked=roster.asked)
    return note


# === people by dates === #


def posted_figure(roster: DutyRoster, text: Text) -> Figure:
    """Who works when: a row a person, a column a date, the code of the shift in each cell."""
    table = posted(roster, text)
    people = table.people[:MOST_PEOPLE]
    days = table.days[:MOST_DATES]
    with drawing():
        name = layout_name(roster.scenario, roster.layout, text)
        figure = sheet(text("figure.roster.posted_of", layout=name), 1.9 + 0.24 * len(people))
        axes = figure.subplots()
        _draw_cells(axes, table, len(people), len(days))
        axes.set_yticks(range(len(people)), [folded(person, 24, 1) for person in people])
        heads = [f"{day_of(day):%m-%d}\n{weekday_words(day, text)}" for day in days]
        is_narrow = len(days) > 14
        axes.set_xticks(range(len(days)), heads, fontsize=SMALL - 2 * is_narrow)
        axes.xaxis.tick_top()
        axes.set_xlabel(text("roster.head.date"))
        axes.tick_params(length=0)
        axes.grid(visible=False)
        axes.set_xlim(-0.5, max(len(days), 1) - 0.5)
        axes.set_ylim(max(len(people), 1) - 0.5, -0.5)
        axes.spines[["left", "bottom"]].set_visible(False)
        note = _footer(roster, text)
        more = {"people": len(table.people) - len(people), "days": len(table.days) - len(days)}
        for name, number in more.items():
            if number:
                note += "\n" + text(f"figure.roster.more_{name}", n=number)
        return finish(figure, note, _shift_legend(table, text))


def _draw_cells(axes: Axes, table: PostedRoster, people: int, dates: int) -> None:
    for column, day in enumerate(table.days[:dates]):
        if fill := DAY_FILLS.get(day_look(day)):
            axes.bar(column, people, 1.0, -0.5, color=fill, linewidth=0)
    for row in range(people):
        for column in range(dates):
            words, fill = table.cells[row][column], table.fills[row][column]
            if fill:
                axes.bar(column, 0.86, 0.92, row - 0.43, color=fill, linewidth=0)
            size = SMALL if width_of(words) <= 6 and dates <= 14 else SMALL - 2.5
            ink = INK if fill else "#777777"
            axes.text(column, row, words, ha="center", va="center", fontsize=size, color=ink)


def _shift_legend(table: PostedRoster, text: Text) -> list[Patch]:
    patches = [
        Patch(facecolor=row.fill, label=text("figure.roster.shift", code=row.code, hours=row.hours))
        for row in table.shifts
    ]
    looks = dict.fromkeys(day_look(day) for day in table.days)
    return patches + [
        Patch(facecolor=DAY_FILLS[look], label=text(f"figure.roster.{look}"))
        for look in looks
        if look in DAY_FILLS
    ]
