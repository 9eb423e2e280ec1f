"""The journal said as an event log, for process-mining tools: XES (IEEE 1849) or CSV.

One trace a case. An event is one instant of the journal; an instant that the journal writes in two
columns is one event: a window is free when who was served leaves unless its clerk wraps up, an
item's release is that of its first review, its decision the end of its last review, and without an
external span its completion too. Times are those of the hall's clock, with their offset from UTC.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple, TextIO
from xml.sax.saxutils import quoteattr

import numpy as np

from sim.arrays import AnyInts
from sim.clock import DAY, utc_offsets
from sim.errors import OptionError, OutputError, Problem
from sim.plan.journal import FORWARDED, MISSED, ONLINE_LIST, PENDING, SERVED
from sim.plan.plan import Names
from sim.results.columns import CASE_FATES, FATES
from sim.results.tables import Tables
from sim.text.foreign import cell

SUFFIXES: Final = (".xes", ".xes.gz", ".csv")
EPOCH: Final = date(1970, 1, 1).toordinal()
"""The day that numpy counts from."""
ACTIVITIES: Final = (
    "arrive",
    "rejoin",
    "apply_online",
    "greet",
    "take_ticket",
    "service",
    "precheck",
    "accept",
    "receive",
    "arrange",
    "papers_arrive",
    "wrap_up",
    "call",
)
"""Activities that are no fate and no item, by code; each has a text `event.<name>`."""
ARRIVE, REJOIN, APPLY_ONLINE, GREET, TAKE_TICKET, SERVICE, PRECHECK, ACCEPT, RECEIVE = range(9)
ARRANGE, PAPERS_ARRIVE, WRAP_UP, CALL = range(9, 13)
FIRST_FATE: Final = len(ACTIVITIES)
FIRST_CASE_FATE: Final = FIRST_FATE + len(FATES)
FIRST_ITEM: Final = FIRST_CASE_FATE + len(CASE_FATES)
TRANSITIONS: Final = ("schedule", "start", "complete")
"""Steps of the standard lifecycle that a journal has an instant for."""
SCHEDULE, START, COMPLETE = range(3)
INSTANCES: Final = ("ticket", "case", "review", "external", "visit", "survey")
"""What an event belongs to; with the row in its table it names the activity's instance."""
TICKET, CASE, REVIEW, EXTERNAL, VISIT, SURVEY = range(6)
OUTCOMES: Final = (*FATES, "correction", "granted", "rejected")
"""How a ticket or a review ended; the texts are `fate.<name>` and `outcome.<name>`."""
CORRECTION, GRANTED, REFUSED = range(len(FATES), len(OUTCOMES))
CHANNELS: Final = ("hall", "online")
PURPOSES: Final = ("intake", "hand_in", "apply", "collect", "also")
"""Kinds of errand, in the order of their codes on the tape."""
EXTENSIONS: Final = {
    "Concept": "concept",
    "Lifecycle": "lifecycle",
    "Organizational": "org",
    "Time": "time",
}
NAMESPACE: Final = "http://www.xes-standard.org/"
NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
CHUNK: Final = 2_000
"""Cases whose words are in memory at a time."""
NOBODY: Final = -1
"""Of a column that an event or a case has nothing to say in."""


class LogColumn(NamedTuple):
    """One attribute of a log."""

    key: str
    """As tools know it: with the prefix of an XES extension, or the project's word."""
    column: str
    """Under which text `column.<name>` people find what it holds."""
    kind: str
    """Element of XES."""


CASE_COLUMNS: Final = {
    "case": LogColumn("concept:name", "case", "string"),
    "matter": LogColumn("matter", "matter", "string"),
    "class_": LogColumn("class", "class", "string"),
    "township": LogColumn("township", "township", "string"),
    "channel": LogColumn("channel", "channel", "string"),
    "fate": LogColumn("fate", "case_fate", "string"),
    "trips": LogColumn("trips", "trips", "int"),
    "people": LogColumn("people", "people", "int"),
    "measured": LogColumn("measured", "measured", "boolean"),
}
"""Attributes of a trace; in CSV their keys begin with `case:`."""
EVENT_COLUMNS: Final = {
    "activity": LogColumn("concept:name", "activity", "string"),
    "at": LogColumn("time:timestamp", "timestamp", "date"),
    "transition": LogColumn("lifecycle:transition", "transition", "string"),
    "instance": LogColumn("concept:instance", "activity_instance", "string"),
    "resource": LogColumn("org:resource", "window", "string"),
    "group": LogColumn("org:group", "window_group", "string"),
    "place": LogColumn("place", "place", "string"),
    "list_": LogColumn("list", "list", "string"),
    "trip": LogColumn("trip", "trip", "int"),
    "purpose": LogColumn("purpose", "purpose", "string"),
    "channel": LogColumn("channel", "channel", "string"),
    "round": LogColumn("round", "round", "int"),
    "outcome": LogColumn("outcome", "outcome", "string"),
}
"""Attributes of an event, in the order in which they are written."""


class Labels(NamedTuple):
    """What the indices of a log are written as; letters as in `plan.py`."""

    activities: Sequence[str]
    """ACTIVITIES, FATES and CASE_FATES."""
    items: Sequence[str]
    """Shape (I,): the reviews of an item."""
    externals: Sequence[str]
    """Shape (I,): the external span of an item."""
    matters: Sequence[str]
    classes: Sequence[str]
    townships: Sequence[str]
    departments: Sequence[str]
    places: Sequence[str]
    lists: Sequence[str]
    windows: Sequence[str]
    groups: Sequence[str]
    """Shape (W,): group of each window."""
    outcomes: Sequence[str]
    channels: Sequence[str]
    purposes: Sequence[str]


def id_labels(names: Names) -> Labels:
    """Ids, which no language and no changed display name touches."""
    return Labels(
        activities=(*ACTIVITIES, *FATES, *CASE_FATES),
        items=names.items,
        externals=[f"{item}.external" for item in names.items],
        matters=names.matters,
        classes=names.classes,
        townships=names.townships,
        departments=names.departments,
        places=names.places,
        lists=names.lists,
        windows=names.windows,
        groups=names.groups,
        outcomes=OUTCOMES,
        channels=CHANNELS,
        purposes=PURPOSES,
    )


class LogEvents(NamedTuple):
    """One row an event, in order of cases and of time; indices are -1 where there is nothing."""

    case: AnyInts
    at: AnyInts
    """int64: ticks."""
    activity: AnyInts
    """Place among activities, fates, fates of cases, items, external spans of items."""
    transition: AnyInts
    kind: AnyInts
    """Place in INSTANCES."""
    row: AnyInts
    """Row of the ticket, case, review or item."""
    window: AnyInts
    department: AnyInts
    place: AnyInts
    """Hall or station where it happened, also of a visit from there; -1 = at a department, or
    online."""
    list_: AnyInts
    trip: AnyInts
    purpose: AnyInts
    channel: AnyInts
    round: AnyInts
    """1 for the first review of an item."""
    outcome: AnyInts


class Written(NamedTuple):
    """What a log file holds."""

    cases: int
    events: int


def write_log(
    tables: Tables,
    path: Path,
    labels: Labels | None = None,
    about: Mapping[str, str] | None = None,
    *,
    bom: bool = False,
) -> Written:
    """Write the tables of one replication as an event log.

    The file appears under its name complete or not at all, in place of one that was there, and the
    same tables always give the same bytes.

    Parameters
    ----------
    tables : Tables
        One replication; every case that came is one trace, also in warm-up and follow-up: the
        attribute `measured` tells them apart.
    path : Path
        Ends in `.xes`, `.xes.gz` or `.csv`.
    labels : Labels, optional
        Names to write instead of ids; `sim.views.values.log_labels` makes them in a language.
    about : mapping of str to str, optional
        What else an XES file says of itself, such as the seed.
    bom : bool
        Begin a CSV file with the mark that tells Excel it is UTF-8.

    Returns
    -------
    Written
        Number of cases and of events.

    Raises
    ------
    OptionError
        For another suffix.
    OutputError
        When the file cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from sim import compile_plan, draw_tape, example_path, load_scenario, run
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=1"])
    >>> plan = compile_plan(scenario, "hall")
    >>> tape = draw_tape(plan.demand, seed=1, replication=0)
    >>> tables = Tables(plan, tape, run(plan, tape))
    >>> with TemporaryDirectory() as folder:
    ...     written = write_log(tables, Path(folder) / "day.xes.gz")
    >>> written.cases == len(tape.cases.arrived_at)
    True
    """
    suffix = log_suffix(path)
    log = EventLog(tables, labels or id_labels(tables.plan.names))
    with _appearing(path) as stream:
        out = io.TextIOWrapper(stream, encoding="utf-8", newline="")
        if suffix == ".csv":
            out.write("\ufeff" * bom)
            log.write_csv(out)
        else:
            log.write_xes(out, about or {})
        out.flush()
        out.detach()
    return Written(len(log.came), len(log.events.at))


def log_suffix(path: Path) -> str:
    """Which of the known suffixes a file has.

    Raises
    ------
    OptionError
        When it has none of them.
    """
    for suffix in SUFFIXES:
        if path.name.lower().endswith(suffix) and len(path.name) > len(suffix):
            return suffix
    file_name, allowed = path.name, ", ".join(SUFFIXES)
    raise OptionError(Problem("unknown_suffix", "--out", found=file_name, allowed=allowed))


@contextmanager
def _appearing(path: Path) -> Iterator[Any]:
    """A file open for bytes that takes its name when all is written."""
    making = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with making.open("wb") as file:
            if path.name.lower().endswith(".gz"):
                # neither name nor time of the file goes into its bytes
                with gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
                    yield packed
            else:
                yield file
        os.replace(making, path)
    except OSError:
        raise OutputError(Problem("unwritable_output", found=str(path))) from None
    finally:
        with suppress(OSError):
            making.unlink(missing_ok=True)


class EventLog:
    """The events of one replication, and how they are written."""

    def __init__(self, tables: Tables, labels: Labels) -> None:
        self.tables, self.labels = tables, labels

    @cached_property
    def events(self) -> LogEvents:
        """All events, sorted by case and instant, at one instant as the story goes."""
        parts = [
            *self._of_tickets(),
            *self._of_cases(),
            *self._of_reviews(),
            *self._of_externals(),
            *self._of_visits(),
            *self._of_surveys(),
        ]
        ranks = [rank for _, rank in parts]
        columns = {
            name: np.concatenate([part[name] for part, _ in parts]) for name in LogEvents._fields
        }
        order = np.lexsort((*np.concatenate(ranks, axis=1)[::-1], columns["at"], columns["case"]))
        return LogEvents(**{name: column[order] for name, column in columns.items()})

    @cached_property
    def came(self) -> AnyInts:
        """Cases with a trace: whoever came before the run ended."""
        return np.unique(self.events.case)

    # === from the journal === #

    def _part(
        self, case: AnyInts, at: AnyInts, rank: tuple[Any, Any, Any], **columns: Any
    ) -> tuple[dict[str, AnyInts], AnyInts]:
        """Events of what happened, and how they rank among others of their case and instant."""
        rows = np.flatnonzero(at >= 0)

        def filled(values: Any) -> AnyInts:
            return np.broadcast_to(np.asarray(values, dtype=np.int64), len(at))[rows]

        part = {name: filled(columns.get(name, NOBODY)) for name in LogEvents._fields}
        part.update(case=filled(case), at=filled(at))
        return part, np.stack([filled(row) for row in rank])

    def _of_tickets(self) -> Iterator[tuple[dict[str, AnyInts], AnyInts]]:
        """The door, the desk, the ticket, the window; online the application and its pre-check.

        Papers that a place sent on have the same story, but that nobody came with them.
        """
        t, n = self.tables.tickets, len(self.tables.tickets.case)
        online, rows = t.list_ == ONLINE_LIST, np.arange(n)
        first = np.ones(n, dtype=np.bool_)
        order = np.lexsort((rows, t.trip, t.case))
        first[order[1:]] = (np.diff(t.case[order]) != 0) | (np.diff(t.trip[order]) != 0)
        worked = np.isin(t.fate, (PENDING, SERVED))
        at_window = np.where(worked, SERVICE, FIRST_FATE + t.fate)
        was_called = t.called_at >= 0
        work = np.where(online, PRECHECK, at_window)
        in_person = np.where(first, ARRIVE, REJOIN)
        by_hand = np.where(self.tables.papers, PAPERS_ARRIVE, in_person)
        comes = np.where(online, APPLY_ONLINE, by_hand)
        queue = np.where(online, PRECHECK, TAKE_TICKET)
        ends = np.where(online & was_called, PRECHECK, at_window)
        common = {
            "kind": TICKET,
            "row": rows,
            "place": t.place,
            "trip": np.where(t.trip > 0, t.trip, NOBODY),
            "purpose": self.tables.tape.errands.purpose[t.errand],
            "channel": online,
        }
        desk = np.where(online, self.tables.plan.office.online_department, NOBODY)
        here = {"department": desk, "list_": np.maximum(t.list_, NOBODY)}
        with_window = {**here, "window": t.window}
        freed = self.tables.journal.free_again_at[:n]
        wrapped_up = np.where(freed > t.ended_at, freed, NOBODY)
        # who misses the call is never at the window; else both are one event but for a walk
        starts = np.where(t.fate == MISSED, t.called_at, t.began_at)
        calls = np.where(t.called_at == starts, NOBODY, t.called_at)
        for step, (at, activity, transition, more) in enumerate(
            (
                (t.arrived_at, comes, COMPLETE, {}),
                (t.greeted_at, GREET, COMPLETE, {}),
                (t.taken_at, queue, np.where(online, SCHEDULE, COMPLETE), here),
                (calls, CALL, COMPLETE, with_window),
                (starts, work, START, with_window),
                (t.ended_at, ends, COMPLETE, {**with_window, "outcome": t.fate}),
                (wrapped_up, WRAP_UP, COMPLETE, with_window),
            )
        ):
            yield self._part(
                t.case,
                at,
                (0, rows, step),
                activity=activity,
                transition=transition,
                **common,
                **more,
            )

    def _of_cases(self) -> Iterator[tuple[dict[str, AnyInts], AnyInts]]:
        """Acceptance, how the case ended, and its result in the applicant's hands."""
        cases = self.tables.cases
        rows = np.arange(len(cases.matter))
        common = {"kind": CASE, "row": rows, "transition": COMPLETE}
        taken_in, handed_over = self._place_of("intake"), self._place_of("collect")
        accepted, issued = cases.accepted_at, cases.issued_at
        yield self._part(rows, accepted, (1, 0, 0), activity=ACCEPT, place=taken_in, **common)
        ends = FIRST_CASE_FATE + cases.fate
        yield self._part(rows, cases.closed_at, (3, 0, 0), activity=ends, **common)
        yield self._part(rows, issued, (4, 0, 0), activity=RECEIVE, place=handed_over, **common)

    def _place_of(self, purpose: str) -> AnyInts:
        """int64, shape (C,): where a case was served for a purpose; -1 = online, or not."""
        t = self.tables.tickets
        done = (t.fate == SERVED) & (
            self.tables.tape.errands.purpose[t.errand] == PURPOSES.index(purpose)
        )
        place = np.full(len(self.tables.tape.cases.matter), NOBODY, dtype=np.int64)
        place[t.case[done]] = t.place[done]
        return place

    def _of_reviews(self) -> Iterator[tuple[dict[str, AnyInts], AnyInts]]:
        """Rounds of items; returning papers say how they were corrected."""
        tape, journal, office = self.tables.tape, self.tables.journal, self.tables.plan.office
        rows = np.flatnonzero(tape.items.application[tape.reviews.case_item] < 0)
        j = tape.reviews.case_item[rows].astype(np.int64)
        first = tape.items.review_offsets[:-1][j]
        last = rows == tape.items.review_offsets[1:][j] - 1
        decided = np.where(tape.items.rejected[j], REFUSED, GRANTED)
        common = {
            "kind": REVIEW,
            "row": rows,
            "activity": FIRST_ITEM + tape.items.item[j].astype(np.int64),
            "department": office.department[tape.items.item[j]],
            "round": rows - first + 1,
        }
        outcome = np.where(last, decided, CORRECTION)
        mended = np.where(rows > first, self._came_back()[rows], NOBODY)
        for step, (at, more) in enumerate(
            (
                (
                    journal.released_at,
                    {"channel": mended},
                ),
                (journal.started_at, {}),
                (journal.ended_review_at, {"outcome": outcome}),
            )
        ):
            rank = (2, self._after(j), 4 * rows + step)
            case = tape.items.case[j]
            yield self._part(case, at[rows], rank, transition=step, **common, **more)

    def _came_back(self) -> AnyInts:
        """int64, shape (Q,): how papers came back before each round; online but for a trip."""
        t, tape = self.tables.tickets, self.tables.tape
        in_hall = np.zeros(len(tape.errands.purpose) + 1, dtype=np.bool_)
        in_hall[t.errand[(t.trip > 0) & np.isin(t.fate, (SERVED, FORWARDED))]] = True
        before = np.concatenate([[NOBODY], tape.reviews.hand_in])[:-1]
        return np.where(in_hall[before], CHANNELS.index("hall"), CHANNELS.index("online"))

    def _of_externals(self) -> Iterator[tuple[dict[str, AnyInts], AnyInts]]:
        """Spans of outsiders, where an item has one."""
        tape, journal, names = self.tables.tape, self.tables.journal, self.tables.plan.names
        j = np.flatnonzero((tape.items.external_ticks > 0) | (tape.items.external_workdays > 0))
        activity = FIRST_ITEM + len(names.items) + tape.items.item[j].astype(np.int64)
        ends = 4 * tape.items.review_offsets[1:][j].astype(np.int64)
        for transition, column in ((START, journal.reviewed_at), (COMPLETE, journal.completed_at)):
            yield self._part(
                tape.items.case[j],
                column[j],
                (2, self._after(j), ends - 2 + transition - START),
                activity=activity,
                transition=transition,
                kind=EXTERNAL,
                row=j,
            )

    def _of_visits(self) -> Iterator[tuple[dict[str, AnyInts], AnyInts]]:
        """Further departments: when the applicant can go there, and has got the papers accepted."""
        tape, journal = self.tables.tape, self.tables.journal
        j = np.flatnonzero(tape.items.application >= 0)
        for transition, column in (
            (SCHEDULE, journal.item_released_at),
            (COMPLETE, journal.completed_at),
        ):
            yield self._part(
                tape.items.case[j],
                column[j],
                (2, self._after(j), 4 * tape.items.review_offsets[j].astype(np.int64) + transition),
                activity=FIRST_ITEM + tape.items.item[j].astype(np.int64),
                department=self.tables.plan.office.department[tape.items.item[j]],
                transition=transition,
                kind=VISIT,
                row=j,
            )

    def _of_surveys(self) -> Iterator[tuple[dict[str, AnyInts], AnyInts]]:
        """When the appointment of a joint survey is made."""
        tape, plan = self.tables.tape, self.tables.plan
        j = np.flatnonzero(plan.demand.items.attendances[tape.items.item])
        yield self._part(
            tape.items.case[j],
            self.tables.journal.item_released_at[j],
            (2, self._after(j), 4 * tape.items.review_offsets[j].astype(np.int64) - 1),
            activity=ARRANGE,
            department=plan.office.department[tape.items.item[j]],
            transition=COMPLETE,
            kind=SURVEY,
            row=j,
        )

    def _after(self, j: AnyInts) -> AnyInts:
        """Rank of items that what comes after them exceeds: the number that come before."""
        tape, office = self.tables.tape, self.tables.plan.office
        n_before = np.diff(office.after_offsets)[tape.items.item[j]]
        return n_before * (len(tape.items.item) + 1) + j

    # === as text === #

    @cached_property
    def _words(self) -> dict[str, Sequence[str]]:
        """What each column's indices are written as."""
        labels = self.labels
        return {
            "activity": (*labels.activities, *labels.items, *labels.externals),
            "transition": TRANSITIONS,
            "resource": labels.windows,
            "group": (*labels.groups, *labels.departments),
            "place": labels.places,
            "list_": labels.lists,
            "purpose": labels.purposes,
            "channel": labels.channels,
            "outcome": labels.outcomes,
            "matter": labels.matters,
            "class_": labels.classes,
            "township": labels.townships,
            "fate": labels.activities[FIRST_CASE_FATE:],
            "measured": ("false", "true"),
        }

    def _texts(self, column: str, values: AnyInts, written: Callable[[str], str]) -> list[str]:
        """Indices as words, whole numbers as digits; nothing as the empty string."""
        words = self._words.get(column)
        if words is None:
            return [str(value) if value >= 0 else "" for value in values.tolist()]
        by_index = (*(written(word) for word in words), "")
        return [by_index[value] for value in values.tolist()]

    def _chunks(
        self, written: Callable[[str], str] = str
    ) -> Iterator[tuple[dict[str, list[str]], dict[str, list[str]], list[int]]]:
        """Texts of some cases, texts of their events, and where each case's events start.

        `written` says how a name is written in the file.
        """
        events, starts = self.events, np.searchsorted(self.events.case, self.came)
        bounds = np.append(starts, len(events.at))
        for first in range(0, len(self.came), CHUNK):
            cases = self.came[first : first + CHUNK]
            edges = bounds[first : first + len(cases) + 1]
            rows = slice(int(edges[0]), int(edges[-1]))
            texts = self._case_texts(cases, written), self._event_texts(rows, written)
            yield *texts, (edges - edges[0]).tolist()

    def _case_texts(self, rows: AnyInts, written: Callable[[str], str]) -> dict[str, list[str]]:
        cases = self.tables.cases
        columns = {
            "case": rows,
            "matter": cases.matter[rows],
            "class_": cases.class_[rows],
            "township": cases.township[rows],
            "channel": cases.online[rows].astype(np.int64),
            "fate": cases.fate[rows],
            "trips": cases.trips[rows],
            "people": 1 + self.tables.tape.cases.companions[rows].astype(np.int64),
            "measured": (self.tables.day_of(cases.arrived_at[rows]) >= 0).astype(np.int64),
        }
        return {name: self._texts(name, columns[name], written) for name in CASE_COLUMNS}

    def _event_texts(self, rows: slice, written: Callable[[str], str]) -> dict[str, list[str]]:
        events = LogEvents(*(column[rows] for column in self.events))
        n_windows = len(self.labels.windows)
        of_department = np.where(events.department >= 0, n_windows + events.department, NOBODY)
        columns = {
            **events._asdict(),
            "resource": events.window,
            "group": np.where(events.window >= 0, events.window, of_department),
        }
        texts = {
            name: self._texts(name, columns[name], written)
            for name in EVENT_COLUMNS
            if name not in {"at", "instance"}
        }
        texts["at"] = self._times(events.at)
        named = zip(events.kind.tolist(), events.row.tolist(), strict=True)
        texts["instance"] = [f"{INSTANCES[kind]}.{row}" for kind, row in named]
        return {name: texts[name] for name in EVENT_COLUMNS}

    def _times(self, ticks: AnyInts) -> list[str]:
        """ISO 8601 with milliseconds, which are ticks, and the offset of the hall's clock."""
        period = self.tables.plan.period
        start = (period.start_ordinal - EPOCH) * DAY
        stamps = np.datetime_as_string((ticks + start).astype("datetime64[ms]"))
        first = date.fromordinal(period.start_ordinal)
        offsets = utc_offsets(period.time_zone, first, np.asarray(ticks, dtype=np.int64))
        return [f"{stamp}{offset}" for stamp, offset in zip(stamps.tolist(), offsets, strict=True)]

    def write_csv(self, out: TextIO) -> None:
        """One row an event, the attributes of its case behind its own; `read_cell` reads one."""
        writer = csv.writer(out, lineterminator="\n")
        case_keys = [f"case:{column.key}" for column in CASE_COLUMNS.values()]
        event_keys = [column.key for column in EVENT_COLUMNS.values()]
        writer.writerow([case_keys[0], *event_keys, *case_keys[1:]])
        for case_texts, event_texts, edges in self._chunks(cell):
            rows = list(zip(*event_texts.values(), strict=True))
            for n, (name, *other_texts) in enumerate(zip(*case_texts.values(), strict=True)):
                writer.writerows(
                    (name, *row, *other_texts) for row in rows[edges[n] : edges[n + 1]]
                )

    def write_xes(self, out: TextIO, about: Mapping[str, str]) -> None:
        """Extensions, globals, classifiers, attributes of the log, then the traces."""
        names = self.tables.plan.names
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        out.write(f'<log xes.version="1.0" xes.features="" xmlns="{NAMESPACE}">\n')
        for name, prefix in EXTENSIONS.items():
            uri = f"{NAMESPACE}{prefix}.xesext"
            out.write(f'\t<extension name="{name}" prefix="{prefix}" uri="{uri}"/>\n')
        nothing = {"date": self._times(np.zeros(1, np.int64))[0]}
        for scope, columns in (
            ("trace", [CASE_COLUMNS["case"]]),
            ("event", [EVENT_COLUMNS[name] for name in ("activity", "at", "transition")]),
        ):
            out.write(f'\t<global scope="{scope}">\n')
            for column in columns:
                out.write(
                    "\t\t" + _attribute(column.kind, column.key, nothing.get(column.kind, ""))
                )
            out.write("\t</global>\n")
        out.write('\t<classifier name="Activity" keys="concept:name"/>\n')
        out.write('\t<classifier name="Transition" keys="concept:name lifecycle:transition"/>\n')
        log = {
            "concept:name": names.layout,
            "lifecycle:model": "standard",
            "layout": names.layout,
            "scenario": self.tables.plan.scenario_hash,
            **about,
        }
        for key, value in log.items():
            out.write("\t" + _attribute("string", key, value))
        for case_texts, event_texts, edges in self._chunks():
            traces = _elements(CASE_COLUMNS, case_texts, "\t\t")
            events = _elements(EVENT_COLUMNS, event_texts, "\t\t\t")
            for n, trace in enumerate(traces):
                out.write(f"\t<trace>\n{trace}")
                for event in events[edges[n] : edges[n + 1]]:
                    out.write(f"\t\t<event>\n{event}\t\t</event>\n")
                out.write("\t</trace>\n")
        out.write("</log>\n")


def _elements(
    columns: Mapping[str, LogColumn], texts: Mapping[str, list[str]], indent: str
) -> list[str]:
    """The attributes of each row; what a row has nothing to say of is left out."""
    made = []
    for name, column in columns.items():
        words = texts[name]
        attribute_of = {
            word: indent + _attribute(column.kind, column.key, word) if word else ""
            for word in dict.fromkeys(words)
        }
        made.append([attribute_of[word] for word in words])
    return ["".join(row) for row in zip(*made, strict=True)]


def _attribute(kind: str, key: str, value: str) -> str:
    r"""An attribute of XES on a line of its own; characters that XML cannot hold become `\ufffd`.

    Examples
    --------
    >>> _attribute("string", "list", 'A & "B"')
    '<string key="list" value=\'A &amp; "B"\'/>\n'
    """
    return f"<{kind} key={quoteattr(key)} value={quoteattr(NOT_IN_XML.sub(chr(0xFFFD), value))}/>\n"
