"""One value as people write it, in the spelling of the language: `８：30～12:00` is 08:30-12:00.

Each reader gives None where the meaning is not sure: the value is then left as it stands, and the
field says what it wants. What is read differs from what stands there in its signs only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from itertools import pairwise
from typing import Final

from sim.clock import UNITS, format_span
from sim.text import load_spelling

_WAYS: Final = load_spelling()
_WORDS: Final = {name: "|".join(ways) for name, ways in _WAYS["words"].items()}
WIDE: Final = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
"""Full-width signs as a Chinese keyboard gives them -> those of ASCII."""
_BLANKS: Final = (0x00A0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)
_INVISIBLE: Final = (0x00AD, *range(0x200B, 0x2010), 0x2060, 0xFEFF)
_DASHES: Final = (*range(0x2010, 0x2016), 0x2212, 0xFE63)
SIGNS: Final[Mapping[str, str]] = {
    **WIDE,
    **dict.fromkeys(map(chr, _BLANKS), " "),
    **dict.fromkeys(map(chr, _INVISIBLE), ""),
    **dict.fromkeys(map(chr, _DASHES), "-"),
    **dict.fromkeys(map(chr, (0x2236, 0xFE55)), ":"),
    **dict.fromkeys(map(chr, (0x301C, 0x223C)), "~"),
}
"""Signs that look or mean like one of ASCII -> that one; what nobody sees -> nothing."""
QUOTES: Final[Mapping[str, str]] = {sign: end for sign, (end,) in _WAYS["quotes"].items()}
_TABLE: Final = str.maketrans(dict(SIGNS))

_NUMBER: Final = re.compile(r"[-+]?(\d{1,300}(\.\d*)?|\.\d+)([eE][-+]?\d{1,4})?", re.ASCII)
_THOUSANDS: Final = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3}){1,99}(\.\d+)?", re.ASCII)
_DAY: Final = re.compile(
    r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})"
    rf"|{_WORDS['year']}(\d{{1,2}}){_WORDS['month']}(\d{{1,2}}){_WORDS['day']}|(\d\d)(\d\d))",
    re.ASCII,
)
_TIME: Final = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d)(\.\d{1,6})?)?", re.ASCII)
_SAID_TIME: Final = re.compile(
    rf"(\d{{1,2}}){_WORDS['hour']}(?:(\d{{1,2}}){_WORDS['minute']}?|({_WORDS['half']})"
    rf"|{_WORDS['sharp']})?",
    re.ASCII,
)
_TO: Final = re.compile(rf"\s*(?:-+|~+|{_WORDS['to']})\s*")
_TO_DATE: Final = re.compile(rf"\s*(?:to|~+|{_WORDS['to']})\s*")
"""A dash is part of a date."""
_WEEK: Final = re.compile(rf"(?:week\s*([ab])|([ab])\s*{_WORDS['week']})\s*", re.IGNORECASE)
_AMOUNT: Final = re.compile(r"(\d{1,300}(?:\.\d+)?)\s*([^\W\d_]+(?: days?)?)")
_PER: Final = re.compile(rf"(\d{{1,300}}(?:\.\d+)?)\s*(?:per\s|/|{_WORDS['per']})\s*([^\W\d_]+)")
_ID: Final = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_TEN_THOUSAND: Final = 4

UNIT_NAMES: Final = {way: unit for unit, ways in _WAYS["units"].items() for way in ways}
"""Words for the units of time. The Chinese word for a day of a limit is none: it may count working
days."""
DAY_NAMES: Final = {way: day for day, ways in _WAYS["days"].items() for way in ways}
OFTEN_WORKING: Final = _WAYS["words"]["often_working"]
"""Units read as calendar days, which a limit may have meant as working days."""


def fold_signs(text: str) -> str:
    """A text with the signs of ASCII for those that look or mean like them, quotes around it gone.

    Examples
    --------
    >>> fold_signs("“０８：３０ – 12：00”")
    '08:30 - 12:00'
    """
    plain = text.translate(_TABLE).strip()
    if len(plain) > 1 and QUOTES.get(plain[0]) == plain[-1]:
        plain = plain[1:-1].strip()
    return plain


def is_foreign(text: str) -> bool:
    """Whether a text holds signs that no field but a name or a note has."""
    return any(sign in SIGNS or (sign in QUOTES and not sign.isascii()) for sign in text)


def read_number(
    text: str, *, ratio: bool = False, most: float = float("inf"), one_of_many: bool = False
) -> int | float | None:
    """A number, its thousands parted by commas or not; of a share or factor, per cent too.

    Parameters
    ----------
    most
        Largest value of the field: `1,200` where 10 is the most is no number of thousands.
    one_of_many
        Whether it stands in a list, where a full-width comma may part two entries.

    Examples
    --------
    >>> read_number("1，200"), read_number("15 %", ratio=True), read_number("1.2万")
    (1200, 0.15, 12000)
    >>> read_number("1,5"), read_number("15%")
    (None, None)
    """
    plain = fold_signs(text)
    if ratio and plain.endswith("%"):
        share = plain[:-1].rstrip()
        return float(Decimal(share).scaleb(-2)) if _NUMBER.fullmatch(share) else None
    if plain.endswith(_WORDS["ten_thousand"]) and _NUMBER.fullmatch(plain[:-1]):
        amount = Decimal(plain[:-1]).scaleb(_TEN_THOUSAND)
        return int(amount) if amount == amount.to_integral_value() else float(amount)
    if _THOUSANDS.fullmatch(plain):
        # a full-width comma in a list may part two entries
        if one_of_many and "," not in text:
            return None
        value = _valued(plain.replace(",", ""))
        return value if value <= most else None
    return _valued(plain) if _NUMBER.fullmatch(plain) else None


def _valued(digits: str) -> int | float:
    return int(digits) if re.fullmatch(r"[-+]?\d+", digits) else float(digits)


def read_span(text: str) -> str | None:
    """A duration: `10分钟`, `2 hours`, `1小时30分钟`, `5个工作日`.

    Examples
    --------
    >>> read_span("１０分钟"), read_span("1小时30分钟"), read_span("5 个工作日")
    ('10 min', '90 min', '5 wd')
    >>> read_span("5日"), read_span("2周"), read_span("10")
    (None, None, None)
    """
    plain = fold_signs(text)
    pairs = _AMOUNT.findall(plain)
    bare = "".join(f"{amount}{unit}" for amount, unit in pairs)
    if not pairs or bare.replace(" ", "") != plain.replace(" ", ""):
        return None
    units = [UNIT_NAMES.get(unit.lower(), "") for _, unit in pairs]
    if not all(units):
        return None
    if len(pairs) == 1:
        return f"{pairs[0][0]} {units[0]}"
    sizes = [UNITS.get(unit, 0) for unit in units]
    if 0 in sizes or any(b >= a for a, b in pairwise(sizes)):
        return None
    ticks = sum(Decimal(amount) * size for (amount, _), size in zip(pairs, sizes, strict=True))
    return format_span(int(ticks)) if ticks == int(ticks) else None


def read_clock(text: str) -> str | None:
    """A time of day: `8:30`, `8：30`, `08:30:00`, `8点30分`, `8点半`.

    Examples
    --------
    >>> read_clock("8：30"), read_clock("8点半"), read_clock("08:30:00"), read_clock("16时")
    ('08:30', '08:30', '08:30', '16:00')
    >>> read_clock("下午2:30"), read_clock("8.30"), read_clock("8:5"), read_clock("08:30:15")
    (None, None, None, None)
    """
    plain = fold_signs(text)
    if (match := _TIME.fullmatch(plain)) and not (match[4] or int(match[3] or 0)):
        return f"{int(match[1]):02d}:{match[2]}"
    if match := _SAID_TIME.fullmatch(plain):
        minutes = 30 if match[3] else int(match[2] or 0)
        return f"{int(match[1]):02d}:{minutes:02d}"
    return None


def read_hours(text: str) -> str | None:
    """An interval of a day's clock, its ends joined by a dash, a wave or 至.

    Examples
    --------
    >>> read_hours("8:30～12:00"), read_hours("8点至12点"), read_hours("08:30—12:00")
    ('08:30-12:00', '08:00-12:00', '08:30-12:00')
    >>> read_hours("8:30-12:00,14:30-17:30")
    """
    ends = [read_clock(end) for end in _TO.split(fold_signs(text))]
    return f"{ends[0]}-{ends[1]}" if len(ends) == 2 and all(ends) else None


def read_days(text: str) -> str | None:
    """A day of the week or a range of them.

    Examples
    --------
    >>> read_days("周一至周五"), read_days("Mon – Fri"), read_days("星期六")
    ('mon-fri', 'mon-fri', 'sat')
    """
    ends = [DAY_NAMES.get(end.lower(), "") for end in _TO.split(fold_signs(text))]
    return "-".join(ends) if all(ends) and len(ends) <= 2 else None


def read_roster_key(text: str) -> str | None:
    """Hours of a roster, with or without days before them.

    Examples
    --------
    >>> read_roster_key("周六 9:00－12:00"), read_roster_key("8:30-12:00")
    ('sat 09:00-12:00', '08:30-12:00')
    """
    plain = fold_signs(text)
    first = next((n for n, sign in enumerate(plain) if sign.isdigit()), 0)
    hours = read_hours(plain[first:])
    if hours is None or not first:
        return hours
    days = read_days(plain[:first])
    return f"{days} {hours}" if days else None


def read_dates_key(text: str) -> str | None:
    """A range of dates, its ends joined by `to`, 至 or a wave.

    Examples
    --------
    >>> read_dates_key("2025年6月15日至2025年9月15日"), read_dates_key("2025/6/15 to 2025/9/15")
    ('2025-06-15 to 2025-09-15', '2025-06-15 to 2025-09-15')
    """
    dates, left = _dates_before(fold_signs(text))
    return dates if not left and " to " in dates else None


def read_date_key(text: str) -> str | None:
    """A date as a key.

    Examples
    --------
    >>> read_date_key("2025/1/8"), read_date_key("8.1.2025")
    ('2025-01-08', None)
    """
    day = read_date(text)
    return day.isoformat() if day else None


def read_dated_roster_key(text: str) -> str | None:
    """Hours of a roster, with days, dates or a week before them.

    Examples
    --------
    >>> read_dated_roster_key("2025年1月8日 8:00－14:00")
    '2025-01-08 08:00-14:00'
    >>> read_dated_roster_key("A周 周六 9:00-12:00")
    'week A sat 09:00-12:00'
    >>> read_dated_roster_key("2025-6-15 to 2025-9-15 周一至周五 8:00-14:00")
    '2025-06-15 to 2025-09-15 mon-fri 08:00-14:00'
    >>> read_dated_roster_key("8:00-14:00")
    '08:00-14:00'
    """
    plain = fold_signs(text)
    if week := _WEEK.match(plain):
        when, left = f"week {(week[1] or week[2]).upper()}", plain[week.end() :]
    else:
        when, left = _dates_before(plain)
    hours = read_roster_key(left.strip())
    return f"{when} {hours}".strip() if hours else None


def _dates_before(plain: str) -> tuple[str, str]:
    """The date, or range of dates, with which a text begins, and what is behind it."""
    first = _DAY.match(plain)
    day = _date_of(first) if first and not first[7] else None
    if first is None or day is None:
        return "", plain
    left = plain[first.end() :]
    join = _TO_DATE.match(left)
    last = _DAY.match(left[join.end() :]) if join else None
    until = _date_of(last) if last else None
    if join is None or last is None or until is None:
        return day.isoformat(), left
    return f"{day.isoformat()} to {until.isoformat()}", left[join.end() + last.end() :]


def read_rate(text: str) -> str | None:
    """A rate: `24/h`, `0.4 per minute`, `24 / 小时`.

    Examples
    --------
    >>> read_rate("24/h"), read_rate("0.4 per minute"), read_rate("24每小时")
    ('24 per h', '0.4 per min', '24 per h')
    """
    match = _PER.fullmatch(fold_signs(text))
    unit = UNIT_NAMES.get(match[2].lower(), "") if match else ""
    return f"{match[1]} per {unit}" if match and unit in UNITS else None


def read_date(text: str) -> date | None:
    """A date, its year first: `2025/7/1`, `2025年7月1日`, `2025.7.1`, `20250701`.

    Examples
    --------
    >>> read_date("2025/7/1") == read_date("２０２５年７月１日") == date(2025, 7, 1)
    True
    >>> read_date("7/1/2025"), read_date("2025年7月"), read_date("2025-02-30")
    (None, None, None)
    """
    match = _DAY.fullmatch(fold_signs(text))
    if match is None:  # as a spreadsheet writes a date: with midnight behind it
        instant = read_instant(text)
        return instant.date() if instant is not None and instant.time() == time() else None
    return _date_of(match)


def _date_of(match: re.Match[str]) -> date | None:
    month, day = match[3] or match[5] or match[7], match[4] or match[6] or match[8]
    with suppress(ValueError):  # no day of the calendar
        return date(int(match[1]), int(month), int(day))
    return None


def read_instant(text: str) -> datetime | None:
    """A date and a time of day.

    Examples
    --------
    >>> read_instant("2025/7/1 8:30"), read_instant("2025年7月1日8点30分")
    (datetime.datetime(2025, 7, 1, 8, 30), datetime.datetime(2025, 7, 1, 8, 30))
    >>> read_instant("2025-07-01 08:30:15.5")
    datetime.datetime(2025, 7, 1, 8, 30, 15, 500000)
    """
    plain = fold_signs(text)
    match = _DAY.match(plain)
    day = _date_of(match) if match else None
    if match is None or day is None:
        return None
    clock_text = plain[match.end() :]
    if not (match[5] or clock_text[:1] in {"T", " "}):
        return None
    clock = clock_text.removeprefix("T").strip()
    if said := _TIME.fullmatch(clock):
        parts = (int(said[1]), int(said[2]), int(said[3] or 0))
        micros = int(Decimal(said[4] or 0).scaleb(6))
    else:
        plain = read_clock(clock) or ""
        hour, colon, minute = plain.partition(":")
        if not colon:
            return None
        parts, micros = (int(hour), int(minute), 0), 0
    with suppress(ValueError):  # no time of a clock
        return datetime.combine(day, time(*parts, micros))
    return None


def read_id(text: str) -> str | None:
    """An id in full-width letters, between quotes, or with blanks around it.

    Examples
    --------
    >>> read_id("“ｏffice＿１”"), read_id("Office")
    ('office_1', None)
    """
    plain = fold_signs(text)
    return plain if _ID.fullmatch(plain) else None


def read_choice(text: str, choices: Iterable[str]) -> str | None:
    """One of a few words; a month or weekday by its number or name too.

    Examples
    --------
    >>> read_choice("“ｃhina”", ["none", "china"]), read_choice("７月", ["7"])
    ('china', '7')
    """
    listed, plain = set(choices), fold_signs(text)
    ways = (plain, plain.removesuffix(_WORDS["month"]), DAY_NAMES.get(plain.lower(), ""))
    return next((way for way in ways if way in listed), None)


Reader = Callable[[str], "str | None"]
BY_KIND: Final[Mapping[str, Reader]] = {
    "span": read_span,
    "duration": read_span,
    "clock": read_clock,
    "interval": read_hours,
    "day_range": read_days,
    "roster_key": read_roster_key,
    "dated_roster_key": read_dated_roster_key,
    "date_key": read_date_key,
    "dates_key": read_dates_key,
    "rate": read_rate,
    "id": read_id,
}
"""Readers of the kinds of text that a scenario knows, by the `kind` of their schema."""


WHOLE: Final = ("allowed.int", "allowed.int_between", "allowed.roster", "allowed.places")
NUMERIC: Final = (
    *WHOLE,
    *("allowed.float", "allowed.share", "allowed.above_to", "allowed.between", "allowed.at_least"),
    *("allowed.at_most", "allowed.law_of_factors"),
)
"""Words for what may stand where a number, or only a whole one, is wanted; see
`sim.scenario.fields`."""
_CLOCKS: Final = (
    "allowed.interval",
    "allowed.clock",
    "allowed.roster_key",
    "allowed.dated_roster_key",
)
_SPANS: Final = ("allowed.span", "allowed.duration", "allowed.law_of_spans")
_DOUBTS: Final = (
    (NUMERIC, "comma", "error.sign.comma"),
    (NUMERIC, "percent", "error.sign.percent"),
    (_CLOCKS, "parts", "error.sign.many_hours"),
    (_CLOCKS, "halves", "error.sign.half_day"),
    (_CLOCKS, "point", "error.sign.point"),
    (_SPANS, "days", "error.sign.days"),
    (("allowed.id", "error.wrong_id"), "parts", "error.sign.many_ids"),
    (("allowed.tuple", "allowed.mapping", "allowed.model"), "opening", "error.sign.bracket"),
    (("allowed.bilingual",), "opening", "error.sign.bracket"),
)
"""What is wanted, a sign that keeps the meaning from being sure, and what to do about it."""


def doubt(text: str, allowed: str) -> str:
    """What to do about the sign that keeps a value from being sure; empty where there is none.

    Examples
    --------
    >>> doubt("1,5", "allowed.share"), doubt("下午2:30", "allowed.clock"), doubt("x", "allowed.id")
    ('error.sign.comma', 'error.sign.half_day', '')
    """
    for kinds, name, remedy in _DOUBTS:
        if allowed in kinds and any(sign in _WAYS["doubts"][name][0] for sign in text):
            return remedy
    return "error.sign.digits" if allowed in NUMERIC and text else ""


def doubtful_key(key: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """What to do about the first sign of a key that is none of ASCII, and what it is.

    Examples
    --------
    >>> doubtful_key("name：大厅")[0], doubtful_key("clerk")
    ('error.sign.key', ('', ()))
    """
    place = next((n for n, sign in enumerate(key) if sign in SIGNS or sign in QUOTES), None)
    if place is None:
        return "", ()
    sign, plain = key[place], SIGNS.get(key[place], "").strip()
    values = (
        ("at", str(place + 1)),
        ("sign", sign),
        ("code", f"{ord(sign):04X}"),
        ("plain", plain),
    )
    return ("error.sign.key" if plain else "error.sign.key_invisible"), values


def sign_name(sign: str) -> str:
    """A sign as it can be seen and looked up.

    Examples
    --------
    >>> sign_name("：")
    '：, U+FF1A'
    >>> sign_name(chr(0x200B))
    'U+200B'
    """
    code = f"U+{ord(sign):04X}"
    is_seen = sign.isprintable() and unicodedata.category(sign)[0] not in "ZC"
    return f"{sign}, {code}" if is_seen else code
