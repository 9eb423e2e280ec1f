"""Who is on duty when: rosters of windows and of the reception desk, as instants of the run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from sim.arrays import Bytes, Ints
from sim.clock import DAY
from sim.plan.breaks import instants_of_staying
from sim.plan.columns import integers, offsets_of
from sim.plan.opening import FromTo, HallDay
from sim.plan.places import everywhere, open_days, places_of_groups
from sim.plan.plan import Period
from sim.plan.windows import PlanWindow, windows_built
from sim.scenario.dated_rosters import DayRosters, rosters_of_groups, weeks_of
from sim.scenario.hall import Hall, Layout
from sim.scenario.scenario import Scenario

StaffedSpan = tuple[int, int, int]
"""From one instant to before another, and how many clerks."""


def compile_duties(
    hall: Hall,
    windows: Sequence[PlanWindow],
    days_of: Sequence[Sequence[HallDay]],
    calls: Bytes,
    n_days: int,
) -> dict[str, Any]:
    """The fields of `HallPlan` about who is on duty at the windows; of each place its open days."""
    of_group = {
        window.group_number: _pieces(window.roster, days_of[window.place]) for window in windows
    }
    duties = [_duties(of_group[window.group_number], window.number) for window in windows]
    stays = {
        window.group.id: instants_of_staying(window.group, hall, days_of[window.place])
        for window in windows
        if window.number == 0
    }
    drains = [
        end in stays[window.group.id]
        for window, of_window in zip(windows, duties, strict=True)
        for _, end in of_window
    ]
    in_lines = [
        [] if window.group.tidal else of_window
        for window, of_window in zip(windows, duties, strict=True)
    ]
    return {
        "duty_offsets": offsets_of([len(of_window) for of_window in duties]),
        "duty_starts": integers(start for of_window in duties for start, _ in of_window),
        "duty_ends": integers(end for of_window in duties for _, end in of_window),
        "duty_drains": np.array(drains, dtype=np.bool_),
        "line_duty_until": line_duty_until(in_lines, calls, n_days),
    }


def duty_of_places(scenario: Scenario, layout: Layout, period: Period) -> Ints:
    """int64, shape (P,): ticks that people are on duty by the rosters of each place, and are paid.

    Examples
    --------
    Five clerks day and night, for five days:

    >>> from sim import clock, compile_plan, example_path, load_scenario
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> period = compile_plan(scenario, "hall").period
    >>> duty_of_places(scenario, scenario.layouts[0], period) // clock.HOUR
    array([600])
    """
    days_of = open_days(scenario, period)
    whole, places = everywhere(scenario, layout), places_of_groups(scenario, layout)
    rosters = rosters_of_groups(scenario, whole)
    duty = np.zeros(len(days_of), dtype=np.int64)
    for group, place in zip(whole.windows, places, strict=True):
        if not group.borrows:
            built = windows_built(group, rosters[group.id])
            duty[place] += duty_on(rosters[group.id], built, days_of[place])
    return duty


def duty_on(roster: DayRosters, built: int, days: Sequence[HallDay]) -> int:
    """Ticks that clerks are on duty on some days, all together, at so many windows."""
    return sum((end - start) * min(clerks, built) for start, end, clerks in _pieces(roster, days))


def _pieces(roster: DayRosters, days: Sequence[HallDay]) -> list[StaffedSpan]:
    """When how many are on duty, as far as the place is open, in the order of time."""
    return [piece for day in days for piece in sorted(_while_open(roster, day))]


def _duties(pieces: Sequence[StaffedSpan], number: int) -> list[FromTo]:
    """When one window of a group is staffed: while the roster has more clerks than its number."""
    duties: list[FromTo] = []
    for start, end, clerks in pieces:
        if clerks <= number:
            continue
        if duties and duties[-1][1] == start:
            duties[-1] = (duties[-1][0], end)
        else:
            duties.append((start, end))
    return duties


def _while_open(roster: DayRosters, day: HallDay) -> Iterator[StaffedSpan]:
    """Clerks of one day in instants of the run."""
    zero = day.n * DAY
    for duty, clerks in roster.on(day.date, day.weekday):
        for open_ in day.hours:
            start, end = max(duty.start, open_.start), min(duty.end, open_.end)
            if start < end:
                yield zero + start, zero + end, clerks


def line_duty_until(duties: Sequence[Sequence[FromTo]], calls: Bytes, n_days: int) -> Ints:
    """int64, shape (L, N): last instant of each day at which somebody on duty may call the line."""
    until = np.full((len(duties), n_days), -1, dtype=np.int64)
    for w, window in enumerate(duties):
        for start, end in window:
            for n in range(start // DAY, (end - 1) // DAY + 1):
                until[w, n] = max(until[w, n], min(end, (n + 1) * DAY))
    lines = [until[calls[:, line] > 0].max(axis=0) for line in range(calls.shape[1])]
    return np.array(lines, dtype=np.int64).reshape(-1, n_days)


def compile_desk(scenario: Scenario, days: Sequence[HallDay]) -> dict[str, Any]:
    """The fields of `HallPlan` about the reception desk."""
    desk = scenario.hall.reception
    steps = _desk_steps(DayRosters(desk.clerks, weeks_of(scenario)), days) if desk else {}
    times = sorted(steps)
    return {
        "reception_times": integers(times),
        "reception_clerks": integers(steps[time] for time in times),
        "desk_absence": scenario.hall.absence if desk and desk.kind == "desk" else 0.0,
        "has_reception": desk is not None,
        "catches": desk.catches if desk else 0.0,
    }


def _desk_steps(roster: DayRosters, days: Sequence[HallDay]) -> dict[int, int]:
    """Number of people at the reception desk from each instant on.

    At the end of the day the desk stays until the hall is empty: its number does not change before
    the next opening.
    """
    steps: dict[int, int] = {}
    for day in days:
        steps[day.n * DAY + day.hours[0].start] = 0
        for start, end, clerks in sorted(_while_open(roster, day)):
            steps[start] = clerks
            if end != day.closes:
                steps[end] = 0
    return steps
