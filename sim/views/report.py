"""One comparison as one HTML file: verdict, tables, figures, assumptions, method."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from sim.analysis.catalogue import By
from sim.errors import OutputError, Problem
from sim.questions.compare import Comparison
from sim.scenario.provenance import Number, numbers, unsourced
from sim.text import Text
from sim.views.accounts import GroupChoice, account_blocks, group_blocks
from sim.views.blocks import as_part
from sim.views.comparison_figures import comparison_pictures
from sim.views.comparison_words import (
    context_blocks,
    difference_table,
    hanging_blocks,
    measure_table,
    measured,
    verdict_blocks,
)
from sim.views.document import rendered
from sim.views.queue_times import queue_times_table
from sim.views.replay_words import arrivals_table
from sim.views.scenario_names import (
    layout_name,
    measure_meaning,
    measure_name,
)
from sim.views.scenario_words import assumption_table, measurement_table, size_table
from sim.views.values import number_of

REPORTED: Final[tuple[By, ...]] = ("class", "matter", "list", "group", "county")
"""What waits are told by in the report."""
FOLDED: Final[tuple[By, ...]] = ("slot", "day")
"""Long tables that the reader opens."""
MOST_GROUPS: Final = 40
"""Counties, lists or window groups of an area that are printed: a page of them."""


def write_report(comparison: Comparison, text: Text, path: str | Path) -> Path:
    """Write a comparison as one self-contained HTML page; the file appears whole or not at all.

    Raises
    ------
    OutputError
        When the file cannot be written.

    Examples
    --------
    >>> from sim import Run, compare, example_path, load_scenario, replicate
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> study = compare(replicate(scenario, run=Run(replications=2, workers=1)))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_report(study, load_text("en"), Path(folder) / "report.html").name
    'report.html'
    """
    target = Path(path)
    page = render_report(comparison, text)
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=target.parent, suffix=".tmp", delete=False
        ) as file:
            file.write(page)
        try:
            os.chmod(file.name, 0o644)
            os.replace(file.name, target)
        except OSError:
            os.unlink(file.name)
            raise
    except OSError as error:
        raise OutputError([Problem("unwritable_output", str(target), found=str(path))]) from error
    return target


def render_report(comparison: Comparison, text: Text) -> str:
    """The page as a string."""
    study, scenario = comparison.study, comparison.study.scenario
    all_numbers = numbers(scenario)
    period = study.plans[0].period
    sources = sorted(
        {number.source for number in all_numbers if number.source and not number.stated_at}
    )
    return rendered(
        "report.html.jinja",
        text,
        hash=scenario.hash,
        scenario=text.name(scenario.name),
        layouts=_layouts(comparison, text),
        level=text.share(comparison.level, 0),
        verdict=[
            *verdict_blocks(comparison, text),
            *hanging_blocks(comparison, text),
            *context_blocks(comparison, text),
        ],
        measures=as_part(measure_table(comparison, text)),
        differences=as_part(difference_table(comparison, text)) if comparison.pairs else (),
        pictures=comparison_pictures(comparison, text),
        accounts=account_blocks(comparison, text),
        queues=queue_times_table(study, text, comparison.level),
        groups=group_blocks(comparison, REPORTED, text, GroupChoice(MOST_GROUPS)),
        groups_folded=group_blocks(comparison, FOLDED, text),
        open_cases=_open_cases(comparison, text),
        **assumed_parts(all_numbers, text),
        n_sourced=sum(bool(number.source) and not number.stated_at for number in all_numbers),
        sources=sources,
        study=study,
        start=text.date(date.fromordinal(period.start_ordinal)),
        measured_days=len(period.hall_days),
        definitions=measure_meanings(comparison, text),
        sizes=size_table(scenario, text),
        replayed=arrivals_table(scenario, text),
    )


def assumed_parts(
    numbers: Sequence[Number], text: Text, note: str = "report.assumed_note"
) -> dict[str, Any]:
    """What `assumed.html.jinja` tells of some numbers of a scenario; `note` says which."""
    assumed = sum(number.assumed for number in numbers)
    return {
        "assumed_note": text(note, all=len(numbers), assumed=assumed),
        "assumed": assumption_table(numbers, text, with_reasons=False)._replace(title=""),
        "measured": measurement_table(numbers, text),
        "notes": Counter(
            text.said(number.note) for number in numbers if number.note and number.assumed
        ).most_common(),
        "bare": len(unsourced(numbers)),
    }


class LayoutLine(NamedTuple):
    """What a layout is, in the question."""

    name: str
    size: str
    hours: str
    note: str


def _layouts(comparison: Comparison, text: Text) -> list[LayoutLine]:
    study, lines = comparison.study, []
    for layout, plan in zip(study.layouts, study.plans, strict=True):
        windows, lists = len(plan.names.windows), len(plan.names.lists)
        estimate = comparison.estimate(layout, "clerk_hours")
        hours = text("report.layout_hours", hours=number_of(estimate, text))
        size = text("report.layout_staff", windows=windows, lists=lists)
        note = text.said(study.scenario.layout(layout).note)
        lines.append(LayoutLine(layout_name(study.scenario, layout, text), size, hours, note))
    return lines


def _open_cases(comparison: Comparison, text: Text) -> str:
    study, values = comparison.study, []
    for layout in study.layouts:
        left = sum(tally.open_at_end for tally in study.of(layout)) / study.replications
        estimates = comparison.layouts[study.layouts.index(layout)]
        shares = (estimate for estimate in estimates if estimate.measure == "open_share")
        share = next(shares, None)
        if left:
            values.append(
                text(
                    "report.open_cases_of",
                    layout=layout_name(study.scenario, layout, text),
                    cases=text.number(left, 1),
                    share=text.share(share.interval.mean, 2)
                    if share
                    else text.number(float("nan")),
                )
            )
    if not values:
        return text("report.open_cases_none")
    return text("report.open_cases_some", values=text("format.list").join(values))


def measure_meanings(comparison: Comparison, text: Text) -> list[tuple[str, str]]:
    """Every measure that was taken, and what it means."""
    scenario = comparison.study.scenario
    return [
        (measure_name(measure, scenario, text), measure_meaning(measure, scenario, text))
        for measure in measured(comparison)
    ]
