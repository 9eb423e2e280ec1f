"""A log read: which column is which, how good it is, and its tickets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Final, NamedTuple

import numpy as np
from pyarrow import compute

from sim.arrays import Ints
from sim.clock import DAY
from sim.errors import Problem, ScenarioError
from sim.learning.arrivals import ArrivalFit, fit_arrivals
from sim.learning.book import BookFit, fit_book
from sim.learning.booked import BookedFit, fit_booked
from sim.learning.case_log import CaseLog, case_log
from sim.learning.case_rows import CaseRows, case_rows, is_case_log, join_part
from sim.learning.column_guess import with_guessed_instants
from sim.learning.columns import (
    CASES,
    SNAPSHOTS,
    HowMapped,
    LogMapping,
    LogRole,
    guess_mapping,
    is_heading,
    looks_personal,
)
from sim.learning.event_log import OWN_FORM, event_rows, is_event_log
from sim.learning.log_file import read_log_file
from sim.learning.log_files import FileSpan, LogFiles, file_spans, read_log_files
from sim.learning.log_memory import refuse_beyond_memory
from sim.learning.log_rows import EPOCH, LogRows, log_rows
from sim.learning.log_tickets import ticket_log
from sim.learning.mix import MixFit, fit_mix
from sim.learning.patience import PatienceFit, fit_patience
from sim.learning.patience_groups import PatienceGroups, fit_patience_groups
from sim.learning.punctuality import PunctualityFit, fit_punctuality
from sim.learning.quality import LogQuality, look_through
from sim.learning.services import ServiceFit, fit_services
from sim.learning.snapshot_fit import SnapshotFit, fit_snapshots
from sim.learning.snapshot_rows import is_snapshot_log, snapshot_rows
from sim.learning.snapshots import snapshot_table
from sim.learning.staffing import StaffingFit, fit_staffing
from sim.learning.ticket_log import TicketLog
from sim.learning.trap_cells import SHORTEST_SERVICE, place_code
from sim.learning.traps import LogHall, LogTreatment
from sim.scenario.tables import CellTable, folded

MOST_EXAMPLES: Final = 3
MASKED: Final = frozenset({"clerk", "ticket", "case"})
"""Columns whose cells are not shown: they lead to people."""


@dataclass(frozen=True)
class MappedColumn:
    """One column of a log as it was understood.

    Attributes
    ----------
    role : str
    heading : str
    how : str
        Who says that it is this column: an option, a form, the heading.
    filled : float
        Share of the rows in which something stands.
    examples : tuple of str
        The first cells that differ; none of a column that leads to people.
    """

    role: LogRole
    heading: str
    how: HowMapped
    filled: float
    examples: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class LearnedLog:
    """A log read.

    Attributes
    ----------
    file : str
        Where it is; of several files their names.
    files : LogFiles
        All of them, and which lines of the log are in which.
    spans : tuple of FileSpan
        What each of them holds.
    form : str
        Of a known system; `govhall_log` = of this program; empty = none that is known.
    columns : tuple of MappedColumn
    personal, left_aside : tuple of str
        Headings of columns that were dropped as they say who somebody is, and of others that
        nothing is read from.
    quality : LogQuality
    log : TicketLog or CaseLog
    arrivals : ArrivalFit or None
        When people came; None of cases, and with fewer than five whole days.
    staffing : StaffingFit or None
        Windows in use by half hour and date; None of cases, and where no service has a length.
    mix : MixFit or None
        What people come for, and how tickets end; None of cases.
    services : ServiceFit or None
        How long work takes; None of cases, and with fewer than thirty services or five days.
    patience : PatienceFit or None
        Who does not wait to the end; None of cases, and with fewer than a hundred known waits.
    patience_groups : tuple of PatienceGroups
        Whether matters, or booked people, differ in it; none where it is not told.
    booked : BookedFit or None
        None of cases, and where the log does not tell booked people from walk-ins.
    punctuality : PunctualityFit or None
        None of cases, and where the log does not tell for when people had booked.
    book : BookFit or None
        Slots and places; None of cases, and where the log tells no slots of the day.
    snapshots : SnapshotFit or None
        Of snapshots of queues, from which the tickets were told; None of any other log.
    """

    file: str
    files: LogFiles
    spans: tuple[FileSpan, ...]
    form: str
    columns: tuple[MappedColumn, ...]
    personal: tuple[str, ...]
    left_aside: tuple[str, ...]
    quality: LogQuality
    log: TicketLog | CaseLog
    arrivals: ArrivalFit | None = None
    staffing: StaffingFit | None = None
    mix: MixFit | None = None
    services: ServiceFit | None = None
    patience: PatienceFit | None = None
    patience_groups: tuple[PatienceGroups, ...] = ()
    booked: BookedFit | None = None
    punctuality: PunctualityFit | None = None
    book: BookFit | None = None
    snapshots: SnapshotFit | None = None


def read_log(
    path: str | Path | Sequence[str | Path],
    form: str = "",
    by_hand: Mapping[LogRole, str] | None = None,
    chosen: Mapping[str, LogTreatment] | None = None,
    hall: LogHall = LogHall(),
    problems: list[Problem] | None = None,
    parts: Sequence[str | Path] = (),
    content: bytes | Sequence[bytes | None] | None = None,
    part_contents: Sequence[bytes | None] = (),
) -> LearnedLog:
    """Read the log of a ticket system or of cases, snapshots of queues, or this program's own log.

    Parameters
    ----------
    path
        CSV (UTF-8 or GB18030, also packed as .gz), xlsx, xls or Parquet; several files are one log,
        such as an export a month.
    form
        Name of a known form; default: what the headings tell.
    by_hand
        Column -> the heading it stands under, where the program would not find it.
    chosen
        Trap -> what is done about it; default: the first of its treatments.
    hall
        Calendar and time zone, which say what days and hours are odd.
    problems
        Gets notes.
    parts
        Other tables of a log of cases: results, suspensions.
    content
        Of files that are not on a disk; their paths are then only what they are called.
    part_contents
        Of each of the parts, where they are not on a disk.

    Raises
    ------
    ScenarioError
        When a file cannot be read, or says of nobody when they came; as `read_log_files`;
        `log_memory` when this machine has no memory for so many rows.
    OptionError
        When a heading that is asked for is not there.

    Examples
    --------
    >>> from sim import data_dir
    >>> learned = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv")
    >>> learned.form, learned.quality.rows_left_out, learned.quality.findings
    ('thallqueue', 0, ())
    >>> len(learned.log) == learned.quality.rows_read
    True
    """
    problems = [] if problems is None else problems
    by_hand = by_hand or {}
    paths = [path] if isinstance(path, str | Path) else [*path]
    contents = [content] if isinstance(content, bytes) else content
    cells, files = read_log_files(paths, problems, is_heading, contents or ())
    refuse_beyond_memory(len(cells.lines), files.name)
    ragged = [line for line, _ in cells.ragged]
    try:
        if is_event_log(cells.names) and not form and not by_hand:
            mapping = LogMapping({}, {}, OWN_FORM)
            tickets = event_rows(cells)
        elif form in SNAPSHOTS.forms or (not form and is_snapshot_log(cells.names, by_hand)):
            mapping = guess_mapping(cells.names, form, by_hand, SNAPSHOTS)
            if parts:
                raise ScenarioError(Problem("log_part", "--join", found=str(parts[0])))
            return _of_snapshots(files, cells, mapping, hall, chosen, ragged)
        elif form in CASES.forms or (not form and is_case_log(cells.names, by_hand)):
            of_parts = [
                _FurtherTable(str(part), read_log_file(Path(part), problems, is_heading, content))
                for part, content in zip(parts, part_contents or [None] * len(parts), strict=True)
            ]
            mapping = guess_mapping(cells.names, form, _of_cases(by_hand, cells, of_parts), CASES)
            cases = case_rows(cells, mapping)
            cases.file = files.number_of(cells.lines)
            _join(cases, cells, mapping, of_parts, by_hand, problems)
            quality = look_through(cases, hall, chosen, ragged)
            return _learned(files, cells, mapping, quality, cases, case_log(cases))
        else:
            mapping = guess_mapping(cells.names, form, by_hand)
            mapping = with_guessed_instants(mapping, cells, problems)
            tickets = log_rows(cells, mapping)
            tickets.file = files.number_of(cells.lines)
        if parts:
            raise ScenarioError(Problem("log_part", "--join", found=str(parts[0])))
        quality = look_through(tickets, hall, chosen, ragged)
        log = ticket_log(tickets)
    except ScenarioError as error:
        raise ScenarioError(_in_file(problem, files, cells) for problem in error.problems) from None
    staffing = fit_staffing(log)
    groups = () if staffing is None else staffing.groups
    patience = fit_patience(log)
    arrivals = fit_arrivals(log, hall.holidays)
    return replace(
        _learned(files, cells, mapping, quality, tickets, log),
        arrivals=arrivals,
        staffing=staffing,
        mix=fit_mix(log),
        services=fit_services(log, groups, hall.holidays, _floor(quality)),
        patience=patience,
        patience_groups=fit_patience_groups(log, patience),
        booked=fit_booked(log),
        punctuality=fit_punctuality(log),
        book=fit_book(log, arrivals, hall.holidays, absent=_absent(tickets, log, hall)),
    )


def _absent(rows: LogRows, log: TicketLog, hall: LogHall) -> Ints:
    """int64: slots of rows that say a booking and no instant: who had booked and took no ticket."""
    never = rows.has("booked_for")
    for name in ("arrived", "taken", "called", "started"):
        never &= ~rows.has(name) & ~rows.unread.get(name, np.zeros(len(rows), np.bool_))
    if hall.place:
        never &= rows["place"] == place_code(rows, hall.place, hall.place)
    return np.asarray(rows["booked_for"][never] - (log.first_date.toordinal() - EPOCH) * DAY)


def _of_snapshots(
    files: LogFiles,
    cells: CellTable,
    mapping: LogMapping,
    hall: LogHall,
    chosen: Mapping[str, LogTreatment] | None,
    ragged: Sequence[int],
) -> LearnedLog:
    """Snapshots of queues, and the tickets that they imply.

    Raises
    ------
    ScenarioError
        `log_no_row_left`; `snapshots_no_numbers` where no number tells who was called.
    """
    rows = snapshot_rows(cells, mapping)
    rows.file = files.number_of(cells.lines)
    quality = look_through(rows, hall, chosen, ragged)
    if not rows.is_there.any():
        raise ScenarioError(Problem("log_no_row_left"))
    fit = fit_snapshots(snapshot_table(rows), hall.holidays)
    if fit is None:
        raise ScenarioError(Problem("snapshots_no_numbers"))
    return replace(
        _learned(files, cells, mapping, quality, rows, fit.log),
        arrivals=fit.arrivals,
        staffing=fit.staffing,
        services=fit.services,
        snapshots=fit.fit,
    )


def _floor(quality: LogQuality) -> int:
    """Ticks below which services were taken for none."""
    are_kept = any(f.trap == "short_service" and f.treatment == "kept" for f in quality.findings)
    return 0 if are_kept else SHORTEST_SERVICE


def _learned(
    files: LogFiles,
    cells: CellTable,
    mapping: LogMapping,
    quality: LogQuality,
    rows: LogRows,
    log: TicketLog | CaseLog,
) -> LearnedLog:
    return LearnedLog(
        file=files.name,
        files=files,
        spans=file_spans(files, rows, quality),
        form=mapping.form,
        columns=tuple(_columns(cells, mapping)),
        personal=mapping.personal,
        left_aside=mapping.left_aside,
        quality=_by_file(quality, files),
        log=log,
    )


def _by_file(quality: LogQuality, files: LogFiles) -> LogQuality:
    """The account of a log of several files, whose examples say of which."""
    if len(files.each) == 1:
        return quality
    findings = []
    for finding in quality.findings:
        places = [files.place(example.line) for example in finding.examples]
        examples = [
            example._replace(file=PurePath(file).name, line=line)
            for example, (file, line) in zip(finding.examples, places, strict=True)
        ]
        findings.append(replace(finding, examples=tuple(examples)))
    return replace(quality, findings=tuple(findings))


class _FurtherTable(NamedTuple):
    """A further table of a log of cases."""

    file: str
    cells: CellTable


def _of_cases(
    by_hand: Mapping[LogRole, str], cells: CellTable, parts: Sequence[_FurtherTable]
) -> dict[LogRole, str]:
    """Columns that somebody names, without those whose headings only further tables have."""
    main = {folded(name) for name in cells.names}
    others = {folded(name) for part in parts for name in part.cells.names} - main
    return {role: heading for role, heading in by_hand.items() if folded(heading) not in others}


def _join(
    rows: CaseRows,
    cells: CellTable,
    mapping: LogMapping,
    parts: Sequence[_FurtherTable],
    by_hand: Mapping[LogRole, str],
    problems: list[Problem],
) -> None:
    """Add further tables to the cases; rows of no case are told."""
    for file, part in parts:
        try:
            strangers = join_part(rows, cells, part, mapping.headings.get("case", ""), by_hand)
        except ScenarioError as error:
            raise ScenarioError(
                replace(problem, path="--join", file=file) for problem in error.problems
            ) from None
        if strangers:
            count = f"{strangers:,}"
            told_of = Problem("log_strangers", "--join", file, found=count, severity="warning")
            problems.append(told_of)


def _in_file(problem: Problem, files: LogFiles, cells: CellTable) -> Problem:
    """A problem of the whole log, with its file and its headings."""
    shown = problem.found or ", ".join(cells.names)
    return replace(problem, file=problem.file or files.name, found=shown)


def _columns(cells: CellTable, mapping: LogMapping) -> Iterator[MappedColumn]:
    """What each mapped column holds, for the reader to agree with."""
    by_name = dict(zip(reversed(cells.names), reversed(cells.columns), strict=True))
    for role, heading in mapping.headings.items():
        column = by_name[heading]
        filled = 1 - column.null_count / len(column)
        first = compute.unique(column.slice(0, 1000)).to_pylist() if role not in MASKED else []
        cells_shown = [str(cell) for cell in first if cell is not None]
        if role == "outcome":  # remarks may name people: shown are words that are understood
            cells_shown = [cell for cell in cells_shown if folded(cell) in mapping.outcomes]
        examples = [cell for cell in cells_shown if not looks_personal(cell)][:MOST_EXAMPLES]
        yield MappedColumn(role, heading, mapping.how[role], filled, tuple(examples))
