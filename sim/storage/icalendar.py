"""Calendars that phones and mail programs read (iCalendar, RFC 5545): one event a shift."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sim.clock import BEIJING
from sim.text.foreign import UNSEEN
from sim.version import VERSION

OCTETS: Final = 75
"""Of a line, its end left aside (RFC 5545, 3.1)."""
HEAD: Final = (
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    f"PRODID:-//govhall//govhall {VERSION}//EN",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
)
TIME_ZONE: Final = (
    "BEGIN:VTIMEZONE",
    f"TZID:{BEIJING}",
    "BEGIN:STANDARD",
    "DTSTART:19920101T000000",
    "TZOFFSETFROM:+0800",
    "TZOFFSETTO:+0800",
    "TZNAME:CST",
    "END:STANDARD",
    "END:VTIMEZONE",
)
"""China has had one time, without summer time, since 1992; events of other zones are in UTC."""


class CalendarEvent(NamedTuple):
    """Something that begins and ends on a clock.

    Attributes
    ----------
    uid : str
        The same whenever the same thing is told, so that a program replaces what it was told.
    starts, ends : datetime
        As the clock of the hall shows, without a zone.
    summary, description, place : str
    """

    uid: str
    starts: datetime
    ends: datetime
    summary: str
    description: str = ""
    place: str = ""


def event_uid(*parts: str) -> str:
    """An identifier that follows from what it is of, and does not tell it.

    Examples
    --------
    >>> event_uid("hall", "2025-03-03", "P01") == event_uid("hall", "2025-03-03", "P01")
    True
    >>> event_uid("a", "bc") == event_uid("ab", "c")
    False
    """
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()
    return f"{digest[:32]}@govhall"


def calendar_text(
    name: str, events: Iterable[CalendarEvent], made_at: datetime, zone: str = BEIJING
) -> str:
    r"""A calendar as a file holds it: lines of at most 75 octets that end in CR LF.

    Parameters
    ----------
    name
        Of the calendar, as programs show it.
    made_at
        When the file is made, with a zone: of two events of one identifier the later one counts.
    zone
        Of the hall's clock.

    Examples
    --------
    >>> when = datetime(2025, 3, 3, 8, 30)
    >>> event = CalendarEvent("1@govhall", when, when.replace(hour=12), "Shift A; windows")
    >>> text = calendar_text("Hall", [event], datetime(2025, 3, 1, tzinfo=UTC))
    >>> [line for line in text.split("\r\n") if line.startswith("DTSTART;")]
    ['DTSTART;TZID=Asia/Shanghai:20250303T083000']
    >>> "SUMMARY:Shift A\\; windows\r\n" in text
    True
    """
    lines = [*HEAD, f"X-WR-CALNAME:{escaped(name)}", f"X-WR-TIMEZONE:{zone}"]
    lines += TIME_ZONE if zone == BEIJING else ()
    for event in events:
        lines += _event_lines(event, made_at, zone)
    lines.append("END:VCALENDAR")
    return "".join(f"{piece}\r\n" for line in lines for piece in folded_line(line))


def _event_lines(event: CalendarEvent, made_at: datetime, zone: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART{_instant(event.starts, zone)}"
    yield f"DTEND{_instant(event.ends, zone)}"
    words = {"SUMMARY": event.summary, "DESCRIPTION": event.description, "LOCATION": event.place}
    for field, value in words.items():
        if value:
            yield f"{field}:{escaped(value)}"
    yield "END:VEVENT"


def _instant(clock_time: datetime, zone: str) -> str:
    """What the hall's clock shows, as a value of a property with its zone, or in UTC."""
    if zone == BEIJING:
        return f";TZID={BEIJING}:{clock_time:%Y%m%dT%H%M%S}"
    return f":{clock_time.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(words: str) -> str:
    r"""Words as a value of a property: what would part values, or end the line, is marked.

    Examples
    --------
    >>> print(escaped("A, B; C\\D\nE"))
    A\, B\; C\\D\nE
    """
    lines = "\n".join(words.splitlines())
    for sign in ("\\", ";", ","):
        lines = lines.replace(sign, f"\\{sign}")
    return UNSEEN.sub("", lines).replace("\n", "\\n")


def folded_line(line: str) -> list[str]:
    """A line in pieces of at most 75 octets, each but the first begun with a blank.

    A character is never cut, though the standard would allow it.

    Examples
    --------
    >>> [len(piece.encode()) for piece in folded_line("政" * 60)]
    [75, 73, 34]
    """
    pieces, octets = [""], 0
    for sign in line:
        size = len(sign.encode("utf-8"))
        if octets + size > OCTETS:
            pieces.append(" ")
            octets = 1
        pieces[-1] += sign
        octets += size
    return pieces
