"""New stations as plain data: one JSON object, or rows of a table with code names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sim.analysis.effects import GROUPINGS, Effect
from sim.analysis.judge import judge
from sim.clock import WEEKDAYS
from sim.questions.alike import changed_data
from sim.questions.extend import Extension
from sim.questions.sites import Ranked
from sim.storage.numbers_data import finite_or_none, interval_data

SERVED: Final = ("as_it_is", "stations", "online")
"""Ways to serve the area, in the order of `ExtensionSummary.counted`."""


def extension_data(
    extension: Extension, path: str = "", ranked: Ranked | None = None
) -> dict[str, Any]:
    """Everything a reader needs to check or repeat it; what does not exist is null.

    Parameters
    ----------
    ranked
        Proposals of which `found` is the best.
    """
    summary, money = extension.summary, extension.worth
    return {
        "scenario": {
            "path": path,
            "hash": extension.scenario.hash,
            "name": extension.scenario.name.model_dump(),
        },
        "changed_from_file": changed_data(extension.scenario),
        "extended_hash": extension.extended.hash,
        "layout": extension.layout,
        "points": list(extension.points),
        "seed": extension.seed,
        "replications": extension.replications,
        "replications_asked": extension.asked,
        "engine": extension.engine,
        "level": extension.level,
        "measured_hall_days": extension.year.measured_hall_days,
        "year": {
            "calendar": extension.year.number,
            "hall_days": extension.year.hall_days,
            "cases": extension.year.counted,
            "cases_not_measured": float(extension.year.cases.sum()) - extension.year.counted,
            "weekdays_not_measured": [WEEKDAYS[n] for n in extension.year.unseen_weekdays],
            "measured_over_mean_hall_day": finite_or_none(extension.year.busier),
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
                "rounds": equilibrium.rounds,
                "residual_min": equilibrium.residual,
                "converged": equilibrium.converged,
                "expected_min": dict(
                    zip(equilibrium.plan.names.places, map(float, equilibrium.waits), strict=False)
                ),
            }
            for equilibrium in extension.settled
        ],
        "against": {
            name: {
                "area": [_effect(effect) for effect in change.area],
                **{
                    by: {
                        group.group: {
                            "cases_a_year": group.cases,
                            "effects": [_effect(each) for each in group.effects],
                        }
                        for group in change.groups[by]
                    }
                    for by in GROUPINGS
                },
                "places": {
                    place.place: {
                        "is_new": place.is_new,
                        "effects": [_effect(each) for each in place.effects],
                    }
                    for place in change.places
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
            "hall_yuan_a_year": finite_or_none(money.hall_saved),
            "break_even_visits_a_year": finite_or_none(money.break_even),
            "break_even_both_visits_a_year": finite_or_none(money.break_even_both),
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


def extension_rows(extension: Extension) -> Iterator[dict[str, Any]]:
    """One row a measure of the area, of each group, and of each place."""
    for name, change in extension.summary.changes.items():
        yield from _rows(name, "area", "", change.area)
        for by in GROUPINGS:
            for group in change.groups[by]:
                yield from _rows(name, by, group.group, group.effects)
        for place in change.places:
            yield from _rows(name, "place", place.place, place.effects)


def _rows(against: str, by: str, of: str, effects: Sequence[Effect]) -> Iterator[dict[str, Any]]:
    for effect in effects:
        gone = effect.difference
        yield {
            "against": against,
            "by": by,
            "of": of,
            "measure": effect.measure,
            "unit": effect.unit,
            "before": finite_or_none(effect.before.mean),
            "after": finite_or_none(effect.after.mean),
            "difference": finite_or_none(gone.mean),
            "low": finite_or_none(gone.low),
            "high": finite_or_none(gone.high),
            "level": gone.level,
            "n": gone.n,
            "matters_from": effect.matters_from,
            "judgement": judge(effect.change),
        }


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "measure": effect.measure,
        "unit": effect.unit,
        "before": interval_data(effect.before),
        "after": interval_data(effect.after),
        "difference": interval_data(effect.difference),
        "matters_from": effect.matters_from,
        "judgement": judge(effect.change),
    }
