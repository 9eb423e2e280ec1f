"""A posted roster read again: people by dates, as a spreadsheet or a page holds it.

What is read is what `sim.views.roster_sheets` writes, with whatever somebody changed in it by hand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from typing import Final, NamedTuple

from sim.clock import ClockError, Hours, parse_hours
from sim.errors import OptionError, Problem
from sim.plan.posted import PostedDuty
from sim.plan.roster_days import WEEK
from sim.questions.rostering import RosterQuestion
from sim.scenario.scenario import Scenario
from sim.storage.spreadsheet import CellValue, cell_name
from sim.text import load_spelling

WORDS: Final = load_spelling()["posted_words"]
FREE: Final = frozenset(WORDS["free"])
"""What stands in a cell of who is not on duty."""
WEEKDAY_NAMES: Final = frozenset(WORDS["weekdays"])
"""What stands before the weekdays, where names stand before shifts."""
SIGNS: Final = str.maketrans(
    dict.fromkeys(WORDS["dashes"], "-") | dict.fromkeys(WORDS["colons"], ":")
)
"""How people write from when to when, made one."""
_PATTERNS: Final = load_spelling()["staff_patterns"]
PARTS: Final = re.compile(rf"(?:{_PATTERNS['between'][0]}|\s)+")
"""Between the hours of one cell."""
DATE: Final = re.compile(rf"\s*{_PATTERNS['date'][0]}\s*")
JOINTS: Final = "-/ "
"""Between the code of a shift and the numbers of window groups."""


class PostedTable(NamedTuple):
    """What a table says.

    Attributes
    ----------
    dates, people : tuple of str
    duties : tuple of PostedDuty
    """

    dates: tuple[str, ...]
    people: tuple[str, ...]
    duties: tuple[PostedDuty, ...]

    @property
    def first_day(self) -> str:
        """The first date."""
        return min(self.dates)

    @property
    def weeks(self) -> int:
        """Weeks that it takes from there, the last one perhaps not whole."""
        length = date.fromisoformat(max(self.dates)) - date.fromisoformat(self.first_day)
        return length.days // WEEK + 1


class _Legend(NamedTuple):
    """Hours of shifts by their codes, and ids of window groups by their numbers and names."""

    shifts: Mapping[str, tuple[Hours, ...]]
    groups: Mapping[str, str]


PostedRows = Sequence[Sequence[CellValue]]


def posted_question(question: RosterQuestion, table: PostedTable) -> RosterQuestion:
    """A question about the roster of a table, which is simulated as it stands."""
    weeks = table.weeks
    return replace(question, posted=table.duties, first_day=table.first_day, weeks=weeks)


def read_posted(
    rows: PostedRows, groups: Mapping[str, tuple[str, ...]], file: str = ""
) -> PostedTable:
    """The roster of a table: dates in one row, people below it, the legend below them.

    Parameters
    ----------
    rows
        Cells as a spreadsheet holds them.
    groups
        Names of each window group, by its id: `group_names`.
    file
        Its name, for what is wrong in it.

    Raises
    ------
    OptionError
        `posted_no_dates`, `posted_no_people`, `posted_nobody`, `posted_twice`, `posted_cell`: every
        one found.

    Examples
    --------
    >>> rows = [["Name", "2025-03-03", "2025-03-04"], ["Li", "A", "off"], [], ["A", "09:00-12:00"]]
    >>> table = read_posted(rows, {})
    >>> table.people, [(duty.date, len(duty.pieces)) for duty in table.duties]
    (('Li',), [('2025-03-03', 1)])
    """
    head = next((n for n, row in enumerate(rows) if any(map(_date_of, row[1:]))), None)
    if head is None:
        raise OptionError(Problem("posted_no_dates", file=file))
    dates = {n: day for n, cell in enumerate(rows[head]) if n and (day := _date_of(cell))}
    people = dict(_people(rows, head + 1))
    if not people:
        raise OptionError(Problem("posted_no_people", file=file))
    legend = _legend(rows[max(people) + 1 :], groups)
    problems = [
        *_twice([(cell_name(head, column), day) for column, day in dates.items()], file),
        *_twice([(cell_name(n, 0), name) for n, name in people.items()], file),
    ]
    duties: list[PostedDuty] = []
    for n, name in people.items():
        for column, day in dates.items():
            words = _words(rows[n][column]) if column < len(rows[n]) else ""
            if words.lower() in FREE:
                continue
            duty = _duty(name, day, words, legend)
            if duty is None:
                place = f"{cell_name(n, column)} {name} {day}" if file else f"{name} {day}"
                codes = ", ".join(legend.shifts) or "–"
                problems.append(Problem("posted_cell", place, file, found=words, allowed=codes))
            else:
                duties.append(duty)
    if not duties and not problems:
        problems.append(Problem("posted_nobody", file=file))
    if problems:
        raise OptionError(problems)
    return PostedTable(tuple(dates.values()), tuple(people.values()), tuple(duties))


def _twice(named: Sequence[tuple[str, str]], file: str) -> Iterator[Problem]:
    """Dates or people that were there before."""
    for n, (place, words) in enumerate(named):
        if words in {before for _, before in named[:n]}:
            yield Problem("posted_twice", place, file, found=words)


def _people(rows: PostedRows, first: int) -> Iterator[tuple[int, str]]:
    """PostedRows of people and their names, up to the first row in which nothing stands."""
    for n, row in enumerate(rows[first:], first):
        name = _words(row[0]) if row else ""
        if not any(_words(cell) for cell in row):
            return
        if name.lower() not in WEEKDAY_NAMES:
            yield n, name


def group_names(scenario: Scenario, layout: str) -> dict[str, tuple[str, ...]]:
    """The names by which a table may call each window group of a layout.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> group_names(load_scenario(example_path("exact/mmc.yaml")), "hall")["windows"][:2]
    ('1', 'windows')
    """
    windows = scenario.layout(layout).windows
    return {
        group.id: (f"{n}", group.id, *((group.name.zh, group.name.en) if group.name else ()))
        for n, group in enumerate(windows, 1)
    }


def _legend(rows: PostedRows, names: Mapping[str, tuple[str, ...]]) -> _Legend:
    """Below the people: codes beside hours, numbers of window groups beside their names."""
    shifts: dict[str, tuple[Hours, ...]] = {}
    groups = {name: group for group, named in names.items() for name in named}
    for row in rows:
        code, *others = [*map(_words, row), ""]
        meaning = others[0] if others else ""
        pieces = _pieces(meaning)
        if code and pieces:
            shifts[code] = pieces
        elif code.isdecimal() and meaning in groups:
            groups[code] = groups[meaning]
    return _Legend(shifts, groups)


def _duty(person: str, day: str, words: str, legend: _Legend) -> PostedDuty | None:
    """What a cell says, in signs of any width; None where nobody can tell."""
    words = unicodedata.normalize("NFKC", words)
    if pieces := _pieces(words):
        return PostedDuty(person, day, pieces, ())
    codes = [
        code
        for code in legend.shifts
        if words.lower().startswith(unicodedata.normalize("NFKC", code).lower())
    ]
    for code in sorted(codes, key=len, reverse=True):
        numbers = [part.strip() for part in words[len(code) :].strip(JOINTS).split("+")]
        named = [number for number in numbers if number]
        if all(number in legend.groups for number in named):
            groups = tuple(legend.groups[number] for number in named)
            return PostedDuty(person, day, legend.shifts[code], groups)
    return None


def _pieces(words: str) -> tuple[Hours, ...]:
    """Hours as people write them, in the order of the day; none where they are not hours."""
    spelled = re.sub(r"\s*-\s*", "-", words.translate(SIGNS))
    parts = [part for part in PARTS.split(spelled) if part]
    try:
        pieces = tuple(parse_hours(_two_digits(part)) for part in parts)
    except ClockError:
        return ()
    in_order = all(after.start >= before.end for before, after in pairwise(pieces))
    return pieces if in_order else ()


def _two_digits(hours: str) -> str:
    """`8:30-12:00` with an hour of two digits."""
    return "-".join(part.zfill(5) for part in hours.split("-"))


def _date_of(cell: CellValue) -> str:
    """The date of a cell as `2025-03-04`; empty where it is none."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    numbers = DATE.fullmatch(str(cell or ""))
    if numbers is None:
        return ""
    try:
        return date(*map(int, numbers.groups())).isoformat()
    except ValueError:
        return ""


def _words(cell: CellValue) -> str:
    """What stands in a cell, as text; a number that a spreadsheet made of it as it was written."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()
