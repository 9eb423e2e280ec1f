"""When the queue of each waiting list begins and when it is gone, in words."""

from __future__ import annotations

import numpy as np

from sim.analysis.intervals import t_interval
from sim.analysis.slots import SLOT
from sim.clock import format_clock
from sim.runs.replicate import Study
from sim.text import Text
from sim.views.blocks import TableBlock
from sim.views.day import queue_lengths
from sim.views.queue_heat import fullest_lists, queue_spans
from sim.views.scenario_names import layout_name, list_name


def queue_times_table(study: Study, text: Text, level: float = 0.95) -> TableBlock:
    """A row each layout and list in which people queue; no rows where nobody does.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario, replicate
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> study = replicate(scenario, run=Run(replications=2, workers=1))
    >>> queue_times_table(study, load_text("en")).heads[2]
    'Queue from – to'
    """
    rows, parts = list[tuple[str, ...]](), list[int]()
    for layout, plan in zip(study.layouts, study.plans, strict=True):
        lengths = queue_lengths(study, layout)
        before = len(rows)
        for number in fullest_lists(lengths):
            means = lengths[:, number].mean(axis=0)
            spans = queue_spans(means)
            if not spans:
                continue
            fullest = int(np.argmax(means))
            most = t_interval(lengths[:, number, fullest], level)
            rows.append(
                (
                    list_name(study.scenario, layout, plan.names.lists[number], text),
                    layout_name(study.scenario, layout, text),
                    text("format.list").join(_hours(first, last) for first, last in spans),
                    _hours(fullest, fullest),
                    text.interval(most.mean, most.low, most.high, "number"),
                )
            )
        if 0 < before < len(rows):
            parts.append(before)
    heads = tuple(text(f"queue_times.{name}") for name in ("list", "layout", "span", "fullest"))
    return TableBlock(
        text("queue_times.title"),
        (*heads, text("queue_times.most")),
        tuple(rows),
        text("queue_times.note", level=text.share(level, 0)),
        names=4,
        parts=tuple(parts),
    )


def _hours(first: int, last: int) -> str:
    """From the begin of a half hour to the end of another one."""
    return f"{format_clock(first * SLOT)}–{format_clock((last + 1) * SLOT)}"
