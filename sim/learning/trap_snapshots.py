"""Traps in snapshots of queues: clocks that are years behind, displays that stand still, numbers
that jump, fall or are missing, windows that several queues share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np

from sim.arrays import Bools, Ints
from sim.clock import DAY
from sim.errors import OptionError, Problem
from sim.learning.log_rows import EPOCH, LogRows
from sim.learning.snapshot_rows import QueueDay, SnapshotRows, queue_days
from sim.learning.ticket_log import UNKNOWN
from sim.learning.trap_cells import CELL_TRAPS, place_code
from sim.learning.trap_clocks import ZONE_TRAPS, shift
from sim.learning.traps import Caught, LogHall, LogTrap, blanking, caught_rows

COLUMNS: Final = ("seen", "list_", "waiting", "number", "open_windows")
FEWEST: Final = 12
"""Snapshots of a queue's day before anything is said of what does not change in it."""
MOVES: Final = 10
"""People by which a queue must grow and shrink while its number stands still: it is frozen."""
JUMP: Final = 50
"""By which a number is off the middle of its neighbours, before it is of another row."""
NEIGHBOURS: Final = 4
"""On either side of a number."""
TWO_ROWS: Final = 0.1
"""Of a queue's day: with more jumps two rows of numbers take turns, and neither can be told."""
RECALL: Final = 5
"""By which a number may fall when somebody is called again; more is a new row of numbers."""
SAME_SHARE: Final = 0.98
"""Of the instants at which a window is open for either queue."""
SAME_CHANGES: Final = 10
"""Changes in common, before equal numbers of windows are the same windows."""
GAP: Final = 3
"""Usual spans between snapshots, beyond which some are missing."""
MOST_LISTED: Final = 12
SEPARATOR: Final = "/"
"""Between an office and the beginning of a queue's name, in `--place`."""


def _snapshots(rows: LogRows) -> SnapshotRows:
    assert isinstance(rows, SnapshotRows)  # these traps are looked for in nothing else
    return rows


def queue_name(rows: SnapshotRows, queue: int) -> str:
    """Office and queue, as far as the file names them."""
    place, list_ = divmod(queue, len(rows.names["list_"]) + 1)
    words = (
        rows.names["place"][place - 1] if place else "",
        rows.names["list_"][list_ - 1] if list_ else "",
    )
    return f" {SEPARATOR} ".join(word for word in words if word)


def _listed(names: list[str]) -> str:
    return "; ".join(names[:MOST_LISTED]) + ("; …" if len(names) > MOST_LISTED else "")


def _no_snapshot(rows: LogRows, hall: LogHall) -> Caught | None:
    del hall
    return caught_rows(rows.is_there & ~(rows.has("seen") & rows.has("waiting")))


def _display_clock(rows: LogRows, hall: LogHall) -> Caught | None:
    """Offices whose dates are those of all others, so many days apart: their clock is wrong."""
    del hall
    there = rows.is_there & rows.has("seen") & (rows["place"] >= 0)
    by_place = {
        code: np.unique(rows.day[there & (rows["place"] == code)])
        for code in np.unique(rows["place"][there]).tolist()
    }
    right = list(by_place.values())
    by, listed = np.zeros(len(rows), dtype=np.int64), []
    for code, days in by_place.items():
        shifts = [
            int(others[0] - days[0])
            for others in right
            if others[0] != days[0] and np.array_equal(others - others[0], days - days[0])
        ]
        off = max(set(shifts), key=shifts.count) if shifts else 0
        if off and shifts.count(off) > len(by_place) / 2 and len(days) > 1:
            by[there & (rows["place"] == code)] = off * DAY
            listed.append(f"{rows.names['place'][code]} ({-off:+,})")
    values = (("places", "; ".join(listed)),)
    return caught_rows(by != 0, lambda rows, marked: shift(rows, marked, by), values)


def _other_queue(rows: LogRows, hall: LogHall) -> Caught | None:
    """Rows of offices that are not asked for, and of queues that share no windows with the one.

    Raises
    ------
    OptionError
        `no_such_place` when there is no row of the one that is.
    """
    if not hall.place:
        return None
    shots = _snapshots(rows)
    names = rows.names["place"]
    place, _, begin = hall.place.partition(SEPARATOR)
    if hall.place in names:
        place, begin = hall.place, ""
    place, begin = place.strip(), begin.strip()
    here = rows.is_there & (rows["place"] == place_code(rows, place, hall.place))
    if begin:
        lists = rows.names["list_"]
        of_place = np.unique(rows["list_"][here & (rows["list_"] >= 0)]).tolist()
        chosen = [code for code in of_place if lists[code].startswith(begin)]
        if not chosen:
            allowed = ", ".join(f"{place}{SEPARATOR}{lists[code]}" for code in of_place)
            raise OptionError(
                Problem("no_such_place", "--place", found=hall.place, allowed=allowed)
            )
        queues = np.unique(shots.queue[here & np.isin(rows["list_"], chosen)])
        among = [group for group in sharing(shots) if np.isin(group, queues).any()]
        with_them = np.concatenate([queues, *map(np.array, among)]).astype(np.int64)
        here &= np.isin(shots.queue, with_them)
    return caught_rows(rows.is_there & ~here, None, (("place", hall.place),))


def _twice(rows: LogRows, hall: LogHall) -> Caught | None:
    """Rows of the instant and queue of another one; the first stays."""
    del hall
    marked = np.zeros(len(rows), dtype=np.bool_)
    for day in queue_days(_snapshots(rows)):
        came = rows.came[day.at]
        marked[day.at[1:][np.diff(came) == 0]] = True
    return caught_rows(marked)


def _stale_day(rows: LogRows, hall: LogHall) -> Caught | None:
    """Dates of an office on which nothing that it shows changes: it is closed."""
    del hall
    shots = _snapshots(rows)
    width = len(rows.names["list_"]) + 1
    moving, of_day = set(), dict[tuple[int, int], list[Ints]]()
    for day in queue_days(shots):
        key = (day.queue // width, day.day)
        of_day.setdefault(key, []).append(day.at)
        for name in ("waiting", "number", "open_windows"):
            if len(np.unique(rows[name][day.at])) > 1:
                moving.add(key)
    stale = [key for key, at in of_day.items() if key not in moving and len(at[0]) >= FEWEST]
    marked = np.zeros(len(rows), dtype=np.bool_)
    for key in stale:
        marked[np.concatenate(of_day[key])] = True
    dates = sorted({_iso(day) for _, day in stale})
    return caught_rows(marked, None, (("dates", _listed(dates)),))


def _frozen(rows: LogRows, hall: LogHall) -> Caught | None:
    """Queues whose number stands still all day, while people come and go."""
    del hall
    shots = _snapshots(rows)
    marked, names = np.zeros(len(rows), dtype=np.bool_), []
    for day in queue_days(shots):
        numbers = rows["number"][day.at]
        numbers = numbers[numbers != UNKNOWN]
        moves = np.abs(np.diff(rows["waiting"][day.at])).sum()
        if len(numbers) >= FEWEST and (numbers == numbers[0]).all() and moves >= MOVES:
            marked[day.at] = True
            names.append(f"{queue_name(shots, day.queue)} {_iso(day.day)}")
    return caught_rows(marked, None, (("queues", _listed(names)),))


def _jumps(rows: LogRows, hall: LogHall) -> Caught | None:
    """Numbers of another row of numbers among those of a queue."""
    del hall
    shots = _snapshots(rows)
    marked, names = np.zeros(len(rows), dtype=np.bool_), []
    for day in queue_days(shots):
        at = day.at[rows["number"][day.at] != UNKNOWN]
        if len(at) < FEWEST:
            continue
        numbers = rows["number"][at]
        padded = np.pad(numbers, NEIGHBOURS, mode="edge")
        around = np.lib.stride_tricks.sliding_window_view(padded, 2 * NEIGHBOURS + 1)
        off = np.abs(numbers - np.median(around, axis=1)) > JUMP
        if off.mean() > TWO_ROWS:
            off[:] = True
            names.append(f"{queue_name(shots, day.queue)} {_iso(day.day)}")
        marked[at[off]] = True
    return caught_rows(marked, blanking("number"), (("queues", _listed(names)),))


def falls(numbers: Ints) -> Bools:
    """bool, shape (numbers,): where a row of numbers begins anew.

    Examples
    --------
    >>> falls(np.array([8, 9, 7, 11, 1, 2])).tolist()
    [False, False, False, False, True, False]
    """
    return np.append(False, np.diff(numbers) < -RECALL)


def _resets(rows: LogRows, hall: LogHall) -> Caught | None:
    """Numbers that fall within a day and go on from there."""
    del hall
    marked = np.zeros(len(rows), dtype=np.bool_)
    for day in queue_days(_snapshots(rows)):
        at = day.at[rows["number"][day.at] != UNKNOWN]
        if len(at):
            marked[at[falls(rows["number"][at])]] = True
    return caught_rows(marked)


def _missing(rows: LogRows, hall: LogHall) -> Caught | None:
    """Days of a queue in which people wait and no number is shown: nothing tells who is called."""
    del hall
    shots = _snapshots(rows)
    marked, names = np.zeros(len(rows), dtype=np.bool_), list[str]()
    for day in queue_days(shots):
        if (rows["number"][day.at] == UNKNOWN).all() and (rows["waiting"][day.at] > 0).any():
            marked[day.at] = True
            names.append(queue_name(shots, day.queue))
    return caught_rows(marked, None, (("queues", _listed(list(dict.fromkeys(names)))),))


def sharing(rows: SnapshotRows) -> list[tuple[int, ...]]:
    """Queues of an office with the same numbers of open windows at the same time: they share them.

    Returns
    -------
    Groups of two queues and more.
    """
    windows = dict[int, dict[int, int]]()
    for day in queue_days(rows):
        counts = rows["open_windows"][day.at]
        seen = windows.setdefault(day.queue, {})
        seen.update(zip(rows.came[day.at].tolist(), counts.tolist(), strict=True))
    width = len(rows.names["list_"]) + 1
    group_of = {queue: queue for queue in windows}
    queues = sorted(windows)
    for n, queue in enumerate(queues):
        for other in queues[:n]:
            if queue // width == other // width and _same(windows[queue], windows[other]):
                old, new = group_of[queue], group_of[other]
                group_of = {each: new if at == old else at for each, at in group_of.items()}
    groups = dict[int, list[int]]()
    for queue in queues:
        groups.setdefault(group_of[queue], []).append(queue)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def _same(first: dict[int, int], second: dict[int, int]) -> bool:
    both = sorted(first.keys() & second.keys())
    if not both:
        return False
    a, b = np.array([first[at] for at in both]), np.array([second[at] for at in both])
    in_use = (a > 0) | (b > 0)
    changes = np.count_nonzero((np.diff(a) != 0) & (np.diff(b) != 0))
    return bool(changes >= SAME_CHANGES and (a == b)[in_use].mean() >= SAME_SHARE)


def _shared(rows: LogRows, hall: LogHall) -> Caught | None:
    del hall
    shots = _snapshots(rows)
    groups = sharing(shots)
    names = [" = ".join(queue_name(shots, queue) for queue in group) for group in groups]
    return _note(rows, len(groups), "queues", names)


def _note(rows: LogRows, count: int, key: str, names: list[str]) -> Caught | None:
    nothing = np.zeros(len(rows), dtype=np.bool_)
    return Caught(nothing, None, ((key, _listed(names)),), count) if count else None


def _past_end(rows: LogRows, hall: LogHall) -> Caught | None:
    """Days on which people wait in the last snapshot: what came after it is not seen."""
    del hall
    late = dict[int, int]()
    for day in queue_days(_snapshots(rows)):
        late[day.day] = late.get(day.day, 0) + int(rows["waiting"][day.at[-1]])
    dates = [_iso(day) for day, waiting in sorted(late.items()) if waiting > 0]
    return _note(rows, len(dates), "dates", dates)


def usual_span(days: Iterator[QueueDay], came: Ints) -> int:
    """Median ticks between two snapshots of a queue; 0 with fewer than two of any."""
    spans = [np.diff(came[day.at]) for day in days]
    spans = [each for each in spans if len(each)]
    return int(np.median(np.concatenate(spans))) if spans else 0


def _gaps(rows: LogRows, hall: LogHall) -> Caught | None:
    """Snapshots after a gap of three and more usual spans."""
    del hall
    shots = _snapshots(rows)
    usual = usual_span(queue_days(shots), rows.came)
    marked = np.zeros(len(rows), dtype=np.bool_)
    for day in queue_days(shots):
        marked[day.at[1:][np.diff(rows.came[day.at]) >= GAP * max(usual, 1)]] = True
    return caught_rows(marked)


def _iso(day: int) -> str:
    return date.fromordinal(EPOCH + day).isoformat()


_OF_TICKETS: Final = {trap.key: trap for trap in (*CELL_TRAPS, *ZONE_TRAPS)}
SNAPSHOT_TRAPS: Final = (
    replace(_OF_TICKETS["personal_cell"], columns=("seen",)),
    replace(_OF_TICKETS["unread_cell"], columns=COLUMNS),
    LogTrap("no_snapshot", _no_snapshot, ("left_out",), ("place", "list_")),
    replace(_OF_TICKETS["week_year"], columns=("seen", "place")),
    LogTrap("display_clock", _display_clock, ("mended", "left_out", "kept"), ("seen", "place")),
    replace(_OF_TICKETS["far_date"], columns=("seen", "place")),
    LogTrap("other_place", _other_queue, ("left_out",), ("seen", "place")),
    LogTrap("snapshot_twice", _twice, ("left_out",), COLUMNS),
    LogTrap("stale_day", _stale_day, ("left_out", "kept"), COLUMNS),
    LogTrap("frozen_number", _frozen, ("left_out", "kept"), COLUMNS),
    LogTrap("number_jump", _jumps, ("mended", "left_out", "kept"), COLUMNS),
    LogTrap("number_reset", _resets, ("kept",), COLUMNS),
    LogTrap("number_missing", _missing, ("kept", "left_out"), COLUMNS),
    LogTrap("snapshot_gap", _gaps, ("kept",), COLUMNS),
    LogTrap("shared_windows", _shared, ("kept",), scope="log"),
    LogTrap("past_end", _past_end, ("kept",), scope="days"),
)
"""In the order in which they are looked for."""
