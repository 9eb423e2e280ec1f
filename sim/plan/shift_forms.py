"""Shifts that may be worked on a kind of day: those of a list, or all that the hours allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from sim.arrays import Bools
from sim.clock import HOUR, Hours, parse_days
from sim.plan.rosters import half_hours
from sim.scenario.base import format_hours
from sim.scenario.day_kinds import DayKind
from sim.scenario.intervals import is_inside, join_hours
from sim.scenario.rostering import LunchBreak, NamedShift, Rest, Rostering, ShiftHours, hours_worked

Pieces = tuple[Hours, ...]


class ShiftRest(NamedTuple):
    """A paid break that is taken in turns.

    Attributes
    ----------
    starts, ends : int
        Hours of all turns, in ticks after midnight.
    length : int
        Ticks.
    """

    starts: int
    ends: int
    length: int

    @property
    def turns(self) -> tuple[Hours, ...]:
        """When it may be taken: turn after turn, as long as its hours hold one more.

        Examples
        --------
        >>> from sim.clock import MINUTE
        >>> rest = ShiftRest(0, 40 * MINUTE, 15 * MINUTE)
        >>> [(turn.start // MINUTE, turn.end // MINUTE) for turn in rest.turns]
        [(0, 15), (15, 30)]
        """
        starts = range(self.starts, self.ends - self.length + 1, self.length)
        return tuple(Hours(start, start + self.length) for start in starts)


class ShiftForm(NamedTuple):
    """A shift that may be worked.

    Attributes
    ----------
    id : str
        As the scenario names it, else its hours.
    name_zh, name_en : str
        Empty where the scenario gives none.
    pieces : tuple of Hours
        On duty, rests left in.
    rests : tuple of ShiftRest
        Paid breaks that all who work it have.
    """

    id: str
    name_zh: str
    name_en: str
    pieces: Pieces
    rests: tuple[ShiftRest, ...] = ()

    @property
    def hours(self) -> float:
        """On duty, breaks left out; rests are paid, and are not."""
        return hours_worked(self.pieces) / HOUR


def shift_forms(rules: Rostering, kind: DayKind, part_time: bool = False) -> tuple[ShiftForm, ...]:
    """The shifts of a kind of day, by when they begin and end.

    A list may have other shifts for some weekdays of a kind: all of them are given.

    Parameters
    ----------
    part_time
        Those of people who work part time.

    Examples
    --------
    >>> from sim.clock import parse_hours
    >>> morning = DayKind("sat", (5,), (parse_hours("09:00-12:00"),))
    >>> [form.id for form in shift_forms(Rostering(), morning)]
    ['09:00-12:00']
    """
    if rules.shifts:
        return tuple(_listed(rules, kind))
    lengths = rules.part_time if part_time and rules.part_time is not None else rules.hours
    made = set(_made(rules, kind, lengths))
    return tuple(form_of(rules, kind, pieces) for pieces in sorted(made))


def _listed(rules: Rostering, kind: DayKind) -> Iterator[ShiftForm]:
    for shift in rules.shifts:
        if not set(kind.days).isdisjoint(parse_days(shift.days)):
            yield _named(rules, shift, kind)


def _named(rules: Rostering, shift: NamedShift, kind: DayKind) -> ShiftForm:
    zh, en = (shift.name.zh, shift.name.en) if shift.name else ("", "")
    rests = rules.rests if shift.rests is None else shift.rests
    return ShiftForm(shift.id, zh, en, shift.pieces, rests_in(rests, shift.pieces, kind))


def form_of(rules: Rostering, kind: DayKind, pieces: Pieces) -> ShiftForm:
    """The shift of these hours: as the scenario names it, else called by them."""
    for shift in rules.shifts:
        if tuple(shift.pieces) == pieces:
            return _named(rules, shift, kind)
    shift_id = ",".join(map(format_hours, pieces))
    return ShiftForm(shift_id, "", "", pieces, rests_in(rules.rests, pieces, kind))


def rests_in(rests: Iterable[Rest], pieces: Pieces, kind: DayKind) -> tuple[ShiftRest, ...]:
    """Those rests through all of whose hours a shift is on duty, and the hall open.

    Examples
    --------
    >>> from sim.clock import parse_hours
    >>> coffee, day = Rest(between="09:30-11:00"), parse_hours("09:00-12:00")
    >>> len(rests_in([coffee], (day,), DayKind("sat", (5,), (day,))))
    1
    >>> rests_in([coffee], (parse_hours("10:00-12:00"),), DayKind("sat", (5,), (day,)))
    ()
    """
    on_duty, open_hours = join_hours(pieces), join_hours(kind.hours)
    return tuple(
        ShiftRest(*rest.between, rest.length)
        for rest in rests
        if is_inside(rest.between, on_duty) and is_inside(rest.between, open_hours)
    )


def rests_of(forms: Iterable[ShiftForm]) -> tuple[ShiftRest, ...]:
    """The rests that some shifts have, each once."""
    return tuple(dict.fromkeys(rest for form in forms for rest in form.rests))


def _made(rules: Rostering, kind: DayKind, lengths: ShiftHours) -> Iterator[Pieces]:
    """Every shift that the hours allow; a day too short for the least length is one shift."""
    whole_day = _while_open((Hours(*_ends_of_day(rules, kind)),), kind)
    least = min(lengths.at_least, hours_worked(whole_day))
    for presence in _times_there(rules, kind):
        for pieces in _with_lunch(rules, kind, presence):
            worked = _while_open(pieces, kind)
            if worked and least <= hours_worked(worked) <= lengths.at_most:
                yield worked


def _ends_of_day(rules: Rostering, kind: DayKind) -> tuple[int, int]:
    return kind.hours[0].start - rules.setup, kind.hours[-1].end + rules.setup


def _steps(rules: Rostering, kind: DayKind) -> list[int]:
    """Instants at which a shift, or a break, may begin or end."""
    first, last = _ends_of_day(rules, kind)
    opens, closes = kind.hours[0].start, kind.hours[-1].end
    inside = range(opens + rules.starts_each, closes, rules.starts_each)
    return sorted({first, *inside, last, *(end for hours in kind.hours[:-1] for end in hours[1:])})


def _times_there(rules: Rostering, kind: DayKind) -> Iterator[Pieces]:
    """From when to when somebody may be there; two times with a split shift."""
    steps = _steps(rules, kind)
    for n, start in enumerate(steps):
        for end in steps[n + 1 :]:
            yield (Hours(start, end),)
            if rules.split:
                yield from (
                    (Hours(start, leaves), Hours(returns, end))
                    for leaves, returns in _breaks(steps, start, end)
                    if returns - leaves <= rules.split
                )


def _breaks(steps: Sequence[int], start: int, end: int) -> Iterator[tuple[int, int]]:
    inside = [step for step in steps if start < step < end]
    for n, leaves in enumerate(inside):
        yield from ((leaves, returns) for returns in inside[n + 1 :])


def _with_lunch(rules: Rostering, kind: DayKind, presence: Pieces) -> Iterator[Pieces]:
    """With each break over midday that fits; none where there is a long enough one anyway."""
    lunch = rules.lunch
    [start, *_], [*_, end] = presence[0], presence[-1]
    if lunch is None or end - start <= lunch.after or _has_break(presence, kind, lunch):
        yield presence
        return
    fitting = [
        (begins, begins + lunch.length)
        for begins in range(lunch.between.start, lunch.between.end, rules.starts_each)
        if begins + lunch.length <= lunch.between.end
        if start < begins and begins + lunch.length < end
    ]
    if not fitting:
        yield presence
    for begins, ends in fitting:
        cut = [
            part
            for piece in presence
            for part in (
                Hours(piece.start, min(piece.end, begins)),
                Hours(max(piece.start, ends), piece.end),
            )
            if part.start < part.end
        ]
        yield tuple(cut)


def _has_break(presence: Pieces, kind: DayKind, lunch: LunchBreak) -> bool:
    worked = _while_open(presence, kind)
    return any(after.start - before.end >= lunch.length for before, after in pairwise(worked))


def _while_open(pieces: Pieces, kind: DayKind) -> Pieces:
    """Without the time in which the hall is shut between two openings."""
    shut = [Hours(before.end, after.start) for before, after in pairwise(kind.hours)]
    parts = list(pieces)
    for gap in shut:
        parts = [
            Hours(start, end)
            for piece in parts
            for start, end in (
                (piece.start, min(piece.end, gap.start)),
                (max(piece.start, gap.end), piece.end),
            )
            if start < end
        ]
    return tuple(parts)


def half_hours_of(kind: DayKind) -> tuple[Hours, ...]:
    """The half hours in which the hall is open on a kind of day."""
    return tuple(Hours(*span) for hours in kind.hours for span in half_hours(hours))


def spans_of(rules: Rostering, kind: DayKind) -> tuple[Hours, ...]:
    """The half hours of a kind of day, cut where a turn to rest begins or ends.

    Examples
    --------
    >>> from sim.clock import parse_hours
    >>> morning = DayKind("sat", (5,), (parse_hours("09:30-10:30"),))
    >>> rules = Rostering(rests=(Rest(between="09:30-10:00"),))
    >>> [format_hours(span) for span in spans_of(rules, morning)]
    ['09:30-09:45', '09:45-10:00', '10:00-10:30']
    """
    of_all = [*rules.rests, *(rest for shift in rules.shifts for rest in shift.rests or ())]
    turns = [turn for rest in of_all for turn in ShiftRest(*rest.between, rest.length).turns]
    edges = sorted({edge for turn in turns for edge in turn})
    return tuple(
        Hours(*part)
        for span in half_hours_of(kind)
        for part in pairwise(
            [span.start, *(edge for edge in edges if span.start < edge < span.end), span.end]
        )
    )


def works_in(forms: Sequence[ShiftForm], spans: Sequence[Hours]) -> Bools:
    """bool, shape (shifts, half hours): the shift is on duty in all of it, rests left in.

    Examples
    --------
    >>> form = ShiftForm("early", "", "", (Hours(0, 2 * HOUR),))
    >>> works_in([form], [Hours(HOUR, 2 * HOUR), Hours(HOUR, 3 * HOUR)])
    array([[ True, False]])
    """
    on_duty = [
        [
            any(piece.start <= span.start and span.end <= piece.end for piece in form.pieces)
            for span in spans
        ]
        for form in forms
    ]
    return np.array(on_duty, dtype=np.bool_).reshape(len(forms), len(spans))
