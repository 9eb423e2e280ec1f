"""Every figure of both accounts against sums done by hand, to the cent.

Nobody ever waits, so a case costs the same whoever it is, and any number of measured days must give
the same year: 261 weekdays of 2025 with ten cases each.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sim import Run
from sim.analysis.worth import duty_a_year, measured_duty
from sim.plan.compile import compile_plan
from sim.plan.places import HOME
from sim.plan.year import year_of
from sim.questions.extend import extend
from sim.questions.extension import Extension, diverted_cases
from sim.questions.frontier import frontier
from sim.questions.next_point import next_points
from sim.questions.proposals import affordable, hours_a_year, propose
from sim.questions.sites import site
from sim.scenario.load import scenario_from_text
from sim.scenario.places import MarketDays, ServicePoint
from sim.scenario.scenario import Scenario
from sim.storage.extend_export import extension_data
from sim.text import load_text
from sim.views.worth_words import money_sentences
from tests.questions.test_extend import online_of
from tests.scenario.test_places import AREA

CENT = 0.005

TEXT = """\
name: {zh: 账, en: Accounts}
source: reckoned by hand
run: {start: 2025-01-06, measured_days: 5, followup_days: 1, replications: 2}
calendars:
- {id: week, weekly: {mon-fri: [09:00-17:00]}}
- {id: mornings, weekly: {mon-sat: [09:00-12:00]}, holidays: china}
profiles:
- {id: not_late, shape: {09:00-16:00: 1}}
hall: {name: {zh: 大厅, en: Hall}, hours: week}
departments:
- {id: office, name: {zh: 部门, en: Office}, reviewers: 9, hours: week}
matters:
- id: errand
  name: {zh: 事, en: Errand}
  lead: office
  service: {base: 6 min}
online: {department: office, precheck: 5 min}
demand:
- {id: all, matter: errand, per_day: 10, profile: not_late}
applicants:
  townships:
  - {id: far, name: {zh: 远, en: Far}, county: c, population: 1000, lon: 111.0, lat: 34.7}
money: {clerk_yuan_per_hour: 30}
places:
  open:
  - {id: city, name: {zh: 市, en: City}, kind: city_hall, lon: 112.0, lat: 34.7}
  choice: {rule: nearest}
  travel:
    value_of_time_yuan_per_h: 30
    fare_yuan_per_km: 0.5
    least_fare_yuan: 2
    local_km: 2
    terrains:
    - {id: plain, name: {zh: 平, en: Plain}, road_factor: 1.3, km_per_hour: 40}
    legs:
    - {township: far, place: city, takes: 60 min, km: 40}
  siting:
    station:
      clerks: 20
      accepts: [errand]
      courier: {leaves: ["12:00"], takes: 2 h}
      yuan_per_year: 9000
      setup_yuan: 8000
      setup_years: 4
    at_most: 1
layouts:
- id: hall
  name: {zh: 厅, en: Hall}
  windows:
  - {id: windows, serves: [errand], clerks: 20}
"""
YEAR = 10 * 261
"""Cases."""
THERE = 2 * 40 * 0.5 + (2 * 60 + 6) / 60 * 30
"""Yuan of a trip to the city: two fares of 20, two hours on the way and six minutes there: 103."""
NEAR = 2 * 2 + (2 * 3 + 6) / 60 * 30
"""Yuan of a trip to the point: two lowest fares, two kilometres out and two back at 40 km/h: 10."""
SAVED = THERE - NEAR
YEARLY = 9_000 + 8_000 / 4
WORK = YEAR * 6 / 60
"""Hours."""


def scenario(days: int = 5) -> Scenario:
    return scenario_from_text(TEXT.replace("measured_days: 5", f"measured_days: {days}"))


@pytest.fixture(scope="module", params=[1, 5, 12])
def extension(request: pytest.FixtureRequest) -> Extension:
    return extend(
        scenario(request.param),
        ["far"],
        run=Run(replications=2, seed=3, engine="reference", workers=1),
    )


def test_the_numbers_by_hand_are_those_of_the_docstrings() -> None:
    assert (THERE, NEAR, SAVED, YEARLY, WORK) == (103.0, 10.0, 93.0, 11_000.0, 261.0)


def test_what_residents_pay_and_save(extension: Extension) -> None:
    money = extension.worth
    assert money.residents[:3] == pytest.approx((242_730,) * 3, abs=CENT)
    rows = {effect.measure: effect for effect in extension.summary.stations.area}
    by_hand = {
        "trips": (1, 1),
        "travel": (120, 6),
        "inside": (6, 6),
        "fare": (40, 4),
        "resident_cost": (103, 10),
        "within_15": (0, 1),
        "within_30": (0, 1),
        "within_60": (1, 1),
        "worst_tenth": (120, 6),
        "gini": (0, 0),
    }
    for name, (before, after) in by_hand.items():
        effect = rows[name]
        means = effect.before.mean, effect.after.mean, effect.difference.mean
        assert means == pytest.approx((before, after, after - before), abs=1e-9), name
    saved = {name: extension.worth.saved[name].mean() for name in ("travel", "inside", "fare")}
    assert saved == pytest.approx({"travel": YEAR * 114, "inside": 0, "fare": YEAR * 36}, abs=CENT)
    for by in ("township", "county", "class"):
        [group] = extension.summary.stations.groups[by]
        assert group.cases == pytest.approx(YEAR)


def test_what_the_administration_pays_and_saves(extension: Extension) -> None:
    money = extension.worth
    assert money.yearly == 11_000
    assert money.visits[:3] == pytest.approx((2_610,) * 3)
    assert money.hall_hours[:3] == pytest.approx((261,) * 3)
    assert money.hall_saved == pytest.approx(7_830, abs=CENT)
    # 20 clerks, 8 hours, 261 days, 30 yuan, among 2,610 cases; the point costs 11,000 more
    summary = extension.summary
    changes = summary.changes.values()
    costs = [summary.administration.mean, *(change.administration.mean for change in changes)]
    assert costs == pytest.approx([480, 480 + 11_000 / 2_610, 480], abs=CENT / 100)


def test_from_how_many_visits_on_it_pays(extension: Extension) -> None:
    money = extension.worth
    assert money.break_even == pytest.approx(11_000 / 93)
    assert money.break_even_both == pytest.approx(11_000 / (93 + 3)), "six minutes at 30 yuan"


def test_what_places_bear_a_hall_day(extension: Extension) -> None:
    rows = {place.place: place.visits for place in extension.summary.stations.places}
    means = {name: (visits.before.mean, visits.after.mean) for name, visits in rows.items()}
    assert means["city_hall"] == pytest.approx((10, 0))
    assert means["new_far"] == pytest.approx((0, 10))
    assert rows["city_hall"].difference.mean == pytest.approx(-10)


def test_online_instead_saves_the_whole_trip(extension: Extension) -> None:
    """All 2,610 cases that came to the point apply online instead; nobody goes anywhere."""
    assert diverted_cases(extension) == pytest.approx([2_610])
    assert extension.has_rival
    assert online_of(extension).residents.mean == pytest.approx(YEAR * THERE, abs=CENT)
    trips = online_of(extension).effect("trips")
    assert trips.after.mean == 0


def test_the_data_say_the_same(extension: Extension) -> None:
    data = extension_data(extension)
    assert data["worth"]["residents_save_yuan_a_year"]["mean"] == pytest.approx(242_730, abs=CENT)
    assert data["worth"]["hall_yuan_a_year"] == pytest.approx(7_830, abs=CENT)
    assert data["year"]["cases"] == pytest.approx(2_610)
    assert data["year"]["hall_days"] == 261
    assert data["administration_yuan_a_case_as_it_is"]["mean"] == pytest.approx(480)


def test_from_which_worth_of_an_hour_it_pays() -> None:
    """101,000 yuan a year, 93,960 of fares and 4,959 hours saved: the rest is 1.42 yuan an hour."""
    text = TEXT.replace("yuan_per_year: 9000", "yuan_per_year: 99000")
    extension = extend(
        scenario_from_text(text),
        ["far"],
        run=Run(replications=1, seed=3, engine="reference", workers=1),
        rival=False,
    )
    words = "\n".join(money_sentences(extension, load_text("en")))
    assert pytest.approx(1.42, abs=0.005) == (101_000 - 93_960) / 4_959
    assert "from 1.4 yuan an hour on (4,959 hours a year" in words


def test_without_a_wage_the_administration_is_not_priced() -> None:
    text = TEXT.replace("money: {clerk_yuan_per_hour: 30}\n", "")
    extension = extend(
        scenario_from_text(text),
        ["far"],
        run=Run(replications=1, seed=3, engine="reference", workers=1),
        rival=False,
    )
    money = extension.worth
    assert money.break_even == pytest.approx(11_000 / 93)
    assert money.hall_saved != money.hall_saved
    assert extension.summary.stations.administration.n == 0


# === hours on duty === #


@pytest.mark.parametrize(
    ("station", "hours"),
    [
        # every weekday of the hall's calendar
        ({"clerks": {"mon-fri 00:00-24:00": 2}}, 261 * 8 * 2),
        ({"clerks": {"mon-fri 09:00-11:00": 2, "mon 11:00-12:00": 1}}, 261 * 4 + 52),
        # 243 weekdays that are no holiday and 5 make-up days with Monday's hours, 45 Saturdays
        ({"hours": "mornings", "clerks": {"mon-fri 00:00-24:00": 1}}, 248 * 3),
        ({"hours": "mornings", "clerks": {"mon-sat 00:00-24:00": 1}}, (248 + 45) * 3),
        # every fifth day from 1 January, Wednesday: 52 of 73 are weekdays
        (
            {
                "clerks": {"mon-fri 00:00-24:00": 1},
                "market_days": MarketDays(every=5, first=date(2025, 1, 1)),
            },
            52 * 8,
        ),
    ],
)
def test_agents_hours_are_those_of_the_days_on_which_the_point_opens(
    station: dict[str, Any], hours: float
) -> None:
    point = ServicePoint.model_construct(accepts=("errand",), **station)
    assert hours_a_year(scenario(), point) == hours


def test_a_point_has_room_for_the_hours_of_its_own_days() -> None:
    """258 hours of work a year fit into 261 mornings of an hour, not into 248 without holidays."""
    busy = TEXT.replace("per_day: 10", "per_day: 9.9")
    an_hour = "clerks: {mon-fri 09:00-10:00: 1}"
    roomy = busy.replace("clerks: 20\n      accepts", f"{an_hour}\n      accepts")
    [proposal] = propose(scenario_from_text(roomy), 1, ["capacitated"])
    assert proposal.points == ("far",)
    assert proposal.saved == pytest.approx(0.99 * 242_730, abs=CENT)
    short = roomy.replace(an_hour, f"hours: mornings\n      {an_hour}")
    [proposal] = propose(scenario_from_text(short), 1, ["capacitated"])
    assert (proposal.points, proposal.saved) == ((), 0.0)


def test_who_applies_online_needs_no_point_on_the_map() -> None:
    text = TEXT.replace("profile: not_late}", "profile: not_late, online_share: 0.25}")
    [proposal] = propose(scenario_from_text(text), 1, ["p_median"])
    assert proposal.saved == pytest.approx(0.75 * 242_730, abs=CENT)


def test_overtime_is_paid_in_proportion() -> None:
    """One clerk, 8 hours a day; on the measured day half an hour more, and so all year."""
    text = TEXT.replace("per_day: 10, profile: not_late", "at: [2025-01-06 16:30]")
    text = text.replace("serves: [errand], clerks: 20", "serves: [errand], clerks: 1")
    text = text.replace("base: 6 min", "base: 1 h").replace("measured_days: 5", "measured_days: 1")
    extension = extend(
        scenario_from_text(text),
        ["far"],
        run=Run(replications=1, seed=3, engine="reference", workers=1),
        rival=False,
    )
    assert extension.year.counted == 1
    assert extension.summary.administration.mean == pytest.approx(261 * 8.5 * 30)
    assert extension.summary.stations.administration.mean == pytest.approx(261 * 8 * 30 + 11_000)


def test_agents_who_visit_people_are_in_the_cost_of_their_place() -> None:
    visits = "      home_visits: {agents: 2, within: 1 h}\n"
    text = TEXT.replace("      yuan_per_year", f"{visits}      yuan_per_year")
    extension = extend(
        scenario_from_text(text),
        ["far"],
        run=Run(replications=1, seed=3, engine="reference", workers=1),
        rival=False,
    )
    assert f"new_far{HOME}" in extension.settled[1].plan.names.places
    assert extension.summary.stations.administration.mean == pytest.approx(480 + 11_000 / 2_610)


@pytest.mark.parametrize("group", ["plain", "point", "county"])
def test_duty_of_a_year_is_counted_as_that_of_a_run(group: str) -> None:
    """A run that measures all days of the year has its hours on duty, at each place.

    Also where a counter of the hall has the id of a station, or of another hall.
    """
    renamed = AREA.replace("{id: plain, serves", f"{{id: {group}, serves")
    town = scenario_from_text(renamed.replace("plain: 1}", f"{group}: 1}}"))
    days = year_of(town).hall_days
    update = {"start": date(2025, 1, 1), "warmup_days": 0, "followup_days": 0}
    run = town.run.model_copy(update={**update, "measured_days": days})
    long = town.model_copy(update={"run": run})
    for layout in town.layouts:
        measured = measured_duty(compile_plan(long, layout.id))
        assert len(measured) == 4
        assert duty_a_year(town, layout.id).tolist() == measured.tolist()


# === rankings === #


def test_the_net_of_a_step_is_what_is_saved_less_what_it_costs() -> None:
    no_station, one_station = frontier(
        scenario(), [1], run=Run(replications=2, seed=3, engine="reference", workers=1)
    ).steps
    assert (
        no_station.yearly,
        no_station.saved.mean,
        no_station.net.mean,
        no_station.more.mean,
    ) == (0, 0, 0, 0)
    assert (one_station.number, one_station.yearly) == (1, 11_000)
    assert one_station.saved.mean == pytest.approx(242_730, abs=CENT)
    assert one_station.net[:3] == pytest.approx((231_730,) * 3, abs=CENT)
    assert one_station.more.mean == pytest.approx(242_730, abs=CENT)
    assert one_station.minutes.mean == pytest.approx(YEAR * 114)


def test_the_next_point_by_hand() -> None:
    [row] = next_points(
        scenario(), (), 8, run=Run(replications=2, seed=3, engine="reference", workers=1)
    ).rows
    assert row.proposed == pytest.approx(242_730, abs=CENT)
    assert row.saved.mean == pytest.approx(242_730, abs=CENT)
    assert row.net.mean == pytest.approx(231_730, abs=CENT)
    assert row.minutes.mean == pytest.approx(YEAR * 114)
    assert row.visits.mean == pytest.approx(2_610)
    assert (row.yearly, row.behind.mean, row.is_behind) == (11_000, 0, False)
    assert row.hall_saved == pytest.approx(7_830, abs=CENT)


def test_a_ranking_by_hand() -> None:
    ranked = site(scenario(), 1, run=Run(replications=2, seed=3, engine="reference", workers=1))
    assert [proposal.points for proposal in ranked.proposals] == [("far",)]
    assert ranked.proposals[0].saved == pytest.approx(242_730, abs=CENT)
    assert ranked.behind[0].mean == 0


def test_whole_stations_for_a_budget() -> None:
    """11,000 a year each; one township may get one."""
    assert affordable(scenario(), budget=11_000) == 1
    assert affordable(scenario(), budget=32_999, at_most=5) == 1
