"""Instants of a log, a whole column at once: with or without a zone, in one cell or in two."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
from pyarrow import compute

from sim.arrays import Bools, Ints
from sim.clock import DAY, HOUR, MINUTE, SECOND
from sim.scenario.table_values import NO_INSTANT, instants, numbers_of
from sim.text import load_log_forms

_SIGNS: Final = load_log_forms()["instants"]
NO_ZONE: Final = -(10**9)
"""Of a column of offsets: the cell has none."""
LAST_SECOND_STAMP: Final = 10**11
"""Numbers below are seconds since 1970 (until the year 5138), others milliseconds."""
NOON: Final = 12
FIRST_STAMP: Final = 10**8
"""Seconds since 1970 of March 1973: smaller numbers are no stamps."""
SHEET_EPOCH: Final = 25_569
"""What a spreadsheet counts 1970-01-01 as, in days."""
SHEET_DAYS: Final = (36_526, 73_051)
"""Days as a spreadsheet counts them of 2000 and before 2100: other numbers are none."""


class LogInstants(NamedTuple):
    """The instants of a column."""

    ticks: Ints
    """int64: of the clock that wrote them, since 1970-01-01 00:00; NO_INSTANT = none."""
    unread: Bools
    """Something stands there that is no instant."""
    zone: Ints
    """int64: ticks by which the clock is ahead of UTC, where the cell says so; else NO_ZONE."""


def read_instants(column: Any, is_named: bool = True) -> LogInstants:
    """The instants of a column of text, instants or numbers.

    Numbers are stamps (seconds or milliseconds since 1970), or days as spreadsheets count them,
    which have no zone and are exact to the second.

    Parameters
    ----------
    is_named
        It is known to hold instants; else days of a spreadsheet are taken for other numbers.

    Examples
    --------
    >>> column = pa.array(["2025-03-03 08:05:01", "20250303080501", "2025-03-03T00:05:01Z", "-"])
    >>> read = read_instants(column)
    >>> (read.ticks[:3] // 1000).tolist(), read.unread.tolist(), read.zone[2]
    ([1740989101, 1740989101, 1740960301], [False, False, False, True], np.int64(0))
    """
    zone = np.full(len(column), NO_ZONE)
    if pa.types.is_floating(column.type):
        read_numbers = _of_numbers(column, is_named)
        stands = compute.is_valid(column).to_numpy(zero_copy_only=False)
        return read_numbers._replace(unread=read_numbers.unread & stands)
    if pa.types.is_timestamp(column.type) and column.type.tz is not None:
        zone[:] = 0
        column = compute.cast(column, pa.timestamp("ms", "UTC"), safe=False)
        column = compute.cast(compute.cast(column, pa.int64()), pa.timestamp("ms"))
    if not pa.types.is_string(column.type):
        read = instants(column)
        return LogInstants(read.ticks, read.unread, zone)
    first = next((words for words in column.slice(0, 1000).to_pylist() if words), "")
    if _has_zone(first):
        column, zone = _without_zone(column)
    read = instants(column)
    if not read.unread.any():
        return LogInstants(read.ticks, read.unread, zone)
    # some cells have another form: they are looked at again in forms of systems
    rows = np.flatnonzero(read.unread)
    odd = column.take(rows)
    if not _has_zone(first):
        odd, zone[rows] = _without_zone(odd)
    ticks, unread = read.ticks.copy(), read.unread.copy()
    ticks[rows], unread[rows] = _of_odd_words(odd)
    rows = rows[unread[rows]]
    if len(rows):
        stamps = _of_numbers(_plain_numbers(column.take(rows)), is_named)
        ticks[rows], unread[rows], zone[rows] = stamps
    return LogInstants(ticks, unread, zone)


def _of_odd_words(column: Any) -> tuple[Ints, Bools]:
    """Instants in forms that systems and spreadsheets write, and cells in none of these: digits
    alone, wide ones, hours without minutes, half days by name.

    Examples
    --------
    >>> words = ["20250303080501", "２０２５－３－３ ８：０５", "2025-03-03 08时"]
    >>> ticks, unread = _of_odd_words(pa.array([*words, "2025/3/3 下午2:05", "3/3/2025 2:05 PM"]))
    >>> ((ticks[:4] - 20150 * DAY) // MINUTE).tolist(), unread.tolist()
    ([485, 485, 480, 845], [False, False, False, False, True])
    """
    plain = compute.utf8_normalize(column, "NFKC")
    halves = {name: compute.match_substring_regex(plain, _SIGNS[name]) for name in ("am", "pm")}
    for name in halves:
        plain = compute.replace_substring_regex(plain, _SIGNS[name], r"\1 \2")
    plain = compute.replace_substring_regex(plain, _SIGNS["digits14"], r"\1-\2-\3 \4:\5:\6")
    plain = compute.replace_substring_regex(plain, _SIGNS["hour_of_day"], r"\1 \2:00")
    read = instants(plain)
    is_am, is_pm = (
        compute.fill_null(half, False).to_numpy(zero_copy_only=False) & ~read.unread
        for half in halves.values()
    )
    hour = np.where(read.ticks == NO_INSTANT, 0, read.ticks) % DAY // HOUR
    shift = np.where(is_pm & (hour < NOON), NOON, 0) - np.where(is_am & (hour == NOON), NOON, 0)
    return read.ticks + shift * HOUR, read.unread


def _has_zone(words: str) -> bool:
    return bool(compute.match_substring_regex(pa.array([words]), _SIGNS["offset"])[0].as_py())


def _without_zone(column: Any) -> tuple[Any, Ints]:
    """Texts without the sign of a zone, and the zone of each."""
    parts = compute.extract_regex(column, _SIGNS["offset"])
    has = compute.is_valid(parts)
    clock = compute.if_else(has, compute.struct_field(parts, "clock"), column)
    signs = compute.fill_null(compute.struct_field(parts, "zone"), "").dictionary_encode()
    values = np.array([_offset(sign) for sign in signs.dictionary.to_pylist()], dtype=np.int64)
    return clock, values[signs.indices.to_numpy(zero_copy_only=False)]


def _offset(sign: str) -> int:
    if not sign:
        return NO_ZONE
    if sign == "Z":
        return 0
    digits = sign[1:].replace(":", "")
    ticks = int(digits[:2]) * HOUR + int(digits[2:]) * MINUTE
    return -ticks if sign[0] == "-" else ticks


def _plain_numbers(column: Any) -> Any:
    plain = compute.utf8_normalize(column, "NFKC")
    is_number = compute.match_substring_regex(plain, r"^\s*(\d{5}|\d{9,13})(\.\d+)?\s*$")
    trimmed = compute.utf8_trim_whitespace(compute.if_else(is_number, plain, None))
    return compute.cast(trimmed, pa.float64())


def _of_numbers(column: Any, is_named: bool) -> LogInstants:
    """Stamps are of UTC by their definition, days of a spreadsheet are of its clock.

    Examples
    --------
    >>> read = _of_numbers(pa.array([1.740989101e9, 45719.5]), True)
    >>> (read.ticks // SECOND).tolist(), (read.zone == NO_ZONE).tolist()
    ([1740989101, 1741003200], [False, True])
    """
    numbers = np.nan_to_num(numbers_of(column).values, nan=0.0)
    is_stamp = numbers >= FIRST_STAMP
    seconds = np.where(is_stamp & (numbers < LAST_SECOND_STAMP), SECOND, 1)
    ticks = np.where(is_stamp, np.rint(numbers * seconds), NO_INSTANT).astype(np.int64)
    is_day = (numbers >= SHEET_DAYS[0]) & (numbers < SHEET_DAYS[1]) & is_named
    of_sheet = np.rint((numbers - SHEET_EPOCH) * (DAY // SECOND)).astype(np.int64) * SECOND
    ticks = np.where(is_day, of_sheet, ticks)
    stands = compute.is_valid(column).to_numpy(zero_copy_only=False)
    zone = np.where(is_stamp & stands, 0, NO_ZONE)
    return LogInstants(ticks, ~is_stamp & ~is_day, zone)


class LogDays(NamedTuple):
    """The dates of a column."""

    days: Ints
    """int64: days since 1970-01-01; NO_INSTANT = none."""
    unread: Bools


def read_days(column: Any) -> LogDays:
    """The dates of a column, which may be instants too.

    Examples
    --------
    >>> read_days(pa.array(["2025-03-03", "2025/3/4", "20250305", "monday"])).days[:3].tolist()
    [20150, 20151, 20152]
    """
    if pa.types.is_string(column.type):
        column = compute.replace_substring_regex(column, _SIGNS["digits8"], r"\1-\2-\3")
        column = compute.replace_substring_regex(column, _SIGNS["day"], r"\1-\2-\3 00:00")
    elif pa.types.is_floating(column.type):  # 20250303 in a cell of a sheet
        whole = compute.cast(compute.cast(column, pa.int64(), safe=False), pa.string())
        return read_days(whole)
    read = read_instants(column)
    days = np.where(read.ticks == NO_INSTANT, NO_INSTANT, read.ticks // DAY)
    return LogDays(days, read.unread)


def read_clocks(column: Any, days: Ints) -> LogInstants:
    """Instants of a column that holds times of day beside a column of dates, or whole instants.

    Parameters
    ----------
    days
        int64: dates of the rows, as `read_days`.

    Examples
    --------
    >>> read = read_clocks(pa.array(["8:05", "08:06:30", "2025-03-04 09:00"]), np.full(3, 20150))
    >>> ((read.ticks - 20150 * DAY) // MINUTE).tolist()
    [485, 486, 1980]
    """
    if pa.types.is_floating(column.type):
        return _of_day_shares(column, days)
    if not pa.types.is_string(column.type):
        return read_instants(column)
    column = compute.utf8_normalize(column, "NFKC")
    parts = compute.extract_regex(column, _named_clock())
    has = compute.is_valid(parts).to_numpy(zero_copy_only=False)
    if not has.any():
        return read_instants(column)

    def number(name: str) -> Ints:
        words = compute.fill_null(compute.struct_field(parts, name), "0")
        words = compute.if_else(compute.equal(words, ""), "0", words)
        return np.asarray(compute.cast(words, pa.int64()).to_numpy(zero_copy_only=False))

    hour, minute, second = number("h"), number("m"), number("s")
    exists = has & (hour < 24) & (minute < 60) & (second < 60) & (days != NO_INSTANT)
    clock = (hour * 60 + minute) * MINUTE + second * SECOND
    ticks = np.where(exists, np.where(exists, days, 0) * DAY + clock, NO_INSTANT)
    blank = compute.is_null(column).to_numpy(zero_copy_only=False)
    others = np.flatnonzero(~has & ~blank)
    unread, zone = ~exists & ~blank, np.full(len(column), NO_ZONE)
    if len(others):
        whole = read_instants(column.take(others))
        ticks[others], unread[others], zone[others] = whole
    return LogInstants(ticks, unread, zone)


def _of_day_shares(column: Any, days: Ints) -> LogInstants:
    """Times of day as spreadsheets have them, shares of a day; or whole instants.

    Examples
    --------
    >>> read = _of_day_shares(pa.array([0.354166667, 45719.5]), np.full(2, 20150))
    >>> ((read.ticks - 20150 * DAY) // MINUTE).tolist()
    [510, 720]
    """
    read = read_instants(column)
    shares = np.nan_to_num(numbers_of(column).values, nan=-1.0)
    is_share = (shares >= 0) & (shares < 1) & (days != NO_INSTANT)
    clock = np.rint(np.where(is_share, shares, 0) * (DAY // SECOND)).astype(np.int64) * SECOND
    ticks = np.where(is_share, np.where(is_share, days, 0) * DAY + clock, read.ticks)
    return LogInstants(ticks, read.unread & ~is_share, read.zone)


def read_slots(column: Any, came: Ints) -> tuple[Ints, Bools]:
    """Begins of slots that people booked, in ticks, and which cells are no slot.

    Instants, or times of the day on which they came; a span says its begin, a date its midnight.

    Parameters
    ----------
    came
        int64: ticks of their tickets, or NO_INSTANT.

    Examples
    --------
    >>> column = pa.array(["2025-03-03 09:00-09:30", "9:30", "2025-03-04 10:00", None])
    >>> ticks, unread = read_slots(column, np.full(4, 20150 * DAY + 8 * HOUR))
    >>> ((ticks[:3] - 20150 * DAY) // MINUTE).tolist(), unread.any()
    ([540, 570, 2040], np.False_)
    """
    if pa.types.is_string(column.type):
        column = compute.replace_substring_regex(column, _SIGNS["slot"], r"\1")
        column = compute.replace_substring_regex(column, _SIGNS["day"], r"\1-\2-\3 00:00")
    unknown = came == NO_INSTANT
    days = np.where(unknown, NO_INSTANT, np.where(unknown, 0, came) // DAY)
    read = read_clocks(column, days)
    return read.ticks.copy(), read.unread


def _named_clock() -> str:
    """The pattern of a time of day, its numbers named."""
    pattern = str(_SIGNS["clock"])
    for name in ("h", "m", "s"):
        pattern = pattern.replace(r"(\d", rf"(?P<{name}>\d", 1)
    return pattern
