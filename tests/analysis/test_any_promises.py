"""What must hold whatever is promised in whatever hall: it is read, kept and counted so."""

from __future__ import annotations

import pytest
from hypothesis import given, note, settings

from sim.analysis.measures import Tally, measure
from sim.analysis.promises import Promised, promise_cells
from sim.arrays import Ints
from sim.results.tables import Tables
from sim.scenario.format import formatted
from sim.scenario.load import scenario_from_text, tree_of, validate_tree
from sim.scenario.promises import Promise
from sim.scenario.scenario import Scenario
from sim.storage.keep import read_scenario_text, scenario_text
from tests.laws.halls import tables_of
from tests.strategies import FEW, altered, areas, promising, scenarios

SHARE_OF = {"matters": "matter", "classes": "class"}
"""How a tally groups whom a promise names."""


@settings(FEW, max_examples=25)
@given(promising(scenarios()))
def test_every_way_to_write_promises_down_keeps_them(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    """Formatted, as a tree, and as it is kept beside an answer."""
    note(text)
    scenario = scenario_from_text(text)
    assert scenario.targets.promises
    tidy = formatted(text)
    assert formatted(tidy) == tidy
    saved = tmp_path_factory.mktemp("kept") / "scenario.json"
    saved.write_text(scenario_text(scenario), encoding="utf-8")
    for same in (
        scenario_from_text(tidy),
        validate_tree(tree_of(scenario))[0],
        read_scenario_text(saved),
    ):
        assert same == scenario
        assert same.hash == scenario.hash


@settings(FEW, max_examples=25)
@given(promising(scenarios()))
def test_promises_change_nothing_but_what_is_promised(text: str) -> None:
    note(text)
    scenario = scenario_from_text(text)
    silent = scenario_from_text(altered(text, ("targets", None)))
    assert silent.model_copy(update={"targets": scenario.targets}) == scenario
    assert silent.hash != scenario.hash


@settings(FEW, max_examples=25)
@given(promising(scenarios() | areas()))
def test_cells_add_up_whatever_is_promised(text: str) -> None:
    """The cells of a promise have the people of the run, whom they name, and nobody else."""
    note(text)
    scenario = scenario_from_text(text)
    tables = tables_of(scenario, scenario.layouts[0].id)
    promised = promise_cells(tables.plan, scenario)
    sums = promised.sums(tables)
    assert sums.shape == (len(promised.cells), 2)
    assert ((promised.values(sums) >= 0) | promised.nobody(sums)).all()
    tally = measure(tables)
    for number, promise in enumerate(promised.promises):
        of_promise = _sums_by_name(promised, sums, number)
        whole = promise.model_copy(update={"each": "run"})
        over_the_run = promise_cells(tables.plan, _promising(scenario, whole))
        assert of_promise == _sums_by_name(over_the_run, over_the_run.sums(tables), 0)
        if scenario.places is None:
            _assert_is_of_the_tally(scenario, tables, tally, promise, of_promise)


def _sums_by_name(promised: Promised, sums: Ints, number: int) -> dict[str, list[int]]:
    """Both sums of one promise for each list, class, … that it is about."""
    by_name: dict[str, list[int]] = {}
    for cell, (numerator, denominator) in zip(promised.cells, sums.tolist(), strict=True):
        if cell.promise == number:
            so_far = by_name.setdefault(cell.id, [0, 0])
            by_name[cell.id] = [so_far[0] + numerator, so_far[1] + denominator]
    return by_name


def _assert_is_of_the_tally(
    scenario: Scenario,
    tables: Tables,
    tally: Tally,
    promise: Promise,
    of_promise: dict[str, list[int]],
) -> None:
    """What is promised to all is the measure of the run; to some, that of their groups."""
    if promise.within is not None and promise.within != scenario.targets.called_within:
        return  # a tally has one wait within which people should be called
    who, names = promise.who
    if who is None:
        together = [sum(both) for both in zip(*of_promise.values(), strict=True)]
        assert together == tally.by_day[promise.measure].sum(axis=1).tolist()
        return
    key = (promise.measure, SHARE_OF.get(who, ""))
    if key not in tally.by_group:
        return
    meant = {**{name: (name,) for name in tables.plan.names.classes}, **scenario.matters_named()}
    rows = {"matters": tables.plan.names.matters, "classes": tables.plan.names.classes}[who]
    for name in names:
        members = [rows.index(row) for row in meant[name]]
        by_group = tally.by_group[key][:, members].sum(axis=1)  # type: ignore[index]
        assert of_promise[name] == by_group.tolist(), (promise.measure, name)


def _promising(scenario: Scenario, *promises: Promise) -> Scenario:
    only = scenario.targets.model_copy(update={"promises": promises})
    return scenario.model_copy(update={"targets": only})
