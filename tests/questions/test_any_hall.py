"""A hall that nobody would build has a result, too: numbers or none, never an internal error."""

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from sim import Run, compare, compile_plan, draw_tape, replicate
from sim.analysis.measures import Tally
from sim.engine.run import ENGINES, run
from sim.scenario.load import scenario_from_text
from sim.storage.comparison_export import comparison_data, comparison_rows
from sim.text import load_text
from sim.views.report import render_report
from tests.assertions import assert_same_journal
from tests.strategies import altered, come, errand, item, small

ODD = settings(
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    deadline=None,
)
LANGUAGES = st.sampled_from(["zh", "en", None, None])
"""Of the report; drawing its figures takes most of the time."""
HOURS = ("00:00-24:00", "09:00-17:00", "09:00-09:01", "23:59-24:00")
WORK = ("0 min", "1 min", "30 h", "{law: exponential, mean: 6 min}", "5000 d")
LAYOUTS = (
    "[{{id: hall, name: {{zh: 厅, en: Hall}}, windows:"
    " [{{id: window, serves: [errand], clerks: {0}}}]}},"
    " {{id: other, name: {{zh: 另, en: Other}}, windows:"
    " [{{id: a, list: one, serves: [errand], clerks: {0}, proficiency: 2}},"
    " {{id: b, list: one, serves: [errand], clerks: {0},"
    " tidal: {{opens_at: 1, setup: 1 min, pool: a}}}}]}}]"
)


@st.composite
def odd_halls(draw: st.DrawFn) -> str:
    """Closed all but a minute, or never; nobody or far too many; no work, or work without end."""
    work = draw(st.sampled_from(WORK))
    reviews = [item("x", draw(st.sampled_from(["0 min", "20 min", "90 h"])))]
    demand = draw(
        st.sampled_from(
            [
                "[{id: people, matter: errand, rate: 0 per h}]",
                "[{id: people, matter: errand, rate: 65 per h}]",
                "[{id: people, matter: errand, rate: 300 per h}]",
                come(*["09:00"] * draw(st.integers(1, 40))),
                come("23:59", "23:59"),
            ]
        )
    )
    people = [f"unserved: {{returns: {draw(st.sampled_from([0, 1]))}, online: 0, lost: 0}}"]
    people[0] = people[0].replace("returns: 0, online: 0, lost: 0", "returns: 0, lost: 1")
    people += draw(st.sampled_from([[], ["patience: 0 min"], ["patience: 10 min"]]))
    people += draw(st.sampled_from([[], ["balk_at: 0"]]))
    run_ = (
        f"{{start: 2025-01-06, warmup_days: {draw(st.sampled_from([0, 1]))},"
        f" measured_days: {draw(st.integers(1, 2))},"
        f" followup_days: {draw(st.sampled_from([0, 2]))}}}"
    )
    return small(
        run=run_,
        calendars=f"[{{id: day, weekly: {{mon-sun: [{draw(st.sampled_from(HOURS))}]}}}}]",
        hall=f"closing: {draw(st.sampled_from(['serve_all', 'cut_off']))}",
        matters=f"[{errand(work, f'items: [{reviews[0]}]' if draw(st.booleans()) else '')}]",
        demand=demand,
        applicants=f"{{{', '.join(people)}}}",
        layouts=LAYOUTS.format(draw(st.integers(1, 3))),
        equal_budget="none",
    )


def check(text: str, replications: int, language: str | None) -> None:
    """Both engines, laws, sums, a comparison, JSON, rows and a report."""
    scenario = scenario_from_text(text)
    for layout in scenario.layouts:
        plan = compile_plan(scenario, layout.id)
        crowd = draw_tape(plan.demand, scenario.run.seed, 0)
        first, *others = (run(plan, crowd, engine) for engine in ENGINES)
        for journal in others:
            assert_same_journal(first, journal)
    study = replicate(scenario, run=Run(replications=replications, workers=1))
    for tallies in study.tallies:
        for tally in tallies:
            assert_busy_on_duty(tally)
    comparison = compare(study)
    data = comparison_data(comparison)
    json.dumps(data, allow_nan=False)
    assert all(math.isfinite(n) for n in numbers(data))
    assert all(math.isfinite(n) for row in comparison_rows(comparison) for n in numbers(row))
    if language is not None:
        page = render_report(comparison, load_text(language)).lower()
        assert not any(word in page for word in (">nan", ">inf", ">-inf", " nan ", "nan%"))


def assert_busy_on_duty(tally: Tally) -> None:
    """Work is at most duty and overtime together, each day and in each group."""
    busy, paid = tally.by_day["utilisation"]
    assert (busy <= paid).all()
    busy, paid = tally.by_group["utilisation", "group"]
    assert (busy <= paid).all()
    for sums in tally.by_day.values():
        assert (sums >= 0).all()


def numbers(data: Any) -> list[float]:
    """All numbers of plain data."""
    if isinstance(data, dict):
        return [n for value in data.values() for n in numbers(value)]
    if isinstance(data, list | tuple):
        return [n for value in data for n in numbers(value)]
    return [float(data)] if isinstance(data, float | np.floating) else []


FULL = small(
    run="{start: 2025-01-06, measured_days: 2, followup_days: 2}",
    calendars="[{id: day, weekly: {mon-sun: [00:00-24:00]}}]",
    matters=f"[{errand('{law: exponential, mean: 6 min}')}]",
    demand="[{id: people, matter: errand, rate: 65 per h}]",
    layouts=LAYOUTS.format(1),
    equal_budget="none",
)


@pytest.mark.parametrize(
    ("changes", "language"),
    [
        ((), "en"),
        ((("demand", [{"id": "people", "matter": "errand", "rate": "0 per h"}]),), "zh"),
        ((("run.measured_days", 1), ("run.followup_days", 0)), None),
        ((("matters.*.service.base", "30 h"),), None),
        ((("matters.*.service.base", "5000 d"),), "zh"),
        ((("matters.*.service.base", "0 min"),), None),
        ((("calendars.*.weekly", {"mon-sun": ["09:00-09:01"]}),), "en"),
        ((("calendars.*.weekly", {"mon-sun": ["23:59-24:00"]}),), None),
        ((("applicants", {"patience": "0 min", "balk_at": 0}),), None),
    ],
)
def test_a_hall_at_the_edge_has_a_result(
    changes: tuple[tuple[str, object], ...], language: str | None
) -> None:
    """Overloaded without end, empty, open for a minute, one day, work longer than the run."""
    check(altered(FULL, *changes), replications=2, language=language)


@settings(ODD, max_examples=6)
@given(odd_halls(), st.integers(1, 3), LANGUAGES)
def test_any_odd_hall_has_a_result(text: str, replications: int, language: str | None) -> None:
    note(text)
    check(text, replications, language)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@settings(ODD, max_examples=300)
@given(odd_halls(), st.integers(1, 3), LANGUAGES)
def test_many_odd_halls_have_results(text: str, replications: int, language: str | None) -> None:
    note(text)
    check(text, replications, language)
