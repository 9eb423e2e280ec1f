"""How a run begins: people wait already, and departments have cases in hand."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim import compile_plan, draw_tape
from sim.analysis.measures import measure
from sim.analysis.story import story_of
from sim.clock import DAY, HOUR
from sim.results.outcomes import accounts
from sim.scenario.load import scenario_from_text
from tests.assertions import assert_same_journal
from tests.strategies import (
    FEW,
    MINUTES,
    Told,
    bundle,
    come,
    crowd,
    department,
    errand,
    item,
    sequence,
    small,
    tell,
    windows,
)

NOBODY = "[{id: people, matter: errand, per_day: 0}]"
LOST = "{unserved: {returns: 0, lost: 1}}"


def waiting(number: int, more: str = "") -> str:
    """The section with so many people at the door."""
    return f"{{waiting: [{{id: early, matter: errand, number: {number}{more}}}]}}"


def backlog(*texts: str) -> str:
    """The section with these groups of open cases, each without its braces."""
    groups = ", ".join(f"{{matter: errand, {text}}}" for text in texts)
    return f"{{backlog: [{groups}]}}"


def office(initial: str, *items: str, more: str = "", **sections: str) -> Told:
    """A department that has cases when the run begins; nobody comes but for what is told."""
    texts = {
        "initial": initial,
        "demand": NOBODY,
        "matters": bundle(*items, more=more),
        "run": "{start: 2025-01-06, measured_days: 3}",
    } | sections
    return tell(small(**texts))


# === who waits at the door === #


def test_before_all_who_come_then() -> None:
    """They have waited so long when the door opens, and are called before newcomers."""
    day = tell(small(initial=waiting(2, ", waited: 20 min"), demand=come("09:00", "08:50")))
    assert day.arrived == ["08:40", "08:40", "08:50", "09:00"]
    assert day.taken == ["09:00"] * 4
    assert day.called == ["09:00", "09:10", "09:20", "09:30"]
    day = tell(small(initial=waiting(2), demand=come("09:00")))
    assert day.called == ["09:00", "09:10", "09:20"]
    assert day.tape.cases.flow.tolist() == [0, 0, 1]


def test_waits_are_drawn() -> None:
    """Each has waited a time of their own; who has waited longest is first."""
    day = tell(small(initial=waiting(3, f", waited: {sequence(10, 30, 20)}"), demand=NOBODY))
    assert day.arrived == ["08:30", "08:40", "08:50"]
    assert day.called == ["09:00", "09:10", "09:20"]


def test_nobody_came_before_the_first_date() -> None:
    """A long wait that is drawn begins at the first midnight."""
    long_waits = ", waited: {law: exponential, mean: 8 h}"
    day = tell(small(initial=waiting(50, long_waits), applicants=LOST, demand=NOBODY))
    assert min(day.journal.arrived_at.tolist()) == 0


def test_they_are_people_of_the_first_day() -> None:
    """Of a warm-up they are not measured; without one they are, and days are no clusters."""
    text = small(initial=waiting(3), demand=NOBODY, run="{start: 2025-01-06, measured_days: 2}")
    tally = measure(tell(text).lawful_tables())
    assert tally.by_day["visits"].tolist() == [[3, 0], [1, 1]]
    assert tally.by_day["wait"][0].tolist() == [30 * HOUR // 60, 0]
    assert not tally.starts_empty
    later = text.replace("measured_days: 2", "warmup_days: 1, measured_days: 1")
    assert measure(tell(later).lawful_tables()).by_day["visits"][0].tolist() == [0]


def test_a_queue_drains() -> None:
    """n people and nobody else: the last one leaves after n services, at the last trip home."""
    day = tell(small(initial=waiting(40), demand=NOBODY))
    assert day.ended[-1] == "15:40"


@FEW
@given(MINUTES, MINUTES)
def test_zero_is_an_empty_hall(gaps: list[int], work: list[int]) -> None:
    """Nobody and nothing: the same journal."""
    text = crowd(gaps, work)
    nothing = "initial: {waiting: [{id: early, matter: errand, number: 0}]}"
    assert_same_journal(tell(text).journal, tell(f"{text}\n{nothing}").journal)


@FEW
@given(MINUTES, MINUTES, st.integers(1, 20))
def test_more_who_wait_call_nobody_sooner(gaps: list[int], work: list[int], number: int) -> None:
    """The people who come are the same, and each is called no sooner."""
    text = crowd(gaps, [5] * len(work), matters=f"[{errand('5 min')}]", applicants="{}")
    fewer, more = tell(text), tell(f"{text}\ninitial: {waiting(number)}")
    same = np.flatnonzero(more.tape.cases.flow == 1)
    np.testing.assert_array_equal(more.tape.cases.arrived_at[same], fewer.tape.cases.arrived_at)
    called = more.journal.called_at[number:]
    assert (called >= fewer.journal.called_at)[called >= 0].all()
    more.lawful_tables()


# === what the departments have in hand === #


def test_the_departments_begin_with_it() -> None:
    """One after the other from the first opening on; nobody brings a case."""
    day = office(backlog("id: old, number: 3"), item("check", "2 h"))
    assert day.started == ["09:00", "11:00", "13:00"]
    assert day.closed == ["11:00", "13:00", "15:00"]
    assert day.case_fates == ["issued"] * 3
    assert day.n_tickets == 0
    tables = day.lawful_tables()
    assert tables.cases.initial.all()
    sums = measure(tables).by_day["backlog_time"]
    assert (sums.sum(axis=1) / [HOUR, 1]).tolist() == [11 + 13 + 15, 3]


def test_what_is_done_is_not_done_again() -> None:
    """Finished items are left out; of what is begun a part is left, the rest is whole."""
    items = (
        item("check", "2 h"),
        item("visit", "4 h", "after: [check]"),
        item("stamp", "1 h", "after: [visit]"),
    )
    whole = office(backlog("id: old, number: 1"), *items)
    assert whole.closed == ["16:00"]
    day = office(backlog("id: old, number: 1, done: [check], remaining: 0.25"), *items)
    assert day.started == ["10:00", "09:00"]  # the stamp, the visit
    assert day.closed == ["11:00"]


def test_limits_count_from_filing() -> None:
    """What was filed first is due first, whoever stands first in the file."""
    day = office(
        backlog("id: a, number: 1, filed: 2025-01-03", "id: b, number: 1, filed: 2025-01-02"),
        item("check", "1 h"),
        more="promised: 3 wd",
    )
    flow_of_case = day.tape.cases.flow.tolist()
    started = dict(zip(flow_of_case, day.started, strict=True))
    assert started == {0: "10:00", 1: "09:00"}
    # Monday is the first working day after Friday the third: due on Wednesday and on Tuesday
    assert (day.plan.office.backlog_due[:2] // DAY).tolist() == [3, 2]


def test_before_what_comes_later() -> None:
    """A case of today with the same limit is due after those of last week."""
    day = office(
        backlog("id: old, number: 2, filed: 2025-01-03"),
        item("check", "3 h"),
        more="promised: 5 wd",
        demand=come("09:00"),
    )
    assert day.started == ["15:00", "09:00", "12:00"]
    assert day.lawful_tables().cases.initial.tolist() == [False, True, True]


def test_they_are_not_measured() -> None:
    """As of a warm-up: they are work, and in no mean, share or account of those who come."""
    day = office(backlog("id: old, number: 4"), item("check", "1 h"), demand=come("09:00"))
    tables = day.lawful_tables()
    tally, everybody = measure(tables), accounts(tables)
    assert tally.by_day["trips"].sum(axis=1).tolist() == [1, 1]
    assert tally.by_day["turnaround"][1].sum() == 1
    assert everybody["people"].sum() == everybody["cases"].sum() == 1


def test_papers_are_handed_in_on_a_first_trip() -> None:
    """A reviewer asks for papers: the applicant comes, as of any case."""
    corrections = "{share: 0.9999999, at_most: 1, delay: 1 d}"
    day = office(
        backlog("id: old, number: 1"),
        item("check", "1 h", "correction_share: 0.9999999"),
        corrections=corrections,
    )
    assert day.tape.errands.purpose.tolist() == [0, 1]
    assert day.trips == [1]
    assert day.case_fates == ["issued"]
    day.lawful_tables()


def test_a_case_has_a_story() -> None:
    """It begins with the run, and its days off are those of the run."""
    day = office(backlog("id: old, number: 1"), item("check", "2 h"))
    story = story_of(day.lawful_tables(), 0)
    assert (story.accepted_at, story.closed_at) == (0, 11 * HOUR)
    assert story.days_off[0] == -1
    assert not story.hall


def test_door_to_door() -> None:
    """The first department has the case; the applicant still goes to the next one."""
    departments = [
        department(name, more=f"own_matter: {matter}")
        for name, matter in (("office", "a"), ("other", "b"))
    ]
    items = item("check", "2 h"), item("stamp", "1 h", department="other")
    joint = f"handling: separate, between: 0 d, items: [{', '.join(items)}]"
    own = [errand("5 min", id_=name) for name in "ab"]
    day = office(
        backlog("id: old, number: 1, done: [check]"),
        departments=f"[{', '.join(departments)}]",
        matters=f"[{errand('5 min', joint)}, {', '.join(own)}]",
        layouts=windows("id: a, serves: [a], clerks: 1", "id: b, serves: [b], clerks: 1"),
    )
    assert day.lists == ["b"]
    assert day.trips == [1]
    assert int(day.journal.arrived_at[0]) // DAY == 1
    assert day.case_fates == ["issued"]


def test_the_crowd_is_the_same() -> None:
    """Whoever waits and whatever is open, nobody else is another."""
    texts = {
        "demand": "[{id: people, matter: errand, per_day: 40}]",
        "matters": bundle(
            item("check", "{law: exponential, mean: 1 h}", "share: 0.5"),
            work="{law: exponential, mean: 8 min}",
        ),
        "run": "{start: 2025-01-06, measured_days: 3}",
        "applicants": "{day_factor: {law: gamma, mean: 1, cv: 0.3},"
        " patience: {law: exponential, mean: 30 min}}",
        "corrections": "{share: 0.2}",
    }
    begins = "{waiting: [{id: early, matter: errand, number: 7}], backlog: [{id: old,"
    begins += " matter: errand, number: 9}]}"
    tapes = [
        draw_tape(compile_plan(scenario_from_text(small(**sections)), "hall").demand, 1, 0)
        for sections in (texts, texts | {"initial": begins})
    ]
    before, after = tapes
    same = np.flatnonzero(after.cases.flow == 2)
    assert len(after.cases.flow) == len(before.cases.flow) + 16
    for name in ("arrived_at", "patience", "class_", "habit", "taste"):
        np.testing.assert_array_equal(
            getattr(after.cases, name)[same], getattr(before.cases, name), err_msg=name
        )
    errands = np.isin(after.errands.case, same)
    for name in ("service", "complete", "mend_delay", "position"):
        np.testing.assert_array_equal(
            getattr(after.errands, name)[errands], getattr(before.errands, name), err_msg=name
        )
    items = np.isin(after.items.case, same)
    assert items.sum() == len(before.items.case)
