"""How many clerks a promise needs through the day, and where today's roster breaks it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from sim.analysis.intervals import Interval
from sim.analysis.kept import KeptVerdict, kept_verdict
from sim.clock import HOUR
from sim.questions.size import CheckedCell, Need, SizedLayout, Sizing
from sim.scenario.promises import PROMISABLE
from sim.text import Text
from sim.views.hours import unbroken
from sim.views.promise_words import (
    kind_name,
    people_name,
    promise_words,
    value_words,
)
from sim.views.scenario_names import group_name, layout_name
from sim.views.style import (
    FAINT,
    INK,
    PALETTE,
    SMALL,
    as_clock,
    clock_axis,
    drawing,
    finish,
    folded,
    sheet,
    thin_clocks,
)
from sim.views.values import unit_key

NEED, TODAY, LOAD = PALETTE[0], PALETTE[1], "#cfd8dc"
TODAY_LINE: Final = (0, (4, 2))
MOST_PANELS: Final = 18
"""Window groups shown one by one; those with the most clerks come first."""
COLUMNS: Final = 3
TOP_SIGNS: Final = 100
"""Signs of titles that stand beside each other above the widest row."""
KEPT_LOOKS: Final[dict[KeptVerdict, tuple[str, str, str]]] = {
    "kept": ("#0072B2", "white", ""),
    "seems_kept": ("#B9DCF0", INK, "?"),
    "seems_broken": ("#FBD9B5", INK, "?"),
    "broken": ("#B34700", "white", "!"),
}
"""Face, ink and mark: told apart without colours too, by the mark and by how dark they are."""


POINTS: Final = 72
"""An inch."""
WIDE: Final = 8.4
"""Inches of all panels of a heat map beside each other."""
SIGNS, SIGN_WIDTH = 5.2, 0.56
"""Signs of a value with its mark, and how wide one is beside how high it is."""
LEAST_SIZE: Final = 5.0
"""Points of the smallest letters; smaller values are left out, and the mark stays."""
CLOCK_ROOM: Final = 0.38
"""Inches that a time below a heat map takes."""
ROSTERS: Final = (("today", "now"), ("sized", "sized"))
"""Fields of a checked cell, and the texts `size.head.<name>` of whose they are."""


class DayPanel(NamedTuple):
    """One window group on one kind of day; an empty group stands for all together."""

    days: str
    group: str
    needs: tuple[Need, ...]


def size_figure(sizing: Sizing, row: SizedLayout, text: Text) -> Figure:
    """How many clerks does the promise need, and when?

    Clerks needed, clerks of today's roster, and how many serve at a time on average, all groups
    together and then one by one.

    Parameters
    ----------
    row
        The layout shown, one of the sizing.
    """
    kinds = list(dict.fromkeys(need.days for need in row.needs))
    panels = _panels(row)
    shown = panels[:MOST_PANELS] if len({panel.group for panel in panels}) > 1 else []
    rows = math.ceil(len(shown) / COLUMNS)
    with drawing():
        name = layout_name(sizing.scenario, row.layout, text)
        figure = sheet(text("figure.size.title", layout=name), 3.4 + 1.6 * rows)
        spec = figure.add_gridspec(2, 1, height_ratios=[1.5, max(rows, 0.01)])
        widths = _widths(row, kinds)
        top = spec[0].subgridspec(1, max(len(kinds), 1), width_ratios=widths)
        for column, days in enumerate(kinds):
            axes = figure.add_subplot(top[0, column])
            _draw_panel(axes, DayPanel(days, "", _all_groups(row, days)))
            title = _top_title(sizing, row, days, kinds, text)
            axes.set_title(folded(title, round(TOP_SIGNS * widths[column] / sum(widths)), 3))
            if len(kinds) > 1:
                thin_clocks(axes, widths[column] / sum(widths))
            axes.set_xlabel(text("figure.load_by_time.x"))
            if column == 0:
                axes.set_ylabel(text("figure.size.y"))
        if shown:
            grid = spec[1].subgridspec(rows, COLUMNS)
            for n, panel in enumerate(shown):
                axes = figure.add_subplot(grid[n // COLUMNS, n % COLUMNS])
                _draw_panel(axes, panel)
                title = group_name(sizing.scenario, row.layout, panel.group, text)
                if len(kinds) > 1:
                    title = text(
                        "figure.size.group_on", group=title, days=kind_name(panel.days, text)
                    )
                axes.set_title(folded(title, 36, 1), fontsize=9)
                axes.tick_params(labelsize=SMALL)
                axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        note = _footer(sizing, text)
        if row.needs:
            note += "\n" + text("figure.size.note")
        if len(panels) > len(shown) > 0:
            note += " " + text("figure.size.more", n=len(panels) - len(shown))
        return finish(figure, note, _needs_legend(text))


def _top_title(
    sizing: Sizing, row: SizedLayout, days: str, kinds: Sequence[str], text: Text
) -> str:
    """Whose needs stand on top: of all groups, or of the only one."""
    groups = list(dict.fromkeys(need.group for need in row.needs))
    name = text("figure.size.all_groups")
    if len(groups) == 1:
        name = group_name(sizing.scenario, row.layout, groups[0], text)
    if len(kinds) == 1:
        return name
    return text("figure.size.group_on", group=name, days=kind_name(days, text))


def _footer(sizing: Sizing, text: Text) -> str:
    """Enough to draw the figure again."""
    note = text(
        "figure.size.footer",
        replications=sizing.replications,
        n=sizing.confirmed_on,
        seed=sizing.seed,
        hash=sizing.scenario.hash,
    )
    if sizing.replications < sizing.asked:
        note += text("figure.footer_cancelled", asked=sizing.asked)
    return note


def _panels(row: SizedLayout) -> list[DayPanel]:
    """Groups with anybody needed or there, kinds of days in their order, the largest first."""
    by_panel: dict[tuple[str, str], list[Need]] = {}
    for need in row.needs:
        by_panel.setdefault((need.days, need.group), []).append(need)
    panels = [DayPanel(*names, tuple(needs)) for names, needs in by_panel.items()]
    peopled = [p for p in panels if any(need.clerks or need.today for need in p.needs)]
    largest = sorted(peopled, key=lambda panel: -_size(panel))[:MOST_PANELS]
    return [*filter(largest.__contains__, peopled), *(p for p in peopled if p not in largest)]


def _size(panel: DayPanel) -> int:
    return sum(max(need.clerks, need.today) * (need.ends - need.starts) for need in panel.needs)


def _all_groups(row: SizedLayout, days: str) -> tuple[Need, ...]:
    """The groups of a kind of day together, one need a half hour."""
    together: dict[tuple[int, int], list[Need]] = {}
    for need in row.needs:
        if need.days == days:
            together.setdefault((need.starts, need.ends), []).append(need)
    return tuple(
        needs[0]._replace(
            clerks=sum(need.clerks for need in needs),
            today=sum(need.today for need in needs),
            utilisation=_serving(needs) / max(sum(need.clerks for need in needs), 1),
        )
        for _, needs in sorted(together.items())
    )


def _serving(needs: Sequence[Need]) -> float:
    """Clerks that serve at a time, on average."""
    return sum(need.clerks * need.utilisation for need in needs if need.clerks)


def _widths(row: SizedLayout, kinds: Sequence[str]) -> list[int]:
    """Panels of kinds of days as wide as their hours, none too narrow for its title."""
    spans = [
        max(need.ends for need in row.needs if need.days == days)
        - min(need.starts for need in row.needs if need.days == days)
        for days in kinds
    ]
    return [max(span, max(spans) * 2 // 5) for span in spans] or [1]


def _draw_panel(axes: Axes, panel: DayPanel) -> None:
    """Steps of need and of today, and those serving below them; nothing where it is closed."""
    for run in unbroken(panel.needs):
        edges = [need.starts / HOUR for need in run] + [run[-1].ends / HOUR]
        serving, clerks, today = (
            [value(need) for need in run]
            for value in (lambda need: _serving([need]), lambda n: n.clerks, lambda n: n.today)
        )
        axes.fill_between(edges, [*serving, serving[-1]], step="post", color=LOAD, linewidth=0)
        axes.stairs(clerks, edges, baseline=None, color=NEED, linewidth=2.0)
        axes.stairs(today, edges, baseline=None, color=TODAY, linewidth=1.5, linestyle=TODAY_LINE)
    if panel.needs:
        clock_axis(axes, panel.needs[0].starts / HOUR, panel.needs[-1].ends / HOUR)
    most = max((max(need.clerks, need.today) for need in panel.needs), default=1)
    axes.set_ylim(0, max(most, 1) * 1.12)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))


def _needs_legend(text: Text) -> list[Line2D | Patch]:
    return [
        Line2D([], [], color=NEED, linewidth=2.0, label=text("figure.size.need")),
        Line2D([], [], color=TODAY, linestyle=TODAY_LINE, label=text("figure.size.today")),
        Patch(color=LOAD, label=text("figure.size.serving")),
    ]


# === where the promise is kept === #


def half_hour_promises(sizing: Sizing) -> list[int]:
    """Promises that hold for each half hour, by their place in the scenario."""
    promises = sizing.scenario.targets.promises
    return [n for n, promise in enumerate(promises) if promise.each == "half_hour"]


def kept_figure(sizing: Sizing, row: SizedLayout, promise: int, text: Text) -> Figure:
    """In which half hours is a promise kept, with today's roster and with the sized one?

    Parameters
    ----------
    row
        The layout shown, one of the sizing.
    promise
        Place in the scenario of a promise that holds for each half hour.
    """
    cells = [
        (n, checked)
        for n, checked in enumerate(row.cells)
        if checked.cell.promise == promise and checked.people > 0
    ]
    people = list(dict.fromkeys((c.cell.what, c.cell.id) for _, c in cells))
    kinds = list(dict.fromkeys(c.cell.days for _, c in cells))
    with drawing():
        words = promise_words(sizing.scenario, sizing.scenario.targets.promises[promise], text)
        name = layout_name(sizing.scenario, row.layout, text)
        title = text("figure.size.kept", layout=name, promise=words)
        beside = len(kinds) > 1  # kinds of days below each other, both rosters of each beside
        height = 0.55 + 0.32 * max(len(people), 1)
        figure = sheet(title, 2.0 + (len(kinds) if beside else 2) * height)
        slots = max((_slot_count(cells, days) for days in kinds), default=1)
        shape = (len(kinds), 2) if beside else (2, 1)
        grid = figure.subplots(*shape, squeeze=False)
        for n, (roster, key) in enumerate(ROSTERS):
            for m, days in enumerate(kinds or [""]):
                axes = grid[m, n] if beside else grid[n, m]
                of_kind = [(n, c) for n, c in cells if c.cell.days == days]
                heat = _HeatPanel(sizing, row, people, slots, WIDE / 2 if beside else WIDE)
                heat.draw(axes, of_kind, roster, text)
                words = text(f"size.head.{key}")
                if beside:
                    words = text("figure.size.group_on", group=words, days=kind_name(days, text))
                axes.set_title(words)
                names = [people_name(sizing.scenario, row.layout, *who, text) for who in people]
                is_left = not (beside and n)
                labels = [folded(name, 24, 1) for name in names] if is_left else []
                axes.set_yticks(range(len(labels)), labels)
        for axes in grid[-1]:
            axes.set_xlabel(text("column.taken_at"))
        note = _footer(sizing, text)
        level = text.share(sizing.level, 0)
        measure = sizing.scenario.targets.promises[promise].measure
        unit = text(f"unit.{unit_key(PROMISABLE[measure].unit)}")
        note += "\n" + text("figure.size.kept_note", unit=unit, n=sizing.confirmed_on, level=level)
        return finish(figure, note, _kept_legend(text))


def _slot_count(cells: Sequence[tuple[int, CheckedCell]], days: str) -> int:
    return len({checked.cell.slot for _, checked in cells if checked.cell.days == days})


class _HeatPanel(NamedTuple):
    """A row a waiting list, a column a half hour; blank where nobody comes.

    Attributes
    ----------
    slots : int
        Columns, also of days that have fewer half hours: all cells are as wide.
    inches : float
        Room for them.
    """

    sizing: Sizing
    row: SizedLayout
    people: Sequence[tuple[str, str]]
    slots: int
    inches: float

    def draw(
        self,
        axes: Axes,
        cells: Sequence[tuple[int, CheckedCell]],
        roster: str,
        text: Text,
    ) -> None:
        """One kind of day under one roster, a field of a checked cell."""
        slots = sorted({checked.cell.slot for _, checked in cells})
        room = self.inches * POINTS / self.slots
        size = min(7.0, room / (SIGNS * SIGN_WIDTH))
        for n, checked in cells:
            value: Interval = getattr(checked, roster)
            promise = self.sizing.scenario.targets.promises[checked.cell.promise]
            verdict = kept_verdict(value, checked.level, promise.kind.better)
            if verdict == "nobody":
                continue
            face, ink, mark = KEPT_LOOKS[verdict]
            mark = "×" if n in self.row.impossible else mark
            x = slots.index(checked.cell.slot)
            y = self.people.index((checked.cell.what, checked.cell.id))
            axes.bar(x, 0.92, 0.96, y - 0.46, color=face, linewidth=0)
            words = value_words(promise.measure, value.mean, text, with_unit=False) + mark
            axes.text(
                x,
                y,
                words if size >= LEAST_SIZE else mark,
                ha="center",
                va="center",
                fontsize=max(size, LEAST_SIZE),
                color=ink,
            )
        axes.set_ylim(max(len(self.people), 1) - 0.5, -0.5)
        axes.set_xlim(-0.5, self.slots - 0.5)
        step = max(1, math.ceil(CLOCK_ROOM * POINTS / room))
        places = range(0, len(slots), step)
        labels = [as_clock(slots[n] / 2) for n in places]
        axes.set_xticks([n - 0.5 for n in places], labels, fontsize=SMALL - 1)
        axes.tick_params(length=0)
        axes.grid(visible=False)
        axes.spines[["left", "bottom"]].set_visible(False)
        for n, (before, after) in enumerate(pairwise(slots)):
            if after > before + 1:  # closed in between
                axes.axvline(n + 0.5, color=FAINT, linewidth=1.2)


def _kept_legend(text: Text) -> list[Patch]:
    return [
        Patch(color=face, label=text(f"figure.size.verdict.{verdict}"))
        for verdict, (face, _, _) in KEPT_LOOKS.items()
    ]
