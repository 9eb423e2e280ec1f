"""From a scenario to a plan: days, duties, ticket hours, lines, limits, order of items."""

import numpy as np
import pytest

from sim import compile_plan
from sim.clock import DAY, HOUR
from sim.errors import ScenarioError
from sim.plan.compile import compile_period
from sim.plan.plan import HELPED, OWN, Plan
from sim.scenario.load import scenario_from_text
from tests.engine.test_places import CALENDARS, area, station
from tests.strategies import bundle, department, errand, item, small, windows

DEMAND = "[{id: people, matter: errand, rate: 1 per h}]"


def plan_of(**sections: str) -> Plan:
    """The plan of a small scenario."""
    return compile_plan(scenario_from_text(small(**sections)), "hall")


def test_period() -> None:
    """Warm-up, measured and follow-up days count days on which the hall opens."""
    run = "{start: 2025-01-06, warmup_days: 3, measured_days: 4, followup_days: 2}"
    period = compile_period(scenario_from_text(small(run=run)))
    assert (period.n_days, period.end) == (11, 11 * DAY)
    assert period.hall_days.tolist() == [3, 4, 7, 8]
    assert (period.measured_from, period.measured_until) == (3, 9)


def test_period_starts_on_a_closed_day() -> None:
    """A run that starts on a weekend measures from Monday."""
    run = "{start: 2025-01-04, measured_days: 1}"
    period = compile_period(scenario_from_text(small(run=run)))
    assert (period.n_days, period.hall_days.tolist()) == (3, [2])
    assert (period.measured_from, period.measured_until) == (2, 3)


def test_period_over_holidays() -> None:
    """Public holidays are no hall days, make-up days are."""
    calendars = "[{id: day, weekly: {mon-fri: [09:00-17:00]}, holidays: china}]"
    run = "{start: 2025-09-27, measured_days: 5}"
    period = compile_period(scenario_from_text(small(calendars=calendars, run=run, demand=DEMAND)))
    assert period.hall_days.tolist() == [1, 2, 3, 12, 13]


def test_closed_dates() -> None:
    """Further closed dates are no hall days."""
    calendars = "[{id: day, weekly: {mon-fri: [09:00-17:00]}, closed: [2025-01-07]}]"
    run = "{start: 2025-01-06, measured_days: 2}"
    period = compile_period(scenario_from_text(small(calendars=calendars, run=run, demand=DEMAND)))
    assert period.hall_days.tolist() == [0, 2]


def test_duties() -> None:
    """A window is on duty while the roster has more clerks than its number, inside hall hours."""
    calendars = "[{id: day, weekly: {mon-fri: [09:00-12:00, 13:00-17:00]}}]"
    roster = "{09:00-10:00: 1, 10:00-12:00: 2, 13:00-16:00: 1}"
    layouts = windows(f"id: window, serves: [errand], clerks: {roster}, count: 3")
    hall = plan_of(calendars=calendars, layouts=layouts).hall
    assert hall.duty_offsets.tolist() == [0, 2, 3, 3]
    assert (hall.duty_starts // HOUR).tolist() == [9, 13, 10]
    assert (hall.duty_ends // HOUR).tolist() == [12, 16, 12]
    assert hall.duty_drains.tolist() == [False, False, False]


def test_duties_of_all_hours() -> None:
    """A plain number staffs all hall hours; the last duty of the day may drain."""
    calendars = "[{id: day, weekly: {mon-fri: [09:00-12:00, 13:00-17:00]}}]"
    hall = plan_of(calendars=calendars).hall
    assert (hall.duty_starts // HOUR).tolist() == [9, 13]
    assert hall.duty_drains.tolist() == [False, True]


def test_line_duty_until() -> None:
    """A line is served until the last duty of the day of any window that may call it."""
    layouts = windows(
        "id: a, serves: [errand], clerks: {09:00-12:00: 1}",
        "id: b, serves: [errand], helps: [a], clerks: {09:00-15:00: 1}",
    )
    run = "{start: 2025-01-10, measured_days: 2}"
    hall = plan_of(layouts=layouts, run=run, demand=DEMAND).hall
    assert hall.list_of_line.tolist() == [0, 1]
    assert (hall.line_duty_until[0] // HOUR).tolist() == [15, -1, -1, 3 * 24 + 15]
    assert hall.calls.tolist() == [[OWN, 0], [HELPED, OWN]]


def test_line_duty_over_midnight() -> None:
    """A duty over midnight counts for both days."""
    calendars = "[{id: day, weekly: {mon-sun: [00:00-24:00]}}]"
    run = "{start: 2025-01-06, measured_days: 2}"
    hall = plan_of(calendars=calendars, run=run).hall
    assert hall.line_duty_until.tolist() == [[DAY, 2 * DAY]]
    assert hall.day_closes.tolist() == [[-1, 2 * DAY]]


def test_each_place_closes_on_the_days_on_which_it_opens() -> None:
    """Friday to Monday: no instant of a day on which a place is shut."""
    calendars = (
        "[{id: day, weekly: {mon-fri: [09:00-12:00, 13:00-17:00]}},"
        " {id: morning, weekly: {mon-sat: [08:00-12:00]}}]"
    )
    text = area(station(hours="morning"), clocks=("4 09:00",)).replace(CALENDARS, calendars)
    text = text.replace("2025-01-06, measured_days: 1", "2025-01-10, measured_days: 2")
    hall = compile_plan(scenario_from_text(text), "hall").hall
    friday, saturday, monday = (day * DAY for day in (0, 1, 3))
    assert hall.day_closes.tolist() == [
        [friday + 17 * HOUR, -1, -1, monday + 17 * HOUR],
        [friday + 12 * HOUR, saturday + 12 * HOUR, -1, monday + 12 * HOUR],
    ]


def test_papers_go_on_or_stay() -> None:
    """The village sends one matter to its county, which sends it to the city; the others stay."""
    matters = ", ".join(errand("10 min", id_=name) for name in ("errand", "more", "other"))
    county = (
        "{id: county, name: {zh: 县, en: County}, kind: county_hall, county: c, lon: 111.0,"
        " lat: 34.4, hours: day, clerks: 1, accepts: [other], forwards: [errand]}"
    )
    village = station(accepts="more", more=", forwards: [errand, other]")
    text = area(village, county).replace(f"[{errand('10 min')}]", f"[{matters}]")
    text = text.replace("accepts: [errand]}", "accepts: [errand, more, other]}")
    text = text.replace("serves: [errand]", "serves: [errand, more, other]")
    plan = compile_plan(scenario_from_text(text), "hall")
    assert plan.names.places == ("city_hall", "point", "county")
    hall, _, county_ = range(3)
    assert plan.hall.onward.tolist() == [
        [-1, -1, -1],
        [county_, -1, county_],
        [hall, -1, -1],
    ]


def test_ticket_hours() -> None:
    """Tickets are given in hall hours, not in the last minutes of the day."""
    calendars = "[{id: day, weekly: {mon-fri: [09:00-12:00, 13:00-17:00]}}]"
    hall = plan_of(calendars=calendars, hall="last_ticket: 2 h").hall
    assert (hall.ticket_opens // HOUR).tolist() == [9, 13]
    assert (hall.ticket_closes // HOUR).tolist() == [12, 15]
    whole = plan_of(calendars=calendars, hall="last_ticket: 5 h").hall
    assert (whole.ticket_closes // HOUR).tolist() == [12]


def test_lines() -> None:
    """Tickets that the same windows may call, in one class of one list, share a line."""
    matters = (
        f"[{errand('1 min', id_='m')}, {errand('1 min', id_='n')}, {errand('1 min', id_='o')}]"
    )
    layouts = windows(
        "id: a, serves: [m, n, o], clerks: 1", "id: b, list: a, serves: [o], clerks: 1"
    )
    demand = "[{id: p, matter: m, rate: 1 per h}]"
    hall = plan_of(matters=matters, layouts=layouts, demand=demand).hall
    assert hall.line_of[0, :, 0].tolist() == [0, 0, 1]
    assert hall.n_skills.tolist() == [3, 1]


def test_order_of_items_is_complete() -> None:
    """An item's ancestors of any degree stand before it."""
    parts = [
        item("c", "1 min"),
        item("b", "1 min", "after: [c]"),
        item("a", "1 min", "after: [b]"),
        item("d", "1 min", "after: [a, c]"),
    ]
    office = plan_of(matters=bundle(*parts)).office
    before = [
        office.after[office.after_offsets[i] : office.after_offsets[i + 1]].tolist()
        for i in range(4)
    ]
    assert before == [[1, 2], [2], [], [0, 1, 2]]


def test_expected_work_of_a_list() -> None:
    """The mean work of a list weighs its matters by demand at the windows."""
    matters = f"[{errand('10 min', id_='m')}, {errand('40 min', id_='n')}]"
    layouts = windows("id: a, serves: [m, n], clerks: 1")
    demand = "[{id: p, matter: m, rate: 2 per h}, {id: q, matter: n, rate: 1 per h}]"
    hall = plan_of(matters=matters, layouts=layouts, demand=demand).hall
    assert hall.mean_service.tolist() == pytest.approx([20 * 60_000])


def test_read_only() -> None:
    """A plan cannot be changed."""
    plan = plan_of()
    with pytest.raises(ValueError, match="read-only"):
        plan.hall.duty_starts[0] = 0
    with pytest.raises(ValueError, match="read-only"):
        plan.demand.laws.parameters[0, 0] = 0.0


def test_unknown_layout() -> None:
    """A layout that the scenario does not have is an error."""
    with pytest.raises(ScenarioError, match="nowhere"):
        compile_plan(scenario_from_text(small()), "nowhere")


def test_limits() -> None:
    """Limits in working days and in days are kept apart; none is -1."""
    promises = ["promised: 5 wd", "promised: 20 d", ""]
    matters = [errand("1 min", text, f"m{n}") for n, text in enumerate(promises)]
    layouts = windows("id: a, serves: [m0, m1, m2], clerks: 1")
    demand = "[{id: p, matter: m0, rate: 1 per h}]"
    office = plan_of(matters=f"[{', '.join(matters)}]", layouts=layouts, demand=demand).office
    assert office.promised_workdays.tolist() == [5, 0, 0]
    assert office.promised_ticks.tolist() == [0, 20 * DAY, -1]


def test_desk() -> None:
    """The desk's steps follow its roster; yesterday's evening does not last into the morning."""
    run = "{start: 2025-01-06, measured_days: 2}"
    hall = plan_of(run=run, hall="reception: {clerks: {10:00-17:00: 2}, service: 1 min}").hall
    assert (hall.reception_times // HOUR).tolist() == [9, 10, 33, 34]
    assert hall.reception_clerks.tolist() == [0, 2, 0, 2]


def test_departments_in_order() -> None:
    """Departments stand by id."""
    plan = plan_of(departments=f"[{department('office', 2)}, {department('bureau', 3)}]")
    assert plan.names.departments == ("bureau", "office")
    np.testing.assert_array_equal(plan.office.reviewers, [3, 2])
