"""The hall of a log as a scenario: its people as they came, its clerks by date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeAlias

import numpy as np

from sim.arrays import Floats, Ints
from sim.clock import DAY, WEEKDAYS, format_clock
from sim.learning.log_people import LogPeople
from sim.learning.staffing import HALF_HOUR, StaffingFit
from sim.scenario.arrival_rows import EPOCH, ArrivalRows
from sim.scenario.base import MOST_CLERKS
from sim.scenario.clerk_rows import NOBODY, ClerkRows
from sim.scenario.load import validate_tree
from sim.scenario.node import Node
from sim.scenario.scenario import Scenario

AnyBools: TypeAlias = "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]"
LAYOUT: Final = "as_it_was"
FLOW: Final = "log"
LONGEST_NAME: Final = 80
RANK_NAMES: Final = ("first", "second", "others")
"""Classes of applicants by rank."""


@dataclass(frozen=True, eq=False)
class DatedClerks:
    """Clerks by group, date and half hour, from 00:00 of the first date on.

    Attributes
    ----------
    clerks : ndarray(int64), shape (groups, days, slots)
    """

    clerks: Ints

    def rows(self, people: LogPeople) -> ClerkRows:
        """As a table of clerks, a row for each stretch of a day with one number."""
        n_groups, n_days, per_day = self.clerks.shape
        flat = self.clerks.reshape(n_groups * n_days, per_day)
        begins = np.append(np.ones((len(flat), 1), bool), np.diff(flat, axis=1) != 0, axis=1)
        begins[flat.max(axis=1) == 0] = False
        line, slot = np.nonzero(begins)
        follows = np.append(line[1:] == line[:-1], False)
        end = np.where(follows, np.append(slot[1:], 0), per_day)
        group, day = line // n_days, line % n_days
        return ClerkRows(
            day + people.first_date.toordinal(),
            slot * HALF_HOUR,
            end * HALF_HOUR,
            group,
            np.minimum(flat[line, slot], MOST_CLERKS),
            np.full(len(line), NOBODY),
            [each.id for each in people.groups],
            file="clerks.csv",
        )


def dated_clerks(fit: StaffingFit, n_days: int, factor: float = 1.0) -> DatedClerks:
    """The clerks of a log on each of its dates.

    Where windows are not named a half hour's mean number is turned into whole clerks by carrying
    the remainder on, so that a day has its clerk hours. Who was last on duty stays until nobody is
    left; a half hour in which people waited and nobody served has none.

    Parameters
    ----------
    factor
        On numbers that overlapping services tell; 1 = as they are.
    """
    level, is_exact, is_seen = dated_levels(fit, n_days)
    carries = fit.how == "overlap"
    if carries:
        level[is_exact] *= factor
    clerks = whole_clerks(level, is_exact if carries else np.zeros_like(is_exact))
    return DatedClerks(_carried_on(clerks, is_exact, is_seen))


def dated_levels(fit: StaffingFit, n_days: int) -> tuple[Floats, AnyBools, AnyBools]:
    """Mean numbers of clerks, whether each is exact, and whether anything is seen of a half hour;
    shape (groups, days, slots) each.
    """
    shape = (len(fit.groups), n_days, DAY // HALF_HOUR)
    level = np.zeros(shape)
    is_exact, is_seen = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    within = fit.day < n_days  # the last night's services end beyond
    place = (fit.group[within], fit.day[within], fit.begin[within] // HALF_HOUR)
    level[place] = np.where(fit.is_exact, fit.level, fit.clerks)[within]
    is_exact[place], is_seen[place] = fit.is_exact[within], True
    return level, is_exact, is_seen


def _carried_on(clerks: Ints, is_exact: AnyBools, is_seen: AnyBools) -> Ints:
    """Who was last on duty stays: in half hours of which nothing is seen, and to the end."""
    latest = np.zeros(clerks.shape[:2], dtype=np.int64)
    ever = np.zeros(clerks.shape[:2], dtype=np.bool_)
    for slot in range(clerks.shape[2]):
        now = clerks[:, :, slot]
        idle = ever & (now == 0) & ~is_exact[:, :, slot]
        now[idle] = latest[idle]
        ever |= is_seen[:, :, slot]
        latest = np.where(now > 0, now, latest)
    return clerks


def clerks_of_levels(level: Floats, is_break: AnyBools) -> DatedClerks:
    """Whole clerks of mean numbers, shape (groups, days, slots), the remainder carried on within a
    day; who was last on duty stays, except in breaks.

    Parameters
    ----------
    is_break : shape (groups, slots)
        Half hours in which nobody serves, whoever waits.
    """
    resting = np.broadcast_to(is_break[:, None, :], level.shape)
    at_work = np.where(resting, 0.0, level)
    clerks = whole_clerks(at_work, ~resting)
    clerks[(at_work > 0) & (clerks == 0) & (np.cumsum(clerks, axis=2) == 0)] = 1
    return DatedClerks(_carried_on(clerks, resting, at_work > 0))


def whole_clerks(level: Floats, carries: AnyBools) -> Ints:
    """int64: mean numbers as whole ones, along the last axis; where it carries, what rounding
    leaves goes on to the next half hour.

    Examples
    --------
    >>> whole_clerks(np.array([2.5, 2.5, 2.5, 2.5]), np.ones(4, bool)).tolist()
    [2, 3, 2, 3]
    """
    clerks = np.zeros(level.shape, dtype=np.int64)
    rest_of = np.zeros(level.shape[:-1])
    for slot in range(level.shape[-1]):
        here = carries[..., slot]
        due = level[..., slot] + np.where(here, rest_of, 0.0)
        whole = np.maximum(np.rint(due), 0.0)
        rest_of = np.where(here, due - whole, rest_of)
        clerks[..., slot] = whole
    return clerks


def arrival_rows(people: LogPeople) -> ArrivalRows:
    """The people as a table of arrivals, each with the time for which a window had them."""
    origin = (people.first_date - EPOCH).days * DAY
    return ArrivalRows(
        people.arrived_at + origin,
        "people.csv",
        matters=[_matter_id(n) for n in range(len(people.matters))],
        matter=people.matter,
        classes=RANK_NAMES,
        class_=people.rank,
        service=np.minimum(people.service, DAY),
    )


def _shortened(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _matter_id(number: int) -> str:
    return f"matter_{number + 1}"


def hall_scenario(
    people: LogPeople, clerks: ClerkRows, days: tuple[int, int], title: str, time_zone: str
) -> Scenario:
    """A scenario in which the people of a log come, and its clerks are on duty.

    The hall is open from the first ticket of any day to the last service of any; whoever is inside
    at closing is served.

    Parameters
    ----------
    days
        First and last of the log's days, both in the run.
    """
    first, last = days
    start, end = _hours(people)
    groups = [
        {
            "id": group.id,
            "name": _shortened(", ".join(group.lists or group.windows)) or group.id,
            "serves": serves,
            "clerks": {f"mon-sun {start}-{end}": 0},
            "count": max(int(clerks.clerks[clerks.group == number].max(initial=1)), 1),
        }
        for number, group in enumerate(people.groups)
        if (serves := [_matter_id(n) for n, (_, of) in enumerate(people.matters) if of == number])
    ]
    ids = {each["id"] for each in groups}
    staffed = [number for number, name in enumerate(clerks.groups) if name in ids]
    tree = {
        "name": title,
        "run": {
            "start": people.first_date + timedelta(days=first),
            "measured_days": last - first + 1,
            "replications": 1,
        },
        "calendars": [
            {
                "id": "hall",
                "holidays": "none",
                "weekly": {f"{WEEKDAYS[0]}-{WEEKDAYS[-1]}": [f"{start}-{end}"]},
            }
        ],
        "hall": {"name": title, "hours": "hall", "time_zone": time_zone},
        "applicants": {
            "classes": [
                {"id": name, "name": name, "priority": rank} for rank, name in enumerate(RANK_NAMES)
            ]
        },
        "matters": [
            {
                "id": _matter_id(n),
                "name": _shortened(name) or _matter_id(n),
                "service": {"base": "10 min"},
            }
            for n, (name, _) in enumerate(people.matters)
        ],
        "demand": [{"id": FLOW, "matter": _matter_id(0), "arrivals_file": arrival_rows(people)}],
        "equal_budget": "none",
        "layouts": [
            {
                "id": LAYOUT,
                "name": title,
                "clerks_file": _of_groups(clerks, staffed),
                "windows": groups,
            }
        ],
    }
    return validate_tree(_tree(tree))[0]


def _of_groups(clerks: ClerkRows, staffed: Sequence[int]) -> ClerkRows:
    here = np.isin(clerks.group, staffed)
    day, start, end, group, number, person = clerks.table[:, here]
    return ClerkRows(day, start, end, group, number, person, clerks.groups, file=clerks.file)


def _hours(people: LogPeople) -> tuple[str, str]:
    """Clock times from the first ticket of any day to the last service of any."""
    within = people.arrived_at % DAY
    ends = within + people.wait + people.service
    start = int(within.min()) // HALF_HOUR * HALF_HOUR
    end = min(-(-(int(max(ends.max(), within.max())) + 1) // HALF_HOUR) * HALF_HOUR, DAY)
    return format_clock(start), format_clock(end)


def _tree(value: Any) -> Node:
    if isinstance(value, dict):
        return Node({key: _tree(part) for key, part in value.items()})
    if isinstance(value, list):
        return Node(tuple(_tree(part) for part in value))
    return Node(value)


def with_clerks_table(scenario: Scenario, layout: str, clerks: ClerkRows) -> Scenario:
    """The scenario with another table of clerks of a layout, whose groups stay."""
    most = {name: int(clerks.spans(name).most) for name in clerks.groups}
    layouts = tuple(
        each.model_copy(
            update={
                "clerks_file": clerks,
                "windows": tuple(
                    group.model_copy(update={"count": max(group.count or 1, most.get(group.id, 0))})
                    for group in each.windows
                ),
            }
        )
        if each.id == layout
        else each
        for each in scenario.layouts
    )
    return scenario.model_copy(update={"layouts": layouts})
