"""Comparisons and sweeps as plain data: one JSON object, or rows of a table with code names."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sim.analysis.account import Account, all_accounts
from sim.analysis.cuts import Cut
from sim.analysis.estimates import Estimate
from sim.analysis.groups import GROUPINGS, OF_THE_CROWD, Group, by_group, group_changes
from sim.analysis.intervals import Interval, bonferroni
from sim.analysis.judge import judge
from sim.analysis.measures import MEASURES, By
from sim.analysis.reductions import CHANNELS
from sim.questions.alike import MEANS, changed_data, means_of, unlike
from sim.questions.compare import Comparison, Pair
from sim.questions.doubts import doubts
from sim.questions.levers import End, Ranking
from sim.questions.reductions import Leaning, Reductions
from sim.questions.sweep import Sweep, SweepCell, cells, comparisons
from sim.questions.turning import Turning
from sim.scenario.hours import unpublished_years
from sim.scenario.scenario import Scenario

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
        "scenario": {
            "path": path,
            "hash": study.scenario.hash,
            "name": study.scenario.name.model_dump(),
        },
        "seed": study.seed,
        "replications": study.replications,
        "replications_asked": study.asked,
        "cancelled": study.cancelled,
        "engine": study.engine,
        "level": comparison.level,
        "days": _days(study.scenario),
        "holidays_unpublished": list(unpublished_years(study.scenario)),
        "changed_from_file": changed_data(study.scenario),
        "means": {one.layout: {name: getattr(one, name) for name in MEANS} for one in means},
        "unlike": list(unlike(means)),
        "turning": _turning_data(comparison.turning),
        "layouts": {
            layout: {one.measure: _numbers(one) for one in found}
            for layout, found in zip(study.layouts, comparison.layouts, strict=True)
        },
        "open_at_end": {
            layout: sum(tally.open_at_end for tally in study.of(layout)) for layout in study.layouts
        },
        "accounts": {
            layout: {one.name: _account(one) for one in all_accounts(study.of(layout))}
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
                "differences": {one.measure: _judged(one) for one in pair.differences},
                "by": _changes_by_group(comparison, pair),
            }
            for pair in comparison.pairs
        ],
    }


def _account(account: Account) -> dict[str, Any]:
    return {
        "total": account.total,
        "outcomes": {
            one.outcome: {"count": one.number, "share": _bounds(one.share)}
            for one in account.standings
        },
    }


def _figures(group: Group) -> dict[str, Any]:
    return {key: _bounds(estimate.interval) for key, estimate in group.figures.items()}


def _changes(group: Group) -> dict[str, Any]:
    return {
        key: {**_bounds(change.interval), **_judgement(change)}
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


def _turning_data(found: Turning | None) -> dict[str, Any] | None:
    """On which assumptions the verdict hangs; None where nobody asked."""
    if found is None:
        return None
    ends = [
        {**one._asdict(), "now": list(one.now), "difference": _judged(one.difference)}
        for one in found.confirmed
    ]
    return {**found._asdict(), "confirmed": ends}


def _days(scenario: Scenario) -> dict[str, Any]:
    run = scenario.run
    return {
        "start": run.start.isoformat(),
        "warmup": run.warmup_days,
        "measured": run.measured_days,
        "followup": run.followup_days,
    }


def _numbers(estimate: Estimate) -> dict[str, Any]:
    interval = estimate.interval
    return {
        "mean": _known(interval.mean),
        "low": _known(interval.low),
        "high": _known(interval.high),
        "unit": estimate.unit,
        "n": interval.n,
    }


def _judged(difference: Estimate) -> dict[str, Any]:
    """A difference, the size from which it matters, and what both allow to say."""
    return {**_numbers(difference), **_judgement(difference)}


def _judgement(difference: Estimate) -> dict[str, Any]:
    return {"matters_from": difference.matters_from, "judgement": judge(difference)}


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


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


def sweep_data(found: Sweep, path: str = "", level: float = 0.95) -> dict[str, Any]:
    """Everything a reader needs to check or repeat a sweep; what does not exist is null.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario, sweep
    >>> from sim.questions.vary import read_levers
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> levers = read_levers(scenario, ["layouts.hall.windows.windows.clerks=5,6"])
    >>> data = sweep_data(sweep(scenario, levers, run=Run(replications=2, workers=1)))
    >>> [point["values"] for point in data["points"]]
    [{'layouts.hall.windows.windows.clerks': '5'}, {'layouts.hall.windows.windows.clerks': '6'}]
    """
    all_cells = cells(found, level)
    step = len(found.layouts)
    base, *points = (all_cells[n : n + step] for n in range(0, len(all_cells), step))
    return {
        **_run_data(found.base.scenario, path, found),
        "level": level,
        "comparisons": comparisons(found),
        "levers": [
            {
                "path": lever.path,
                "places": lever.places,
                "now": list(lever.now),
                "values": [setting.value for setting in lever.settings],
            }
            for lever in found.levers
        ],
        "base": _point_data(base),
        "points": [
            {
                "values": {
                    lever.path: value
                    for lever, value in zip(found.levers, mine[0].point.values, strict=True)
                },
                "hash": mine[0].point.scenario.hash,
                "same_budget": mine[0].point.same_budget,
                **_point_data(mine),
                "differences": {cell.layout: _differences(cell.differences) for cell in mine},
            }
            for mine in points
        ],
    }


def _run_data(scenario: Scenario, path: str, run: Sweep | Ranking | Reductions) -> dict[str, Any]:
    return {
        "scenario": {"path": path, "hash": scenario.hash, "name": scenario.name.model_dump()},
        "seed": run.seed,
        "replications": run.replications,
        "replications_asked": run.asked,
        "cancelled": run.cancelled,
        "engine": run.engine,
        "days": _days(scenario),
        "changed_from_file": changed_data(scenario),
    }


def _point_data(mine: Sequence[SweepCell]) -> dict[str, Any]:
    return {
        "layouts": {
            cell.layout: {one.measure: _numbers(one) for one in cell.estimates} for cell in mine
        }
    }


def _differences(found: Sequence[Estimate]) -> dict[str, Any]:
    level = found[0].interval.level if found else None
    told = {one.measure: _judged(one) for one in found}
    return {"level": level, "measures": told}


def sweep_rows(found: Sweep, level: float = 0.95) -> Iterator[dict[str, Any]]:
    """One row a point, layout and measure; then, against the base, one a difference.

    The columns of the levers are their paths; the base has them empty.
    """
    for cell in cells(found, level):
        values = cell.point.values or [""] * len(found.levers)
        where = dict(zip((lever.path for lever in found.levers), values, strict=True))
        place = {**where, "layout": cell.layout, "same_budget": cell.point.same_budget}
        for one in cell.estimates:
            row = {**place, "against": "", "measure": one.measure, **_numbers(one)}
            yield {**row, "matters_from": "", "judgement": ""}
        for one in cell.differences:
            yield {**place, "against": "base", "measure": one.measure, **_judged(one)}


def ranking_data(ranking: Ranking, path: str = "") -> dict[str, Any]:
    """Everything a reader needs to check or repeat a ranking of levers.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario
    >>> from sim.questions.levers import Levers, given_levers, rank
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> levers = Levers(given_levers(scenario, ["layouts.hall.windows.windows.clerks=5,7"]), ())
    >>> data = ranking_data(rank(scenario, "hall", levers, run=Run(replications=2, workers=1)))
    >>> data["levers"][0]["low"]["difference"]["mean"]
    0.0
    """
    base = ranking.base
    return {
        **_run_data(ranking.scenario, path, ranking),
        "layout": ranking.layout,
        "measure": ranking.measure,
        "level": ranking.level,
        "comparisons": ranking.comparisons,
        "base": _numbers(base) if base is not None else None,
        "levers": [
            {
                "path": one.lever.path,
                "places": one.lever.places,
                "now": list(one.lever.now),
                "low": _end_data(one.low),
                "high": _end_data(one.high),
            }
            for one in ranking.swings
        ],
        "left_out": [
            {"path": one.path, "codes": list(dict.fromkeys(p.code for p in one.problems))}
            for one in ranking.left_out
        ],
    }


def _end_data(end: End | None) -> dict[str, Any] | None:
    if end is None:
        return None
    return {
        "value": end.value,
        "same_budget": end.same_budget,
        "estimate": _numbers(end.estimate),
        "difference": _judged(end.difference),
    }


def ranking_rows(ranking: Ranking) -> Iterator[dict[str, Any]]:
    """Two rows a lever, the largest swing first; an end that was refused has no numbers."""
    for place, one in enumerate(ranking.swings, 1):
        for name, end in (("low", one.low), ("high", one.high)):
            row = {"rank": place, "path": one.lever.path, "places": one.lever.places, "end": name}
            told = {"value": "", "same_budget": "", "measure": ranking.measure, "unit": ""}
            numbers = dict.fromkeys(("mean", "low", "high", "difference"), "")
            names = ("difference_low", "difference_high", "n", "matters_from", "judgement")
            apart = dict.fromkeys(names, "")
            yield {**row, **told, **numbers, **apart, **(_end_row(end) if end else {})}


def _end_row(end: End) -> dict[str, Any]:
    one, apart = _numbers(end.estimate), _numbers(end.difference)
    return {
        "value": end.value,
        "same_budget": end.same_budget,
        **one,
        "difference": apart["mean"],
        "difference_low": apart["low"],
        "difference_high": apart["high"],
        "matters_from": end.difference.matters_from,
        "judgement": judge(end.difference),
    }


def reductions_data(
    found: Reductions, path: str = "", leanings: Sequence[Leaning] = ()
) -> dict[str, Any]:
    """Everything a reader needs to check or repeat a before and after; what does not exist is null.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario
    >>> from sim.questions.reductions import reductions
    >>> city = load_scenario(example_path("sanmenxia.yaml"), ["run.measured_days=2"])
    >>> run = Run(replications=1, workers=1)
    >>> found = reductions(city, "counters", run=run, followup=20, matters=["birth"])
    >>> data = reductions_data(found)
    >>> data["matters"]["birth"]["reductions"]["steps"]["published_before"]
    7.0
    """
    return {
        **_run_data(found.scenario, path, found),
        "layout": found.layout,
        "followup": found.followup,
        "level": found.level,
        "overloads": [
            {"kind": one.kind, "id": one.id, "separate": one.load, "bundled": other.load}
            for one, other in found.overloads
        ],
        "all": _before_after(found, None),
        "guides": {name: guides._asdict() for name, guides in found.summary.guides.items()},
        "matters": {one: _before_after(found, one) for one in found.matters},
        "leanings": [
            {
                "path": one.lever.path,
                "values": [setting.value for setting in one.lever.settings],
                "cuts": [None if end is None else _bounds(end.cut) for end in (one.low, one.high)],
            }
            for one in leanings
        ],
    }


def _before_after(found: Reductions, matter: str | None) -> dict[str, Any]:
    summary = found.summary.of(matter)
    form = summary.form
    return {
        **summary.cases._asdict(),
        "doubts": [one.reason for one in doubts(found, matter, ())] if matter is not None else [],
        "reductions": {name: _cut_data(cut) for name, cut in summary.cuts.items()},
        "time_by_channel": {
            channel: _cut_data(one)
            for channel, one in zip(CHANNELS, summary.time_by_channel, strict=True)
        },
        "form": {
            "fields": _bounds(form.fields),
            "prefilled": _bounds(form.prefilled),
            "published": form.published,
        },
        "price": {
            one.name: {
                "unit": one.unit,
                "separate": _bounds(one.before),
                "bundled": _bounds(one.after),
                "difference": _bounds(one.difference),
            }
            for one in summary.review_costs
        },
    }


def _cut_data(one: Cut) -> dict[str, Any]:
    return {
        "unit": one.unit,
        "separate": _bounds(one.before),
        "bundled": _bounds(one.after),
        "cut": _bounds(one.cut),
        "published_before": one.published_before,
        "published_after": one.published_after,
        "published_cut": one.published_cut,
        "beyond_published": None if one.beyond_published is None else _bounds(one.beyond_published),
    }


def _bounds(interval: Interval) -> dict[str, Any]:
    return {
        "mean": _known(interval.mean),
        "low": _known(interval.low),
        "high": _known(interval.high),
        "n": interval.n,
    }


def reductions_rows(found: Reductions) -> Iterator[dict[str, Any]]:
    """One row a matter and count, those of all matters first, under `*`."""
    for matter in (None, *found.matters):
        for one in found.summary.of(matter).cuts.values():
            yield {
                "matter": "*" if matter is None else matter,
                "count": one.name,
                "unit": one.unit,
                "separate": _known(one.before.mean),
                "bundled": _known(one.after.mean),
                "cut": _known(one.cut.mean),
                "low": _known(one.cut.low),
                "high": _known(one.cut.high),
                "published_before": one.published_before,
                "published_after": one.published_after,
                "published_cut": one.published_cut,
            }
