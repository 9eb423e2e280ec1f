"""Windows in use as a log tells them, as data for programs and as a table of clerks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sim.clock import format_clock
from sim.learning.learned import LearnedLog
from sim.learning.staffing import StaffingFit
from sim.learning.staffing_profile import usual_clerks


def staffing_data(fit: StaffingFit) -> dict[str, Any]:
    """Groups, breaks and the usual clerks of each half hour.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> fit = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv").staffing
    >>> assert fit is not None
    >>> data = staffing_data(fit)
    >>> data["how"], data["slots"][5]["median"]
    ('windows', 3.0)
    """
    ids = [group.id for group in fit.groups]
    return {
        "how": fit.how,
        "half_hours": len(fit.clerks),
        "exact_share": float(fit.is_exact.mean()),
        "groups": [
            {
                "id": group.id,
                "windows": list(group.windows),
                "lists": list(group.lists),
                "tickets": group.n_tickets,
            }
            for group in fit.groups
        ],
        "breaks": [
            {
                "group": ids[seen.group],
                "from": format_clock(seen.begin),
                "to": format_clock(seen.end),
                "share_of_days": seen.share,
            }
            for seen in fit.breaks
        ],
        "slots": [
            {
                "group": ids[usual.group],
                "from": format_clock(usual.begin),
                "to": format_clock(usual.begin + fit.slot),
                "median": usual.median,
                "low": usual.low,
                "high": usual.high,
                "exact_share": usual.exact_share,
                "days": usual.n,
            }
            for usual in usual_clerks(fit)
        ],
    }


def staffing_rows(learned: LearnedLog) -> Iterator[dict[str, Any]]:
    """A row for each group, date and half hour; `exact` is 1 or 0 = clerks were no fewer.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> learned = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv")
    >>> next(staffing_rows(learned))["from"]
    '08:30'
    """
    fit = learned.staffing
    if fit is None:
        return
    columns = (fit.day, fit.begin, fit.group, fit.clerks, fit.is_exact)
    for day, begin, group, clerks, exact in zip(*(at.tolist() for at in columns), strict=True):
        yield {
            "date": (learned.log.first_date + timedelta(days=day)).isoformat(),
            "from": format_clock(begin),
            "to": format_clock(begin + fit.slot),
            "group": fit.groups[group].id,
            "clerks": clerks,
            "exact": int(exact),
        }
