"""What is left of a log's rows after the traps, as tables in the order of their instants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from sim.arrays import AnyInts, Ints
from sim.clock import DAY, HOUR
from sim.errors import Problem, ScenarioError
from sim.learning.log_rows import COUNTS, EPOCH, NAMED, WORKED_ON, LogRows
from sim.learning.ticket_log import (
    UNKNOWN,
    LogNames,
    TicketDetails,
    TicketLog,
    fates,
    frozen_columns,
    used_names,
)
from sim.plan.journal import GAVE_UP, MISSED
from sim.results.tables import Tickets
from sim.scenario.consistency import FIRST_START, LAST_START
from sim.scenario.table_values import NO_INSTANT


def ticket_log(rows: LogRows) -> TicketLog:
    """What is left of the rows, as tables, in the order of their instants.

    Raises
    ------
    ScenarioError
        `log_no_row_left` when nothing is left, or nothing says when; `log_dates` when it says dates
        of which no scenario can be.
    """
    came = rows.came
    call = np.where(rows.has("called"), rows["called"], rows["started"])
    when = np.where(came == NO_INSTANT, call, came)
    kept_rows = np.flatnonzero(rows.is_there & (when != NO_INSTANT))
    if not len(kept_rows):
        raise ScenarioError(Problem("log_no_row_left"))
    first_day = int(when[kept_rows].min() // DAY)
    last_day = int(when[kept_rows].max() // DAY)
    first, last = EPOCH + first_day, EPOCH + last_day
    if first < FIRST_START.toordinal() or last > LAST_START.toordinal():
        ends = (date.fromordinal(min(max(end, 1), date.max.toordinal())) for end in (first, last))
        words = " – ".join(end.isoformat() for end in ends)
        allowed = f"{FIRST_START} – {LAST_START}"
        raise ScenarioError(Problem("log_dates", found=words, allowed=allowed))

    def instant(column: Ints) -> Ints:
        values = column[kept_rows]
        absent = values == NO_INSTANT
        return np.where(absent, UNKNOWN, np.where(absent, 0, values) - first_day * DAY)

    names, codes = {}, {}
    for name, kind in NAMED.items():
        names[kind], codes[name] = used_names(rows.names[name], rows[name][kept_rows])
    names["clerks"] = tuple(f"{n + 1}" for n in range(len(names["clerks"])))
    counts = {name: rows[name][kept_rows] for name in COUNTS}
    taken, called, started = (instant(rows[name]) for name in ("taken", "called", "started"))
    # where only the begin of the work is said, it is the call too
    called = np.where(called == UNKNOWN, started, called)
    arrived = instant(rows["arrived"])
    arrived = np.where(arrived == UNKNOWN, np.where(taken == UNKNOWN, called, taken), arrived)
    outcome = counts["outcome"]
    ended = instant(rows["ended"])
    wait, service = rows.wait_of[kept_rows], rows.service_of[kept_rows]
    began = started if rows.tells_begin else np.where(started == UNKNOWN, called, started)
    if rows.grain < HOUR:
        called = _later(called, taken, wait)
        began = began if rows.tells_begin else _later(began, taken, wait)
        ended = _later(ended, np.where(began == UNKNOWN, called, began), service)
    fate = fates(outcome, (ended != UNKNOWN) | (service != UNKNOWN))
    ending = np.where(outcome == UNKNOWN, fate, outcome)
    worked_on = np.isin(ending, WORKED_ON)
    unknown = np.full(len(kept_rows), UNKNOWN)
    tickets = Tickets(
        case=counts["case"],
        errand=unknown.copy(),
        trip=np.where(counts["trip"] == UNKNOWN, 1, counts["trip"]),
        matter=codes["matter"],
        class_=codes["class_"],
        place=codes["place"],
        list_=codes["list_"],
        window=codes["window"],
        arrived_at=arrived,
        greeted_at=instant(rows["greeted"]),
        taken_at=taken,
        called_at=called,
        began_at=np.where(np.isin(fate, (MISSED, GAVE_UP)), UNKNOWN, began),
        ended_at=ended,
        fate=fate,
    )
    details = TicketDetails(
        row=rows.rows[kept_rows],
        freed_at=instant(rows["freed"]),
        wait=wait,
        service=np.where(worked_on, service, UNKNOWN),
        department=codes["department"],
        clerk=codes["clerk"],
        booked=counts["booked"],
        booked_for=instant(rows["booked_for"]),
        outcome=outcome,
        rating=counts["rating"],
        purpose=codes["purpose"],
        online=counts["online"],
    )
    # rows that are alike in all of it may change places: nobody can tell them apart
    keys = [rows.order[kept_rows], arrived, *tickets, *details[1:]]
    order = _sorted_by(keys)
    return TicketLog(
        first_date=date.fromordinal(EPOCH + first_day),
        n_days=last_day - first_day + 1,
        grain=rows.grain,
        tickets=Tickets(*frozen_columns(at[order] for at in tickets)),
        details=TicketDetails(*frozen_columns(at[order] for at in details)),
        names=LogNames(**names),
        places=rows.places,
    )


def _later(instant: Ints, since: Ints, span: Ints) -> Ints:
    """Instants, and where none is said a span after another one."""
    follows = (instant == UNKNOWN) & (since != UNKNOWN) & (span != UNKNOWN)
    return np.where(follows, since + span, instant)


def _sorted_by(keys: Sequence[AnyInts]) -> Ints:
    """Order of rows by columns, the first counts most; later ones only where rows are alike."""
    order = np.asarray(np.lexsort(keys[1::-1]), dtype=np.int64)
    alike = np.ones(max(len(order) - 1, 0), dtype=np.bool_)
    for key in keys[:2]:
        alike &= np.diff(key[order]) == 0
    in_run = np.append(alike, False) | np.insert(alike, 0, False)
    among = order[in_run[: len(order)]]
    order[in_run[: len(order)]] = among[np.lexsort([key[among] for key in keys[::-1]])]
    return order
