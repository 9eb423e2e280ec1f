"""What is said of a staffing curve: the numbers of every layout with every number of clerks."""

from __future__ import annotations

from typing import Final

from sim.questions.staffing import StaffingCurve, StaffingPoint
from sim.text import Text
from sim.views.blocks import TableBlock
from sim.views.scenario_names import layout_name, measure_name
from sim.views.values import digits_of, mean_words, number_of, unit_key

MEASURES: Final = ("wait", "called_within", "utilisation", "cost_per_day", "clerk_hours")
"""Columns, of those that any point has."""
ANSWERED: Final = ("wait", "called_within", "cost_per_day")
"""Measures of the answer in a sentence."""


def points_in_order(curve: StaffingCurve) -> list[StaffingPoint]:
    """Every point, layout by layout, the fewest clerks first: as the table shows them."""
    return [point for layout in curve.layouts for point in curve.of(layout)]


def answer_sentences(curve: StaffingCurve, text: Text) -> list[str]:
    """What becomes of waits and cost from the fewest clerks to the most, a sentence a layout."""
    sentences = []
    for layout in curve.layouts:
        points = curve.of(layout)
        if len(points) < 2:
            continue
        least, most = points[0], points[-1]
        of_most = {estimate.measure: estimate for estimate in most.estimates}
        changes = []
        for before in least.estimates:
            after = of_most.get(before.measure)
            if before.measure in ANSWERED and after is not None:
                digits = min(digits_of([before]), digits_of([after]))
                changes.append(
                    text(
                        "page.staffing.change",
                        measure=measure_name(before.measure, curve.scenario, text),
                        before=mean_words(before, text, digits),
                        after=mean_words(after, text, digits),
                    )
                )
        sentences.append(
            text(
                "page.staffing.answer",
                layout=layout_name(curve.scenario, layout, text),
                low=least.clerks,
                high=most.clerks,
                changes=text("format.parts").join(changes),
            )
        )
    return sentences


def staffing_table(curve: StaffingCurve, text: Text) -> TableBlock:
    """A row a point.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"))
    >>> empty = StaffingCurve(scenario, ("hall",), (), replications=2, seed=1)
    >>> staffing_table(empty, load_text("en")).heads
    ('Layout', 'Clerks')
    """
    scenario = curve.scenario
    units = {
        estimate.measure: estimate.unit for point in curve.points for estimate in point.estimates
    }
    measures = [measure for measure in MEASURES if measure in units]
    rows = []
    for point in points_in_order(curve):
        estimates = {estimate.measure: estimate for estimate in point.estimates}
        cells = [
            number_of(estimates[measure], text) if measure in estimates else text("format.missing")
            for measure in measures
        ]
        rows.append((layout_name(scenario, point.layout, text), str(point.clerks), *cells))
    return TableBlock(
        text("page.staffing.points_title"),
        (
            text("cli.head.layout"),
            text("page.staffing.clerks"),
            *(
                text(
                    "page.staffing.column",
                    measure=measure_name(measure, scenario, text),
                    unit=text(f"unit.{unit_key(units[measure])}"),
                )
                for measure in measures
            ),
        ),
        tuple(rows),
    )
