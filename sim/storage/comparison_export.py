"""Comparisons as plain data: one JSON object, or rows of a table with code names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sim.analysis.account import Account, all_accounts
from sim.analysis.catalogue import MEASURES, By
from sim.analysis.groups import GROUPINGS, OF_THE_CROWD, Group, by_group, group_changes
from sim.analysis.intervals import bonferroni
from sim.questions.alike import MEANS, changed_data, means_of, unlike
from sim.questions.compare import Comparison, Pair
from sim.questions.turning import Turning
from sim.scenario.hours import unpublished_years
from sim.storage.numbers_data import bounds_data, estimate_data, judged_data, judgement_data
from sim.storage.run_data import days_data, scenario_data

UNITS: Final = {measure.key: measure.unit for measure in MEASURES}


def comparison_data(comparison: Comparison, path: str = "") -> dict[str, Any]:
    """Everything a reader needs to check or repeat a comparison; what does not exist is null.

    Examples
    --------
    >>> from sim import Run, compare, example_path, load_scenario, replicate
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> data = comparison_data(compare(replicate(scenario, run=Run(replications=2, workers=1))))
    >>> sorted(data["layouts"]["hall"]["wait"])
    ['high', 'low', 'mean', 'n', 'unit']
    """
    study = comparison.study
    means = [means_of(study.scenario, layout) for layout in study.layouts]
    return {
        "scenario": scenario_data(study.scenario, path),
        "seed": study.seed,
        "replications": study.replications,
        "replications_asked": study.asked,
        "cancelled": study.cancelled,
        "engine": study.engine,
        "level": comparison.level,
        "days": days_data(study.scenario),
        "holidays_unpublished": list(unpublished_years(study.scenario)),
        "changed_from_file": changed_data(study.scenario),
        "means": {
            layout_means.layout: {name: getattr(layout_means, name) for name in MEANS}
            for layout_means in means
        },
        "unlike": list(unlike(means)),
        "turning": _turning_data(comparison.turning),
        "layouts": {
            layout: {estimate.measure: estimate_data(estimate) for estimate in layout_estimates}
            for layout, layout_estimates in zip(study.layouts, comparison.layouts, strict=True)
        },
        "open_at_end": {
            layout: sum(tally.open_at_end for tally in study.of(layout)) for layout in study.layouts
        },
        "accounts": {
            layout: {account.name: _account(account) for account in all_accounts(study.of(layout))}
            for layout in study.layouts
        },
        "by": {
            layout: {
                by: {
                    group.id: {"called": group.called, **_figures(group)}
                    for group in by_group(plan, study.of(layout), by, comparison.level)
                }
                for by in GROUPINGS
            }
            for layout, plan in zip(study.layouts, study.plans, strict=True)
        },
        "pairs": [
            {
                "before": pair.before,
                "after": pair.after,
                "level": pair.differences[0].interval.level if pair.differences else None,
                "differences": {
                    difference.measure: judged_data(difference) for difference in pair.differences
                },
                "by": _changes_by_group(comparison, pair),
            }
            for pair in comparison.pairs
        ],
    }


def _account(account: Account) -> dict[str, Any]:
    return {
        "total": account.total,
        "outcomes": {
            standing.outcome: {"count": standing.number, "share": bounds_data(standing.share)}
            for standing in account.standings
        },
    }


def _figures(group: Group) -> dict[str, Any]:
    return {key: bounds_data(estimate.interval) for key, estimate in group.figures.items()}


def _changes(group: Group) -> dict[str, Any]:
    return {
        key: {**bounds_data(change.interval), **judgement_data(change)}
        for key, change in group.figures.items()
    }


def _changes_by_group(comparison: Comparison, pair: Pair) -> dict[str, Any]:
    """Differences of each group of the crowd; one measure's intervals hold over all pairs."""
    study, level = comparison.study, bonferroni(comparison.level, len(comparison.pairs))
    plan = study.plans[study.layouts.index(pair.before)]
    before, after = study.of(pair.before), study.of(pair.after)
    targets = study.scenario.targets
    return {
        by: {
            group.id: _changes(group)
            for group in group_changes(plan, before, after, by, targets, level)
        }
        for by in GROUPINGS
        if by in OF_THE_CROWD
    }


def _turning_data(turning: Turning | None) -> dict[str, Any] | None:
    """On which assumptions the verdict hangs; None where nobody asked."""
    if turning is None:
        return None
    ends = [
        {**end._asdict(), "now": list(end.now), "difference": judged_data(end.difference)}
        for end in turning.confirmed
    ]
    return {**turning._asdict(), "confirmed": ends}


def comparison_rows(
    comparison: Comparison, groupings: Sequence[By] = ()
) -> Iterator[dict[str, Any]]:
    """One row a layout and measure, outcome, or measure of a group; then one a pair and measure.

    Outcomes are measures called `people.waiting` and so on; `count` says how many stand there.
    """
    data = comparison_data(comparison)
    for layout, measures in data["layouts"].items():
        for name, numbers in measures.items():
            yield _row(layout, name, numbers)
        for account, standing in data["accounts"][layout].items():
            yield _row(layout, f"{account}.total", {"unit": "count"}, count=standing["total"])
            for outcome, numbers in standing["outcomes"].items():
                share = {**numbers["share"], "unit": "share"}
                yield _row(layout, f"{account}.{outcome}", share, count=numbers["count"])
        for by in groupings:
            yield from _group_rows(layout, "", by, data["by"][layout][by])
    for pair in data["pairs"]:
        before, after = pair["before"], pair["after"]
        for name, numbers in pair["differences"].items():
            yield _row(after, name, numbers, against=before)
        for by in groupings:
            yield from _group_rows(after, before, by, pair["by"].get(by, {}))


def _group_rows(
    layout: str, against: str, by: By, groups: Mapping[str, Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    for group, figures in groups.items():
        for key, bounds in figures.items():
            if key != "called":
                numbers = {**bounds, "unit": UNITS[key]}
                yield _row(layout, key, numbers, against=against, by=by, group=group)


def _row(
    layout: str,
    measure: str,
    numbers: Mapping[str, Any],
    *,
    against: str = "",
    by: str = "",
    group: str = "",
    count: int | None = None,
) -> dict[str, Any]:
    """One row of the table of a comparison: always the same columns."""
    columns = ("mean", "low", "high", "unit", "n", "matters_from", "judgement")
    figures = {column: numbers.get(column, "") for column in columns}
    place = {"layout": layout, "against": against, "by": by, "group": group, "measure": measure}
    return {**place, **figures, "count": "" if count is None else count}
