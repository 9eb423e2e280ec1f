"""Laws of one clerk fewer and one more: what they may change, and that nobody is drawn again."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest

from sim import Run, example_path, load_scenario
from sim.clock import parse_clock
from sim.errors import OptionError
from sim.plan.crowd import draw_tape
from sim.questions.size import Need, Sizing, size
from sim.questions.staff_change import StaffChange, StaffChangeQuestion, StaffTrials
from sim.runs import kept_crowds
from sim.storage.codec import read_plain, to_plain
from tests.questions.test_size import HOURS, called, hall, only, sized

WINDOWS = "layouts.hall.windows.windows.count=5"


@pytest.fixture(scope="module")
def sizing() -> Sizing:
    return sized(called("80 %"))


@pytest.fixture(scope="module")
def trials(sizing: Sizing) -> Iterator[StaffTrials]:
    with StaffTrials(sizing, "hall", Run(workers=1)) as trials:
        yield trials


def of_need(trials: StaffTrials, need: Need) -> StaffChange:
    return trials.change(need.group, need.days, need.starts)


def test_as_sized_it_is_what_was_confirmed(sizing: Sizing, trials: StaffTrials) -> None:
    """The crowds are those of the answer, to the last bit."""
    confirmed = {checked.cell: checked.sized for checked in only(sizing).cells}
    for need in only(sizing).needs:
        change = of_need(trials, need)
        [as_sized] = [tried for tried in change.numbers if tried.clerks == need.clerks]
        assert change.cells
        for cell, value in zip(change.cells, as_sized.values, strict=True):
            assert value == confirmed[cell]
        assert (as_sized.hours, change.replications) == (0.0, 6)


def test_one_fewer_serves_nobody_sooner_and_one_more_nobody_later(
    sizing: Sizing, trials: StaffTrials
) -> None:
    """Nobody gives up here, so that fewer clerks can only be later; other days stay as they are."""
    for need in only(sizing).needs:
        change = of_need(trials, need)
        for values in zip(*(tried.values for tried in change.numbers), strict=True):
            means = [value.mean for value in values]
            assert means == sorted(means)
        assert {cell.days for cell in change.cells} == {need.days}
        clerks = [tried.clerks for tried in change.numbers]
        assert clerks == sorted(clerks)
        assert set(clerks) <= {need.clerks - 1, need.clerks, need.clerks + 1}


def test_one_fewer_is_what_the_answer_says_of_it(sizing: Sizing, trials: StaffTrials) -> None:
    for need in only(sizing).needs:
        if need.binding < 0:
            continue
        change, cell = of_need(trials, need), only(sizing).cells[need.binding].cell
        assert change.numbers[0].clerks == need.clerks - 1
        assert change.numbers[0].values[change.cells.index(cell)].mean == need.one_fewer


def test_hours_and_cost_are_those_of_the_week() -> None:
    """Half an hour on two days; the wage is of the scenario."""
    scenario = hall(called("80 %"))
    assert math.isnan(of_first(size(scenario, run=Run(replications=3, workers=1))).numbers[-1].cost)
    paid = scenario.model_copy(
        update={"money": load_scenario(example_path("sanmenxia_townships.yaml")).money}
    )
    assert paid.money is not None
    change = of_first(size(paid, run=Run(replications=3, workers=1)))
    assert [tried.hours for tried in change.numbers] == [-1.0, 0.0, 1.0]
    wage = paid.money.clerk_yuan_per_hour
    assert [tried.cost for tried in change.numbers] == [-wage, 0.0, wage]


def of_first(sizing: Sizing) -> StaffChange:
    need = only(sizing).needs[0]
    question = StaffChangeQuestion("hall", need.group, need.days, need.starts)
    return question.answer(sizing, run=Run(workers=1))


def test_no_more_than_there_are_windows_and_no_fewer_than_one() -> None:
    changes = ["run.measured_days=6", "run.warmup_days=0", HOURS, WINDOWS]
    strict = f"targets.promises=[{called('99 %', within='1 min')}]"
    full = size(
        load_scenario(example_path("exact/mmc.yaml"), [*changes, strict]),
        run=Run(replications=3, workers=1),
    )
    need = next(need for need in only(full).needs if need.clerks == 5)
    question = StaffChangeQuestion("hall", need.group, need.days, need.starts)
    assert [tried.clerks for tried in question.answer(full, run=Run(workers=1)).numbers] == [4, 5]
    loose = sized("{measure: called_within, within: 2 h, at_least: 10 %, each: run}")
    need = next(need for need in only(loose).needs if need.clerks == 1)
    question = StaffChangeQuestion("hall", need.group, need.days, need.starts)
    assert [tried.clerks for tried in question.answer(loose, run=Run(workers=1)).numbers] == [1, 2]


def test_crowds_are_drawn_once(sizing: Sizing, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []

    def counted(demand: object, seed: int, replication: int) -> object:
        drawn.append(replication)
        return draw_tape(demand, seed, replication)  # type: ignore[arg-type]

    monkeypatch.setattr(kept_crowds, "draw_tape", counted)
    with StaffTrials(sizing, "hall", Run(workers=1)) as trials:
        for need in only(sizing).needs:
            of_need(trials, need)
    assert drawn == list(range(drawn[0], drawn[0] + 6))
    assert drawn[0] == only(sizing).confirmed_from >= 6, "the search has not seen them"


def test_what_was_not_sized_is_refused(sizing: Sizing, trials: StaffTrials) -> None:
    with pytest.raises(OptionError, match="windows, wed 12:00"):
        trials.change("windows", "wed", parse_clock("12:00"))
    with pytest.raises(OptionError, match="unknown layout 'none'"):
        StaffTrials(sizing, "none")
    with pytest.raises(OptionError, match="not confirmed"):
        StaffTrials(sizing._replace(confirmed_on=0), "hall")


def test_an_answer_goes_through_json(sizing: Sizing) -> None:
    change = of_first(sizing)
    assert repr(read_plain(StaffChange, to_plain(change))) == repr(change)
