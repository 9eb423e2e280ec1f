"""Answers on opening hours read: one day's hours for all, then those of single days and dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

from sim.clock import WEEKDAYS
from sim.drafting.answers import AnswerRow, HallAnswers
from sim.drafting.cells import (
    DAY_MINUTES,
    WrongCell,
    cell_clock,
    cell_date,
    cell_days,
    clock_words,
    is_empty,
    shown,
)
from sim.drafting.checked import ANSWERED
from sim.drafting.faults import FaultList
from sim.drafting.form import CELLS, MOST_ROWS, TABLES, question_of
from sim.drafting.opening import MON_TO_FRI, DraftedWeek, OpenHours, OpenPeriod
from sim.drafting.templates import TemplateCell, load_template

TABLE: Final = "hours"
DateRange: TypeAlias = "tuple[date, date] | None"
"""First and last; None = always."""
NamedEnd: TypeAlias = "tuple[str, str | None]"
"""A column, and what it holds in words whose order is that of time."""
ClockSpan: TypeAlias = "tuple[int, int] | None"
"""In minutes after midnight; None = closed."""


class HoursRow(NamedTuple):
    """A row of the table of hours that can be read."""

    n: int
    days: tuple[int, ...]
    span: ClockSpan
    dates: DateRange


def read_hours(answers: HallAnswers, faults: FaultList) -> OpenHours:
    """When a hall is open, as far as that is readable; what is wrong is added to the faults.

    A weekday that rows name has their hours in place of those of the single cells. Rows with dates
    hold between these; days that none of them names are as always.

    Examples
    --------
    >>> from sim.drafting.answers import template_answers
    >>> from sim.text import load_text
    >>> sunday = {"days": "sun", "open_from": "9:00", "open_to": "11:30"}
    >>> answers = template_answers("county", "en").with_table("hours", (sunday,))
    >>> read_hours(answers, FaultList(load_text("en"))).week.days[5:]
    (((540, 720),), ((540, 690),))
    """
    return _HoursReader(answers, faults).read()


class _HoursReader:
    """Answers on hours while they are read."""

    def __init__(self, answers: HallAnswers, faults: FaultList) -> None:
        self._answers, self._faults = answers, faults
        self._template = load_template(answers.template)

    def read(self) -> OpenHours:
        n_before = len(self._faults.faults)
        usual = self._usual_week()
        written = self._answers.tables.get(TABLE, ())
        if len(written) > MOST_ROWS:
            self._faults.add(
                "answer_rows", TABLE, found=str(len(written)), allowed=f"≤ {MOST_ROWS}"
            )
        names = [column.name for column in TABLES[TABLE]]
        of_dates: dict[DateRange, list[HoursRow]] = {}
        is_by_day = False
        for n, row in enumerate(written[:MOST_ROWS], 1):
            if all(is_empty(row.get(name)) for name in names):
                continue
            is_by_day = True
            if hours_row := self._row(n, row):
                of_dates.setdefault(hours_row.dates, []).append(hours_row)
        week = self._week(usual, of_dates.pop(None, []))
        periods = self._periods(week, {dates: rows for dates, rows in of_dates.items() if dates})
        if len(self._faults.faults) == n_before and not any(week.days):
            self._faults.add("answer_never_open", TABLE)
        source = ANSWERED if is_by_day else self._source()
        return OpenHours(week, periods, source, is_by_day)

    # --- single cells --- #

    def _usual_week(self) -> DraftedWeek:
        """The same hours from Monday to Friday, with a break, and those of Saturday."""
        day, lunch = self._span("opens", "closes"), self._span("lunch_from", "lunch_to")
        saturday = self._span("saturday_from", "saturday_to")
        weekday: tuple[tuple[int, int], ...] = (day,) if day else ()
        if day and lunch:
            if not day[0] < lunch[0] < lunch[1] < day[1]:
                allowed = f"{clock_words(day[0])}-{clock_words(day[1])}"
                span = f"{clock_words(lunch[0])}-{clock_words(lunch[1])}"
                self._faults.add("answer_lunch", "lunch", found=span, allowed=allowed)
            weekday = ((day[0], lunch[0]), (lunch[1], day[1]))
        return DraftedWeek((weekday,) * len(MON_TO_FRI) + ((saturday,) if saturday else (), ()))

    def _span(self, first: str, last: str) -> ClockSpan:
        """Two clocks, the later one behind; None when both are empty, or something is wrong."""
        n_before = len(self._faults.faults)
        begin, end = self._clock(first), self._clock(last)
        if len(self._faults.faults) > n_before or (begin is None and end is None):
            return None
        if begin is None or end is None:
            empty = first if begin is None else last
            self._faults.add("answer_half_span", question_of(empty), column=empty)
            return None
        if begin >= end:
            self._faults.add(
                "answer_span_order", question_of(last), column=last, found=clock_words(end)
            )
            return None
        return begin, end

    def _clock(self, name: str) -> int | None:
        value = self._answers.written(name)
        if is_empty(value):
            if CELLS[name].may_be_empty:
                return None
            value = self._template.cells[name].value
        minutes = cell_clock(value)
        if isinstance(minutes, WrongCell):
            self._faults.wrong(minutes, value, question_of(name), column=name)
            return None
        return minutes

    def _source(self) -> str:
        """Who says when the hall is open: whoever changed a clock, else the template's source."""
        names = [name for name, cell in CELLS.items() if cell.kind == "clock"]
        for name in names:
            now, below = (
                self._answers.written(name),
                self._template.cells.get(name, TemplateCell(None)).value,
            )
            if question_of(name) in self._answers.confirmed or (
                not (is_empty(now) and is_empty(below)) and shown(now) != shown(below)
            ):
                return ANSWERED
        return self._template.cells["opens"].source

    # --- rows --- #

    def _row(self, n: int, row: AnswerRow) -> HoursRow | None:
        """A row; None when something is wrong with it."""
        n_before = len(self._faults.faults)
        days: tuple[int, ...] = ()
        if is_empty(row.get("days")):
            self._faults.add("answer_missing", TABLE, n, "days")
        else:
            named = cell_days(row.get("days"))
            if isinstance(named, WrongCell):
                self._faults.wrong(named, row.get("days"), TABLE, n, "days")
            else:
                days = named
        begin = self._row_clock(n, row, "open_from")
        end = self._row_clock(n, row, "open_to")
        first, last = self._row_date(n, row, "first_day"), self._row_date(n, row, "last_day")
        if len(self._faults.faults) > n_before:
            return None
        end = DAY_MINUTES if end == 0 else end  # it closes at midnight
        clocks = [None if clock is None else clock_words(clock) for clock in (begin, end)]
        dates = [None if day is None else day.isoformat() for day in (first, last)]
        self._check_pair(n, ("open_from", clocks[0]), ("open_to", clocks[1]))
        self._check_pair(n, ("first_day", dates[0]), ("last_day", dates[1]))
        if len(self._faults.faults) > n_before:
            return None
        span = (begin, end) if begin is not None and end is not None else None
        return HoursRow(n, days, span, (first, last) if first and last else None)

    def _row_clock(self, n: int, row: AnswerRow, name: str) -> int | None:
        value = row.get(name)
        clock = None if is_empty(value) else cell_clock(value)
        if isinstance(clock, WrongCell):
            self._faults.wrong(clock, value, TABLE, n, name)
            return None
        return clock

    def _row_date(self, n: int, row: AnswerRow, name: str) -> date | None:
        value = row.get(name)
        day = None if is_empty(value) else cell_date(value)
        if isinstance(day, WrongCell):
            self._faults.wrong(day, value, TABLE, n, name)
            return None
        return day

    def _check_pair(self, n: int, first: NamedEnd, last: NamedEnd) -> None:
        """Complain of an end without its beginning, or not after it."""
        (name, begin), (name_of_end, end) = first, last
        if (begin is None) != (end is None):
            empty = name if begin is None else name_of_end
            self._faults.add("answer_half_span", TABLE, n, empty)
        elif begin is not None and end is not None and begin >= end:
            self._faults.add("answer_span_order", TABLE, n, name_of_end, end)

    # --- weeks --- #

    def _week(self, below: DraftedWeek, rows: list[HoursRow]) -> DraftedWeek:
        """A week in which days that rows name have their hours."""
        for n, row in enumerate(rows):
            if twin := next((each for each in rows[:n] if _clash(each, row)), None):
                self._contradict(twin, row)
        days = [*below.days]
        for day in range(len(WEEKDAYS)):
            of_day = [row for row in rows if day in row.days]
            if of_day:
                days[day] = tuple(sorted(row.span for row in of_day if row.span))
        return DraftedWeek(tuple(days))

    def _contradict(self, twin: HoursRow, row: HoursRow) -> None:
        """Complain once of two rows, with all the days that they share."""
        text = self._faults.text
        shared = [text(f"weekday.{day + 1}") for day in row.days if day in twin.days]
        days, first = text("format.list").join(shared), (("first", str(twin.n)),)
        self._faults.add("answer_hours_twice", TABLE, row.n, "days", days, "", first)

    def _periods(
        self, week: DraftedWeek, of_dates: Mapping[tuple[date, date], list[HoursRow]]
    ) -> tuple[OpenPeriod, ...]:
        for (_, until), dates in pairwise(sorted(of_dates)):
            if dates[0] <= until:
                row = of_dates[dates][0].n
                span = f"{dates[0]} – {dates[1]}"
                self._faults.add("answer_periods_overlap", TABLE, row, "first_day", span)
        return tuple(
            OpenPeriod(*dates, self._week(week, rows)) for dates, rows in sorted(of_dates.items())
        )


def _clash(first: HoursRow, second: HoursRow) -> bool:
    """Whether two rows share a time of a day, or one of them says that the day is closed."""
    if not {*first.days} & {*second.days}:
        return False
    if first.span is None or second.span is None:
        return True
    return first.span[0] < second.span[1] and second.span[0] < first.span[1]
