"""Promises that contradict their measure, and promises that say nothing, or nothing new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sim.clock import format_span
from sim.scenario.findings import Finding
from sim.scenario.matters import Matter
from sim.scenario.node import Steps
from sim.scenario.promises import (
    EACH,
    EACH_OF,
    WHO,
    WHO_OF,
    Promise,
    PromisedMeasure,
    level_words,
)
from sim.scenario.scenario import Scenario
from sim.scenario.traits import Trait, all_traits, classes_that_come

UNITS: Final = {"share": "allowed.share", "min": "allowed.span", "wd": "allowed.whole_workdays"}
"""Words for a level in the unit of its measure."""


def wrong_promises(scenario: Scenario) -> Iterator[Finding]:
    """Levels, people and places in time that a measure does not have."""
    for n, promise in enumerate(scenario.targets.promises):
        path: Steps = ("targets", "promises", n)
        over, measure = promise.kind.over, (("measure", promise.measure),)
        yield from _level(promise, path)
        if promise.measure == "called_within" and _within(scenario, promise) == 0:
            by_itself: Steps = (*path, "within")
            here = ("targets", "called_within") if promise.within is None else by_itself
            yield Finding("too_small", here, format_span(0))
        if promise.each not in EACH_OF[over]:
            allowed = ", ".join(EACH_OF[over])
            yield Finding("promise_each", (*path, "each"), promise.each, allowed, values=measure)
        for field in WHO:
            if getattr(promise, field) and field not in WHO_OF[over]:
                allowed = ", ".join(WHO_OF[over]) or "-"
                yield Finding("promise_whom", (*path, field), field, allowed, values=measure)


def _level(promise: Promise, path: Steps) -> Iterator[Finding]:
    """The side that is good for the measure, and its unit."""
    [(written, level)] = promise.written_levels
    here, measure = (*path, written), (("measure", promise.measure),)
    if written != promise.side:
        yield Finding("promise_side", here, written, promise.side, values=measure)
    allowed = UNITS[promise.kind.unit]
    if isinstance(level, float):
        if promise.kind.unit != "share":
            yield Finding("bare_number", here, f"{level:g}", allowed)
        elif level > 1:
            yield Finding("share_outside", here, f"{level:g}")
        return
    unfit = {"share": 1, "min": level.workdays, "wd": level.ticks}  # what is in another unit
    if unfit[promise.kind.unit]:
        yield Finding("promise_unit", here, level_words(level), allowed, values=measure)


def _within(scenario: Scenario, promise: Promise) -> int:
    return scenario.targets.called_within if promise.within is None else promise.within


def idle_promises(scenario: Scenario) -> Iterator[Finding]:
    """Promises that nobody can break or keep, of what nobody meets, and that follow from others."""
    for n, promise in enumerate(scenario.targets.promises):
        path: Steps = ("targets", "promises", n)
        yield from _extreme(promise, path)
        yield from _of_nobody(scenario, promise, path)
        yield from _never_counted(scenario, promise, path)
        if promise.within is not None and promise.measure != "called_within":
            beside = (("beside", f"measure: {promise.measure}"),)
            yield Finding("ignored_field", (*path, "within"), "within", "", "warning", beside)
        for at, stricter in enumerate(scenario.targets.promises):
            if at != n and _follows(scenario, stricter, promise):
                if at > n and _follows(scenario, promise, stricter):
                    continue  # the two say the same: told at the second one
                name = stricter.id or f"promises[{at}]"
                yield Finding("promise_redundant", path, name, "", "warning")
                break


def _extreme(promise: Promise, path: Steps) -> Iterator[Finding]:
    """Levels at an end of what the measure can be."""
    [(written, level)] = promise.written_levels
    best, worst = (1.0, 0.0) if promise.kind.better == "high" else (0.0, 1.0)
    here, is_share = (*path, written), promise.kind.unit == "share"
    if is_share and promise.level == worst:
        yield Finding("promise_unbreakable", here, level_words(level), "", "warning")
    elif promise.level == best:
        yield Finding("promise_absolute", here, level_words(level), "", "warning")


def _of_nobody(scenario: Scenario, promise: Promise, path: Steps) -> Iterator[Finding]:
    """People who never come, departments without work, groups that some layouts lack."""
    who, names = promise.who
    come: set[str] = set()
    match who:
        case "classes":
            come = classes_that_come(scenario)
        case "matters":
            demanded = {matter.id for matter in _demanded(scenario, promise)}
            named = scenario.matters_named()
            come = {name for name in names if not demanded.isdisjoint(named[name])}
        case "departments":
            come = {item.department for m in _demanded(scenario, promise) for item in m.items}
        case "groups":
            yield from _groups_elsewhere(scenario, names, path)
            return
    for n, name in enumerate(names):
        if name not in come:
            yield Finding("promise_nobody", (*path, str(who), n), name, "", "warning")


def _groups_elsewhere(scenario: Scenario, names: Sequence[str], path: Steps) -> Iterator[Finding]:
    groups = {layout.id: {group.id for group in layout.windows} for layout in scenario.layouts}
    for n, name in enumerate(names):
        lacking = [layout for layout, ids in groups.items() if name not in ids]
        if lacking:
            values = (("layouts", ", ".join(lacking)),)
            here = (*path, "groups", n)
            yield Finding("promise_group_elsewhere", here, name, "", "warning", values)


def _demanded(scenario: Scenario, promise: Promise) -> list[Matter]:
    """Matters for which people come, or apply at all where cases are counted."""
    cases = promise.kind.over == "cases"
    demanded = scenario.matters_demanded(in_person=not cases)
    return [matter for matter in scenario.matters if matter.id in demanded]


def _never_counted(scenario: Scenario, promise: Promise, path: Steps) -> Iterator[Finding]:
    """Measures of what nothing in the scenario sets off."""
    matters = _demanded(scenario, promise)
    who, names = promise.who
    if who == "matters":
        named = scenario.matters_named()
        meant = {matter for name in names for matter in named[name]}
        matters = [matter for matter in matters if matter.id in meant]
    elif who == "departments":
        matters = [m for m in matters if any(item.department in names for item in m.items)]
    acts: dict[PromisedMeasure, tuple[bool, str]] = {
        "give_up_share": (_is_stated("patience", scenario), "applicants.patience"),
        "balk_share": (_is_stated("balk_at", scenario), "applicants.balk_at"),
        "on_time_share": (any(matter.promised for matter in matters), "promised"),
        "statutory_on_time_share": (any(matter.statutory for matter in matters), "statutory"),
        "turnaround": (any(matter.items for matter in matters), "items"),
    }
    is_set_off, field = acts.get(promise.measure, (True, ""))
    if not is_set_off and (matters or who is None):
        missing = (("missing", field),)
        yield Finding("promise_idle", (*path, "measure"), promise.measure, "", "warning", missing)


def _is_stated(trait: Trait, scenario: Scenario) -> bool:
    """Whether anybody who comes has it."""
    return any(value is not None for value in all_traits(trait, scenario))


def _follows(scenario: Scenario, stricter: Promise, looser: Promise) -> bool:
    """Whether who keeps one promise keeps another.

    A level kept in every half hour is kept over the day, and one kept on every kind of day over
    the run, as measures are ratios of sums.
    """
    if stricter.measure != looser.measure:
        return False
    if EACH.index(stricter.each) > EACH.index(looser.each):
        return False
    who, names = stricter.who
    whose, others = looser.who
    each_list = who is None and whose == "groups" and looser.kind.over == "tickets"
    if not each_list and (who != whose or not set(others) <= set(names)):
        return False
    if looser.measure == "called_within" and (
        _within(scenario, stricter) > _within(scenario, looser)
    ):
        return False
    if looser.kind.better == "high":
        return stricter.level >= looser.level
    return stricter.level <= looser.level
