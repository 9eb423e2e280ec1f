"""What displays showed on open days, and what a learned scenario says of the same half hours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

import numpy as np

from sim.arrays import Floats, Ints
from sim.clock import DAY, MINUTE
from sim.engine.run import run
from sim.learning.arrivals import whole_days
from sim.learning.learned import LearnedLog
from sim.learning.learned_days import alike_days
from sim.learning.snapshot_fit import SnapshotFits
from sim.learning.snapshots import HALF_HOUR
from sim.learning.ticket_log import UNKNOWN, TicketLog
from sim.learning.traps import LogHall
from sim.learning.wait_runs import Waits
from sim.plan.compile import compile_plan
from sim.plan.crowd import draw_tape
from sim.results.tables import Tables
from sim.scenario.format import flow_text
from sim.scenario.load import scenario_from_text
from sim.scenario.scenario import Scenario

RUNS: Final = 19
"""Between the extremes of nineteen lies one more with chance 18 / 20 = 90 %."""
SLOTS: Final = DAY // HALF_HOUR


class ShownQueues(NamedTuple):
    """What displays show of all days; the first axis of waiting is queues."""

    days: tuple[date, ...]
    waiting: Floats
    """float64, shape (queues, days, slots): nan = no snapshot."""
    wait: Floats
    """float64, shape (days,): mean minutes."""
    people: Waits
    """Who was called, since the first of the dates."""


# === what the displays show === #


def shown_queues(learned: LearnedLog, names: Sequence[str], hall: LogHall) -> ShownQueues:
    """Counts of the queues that were learned, on the open days of the whole table."""
    fit, log = learned.snapshots, learned.log
    assert fit is not None
    assert isinstance(log, TicketLog)
    table = fit.table
    whole = np.flatnonzero(whole_days(log, hall.holidays))
    days = tuple(log.first_date + timedelta(days=n) for n in whole.tolist())
    offsets = [(day - table.first_date).days for day in days]
    waiting = np.full((len(names), len(days), SLOTS), np.nan)
    for n, name in enumerate(names):
        queues = [q for q, queue in enumerate(table.queues) if queue.name == name]
        here = np.isin(table.queue, queues)
        slot, shown = table.seen[here] // HALF_HOUR, table.waiting[here]
        n_slots = (max(offsets) + 1) * SLOTS
        inside = slot < n_slots
        counts = np.bincount(slot[inside], minlength=n_slots)
        sums = np.bincount(slot[inside], weights=shown[inside], minlength=n_slots)
        means = np.divide(sums, counts, out=np.full(n_slots, np.nan), where=counts > 0)
        waiting[n] = means.reshape(-1, SLOTS)[offsets]
    chosen = np.isin(log.tickets.list_, [log.names.lists.index(n) for n in names if n])
    chosen |= not any(names)
    good = chosen & (log.details.wait >= 0) & np.isin(log.day, whole)
    minutes = log.details.wait[good] / MINUTE
    sums = np.bincount(log.day[good], weights=minutes, minlength=log.n_days)
    counts = np.bincount(log.day[good], minlength=log.n_days)
    came = log.tickets.arrived_at[good] - int(whole[0]) * DAY
    people = Waits(came, np.zeros(len(came), np.int64), minutes)
    return ShownQueues(days, waiting, (sums / np.maximum(counts, 1))[whole], people)


# === what the scenario says === #


def stand_in_dates(days: Sequence[date], before: SnapshotFits, hall: LogHall) -> list[date]:
    """The dates that are simulated for dates: a weekday that was not seen has one that was, of
    weeks after the last of them."""
    assert before.staffing is not None
    kinds = alike_days(before.log, before.staffing, hall.holidays)
    seen = {weekday for kind in kinds for weekday in kind.weekdays}
    usual = kinds[0].weekdays[0]
    weeks = (days[-1] - days[0]).days // 7 + 2
    simulated = list[date]()
    for day in days:
        stand_in = day
        if day.weekday() not in seen:
            stand_in += timedelta(days=usual - day.weekday() + 7 * weeks)
            while stand_in in simulated:
                stand_in += timedelta(days=7 * weeks)
        simulated.append(stand_in)
    return simulated


def forecast_scenario(written: dict[str, Any], days: Sequence[date]) -> Scenario:
    """The learned scenario over dates, on each of which it is open: that is taken as known."""
    calendar = {key: value for key, value in written["calendars"][0].items() if key != "closed"}
    first, last = min(days), max(days)
    run_part = {"start": first, "measured_days": (last - first).days + 1}
    calendars = [{**calendar, "holidays": "none"}]
    return scenario_from_text(flow_text({**written, "run": run_part, "calendars": calendars}))


def queue_of_matter(id_: str, written: dict[str, Any], names: Sequence[str]) -> int:
    """The queue of a matter, which bears its name."""
    name = next(matter["name"] for matter in written["matters"] if matter["id"] == id_)
    return names.index(name) if name in names else 0


def queue_runs(
    scenario: Scenario,
    days: Sequence[date],
    day_numbers: Sequence[int],
    place: dict[str, int],
    n_queues: int,
) -> Iterator[tuple[Floats, Waits]]:
    """Counts and waits of nineteen runs over the dates that are simulated.

    Parameters
    ----------
    day_numbers
        Days after the first date of what was observed, for each of them.
    """
    plan = compile_plan(scenario, scenario.layouts[0].id)
    queue_of = np.array([place[name] for name in plan.names.matters])
    first = date.fromordinal(plan.period.start_ordinal)
    offsets = np.array([(day - first).days for day in days])
    day_of = np.full(int(offsets.max()) + 2, UNKNOWN)
    day_of[offsets] = day_numbers
    for replication in range(RUNS):
        tape = draw_tape(plan.demand, scenario.run.seed, replication)
        tickets = Tables(plan, tape, run(plan, tape)).tickets
        there = tickets.taken_at >= 0
        came = tickets.taken_at[there]
        until = np.where(tickets.called_at >= 0, tickets.called_at, tickets.ended_at)[there]
        queue = queue_of[tickets.matter[there]]
        waiting = np.stack(
            [mean_waiting(came[queue == n], until[queue == n], offsets) for n in range(n_queues)]
        )
        day = day_of[np.minimum(came // DAY, len(day_of) - 1)]
        here = day != UNKNOWN
        minutes = (until - came)[here] / MINUTE
        of_day = day[here] * DAY + came[here] % DAY
        yield waiting, Waits(of_day, np.zeros(len(of_day), np.int64), minutes)


def mean_waiting(came: Ints, until: Ints, offsets: Ints) -> Floats:
    """float64, shape (days, slots): mean number who wait in each half hour.

    Examples
    --------
    Somebody waits for half of the first half hour.

    >>> waits = mean_waiting(np.array([0]), np.array([HALF_HOUR // 2]), np.array([0]))
    >>> waits[0, :2].tolist()
    [0.5, 0.0]
    """
    edges = np.concatenate([offset * DAY + HALF_HOUR * np.arange(SLOTS + 1) for offset in offsets])

    def total(at: Ints) -> Floats:
        """Ticks waited by everybody until an instant."""
        order = np.sort(at)
        sums = np.concatenate([[0.0], np.cumsum(order, dtype=np.float64)])
        before = np.searchsorted(order, edges)
        return np.asarray(before * edges.astype(np.float64) - sums[before])

    waited = (total(came) - total(until)).reshape(len(offsets), SLOTS + 1)
    return np.asarray(np.diff(waited, axis=1) / HALF_HOUR)
