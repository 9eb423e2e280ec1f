"""The staff table (人员表): who can be rostered, as a hall keeps it in CSV or a workbook."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Final, NamedTuple

from sim.clock import HOUR, WEEKDAYS
from sim.errors import OptionError, Problem
from sim.plan.shift_forms import shift_forms
from sim.plan.staff import WISHES, StaffMember, Wish
from sim.scenario.base import Bilingual
from sim.scenario.day_kinds import day_kinds
from sim.scenario.fields import Known
from sim.scenario.hall import Layout, WindowGroup
from sim.scenario.rostering import Rostering
from sim.scenario.scenario import Scenario
from sim.storage.spreadsheet import CellValue, cell_name, read_rows
from sim.text import load_spelling

HEADINGS: Final = load_spelling()["staff_headings"]
"""Columns, and the headings that name them."""
WORDS: Final = load_spelling()["staff_words"]
"""What stands in cells."""
WEEKDAY_WORDS: Final = load_spelling()["days"]
NEEDED: Final = ("name", "groups")
"""Columns without which there is no table."""
ROWS_ABOVE: Final = 10
"""A title and remarks may stand above the headings."""
HOURS_OF_A_WEEK: Final = 168.0
MOST_DAYS_OFF: Final = 1_000
"""From one date to another."""
_PATTERNS: Final = {name: ways[0] for name, ways in load_spelling()["staff_patterns"].items()}
BETWEEN: Final = re.compile(rf"\s*{_PATTERNS['between']}\s*")
"""Between skills, days and wishes of one cell."""
_HOURS: Final = re.compile(rf"(\d+(?:\.\d+)?)\s*(?:{_PATTERNS['hours']})?", re.IGNORECASE)
_DATE: Final = re.compile(_PATTERNS["date"])
_TO: Final = re.compile(rf"\s*(?:{_PATTERNS['to']})\s*")
_WISH: Final = re.compile(_PATTERNS["wish"])


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


def read_staff(path: Path, scenario: Scenario, layout: str) -> StaffTable:
    """The people of a staff table, who may serve window groups of a layout.

    A skill is the id or the name of a window group, or of what a group serves: a matter, a group of
    matters, a department. Headings are Chinese or English, in any order; other columns are left
    alone.

    Raises
    ------
    OptionError
        With every problem, its file and cell: `table_unreadable`, `table_too_large`, `staff_empty`,
        `staff_columns`, `staff_heading`, `staff_name`, `staff_doubled`, `staff_skill`,
        `staff_hours`, `staff_shifts`, `staff_day`, `staff_wish`, `staff_flag`.

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
    return [_in_language(words, language) for words in HEADINGS.values()]


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
        if words.get(_plain(name)) == (group.id,) and len(BETWEEN.split(name)) == 1:
            names[group.id] = name
    rows = [staff_heads(language)]
    for person in staff:
        weekdays = [_in_language(WEEKDAY_WORDS[WEEKDAYS[n]], language) for n in person.weekdays_off]
        wished = [
            _in_language(WEEKDAY_WORDS[WEEKDAYS[n]], language) for n in person.weekdays_wished_off
        ]
        wishes = [_in_language(WORDS[wish], language) for wish in person.wishes]
        yes = _in_language(WORDS["yes"], language)
        rows.append(
            [
                person.name,
                ";".join(names[group] for group in person.groups if group in names),
                f"{person.contract_hours:g}",
                ";".join([*weekdays, *person.dates_off]),
                ";".join([*wishes, *wished]),
                yes * person.senior,
                yes * person.part_time,
            ]
        )
    return rows


def _in_language(words: Sequence[str], language: str) -> str:
    """The first word of a language; any where it has none."""
    of_language = (word for word in words if word.isascii() == (language != "zh"))
    return next(of_language, words[0])


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
        names = {_plain(word): column for column, words in HEADINGS.items() for word in words}
        for n, row in enumerate(self._rows[:ROWS_ABOVE]):
            columns = [(names.get(_plain(value)), at) for at, value in enumerate(row)]
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
            if value is not None and _plain(value) not in names and headings.near(_plain(value)):
                self._add("staff_heading", self._head, at, value, headings.near(_plain(value)))

    def _rows_of_people(self) -> Iterator[int]:
        """Rows below the headings in which anything stands; a name is seen once."""
        seen: dict[str, int] = {}
        for n in range(self._head + 1, len(self._rows)):
            if all(self._cell(n, column) is None for column in self._columns):
                continue
            name = _plain(self._cell(n, "name") or "")  # names of two signs are often set apart
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
        )

    def _groups(self, row: int) -> tuple[str, ...]:
        at = self._columns["groups"]
        words = self._words(row, "groups")
        if not words:
            self._add("staff_skill", row, at, "", allowed=self._skill_words.words)
        served: set[str] = set()
        for word in words:
            plain = _plain(word)
            if plain in _plain_words("everything"):
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
            if (days := _weekdays_of(word)) is not None:
                weekdays.update(days)
            elif (between := _dates_of(word)) is not None:
                dates.update(between)
            else:
                self._add("staff_day", row, self._columns["days_off"], word)
        return tuple(sorted(weekdays)), tuple(sorted(dates))

    def _wishes(self, row: int) -> _Wishes:
        wishes: dict[Wish, None] = {}
        weekdays: set[int] = set()
        for word in self._words(row, "wishes"):
            plain = _plain(word)
            match = _WISH.fullmatch(plain)
            days = _weekdays_of(match[1]) if match else None
            ways = {plain, match[1] if match else plain}
            wish = next((wish for wish in WISHES if ways & _plain_words(wish)), None)
            if wish is not None:
                wishes[wish] = None
            elif days is not None:
                weekdays.update(days)
            else:
                self._add("staff_wish", row, self._columns["wishes"], word)
        return _Wishes(tuple(wishes), tuple(sorted(weekdays)))

    def _flag(self, row: int, column: str, quietly: bool = False) -> bool:
        value = self._cell(row, column)
        word = "" if value is None else _plain(value)
        is_known = word in _plain_words("yes") | _plain_words("no")
        if not is_known and not quietly:
            self._add("staff_flag", row, self._columns[column], value)
        return word in _plain_words("yes")

    # --- all of them --- #

    def _nobody_serves(self, staff: Sequence[StaffMember]) -> Iterator[Problem]:
        served = {group for person in staff for group in person.groups}
        for group in self._layout.windows:
            if group.id not in served and not group.borrows and any(group.clerks.values()):
                name = group.name.zh if group.name else group.id
                yield Problem("staff_nobody", group.id, self._file, found=name, severity="warning")


def skill_words(scenario: Scenario, layout: Layout) -> dict[str, tuple[str, ...]]:
    """What a table may call a skill, and the window groups that it means.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> hall = load_scenario(example_path("exact/mmc.yaml"))
    >>> sorted(skill_words(hall, hall.layout("hall")))[:2]
    ['errand', 'office']
    """
    named = scenario.matters_named()
    names = {
        **{department.id: department.name for department in scenario.departments},
        **{matter.id: matter.name for matter in scenario.matters},
    }
    words: dict[str, dict[str, None]] = {}
    for group in layout.windows:
        for word in _words_of_group(group, named, names):
            words.setdefault(_plain(word), {})[group.id] = None
    return {word: tuple(groups) for word, groups in words.items()}


def _words_of_group(
    group: WindowGroup, named: Mapping[str, tuple[str, ...]], names: Mapping[str, Bilingual]
) -> Iterator[str]:
    """Its id and names, and those of what it serves: all that a word names is served there."""
    yield group.id
    if group.name is not None:
        yield from (group.name.zh, group.name.en)
    served = {matter for name in group.serves for matter in named.get(name, ())}
    for word, matters in named.items():
        if word in group.serves or set(matters) <= served:
            yield word
            if (name := names.get(word)) is not None:
                yield from (name.zh, name.en)


def _plain(value: object) -> str:
    """A word as it is compared: no matter how wide its letters are, or large, or apart."""
    return re.sub(r"[\s_]+", "", unicodedata.normalize("NFKC", str(value)).lower())


@cache
def _plain_words(name: str) -> frozenset[str]:
    """The words of a meaning, as they are compared."""
    return frozenset(map(_plain, WORDS[name]))


def _recommended(column: str) -> tuple[str, str]:
    """Its first Chinese and its first English heading."""
    words = HEADINGS[column]
    return words[0], next(word for word in words if word.isascii())


def _weekdays_of(word: str) -> tuple[int, ...] | None:
    """Weekdays that a word names; None = it names none.

    Examples
    --------
    >>> _weekdays_of("周三"), _weekdays_of("Sunday"), _weekdays_of("周末"), _weekdays_of("三月")
    ((2,), (6,), (5, 6), None)
    """
    plain = _plain(word)
    if plain in _plain_words("weekend"):
        return (5, 6)
    days = [n for n, day in enumerate(WEEKDAYS) if plain in WEEKDAY_WORDS[day]]
    return tuple(days) or None


def _dates_of(word: str) -> tuple[str, ...] | None:
    """Dates that a word names, one or from one to another; None = it names none.

    Examples
    --------
    >>> _dates_of("2025年3月4日"), _dates_of("2025-03-04至2025-03-05"), _dates_of("3月4日")
    (('2025-03-04',), ('2025-03-04', '2025-03-05'), None)
    """
    matches = [_DATE.fullmatch(part) for part in _TO.split(word.strip())]
    if not 1 <= len(matches) <= 2 or not all(matches):
        return None
    try:
        ends = [date(*(int(part) for part in match.groups())) for match in matches if match]
    except ValueError:
        return None
    n_days = (ends[-1] - ends[0]).days + 1
    if not 1 <= n_days <= MOST_DAYS_OFF:
        return None
    return tuple((ends[0] + timedelta(days=n)).isoformat() for n in range(n_days))
