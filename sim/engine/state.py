"""What the fast engine keeps while it runs: arrays sized ahead, one set a run."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.engine.instant import CLOSE, SHIFT
from sim.plan.plan import NOT_CALLED, OWN, Hall, Ints, Plan
from sim.plan.tape import Tape

Bytes = npt.NDArray[np.int8]
Shorts = npt.NDArray[np.int32]
WORD: Final = 62
"""Lines that one whole number holds as bits, sign and comparisons left alone."""


class State(NamedTuple):
    """Modified in place. Letters as in `plan.py` and `tape.py`; `T` rows of the journal."""

    # --- events ---
    times: Ints
    """int64: instants of pending events, a heap together with `orders`."""
    orders: Ints
    """int64: phase and number of pending events."""
    fixed_times: Ints
    """int64, sorted: shifts and closings, known before the run."""
    fixed_orders: Ints
    # --- errands ---
    stage: Bytes
    """int8, shape (E,): what the errand's next arrival means."""
    row: Shorts
    """int32, shape (E,): its present row of the journal."""
    comes: Bytes
    """int8, shape (E,): times its person has come again unserved."""
    was_called: Bytes
    """int8, shape (E,): its first call is over."""
    behind: Shorts
    """int32, shape (E,): errand behind it in the queue of the desk."""
    review_of: Shorts
    """int32, shape (E,): review whose papers it hands in; -1 = an intake."""
    # --- tickets ---
    line: Shorts
    number: Shorts
    """int32, shape (T,): order of taking."""
    next_: Shorts
    """int32, shape (T,): row behind it in its line."""
    waits: Bytes
    fresh: Shorts
    """int32, shape (T,): rows taken since the last calls."""
    leaving: Shorts
    """int32, shape (T,): rows cut off at a closing."""
    # --- lines and lists ---
    first: Shorts
    last: Shorts
    waiting_in: Ints
    """int64, shape (L,)."""
    on_duty_for: Ints
    """int64, shape (L,): windows on duty that may call the line."""
    waiting: Ints
    """int64, shape (Z,)."""
    busy_in: Ints
    on_duty_in: Ints
    queued: Ints
    """int64, shape (words,): bit of each line in which somebody waits."""
    # --- windows ---
    own: Ints
    """int64, shape (W, words): lines a window calls first, or calls at all."""
    helped: Ints
    """int64, shape (W, words): lines a window helps."""
    on_duty: Bytes
    drains: Bytes
    busy: Bytes
    served: Shorts
    """int32, shape (W,): row at the window."""
    answers: Bytes
    """int8, shape (W,): who was called is there."""
    turn: Ints
    """int64, shape (W,): place of an idle window among idle ones."""
    idle: Shorts
    """int32, shape (W,): idle windows, first to call first."""
    shifts: Ints
    """int64, shape (W,): comings and goings of its clerk so far."""
    # --- cases ---
    went_online: Bytes
    trips: Shorts
    in_hand: Shorts
    outcome: Bytes
    # --- items and reviews ---
    case_of_item: Shorts
    waits_for: Shorts
    item_of_review: Shorts
    starts: Ints
    """int64: reviews that an event lets begin."""
    # --- departments ---
    free: Ints
    wanted: Ints
    """int64, shape (D,): departments asked to take up reviews at the end of the instant."""
    is_wanted: Bytes
    wakes_at: Ints
    queue_offsets: Ints
    """int64, shape (D + 1,): where a department's queue has its place."""
    queued_reviews: Ints
    """int64, shape (D,)."""
    queue_keys: Ints
    queue_jobs: Ints


def blank_state(plan: Plan, tape: Tape, n_rows: int) -> State:
    """The state before anybody has come; what is only read after it is written is left unset."""
    hall, office = plan.hall, plan.office
    n_cases, n_errands = len(tape.matter), len(tape.purpose)
    n_items, n_reviews = len(tape.item), len(tape.touch)
    n_windows, n_lines, n_lists = len(hall.factor), len(hall.list_of_line), len(hall.mean_service)
    n_events = n_windows + 2 * n_errands + n_items + n_reviews + n_rows + len(office.reviewers) + 2
    fixed_times, fixed_orders = _fixed_events(hall)
    item_of_review = np.repeat(np.arange(n_items, dtype=np.int32), np.diff(tape.review_offsets))
    review_of = np.full(n_errands, -1, dtype=np.int32)
    trips = np.flatnonzero(tape.hand_in >= 0)
    review_of[tape.hand_in[trips]] = trips
    jobs = np.bincount(office.department[tape.item[item_of_review]], minlength=len(office.reviewers))
    if office.online_department >= 0:
        jobs[office.online_department] += n_errands
    own, helped = _masks(hall)
    bytes_, shorts, longs = np.int8, np.int32, np.int64
    return State(
        times=np.empty(n_events, longs),
        orders=np.empty(n_events, longs),
        fixed_times=fixed_times,
        fixed_orders=fixed_orders,
        stage=np.zeros(n_errands, bytes_),
        row=np.empty(n_errands, shorts),
        comes=np.zeros(n_errands, bytes_),
        was_called=np.zeros(n_errands, bytes_),
        behind=np.empty(n_errands, shorts),
        review_of=review_of,
        line=np.empty(n_rows, shorts),
        number=np.empty(n_rows, shorts),
        next_=np.empty(n_rows, shorts),
        waits=np.zeros(n_rows, bytes_),
        fresh=np.empty(n_rows, shorts),
        leaving=np.empty(n_rows, shorts),
        first=np.full(n_lines, -1, shorts),
        last=np.full(n_lines, -1, shorts),
        waiting_in=np.zeros(n_lines, longs),
        on_duty_for=np.zeros(n_lines, longs),
        waiting=np.zeros(n_lists, longs),
        busy_in=np.zeros(n_lists, longs),
        on_duty_in=np.zeros(n_lists, longs),
        queued=np.zeros(own.shape[1], longs),
        own=own,
        helped=helped,
        on_duty=np.zeros(n_windows, bytes_),
        drains=np.zeros(n_windows, bytes_),
        busy=np.zeros(n_windows, bytes_),
        served=np.zeros(n_windows, shorts),
        answers=np.zeros(n_windows, bytes_),
        turn=np.zeros(n_windows, longs),
        idle=np.zeros(n_windows, shorts),
        shifts=np.zeros(n_windows, longs),
        went_online=np.zeros(n_cases, bytes_),
        trips=np.zeros(n_cases, shorts),
        in_hand=np.zeros(n_cases, shorts),
        outcome=np.zeros(n_cases, bytes_),
        case_of_item=np.repeat(np.arange(n_cases, dtype=shorts), np.diff(tape.item_offsets)),
        waits_for=np.zeros(n_items, shorts),
        item_of_review=item_of_review,
        starts=np.zeros(len(office.department) + 1, longs),
        free=office.reviewers.copy(),
        wanted=np.zeros(len(office.reviewers), longs),
        is_wanted=np.zeros(len(office.reviewers), bytes_),
        wakes_at=np.full(len(office.reviewers), -1, longs),
        queue_offsets=np.concatenate([[0], np.cumsum(jobs)]).astype(longs),
        queued_reviews=np.zeros(len(office.reviewers), longs),
        queue_keys=np.empty(int(jobs.sum()), longs),
        queue_jobs=np.empty(int(jobs.sum()), longs),
    )


def _fixed_events(hall: Hall) -> tuple[Ints, Ints]:
    """Shifts of windows and desk, and closings, in the order of time."""
    n_windows = len(hall.factor)
    window = np.repeat(np.arange(n_windows), np.diff(hall.duty_offsets))
    closes = hall.day_closes[hall.day_closes >= 0]
    times = np.concatenate([hall.duty_starts, hall.duty_ends, hall.reception_times, closes])
    orders = np.concatenate(
        [
            SHIFT + window,
            SHIFT + window,
            np.full(len(hall.reception_times), SHIFT + n_windows),
            np.full(len(closes), CLOSE),
        ]
    )
    order = np.lexsort((orders, times))
    return times[order].astype(np.int64), orders[order].astype(np.int64)


def _masks(hall: Hall) -> tuple[Ints, Ints]:
    """Lines each window calls, as bits: its own, and those it helps."""
    n_windows, n_lines = hall.calls.shape
    words = max((n_lines + WORD - 1) // WORD, 1)
    own, helped = np.zeros((2, n_windows, words), dtype=np.int64)
    for line in range(n_lines):
        bit = 1 << line % WORD
        own[hall.calls[:, line] == OWN, line // WORD] |= bit
        others = (hall.calls[:, line] != OWN) & (hall.calls[:, line] != NOT_CALLED)
        helped[others, line // WORD] |= bit
    return own, helped
