"""A calendar keeps to RFC 5545, read here by its rules and by no library."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sim.storage.icalendar import CalendarEvent, calendar_text, event_uid

MADE = datetime(2025, 3, 1, 8, tzinfo=UTC)
START = datetime(2025, 3, 3, 8, 30)


def event(n: int = 0, summary: str = "Shift", description: str = "") -> CalendarEvent:
    starts = START + timedelta(days=n)
    ends = starts + timedelta(hours=8)
    return CalendarEvent(event_uid("hall", f"{n}"), starts, ends, summary, description)


def unfolded(text: str) -> list[str]:
    """Lines as section 3.1 of the standard unfolds them."""
    return text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def value_of(text: str, field: str) -> str:
    """The words of a property, as section 3.3.11 says what marks mean."""
    [line] = [line for line in unfolded(text) if line.startswith(f"{field}:")]
    value, words = line.partition(":")[2], ""
    signs = iter(value)
    for sign in signs:
        if sign == "\\":
            marked = next(signs)
            words += "\n" if marked in "nN" else marked
        else:
            assert sign not in ";,", "would part the value"
            words += sign
    return words


def test_lines_end_in_cr_lf_and_are_short() -> None:
    text = calendar_text("政务服务大厅" * 9, [event(summary="班次，" * 60)], MADE)
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    lines = text.encode().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert max(map(len, lines)) > 70, "and are not cut shorter than they need be"


def test_words_come_back_whatever_they_are() -> None:
    words = "A; B, C\\n D: “午休”\nsecond line 政务" + "x" * 80 + "😀" * 30
    text = calendar_text("Hall", [event(description=words)], MADE)
    assert value_of(text, "DESCRIPTION") == words


def test_no_word_ends_an_event() -> None:
    text = calendar_text("Hall", [event(summary="x\r\nEND:VEVENT\rEND:VCALENDAR")], MADE)
    assert unfolded(text).count("END:VEVENT") == 1
    assert unfolded(text).count("END:VCALENDAR") == 1


def test_every_event_is_one_of_its_own() -> None:
    lines = unfolded(calendar_text("Hall", map(event, range(40)), MADE))
    uids = [line for line in lines if line.startswith("UID:")]
    assert len(uids) == len(set(uids)) == 40
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 40
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"


def test_times_are_those_of_the_hall() -> None:
    lines = unfolded(calendar_text("Hall", [event()], MADE))
    assert "DTSTART;TZID=Asia/Shanghai:20250303T083000" in lines
    assert "DTEND;TZID=Asia/Shanghai:20250303T163000" in lines
    assert "DTSTAMP:20250301T080000Z" in lines
    assert lines.index("TZID:Asia/Shanghai") < lines.index("BEGIN:VEVENT"), "the zone is told first"


def test_required_properties_are_there() -> None:
    lines = unfolded(calendar_text("Hall", [event()], MADE))
    for field in ("VERSION:2.0", "PRODID:", "UID:", "DTSTAMP:", "DTSTART"):
        assert [line for line in lines if line.startswith(field)]


def test_a_shift_elsewhere_begins_at_its_own_time() -> None:
    """In Spain 08:30 of early March is 07:30 in Greenwich; a program needs no table of zones."""
    lines = unfolded(calendar_text("Oficina", [event()], MADE, "Europe/Madrid"))
    assert "DTSTART:20250303T073000Z" in lines
    assert not [line for line in lines if "TZID" in line]
