"""A roster of the small hall as it might be answered, its numbers made up."""

from __future__ import annotations

from datetime import date, timedelta

from sim.clock import HOUR, parse_clock
from sim.plan.roster_days import RosterDay
from sim.questions.roster import (
    CheckedPromise,
    Cover,
    Crew,
    Duty,
    DutyRoster,
    Reserve,
    RosteredPerson,
    RosterShift,
    Seat,
    Uncovered,
)
from sim.scenario.promises import Promise
from sim.scenario.scenario import Scenario
from tests.views.sized import around

HALF = HOUR // 2
FIRST = date(2025, 9, 22)
"""A Monday, with a Sunday that is worked for a holiday at its end, and a holiday after it."""
PIECES = (
    (("08:30", "12:00"), ("14:00", "17:00")),
    (("08:30", "12:00"),),
    (("10:00", "12:00"), ("14:00", "17:00")),
)
PEOPLE = (("张三", ("shops", "proofs")), ("李四", ("shops",)), ("=王五", ("proofs",)))


def rostered(scenario: Scenario, layout: str = "two", *, named: bool = True) -> DutyRoster:
    """Two weeks of three people at two window groups, on Sunday the 28th too."""
    promise = Promise(measure="called_within", at_least=0.9, each="half_hour")
    targets = scenario.targets.model_copy(update={"promises": (promise,)})
    promised = scenario.model_copy(update={"targets": targets})
    days = tuple(map(_day, range(14)))
    shifts = tuple(_shift(n) for n in range(len(PIECES)))
    names = [name for name, _ in PEOPLE] if named else ["shops-1", "shops-2", "proofs-1"]
    duties = []
    for day_number, day in enumerate(days):
        for n, (name, (_, groups)) in enumerate(zip(names, PEOPLE, strict=True)):
            if not day.days or (day_number + n) % 6 == 5:
                continue
            shift = shifts[(day_number + n) % len(shifts)]
            seats = [
                Seat(groups[place % len(groups)], *piece)
                for place, piece in enumerate(shift.pieces)
            ]
            duties.append(Duty(name, day.date, shift.id, tuple(seats)))
    hours = {shift.id: shift.hours for shift in shifts}
    people = tuple(
        RosteredPerson(
            name,
            groups,
            n == 0,
            False,
            40.0,
            80.0,
            sum(hours[duty.shift] for duty in duties if duty.person == name),
            (30.0, 32.0),
            sum(duty.person == name for duty in duties),
            n,
            3.5 * n,
            1,
            2,
            3 - n,
        )
        for n, (name, (_, groups)) in enumerate(zip(names, PEOPLE, strict=True))
    )
    shifts = tuple(
        shift._replace(worked=sum(duty.shift == shift.id for duty in duties)) for shift in shifts
    )
    return DutyRoster(
        promised,
        layout,
        FIRST.isoformat(),
        2,
        named,
        "promises",
        days,
        people,
        tuple(duties),
        shifts,
        _cover(),
        (
            Uncovered(
                "2025-09-23",
                "proofs",
                parse_clock("11:00"),
                parse_clock("12:00"),
                1,
                "hours_used",
                "more_people",
                1,
                20.0,
                0.0,
            ),
            Uncovered(
                "2025-09-28",
                "shops",
                parse_clock("14:00"),
                parse_clock("15:30"),
                2,
                "days_off",
                "longer_shifts",
                0,
                9.0,
                1.5,
            ),
        ),
        (Reserve("2025-09-22", ("shops", "proofs"), 3, 4, (names[1],), 0.03),),
        () if named else (Crew(("shops", "proofs"), 3, 3, 4, 40.0),),
        tuple(
            CheckedPromise(0, "list", group, "mon-fri", slot, 0.9, around(0.93 - 0.02 * n))
            for group in ("shops", "proofs")
            for n, slot in enumerate((17, 18, 20, 28))
        ),
        sum(hours[duty.shift] for duty in duties),
        150.0,
        34 * sum(hours[duty.shift] for duty in duties),
        140.0,
        0.012,
        2,
        1,
        43,
        43,
        1,
        0.95,
    )


def _day(n: int) -> RosterDay:
    day = FIRST + timedelta(days=n)
    makeup, holiday = day == date(2025, 9, 28), day == date(2025, 10, 1)
    is_open = (day.weekday() < 5 or makeup) and not holiday and n < 11
    return RosterDay(day.isoformat(), day.weekday(), "mon-fri" if is_open else "", holiday, makeup)


def _shift(n: int) -> RosterShift:
    pieces = tuple((parse_clock(first), parse_clock(last)) for first, last in PIECES[n])
    hours = sum(last - first for first, last in pieces) / HOUR
    if n == 1:
        return RosterShift("morning", "早班", "Early", pieces, hours, 0)
    spelled = ",".join(f"{first}-{last}" for first, last in PIECES[n])
    return RosterShift(spelled, "", "", pieces, hours, 0)


def _cover() -> tuple[Cover, ...]:
    starts = [parse_clock("08:30") + n * HALF for n in range(7)]
    starts += [parse_clock("14:00") + n * HALF for n in range(6)]
    return tuple(
        Cover(
            weekday,
            "mon-fri",
            group,
            start,
            start + HALF,
            need=1 + (g == 0 and 1 <= n <= 4),
            planned=1 + (g == 0 and n <= 3) - (g == 1 and n == 5 and weekday == 1),
            planned_most=2,
            needed_share=around(0.95 - 0.003 * n),
            planned_share=around(0.94 - 0.006 * n - 0.02 * weekday),
        )
        for weekday in range(5)
        for g, group in enumerate(("shops", "proofs"))
        for n, start in enumerate(starts)
    )
