"""New stations as plain data: one JSON object, or rows of a table with code names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from sim.analysis.effects import GROUPINGS, Effect
from sim.analysis.judge import Judgement, judge
from sim.clock import WEEKDAYS
from sim.questions.alike import changed_data
from sim.questions.columns import JUDGEMENT, SHARE, AnswerColumn, finite_or_none
from sim.questions.extension import Extension
from sim.questions.sites import Ranked
from sim.storage.answer_export import table_rows
from sim.storage.numbers_data import interval_data
from sim.storage.run_data import scenario_data

SERVED: Final = ("as_it_is", "stations", "online")
"""Ways to serve the area, in the order of `ExtensionSummary.counted`."""


def extension_data(
    extension: Extension, path: str = "", ranked: Ranked | None = None
) -> dict[str, Any]:
    """Everything a reader needs to check or repeat it; what does not exist is null.

    Parameters
    ----------
    ranked
        Proposals of which it is the best.
    """
    summary, money = extension.summary, extension.worth
    return {
        "scenario": scenario_data(extension.scenario, path),
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


class _EffectRow(NamedTuple):
    """One row: an effect on everybody, on a group or on a place."""

    against: str
    by: str
    of: str
    effect: Effect

    @property
    def judgement(self) -> Judgement:
        """What the difference allows to say."""
        return judge(self.effect.change)


COLUMNS: Final = (
    AnswerColumn("against", "text"),
    AnswerColumn("by", "text"),
    AnswerColumn("of", "text"),
    AnswerColumn("measure", "text", field="effect.measure"),
    AnswerColumn("unit", "text", field="effect.unit"),
    AnswerColumn("before", "number", "as_unit", "effect.before.mean"),
    AnswerColumn("after", "number", "as_unit", "effect.after.mean"),
    AnswerColumn("difference", "number", "as_unit", "effect.difference.mean"),
    AnswerColumn("low", "number", "as_unit", "effect.difference.low"),
    AnswerColumn("high", "number", "as_unit", "effect.difference.high"),
    AnswerColumn("level", "number", SHARE, "effect.difference.level"),
    AnswerColumn("n", "whole", field="effect.difference.n"),
    AnswerColumn("matters_from", "number", "as_unit", "effect.matters_from"),
    JUDGEMENT,
)
"""Columns of `extension_rows`."""


def extension_rows(extension: Extension) -> Iterator[dict[str, Any]]:
    """One row a measure of the area, of each group, and of each place."""
    return table_rows(COLUMNS, _effects(extension))


def _effects(extension: Extension) -> Iterator[_EffectRow]:
    for name, change in extension.summary.changes.items():
        yield from (_EffectRow(name, "area", "", effect) for effect in change.area)
        for by in GROUPINGS:
            for group in change.groups[by]:
                yield from (_EffectRow(name, by, group.group, effect) for effect in group.effects)
        for place in change.places:
            yield from (_EffectRow(name, "place", place.place, effect) for effect in place.effects)
