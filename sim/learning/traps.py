"""What a trap in a log is: how it is found, and what may be done about it (DESIGN §9.2).

A trap looks at the rows that earlier traps have not left out. It marks rows, and says how they are
mended; it changes nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from sim.arrays import Bools
from sim.clock import BEIJING, Holidays
from sim.learning.log_rows import LogRows

LogTreatment = Literal["kept", "mended", "left_out"]
"""What is done about rows: nothing; something of them is changed; they are left out."""
LogScope = Literal["rows", "column", "days", "log"]
"""What a trap counts. Only traps of rows are part of the account of rows."""


@dataclass(frozen=True)
class LogHall:
    """What is known of the hall besides its log.

    Attributes
    ----------
    holidays : str
        Those that it keeps.
    time_zone : str
        Of its clock.
    place : str
        Which of the halls of a log it is; empty = all of them.
    """

    holidays: Holidays = "china"
    time_zone: str = BEIJING
    place: str = ""


class LogChange(NamedTuple):
    """One quantity of a log that a trap is about."""

    what: str
    """Its text is `learn.what.<what>`."""
    first_day: str = ""
    """Date from which on it is another."""
    share: float = 0.0
    """By which it is larger from then on, of what it was before."""


class Caught(NamedTuple):
    """What a trap has caught."""

    marked: Bools
    """bool, shape (rows,)."""
    mend: Callable[[LogRows, Bools], None] | None = None
    """Changes the marked rows in place."""
    values: tuple[tuple[str, str], ...] = ()
    """What the sentence about it says besides their number."""
    number: int = -1
    """Days or columns, where it is not rows that are counted."""
    changes: tuple[LogChange, ...] = ()


@dataclass(frozen=True)
class LogTrap:
    """A kind of trap.

    Attributes
    ----------
    key : str
        Its texts are `learn.trap.<key>` and `learn.why.<key>`.
    find : callable
        Of rows and hall; None = nothing found.
    treatments : tuple of str
        What may be done, the default first.
    columns : tuple of str
        What examples show of a row.
    scope : str
    """

    key: str
    find: Callable[[LogRows, LogHall], Caught | None]
    treatments: tuple[LogTreatment, ...]
    columns: tuple[str, ...] = ("taken", "called", "started", "ended", "window")
    scope: LogScope = "rows"


def caught_rows(
    marked: Bools,
    mend: Callable[[LogRows, Bools], None] | None = None,
    values: tuple[tuple[str, str], ...] = (),
) -> Caught | None:
    """Marked rows, if there are any."""
    return Caught(marked, mend, values) if marked.any() else None


def blanking(*names: str) -> Callable[[LogRows, Bools], None]:
    """Mends by making columns say nothing."""
    return lambda rows, marked: rows.blank(marked, *names)
