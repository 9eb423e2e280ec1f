"""A model of a hall's waits that was learned from the days of a log up to a date.

Clerks go by weekday, half hour and expected work, works are drawn from those of the days before,
and who is called first is told from their waits.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

import numpy as np

from sim.arrays import Floats, Ints
from sim.clock import DAY, MINUTE
from sim.errors import OptionError, Problem
from sim.learning.log_memory import RUN_BYTES_PER_ROW, refuse_beyond_memory
from sim.learning.log_people import LogPeople, log_people
from sim.learning.log_replay import (
    SEED,
    order_of_cases,
    replayable,
    simulated_waits,
    with_services,
)
from sim.learning.naive_waits import erlang_waits
from sim.learning.patience import fit_patience
from sim.learning.replayed_hall import (
    LAYOUT,
    AnyBools,
    DatedClerks,
    clerks_of_levels,
    dated_clerks,
    dated_levels,
    hall_scenario,
    with_clerks_table,
)
from sim.learning.staffing import HALF_HOUR
from sim.learning.staffing_rule import open_slots, staffing_rule
from sim.learning.ticket_log import TicketLog
from sim.learning.wait_figures import WaitCell, WaitErrors, WaitFigures, wait_errors
from sim.learning.wait_runs import Waits, figures_of_runs, forecast_cells
from sim.plan.compile import compile_plan
from sim.plan.crowd import draw_tape

RUNS: Final = 19
"""Between the extremes of nineteen lies one more with chance 18 / 20 = 90 %."""
RECENT_WEEKS: Final = 12
"""Weeks before the date from which clerks, works and crowds are learned."""
FEWEST_DAYS: Final = 10
"""Days with people that a model needs before the date; and half as many after it."""
FACTORS: Final = (0.8, 1.25)
STEPS: Final = 6
CALIBRATION_RUNS: Final = 3
FEWEST_BREAKS: Final = 3
"""Days on which people wait and nobody serves, before a half hour is a break."""
FEWEST_SERVICES: Final = 30
"""Of a matter, below which its people have the work of all."""

ForecastKind = Literal["arrivals", "calendar", "roster"]
"""Given who came; given the dates and open hours alone; given who came and the clerks of each date,
as its own log tells them: what a roster known before could bring."""


class Forecast(NamedTuple):
    """What a model predicts, beside what happened."""

    kind: ForecastKind
    figures: WaitFigures
    cells: tuple[WaitCell, ...]
    errors: WaitErrors
    by_week: float
    """Minutes by which weeks are off, up or down."""
    week_coverage: float


class WaitModel:
    """What was learned from the days before a date."""

    def __init__(self, log: TicketLog, learn_until: date, title: str, time_zone: str) -> None:
        self.log, self.title, self.time_zone = log, title, time_zone
        _, self.staffing = replayable(log)
        self.n_before = (learn_until - log.first_date).days + 1
        people = log_people(log, self.n_before)
        assert people is not None  # as it is replayable
        self.people = people
        counts = np.bincount(people.day, minlength=people.n_days)
        open_days = np.flatnonzero(counts > 0)
        self.train_days = open_days[open_days < self.n_before]
        self.test_days = open_days[open_days >= self.n_before]
        if len(self.train_days) < FEWEST_DAYS or len(self.test_days) < FEWEST_DAYS // 2:
            last = people.first_date + timedelta(days=people.n_days - 1)
            dates = f"{people.first_date} – {last}"
            raise OptionError(Problem("backtest_days", "--learn-until", found=dates))
        recent = self.train_days >= self.n_before - 7 * RECENT_WEEKS
        enough = np.count_nonzero(recent) >= FEWEST_DAYS // 2  # the log may pause before the date
        self.recent_days = self.train_days[recent] if enough else self.train_days
        self.weekday = (people.first_date.weekday() + np.arange(people.n_days)) % 7
        self.mean_service = self._mean_services()
        level, is_exact, _ = dated_levels(self.staffing, people.n_days)
        self.is_break = _breaks(level[:, self.recent_days], is_exact[:, self.recent_days])
        is_recent = np.isin(np.arange(people.n_days), self.recent_days)
        self.is_open = open_slots(people.arrived_at, people.n_days, HALF_HOUR, DAY)
        self.rule = staffing_rule(level, self.work(people), self.is_open, self.weekday, is_recent)
        self.factor = self._factor(by_date=False)
        self.roster_factor = 1.0
        if self.staffing.how == "overlap":
            self.roster_factor = self._factor(by_date=True)
        self.crowd = ModelCrowd(self, self.among(self.test_days))

    # === what people are === #

    def among(self, days: Ints) -> LogPeople:
        """People of some days."""
        return self.people.chosen(np.isin(self.people.day, days))

    def _mean_services(self) -> Floats:
        pool = self.among(self.recent_days)
        n = len(self.people.matters)
        counts = np.bincount(pool.matter, minlength=n)
        sums = np.bincount(pool.matter, weights=pool.service, minlength=n)
        return np.where(
            counts >= FEWEST_SERVICES, sums / np.maximum(counts, 1), pool.service.mean()
        )

    def work(self, people: LogPeople) -> Floats:
        """float64, shape (days,): expected work of the people of each day, in ticks."""
        return np.bincount(
            people.day, weights=self.mean_service[people.matter], minlength=people.n_days
        ).astype(np.float64)

    def drawn_services(self, people: LogPeople, rng: np.random.Generator) -> Ints:
        """int64: a work for each, of the people who were served for the same before the date."""
        pool = self.among(self.recent_days)
        service = np.empty(len(people), dtype=np.int64)
        for matter in np.unique(people.matter).tolist():
            here = people.matter == matter
            of_matter = pool.service[pool.matter == matter]
            source = of_matter if len(of_matter) >= FEWEST_SERVICES else pool.service
            service[here] = rng.choice(source, int(here.sum()))
        return service

    def drawn_people(self, rng: np.random.Generator) -> LogPeople:
        """People of the days after the date: of each those of one like it before, drawn."""
        pieces, shifts = [], []
        for day in self.test_days.tolist():
            alike = self.recent_days[self.weekday[self.recent_days] == self.weekday[day]]
            source = int(rng.choice(alike if len(alike) else self.recent_days))
            rows = np.flatnonzero(self.people.day == source)
            pieces.append(rows)
            shifts.append(np.full(len(rows), (day - source) * DAY))
        rows = np.concatenate(pieces)
        arrived_at = self.people.arrived_at[rows] + np.concatenate(shifts)
        is_open = self.is_open[arrived_at // DAY, arrived_at % DAY // HALF_HOUR]
        is_open |= not is_open.any()
        order = np.argsort(arrived_at[is_open], kind="stable")
        drawn = self.people.chosen(rows[is_open][order])
        return replace(drawn, arrived_at=arrived_at[is_open][order])

    # === what clerks are === #

    def clerks(self, people: LogPeople, factor: float, rng: np.random.Generator) -> DatedClerks:
        """Those of the rule, each day straying from it."""
        stray = rng.standard_normal(people.n_days)
        level = self.rule.levels(self.weekday, self.work(people), self.is_open, stray) * factor
        return clerks_of_levels(level, self.is_break)

    def erlang_waits(self) -> Floats | None:
        """Minutes of each weekday by Erlang's formula, shape (7,); None where the days before the
        date do not tell patience."""
        patience = fit_patience(self.log.first_days(self.n_before))
        if patience is None or patience.law is None:
            return None
        pool, n_groups = self.among(self.recent_days), len(self.people.groups)
        per_slot = np.zeros(self.rule.level.shape)
        slot = pool.arrived_at % DAY // HALF_HOUR
        np.add.at(per_slot, (pool.group, self.weekday[pool.day], slot), 1.0)
        n_days = np.bincount(self.weekday[self.recent_days], minlength=7)
        per_slot /= np.maximum(n_days, 1)[None, :, None]
        counts = np.bincount(pool.group, minlength=n_groups)
        service = np.bincount(pool.group, weights=pool.service, minlength=n_groups) / MINUTE
        return erlang_waits(
            per_slot,
            self.rule.level,
            HALF_HOUR / MINUTE,
            service / np.maximum(counts, 1),
            patience.law.mean / MINUTE,
        )

    def _factor(self, by_date: bool) -> float:
        """Such that the mean wait of the recent days before the date comes out, by halving."""
        people = self.among(self.recent_days)
        target = float(people.wait.mean()) / MINUTE
        hall = ModelCrowd(self, people)
        low, high = FACTORS
        tried = {}
        for step in range(STEPS + 1):
            middle = (low + high) / 2 if step else 1.0
            runs = hall.runs(CALIBRATION_RUNS, middle, by_date=by_date)
            mean = float(np.mean([run.minutes.mean() for run in runs]))
            tried[middle] = abs(mean - target)
            low, high = (middle, high) if mean > target else (low, middle)
        return min(tried, key=lambda factor: (tried[factor], abs(factor - 1)))

    # === what follows === #

    def forecast(self, kind: ForecastKind) -> Forecast:
        """Nineteen runs of the days after the date."""
        people = self.among(self.test_days)
        first_date = people.first_date
        observed = Waits(people.arrived_at, people.group, people.wait / MINUTE)
        runs: list[Waits]
        if kind == "calendar":
            rng = np.random.default_rng(SEED)
            runs = []
            for n in range(RUNS):
                runs += ModelCrowd(self, self.drawn_people(rng)).runs(1, self.factor, SEED + n)
        else:
            by_date = kind == "roster"
            factor = self.roster_factor if by_date else self.factor
            runs = self.crowd.runs(RUNS, factor, by_date=by_date)
        cells = forecast_cells(observed, runs, first_date)
        weeks = [cell for cell in cells if cell.by == "week"]
        inside = [cell.low <= cell.observed <= cell.high for cell in weeks]
        return Forecast(
            kind=kind,
            figures=figures_of_runs(runs),
            cells=cells,
            errors=wait_errors(cells),
            by_week=float(np.mean([abs(cell.simulated - cell.observed) for cell in weeks])),
            week_coverage=float(np.mean(inside)),
        )


def _breaks(level: Floats, is_exact: AnyBools) -> AnyBools:
    """bool, shape (groups, slots): half hours in which people waited on some days, and on most of
    these nobody served them."""
    idle = (is_exact & (level < 0.5)).sum(axis=1)
    return np.asarray((idle >= FEWEST_BREAKS) & (2 * idle >= is_exact.sum(axis=1)))


class ModelCrowd:
    """People who come before clerks that a model says."""

    def __init__(self, model: WaitModel, people: LogPeople) -> None:
        refuse_beyond_memory(len(people), model.title, RUN_BYTES_PER_ROW)
        self.model, self.people = model, people
        days = (int(people.day.min()), int(people.day.max()))
        rng = np.random.default_rng(SEED)
        clerks = model.clerks(people, 1.0, rng).rows(people)
        self.scenario = hall_scenario(people, clerks, days, model.title, model.time_zone)
        self.tape = draw_tape(compile_plan(self.scenario, LAYOUT).demand, SEED, 0)
        self.order = order_of_cases(self.tape, people)

    def runs(self, n: int, factor: float, seed: int = SEED, by_date: bool = False) -> list[Waits]:
        """Runs that differ in works and in how far days stray from the rule.

        Parameters
        ----------
        by_date
            The clerks of each date, as its own log tells them, in place of the rule.
        """
        rng = np.random.default_rng(seed)
        roster = None
        if by_date:
            roster = dated_clerks(self.model.staffing, self.people.n_days, factor)
        runs = []
        for _ in range(n):
            clerks = roster or self.model.clerks(self.people, factor, rng)
            scenario = with_clerks_table(self.scenario, LAYOUT, clerks.rows(self.people))
            service = self.model.drawn_services(self.people, rng)
            tape = with_services(self.tape, self.order, service)
            waits = simulated_waits(compile_plan(scenario, LAYOUT), tape, self.order)
            runs.append(Waits(self.people.arrived_at, self.people.group, waits.minutes))
        return runs
