"""The steps of the reform: each scenario of the chain changes what its name says, no more."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pytest

from sim import Run, compile_plan, draw_tape, example_path, load_scenario, replicate
from sim.errors import OptionError
from sim.plan.plan import Plan
from sim.plan.tape import Tape
from sim.questions.compare import compare
from sim.questions.reform import ReformQuestion, follow, reform
from sim.runs.replicate import Study
from sim.scenario.edit import with_overrides
from sim.scenario.scenario import Scenario
from sim.scenario.tree import read_tree

CHAIN: Final = ("bundled", "prefill", "booking", "saturday", "training", "tidal")


@cache
def step(name: str) -> Scenario:
    return load_scenario(example_path(f"sanmenxia_{name}.yaml"))


@cache
def plan(name: str) -> Plan:
    return compile_plan(step(name), "zone")


@cache
def crowd(name: str) -> Tape:
    return draw_tape(plan(name).demand, seed=1, replication=0)


def intakes(tape: Tape) -> np.ndarray[Any, np.dtype[np.int64]]:
    return tape.errands.service[tape.cases.errand_offsets[:-1]]


def in_a_bundle(name: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Whether each case of the crowd is of one of the 24 matters."""
    matters = plan(name).names.matters
    bundles = [m for m, matter in enumerate(matters) if not matter.startswith("ord_")]
    assert len(bundles) == 24
    return np.isin(crowd(name).cases.matter, bundles)


@pytest.mark.parametrize(("before", "after"), list(pairwise(CHAIN)))
def test_each_extends_the_one_before(before: str, after: str) -> None:
    base = read_tree(example_path(f"sanmenxia_{after}.yaml")).child("extends")
    assert base is not None
    assert base.value == f"sanmenxia_{before}.yaml"


@pytest.mark.parametrize("name", CHAIN)
def test_all_measure_the_same_dates(name: str) -> None:
    training, period = plan("training").period, plan(name).period
    assert (period.start_ordinal, period.n_days) == (training.start_ordinal, training.n_days)
    assert {int(period.hall_days[0]), int(period.hall_days[-1])} == {
        int(training.hall_days[0]),
        int(training.hall_days[-1]),
    }


def test_pre_filled_forms_shorten_work_at_the_window_and_change_nothing_else() -> None:
    plain, filled = crowd("bundled"), crowd("prefill")
    for name in ("arrived_at", "matter", "patience"):
        np.testing.assert_array_equal(getattr(plain.cases, name), getattr(filled.cases, name), name)
    np.testing.assert_array_equal(plain.errands.online, filled.errands.online)
    bundled = in_a_bundle("prefill")
    assert (intakes(filled) <= intakes(plain))[bundled].all()
    np.testing.assert_array_equal(intakes(filled)[~bundled], intakes(plain)[~bundled])


def test_who_books_wants_the_same_at_the_same_instant() -> None:
    before, after = crowd("prefill"), crowd("booking")
    assert sorted(zip(before.cases.wished_at, before.cases.matter, strict=True)) == sorted(
        zip(after.cases.wished_at, after.cases.matter, strict=True)
    )
    booked = after.cases.booked_for >= 0
    hall = in_a_bundle("booking") & ~after.errands.online[after.cases.errand_offsets[:-1]]
    assert 0 < booked.sum() / hall.sum() <= 0.3
    assert not (booked & ~hall).any()


def test_saturdays_add_days_and_take_none() -> None:
    days = set(plan("booking").period.hall_days.tolist())
    more = set(plan("saturday").period.hall_days.tolist())
    start = plan("saturday").period.start_ordinal
    assert days < more
    assert {(start + day) % 7 for day in more - days} == {6}  # ordinal 1 was a Monday


def test_trained_clerks_are_quicker_and_send_nobody_back_who_was_not_before() -> None:
    before, after = crowd("saturday"), crowd("training")
    np.testing.assert_array_equal(before.cases.wished_at, after.cases.wished_at)
    first = (
        before.errands.complete[before.cases.errand_offsets[:-1]],
        after.errands.complete[after.cases.errand_offsets[:-1]],
    )
    assert (first[0] <= first[1]).all()
    assert first[0].sum() < first[1].sum()
    assert (plan("training").hall.factor < plan("saturday").hall.factor).all()
    trained = step("training").hall.training
    assert trained is not None
    assert trained.sessions * trained.people > 500


def test_tidal_windows_cost_no_clerk_and_touch_no_hall_without_a_zone() -> None:
    tidal = compile_plan(step("tidal"), "counters")
    for before, after in zip(
        compile_plan(step("training"), "counters").hall, tidal.hall, strict=True
    ):
        np.testing.assert_array_equal(before, after)
    assert {group.tidal.pool for group in step("tidal").layout("zone").windows if group.tidal} == {
        "zone"
    }


def test_half_of_the_cases_are_online() -> None:
    scenario = load_scenario(example_path("sanmenxia_online.yaml"))
    bundles = {matter.id for matter in scenario.matters if "one_matter" in matter.groups}
    flows = [flow for flow in scenario.demand if flow.matter in bundles]
    cases = [flow.per_day or 0.0 for flow in flows]
    online = sum(n * flow.online_share for n, flow in zip(cases, flows, strict=True)) / sum(cases)
    assert online == pytest.approx(0.5, abs=0.01)


# === what each brings === #


@pytest.fixture(scope="module")
def studies() -> list[Study]:
    short = ["run.warmup_days=1", "run.measured_days=2", "run.followup_days=2"]
    paths = [example_path(f"sanmenxia_{name}.yaml") for name in CHAIN[:2]]
    return [
        replicate(load_scenario(path, short), ["zone"], run=Run(replications=2, workers=1))
        for path in paths
    ]


def test_differences_add_up_from_first_to_last(studies: list[Study]) -> None:
    there_and_back = follow([*studies, studies[0]], "zone").changes
    for measure in ("wait", "trips", "utilisation", "visits"):
        steps = [change.difference(measure) for change in there_and_back[1:]]
        moves = [difference.interval.mean for difference in steps if difference is not None]
        assert sum(moves) == pytest.approx(0.0, abs=1e-9)
        assert len(moves) == 2


def test_a_scenario_after_itself_brings_exactly_nothing(studies: list[Study]) -> None:
    [_, repeated] = follow([studies[0], studies[0]], "zone").changes
    assert repeated.same_people
    assert {difference.interval.mean for difference in repeated.differences} == {0.0}


def test_pre_filled_forms_spare_one_matter_visitors_most(studies: list[Study]) -> None:
    matters = tuple(matter for matter in studies[0].plans[0].names.matters if matter[:4] != "ord_")
    everybody, one_matter_visitors = (
        follow(studies, "zone", selection).changes[1].difference("wait")
        for selection in ((), matters)
    )
    assert everybody is not None
    assert one_matter_visitors is not None
    assert one_matter_visitors.interval.mean < everybody.interval.mean < 0


def test_one_matter_alone_is_counted_as_its_tally_says(studies: list[Study]) -> None:
    [first] = follow(studies[:1], "zone", ["retirement"]).changes
    rows = [tally.by_group["trips", "matter"] for tally in studies[0].of("zone")]
    place = studies[0].plans[0].names.matters.index("retirement")
    trips = first.estimate("trips")
    assert trips is not None
    total, cases = np.sum([row[:, place] for row in rows], axis=0)
    assert trips.interval.mean == pytest.approx(total / cases)
    assert first.estimate("utilisation") is None


def test_other_people_are_told(studies: list[Study]) -> None:
    more = load_scenario(
        example_path("sanmenxia_prefill.yaml"),
        [*("run.warmup_days=1", "run.measured_days=3", "run.followup_days=2")],
    )
    longer = replicate(more, ["zone"], run=Run(replications=2, workers=1))
    [_, change] = follow([studies[1], longer], "zone").changes
    assert not change.same_people
    assert change.difference("wait") is not None


def test_unlike_studies_and_unknown_matters_are_refused(studies: list[Study]) -> None:
    with pytest.raises(ValueError, match="one of each"):
        follow([studies[0], studies[1]._replace(seed=9)], "zone")
    with pytest.raises(KeyError, match="no_such"):
        follow(studies, "zone", ["no_such"])
    with pytest.raises(KeyError, match="first"):
        follow(studies, "zone", ["retirement", "first", "second"])


def test_who_books_comes_at_another_time_and_is_the_same(studies: list[Study]) -> None:
    """The order in which people come is another; who wants what, and when, is not."""
    short = ["run.warmup_days=1", "run.measured_days=2", "run.followup_days=2"]
    booking = load_scenario(example_path("sanmenxia_booking.yaml"), short)
    booked = replicate(booking, ["zone"], run=Run(replications=2, workers=1))
    [_, change] = follow([studies[1], booked], "zone").changes
    assert change.same_people


# === the question === #


@pytest.fixture(scope="module")
def stages() -> list[Scenario]:
    hall = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    clerks = "layouts.hall.windows.windows.clerks"
    return [with_overrides(hall, [f"{clerks}={n}"]) for n in (5, 6, 5)]


def test_the_question_asks_what_following_studies_tells(stages: list[Scenario]) -> None:
    run = Run(replications=2, seed=3, workers=1)
    alone = follow([replicate(stage, ["hall"], run=run) for stage in stages], "hall")
    question = ReformQuestion()
    assert question.runs(stages) == 3
    answer = question.answer(stages, run=run)
    assert str(answer) == str(alone)
    assert (answer.replications, answer.asked, answer.seed) == (2, 2, 3)
    first = [figure for figure in answer.figures if figure.stage == 0]
    assert {figure.same_people for figure in first} == {None}
    assert {figure.judgement for figure in first} == {None}
    back = [figure.difference.mean for figure in answer.figures if figure.measure == "wait"][1:]
    assert sum(back) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("stop", [0, 1, 2])
def test_stopped_early_all_stages_keep_the_same_crowds(stages: list[Scenario], stop: int) -> None:
    steps: list[int] = []

    def tell(done: int, total: int) -> None:
        steps.append(done)
        assert total == 6, "equal scenarios are served once"

    run = Run(replications=3, workers=1, progress=tell, cancelled=lambda: len(steps) >= stop)
    answer = reform(stages, run=run)
    assert {change.study.replications for change in answer.changes} == {stop}
    assert (answer.replications, answer.asked) == (stop, 3)


def test_a_day_costs_what_it_costs_everywhere_in_the_prices_of_each_stage() -> None:
    path = example_path("exact/mmc.yaml")
    short = ["run.measured_days=2"]
    free, paid, dear = (
        load_scenario(path, [*short, *money])
        for money in ([], ["money.clerk_yuan_per_hour=30"], ["money.clerk_yuan_per_hour=60"])
    )
    run = Run(replications=2, workers=1)
    changes = reform([free, paid, dear], run=run).changes
    assert changes[0].estimate("cost_per_day") is None
    assert changes[1].difference("cost_per_day") is None
    compared = compare(replicate(paid, ["hall"], run=run))
    cost = compared.estimate("hall", "cost_per_day")
    assert changes[1].estimate("cost_per_day") == cost
    more = changes[2].difference("cost_per_day")
    assert more is not None
    assert more.interval.mean == pytest.approx(cost.interval.mean)


def test_one_stage_and_unknown_matters_are_refused(stages: list[Scenario]) -> None:
    with pytest.raises(OptionError, match="1 stage of a reform"):
        reform(stages[:1])
    with pytest.raises(OptionError, match="unknown matter"):
        reform(stages, matters=["errands"])
