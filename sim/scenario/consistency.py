"""What only the whole scenario can get wrong: references, cycles, sums, rosters, budgets, sizes."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from sim import clock
from sim.clock import DAY, HOUR, Hours
from sim.scenario.base import Block, roster_hours
from sim.scenario.demand import Calendar, Flow
from sim.scenario.hall import Layout
from sim.scenario.matters import Item, Matter
from sim.scenario.provenance import unsourced
from sim.scenario.scenario import Scenario

MAX_CASES: Final = 20_000_000
MAX_DAYS: Final = 40_000
TOLERANCE: Final = 1e-6
Steps = tuple[str | int, ...]


class Finding(NamedTuple):
    """One inconsistency, at a path of keys and ids."""

    code: str
    path: Steps
    found: str = ""
    allowed: str = ""
    severity: Literal["error", "warning"] = "error"
    values: tuple[tuple[str, str], ...] = ()
    whole: bool = False
    """True when parts that were left out could be its cause."""


def findings(scenario: Scenario) -> list[Finding]:
    """Everything inconsistent in a scenario whose parts are sound, errors and warnings."""
    checks: Sequence[Callable[[Scenario], Iterable[Finding]]] = (
        _ids,
        _references,
        _names,
        _items,
        _shares,
        _calendars,
        _profiles,
        _rosters,
        _acceptance,
        _online,
        _size,
    )
    found = [finding for check in checks for finding in check(scenario)]
    if found:
        return found
    later: Sequence[Callable[[Scenario], Iterable[Finding]]] = (
        _budget,
        _limits,
        _profile_hours,
        _unused,
        _sources,
    )
    return [finding for check in later for finding in check(scenario)]


def _ids(scenario: Scenario) -> Iterator[Finding]:
    lists: list[tuple[Steps, Sequence[Block]]] = [
        (("calendars",), scenario.calendars),
        (("departments",), scenario.departments),
        (("matters",), scenario.matters),
        (("profiles",), scenario.profiles),
        (("demand",), scenario.demand),
        (("layouts",), scenario.layouts),
        (("applicants", "classes"), scenario.applicants.classes),
        (("applicants", "townships"), scenario.applicants.townships),
        *((("matters", matter.id, "items"), matter.items) for matter in scenario.matters),
        *((("layouts", layout.id, "windows"), layout.windows) for layout in scenario.layouts),
    ]
    for path, blocks in lists:
        seen: set[str] = set()
        for index, block in enumerate(blocks):
            name = str(getattr(block, "id", ""))
            if name in seen:
                yield Finding("duplicate_id", (*path, index, "id"), name)
            seen.add(name)


def _unknown(code: str, path: Steps, found: str, known: Iterable[str]) -> Iterator[Finding]:
    names = sorted(set(known))
    if found not in names:
        near = difflib.get_close_matches(found, names, n=3, cutoff=0.6)
        allowed = ", ".join(near or names[:12]) + ("" if near or len(names) <= 12 else " …")  # noqa: PLR2004
        yield Finding(code, path, found, allowed, values=(("number", str(len(names))),))


def _references(scenario: Scenario) -> Iterator[Finding]:
    calendars = [calendar.id for calendar in scenario.calendars]
    departments = [department.id for department in scenario.departments]
    profiles = [profile.id for profile in scenario.profiles]
    matters = [matter.id for matter in scenario.matters]
    classes = [one.id for one in scenario.applicants.classes]
    yield from _unknown("unknown_calendar", ("hall", "hours"), scenario.hall.hours, calendars)
    for department in scenario.departments:
        path: Steps = ("departments", department.id, "hours")
        yield from _unknown("unknown_calendar", path, department.hours, calendars)
    for matter in scenario.matters:
        path = ("matters", matter.id)
        yield from _unknown("unknown_department", (*path, "lead"), matter.lead, departments)
        items = [item.id for item in matter.items]
        for item in matter.items:
            here = (*path, "items", item.id)
            yield from _unknown(
                "unknown_department", (*here, "department"), item.department, departments
            )
            for n, before in enumerate(item.after):
                yield from _unknown("unknown_item", (*here, "after", n), before, items)
    for flow in scenario.demand:
        path = ("demand", flow.id)
        yield from _unknown("unknown_matter", (*path, "matter"), flow.matter, matters)
        if flow.profile is not None:
            yield from _unknown("unknown_profile", (*path, "profile"), flow.profile, profiles)
        for name in flow.classes:
            yield from _unknown("unknown_class", (*path, "classes", name), name, classes)
    if scenario.online is not None:
        path = ("online", "department")
        yield from _unknown("unknown_department", path, scenario.online.department, departments)
    named = scenario.matters_named()
    for layout in scenario.layouts:
        yield from _layout_references(layout, named)


def _layout_references(layout: Layout, named: Mapping[str, object]) -> Iterator[Finding]:
    lists = [group.list_id for group in layout.windows]
    for group in layout.windows:
        path: Steps = ("layouts", layout.id, "windows", group.id)
        for n, name in enumerate(group.serves):
            yield from _unknown("unknown_matter", (*path, "serves", n), name, named)
        for n, name in enumerate(group.helps):
            yield from _unknown("unknown_list", (*path, "helps", n), name, lists)
    for name in layout.routing.shares:
        path = ("layouts", layout.id, "routing", "shares", name)
        yield from _unknown("unknown_list", path, name, lists)


def _names(scenario: Scenario) -> Iterator[Finding]:
    """`serves` must mean one thing: matters, groups and departments share one space of names."""
    departments = {department.id for department in scenario.departments}
    groups = {group for matter in scenario.matters for group in matter.groups}
    for matter in scenario.matters:
        if matter.id in departments | groups:
            yield Finding("ambiguous_name", ("matters", matter.id, "id"), matter.id)
        for n, group in enumerate(matter.groups):
            if group in departments:
                yield Finding("ambiguous_name", ("matters", matter.id, "groups", n), group)


def _items(scenario: Scenario) -> Iterator[Finding]:
    for matter in scenario.matters:
        ring = _cycle({item.id: item.after for item in matter.items})
        if ring:
            path = ("matters", matter.id, "items", ring[0], "after")
            yield Finding("cycle_after", path, " → ".join(ring))
        together: Counter[str] = Counter()
        for item in matter.items:
            if item.one_of is not None:
                together[item.one_of] += 0
                together.update({item.one_of: item.share})  # type: ignore[dict-item]
        for mark, total in together.items():
            if total > 1 + TOLERANCE:
                yield Finding(
                    "shares_sum", ("matters", matter.id, "items"), f"{mark}: {total:g}", "≤ 1"
                )


def _cycle(after: Mapping[str, Sequence[str]]) -> list[str]:
    """One ring of a precedence graph, first node repeated at the end; empty when there is none."""
    done: set[str] = set()

    def search(node: str, trail: list[str]) -> list[str]:
        if node in trail:
            return [*trail[trail.index(node) :], node]
        if node in done:
            return []
        for before in after.get(node, ()):
            ring = search(before, [*trail, node])
            if ring:
                return ring
        done.add(node)
        return []

    return next((ring for node in after if (ring := search(node, []))), [])


def _shares(scenario: Scenario) -> Iterator[Finding]:
    for flow in scenario.demand:
        total = sum(flow.classes.values())
        if flow.classes and abs(total - 1) > TOLERANCE:
            yield Finding("shares_sum", ("demand", flow.id, "classes"), f"{total:g}", "1")


def _overlaps(hours: Iterable[Hours]) -> Iterator[tuple[Hours, Hours]]:
    for one, other in pairwise(sorted(hours)):
        if other.start < one.end:
            yield one, other


def _shown(hours: Hours) -> str:
    return f"{clock.format_clock(hours.start)}-{clock.format_clock(hours.end)}"


def weekly_hours(calendar: Calendar) -> dict[int, tuple[Hours, ...]]:
    """Open hours by weekday number, sorted."""
    week: dict[int, list[Hours]] = {}
    for days, hours in calendar.weekly.items():
        for day in clock.parse_days(days):
            week.setdefault(day, []).extend(hours)
    return {day: tuple(sorted(hours)) for day, hours in week.items()}


def _calendars(scenario: Scenario) -> Iterator[Finding]:
    for calendar in scenario.calendars:
        path = ("calendars", calendar.id, "weekly")
        week = weekly_hours(calendar)
        told: set[tuple[Hours, Hours]] = set()
        for hours in week.values():
            for pair in set(_overlaps(hours)) - told:
                told.add(pair)
                yield Finding(
                    "overlapping_intervals", path, f"{_shown(pair[0])}, {_shown(pair[1])}"
                )
        if not any(week.values()):
            yield Finding("empty_calendar", path, "[]")


def _profiles(scenario: Scenario) -> Iterator[Finding]:
    for profile in scenario.profiles:
        path = ("profiles", profile.id, "shape")
        for one, other in _overlaps(clock.parse_hours(key) for key in profile.shape):
            yield Finding("overlapping_intervals", path, f"{_shown(one)}, {_shown(other)}")
        if not sum(profile.shape.values()) > 0:
            yield Finding("empty_profile", path, "0")


def _rosters(scenario: Scenario) -> Iterator[Finding]:
    calendars = {calendar.id: calendar for calendar in scenario.calendars}
    if scenario.hall.hours not in calendars:
        return
    week = weekly_hours(calendars[scenario.hall.hours])
    rosters: list[tuple[Steps, Mapping[str, int], int | None]] = [
        (("layouts", layout.id, "windows", group.id, "clerks"), group.clerks, group.count)
        for layout in scenario.layouts
        for group in layout.windows
    ]
    if scenario.hall.reception is not None:
        rosters.append((("hall", "reception", "clerks"), scenario.hall.reception.clerks, None))
    for path, roster, count in rosters:
        yield from _roster(path, roster, count, week)


def _roster(
    path: Steps, roster: Mapping[str, int], count: int | None, week: Mapping[int, Sequence[Hours]]
) -> Iterator[Finding]:
    by_day: dict[int, list[Hours]] = {}
    for key, clerks in roster.items():
        days, hours = roster_hours(key)
        for day in days:
            by_day.setdefault(day, []).append(hours)
        always = hours == Hours(0, DAY)
        inside = all(
            any(o.start <= hours.start and hours.end <= o.end for o in week.get(day, ()))
            for day in days
            if week.get(day) or " " in key
        )
        if not always and not inside:
            allowed = ", ".join(_shown(o) for o in week.get(days[0], ())) or "-"
            yield Finding("roster_outside_hours", (*path, key), key, allowed)
        if count is not None and clerks > count:
            yield Finding("more_clerks_than_windows", (*path, key), str(clerks), str(count))
    pairs = {pair for hours in by_day.values() for pair in _overlaps(hours)}
    for one, other in sorted(pairs):
        yield Finding("overlapping_intervals", path, f"{_shown(one)}, {_shown(other)}")


def _acceptance(scenario: Scenario) -> Iterator[Finding]:
    named = scenario.matters_named()
    wanted = {flow.matter for flow in scenario.demand if flow.online_share < 1}
    for layout in scenario.layouts:
        served = {
            matter
            for group in layout.windows
            if any(clerks > 0 for clerks in group.clerks.values())
            for name in group.serves
            for matter in named.get(name, ())
        }
        for matter in sorted(wanted - served):
            yield Finding(
                "matter_not_accepted", ("layouts", layout.id, "windows"), matter, whole=True
            )


def _online(scenario: Scenario) -> Iterator[Finding]:
    if scenario.online is not None:
        return
    path: Steps
    for flow in scenario.demand:
        if flow.online_share > 0:
            path = ("demand", flow.id, "online_share")
            yield Finding("online_without_intake", path, f"{flow.online_share:g}")
    if scenario.applicants.unserved.online > 0:
        path = ("applicants", "unserved", "online")
        yield Finding("online_without_intake", path, f"{scenario.applicants.unserved.online:g}")
    if scenario.corrections.online > 0 and scenario.corrections.share > 0:
        path = ("corrections", "online")
        yield Finding("online_without_intake", path, f"{scenario.corrections.online:g}")


def _cases_a_day(flow: Flow) -> float:
    if flow.per_year is not None:
        return flow.per_year / 200
    if flow.per_day is not None:
        return flow.per_day * max([1.0, *flow.weekdays.values()])
    if flow.rate is not None:
        return flow.rate * 24
    return DAY / max(flow.every, 1) if flow.every is not None else 0.0


def _size(scenario: Scenario) -> Iterator[Finding]:
    run = scenario.run
    days = run.warmup_days + run.measured_days + run.followup_days
    if days > MAX_DAYS:
        yield Finding("too_many_days", ("run", "measured_days"), f"{days:,}", f"{MAX_DAYS:,}")
    for flow in scenario.demand:
        if _cases_a_day(flow) * days > MAX_CASES:
            found = f"{_cases_a_day(flow) * days:,.0f}"
            yield Finding("too_many_visits", ("demand", flow.id), found, f"{MAX_CASES:,}")


def weekly_clerk_hours(scenario: Scenario, layout: Layout) -> float:
    """Hours a week that a layout's windows are staffed, public holidays left aside."""
    calendar = next(one for one in scenario.calendars if one.id == scenario.hall.hours)
    week = weekly_hours(calendar)
    ticks = 0
    for group in layout.windows:
        for key, clerks in group.clerks.items():
            days, duty = roster_hours(key)
            for day in days:
                for open_ in week.get(day, ()):
                    ticks += clerks * max(
                        0, min(duty.end, open_.end) - max(duty.start, open_.start)
                    )
    return ticks / HOUR


def _budget(scenario: Scenario) -> Iterator[Finding]:
    if scenario.equal_budget == "none":
        return
    hours = {layout.id: weekly_clerk_hours(scenario, layout) for layout in scenario.layouts}
    if max(hours.values()) - min(hours.values()) > TOLERANCE:
        found = ", ".join(f"{name} {value:g} h" for name, value in hours.items())
        yield Finding("unequal_budget", ("layouts",), found)


def _limits(scenario: Scenario) -> Iterator[Finding]:
    for matter in scenario.matters:
        longest = _longest_span(matter)
        if matter.promised is not None and longest > matter.promised.workdays > 0:
            yield Finding(
                "limit_shorter_than_span",
                ("matters", matter.id, "promised"),
                clock.format_span(matter.promised),
                f"{longest} wd",
                "warning",
            )


def _span_workdays(item: Item) -> int:
    if item.external is None:
        return 0
    law = item.external
    return law.value.workdays if law.law == "constant" else law.low.workdays


def _longest_span(matter: Matter) -> int:
    """Working days that external spans alone take along the longest chain of the matter."""
    ends: dict[str, int] = {}
    waiting = list(matter.items)
    while waiting:
        item = waiting.pop(0)
        if any(before not in ends for before in item.after):
            waiting.append(item)
            continue
        ends[item.id] = max((ends[b] for b in item.after), default=0) + _span_workdays(item)
    return max(ends.values(), default=0)


def _profile_hours(scenario: Scenario) -> Iterator[Finding]:
    calendar = next(one for one in scenario.calendars if one.id == scenario.hall.hours)
    open_ = weekly_hours(calendar).get(0, ())
    used = {flow.profile for flow in scenario.demand}
    for profile in scenario.profiles:
        if profile.id not in used:
            continue
        for key, weight in profile.shape.items():
            hours = clock.parse_hours(key)
            inside = any(o.start <= hours.start and hours.end <= o.end for o in open_)
            if open_ and weight > 0 and not inside:
                path = ("profiles", profile.id, "shape", key)
                yield Finding(
                    "profile_outside_hours", path, key, ", ".join(map(_shown, open_)), "warning"
                )


def _unused(scenario: Scenario) -> Iterator[Finding]:
    wanted = {flow.matter for flow in scenario.demand}
    for matter in scenario.matters:
        if matter.id not in wanted:
            yield Finding("unused", ("matters", matter.id), matter.id, severity="warning")


def _sources(scenario: Scenario) -> Iterator[Finding]:
    for number in unsourced(scenario):
        yield Finding("no_source", number.path, str(number.value), severity="warning")
