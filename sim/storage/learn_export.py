"""A log that was read, as data for programs: the account of its rows, traps, columns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from sim.clock import WEEKDAYS, format_clock
from sim.learning.arrivals import ArrivalFit
from sim.learning.case_log import CaseLog
from sim.learning.learned import LearnedLog
from sim.learning.learned_factor import FACTORS, RosterFactor
from sim.learning.learned_patience import written_way
from sim.learning.patience_groups import patience_names
from sim.learning.ticket_log import TicketLog
from sim.questions.columns import AnswerColumn
from sim.storage.learn_fits import (
    book_data,
    booked_data,
    bounds_of,
    mix_data,
    patience_data,
    patience_groups_data,
    punctuality_data,
    services_data,
    snapshot_data,
)
from sim.storage.learn_staffing import staffing_data
from sim.version import VERSION

FILE: Final = "quality"
QUALITY: Final = (
    AnswerColumn("trap", "text"),
    AnswerColumn("scope", "text"),
    AnswerColumn("count", "whole"),
    AnswerColumn("share", "number", "share_of_1"),
    AnswerColumn("treatment", "text"),
    AnswerColumn("choices", "text"),
    AnswerColumn("about", "text"),
    AnswerColumn("lines", "text"),
)
"""Columns of `quality.csv`."""


def learned_data(learned: LearnedLog) -> dict[str, Any]:
    """All of it, as JSON can hold it.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> learned = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv")
    >>> data = learned_data(learned)
    >>> data["rows"]["read"] == data["rows"]["kept"] == data["log"]["n"]
    True
    """
    log, quality = learned.log, learned.quality
    last = log.first_date + timedelta(days=log.n_days - 1)
    return {
        "version": VERSION,
        "file": learned.file,
        "files": [
            {
                "file": span.file,
                "rows": span.n_rows,
                "first": None if span.first is None else span.first.isoformat(),
                "last": None if span.last is None else span.last.isoformat(),
                "told_twice": span.n_twice,
            }
            for span in learned.spans
        ],
        "form": learned.form,
        "columns": [
            {
                "column": column.role,
                "heading": column.heading,
                "how": column.how,
                "filled": column.filled,
                "examples": list(column.examples),
            }
            for column in learned.columns
        ],
        "personal": list(learned.personal),
        "left_aside": list(learned.left_aside),
        "log": {
            "of": "cases" if isinstance(log, CaseLog) else "tickets",
            "n": len(log),
            "first": log.first_date.isoformat(),
            "last": last.isoformat(),
            "grain_s": log.grain / 1000,
            **{key: list(names) for key, names in log.names._asdict().items() if key != "clerks"},
            "clerks": len(log.names.clerks),
        },
        "rows": {
            "read": quality.rows_read,
            "kept": quality.rows_kept,
            "mended": quality.rows_mended,
            "left_out": quality.rows_left_out,
        },
        "traps": [
            {
                "trap": finding.trap,
                "scope": finding.scope,
                "count": finding.count,
                "treatment": finding.treatment,
                "choices": list(finding.choices),
                "about": dict(finding.values),
                "changes": [change._asdict() for change in finding.changes],
                "examples": [
                    {
                        "file": example.file or learned.file,
                        "line": example.line,
                        **dict(example.cells),
                    }
                    for example in finding.examples
                ],
            }
            for finding in quality.findings
        ],
        "limits": list(quality.limits),
        "arrivals": _arrivals(learned.arrivals),
        "staffing": None if learned.staffing is None else staffing_data(learned.staffing),
        "mix": None if learned.mix is None else mix_data(learned.mix),
        "services": None if learned.services is None else services_data(learned.services),
        "patience": None if learned.patience is None else patience_data(learned.patience),
        "patience_groups": []
        if not isinstance(learned.log, TicketLog)
        else patience_groups_data(
            learned.patience_groups, patience_names(learned.log), written_way(learned)
        ),
        "booked": None if learned.booked is None else booked_data(learned.booked),
        "punctuality": None
        if learned.punctuality is None
        else punctuality_data(learned.punctuality),
        "book": None if learned.book is None else book_data(learned.book),
        "snapshots": None if learned.snapshots is None else snapshot_data(learned.snapshots),
    }


def _arrivals(fit: ArrivalFit | None) -> dict[str, Any] | None:
    """When people came; None where nothing is said of it."""
    if fit is None:
        return None
    return {
        "days": fit.n_days,
        "days_left_out": fit.n_left_out,
        "weekdays": [
            {"weekday": WEEKDAYS[weekday], **bounds_of(per_day)}
            for weekday, per_day in fit.weekdays
        ],
        "slots": [
            {"from": format_clock(begin), "to": format_clock(begin + fit.slot), **bounds_of(share)}
            for begin, share in fit.slots
        ],
        "months": [{"month": month, **bounds_of(factor)} for month, factor in fit.months],
        "day_factor_cv": bounds_of(fit.day_factor_cv),
    }


def quality_rows(learned: LearnedLog) -> list[dict[str, Any]]:
    """A row a trap.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> learned = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv")
    >>> quality_rows(learned)
    []
    """
    read = learned.quality.rows_read
    return [
        {
            "trap": finding.trap,
            "scope": finding.scope,
            "count": finding.count,
            "share": finding.count / read if finding.scope == "rows" else None,
            "treatment": finding.treatment,
            "choices": " ".join(finding.choices),
            "about": "; ".join(
                [
                    *(f"{key}: {words}" for key, words in finding.values),
                    *(
                        " ".join(filter(None, (what, day, f"{share:+.2f}" if day else "")))
                        for what, day, share in finding.changes
                    ),
                ]
            ),
            "lines": " ".join(
                f"{example.file}:{example.line}" if example.file else f"{example.line}"
                for example in finding.examples
            ),
        }
        for finding in learned.quality.findings
    ]


def caught_rows_of(learned: LearnedLog) -> Iterator[dict[str, Any]]:
    """A row for each row of the log that a trap caught; what is in none is kept as it is."""
    for finding in learned.quality.findings:
        for line in finding.lines.tolist():
            file, place = learned.files.place(line)
            about = {"trap": finding.trap, "treatment": finding.treatment}
            yield {"file": file, "line": place, **about}


def factor_data(factor: RosterFactor | None) -> dict[str, Any] | None:
    """The factor on a learned scenario's clerks; None where there is none.

    Examples
    --------
    >>> factor_data(RosterFactor(1.0, 3.8, 4.2, 3.1, 5.2, 4.2, 3.1, 5.2))["observed_mean_min"]
    3.8
    """
    if factor is None:
        return None
    low, high = FACTORS
    return {
        "factor": factor.factor,
        "factor_low": low,
        "factor_high": high,
        "observed_mean_min": factor.observed,
        "mean_min_without_factor": factor.plain_mean,
        "mean_min_without_factor_low": factor.plain_low,
        "mean_min_without_factor_high": factor.plain_high,
        "mean_min": factor.mean,
        "mean_min_low": factor.low,
        "mean_min_high": factor.high,
    }
