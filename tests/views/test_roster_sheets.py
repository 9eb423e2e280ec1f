"""Files of a roster hold the roster: read again they say the same people, dates and shifts."""

from __future__ import annotations

import io
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sim.clock import MINUTE, format_clock, parse_clock
from sim.plan.shift_forms import ShiftRest
from sim.questions.roster import DutyRoster, Seat
from sim.scenario.scenario import Scenario
from sim.storage.posted_table import PostedTable, group_names, read_posted
from sim.storage.spreadsheet import read_rows
from sim.text import LANGUAGES, Language, load_text
from sim.views.posted import posted, rest_words
from sim.views.roster_sheets import roster_calendar, roster_csv, roster_workbook
from sim.views.roster_tables import rests_table, shifts_table
from sim.views.roster_words import sureness
from tests.storage.test_icalendar import unfolded
from tests.views.rostered import rostered

MADE = datetime(2025, 9, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def roster(scenario: Scenario) -> DutyRoster:
    return rostered(scenario)


def book_of(roster: DutyRoster, language: Language) -> Any:
    return openpyxl.load_workbook(io.BytesIO(roster_workbook(roster, load_text(language))))


def says_the_same(table: PostedTable, roster: DutyRoster) -> None:
    pieces = {shift.id: shift.pieces for shift in roster.shifts}
    assert table.people == tuple(person.name for person in roster.people)
    assert table.dates == tuple(day.date for day in roster.days)
    read = {(duty.person, duty.date): tuple(map(tuple, duty.pieces)) for duty in table.duties}
    assert read == {(duty.person, duty.date): pieces[duty.shift] for duty in roster.duties}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_is_read_again(roster: DutyRoster, language: Language, tmp_path: Path) -> None:
    file = tmp_path / "roster.xlsx"
    file.write_bytes(roster_workbook(roster, load_text(language)))
    names = group_names(roster.scenario, roster.layout)
    table = read_posted(read_rows(file), names, file.name)
    says_the_same(table, roster)
    goes_on = next(duty for duty in table.duties if len(duty.groups) == 2)
    assert goes_on.groups == ("shops", "proofs")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_to_edit_is_read_again(
    roster: DutyRoster, language: Language, tmp_path: Path
) -> None:
    file = tmp_path / "roster.csv"
    written = roster_csv(roster, load_text(language))
    file.write_text(written, encoding="utf-8-sig")
    names = group_names(roster.scenario, roster.layout)
    says_the_same(read_posted(read_rows(file), names, file.name), roster)
    assert "\n'=王五," in written, "no program takes a name for a formula"


def test_the_sheet_is_people_by_dates(roster: DutyRoster) -> None:
    book = book_of(roster, "zh")
    page = book.worksheets[0]
    table = posted(roster, load_text("zh"))
    assert page.title == "排班表"
    assert page["A1"].value == "小厅排班表"
    heads = [cell.value for cell in page[3]]
    assert heads[:2] == ["姓名", "可服务窗口"]
    assert [value.date().isoformat() for value in heads[2:16]] == [day.date for day in roster.days]
    assert [cell.value for cell in page[4]][2:9] == [
        *["周一", "周二", "周三", "周四", "周五", "周六", "周日班"]
    ]
    for row, (name, cells) in enumerate(zip(table.people, table.cells, strict=True), 5):
        values = [cell.value for cell in page[row]]
        assert values[0] == name
        assert tuple(value or "" for value in values[2:16]) == cells
        assert values[17] == roster.people[row - 5].hours
    totals = next(row for row in page.iter_rows(values_only=True) if row[0] == "在岗人数")
    assert totals[2] == sum(duty.date == "2025-09-22" for duty in roster.duties)


def test_it_prints_with_headings_and_stays_in_sight(roster: DutyRoster) -> None:
    page = book_of(roster, "zh").worksheets[0]
    assert page.freeze_panes == "C5"
    assert page.print_title_rows == "$3:$4"
    assert page.print_title_cols == "$A:$B"
    assert page.page_setup.orientation == "landscape"


def test_cells_are_coloured_by_shift_and_date(roster: DutyRoster) -> None:
    page = book_of(roster, "zh").worksheets[0]
    colour = {
        page.cell(5, column).value: page.cell(5, column).fill.fgColor.rgb for column in range(3, 9)
    }
    assert colour["A1+2"] != colour["早班1"]
    shut, makeup, usual = (page.cell(3, column).fill.fgColor.rgb for column in (8, 9, 3))
    assert len({shut, makeup, usual}) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_sheets_say_cover_and_where_it_comes_from(
    roster: DutyRoster, language: Language
) -> None:
    book, text = book_of(roster, language), load_text(language)
    titles = [text(f"roster.{name}")[:31] for name in ("posted", "uncovered", "half_hours")]
    assert book.sheetnames[:3] == titles
    cover = book[titles[2]]
    rows = [row for row in cover.iter_rows(values_only=True) if row[2] and "–" in str(row[2])]
    assert [row[3] for row in rows] == [row.need for row in roster.cover]
    assert [row[4] for row in rows] == [row.planned for row in roster.cover]
    facts = {row[0]: row[1] for row in book[text("roster.meaning")].iter_rows(values_only=True)}
    assert facts[text("roster.fact.hash")] == roster.scenario.hash
    assert facts[text("roster.fact.seed")] == "1"


def test_who_changes_windows_is_told_when(roster: DutyRoster) -> None:
    page = book_of(roster, "zh")["岗位安排"]
    rows = [row for row in page.iter_rows(values_only=True) if row[1] == "张三"]
    assert len(rows) == sum(len({seat.group for seat in duty.seats}) > 1 for duty in roster.duties)
    assert rows[0][3] == "08:30–12:00 在企业窗口；14:00–17:00 在proofs"


def test_dates_fit_their_columns(roster: DutyRoster) -> None:
    """A spreadsheet shows a date that does not fit as hashes."""
    page = book_of(roster, "zh").worksheets[0]
    assert page["C3"].number_format == "mm-dd"
    assert page.column_dimensions["C"].width >= 6.5


def test_every_shift_is_an_event(roster: DutyRoster) -> None:
    lines = unfolded(roster_calendar(roster, load_text("zh"), MADE))
    starts = sorted(line for line in lines if line.startswith("DTSTART;"))
    pieces = {shift.id: shift.pieces for shift in roster.shifts}
    expected = [
        f"DTSTART;TZID=Asia/Shanghai:{duty.date.replace('-', '')}T"
        f"{format_clock(pieces[duty.shift][0][0]).replace(':', '')}00"
        for duty in roster.duties
    ]
    assert starts == sorted(expected)
    assert "SUMMARY:张三：企业窗口、proofs（A）" in lines
    uids = [line for line in lines if line.startswith("UID:")]
    assert len({*uids}) == len(roster.duties)


def test_a_person_has_a_calendar_of_their_own(roster: DutyRoster) -> None:
    everybody = unfolded(roster_calendar(roster, load_text("en"), MADE))
    own = unfolded(roster_calendar(roster, load_text("en"), MADE, "李四"))
    assert own.count("BEGIN:VEVENT") == roster.people[1].days
    assert "X-WR-CALNAME:Small hall: roster · 李四" in own
    uids = {line for line in own if line.startswith("UID:")}
    assert uids < set(everybody), "the same events, wherever they are told"
    assert not [line for line in own if line.startswith("SUMMARY:李四")]


def test_uids_stay_when_the_shift_is_another(roster: DutyRoster) -> None:
    first = roster.duties[0]
    changed = roster._replace(duties=(first._replace(shift="morning"), *roster.duties[1:]))
    before, after = (
        {
            line
            for line in unfolded(roster_calendar(each, load_text("en"), MADE))
            if line.startswith("UID:")
        }
        for each in (roster, changed)
    )
    assert before == after


# === rests === #


@pytest.fixture(scope="module")
def rested(roster: DutyRoster) -> DutyRoster:
    """The early shift has a rest, in turn between half past nine and half past ten."""
    begins, ends, length = parse_clock("09:30"), parse_clock("10:30"), 15 * MINUTE
    shifts = tuple(
        shift._replace(rests=(ShiftRest(begins, ends, length),)) if shift.id == "morning" else shift
        for shift in roster.shifts
    )
    duties, turns = [], Counter[str]()
    for duty in roster.duties:
        if duty.shift == "morning":
            [seat] = duty.seats
            first = begins + turns[duty.date] * length
            turns[duty.date] += 1
            away = Seat("", first, first + length, at_rest=True)
            parts = (seat._replace(ends=first), away, seat._replace(starts=away.ends))
            duty = duty._replace(seats=parts)  # noqa: PLW2901
        duties.append(duty)
    assert turns
    return roster._replace(shifts=shifts, duties=tuple(duties))


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_rests_when_is_in_every_file(rested: DutyRoster, language: Language) -> None:
    text, book = load_text(language), book_of(rested, language)
    rests = [row for row in rested.rows if row.at_rest]
    sheet = book[text("roster.rests")]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[1] == "09:30–10:30"]
    assert len(rows) == len({row.date for row in rests})
    for row in rests:
        [words] = [cells[2] for cells in rows if cells[0].startswith(row.date)]
        assert f"{format_clock(row.starts)}–{format_clock(row.ends)}" in words
        assert row.person in words
    legend = [row[2] for row in book.worksheets[0].iter_rows(values_only=True) if len(row) > 2]
    rules = rest_words(next(shift for shift in rested.shifts if shift.rests), text)
    assert "15" in rules
    assert "09:30–10:30" in rules
    assert legend.count(rules) == 1
    calendar = "\n".join(unfolded(roster_calendar(rested, text, MADE)))
    first = f"{format_clock(rests[0].starts)}–{format_clock(rests[0].ends)}"
    assert text("roster.seat_at_rest", hours=first) in calendar
    assert rests_table(rested, text).rows[0][3] == "1"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_with_rests_in_its_legend_is_read_again(
    rested: DutyRoster, language: Language, tmp_path: Path
) -> None:
    file = tmp_path / "roster.csv"
    written = roster_csv(rested, load_text(language))
    file.write_text(written, encoding="utf-8-sig")
    assert "09:30–10:30" in written
    says_the_same(read_posted(read_rows(file), group_names(rested.scenario, "two")), rested)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_roster_without_rests_does_not_speak_of_them(
    roster: DutyRoster, rested: DutyRoster, language: Language
) -> None:
    text = load_text(language)
    assert rests_table(roster, text).rows == ()
    assert len(shifts_table(rested, text).heads) == len(shifts_table(roster, text).heads) + 1
    assert len(sureness(rested, text)) == len(sureness(roster, text)) + 1
