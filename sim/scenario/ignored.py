"""Fields that another field beside them leaves without effect."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sim.scenario.dated_rosters import most_of_group
from sim.scenario.findings import Finding
from sim.scenario.hall import Layout
from sim.scenario.node import Steps
from sim.scenario.scenario import Scenario
from sim.scenario.traits import book_of_matters


def ignored_fields(scenario: Scenario) -> Iterator[Finding]:
    """Factors of given instants, weights of another rule, help for one's own list."""
    named = scenario.matters_named()
    bookable = book_of_matters(scenario)
    for flow in scenario.demand:
        ways = ("rate", "every", "at", "arrivals_file")
        way = next((name for name in ways if getattr(flow, name) is not None), None)
        # a rate is spread by its profile; given instants are where they are
        names = ["weekdays", "months", *(["profile", "batches"] if way != "rate" else [])]
        for name in names if way else ():
            if getattr(flow, name):
                yield _ignored(("demand", flow.id, name), str(way))
        if flow.booked_share is not None:
            path: Steps = ("demand", flow.id, "booked_share")
            if flow.arrivals_file is not None:
                yield _ignored(path, "arrivals_file")
            elif flow.matter not in bookable:
                yield Finding("flow_never_books", path, flow.matter, "", "warning")
    unserved, corrections = scenario.applicants.unserved, scenario.corrections
    if unserved.same_day and (unserved.returns == 0 or unserved.at_most == 0):
        beside = "returns: 0" if unserved.returns == 0 else "at_most: 0"
        yield _ignored(("applicants", "unserved", "same_day"), beside)
    if corrections.same_day and not scenario.intakes_find_faults:
        yield _ignored(("corrections", "same_day"), "share: 0")
    nobody_has_two = not any(matter.also for matter in scenario.matters)
    for layout in scenario.layouts:
        if nobody_has_two and "transfer" in layout.model_fields_set:
            yield _ignored(("layouts", layout.id, "transfer"), "also: {}")
        yield from _in_layout(layout)
        yield from _changing_nothing(layout, named)
        yield from _laws_of_others(layout, named)
    if scenario.targets.constant_over_day and not scenario.targets.promises:
        yield _ignored(("targets", "constant_over_day"), "promises: []")
    if scenario.places is not None:
        choice, path = scenario.places.choice, ("places", "choice")
        rule = f"rule: {choice.rule}"
        if choice.shares and choice.rule != "shares":
            yield _ignored((*path, "shares"), rule)
        if choice.taste_yuan > 0 and choice.rule != "lowest_cost":
            yield _ignored((*path, "taste_yuan"), rule)


def _in_layout(layout: Layout) -> Iterator[Finding]:
    path: Steps = ("layouts", layout.id)
    if layout.routing.shares and layout.routing.rule == "shortest_wait":
        yield _ignored((*path, "routing", "shares"), f"rule: {layout.routing.rule}")
    if layout.quota and not layout.quota.tickets and layout.quota.beyond_closing == "give":
        yield Finding("quota_of_nothing", (*path, "quota"), "-", "", "warning")
    if layout.calling.help_after > 0 and layout.calling.rule != "own_first":
        yield _ignored((*path, "calling", "help_after"), f"rule: {layout.calling.rule}")
    if layout.calling.own_calls > 1 and layout.calling.rule != "alternation":
        yield _ignored((*path, "calling", "own_calls"), f"rule: {layout.calling.rule}")
    for group in layout.windows:
        here = (*path, "windows", group.id)
        for n, name in enumerate(group.helps):
            if name == group.list_id:
                yield Finding("helps_itself", (*here, "helps", n), name, "", "warning")
        if group.borrows and group.absence is not None:
            yield _ignored((*here, "absence"), "pool")
        if group.tidal is not None and not most_of_group(layout, group):
            yield Finding("tidal_nobody", (*here, "clerks"), "0", "≥ 1", "warning")


def _changing_nothing(layout: Layout, named: Mapping[str, Collection[str]]) -> Iterator[Finding]:
    """Set-up between matters at windows that serve one matter and help no list."""
    for group in layout.windows:
        matters = {matter for name in group.serves for matter in named.get(name, ())}
        if group.changeover > 0 and len(matters) == 1 and not group.helps:
            path: Steps = ("layouts", layout.id, "windows", group.id, "changeover")
            yield _ignored(path, f"serves: {', '.join(matters)}")


def _laws_of_others(layout: Layout, named: Mapping[str, Collection[str]]) -> Iterator[Finding]:
    """Laws of service for matters that never come to the windows that have them."""
    for group in layout.windows:
        if not group.service_laws:
            continue
        called = [each for each in layout.windows if each.list_id in group.helps]
        names = [name for each in (group, *called) for name in each.serves]
        matters = {matter for name in names for matter in named.get(name, ())}
        for matter in group.service_laws:
            if matter not in matters:
                path: Steps = ("layouts", layout.id, "windows", group.id, "service_laws", matter)
                yield _ignored(path, f"serves: {', '.join(group.serves)}")


def _ignored(path: Steps, beside: str) -> Finding:
    return Finding("ignored_field", path, str(path[-1]), "", "warning", (("beside", beside),))
