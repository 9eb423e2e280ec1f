"""Beginnings of a run that lead nowhere, or that cannot have been before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sim.clock import format_clock, format_span
from sim.scenario.distributions import mean_of
from sim.scenario.fields import Known
from sim.scenario.findings import Finding
from sim.scenario.hours import first_opening
from sim.scenario.initial import OpenCases, WaitingPeople
from sim.scenario.node import Steps
from sim.scenario.scenario import Scenario

TOLERANCE: Final = 1e-6
"""Of a sum of decimal shares."""


def wrong_initial_state(scenario: Scenario) -> Iterator[Finding]:
    """What leads nowhere, and what cannot have been before the run."""
    initial = scenario.initial
    if initial is None:
        return
    matters = {matter.id: matter for matter in scenario.matters}
    matter_ids, classes = Known(matters), Known(each.id for each in scenario.applicants.classes)
    for people in initial.waiting:
        path: Steps = ("initial", "waiting", people.id)
        yield from _wrong_people(people, path, matter_ids, classes)
    for cases in initial.backlog:
        path = ("initial", "backlog", cases.id)
        yield from _wrong_people(cases, path, matter_ids, classes)
        if cases.filed is not None and cases.filed >= scenario.run.start:
            place, allowed = (*path, "filed"), f"< {scenario.run.start}"
            yield Finding("filed_in_run", place, str(cases.filed), allowed, depends=("run",))
        matter = matters.get(cases.matter)
        if matter is None:
            continue
        items = Known(item.id for item in matter.items)
        for n, name in enumerate(cases.done):
            if name not in items:
                near = items.near(name)
                yield Finding("unknown_item", (*path, "done", n), name, items.words, values=near)
        if {item.id for item in matter.items} <= set(cases.done):
            yield Finding("nothing_left_to_do", path, cases.matter, depends=("matters",))


def waits_before_the_run(scenario: Scenario) -> Iterator[Finding]:
    """People who have waited since before the first date, which no run knows of."""
    for people in scenario.initial.waiting if scenario.initial else ():
        _, opens = first_opening(scenario)
        if mean_of(people.waited) > opens:
            lasts, allowed = format_span(round(mean_of(people.waited))), f"≤ {format_span(opens)}"
            path: Steps = ("initial", "waiting", people.id, "waited")
            values = (("opens", format_clock(opens)),)
            yield Finding("waited_too_long", path, lasts, allowed, values=values)


def _wrong_people(
    people: WaitingPeople | OpenCases, path: Steps, matters: Known, classes: Known
) -> Iterator[Finding]:
    if people.matter not in matters:
        place, near = (*path, "matter"), matters.near(people.matter)
        yield Finding(
            "unknown_matter", place, people.matter, matters.words, values=near, depends=("matters",)
        )
    for name in people.classes:
        if name not in classes:
            place, near = (*path, "classes", name), classes.near(name)
            yield Finding(
                "unknown_class", place, name, classes.words, values=near, depends=("applicants",)
            )
    total = sum(people.classes.values())
    if people.classes and abs(total - 1) > TOLERANCE:
        yield Finding("shares_sum", (*path, "classes"), f"{total:g}", "1")
