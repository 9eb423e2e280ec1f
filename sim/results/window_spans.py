"""When clerks of windows are on duty, when they do not come, and when systems are down."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.arrays import AnyInts
from sim.plan.plan import HallPlan, Plan
from sim.results.downtime import ALWAYS_UP, down_of_calendar, down_of_group


class WindowSpans(NamedTuple):
    """Times of windows, or of lists; a row each, in order of owner and begin."""

    owner: AnyInts
    """int64: the window, or the list."""
    begins_at: AnyInts
    ends_at: AnyInts


def window_duties(hall: HallPlan) -> WindowSpans:
    """Paid duties of the clerks of each window; a reserve window with a borrowed clerk has none."""
    window = np.repeat(np.arange(len(hall.payroll)), np.diff(hall.duty_offsets))
    paid = np.flatnonzero((hall.payroll == hall.group_of_window)[window])
    return WindowSpans(window[paid], hall.duty_starts[paid], hall.duty_ends[paid])


def window_absences(roster: HallPlan, hall: HallPlan) -> WindowSpans:
    """What the roster has and the replication has not: times of clerks who did not come.

    Examples
    --------
    >>> from sim import compile_plan, draw_tape, example_path, load_scenario
    >>> from sim.plan.chances import realised_plan
    >>> file = example_path("exact/mmc.yaml")
    >>> plan = compile_plan(load_scenario(file, ["hall.absence=1", "run.measured_days=1"]), "hall")
    >>> hall = realised_plan(plan, draw_tape(plan.demand, seed=1, replication=0)).hall
    >>> len(window_duties(hall).owner), len(window_absences(plan.hall, hall).owner)
    (0, 5)
    """
    if roster is hall:
        return WindowSpans(*np.zeros((3, 0), dtype=np.int64))
    rows: list[tuple[int, int, int]] = []
    came, there = window_duties(hall), window_duties(roster)
    for window in np.unique(there.owner).tolist():
        own, other = there.owner == window, came.owner == window
        spans = zip(there.begins_at[own].tolist(), there.ends_at[own].tolist(), strict=True)
        for begins, ends in spans:
            inside = other & (came.begins_at >= begins) & (came.ends_at <= ends)
            edges = np.sort(np.append(came.begins_at[inside], came.ends_at[inside])).tolist()
            starts, stops = [begins, *edges[1::2]], [*edges[::2], ends]
            rows += [(window, *gap) for gap in zip(starts, stops, strict=True) if gap[0] < gap[1]]
    return WindowSpans(*np.array(rows, dtype=np.int64).reshape(-1, 3).T)


def window_outages(plan: Plan) -> WindowSpans:
    """When no list works that a window calls, to the end of the run."""
    hall, end = plan.hall, plan.period.end
    of_group: dict[int, tuple[AnyInts, AnyInts]] = {}
    for window, group in enumerate(hall.group_of_window.tolist()):
        if group not in of_group:
            of_group[group] = down_of_group(hall, window, end)
    return _of_owners([of_group[group] for group in hall.group_of_window.tolist()])


def list_outages(plan: Plan) -> WindowSpans:
    """When each list cannot be served, to the end of the run."""
    nothing = np.zeros(0, dtype=np.int64)
    return _of_owners(
        [
            (nothing, nothing)
            if calendar == ALWAYS_UP
            else down_of_calendar(plan.hall, calendar, plan.period.end)
            for calendar in plan.hall.up_of_list.tolist()
        ]
    )


def _of_owners(spans: list[tuple[AnyInts, AnyInts]]) -> WindowSpans:
    nothing = np.zeros(0, dtype=np.int64)
    return WindowSpans(
        np.repeat(np.arange(len(spans)), [len(begins) for begins, _ in spans]),
        np.concatenate([nothing, *(begins for begins, _ in spans)]),
        np.concatenate([nothing, *(ends for _, ends in spans)]),
    )
