"""The calendar year that yearly figures speak of: its cases, its days, and who stands for them.

A run measures some days; a year has all of its own. So volumes come from the calendar and the
demand of the year, and a measured case stands for the cases of its flow on like days (DESIGN §8).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, NamedTuple

import numpy as np

from sim import clock
from sim.arrays import Floats, Ints
from sim.clock import DAY
from sim.plan.arrivals import compile_flows
from sim.plan.compile import compile_period
from sim.plan.opening import hall_days
from sim.plan.plan import Period
from sim.scenario.distributions import mean_of
from sim.scenario.hours import calendar_of
from sim.scenario.scenario import Scenario

WEEKDAYS: Final = len(clock.WEEKDAYS)


class Year(NamedTuple):
    """The calendar year in which the measured days begin.

    Attributes
    ----------
    number : int
        Of the year.
    hall_days, measured_hall_days : int
        Days on which the city hall opens, in the year and among the measured ones.
    cases, measured : ndarray, shape (F,)
        Expected cases of each flow in the year, and on the measured days.
    by_weekday, measured_by_weekday : ndarray, shape (7,)
        The same of all flows, by the weekday whose hours and roster a day has.
    weights : ndarray, shape (F, N)
        Cases of the year that a case stands for which began on each day of the run; 0 on days
        that are not measured.
    """

    number: int
    hall_days: int
    measured_hall_days: int
    cases: Floats
    measured: Floats
    by_weekday: Floats
    measured_by_weekday: Floats
    weights: Floats

    @property
    def counted(self) -> float:
        """Expected cases of the year, of the flows that come on measured days."""
        return float(self.cases[self.measured > 0].sum())

    @property
    def unseen_flows(self) -> tuple[int, ...]:
        """Flows of the year without a case on the measured days: nothing is known of them."""
        return tuple(np.flatnonzero((self.cases > 0) & (self.measured <= 0)).tolist())

    @property
    def unseen_weekdays(self) -> tuple[int, ...]:
        """Weekdays with cases in the year and none on the measured days: others stand for them."""
        unseen = (self.by_weekday > 0) & (self.measured_by_weekday <= 0)
        return tuple(np.flatnonzero(unseen).tolist())

    @property
    def busier(self) -> float:
        """Cases of a measured hall day over those of the year's mean one; nan where none comes."""
        a_year, measured = self.cases.sum(), self.measured.sum()
        if not (a_year > 0 and self.hall_days > 0 and self.measured_hall_days > 0):
            return float("nan")
        return float(measured / self.measured_hall_days / (a_year / self.hall_days))


def as_year(scenario: Scenario) -> Scenario:
    """The scenario with the calendar year as its run, all of whose days are measured."""
    first = date(_number(scenario), 1, 1)
    run = scenario.run.model_copy(
        update={"start": first, "warmup_days": 0, "measured_days": 1, "followup_days": 0}
    )
    return scenario.model_copy(update={"run": run})


def period_of_year(scenario: Scenario) -> Period:
    """All days of a calendar year, as the period of a run; for what `as_year` gives."""
    first = scenario.run.start
    days = (date(first.year + 1, 1, 1) - first).days
    whole = Period(days, 0, days, np.zeros(0, dtype=np.int64), first.toordinal())
    opens = [day.n for day in hall_days(scenario, whole)]
    return whole._replace(hall_days=np.array(opens, dtype=np.int64))


def year_of(scenario: Scenario) -> Year:
    """The year of a scenario, and what each measured case stands for in it.

    A case of flow f that began on a day of weekday k stands for (expected cases of f on such days
    of the year) / (expected cases of f on such measured days). Where a flow comes on a weekday in
    the year and on none that is measured, its cases of the other weekdays stand for those too.

    Examples
    --------
    A hall that is open every day, with 24 cases in each of its 24 hours:

    >>> from sim import example_path, load_scenario
    >>> exact = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> year = year_of(exact)
    >>> year.number, year.hall_days, round(year.counted / year.hall_days, 2)
    (2025, 365, 576.0)
    """
    whole = as_year(scenario)
    run_period, year_period = compile_period(scenario), period_of_year(whole)
    days = slice(run_period.measured_from, run_period.measured_until)
    expected = expected_cases(scenario, run_period)
    kinds = _kinds(scenario, run_period.n_days)
    in_year, kinds_of_year = expected_cases(whole, year_period), _kinds(whole, year_period.n_days)
    cells = _by_kind(expected[:, days], kinds[days])
    cells_of_year = _by_kind(in_year, kinds_of_year)
    cases, measured = cells_of_year.sum(axis=1), cells.sum(axis=1)
    seen = np.where(cells > 0, cells_of_year, 0.0).sum(axis=1)
    # the others stand for cases of unseen weekdays; all of them for measured days of another year
    stretch = np.divide(cases, seen, out=np.zeros(len(cases)), where=seen > 0)
    each = np.divide(cells_of_year, cells, out=np.zeros(cells.shape), where=cells > 0)
    plain = np.divide(cases, measured, out=np.zeros(len(cases)), where=measured > 0)
    weight = np.where((cells > 0) & (seen > 0)[:, None], each * stretch[:, None], plain[:, None])
    weights = np.zeros(expected.shape)
    weights[:, days] = weight[:, kinds[days]]
    return Year(
        whole.run.start.year,
        len(year_period.hall_days),
        len(run_period.hall_days),
        cases,
        measured,
        cells_of_year.sum(axis=0),
        cells.sum(axis=0),
        weights,
    )


def _number(scenario: Scenario) -> int:
    """The calendar year in which the measured days begin."""
    first = compile_period(scenario).measured_from
    return (scenario.run.start + timedelta(days=first)).year


def expected_cases(scenario: Scenario, period: Period) -> Floats:
    """float64, shape (F, N): expected cases of each flow and day, given instants included."""
    ids = sorted(matter.id for matter in scenario.matters)
    flows = compile_flows(scenario, ids, period)
    cases = flows.cases_of_day * mean_of(scenario.applicants.day_factor)
    offsets, times = flows.given_offsets, flows.given_times
    for f in range(len(cases)):
        days = times[offsets[f] : offsets[f + 1]] // DAY
        cases[f] += np.bincount(days, minlength=period.n_days)
    return np.asarray(cases, dtype=np.float64)


def _kinds(scenario: Scenario, n_days: int) -> Ints:
    """int64, shape (N,): weekday whose hours and roster each day has; Monday's on make-up days."""
    calendar = calendar_of(scenario, scenario.hall.hours)
    dates = (scenario.run.start + timedelta(days=n) for n in range(n_days))
    weekdays = [0 if clock.makeup_day(day, calendar.holidays) else day.weekday() for day in dates]
    return np.array(weekdays, dtype=np.int64)


def _by_kind(cases: Floats, kinds: Ints) -> Floats:
    """float64, shape (F, 7): sums over days of each kind."""
    sums = np.zeros((len(cases), WEEKDAYS))
    np.add.at(sums.T, kinds, cases.T)
    return sums
