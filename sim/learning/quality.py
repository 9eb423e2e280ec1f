"""How good a log is: each trap found, counted, shown, and what was done about it (DESIGN §9.2).

Every row of the file is accounted for: it is kept as it is, or something of it is mended, or it is
left out, and then by one trap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import numpy as np

from sim.arrays import Ints
from sim.clock import DAY, HOUR, SECOND
from sim.errors import OptionError, Problem
from sim.learning.case_rows import CaseRows
from sim.learning.log_matters import MOST_MATTERS
from sim.learning.log_rows import LogRows
from sim.learning.snapshot_rows import SnapshotRows
from sim.learning.ticket_log import LOG_OUTCOMES, UNKNOWN
from sim.learning.trap_cases import CASE_TRAPS
from sim.learning.trap_cells import CELL_TRAPS, COLUMN_TRAPS
from sim.learning.trap_clocks import BATCH_TRAPS, ZONE_TRAPS
from sim.learning.trap_days import DAY_TRAPS
from sim.learning.trap_order import END_TRAPS, OPEN_TRAPS, ORDER_TRAPS, WORK_TRAPS
from sim.learning.trap_snapshots import SNAPSHOT_TRAPS
from sim.learning.traps import LogChange, LogHall, LogScope, LogTrap, LogTreatment
from sim.scenario.fields import nearest
from sim.scenario.table_values import NO_INSTANT

TRAPS: Final[Mapping[str, LogTrap]] = {
    trap.key: trap
    for trap in (
        *CELL_TRAPS,
        *ZONE_TRAPS,
        *OPEN_TRAPS,
        *ORDER_TRAPS,
        *END_TRAPS,
        *BATCH_TRAPS,
        *WORK_TRAPS,
        *COLUMN_TRAPS,
        *DAY_TRAPS,
    )
}
"""By key, in the order in which they are looked for: later ones see what earlier ones mended."""
ALL_TRAPS: Final[Mapping[str, LogTrap]] = {
    **{trap.key: trap for trap in (*CASE_TRAPS, *SNAPSHOT_TRAPS)},
    **TRAPS,
}
"""Those of logs of cases and of snapshots too."""
RAGGED: Final = "ragged"
"""Rows with another number of cells, which are no rows: the reader of the file leaves them out."""
MOST_EXAMPLES: Final = 3
FEW_TICKETS: Final = 200
"""Fewer say little of how work and arrivals are distributed."""


class LogExample(NamedTuple):
    """A row that a trap caught, as the file had it when it was caught."""

    line: int
    """Of its file."""
    cells: tuple[tuple[str, str], ...]
    """Column (a role) and what stands in it; nothing that says who somebody is."""
    file: str = ""
    """Empty = the log has one."""


@dataclass(frozen=True)
class TrapFinding:
    """What one trap found, and what was done.

    Attributes
    ----------
    trap : str
    scope : str
        What `count` counts: rows, columns, days, or changes of the whole log.
    count : int
    treatment : str
    choices : tuple of str
        What else may be done, and this.
    values : tuple of (str, str)
        What the sentence about it says besides.
    changes : tuple of LogChange
    examples : tuple of LogExample
        The first rows.
    lines : ndarray(int64)
        Lines of all rows, upwards; of several files they count on, as `LogFiles.place` tells.
    """

    trap: str
    scope: LogScope
    count: int
    treatment: LogTreatment
    choices: tuple[LogTreatment, ...]
    values: tuple[tuple[str, str], ...] = ()
    changes: tuple[LogChange, ...] = ()
    examples: tuple[LogExample, ...] = ()
    lines: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64), compare=False)


@dataclass(frozen=True)
class LogQuality:
    """The account of a log.

    Attributes
    ----------
    rows_read, rows_kept, rows_mended, rows_left_out : int
        The first is the sum of the others; rows that are mended and later left out are left out.
    findings : tuple of TrapFinding
        In the order in which they were looked for.
    limits : tuple of str
        What the log cannot say; the texts are `learn.limit.<name>`.
    """

    rows_read: int
    rows_kept: int
    rows_mended: int
    rows_left_out: int
    findings: tuple[TrapFinding, ...]
    limits: tuple[str, ...]


def read_treatments(words: Iterable[str]) -> dict[str, LogTreatment]:
    """What options say is to be done: `doubled=kept`.

    Raises
    ------
    OptionError
        `unknown_trap`, `trap_treatment`, `named_twice`: every one.

    Examples
    --------
    >>> read_treatments(["doubled=kept", "two_at_once = left_out"])
    {'doubled': 'kept', 'two_at_once': 'left_out'}
    """
    chosen: dict[str, LogTreatment] = {}
    problems = []
    for word in words:
        key, _, name = (part.strip() for part in word.partition("="))
        if key not in ALL_TRAPS:
            keys = list(ALL_TRAPS)
            problems.append(
                Problem(
                    "unknown_trap",
                    "--quality",
                    found=key,
                    allowed=", ".join(keys),
                    values=nearest(key, keys),
                )
            )
            continue
        choices = ALL_TRAPS[key].treatments
        treatment = next((choice for choice in choices if choice == name), None)
        if treatment is None:
            allowed = ", ".join(f"{key}={choice}" for choice in choices)
            problems.append(Problem("trap_treatment", "--quality", found=word, allowed=allowed))
        elif key in chosen:
            problems.append(Problem("named_twice", "--quality", found=key))
        else:
            chosen[key] = treatment
    if problems:
        raise OptionError(problems)
    return chosen


def look_through(
    rows: LogRows,
    hall: LogHall = LogHall(),
    chosen: Mapping[str, LogTreatment] | None = None,
    ragged: Sequence[int] = (),
) -> LogQuality:
    """Find every trap, do about it what is chosen, and account for every row.

    Parameters
    ----------
    rows
        Mended in place; those that are left out are no longer there.
    hall
        Its calendar and zone.
    chosen
        Trap -> treatment; default: the first of each.
    ragged
        Lines of rows with another number of cells, which are not among the rows.

    Examples
    --------
    >>> from sim.learning.log_rows import rows_of_columns
    >>> taken = ["2025-03-03 09:00:00", "2025-03-03 09:01:00", "2025-03-03 09:01:00"]
    >>> rows = rows_of_columns({"ticket": ["1", "2", "2"], "taken": taken})
    >>> quality = look_through(rows)
    >>> [(trap.trap, trap.lines.tolist()) for trap in quality.findings], quality.rows_kept
    ([('doubled', [4])], 2)
    """
    chosen = chosen or {}
    findings = []
    if ragged:
        examples = tuple(LogExample(line, ()) for line in ragged[:MOST_EXAMPLES])
        findings.append(
            TrapFinding(
                RAGGED,
                "rows",
                len(ragged),
                "left_out",
                ("left_out",),
                examples=examples,
                lines=np.array(ragged, dtype=np.int64),
            )
        )
    traps, limits = _kind_of(rows)
    for trap in traps:
        finding = _looked_for(rows, hall, trap, chosen.get(trap.key, trap.treatments[0]))
        if finding is not None:
            findings.append(finding)
    n_kept = int(np.count_nonzero(rows.is_there & ~rows.is_mended))
    n_mended = int(np.count_nonzero(rows.is_there & rows.is_mended))
    return LogQuality(
        rows_read=len(rows) + len(ragged),
        rows_kept=n_kept,
        rows_mended=n_mended,
        rows_left_out=len(rows) + len(ragged) - n_kept - n_mended,
        findings=tuple(findings),
        limits=tuple(limits(rows)),
    )


def _kind_of(rows: LogRows) -> tuple[Sequence[LogTrap], Callable[[LogRows], Iterator[str]]]:
    """The traps of a kind of log, and what says what nobody can learn from it."""
    if isinstance(rows, CaseRows):
        return CASE_TRAPS, _case_limits
    if isinstance(rows, SnapshotRows):
        return SNAPSHOT_TRAPS, _snapshot_limits
    return tuple(TRAPS.values()), _limits


def _looked_for(
    rows: LogRows, hall: LogHall, trap: LogTrap, treatment: LogTreatment
) -> TrapFinding | None:
    caught = trap.find(rows, hall)
    if caught is None:
        return None
    places = np.flatnonzero(caught.marked)
    count = caught.number if caught.number >= 0 else len(places)
    finding = TrapFinding(
        trap=trap.key,
        scope=trap.scope,
        count=count,
        treatment=treatment,
        choices=trap.treatments,
        values=caught.values,
        changes=caught.changes,
        examples=tuple(_examples(rows, places[:MOST_EXAMPLES].tolist(), trap.columns)),
        lines=np.sort(_lines(rows, places)),
    )
    if treatment == "left_out":
        rows.is_there[places] = False
    elif treatment == "mended":
        if caught.mend is not None:
            caught.mend(rows, caught.marked)
        rows.is_mended[places] = True
    return finding


def _lines(rows: LogRows, places: Ints) -> Ints:
    """Lines of rows in their file; of an event log the numbers of the tickets."""
    numbers = rows.rows[places]
    return numbers if rows.places is None else rows.places.lines[numbers]


def _examples(rows: LogRows, places: list[int], columns: tuple[str, ...]) -> Iterator[LogExample]:
    for place in places:
        cells = []
        for name in (*columns, "outcome"):
            words = _cell(rows, name, place)
            if words:
                cells.append((name.rstrip("_"), words))
        line = int(_lines(rows, np.array([place]))[0])
        yield LogExample(line, tuple(cells))


def _cell(rows: LogRows, name: str, place: int) -> str:
    if name not in rows.columns:
        return ""
    value = int(rows[name][place])
    if name in rows.TIMES:
        return "" if value == NO_INSTANT else _stamp(value)
    if value == UNKNOWN:
        return ""
    if name in ("waiting", "number", "open_windows"):
        return f"{value}"
    if name in ("wait", "service"):
        return f"{value / SECOND:g} s"
    if name == "clerk":
        return f"{value + 1}"
    if name in rows.NAMED:
        return rows.names[name][value] if value >= 0 else ""
    return LOG_OUTCOMES[value]


def _stamp(ticks: int) -> str:
    try:
        when = datetime(1970, 1, 1) + timedelta(milliseconds=ticks)
    except OverflowError:
        return f"{ticks}"
    return when.isoformat(" ", "milliseconds" if ticks % SECOND else "seconds")


def _case_limits(rows: LogRows) -> Iterator[str]:
    """What nobody can learn from what is left of a log of cases."""
    for name in ("applied", "accepted", "promised", "closed"):
        if not rows.has(name)[rows.is_there].any():
            yield f"no_{name}"
    if not (rows["suspended"][rows.is_there] >= 0).any():
        yield "no_suspensions"
    if rows.grain >= DAY:
        yield "days_only"


def _snapshot_limits(rows: LogRows) -> Iterator[str]:
    """What snapshots never say, and what these do not."""
    yield "snapshot_matters"
    yield "snapshot_left"
    yield "snapshot_service"
    yield "snapshot_between"
    there = rows.is_there
    for name in ("number", "open_windows"):
        if not rows.has(name)[there].any():
            yield f"no_{name}"
    if len(np.unique(rows["place"][there & (rows["place"] >= 0)])) > 1:
        yield "several_places"


def _matters_by(rows: LogRows) -> str:
    """Column that tells what people come for, as `matters_of` takes it."""
    columns = ("matter", "list_", "department")
    return next((name for name in columns if (rows[name][rows.is_there] >= 0).any()), "matter")


def _limits(rows: LogRows) -> Iterator[str]:
    """What nobody can learn from what is left."""
    there = rows.is_there
    came = rows.came
    dated = there & (came != NO_INSTANT)
    n = int(np.count_nonzero(dated))
    if n < FEW_TICKETS:
        yield "few_tickets"
    if n and len(np.unique(rows.day[dated])) == 1:
        yield "one_day"
    if rows.grain >= HOUR:
        yield "hours_only"
    if not (rows.wait_of[there] >= 0).any():
        yield "no_waits"
    if not (rows.service_of[there] >= 0).any():
        yield "no_services"
    for name, limit in (("window", "no_windows"), ("clerk", "no_clerks")):
        if not (rows[name][there] >= 0).any():
            yield limit
    outcomes = rows["outcome"][there]
    if not (outcomes != UNKNOWN).any():
        yield "no_outcomes"
    if len(np.unique(rows["place"][there & (rows["place"] >= 0)])) > 1:
        yield "several_places"
    if len(np.unique(rows[_matters_by(rows)][there])) > MOST_MATTERS + 1:
        yield "many_matters"
    waits = there & (rows.wait_of >= 0)
    if waits.any() and not (there & ~waits).any():
        yield "served_only"
