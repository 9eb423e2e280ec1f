"""What stands in the cells of a staff table: days, dates, wishes, numbers of shifts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Final

from sim.clock import WEEKDAYS
from sim.plan.staff import DatedWish
from sim.text import load_spelling

WORDS: Final = load_spelling()["staff_words"]
"""What stands in cells."""
WEEKDAY_WORDS: Final = load_spelling()["days"]
MOST_DAYS: Final = 1_000
"""From one date to another."""
HEAVIEST: Final = 10
"""Weight of a wish."""
PATTERNS: Final = {name: ways[0] for name, ways in load_spelling()["staff_patterns"].items()}
BETWEEN: Final = re.compile(rf"\s*{PATTERNS['between']}\s*")
"""Between skills, days and wishes of one cell."""
_DATE: Final = re.compile(PATTERNS["date"])
_TO: Final = re.compile(rf"\s*(?:{PATTERNS['to']})\s*")
_DATED: Final = re.compile(
    rf"({PATTERNS['date']}(?:\s*(?:{PATTERNS['to']})\s*{PATTERNS['date']})?)\W*(.+)"
)
_WEIGHT: Final = re.compile(rf"(.*?)\s*(?:{PATTERNS['times']})\s*(\d+)")
_NUMBER: Final = re.compile(
    rf"(.+?)\s*(?:{PATTERNS['at_most']})?\s*(\d+)\s*(?:{PATTERNS['each']})?"
)
DATED_WISHES: Final = ("off", "on", "mornings", "afternoons")
"""What may be wished for on a date, beside shifts by their names."""


def plain_word(value: object) -> str:
    """A word as it is compared: no matter how wide its letters are, or large, or apart."""
    return re.sub(r"[\s_]+", "", unicodedata.normalize("NFKC", str(value)).lower())


@cache
def plain_words(name: str) -> frozenset[str]:
    """The words of a meaning, as they are compared."""
    return frozenset(map(plain_word, WORDS[name]))


def in_language(words: Sequence[str], language: str) -> str:
    """The first word of a language; any where it has none."""
    of_language = (word for word in words if word.isascii() == (language != "zh"))
    return next(of_language, words[0])


def weekdays_of(word: str) -> tuple[int, ...] | None:
    """Weekdays that a word names; None = it names none.

    Examples
    --------
    >>> weekdays_of("周三"), weekdays_of("Sunday"), weekdays_of("周末"), weekdays_of("三月")
    ((2,), (6,), (5, 6), None)
    """
    plain = plain_word(word)
    if plain in plain_words("weekend"):
        return (5, 6)
    days = [n for n, day in enumerate(WEEKDAYS) if plain in WEEKDAY_WORDS[day]]
    return tuple(days) or None


def dates_of(word: str) -> tuple[str, ...] | None:
    """Dates that a word names, one or from one to another; None = it names none.

    Examples
    --------
    >>> dates_of("2025年3月4日"), dates_of("2025-03-04至2025-03-05"), dates_of("3月4日")
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
    if not 1 <= n_days <= MOST_DAYS:
        return None
    return tuple((ends[0] + timedelta(days=n)).isoformat() for n in range(n_days))


def dated_wishes_of(word: str, shifts: Mapping[str, str]) -> tuple[DatedWish, ...] | None:
    """What a word wishes for on the dates with which it begins; None = it is no such wish.

    Parameters
    ----------
    shifts
        Ids of shifts, by what they may be called (`plain_word`).

    Examples
    --------
    >>> dated_wishes_of("2025-03-04 休 ×3", {})
    (DatedWish(date='2025-03-04', what='off', weight=3),)
    """
    match = _DATED.fullmatch(word.strip())
    dates = dates_of(match[1]) if match else None
    wish = wish_of(match.groups()[-1] if match else "", shifts)
    if dates is None or wish is None:
        return None
    return tuple(DatedWish(day, *wish) for day in dates)


def wish_of(word: str, shifts: Mapping[str, str]) -> tuple[str, int] | None:
    """What is wished for, and its weight; None = the word is not understood.

    Examples
    --------
    >>> wish_of("off", {}), wish_of("早班 x2", {}), wish_of("休 ×99", {})
    (('off', 1), ('mornings', 2), None)
    """
    match = _WEIGHT.fullmatch(word)
    name, weight = plain_word(match[1] if match else word), int(match[2]) if match else 1
    what = shifts.get(name) or next(
        (what for what in DATED_WISHES if name in plain_words(f"wish_{what}")), ""
    )
    return (what, weight) if what and 1 <= weight <= HEAVIEST else None


def number_of(word: str) -> tuple[str, int] | None:
    """A name and how many of it; None = the word is no such thing.

    Examples
    --------
    >>> number_of("晚班最多4个"), number_of("late <= 4"), number_of("late")
    (('晚班', 4), ('late', 4), None)
    """
    match = _NUMBER.fullmatch(unicodedata.normalize("NFKC", word))
    return (plain_word(match[1]), int(match[2])) if match else None
