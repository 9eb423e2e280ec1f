"""The journal told as events: who did what when, in which activity, and what it belongs to.

An event is one instant of the journal; an instant that the journal writes in two columns is one
event: a window is free when who was served leaves unless its clerk wraps up, an item's release is
that of its first review, its decision the end of its last review, and without an external span its
completion too. What windows and lists do by themselves, whoever comes, has traces of its own: one
a window with duties, absences and outages, one a list with outages.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np

from sim.arrays import AnyInts
from sim.plan.journal import FORWARDED, MISSED, ONLINE_LIST, PENDING, SERVED
from sim.results.columns import CASE_FATES, FATES
from sim.results.tables import Tables
from sim.results.window_spans import (
    list_outages,
    window_absences,
    window_duties,
    window_outages,
)

ACTIVITIES: Final = (
    "arrive",
    "rejoin",
    "apply_online",
    "greet",
    "take_ticket",
    "service",
    "precheck",
    "accept",
    "receive",
    "arrange",
    "papers_arrive",
    "wrap_up",
    "call",
    "changeover",
    "duty",
    "absence",
    "outage",
)
"""Activities that are no fate and no item, by code; each has a text `event.<name>`."""
ARRIVE, REJOIN, APPLY_ONLINE, GREET, TAKE_TICKET, SERVICE, PRECHECK, ACCEPT, RECEIVE = range(9)
ARRANGE, PAPERS_ARRIVE, WRAP_UP, CALL, CHANGEOVER, DUTY, ABSENCE, OUTAGE = range(9, 17)
FIRST_FATE: Final = len(ACTIVITIES)
FIRST_CASE_FATE: Final = FIRST_FATE + len(FATES)
FIRST_ITEM: Final = FIRST_CASE_FATE + len(CASE_FATES)
TRANSITIONS: Final = ("schedule", "start", "complete")
"""Steps of the standard lifecycle that a journal has an instant for."""
SCHEDULE, START, COMPLETE = range(3)
INSTANCES: Final = (
    *("ticket", "case", "review", "external", "visit", "survey"),
    *("duty", "absence", "window_outage", "list_outage"),
)
"""What an event belongs to; with the row in its table it names the activity's instance."""
TICKET, CASE, REVIEW, EXTERNAL, VISIT, SURVEY = range(6)
OF_DUTY, OF_ABSENCE, OF_WINDOW, OF_LIST = range(6, 10)
OUTCOMES: Final = (*FATES, "correction", "granted", "rejected")
"""How a ticket or a review ended; the texts are `fate.<name>` and `outcome.<name>`."""
CORRECTION, GRANTED, REFUSED = range(len(FATES), len(OUTCOMES))
CHANNELS: Final = ("hall", "online")
PURPOSES: Final = ("intake", "hand_in", "apply", "collect", "also")
"""Kinds of errand, in the order of their codes on the tape."""
NOBODY: Final = -1
"""Of a column that an event or a case has nothing to say in."""


class LogEvents(NamedTuple):
    """One row an event, in order of cases and of time; indices are -1 where there is nothing."""

    case: AnyInts
    """After the cases come the windows, then the lists, each as one more trace."""
    at: AnyInts
    """int64: ticks."""
    activity: AnyInts
    """Place among activities, fates, fates of cases, items, external spans of items."""
    transition: AnyInts
    kind: AnyInts
    """Place in INSTANCES."""
    row: AnyInts
    """Row of the ticket, case, review or item."""
    window: AnyInts
    department: AnyInts
    place: AnyInts
    """Hall or station where it happened, also of a visit from there; -1 = at a department, or
    online."""
    list_: AnyInts
    trip: AnyInts
    purpose: AnyInts
    channel: AnyInts
    round: AnyInts
    """1 for the first review of an item."""
    outcome: AnyInts


class JournalEvents:
    """The events of one replication."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def in_order(self) -> LogEvents:
        """All events, sorted by case and instant, at one instant as the story goes."""
        parts = [
            *self._of_tickets(),
            *self._of_cases(),
            *self._of_reviews(),
            *self._of_externals(),
            *self._of_visits(),
            *self._of_surveys(),
            *self._of_windows(),
        ]
        ranks = [rank for _, rank in parts]
        columns = {
            name: np.concatenate([part[name] for part, _ in parts]) for name in LogEvents._fields
        }
        order = np.lexsort((*np.concatenate(ranks, axis=1)[::-1], columns["at"], columns["case"]))
        return LogEvents(**{name: column[order] for name, column in columns.items()})

    def _part(
        self, case: AnyInts, at: AnyInts, rank: tuple[Any, Any, Any], **columns: Any
    ) -> tuple[dict[str, AnyInts], AnyInts]:
        """Events of what happened, and how they rank among others of their case and instant."""
        rows = np.flatnonzero(at >= 0)

        def filled(values: Any) -> AnyInts:
            return np.broadcast_to(np.asarray(values, dtype=np.int64), len(at))[rows]

        part = {name: filled(columns.get(name, NOBODY)) for name in LogEvents._fields}
        part.update(case=filled(case), at=filled(at))
        return part, np.stack([filled(row) for row in rank])

    def _of_tickets(self) -> Iterator[tuple[dict[str, AnyInts], AnyInts]]:
        """The door, the desk, the ticket, the window; online the application and its pre-check.

        Papers that a place sent on have the same story, but that nobody came with them.
        """
        t, n = self.tables.tickets, len(self.tables.tickets.case)
        online, rows = t.list_ == ONLINE_LIST, np.arange(n)
        first = np.ones(n, dtype=np.bool_)
        order = np.lexsort((rows, t.trip, t.case))
        first[order[1:]] = (np.diff(t.case[order]) != 0) | (np.diff(t.trip[order]) != 0)
        worked = np.isin(t.fate, (PENDING, SERVED))
        at_window = np.where(worked, SERVICE, FIRST_FATE + t.fate)
        was_called = t.called_at >= 0
        work = np.where(online, PRECHECK, at_window)
        in_person = np.where(first, ARRIVE, REJOIN)
        by_hand = np.where(self.tables.papers, PAPERS_ARRIVE, in_person)
        comes = np.where(online, APPLY_ONLINE, by_hand)
        queue = np.where(online, PRECHECK, TAKE_TICKET)
        ends = np.where(online & was_called, PRECHECK, at_window)
        common = {
            "kind": TICKET,
            "row": rows,
            "place": t.place,
            "trip": np.where(t.trip > 0, t.trip, NOBODY),
            "purpose": self.tables.tape.errands.purpose[t.errand],
            "channel": online,
        }
        desk = np.where(online, self.tables.plan.office.online_department, NOBODY)
        here = {"department": desk, "list_": np.maximum(t.list_, NOBODY)}
        with_window = {**here, "window": t.window}
        freed = self.tables.journal.free_again_at[:n]
        wrapped_up = np.where(freed > t.ended_at, freed, NOBODY)
        set_up = self._set_up_at()
        # who misses the call is never at the window; else both are one event but for a walk
        starts = np.where(t.fate == MISSED, t.called_at, t.began_at)
        calls = np.where(t.called_at == starts, NOBODY, t.called_at)
        for step, (at, activity, transition, more) in enumerate(
            (
                (t.arrived_at, comes, COMPLETE, {}),
                (t.greeted_at, GREET, COMPLETE, {}),
                (t.taken_at, queue, np.where(online, SCHEDULE, COMPLETE), here),
                (calls, CALL, COMPLETE, with_window),
                (starts, work, START, with_window),
                (set_up, CHANGEOVER, COMPLETE, with_window),
                (t.ended_at, ends, COMPLETE, {**with_window, "outcome": t.fate}),
                (wrapped_up, WRAP_UP, COMPLETE, with_window),
            )
        ):
            yield self._part(
                t.case,
                at,
                (0, rows, step),
                activity=activity,
                transition=transition,
                **common,
                **more,
            )

    def _set_up_at(self) -> AnyInts:
        """int64, shape (tickets,): the window is set up for who was called; -1 = it was already,
        or is not before the run ends."""
        tables, at = self.tables, np.full(len(self.tables.tickets.case), NOBODY)
        if tables.plan.hall.changes_over:
            rows, services = tables.called, tables.services
            set_up = services.set_up_at[: len(rows)]
            begins = services.began_at[: len(rows)]
            happens = (tables.journal.set_up[rows] > 0) & (set_up > begins)
            at[rows] = np.where(happens & (set_up < tables.plan.period.end), set_up, NOBODY)
        return at

    def _of_windows(self) -> Iterator[tuple[dict[str, AnyInts], AnyInts]]:
        """Duties, absences and outages of windows, and outages of lists, in traces of their own."""
        plan, n_cases = self.tables.plan, len(self.tables.cases.matter)
        hall, first_list = plan.hall, n_cases + len(plan.hall.payroll)
        for kind, activity, spans in (
            (OF_DUTY, DUTY, window_duties(hall)),
            (OF_ABSENCE, ABSENCE, window_absences(self.tables.roster, hall)),
            (OF_WINDOW, OUTAGE, window_outages(plan)),
            (OF_LIST, OUTAGE, list_outages(plan)),
        ):
            own_list = kind == OF_LIST
            list_ = spans.owner if own_list else hall.list_of_window[spans.owner]
            more = {"list_": list_} if own_list else {"window": spans.owner}
            for transition, at in ((START, spans.begins_at), (COMPLETE, spans.ends_at)):
                yield self._part(
                    spans.owner + (first_list if own_list else n_cases),
                    np.where(at < plan.period.end, at, NOBODY),
                    (0, -transition, activity),
                    activity=activity,
                    transition=transition,
                    kind=kind,
                    row=np.arange(len(at)),
                    place=hall.place_of_list[list_],
                    **more,
                )

    def _of_cases(self) -> Iterator[tuple[dict[str, AnyInts], AnyInts]]:
        """Acceptance, how the case ended, and its result in the applicant's hands."""
        cases = self.tables.cases
        rows = np.arange(len(cases.matter))
        common = {"kind": CASE, "row": rows, "transition": COMPLETE}
        taken_in, handed_over = self._place_of("intake"), self._place_of("collect")
        accepted, issued = cases.accepted_at, cases.issued_at
        yield self._part(rows, accepted, (1, 0, 0), activity=ACCEPT, place=taken_in, **common)
        ends = FIRST_CASE_FATE + cases.fate
        yield self._part(rows, cases.closed_at, (3, 0, 0), activity=ends, **common)
        yield self._part(rows, issued, (4, 0, 0), activity=RECEIVE, place=handed_over, **common)

    def _place_of(self, purpose: str) -> AnyInts:
        """int64, shape (C,): where a case was served for a purpose; -1 = online, or not."""
        t = self.tables.tickets
        done = (t.fate == SERVED) & (
            self.tables.tape.errands.purpose[t.errand] == PURPOSES.index(purpose)
        )
        place = np.full(len(self.tables.tape.cases.matter), NOBODY, dtype=np.int64)
        place[t.case[done]] = t.place[done]
        return place

    def _of_reviews(self) -> Iterator[tuple[dict[str, AnyInts], AnyInts]]:
        """Rounds of items; returning papers say how they were corrected."""
        tape, journal, office = self.tables.tape, self.tables.journal, self.tables.plan.office
        rows = np.flatnonzero(tape.items.application[tape.reviews.case_item] < 0)
        j = tape.reviews.case_item[rows].astype(np.int64)
        first = tape.items.review_offsets[:-1][j]
        last = rows == tape.items.review_offsets[1:][j] - 1
        decided = np.where(tape.items.rejected[j], REFUSED, GRANTED)
        common = {
            "kind": REVIEW,
            "row": rows,
            "activity": FIRST_ITEM + tape.items.item[j].astype(np.int64),
            "department": office.department[tape.items.item[j]],
            "round": rows - first + 1,
        }
        outcome = np.where(last, decided, CORRECTION)
        mended = np.where(rows > first, self._came_back()[rows], NOBODY)
        for step, (at, more) in enumerate(
            (
                (
                    journal.released_at,
                    {"channel": mended},
                ),
                (journal.started_at, {}),
                (journal.ended_review_at, {"outcome": outcome}),
            )
        ):
            rank = (2, self._after(j), 4 * rows + step)
            case = tape.items.case[j]
            yield self._part(case, at[rows], rank, transition=step, **common, **more)

    def _came_back(self) -> AnyInts:
        """int64, shape (Q,): how papers came back before each round; online but for a trip."""
        t, tape = self.tables.tickets, self.tables.tape
        in_hall = np.zeros(len(tape.errands.purpose) + 1, dtype=np.bool_)
        in_hall[t.errand[(t.trip > 0) & np.isin(t.fate, (SERVED, FORWARDED))]] = True
        before = np.concatenate([[NOBODY], tape.reviews.hand_in])[:-1]
        return np.where(in_hall[before], CHANNELS.index("hall"), CHANNELS.index("online"))

    def _of_externals(self) -> Iterator[tuple[dict[str, AnyInts], AnyInts]]:
        """Spans of outsiders, where an item has one."""
        tape, journal, names = self.tables.tape, self.tables.journal, self.tables.plan.names
        j = np.flatnonzero((tape.items.external_ticks > 0) | (tape.items.external_workdays > 0))
        activity = FIRST_ITEM + len(names.items) + tape.items.item[j].astype(np.int64)
        ends = 4 * tape.items.review_offsets[1:][j].astype(np.int64)
        for transition, column in ((START, journal.reviewed_at), (COMPLETE, journal.completed_at)):
            yield self._part(
                tape.items.case[j],
                column[j],
                (2, self._after(j), ends - 2 + transition - START),
                activity=activity,
                transition=transition,
                kind=EXTERNAL,
                row=j,
            )

    def _of_visits(self) -> Iterator[tuple[dict[str, AnyInts], AnyInts]]:
        """Further departments: when the applicant can go there, and has got the papers accepted."""
        tape, journal = self.tables.tape, self.tables.journal
        j = np.flatnonzero(tape.items.application >= 0)
        for transition, column in (
            (SCHEDULE, journal.item_released_at),
            (COMPLETE, journal.completed_at),
        ):
            yield self._part(
                tape.items.case[j],
                column[j],
                (2, self._after(j), 4 * tape.items.review_offsets[j].astype(np.int64) + transition),
                activity=FIRST_ITEM + tape.items.item[j].astype(np.int64),
                department=self.tables.plan.office.department[tape.items.item[j]],
                transition=transition,
                kind=VISIT,
                row=j,
            )

    def _of_surveys(self) -> Iterator[tuple[dict[str, AnyInts], AnyInts]]:
        """When the appointment of a joint survey is made."""
        tape, plan = self.tables.tape, self.tables.plan
        j = np.flatnonzero(plan.demand.items.attendances[tape.items.item])
        yield self._part(
            tape.items.case[j],
            self.tables.journal.item_released_at[j],
            (2, self._after(j), 4 * tape.items.review_offsets[j].astype(np.int64) - 1),
            activity=ARRANGE,
            department=plan.office.department[tape.items.item[j]],
            transition=COMPLETE,
            kind=SURVEY,
            row=j,
        )

    def _after(self, j: AnyInts) -> AnyInts:
        """Rank of items that what comes after them exceeds: the number that come before."""
        tape, office = self.tables.tape, self.tables.plan.office
        n_before = np.diff(office.after_offsets)[tape.items.item[j]]
        return n_before * (len(tape.items.item) + 1) + j
