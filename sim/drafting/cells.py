"""What somebody wrote in a cell, as a value; or the problem that says why it is none."""

from __future__ import annotations

import math
import re
from datetime import date, timedelta
from typing import Final, NamedTuple

from sim.clock import HOUR, MINUTE, ClockError, parse_clock, parse_days, parse_duration
from sim.drafting.form import LONGEST_NAME, FormColumn
from sim.drafting.templates import Cell
from sim.errors import Problem
from sim.scenario.spelling import (
    fold_signs,
    read_clock,
    read_date,
    read_days,
    read_number,
    read_span,
)
from sim.text import load_spelling
from sim.text.foreign import visible

DAY_MINUTES: Final = 24 * 60
HOURS: Final = 24
SERIAL_ZERO: Final = date(1899, 12, 30)
"""The day from which spreadsheets count dates."""
SERIALS: Final = range(36_526, 73_051)
"""Numbers of days that are dates of this century, where a date may stand."""
YEARS: Final = range(2000, 2100)
BETWEEN: Final = re.compile("|".join(map(re.escape, load_spelling()["answer_words"]["between"])))
"""Between the names of a list in one cell."""


class WrongCell(NamedTuple):
    """Why a cell cannot be read: a code with what is allowed."""

    code: str
    allowed: str = ""
    values: tuple[tuple[str, str], ...] = ()

    def problem(self, place: str, value: Cell) -> Problem:
        """The problem at a place."""
        return Problem(
            self.code, place, found=shown(value), allowed=self.allowed, values=self.values
        )


def shown(value: Cell) -> str:
    """A cell as problems show it.

    Examples
    --------
    >>> shown(("a", "b")), shown(2.0), shown(None)
    ('a; b', '2', '–')
    """
    if isinstance(value, tuple):
        return "; ".join(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "–" if value is None or value == "" else str(value)


def is_empty(value: Cell) -> bool:
    """Whether nothing stands in a cell.

    Examples
    --------
    >>> is_empty(" "), is_empty(float("nan")), is_empty(0), is_empty(())
    (True, True, False, True)
    """
    if isinstance(value, float):
        return math.isnan(value)
    if isinstance(value, str):
        return not value.strip()
    return value is None or value == ()


def cell_number(column: FormColumn, value: Cell) -> float | WrongCell:
    """A number within the bounds of its column, in the unit of its heading.

    Examples
    --------
    >>> from sim.drafting.form import CELLS
    >>> cell_number(CELLS["online_share"], "１５％"), cell_number(CELLS["per_day"], "1,200")
    (15.0, 1200.0)
    >>> cell_number(CELLS["called_within"], "半小时").code, cell_number(CELLS["per_day"], 0).code
    ('answer_number', 'answer_number')
    >>> cell_number(CELLS["online_share"], 0.15).code
    'answer_percent'
    """
    bounds = (("low", f"{column.low:,.12g}"), ("high", f"{column.high:,.12g}"))
    kind = "allowed.int_between" if column.kind == "count" else "allowed.between"
    wrong = WrongCell("answer_number", kind, bounds)
    number = _number(column, value)
    if number is None or not math.isfinite(number):
        return wrong
    if column.kind == "percent" and 0 < number < 1:
        return WrongCell("answer_percent", kind, bounds)
    if not column.low <= number <= column.high:
        return wrong
    if column.kind == "count" and number != int(number):
        return wrong
    return number


def _number(column: FormColumn, value: Cell) -> float | None:
    if isinstance(value, bool | tuple):
        return None
    if isinstance(value, int | float):
        return float(value)
    plain = fold_signs(value or "")
    if column.kind == "percent":
        plain = plain.removesuffix("%").rstrip()
    number = read_number(plain)
    if number is None and column.kind == "minutes":
        span = read_span(plain)
        if span is not None and not span.endswith("wd"):
            return parse_duration(span) / MINUTE
    return None if number is None else float(number)


def cell_clock(value: Cell) -> int | WrongCell:
    """A time of day in minutes after midnight; spreadsheets write it as a part of a day.

    Examples
    --------
    >>> cell_clock("8：30"), cell_clock(0.354166667), cell_clock("24:00")
    (510, 510, 1440)
    >>> cell_clock("8.30").code
    'answer_clock'
    """
    wrong = WrongCell("answer_clock", "allowed.clock")
    if isinstance(value, str):
        clock = read_clock(value)
        minutes = parse_clock(clock) // MINUTE if clock and int(clock[:2]) <= HOURS else None
        return wrong if minutes is None or minutes > DAY_MINUTES else minutes
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1:
        return wrong
    minutes = round(value * DAY_MINUTES)
    return minutes if abs(value * DAY_MINUTES - minutes) < 1 / 4 else wrong


def cell_days(value: Cell) -> tuple[int, ...] | WrongCell:
    """Weekdays, Monday 0: a day, a range of days, or several of them.

    Examples
    --------
    >>> cell_days("周一至周五"), cell_days("Mon, Wed-Thu"), cell_days("sun; Sat")
    ((0, 1, 2, 3, 4), (0, 2, 3), (5, 6))
    >>> cell_days("fri-mon").code, cell_days("always").code
    ('answer_days', 'answer_days')
    """
    days = set[int]()
    for words in cell_names(value):
        for part in fold_signs(words).split(","):
            try:
                days |= {*parse_days(read_days(part))}
            except ClockError:
                return WrongCell("answer_days", "allowed.day_range")
    return tuple(sorted(days))


def cell_date(value: Cell) -> date | WrongCell:
    """A date of this century, its year first; spreadsheets write the number of its day.

    Examples
    --------
    >>> str(cell_date("2026年7月1日")), str(cell_date(46204)), cell_date("1.7.2026").code
    ('2026-07-01', '2026-07-01', 'answer_date')
    """
    number = read_number(value) if isinstance(value, str) else value
    if isinstance(number, int | float) and not isinstance(number, bool) and number in SERIALS:
        return SERIAL_ZERO + timedelta(days=int(number))
    day = read_date(value) if isinstance(value, str) else None
    if day is None or day.year not in YEARS:
        return WrongCell("answer_date", "allowed.date")
    return day


def clock_words(minutes: int) -> str:
    """Minutes after midnight as a clock.

    Examples
    --------
    >>> clock_words(510)
    '08:30'
    """
    return "{:02d}:{:02d}".format(*divmod(minutes, HOUR // MINUTE))


def cell_name(value: Cell) -> str | WrongCell:
    """A name: a few words in one line, in signs that can be shown.

    Examples
    --------
    >>> cell_name(" 综合 窗口 "), cell_name(12), cell_name("x" * 61).code
    ('综合 窗口', '12', 'answer_name')
    """
    words = " ".join(shown(value).split())
    if len(words) > LONGEST_NAME or visible(words) != words:
        return WrongCell("answer_name", "allowed.answer_name", (("most", str(LONGEST_NAME)),))
    return words


def cell_names(value: Cell) -> tuple[str, ...]:
    """The names of a list in one cell, each once.

    Examples
    --------
    >>> cell_names("办证；登记、 办证"), cell_names(("a", "b"))
    (('办证', '登记'), ('a', 'b'))
    """
    parts = value if isinstance(value, tuple) else BETWEEN.split(shown(value))
    return tuple(dict.fromkeys(" ".join(part.split()) for part in parts if part.strip()))
