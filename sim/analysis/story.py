"""The story of one case: where it was from its first coming to its end; plain data."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from sim.clock import DAY
from sim.plan.journal import BY_CLERK, ONLINE_LIST, SERVED
from sim.results.columns import CASE_FATES
from sim.results.tables import Tables

NO_REVIEW: Final = -1
"""Where a check online has none."""


class Stretch(NamedTuple):
    """A piece of time of one row of a case's timeline; ticks."""

    cause: str
    start: int
    end: int


class ItemStory(NamedTuple):
    """What happened to one item of a case."""

    item: str
    """Id, within its matter."""
    stretches: tuple[Stretch, ...]
    last: bool
    """Whether the case waited for it."""


class CaseStory(NamedTuple):
    """All that a timeline of a case shows; instants are ticks from the start of the run.

    Attributes
    ----------
    case : int
        Its number in its crowd.
    matter, layout : str
        Ids.
    start_ordinal : int
        Day of the calendar on which the run starts, as `date.toordinal`.
    days_off : tuple of int
        Days of the run, from 0, that no limit counts, from the first coming to the run's end.
    hall : tuple of Stretch
        At the door, in lists, at windows, and away between trips.
    items : tuple of ItemStory
        In the order in which they could begin; those of visits are in the hall's row.
    trips : tuple of (int, int)
        Number of each trip and when it began.
    accepted_at, closed_at : int
        -1 = never.
    fate : str
        As in `CASE_FATES`.
    """

    case: int
    matter: str
    layout: str
    start_ordinal: int
    days_off: tuple[int, ...]
    hall: tuple[Stretch, ...]
    items: tuple[ItemStory, ...]
    trips: tuple[tuple[int, int], ...]
    accepted_at: int
    closed_at: int
    fate: str

    @property
    def reach(self) -> tuple[float, float]:
        """Days of the run in which all of it lies: where it begins, and where it ends."""
        stretches = [*self.hall, *(stretch for item in self.items for stretch in item.stretches)]
        start = min((stretch.start for stretch in stretches), default=0)
        return start / DAY, max((stretch.end for stretch in stretches), default=DAY) / DAY


def story_of(tables: Tables, case: int) -> CaseStory:
    """What happened to one case.

    Examples
    --------
    >>> from sim import compile_plan, draw_tape, example_path, load_scenario, run
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=1"])
    >>> plan = compile_plan(scenario, "hall")
    >>> tape = draw_tape(plan.demand, seed=1, replication=0)
    >>> story = story_of(Tables(plan, tape, run(plan, tape)), 7)
    >>> [stretch.cause for stretch in story.hall][-1], len(story.trips), story.items
    ('at_window', 1, ())
    """
    names, cases, t = tables.plan.names, tables.cases, tables.tickets
    first, until = tables.tape.cases.item_offsets[case], tables.tape.cases.item_offsets[case + 1]
    released, done = tables.journal.item_released_at, tables.journal.completed_at
    items = [
        ItemStory(
            names.items[int(tables.tape.items.item[j])].rpartition(".")[2],
            tuple(item_stretches(tables, j)),
            j == int(cases.last_item[case]) and bool(cases.closed_at[case] >= 0),
        )
        for j in sorted(range(int(first), int(until)), key=lambda j: (released[j], done[j]))
        if released[j] >= 0 and tables.tape.items.application[j] < 0
    ]
    rows = np.flatnonzero((t.case == case) & (t.trip > 0))
    trips, place = np.unique(t.trip[rows], return_index=True)
    starts = t.arrived_at[rows[place]]
    hall = hall_stretches(tables, case)
    begins = 0 if cases.initial[case] else int(cases.arrived_at[case])
    days = np.arange(begins // DAY - 1, tables.plan.period.end // DAY + 2)
    days_off = days[~np.isin(days, tables.plan.office.workdays)]
    return CaseStory(
        case,
        names.matters[int(cases.matter[case])],
        names.layout,
        int(tables.plan.period.start_ordinal),
        tuple(days_off.tolist()),
        tuple(hall),
        tuple(items),
        tuple(zip(trips.tolist(), starts.tolist(), strict=True)),
        int(cases.accepted_at[case]),
        int(cases.closed_at[case]),
        CASE_FATES[int(cases.fate[case])],
    )


def hall_stretches(tables: Tables, case: int) -> list[Stretch]:
    """A case at the door, in the lists and at the windows, and away between trips."""
    t, end, out = tables.tickets, tables.plan.period.end, list[Stretch]()
    desk, away_since = tables.plan.office.online_department, -1
    for row in np.flatnonzero(t.case == case):
        arrived, taken, called, ended = (
            int(column[row]) for column in (t.arrived_at, t.taken_at, t.called_at, t.ended_at)
        )
        goes = np.flatnonzero(tables.tape.items.application == t.errand[row])
        if len(goes):  # to one more department, once the results of the one before are there
            away_since = max(away_since, int(tables.journal.item_released_at[goes[0]]))
        papers = bool(tables.papers[row])
        if away_since >= 0:
            out.append(Stretch("handover" if papers else "applicant", away_since, arrived))
        left, over = called if called >= 0 else _or(ended, end), _or(ended, end)
        if int(t.list_[row]) == ONLINE_LIST:
            out += _office_hours(tables, desk, "reviewer_wait", taken, left)
            if called >= 0:
                out += _review_hours(tables, desk, NO_REVIEW, called, over)
        else:
            door = "handover" if papers else "reception"
            out.append(Stretch(door, arrived, taken if taken >= 0 else over))
            out.append(Stretch("window_wait", taken, left))
            out.append(Stretch("at_window", called, over))
        # who was served is waited for by nobody until a reviewer asks: the item's row says when
        away_since = ended if t.fate[row] != SERVED else -1
    return [stretch for stretch in out if 0 <= stretch.start < stretch.end]


def item_stretches(tables: Tables, item: int) -> list[Stretch]:
    """One item of a case: waiting, reviewed, closed, with the applicant, external."""
    tape, journal, end = tables.tape, tables.journal, tables.plan.period.end
    department = int(tables.plan.office.department[tape.items.item[item]])
    out: list[Stretch] = []
    back = -1
    for review in range(
        int(tape.items.review_offsets[item]), int(tape.items.review_offsets[item + 1])
    ):
        released = int(journal.released_at[review])
        if released < 0:
            break
        if back >= 0:
            out.append(Stretch("applicant", back, released))
        started, ended = int(journal.started_at[review]), int(journal.ended_review_at[review])
        out += _office_hours(tables, department, "reviewer_wait", released, _or(started, end))
        if started >= 0:
            out += _review_hours(tables, department, review, started, _or(ended, end))
        back = ended
    reviewed, done = int(journal.reviewed_at[item]), int(journal.completed_at[item])
    if reviewed >= 0:
        out.append(Stretch("external", reviewed, _or(done, end)))
    return [stretch for stretch in out if stretch.start < stretch.end]


def _or(instant: int, otherwise: int) -> int:
    return instant if instant >= 0 else otherwise


def _office_hours(
    tables: Tables, department: int, cause: str, start: int, end: int
) -> list[Stretch]:
    """A span cut where the department opens and closes; what is closed is nobody's work."""
    return _cut(tables, int(tables.plan.office.calendar[department]), cause, start, end)


def _review_hours(
    tables: Tables, department: int, review: int, start: int, end: int
) -> list[Stretch]:
    """A review cut where its reviewer comes on and goes off duty, unless it is finished then.

    A check online is cut by the hours of the department, as nobody writes down who does it.
    """
    office, cause = tables.plan.office, "review"
    reviewers = tables.journal.reviewer
    by_clerk = review != NO_REVIEW and len(reviewers) > 0 and reviewers[review] <= BY_CLERK
    if office.finishes[department] or by_clerk:
        return [Stretch(cause, start, end)]
    row = int(office.calendar[department])
    if review != NO_REVIEW and len(reviewers) and reviewers[review] >= 0:
        row = int(office.rostered_calendar[office.rostered_offsets[department] + reviewers[review]])
    return _cut(tables, row, cause, start, end)


def _cut(tables: Tables, row: int, cause: str, start: int, end: int) -> list[Stretch]:
    """A span cut where a calendar opens and closes."""
    office = tables.plan.office
    span = slice(office.open_offsets[row], office.open_offsets[row + 1])
    out, now = [], start
    for opens, closes in zip(office.open_starts[span], office.open_ends[span], strict=True):
        if closes <= start or opens >= end:
            continue
        begin, stop = max(int(opens), start), min(int(closes), end)
        out += [Stretch("closed", now, begin), Stretch(cause, begin, stop)]
        now = stop
    return [*out, Stretch("closed", now, end)]
