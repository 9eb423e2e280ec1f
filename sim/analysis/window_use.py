"""What the time of clerks at windows is used for: with people, for what is around, or for nothing.

By the roster and with overtime a clerk is at a window or absent; at a window busy or idle; and busy
with people, their walk to the window, a changeover, a wrap-up or a review, or paused by a system.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.slots import SLOTS, time_in_bins, time_in_slots
from sim.arrays import AnyInts, Ints
from sim.clock import DAY
from sim.plan.columns import integers
from sim.plan.journal import MISSED
from sim.results.downtime import ALWAYS_UP, down_of_calendar, down_of_group, overlaps
from sim.results.tables import Tables

WINDOW_USES: Final = (
    "walk",
    "service",
    "changeover",
    "wrap_up",
    "review",
    "down",
    "idle",
    "absent",
)
"""What each tick of a roster, and of overtime, is used for; `down` also with a visit in hand."""
HOURS_OF_USES: Final = tuple(f"{use}_hours" for use in WINDOW_USES)
"""The measures of them."""
WALK, SERVICE, CHANGEOVER, WRAP_UP, REVIEW, DOWN, IDLE, ABSENT = range(len(WINDOW_USES))


class Grouping(NamedTuple):
    """To which of `n` groups each row of a table, or each window, belongs."""

    of: Ints
    """int64: -1 = to none."""
    n: int


def group_of_window(tables: Tables) -> Grouping:
    """Groups of windows, in the order of their names; borrowed clerks belong to their pool."""
    hall, names = tables.plan.hall, tables.plan.names.groups
    groups = {name: number for number, name in enumerate(sorted(set(names)))}
    payer = np.searchsorted(hall.group_of_window, hall.payroll)  # first window of that group
    return Grouping(integers(groups[names[window]] for window in payer.tolist()), len(groups))


class DutyTicks(NamedTuple):
    """What the clerks of each group of windows did on measured hall days, in ticks."""

    busy: Ints
    """int64, shape (groups, measured hall days): at windows."""
    overtime: Ints
    """int64, shape (groups, measured hall days): at work beyond the roster."""
    paid: Ints
    """int64, shape (groups, measured hall days): on duty, overtime included: over the same time as
    work, so that work never is more."""
    busy_by_slot: Ints
    """int64, shape (groups, 48): at windows in each half hour of the day."""
    duty_by_slot: Ints
    """int64, shape (groups, 48): on duty, overtime left aside."""


def duty_ticks(tables: Tables, grouping: Grouping) -> DutyTicks:
    """Work, overtime and duty of groups of windows, as `group_of_window` orders them."""
    plan, s, duties, extra = tables.plan, tables.services, tables.duties, tables.overtime
    (group_of, n), windows = grouping, plan.hall.group_of_window
    busy = time_in_slots(plan, s.called_at, s.ended_at, group_of[s.window], n)
    group = group_of[np.searchsorted(windows, duties.group)]
    duty = time_in_slots(plan, duties.starts, duties.ends, group, n)
    group = group_of[np.searchsorted(windows, extra.group)]
    more = time_in_bins(extra.begins_at, extra.ends_at, group, DAY, (n, plan.period.n_days))
    more = by_hall_day(tables, more)
    hall_days = plan.period.hall_days
    return DutyTicks(
        busy=by_hall_day(tables, busy.sum(axis=2)),
        overtime=more,
        paid=by_hall_day(tables, duty.sum(axis=2)) + more,
        busy_by_slot=busy[:, hall_days].sum(axis=1),
        duty_by_slot=duty[:, hall_days].sum(axis=1),
    )


def by_hall_day(tables: Tables, days: Ints) -> Ints:
    """int64, shape (groups, measured hall days): ticks of each group from those of all days.

    A hall day lasts until the next one begins, so what goes on past midnight is its own, and what
    goes on into the next hall day is part of that one.
    """
    period = tables.plan.period
    measured = days[:, period.measured_from : period.measured_until]
    return np.add.reduceat(measured, period.hall_days - period.measured_from, axis=1)


class SignedSpans(NamedTuple):
    """Spans that count for one use, or against it."""

    use: int
    sign: int
    group: AnyInts
    """int64, shape (spans,): as `group_of_window` numbers them."""
    begins: AnyInts
    ends: AnyInts


class WindowUse(NamedTuple):
    """Ticks of rosters and of overtime by use, `WINDOW_USES`."""

    by_day: Ints
    """int64, shape (uses, groups, measured hall days)."""
    by_slot: Ints
    """int64, shape (uses, groups, 48): in each half hour of measured hall days."""


def uses_shown(tables: Tables) -> frozenset[str]:
    """The measures of uses that a hall can have: none where clerks only serve or wait."""
    hall = tables.plan.hall
    happens = {
        "walk_hours": hall.walks,
        "changeover_hours": hall.changes_over,
        "wrap_up_hours": hall.wraps_up,
        "review_hours": hall.clerks_review,
        "down_hours": len(hall.outage_stops) > 0,
        "absent_hours": bool(hall.absence.any()),
    }
    shown = {key for key, may_happen in happens.items() if may_happen}
    return frozenset(shown | {"service_hours", "idle_hours"} if shown else shown)


def window_use(tables: Tables, grouping: Grouping) -> WindowUse:
    """Each tick of rosters and of overtime once, by what it was used for.

    Examples
    --------
    With nothing but people all of the roster is service or idle:

    >>> from sim import compile_plan, draw_tape, example_path, load_scenario, run
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> plan = compile_plan(scenario, "hall")
    >>> tape = draw_tape(plan.demand, seed=1, replication=0)
    >>> tables = Tables(plan, tape, run(plan, tape))
    >>> use = window_use(tables, group_of_window(tables))
    >>> int(use.by_slot.sum() - duty_ticks(tables, group_of_window(tables)).paid.sum())
    0
    """
    plan = tables.plan
    by_day = np.zeros((len(WINDOW_USES), grouping.n, len(plan.period.hall_days)), dtype=np.int64)
    by_slot = np.zeros((len(WINDOW_USES), grouping.n, SLOTS), dtype=np.int64)
    for use, sign, group, begins, ends in _spans(tables, grouping):
        ticks = sign * time_in_slots(plan, begins, ends, group, grouping.n)
        by_day[use] += by_hall_day(tables, ticks.sum(axis=2))
        by_slot[use] += ticks[:, plan.period.hall_days].sum(axis=1)
    return WindowUse(by_day, by_slot)


def _spans(tables: Tables, grouping: Grouping) -> Iterator[SignedSpans]:
    """All spans that the time of clerks is made of."""
    hall, s, group = tables.plan.hall, tables.services, grouping.of[tables.services.window]
    visit = ~s.reviews
    yield SignedSpans(SERVICE, 1, group[visit], s.set_up_at[visit], s.left_at[visit])
    if hall.walks:
        yield SignedSpans(WALK, 1, group, s.called_at, s.began_at)
    if hall.changes_over:
        yield SignedSpans(CHANGEOVER, 1, group, s.began_at, s.set_up_at)
    if hall.wraps_up:
        yield SignedSpans(WRAP_UP, 1, group, s.left_at, s.ended_at)
    if hall.clerks_review:
        yield SignedSpans(
            REVIEW, 1, group[s.reviews], s.called_at[s.reviews], s.ended_at[s.reviews]
        )
    idle = tables.idle
    yield SignedSpans(
        IDLE, 1, _group_of(tables, grouping, idle.group), idle.begins_at, idle.ends_at
    )
    if tables.rostered is not tables.duties:
        for sign, duties in ((1, tables.rostered), (-1, tables.duties)):
            of_group = _group_of(tables, grouping, duties.group)
            yield SignedSpans(ABSENT, sign, of_group, duties.starts, duties.ends)
    if len(hall.up_starts):
        yield from _paused(tables, grouping)
        yield from _idle_and_down(tables, grouping)


def _group_of(tables: Tables, grouping: Grouping, group: AnyInts) -> AnyInts:
    """Numbers of groups in the order of the layout as those of a grouping."""
    return grouping.of[np.searchsorted(tables.plan.hall.group_of_window, group)]


def _paused(tables: Tables, grouping: Grouping) -> Iterator[SignedSpans]:
    """What a visit in hand waits for a system is neither service nor changeover."""
    hall, end, rows = tables.plan.hall, tables.plan.period.end, tables.called
    calendar = hall.up_of_list[tables.tickets.list_[rows]]
    pauses = tables.tickets.fate[rows] != MISSED
    began, set_up, left = (
        column[: len(rows)]
        for column in (
            tables.services.began_at,
            tables.services.set_up_at,
            tables.services.left_at,
        )
    )
    for number in np.unique(calendar[calendar != ALWAYS_UP]).tolist():
        down = down_of_calendar(hall, number, end)
        these = np.flatnonzero((calendar == number) & pauses)
        group = grouping.of[tables.tickets.window[rows[these]]]
        for use, begins, ends in ((CHANGEOVER, began, set_up), (SERVICE, set_up, left)):
            row, begin, until = overlaps(begins[these], ends[these], *down)
            yield from _taken(use, group[row], begin, until)


def _idle_and_down(tables: Tables, grouping: Grouping) -> Iterator[SignedSpans]:
    """Who is idle while no list works that the group calls."""
    hall, idle = tables.plan.hall, tables.idle
    for number in np.unique(idle.group).tolist():
        window = int(np.searchsorted(hall.group_of_window, number))
        down = down_of_group(hall, window, tables.plan.period.end)
        these = np.flatnonzero(idle.group == number)
        row, begin, until = overlaps(idle.begins_at[these], idle.ends_at[these], *down)
        yield from _taken(IDLE, np.full(len(row), grouping.of[window]), begin, until)


def _taken(use: int, group: AnyInts, begins: AnyInts, ends: AnyInts) -> Iterator[SignedSpans]:
    """Spans that are `down` in place of a use."""
    yield SignedSpans(use, -1, group, begins, ends)
    yield SignedSpans(DOWN, 1, group, begins, ends)
