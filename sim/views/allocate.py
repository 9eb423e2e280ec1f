"""What clerk hours buy: the share called in time against the hours, with today's roster."""

from __future__ import annotations

from matplotlib.figure import Figure

from sim.clock import MINUTE
from sim.questions.allocate import Allocation
from sim.text import Text
from sim.views.scenario_names import layout_name
from sim.views.style import INK, SMALL, band_of, drawing, finish, look, sheet


def allocation_figure(allocation: Allocation, text: Text) -> Figure:
    """How many more are called in time for more hours, and how many with the same, better spread?

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.text import load_text
    >>> hall = load_scenario(example_path("exact/mmc.yaml"))
    >>> empty = Allocation(hall, (), 0, 8, 1, 0.95, 300_000, 0)
    >>> len(allocation_figure(empty, load_text("en")).axes)
    1
    """
    minutes = f"{allocation.within / MINUTE:g}"
    with drawing():
        figure = sheet(text("figure.allocate.title", minutes=minutes), 4.6)
        axes = figure.subplots()
        for row in allocation.layouts:
            colour, marker, line = look(allocation.scenario, row.layout)
            name = layout_name(allocation.scenario, row.layout, text)
            hours = [point.clerk_hours for point in row.points]
            means, lows, highs = band_of([point.in_time for point in row.points], 100)
            axes.fill_between(hours, lows, highs, color=colour, alpha=0.18, linewidth=0)
            axes.plot(
                hours,
                means,
                color=colour,
                linestyle=line,
                label=text("figure.allocate.curve", layout=name),
            )
            for key, point, face in (("best", row.best, colour), ("today", row.today, "white")):
                (mean,), (low,), (high,) = band_of([point.in_time], 100)
                axes.errorbar(
                    point.clerk_hours,
                    mean,
                    yerr=[[mean - low], [high - mean]],
                    color=colour,
                    marker=marker,
                    markerfacecolor=face,
                    markersize=8,
                    linestyle="none",
                    zorder=3,
                    label=text(f"figure.allocate.{key}", layout=name),
                )
            axes.annotate(
                "",
                (row.best.clerk_hours, 100 * row.best.in_time.mean),
                (row.today.clerk_hours, 100 * row.today.in_time.mean),
                arrowprops={"arrowstyle": "->", "color": INK, "shrinkA": 6, "shrinkB": 6},
            )
        axes.set_xlabel(text("figure.allocate.x"))
        axes.set_ylabel(text("figure.allocate.y", minutes=minutes))
        axes.set_title(text("figure.higher_is_better"), loc="right", fontsize=SMALL)
        note = text(
            "figure.size.footer",
            replications=allocation.replications,
            n=allocation.confirmed_on,
            seed=allocation.seed,
            hash=allocation.scenario.hash,
        )
        note += text("figure.footer_level", level=text.share(allocation.level, 0))
        return finish(figure, note, axes.get_legend_handles_labels()[0])
