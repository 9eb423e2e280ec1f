"""Patience, turning round and lateness differ by class and by matter; the class goes first."""

import re
from copy import deepcopy
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim import compile_plan, draw_tape, run
from sim.plan.plan import ALTERNATION
from sim.scenario.load import scenario_from_text
from tests.assertions import assert_same_journal
from tests.strategies import (
    FEW,
    PLAIN,
    altered,
    at,
    book,
    errand,
    flows,
    scenarios,
    small,
    tell,
    windows,
)

LOST = "unserved: {returns: 0, lost: 1}"
TWO = f"[{errand('30 min', '%s')}, {errand('30 min', '%s', 'permit')}]"


def _classes(usual: str, elderly: str) -> str:
    """Two classes with equal rights, each with further keys."""
    return (
        f"classes: [{{id: usual, name: {{zh: 常, en: Usual}}{usual}}},"
        f" {{id: elderly, name: {{zh: 老, en: Elderly}}{elderly}}}]"
    )


def _people(clocks: str, flow: str, more: str = "", matter: str = "errand") -> str:
    return at(*clocks.split(), flow=flow, more=more, matter=matter)


OLD = "classes: {elderly: 1}"


def test_the_elderly_wait_longer() -> None:
    """One window, thirty minutes each; ten minutes of patience, the elderly have forty.

    At 09:00 the first is called. Who comes at 09:05 leaves at 09:15, the elderly of 09:06 are
    called at 09:30, those of 09:21 have waited until 10:00, which is a minute less than forty.
    """
    applicants = f"{{patience: 10 min, {_classes('', ', patience: 40 min')}, {LOST}}}"
    demand = flows(_people("09:00 09:05", "a"), _people("09:06 09:21", "b", OLD))
    matters = f"[{errand('30 min')}]"
    day = tell(small(applicants=applicants, demand=demand, matters=matters))
    assert day.called == ["09:00", None, "09:30", "10:00"]
    assert (day.ended[1], day.fates[1]) == ("09:15", "gave up")


def test_the_class_goes_before_the_matter_and_the_matter_before_everybody() -> None:
    """All have 5 minutes, who comes for a permit 15, the elderly 25, whatever they come for."""
    applicants = f"{{patience: 5 min, {_classes('', ', patience: 25 min')}, {LOST}}}"
    demand = flows(
        _people("09:00 09:01", "a"),
        _people("09:02", "b", matter="permit"),
        _people("09:03", "c", OLD),
        _people("09:04", "d", OLD, "permit"),
    )
    layouts = (
        "[{id: hall, name: {zh: 厅, en: Hall}, windows:"
        " [{id: window, serves: [errand, permit], clerks: 1}]}]"
    )
    matters = TWO % ("", "patience: 15 min")
    day = tell(small(applicants=applicants, demand=demand, matters=matters, layouts=layouts))
    assert day.ended[1:] == ["09:06", "09:17", "09:28", "09:29"]
    assert day.fates[1:] == ["gave up"] * 4


def test_each_turns_round_at_their_own_number() -> None:
    """Companies leave on finding one waiting, others on finding three; the elderly never do."""
    applicants = f"{{balk_at: 3, {_classes('', ', balk_at: 100')}, {LOST}}}"
    demand = flows(
        _people("09:00 09:01 09:03 09:05 09:07", "a"),
        _people("09:02", "b", matter="permit"),
        _people("09:06", "c", OLD, "permit"),
    )
    layouts = (
        "[{id: hall, name: {zh: 厅, en: Hall}, windows:"
        " [{id: window, serves: [errand, permit], clerks: 1}]}]"
    )
    day = tell(
        small(
            applicants=applicants,
            demand=demand,
            matters=TWO % ("", "balk_at: 1"),
            layouts=layouts,
        )
    )
    by_clock = dict(zip(day.arrived, day.fates, strict=True))
    assert [clock for clock, fate in by_clock.items() if fate == "balked"] == ["09:02", "09:07"]


def test_lateness_and_no_shows_of_a_class_are_its_own() -> None:
    """All book 10:00: the usual stay away or come then, the elderly come a quarter late."""
    classes = _classes("", ", lateness: 15 min, no_show: 0")
    rules = "no_show: 1; no_show_returns: 0"
    books = book("{10:00-10:30: 9}", rules)
    demand = flows(_people("09:00", "a"), _people("09:01", "b", OLD))
    day = tell(small(applicants=f"{{{classes}, appointments: [{books}]}}", demand=demand))
    assert (day.arrived, day.fates) == (["10:15"], ["served"])
    punctual = book("{10:00-10:30: 9}")
    day = tell(small(applicants=f"{{{classes}, appointments: [{punctual}]}}", demand=demand))
    assert day.arrived == ["10:00", "10:15"]


@FEW
@given(scenarios(), st.booleans())
def test_the_common_law_stated_for_each_changes_nothing(text: str, by_class: bool) -> None:
    """A class or matter with everybody's law is today's hall, journal for journal."""
    tree = PLAIN.load(text)
    people, matters = tree["applicants"], tree["matters"]
    names = ("patience", "balk_at")
    for part in (*people["classes"], *matters):
        for name in names:
            part.pop(name, None)
    bare = altered(text, ("applicants.classes", people["classes"]), ("matters", matters))
    common = {name: people[name] for name in names if name in people}
    for part in people["classes"] if by_class else matters:
        part.update(deepcopy(common))
    stated = altered(text, ("applicants.classes", people["classes"]), ("matters", matters))
    journals = []
    for each in (bare, stated):
        plan = compile_plan(scenario_from_text(each), "hall")
        journals.append(run(plan, draw_tape(plan.demand, seed=1, replication=0)))
    assert_same_journal(*journals)


@FEW
@given(st.integers(5, 60), st.integers(0, 60), st.integers(0, 100))
def test_more_patience_of_a_class_is_more_for_each_of_its_people(
    mean: int, more: int, seed: int
) -> None:
    """The same uniform by a longer law: nobody of the class has less, nobody else another."""
    patiences = []
    for minutes in (mean, mean + more):
        law = f"{{law: exponential, mean: {minutes} min}}"
        applicants = f"{{patience: 20 min, {_classes('', f', patience: {law}')}, {LOST}}}"
        demand = "[{id: a, matter: errand, rate: 20 per h, classes: {usual: 0.5, elderly: 0.5}}]"
        plan = compile_plan(scenario_from_text(small(applicants=applicants, demand=demand)), "hall")
        cases = draw_tape(plan.demand, seed=seed, replication=0).cases
        patiences.append((cases.patience, cases.class_))
    (short, class_), (long, again) = patiences
    assert np.array_equal(class_, again)
    assert (long >= short).all()
    assert np.array_equal(long[class_ == 0], short[class_ == 0])


def test_the_examples_of_the_guide() -> None:
    """What `scenarios/README.md` shows is read, and acts: patience, wrap-up, changeover, rules."""
    guide = (Path(__file__).parents[2] / "scenarios" / "README.md").read_text(encoding="utf-8")
    classes, wrap_up, changeover, calling = (
        re.search(pattern, guide).group(1)  # type: ignore[union-attr]
        for pattern in (
            r"`(classes: \[\{id: usual.*?\}\])`",
            r"`(wrap_up: \{.*?\})`",
            r"`(changeover: [^`]*)`",
            r"`(calling: \{rule: alternation.*?\})`",
        )
    )
    groups = (
        f"id: a, serves: [errand], clerks: 1, {changeover}, helps: [b]",
        "id: b, serves: [errand], clerks: 1",
    )
    text = small(
        applicants=f"{{{classes}}}",
        matters=f"[{errand('10 min', wrap_up)}]",
        layouts=windows(*groups, more=calling),
    )
    plan = compile_plan(scenario_from_text(text), "hall")
    assert plan.hall.balk_at.tolist() == [[-1, 30]]
    assert (plan.demand.people.patience_law >= 0).tolist() == [[False, True]]
    assert (plan.hall.wraps_up, plan.hall.changeover.tolist()) == (True, [90_000, 0])
    assert (plan.hall.calling, plan.hall.own_calls) == (ALTERNATION, 3)
