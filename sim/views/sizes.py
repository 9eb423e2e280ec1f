"""From which size a difference matters: each size in words, and who says so."""

from __future__ import annotations

from typing import NamedTuple

from sim.clock import format_span, format_workdays
from sim.scenario.fields import SIDE_NOTES
from sim.scenario.scenario import MattersFrom, Scenario
from sim.text import Text


class SizeRow(NamedTuple):
    """The smallest difference of one kind that matters."""

    path: str
    what: str
    """Measures that it holds for."""
    size: str
    stated: bool
    """Whether the scenario says so; else it is an assumption of this program."""


def size_rows(scenario: Scenario, text: Text) -> list[SizeRow]:
    """Every smallest difference that matters, in the order of the scenario language.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.text import load_text
    >>> changed = ["targets.matters_from.wait=2 min"]
    >>> rows = size_rows(load_scenario(example_path("exact/mmc.yaml"), changed), load_text("en"))
    >>> rows[0].size, rows[0].stated, rows[1].stated
    ('2 min', True, False)
    """
    sizes = scenario.targets.matters_from
    names = [name for name in MattersFrom.model_fields if name not in SIDE_NOTES]
    return [
        SizeRow(
            f"targets.matters_from.{name}",
            text(f"figure.matters_from.{name}"),
            _size(name, sizes, text),
            name in sizes.model_fields_set and name not in sizes.assumed,
        )
        for name in names
    ]


def _size(name: str, sizes: MattersFrom, text: Text) -> str:
    value = getattr(sizes, name)
    if name == "share":
        points = f"{100 * value:g}"
        return text("format.one_point" if points == "1" else "format.points", value=points)
    if name == "amount":
        return text("report.matters_from_share", share=text.share(value, int(value % 0.01 > 0)))
    if name == "trips":
        return text.with_unit(f"{value:g}", "trip")
    if name == "turnaround":
        return text("format.workdays", value=format_workdays(value).removesuffix(" wd"))
    amount, unit = format_span(value).split()
    return text.with_unit(amount, unit)
