"""A log that was read: which column is which, how good it is, and what it cannot say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import PurePath
from typing import Final

from sim.clock import format_clock
from sim.learning.arrivals import ArrivalFit
from sim.learning.case_log import CaseLog
from sim.learning.event_log import OWN_FORM
from sim.learning.learned import LearnedLog
from sim.learning.learned_note import no_slots
from sim.learning.quality import LogExample, LogQuality, TrapFinding
from sim.text import Text
from sim.text.foreign import visible
from sim.views.blocks import AnyBlock, CodeCell, HeadingBlock, SentenceBlock, TableBlock, say_each
from sim.views.learn_fit_words import service_blocks
from sim.views.learn_people_words import (
    book_blocks,
    booked_blocks,
    interval_words,
    mix_blocks,
    outcome_words,
    patience_blocks,
    punctuality_blocks,
)
from sim.views.learn_staffing_words import staffing_blocks
from sim.views.snapshot_words import snapshot_blocks

LONGEST: Final = 160
"""Characters of a list of names in a sentence; JSON has all of them."""


def learned_blocks(learned: LearnedLog, text: Text) -> Iterator[AnyBlock]:
    """Everything about a log, for any medium.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> from sim.text import load_text
    >>> learned = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv")
    >>> list(learned_blocks(learned, load_text("en")))[2].words
    '1,998 tickets, 3 March 2025 to 28 March 2025; instants are exact to 1 s.'
    """
    yield HeadingBlock(text("learn.title", file=visible(learned.file)))
    yield from reading_blocks(learned, text, with_keys=True)
    yield HeadingBlock(text("learn.quality"))
    yield from quality_blocks(learned.quality, text)
    yield from fit_blocks(learned, text)


def reading_blocks(
    learned: LearnedLog, text: Text, *, with_keys: bool = False
) -> Iterator[AnyBlock]:
    """Of when the log is, and which column was taken for what.

    Parameters
    ----------
    with_keys
        What a column is called in options and files stands beside its name.
    """
    yield SentenceBlock(_form(learned, text))
    yield SentenceBlock(_period(learned, text))
    if len(learned.spans) > 1:
        yield file_table(learned, text)
    if isinstance(learned.log, CaseLog):
        yield from _cases(learned.log, text)
    if learned.columns:
        yield column_table(learned, text, with_keys=with_keys)
    for key in ("personal", "left_aside"):
        if headings := getattr(learned, key):
            words = _shortened(visible(", ".join(headings)))
            yield SentenceBlock(text(f"learn.{key}", headings=words), "point")


def fit_blocks(learned: LearnedLog, text: Text) -> Iterator[AnyBlock]:
    """What was fitted, a heading for each: arrivals, matters, services, patience, staffing."""
    if learned.snapshots is not None:
        n_tickets = sum(pace.n_tickets for pace in learned.snapshots.paces)
        yield from snapshot_blocks(learned.snapshots, n_tickets, text)
    if learned.arrivals is not None:
        yield from arrival_blocks(learned.arrivals, text)
    if learned.mix is not None:
        yield from mix_blocks(learned.mix, text)
    if learned.services is not None and learned.snapshots is None:  # else paces tell it
        yield from service_blocks(learned.services, text)
    yield from patience_blocks(learned, text)
    if learned.booked is not None:
        yield from booked_blocks(learned.booked, text)
    if learned.punctuality is not None:
        yield from punctuality_blocks(learned.punctuality, text)
    elif learned.booked is not None:
        yield SentenceBlock(text(f"learn.{no_slots(learned)}"), "note")
    if learned.book is not None:
        yield from book_blocks(learned.book, text)
    elif learned.punctuality is not None:
        yield SentenceBlock(text("learn.no_book"), "note")
    if learned.staffing is not None:
        yield from staffing_blocks(learned.staffing, text)


def arrival_blocks(fit: ArrivalFit, text: Text) -> Iterator[AnyBlock]:
    """When people came, by weekday, part of the day and month, and how days differ."""
    yield HeadingBlock(text("learn.arrivals"))
    days = text.number(fit.n_days, 0)
    left_out = text.number(fit.n_left_out, 0)
    yield SentenceBlock(text("learn.arrival_days", days=days, left_out=left_out))
    factor = fit.day_factor_cv
    cv = text.interval(factor.mean, factor.low, factor.high, "share")
    yield SentenceBlock(text("learn.day_factor", cv=cv), "point")
    head = text("learn.head.days")
    yield TableBlock(
        text("learn.weekdays"),
        (text("learn.head.weekday"), text("learn.head.per_day"), head),
        tuple(
            (text(f"weekday.{weekday + 1}"), interval_words(per_day, text, 1), str(per_day.n))
            for weekday, per_day in fit.weekdays
        ),
    )
    yield TableBlock(
        text("learn.slots"),
        (text("learn.head.slot"), text("learn.head.day_share")),
        tuple(
            (
                f"{format_clock(begin)}–{format_clock(begin + fit.slot)}",
                text.interval(share.mean, share.low, share.high, "share"),
            )
            for begin, share in fit.slots
        ),
    )
    if fit.months:
        yield TableBlock(
            text("learn.months"),
            (text("learn.head.month"), text("learn.head.factor"), head),
            tuple(
                (text(f"month.{month}"), interval_words(factor, text, 2), str(factor.n))
                for month, factor in fit.months
            ),
            text("learn.months_note"),
        )
    yield SentenceBlock(text("learn.arrivals_note"), "note")


def quality_blocks(quality: LogQuality, text: Text) -> Iterator[AnyBlock]:
    """What became of the rows, each trap that was found, and what the log cannot say."""
    yield SentenceBlock(account(quality, text), "answer")
    if quality.findings:
        yield trap_table(quality, text)
        yield HeadingBlock(text("learn.details"), is_within=True)
        for finding in quality.findings:
            yield SentenceBlock(finding_words(finding, text), "point")
            if finding.examples:
                yield SentenceBlock(_examples(finding, text), "note")
    if quality.limits:
        yield HeadingBlock(text("learn.limits"), is_within=True)
        yield from say_each((text(f"learn.limit.{name}") for name in quality.limits), "caution")
    if not quality.findings:
        yield SentenceBlock(text("learn.clean"))


def _form(learned: LearnedLog, text: Text) -> str:
    if learned.form == OWN_FORM:
        return text("learn.form_own")
    return text("learn.form", form=learned.form) if learned.form else text("learn.form_unknown")


def _period(learned: LearnedLog, text: Text) -> str:
    log = learned.log
    last = log.first_date + timedelta(days=log.n_days - 1)
    return text(
        "learn.period_cases" if isinstance(log, CaseLog) else "learn.period",
        n=text.number(len(log), 0),
        first=text.date(log.first_date),
        last=text.date(last),
        grain=text.duration(log.grain) if log.grain >= 1000 else text.with_unit("0.001", "s"),
    )


def _cases(log: CaseLog, text: Text) -> Iterator[AnyBlock]:
    """How many cases are closed, and how many of them too late."""
    closed = int((log.cases.closed_at >= 0).sum())
    counts = {"closed": text.number(closed, 0), "open": text.number(len(log) - closed, 0)}
    yield SentenceBlock(text("learn.cases_closed", **counts))
    overdue = log.is_overdue
    if judged := int((overdue >= 0).sum()):
        share = text.share(float((overdue == 1).sum()) / judged)
        yield SentenceBlock(
            text("learn.cases_overdue", judged=text.number(judged, 0), overdue=share)
        )


def file_table(learned: LearnedLog, text: Text) -> TableBlock:
    """A row for each file of the log."""
    heads = ("file", "rows", "first_day", "last_day", "told_twice")
    rows = tuple(
        (
            CodeCell(visible(PurePath(span.file).name)),
            text.number(span.n_rows, 0),
            "—" if span.first is None else text.date(span.first),
            "—" if span.last is None else text.date(span.last),
            text.number(span.n_twice, 0),
        )
        for span in learned.spans
    )
    columns = tuple(text(f"learn.head.{name}") for name in heads)
    return TableBlock(text("learn.files"), columns, rows, text("learn.files_note"))


def column_table(learned: LearnedLog, text: Text, *, with_keys: bool) -> TableBlock:
    """A row for each column of the log that was understood."""
    heads = ("role", "heading", "how", "filled", "examples")
    rows = tuple(
        (
            text(f"learn.role.{column.role}") + (f" ({column.role})" if with_keys else ""),
            CodeCell(visible(column.heading)),
            text(f"learn.how.{column.how}"),
            text.share(column.filled, 0),
            _shortened(visible(" · ".join(column.examples))),
        )
        for column in learned.columns
    )
    return TableBlock(
        text("learn.columns"),
        tuple(text(f"learn.head.{name}") for name in heads),
        rows,
        text("learn.columns_note"),
        names=3,
    )


def account(quality: LogQuality, text: Text) -> str:
    """How many rows there are, and what became of them."""
    return text(
        "learn.account",
        read=text.number(quality.rows_read, 0),
        kept=text.number(quality.rows_kept, 0),
        mended=text.number(quality.rows_mended, 0),
        left_out=text.number(quality.rows_left_out, 0),
    )


def trap_table(quality: LogQuality, text: Text) -> TableBlock:
    """A row for each trap that was found."""
    heads = ("trap", "key", "count", "share", "treatment", "choices")
    rows = tuple(
        (
            text(f"learn.trap.{finding.trap}"),
            CodeCell(finding.trap),
            text(f"learn.scope.{finding.scope}", n=text.number(finding.count, 0)),
            text.share(finding.count / quality.rows_read, 1) if finding.scope == "rows" else "",
            text(f"learn.treatment.{finding.treatment}"),
            ", ".join(finding.choices),
        )
        for finding in quality.findings
    )
    return TableBlock(
        text("learn.quality"),
        tuple(text(f"learn.head.{name}") for name in heads),
        rows,
        text("learn.quality_note"),
        names=2,
    )


def finding_words(finding: TrapFinding, text: Text) -> str:
    """What a trap is, and what it found."""
    values = {key: _shortened(visible(words)) for key, words in finding.values}
    if finding.changes:
        values["changes"] = "; ".join(
            text(
                "learn.change",
                what=text(f"learn.what.{change.what}"),
                first=change.first_day,
                share=f"{'+' if change.share > 0 else ''}{text.share(change.share, 0)}",
            )
            if change.first_day
            else text(f"learn.what.{change.what}")
            for change in finding.changes
        )
    name = text(f"learn.trap.{finding.trap}")
    count = text(f"learn.scope.{finding.scope}", n=text.number(finding.count, 0))
    why = text(f"learn.why.{finding.trap}", **values)
    return text("learn.finding", name=name, count=count, why=why)


def _examples(finding: TrapFinding, text: Text) -> str:
    return " | ".join(_example(example, text) for example in finding.examples)


def _example(example: LogExample, text: Text) -> str:
    line = f"{visible(example.file)}:{example.line}" if example.file else f"{example.line}"
    if not example.cells:
        return text("learn.example_line", line=line)
    cells = ", ".join(
        f"{_role(role, text)} {_words(role, words, text)}" for role, words in example.cells
    )
    return text("learn.example", line=line, cells=cells)


def _role(role: str, text: Text) -> str:
    return text(f"learn.role.{role}")


def _words(role: str, words: str, text: Text) -> str:
    if role != "outcome":
        return visible(words)
    return outcome_words(words, text)


def _shortened(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
