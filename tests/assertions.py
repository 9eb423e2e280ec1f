"""What holds for every journal, whatever the scenario."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.clock import NEVER
from sim.engine.choices import service_ticks
from sim.plan import plan as codes
from sim.plan.chances import realised_plan
from sim.plan.initial import filed_before
from sim.plan.journal import (
    AT_BREAK,
    BALKED,
    BY_CLERK,
    CAUGHT,
    CUT_OFF,
    GAVE_UP,
    HELD_OVER,
    ISSUED,
    LOST,
    MISSED,
    NO_LIST,
    ONLINE_LIST,
    OPEN,
    PARTLY,
    PENDING,
    REFUSED,
    REJECTED,
    SENT_BACK,
    SERVED,
    TURNED_AWAY,
    Journal,
)
from sim.plan.plan import BackOffice, HallPlan, Plan
from sim.plan.tape import INTAKE, Tape

DONE = (SERVED, SENT_BACK, CAUGHT)
UNSERVED = (GAVE_UP, BALKED, TURNED_AWAY, CUT_OFF, REFUSED)


def assert_same_journal(expected: Journal, actual: Journal) -> None:
    """Two engines told the same, tick for tick."""
    for name, column, actual_column in zip(Journal._fields, expected, actual, strict=True):
        np.testing.assert_array_equal(actual_column, column, err_msg=name)


def assert_same_tape(expected: Tape, actual: Tape) -> None:
    """Two crowds are the same, byte for byte."""
    before, after = columns_of(expected), columns_of(actual)
    for name, column in before.items():
        np.testing.assert_array_equal(after[name], column, err_msg=name)


def columns_of(tape: Tape) -> dict[str, npt.NDArray[Any]]:
    """All columns of a tape, by table and name, such as `cases.matter`."""
    return {
        f"{table}.{name}": column
        for table, columns in tape._asdict().items()
        for name, column in columns._asdict().items()
    }


def assert_lawful(plan: Plan, tape: Tape, journal: Journal) -> None:
    """Everything that must hold for a journal."""
    plan = realised_plan(plan, tape)
    rows = _tickets(plan, tape, journal)
    for row in rows:
        assert_ticket(plan, tape, row)
        assert_freed(plan, tape, row)
    assert_windows(plan, rows, _reviews_of_clerks(tape, journal))
    assert_lines(plan, rows)
    assert_trips(tape, journal)
    assert_errands(plan, tape, rows)
    assert_reviewers(plan, tape, journal, rows)
    assert_cases(plan, tape, journal, rows)


class Ticket(NamedTuple):
    """One row of a journal with plain numbers."""

    errand: int
    case: int
    trip: int
    list_: int
    line: int
    window: int
    arrived: int
    greeted: int
    taken: int
    called: int
    ended: int
    freed: int
    fate: int

    @property
    def left_line(self) -> int:
        """When it stopped waiting; NEVER while it waits."""
        return next((at for at in (self.called, self.ended) if at >= 0), NEVER)

    @property
    def until(self) -> int:
        """When its window was free again; NEVER while it has not been."""
        return self.freed if self.freed >= 0 else NEVER


def _tickets(plan: Plan, tape: Tape, journal: Journal) -> list[Ticket]:
    rows = []
    for n in range(int(journal.n_tickets[0])):
        errand, list_ = int(journal.errand[n]), int(journal.list_[n])
        case = int(tape.errands.case[errand])
        sought, class_ = int(tape.errands.sought[errand]), int(tape.cases.class_[case])
        has_line = list_ >= 0 and journal.taken_at[n] >= 0
        line = int(plan.hall.line_of[list_, sought, class_]) if has_line else -1
        columns = (
            journal.window,
            journal.arrived_at,
            journal.greeted_at,
            journal.taken_at,
            journal.called_at,
            journal.ended_at,
            journal.free_again_at,
            journal.fate,
        )
        numbers = [int(column[n]) for column in columns]
        rows.append(Ticket(errand, case, int(journal.trip[n]), list_, line, *numbers))
    return rows


def assert_ticket(plan: Plan, tape: Tape, row: Ticket) -> None:
    """The instants of a ticket stand in order, and those that its fate demands are there."""
    stages = (row.arrived, row.greeted, row.taken, row.called, row.ended)
    happened = [at for at in stages if at >= 0]
    assert happened == sorted(happened), row
    assert all(at < plan.period.end for at in happened), row
    assert (row.ended >= 0) == (row.fate != PENDING), row
    assert (row.called >= 0) == (row.fate in {SERVED, SENT_BACK, MISSED}) or row.fate == PENDING
    if row.list_ == ONLINE_LIST:
        assert (row.trip, row.window, row.arrived) == (0, -1, row.taken), row
        assert row.fate in {SERVED, SENT_BACK, PENDING}, row
        return
    assert row.trip > 0, row
    assert (row.window >= 0) == (row.called >= 0), row
    assert (row.list_ == NO_LIST) == (row.taken < 0 and row.fate != REFUSED), row
    match row.fate:
        case f if f in {SERVED, SENT_BACK}:
            work = service_ticks(
                _work(plan, tape, row.errand, row.window), plan.hall.factor[row.window]
            )
            walk = service_ticks(int(plan.hall.walk[row.window]), float(tape.cases.pace[row.case]))
            second = int(tape.cases.also[row.case])
            brings = tape.errands.purpose[row.errand] == INTAKE and row.fate == SERVED
            if (
                second >= 0
                and brings
                and plan.hall.serves_also[
                    row.window, tape.errands.sought[second], tape.cases.class_[row.case]
                ]
            ):
                work += service_ticks(
                    _work(plan, tape, second, row.window), plan.hall.factor[row.window]
                )
                if tape.errands.sought[row.errand] != tape.errands.sought[second]:
                    work += int(plan.hall.changeover[row.window])
            spans = _while_up(plan.hall, row.list_, (row.called + walk, row.ended))
            worked = sum(until - since for since, until in spans)
            assert worked - work in {0, int(plan.hall.changeover[row.window])}, row
            assert bool(tape.errands.complete[row.errand]) == (row.fate == SERVED), row
        case f if f == MISSED:
            assert row.ended - row.called == plan.hall.missed_wait, row
        case f if f == GAVE_UP:
            assert row.ended - row.taken == int(tape.cases.patience[row.case]), row
        case f if f == BALKED:
            assert row.ended == row.taken, row
        case f if f == CAUGHT:
            assert row.greeted >= 0 > row.taken, row
            assert not tape.errands.complete[row.errand], row
        case f if f == TURNED_AWAY:
            assert row.taken < 0, row
        case f if f == REFUSED:
            assert row.taken < 0 <= row.list_, row
            assert plan.hall.has_quota, row
        case f if f == AT_BREAK:
            assert row.ended in plan.hall.break_begins or row.ended == row.taken, row
        case f if f in {CUT_OFF, HELD_OVER}:
            assert row.ended in plan.hall.day_closes, row


def _work(plan: Plan, tape: Tape, errand: int, window: int) -> int:
    """Ticks of an errand at a window: by the law of its group, where it has one for the matter."""
    hall, of_groups = plan.hall, tape.group_services
    if hall.has_service_laws:
        law = int(hall.service_law[window, tape.errands.sought[errand]])
        if law >= 0 and of_groups.first[errand] >= 0:
            return int(of_groups.ticks[of_groups.first[errand] + law])
    return int(tape.errands.service[errand])


def assert_freed(plan: Plan, tape: Tape, row: Ticket) -> None:
    """A window is free when its visitor leaves, or when it has wrapped up what was handed in."""
    if row.window < 0 or row.ended < 0:
        assert row.freed < 0, row
        return
    wrap_up = tape.errands.wrap_up[row.errand] if row.fate == SERVED else 0
    freed = row.ended + service_ticks(int(wrap_up), plan.hall.factor[row.window])
    assert row.freed == (freed if freed < plan.period.end else -1), row


def _reviews_of_clerks(tape: Tape, journal: Journal) -> list[tuple[int, int, int]]:
    """Window, start and end of the reviews that clerks do, each of its own length."""
    reviews = []
    for q in np.flatnonzero(journal.reviewer <= BY_CLERK).tolist():
        started, ended = int(journal.started_at[q]), int(journal.ended_review_at[q])
        assert ended < 0 or ended - started == tape.reviews.touch[q]
        window = BY_CLERK - int(journal.reviewer[q])
        reviews.append((window, started, ended if ended >= 0 else NEVER))
    return reviews


def assert_windows(
    plan: Plan, rows: Sequence[Ticket], reviews: Sequence[tuple[int, int, int]]
) -> None:
    """A window serves one person at a time; a group calls on duty, and never idles by a queue."""
    hall = plan.hall
    visits: dict[int, list[tuple[int, int]]] = {}
    for row in rows:
        if row.window >= 0:
            visits.setdefault(row.window, []).append((row.called, row.until))
    for window, started, until in reviews:
        assert hall.reviews_for[window] >= 0
        visits.setdefault(window, []).append((started, until))
    for window_visits in visits.values():
        for earlier, later in pairwise(sorted(window_visits)):
            assert earlier[1] <= later[0], (earlier, later)
    # where a clerk of a pool or a reserve window is at an instant, the journal does not say
    elsewhere = {*hall.tidal_group.tolist(), *hall.tidal_pool.tolist()}
    for group in {int(group) for group in hall.group_of_window} - elsewhere:
        windows = [w for w, its in enumerate(hall.group_of_window) if its == group]
        duties = [
            (int(hall.duty_starts[d]), int(hall.duty_ends[d]))
            for w in windows
            for d in range(int(hall.duty_offsets[w]), int(hall.duty_offsets[w + 1]))
        ]
        busy = [visit for window in windows for visit in visits.get(window, [])]
        for free in _free(duties, busy, plan.period.end):
            _assert_nobody_waits(plan, rows, windows[0], free)


def _free(
    duties: Iterable[tuple[int, int]], visits: Iterable[tuple[int, int]], end: int
) -> list[tuple[int, int]]:
    """Intervals in which a group has more clerks on duty than visits."""
    steps: dict[int, int] = {}
    for start, stop in duties:
        steps[start] = steps.get(start, 0) + 1
        steps[stop] = steps.get(stop, 0) - 1
    for called, ended in visits:
        steps[called] = steps.get(called, 0) - 1
        steps[ended] = steps.get(ended, 0) + 1
    intervals, level = [], 0
    for at, until in pairwise([*sorted(steps), end]):
        level += steps[at]
        if level > 0 and at < min(until, end):
            intervals.append((at, min(until, end)))
    return intervals


def _assert_nobody_waits(
    plan: Plan, rows: Sequence[Ticket], window: int, free: tuple[int, int]
) -> None:
    """No ticket that the window may call waits while it is free."""
    hall = plan.hall
    for row in rows:
        if row.line < 0:
            continue
        kind = int(hall.calls[window, row.line])
        if kind == codes.NOT_CALLED:
            continue
        patient = kind == codes.HELPED and hall.calling == codes.OWN_FIRST
        since = row.taken + hall.help_after * patient
        for begins, ends in _while_up(hall, row.list_, free):
            if row.fate == BALKED:  # nobody turns round who would be called in that instant
                assert since > row.taken or not begins <= row.taken < ends, (window, free, row)
            assert min(row.left_line, ends) <= max(since, begins), (window, free, row)


def _while_up(hall: HallPlan, list_: int, span: tuple[int, int]) -> list[tuple[int, int]]:
    """The parts of a span in which the systems work that a list needs."""
    calendar = int(hall.up_of_list[list_])
    if calendar < 0:
        return [span]
    rows = slice(hall.up_offsets[calendar], hall.up_offsets[calendar + 1])
    spans = zip(hall.up_starts[rows].tolist(), hall.up_ends[rows].tolist(), strict=True)
    parts = [(max(up, span[0]), min(down, span[1])) for up, down in spans]
    return [(begins, ends) for begins, ends in parts if begins < ends]


def assert_lines(plan: Plan, rows: Sequence[Ticket]) -> None:
    """Inside a line nobody is called before who took a ticket earlier and still waits.

    But for who comes again on the same day with a ticket of before, or is sent on with its place.
    """
    if plan.hall.keeps_fetching or plan.hall.keeps_unserved:
        return
    served = {(row.case, row.trip, row.freed) for row in rows if row.freed >= 0}
    for line in range(len(plan.hall.list_of_line)):
        inside = [row for row in rows if row.line == line and row.fate != BALKED]
        for row in inside:
            is_sent_on = plan.hall.keeps_place and (row.case, row.trip, row.arrived) in served
            if row.called >= 0 and not is_sent_on:
                earlier = [ticket for ticket in inside if ticket.taken < row.taken]
                assert all(ticket.left_line <= row.called for ticket in earlier), row


def assert_trips(tape: Tape, journal: Journal) -> None:
    """Rows of a case stand in order of coming, and its trips count up from 1.

    `Tables` takes the trip of a case's last row for the number of its trips.
    """
    by_case: dict[int, list[tuple[int, int]]] = {}
    for n in range(int(journal.n_tickets[0])):
        if journal.trip[n] > 0:
            coming = (int(journal.trip[n]), int(journal.arrived_at[n]))
            by_case.setdefault(int(tape.errands.case[journal.errand[n]]), []).append(coming)
    for comings in by_case.values():
        trips = [trip for trip, _ in comings]
        assert set(trips) == set(range(1, trips[-1] + 1)), comings
        assert comings == sorted(comings), comings


def assert_errands(plan: Plan, tape: Tape, rows: Sequence[Ticket]) -> None:
    """Every errand is done once at most, after as many tries as are allowed."""
    returns = plan.hall.returns_at_most
    by_errand: dict[int, list[Ticket]] = {}
    for row in rows:
        by_errand.setdefault(row.errand, []).append(row)
    for tickets in by_errand.values():
        fates = [row.fate for row in tickets]
        assert sum(fate in DONE for fate in fates) <= 1, tickets
        assert all(fate not in DONE for fate in fates[:-1]), tickets
        assert sum(fate in UNSERVED for fate in fates) <= returns + 1, tickets
        assert fates.count(MISSED) <= int(tape.errands.missed[tickets[0].errand]), tickets


def assert_reviewers(plan: Plan, tape: Tape, journal: Journal, rows: Sequence[Ticket]) -> None:
    """A department never works on more jobs than it has reviewers, and works when it is open."""
    office = plan.office
    jobs: dict[int, list[tuple[int, int, int, list[int]]]] = {}
    surveys: dict[int, list[tuple[int, int, int]]] = {}
    for q, j in enumerate(tape.reviews.case_item):
        touch, started = int(tape.reviews.touch[q]), int(journal.started_at[q])
        ended = int(journal.ended_review_at[q])
        assert journal.released_at[q] <= started or started < 0
        if touch > 0 and started >= 0 and tape.reviews.attends[q] >= 0:
            assert ended < 0 or ended - started == touch
            survey = office.survey[office.survey_offsets[tape.items.item[j]] :][
                : _attend(plan, tape, j)
            ]
            for department in survey.tolist():
                surveys.setdefault(department, []).append((started, ended, touch))
        elif len(journal.reviewer) and journal.reviewer[q] <= BY_CLERK:
            continue
        elif touch > 0 and started >= 0:
            department = int(office.department[tape.items.item[j]])
            number = int(journal.reviewer[q]) if len(journal.reviewer) else -1
            hours = _reviewer_hours(office, department, number)
            jobs.setdefault(department, []).append((started, ended, touch, hours))
        elif ended >= 0:
            assert (touch, started) == (0, ended)
    for row in rows:
        touch = int(tape.errands.precheck[row.errand])
        if row.list_ == ONLINE_LIST and row.called >= 0 and touch > 0:
            hours = _reviewer_hours(office, office.online_department, -1)
            span = (row.called, row.ended, touch, hours)
            jobs.setdefault(office.online_department, []).append(span)
    for department in {*jobs, *surveys}:
        spans = jobs.get(department, [])
        steps = sorted(
            step
            for started, ended, *_ in (*spans, *surveys.get(department, ()))
            for step in ((started, 1), (ended if ended >= 0 else NEVER, -1))
        )
        busy = np.cumsum([change for _, change in steps])
        assert busy.max() <= office.reviewers[department]
        for started, ended, touch, hours in spans:
            fits = [_is_open_work(office, department, row, started, ended, touch) for row in hours]
            assert any(fits), (department, started, ended, touch)


def _attend(plan: Plan, tape: Tape, j: int) -> int:
    """How many departments come to the survey of an item."""
    return int(plan.demand.items.attendances[tape.items.item[j]])


def _reviewer_hours(office: BackOffice, department: int, number: int) -> list[int]:
    """Calendars by which a job may have been done: its reviewer's, or any if that is not told."""
    first, last = office.rostered_offsets[department : department + 2].tolist()
    if number >= 0:
        assert number < last - first
        return [int(office.rostered_calendar[first + number])]
    rostered: list[int] = office.rostered_calendar[first:last].tolist()
    return rostered or [int(office.calendar[department])]


def _is_open_work(
    office: BackOffice, department: int, calendar: int, started: int, ended: int, touch: int
) -> bool:
    """Whether work begins in hours of a calendar and takes exactly its touch time of them."""
    first, last = office.open_offsets[calendar : calendar + 2].tolist()
    starts, ends = office.open_starts[first:last], office.open_ends[first:last]
    if not ((starts <= started) & (started < ends)).any():
        return False
    if ended < 0:
        return True
    if office.finishes[department]:
        return ended - started == touch
    worked = np.minimum(ends, ended) - np.maximum(starts, started)
    return int(np.maximum(worked, 0).sum()) == touch


def assert_cases(plan: Plan, tape: Tape, journal: Journal, rows: Sequence[Ticket]) -> None:
    """Cases are accepted with complete papers, keep the order of items, and end as items ended."""
    n = len(tape.cases.matter)
    complete = {
        r.case: r.ended for r in rows if r.fate == SERVED and tape.errands.purpose[r.errand] == 0
    }
    in_hand = filed_before(plan.demand, tape.cases.flow).tolist()
    assert complete.keys().isdisjoint(in_hand)
    complete |= dict.fromkeys(in_hand, 0)  # from the first instant on, and nobody brings them
    for case in range(n):
        accepted, closed = int(journal.accepted_at[case]), int(journal.closed_at[case])
        fate = int(journal.case_fate[case])
        assert complete.get(case, -1) == accepted
        assert (closed < 0) == (fate == OPEN)
        assert fate in {LOST, OPEN} or accepted >= 0
        assert closed < 0 or closed >= accepted
        issued = int(journal.issued_at[case])
        assert issued < 0 or (fate in {ISSUED, PARTLY} and issued >= closed)
        items = range(int(tape.cases.item_offsets[case]), int(tape.cases.item_offsets[case + 1]))
        done = [int(journal.completed_at[j]) for j in items]
        refused = [
            bool(tape.items.rejected[j]) for j, at in zip(items, done, strict=True) if at >= 0
        ]
        match fate:
            case f if f == ISSUED:
                assert all(at >= 0 for at in done)
                assert not any(refused)
                assert max(done, default=accepted) == closed
            case f if f == REJECTED:
                assert any(refused)
            case f if f == PARTLY:
                assert any(refused) and not all(refused)  # noqa: PT018 one statement
                assert not plan.office.stops[tape.cases.matter[case]]
        _assert_order_of_items(plan, tape, journal, items)


def _assert_order_of_items(plan: Plan, tape: Tape, journal: Journal, items: range) -> None:
    office, here = plan.office, {int(tape.items.item[j]): j for j in items}
    for item, j in here.items():
        released, completed = int(journal.item_released_at[j]), int(journal.completed_at[j])
        reviewed = int(journal.reviewed_at[j])
        assert completed < 0 or released <= reviewed <= completed
        before = office.after[office.after_offsets[item] : office.after_offsets[item + 1]]
        for predecessor in (here[int(b)] for b in before if int(b) in here):
            ready = int(journal.completed_at[predecessor])
            assert released < 0 or 0 <= ready <= released
            assert released < 0 or not tape.items.rejected[predecessor]
