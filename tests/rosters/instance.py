"""Shift-scheduling instances of Curtois and Qu: their text format, their rules, their objective.

Format and rules are those of the page of the instances, schedulingbenchmarks.org/nrp, and of T.
Curtois and R. Qu, Computational results on new staff scheduling benchmark instances (2014). Nothing
of `sim` is used here, so that a roster of the program is judged by a stranger.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import Final, NamedTuple, TypeAlias

FREE: Final = ""
"""No shift."""
DAYS_OF_WEEK: Final = 7
SATURDAY: Final = 5
Roster: TypeAlias = Mapping[str, Sequence[str]]
"""Shift of each person on each day; `FREE` = none."""
RULES: Final = (
    *("days_off", "max_shifts", "max_minutes", "min_minutes", "max_running", "min_running"),
    *("min_off_running", "max_weekends", "follows"),
)
"""Hard rules, in the order of the page."""


class Employee(NamedTuple):
    """One person, and the hard rules for them.

    Attributes
    ----------
    id : str
    max_shifts : dict of str to int
        Of each shift, over the horizon.
    max_minutes, min_minutes : int
        Over the horizon.
    max_running, min_running : int
        Days in a row on duty.
    min_off_running : int
        Days off in a row.
    max_weekends : int
        On duty on Saturday, Sunday or both.
    days_off : frozenset of int
    """

    id: str
    max_shifts: dict[str, int]
    max_minutes: int
    min_minutes: int
    max_running: int
    min_running: int
    min_off_running: int
    max_weekends: int
    days_off: frozenset[int] = frozenset()


class Request(NamedTuple):
    """A shift that somebody asks for, or asks not to have, and the price of not heeding it."""

    employee: str
    day: int
    shift: str
    weight: int


class CoverNeed(NamedTuple):
    """People wanted on a shift, and the price of each one fewer and each one more."""

    day: int
    shift: str
    people: int
    under: int
    over: int


class Instance(NamedTuple):
    """One instance; day 0 is a Monday.

    Attributes
    ----------
    horizon : int
        Days.
    minutes : dict of str to int
        Length of each shift.
    not_after : dict of str to frozenset of str
        Shifts that must not be worked on the day after.
    staff : tuple of Employee
    on, off : tuple of Request
    cover : tuple of CoverNeed
    """

    horizon: int
    minutes: dict[str, int]
    not_after: dict[str, frozenset[str]]
    staff: tuple[Employee, ...]
    on: tuple[Request, ...]
    off: tuple[Request, ...]
    cover: tuple[CoverNeed, ...]

    @property
    def weeks(self) -> int:
        """Whole weeks; the instances have no others."""
        return self.horizon // DAYS_OF_WEEK


class Verdict(NamedTuple):
    """A roster by the objective and the hard rules of its instance.

    Attributes
    ----------
    requests : int
        Weights of the requests not heeded.
    under, over : int
        Weights of people missing, and of those too many.
    missing : int
        People missing, shifts and days together.
    breaches : dict of str to int
        Times that each of `RULES` is broken.
    """

    requests: int
    under: int
    over: int
    missing: int
    breaches: dict[str, int]

    @property
    def objective(self) -> int:
        """What the instances are to be solved for, at its least."""
        return self.requests + self.under + self.over


def read_instance(text: str) -> Instance:
    """Read the text of an instance.

    Raises
    ------
    ValueError
        For a line that is not of the format.

    Examples
    --------
    >>> read_instance("SECTION_HORIZON\\n7\\nSECTION_SHIFTS\\nE,480,\\nL,480,E").not_after["L"]
    frozenset({'E'})
    """
    sections: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("SECTION_"):
            rows = sections.setdefault(line.removeprefix("SECTION_"), [])
        elif line and not line.startswith("#"):
            rows.append(line.split(","))
    days_off = {name: frozenset(map(int, days)) for name, *days in sections.get("DAYS_OFF", ())}
    return Instance(
        horizon=int(sections["HORIZON"][0][0]),
        minutes={name: int(length) for name, length, *_ in sections["SHIFTS"]},
        not_after={
            name: frozenset(filter(None, "".join(rest).split("|")))
            for name, _, *rest in sections["SHIFTS"]
        },
        staff=tuple(
            _employee(row, days_off.get(row[0], frozenset())) for row in sections.get("STAFF", ())
        ),
        on=tuple(_requests(sections.get("SHIFT_ON_REQUESTS", ()))),
        off=tuple(_requests(sections.get("SHIFT_OFF_REQUESTS", ()))),
        cover=tuple(
            CoverNeed(int(day), shift, int(people), int(under), int(over))
            for day, shift, people, under, over in sections.get("COVER", ())
        ),
    )


def _employee(row: Sequence[str], days_off: frozenset[int]) -> Employee:
    name, most, *limits = row
    max_shifts = {shift: int(number) for shift, number in (p.split("=") for p in most.split("|"))}
    most_minutes, least_minutes, most_on, least_on, least_off, weekends = map(int, limits)
    return Employee(
        *(name, max_shifts, most_minutes, least_minutes, most_on, least_on, least_off, weekends),
        days_off,
    )


def _requests(rows: Sequence[Sequence[str]]) -> Iterator[Request]:
    for employee, day, shift, weight in rows:
        yield Request(employee, int(day), shift, int(weight))


def judge(instance: Instance, roster: Roster) -> Verdict:
    """Objective of a roster, and how often it breaks each hard rule.

    What counts as one breach: a day off worked, a shift too many, a person with too many or too few
    minutes, a run too long or too short, a week-end too many, a pair of days.
    """
    requests = sum(r.weight for r in instance.on if roster[r.employee][r.day] != r.shift)
    requests += sum(r.weight for r in instance.off if roster[r.employee][r.day] == r.shift)
    under = over = missing = 0
    for need in instance.cover:
        there = sum(shifts[need.day] == need.shift for shifts in roster.values())
        missing += max(need.people - there, 0)
        under += need.under * max(need.people - there, 0)
        over += need.over * max(there - need.people, 0)
    breaches: Counter[str] = Counter()
    for person in instance.staff:
        breaches.update(_breaches(instance, person, roster[person.id]))
    return Verdict(requests, under, over, missing, {rule: breaches[rule] for rule in RULES})


def _breaches(instance: Instance, person: Employee, shifts: Sequence[str]) -> Iterator[str]:
    """The rule of each breach."""
    on = [d for d, shift in enumerate(shifts) if shift != FREE]
    yield from ["days_off"] * len(person.days_off.intersection(on))
    for shift, number in Counter(shifts[d] for d in on).items():
        yield from ["max_shifts"] * max(number - person.max_shifts[shift], 0)
    minutes = sum(instance.minutes[shifts[d]] for d in on)
    yield from ["max_minutes"] * (minutes > person.max_minutes)
    yield from ["min_minutes"] * (minutes < person.min_minutes)
    for is_on, first, end in _runs(shifts):
        inside = first > 0 and end < instance.horizon  # a run at an edge may go on beyond it
        if is_on:
            yield from ["max_running"] * (end - first > person.max_running)
            yield from ["min_running"] * (inside and end - first < person.min_running)
        else:
            yield from ["min_off_running"] * (inside and end - first < person.min_off_running)
    weekends = {d // DAYS_OF_WEEK for d in on if d % DAYS_OF_WEEK >= SATURDAY}
    yield from ["max_weekends"] * max(len(weekends) - person.max_weekends, 0)
    for before, after in pairwise(shifts):
        yield from ["follows"] * (after in instance.not_after.get(before, ()))


def _runs(shifts: Sequence[str]) -> Iterator[tuple[bool, int, int]]:
    """Days in a row alike: on duty or not, the first of them, and the first behind them."""
    first = 0
    for is_on, run in groupby(shifts, lambda shift: shift != FREE):
        end = first + len(list(run))
        yield is_on, first, end
        first = end
