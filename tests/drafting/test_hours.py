"""Hours by weekday and by date: the drafted hall opens as its rows say, and people come then."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.clock import MINUTE, WEEKDAYS
from sim.drafting.answers import AnswerRow, HallAnswers, template_answers
from sim.drafting.cells import clock_words
from sim.drafting.draft import DraftedHall, draft_hall
from sim.drafting.templates import TEMPLATES, Cell
from sim.plan.compile import compile_plan
from sim.plan.crowd import draw_tape
from sim.scenario.dated_hours import DatedHours
from sim.scenario.hours import hall_calendar, hall_dates
from sim.scenario.scenario import Scenario
from sim.storage.answer_book import answer_workbook, slots_of
from sim.storage.answer_reader import read_answers
from sim.text import LANGUAGES, load_text

EN = load_text("en")
COUNTY = template_answers("county", "en")
DAY = 24 * 60 * MINUTE
IN_HOLIDAYS = 2
"""Days before the summer hours: a Friday and a Saturday of the Dragon Boat Festival of 2026."""
SUMMER = {"first_day": "2026-07-01", "last_day": "2026-09-30"}


def row(days: str, begin: Cell = None, end: Cell = None, **dates: str) -> AnswerRow:
    return {"days": days, "open_from": begin, "open_to": end, **dates}


def hall(*rows: AnswerRow, over: HallAnswers = COUNTY) -> Scenario:
    drafted = draft_hall(over.with_table("hours", rows), EN)
    assert [fault.problem.code for fault in drafted.faults] == []
    assert drafted.scenario is not None
    return drafted.scenario


def open_on(scenario: Scenario, day: str) -> list[str]:
    spans = DatedHours(hall_calendar(scenario)).on(date.fromisoformat(day))
    return [f"{clock_words(a // MINUTE)}-{clock_words(b // MINUTE)}" for a, b in spans]


class TestOpening:
    def test_days_that_no_row_names_are_as_always(self) -> None:
        scenario = hall(
            row("周三", "8：30", "12:00"),
            row("Sunday", 0.375, "11:00"),
            row("sun", "14:00", "15:30"),
            row("fri"),
        )
        usual = ["08:30-12:00", "14:00-17:00"]
        days = [open_on(scenario, f"2026-06-{n:02d}") for n in range(8, 15)]
        assert days == [
            *(usual, usual, ["08:30-12:00"], usual, [], ["09:00-12:00"]),
            ["09:00-11:00", "14:00-15:30"],
        ]
        assert {layout.id for layout in scenario.layouts} == {"today", "pooled"}

    def test_summer_hours(self) -> None:
        """Between their dates they stand in place of the ordinary ones of the days they name."""
        scenario = hall(
            row("mon-fri", "08:00", "12:00", **SUMMER), row("mon-fri", "15:00", "18:00", **SUMMER)
        )
        assert open_on(scenario, "2026-06-30") == ["08:30-12:00", "14:00-17:00"]
        assert open_on(scenario, "2026-07-01") == ["08:00-12:00", "15:00-18:00"]
        assert open_on(scenario, "2026-09-30") == ["08:00-12:00", "15:00-18:00"]
        assert open_on(scenario, "2026-07-04") == ["09:00-12:00"]
        office = next(each for each in scenario.calendars if each.id == "office")
        assert [*office.periods] == ["2026-07-01 to 2026-09-30"]
        measured = hall_dates(scenario)[10:30]
        assert sum(day < date(2026, 7, 1) for day in measured) == 10 - IN_HOLIDAYS

    def test_whoever_is_closed_in_a_period(self) -> None:
        scenario = hall(row("mon-sun", first_day="2026-02-01", last_day="2026-02-10"))
        assert open_on(scenario, "2026-02-03") == []
        assert open_on(scenario, "2026-02-11") != []

    @pytest.mark.parametrize("template", TEMPLATES)
    def test_a_hall_open_at_the_weekend_only(self, template: str) -> None:
        rows = row("mon-fri"), row("sat; sun", "09:00", "16:30")
        scenario = hall(*rows, over=template_answers(template, "en"))
        assert {*scenario.calendars[0].weekly} == {"sat", "sun"}
        compile_plan(scenario, "today")

    def test_hours_are_answers(self) -> None:
        assert hall(row("sun", "9:00", "12:00")).calendars[0].source == "answered by the hall"


class TestStaffAndVisitors:
    def test_clerks_are_there_while_it_is_open(self) -> None:
        clerks = {"of_group": "Public security", "08:00": "1", "17:30": "0"}
        answers = COUNTY.with_table("clerks", (clerks,))
        scenario = hall(
            row("wed", "08:30", "12:00"),
            row("sun", "10:00", "11:00"),
            row("mon-fri", "08:00", "12:00", **SUMMER),
            row("mon-fri", "16:00", "18:00", **SUMMER),
            over=answers,
        )
        police = next(each for each in scenario.layouts[0].windows if each.id == "police")
        summer = "2026-07-01 to 2026-09-30"
        assert dict(police.clerks) == {
            **{f"{days} 08:30-12:00": 2 for days in ("mon-tue", "wed", "thu-fri")},
            **{f"{days} 14:00-17:00": 2 for days in ("mon-tue", "thu-fri")},
            "sat 09:00-12:00": 1,
            "sun 10:00-11:00": 1,
            f"{summer} mon-fri 08:00-08:30": 1,
            f"{summer} mon-fri 08:30-12:00": 2,
            f"{summer} mon-fri 16:00-17:30": 2,
            f"{summer} mon-fri 17:30-18:00": 0,
            f"{summer} sat 09:00-12:00": 1,
            f"{summer} sun 10:00-11:00": 1,
        }

    def test_people_come_while_it_is_open(self) -> None:
        """Nobody waits at the door in an hour in which only another day is open."""
        scenario = hall(
            row("sun", "13:00", "14:00"),
            row("mon-fri", "08:30", "12:00", **SUMMER),
            row("mon-fri", "15:00", "18:00", **SUMMER),
        )
        assert scenario.demand[0].weekdays["sun"] == scenario.demand[0].weekdays["sat"]
        plan = compile_plan(scenario, "today")
        tape = draw_tape(plan.demand, 1, 0)
        online = scenario.demand[0].online_share
        assert online > 0  # who applies over the net comes by the same clock
        hours = DatedHours(hall_calendar(scenario))
        days, clocks = np.divmod(tape.cases.arrived_at, DAY)
        assert len({*days.tolist()}) == 40
        for day in np.unique(days).tolist():
            open_ = hours.on(scenario.run.start + timedelta(days=day))
            of_day = clocks[days == day].tolist()
            assert all(any(a <= clock < b for a, b in open_) for clock in of_day)

    def test_months(self) -> None:
        """A factor for each month that is stated, and none else."""
        scenario = hall(over=COUNTY.with_cells(month_3="120", month_12=80))
        assert all(dict(flow.months) == {3: 1.2, 12: 0.8} for flow in scenario.demand)
        assert not hall().demand[0].months
        plain, more = (
            compile_plan(each, "today").demand.flows.cases_of_day for each in (hall(), scenario)
        )
        in_march = 31 - 1  # the run begins on the second
        assert np.allclose(more[:, :in_march], 1.2 * plain[:, :in_march])
        assert np.allclose(more[:, in_march:], plain[:, in_march:])


def codes(drafted: DraftedHall) -> list[str]:
    for language in LANGUAGES:
        assert all(fault.problem.sentence(load_text(language)) for fault in drafted.faults)
    return [fault.problem.code for fault in drafted.faults]


@pytest.mark.parametrize(
    ("rows", "code", "place"),
    [
        ([row("someday", "9:00", "12:00")], "answer_days", "row 1, Weekdays"),
        ([row("fri-mon", "9:00", "12:00")], "answer_days", "row 1, Weekdays"),
        ([row("", "9:00", "12:00")], "answer_missing", "row 1, Weekdays"),
        ([row("sun", "nine", "12:00")], "answer_clock", "row 1, From"),
        ([{}, row("sun", "9:00")], "answer_half_span", "row 2, To"),
        ([row("sun", "9:00", "09:00")], "answer_span_order", "row 1, To"),
        ([row("sun", "9:00", "12:00", first_day="1.7.")], "answer_date", "row 1, First day"),
        (
            [row("sun", "9:00", "12:00", last_day="2026-09-30")],
            "answer_half_span",
            "row 1, First day",
        ),
        (
            [row("sun", "9:00", "12:00", first_day="2026-09-30", last_day="2026-07-01")],
            "answer_span_order",
            "row 1, Last day",
        ),
        (
            [row("mon-fri", "9:00", "12:00"), row("wed", "11:00", "15:00")],
            "answer_hours_twice",
            "row 2, Weekdays",
        ),
        ([row("wed", "9:00", "12:00"), row("wed")], "answer_hours_twice", "row 2, Weekdays"),
        (
            [
                row("mon", "9:00", "12:00", **SUMMER),
                row("tue", "9:00", "12:00", first_day="2026-09-30", last_day="2026-10-09"),
            ],
            "answer_periods_overlap",
            "row 2, First day",
        ),
        ([row("mon-sun")], "answer_never_open", ""),
        ([row("mon", "9:00", "12:00")] * 201, "answer_rows", ""),
    ],
)
def test_what_is_wrong_is_told_of_its_row(rows: list[AnswerRow], code: str, place: str) -> None:
    drafted = draft_hall(COUNTY.with_table("hours", tuple(rows)), EN)
    assert drafted.scenario is None
    assert code in codes(drafted)
    paths = [fault.problem.path for fault in drafted.faults if fault.problem.code == code]
    assert f"question 2 (Opening hours){', ' if place else ''}{place}" in paths


def test_two_rows_that_contradict_each_other_are_one_fault() -> None:
    rows = row("mon-fri", "9:00", "12:00"), row("wed-sun", "11:00", "15:00")
    [fault] = draft_hall(COUNTY.with_table("hours", rows), EN).faults
    assert fault.problem.found == "Wednesday, Thursday, Friday"


def test_a_share_for_a_month_is_doubted() -> None:
    drafted = draft_hall(COUNTY.with_cells(month_2=0.8, month_3="much"), EN)
    assert codes(drafted) == ["answer_percent", "answer_number"]


CLOCKS = st.sampled_from(["07:15", "8:30", "12:00", "12:40", "15:00", "18:00", "24:00", "0:00"])
DATES = st.sampled_from(["2026-05-01", "2026-06-20", "2026-07-01", "2026-10-08", "2031-03-01"])
DRAWN_ROWS = st.fixed_dictionaries(
    {
        "days": st.sampled_from([*WEEKDAYS, "mon-fri", "mon-sun", "tue-thu", "sat-sun"]),
        "open_from": st.none() | CLOCKS,
        "open_to": st.none() | CLOCKS,
        "first_day": st.none() | DATES,
        "last_day": st.none() | DATES,
    }
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(TEMPLATES), st.lists(DRAWN_ROWS, min_size=1, max_size=5))
def test_any_rows_give_a_hall_that_compiles_or_say_why_not(
    template: str, rows: list[dict[str, Any]]
) -> None:
    answers = template_answers(template, "en").with_table("hours", tuple(rows))
    drafted = draft_hall(answers, EN)
    if drafted.scenario is None:
        assert drafted.faults
        assert all(code.startswith("answer_") for code in codes(drafted))
        return
    # a second period may lie beyond the run, and a year's holidays be unknown yet
    assert {*codes(drafted)} <= {"dates_beyond_run", "holidays_unpublished"}
    for layout in drafted.scenario.layouts:
        compile_plan(drafted.scenario, layout.id)


@pytest.mark.parametrize("language", LANGUAGES)
def test_hours_and_months_come_back_from_a_workbook(language: Any) -> None:
    text = load_text(language)
    answers = template_answers("city", language).with_cells(month_7=115)
    rows = row("周三", "08:30", "12:00"), row("mon-fri", "08:00", "13:00", **SUMMER)
    answers = answers.with_table("hours", rows)
    book = answer_workbook(answers, slots_of(answers, text), text)
    again = read_answers(book, "hall.xlsx", text)
    assert draft_hall(again, text).text == draft_hall(answers, text).text


def test_answers_from_before_there_was_a_table() -> None:
    """A file, or saved answers, without the table and the months are the hall that they were."""
    cells, tables = dict(COUNTY.cells), dict(COUNTY.tables)
    assert not tables.pop("hours")
    old = HallAnswers.from_data(HallAnswers("county", cells, tables).data())
    assert draft_hall(old, EN).text == draft_hall(COUNTY, EN).text
    words = "{template: county, opens: '09:00', saturday_from: '09:30'}"
    yaml = draft_hall(read_answers(words.encode(), "a.yaml", EN), EN)
    assert yaml.scenario is not None
    assert open_on(yaml.scenario, "2026-06-13") == ["09:30-12:00"]
    assert open_on(yaml.scenario, "2026-06-12") == ["09:00-12:00", "14:00-17:00"]


def test_rows_of_yaml() -> None:
    words = """
    template: county
    month_1: 130
    hours:
    - {days: sun, open_from: '09:00', open_to: '12:00'}
    - {days: mon-fri, open_from: '08:00', open_to: '14:00',
       first_day: 2026-07-01, last_day: 2026-08-31}
    """
    scenario = draft_hall(read_answers(words.encode(), "a.yaml", EN), EN).scenario
    assert scenario is not None
    assert open_on(scenario, "2026-07-01") == ["08:00-14:00"]
    assert open_on(scenario, "2026-06-14") == ["09:00-12:00"]
    assert scenario.demand[0].months == {1: 1.3}
