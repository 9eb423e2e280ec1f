"""What the fast engine keeps while it runs: arrays in groups that belong together.

All are modified in place; `first_state.py` makes them. Letters as in `plan.py` and `tape.py`; `T`
rows of the journal.
"""

from __future__ import annotations

from typing import NamedTuple

from sim.arrays import Bytes, Floats, Ints, Shorts
from sim.engine.counters import Aftermath, Counters


class Doors(NamedTuple):
    """When each place gives tickets, and when its papers go where."""

    n_days: int
    offsets: Ints
    """int64, shape (P * N + 1,): where the ticket hours of a place's day start."""
    opens: Ints
    closes: Ints
    courier_offsets: Ints
    """int64, shape (P + 1,)."""
    courier_leaves: Ints
    courier_arrives: Ints
    onward: Ints
    """int64, shape (P, M): the place to which a matter's papers go; -1 = they stay."""


class Events(NamedTuple):
    """What is going to happen."""

    times: Ints
    """int64: instants of pending events, laid out as `pending.py` says, together with `orders`."""
    orders: Ints
    """int64: phase and number of pending events."""
    fixed_times: Ints
    """int64, sorted: shifts and closings, known before the run."""
    fixed_orders: Ints


class Errands(NamedTuple):
    """Where each errand stands."""

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
    """int32, shape (E,): the review before the one that begins when it is done; not of intakes."""


class Lines(NamedTuple):
    """Tickets in their lines, and all that ranks them."""

    line: Shorts
    """int32, shape (T,)."""
    number: Shorts
    """int32, shape (T,): order of taking."""
    next_: Shorts
    """int32, shape (T,): row behind it in its line."""
    waits: Bytes
    """int8, shape (T,): NO_MORE, WAITS or NEWCOMER of `fast_lines.py`."""
    taken_at: Ints
    """int64, shape (T,): the journal's column; where people are sent on the age of their place."""
    first: Ints
    """int64, shape (L,): row at the head of a line; it may have left since."""
    last: Ints
    waiting_in: Ints
    """int64, shape (L,)."""
    first_of_list: Ints
    """int64, shape (Z + 1,): where the lines of a list start."""
    queued: Ints
    """int64, shape (words,): bit of each line in which somebody waits."""
    place_of_line: Ints
    waiting_at: Ints
    """int64, shape (P,): tickets that wait in each place."""
    waits_at: Ints
    """int64, shape (words,): bit of each place in which somebody waits."""
    newcomers: Ints
    """int64, shape (Z,): tickets whose holders have not looked yet how many wait in front."""
    class_of_line: Ints
    list_of_line: Ints
    priority: Ints
    weight: Floats
    calling: int
    ageing: int


class Lists(NamedTuple):
    """What the ticket machine knows."""

    is_down: Bytes
    """int8, shape (Z,): systems are down, so nobody of the list is called."""
    accept_offsets: Ints
    """int64, shape (P * M * K + 1,): where the lines of a place start that a matter and class may
    join."""
    accepted_by: Ints
    """int64: lines, in the order of their lists."""
    n_classes: int
    n_matters: int
    list_of_line: Ints
    line_duty_until: Ints
    """int64, shape (L, N)."""
    on_duty_for: Ints
    """int64, shape (L,): windows on duty that may call the line."""
    break_ends_at: Ints
    """int64, shape (Z,): end of the break in which nobody waits in the list; -1 = there is none."""
    is_helped: Bytes
    """int8, shape (L,): windows help the line once its first ticket has waited long enough."""
    given: Ints
    """int64, shape (Z,): tickets given in this open interval; counted where any list may refuse."""
    given_in: Ints
    """int64, shape (Z,): which interval that is."""
    refuses: Bytes
    """int8, shape (Z,): the list gives no ticket to who comes at this instant."""
    waiting: Ints
    """int64, shape (Z,)."""
    busy_in: Ints
    on_duty_in: Ints
    mean_service: Floats
    route_shares: Floats
    routing: int


class Windows(NamedTuple):
    """Windows and their clerks, shape (W,) where not said otherwise."""

    own: Ints
    """int64, shape (W * words,): lines a window calls first, or calls at all."""
    helped: Ints
    """int64, shape (W * words,): lines a window helps."""
    called: Ints
    """int64, shape (words,): lines that the window in hand calls, where its rule chooses a list."""
    own_calls: Ints
    """int64: calls from the own list since the last from another, or since the window opened."""
    on_duty: Bytes
    busy: Bytes
    served: Ints
    """int64: row at the window."""
    answers: Bytes
    """int8: who was called is there."""
    wraps_up: Bytes
    """int8: who was served has left, and the clerk has not done with them."""
    last_matter: Ints
    """int64: what the window served last since it opened; -1 = nothing."""
    reviewing: Ints
    """int64: the review that its clerk has in hand; -1 = none."""
    turn: Ints
    """int64: place of an idle window among idle ones."""
    idle: Ints
    """int64: idle windows of one place after the other, first to call first."""
    first_idle: Ints
    """int64, shape (P + 1,): where those of a place start."""
    n_idle: Ints
    """int64, shape (P,): how many they are."""
    idles_at: Ints
    """int64, shape (words,): bit of each place that has an idle window."""
    first_line: Ints
    """int64, shape (P,): the lines of each place are from here on,"""
    last_line: Ints
    """int64, shape (P,): and end before this one: those of other places are never looked at."""
    shifts: Ints
    """int64: comings and goings of its clerk so far."""
    list_of_window: Ints
    calls: Bytes
    """int8, shape (W, L)."""
    group_of_window: Ints
    members: Ints
    """int64, shape (G + 1,): first window of each group of alike windows."""
    leaving: Ints
    """int64, shape (G,): busy windows of the group that close when they have finished."""
    staying: Ints
    """int64, shape (G,): windows of the group that stay until their place is empty."""
    place_of_group: Ints
    inside: Ints
    """int64, shape (P,): people in each place."""
    stays: Ints
    """int64, shape (P,): windows of each place that stay until it is empty."""
    n_skills: Ints
    longest_idle: bool
    """Who has idled longest takes the next ticket, rather than who has fewest skills."""


class Reserves(NamedTuple):
    """Groups of reserve windows, shape (T,) where not said otherwise."""

    tidal_of: Ints
    """int64, shape (G,): number of each group of windows among them; -1 = none."""
    group: Ints
    list_: Ints
    pool: Ints
    opens_at: Ints
    opens_after: Ints
    closes_at: Ints
    setup: Ints
    keep: Ints
    spare: Ints
    """int64: how many more may open, or clerks that stand by."""
    lent: Ints
    """int64: clerks at reserve windows or on their way."""
    coming_at: Ints
    """int64: when the next one opens; -1 = none is being made ready."""
    is_tidal: Bytes
    """int8, shape (G,): the group's windows are reserve windows."""
    after_of_list: Ints
    """int64, shape (Z,): wait of a list's first ticket at which one opens; NEVER = no such rule."""


class CaseState(NamedTuple):
    """Cases, their items and reviews."""

    went_online: Bytes
    trips: Shorts
    in_hand: Shorts
    """int32, shape (C,): items released and not finished."""
    outcome: Bytes
    """int8, shape (C,): LOST or REJECTED once that is certain."""
    waits_for: Shorts
    """int32, shape (J,): items that must finish before this one."""
    absent: Shorts
    """int32, shape (attendances,): at the first one of a survey, reviewers still to come."""
    starts: Ints
    """int64: reviews that an event lets begin."""
    leaving: Shorts
    """int32, shape (T,): rows that leave at a closing, or when a break begins."""
    held: Shorts
    """int32, shape (T,): rows of tickets kept for who is away for a break, by order of taking."""
    fresh: Shorts
    """int32, shape (T,): rows of tickets taken since the last calls."""
    looks: Shorts
    """int32, shape (T,): rows of tickets taken in this instant, where people may turn round."""


class Queues(NamedTuple):
    """Departments, shape (D,) where not said otherwise."""

    free: Ints
    """int64: idle reviewers."""
    wanted: Ints
    """int64: departments asked to take up reviews at the end of the instant."""
    is_wanted: Bytes
    wakes_at: Ints
    openings: Ints
    """int64: how often it had opened when it was last looked at."""
    rostered_jobs: Ints
    """int64, a row each reviewer who works by a roster: the job in hand; -1 = none."""
    rostered_rows: Ints
    """int64: how often they had come on duty when they were last looked at."""
    offsets: Ints
    """int64, shape (D + 1,): where a department's queue has its place."""
    lengths: Ints
    keys: Ints
    """int64: a heap a department, together with `jobs`."""
    jobs: Ints


class State(NamedTuple):
    """All of it."""

    events: Events
    errands: Errands
    lines: Lines
    lists: Lists
    windows: Windows
    reserves: Reserves
    cases: CaseState
    queues: Queues
    doors: Doors
    counters: Counters
    aftermath: Aftermath
