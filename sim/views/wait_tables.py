"""Tables of waits as a log has them beside those of a model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sim.learning.wait_figures import WaitCell, WaitCut, WaitErrors, WaitFigures
from sim.text import Text
from sim.views.blocks import TableBlock

FIGURES: Final = ("mean", "median", "p90", "within")


def figures_table(columns: Sequence[tuple[str, WaitFigures]], text: Text) -> TableBlock:
    """Mean, median, 90 % quantile and share in time, a column each way of telling."""
    rows = [
        (text(f"waits_told.{name}"), *(_figure(name, figures, text) for _, figures in columns))
        for name in FIGURES
    ]
    heads = (text("waits_told.head.figure"), *(head for head, _ in columns))
    return TableBlock(text("waits_told.figures"), heads, tuple(rows), "", names=1)


def _figure(name: str, figures: WaitFigures, text: Text) -> str:
    value = getattr(figures, name)
    return text.share(value) if name == "within" else text.number(value, 1)


def errors_table(errors: WaitErrors, text: Text) -> TableBlock:
    """How far the model is off, a row each way of looking."""
    minutes = {
        name: text.number(getattr(errors, name), 2)
        for name in ("mean", "by_hour", "by_month", "by_day")
    }
    rows = [(text(f"waits_told.error.{name}"), value) for name, value in minutes.items()]
    if errors.day_correlation == errors.day_correlation:
        correlation = text.number(errors.day_correlation, 3)
        rows.append((text("waits_told.error.day_correlation"), correlation))
    if errors.coverage == errors.coverage:
        rows.append((text("waits_told.error.coverage"), text.share(errors.coverage, 0)))
    heads = (text("waits_told.head.error"), text("waits_told.head.value"))
    return TableBlock(text("waits_told.errors"), heads, tuple(rows), "", names=1)


def cells_table(
    cells: Sequence[WaitCell],
    by: WaitCut,
    name: dict[int, str],
    text: Text,
    changed: dict[int, float] | None = None,
) -> TableBlock:
    """Means, 90 % quantiles and shares in time, a row for each hour, weekday, month or group.

    Parameters
    ----------
    name
        Key of a cell -> its name.
    changed
        Key -> mean wait in a changed hall.
    """
    heads = ["people", "observed", "simulated", *(["changed"] if changed is not None else [])]
    heads += ["observed_p90", "simulated_p90", "observed_within", "simulated_within"]
    rows = [
        (
            name[cell.key],
            text.number(cell.n, 0),
            text.number(cell.observed, 1),
            text.number(cell.simulated, 1),
            *([text.number(changed[cell.key], 1)] if changed is not None else []),
            text.number(cell.observed_p90, 1),
            text.number(cell.simulated_p90, 1),
            text.share(cell.observed_within, 0),
            text.share(cell.simulated_within, 0),
        )
        for cell in cells
        if cell.by == by
    ]
    return TableBlock(
        text(f"waits_told.by_{by}"),
        (text(f"waits_told.head.{by}"), *(text(f"waits_told.head.{head}") for head in heads)),
        tuple(rows),
        "",
        names=1,
    )
