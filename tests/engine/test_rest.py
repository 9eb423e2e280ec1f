"""Lunch and rest by rosters: staggered in a hall open at noon, or closed for lunch together."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.clock import HOUR, MINUTE
from sim.engine.run import run
from sim.plan.compile import compile_plan
from sim.plan.crowd import draw_tape
from sim.results.tables import Tables
from sim.scenario.clerk_hours import weekly_clerk_hours
from sim.scenario.load import scenario_from_text
from tests.strategies import FEW, Told, altered, crowd, tell

STAGGERED = {"09:00-11:30": 2, "11:30-13:30": 1, "13:30-17:00": 2}
"""Two clerks go to lunch one after the other, an hour each."""
ROSTER, HOURS = "layouts.*.windows.*.clerks", "calendars.*.weekly"
AT_NOON = {"mon-fri": ["09:00-12:00", "13:00-17:00"]}
SHORT = st.lists(st.integers(10, 40), min_size=4, max_size=11)
"""Minutes between arrivals, none shorter than a visit."""


def staggered(gaps: list[int], work: list[int]) -> str:
    """The hall stays open; its clerks rest in turn."""
    return altered(crowd(gaps, work), (ROSTER, STAGGERED))


def together(gaps: list[int], work: list[int]) -> str:
    """The hall closes for lunch."""
    return altered(crowd(gaps, work), (HOURS, AT_NOON), ("departments.*.hours", "day"))


def stays(day: Told) -> list[int]:
    """Minutes from the door to the call, by person; over lunch people wait at the door."""
    journal, n = day.journal, day.n_tickets
    assert (journal.called_at[:n] >= 0).all()
    return [int(wait) // MINUTE for wait in (journal.called_at - journal.arrived_at)[:n]]


def test_both_have_the_same_clerk_hours() -> None:
    """Neither way costs more: the comparison is one of when people rest."""
    hours = [
        weekly_clerk_hours(scenario, scenario.layouts[0])
        for scenario in map(scenario_from_text, (staggered([0], [5]), together([0], [5])))
    ]
    assert hours == [5 * 14, 5 * 14]


def test_somebody_is_always_on_duty() -> None:
    """Staggered, every instant of the hall's day has a clerk; together, noon has none."""
    for text, at_noon in ((staggered([0], [5]), 1), (together([0], [5]), 0)):
        hall = tell(text).plan.hall
        clock = np.arange(9 * HOUR, 17 * HOUR, MINUTE)[:, None]
        on_duty = ((hall.duty_starts <= clock) & (clock < hall.duty_ends)).sum(axis=1)
        assert on_duty.min() == at_noon
        assert on_duty.max() == 2


@FEW
@given(SHORT, st.integers(1, 10))
def test_staggered_nobody_waits_a_lunch(gaps: list[int], work: int) -> None:
    """One at a time and no visit longer than the gap: a clerk is there for everybody, at once."""
    assert set(stays(tell(staggered(gaps, [work])))) == {0}


@FEW
@given(SHORT, st.integers(1, 10))
def test_together_who_comes_at_noon_waits_for_its_end(gaps: list[int], work: int) -> None:
    """The same people: nobody waits less, and who comes over lunch waits until one at least."""
    shut, open_ = tell(together(gaps, [work])), tell(staggered(gaps, [work]))
    pairs = zip(stays(shut), stays(open_), strict=True)
    assert all(long >= short for long, short in pairs)
    arrived = shut.journal.arrived_at[: shut.n_tickets]
    for came, wait in zip(arrived.tolist(), stays(shut), strict=True):
        if 12 * HOUR <= came < 13 * HOUR:
            assert wait >= (13 * HOUR - came) // MINUTE


def test_the_visit_in_hand_is_finished_and_what_lies_in_the_rest_is_overtime() -> None:
    """Both are busy at half past eleven; the first to finish rests, five minutes late."""
    day = tell(staggered([145, 1, 2], [10, 20, 3]))
    assert day.called == ["11:25", "11:26", "11:46"]
    extra = Tables(day.plan, day.tape, day.journal).overtime
    spans = [
        (int(a) // MINUTE, int(b) // MINUTE)
        for a, b in zip(extra.begins_at, extra.ends_at, strict=True)
    ]
    assert spans == [(11 * 60 + 30, 11 * 60 + 35)]


def test_a_short_rest_is_taken_in_turn() -> None:
    """A quarter of an hour each in the morning: of two who wait, one window calls both."""
    roster = {"09:00-10:00": 2, "10:00-10:30": 1, "10:30-17:00": 2}
    day = tell(altered(crowd([60, 0], [10]), (ROSTER, roster)))
    assert day.called == ["10:00", "10:10"]
    assert len(set(day.windows)) == 1


def test_over_many_days_resting_together_makes_longer_waits() -> None:
    """Ten people an hour, six minutes each, the same forty days of people in both halls."""
    flow = {"id": "people", "matter": "errand", "per_day": 75, "profile": "open"}
    random = {"law": "exponential", "mean": "6 min"}
    profiles = [{"id": "open", "shape": {"09:00-16:30": 1}}]
    waits = []
    for text in (staggered([0], [5]), together([0], [5])):
        texts = altered(text, ("demand", [flow]), ("matters.*.service.base", random))
        texts = altered(texts, ("run.measured_days", 40), ("profiles", profiles))
        plan = compile_plan(scenario_from_text(texts), "hall")
        tape = draw_tape(plan.demand, 1, 0)
        journal = run(plan, tape)
        n = int(journal.n_tickets[0])
        waits.append(int((journal.called_at - journal.arrived_at)[:n].sum()))
        assert n > 2000
    assert waits[1] > 1.5 * waits[0]
