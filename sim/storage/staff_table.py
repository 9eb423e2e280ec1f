"""The staff table (人员表): who can be rostered, as a hall keeps it in CSV or a workbook."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

from sim.clock import HOUR, WEEKDAYS
from sim.errors import OptionError, Problem
from sim.plan.shift_forms import shift_forms
from sim.plan.staff import WISHES, DatedWish, StaffMember, Wish
from sim.scenario.day_kinds import day_kinds
from sim.scenario.fields import Known
from sim.scenario.rostering import Rostering
from sim.scenario.scenario import Scenario
from sim.storage.spreadsheet import CellValue, cell_name, read_rows
from sim.storage.staff_skills import skill_words
from sim.storage.staff_words import (
    BETWEEN,
    PATTERNS,
    WEEKDAY_WORDS,
    WORDS,
    dated_wishes_of,
    dates_of,
    in_language,
    number_of,
    plain_word,
    plain_words,
    weekdays_of,
    wish_of,
)
from sim.text import load_spelling

HEADINGS: Final = load_spelling()["staff_headings"]
"""Columns, and the headings that name them."""
SELDOM: Final = ("weekends", "shift_limits")
"""Columns that a table has where somebody needs them."""
NEEDED: Final = ("name", "groups")
"""Columns without which there is no table."""
ROWS_ABOVE: Final = 10
"""A title and remarks may stand above the headings."""
HOURS_OF_A_WEEK: Final = 168.0
_HOURS: Final = re.compile(rf"(\d+(?:\.\d+)?)\s*(?:{PATTERNS['hours']})?", re.IGNORECASE)
_WISH: Final = re.compile(PATTERNS["wish"])


class StaffTable(NamedTuple):
    """Who can be rostered.

    Attributes
    ----------
    staff : tuple of StaffMember
    warnings : tuple of Problem
        Window groups that nobody can serve.
    """

    staff: tuple[StaffMember, ...]
    warnings: tuple[Problem, ...]


class _Wishes(NamedTuple):
    wishes: tuple[Wish, ...]
    weekdays: tuple[int, ...]
    dated: tuple[DatedWish, ...]


def read_staff(path: Path, scenario: Scenario, layout: str) -> StaffTable:
    """The people of a staff table, who may serve window groups of a layout.

    A skill is the id or the name of a window group, or of what a group serves: a matter, a group of
    matters, a department. Headings are Chinese or English, in any order; other columns are left
    alone, but for those whose heading is a date: in them stands who would be off then, or have
    which shift.

    Raises
    ------
    OptionError
        With every problem, its file and cell: `table_unreadable`, `table_too_large`, `staff_empty`,
        `staff_columns`, `staff_heading`, `staff_name`, `staff_doubled`, `staff_skill`,
        `staff_hours`, `staff_shifts`, `staff_day`, `staff_wish`, `staff_flag`, `staff_weekends`,
        `staff_limit`.

    Examples
    --------
    >>> import tempfile
    >>> from sim import example_path, load_scenario
    >>> city = load_scenario(example_path("sanmenxia.yaml"))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "staff.csv"
    ...     _ = file.write_text("姓名,岗位,合同工时\\n李四,全部,36\\n", encoding="utf-8")
    ...     [person] = read_staff(file, city, "zone").staff
    >>> person.name, len(person.groups), person.contract_hours
    ('李四', 10, 36.0)
    """
    return staff_of(read_rows(path), scenario, layout, path.name)


def staff_of(
    rows: Sequence[Sequence[CellValue]], scenario: Scenario, layout: str, file: str = ""
) -> StaffTable:
    """The same of the cells of a table.

    Parameters
    ----------
    file
        Its name, for what is wrong in it.

    Raises
    ------
    OptionError
        As `read_staff`.
    """
    return _StaffReader(rows, scenario, layout, file).read()


def staff_heads(language: str) -> list[str]:
    """The heads of a staff table in a language.

    Examples
    --------
    >>> staff_heads("en")[:3]
    ['name', 'groups', 'contract_hours']
    """
    return [
        in_language(words, language) for column, words in HEADINGS.items() if column not in SELDOM
    ]


def staff_rows(
    staff: Sequence[StaffMember], scenario: Scenario, layout: str, language: str
) -> list[list[str]]:
    """People as the rows of a table, heads first: `staff_of` gives them again.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> hall = load_scenario(example_path("exact/mmc.yaml"))
    >>> staff_rows([StaffMember("Li", ("windows",), 36.0, (2,))], hall, "hall", "en")[1]
    ['Li', 'windows', '36', 'wed', '', '', '']
    """
    windows, words = scenario.layout(layout).windows, skill_words(scenario, scenario.layout(layout))
    names = {group.id: group.id for group in windows}
    for group in windows:
        name = getattr(group.name, language, "") if group.name else ""
        if words.get(plain_word(name)) == (group.id,) and len(BETWEEN.split(name)) == 1:
            names[group.id] = name
    rows = [[in_language(words, language) for words in HEADINGS.values()]]
    for person in staff:
        weekdays = [in_language(WEEKDAY_WORDS[WEEKDAYS[n]], language) for n in person.weekdays_off]
        wished = [
            in_language(WEEKDAY_WORDS[WEEKDAYS[n]], language) for n in person.weekdays_wished_off
        ]
        wishes = [in_language(WORDS[wish], language) for wish in person.wishes]
        dated = [_dated(wish, language) for wish in person.dated_wishes]
        yes = in_language(WORDS["yes"], language)
        rows.append(
            [
                person.name,
                ";".join(names[group] for group in person.groups if group in names),
                f"{person.contract_hours:g}",
                ";".join([*weekdays, *person.dates_off]),
                ";".join([*wishes, *wished, *dated]),
                yes * person.senior,
                yes * person.part_time,
                "" if person.weekends_at_most is None else str(person.weekends_at_most),
                ";".join(f"{name} {number}" for name, number in person.shifts_at_most),
            ]
        )
    return _without_empty(rows)


def _without_empty(rows: list[list[str]]) -> list[list[str]]:
    """A table without the columns that few need, where nothing stands in them."""
    used = [
        at
        for at, column in enumerate(HEADINGS)
        if column not in SELDOM or any(row[at] for row in rows[1:])
    ]
    return [[row[at] for at in used] for row in rows]


def _dated(wish: DatedWish, language: str) -> str:
    """A wish by date as it is read again: `2025-03-04 off ×3`."""
    named = WORDS.get(f"wish_{wish.what}")
    what = in_language(named, language) if named else wish.what
    weight = f" ×{wish.weight}" if wish.weight > 1 else ""
    return f"{wish.date} {what}{weight}"


class _StaffReader:
    """A table while it is read; problems are collected."""

    def __init__(
        self, rows: Sequence[Sequence[CellValue]], scenario: Scenario, layout: str, file: str
    ) -> None:
        self._file = file
        self._rows = rows
        self._scenario, self._layout = scenario, scenario.layout(layout)
        self._rules = scenario.rostering or Rostering()
        self._skills = skill_words(scenario, self._layout)
        self._skill_words = Known(self._skills)
        self._problems: list[Problem] = []
        self._head = 0
        self._columns: dict[str, int] = {}
        self._dates: dict[int, str] = {}
        self._shifts = {
            plain_word(name): shift.id
            for shift in self._rules.shifts
            for name in (shift.id, *((shift.name.zh, shift.name.en) if shift.name else ()))
        }

    def read(self) -> StaffTable:
        self._find_columns()
        staff = [self._person(n) for n in self._rows_of_people()]
        if not staff and not self._problems:
            self._problems.append(Problem("staff_empty", file=self._file))
        if self._problems:
            raise OptionError(self._problems)
        return StaffTable(tuple(staff), tuple(self._nobody_serves(staff)))

    # --- where things stand --- #

    def _find_columns(self) -> None:
        """The row of headings, and the column of each.

        Raises
        ------
        OptionError
            `staff_empty` or `staff_columns`.
        """
        if not any(value is not None for row in self._rows for value in row):
            raise OptionError(Problem("staff_empty", file=self._file))
        names = {plain_word(word): column for column, words in HEADINGS.items() for word in words}
        for n, row in enumerate(self._rows[:ROWS_ABOVE]):
            columns = [(names.get(plain_word(value)), at) for at, value in enumerate(row)]
            column_at = {column: at for column, at in reversed(columns) if column is not None}
            if "name" in column_at:
                self._head, self._columns = n, column_at
                break
        missing = [column for column in NEEDED if column not in self._columns]
        if missing:
            words = " · ".join("/".join(_recommended(column)) for column in missing)
            raise OptionError(Problem("staff_columns", file=self._file, found=words))
        headings = Known(names)
        for at, value in enumerate(self._rows[self._head]):
            of_head = dates_of(str(value)[: len("2025-03-04")]) if value is not None else None
            if of_head is not None and len(of_head) == 1:
                self._dates[at] = of_head[0]
                continue
            if (
                value is not None
                and plain_word(value) not in names
                and headings.near(plain_word(value))
            ):
                self._add("staff_heading", self._head, at, value, headings.near(plain_word(value)))

    def _rows_of_people(self) -> Iterator[int]:
        """Rows below the headings in which anything stands; a name is seen once."""
        seen: dict[str, int] = {}
        for n in range(self._head + 1, len(self._rows)):
            if all(self._cell(n, column) is None for column in self._columns):
                continue
            name = plain_word(self._cell(n, "name") or "")  # names of two signs are often set apart
            if not name:
                self._add("staff_name", n, self._columns["name"], "")
            elif name in seen:
                first = (("first", cell_name(seen[name], self._columns["name"])),)
                value = self._cell(n, "name")
                self._add("staff_doubled", n, self._columns["name"], value, first)
            seen.setdefault(name, n)
            yield n

    def _cell(self, row: int, column: str) -> CellValue:
        at = self._columns.get(column, -1)
        return self._rows[row][at] if 0 <= at < len(self._rows[row]) else None

    def _words(self, row: int, column: str) -> list[str]:
        value = self._cell(row, column)
        if isinstance(value, date):
            return [value.isoformat()]
        return [word for word in BETWEEN.split(str(value)) if word] if value is not None else []

    def _add(
        self,
        code: str,
        row: int,
        at: int,
        value: object,
        values: tuple[tuple[str, str], ...] = (),
        allowed: str = "",
    ) -> None:
        place = f"{cell_name(row, at)} {self._rows[self._head][at] or ''}".strip()
        self._problems.append(
            Problem(code, place, self._file, found=str(value), allowed=allowed, values=values)
        )

    # --- one person --- #

    def _person(self, row: int) -> StaffMember:
        weekdays, dates = self._days_off(row)
        wishes = self._wishes(row)
        return StaffMember(
            str(self._cell(row, "name") or ""),
            self._groups(row),
            self._hours(row),
            weekdays,
            dates,
            wishes.wishes,
            wishes.weekdays,
            self._flag(row, "senior"),
            self._flag(row, "part_time"),
            wishes.dated,
            self._weekends(row),
            self._limits(row),
        )

    def _groups(self, row: int) -> tuple[str, ...]:
        at = self._columns["groups"]
        words = self._words(row, "groups")
        if not words:
            self._add("staff_skill", row, at, "", allowed=self._skill_words.words)
        served: set[str] = set()
        for word in words:
            plain = plain_word(word)
            if plain in plain_words("everything"):
                served.update(group.id for group in self._layout.windows)
            elif plain in self._skills:
                served.update(self._skills[plain])
            else:
                near = self._skill_words.near(plain)
                self._add("staff_skill", row, at, word, near, self._skill_words.words)
        return tuple(group.id for group in self._layout.windows if group.id in served)

    def _hours(self, row: int) -> float:
        value = self._cell(row, "contract_hours")
        if value is None:
            return self._rules.staff.contract / HOUR
        match = _HOURS.fullmatch(unicodedata.normalize("NFKC", str(value)))
        hours = float(match[1]) if match and not isinstance(value, bool) else -1.0
        at = self._columns["contract_hours"]
        if not 0 < hours <= HOURS_OF_A_WEEK:
            self._add("staff_hours", row, at, value)
            return hours
        shortest = self._shortest_shift[self._flag(row, "part_time", quietly=True)]
        if 0 < hours < shortest:
            self._add("staff_shifts", row, at, f"{hours:g}", (("shortest", f"{shortest:g}"),))
        return hours

    @cached_property
    def _shortest_shift(self) -> tuple[float, float]:
        """Hours of the shortest shift on any kind of day, of full and of part time; 0 = none."""
        kinds = day_kinds(self._scenario)
        full, part = (
            min(
                (
                    form.hours
                    for kind in kinds
                    for form in shift_forms(self._rules, kind, part_time)
                ),
                default=0.0,
            )
            for part_time in (False, True)
        )
        return full, part

    def _days_off(self, row: int) -> tuple[tuple[int, ...], tuple[str, ...]]:
        weekdays: set[int] = set()
        dates: set[str] = set()
        for word in self._words(row, "days_off"):
            if (days := weekdays_of(word)) is not None:
                weekdays.update(days)
            elif (between := dates_of(word)) is not None:
                dates.update(between)
            else:
                self._add("staff_day", row, self._columns["days_off"], word)
        return tuple(sorted(weekdays)), tuple(sorted(dates))

    def _wishes(self, row: int) -> _Wishes:
        wishes: dict[Wish, None] = {}
        weekdays: set[int] = set()
        dated = list(self._wishes_in_columns(row))
        for word in self._words(row, "wishes"):
            plain = plain_word(word)
            match = _WISH.fullmatch(plain)
            days = weekdays_of(match[1]) if match else None
            ways = {plain, match[1] if match else plain}
            wish = next((wish for wish in WISHES if ways & plain_words(wish)), None)
            if wish is not None:
                wishes[wish] = None
            elif days is not None:
                weekdays.update(days)
            elif (by_date := dated_wishes_of(word, self._shifts)) is not None:
                dated += by_date
            else:
                self._add("staff_wish", row, self._columns["wishes"], word)
        return _Wishes(tuple(wishes), tuple(sorted(weekdays)), tuple(dated))

    def _wishes_in_columns(self, row: int) -> Iterator[DatedWish]:
        """Those of columns that are dates."""
        for at, day in self._dates.items():
            value = self._rows[row][at] if at < len(self._rows[row]) else None
            if value in (None, ""):
                continue
            wish = wish_of(str(value), self._shifts)
            if wish is None:
                self._add("staff_wish", row, at, value)
            else:
                yield DatedWish(day, *wish)

    def _weekends(self, row: int) -> int | None:
        value = self._cell(row, "weekends")
        if value in (None, ""):
            return None
        word = unicodedata.normalize("NFKC", str(value)).strip()
        if not word.isdecimal() or isinstance(value, bool):
            self._add("staff_weekends", row, self._columns["weekends"], value)
            return None
        return int(word)

    def _limits(self, row: int) -> tuple[tuple[str, int], ...]:
        """Most shifts of a kind: of a limit of the scenario, or of a listed shift."""
        limits = {plain_word(limit.id): limit.id for limit in self._rules.staff.shift_limits}
        names, numbers = {**self._shifts, **limits}, dict[str, int]()
        for word in self._words(row, "shift_limits"):
            name, number = number_of(word) or ("", 0)
            if name in names:
                numbers[names[name]] = number
            else:
                listed = ", ".join(dict.fromkeys(names.values()))
                self._add("staff_limit", row, self._columns["shift_limits"], word, (), listed)
        return tuple(numbers.items())

    def _flag(self, row: int, column: str, quietly: bool = False) -> bool:
        value = self._cell(row, column)
        word = "" if value is None else plain_word(value)
        is_known = word in plain_words("yes") | plain_words("no")
        if not is_known and not quietly:
            self._add("staff_flag", row, self._columns[column], value)
        return word in plain_words("yes")

    # --- all of them --- #

    def _nobody_serves(self, staff: Sequence[StaffMember]) -> Iterator[Problem]:
        served = {group for person in staff for group in person.groups}
        for group in self._layout.windows:
            if group.id not in served and not group.borrows and any(group.clerks.values()):
                name = group.name.zh if group.name else group.id
                yield Problem("staff_nobody", group.id, self._file, found=name, severity="warning")


def _recommended(column: str) -> tuple[str, str]:
    """Its first Chinese and its first English heading."""
    words = HEADINGS[column]
    return words[0], next(word for word in words if word.isascii())
