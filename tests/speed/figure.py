"""The benchmark as a picture: how far ahead of plain SimPy, and what growth costs."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.views.style import FAINT, MARKERS, PALETTE, Sheet, drawing

GROWTH: Final = (
    ("horizon", "days of the run"),
    ("windows", "windows, load 0.95"),
    ("overload", "load of ten windows"),
)


def draw(report: Mapping[str, Any]) -> Figure:
    """Bars of every program by workload, and cost a customer as runs, halls and queues grow."""
    grown = [(name, what) for name, what in GROWTH if name in report]
    with drawing():
        figure = Sheet(figsize=(9.0, 7.0 if grown else 4.0), layout="constrained")
        heights = [1.5, 1.0] if grown else [1.0]
        parts = figure.subfigures(len(heights), height_ratios=heights, squeeze=False)[:, 0]
        _programs(parts[0].subplots(), report.get("engines", {}))
        if grown:
            below = parts[1].subplots(1, len(grown), squeeze=False)[0]
            for axis, (name, what) in zip(below, grown, strict=True):
                _growth(axis, report[name], what)
                axis.set_ylabel("time a customer [ns]")
        machine = ", ".join(f"{key} {value}" for key, value in report["machine"].items())
        figure.suptitle(f"How fast, beside plain SimPy\n{machine}")
    return figure


def _programs(axes: Axes, engines: Mapping[str, Mapping[str, Any]]) -> None:
    """How many times as fast as plain SimPy: median and range over rounds, logarithmic."""
    names = list(dict.fromkeys(name for programs in engines.values() for name in programs))
    for n, (workload, programs) in enumerate(engines.items()):
        for place, name in enumerate(names):
            times = programs.get(name, {}).get("times_plain")
            if not times:
                continue
            y = place + (n - 0.5) * 0.3
            axes.plot(
                [min(times), max(times)],
                [y, y],
                color=PALETTE[n],
                linewidth=2,
                solid_capstyle="butt",
            )
            label = workload if name == names[0] else None
            axes.plot(median(times), y, MARKERS[n], color=PALETTE[n], label=label)
            axes.annotate(
                f"{median(times):.3g}",
                (max(times), y),
                xytext=(6, -3),
                textcoords="offset points",
                fontsize=7,
            )
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")  # formulas are not read in this style
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.axvline(1.0, color=FAINT, linewidth=0.8)
    axes.set_xlabel(
        "times as fast as plain SimPy (crowd, run and tables; median and range of rounds)"
    )
    if names:
        axes.legend(loc="lower right")


def _growth(axes: Axes, rows: list[Mapping[str, Any]], what: str) -> None:
    sizes = np.array([row["size"] for row in rows])
    for n, (key, label) in enumerate((("crowd_ns", "crowd"), ("loop_ns", "loop"))):
        axes.plot(
            sizes, [row[key] for row in rows], MARKERS[n] + "-", color=PALETTE[n], label=label
        )
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")  # formulas are not read in this style
    axes.set_ylim(bottom=0)
    axes.set_xlabel(what)
    if len(rows):
        axes.legend()
