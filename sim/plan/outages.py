"""System failures: which lists they stop, and when those work in one replication."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.clock import DAY, NEVER, SECOND
from sim.plan.columns import integers, offsets_of
from sim.plan.demand import OutagePlan
from sim.plan.lawbook import Lawbook, mean, sample
from sim.plan.laws import LawRows
from sim.plan.plan import HALL, HallPlan
from sim.plan.streams import Uint64s, address, keys, later, uniforms, words
from sim.scenario.distributions import mean_of
from sim.scenario.outages import Outage
from sim.scenario.scenario import Scenario


class OutageTimes(NamedTuple):
    """Times at which systems are down; a row each, in order within an outage."""

    outage: Ints
    down_at: Ints
    up_at: Ints


def compile_outages(scenario: Scenario, laws: LawRows) -> OutagePlan:
    """The random outages of the hall, in the order of the scenario."""
    random = [(n, each) for n, each in enumerate(scenario.hall.outages) if each.up is not None]
    return OutagePlan(
        number=integers(n for n, _ in random),
        words=words([outage.id for _, outage in random], "outage"),
        up_law=integers(laws.add(outage.up) for _, outage in random),
        down_law=integers(laws.add(outage.down) for _, outage in random),
    )


def draw_outages(plan: OutagePlan, laws: Lawbook, run: Uint64s, n_days: int) -> OutageTimes:
    """When systems fail and are repaired, from the start of a run to its end.

    They fail by the clock, whatever the hall does: times up and down alternate, each drawn from its
    law, the first time up begins with the run. Failure number n draws at the address n of the
    outage's stream.

    Parameters
    ----------
    run : ndarray(uint64), shape (1,)
        Key of the replication.
    """
    end, rows = n_days * DAY, list[tuple[Ints, Ints, Ints]]()
    for n, key in enumerate(keys(run, plan.words) if len(plan.words) else ()):
        up_law, down_law = int(plan.up_law[n]), int(plan.down_law[n])
        cycle = max(mean(laws, up_law) + mean(laws, down_law), 1.0)
        n_cycles, down_at = int(end / cycle) + 16, np.zeros(0, dtype=np.int64)
        while True:
            which = address(np.arange(n_cycles))
            streams = np.broadcast_to(key, which.shape)
            ups = sample(laws, up_law, uniforms(streams, which))
            downs = sample(laws, down_law, uniforms(streams, which + later(np.array([1]))))
            back_at = np.cumsum(np.rint(ups) + np.rint(downs))
            if back_at[-1] >= end:
                break
            n_cycles *= 2
        down_at = (back_at - np.rint(downs)).astype(np.int64)
        up_at = np.minimum(back_at, float(NEVER)).astype(np.int64)
        happens = (down_at < end) & (up_at > down_at)
        number = np.full(int(happens.sum()), plan.number[n])
        rows.append((number, down_at[happens], up_at[happens]))
    columns = zip(*rows, strict=True) if rows else ((), (), ())
    return OutageTimes(*(np.concatenate([np.zeros(0, np.int64), *column]) for column in columns))


def outages_of_hall(
    scenario: Scenario, lists: Sequence[str], place_of_list: Ints
) -> dict[str, Any]:
    """The fields of `HallPlan` about outages: what each stops, and those whose times are known."""
    outages = scenario.hall.outages
    stops = np.array(
        [
            [
                place == HALL and (not outage.lists or name in outage.lists)
                for name, place in zip(lists, place_of_list.tolist(), strict=True)
            ]
            for outage in outages
        ],
        dtype=np.bool_,
    ).reshape(len(outages), len(lists))
    zero = datetime.combine(scenario.run.start, time())
    dated = [
        (n, _ticks(span.begins - zero), _ticks(span.ends - zero))
        for n, outage in enumerate(outages)
        for span in outage.dated
        if span.ends > zero
    ]
    rows = np.array(dated, dtype=np.int64).reshape(-1, 3)
    times = OutageTimes(rows[:, 0], np.maximum(rows[:, 1], 0), rows[:, 2])
    return {
        "outage_stops": stops,
        "dated_outage": times.outage,
        "dated_down": times.down_at,
        "dated_up": times.up_at,
        "up_share": _up_shares(outages, stops),
        **up_times(stops, times),
    }


def _ticks(span: timedelta) -> int:
    return round(span.total_seconds() * SECOND)


def _up_shares(outages: Sequence[Outage], stops: Bools) -> Floats:
    """float64, shape (Z,): share of time in which random outages leave a list working."""
    shares = np.ones(stops.shape[1])
    for n, outage in enumerate(outages):
        if outage.up is not None and outage.down is not None:
            up, down = mean_of(outage.up), mean_of(outage.down)
            shares[stops[n]] *= up / (up + down)
    return shares


def with_outages(hall: HallPlan, random: OutageTimes) -> HallPlan:
    """The hall with the random outages of a replication beside those whose times are known."""
    if not len(random.outage):
        return hall
    dated = (hall.dated_outage, hall.dated_down, hall.dated_up)
    both = (np.concatenate(pair) for pair in zip(dated, random, strict=True))
    return hall._replace(**up_times(hall.outage_stops, OutageTimes(*both)))


def up_times(stops: Bools, times: OutageTimes) -> dict[str, Any]:
    """The fields of `HallPlan` about when lists work: a calendar for each set of outages.

    Examples
    --------
    >>> times = OutageTimes(np.array([0, 0]), np.array([10, 20]), np.array([15, 30]))
    >>> fields = up_times(np.array([[True, False]]), times)
    >>> fields["up_of_list"].tolist(), fields["up_starts"].tolist()
    ([0, -1], [0, 15, 30])
    """
    calendars: dict[bytes, int] = {}
    up_of_list = np.full(stops.shape[1], -1, dtype=np.int64)
    spans: list[Ints] = []
    for list_ in range(stops.shape[1]):
        column = stops[:, list_]
        stopped = column[times.outage] if len(times.outage) else np.zeros(0, dtype=np.bool_)
        if not stopped.any():
            continue
        key = column.tobytes()
        if key not in calendars:
            calendars[key] = len(spans)
            spans.append(_between(times.down_at[stopped], times.up_at[stopped]))
        up_of_list[list_] = calendars[key]
    every = np.concatenate([np.zeros((0, 2), np.int64), *spans])
    lengths = [of_each[:, 1] - of_each[:, 0] for of_each in spans]
    before = [np.cumsum(length) - length for length in lengths]
    return {
        "up_of_list": up_of_list,
        "up_offsets": offsets_of([len(of_each) for of_each in spans]),
        "up_starts": np.ascontiguousarray(every[:, 0]),
        "up_ends": np.ascontiguousarray(every[:, 1]),
        "up_before": np.concatenate([np.zeros(0, np.int64), *before]),
    }


def _between(down_at: Ints, up_at: Ints) -> Ints:
    """int64, shape (intervals, 2): the time that several downtimes leave, up to NEVER."""
    order = np.argsort(down_at, kind="stable")
    begins = np.append(down_at[order], NEVER)
    back = np.concatenate([[0], np.maximum.accumulate(up_at[order])])
    spans = np.stack([back, begins], axis=1)
    return np.asarray(spans[spans[:, 0] < spans[:, 1]])
