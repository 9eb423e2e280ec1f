"""What a hall of twelve answers comes to: how busy its windows and departments will be."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.analysis.offered import Load, cases_a_day, offered_load
from sim.plan.compile import compile_plan
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.blocks import AnyBlock, SentenceBlock, TableBlock
from sim.views.scenario_names import department_name, group_name

FULL = 0.95
"""Load from which on waits grow from day to day where a day is a little busier than the mean."""


def draft_blocks(scenario: Scenario, text: Text) -> list[AnyBlock]:
    """Cases a day, who is busiest, and the load of every group and department.

    Examples
    --------
    >>> from sim.drafting.answers import template_answers
    >>> from sim.drafting.draft import draft_hall
    >>> from sim.text import load_text
    >>> text = load_text("en")
    >>> hall = draft_hall(template_answers("township", "en"), text).scenario
    >>> print(draft_blocks(hall, text)[0].words[:36])
    38.9 cases a day are expected; the b
    """
    layout = scenario.layouts[0].id
    plan = compile_plan(scenario, layout)
    loads = offered_load(plan)
    groups = [load for load in loads if load.kind == "group"]
    busiest = max(groups, key=lambda load: load.load)
    cases = text.number(cases_a_day(plan), 1)
    name = group_name(scenario, layout, busiest.id, text)
    words = text("draft.words.busiest", cases=cases, name=name, load=_share(busiest, text))
    table = TableBlock(
        text("draft.words.table"),
        tuple(text(f"draft.words.{head}") for head in ("who", "work", "staffed", "load")),
        tuple(_row(scenario, layout, load, text) for load in loads if load.kind != "reception"),
        names=1,
        parts=(0, len(groups)),
    )
    return [SentenceBlock(words, "answer"), *_full(scenario, layout, loads, text), table]


def _full(
    scenario: Scenario, layout: str, loads: tuple[Load, ...] | list[Load], text: Text
) -> Iterator[AnyBlock]:
    for load in loads:
        if load.load >= FULL:
            name = _name(scenario, layout, load, text)
            words = text("draft.words.full", name=name, load=_share(load, text))
            yield SentenceBlock(words, "caution")


def _row(scenario: Scenario, layout: str, load: Load, text: Text) -> tuple[str, ...]:
    hours = (load.work_hours, load.staffed_hours)
    shown = (text.number(each, 0) for each in hours)
    return (_name(scenario, layout, load, text), *shown, _share(load, text))


def _name(scenario: Scenario, layout: str, load: Load, text: Text) -> str:
    if load.kind == "group":
        return group_name(scenario, layout, load.id, text)
    return department_name(scenario, load.id, text)


def _share(load: Load, text: Text) -> str:
    return text.share(load.load, 0) if math.isfinite(load.load) else "∞"
