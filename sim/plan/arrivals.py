"""Compiled arrivals: how many come on each date, and how each day spreads over its clock."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import numpy as np

from sim import clock
from sim.arrays import Floats, Ints
from sim.clock import DAY, HOUR, Hours
from sim.plan.appointments import booked_shares
from sim.plan.columns import floats, integers, offsets_of
from sim.plan.demand import FlowPlan
from sim.plan.plan import Period
from sim.plan.replay import FlowPart, compile_replay, flow_parts, rows_of_part
from sim.plan.streams import words
from sim.scenario.arrival_rows import EPOCH
from sim.scenario.dated_hours import DatedHours
from sim.scenario.demand import Flow, Profile, Weekday
from sim.scenario.scenario import Scenario

Knots = tuple[tuple[int, float], ...]
ProfileShape = tuple[tuple[Hours, float], ...]


def compile_flows(scenario: Scenario, matter_ids: Sequence[str], period: Period) -> FlowPlan:
    """Who comes when, flows sorted by id."""
    days = _HallDays(scenario)
    parts = flow_parts(scenario)
    flows = [part.flow for part in parts]
    profiles: dict[Knots, int] = {}
    cases = np.zeros((len(flows), period.n_days))
    profile_of_day = np.full((len(flows), period.n_days), -1, dtype=np.int64)
    stated: list[Ints] = []
    for f, flow in enumerate(flows):
        stated.append(days.stated_instants(parts[f], period.n_days))
        cases[f] = days.cases(flow, period.n_days) * scenario.applicants.volume_factor
        profile = next((each for each in scenario.profiles if each.id == flow.profile), None)
        pieces = None if profile is None else _pieces(profile)
        stays_away = profile is not None and profile.when_closed == "stay_away"
        for n in np.flatnonzero(cases[f]):
            open_ = days.hours(scenario.run.start + timedelta(days=int(n)))
            shape = _within(pieces, open_) if pieces and stays_away else pieces
            knots = _knots(shape, open_)
            profile_of_day[f, n] = profiles.setdefault(knots, len(profiles))
    knots_of = [np.array(knots, dtype=np.float64).reshape(-1, 2) for knots in profiles]
    all_knots = np.concatenate(knots_of) if knots_of else np.zeros((0, 2))
    sizes = sorted({1, *(size for flow in flows for size in flow.batches)})
    return FlowPlan(
        ids=tuple(part.id for part in parts),
        words=words([part.id for part in parts], "flow"),
        matter=integers(matter_ids.index(part.matter) for part in parts),
        cases_of_day=cases,
        profile_of_day=profile_of_day,
        profile_offsets=offsets_of([len(knots) for knots in knots_of]),
        knot_times=all_knots[:, 0].astype(np.int64),
        knot_shares=all_knots[:, 1].copy(),
        given_offsets=offsets_of([len(times) for times in stated]),
        given_times=np.concatenate(stated) if stated else np.zeros(0, dtype=np.int64),
        replayed=np.array([flow.arrivals_file is not None for flow in flows], dtype=np.bool_),
        replay=compile_replay(scenario, parts, stated, period),
        batch_sizes=integers(sizes),
        batch_shares=np.cumsum([_batch_shares(flow, sizes) for flow in flows], axis=1),
        online_share=floats(flow.online_share for flow in flows),
        booked_share=booked_shares(scenario, parts),
        class_shares=_class_shares(scenario, flows),
    )


class _HallDays:
    """Which dates the hall opens, when, and what share of a year's cases each brings."""

    def __init__(self, scenario: Scenario) -> None:
        self.start = scenario.run.start
        self.calendar = next(c for c in scenario.calendars if c.id == scenario.hall.hours)
        self._open = DatedHours(self.calendar)
        self._known: dict[date, tuple[Hours, ...]] = {}

    def hours(self, day: date) -> tuple[Hours, ...]:
        """Open hours of one date."""
        if day not in self._known:
            self._known[day] = self._open.on(day)
        return self._known[day]

    def cases(self, flow: Flow, n_days: int) -> Floats:
        """float64, shape (N,): expected cases a day; none when the hall is closed."""
        days = [self.start + timedelta(days=n) for n in range(n_days)]
        if flow.rate is not None:
            open_ticks = [sum(h.end - h.start for h in self.hours(day)) for day in days]
            return np.array([flow.rate * ticks / HOUR for ticks in open_ticks])
        if flow.per_day is None and flow.per_year is None:
            return np.zeros(n_days)
        factors = np.array([self._factor(flow, day) for day in days])
        if flow.per_day is not None:
            return flow.per_day * factors
        assert flow.per_year is not None
        year = self.start.year
        first = date(year, 1, 1)
        length = (date(year + 1, 1, 1) - first).days
        total = sum(self._factor(flow, first + timedelta(days=n)) for n in range(length))
        return flow.per_year * factors / max(total, 1e-12)

    def stated_instants(self, part: FlowPart, n_days: int) -> Ints:
        """Instants of the run that the scenario lists, or spaces evenly over hall hours."""
        flow, rows = part.flow, part.flow.arrivals_file
        if rows is not None:
            before = (self.start - EPOCH).days * DAY
            return rows.instants[rows_of_part(part, rows, self.start, n_days)] - before
        if flow.every is not None:
            return self._evenly(flow.every, n_days)
        if flow.at is None:
            return np.zeros(0, dtype=np.int64)
        zero = datetime.combine(self.start, time())
        seconds = [(instant - zero).total_seconds() for instant in flow.at]
        ticks = np.sort(np.array([round(s * clock.SECOND) for s in seconds], dtype=np.int64))
        return ticks[(ticks >= 0) & (ticks < n_days * DAY)]

    def _evenly(self, every: int, n_days: int) -> Ints:
        """The instants at which the hall has been open for a whole number of such intervals.

        An interval that ends with the day's last hour ends at the next opening: who comes finds the
        hall open.
        """
        hours = [(n, h) for n in range(n_days) for h in self._hours_of(n)]
        starts = np.array([n * DAY + h.start for n, h in hours], dtype=np.int64)
        lengths = np.array([h.end - h.start for _, h in hours], dtype=np.int64)
        opened = np.concatenate([[0], np.cumsum(lengths)])
        after = np.arange(every, opened[-1], max(every, 1), dtype=np.int64)
        row = np.searchsorted(opened, after, side="right") - 1
        return np.asarray(starts[row] + after - opened[row])

    def _hours_of(self, n: int) -> tuple[Hours, ...]:
        return self.hours(self.start + timedelta(days=n))

    def _factor(self, flow: Flow, day: date) -> float:
        """Weekday factor times month factor; a make-up day has Monday's, like hours and roster."""
        if not self.hours(day):
            return 0.0
        moved = clock.makeup_day(day, self.calendar.holidays)
        weekday: Weekday = clock.WEEKDAYS[0 if moved else day.weekday()]
        return flow.weekdays.get(weekday, 1.0) * flow.months.get(day.month, 1.0)


def _pieces(profile: Profile) -> ProfileShape:
    """Pieces of a profile, from morning to evening."""
    pieces = ((clock.parse_hours(key), weight) for key, weight in profile.shape.items())
    return tuple(sorted(pieces))


def _within(pieces: ProfileShape, open_: tuple[Hours, ...]) -> ProfileShape:
    """Pieces without the hours of a day at which their people stay away."""
    within = (
        (Hours(max(piece.start, hours.start), min(piece.end, hours.end)), weight)
        for piece, weight in pieces
        for hours in open_
    )
    return tuple((piece, weight) for piece, weight in within if piece.start < piece.end)


@functools.cache
def _knots(shape: ProfileShape | None, open_: tuple[Hours, ...]) -> Knots:
    """Cumulative share of a day's cases at each knot of its clock.

    Without a profile the day is spread evenly over hall hours. Nobody comes after the day's last
    closing; people before the opening wait at the door.
    """
    pieces = shape or tuple((hours, 1.0) for hours in open_)
    last = open_[-1].end
    clipped = [(Hours(h.start, min(h.end, last)), w) for h, w in pieces if h.start < last]
    mass = [(h, w * (h.end - h.start)) for h, w in clipped if w > 0]
    if not mass:
        return _knots(None, open_)
    total = sum(m for _, m in mass)
    knots: list[tuple[int, float]] = []
    before = 0.0
    for hours, m in mass:
        knots += [(hours.start, before / total), (hours.end, (before + m) / total)]
        before += m
    return tuple(knots)


def _batch_shares(flow: Flow, sizes: Sequence[int]) -> list[float]:
    """Share of the arrivals of each size; given instants are those of people."""
    batches = {} if flow.is_given else flow.batches
    alone = 1.0 - sum(batches.values())
    return [alone, *(batches.get(size, 0.0) for size in sizes[1:])]


def _class_shares(scenario: Scenario, flows: Sequence[Flow]) -> Floats:
    ids = [class_.id for class_ in scenario.applicants.classes] or ["everybody"]
    shares = np.zeros((len(flows), len(ids)))
    for f, flow in enumerate(flows):
        for k, name in enumerate(ids):
            shares[f, k] = flow.classes.get(name, 0.0) if flow.classes else float(k == 0)
    return np.cumsum(shares, axis=1)
