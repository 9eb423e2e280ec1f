"""Rosters by date written as a table again (CSV), from which the same rows are read."""

from __future__ import annotations

import csv
import io
from datetime import date

from sim.clock import format_clock
from sim.scenario.clerk_rows import NOBODY, ClerkRows

HEAD = ("date", "from", "to", "group", "clerks", "clerk")


def clerks_csv(rows: ClerkRows) -> bytes:
    """A table of clerks in UTF-8.

    Examples
    --------
    >>> rows = ClerkRows([739259], [28_800_000], [50_400_000], [0], [2], [NOBODY], ["desk"])
    >>> print(clerks_csv(rows).decode())
    date,from,to,group,clerks,clerk
    2025-01-08,08:00,14:00,desk,2,
    <BLANKLINE>
    """
    content = io.StringIO(newline="")
    writer = csv.writer(content, lineterminator="\n")
    writer.writerow(HEAD)
    for day, start, end, group, clerks, person in rows.table.T.tolist():
        number, name = (clerks, "") if person == NOBODY else ("", rows.people[person])
        when = date.fromordinal(day).isoformat(), format_clock(start), format_clock(end)
        writer.writerow([*when, rows.groups[group], number, name])
    return content.getvalue().encode()
