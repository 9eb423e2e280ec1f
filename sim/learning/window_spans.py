"""When each window of a log was open, from whom it called and who waited meanwhile."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from sim.arrays import Ints
from sim.clock import DAY, MINUTE
from sim.learning.desk_spans import DeskSpans

BRIDGED: Final = 30 * MINUTE
"""Idle gap without anybody waiting through which a window is taken to be open."""
LATENCY: Final = 3 * MINUTE
"""Somebody may wait so long beside an idle window until they are called."""


def window_spans(spans: DeskSpans, window: Ints, slot: int) -> tuple[Ints, Ints]:
    """Begins and ends of the spans in which windows were open, int64 ticks, shape (opened,).

    A window whose last service ends while others go on waiting closed during that service: at the
    first half hour in it, since rosters change there, else at its end.

    Parameters
    ----------
    spans
        Of windows that share the work.
    window
        Of each; below 0 = it is not said.
    slot
        Ticks at whose multiples rosters change.

    Examples
    --------
    >>> at = np.array([0, 10, 80]) * MINUTE
    >>> spans = DeskSpans(np.arange(3), at, at, at + 8 * MINUTE)
    >>> [(ends // MINUTE).tolist() for ends in window_spans(spans, np.zeros(3, int), 30 * MINUTE)]
    [[0, 80], [18, 88]]
    """
    there = np.flatnonzero(window >= 0)
    order = there[np.lexsort((spans.called_at[there], window[there]))]
    desk, start, end = window[order], spans.called_at[order], spans.free_at[order]
    waited = _Waited(spans)
    same = (np.diff(desk) == 0) & (start[:-1] // DAY == start[1:] // DAY)
    next_call = np.append(np.where(same, start[1:], (end[:-1] // DAY + 1) * DAY), end[-1:])
    next_call = np.maximum(next_call, end)
    in_gap = waited.between(end, next_call)
    is_last = np.append(~same, True)
    closed = in_gap > LATENCY
    breaks_off = is_last | closed | (next_call - end > BRIDGED)
    left_waiting = closed & (waited.between(end, end + 2 * LATENCY) > LATENCY)
    edge = -(-start // slot) * slot
    snapped = np.where(left_waiting & (edge > start) & (edge < end), edge, end)
    opens = np.append(True, breaks_off[:-1])
    return start[opens], snapped[breaks_off]


class _Waited:
    """For how long somebody of a group waited, up to any instant."""

    def __init__(self, spans: DeskSpans) -> None:
        order = np.argsort(spans.arrived_at, kind="stable")
        begin, end = spans.arrived_at[order], np.maximum.accumulate(spans.called_at[order])
        apart = begin[1:] > end[:-1]
        self.begins = begin[np.append(True, apart)]
        self.ends = end[np.append(apart, True)]
        self.before: Any = np.append(0, np.cumsum(self.ends - self.begins))

    def _until(self, at: Ints) -> Ints:
        place = np.searchsorted(self.begins, at, side="right")
        within = np.minimum(at - self.begins[place - 1], (self.ends - self.begins)[place - 1])
        return np.where(place > 0, self.before[place - 1] + within, 0)

    def between(self, start: Ints, end: Ints) -> Ints:
        """int64 ticks in which somebody waited, from one instant to another."""
        return self._until(end) - self._until(start)
