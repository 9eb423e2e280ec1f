"""A hall opens by the hours of the date: of a single day, of a period, of an ordinary week."""

from datetime import date

from sim import compile_plan
from sim.clock import DAY, MINUTE
from sim.plan.demand import BookPlan
from sim.scenario.day_kinds import KindOfDate, day_kinds
from sim.scenario.edit import with_overrides
from sim.scenario.hours import hall_dates
from sim.scenario.load import scenario_from_text
from tests.assertions import assert_same_journal
from tests.strategies import book, come, department, errand, item, sequence, small, tell

WEEK = "{mon-fri: [09:00-12:00]}"
BUSY = ["09:00", "09:00", "1 09:00", "1 10:30", "2 09:00", "2 11:59", "3 09:30", "4 09:00"]


def hall(dated: str = "", weekly: str = WEEK, **sections: str) -> str:
    """Five days of one window; the calendar has `dated` besides its week."""
    calendar = f"[{{id: day, weekly: {weekly}{', ' if dated else ''}{dated}}}]"
    sections = {"run": "measured_days: 5", "demand": come(*BUSY), **sections}
    text = small(calendars=calendar, **sections)
    return text.replace("measured_days: 1, measured_days", "measured_days")


def test_a_period_over_the_whole_run_is_the_plain_calendar() -> None:
    other = "{mon-fri: [10:00-11:00]}"
    plain = tell(hall())
    dated = tell(hall(f"periods: {{2024-12-30 to 2025-02-01: {WEEK}}}", weekly=other))
    assert_same_journal(plain.journal, dated.journal)
    single = ", ".join(f"2025-01-{6 + n:02d}: [09:00-12:00]" for n in range(5))
    by_day = tell(hall(f"days: {{{single}}}", weekly=other))
    assert_same_journal(plain.journal, by_day.journal)


def test_a_period_before_or_after_the_run_is_no_period() -> None:
    dated = "periods: {2024-06-15 to 2024-09-15: {mon-fri: [08:00-14:00]}}"
    assert_same_journal(tell(hall()).journal, tell(hall(dated)).journal)


def test_closes_by_the_hours_of_the_date() -> None:
    """An hour of work each: on Wednesday, open to 10:30, only who came at nine is served."""
    people = come("1 11:00", "2 09:00", "2 11:00", "3 11:00")
    work = f"[{errand('60 min')}]"
    day = tell(hall("days: {2025-01-08: [09:00-10:30]}", demand=people, matters=work))
    assert day.fates[:4] == ["served", "served", "turned away", "served"]


def test_slots_that_a_short_day_does_not_have_are_not_booked() -> None:
    def booked(slots: str) -> BookPlan:
        text = hall(
            "days: {2025-01-08: [09:00-10:00]}",
            applicants=f"{{appointments: [{book(slots, more='share: 0.5')}]}}",
        )
        return compile_plan(scenario_from_text(text), "hall").demand.books

    begins = booked("{09:00-12:00: 2}").slot_begins
    assert [int(at) // MINUTE % 1440 for at in begins if at // DAY == 2] == [540, 570]
    assert begins.tolist() == booked("2").slot_begins.tolist()


def test_opens_on_a_sunday_and_shuts_on_a_monday() -> None:
    dated = "days: {2025-01-12: [10:00-11:00]}, closed: [2025-01-06]"
    scenario = scenario_from_text(hall(dated, demand=come("1 09:00")))
    dates = hall_dates(scenario)
    assert [day.isoformat() for day in dates] == [
        *("2025-01-07", "2025-01-08", "2025-01-09", "2025-01-10", "2025-01-12"),
    ]


def test_a_single_day_opens_on_a_holiday_and_a_period_does_not() -> None:
    dated = (
        "holidays: china, days: {2025-10-02: [09:00-10:00]},"
        " periods: {2025-09-01 to 2025-10-31: {mon-sun: [08:00-09:00]}}"
    )
    text = hall(dated, demand="[{id: people, matter: errand, per_day: 3}]")
    text = text.replace("start: 2025-01-06", "start: 2025-09-30")
    dates = [day.isoformat() for day in hall_dates(scenario_from_text(text))]
    assert dates == ["2025-09-30", "2025-10-02", "2025-10-09", "2025-10-10", "2025-10-11"]


def test_reviews_pause_by_the_hours_of_the_date() -> None:
    """Three hours of review from Monday nine: open one hour on Monday, it ends on Tuesday at 11."""
    review = item("paper", "180 min")
    matters = f"[{errand('0 min', more=f'items: [{review}]')}]"
    calendars = (
        f"[{{id: day, weekly: {WEEK}}},"
        " {id: office, weekly: {mon-fri: [09:00-12:00]}, days: {2025-01-06: [09:00-10:00]}}]"
    )
    office = f"[{department('office')}]".replace("hours: day", "hours: office")
    text = small(calendars=calendars, departments=office, matters=matters, demand=come("09:00"))
    day = tell(text.replace("measured_days: 1", "measured_days: 5"))
    assert day.reviewed == ["1 11:00"]


def test_days_of_other_hours_are_kinds_of_their_own() -> None:
    summer = "periods: {2025-01-13 to 2025-01-19: {mon-fri: [08:00-11:00]}}"
    days = "days: {2025-01-15: [08:00-10:00]}"
    people = "[{id: people, matter: errand, per_day: 3}]"
    text = hall(f"{summer}, {days}", demand=people).replace("days: 5", "days: 10")
    scenario = scenario_from_text(text)
    kinds = day_kinds(scenario)
    assert [kind.key for kind in kinds] == [
        *("mon-fri", "2025-01-13 to 2025-01-19 mon-fri", "2025-01-15"),
    ]
    numbers = KindOfDate(scenario, kinds)
    assert [numbers.number(day) for day in hall_dates(scenario)] == [0] * 5 + [1, 1, 2, 1, 1]
    # the run meets two calendar weeks
    assert numbers.days_a_week() == {0: 5 / 2, 1: 4 / 2, 2: 1 / 2}


def test_a_rate_follows_the_hours_of_the_date() -> None:
    people = "[{id: people, matter: errand, every: 60 min}]"
    usual = scenario_from_text(hall(demand=people, matters=f"[{errand(sequence(5))}]"))
    longer = with_overrides(usual, ["calendars.day.days={2025-01-07: [09:00-18:00]}"])
    n_usual, n_longer = (
        len(compile_plan(scenario, "hall").demand.flows.given_times) for scenario in (usual, longer)
    )
    assert (n_usual, n_longer) == (14, 20)
    assert date(2025, 1, 7) in hall_dates(longer)
