"""One comparison as one HTML file: verdict, tables, figures, assumptions, method."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from markupsafe import Markup
from matplotlib.figure import Figure

from sim.analysis.estimates import Estimate
from sim.analysis.intervals import bonferroni
from sim.analysis.judge import judge, size_of, way_of
from sim.analysis.measures import MEASURES, QUANTILES, By
from sim.clock import Hours, Span, format_span
from sim.errors import OutputError, Problem
from sim.questions.compare import Comparison
from sim.scenario.base import format_hours
from sim.scenario.provenance import Number, numbers
from sim.text import Text
from sim.views.accounts import account_blocks, group_blocks
from sim.views.causes import causes_figure, last_department_figure
from sim.views.compare import compare_figure
from sim.views.day import load_by_time, queue_by_time, waits_by_time
from sim.views.document import rendered
from sim.views.sizes import size_rows
from sim.views.style import as_svg
from sim.views.values import (
    digits_of,
    layout_name,
    measure_meaning,
    measure_name,
    number_of,
    unit_key,
    unit_of_difference,
)
from sim.views.verdict import (
    answer,
    cautions,
    context,
    forewarnings,
    hanging,
    pair_word,
    sentences,
)
from sim.views.waits import wait_distribution

SYMBOLS: Final = {"better": "▲△", "worse": "▼▽", "differs": "◆◇", "": "––"}
"""Beside the word, so that colour is not alone: of a size that matters, and not surely of one."""
NAMED_LISTS: Final = (
    "departments",
    "matters",
    "items",
    "demand",
    "layouts",
    "windows",
    "townships",
)
"""Lists of a scenario whose entries have ids: in a path the id follows the list's name."""


REPORTED: Final[tuple[By, ...]] = ("class", "matter", "list", "group", "county")
"""What waits are told by in the report."""
FOLDED: Final[tuple[By, ...]] = ("slot", "day")
"""Long tables that the reader opens."""


class DifferenceCell(NamedTuple):
    """One figure of a table of differences."""

    value: str
    word: str
    look: str
    """Class of its colour."""
    symbol: str


class ReportRow(NamedTuple):
    """One measure of a table."""

    measure: str
    name: str
    unit: str
    cells: tuple[str | DifferenceCell | None, ...]
    over: str = ""
    """Over whom the measure is taken."""


class Assumption(NamedTuple):
    """One assumption, or several equal ones in like places."""

    path: str
    places: int
    value: str
    low: str
    high: str
    note: str


class Picture(NamedTuple):
    """A figure as it stands in the page."""

    title: str
    svg: Markup


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
    each = bonferroni(comparison.level, max(len(comparison.pairs), 1))
    sources = sorted(
        {number.source for number in all_numbers if number.source and not number.assumed}
    )
    return rendered(
        "report.html.jinja",
        text,
        hash=scenario.hash,
        scenario=text.name(scenario.name),
        layouts=_layouts(comparison, text),
        answer=answer(comparison, text),
        sentences=sentences(comparison, text),
        cautions=cautions(comparison, text),
        forewarnings=forewarnings(comparison, text) if len(study.layouts) > 1 else (),
        hanging=hanging(comparison, text),
        context=context(comparison, text),
        level=text.share(comparison.level, 0),
        each=text.share(each, 1),
        names=[layout_name(scenario, layout, text) for layout in study.layouts],
        measures=measure_rows(comparison, text),
        pair_names=[
            (layout_name(scenario, pair.before, text), layout_name(scenario, pair.after, text))
            for pair in comparison.pairs
        ],
        differences=difference_rows(comparison, text),
        pictures=list(_pictures(comparison, text)),
        accounts=account_blocks(comparison, text),
        groups=group_blocks(comparison, REPORTED, text),
        groups_folded=group_blocks(comparison, FOLDED, text),
        open_cases=_open_cases(comparison, text),
        **assumed_parts(all_numbers, text),
        n_sourced=sum(bool(number.source) and not number.assumed for number in all_numbers),
        sources=sources,
        study=study,
        start=text.date(date.fromordinal(period.start_ordinal)),
        measured_days=len(period.hall_days),
        definitions=_definitions(comparison, text),
        sizes=size_rows(scenario, text),
    )


def assumed_parts(
    numbers: Sequence[Number], text: Text, note: str = "report.assumed_note"
) -> dict[str, Any]:
    """What `assumed.html.jinja` tells of some numbers of a scenario; `note` says which."""
    assumed = sum(number.assumed for number in numbers)
    return {
        "assumed_note": text(note, all=len(numbers), assumed=assumed),
        "assumed": assumptions(numbers, text),
        "notes": Counter(
            text.said(number.note) for number in numbers if number.note and number.assumed
        ).most_common(),
        "bare": sum(not number.source and not number.assumed for number in numbers),
    }


def measure_rows(comparison: Comparison, text: Text) -> list[ReportRow]:
    """Every measure with its estimate for each layout."""
    rows = []
    for measure in _measures(comparison):
        row = [_find(layout, measure) for layout in comparison.layouts]
        present = [estimate for estimate in row if estimate is not None]
        if not present:
            continue
        digits = digits_of(present)
        cells = tuple(
            None if estimate is None else number_of(estimate, text, digits) for estimate in row
        )
        name = measure_name(measure, comparison.study.scenario, text)
        unit, over = text(f"unit.{unit_key(present[0].unit)}"), text(f"measure_over.{measure}")
        rows.append(ReportRow(measure, name, unit, cells, over))
    return rows


def difference_rows(comparison: Comparison, text: Text) -> list[ReportRow]:
    """Every measure with its paired difference and verdict for each pair."""
    rows = []
    for measure in _measures(comparison):
        differences = [_find(pair.differences, measure) for pair in comparison.pairs]
        present = [difference for difference in differences if difference is not None]
        if not present:
            continue
        digits = digits_of(present)
        cells = tuple(
            None if difference is None else _cell(difference, text, digits)
            for difference in differences
        )
        name = measure_name(measure, comparison.study.scenario, text)
        rows.append(ReportRow(measure, name, unit_of_difference(present[0].unit, text), cells))
    return rows


def assumptions(numbers: Sequence[Number], text: Text) -> list[Assumption]:
    """Assumed numbers in the scenario's order; equal ones in like places share a row."""
    together: dict[tuple[str, str, str, str], list[Number]] = {}
    for number in numbers:
        if number.assumed:
            key = (_general(number.path), _shown(number), str(number.low), str(number.high))
            together.setdefault(key, []).append(number)
    return [
        Assumption(
            path if len(same) > 1 else ".".join(map(str, same[0].path)),
            len(same),
            value,
            low,
            high,
            text.said(same[0].note) if len({number.note for number in same}) == 1 else "",
        )
        for (path, value, low, high), same in together.items()
    ]


def _general(path: Sequence[str | int]) -> str:
    """A path with a star for each id."""
    steps = [str(step) for step in path]
    return ".".join(
        "*" if n and steps[n - 1] in NAMED_LISTS else step for n, step in enumerate(steps)
    )


def _shown(number: Number) -> str:
    """A number as it is written in a scenario, with its unit."""
    value = number.value
    if isinstance(value, Span):
        return format_span(value)
    if isinstance(value, Hours):
        return format_hours(value)
    if isinstance(value, int) and isinstance(number.low, str) and " " in number.low:
        return format_span(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _measures(comparison: Comparison) -> list[str]:
    """All measures in the order in which tables show them; quantiles after the mean wait."""
    order = [measure.key for measure in MEASURES]
    place = order.index("wait") + 1
    return [*order[:place], *QUANTILES, *order[place:]]


def _find(estimates: Sequence[Estimate], measure: str) -> Estimate | None:
    return next((estimate for estimate in estimates if estimate.measure == measure), None)


def _cell(difference: Estimate, text: Text, digits: int) -> DifferenceCell:
    way, size = way_of(judge(difference)), size_of(judge(difference))
    look = way if size in ("matters", "size_open") else "faint"
    symbol = SYMBOLS[way][size != "matters"]
    return DifferenceCell(
        number_of(difference, text, digits), pair_word(difference, text), look, symbol
    )


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


def _pictures(comparison: Comparison, text: Text) -> list[Picture]:
    study = comparison.study
    has_cases = any(tally.last_by_matter.any() for tally in study.tallies[0])
    drawn: list[tuple[str, Callable[[], Figure]]] = [
        ("compare", lambda: compare_figure(comparison, text)),
        ("waits_by_time", lambda: waits_by_time(study, text, comparison.level)),
        ("queue_by_time", lambda: queue_by_time(study, text, comparison.level)),
        ("load_by_time", lambda: load_by_time(study, text, comparison.level)),
        ("waits", lambda: wait_distribution(study, text, comparison.level)),
    ]
    if has_cases:
        drawn += [
            ("causes", lambda: causes_figure(study, text, level=comparison.level)),
            ("last", lambda: last_department_figure(study, text, level=comparison.level)),
        ]
    pictures = []
    for name, draw in drawn:
        figure = draw()
        title = figure.get_suptitle()
        pictures.append(Picture(title, Markup(as_svg(figure, name, title))))
    return pictures


def _open_cases(comparison: Comparison, text: Text) -> str:
    study, values = comparison.study, []
    for layout in study.layouts:
        left = sum(tally.open_at_end for tally in study.of(layout)) / study.replications
        share = _find(comparison.layouts[study.layouts.index(layout)], "open_share")
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


def _definitions(comparison: Comparison, text: Text) -> list[tuple[str, str]]:
    scenario = comparison.study.scenario
    measured = {estimate.measure for layout in comparison.layouts for estimate in layout}
    return [
        (measure_name(measure, scenario, text), measure_meaning(measure, scenario, text))
        for measure in _measures(comparison)
        if measure in measured
    ]
