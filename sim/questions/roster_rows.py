"""The columns of who works when, in JSON and CSV."""

from __future__ import annotations

from typing import Any, Final

from sim.analysis.intervals import Interval
from sim.analysis.kept import kept_verdict
from sim.clock import format_clock, format_span
from sim.questions.columns import AnswerColumn, AnswerRows, finite_or_none
from sim.questions.roster import CheckedPromise, DutyRoster, RosteredPerson


def _of_people(roster: DutyRoster, _: int) -> list[dict[str, Any]]:
    return [_of_person(person) for person in roster.people]


def _of_person(person: RosteredPerson) -> dict[str, Any]:
    plain = person._asdict()
    plain["groups"], plain["weekly_hours"] = list(person.groups), list(person.weekly_hours)
    return plain


def _of_shifts(roster: DutyRoster, _: int) -> list[dict[str, Any]]:
    return [
        {
            "shift": shift.id,
            "name": {"zh": shift.name_zh, "en": shift.name_en} if shift.name_zh else None,
            "pieces": [_between(*piece) for piece in shift.pieces],
            "rests": [
                {"between": _between(rest.starts, rest.ends), "length": format_span(rest.length)}
                for rest in shift.rests
            ],
            "hours": shift.hours,
            "worked": shift.worked,
        }
        for shift in roster.shifts
    ]


def _of_cover(roster: DutyRoster, _: int) -> list[dict[str, Any]]:
    return [
        {
            "weekday": row.weekday,
            "days": row.days,
            "group": row.group,
            "starts": format_clock(row.starts),
            "ends": format_clock(row.ends),
            "need": row.need,
            "planned": row.planned,
            "planned_most": row.planned_most,
            "called_within_needed": _plain_interval(row.needed_share),
            "called_within_planned": _plain_interval(row.planned_share),
        }
        for row in roster.cover
    ]


def _of_uncovered(roster: DutyRoster, _: int) -> list[dict[str, Any]]:
    return [
        {
            **row._asdict(),
            "starts": format_clock(row.starts),
            "ends": format_clock(row.ends),
        }
        for row in roster.uncovered
    ]


def _of_breaches(roster: DutyRoster, _: int) -> list[dict[str, Any]]:
    return [breach._asdict() for breach in roster.breaches]


def _of_reserves(roster: DutyRoster, _: int) -> list[dict[str, Any]]:
    return [
        {
            "date": reserve.date,
            "groups": list(reserve.groups),
            "on_duty": reserve.on_duty,
            "needed": reserve.needed,
            "free": list(reserve.free),
            "chance_of_too_few": finite_or_none(reserve.short),
        }
        for reserve in roster.reserves
    ]


def _of_crews(roster: DutyRoster, _: int) -> list[dict[str, Any]]:
    return [{**crew._asdict(), "groups": list(crew.groups)} for crew in roster.crews]


def _of_promises(roster: DutyRoster, _: int) -> list[dict[str, Any]]:
    return [_of_promise(roster, checked) for checked in roster.promises]


def _of_promise(roster: DutyRoster, checked: CheckedPromise) -> dict[str, Any]:
    better = roster.scenario.targets.promises[checked.promise].kind.better
    return {
        "promise": checked.promise + 1,
        "of": checked.what,
        "id": checked.id,
        "days": checked.days,
        "half_hour": checked.slot if checked.slot >= 0 else None,
        "promised": checked.level,
        "planned": _plain_interval(checked.planned),
        "verdict": kept_verdict(checked.planned, checked.level, better),
    }


def _plain_interval(interval: Interval) -> dict[str, Any]:
    bounds = {"mean": interval.mean, "low": interval.low, "high": interval.high}
    return {name: finite_or_none(value) for name, value in bounds.items()}


def _between(starts: int, ends: int) -> str:
    return f"{format_clock(starts)}-{format_clock(ends)}"


ROWS: Final = AnswerRows(
    "roster",
    "duties",
    "rows",
    (
        AnswerColumn("person", "text"),
        AnswerColumn("date", "text"),
        AnswerColumn("shift", "text"),
        AnswerColumn("group", "text"),
        AnswerColumn("starts", "text", value=lambda row, _: format_clock(row.starts)),
        AnswerColumn("ends", "text", value=lambda row, _: format_clock(row.ends)),
        AnswerColumn("at_rest", "flag"),
    ),
    head=(
        AnswerColumn("layout", "text"),
        AnswerColumn("first_day", "text"),
        AnswerColumn("weeks", "whole"),
        AnswerColumn("named", "flag"),
        AnswerColumn("needs_from", "text"),
        AnswerColumn("posted", "flag"),
        AnswerColumn("hours", "number"),
        AnswerColumn("rest_hours", "number"),
        AnswerColumn("needed_hours", "number"),
        AnswerColumn("lower_bound_hours", "number"),
        AnswerColumn("gap", "number"),
        AnswerColumn("cost", "number"),
        AnswerColumn("spread_weekend_days", "whole"),
        AnswerColumn("rounds", "whole"),
        AnswerColumn("people", "data", value=_of_people),
        AnswerColumn("shifts", "data", value=_of_shifts),
        AnswerColumn("cover", "data", value=_of_cover),
        AnswerColumn("uncovered", "data", value=_of_uncovered),
        AnswerColumn("breaches", "data", value=_of_breaches),
        AnswerColumn("reserves", "data", value=_of_reserves),
        AnswerColumn("crews", "data", value=_of_crews),
        AnswerColumn("promises", "data", value=_of_promises),
    ),
)
"""One row for each time that somebody spends at one window group, or at rest."""
