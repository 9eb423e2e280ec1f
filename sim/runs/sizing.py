"""How many clerks promises need: what is searched, and one trial of it on crowds kept in memory.

What hangs together in it is in `sizing_units`. The search is in four files, in the order in which
they work: `sizing_bound` (with everybody there; no fewer can do), `sizing_raise` (add until all is
kept), `sizing_polish` (take away what is not needed), `sizing_confirm` (fresh crowds). All of them
ask here what a staff keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.offered import offered_load
from sim.analysis.promises import Promised, promise_cells
from sim.analysis.slots import time_by_slot
from sim.arrays import Bools, Floats, Ints
from sim.clock import HOUR
from sim.engine.run import prepare
from sim.plan.compile import compile_plan
from sim.plan.office import compile_office
from sim.plan.opening import hall_days
from sim.plan.parts import plan_parts
from sim.plan.plan import BackOffice, Plan
from sim.plan.rosters import Post, Rosters, clerks_today, posts_of
from sim.results.invariants import check_invariants
from sim.results.tables import Tables
from sim.runs.kept_crowds import KeptCrowds
from sim.runs.run import ResolvedRun
from sim.runs.sizing_sums import SumsByUnit
from sim.runs.sizing_trips import apart_from_cases, is_of_tickets, unit_of_lists
from sim.runs.sizing_units import (
    Round,
    Unit,
    blamed,
    places_of_cells,
    rounds_apart,
    same_numbers,
    units_of,
)
from sim.scenario.day_kinds import KindOfDate
from sim.scenario.edit import with_reviewers
from sim.scenario.hours import weekly_hours
from sim.scenario.scenario import Scenario

LEAST_ROOM: Final = 0.005
"""Of a promise of next to 0 or 100 %: what it leaves room for counts as no less than that."""


class SearchStoppedError(Exception):
    """Somebody cancelled the search."""


class Pause:
    """Between two simulations: tells how far it is, and stops who was cancelled."""

    def __init__(self, how: ResolvedRun, expected: int) -> None:
        self._how, self._expected, self._done = how, expected, 0
        how.report(0, expected)

    def __call__(self) -> None:
        """Go on.

        Raises
        ------
        SearchStoppedError
            When the question was cancelled.
        """
        if self._how.cancelled():
            raise SearchStoppedError
        self._done += 1
        self._how.report(min(self._done, self._expected - 1), self._expected)


class Trial(NamedTuple):
    """One staff on all crowds of the search."""

    staff: Ints
    """int64, shape (posts + departments,): clerks, then reviewers."""
    sums: Ints
    """int64, shape (replications, cells, 2)."""
    values: Floats
    """float64, shape (cells,): in the unit of each promise; nan where nobody comes."""


class SizingProblem:
    """One layout, its posts, its promises, and the crowds that decide.

    Attributes
    ----------
    promised : Promised
    posts : tuple of Post
    staff_today : ndarray(int64), shape (posts + departments,)
        As the scenario is.
    least, most : ndarray(int64), shape (posts + departments,)
        Fewest and most that are tried: windows that are built, where the scenario says how many.
    levels : ndarray(float64), shape (cells,)
        What the search keeps, in the unit of each promise; at first what is promised.
    """

    def __init__(
        self,
        scenario: Scenario,
        layout: str,
        crowds: KeptCrowds,
        replications: Iterable[int],
        pause: Callable[[], None],
    ) -> None:
        self.scenario, self.layout = scenario, layout
        self.today = compile_plan(scenario, layout)
        self.promised: Promised = promise_cells(self.today, scenario)
        self.posts: tuple[Post, ...] = posts_of(
            scenario, scenario.layout(layout), self.promised.kinds
        )
        self._rosters = Rosters(scenario, self.today, self.posts)
        self.kept_open = self._rosters.lines_of_posts()
        clerks = clerks_today(scenario, scenario.layout(layout), self.posts, self.promised.kinds)
        self.staff_today: Ints = np.concatenate([clerks, self.today.office.reviewers])
        self.levels: Floats = self.promised.levels.copy()
        self.replications = tuple(replications)
        prepare(self.today, crowds.engine)
        self.crowds = crowds
        self.pause = pause
        """Asked before each simulation: reports progress, and stops who was cancelled."""
        self._trials: dict[bytes, Trial] = {}
        self._by_unit: SumsByUnit | None = None
        self._offices: dict[bytes, BackOffice] = {}
        self.evaluations = 0
        self.best: Trial | None = None
        """The cheapest staff so far that keeps the levels."""

    # --- trials --- #

    def plan(self, staff: Ints) -> Plan:
        """The hall with that staff."""
        plan = self._rosters.plan(staff[: len(self.posts)])
        return plan._replace(office=self._office(staff[len(self.posts) :]))

    def _office(self, reviewers: Ints) -> BackOffice:
        """The departments with so many reviewers; a roster keeps its shape."""
        office = self.today.office
        if not len(office.rostered_calendar) or (reviewers == office.reviewers).all():
            return office._replace(reviewers=reviewers)
        key = reviewers.tobytes()
        if key not in self._offices:
            numbers = dict(zip(self.today.names.departments, reviewers.tolist(), strict=True))
            scenario = with_reviewers(self.scenario, numbers)
            parts = plan_parts(scenario.matters)
            self._offices[key] = compile_office(scenario, parts, self.today.period)
        return self._offices[key]

    def trial(self, staff: Ints) -> Trial:
        """One staff on the crowds; asked again, it is not run again.

        Raises
        ------
        SearchStoppedError
            When the search was cancelled.
        """
        key = staff.tobytes()
        if key not in self._trials:
            self.pause()
            sums = self._simulated(staff)
            self._trials[key] = Trial(staff.copy(), sums, self.promised.values(sums.sum(axis=0)))
        trial = self._trials[key]
        if not self.broken(trial).any():
            cheaper = self.best is None or self.weekly_hours(staff) < self.weekly_hours(
                self.best.staff
            )
            self.best = trial if cheaper else self.best
        return trial

    def _simulated(self, staff: Ints) -> Ints:
        """int64, shape (replications, cells, 2)."""
        if self._by_unit is None:
            self.evaluations += 1
            return self.crowds.each(self.plan(staff), self.replications, self.promised.sums)
        sums, has_run = self._by_unit.sums(staff, self.replications)
        self.evaluations += has_run
        return sums

    def try_by_unit(self, everybody: Ints) -> None:
        """From now on simulate of a staff what differs from those before, where that can be told.

        Parameters
        ----------
        everybody : ndarray(int64), shape (posts + departments,)
            With whom hardly anybody leaves without being served.
        """
        apart = np.array(
            [is_of_tickets(self.promised, unit) for unit in self.units], dtype=np.bool_
        )
        if not apart.any() or not apart_from_cases(self.today):
            return
        layout = self.scenario.layout(self.layout)
        lists = unit_of_lists(layout, self.today, self.posts, self.promised, self.units)
        self._by_unit = SumsByUnit(
            self.crowds, self.promised, self.units, apart, lists, self.plan, everybody
        )
        self._trials.clear()

    def fresh_sums(self, plan: Plan, replications: Sequence[int]) -> Ints:
        """Sums of every cell on crowds of other replications; all laws of the hall are checked."""

        def look(tables: Tables) -> Ints:
            check_invariants(tables)
            return self.promised.sums(tables)

        return self.crowds.each(plan, replications, look)

    def search_on(self, replications: Iterable[int]) -> None:
        """Go on with other crowds; what was tried before does not count any more."""
        self.replications, self.best = tuple(replications), None
        self._trials.clear()

    def keep(self, levels: Floats) -> None:
        """Go on with other levels."""
        self.levels, self.best = levels, None

    # --- what a trial says --- #

    @cached_property
    def high_is_better(self) -> Bools:
        """bool, shape (cells,)."""
        promises = self.promised.promises
        return np.array(
            [promises[cell.promise].kind.better == "high" for cell in self.promised.cells],
            dtype=np.bool_,
        )

    @cached_property
    def is_share(self) -> Bools:
        """bool, shape (cells,): promised in shares."""
        promises = self.promised.promises
        return np.array(
            [promises[cell.promise].kind.unit == "share" for cell in self.promised.cells],
            dtype=np.bool_,
        )

    @cached_property
    def decided(self) -> Bools:
        """bool, shape (cells,): there are posts, or departments, on which the cell depends."""
        decided = np.zeros(len(self.promised.cells), dtype=np.bool_)
        for unit in self.units:
            decided[unit.cells] = True
        return decided

    def shortfall(self, values: Floats) -> Floats:
        """float64, shape (cells,): by how much each cell is worse than its level; 0 = kept."""
        worse = np.where(self.high_is_better, self.levels - values, values - self.levels)
        return np.where(self.decided, np.nan_to_num(np.maximum(worse, 0.0), nan=0.0), 0.0)

    def relative_shortfall(self, values: Floats) -> Floats:
        """float64, shape (cells,): shortfall in parts of what the promise leaves room for."""
        return self.shortfall(values) / self.room

    def above_level(self, values: Floats) -> Floats:
        """float64, shape (cells,): how much better than the level, in those parts; below 0: broken.

        Infinite where nobody comes.
        """
        better = np.where(self.high_is_better, values - self.levels, self.levels - values)
        return np.nan_to_num(better / self.room, nan=np.inf)

    @cached_property
    def room(self) -> Floats:
        """float64, shape (cells,): what each promise leaves room for, in its unit."""
        levels = self.promised.levels
        room = np.where(self.is_share, np.minimum(levels, 1 - levels), levels)
        return np.maximum(room, LEAST_ROOM)

    def broken(self, trial: Trial) -> Bools:
        """bool, shape (cells,): worse than the level."""
        return self.shortfall(trial.values) > 0

    def worse(self, trial: Trial, before: Trial) -> Bools:
        """bool, shape (cells,): broken, and worse than before: what was broken may stay so."""
        short = self.shortfall(trial.values)
        return np.asarray((short > 0) & (short > self.shortfall(before.values)))

    def weekly_hours(self, staff: Ints) -> float:
        """Clerk hours a week at the posts."""
        return float(staff[: len(self.posts)] @ self.hours)

    @cached_property
    def hours(self) -> Floats:
        """float64, shape (posts,): hours a week of one clerk at each post."""
        kinds = self.promised.kinds
        days = KindOfDate(self.scenario, kinds).days_a_week()
        days_of = {kind.key: days[n] for n, kind in enumerate(kinds)}
        return np.array(
            [post.hours_of(days_of[post.days]) for post in self.posts], dtype=np.float64
        )

    @cached_property
    def weights(self) -> Floats:
        """float64, shape (posts + departments,): hours a week of one person at each place."""
        calendars = {calendar.id: calendar for calendar in self.scenario.calendars}
        by_id = {department.id: department for department in self.scenario.departments}
        open_ = [
            sum(
                hours.end - hours.start
                for day in weekly_hours(calendars[by_id[name].hours]).values()
                for hours in day
            )
            / HOUR
            for name in self.today.names.departments
        ]
        return np.concatenate([self.hours, open_])

    @cached_property
    def reviewer_load(self) -> Floats:
        """float64, shape (departments,): reviewers at work on average, as expected before a run."""
        loads = {row.id: row.load for row in offered_load(self.today) if row.kind == "department"}
        of_each = [loads[name] for name in self.today.names.departments]
        return np.array(of_each) * self.today.office.reviewers

    def keeps_open(self, staff: Ints) -> bool:
        """Whether every line has somebody in each open half hour who calls it as their own."""
        return all(staff[posts].sum() > 0 for posts in self.kept_open)

    def busy_at_posts(self, staff: Ints, replications: Sequence[int]) -> Floats:
        """float64, shape (posts,): how many serve there on average."""
        plan = self.plan(staff)
        groups = tuple(dict.fromkeys(plan.names.groups))
        group_of = np.array([groups.index(group) for group in plan.names.groups], dtype=np.int64)
        kinds = self.promised.kinds
        kind_of = KindOfDate(self.scenario, kinds)
        days = [
            kinds[kind_of.number(day.date)].key
            for day in hall_days(self.scenario, plan.period)
            if day.n in plan.period.hall_days
        ]
        rows = {kind: np.flatnonzero(np.array(days) == kind) for kind in set(days)}
        nobody = np.zeros(0, dtype=np.int64)

        def look(tables: Tables) -> Ints:
            services = tables.services
            owner = group_of[services.window]
            ticks = time_by_slot(plan, services.called_at, services.ended_at, owner, len(groups))
            return np.array(
                [
                    ticks[groups.index(post.group), rows.get(post.days, nobody), post.slot].sum()
                    for post in self.posts
                ],
                dtype=np.int64,
            )

        ticks = self.crowds.each(plan, replications, look).sum(axis=0)
        spans = [
            len(rows.get(post.days, nobody)) * len(replications) * (post.ends - post.starts)
            for post in self.posts
        ]
        return np.asarray(ticks / np.maximum(spans, 1))

    # --- what hangs together --- #

    @cached_property
    def places_of_cells(self) -> tuple[Ints, ...]:
        """Entries of a staff on which each cell depends."""
        layout = self.scenario.layout(self.layout)
        return places_of_cells(layout, self.today, self.posts, self.promised)

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Posts, and departments, whose numbers are decided together; only those with promises."""
        layout = self.scenario.layout(self.layout)
        return units_of(layout, self.today, self.posts, self.promised, self.same_number)

    @cached_property
    def same_number(self) -> tuple[Ints, ...]:
        """Of each entry of a staff those that always have the same number, itself among them."""
        constant = self.scenario.targets.constant_over_day
        return same_numbers(self.posts, len(self.staff_today), constant)

    def numbers_of(self, unit: Unit) -> list[int]:
        """Places of a unit, of those with the same number the first."""
        return [place for place in unit.places.tolist() if self.same_number[place][0] == place]

    def changed(self, staff: Ints, place: int, by: int) -> Ints:
        """A staff with so many more at a place, and where there are always as many."""
        changed = staff.copy()
        changed[self.same_number[place]] += by
        return changed

    def levelled(self, staff: Ints) -> Ints:
        """A staff with the most of those that always have the same number."""
        return np.array([staff[places].max() for places in self.same_number], dtype=np.int64)

    def weight_of(self, place: int) -> float:
        """Hours a week of one person more at a place, and where there are always as many."""
        return float(self.weights[self.same_number[place]].sum())

    @cached_property
    def sizes_departments(self) -> bool:
        """Whether anything is promised that reviewers decide."""
        return any(promise.kind.over == "cases" for promise in self.promised.promises)

    def blamed(self, unit: Unit, tried: Sequence[int], broken: Bools) -> set[int]:
        """Which of the places of a unit tried at once have broken a promise."""
        return blamed(unit, self.posts, self.promised, tried, broken)

    def apart(self, places_by_unit: Round) -> list[Round]:
        """Rounds in which places of many units are tried at once, each place in one of them."""
        return rounds_apart(self.units, self.posts, places_by_unit)
