"""Where the time of a study's cases goes: their mean by cause, and who finishes them last."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sim.analysis.causes import CAUSES
from sim.analysis.intervals import Interval, ratio_interval
from sim.arrays import Floats
from sim.runs.replicate import Study


def mean_causes(
    study: Study, layout: str, matter: str | None, causes: Sequence[str] = CAUSES
) -> Floats:
    """Mean ticks of a closed case by cause, shape (causes,); nan when no case was closed.

    Of the cases of `path_rows`: those of one matter, or of all.

    Examples
    --------
    A hall whose matters are finished at the window has no path to an end:

    >>> from sim import Run, example_path, load_scenario, replicate
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> study = replicate(scenario, run=Run(replications=2, workers=1))
    >>> mean_causes(study, "hall", None, ["review"])
    array([nan])
    """
    rows = path_rows(study, matter)
    sums = _sums_of_causes(study, layout, rows, causes).sum(axis=0)
    closed = closed_cases(study, layout, rows).sum()
    return sums / closed if closed else np.full(len(causes), math.nan)


def mean_of_causes_together(
    study: Study, layout: str, matter: str | None, causes: Sequence[str], level: float = 0.95
) -> Interval:
    """Ticks of a closed case that some causes take together, as a ratio over replications."""
    rows = path_rows(study, matter)
    sums = _sums_of_causes(study, layout, rows, causes).sum(axis=1)
    return ratio_interval(sums, closed_cases(study, layout, rows), level)


def last_shares(
    study: Study, layout: str, matter: str | None, level: float = 0.95
) -> dict[str, Interval]:
    """Share of closed cases whose last item was each department's; of those that have items."""
    plan = study.plans[study.layouts.index(layout)]
    rows = office_rows(study, matter)
    counts = np.array([tally.last_by_matter for tally in study.of(layout)], dtype=np.float64)
    by_item = counts[:, rows].sum(axis=1)
    shares: dict[str, Interval] = {}
    whole = by_item.sum(axis=1)
    for d, department in enumerate(plan.names.departments):
        own_items = np.flatnonzero(plan.office.department == d)
        if len(own_items) and whole.sum() > 0:
            shares[department] = ratio_interval(
                by_item[:, own_items].sum(axis=1), whole, level, (0.0, 1.0)
            )
    return shares


def office_rows(study: Study, matter: str | None) -> list[int]:
    """Rows of the tallies for one matter, or for all that go to the back office."""
    plan = study.plans[0]
    if matter is not None:
        return [plan.names.matters.index(matter)]
    return [int(m) for m in np.flatnonzero(np.diff(plan.office.item_offsets) > 0)]


def path_rows(study: Study, matter: str | None) -> list[int]:
    """Rows of the matters whose causes and elapsed times are sums over the same cases.

    A case that needs no item is finished at the window and has no elapsed time, but its causes are
    in the tally; a matter with such cases has no mean by cause.
    """
    return [
        row
        for row in office_rows(study, matter)
        if all(
            tally.causes_by_matter[row].sum() == tally.by_group["elapsed", "matter"][0, row]
            for tallies in study.tallies
            for tally in tallies
        )
    ]


def closed_cases(study: Study, layout: str, rows: Sequence[int]) -> Floats:
    """float64, shape (replications,): closed cases of some rows of the tallies."""
    elapsed = [tally.by_group["elapsed", "matter"][1, list(rows)] for tally in study.of(layout)]
    return np.array([counts.sum() for counts in elapsed], dtype=np.float64)


def _sums_of_causes(
    study: Study, layout: str, rows: Sequence[int], causes: Sequence[str]
) -> Floats:
    """float64, shape (replications, causes): ticks of closed cases."""
    columns = [CAUSES.index(cause) for cause in causes]
    sums = [tally.causes_by_matter[list(rows)].sum(axis=0)[columns] for tally in study.of(layout)]
    return np.array(sums, dtype=np.float64)
