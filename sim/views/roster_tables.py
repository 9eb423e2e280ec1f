"""Tables of a roster: people by dates, shifts, what is short and what comes of it, hours."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final, cast

from sim.analysis.kept import KeptVerdict, kept_verdict
from sim.analysis.promises import PromiseCell, Whom
from sim.clock import HOUR
from sim.plan.roster_days import RosterDay
from sim.plan.rosters import HALF_HOUR
from sim.questions.roster import CheckedPromise, Cover, DutyRoster, Uncovered
from sim.text import Text
from sim.views.blocks import TableBlock
from sim.views.posted import (
    PostedRoster,
    day_of,
    person_name,
    posted_shifts,
    rest_words,
    seat_words,
    weekday_words,
)
from sim.views.promise_words import (
    cell_words,
    clock_words,
    interval_words,
    level_words,
    promise_words,
)
from sim.views.scenario_names import group_name
from sim.views.size_tables import hours_words

MOST_ROWS: Final = 80
"""Rows of a table; programs and workbooks have all of them."""
MOST_DATES: Final = 5
"""Listed in a cell."""
A_WEEK: Final = 7
BROKEN: Final = ("broken", "seems_broken")


def verdict_of(roster: DutyRoster, checked: CheckedPromise) -> KeptVerdict:
    """What can be said of one check."""
    better = roster.scenario.targets.promises[checked.promise].kind.better
    return kept_verdict(checked.planned, checked.level, better)


def way_out_words(row: Uncovered, text: Text) -> str:
    """The cheapest way to mend what is short."""
    words = text(
        f"roster.way_out.{row.way_out}", people=row.people, hours=hours_words(row.hours, text)
    )
    if row.left > 0 and row.way_out != "none":
        return text("roster.way_out.left", way_out=words, left=hours_words(row.left, text))
    return words


def week_table(table: PostedRoster, week: int, text: Text) -> TableBlock:
    """One week of the roster, people by dates."""
    dates = slice(A_WEEK * week, A_WEEK * (week + 1))
    days = table.days[dates]
    heads = [f"{day_of(day):%m-%d} {weekday_words(day, text)}" for day in days]
    names = text("format.list").join(
        text("roster.numbered_group", number=number, group=name) for number, name in table.groups
    )
    return TableBlock(
        text("roster.week", n=week + 1),
        (text("roster.head.person"), *heads),
        tuple((name, *cells[dates]) for name, cells in zip(table.people, table.cells, strict=True)),
        text("roster.week_note", groups=names) if names else "",
    )


def shifts_table(roster: DutyRoster, text: Text) -> TableBlock:
    """What the codes in the roster stand for."""
    has_rests = any(shift.rests for shift in roster.shifts)
    rows = [
        (
            row.code,
            row.hours,
            *((rest_words(row.shift, text) or text("format.missing"),) if has_rests else ()),
            hours_words(row.shift.hours, text),
            str(row.shift.worked),
        )
        for row in posted_shifts(roster, text)
    ]
    names = ("shift", "clock", *(("rests",) if has_rests else ()))
    return _table("shifts", (*names, "hours", "worked"), rows, len(names), text)


def rests_table(roster: DutyRoster, text: Text) -> TableBlock:
    """Who rests when: a date and the hours of a rest a row, turn after turn."""
    days = {day.date: day for day in roster.days}
    rests = {shift.id: shift.rests for shift in roster.shifts}
    turns: dict[tuple[str, int, int], dict[tuple[int, int], list[str]]] = {}
    for row in roster.rows:
        if row.at_rest:
            rest = next(rest for rest in rests[row.shift] if rest.starts <= row.starts < rest.ends)
            of_rest = turns.setdefault((row.date, rest.starts, rest.ends), {})
            of_rest.setdefault((row.starts, row.ends), []).append(row.person)
    rows = [
        (
            f"{date} {weekday_words(days[date], text)}",
            clock_words(starts, ends),
            text("format.parts").join(
                text(
                    "roster.turn",
                    hours=clock_words(*turn),
                    people=text("format.list").join(
                        person_name(roster, name, text) for name in people
                    ),
                )
                for turn, people in sorted(of_rest.items())
            ),
            str(max(map(len, of_rest.values()))),
        )
        for (date, starts, ends), of_rest in sorted(turns.items())
    ]
    return _table("rests", ("date", "clock", "turns", "at_once"), rows, 3, text)


def people_table(roster: DutyRoster, text: Text) -> TableBlock:
    """What the roster asks of each person."""
    has_wishes = any(person.wishes for person in roster.people)
    rows = [
        (
            person_name(roster, person.name, text),
            _groups(roster, person.groups, text),
            hours_words(person.available_hours, text),
            hours_words(person.hours, text),
            str(person.days),
            str(person.weekend_days),
            hours_words(person.owed_hours, text),
            *((f"{person.wishes_kept}/{person.wishes}",) if has_wishes else ()),
        )
        for person in roster.people
    ]
    heads = ("person", "can_serve", "contract", "on_duty", "days", "weekends", "owed")
    return _table("people", (*heads, *(("wishes",) if has_wishes else ())), rows, 2, text)


def uncovered_table(roster: DutyRoster, text: Text) -> TableBlock:
    """Where people are missing and why; dates that lack the same share a row."""
    days = {day.date: day for day in roster.days}
    alike: dict[Uncovered, list[str]] = {}
    for row in roster.uncovered:
        alike.setdefault(row._replace(date="", left=0.0), []).append(row.date)
    rows = [
        (
            _where(roster, row, text),
            clock_words(row.starts, row.ends),
            _dates_words([days[date] for date in dates], text),
            text(f"roster.reason.{row.reason}"),
            str(row.short),
        )
        for row, dates in alike.items()
    ]
    return _table("uncovered", ("group", "clock", "dates", "reason", "short"), rows, 4, text)


def _dates_words(days: Sequence[RosterDay], text: Text) -> str:
    """Dates with their weekdays, the first of many."""
    words = [f"{day_of(day):%m-%d} {weekday_words(day, text)}" for day in days[:MOST_DATES]]
    shown, more = text("format.list").join(words), len(days) - len(words)
    return text("format.more", shown=shown, n=more) if more else shown


def each_uncovered_table(roster: DutyRoster, text: Text) -> TableBlock:
    """The same date by date, each with the way out."""
    rows = [
        (
            row.date,
            _where(roster, row, text),
            clock_words(row.starts, row.ends),
            text(f"roster.reason.{row.reason}"),
            way_out_words(row, text),
            str(row.short),
        )
        for row in roster.uncovered
    ]
    heads = ("date", "group", "clock", "reason", "way_out", "short")
    return _table("uncovered", heads, rows, 5, text, len(rows))


def _where(roster: DutyRoster, row: Uncovered, text: Text) -> str:
    """The window group, or the whole hall, which lacks somebody experienced."""
    if not row.group:
        return text("roster.anywhere")
    return group_name(roster.scenario, roster.layout, row.group, text)


def broken_table(roster: DutyRoster, text: Text) -> TableBlock:
    """Checks that the roster misses."""
    scenario = roster.scenario
    rows = []
    for checked in roster.promises:
        if verdict_of(roster, checked) not in BROKEN:
            continue
        promise = scenario.targets.promises[checked.promise]
        what = cast("Whom", checked.what)
        cell = PromiseCell(checked.promise, what, checked.id, checked.days, checked.slot)
        rows.append(
            (
                cell_words(scenario, roster.layout, cell, text),
                promise_words(scenario, promise, text),
                level_words(promise, text),
                interval_words(promise.measure, checked.planned, text),
            )
        )
    heads = ("cell", "promise", "level", "simulated")
    return _table("broken", heads, rows, 2, text)


def cover_table(roster: DutyRoster, text: Text) -> TableBlock:
    """Needed, planned, and what comes of it, a weekday and window group a row."""
    rows = []
    for cover in _by_weekday_and_group(roster.cover):
        worst = min(cover, key=_share)
        rows.append(
            (
                text(f"weekday.{cover[0].weekday + 1}"),
                group_name(roster.scenario, roster.layout, cover[0].group, text),
                hours_words(sum(row.need * _length(row) for row in cover), text),
                hours_words(sum(row.planned * _length(row) for row in cover), text),
                str(len({row.starts // HALF_HOUR for row in cover if row.planned < row.need})),
                _half_hour_words(worst, cover)
                if math.isfinite(_share(worst))
                else text("format.missing"),
                _percent(worst.needed_share.mean, text),
                _percent(worst.planned_share.mean, text),
            )
        )
    heads = ("weekday", "group", "need_hours", "planned_hours", "half_hours_short", "worst")
    return _table("cover", (*heads, "needed_share", "planned_share"), rows, 2, text)


def _half_hour_words(row: Cover, cover: Sequence[Cover]) -> str:
    """The half hour in which a row lies, of which a turn to rest may be a part."""
    same = [each for each in cover if each.starts // HALF_HOUR == row.starts // HALF_HOUR]
    return clock_words(min(each.starts for each in same), max(each.ends for each in same))


def half_hours_table(roster: DutyRoster, text: Text) -> TableBlock:
    """The same half hour by half hour."""
    rows = [
        (
            text(f"weekday.{row.weekday + 1}"),
            group_name(roster.scenario, roster.layout, row.group, text),
            clock_words(row.starts, row.ends),
            str(row.need),
            str(row.planned),
            str(row.planned_most),
            _percent(row.needed_share.mean, text),
            _percent(row.planned_share.mean, text),
        )
        for row in roster.cover
    ]
    heads = ("weekday", "group", "clock", "need", "planned", "planned_most")
    return _table("half_hours", (*heads, "needed_share", "planned_share"), rows, 3, text, len(rows))


def _by_weekday_and_group(cover: Iterable[Cover]) -> list[list[Cover]]:
    by: dict[tuple[int, str], list[Cover]] = {}
    for row in cover:
        by.setdefault((row.weekday, row.group), []).append(row)
    return [*by.values()]


def _share(row: Cover) -> float:
    """What is called in time; a half hour in which nobody comes is never the worst."""
    share = row.planned_share.mean
    return share if math.isfinite(share) else math.inf


def _length(row: Cover) -> float:
    """Hours."""
    return (row.ends - row.starts) / HOUR


def _percent(share: float, text: Text) -> str:
    return text.share(share, 0) if math.isfinite(share) else text("format.missing")


def seats_table(roster: DutyRoster, text: Text) -> TableBlock:
    """Where those are, and when, who do not stay at one window group."""
    codes = {row.shift.id: row.code for row in posted_shifts(roster, text)}
    rows = [
        (
            duty.date,
            person_name(roster, duty.person, text),
            codes[duty.shift],
            seat_words(roster, duty.seats, text),
        )
        for duty in roster.duties
        if len({seat.group for seat in duty.seats if not seat.at_rest}) > 1
    ]
    return _table("seats", ("date", "person", "shift", "seats"), rows, 4, text, len(rows))


def reserves_table(roster: DutyRoster, text: Text) -> TableBlock:
    """Who stands by for the absent, date by date."""
    days = {day.date: day for day in roster.days}
    rows = [
        (
            f"{row.date} {weekday_words(days[row.date], text)}",
            _groups(roster, row.groups, text),
            text("format.list").join(person_name(roster, name, text) for name in row.free)
            or text("format.missing"),
            str(row.on_duty),
            str(row.needed),
            _percent(row.short, text),
        )
        for row in roster.reserves
    ]
    heads = ("date", "groups", "stand_by", "there", "with_reserve", "too_few")
    return _table("reserves", heads, rows, 3, text)


def crews_table(roster: DutyRoster, text: Text) -> TableBlock:
    """How many people the needs take, where they have no names yet."""
    rows = [
        (
            _groups(roster, crew.groups, text),
            str(crew.people),
            str(crew.at_least),
            str(crew.with_absence),
            hours_words(crew.contract_hours, text),
        )
        for crew in roster.crews
    ]
    heads = ("groups", "people", "at_least", "with_absence", "contract_week")
    return _table("crews", heads, rows, 1, text)


def _groups(roster: DutyRoster, groups: Sequence[str], text: Text) -> str:
    """Window groups; all of several need no names."""
    windows = [window.id for window in roster.scenario.layout(roster.layout).windows]
    if len(windows) > 2 and {*windows} <= {*groups}:
        return text("roster.everywhere")
    names = (group_name(roster.scenario, roster.layout, group, text) for group in groups)
    return text("format.list").join(names)


def _table(
    name: str,
    heads: Sequence[str],
    rows: Sequence[tuple[str, ...]],
    names: int,
    text: Text,
    most: int = MOST_ROWS,
) -> TableBlock:
    """A table, of which so many rows are shown as can be read."""
    note = text(f"roster.{name}_note") if text.has(f"roster.{name}_note") else ""
    more = len(rows) - most
    return TableBlock(
        text(f"roster.{name}"),
        tuple(text(f"roster.head.{head}") for head in heads),
        tuple(rows[:most]),
        text("roster.more_rows", note=note, n=more).strip() if more > 0 else note,
        names,
    )
