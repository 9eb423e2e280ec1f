"""Who is on duty goes by the date: a single day before a range, that before weeks A and B."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.clock import DAY, HOUR
from sim.plan.plan import Plan
from sim.scenario.dated_rosters import clerks_on
from sim.scenario.edit import with_clerks, with_roster
from sim.scenario.load import scenario_from_text
from tests.assertions import assert_same_journal
from tests.strategies import FEW, Told, come, crowd, errand, small, tell

CALENDARS = "[{id: day, weekly: {mon-fri: [09:00-17:00]}}]"
QUARTERS = [f"{day} {9 + n // 4:02d}:{n % 4 * 15:02d}" for day in range(12) for n in range(0, 30)]


def hall(clerks: str, days: int = 10, **sections: str) -> str:
    """Two weeks of one group, to which somebody comes each quarter of an hour."""
    group = f"{{id: window, serves: [errand], clerks: {clerks}}}"
    sections = {
        "calendars": CALENDARS,
        "matters": f"[{errand('40 min')}]",
        "demand": come(*(moment for moment in QUARTERS if moment.split()[0] not in "56")),
        "layouts": f"[{{id: hall, name: {{zh: 厅, en: Hall}}, windows: [{group}]}}]",
        **sections,
    }
    return small(**sections).replace("measured_days: 1", f"measured_days: {days}")


def on_duty(plan: Plan) -> list[int]:
    """Hours on duty of each day, of all windows together."""
    hall_plan = plan.hall
    hours = dict.fromkeys(range(plan.period.n_days), 0)
    for start, end in zip(hall_plan.duty_starts, hall_plan.duty_ends, strict=True):
        hours[int(start) // DAY] += int(end - start) // HOUR
    return [number for n, number in hours.items() if n % 7 < 5]


def run(clerks: str, **sections: str) -> Told:
    return tell(hall(clerks, 10, **sections))


def test_each_day_stated_by_its_date_is_the_weekly_roster() -> None:
    dates = ", ".join(
        f"2025-01-{6 + n:02d} 09:00-13:00: 2, 2025-01-{6 + n:02d} 13:00-17:00: 3"
        for n in range(12)
        if n % 7 < 5
    )
    weekly = run("{mon-fri 09:00-13:00: 2, mon-fri 13:00-17:00: 3}")
    assert_same_journal(run(f"{{{dates}}}").journal, weekly.journal)
    whole = "2025-01-01 to 2025-02-28"
    ranged = run(f"{{{whole} 09:00-13:00: 2, {whole} 13:00-17:00: 3, 09:00-17:00: 1}}")
    assert_same_journal(ranged.journal, weekly.journal)


def test_weeks_that_are_alike_are_the_plain_roster() -> None:
    alike = run("{week A 09:00-17:00: 2, week B 09:00-17:00: 2}")
    assert_same_journal(alike.journal, run("2").journal)


@pytest.mark.parametrize(("week_a", "hours"), [("2025-01-08", (8, 24)), ("2025-01-01", (24, 8))])
def test_every_second_week_counts_from_the_stated_one(week_a: str, hours: tuple[int, int]) -> None:
    day = run(
        "{week A 09:00-17:00: 1, week B 09:00-17:00: 3}",
        hall=f"week_a: {week_a}",
    )
    assert on_duty(day.plan) == [hours[0]] * 5 + [hours[1]] * 5


def test_a_date_replaces_a_range_that_replaces_weeks_that_replace_the_ordinary() -> None:
    """Nothing is added up: of the rows that name a day only those of the highest rank hold."""
    day = run(
        "{09:00-17:00: 1, week B wed 09:00-11:00: 1,"
        " 2025-01-09 to 2025-01-14 mon-thu 09:00-13:00: 1, 2025-01-13 10:00-12:00: 1,"
        " 2025-01-17 09:00-17:00: 0}"
    )
    #                       mon tue wed thu fri mon tue wed thu fri
    assert on_duty(day.plan) == [8, 8, 8, 4, 8, 2, 4, 2, 8, 0]


def test_two_whole_clerks_are_two() -> None:
    first, second = (scenario_from_text(hall(clerks)) for clerks in ("2", "2.0"))
    assert first == second
    assert first.hash == second.hash


def test_half_a_clerk_is_two_and_three_in_turn() -> None:
    """Mondays, Wednesdays and Fridays of the first week, the others in the second, have two."""
    day = run("2.5")
    assert on_duty(day.plan) == [16, 24, 16, 24, 16, 24, 16, 24, 16, 24]


@given(st.integers(1, 200), st.integers(0, 6), st.integers(0, 50))
def test_each_weekday_has_the_mean_over_the_weeks_of_its_fraction(
    twentieths: int, weekday: int, first: int
) -> None:
    mean = twentieths / 20
    clerks = [clerks_on(mean, first + week, weekday) for week in range(20)]
    assert sum(clerks) == twentieths
    assert set(clerks) <= {int(mean), int(mean) + 1}


@FEW
@given(st.lists(st.integers(0, 20), min_size=20, max_size=60), st.integers(11, 19))
def test_more_on_average_lets_nobody_wait_longer(gaps: list[int], tenths: int) -> None:
    """One line, first come, first served, the same people and work: less than one more is less."""
    work = [30] * (len(gaps) + 1)
    waits = []
    for clerks in ("1", f"{tenths / 10}", "2"):
        text = crowd(gaps, work, layouts=_one_group(clerks))
        day = tell(text.replace("measured_days: 1", "measured_days: 3"))
        called, taken = day.journal.called_at, day.journal.taken_at
        n = day.n_tickets
        waits.append([int(c - t) for c, t in zip(called[:n], taken[:n], strict=True) if c >= 0])
    assert sum(waits[0]) >= sum(waits[1]) >= sum(waits[2])


def _one_group(clerks: str) -> str:
    group = f"{{id: window, serves: [errand], clerks: {clerks}}}"
    return f"[{{id: hall, name: {{zh: 厅, en: Hall}}, windows: [{group}]}}]"


def test_the_desk_is_staffed_by_date() -> None:
    desk = "reception: {clerks: {09:00-17:00: 1, 2025-01-07 09:00-17:00: 2}, service: 1 min}"
    day = tell(hall("2", 3, hall=desk))
    steps = zip(day.plan.hall.reception_times, day.plan.hall.reception_clerks, strict=True)
    assert [(int(at) // HOUR, int(clerks)) for at, clerks in steps] == [(9, 1), (33, 2), (57, 1)]


def test_a_roster_may_name_hours_that_only_a_period_has() -> None:
    summer = "periods: {2025-01-13 to 2025-01-31: {mon-fri: [07:00-13:00]}}"
    calendars = CALENDARS.replace("}}]", f"}}, {summer}}}]")
    clerks = "{09:00-17:00: 1, 2025-01-13 to 2025-01-31 mon-fri 07:00-13:00: 2}"
    day = tell(hall(clerks, calendars=calendars))
    assert on_duty(day.plan) == [8] * 5 + [12] * 5


def test_scaling_keeps_dates_and_a_new_roster_of_dated_hours_has_all_of_them() -> None:
    summer = "periods: {2025-01-13 to 2025-01-31: {mon-fri: [07:00-13:00]}}"
    calendars = CALENDARS.replace("}}]", f"}}, {summer}}}]")
    clerks = "{09:00-17:00: 2, 2025-01-13 to 2025-01-31 mon-fri 07:00-13:00: 4}"
    scenario = scenario_from_text(
        hall(clerks, calendars=calendars, demand="[{id: people, matter: errand, per_day: 3}]")
    )
    [window] = with_clerks(scenario, "hall", 2).layout("hall").windows
    assert list(window.clerks.values()) == [1, 2]
    ordinary = with_roster(scenario, "hall", {"window": {"mon-fri 09:00-17:00": 3}})
    assert dict(ordinary.layout("hall").windows[0].clerks) == {
        "mon-fri 09:00-17:00": 3,
        "2025-01-13 to 2025-01-31 mon-fri 00:00-24:00": 0,
    }
