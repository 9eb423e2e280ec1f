"""Priority classes, and how a long wait overcomes them."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.strategies import (
    FEW,
    MINUTES,
    NEVER,
    altered,
    assert_same_day,
    at,
    errand,
    flows,
    ordinary_scenarios,
    small,
    tell,
    windows,
)

CLASSES = (
    "[{id: booked, name: {zh: 预约, en: Booked}, priority: 0},"
    " {id: walk_in, name: {zh: 现场, en: Walk-in}, priority: 1}]"
)
WALK_IN, BOOKED = "classes: {walk_in: 1}", "classes: {booked: 1}"


def called(*, walk_in: tuple[str, ...], booked: tuple[str, ...], calling: str = "{}") -> list[str]:
    """The order of calls: `w` for a walk-in, `b` for a booked visitor."""
    demand = flows(at(*walk_in, more=WALK_IN), at(*booked, flow="z", more=BOOKED))
    layouts = windows("id: window, serves: [errand], clerks: 1", more=f"calling: {calling}")
    day = tell(small(applicants=f"{{classes: {CLASSES}}}", demand=demand, layouts=layouts))
    n = int(day.journal.n_tickets[0])
    order = day.journal.called_at[:n].argsort(kind="stable")
    cases = day.tape.errands.case[day.journal.errand[:n]]
    return ["bw"[int(day.tape.cases.class_[cases[row]])] for row in order]


def test_class_before_ticket() -> None:
    """A better class is called first, inside a class the lower ticket."""
    calls = called(walk_in=("09:00", "09:01", "09:02"), booked=("09:03", "09:04"))
    assert calls == ["w", "b", "b", "w", "w"]


def test_visit_in_hand_is_not_interrupted() -> None:
    """Priority decides who is called, not who is served."""
    calls = called(walk_in=("09:00",), booked=("09:01",))
    assert calls == ["w", "b"]


def test_ageing() -> None:
    """Each so-much wait moves a ticket up one class: level with the booked, it wins by ticket."""
    walk_in, booked = ("09:00", "09:01"), ("09:05", "09:06", "09:07")
    strict = called(walk_in=walk_in, booked=booked)
    aged = called(walk_in=walk_in, booked=booked, calling="{ageing: 19 min}")
    assert strict == ["w", "b", "b", "b", "w"]
    assert aged == ["w", "b", "w", "b", "b"]


def test_ageing_in_the_very_instant() -> None:
    """A ticket counts as older from the instant its time is full."""
    walk_in, booked = ("09:00", "09:00"), ("09:05", "09:05")
    assert called(walk_in=walk_in, booked=booked, calling="{ageing: 10 min}")[1] == "w"
    late = called(walk_in=walk_in, booked=booked, calling="{ageing: 11 min}")
    assert late[1] == "b"


def test_beyond_the_best_class() -> None:
    """Ageing moves everybody up, also beyond the best class; equal ages keep classes apart."""
    calls = called(walk_in=("09:00", "09:00"), booked=("09:00", "09:08"), calling="{ageing: 5 min}")
    assert calls == ["b", "w", "w", "b"]


def test_same_class_everywhere() -> None:
    """Without classes everybody has the same right."""
    day = tell(small(demand=flows(at("09:01"), at("09:00", "09:02", flow="z"))))
    assert day.called == ["09:00", "09:10", "09:20"]


RULE, AGEING = "layouts.*.calling.rule", "layouts.*.calling.ageing"
RANK = "applicants.classes.*.priority"


@FEW
@given(ordinary_scenarios())
def test_ageing_that_never_comes_is_plain_priority(text: str) -> None:
    """In any hall, by any calling rule."""
    assert_same_day(altered(text, (AGEING, NEVER)), altered(text, (AGEING, None)))


@FEW
@given(ordinary_scenarios(), st.sampled_from(["priority", "weighted_wait"]))
def test_alike_classes_are_none(text: str, rule: str) -> None:
    """In any hall, classes of one rank and weight are called by ticket, aged or not."""
    assume("arrivals_file" not in text)  # a table names classes of its own
    own = ("patience", "balk_at", "lateness", "no_show")
    text = altered(
        text,
        ("applicants.appointments.*.priority_class", None),
        *((f"applicants.classes.*.{name}", None) for name in own),
    )
    none = altered(text, ("applicants.classes", None), ("demand.*.classes", None))
    alike = altered(
        text,
        (RULE, rule),
        (RANK, 3),
        ("applicants.classes.*.weight", 1.0),
        ("applicants.classes.*.assisted_share", 0.0),
    )
    assert_same_day(alike, altered(none, (RULE, "priority"), (AGEING, None)))


@FEW
@given(MINUTES, st.integers(1, 12), st.booleans())
def test_a_better_class_gains_what_the_other_loses(gaps: list[int], work: int, ages: bool) -> None:
    """With work alike for all, windows call at the same instants, whomever they call."""
    clocks = [f"{9 + m // 60:02d}:{m % 60:02d}" for m in np.cumsum(gaps).tolist()]
    some = [f"09:{minute:02d}" for minute in range(0, 60, 7)]
    more = "calling: {ageing: 9 min}" if ages else ""
    text = small(
        matters=f"[{errand(f'{work} min')}]",
        applicants=f"{{classes: {CLASSES}}}",
        demand=flows(at(*clocks, more=WALK_IN), at(*some, flow="z", more=BOOKED)),
        layouts=windows("id: w, serves: [errand], clerks: 1", more=more),
    )
    ranked, flat = tell(text), tell(altered(text, (RANK, 0), (AGEING, None)))
    calls, even = ranked.journal.called_at, flat.journal.called_at
    assert sorted(calls) == sorted(even)
    n = ranked.n_tickets
    booked = ranked.tape.cases.class_[ranked.tape.errands.case[ranked.journal.errand[:n]]] == 0
    assert calls[:n][booked].sum() <= even[:n][booked].sum()
