"""The roster as files that halls use: a workbook to post, a table to edit, calendars of people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Final

from sim.plan.roster_days import RosterDay
from sim.questions.roster import Duty, DutyRoster
from sim.storage.icalendar import CalendarEvent, calendar_text, event_uid
from sim.storage.workbook import BookSheet, CellLook, Choices, SheetCell, SheetValue, workbook_bytes
from sim.text import Text
from sim.text.foreign import csv_text
from sim.version import VERSION
from sim.views.blocks import TableBlock, short_words
from sim.views.posted import (
    DAY_FILLS,
    PostedRoster,
    PostedShift,
    day_look,
    day_of,
    period_words,
    person_name,
    posted,
    posted_shifts,
    rest_words,
    seat_words,
    weekday_words,
)
from sim.views.roster_tables import (
    crews_table,
    each_uncovered_table,
    half_hours_table,
    people_table,
    reserves_table,
    rests_table,
    seats_table,
)
from sim.views.roster_words import (
    answer_sentence,
    method_sentence,
)
from sim.views.scenario_names import group_name, layout_name

TITLE: Final = CellLook(is_bold=True, size=14)
NOTE: Final = CellLook(ink="595959", size=9)
HEAD: Final = CellLook("D9E1F2", is_bold=True, across="center", has_frame=True, wraps=True)
CELL: Final = CellLook(across="center", has_frame=True)
NAME: Final = CellLook(across="left", has_frame=True)
WORDS: Final = CellLook(across="left", has_frame=True, wraps=True)
HOURS: Final = CELL._replace(form="0.0")
NARROW: Final = 6.5
"""Width of the column of a date, in characters."""
DATE: Final = "mm-dd"
"""Short enough for it."""
NAMES: Final = 2
"""Columns before the dates."""
HEADING: Final = (2, 3)
"""Rows of the dates and of the weekdays."""


def roster_workbook(roster: DutyRoster, text: Text) -> bytes:
    """The roster as halls post it, with cover, what is missing, and what it all means."""
    tables = [
        each_uncovered_table(roster, text),
        half_hours_table(roster, text),
        seats_table(roster, text),
        rests_table(roster, text),
        reserves_table(roster, text),
        crews_table(roster, text),
    ]
    sheets = [
        posted_sheet(roster, text),
        *(table_sheet(table) for table in tables if table.rows),
        meaning_sheet(roster, text),
    ]
    return workbook_bytes(sheets, _title(roster, text))


def posted_sheet(roster: DutyRoster, text: Text) -> BookSheet:
    """People by dates, with totals and legend."""
    table = posted(roster, text)
    people = people_table(roster, text)
    names, totals = people.heads[:NAMES], people.heads[NAMES:]
    heads = [
        *(SheetCell(words, HEAD) for words in names),
        *(SheetCell(day_of(day), _day_look(day, HEAD)._replace(form=DATE)) for day in table.days),
        *(SheetCell(words, HEAD) for words in totals),
    ]
    weekdays = [
        *(SheetCell(None, HEAD) for _ in names),
        *(SheetCell(weekday_words(day, text), _day_look(day, HEAD)) for day in table.days),
        *(SheetCell(None, HEAD) for _ in totals),
    ]
    rows: list[Sequence[SheetCell]] = [
        (SheetCell(_title(roster, text), TITLE),),
        (SheetCell(_subtitle(roster, text), NOTE),),
        heads,
        weekdays,
    ]
    first = len(rows)
    for n in range(len(table.people)):
        rows.append(_person_row(roster, table, people, n))
    last = len(rows) - 1
    # a program reads people up to the first empty row
    rows += [(), _on_duty_row(roster, table, text), (), *_legend(table, text)]
    words = (*(row.code for row in table.shifts), text("roster.off"))
    columns = (NAMES, NAMES + len(table.days) - 1)
    return BookSheet(
        text("roster.posted"),
        tuple(map(tuple, rows)),
        HEADING,
        NAMES,
        (12.0, 18.0, *(NARROW for _ in table.days), *(9.0 for _ in totals)),
        (Choices((first, last), columns, words),) if last >= first else (),
    )


def _person_row(
    roster: DutyRoster, table: PostedRoster, people: TableBlock, n: int
) -> list[SheetCell]:
    person = roster.people[n]
    name, groups = map(str, people.rows[n][:NAMES])
    cells = [
        SheetCell(words or None, _day_look(day, CELL, fill))
        for words, fill, day in zip(table.cells[n], table.fills[n], table.days, strict=True)
    ]
    hours = [person.available_hours, person.hours, person.days, person.weekend_days]
    looks = (HOURS, HOURS._replace(is_bold=True), CELL, CELL)
    totals = [SheetCell(value, look) for value, look in zip(hours, looks, strict=True)]
    totals.append(SheetCell(person.owed_hours, HOURS))
    if len(people.heads) > NAMES + len(totals):
        totals.append(SheetCell(str(people.rows[n][-1]), CELL))
    return [SheetCell(name, NAME), SheetCell(groups, WORDS), *cells, *totals]


def _on_duty_row(roster: DutyRoster, table: PostedRoster, text: Text) -> list[SheetCell]:
    """How many people are on duty on each date."""
    on_duty = [sum(duty.date == day.date for duty in roster.duties) for day in table.days]
    bold = CELL._replace(is_bold=True)
    return [
        SheetCell(text("roster.head.on_duty_people"), NAME._replace(is_bold=True)),
        SheetCell(None, NAME),
        *(
            SheetCell(n if day.days else None, _day_look(day, bold))
            for n, day in zip(on_duty, table.days, strict=True)
        ),
    ]


def _day_look(day: RosterDay, look: CellLook, fill: str = "") -> CellLook:
    """The look of a cell of a date: in the colour of a shift, else of an unusual date."""
    colour = fill or DAY_FILLS.get(day_look(day), "")
    return look._replace(fill=colour.removeprefix("#")) if colour else look


def _legend(table: PostedRoster, text: Text) -> Iterator[Sequence[SheetCell]]:
    """What codes, numbers and colours mean; a program reads the codes here again."""
    yield (SheetCell(text("roster.legend"), NAME._replace(is_bold=True, has_frame=False)),)
    for row in table.shifts:
        look = CELL._replace(fill=row.fill.removeprefix("#"))
        plain = NAME._replace(has_frame=False)
        meaning = (
            SheetCell(row.hours, plain),
            SheetCell(rest_words(row.shift, text) or None, plain),
        )
        yield SheetCell(row.code, look), *meaning
    for number, name in table.groups:
        yield SheetCell(number, CELL), SheetCell(name, NAME._replace(has_frame=False))
    looks = dict.fromkeys(day_look(day) for day in table.days)
    for name in looks:
        if name in DAY_FILLS:
            look = CELL._replace(fill=DAY_FILLS[name].removeprefix("#"))
            words = text(f"figure.roster.{name}")
            yield SheetCell(None, look), SheetCell(words, NAME._replace(has_frame=False))


def table_sheet(table: TableBlock) -> BookSheet:
    """A table of words as a sheet of its own; numbers are numbers there."""
    rows: list[Sequence[SheetCell]] = [(SheetCell(table.title, TITLE),)]
    if table.note:
        rows.append((SheetCell(table.note, NOTE),))
    heading = len(rows)
    rows.append([SheetCell(head, HEAD) for head in table.heads])
    for row in table.rows:
        rows.append(
            [
                SheetCell(short_words(cell), NAME)
                if n < table.names
                else SheetCell(_number(short_words(cell)), CELL)
                for n, cell in enumerate(row)
            ]
        )
    return BookSheet(table.title, tuple(map(tuple, rows)), (heading, heading))


def _number(words: str) -> SheetValue:
    """A whole number as one, so that a spreadsheet can add it up; other words as they are."""
    return int(words) if words.isdecimal() and words.isascii() else words


def meaning_sheet(roster: DutyRoster, text: Text) -> BookSheet:
    """Where it comes from, and what its columns mean."""
    scenario = roster.scenario
    facts = {
        "scenario": text.name(scenario.name),
        "hash": scenario.hash,
        "layout": layout_name(scenario, roster.layout, text),
        "period": period_words(roster, text),
        "answer": answer_sentence(roster, text),
        "replications": f"{roster.replications}",
        "seed": f"{roster.seed}",
        "version": VERSION,
    }
    rows: list[Sequence[SheetCell]] = [(SheetCell(text("roster.meaning"), TITLE),)]
    for name, value in facts.items():
        rows.append((SheetCell(text(f"roster.fact.{name}"), HEAD), SheetCell(value, WORDS)))
    rows.append(())
    tables = [
        people_table(roster, text),
        half_hours_table(roster, text),
        reserves_table(roster, text),
    ]
    notes = [table.note for table in tables if table.rows and table.note]
    for words in (*notes, method_sentence(roster, text)):
        rows.append((SheetCell(None), SheetCell(words, WORDS)))
    return BookSheet(text("roster.meaning"), tuple(map(tuple, rows)), widths=(18.0, 100.0))


def _title(roster: DutyRoster, text: Text) -> str:
    return text("roster.title", hall=text.name(roster.scenario.hall.name))


def _subtitle(roster: DutyRoster, text: Text) -> str:
    return text(
        "roster.subtitle",
        layout=layout_name(roster.scenario, roster.layout, text),
        period=period_words(roster, text),
    )


# === table to edit === #


def roster_csv(roster: DutyRoster, text: Text) -> str:
    """People by dates as a table for spreadsheets, with the legend below it."""
    heads, *rows = posted_rows(roster, text)
    return csv_text(dict(zip(heads, row, strict=False)) for row in rows)


def posted_rows(roster: DutyRoster, text: Text) -> list[list[str]]:
    """Cells of that table: dates, weekdays, a row a person, the legend."""
    table = posted(roster, text)
    heads = [text("roster.head.person"), *(day.date for day in table.days)]
    names = [text("roster.head.weekday"), *(weekday_words(day, text) for day in table.days)]
    rows = [names, *([name, *cells] for name, cells in zip(table.people, table.cells, strict=True))]
    legend = [[], [text("roster.legend")], *(_legend_row(row, text) for row in table.shifts)]
    numbered = [[number, name] for number, name in table.groups]
    return [heads, *rows, *legend, *numbered]


def _legend_row(row: PostedShift, text: Text) -> list[str]:
    """Code and hours of a shift, and its rests where it has any."""
    rests = rest_words(row.shift, text)
    return [row.code, row.hours, *([rests] if rests else [])]


# === calendars === #


def roster_calendar(roster: DutyRoster, text: Text, made_at: datetime, person: str = "") -> str:
    """Shifts as events of a calendar.

    Parameters
    ----------
    made_at
        When the calendar is made, with a zone.
    person
        Whose shifts; empty = everybody's, each told with the name.
    """
    shifts = {row.shift.id: row for row in posted_shifts(roster, text)}
    events = [
        _event(roster, duty, shifts[duty.shift], text, with_name=not person)
        for duty in roster.duties
        if person in ("", duty.person)
    ]
    name = _title(roster, text)
    if person:
        of_whom = person_name(roster, person, text)
        name = text("roster.title_of", title=name, person=of_whom)
    return calendar_text(name, events, made_at, roster.scenario.hall.time_zone)


def _event(
    roster: DutyRoster, duty: Duty, shift: PostedShift, text: Text, *, with_name: bool
) -> CalendarEvent:
    """From when the first piece begins to when the last ends; what lies between is told."""
    midnight = datetime.combine(datetime.fromisoformat(duty.date), time())
    groups = dict.fromkeys(seat.group for seat in duty.seats if seat.group)
    names = text("format.list").join(
        group_name(roster.scenario, roster.layout, group, text) for group in groups
    )
    words = text("roster.event", shift=shift.code, groups=names)
    if with_name:
        words = text("roster.event_of", person=person_name(roster, duty.person, text), event=words)
    pieces = shift.shift.pieces
    return CalendarEvent(
        event_uid(roster.scenario.hall.name.en, roster.layout, duty.date, duty.person),
        midnight + timedelta(milliseconds=pieces[0][0]),
        midnight + timedelta(milliseconds=pieces[-1][1]),
        words,
        text(
            "roster.event_note",
            hours=shift.hours,
            seats=seat_words(roster, duty.seats, text),
        ),
        text.name(roster.scenario.hall.name),
    )
