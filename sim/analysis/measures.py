"""What is measured: each measure named once, with unit, denominator, and which way is better.

A measure is a ratio of two sums. Sums are whole numbers (ticks, people), kept by measured day, so
pooling, pairing and any number of workers give the same figure to the last bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.analysis.causes import CAUSES, causes
from sim.analysis.limits import Limits
from sim.analysis.slots import SLOTS, slot_of, time_by_slot
from sim.clock import DAY, HOUR, MINUTE
from sim.plan.journal import (
    BALKED,
    CAUGHT,
    CUT_OFF,
    GAVE_UP,
    LOST,
    MISSED,
    OPEN,
    PENDING,
    SENT_BACK,
    SERVED,
    TURNED_AWAY,
)
from sim.plan.tape import INTAKE
from sim.results.tables import Tables

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
By = Literal["matter", "department", "class", "group", "list", "county", "slot"]


class Measure(NamedTuple):
    """One thing measured. Its name for people is the text `measure.<key>`."""

    key: str
    unit: str
    """Text `unit.<unit>`; `share` is shown in percent."""
    scale: float = 1.0
    """Ticks (or people) that make one unit."""
    better: Literal["low", "high", "neither"] = "low"
    cluster: Literal["day", "replication"] = "day"
    """What may be taken as independent: hall days, which start empty, or whole replications."""
    share: bool = False


MEASURES: Final[tuple[Measure, ...]] = (
    Measure("wait", "min", MINUTE),
    Measure("called_within", "share", better="high", share=True),
    Measure("reception_wait", "min", MINUTE),
    Measure("stay", "min", MINUTE),
    Measure("give_up_share", "share", share=True),
    Measure("turned_away_share", "share", share=True),
    Measure("balk_share", "share", share=True),
    Measure("missed_share", "share", share=True),
    Measure("sent_back_share", "share", share=True),
    Measure("visits", "per_day", better="neither"),
    Measure("utilisation", "share", better="neither", share=True),
    Measure("overtime", "min", MINUTE),
    Measure("drain", "min", MINUTE),
    Measure("clerk_hours", "h", HOUR, better="low"),
    Measure("cost_per_day", "yuan_per_day", HOUR, better="low"),
    Measure("trips", "trip", cluster="replication"),
    Measure("first_trip_share", "share", better="high", cluster="replication", share=True),
    Measure("turnaround", "wd", cluster="replication"),
    Measure("turnaround_calendar", "d", DAY, cluster="replication"),
    Measure("elapsed", "d", DAY, cluster="replication"),
    Measure("on_time_share", "share", better="high", cluster="replication", share=True),
    Measure("open_share", "share", cluster="replication", share=True),
    Measure("lost_share", "share", cluster="replication", share=True),
)
"""In the order in which tables show them."""
QUANTILES: Final[Mapping[str, float]] = {"wait_p50": 0.5, "wait_p90": 0.9, "wait_p95": 0.95}
BIN: Final = 6_000
"""Ticks a bin of the histogram of waits: a tenth of a minute."""
BINS: Final = 9 * HOUR // BIN
"""Longer waits share the last bin."""


class Tally(NamedTuple):
    """Sums of one replication under one layout; small, whatever the number of visits."""

    replication: int
    by_day: Mapping[str, Ints]
    """Measure -> int64, shape (2, measured hall days): numerators and denominators."""
    by_group: Mapping[tuple[str, By], Ints]
    """Measure and grouping -> int64, shape (2, groups)."""
    wait_histogram: Ints
    """int64, shape (BINS + 1,): tickets called, by wait."""
    queue_by_slot: Ints
    """int64, shape (lists, 48): ticks waited in each half hour of the day."""
    busy_by_slot: Ints
    """int64, shape (groups of windows, 48): ticks at windows."""
    duty_by_slot: Ints
    """int64, shape (groups of windows, 48): ticks on duty."""
    causes_by_matter: Ints
    """int64, shape (matters, causes): ticks of closed cases along their critical path."""
    last_by_matter: Ints
    """int64, shape (matters, items): closed cases whose last item this was."""
    open_at_end: int
    """Measured cases not closed when the run ended."""
    starts_empty: bool
    """The hall closes every day, so its days are independent but for who comes again."""


def measure(tables: Tables, replication: int = 0, called_within: int = 15 * MINUTE) -> Tally:
    """Sum one replication up.

    Parameters
    ----------
    called_within : int
        Ticks within which a ticket should be called.

    Examples
    --------
    >>> from sim import Tables, compile_plan, draw_tape, example_path, load_scenario, run
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> plan = compile_plan(scenario, "hall")
    >>> tape = draw_tape(plan.demand, seed=1, replication=0)
    >>> tally = measure(Tables(plan, tape, run(plan, tape)))
    >>> tally.by_day["visits"][0]
    array([591, 592])
    """
    book = _Book(tables)
    _measure_tickets(tables, book, called_within)
    _measure_visits(tables, book)
    _measure_windows(tables, book)
    open_at_end = _measure_cases(tables, book)
    waits, by_slot = _waits(tables), _by_slot(tables)
    closed, last = _paths(tables)
    starts_empty = bool((tables.plan.hall.day_closes[tables.plan.period.hall_days] >= 0).all())
    return Tally(
        replication,
        book.by_day,
        book.by_group,
        waits,
        *by_slot,
        closed,
        last,
        open_at_end,
        starts_empty,
    )


class _Book:
    """Sums by measured day and by group."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.n_days = len(tables.plan.period.hall_days)
        self.by_day: dict[str, Ints] = {}
        self.by_group: dict[tuple[str, By], Ints] = {}

    def add(
        self,
        key: str,
        day: Ints,
        numerator: Ints | Bools,
        counted: Bools,
        groups: Mapping[By, tuple[Ints, int]] | None = None,
    ) -> None:
        """Add rows: `numerator` over how many of them are `counted`; days of -1 are outside."""
        rows = counted & (day >= 0)
        value, one = numerator[rows].astype(np.int64), np.ones(int(rows.sum()), dtype=np.int64)
        self.by_day[key] = self._sum(day[rows], value, one, self.n_days)
        for by, (group, n) in (groups or {}).items():
            known = group[rows] >= 0
            self.by_group[key, by] = self._sum(group[rows][known], value[known], one[known], n)

    @staticmethod
    def _sum(index: Ints, value: Ints, one: Ints, n: int) -> Ints:
        sums = np.zeros((2, n), dtype=np.int64)
        np.add.at(sums[0], index, value)
        np.add.at(sums[1], index, one)
        return sums


def _measure_tickets(tables: Tables, book: _Book, within: int) -> None:
    t, names = tables.tickets, tables.plan.names
    day = tables.day_of(t.arrived_at)
    hall = t.trip > 0
    taken, called = hall & (t.taken_at >= 0), hall & (t.called_at >= 0)
    wait = np.where(called, t.called_at - t.taken_at, 0)
    towns = tables.tape.township[t.case]
    counties = sorted(set(names.counties))
    county_of = np.array([counties.index(c) for c in names.counties] or [-1], dtype=np.int64)
    county = np.where(towns >= 0, county_of[np.maximum(towns, 0)], -1)
    groups: dict[By, tuple[Ints, int]] = {
        "matter": (t.matter, len(names.matters)),
        "class": (t.class_, len(names.classes)),
        "list": (t.list_, len(names.lists)),
        "county": (county, len(counties)),
        "slot": (slot_of(np.maximum(t.taken_at, 0)), SLOTS),
    }
    decided = taken & (t.fate != PENDING)
    book.add("wait", day, wait, called, groups)
    book.add("called_within", day, called & (wait <= within), decided | called, groups)
    book.add("give_up_share", day, t.fate == GAVE_UP, decided, groups)
    came = hall & ((t.taken_at >= 0) | (t.fate == BALKED))
    book.add("balk_share", day, t.fate == BALKED, came)
    book.add("missed_share", day, t.fate == MISSED, called)
    greeted = hall & (t.greeted_at >= 0)
    book.add("reception_wait", day, t.greeted_at - t.arrived_at, greeted)
    back = np.isin(t.fate, (SENT_BACK, CAUGHT))
    intake = tables.tape.purpose[t.errand] == INTAKE
    judged = hall & intake & np.isin(t.fate, (SERVED, SENT_BACK, CAUGHT))
    book.add("sent_back_share", day, back, judged, {"matter": groups["matter"]})


def _measure_visits(tables: Tables, book: _Book) -> None:
    v = tables.visits
    day = tables.day_of(v.arrived_at)
    away = np.isin(v.fate, (TURNED_AWAY, CUT_OFF))
    everybody = np.ones(len(v.case), dtype=np.bool_)
    book.add("stay", day, v.left_at - v.arrived_at, (v.left_at >= 0) & (v.fate != TURNED_AWAY))
    book.add("turned_away_share", day, away, everybody)
    n = np.bincount(day[day >= 0], minlength=book.n_days)
    book.by_day["visits"] = np.stack([n, np.ones(book.n_days, dtype=np.int64)])


def _measure_windows(tables: Tables, book: _Book) -> None:
    s, plan, n = tables.services, tables.plan, book.n_days
    groups = sorted(set(plan.names.groups))
    group_of = np.array([groups.index(g) for g in plan.names.groups], dtype=np.int64)
    duty_window = np.repeat(np.arange(len(group_of)), np.diff(plan.hall.duty_offsets))
    days, share = _split_days(plan.hall.duty_starts, plan.hall.duty_ends)
    duty_day, duty_group = tables.day_of(days.start), group_of[duty_window[days.row]]
    day, group, busy = tables.day_of(s.called_at), group_of[s.window], s.ended_at - s.called_at
    used = np.zeros((2, n), dtype=np.int64)
    hours, overtime = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    by_group = np.zeros((2, len(groups)), dtype=np.int64)
    on, at = duty_day >= 0, day >= 0
    np.add.at(hours, duty_day[on], share[on])
    np.add.at(by_group[1], duty_group[on], share[on])
    np.add.at(used[0], day[at], busy[at])
    np.add.at(by_group[0], group[at], busy[at])
    extra = tables.overtime
    extra_day, extra_ticks = tables.day_of(extra.begins_at), extra.ends_at - extra.begins_at
    counted = extra_day >= 0
    np.add.at(overtime, extra_day[counted], extra_ticks[counted])
    first_window = np.searchsorted(plan.hall.group_of_window, extra.group[counted])
    np.add.at(by_group[1], group_of[first_window], extra_ticks[counted])
    used[1] = hours + overtime
    one = np.ones(n, dtype=np.int64)
    book.by_day |= {
        "utilisation": used,
        "overtime": np.stack([overtime, one]),
        "clerk_hours": np.stack([hours + overtime, one]),
        "cost_per_day": np.stack([hours + overtime, one]),
        "drain": np.stack([_drain(tables), one]),
    }
    book.by_group["utilisation", "group"] = by_group


class _Pieces(NamedTuple):
    row: Ints
    start: Ints


def _split_days(starts: Ints, ends: Ints) -> tuple[_Pieces, Ints]:
    """Cut intervals at midnights: which interval, where each piece starts, its ticks."""
    count = np.maximum((ends - 1) // DAY - starts // DAY + 1, 0)
    row = np.repeat(np.arange(len(starts)), count)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    midnight = (starts[row] // DAY + nth) * DAY
    start = np.maximum(starts[row], midnight)
    return _Pieces(row, start), np.minimum(ends[row], midnight + DAY) - start


def _drain(tables: Tables) -> Ints:
    """int64, shape (days,): ticks from each day's closing to the last person leaving."""
    v, plan = tables.visits, tables.plan
    last = np.full(plan.period.n_days, -1, dtype=np.int64)
    inside = v.left_at >= 0
    np.maximum.at(last, v.arrived_at[inside] // DAY, v.left_at[inside])
    closes = plan.hall.day_closes
    return np.where(closes >= 0, np.maximum(last - closes, 0), 0)[plan.period.hall_days]


def _measure_cases(tables: Tables, book: _Book) -> int:
    cases, limits, n = tables.cases, Limits(tables), len(tables.plan.names.matters)
    day = tables.day_of(cases.arrived_at)
    groups: dict[By, tuple[Ints, int]] = {"matter": (cases.matter, n)}
    accepted, finished = cases.accepted_at >= 0, tables.finished
    span = cases.closed_at - cases.accepted_at
    book.add("trips", day, cases.trips, accepted, groups)
    book.add("first_trip_share", day, cases.trips <= 1, accepted, groups)
    # instant matters are issued at the window: only what goes to the back office has a turnaround
    to_office = np.diff(tables.tape.item_offsets) > 0
    book.add("turnaround", day, limits.turnaround, finished & to_office, groups)
    book.add("turnaround_calendar", day, span, finished & to_office, groups)
    book.add("elapsed", day, cases.closed_at - cases.arrived_at, finished & to_office, groups)
    book.add("on_time_share", day, ~limits.late, limits.decided, groups)
    book.add("open_share", day, cases.fate == OPEN, accepted, groups)
    came = cases.arrived_at < tables.plan.period.end
    book.add("lost_share", day, cases.fate == LOST, came, groups)
    return int(((cases.fate == OPEN) & (day >= 0)).sum())


def _waits(tables: Tables) -> Ints:
    t = tables.tickets
    rows = (t.trip > 0) & (t.called_at >= 0) & (tables.day_of(t.arrived_at) >= 0)
    bins = np.minimum((t.called_at - t.taken_at)[rows] // BIN, BINS)
    return np.bincount(bins, minlength=BINS + 1)


def _by_slot(tables: Tables) -> tuple[Ints, Ints, Ints]:
    t, s, plan = tables.tickets, tables.services, tables.plan
    left = np.where(t.called_at >= 0, t.called_at, t.ended_at)
    left = np.where(left < 0, plan.period.end, left)
    queue = np.zeros((len(plan.names.lists), SLOTS), dtype=np.int64)
    for z in range(len(queue)):
        rows = (t.list_ == z) & (t.taken_at >= 0)
        queue[z] = time_by_slot(plan, t.taken_at[rows], left[rows])
    groups = sorted(set(plan.names.groups))
    group_of = np.array([groups.index(g) for g in plan.names.groups], dtype=np.int64)
    duty_group = group_of[np.repeat(np.arange(len(group_of)), np.diff(plan.hall.duty_offsets))]
    busy, duty = np.zeros((2, len(groups), SLOTS), dtype=np.int64)
    for g in range(len(groups)):
        mine, on = group_of[s.window] == g, duty_group == g
        busy[g] = time_by_slot(plan, s.called_at[mine], s.ended_at[mine])
        duty[g] = time_by_slot(plan, plan.hall.duty_starts[on], plan.hall.duty_ends[on])
    return queue, busy, duty


def _paths(tables: Tables) -> tuple[Ints, Ints]:
    """Causes of measured cases that the back office issued, by matter, and the last items."""
    cases, names = tables.cases, tables.plan.names
    to_office = np.diff(tables.tape.item_offsets) > 0
    measured = (tables.day_of(cases.arrived_at) >= 0) & tables.finished & to_office
    by_matter = np.zeros((len(names.matters), len(CAUSES)), dtype=np.int64)
    np.add.at(by_matter, cases.matter[measured], causes(tables)[measured])
    last = np.zeros((len(names.matters), max(len(names.items), 1)), dtype=np.int64)
    rows = np.flatnonzero(measured & (cases.last_item >= 0))
    np.add.at(last, (cases.matter[rows], tables.tape.item[cases.last_item[rows]]), 1)
    return by_matter, last
