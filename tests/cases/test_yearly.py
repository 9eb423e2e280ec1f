"""A yearly figure is a figure of the year's calendar, however many days were measured."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from sim import Run
from sim.analysis.intervals import Interval
from sim.clock import holiday, makeup_day
from sim.plan.compile import compile_period
from sim.plan.year import expected_cases, year_of
from sim.questions.extend import extend
from sim.questions.extension import Extension
from sim.questions.proposals import propose
from sim.scenario.load import load_scenario, scenario_from_text
from sim.scenario.scenario import Scenario

CASE = Path(__file__).parent / "answers" / "extend.yaml"
WEEKDAYS_OF_2025 = 261
DAYS = (1, 5, 10, 20, 60)


def extended(scenario: Scenario, replications: int = 3) -> Extension:
    return extend(
        scenario, ["t0"], run=Run(replications=replications, seed=7, workers=1), rival=False
    )


@pytest.mark.parametrize("days", DAYS)
def test_the_case_from_any_number_of_days(days: int) -> None:
    """Ten a day on 261 weekdays, 120 minutes and 80 km saved by each: to the yuan but for waits."""
    extension = extended(load_scenario(CASE, [f"run.measured_days={days}"]))
    money = extension.worth
    assert extension.year.counted == pytest.approx(10 * WEEKDAYS_OF_2025)
    assert money.visits[:3] == pytest.approx((2_610, 2_610, 2_610))
    assert money.residents.mean == pytest.approx(261_000, rel=1e-3)
    assert money.hall_hours.mean == pytest.approx(2_610 / 60)
    assert money.break_even == pytest.approx(11_000 / 100, rel=1e-3)
    places = {place.place: place.visits.after.mean for place in extension.summary.stations.places}
    assert places == pytest.approx({"city_hall": 0, "new_t0": 10})
    [proposal] = propose(extension.scenario, 1, ["p_median"])
    assert proposal.saved == pytest.approx(261_000)


SEASONS = """\
name: {zh: 四季, en: Seasons}
source: reckoned by hand
run: {start: 2025-02-17, warmup_days: 0, measured_days: 20, followup_days: 8}
calendars:
- {id: week, weekly: {mon-fri: [09:00-17:00], sat: [09:00-12:00]}, holidays: china, closed: [2025-06-18]}
- {id: mornings, weekly: {mon-sat: [09:00-12:00]}, holidays: china}
hall: {name: {zh: 大厅, en: Hall}, hours: week}
departments:
- {id: office, name: {zh: 部门, en: office}, reviewers: 9, hours: week}
matters:
- {id: a, name: {zh: 甲, en: a}, lead: office, service: {base: 2 min}}
- {id: b, name: {zh: 乙, en: b}, lead: office, service: {base: 2 min}}
- {id: c, name: {zh: 丙, en: c}, lead: office, service: {base: 2 min}}
demand:
- {id: by_year, matter: a, per_year: 30000, months: {2: 2, 3: 0.5, 7: 3}, weekdays: {mon: 2, sat: 0.5}}
- {id: by_day, matter: b, per_day: 40, months: {12: 0}, weekdays: {fri: 0.2}}
- {id: by_hour, matter: c, rate: 3 per h}
applicants:
  volume_factor: 1.5
  day_factor: {law: gamma, mean: 1, cv: 0.3}
  townships:
  - {id: t0, name: {zh: t0, en: t0}, county: c, population: 1000, lon: 111.0, lat: 34.7}
  - {id: t1, name: {zh: t1, en: t1}, county: c, population: 3000, lon: 111.3, lat: 34.7}
money: {clerk_yuan_per_hour: 30}
places:
  open:
  - {id: city, name: {zh: c, en: c}, kind: city_hall, lon: 111.3, lat: 34.7}
  choice: {rule: nearest}
  travel:
    value_of_time_yuan_per_h: 30
    fare_yuan_per_km: 0.5
    terrains:
    - {id: plain, name: {zh: p, en: p}, road_factor: 1.3, km_per_hour: 40}
  siting:
    station: {clerks: 9, hours: mornings, market_days: {ends_in: [2, 5, 8], month: solar}, accepts: [a, b], yuan_per_year: 10000}
    at_most: 1
layouts:
- id: hall
  name: {zh: hall, en: hall}
  windows:
  - {id: windows, serves: [a, b, c], clerks: 30}
"""  # noqa: E501


def seasons(days: int) -> Scenario:
    return scenario_from_text(SEASONS).model_copy(
        update={"run": scenario_from_text(SEASONS).run.model_copy(update={"measured_days": days})}
    )


def by_hand() -> tuple[float, float]:
    """Cases of the year at the windows of a and b, and of all three: date by date."""
    first = date(2025, 1, 1)
    dates = [first + timedelta(days=n) for n in range(365)]

    def weekday(day: date) -> int:
        return 0 if makeup_day(day, "china") else day.weekday()

    opens = [
        day
        for day in dates
        if not holiday(day, "china") and weekday(day) < 6 and day != date(2025, 6, 18)
    ]
    b = sum(40 * (0 if d.month == 12 else 1) * (0.2 if weekday(d) == 4 else 1) for d in opens)
    hours = sum(3 if weekday(day) == 5 else 8 for day in opens)
    return 1.5 * (30_000 + b), 1.5 * (30_000 + b + 3 * hours)


def test_the_year_is_that_of_the_calendar() -> None:
    """Seasons, weekdays, holidays, make-up days, a closed day and a factor on the volume."""
    _, everybody = by_hand()
    for days in DAYS[1:]:
        year = year_of(seasons(days))
        assert (year.number, year.measured_hall_days) == (2025, days)
        assert year.counted == pytest.approx(everybody)
        assert year.by_weekday.sum() == pytest.approx(everybody)


@pytest.mark.parametrize("days", DAYS[1:])
def test_measured_cases_stand_for_the_year(days: int) -> None:
    """Expected cases, each as often as it stands for others, are those of the year."""
    scenario = seasons(days)
    year = year_of(scenario)
    expected = expected_cases(scenario, compile_period(scenario))
    assert (expected * year.weights).sum(axis=1) == pytest.approx(year.cases)


@pytest.mark.parametrize("days", DAYS[1:])
def test_expectations_agree_whatever_is_measured(days: int) -> None:
    """A quarter of the people live at the point, which accepts a and b, on market mornings."""
    extension = extended(seasons(days), replications=12)
    at_windows, _ = by_hand()
    money = extension.worth
    km = 111.195 * 0.3 * np.cos(np.radians(34.7)) * 1.3
    each = 2 * (km / 40 * 30 + km * 0.5)
    assert _holds(money.visits, at_windows / 4)
    assert _holds(money.residents, at_windows / 4 * each)
    assert _holds(money.hall_hours, at_windows / 4 * 2 / 60)
    places = {place.place: place.visits.after for place in extension.summary.stations.places}
    assert _holds(places["new_t0"], at_windows / 4 / extension.year.hall_days)
    trips = extension.summary.stations.effect("trips")
    assert trips.before.mean == pytest.approx(1.0)


def _holds(interval: Interval, value: float) -> bool:
    """Inside, with room for the luck of a dozen crowds; and narrow enough to tell anything."""
    wide = interval.half_width
    return abs(interval.mean - value) < 1.8 * wide and wide < 0.2 * value


def test_weekdays_that_are_not_measured_are_stood_for_and_told() -> None:
    """One Monday: cases of Mondays, twice as many, stand for the week, and it is said."""
    year = year_of(seasons(1))
    assert year.unseen_weekdays == (1, 2, 3, 4, 5)
    _, everybody = by_hand()
    assert year.counted == pytest.approx(everybody)
    assert year.busier > 1.2
    assert year_of(seasons(20)).unseen_weekdays == ()


def test_a_flow_that_is_not_measured_is_left_out_and_told() -> None:
    """It comes in December only; nothing is known of it from days in February."""
    others = ", ".join(f"{month}: 0" for month in range(1, 12))
    winter = f"- {{id: winter, matter: c, per_year: 500, months: {{{others}}}}}\n"
    text = SEASONS.replace("- {id: by_hour,", f"{winter}- {{id: by_hour,")
    year = year_of(scenario_from_text(text))
    assert [("by_day", "by_hour", "by_year", "winter")[f] for f in year.unseen_flows] == ["winter"]
    assert year.cases[3] == pytest.approx(1.5 * 500)
    assert year.counted == pytest.approx(year.cases.sum() - 750)


def test_given_instants_count_as_often_as_they_stand_in_the_year() -> None:
    text = CASE.read_text(encoding="utf-8").replace(
        "per_day: 10", "at: [2025-01-06 10:00, 2025-01-06 10:05, 2025-03-03 10:00]"
    )
    year = year_of(scenario_from_text(text))
    assert year.cases.tolist() == [3.0]
    assert year.weights[0, 0] == pytest.approx(1.5)


def test_the_year_is_that_in_which_the_measured_days_begin() -> None:
    late = ["run.start=2024-12-02", "run.warmup_days=30", "run.measured_days=5"]
    year = year_of(load_scenario(CASE, late))
    assert (year.number, year.hall_days) == (2025, WEEKDAYS_OF_2025)
