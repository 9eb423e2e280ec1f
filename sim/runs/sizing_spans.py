"""The fewest clerk hours with which the promises could be kept, over spans of half hours.

One half hour by itself is a weak bound: who comes late in it is served in the next, in which
everybody is there. Of a span, everybody being there before and after it, the cheapest numbers are
tried first, then the next cheapest, until some keep the promises: no fewer do. Spans of two half
hours are joined to four, eight and sixteen. Numbers that break a promise rule out all that are
nowhere higher, since more clerks never harm: that is assumed, and all that is.
"""

from __future__ import annotations

import heapq
from collections.abc import Generator, Sequence, Set
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.slots import SLOT, SLOTS
from sim.arrays import Bools, Floats, Ints
from sim.runs.sizing import SizingProblem
from sim.runs.sizing_bound import Ample
from sim.runs.sizing_units import Unit

LONGEST: Final = 16
"""Half hours of a span."""
TRIALS: Final = 80
"""Simulations in all; each tries one span of every unit."""
NODES: Final = 2_000
"""Numbers that are looked at for a span, tried or ruled out."""
NO_MATTER: Final = np.iinfo(np.int64).max


class Verdict(NamedTuple):
    """What a trial says of a unit."""

    breaks: bool
    until: int
    """The last half hour whose clerks could have helped."""


class SpanBound:
    """The bound of one unit, better with each number of clerks that breaks a promise.

    Attributes
    ----------
    hours : float
        No staff of the unit with fewer clerk hours a week keeps its promises.
    """

    def __init__(self, problem: SizingProblem, unit: Unit, ample: Ints, least: Ints) -> None:
        self.places = unit.places
        posts = [problem.posts[place] for place in unit.places.tolist()]
        days = list(dict.fromkeys(post.days for post in posts))
        self._slots = np.array([SLOTS * days.index(post.days) + post.slot for post in posts])
        """Half hours of the unit, those of one kind of day after the other."""
        self._hours: Floats = problem.weights[unit.places]
        self._ample, self._least = ample[unit.places], least[unit.places]
        lines = [np.flatnonzero(np.isin(unit.places, line)) for line in problem.kept_open]
        nobody = [self._nobody_at(line) for line in lines if len(line)]
        self._ruled_out: Ints = np.array(nobody, dtype=np.int64).reshape(-1, len(unit.places))
        """Numbers that break a promise, a row each, and so does every staff nowhere higher."""
        self._bound_of: dict[bytes, float] = {}
        """Clerk hours of spans, by which places of the unit are in them."""
        self.hours = float(self._least @ self._hours)

    def _nobody_at(self, line: Ints) -> Ints:
        numbers = np.full(len(self.places), NO_MATTER)
        numbers[line] = 0
        return numbers

    def trials(self) -> Generator[Ints, Verdict, None]:
        """Staffs of the unit to be tried; each is answered with what it has broken."""
        half_hours = np.unique(self._slots)
        length = 1
        while True:
            for first in range(0, len(half_hours), length):
                span = np.isin(self._slots, half_hours[first : first + length])
                self._bound_of[span.tobytes()] = yield from self._of_span(span)
                self.hours = self._joined()
            if length >= min(len(half_hours), LONGEST):
                return
            length *= 2

    def _joined(self) -> float:
        """Of spans that do not overlap, the longest first; elsewhere half hours by themselves."""
        free, hours = np.ones(len(self.places), dtype=np.bool_), 0.0
        spans = [(np.frombuffer(key, dtype=np.bool_), n) for key, n in self._bound_of.items()]
        for span, bound in sorted(spans, key=lambda pair: -int(pair[0].sum())):
            if free[span].all():
                hours += bound
                free &= ~span
        return hours + float(self._least[free] @ self._hours[free])

    def _of_span(self, span: Bools) -> Generator[Ints, Verdict, float]:
        """The fewest clerk hours in a span; everybody is there elsewhere."""
        places = np.flatnonzero(span)
        start = self._least[places]
        inside = self._parts_of(span, places)
        queue = [(float(start @ self._hours[places]), 0, tuple(start.tolist()))]
        for _ in range(NODES):
            hours, first, numbers = heapq.heappop(queue)
            staff = self._ample.copy()
            staff[places] = numbers
            if not self._is_ruled_out(staff, inside):
                verdict = yield staff
                if not verdict.breaks:
                    return hours
                self._rule_out(staff, span, verdict.until)
            for n in range(first, len(places)):
                if numbers[n] < self._ample[places[n]]:
                    more = (*numbers[:n], numbers[n] + 1, *numbers[n + 1 :])
                    heapq.heappush(queue, (hours + float(self._hours[places[n]]), n, more))
            if not queue:
                return hours
        return queue[0][0]

    def _parts_of(self, span: Bools, places: Ints) -> list[tuple[Ints, float]]:
        """Spans inside a span, with their bounds."""
        parts = [(np.frombuffer(key, dtype=np.bool_), n) for key, n in self._bound_of.items()]
        return [(np.flatnonzero(part), n) for part, n in parts if not (part & ~span).any()]

    def _is_ruled_out(self, staff: Ints, inside: Sequence[tuple[Ints, float]]) -> bool:
        if len(self._ruled_out) and (staff <= self._ruled_out).all(axis=1).any():
            return True
        return any(staff[part] @ self._hours[part] < hours for part, hours in inside)

    def _rule_out(self, staff: Ints, span: Bools, until: int) -> None:
        """Numbers of a span that break a promise, whatever is elsewhere, and later."""
        numbers = np.where(span & (self._slots <= until), staff, NO_MATTER)
        self._ruled_out = np.vstack([self._ruled_out, numbers])


def bound_of_spans(problem: SizingProblem, ample: Ample, least: Ints) -> float:
    """Clerk hours a week: no staff with fewer keeps the promises on the crowds of the search.

    Parameters
    ----------
    least : ndarray(int64), shape (posts + departments,)
        Bounds of half hours by themselves.
    """
    units = {n: unit for n, unit in enumerate(problem.units) if _is_of_posts(problem, unit)}
    bounds = {n: SpanBound(problem, unit, ample.staff, least) for n, unit in units.items()}
    impossible = problem.broken(problem.trial(ample.staff))
    trials = {n: bound.trials() for n, bound in bounds.items()}
    tried = {n: next(trial, None) for n, trial in trials.items()}
    for _ in range(TRIALS):
        staffs = {n: staff for n, staff in tried.items() if staff is not None}
        if not staffs:
            break
        staff = ample.staff.copy()
        for n, numbers in staffs.items():
            staff[bounds[n].places] = numbers
        broken = problem.broken(problem.trial(staff)) & ~impossible
        for n in staffs:
            cells = units[n].cells
            try:
                tried[n] = trials[n].send(_verdict(problem, units[n], cells[broken[cells]]))
            except StopIteration:
                tried[n] = None
    others = np.ones(len(problem.posts), dtype=np.bool_)
    for bound in bounds.values():
        others[bound.places] = False
    elsewhere = least[: len(problem.posts)][others] @ problem.hours[others]
    return float(elsewhere + sum(bound.hours for bound in bounds.values()))


def _is_of_posts(problem: SizingProblem, unit: Unit) -> bool:
    """Each of its half hours has a number of its own, and no department is in it."""
    places = unit.places.tolist()
    return max(places) < len(problem.posts) and len(problem.numbers_of(unit)) == len(places)


def _verdict(problem: SizingProblem, unit: Unit, broken: Ints) -> Verdict:
    """Of all cells that are broken the one that is decided first."""
    posts = [problem.posts[place] for place in unit.places.tolist()]
    slots = {post.slot for post in posts}
    decided_in = [_decided_in(problem, slots, number) for number in broken.tolist()]
    one_kind_of_day = len({post.days for post in posts}) == 1
    return Verdict(
        len(broken) > 0, min(decided_in) if one_kind_of_day and decided_in else NO_MATTER
    )


def _decided_in(problem: SizingProblem, slots: Set[int], number: int) -> int:
    """The half hour in which it is decided at last whether people of a cell are called in time.

    What comes later cannot help them any more. Of other promises nothing is known before the end,
    nor of people who take tickets while the hall is shut, and count in the half hour before.
    """
    cell = problem.promised.cells[number]
    promise = problem.promised.promises[cell.promise]
    before_break = cell.slot + 1 not in slots and cell.slot < max(slots)
    if promise.measure != "called_within" or before_break:
        return NO_MATTER
    within = problem.promised.within_of(cell)
    return ((cell.slot + 1) * SLOT + within) // SLOT
