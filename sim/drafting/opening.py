"""When a hall is open: the hours of each weekday, ordinarily and between dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple, TypeAlias

from sim.clock import WEEKDAYS
from sim.drafting.form import SLOT

ClockSpans: TypeAlias = "tuple[tuple[int, int], ...]"
"""Intervals in minutes after midnight, sorted; empty = closed."""
MON_TO_FRI: Final = tuple(range(5))
"""Monday 0 to Friday."""
WEEKEND: Final = (5, 6)
ALL_DAYS: Final = (*MON_TO_FRI, *WEEKEND)


class DraftedWeek(NamedTuple):
    """Hours of the seven weekdays, Monday first."""

    days: tuple[ClockSpans, ...]

    def alike(self, days: Sequence[int]) -> Iterator[tuple[str, ClockSpans]]:
        """Hours of some weekdays; neighbours with the same ones are told together.

        Examples
        --------
        >>> week = DraftedWeek((((540, 720),),) * 4 + ((),) * 3)
        >>> [*week.alike(MON_TO_FRI)]
        [('mon-thu', ((540, 720),)), ('fri', ())]
        """
        runs: list[list[int]] = []
        for day in days:
            if runs and self.days[day] == self.days[runs[-1][0]]:
                runs[-1].append(day)
            else:
                runs.append([day])
        for first, *others in runs:
            names = (first, others[-1]) if others else (first,)
            yield "-".join(WEEKDAYS[day] for day in names), self.days[first]


class OpenPeriod(NamedTuple):
    """From one date to another, both included, with a week of its own."""

    first: date
    last: date
    week: DraftedWeek

    @property
    def key(self) -> str:
        """As a scenario names it."""
        return f"{self.first} to {self.last}"


class OpenHours(NamedTuple):
    """When a hall is open.

    Attributes
    ----------
    week : DraftedWeek
        Of all dates that no period holds.
    periods : tuple of OpenPeriod
        In the order of their dates.
    source : str
        Who says so.
    is_by_day : bool
        Whether hours of some days or dates are stated beside those of all weekdays.
    """

    week: DraftedWeek
    periods: tuple[OpenPeriod, ...]
    source: str
    is_by_day: bool = False

    @property
    def weeks(self) -> tuple[DraftedWeek, ...]:
        """The ordinary week, and those of periods."""
        return (self.week, *(period.week for period in self.periods))

    def is_open_on(self, day: int) -> bool:
        """Whether it ever opens on a weekday."""
        return any(week.days[day] for week in self.weeks)

    @property
    def weekend(self) -> tuple[int, ...]:
        """Days of the weekend on which it opens beside workdays: with clerks of their own."""
        days = tuple(day for day in WEEKEND if self.is_open_on(day))
        return days if any(map(self.is_open_on, MON_TO_FRI)) else ()

    @property
    def by_slot(self) -> tuple[int, ...]:
        """Weekdays whose clerks are asked by half hour: Monday to Friday, unless shut then."""
        return MON_TO_FRI if any(map(self.is_open_on, MON_TO_FRI)) else WEEKEND

    @property
    def slots(self) -> ClockSpans:
        """Half hours of these days; the last one of an interval may be shorter.

        Examples
        --------
        >>> long, short = (((540, 640),), ((600, 660),))
        >>> OpenHours(DraftedWeek((long, short, *[()] * 5)), (), "").slots
        ((540, 570), (570, 600), (600, 630), (630, 660))
        """
        return tuple(_half_hours(self._joined(self.by_slot)))

    @property
    def visit_slots(self) -> ClockSpans:
        """Half hours in which people come: those, and what else the weekend has."""
        by_slot = self._joined(self.by_slot)
        others = (part for span in self._joined(ALL_DAYS) for part in _outside(span, by_slot))
        return tuple(sorted((*self.slots, *_half_hours(others))))

    @property
    def minutes_a_day(self) -> float:
        """Mean of the ordinary days whose clerks are asked by half hour; else of all open ones."""
        for week, days in ((self.week, self.by_slot), *((each, ALL_DAYS) for each in self.weeks)):
            lengths = [sum(end - begin for begin, end in week.days[day]) for day in days]
            if n_open := sum(map(bool, lengths)):
                return sum(lengths) / n_open
        return 0.0

    def _joined(self, days: Iterable[int]) -> ClockSpans:
        """All that is open on some weekdays in any week."""
        spans = sorted(span for day in days for week in self.weeks for span in week.days[day])
        joined: list[tuple[int, int]] = []
        for begin, end in spans:
            if joined and begin <= joined[-1][1]:
                joined[-1] = joined[-1][0], max(end, joined[-1][1])
            else:
                joined.append((begin, end))
        return tuple(joined)


def _outside(span: tuple[int, int], spans: ClockSpans) -> Iterator[tuple[int, int]]:
    """What of an interval lies in none of others, which are sorted."""
    begin, end = span
    for start, until in spans:
        if begin < start < end:
            yield begin, start
        if start < end:
            begin = max(begin, until)
    if begin < end:
        yield begin, end


def _half_hours(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for start, end in spans:
        yield from ((begin, min(begin + SLOT, end)) for begin in range(start, end, SLOT))
