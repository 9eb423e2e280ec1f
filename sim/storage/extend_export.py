"""New stations as plain data: one JSON object, or rows of a table with code names."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sim.analysis.effects import GROUPINGS, Effect
from sim.analysis.intervals import Interval
from sim.analysis.judge import judge
from sim.clock import WEEKDAYS
from sim.questions.alike import changed_data
from sim.questions.extend import Extension
from sim.questions.sites import Ranked

SERVED: Final = ("as_it_is", "stations", "online")
"""Ways to serve the area, in the order of `ExtensionSummary.counted`."""


def extension_data(
    found: Extension, path: str = "", ranked: Ranked | None = None
) -> dict[str, Any]:
    """Everything a reader needs to check or repeat it; what does not exist is null.

    Parameters
    ----------
    ranked
        Proposals of which `found` is the best.
    """
    summary, money = found.summary, found.worth
    return {
        "scenario": {
            "path": path,
            "hash": found.scenario.hash,
            "name": found.scenario.name.model_dump(),
        },
        "changed_from_file": changed_data(found.scenario),
        "extended_hash": found.extended.hash,
        "layout": found.layout,
        "points": list(found.points),
        "seed": found.seed,
        "replications": found.replications,
        "replications_asked": found.asked,
        "engine": found.engine,
        "level": found.level,
        "measured_hall_days": found.year.measured_hall_days,
        "year": {
            "calendar": found.year.number,
            "hall_days": found.year.hall_days,
            "cases": found.year.counted,
            "cases_not_measured": float(found.year.cases.sum()) - found.year.counted,
            "weekdays_not_measured": [WEEKDAYS[n] for n in found.year.unseen_weekdays],
            "measured_over_mean_hall_day": known(found.year.busier),
        },
        "counted": {
            name: {
                "cases": dict(counted.fates),
                "trips": counted.trips,
                "trips_in_vain": counted.trips_in_vain,
            }
            for name, counted in zip(SERVED, summary.counted, strict=False)
        },
        "waits": [
            {
                "rounds": one.rounds,
                "residual_min": one.residual,
                "converged": one.converged,
                "expected_min": dict(
                    zip(one.plan.names.places, map(float, one.waits), strict=False)
                ),
            }
            for one in found.settled
        ],
        "against": {
            name: {
                "area": [_effect(one) for one in change.area],
                **{
                    by: {
                        one.group: {
                            "cases_a_year": one.cases,
                            "effects": [_effect(each) for each in one.effects],
                        }
                        for one in change.groups[by]
                    }
                    for by in GROUPINGS
                },
                "places": {
                    one.place: {
                        "is_new": one.is_new,
                        "effects": [_effect(each) for each in one.effects],
                    }
                    for one in change.places
                },
                "administration_yuan_a_case": interval_data(change.administration),
            }
            for name, change in summary.changes.items()
        },
        "administration_yuan_a_case_as_it_is": interval_data(summary.administration),
        "worth": {
            "stations_yuan_a_year": money.yearly,
            "visits_a_year": interval_data(money.visits),
            "residents_save_yuan_a_year": interval_data(money.residents),
            "hall_hours_a_year": interval_data(money.hall_hours),
            "hall_yuan_a_year": known(money.hall_saved),
            "break_even_visits_a_year": known(money.break_even),
            "break_even_both_visits_a_year": known(money.break_even_both),
        },
        "ranking": _ranking(ranked),
    }


def _ranking(ranked: Ranked | None) -> list[dict[str, Any]]:
    if ranked is None:
        return []
    rows = zip(ranked.proposals, ranked.extensions, ranked.behind, strict=True)
    return [
        {
            "rule": proposal.rule,
            "points": list(proposal.points),
            "proposed_yuan_a_year": proposal.saved,
            "residents_save_yuan_a_year": interval_data(run.worth.residents),
            "behind_yuan_a_year": interval_data(behind),
        }
        for proposal, run, behind in rows
    ]


def extension_rows(found: Extension) -> Iterator[dict[str, Any]]:
    """One row a measure of the area, of each group, and of each place."""
    for name, change in found.summary.changes.items():
        yield from _rows(name, "area", "", change.area)
        for by in GROUPINGS:
            for group in change.groups[by]:
                yield from _rows(name, by, group.group, group.effects)
        for place in change.places:
            yield from _rows(name, "place", place.place, place.effects)


def _rows(against: str, by: str, of: str, found: Sequence[Effect]) -> Iterator[dict[str, Any]]:
    for one in found:
        gone = one.difference
        yield {
            "against": against,
            "by": by,
            "of": of,
            "measure": one.measure,
            "unit": one.unit,
            "before": known(one.before.mean),
            "after": known(one.after.mean),
            "difference": known(gone.mean),
            "low": known(gone.low),
            "high": known(gone.high),
            "level": gone.level,
            "n": gone.n,
            "matters_from": one.matters_from,
            "judgement": judge(one.change),
        }


def _effect(one: Effect) -> dict[str, Any]:
    return {
        "measure": one.measure,
        "unit": one.unit,
        "before": interval_data(one.before),
        "after": interval_data(one.after),
        "difference": interval_data(one.difference),
        "matters_from": one.matters_from,
        "judgement": judge(one.change),
    }


def interval_data(one: Interval) -> dict[str, Any]:
    """Mean, bounds, replications and coverage."""
    mean, low, high = map(known, one[:3])
    return {"mean": mean, "low": low, "high": high, "n": one.n, "level": one.level}


def known(value: float) -> float | None:
    """The number, or None where there is none."""
    return float(value) if math.isfinite(value) else None
