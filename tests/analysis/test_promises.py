"""Promises of days that can be reckoned by hand; cells add up to what is measured."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings

from sim import compile_plan
from sim.analysis.catalogue import MEASURES
from sim.analysis.measures import measure
from sim.analysis.promises import Promised, promise_cells
from sim.arrays import Floats, Ints
from sim.clock import MINUTE, Span
from sim.scenario.load import scenario_from_text
from sim.scenario.promises import EACH, EACH_OF, PROMISABLE, WHO_OF, Each, Promise
from sim.scenario.scenario import Scenario
from tests.laws.halls import tables_of
from tests.strategies import (
    FEW,
    at,
    bundle,
    come,
    department,
    errand,
    flows,
    item,
    scenarios,
    small,
    windows,
    with_places,
)

BUSY = come("09:00", "09:00", "09:05", "16:55", "16:55")
"""Ten minutes each at one window: waits 0, 10 and 15 in the morning, 0 and 10 at the end."""


def targets(*promises: str) -> str:
    """The section of these promises, each without its braces."""
    return f"{{promises: [{', '.join(f'{{{promise}}}' for promise in promises)}]}}"


class Held:
    """Promises held against one replication of a text."""

    def __init__(self, promises: Sequence[str], **sections: str) -> None:
        scenario = scenario_from_text(small(targets=targets(*promises), **sections))
        tables = tables_of(scenario)
        self.promised: Promised = promise_cells(tables.plan, scenario)
        self.sums: Ints = self.promised.sums(tables)
        self.values: Floats = self.promised.values(self.sums)

    def by_place(self) -> dict[tuple[str, str, int], float]:
        """The value of each cell with somebody, by its id, kind of day and half hour."""
        return {
            (cell.id, cell.days, cell.slot): value
            for cell, value in zip(self.promised.cells, self.values.tolist(), strict=True)
            if not math.isnan(value)
        }


# === by hand === #


def test_half_hours_of_a_list() -> None:
    held = Held(
        ["measure: called_within, within: 10 min, at_least: 0.9, each: half_hour"], demand=BUSY
    )
    assert held.by_place() == {("window", "mon", 18): 2 / 3, ("window", "mon", 33): 1.0}
    slots = [cell.slot for cell in held.promised.cells if cell.days == "mon"]
    assert slots == list(range(18, 34))  # 09:00 to 17:00
    assert held.promised.nobody(held.sums).sum() == len(held.promised.cells) - 2
    is_kept = held.promised.are_kept(held.values)
    assert np.flatnonzero(~is_kept).tolist() == [0]  # the first half hour of Monday


def test_the_wait_of_a_promise_is_that_of_the_targets_when_it_says_none() -> None:
    promises = ["measure: called_within, at_least: 0.9, each: run"]
    assert Held(promises, demand=BUSY).values.tolist() == [1.0]  # within 15 minutes


@pytest.mark.parametrize(
    ("promise", "value"),
    [
        ("measure: wait, at_most: 8 min, each: run", 35 / 5),
        ("measure: wait_of_all, at_most: 8 min, each: run", 35 / 5),
        ("measure: coming_to_call, at_most: 8 min, each: run", 35 / 5),
        ("measure: stay, at_most: 20 min, each: run", 85 / 5),
        ("measure: give_up_share, at_most: 0.02, each: run", 0.0),
        ("measure: balk_share, at_most: 0.02, each: run", 0.0),
        ("measure: turned_away_share, at_most: 0.02, each: run", 0.0),
        ("measure: overtime, at_most: 30 min, each: run", 15.0),
        ("measure: drain, at_most: 30 min, each: run", 15.0),
        ("measure: utilisation, at_most: 0.85, each: run", 50 / 495),
    ],
)
def test_each_measure_in_its_unit(promise: str, value: float) -> None:
    assert Held([promise], demand=BUSY).values.tolist() == pytest.approx([value])


def test_cases_on_time_by_department_of_their_items() -> None:
    """Nine hours of review each, of eight a day: closed on Tuesday and on Wednesday."""
    matters = bundle(
        item("a", "9 h"), item("b", "0 min", department="other"), more="promised: 1 wd"
    )
    sections = {
        "matters": matters[:-1] + f", {errand('0 min', 'promised: 1 wd', 'short')[:-1]}, "
        f"items: [{item('c', '1 h', department='other')}]}}]",
        "departments": f"[{department('office')}, {department('other')}]",
        "layouts": windows("id: window, serves: [errand, short], clerks: 1"),
        "demand": flows(at("09:00", "09:01"), at("09:02", matter="short", flow="others")),
        "run": "{start: 2025-01-06, measured_days: 1, followup_days: 3}",
    }
    promises = [
        "measure: on_time_share, at_least: 0.99, each: run",
        "measure: on_time_share, at_least: 0.99, each: run, departments: [other, office]",
        "measure: on_time_share, at_least: 0.99, each: run, matters: [short, errand]",
        "measure: turnaround, at_most: 1 wd, each: run",
    ]
    held = Held(promises, **sections)
    assert [(cell.what, cell.id) for cell in held.promised.cells] == [
        ("all", ""),
        ("department", "other"),
        ("department", "office"),
        ("matter", "short"),
        ("matter", "errand"),
        ("all", ""),
    ]
    # within one working day; the third case has an hour in the other department, on Monday
    assert held.values.tolist() == pytest.approx([2 / 3, 2 / 3, 1 / 2, 1.0, 1 / 2, 3 / 3])


def test_a_list_or_class_or_group_by_itself() -> None:
    classes = (
        "{classes: [{id: first, name: {zh: 一, en: First}, priority: 0},"
        " {id: second, name: {zh: 二, en: Second}, priority: 1}]}"
    )
    sections = {
        "applicants": classes,
        "matters": f"[{errand('10 min')}, {errand('20 min', id_='long')}]",
        "layouts": windows(
            "id: short, serves: [errand], clerks: 1",
            "id: slow, list: desk, serves: [long], clerks: 1",
        ),
        "demand": flows(
            at("09:00", "09:00", more="classes: {second: 1}"),
            at("09:00", "09:00", matter="long", flow="others", more="classes: {first: 1}"),
        ),
    }
    promises = [
        "measure: wait, at_most: 8 min, each: run",
        "measure: wait, at_most: 8 min, each: day, groups: [slow]",
        "measure: wait, at_most: 8 min, each: run, classes: [second]",
        "measure: wait, at_most: 8 min, each: run, matters: [office, long]",
        "measure: utilisation, at_most: 0.85, each: run, groups: [slow, short]",
        "measure: overtime, at_most: 0.5 min, each: run",
    ]
    held = Held(promises, **sections)
    cells = [(cell.what, cell.id, cell.days) for cell in held.promised.cells]
    assert dict(zip(cells, held.values.tolist(), strict=True)) == pytest.approx(
        {
            ("list", "short", ""): 5.0,
            ("list", "desk", ""): 10.0,
            ("list", "desk", "mon"): 10.0,
            ("list", "desk", "tue-fri"): math.nan,
            ("class", "second", ""): 5.0,
            ("matter", "office", ""): 7.5,
            ("matter", "long", ""): 10.0,
            ("group", "slow", ""): 40 / 480,
            ("group", "short", ""): 20 / 480,
            ("all", "", ""): 0.0,
        },
        nan_ok=True,
    )


def test_a_ticket_taken_over_lunch_counts_in_the_last_half_hour_before_it() -> None:
    """Papers are mended inside from 11:50 to 12:20, and wait for the window until 14:00."""
    held = Held(
        ["measure: wait, at_most: 8 min, each: half_hour"],
        calendars="[{id: day, weekly: {mon-fri: [09:00-12:00, 14:00-17:00]}}]",
        demand=come("11:40"),
        corrections="{share: 1, at_most: 1, on_the_spot: 1, spot_delay: 30 min}",
    )
    assert held.by_place() == {("window", "mon", 23): (0 + 100) / 2}
    slots = {cell.slot for cell in held.promised.cells}
    assert slots == {*range(18, 24), *range(28, 34)}


def test_a_make_up_day_is_of_mondays_kind() -> None:
    """Sunday 28 September 2025 is worked by Monday's hours; so are its people Monday's."""
    held = Held(
        ["measure: wait, at_most: 8 min, each: day"],
        calendars="[{id: day, holidays: china,"
        " weekly: {mon: [09:00-12:00], tue-fri: [10:00-17:00]}}]",
        run="{start: 2025-09-28, measured_days: 3, holidays: china}",
        demand="[{id: people, matter: errand, at: [2025-09-28T09:00:00, 2025-09-28T09:00:00]}]",
    )
    assert held.by_place() == {("window", "mon", -1): 5.0}


def test_without_promises_there_are_no_cells() -> None:
    held = Held([])
    assert held.promised.cells == ()
    assert held.sums.shape == (0, 2)
    assert held.promised.are_kept(held.values).tolist() == []


def test_a_group_of_another_layout_has_no_cell_here() -> None:
    both = windows("id: window, serves: [errand], clerks: 1")[:-1] + (
        ", {id: other, name: {zh: 厅, en: Other},"
        " windows: [{id: counter, serves: [errand], clerks: 1}]}]"
    )
    promises = [
        "measure: wait, at_most: 8 min, each: half_hour, groups: [counter]",
        "measure: utilisation, at_most: 0.9, each: day, groups: [counter]",
        "measure: wait, at_most: 9 min, each: run",
    ]
    held = Held(promises, layouts=both, demand=BUSY)
    assert [cell.promise for cell in held.promised.cells] == [2]
    assert held.values.tolist() == [7.0]


def test_an_interval_is_that_of_the_replications() -> None:
    text = small(targets=targets("measure: wait, at_most: 8 min, each: run"))
    scenario = scenario_from_text(text)
    promised = promise_cells(compile_plan(scenario, "hall"), scenario)
    sums = np.array([[[60_000 * 4, 2]], [[60_000 * 9, 3]]])  # 4 and 9 minutes, 2 and 3 people
    assert promised.values(sums).ravel().tolist() == [2.0, 3.0]
    assert promised.interval(0, sums).mean == pytest.approx(13 / 5)
    assert promised.interval(0, sums).n == 2


# === laws === #

ROUNDING = 1e-9
LEVELS: dict[str, float | Span] = {"share": 0.05, "min": Span(10 * MINUTE), "wd": Span(0, 3)}


def promised_all(scenario: Scenario, each: Each) -> Scenario:
    """The scenario with a promise of every measure that can have one; levels are any."""
    promises = tuple(
        Promise.model_validate(
            {
                "measure": name,
                f"at_{'least' if kind.better == 'high' else 'most'}": LEVELS[kind.unit],
                "each": each,
            }
        )
        for name, kind in PROMISABLE.items()
        if each in EACH_OF[kind.over]
    )
    return promising(scenario, *promises)


def promising(scenario: Scenario, *promises: Promise) -> Scenario:
    """The scenario with these promises and no others."""
    only = scenario.targets.model_copy(update={"promises": promises})
    return scenario.model_copy(update={"targets": only})


def test_units_and_directions_are_those_of_the_measures() -> None:
    measures = {measure.key: measure for measure in MEASURES}
    for name, kind in PROMISABLE.items():
        assert measures[name].unit == kind.unit
        assert measures[name].better in {kind.better, "neither"}


@settings(FEW, max_examples=6)
@given(scenarios())
def test_cells_add_up_to_what_is_measured(text: str) -> None:
    """Over half hours, over days and over the run alike, in any hall without other places."""
    scenario = scenario_from_text(text)
    layout = scenario.layouts[0].id
    tables = tables_of(scenario, layout)
    tally = measure(tables)
    worst: dict[str, float] = {}
    for each in EACH:
        promised = promise_cells(tables.plan, promised_all(scenario, each))
        sums = promised.sums(tables)
        values = promised.values(sums)
        for number, promise in enumerate(promised.promises):
            cells = [n for n, cell in enumerate(promised.cells) if cell.promise == number]
            whole = tally.by_day[promise.measure].sum(axis=1)
            assert sums[cells].sum(axis=0).tolist() == whole.tolist(), (promise.measure, each)
            sign = -1 if promise.kind.better == "high" else 1
            badness = [sign * value for value in values[cells].tolist() if not math.isnan(value)]
            coarser = max(badness, default=-math.inf)
            # what is kept in each half hour is kept over the day, and so over the run
            assert coarser <= worst.get(promise.measure, math.inf) + ROUNDING
            worst[promise.measure] = coarser
    names = tables.plan.names
    everybody = {"groups": names.groups, "matters": names.matters, "classes": names.classes}
    for promise in promised_all(scenario, "run").targets.promises:
        for who in WHO_OF[promise.kind.over]:
            if who != "departments":  # a case may have items in several of them
                of_each = promise.model_copy(update={who: tuple(everybody[who])})
                sums = promise_cells(tables.plan, promising(scenario, of_each)).sums(tables)
                whole = tally.by_day[promise.measure].sum(axis=1)
                assert sums[:, 0].sum() == whole[0], (promise.measure, who)


def test_places_elsewhere_have_no_cells() -> None:
    """A station has hours and clerks of its own: nobody there counts in the hall's promises."""
    point = {"clerks": 1, "accepts": ["errand"]}
    text = with_places(
        small(demand=BUSY, applicants="{}"), [point], {"rule": "shares", "shares": {"point": 1.0}}
    )
    scenario = promised_all(scenario_from_text(text), "run")
    tables = tables_of(scenario)
    promised = promise_cells(tables.plan, scenario)
    sums = promised.sums(tables)
    assert (measure(tables).by_day["wait"].sum(axis=1) > 0).all()
    assert {cell.id for cell in promised.cells if cell.what == "list"} == {"window"}
    of_people = [n for n, cell in enumerate(promised.cells) if cell.what == "list"]
    assert not sums[of_people].any()
