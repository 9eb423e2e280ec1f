"""Values of the columns of a table: instants, numbers and names, a whole column at once."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
from pyarrow import compute

from sim.arrays import Bools, Floats, Ints
from sim.clock import SECOND
from sim.text import load_spelling

BLANK: Final = -1
"""Of a column of names: the cell is blank."""
NO_INSTANT: Final = int(np.iinfo(np.int64).min)
"""Of a column of instants: the cell is blank, or no instant."""
YEARS: Final = (1900, 2999)
"""Of an instant: others are slips of a clock or a column."""
FIRST_TICK, END_TICK = (
    int(np.datetime64(f"{year}-01-01", "ms").astype(np.int64)) for year in (YEARS[0], YEARS[1] + 1)
)
ISO_LENGTH: Final = 16
"""Signs of the shortest instant that Arrow reads and that has minutes: `2025-03-03 08:05`."""
_PATTERNS: Final = load_spelling()["table_patterns"]
INSTANT: Final = _PATTERNS["instant"][0]
"""Year first, so that nobody has to guess which number is the month."""
FORMS: Final = {signs[0]: signs[1] for signs in _PATTERNS["forms"]}
"""Sign behind the year -> the one behind the month."""


class InstantColumn(NamedTuple):
    """Instants of a column, each the time of a local clock."""

    ticks: Ints
    """int64: since 1970-01-01 00:00; NO_INSTANT where nothing can be read."""
    blank: Bools
    unread: Bools
    """Something stands there that is no instant."""
    other_form: Bools
    """An instant, but written unlike that of the first row that has one."""


def instants(column: Any) -> InstantColumn:
    """The instants of a column of text (year first, with minutes) or of instants.

    Examples
    --------
    >>> column = pa.array(["2025-03-03 08:05", "2025/3/4 8:06", "2025-02-30 08:00", None])
    >>> read = instants(column)
    >>> int(read.ticks[0]) // SECOND, read.unread.tolist(), read.other_form.tolist()
    (1740989100, [False, False, True, False], [False, True, False, False])
    """
    nothing = np.zeros(len(column), dtype=np.bool_)
    if pa.types.is_timestamp(column.type) and column.type.tz is None:
        blank = compute.is_null(column).to_numpy(zero_copy_only=False)
        return InstantColumn(
            _ticks(compute.cast(column, pa.timestamp("ms"), safe=False)), blank, nothing, nothing
        )
    if not pa.types.is_string(column.type):
        blank = compute.is_null(column).to_numpy(zero_copy_only=False)
        return InstantColumn(np.full(len(column), NO_INSTANT), blank, ~blank, nothing)
    blank = compute.is_null(column).to_numpy(zero_copy_only=False)
    shortest = compute.min(compute.utf8_length(column)).as_py()
    if shortest is None or shortest >= ISO_LENGTH:
        try:
            ticks = _ticks(compute.cast(column, pa.timestamp("ms")))
            if (blank | ((ticks >= FIRST_TICK) & (ticks < END_TICK))).all():
                return InstantColumn(ticks, blank, nothing, nothing)
        except pa.ArrowInvalid:  # some are written in another form, or are none: each is looked at
            pass
    return _each(column, blank)


def _ticks(column: Any) -> Ints:
    values = compute.fill_null(compute.cast(column, pa.int64()), NO_INSTANT)
    return np.asarray(values.to_numpy(zero_copy_only=False), dtype=np.int64)


def _each(column: Any, blank: Bools) -> InstantColumn:
    """As `instants`, by parts of each text."""
    blank = blank | compute.fill_null(
        compute.equal(compute.utf8_trim_whitespace(column), ""), True
    ).to_numpy(zero_copy_only=False)
    parts = compute.extract_regex(column, pattern=INSTANT)
    matches = compute.is_valid(parts).to_numpy(zero_copy_only=False)

    def number(name: str) -> Ints:
        words = compute.fill_null(compute.struct_field(parts, name), "0")
        words = compute.if_else(compute.equal(words, ""), "0", words)
        return np.asarray(compute.cast(words, pa.int64()).to_numpy(zero_copy_only=False))

    month, day = number("month"), number("day")
    first = ((number("year") - 1970) * 12 + np.clip(month, 1, 12) - 1).astype("datetime64[M]")
    last = ((first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")).astype(np.int64)
    hour, minute, second = number("hour"), number("minute"), number("second")
    words = compute.utf8_rpad(
        compute.fill_null(compute.struct_field(parts, "part"), ""), 3, padding="0"
    )
    ticks = np.asarray(compute.cast(words, pa.int64()).to_numpy(zero_copy_only=False))
    exists = (number("year") >= YEARS[0]) & (number("year") <= YEARS[1])
    exists &= (month >= 1) & (month <= 12) & (day >= 1) & (day <= last)
    exists &= (hour < 24) & (minute < 60) & (second < 60)
    days = first.astype("datetime64[D]").astype(np.int64) + day - 1
    ticks = ticks + (((days * 24 + hour) * 60 + minute) * 60 + second) * SECOND
    form = compute.fill_null(compute.struct_field(parts, "form"), "").dictionary_encode()
    after = compute.fill_null(compute.struct_field(parts, "after"), "").dictionary_encode()
    same = _is_one_form(form, after)
    good = matches & exists & same & ~blank
    codes = form.indices.to_numpy(zero_copy_only=False)
    other = good & (codes != codes[good][0]) if good.any() else np.zeros(len(good), np.bool_)
    return InstantColumn(
        np.where(good, ticks, NO_INSTANT), blank, ~good & ~blank, np.asarray(other, np.bool_)
    )


def _is_one_form(form: Any, after: Any) -> Bools:
    """Whether the sign behind the month belongs to that behind the year."""
    wanted = np.array([FORMS.get(sign, "?") for sign in form.dictionary.to_pylist()], dtype=object)
    signs = np.array(after.dictionary.to_pylist(), dtype=object)
    return np.asarray(
        wanted[form.indices.to_numpy(zero_copy_only=False)]
        == signs[after.indices.to_numpy(zero_copy_only=False)],
        dtype=np.bool_,
    )


class NumberColumn(NamedTuple):
    """Numbers of a column."""

    values: Floats
    """float64: nan where nothing can be read."""
    unread: Bools


def numbers_of(column: Any) -> NumberColumn:
    """The numbers of a column of text or numbers; blank cells are nan.

    Examples
    --------
    >>> read = numbers_of(pa.array(["1.5", " 2", "two", None, ""]))
    >>> read.values[:2].tolist(), read.unread.tolist()
    ([1.5, 2.0], [False, False, True, False, False])
    """
    filled = compute.is_valid(column).to_numpy(zero_copy_only=False)
    if pa.types.is_string(column.type):
        try:
            values = compute.cast(column, pa.float64())
        except pa.ArrowInvalid:
            trimmed = compute.utf8_trim_whitespace(compute.utf8_normalize(column, "NFKC"))
            is_number = compute.match_substring_regex(
                trimmed, r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,2})?$"
            )
            filled = compute.fill_null(compute.not_equal(trimmed, ""), False).to_numpy(
                zero_copy_only=False
            )
            values = compute.cast(compute.if_else(is_number, trimmed, None), pa.float64())
    elif pa.types.is_floating(column.type):
        values = column
    else:
        return NumberColumn(np.full(len(column), np.nan), filled)
    floats = np.array(compute.fill_null(values, np.nan).to_numpy(zero_copy_only=False), np.float64)
    return NumberColumn(floats, filled & ~np.isfinite(floats))


class NameColumn(NamedTuple):
    """Names of a column, each once."""

    names: tuple[str, ...]
    """Sorted, without blanks around."""
    codes: Ints
    """int64: which of them each row has; BLANK where the cell is blank."""


def names_of(column: Any) -> NameColumn:
    """The names of a column; numbers and instants stand there as text.

    Examples
    --------
    >>> names_of(pa.array(["b", " a", None, "b", " "]))
    NameColumn(names=('a', 'b'), codes=array([ 1,  0, -1,  1, -1]))
    """
    words = column if pa.types.is_string(column.type) else compute.cast(column, pa.string())
    encoded = words.dictionary_encode()
    written = [" ".join(name.split()) for name in encoded.dictionary.to_pylist()]
    names = tuple(sorted({name for name in written if name}))
    place = {name: n for n, name in enumerate(names)}
    meant = np.array([*(place.get(name, BLANK) for name in written), BLANK], dtype=np.int64)
    indices = compute.fill_null(encoded.indices, len(written)).to_numpy(zero_copy_only=False)
    return NameColumn(names, meant[indices])
