"""Plans that differ in clerks alone: duties anew, all else as compiled.

An optimiser asks thousands of rosters on one hall. Compiling a scenario takes as long as serving a
crowd, so only what a roster changes is made again.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from sim.arrays import Bools, Ints
from sim.clock import DAY, MINUTE, Hours
from sim.errors import OptionError, Problem
from sim.plan.breaks import instants_of_staying
from sim.plan.columns import offsets_of
from sim.plan.compile import compile_period
from sim.plan.duties import line_duty_until
from sim.plan.opening import hall_days
from sim.plan.plan import HALL, OWN, HallPlan, Names, Plan
from sim.scenario.base import format_hours
from sim.scenario.dated_rosters import DayClerks, rosters_of_groups
from sim.scenario.day_kinds import DayKind, KindOfDate
from sim.scenario.hall import Layout, WindowGroup
from sim.scenario.roster_keys import split_days
from sim.scenario.scenario import Scenario

HALF_HOUR = 30 * MINUTE


class Post(NamedTuple):
    """One window group in one half hour of one kind of day: what has a number of clerks.

    Hours that begin or end between half hours have a shorter first or last one.
    """

    group: str
    days: str
    """Days as rosters write them: `mon-fri`, `2025-06-15 to 2025-09-15 mon-fri`, `2025-01-08`."""
    starts: int
    ends: int
    """Ticks after midnight."""

    @property
    def slot(self) -> int:
        """Half hour of the day, 0 to 47, in which it lies."""
        return self.starts // HALF_HOUR

    def hours_of(self, days: float) -> float:
        """Hours of one clerk there on so many days."""
        return days * (self.ends - self.starts) / (60 * MINUTE)


def posts_of(
    scenario: Scenario, layout: Layout, kinds: Sequence[DayKind], reserve_too: bool = False
) -> tuple[Post, ...]:
    """The posts of a layout: all open half hours of its groups that have a clerk on such days.

    Reserve windows have none: their rosters say how many may open, and not how many there are.

    Parameters
    ----------
    reserve_too
        With those of reserve windows at which clerks of their own stand by: on duty they are too.

    Raises
    ------
    OptionError
        `roster_varies` where clerks differ from day to day of one kind, by dates, weeks or a mean.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.scenario.day_kinds import day_kinds
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"))
    >>> posts = posts_of(scenario, scenario.layout("hall"), day_kinds(scenario))
    >>> len(posts), posts[0].group, posts[0].days, posts[-1].slot
    (48, 'windows', 'mon-sun', 47)
    """
    staffed = _StaffedDays(scenario, layout, kinds)
    return tuple(
        Post(group.id, kind.key, starts, ends)
        for group in layout.windows
        if group.tidal is None or (reserve_too and not group.borrows)
        for kind in kinds
        if any(staffed.most(group, kind.key, *open_) > 0 for open_ in kind.hours)
        for hours in kind.hours
        for starts, ends in half_hours(hours)
    )


def half_hours(hours: Hours) -> list[tuple[int, int]]:
    """An interval cut at half hours of the clock.

    Examples
    --------
    >>> [(start // MINUTE, end // MINUTE) for start, end in half_hours(Hours(0, 40 * MINUTE))]
    [(0, 30), (30, 40)]
    """
    cuts = range(hours.start // HALF_HOUR * HALF_HOUR + HALF_HOUR, hours.end, HALF_HOUR)
    edges = [hours.start, *cuts, hours.end]
    return list(pairwise(edges))


class _StaffedDays:
    """The clerks that the rosters of a layout have on the days of each kind.

    Raises
    ------
    OptionError
        `roster_varies` where days of one kind have different clerks: a number for the kind would
        be none of theirs; `roster_in_table` where clerks stand in a table, whose dates would hold
        whatever is found.
    """

    def __init__(self, scenario: Scenario, layout: Layout, kinds: Sequence[DayKind]) -> None:
        if layout.clerks_file is not None:
            path = f"layouts[{layout.id}].clerks_file"
            raise OptionError(Problem("roster_in_table", path, found=layout.clerks_file.file))
        self._on_duty: dict[tuple[str, str], DayClerks] = {}
        numbers, rosters = KindOfDate(scenario, kinds), rosters_of_groups(scenario, layout)
        dated = [group.id for group in layout.windows if rosters[group.id].is_dated]
        # an undated roster needs no date
        days = [(kind.key, scenario.run.start, kind.days[0]) for kind in kinds]
        for key, day, weekday in days:
            for group in layout.windows:
                if group.id not in dated:
                    self._on_duty[group.id, key] = rosters[group.id].on(day, weekday)
        for hall_day in hall_days(scenario, compile_period(scenario)) if dated else ():
            key = kinds[numbers.number(hall_day.date)].key
            for name in dated:
                clerks = rosters[name].on(hall_day.date, hall_day.weekday)
                if self._on_duty.setdefault((name, key), clerks) != clerks:
                    path = f"layouts[{layout.id}].windows[{name}].clerks"
                    raise OptionError(Problem("roster_varies", path, found=key))

    def most(self, group: WindowGroup, days: str, start: int, end: int) -> int:
        """The most of a group at a time, between two times of such a day."""
        return max(
            (
                clerks
                for duty, clerks in self._on_duty.get((group.id, days), ())
                if duty.start < end and duty.end > start
            ),
            default=0,
        )


def clerks_today(
    scenario: Scenario, layout: Layout, posts: Sequence[Post], kinds: Sequence[DayKind]
) -> Ints:
    """int64, shape (posts,): the most clerks that the layout's rosters have there at a time.

    Raises
    ------
    OptionError
        `roster_varies`, as `posts_of`.
    """
    groups = {group.id: group for group in layout.windows}
    staffed = _StaffedDays(scenario, layout, kinds)
    most = [staffed.most(groups[post.group], post.days, post.starts, post.ends) for post in posts]
    return np.array(most, dtype=np.int64)


def rosters_of(posts: Sequence[Post], clerks: Ints) -> dict[str, dict[str, int]]:
    """Rosters as a scenario writes them, by group; equal half hours in a row are one interval.

    Examples
    --------
    >>> posts = [Post("desk", "mon-fri", 0, HALF_HOUR), Post("desk", "mon-fri", HALF_HOUR, 3600000)]
    >>> rosters_of(posts, np.array([2, 2]))
    {'desk': {'mon-fri 00:00-01:00': 2}}
    """
    spans: list[tuple[Post, int]] = []
    for post, number in zip(posts, clerks.tolist(), strict=True):
        before, clerks_before = spans[-1] if spans else (None, -1)
        joins = before is not None and before[:2] == post[:2] and before.ends == post.starts
        if before is not None and joins and clerks_before == number:
            spans[-1] = (before._replace(ends=post.ends), number)
        else:
            spans.append((post, number))
    rosters: dict[str, dict[str, int]] = {}
    for post, number in spans:
        key = f"{post.days} {format_hours(Hours(post.starts, post.ends))}"
        rosters.setdefault(post.group, {})[key] = number
    return rosters


class Rosters:
    """The plans of one layout with any numbers of clerks at its posts.

    Groups without posts, and windows of other places, stay as they are.

    Examples
    --------
    >>> from sim import compile_plan, example_path, load_scenario
    >>> from sim.scenario.day_kinds import day_kinds
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=1"])
    >>> posts = posts_of(scenario, scenario.layout("hall"), day_kinds(scenario))
    >>> rosters = Rosters(scenario, compile_plan(scenario, "hall"), posts)
    >>> len(rosters.plan(np.full(len(posts), 3)).names.windows)
    3
    """

    def __init__(self, scenario: Scenario, plan: Plan, posts: Sequence[Post]) -> None:
        self.posts = tuple(posts)
        self._base = plan
        self._groups = [group.id for group in scenario.layout(plan.names.layout).windows]
        self._tidal = frozenset(plan.hall.tidal_group.tolist())
        days = hall_days(scenario, compile_period(scenario))
        self._stays = [
            np.array(sorted(instants_of_staying(group, scenario.hall, days)), dtype=np.int64)
            for group in scenario.layout(plan.names.layout).windows
        ]
        rows: dict[str, list[tuple[int, int, int]]] = {}
        for n, post in enumerate(posts):
            part, weekdays = split_days(post.days)
            rows.setdefault(post.group, []).extend(
                (day.n * DAY + post.starts, day.n * DAY + post.ends, n)
                for day in days
                if day.part == part and day.weekday in weekdays
            )
        self._spans = {
            group: np.array(sorted(spans), dtype=np.int64).reshape(-1, 3)
            for group, spans in rows.items()
        }

    def plan(self, clerks: Ints) -> Plan:
        """The plan with so many clerks at each post.

        Parameters
        ----------
        clerks : ndarray(int64), shape (posts,)
            At least one window of each line must have somebody some time, as in the plan.
        """
        base, names = self._base, self._base.names
        group_of = base.hall.group_of_window
        rows: list[int] = []
        starts, ends, counts, drains = [], [], [], []
        for group in np.unique(group_of).tolist():
            windows = np.flatnonzero(group_of == group)
            duties = self._group_duties(group, windows, clerks)
            rows += [int(windows[0])] * len(duties.counts)
            counts += duties.counts
            starts.append(duties.starts)
            ends.append(duties.ends)
            drains.append(duties.drains)
        hall = base.hall._replace(
            list_of_window=base.hall.list_of_window[rows],
            group_of_window=group_of[rows],
            factor=base.hall.factor[rows],
            service_law=base.hall.service_law[rows]
            if base.hall.has_service_laws
            else base.hall.service_law,
            changeover=base.hall.changeover[rows],
            walk=base.hall.walk[rows],
            n_skills=base.hall.n_skills[rows],
            payroll=base.hall.payroll[rows],
            reviews_for=base.hall.reviews_for[rows],
            absence=base.hall.absence[rows],
            clerk_words=base.hall.clerk_words[rows],
            calls=base.hall.calls[rows],
            serves_also=base.hall.serves_also[rows]
            if base.hall.has_seconds
            else base.hall.serves_also,
            duty_offsets=offsets_of(counts),
            duty_starts=np.concatenate(starts),
            duty_ends=np.concatenate(ends),
            duty_drains=np.concatenate(drains),
        )
        return base._replace(
            hall=hall._replace(line_duty_until=self._until(hall)),
            names=_with_windows(names, rows),
        )

    def _group_duties(self, group: int, windows: Ints, clerks: Ints) -> _GroupDuties:
        """Duties of the windows of a group, one window after the other."""
        hall = self._base.hall
        spans = self._spans.get(self._groups[group]) if group < len(self._groups) else None
        if spans is None:
            first, last = hall.duty_offsets[windows[0]], hall.duty_offsets[windows[-1] + 1]
            own = slice(first, last)
            counts = np.diff(hall.duty_offsets)[windows].tolist()
            return _GroupDuties(
                hall.duty_starts[own], hall.duty_ends[own], hall.duty_drains[own], counts
            )
        starts, ends, posts = spans.T
        here = clerks[posts]
        built = max(int(here.max(initial=0)), 1)
        on = here > np.arange(built)[:, None]
        touches = starts[1:] == ends[:-1]
        begins, stops = on.copy(), on.copy()
        begins[:, 1:] &= ~(on[:, :-1] & touches)
        stops[:, :-1] &= ~(on[:, 1:] & touches)
        last = np.broadcast_to(ends, on.shape)[stops]
        drains = np.isin(last, self._stays[group])
        first = np.broadcast_to(starts, on.shape)[begins]
        return _GroupDuties(first, last, drains, begins.sum(axis=1).tolist())

    def _until(self, hall: HallPlan) -> Ints:
        """`HallPlan.line_duty_until`: the first window of a group is there longest."""
        groups = hall.group_of_window
        first = np.flatnonzero(np.diff(groups, prepend=-1))
        duties = [
            []
            if groups[window] in self._tidal
            else _pairs(hall, slice(hall.duty_offsets[window], hall.duty_offsets[window + 1]))
            for window in first.tolist()
        ]
        return line_duty_until(duties, hall.calls[first], self._base.period.n_days)

    def lines_of_posts(self) -> tuple[Ints, ...]:
        """For each half hour of the week and each line of the hall: the posts that keep it open.

        Who only helps a list does not keep it open, nor do reserve windows.
        """
        hall = self._base.hall
        number = {group: n for n, group in enumerate(self._groups)}
        own: dict[int, Bools] = {
            group: (hall.calls[hall.group_of_window == group] == OWN).any(axis=0)
            for group in np.unique(hall.group_of_window).tolist()
        }
        here = hall.place_of_list[hall.list_of_line] == HALL
        keep: dict[tuple[str, int, int], list[int]] = {}
        for n, post in enumerate(self.posts):
            for line in np.flatnonzero(own[number[post.group]] & here).tolist():
                keep.setdefault((post.days, post.starts, line), []).append(n)
        return tuple(np.array(posts) for posts in dict.fromkeys(map(tuple, keep.values())))


class _GroupDuties(NamedTuple):
    starts: Ints
    ends: Ints
    drains: Bools
    counts: list[int]
    """Duties of each window."""


def _pairs(hall: HallPlan, own: slice) -> list[tuple[int, int]]:
    return list(zip(hall.duty_starts[own].tolist(), hall.duty_ends[own].tolist(), strict=True))


def _with_windows(names: Names, rows: Sequence[int]) -> Names:
    numbers: dict[str, int] = {}
    windows: list[str] = []
    groups = tuple(names.groups[row] for row in rows)
    for group in groups:
        numbers[group] = numbers.get(group, 0) + 1
        windows.append(f"{group}-{numbers[group]}")
    return names._replace(windows=tuple(windows), groups=groups)
