"""Comparisons and sweeps as plain data: one JSON object, or rows of a table with code names."""

from __future__ import annotations

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
from sim.storage.numbers_data import finite_or_none

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
        "means": {
            layout_means.layout: {name: getattr(layout_means, name) for name in MEANS}
            for layout_means in means
        },
        "unlike": list(unlike(means)),
        "turning": _turning_data(comparison.turning),
        "layouts": {
            layout: {estimate.measure: _numbers(estimate) for estimate in layout_estimates}
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
                    difference.measure: _judged(difference) for difference in pair.differences
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
            standing.outcome: {"count": standing.number, "share": _bounds(standing.share)}
            for standing in account.standings
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


def _turning_data(turning: Turning | None) -> dict[str, Any] | None:
    """On which assumptions the verdict hangs; None where nobody asked."""
    if turning is None:
        return None
    ends = [
        {**end._asdict(), "now": list(end.now), "difference": _judged(end.difference)}
        for end in turning.confirmed
    ]
    return {**turning._asdict(), "confirmed": ends}


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
        "mean": finite_or_none(interval.mean),
        "low": finite_or_none(interval.low),
        "high": finite_or_none(interval.high),
        "unit": estimate.unit,
        "n": interval.n,
    }


def _judged(difference: Estimate) -> dict[str, Any]:
    """A difference, the size from which it matters, and what both allow to say."""
    return {**_numbers(difference), **_judgement(difference)}


def _judgement(difference: Estimate) -> dict[str, Any]:
    return {"matters_from": difference.matters_from, "judgement": judge(difference)}


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


def sweep_data(swept: Sweep, path: str = "", level: float = 0.95) -> dict[str, Any]:
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
    all_cells = cells(swept, level)
    step = len(swept.layouts)
    base, *points = (all_cells[n : n + step] for n in range(0, len(all_cells), step))
    return {
        **_run_data(swept.base.scenario, path, swept),
        "level": level,
        "comparisons": comparisons(swept),
        "levers": [
            {
                "path": lever.path,
                "places": lever.places,
                "now": list(lever.now),
                "values": [setting.value for setting in lever.settings],
            }
            for lever in swept.levers
        ],
        "base": _point_data(base),
        "points": [
            {
                "values": {
                    lever.path: value
                    for lever, value in zip(swept.levers, of_point[0].point.values, strict=True)
                },
                "hash": of_point[0].point.scenario.hash,
                "same_budget": of_point[0].point.same_budget,
                **_point_data(of_point),
                "differences": {cell.layout: _differences(cell.differences) for cell in of_point},
            }
            for of_point in points
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


def _point_data(of_point: Sequence[SweepCell]) -> dict[str, Any]:
    return {
        "layouts": {
            cell.layout: {estimate.measure: _numbers(estimate) for estimate in cell.estimates}
            for cell in of_point
        }
    }


def _differences(differences: Sequence[Estimate]) -> dict[str, Any]:
    level = differences[0].interval.level if differences else None
    judged = {difference.measure: _judged(difference) for difference in differences}
    return {"level": level, "measures": judged}


def sweep_rows(swept: Sweep, level: float = 0.95) -> Iterator[dict[str, Any]]:
    """One row a point, layout and measure; then, against the base, one a difference.

    The columns of the levers are their paths; the base has them empty.
    """
    for cell in cells(swept, level):
        values = cell.point.values or [""] * len(swept.levers)
        where = dict(zip((lever.path for lever in swept.levers), values, strict=True))
        place = {**where, "layout": cell.layout, "same_budget": cell.point.same_budget}
        for estimate in cell.estimates:
            row = {**place, "against": "", "measure": estimate.measure, **_numbers(estimate)}
            yield {**row, "matters_from": "", "judgement": ""}
        for difference in cell.differences:
            yield {**place, "against": "base", "measure": difference.measure, **_judged(difference)}


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
                "path": swing.lever.path,
                "places": swing.lever.places,
                "now": list(swing.lever.now),
                "low": _end_data(swing.low),
                "high": _end_data(swing.high),
            }
            for swing in ranking.swings
        ],
        "left_out": [
            {"path": refusal.path, "codes": list(dict.fromkeys(p.code for p in refusal.problems))}
            for refusal in ranking.left_out
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
    for place, swing in enumerate(ranking.swings, 1):
        for name, end in (("low", swing.low), ("high", swing.high)):
            row = {
                "rank": place,
                "path": swing.lever.path,
                "places": swing.lever.places,
                "end": name,
            }
            setting = {"value": "", "same_budget": "", "measure": ranking.measure, "unit": ""}
            numbers = dict.fromkeys(("mean", "low", "high", "difference"), "")
            names = ("difference_low", "difference_high", "n", "matters_from", "judgement")
            apart = dict.fromkeys(names, "")
            yield {**row, **setting, **numbers, **apart, **(_end_row(end) if end else {})}


def _end_row(end: End) -> dict[str, Any]:
    estimate, apart = _numbers(end.estimate), _numbers(end.difference)
    return {
        "value": end.value,
        "same_budget": end.same_budget,
        **estimate,
        "difference": apart["mean"],
        "difference_low": apart["low"],
        "difference_high": apart["high"],
        "matters_from": end.difference.matters_from,
        "judgement": judge(end.difference),
    }


def reductions_data(
    reductions: Reductions, path: str = "", leanings: Sequence[Leaning] = ()
) -> dict[str, Any]:
    """Everything a reader needs to check or repeat a before and after; what does not exist is null.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario
    >>> from sim.questions.reductions import reductions
    >>> city = load_scenario(example_path("sanmenxia.yaml"), ["run.measured_days=2"])
    >>> run = Run(replications=1, workers=1)
    >>> answer = reductions(city, "counters", run=run, followup=20, matters=["birth"])
    >>> data = reductions_data(answer)
    >>> data["matters"]["birth"]["reductions"]["steps"]["published_before"]
    7.0
    """
    return {
        **_run_data(reductions.scenario, path, reductions),
        "layout": reductions.layout,
        "followup": reductions.followup,
        "level": reductions.level,
        "overloads": [
            {
                "kind": separate.kind,
                "id": separate.id,
                "separate": separate.load,
                "bundled": bundled.load,
            }
            for separate, bundled in reductions.overloads
        ],
        "all": _before_after(reductions, None),
        "guides": {name: guides._asdict() for name, guides in reductions.summary.guides.items()},
        "matters": {matter: _before_after(reductions, matter) for matter in reductions.matters},
        "leanings": [
            {
                "path": leaning.lever.path,
                "values": [setting.value for setting in leaning.lever.settings],
                "cuts": [
                    None if end is None else _bounds(end.cut) for end in (leaning.low, leaning.high)
                ],
            }
            for leaning in leanings
        ],
    }


def _before_after(reductions: Reductions, matter: str | None) -> dict[str, Any]:
    summary = reductions.summary.of(matter)
    form = summary.form
    return {
        **summary.cases._asdict(),
        "doubts": [doubt.reason for doubt in doubts(reductions, matter, ())]
        if matter is not None
        else [],
        "reductions": {name: _cut_data(cut) for name, cut in summary.cuts.items()},
        "time_by_channel": {
            channel: _cut_data(cut)
            for channel, cut in zip(CHANNELS, summary.time_by_channel, strict=True)
        },
        "form": {
            "fields": _bounds(form.fields),
            "prefilled": _bounds(form.prefilled),
            "published": form.published,
        },
        "price": {
            cost.name: {
                "unit": cost.unit,
                "separate": _bounds(cost.before),
                "bundled": _bounds(cost.after),
                "difference": _bounds(cost.difference),
            }
            for cost in summary.review_costs
        },
    }


def _cut_data(cut: Cut) -> dict[str, Any]:
    return {
        "unit": cut.unit,
        "separate": _bounds(cut.before),
        "bundled": _bounds(cut.after),
        "cut": _bounds(cut.cut),
        "published_before": cut.published_before,
        "published_after": cut.published_after,
        "published_cut": cut.published_cut,
        "beyond_published": None if cut.beyond_published is None else _bounds(cut.beyond_published),
    }


def _bounds(interval: Interval) -> dict[str, Any]:
    return {
        "mean": finite_or_none(interval.mean),
        "low": finite_or_none(interval.low),
        "high": finite_or_none(interval.high),
        "n": interval.n,
    }


def reductions_rows(reductions: Reductions) -> Iterator[dict[str, Any]]:
    """One row a matter and count, those of all matters first, under `*`."""
    for matter in (None, *reductions.matters):
        for cut in reductions.summary.of(matter).cuts.values():
            yield {
                "matter": "*" if matter is None else matter,
                "count": cut.name,
                "unit": cut.unit,
                "separate": finite_or_none(cut.before.mean),
                "bundled": finite_or_none(cut.after.mean),
                "cut": finite_or_none(cut.cut.mean),
                "low": finite_or_none(cut.cut.low),
                "high": finite_or_none(cut.cut.high),
                "published_before": cut.published_before,
                "published_after": cut.published_after,
                "published_cut": cut.published_cut,
            }
