"""The state of the fast engine before anything has happened: how large it is, and what it holds.

Arrays are sized ahead from plan and tape; those that are only read after they were written are
left unset, so unused room costs no memory. Letters as in `plan.py` and `tape.py`; `T` rows of the
journal.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Bools, Ints
from sim.clock import NEVER
from sim.engine.bits import WORD, word_of
from sim.engine.counters import Aftermath, Counters, blank_record
from sim.engine.instant import CLOSE, END, SHIFT
from sim.engine.orders import CARRIED
from sim.engine.room import Room
from sim.engine.state import (
    CaseState,
    Doors,
    Errands,
    Events,
    Lines,
    Lists,
    Queues,
    Reserves,
    State,
    Windows,
)
from sim.plan.initial import filed_before
from sim.plan.journal import Journal
from sim.plan.plan import (
    ALTERNATION,
    HELPED,
    LONGEST_IDLE,
    NOT_CALLED,
    OWN,
    OWN_FIRST,
    TICKET_KEPT,
    BackOffice,
    HallPlan,
    Plan,
)
from sim.plan.tape import APPLY, Tape


def blank_state(plan: Plan, tape: Tape, journal: Journal, room: Room) -> State:
    """The state before anybody has come; what grows with the crowd is taken from `room`."""
    hall, n_rows = plan.hall, len(journal.errand)
    n_windows, n_events = len(hall.factor), len(plan.office.reviewers) + len(hall.factor)
    n_events += (
        len(tape.cases.matter)
        + 2 * len(tape.errands.purpose)
        + len(tape.items.item)
        + len(tape.reviews.touch)
        + 2 * n_rows
        + 2
    )
    n_events += len(hall.tidal_group) * (n_rows + 2) + n_rows * hall.may_balk
    n_groups = int(hall.group_of_window[-1]) + 1 if n_windows else 0
    n_places = len(hall.day_closes)
    first_line, last_line = _lines_of_places(hall)
    longs, bytes_ = np.int64, np.int8
    return State(
        Events(
            _times(n_events, room),
            room.empty(n_events, longs),
            *_fixed_events(hall, filed_before(plan.demand, tape.cases.flow)),
        ),
        _errands(tape, room),
        _lines(hall, journal, room),
        _lists(hall),
        Windows(
            *_masks(hall),
            on_duty=np.zeros(n_windows, bytes_),
            busy=np.zeros(n_windows, bytes_),
            served=np.zeros(n_windows, longs),
            called=np.zeros(_words(len(hall.list_of_line)), longs),
            own_calls=np.zeros(n_windows, longs),
            answers=np.zeros(n_windows, bytes_),
            wraps_up=np.zeros(n_windows, bytes_),
            last_matter=np.full(n_windows, -1, longs),
            reviewing=np.full(n_windows, -1, longs),
            turn=np.zeros(n_windows, longs),
            idle=np.zeros(n_windows, longs),
            first_idle=_windows_before(hall),
            n_idle=np.zeros(n_places, longs),
            idles_at=np.zeros(_words(n_places), longs),
            first_line=first_line,
            last_line=last_line,
            shifts=np.zeros(n_windows, longs),
            list_of_window=hall.list_of_window,
            calls=hall.calls,
            group_of_window=hall.group_of_window,
            members=np.searchsorted(hall.group_of_window, np.arange(n_groups + 1)),
            leaving=np.zeros(n_groups, longs),
            staying=np.zeros(n_groups, longs),
            place_of_group=_places_of_groups(hall, n_groups),
            inside=np.zeros(n_places, longs),
            stays=np.zeros(n_places, longs),
            n_skills=hall.n_skills,
            longest_idle=hall.idle == LONGEST_IDLE,
        ),
        _reserves(hall, n_groups),
        CaseState(
            went_online=room.full(len(tape.cases.matter), 0, bytes_),
            trips=room.full(len(tape.cases.matter), 0, np.int32),
            in_hand=room.full(len(tape.cases.matter), 0, np.int32),
            outcome=room.full(len(tape.cases.matter), 0, bytes_),
            waits_for=room.empty(len(tape.items.item), np.int32),
            absent=room.empty(len(tape.attendances.review), np.int32),
            starts=np.zeros(len(plan.office.department) + 1, longs),
            leaving=room.empty(n_rows, np.int32),
            held=room.empty(
                n_rows if hall.keeps_overnight or (hall.break_rule == TICKET_KEPT).any() else 0,
                np.int32,
            ),
            fresh=room.empty(n_rows, np.int32),
            looks=room.empty(n_rows if hall.may_balk else 0, np.int32),
        ),
        _queues(plan.office, tape, room),
        Doors(
            n_days=hall.day_closes.shape[1],
            offsets=hall.ticket_offsets,
            opens=hall.ticket_opens,
            closes=hall.ticket_closes,
            courier_offsets=hall.courier_offsets,
            courier_leaves=hall.courier_leaves,
            courier_arrives=hall.courier_arrives,
            onward=hall.onward,
        ),
        blank_record(Counters, desk_first=-1, desk_last=-1),
        blank_record(Aftermath, errand=-1, reviewed=-1, completed=-1, accepts=-1),
    )


def _times(n: int, room: Room) -> Ints:
    """Instants of so many pending events; there are none yet, the front is free."""
    times = room.empty(n, np.int64)
    times[0] = NEVER
    return times


def _errands(tape: Tape, room: Room) -> Errands:
    n = len(tape.errands.purpose)
    review_of = room.full(n, -1, np.int32)
    trips = np.flatnonzero(tape.reviews.hand_in >= 0)
    review_of[tape.reviews.hand_in[trips]] = trips
    visits = np.flatnonzero(tape.items.application >= 0)
    if len(visits):  # the review before the one that each try of a visit lets begin
        tries = np.flatnonzero(tape.errands.purpose == APPLY)
        visit = visits[np.searchsorted(tape.items.application[visits], tries, side="right") - 1]
        review_of[tries] = tape.items.review_offsets[visit] - 1
    return Errands(
        stage=room.full(n, 0, np.int8),
        row=room.full(n, 0, np.int32),
        comes=room.full(n, 0, np.int8),
        was_called=room.full(n, 0, np.int8),
        behind=room.empty(n, np.int32),
        review_of=review_of,
    )


def _lines(hall: HallPlan, journal: Journal, room: Room) -> Lines:
    n_rows, n_lines = len(journal.errand), len(hall.list_of_line)
    n_places = len(hall.day_closes)
    return Lines(
        line=room.empty(n_rows, np.int32),
        number=room.empty(n_rows, np.int32),
        next_=room.empty(n_rows, np.int32),
        waits=room.full(n_rows, 0, np.int8),
        taken_at=room.empty(n_rows, np.int64) if hall.has_seconds else journal.taken_at,
        first=np.full(n_lines, -1, np.int64),
        last=np.full(n_lines, -1, np.int64),
        waiting_in=np.zeros(n_lines, np.int64),
        first_of_list=np.searchsorted(hall.list_of_line, np.arange(len(hall.mean_service) + 1)),
        queued=np.zeros(_words(n_lines), np.int64),
        place_of_line=hall.place_of_list[hall.list_of_line],
        waiting_at=np.zeros(n_places, np.int64),
        waits_at=np.zeros(_words(n_places), np.int64),
        newcomers=np.zeros(len(hall.mean_service), np.int64),
        class_of_line=hall.class_of_line,
        list_of_line=hall.list_of_line,
        priority=hall.priority,
        weight=hall.weight,
        calling=hall.calling,
        ageing=hall.ageing,
    )


def _windows_before(hall: HallPlan) -> Ints:
    """int64, shape (P + 1,): windows of the places before each."""
    place = hall.place_of_list[hall.list_of_window]
    return np.concatenate([[0], np.cumsum(np.bincount(place, minlength=len(hall.day_closes)))])


def _lines_of_places(hall: HallPlan) -> tuple[Ints, Ints]:
    """int64, shape (P,): where the lines of each place start and end."""
    place, lines = hall.place_of_list[hall.list_of_line], np.arange(len(hall.list_of_line))
    starts, ends = np.full(len(hall.day_closes), len(lines)), np.zeros(len(hall.day_closes), int)
    np.minimum.at(starts, place, lines)
    np.maximum.at(ends, place, lines + 1)
    return starts, ends


def _places_of_groups(hall: HallPlan, n_groups: int) -> Ints:
    places = np.zeros(n_groups, np.int64)
    places[hall.group_of_window] = hall.place_of_list[hall.list_of_window]
    return places


def _reserves(hall: HallPlan, n_groups: int) -> Reserves:
    n = len(hall.tidal_group)
    tidal_of = np.full(n_groups, -1, np.int64)
    tidal_of[hall.tidal_group] = np.arange(n)
    after_of_list = np.full(len(hall.mean_service), NEVER, np.int64)
    after_of_list[hall.tidal_list] = hall.tidal_opens_after
    return Reserves(
        tidal_of=tidal_of,
        group=hall.tidal_group,
        list_=hall.tidal_list,
        pool=hall.tidal_pool,
        opens_at=hall.tidal_opens_at,
        opens_after=hall.tidal_opens_after,
        closes_at=hall.tidal_closes_at,
        setup=hall.tidal_setup,
        keep=hall.tidal_keep,
        spare=np.zeros(n, np.int64),
        lent=np.zeros(n, np.int64),
        coming_at=np.full(n, -1, np.int64),
        is_tidal=(tidal_of >= 0).astype(np.int8),
        after_of_list=after_of_list,
    )


def _lists(hall: HallPlan) -> Lists:
    n_lists = len(hall.mean_service)
    list_, matter, class_ = np.nonzero(hall.line_of >= 0)
    shape = len(hall.day_closes), *hall.line_of.shape[1:]
    who = np.ravel_multi_index((hall.place_of_list[list_], matter, class_), shape)
    counts = np.bincount(who, minlength=int(np.prod(shape)))
    return Lists(
        is_down=np.zeros(n_lists, np.int8),
        accept_offsets=np.concatenate([[0], np.cumsum(counts)]),
        accepted_by=hall.line_of[list_, matter, class_][np.argsort(who, kind="stable")],
        n_classes=hall.line_of.shape[2],
        n_matters=hall.line_of.shape[1],
        list_of_line=hall.list_of_line,
        line_duty_until=hall.line_duty_until,
        on_duty_for=np.zeros(len(hall.list_of_line), np.int64),
        break_ends_at=np.full(n_lists, -1, np.int64),
        is_helped=((hall.calls == HELPED).any(axis=0) & (hall.calling == OWN_FIRST)).astype(
            np.int8
        ),
        given=np.zeros(n_lists, np.int64),
        given_in=np.full(n_lists, -1, np.int64),
        refuses=np.zeros(n_lists, np.int8),
        waiting=np.zeros(n_lists, np.int64),
        busy_in=np.zeros(n_lists, np.int64),
        on_duty_in=np.zeros(n_lists, np.int64),
        mean_service=hall.mean_service,
        route_shares=hall.route_shares,
        routing=hall.routing,
    )


def _queues(office: BackOffice, tape: Tape, room: Room) -> Queues:
    """Queues with room for every job a department can ever have."""
    n = len(office.reviewers)
    reviews = np.bincount(tape.items.item[tape.reviews.case_item], minlength=len(office.department))
    jobs = np.zeros(n, np.int64)
    np.add.at(jobs, office.department, reviews)
    surveys = reviews.repeat(np.diff(office.survey_offsets))
    np.add.at(jobs, office.survey, surveys)
    if office.online_department >= 0:
        jobs[office.online_department] += len(tape.errands.purpose)
    return Queues(
        free=office.reviewers.copy(),
        wanted=np.zeros(n, np.int64),
        is_wanted=np.zeros(n, np.int8),
        wakes_at=np.full(n, -1, np.int64),
        openings=np.zeros(n, np.int64),
        rostered_jobs=np.full(len(office.rostered_calendar), -1, np.int64),
        rostered_rows=np.zeros(len(office.rostered_calendar), np.int64),
        offsets=np.concatenate([[0], np.cumsum(jobs)]).astype(np.int64),
        lengths=np.zeros(n, np.int64),
        keys=room.empty(int(jobs.sum()), np.int64),
        jobs=room.empty(int(jobs.sum()), np.int64),
    )


def _fixed_events(hall: HallPlan, in_hand: Ints) -> tuple[Ints, Ints]:
    """Open cases that departments begin with, shifts of windows and desk, closings and turns of
    breaks, in the order of time."""
    n_windows, n_places = len(hall.factor), len(hall.at_home)
    window = np.repeat(np.arange(n_windows), np.diff(hall.duty_offsets))
    place, day = np.nonzero(hall.day_closes >= 0)
    closes = hall.day_closes[place, day]
    desk = np.full(len(hall.reception_times), SHIFT + n_windows)
    begins = n_places * (1 + 2 * np.arange(len(hall.break_place))) + hall.break_place
    breaks = hall.break_begins, hall.break_ends
    changes, calendar = changes_of_systems(hall)
    systems = SHIFT + n_windows + 1 + len(hall.tidal_group) + calendar
    shifts = hall.duty_starts, hall.duty_ends, hall.reception_times, changes
    times = np.concatenate([*shifts, closes, *breaks, np.zeros_like(in_hand)])
    turns = CLOSE + begins, CLOSE + begins + n_places
    turns_of_duty = SHIFT + window, SHIFT + window, desk, systems
    orders = np.concatenate([*turns_of_duty, CLOSE + place, *turns, END + CARRIED + in_hand])
    order = np.lexsort((orders, times))
    return times[order].astype(np.int64), orders[order].astype(np.int64)


def changes_of_systems(hall: HallPlan) -> tuple[Ints, Ints]:
    """Instants at which systems fail or work again, and the calendar of each."""
    calendar = np.repeat(np.arange(len(hall.up_offsets) - 1), np.diff(hall.up_offsets))
    first = hall.up_offsets[:-1]
    down_first = first[hall.up_starts[first] > 0] if len(first) else first
    times = np.concatenate([hall.up_starts, hall.up_ends, np.zeros(len(down_first), np.int64)])
    owner = np.concatenate([calendar, calendar, calendar[down_first]])
    happens = (times < NEVER) & ((times > 0) | (np.arange(len(times)) >= 2 * len(calendar)))
    return times[happens], owner[happens]


def _words(n_bits: int) -> int:
    return max(word_of(n_bits + WORD - 1), 1)


def _masks(hall: HallPlan) -> tuple[Ints, Ints]:
    """Lines each window calls, as bits: its own, and those it helps only when it has none.

    Unless the rule puts own lists first, a helped line counts like an own one.
    """
    first = (hall.calls == OWN) | (hall.calling not in (OWN_FIRST, ALTERNATION))
    calls = hall.calls != NOT_CALLED
    return _as_bits(first & calls), _as_bits(~first & calls)


def _as_bits(flags: Bools) -> Ints:
    """int64, shape (rows * words,): the flags of each row as bits, the first one the lowest."""
    rows, n_bits = flags.shape
    words = np.zeros((rows, _words(n_bits), WORD), dtype=np.bool_)
    words.reshape(rows, words.shape[1] * WORD)[:, :n_bits] = flags
    return np.asarray(words @ (1 << np.arange(WORD, dtype=np.int64))).ravel()
