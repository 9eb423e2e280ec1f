"""The journal said as an event log, for process-mining tools: XES (IEEE 1849) or CSV.

One trace a case, a window, and a list, of the events of `log_events.py`. Times are those of the
hall's clock, with their offset from UTC.
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
from sim.results.log_columns import CASE_COLUMNS, EVENT_COLUMNS, Labels, LogColumn, id_labels
from sim.results.log_events import (
    FIRST_CASE_FATE,
    INSTANCES,
    NOBODY,
    TRANSITIONS,
    JournalEvents,
    LogEvents,
)
from sim.results.tables import Tables
from sim.text.foreign import cell

SUFFIXES: Final = (".xes", ".xes.gz", ".csv")
EPOCH: Final = date(1970, 1, 1).toordinal()
"""The day that numpy counts from."""
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
        Number of cases, and of events, those of windows and lists among them.

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
    return Written(log.n_cases, len(log.events.at))


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
        return JournalEvents(self.tables).in_order()

    @cached_property
    def came(self) -> AnyInts:
        """What has a trace: cases whose people came before the run ended, windows, lists."""
        return np.unique(self.events.case)

    @property
    def n_cases(self) -> int:
        """Cases with a trace."""
        return int(np.searchsorted(self.came, len(self.tables.cases.matter)))

    @cached_property
    def _traces(self) -> list[str]:
        """Names of the traces after those of the cases."""
        names = self.tables.plan.names
        return [
            *(f"window.{name}" for name in names.windows),
            *(f"list.{name}" for name in names.lists),
        ]

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
        n_cases = len(cases.matter)
        others = [written(self._traces[row - n_cases]) for row in rows[rows >= n_cases].tolist()]
        rows = rows[rows < n_cases]
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
        texts = {name: self._texts(name, column, written) for name, column in columns.items()}
        slots = cases.booked_for[rows]
        begins = iter(self._times(slots[slots >= 0]))
        texts["booked_for"] = [next(begins) if slot >= 0 else "" for slot in slots.tolist()]
        return {
            name: column + (others if name == "case" else [""] * len(others))
            for name, column in texts.items()
        }

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
