"""What only the whole scenario can get wrong: references, cycles, sums, rosters, budgets, sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Final, TypeAlias

from sim.scenario.appointments import crowded_books, wrong_books
from sim.scenario.arrivals import arrivals_outside_hours, visits_a_day
from sim.scenario.assumptions import values_outside, wrong_assumptions
from sim.scenario.breaks import wrong_breaks
from sim.scenario.clerk_hours import weekly_clerk_hours
from sim.scenario.clerks_file_checks import idle_clerk_rows, wrong_clerk_rows
from sim.scenario.dated_checks import idle_dates, unstaffed_hours
from sim.scenario.dated_hours import DatedHours
from sim.scenario.dated_rosters import most_of_group
from sim.scenario.findings import Finding
from sim.scenario.futile import futile_mechanisms
from sim.scenario.geography import wrong_coordinates, wrong_places
from sim.scenario.hall import Layout, Tidal
from sim.scenario.hours import wrong_calendars, wrong_holidays, wrong_profiles
from sim.scenario.initial import InitialState
from sim.scenario.initial_checks import waits_before_the_run, wrong_initial_state
from sim.scenario.limits import promises_beyond_statute, tight_limits
from sim.scenario.matters import Item
from sim.scenario.node import Steps
from sim.scenario.promise_checks import idle_promises, wrong_promises
from sim.scenario.provenance import Number, numbers, unsourced
from sim.scenario.references import (
    ambiguous_names,
    duplicate_ids,
    ring_of,
    unknown_references,
)
from sim.scenario.replay_checks import same_arrivals, unknown_ids_of_rows
from sim.scenario.rest_checks import wrong_rests
from sim.scenario.roster_checks import wrong_rosters
from sim.scenario.rostering_checks import idle_rostering, wrong_rostering
from sim.scenario.run_length import short_runs
from sim.scenario.scenario import Scenario
from sim.scenario.unused import unused_parts

MAX_VISITS: Final = 20_000_000
MAX_DAYS: Final = 40_000
FIRST_START: Final = date(1990, 1, 1)
LAST_START: Final = date(2199, 12, 31)
TOLERANCE: Final = 1e-6
Check: TypeAlias = Callable[[Scenario], Iterable[Finding]]


def findings(scenario: Scenario) -> list[Finding]:
    """Everything inconsistent in a scenario whose parts are sound, errors and warnings."""
    written = numbers(scenario)  # to walk through all of them takes longer than all other checks
    return errors(scenario, written) or [
        *(finding for check in WHOLE for finding in check(scenario)),
        *values_outside(written),
        *_sources(written),
    ]


def errors(scenario: Scenario, written: Sequence[Number] | None = None) -> list[Finding]:
    """Contradictions between parts; all of them are errors.

    Parameters
    ----------
    written
        The numbers of the scenario, where they are known already.
    """
    between = [finding for check in BETWEEN_PARTS for finding in check(scenario)]
    written = numbers(scenario) if written is None else written
    return [*between, *wrong_assumptions(scenario, written)]


def _tables(scenario: Scenario) -> Iterator[Finding]:
    """Tables of entries out of reach: where a file is read they have become entries."""
    places = scenario.places
    tables = {
        ("applicants", "townships_file", "townships"): scenario.applicants.townships_file,
        ("places", "places_file", "open"): places.places_file if places else None,
        ("places", "travel", "legs_file", "legs"): places.travel.legs_file if places else None,
    }
    for (*path, entries), table in tables.items():
        if table is not None:
            values = (("entries", entries),)
            yield Finding("table_unavailable", tuple(path), table, values=values)


def _items(scenario: Scenario) -> Iterator[Finding]:
    for matter in scenario.matters:
        path: Steps = ("matters", matter.id, "items")
        ring = ring_of({item.id: item.after for item in matter.items})
        if ring:
            yield Finding("cycle_after", (*path, ring[0], "after"), " → ".join(ring))
        together: dict[str, float] = {}
        for item in matter.items:
            if item.one_of is not None:
                together[item.one_of] = together.get(item.one_of, 0.0) + item.share
                if together[item.one_of] > 1 + TOLERANCE:
                    share_sum = f"{item.one_of}: {together[item.one_of]:g}"
                    yield Finding("shares_sum", (*path, item.id, "share"), share_sum, "≤ 1")
            yield from _survey(item, (*path, item.id, "survey", "joined_by"))


def _survey(item: Item, path: Steps) -> Iterator[Finding]:
    """Every department sends one reviewer to a survey."""
    surveying = {item.department}
    for n, name in enumerate(item.survey.joined_by if item.survey else ()):
        if name in surveying:
            yield Finding("surveys_twice", (*path, n), name)
        surveying.add(name)


def _shares(scenario: Scenario) -> Iterator[Finding]:
    for flow in scenario.demand:
        total = sum(flow.classes.values())
        if flow.classes and abs(total - 1) > TOLERANCE:
            yield Finding("shares_sum", ("demand", flow.id, "classes"), f"{total:g}", "1")


def _volumes(scenario: Scenario) -> Iterator[Finding]:
    """Instants that are given cannot be made more or less."""
    factor = scenario.applicants.volume_factor
    for flow in scenario.demand if factor != 1 else ():
        for way in ("at", "every", "arrivals_file"):
            if getattr(flow, way) is None:
                continue
            path: Steps = ("demand", flow.id, way)
            yield Finding("given_not_scaled", path, f"{factor:g}", depends=("applicants",))


def _acceptance(scenario: Scenario) -> Iterator[Finding]:
    named = scenario.matters_named()
    demanded_ids = scenario.matters_demanded(in_person=True)
    demanded = [matter for matter in scenario.matters if matter.id in demanded_ids]
    sought = set[str]().union(*(scenario.matters_sought(matter) for matter in demanded))
    departments = {department.id for department in scenario.departments}
    led = {matter.id for matter in scenario.matters if matter.lead in {None, *departments}}
    for layout in scenario.layouts:
        if not all(name in named for group in layout.windows for name in group.serves):
            continue  # reported already: the name that is unknown may be the one that is missed
        served = {
            matter
            for group in layout.windows
            if most_of_group(layout, group) > 0
            for name in group.serves
            for matter in named.get(name, ())
        }
        for matter in scenario.matters:
            if matter.id not in (sought & led) - served:
                continue
            path = ("layouts", layout.id, "windows")
            depends = ("layouts", "matters")
            empty = [g.id for g in layout.windows if any(matter.id in named[n] for n in g.serves)]
            code = "matter_without_clerk" if empty else "matter_not_accepted"
            values = (("groups", ", ".join(empty)),)
            yield Finding(code, path, matter.id, values=values, depends=depends)


def _separate(scenario: Scenario) -> Iterator[Finding]:
    """People who go from department to department must find a window at each."""
    own = {department.id: department.own_matter for department in scenario.departments}
    for matter in scenario.matters:
        for item in matter.items if matter.handling == "separate" else ():
            if item.department in own and own[item.department] is None:
                path: Steps = ("matters", matter.id, "items", item.id, "department")
                yield Finding("no_own_matter", path, item.department, depends=("departments",))


def _seconds(scenario: Scenario) -> Iterator[Finding]:
    """A second matter is one that is finished at the window."""
    reviewed = {matter.id for matter in scenario.matters if matter.items}
    for matter in scenario.matters:
        for name in matter.also:
            if name in reviewed:
                path: Steps = ("matters", matter.id, "also", name)
                yield Finding("second_matter_reviewed", path, name, depends=("matters",))


def _tidal(scenario: Scenario) -> Iterator[Finding]:
    """Reserve windows need a pool that can spare somebody, and an ordinary window beside them."""
    named = scenario.matters_named()
    for layout in scenario.layouts:
        ordinary = [group for group in layout.windows if group.tidal is None]
        lists = set[str]()
        for group in layout.windows:
            if group.tidal is None:
                continue
            path: Steps = ("layouts", layout.id, "windows", group.id)
            yield from _pool(layout, group.tidal, (*path, "tidal"))
            if group.list_id in lists:
                yield Finding("tidal_same_list", (*path, "tidal"), group.list_id)
            lists.add(group.list_id)
            beside = [near for near in ordinary if near.list_id == group.list_id]
            served = {
                matter for near in beside for name in near.serves for matter in named.get(name, ())
            }
            for n, name in enumerate(group.serves):
                for matter in set(named.get(name, ())) - served:
                    yield Finding("tidal_alone", (*path, "serves", n), matter, depends=("matters",))


def _pool(layout: Layout, tidal: Tidal, path: Steps) -> Iterator[Finding]:
    for group in layout.windows:
        if group.id != tidal.pool:
            continue
        most = most_of_group(layout, group)
        if group.tidal is not None:
            yield Finding("tidal_pool", (*path, "pool"), group.id)
        elif tidal.keep >= most:
            yield Finding("tidal_keep", (*path, "keep"), group.id, f"< {most}")


def _online(scenario: Scenario) -> Iterator[Finding]:
    if scenario.online is not None:
        return
    shares: list[tuple[Steps, float]] = [
        (("demand", flow.id, "online_share"), flow.online_share) for flow in scenario.demand
    ]
    shares.append((("applicants", "unserved", "online"), scenario.applicants.unserved.online))
    # what a reviewer asks for goes straight back to the department, past the intake
    if scenario.intakes_find_faults:
        shares.append((("corrections", "online"), scenario.corrections.online))
    for path, share in shares:
        if share > 0:
            yield Finding("online_without_intake", path, f"{share:g}", depends=("online",))


def _dates(scenario: Scenario) -> Iterator[Finding]:
    start = scenario.run.start
    if not FIRST_START <= start <= LAST_START:
        values = (("low", str(FIRST_START)), ("high", str(LAST_START)))
        path: Steps = ("run", "start")
        yield Finding("outside_range", path, str(start), "allowed.between", values=values)
    for flow in scenario.demand:
        for n, instant in enumerate(flow.at or ()):
            if instant < datetime.combine(start, time()):
                yield Finding(
                    "outside_range",
                    ("demand", flow.id, "at", n),
                    str(instant),
                    "allowed.at_least",
                    values=(("low", str(start)),),
                    depends=("run",),
                )


def _size(scenario: Scenario) -> Iterator[Finding]:
    run = scenario.run
    days = run.warmup_days + run.measured_days + run.followup_days
    if days > MAX_DAYS:
        path: Steps = ("run", "measured_days")
        yield Finding("too_many_days", path, f"{days:,}", f"≤ {MAX_DAYS:,}", depends=("run",))
    weeks = [
        week
        for calendar in scenario.calendars
        if calendar.id == scenario.hall.hours
        for week in DatedHours(calendar).weeks()
    ]
    open_days = max((sum(map(bool, week.values())) for week in weeks), default=5)
    times = days * scenario.applicants.volume_factor
    visits = {flow.id: visits_a_day(flow, max(1, open_days)) * times for flow in scenario.demand}
    n_people = sum(visits.values()) + sum((scenario.initial or InitialState()).size)
    if n_people > MAX_VISITS:
        n_visits, allowed = f"{n_people:,.0f}", f"≤ {MAX_VISITS:,}"
        largest = max(visits, key=lambda name: visits[name])
        yield Finding("too_many_visits", ("demand", largest), n_visits, allowed, depends=("run",))


def _budget(scenario: Scenario) -> Iterator[Finding]:
    if scenario.equal_budget == "none":
        return
    hours = {layout.id: weekly_clerk_hours(scenario, layout) for layout in scenario.layouts}
    if max(hours.values()) - min(hours.values()) > TOLERANCE:
        clerk_hours = ", ".join(f"{name} {value:g} h" for name, value in hours.items())
        yield Finding("unequal_budget", ("layouts",), clerk_hours)


def _no_demand(scenario: Scenario) -> Iterator[Finding]:
    if not any(
        flow.at or flow.arrivals_file or visits_a_day(flow, 1) > 0 for flow in scenario.demand
    ):
        yield Finding("no_demand", ("demand",), severity="warning")


def _sources(written: Iterable[Number]) -> Iterator[Finding]:
    for number in unsourced(written):
        yield Finding("no_source", number.path, str(number.value), severity="warning")


BETWEEN_PARTS: Final[Sequence[Check]] = (
    _tables,
    duplicate_ids,
    unknown_references,
    unknown_ids_of_rows,
    ambiguous_names,
    _items,
    _shares,
    _volumes,
    wrong_calendars,
    wrong_profiles,
    wrong_rosters,
    wrong_clerk_rows,
    wrong_breaks,
    wrong_books,
    wrong_initial_state,
    wrong_places,
    wrong_coordinates,
    _acceptance,
    _separate,
    _seconds,
    _tidal,
    _online,
    _dates,
    _size,
    promises_beyond_statute,
    wrong_promises,
    wrong_rostering,
    wrong_rests,
)
"""Checks of parts against each other; each stands any other kind of contradiction."""
WHOLE: Final[Sequence[Check]] = (
    _budget,
    wrong_holidays,
    futile_mechanisms,
    tight_limits,
    arrivals_outside_hours,
    waits_before_the_run,
    same_arrivals,
    crowded_books,
    _no_demand,
    unused_parts,
    idle_dates,
    short_runs,
    idle_clerk_rows,
    unstaffed_hours,
    idle_promises,
    idle_rostering,
)
"""Checks that need every reference to lead somewhere."""

__all__ = ["errors", "findings"]
