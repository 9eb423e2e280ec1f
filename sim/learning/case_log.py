"""Cases as a platform's log holds them, in the table of a simulated day (DESIGN §9.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from sim.arrays import Ints
from sim.clock import DAY
from sim.errors import Problem, ScenarioError
from sim.learning.case_rows import CaseRows
from sim.learning.log_rows import EPOCH
from sim.learning.ticket_log import UNKNOWN, LogNames, frozen_columns, used_names
from sim.plan.journal import ISSUED, OPEN
from sim.results.tables import Cases
from sim.scenario.row_places import RowPlaces
from sim.scenario.table_values import NO_INSTANT


class CaseDetails(NamedTuple):
    """What a log says of a case beside what the tables of a day hold; UNKNOWN = it does not."""

    row: Ints
    """int64: row of the file of the cases."""
    promised_at: Ints
    suspended: Ints
    """int64 ticks: for how long the clock of the limit stood still; 0 = the log has suspensions,
    and this case none."""
    department: Ints
    clerk: Ints
    rating: Ints


@dataclass(frozen=True, eq=False)
class CaseLog:
    """The cases of a log, in the order of their instants; everything is read-only.

    Attributes
    ----------
    first_date, n_days, grain, names, places
        As of a `TicketLog`; the grain may be a day (86,400,000), and then instants are midnights.
    cases : Cases
        The table of a simulated day. `arrived_at` and `wished_at` are the application, else the
        acceptance; `closed_at` is the result, and a case without one is open. `issued_at`, `trips`,
        `last_item`, `booked_for` and `township` are -1, `online`, `initial` and `no_show` false:
        such a log does not say.
    details : CaseDetails
    """

    first_date: date
    n_days: int
    grain: int
    cases: Cases
    details: CaseDetails
    names: LogNames
    places: RowPlaces | None = None

    def __len__(self) -> int:
        return len(self.cases.fate)

    @property
    def own_time(self) -> Ints:
        """int64, shape (cases,) ticks: acceptance to result without suspensions; UNKNOWN."""
        cases = self.cases
        both = (cases.accepted_at >= 0) & (cases.closed_at >= 0)
        span = cases.closed_at - cases.accepted_at - np.maximum(self.details.suspended, 0)
        return np.where(both, span, UNKNOWN)

    @property
    def is_overdue(self) -> Ints:
        """int64, shape (cases,): 1 = closed after the promised instant, by the day where instants
        are days; 0 = not; UNKNOWN = not closed, or without a promise."""
        closed, promised = self.cases.closed_at, self.details.promised_at
        both = (closed >= 0) & (promised >= 0)
        return np.where(both, (closed > promised).astype(np.int64), UNKNOWN)


def case_log(rows: CaseRows) -> CaseLog:
    """What is left of the rows, as tables, in the order of their instants.

    Raises
    ------
    ScenarioError
        `log_no_row_left` when nothing is left.
    """
    came = rows.came
    kept_rows = np.flatnonzero(rows.is_there & (came != NO_INSTANT))
    if not len(kept_rows):
        raise ScenarioError(Problem("log_no_row_left"))
    instants = [rows[name][kept_rows] for name in CaseRows.TIMES]
    first_day = int(min(at[at != NO_INSTANT].min() for at in instants if (at != NO_INSTANT).any()))
    first_day = min(first_day, int(came[kept_rows].min())) // DAY
    last_day = int(came[kept_rows].max() // DAY)

    def instant(column: Ints) -> Ints:
        values = column[kept_rows]
        absent = values == NO_INSTANT
        return np.where(absent, UNKNOWN, np.where(absent, 0, values) - first_day * DAY)

    names, codes = {}, {}
    for name, kind in CaseRows.NAMED.items():
        names[kind], codes[name] = used_names(rows.names[name], rows[name][kept_rows])
    names["clerks"] = tuple(f"{n + 1}" for n in range(len(names["clerks"])))
    closed, result = instant(rows["closed"]), rows["result"][kept_rows]
    n = len(kept_rows)
    unknown, no = np.full(n, UNKNOWN), np.zeros(n, dtype=np.bool_)
    cases = Cases(
        matter=codes["matter"],
        class_=codes["class_"],
        township=unknown,
        online=no,
        arrived_at=instant(came),
        accepted_at=instant(rows["accepted"]),
        closed_at=closed,
        issued_at=unknown,
        fate=np.where(closed < 0, OPEN, np.where(result == UNKNOWN, ISSUED, result)),
        initial=no,
        trips=unknown,
        last_item=unknown,
        wished_at=instant(came),
        booked_for=unknown,
        no_show=no,
    )
    details = CaseDetails(
        row=rows.rows[kept_rows],
        promised_at=instant(rows["promised"]),
        suspended=rows["suspended"][kept_rows],
        department=codes["department"],
        clerk=codes["clerk"],
        rating=rows["rating"][kept_rows],
    )
    keys = [cases.arrived_at, *cases, *details[1:]]
    order = np.lexsort([key.astype(np.int64) for key in keys[::-1]])
    return CaseLog(
        first_date=date.fromordinal(EPOCH + first_day),
        n_days=last_day - first_day + 1,
        grain=rows.grain,
        cases=Cases(*frozen_columns(at[order] for at in cases)),
        details=CaseDetails(*frozen_columns(at[order] for at in details)),
        names=LogNames(**names),
        places=rows.places,
    )
