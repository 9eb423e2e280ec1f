"""A log that a reader has opened on the page of logs: what it is, and read once."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

import streamlit as st

from sim import data_dir
from sim.clock import BEIJING, Holidays
from sim.errors import Problem
from sim.learning.learned import LearnedLog, read_log
from sim.learning.learned_file import LearnedFile, learned_file
from sim.learning.traps import LogHall, LogTreatment
from sim.web.log_columns import ByHand

EXAMPLE: Final = "made_ticket_log.csv"


@dataclass(frozen=True)
class OpenedLog:
    """A log that a reader has opened, and what was chosen about it.

    Attributes
    ----------
    files : tuple of (str, bytes)
        Name and content of each file of it.
    by_hand : tuple of (str, str)
        Column and its heading, where it is not the one that is guessed.
    treatments : tuple of (str, str)
        Trap and what is done about it, where it is not the first.
    holidays : str
        Those that the hall keeps.
    time_zone : str
        Of its clock.
    place : str
        Which of the halls of the log; empty = all of them.
    hall : str
        What it is called; empty = as the file.
    parts : tuple of (str, bytes)
        Name and content of further tables of a log of cases: results, suspensions.
    """

    files: tuple[tuple[str, bytes], ...] = field(repr=False)
    by_hand: ByHand = ()
    treatments: tuple[tuple[str, LogTreatment], ...] = ()
    holidays: Holidays = "china"
    time_zone: str = BEIJING
    place: str = ""
    hall: str = ""
    parts: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)

    @property
    def name(self) -> str:
        """Of the first file."""
        return self.files[0][0]

    @property
    def key(self) -> str:
        """Short, of the content: names its widgets."""
        contents = [_digest(content) for _, content in self.files]
        return contents[0] if len(contents) == 1 else _digest("".join(contents).encode())

    @property
    def is_example(self) -> bool:
        """Whether it is the one that ships."""
        return self.files == _example()

    @property
    def names(self) -> tuple[str, ...]:
        """Of all files."""
        return tuple(name for name, _ in self.files)

    @property
    def as_read(self) -> tuple[Hashable, ...]:
        """What its reading follows from."""
        joined = tuple((name, _digest(content)) for name, content in self.parts)
        return (self.key, self.names, self.by_hand, self.treatments, self.about, joined)

    @property
    def about(self) -> LogHall:
        """What is known of the hall besides its log."""
        return LogHall(self.holidays, self.time_zone, self.place)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


@lru_cache(maxsize=1)
def _example() -> tuple[tuple[str, bytes], ...]:
    """The log that ships."""
    return ((EXAMPLE, (data_dir("scenarios") / "data" / EXAMPLE).read_bytes()),)


def example_log() -> OpenedLog:
    """The log that ships, opened and nothing chosen."""
    return OpenedLog(_example())


class ReadLog(NamedTuple):
    """A log as it was read, and what is to be told of that."""

    learned: LearnedLog
    notes: tuple[Problem, ...]


def read_opened(opened: OpenedLog) -> ReadLog:
    """A log and its notes, read once; it never changes. Readers share nothing but the example."""
    return (_read_example if opened.is_example else _read_own)(opened.as_read, opened)


@st.cache_resource(show_spinner=False, max_entries=8, scope="session")
def _read_own(as_read: tuple[Hashable, ...], _opened: OpenedLog) -> ReadLog:
    return _read_anew(_opened)


@st.cache_resource(show_spinner=False, max_entries=4)
def _read_example(as_read: tuple[Hashable, ...], _opened: OpenedLog) -> ReadLog:
    return _read_anew(_opened)


def _read_anew(opened: OpenedLog) -> ReadLog:
    notes: list[Problem] = []
    learned = read_log(
        opened.names,
        by_hand=dict(opened.by_hand),
        chosen=dict(opened.treatments),
        hall=opened.about,
        problems=notes,
        content=[content for _, content in opened.files],
        parts=[name for name, _ in opened.parts],
        part_contents=[content for _, content in opened.parts],
    )
    return ReadLog(learned, tuple(notes))


def write_opened(opened: OpenedLog, hall: str) -> LearnedFile:
    """The scenario of a log as a file, and the factor on its clerks."""
    write = _write_example if opened.is_example else _write_own
    return write(opened.as_read, hall, opened)


@st.cache_resource(show_spinner=False, max_entries=8, scope="session")
def _write_own(as_read: tuple[Hashable, ...], hall: str, _opened: OpenedLog) -> LearnedFile:
    return learned_file(read_opened(_opened).learned, hall, _opened.about)


@st.cache_resource(show_spinner=False, max_entries=4)
def _write_example(as_read: tuple[Hashable, ...], hall: str, _opened: OpenedLog) -> LearnedFile:
    return learned_file(read_opened(_opened).learned, hall, _opened.about)
