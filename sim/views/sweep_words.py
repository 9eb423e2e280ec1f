"""What is said of a sweep: one measure at every point, and how far it is from the base."""

from __future__ import annotations

from collections.abc import Sequence

from sim.questions.sweep import Sweep, SweepCell, cells, comparisons
from sim.text import Text
from sim.views.accounts import left_out_of_points
from sim.views.blocks import AnyBlock, AnyCell, SentenceBlock, TableBlock, say_each
from sim.views.context import changes_sentence
from sim.views.judged import explain_marks, judged_cell
from sim.views.scenario_names import layout_name, measure_name
from sim.views.values import (
    digits_of,
    number_of,
    unit_key,
)


def sweep_blocks(
    swept: Sweep, measure: str, path: str, text: Text, level: float = 0.95
) -> list[AnyBlock]:
    """One measure at every point, what to know of it, and enough to run it again.

    Parameters
    ----------
    path
        Of the scenario.
    """
    everything = cells(swept, level)
    caution = left_out_of_points((cell.estimates for cell in everything), text)
    is_unlike = not all(point.same_budget for point in swept.points)
    changes = changes_sentence(swept.base.scenario, text)
    return [
        _table(swept, everything, measure, text, level),
        *say_each(filter(None, [caution]), "caution"),
        *say_each([text("cli.other_budget")] if is_unlike else [], "note"),
        *say_each(filter(None, [changes]), "plain"),
        SentenceBlock(_run_line(swept, path, text)),
    ]


def _table(
    swept: Sweep, everything: Sequence[SweepCell], measure: str, text: Text, level: float
) -> TableBlock:
    """A row for each point in each layout, the base first."""
    scenario = swept.base.scenario
    estimates = [each for cell in everything if (each := cell.estimate(measure)) is not None]
    differences = [each for cell in everything if (each := cell.difference(measure)) is not None]
    digits = digits_of(differences)
    rows: list[tuple[AnyCell, ...]] = []
    for cell in everything:
        estimate, difference = cell.estimate(measure), cell.difference(measure)
        is_base = cell.point is swept.base
        star = "" if cell.point.same_budget else " *"
        rows.append(
            (
                *(cell.point.values or [text("cli.as_it_is")] * len(swept.levers)),
                layout_name(scenario, cell.layout, text) + star,
                text("format.missing")
                if estimate is None
                else number_of(estimate, text, digits_of(estimates)),
                "" if is_base else judged_cell(difference, digits, text),
            )
        )
    unit = unit_key(estimates[0].unit) if estimates else "count"
    basis = {"level": text.share(level, 0), "comparisons": comparisons(swept)}
    return TableBlock(
        text(
            "cli.heading.sweep",
            measure=measure_name(measure, scenario, text),
            unit=text(f"unit.{unit}"),
        ),
        (
            *(lever.path for lever in swept.levers),
            *(text(f"cli.head.{head}") for head in ("layout", "value", "from_base")),
        ),
        tuple(rows),
        text("cli.sweep_marks", **basis),
        names=len(swept.levers) + 1,
        marks=explain_marks(differences, text),
    )


def _run_line(swept: Sweep, path: str, text: Text) -> str:
    scenario = swept.base.scenario
    return text(
        "cli.sweep_line",
        scenario=text.name(scenario.name),
        path=path,
        hash=scenario.hash,
        points=len(swept.points),
        replications=swept.replications,
        seed=swept.seed,
        engine=swept.engine,
    )
