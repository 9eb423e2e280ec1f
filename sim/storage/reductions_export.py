"""A before and after as plain data: one JSON object, or rows of a table with code names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from sim.analysis.cuts import Cut
from sim.analysis.reductions import CHANNELS
from sim.questions.columns import SHARE, AnswerColumn
from sim.questions.doubts import doubts
from sim.questions.reductions import Leaning, Reductions
from sim.storage.answer_export import table_rows
from sim.storage.numbers_data import bounds_data
from sim.storage.run_data import run_data


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
        **run_data(reductions.scenario, path, reductions),
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
                    None if end is None else bounds_data(end.cut)
                    for end in (leaning.low, leaning.high)
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
            "fields": bounds_data(form.fields),
            "prefilled": bounds_data(form.prefilled),
            "published": form.published,
        },
        "price": {
            cost.name: {
                "unit": cost.unit,
                "separate": bounds_data(cost.before),
                "bundled": bounds_data(cost.after),
                "difference": bounds_data(cost.difference),
            }
            for cost in summary.review_costs
        },
    }


def _cut_data(cut: Cut) -> dict[str, Any]:
    beyond = cut.beyond_published
    return {
        "unit": cut.unit,
        "separate": bounds_data(cut.before),
        "bundled": bounds_data(cut.after),
        "cut": bounds_data(cut.cut),
        "published_before": cut.published_before,
        "published_after": cut.published_after,
        "published_cut": cut.published_cut,
        "beyond_published": None if beyond is None else bounds_data(beyond),
    }


class _MatterCut(NamedTuple):
    """One row: a count of a matter, or of all under `*`."""

    matter: str
    cut: Cut


COLUMNS: Final = (
    AnswerColumn("matter", "text"),
    AnswerColumn("count", "text", field="cut.name"),
    AnswerColumn("unit", "text", field="cut.unit"),
    AnswerColumn("separate", "number", "as_unit", "cut.before.mean"),
    AnswerColumn("bundled", "number", "as_unit", "cut.after.mean"),
    AnswerColumn("cut", "number", SHARE, "cut.cut.mean"),
    AnswerColumn("low", "number", SHARE, "cut.cut.low"),
    AnswerColumn("high", "number", SHARE, "cut.cut.high"),
    AnswerColumn("published_before", "number", "as_unit", "cut.published_before"),
    AnswerColumn("published_after", "number", "as_unit", "cut.published_after"),
    AnswerColumn("published_cut", "number", SHARE, "cut.published_cut"),
)
"""Columns of `reductions_rows`."""


def reductions_rows(reductions: Reductions) -> Iterator[dict[str, Any]]:
    """One row a matter and count, those of all matters first, under `*`."""
    cuts = (
        _MatterCut(matter or "*", cut)
        for matter in (None, *reductions.matters)
        for cut in reductions.summary.of(matter).cuts.values()
    )
    return table_rows(COLUMNS, cuts)
