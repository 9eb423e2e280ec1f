"""What is summed of one replication for the measures of `catalogue.py`.

A measure is a ratio of two sums. Sums are whole numbers (ticks, people), kept by measured day, so
pooling, pairing and any number of workers give the same figure to the last bit.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

import numpy as np

from sim.analysis import occupancy
from sim.analysis.catalogue import BY_GROUP, OF_SECONDS, QUANTILES, By
from sim.analysis.causes import causes_by
from sim.analysis.counts import CaseCounts, TicketCounts, VisitCounts
from sim.analysis.grouped_rows import GroupedRows
from sim.analysis.histogram import counted
from sim.analysis.slots import SLOTS, slot_of, time_by_slot
from sim.analysis.window_use import (
    HOURS_OF_USES,
    WINDOW_USES,
    Grouping,
    duty_ticks,
    group_of_window,
    uses_shown,
    window_use,
)
from sim.arrays import Bools, Ints
from sim.clock import DAY, MINUTE
from sim.plan.columns import integers
from sim.plan.initial import WAITING
from sim.plan.journal import (
    CAUGHT,
    FORWARDED,
    LOST,
    MISSED,
    OPEN,
    SENT_BACK,
    SERVED,
)
from sim.plan.plan import HALL
from sim.plan.tape import INTAKE
from sim.results.outcomes import ACCOUNTS, LEFT_OUT, accounts
from sim.results.tables import Tables

NO_USE: Final = np.zeros((len(WINDOW_USES), 0, 0), dtype=np.int64)
NO_USE.flags.writeable = False


class Tally(NamedTuple):
    """Sums of one replication under one layout; small, whatever the number of visits."""

    replication: int
    by_day: Mapping[str, Ints]
    """Measure -> int64, shape (2, measured hall days): numerators and denominators."""
    by_group: Mapping[tuple[str, By], Ints]
    """Measure and grouping -> int64, shape (2, groups)."""
    wait_histogram: Ints
    """int64, shape (`histogram.BINS`,): tickets called, by wait."""
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
    """The hall closes every day, so its days are independent except for returning applicants."""
    accounts: Mapping[str, Ints]
    """Account -> int64, shape (its outcomes,): where everybody stands (`sim.results.outcomes`)."""
    use_by_slot: Ints = NO_USE
    """int64, shape (`WINDOW_USES`, groups of windows, 48): ticks of rosters and overtime by use;
    no group in a study that was kept before uses were counted."""


def only(tally: Tally, measures: Collection[str]) -> Tally:
    """The part of a tally that some measures and quantiles need; the rest is empty.

    Thousands of tallies of a sweep then fit into memory.
    """
    by_day = set(measures)
    quantiles = by_day & set(QUANTILES)
    nothing = np.zeros((0, 0), dtype=np.int64)
    return tally._replace(
        by_day={key: sums for key, sums in tally.by_day.items() if key in by_day},
        by_group={},
        wait_histogram=tally.wait_histogram if quantiles else nothing.ravel(),
        queue_by_slot=nothing,
        busy_by_slot=nothing,
        duty_by_slot=nothing,
        use_by_slot=NO_USE,
        causes_by_matter=nothing,
        last_by_matter=nothing,
        accounts={},
    )


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
    grouping = group_of_window(tables)
    waits = _measure_tickets(tables, book, called_within, grouping)
    _measure_visits(tables, book)
    busy, duty, use = _measure_windows(tables, book, grouping)
    open_at_end = _measure_cases(tables, book)
    _measure_bookings(tables, book)
    closed, last = _paths(tables)
    everybody = accounts(tables)
    book.by_day["left_out_share"] = _left_out(everybody, book.n_days)
    starts_empty = bool(
        (tables.plan.hall.day_closes[HALL, tables.plan.period.hall_days] >= 0).all()
        and not tables.plan.hall.keeps_overnight
        and not (tables.plan.demand.initial.kind == WAITING).any()
    )
    return Tally(
        replication,
        book.by_day,
        book.by_group,
        waits,
        _queue_by_slot(tables),
        busy,
        duty,
        closed,
        last,
        open_at_end,
        starts_empty,
        everybody,
        use,
    )


class _Book:
    """Sums by measured day and by group."""

    def __init__(self, tables: Tables) -> None:
        self.n_days = len(tables.plan.period.hall_days)
        self.one_a_day = np.ones(self.n_days, dtype=np.int64)
        """Denominator of what is counted by the day."""
        self.by_day: dict[str, Ints] = {}
        self.by_group: dict[tuple[str, By], Ints] = {}


def _measure_tickets(tables: Tables, book: _Book, within: int, grouping: Grouping) -> Ints:
    """Also int64, shape (BINS,): the histogram of waits."""
    t, names, counts = tables.tickets, tables.plan.names, TicketCounts(tables)
    day, wait = tables.day_of(t.arrived_at), counts.wait()
    back = (t.fate == SENT_BACK) | (t.fate == CAUGHT)
    intake = tables.tape.errands.purpose[t.errand] == INTAKE
    entered_at = tables.entered_at
    sheet = GroupedRows(day)
    sheet.total("wait", *wait)
    sheet.share("called_within", *counts.called_within(within))
    sheet.share("give_up_share", *counts.give_up_share())
    sheet.share("balk_share", *counts.balk_share())
    sheet.share("missed_share", t.fate == MISSED, counts.called)
    sheet.total("wait_of_all", *counts.wait_of_all())
    greeted = counts.in_hall & (t.greeted_at >= 0)
    sheet.total("reception_wait", t.greeted_at - entered_at - tables.walked_in, greeted)
    sheet.total("walk", *counts.walk())
    sheet.total("coming_to_call", *counts.coming_to_call())
    done = (t.fate == SERVED) | (t.fate == FORWARDED)
    sheet.share("sent_back_share", back, counts.in_hall & intake & (back | done))

    counties = sorted(set(names.counties))
    county_of = integers([*(counties.index(name) for name in names.counties), -1])
    group_of, n_groups = grouping
    by: dict[By, dict[str, Ints]] = {}
    book.by_day, by["matter"] = sheet.sums(
        sheet.columns, Grouping(day, book.n_days), Grouping(t.matter, len(names.matters))
    )
    by["class"], by["list"] = sheet.sums(
        BY_GROUP,
        Grouping(t.class_, len(names.classes)),
        Grouping(np.maximum(t.list_, -1), len(names.lists)),
    )
    by["county"], by["slot"] = sheet.sums(
        BY_GROUP,
        Grouping(county_of[tables.cases.township[t.case]], len(counties)),
        Grouping(slot_of(np.maximum(t.taken_at, 0)), SLOTS),
    )
    # people never called belong to no window, so shares of a group would leave them out
    group = np.where(t.window >= 0, group_of[t.window], -1)
    [by_window] = sheet.sums(("wait", "coming_to_call"), Grouping(group, n_groups))
    book.by_group |= {(key, by_): by[by_][key] for key in BY_GROUP for by_ in by}
    book.by_group |= {(key, "day"): book.by_day[key] for key in BY_GROUP}
    book.by_group |= {(key, "group"): sums for key, sums in by_window.items()}
    book.by_group["sent_back_share", "matter"] = by["matter"]["sent_back_share"]
    return counted(wait.amount[wait.counts & sheet.measured])


def _measure_visits(tables: Tables, book: _Book) -> None:
    v, end = tables.visits, tables.plan.period.end
    day, counts = tables.day_of(v.arrived_at), VisitCounts(tables)
    door_opens = tables.door_opens_at
    sheet = GroupedRows(day)
    sheet.total("door_wait", np.minimum(door_opens, end) - v.arrived_at, door_opens >= 0)
    sheet.total("stay", *counts.stay())
    sheet.total("stay_uncalled", *counts.stay_uncalled())
    sheet.share("turned_away_share", *counts.turned_away_share())
    sheet.share("refused_share", *counts.refused_share())
    sheet.share("held_over_share", *counts.held_over_share())
    sheet.share("break_share", *counts.break_share())
    sheet.share("same_day_share", *counts.same_day_share())
    [by_day] = sheet.sums(sheet.columns, Grouping(day, book.n_days))
    book.by_day |= by_day | {"visits": np.stack([by_day["turned_away_share"][1], book.one_a_day])}
    _measure_heads(tables, book, day)
    _measure_seconds(tables, book, day)


def _measure_seconds(tables: Tables, book: _Book, day: Ints) -> None:
    """Second matters by the day of the visit; nothing where nobody has one."""
    if not tables.plan.hall.has_seconds:
        nothing = np.zeros((2, book.n_days), dtype=np.int64)
        book.by_day |= dict.fromkeys(OF_SECONDS, nothing)
        return
    counts, tickets = VisitCounts(tables), TicketCounts(tables)
    sheet = GroupedRows(day)
    sheet.share("second_share", *counts.second_share())
    sheet.share("one_window_share", *counts.one_window_share())
    sheet.share("transfer_share", *counts.transfer_share())
    sheet.share("not_reached_share", *counts.not_reached_share())
    sheet.total("both_stay", *counts.both_stay())
    of_tickets = GroupedRows(day_of := tables.day_of(tables.tickets.arrived_at))
    of_tickets.total("transfer_wait", *tickets.transfer_wait())
    for rows, days in ((sheet, day), (of_tickets, day_of)):
        [by_day] = rows.sums(rows.columns, Grouping(days, book.n_days))
        book.by_day |= by_day


def _measure_heads(tables: Tables, book: _Book, day: Ints) -> None:
    """People who come a day, and the most of them at once; nothing where heads are not counted."""
    plan = tables.plan
    counts = len(plan.demand.people.companion_sizes) > 0
    keys, sums = ("people", "peak_inside", "peak_waiting"), np.zeros((3, book.n_days), np.int64)
    if counts:
        measured = np.flatnonzero(day >= 0)
        np.add.at(sums[0], day[measured], tables.visits.people[measured])
        sums[1] = _most_by_hall_day(tables, occupancy.inside(tables))
        sums[2] = _most_by_hall_day(tables, occupancy.waiting(tables))
    denominators = book.one_a_day * counts
    book.by_day |= {key: np.stack([row, denominators]) for key, row in zip(keys, sums, strict=True)}


def _most_by_hall_day(tables: Tables, spans: occupancy.Spans) -> Ints:
    """int64, shape (measured hall days,): a hall day lasts until the next one begins."""
    period = tables.plan.period
    most = occupancy.most_at_once(spans, period.n_days)
    measured = most[period.measured_from : period.measured_until]
    return np.asarray(np.maximum.reduceat(measured, period.hall_days - period.measured_from))


def _measure_windows(tables: Tables, book: _Book, grouping: Grouping) -> tuple[Ints, Ints, Ints]:
    """Also ticks of groups in each half hour of the day: at windows, on duty, and by use."""
    ticks, each, use = duty_ticks(tables, grouping), book.one_a_day, window_use(tables, grouping)
    walks, absent = (use.by_day[WINDOW_USES.index(name)].sum(axis=0) for name in ("walk", "absent"))
    paid = ticks.paid.sum(axis=0)
    book.by_day |= {
        "utilisation": np.stack([ticks.busy.sum(axis=0), paid]),
        "walk_share": np.stack([walks, paid * tables.plan.hall.walks]),
        "overtime": np.stack([ticks.overtime.sum(axis=0), each]),
        "clerk_hours": np.stack([paid, each]),
        "cost_per_day": np.stack([paid + absent, each]),
        "drain": np.stack([drain_by_day(tables), each]),
    }
    shares = np.stack([ticks.busy.sum(axis=1), ticks.paid.sum(axis=1)])
    book.by_group["utilisation", "group"] = shares
    shown = uses_shown(tables)
    for key, of_use in zip(HOURS_OF_USES, use.by_day, strict=True):
        days = each * (key in shown)
        book.by_day[key] = np.stack([of_use.sum(axis=0), days])
        of_group = of_use.sum(axis=1)
        book.by_group[key, "group"] = np.stack([of_group, np.full_like(of_group, days.sum())])
    return ticks.busy_by_slot, ticks.duty_by_slot, use.by_slot


def drain_by_day(tables: Tables) -> Ints:
    """int64, shape (days,): ticks from each day's closing to the last person leaving."""
    v, plan = tables.visits, tables.plan
    last = np.full(plan.period.n_days, -1, dtype=np.int64)
    here = v.place == HALL
    np.maximum.at(last, v.arrived_at[here] // DAY, v.left_at[here])
    closes = plan.hall.day_closes[HALL]
    return np.where(closes >= 0, np.maximum(last - closes, 0), 0)[plan.period.hall_days]


def _measure_cases(tables: Tables, book: _Book) -> int:
    """Also how many measured cases are open at the end."""
    cases, counts, n = tables.cases, CaseCounts(tables), len(tables.plan.names.matters)
    day = tables.day_of(cases.arrived_at)
    accepted, open_ = cases.accepted_at >= 0, cases.fate == OPEN
    reviewed = counts.reviewed
    sheet = GroupedRows(day)
    sheet.total("trips", cases.trips, accepted)
    sheet.share("first_trip_share", cases.trips <= 1, accepted)
    sheet.total("turnaround", *counts.turnaround())
    sheet.total("turnaround_calendar", cases.closed_at - cases.accepted_at, reviewed)
    sheet.total("elapsed", cases.closed_at - cases.arrived_at, reviewed)
    sheet.total("issue_delay", cases.issued_at - cases.closed_at, _sent(tables))
    sheet.share("on_time_share", *counts.on_time_share())
    sheet.share("statutory_on_time_share", *counts.statutory_on_time_share())
    sheet.share("open_share", open_, accepted)
    came = cases.arrived_at < tables.plan.period.end
    sheet.share("lost_share", cases.fate == LOST, came)
    by_day, by_matter = sheet.sums(
        sheet.columns, Grouping(day, book.n_days), Grouping(cases.matter, n)
    )
    book.by_day |= by_day | {"between_trips": _between_trips(tables, day, book)}
    book.by_day["backlog_time"] = _backlog_time(tables, book.n_days)
    book.by_group |= {(key, "matter"): sums for key, sums in by_matter.items()}
    return int(np.count_nonzero(open_ & sheet.measured))


def _sent(tables: Tables) -> Bools:
    """bool, shape (cases,): results that have come by post, or were collected."""
    cases, issued_at = tables.tape.cases, tables.cases.issued_at
    if not tables.plan.demand.matters.issue.shares.any():
        return np.zeros(len(issued_at), dtype=np.bool_)
    sent = (cases.issue_ticks > 0) | (cases.issue_workdays > 0) | (cases.collection >= 0)
    return np.asarray(sent & (issued_at >= 0))


def _left_out(everybody: Mapping[str, Ints], n_days: int) -> Ints:
    """int64, shape (2, days): wishes that no mean knows of, and all; on the first day, for sums."""
    sums = np.zeros((2, n_days), dtype=np.int64)
    for name in ("people", "cases"):
        for outcome in LEFT_OUT[name]:
            sums[0, 0] += everybody[name][ACCOUNTS[name].index(outcome)]
    sums[1, 0] = everybody["people"].sum()
    return sums


def _backlog_time(tables: Tables, n_days: int) -> Ints:
    """int64, shape (2, days): ticks from the run's beginning until cases in hand then are closed,
    and how many they are; on the first day, for sums. One that is open is counted to the end."""
    sums, cases = np.zeros((2, n_days), dtype=np.int64), tables.cases
    closed_at = cases.closed_at[cases.initial]
    sums[0, 0] = np.where(closed_at < 0, tables.plan.period.end, closed_at).sum()
    sums[1, 0] = len(closed_at)
    return sums


def _between_trips(tables: Tables, day_of_case: Ints, book: _Book) -> Ints:
    """int64, shape (2, days): ticks from leaving to coming again, and how many came again."""
    v = tables.visits
    further = np.flatnonzero(v.trip > 1)  # rows of a case stand together, in order of trips
    if not len(further):
        return np.zeros((2, book.n_days), dtype=np.int64)
    sheet = GroupedRows(day_of_case[v.case[further]])
    gap = v.arrived_at[further] - v.left_at[further - 1]
    sheet.total("between_trips", gap, np.ones(len(further), dtype=np.bool_))
    [by_day] = sheet.sums(["between_trips"], Grouping(day_of_case[v.case[further]], book.n_days))
    return by_day["between_trips"]


def _measure_bookings(tables: Tables, book: _Book) -> None:
    """By the day on which people would have come by themselves; no-shows count too."""
    cases, demand = tables.cases, tables.plan.demand
    n_matters = len(tables.plan.names.matters)
    if len(demand.books.rolls) == 0:
        keys = ("booked_share", "no_show_share", "booking_delay")
        book.by_day |= dict.fromkeys(keys, np.zeros((2, book.n_days), dtype=np.int64))
        nothing = np.zeros((2, n_matters), dtype=np.int64)
        book.by_group |= {(key, "matter"): nothing for key in keys}
        return
    day, booked = tables.day_of(cases.wished_at), cases.booked_for >= 0
    sheet = GroupedRows(day)
    sheet.share("booked_share", booked, ~cases.online)
    sheet.share("no_show_share", cases.no_show, booked)
    # of who came by a table nobody knows when they wished to come
    wish_is_known = ~demand.flows.replayed[tables.tape.cases.flow]
    sheet.total("booking_delay", cases.booked_for - cases.wished_at, booked & wish_is_known)
    by_day, by_matter = sheet.sums(
        sheet.columns, Grouping(day, book.n_days), Grouping(cases.matter, n_matters)
    )
    book.by_day |= by_day
    book.by_group |= {(key, "matter"): sums for key, sums in by_matter.items()}


def _queue_by_slot(tables: Tables) -> Ints:
    """int64, shape (lists, 48): ticks waited in each list in each half hour of the day."""
    t, plan = tables.tickets, tables.plan
    left = np.where(t.called_at >= 0, t.called_at, t.ended_at)
    left = np.where(left < 0, plan.period.end, left)
    rows = np.flatnonzero((t.list_ >= 0) & (t.taken_at >= 0))
    n_lists = len(plan.names.lists)
    ticks = time_by_slot(plan, t.taken_at[rows], left[rows], t.list_[rows], n_lists)
    return np.asarray(ticks.sum(axis=1))


def _paths(tables: Tables) -> tuple[Ints, Ints]:
    """Causes of measured cases that the back office issued, by matter, and the last items."""
    cases, names = tables.cases, tables.plan.names
    n_matters, n_items = len(names.matters), max(len(names.items), 1)
    measured = (tables.day_of(cases.arrived_at) >= 0) & tables.finished & tables.to_office
    matter = np.where(measured, cases.matter, -1)
    rows = np.flatnonzero(measured & (cases.last_item >= 0))
    place = matter[rows] * n_items + tables.tape.items.item[cases.last_item[rows]]
    last = np.bincount(place, minlength=n_matters * n_items).reshape(n_matters, n_items)
    return causes_by(tables, matter, n_matters), last
