"""Promises held against what happened: cells, their sums of one replication, and their intervals.

A cell is one promise for one waiting list (class, matter, …) in one half hour of one kind of day,
on one kind of day, or over the run. Like a measure it is a ratio of two sums of whole numbers, so
sums of replications add up and any number of workers gives the same figure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np

from sim.analysis.catalogue import MEASURES, Measure
from sim.analysis.counts import CaseCounts, Portion, TicketCounts, Total, VisitCounts
from sim.analysis.estimates import bounds_of
from sim.analysis.intervals import Interval, ratio_interval, share_interval
from sim.analysis.measures import drain_by_day
from sim.analysis.slots import SLOT, SLOTS, slot_of
from sim.analysis.window_use import DutyTicks, duty_ticks, group_of_window
from sim.arrays import AnyInts, Bools, Floats, Ints
from sim.plan.columns import integers
from sim.plan.plan import HALL, Plan
from sim.results.tables import Tables
from sim.scenario.day_kinds import DayKind, KindOfDate, day_kinds
from sim.scenario.promises import Promise, PromisedMeasure
from sim.scenario.scenario import Scenario

Whom = Literal["list", "class", "matter", "department", "group", "all"]
"""What a cell is about; `all` = everybody, or all clerks."""
OF_RUN: Final = ""
"""In place of a kind of day: the whole run."""
OF_DAY: Final = -1
"""In place of a half hour: the whole day."""
NOWHERE: Final = -1
MEASURE_OF: Final[Mapping[str, Measure]] = {measure.key: measure for measure in MEASURES}


Members: TypeAlias = Sequence[Ints]
"""For each name of a promise the categories of rows that belong to it: lists, classes, matters, …
by their number in the plan."""


class PromiseCell(NamedTuple):
    """One promise, where it must hold."""

    promise: int
    """Index in `targets.promises`."""
    what: Whom
    id: str
    """Of the list, class, …; empty for all."""
    days: str
    """Key of the kind of day; empty = all measured days."""
    slot: int
    """Half hour of the day, 0 to 47; -1 = the whole day, or run."""


class _Columns(NamedTuple):
    """Whom the cells of one promise are about, and where they stand."""

    members: Members
    cells: slice
    """Their place among all cells."""


class Promised:
    """The cells of all promises of a scenario under one layout, and how they are kept.

    Examples
    --------
    >>> from sim import Tables, compile_plan, draw_tape, example_path, load_scenario, run
    >>> promise = "targets.promises=[{measure: wait, at_most: 3 min, each: run}]"
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2", promise])
    >>> plan = compile_plan(scenario, "hall")
    >>> promised = promise_cells(plan, scenario)
    >>> promised.cells
    (PromiseCell(promise=0, what='list', id='windows', days='', slot=-1),)
    >>> tapes = [draw_tape(plan.demand, seed=1, replication=n) for n in range(4)]
    >>> sums = [promised.sums(Tables(plan, tape, run(plan, tape))) for tape in tapes]
    >>> promised.values(np.sum(sums, axis=0)).round(1), promised.levels
    (array([3.9]), array([3.]))
    """

    def __init__(self, plan: Plan, scenario: Scenario) -> None:
        self.promises: tuple[Promise, ...] = scenario.targets.promises
        self.kinds: tuple[DayKind, ...] = day_kinds(scenario)
        self._plan, self._scenario = plan, scenario
        self._within = [
            scenario.targets.called_within if promise.within is None else promise.within
            for promise in self.promises
        ]
        cells: list[PromiseCell] = []
        columns: list[_Columns] = []
        for n, promise in enumerate(self.promises):
            start = len(cells)
            what, names, members = self._whom(promise)
            cells += [
                PromiseCell(n, what, name, days, slot)
                for name in names
                for days, slot in self._places(promise)
            ]
            columns.append(_Columns(members, slice(start, len(cells))))
        self.cells: tuple[PromiseCell, ...] = tuple(cells)
        self._columns = columns
        self.levels: Floats = np.array([self.promises[c.promise].level for c in cells])
        """float64, shape (cells,): what is promised, in the unit of the measure."""
        self._scale = np.array([self._measure(c).scale for c in cells], dtype=np.float64)
        self._high = np.array([self.promises[c.promise].kind.better == "high" for c in cells])

    def sums(self, tables: Tables) -> Ints:
        """Numerator and denominator of every cell in one replication.

        Only what the promises need is looked at, so a search may call it after each run.

        Returns
        -------
        ndarray(int64), shape (cells, 2)
            Ticks, working days or people, and by how many they are divided. Sums of several
            replications add up.
        """
        counts = _CellCounts(tables, self.kind_of_day, self._slot_in_hours)
        sums = np.zeros((len(self.cells), 2), dtype=np.int64)
        for promise, within, (members, cells) in zip(
            self.promises, self._within, self._columns, strict=True
        ):
            for side, by_name in enumerate(counts.sums(promise, within, members)):
                sums[cells, side] = self._picked(promise, by_name)
        return sums

    def values(self, sums: Ints) -> Floats:
        """The measure of each cell in its unit; nan where there is nobody.

        Parameters
        ----------
        sums : ndarray(int64), shape (…, cells, 2)
            Of one replication, or added up over several.
        """
        counts = sums[..., 1]
        values = np.full(counts.shape, np.nan)
        np.divide(sums[..., 0] / self._scale, counts, out=values, where=counts > 0)
        return values

    def are_kept(self, values: Floats) -> Bools:
        """bool, shape (…, cells): at the level or better; who is nobody breaks nothing."""
        better = np.where(self._high, values >= self.levels, values <= self.levels)
        return np.asarray(better | np.isnan(values))

    def nobody(self, sums: Ints) -> Bools:
        """bool, shape (…, cells): nobody came there, so the cell is no part of a verdict."""
        return np.asarray(sums[..., 1] == 0)

    def interval(self, cell: int, sums: Ints, level: float = 0.95) -> Interval:
        """Where the measure of a cell lies.

        Parameters
        ----------
        cell
            Its index in `cells`.
        sums : ndarray(int64), shape (replications, cells, 2)
            Replications are the clusters: half hours of one run share its days.
        """
        measure = self._measure(self.cells[cell])
        numerators = sums[:, cell, 0] / measure.scale
        bounds = bounds_of(measure)
        if bounds == (0.0, 1.0):
            return share_interval(numerators, sums[:, cell, 1], level)
        return ratio_interval(numerators, sums[:, cell, 1], level, bounds)

    def _picked(self, promise: Promise, by_name: Ints) -> Ints:
        """int64, shape (cells of the promise,): out of shape (names, kinds, 48)."""
        match promise.each:
            case "run":
                return np.asarray(by_name.sum(axis=(1, 2)))
            case "day":
                return np.asarray(by_name.sum(axis=2)).ravel()
        open_ = [by_name[:, kind, slots] for kind, slots in enumerate(self._open_slots)]
        return np.concatenate(open_, axis=1).ravel()

    def within_of(self, cell: PromiseCell) -> int:
        """Ticks within which people of a cell are to be called, where that is promised."""
        return self._within[cell.promise]

    def _measure(self, cell: PromiseCell) -> Measure:
        return MEASURE_OF[self.promises[cell.promise].measure]

    def _places(self, promise: Promise) -> Iterator[tuple[str, int]]:
        """Kind of day and half hour of each cell."""
        match promise.each:
            case "run":
                yield OF_RUN, OF_DAY
            case "day":
                yield from ((kind.key, OF_DAY) for kind in self.kinds)
            case "half_hour":
                for kind, slots in zip(self.kinds, self._open_slots, strict=True):
                    yield from ((kind.key, int(slot)) for slot in slots)

    def _whom(self, promise: Promise) -> tuple[Whom, tuple[str, ...], Members]:
        """What the cells of a promise are about, their ids, and which categories belong to each."""
        names, layout = self._plan.names, self._scenario.layout(self._plan.names.layout)
        who, named = promise.who
        named = tuple(dict.fromkeys(named))
        match who, promise.kind.over:
            case "groups", "tickets":
                own = {group.id: group.list_id for group in layout.windows}
                lists = tuple(dict.fromkeys(own[name] for name in named if name in own))
                return "list", lists, _numbers(lists, names.lists)
            case None, "tickets":
                places = self._plan.hall.place_of_list.tolist()
                inside = zip(names.lists, places, strict=True)
                lists = tuple(name for name, place in inside if place == HALL)
                return "list", lists, _numbers(lists, names.lists)
            case "groups", _:
                groups = sorted(set(names.groups))
                present = tuple(name for name in named if name in groups)
                return "group", present, _numbers(present, groups)
            case None, "duty":
                ours = [group.id for group in layout.windows]
                groups = sorted(set(names.groups))
                return "all", ("",), [integers(groups.index(n) for n in ours if n in groups)]
            case "matters", _:
                meant = self._scenario.matters_named()
                numbers = {matter: number for number, matter in enumerate(names.matters)}
                matters = [[numbers[matter] for matter in meant[name]] for name in named]
                return "matter", named, [integers(rows) for rows in matters]
            case "classes", _:
                return "class", named, _numbers(named, names.classes)
            case "departments", _:
                return "department", named, _numbers(named, names.departments)
        return "all", ("",), [integers([0])]

    @cached_property
    def _open_slots(self) -> tuple[Ints, ...]:
        """Half hours of each kind of day in which the hall is open."""
        slots = [
            {
                slot
                for hours in kind.hours
                for slot in range(hours.start // SLOT, -(-hours.end // SLOT))
            }
            for kind in self.kinds
        ]
        return tuple(np.array(sorted(open_), dtype=np.int64) for open_ in slots)

    @cached_property
    def _slot_in_hours(self) -> Ints:
        """int64, shape (kinds, 48): the half hour in which somebody counts.

        Who takes a ticket while the hall is shut, such as after mending papers inside it, counts
        in the last half hour that it was open: so the half hours add up to the day.
        """
        clock = np.arange(SLOTS)
        rows = [
            slots[np.maximum(np.searchsorted(slots, clock, side="right") - 1, 0)]
            for slots in self._open_slots
        ]
        return np.array(rows, dtype=np.int64).reshape(-1, SLOTS)

    @cached_property
    def kind_of_day(self) -> Ints:
        """int64, shape (measured hall days,): index of the kind of each day."""
        start, kinds = self._scenario.run.start, KindOfDate(self._scenario, self.kinds)
        dates = [
            start.fromordinal(start.toordinal() + int(day)) for day in self._plan.period.hall_days
        ]
        return np.array([kinds.number(day) for day in dates], dtype=np.int64)


def promise_cells(plan: Plan, scenario: Scenario) -> Promised:
    """The promises of a scenario under the layout of a plan, cell by cell.

    The cells of a promise stand together, in the order of its names, kinds of day and half hours.
    """
    return Promised(plan, scenario)


def _numbers(ids: Sequence[str], names: Sequence[str]) -> Members:
    """The number of each wanted name, by itself."""
    return [integers([names.index(name)]) for name in ids]


def _pooled(members: Members, table: Ints) -> Ints:
    """int64, shape (names, …): the rows of a table added up that belong to each name."""
    sums = [table[rows].sum(axis=0) for rows in members]
    return np.array(sums, dtype=np.int64).reshape(len(members), *table.shape[1:])


OF_TICKETS: Final[Mapping[PromisedMeasure, Callable[[TicketCounts], Total | Portion]]] = {
    "wait": TicketCounts.wait,
    "wait_of_all": TicketCounts.wait_of_all,
    "coming_to_call": TicketCounts.coming_to_call,
    "give_up_share": TicketCounts.give_up_share,
    "balk_share": TicketCounts.balk_share,
}
OF_VISITS: Final[Mapping[PromisedMeasure, Callable[[VisitCounts], Total | Portion]]] = {
    "stay": VisitCounts.stay,
    "turned_away_share": VisitCounts.turned_away_share,
}
OF_CASES: Final[Mapping[PromisedMeasure, Callable[[CaseCounts], Total | Portion]]] = {
    "on_time_share": CaseCounts.on_time_share,
    "statutory_on_time_share": CaseCounts.statutory_on_time_share,
    "turnaround": CaseCounts.turnaround,
}


class _CellCounts:
    """What promises count in one replication; columns that several of them need are made once."""

    def __init__(self, tables: Tables, kind_of_day: Ints, slot_in_hours: Ints) -> None:
        self._tables = tables
        self._kind_of_day, self._slot_in_hours = kind_of_day, slot_in_hours

    def sums(self, promise: Promise, within: int, members: Members) -> tuple[Ints, Ints]:
        """Numerators and denominators, int64, shape (names, kinds, 48).

        What is not counted by half hours stands in the first one of the day.

        Parameters
        ----------
        within : int
            Ticks, of `called_within`.
        """
        match promise.kind.over:
            case "tickets":
                of, count = self._tables.tickets, self._count_of_tickets(promise.measure, within)
                columns = {"matters": of.matter, "classes": of.class_}
                category = columns.get(promise.who[0] or "", of.list_)
                return self._by_name(members, count, category, self._moment_of_ticket)
            case "visits":
                visits, count = self._tables.visits, OF_VISITS[promise.measure](self._of_visits)
                category = self._category_of_case(promise)[visits.case]
                here = np.where(visits.place == HALL, self._moment(visits.arrived_at), NOWHERE)
                return self._by_name(members, count, category, here)
            case "cases":
                return self._of_accepted(promise, members)
            case "duty":
                ticks = self._duty
                if promise.measure == "utilisation":
                    busy, paid = _pooled(members, ticks.busy), _pooled(members, ticks.paid)
                    return self._by_kind(busy), self._by_kind(paid)
                overtime = _pooled(members, ticks.overtime)
                return self._by_kind(overtime), self._days(len(members))
            case "closing":
                drain = drain_by_day(self._tables)
                return self._by_kind(drain[None, :]), self._days(1)

    def _by_name(
        self, members: Members, count: Total | Portion, category: AnyInts, moment: Ints
    ) -> tuple[Ints, Ints]:
        """Sums over rows, by name, kind of day and half hour; -1 = the row belongs nowhere."""
        n_categories = 1 + max((int(rows.max(initial=0)) for rows in members), default=0)
        shape = (n_categories, len(self._slot_in_hours), SLOTS)
        is_in = (category >= 0) & (category < n_categories) & (moment >= 0)
        rows = np.flatnonzero(count.counts & is_in)
        place = category[rows] * (shape[1] * SLOTS) + moment[rows]
        n_places = shape[0] * shape[1] * SLOTS
        counted = np.bincount(place, minlength=n_places)
        if isinstance(count, Portion):
            total = np.bincount(place[count.yes[rows]], minlength=n_places)
        else:
            total = np.zeros(n_places, dtype=np.int64)
            np.add.at(total, place, count.amount[rows])
        return _pooled(members, total.reshape(shape)), _pooled(members, counted.reshape(shape))

    def _of_accepted(self, promise: Promise, members: Members) -> tuple[Ints, Ints]:
        """Of cases; one with items in several departments counts in each of them."""
        items, count = self._tables.tape.items, OF_CASES[promise.measure](self._of_cases)
        moment = self._moment(self._tables.cases.arrived_at)
        if promise.who[0] != "departments":
            return self._by_name(members, count, self._category_of_case(promise), moment)
        n = len(self._tables.plan.names.departments)
        department = self._tables.plan.office.department[items.item]
        case, category = np.divmod(np.unique(items.case.astype(np.int64) * n + department), n)
        return self._by_name(members, count.of(case), category, moment[case])

    def _category_of_case(self, promise: Promise) -> AnyInts:
        cases = self._tables.cases
        columns = {"matters": cases.matter, "classes": cases.class_}
        return columns.get(promise.who[0] or "", np.zeros_like(cases.matter))

    def _count_of_tickets(self, measure: PromisedMeasure, within: int) -> Total | Portion:
        counts = self._of_tickets
        if measure == "called_within":
            return counts.called_within(within)
        return OF_TICKETS[measure](counts)

    @cached_property
    def _of_tickets(self) -> TicketCounts:
        return TicketCounts(self._tables)

    @cached_property
    def _of_visits(self) -> VisitCounts:
        return VisitCounts(self._tables)

    @cached_property
    def _of_cases(self) -> CaseCounts:
        return CaseCounts(self._tables)

    @cached_property
    def _duty(self) -> DutyTicks:
        return duty_ticks(self._tables, group_of_window(self._tables))

    @cached_property
    def _moment_of_ticket(self) -> Ints:
        """The half hour in which the ticket was taken, or could have been."""
        t = self._tables.tickets
        moment = self._moment(t.arrived_at)
        slot = slot_of(np.where(t.taken_at >= 0, t.taken_at, t.arrived_at))
        counted_in = self._slot_in_hours[moment // SLOTS, slot]
        return np.where((moment >= 0) & (t.place == HALL), moment + counted_in, NOWHERE)

    def _moment(self, arrived_at: AnyInts) -> Ints:
        """int64: first half hour of the kind of day on which somebody came; -1 = not measured."""
        day = self._tables.day_of(arrived_at)
        return np.where(day >= 0, self._kind_of_day[day] * SLOTS, NOWHERE)

    def _by_kind(self, by_day: Ints) -> Ints:
        """int64, shape (names, kinds, 48): sums over the days of each kind."""
        sums = np.zeros((len(by_day), len(self._slot_in_hours), SLOTS), dtype=np.int64)
        np.add.at(sums[:, :, 0].T, self._kind_of_day, by_day.T)
        return sums

    def _days(self, n_names: int) -> Ints:
        return self._by_kind(np.ones((n_names, len(self._kind_of_day)), dtype=np.int64))
