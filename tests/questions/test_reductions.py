"""Before and after: one crowd, two handlings; what is added up, and what is compared with what."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace

import numpy as np
import pytest

from sim import Run, Scenario, example_path, load_scenario
from sim.analysis.errands import visits_a_case
from sim.analysis.reductions import COUNTED, REDUCTIONS
from sim.errors import OptionError, ScenarioError
from sim.plan.compile import compile_demand
from sim.questions.reductions import (
    Reductions,
    leanings,
    matter_of,
    quietest_layout,
    reductions,
)
from sim.scenario.edit import FOLLOWUP, with_handling
from sim.scenario.load import scenario_from_text
from sim.storage.reductions_export import reductions_data, reductions_rows
from sim.text import load_text
from sim.views.reductions_words import leaning_sentences, reduction_sentences
from tests.engine.test_separate import X, Y, Z, joint, separate
from tests.strategies import item, windows

QUICK = ("run.warmup_days=2", "run.measured_days=3")
LISTS = (
    "id: all, serves: [joint], clerks: 1",
    *(f"id: {name}, serves: [{name}], clerks: 1" for name in "abc"),
)


def hall(*items: str, more: str = "", **sections: str) -> Scenario:
    """A busy week of one matter, with a window for each department and one for the bundle."""
    usual = {
        "matters": joint(*items, more=more, handling="bundled"),
        "demand": "[{id: p, matter: joint, rate: 3 per h}]",
        "run": "{start: 2025-01-06, measured_days: 3, followup_days: 20}",
        "layouts": windows(*LISTS),
    }
    return scenario_from_text(separate(**{**usual, **sections}))


@pytest.fixture(scope="module")
def city() -> Scenario:
    return load_scenario(example_path("sanmenxia.yaml"), QUICK)


@pytest.fixture(scope="module")
def city_reductions(city: Scenario) -> Reductions:
    return reductions(city, "counters", run=Run(replications=3, workers=1), followup=40)


def test_three_departments_by_hand() -> None:
    """Without repeats: 3 steps and trips become 1, 6 papers become none, exactly."""
    items = (
        item("x", "5 min", "materials: 3", "office"),
        item("y", "5 min", "materials: 1", "tax"),
        item("z", "5 min", "materials: 2", "police"),
    )
    cuts = reductions(hall(*items), run=Run(replications=2, workers=1), followup=30)
    steps, materials, time, trips = cuts.summary.matters["joint"].reductions
    assert (steps.before.mean, steps.after.mean) == (3, 1)
    assert (materials.before.mean, materials.after.mean) == (6, 0)
    assert (trips.before.mean, trips.after.mean) == (3, 1)
    assert steps.cut[:3] == pytest.approx((2 / 3,) * 3)
    assert time.before.mean >= 2 > time.after.mean, "a visit a day"


def test_the_number_of_workers_changes_nothing() -> None:
    """One process or two: the same sums to the last bit."""
    scenario = hall(X, Y, Z)
    one_worker, two_workers = (
        reductions(scenario, "hall", run=Run(replications=3, workers=n), followup=20)
        for n in (1, 2)
    )
    for left, right in zip(one_worker.pairs, two_workers.pairs, strict=True):
        for sums_of_one, sums_of_two in zip(left, right, strict=True):
            np.testing.assert_array_equal(sums_of_one, sums_of_two)


def test_the_handling_of_the_file_does_not_matter(city: Scenario) -> None:
    """Before and after are the same whichever of both the scenario happens to state."""
    before = load_scenario(example_path("sanmenxia_before.yaml"), QUICK)
    of_city, of_before = (
        reductions(stated, "counters", run=Run(replications=1, workers=1), followup=10)
        for stated in (city, before)
    )
    np.testing.assert_array_equal(of_city.pairs[0].counted, of_before.pairs[0].counted)


def test_all_matters_are_the_sum_of_matters(city_reductions: Reductions) -> None:
    """Weighted by their cases, the matters' means add up to the mean of all."""
    for name in ("steps", "materials", "trips", "time"):
        whole = city_reductions.summary.whole.cuts[name]
        cases = {
            matter: city_reductions.summary.matters[matter].cases.compared
            for matter in city_reductions.matters
        }
        parts = [
            cases[matter] * city_reductions.summary.matters[matter].cuts[name].before.mean
            for matter in city_reductions.matters
            if cases[matter]
        ]
        assert whole.before.mean == pytest.approx(math.fsum(parts) / sum(cases.values()))


def test_channels_are_parts_of_the_whole(city_reductions: Reductions) -> None:
    """Who applied at the hall and who applied online: two cuts around the cut of all."""
    hall, online = city_reductions.summary.whole.time_by_channel
    whole = city_reductions.summary.whole.cuts["time"]
    low, high = sorted((hall.cut.mean, online.cut.mean))
    assert low < whole.cut.mean < high


def test_who_was_compared_is_told(city_reductions: Reductions) -> None:
    """Measured cases are compared, or open, lost or refused under one of the handlings."""
    cases = city_reductions.summary.whole.cases
    assert 0 < cases.compared < cases.cases
    assert cases.open[0] > cases.open[1]
    assert cases.lost[0] > cases.lost[1]


def test_the_sentence_tells_the_numbers_of_each_handling(city_reductions: Reductions) -> None:
    """First those of separate handling, then those of bundled; the numbers are all unlike."""
    cases, text = city_reductions.summary.whole.cases, load_text("en")
    assert len({cases.cases, cases.compared, *cases.open, *cases.lost}) == 6
    [sentence] = [
        words for words in reduction_sentences(city_reductions, text) if "both handlings" in words
    ]
    numbers = [int(digits.replace(",", "")) for digits in re.findall(r"\d[\d,]*", sentence)]
    assert numbers == [
        *(cases.cases, cases.compared),
        *(cases.open[0], cases.lost[0]),
        *(cases.open[1], cases.lost[1]),
    ]


def test_the_model_beside_what_is_published(city: Scenario, city_reductions: Reductions) -> None:
    """Published figures are shown and never used: without them every count is the same."""
    steps = city_reductions.summary.matters["birth"].cuts["steps"]
    assert (steps.published_before, steps.published_after) == (7.0, 1.0)
    assert steps.published_cut == pytest.approx(6 / 7)
    assert steps.beyond_published is not None
    beyond = [end - 6 / 7 for end in steps.cut[:3]]
    assert steps.beyond_published[:3] == pytest.approx(beyond)
    whole = city_reductions.summary.whole.cuts["time"]
    assert whole.published_cut == 0.85
    online = city_reductions.summary.matters["medical_claim"].cuts["trips"]
    assert online.published_cut is None, "0 trips before: no share of nothing"
    silent = city.model_copy(
        update={
            "published_cuts": None,
            "matters": tuple(
                matter.model_copy(update={"published": None}) for matter in city.matters
            ),
        }
    )
    silent_reductions = reductions(
        silent, "counters", run=Run(replications=1, workers=1), followup=40
    )
    np.testing.assert_array_equal(
        silent_reductions.pairs[0].counted, city_reductions.pairs[0].counted
    )
    assert "steps" not in silent_reductions.summary.guides


def test_means_of_matters(city_reductions: Reductions) -> None:
    """Matters alike: the model's mean has an interval, the guides' is that of the table."""
    guides = city_reductions.summary.guides["steps"]
    assert guides.matters == 23
    assert guides.mean == pytest.approx(0.78, abs=0.01)
    model = city_reductions.summary.mean_cuts["steps"]
    assert model.low < model.mean < model.high


def test_guides_weigh_a_matter_with_its_cases(city_reductions: Reductions) -> None:
    """What all applicants needed before and need now, by a plain loop; without a case no ratio."""
    before = after = 0.0
    alike = []
    for matter in city_reductions.scenario.matters:
        if matter.id in city_reductions.matters and matter.published and matter.published.steps:
            steps_before, steps_now = matter.published.steps
            row = city_reductions.rows[city_reductions.matters.index(matter.id)]
            cases = sum(int(pair.cases[:, row].sum()) for pair in city_reductions.pairs)
            before, after = before + steps_before * cases, after + steps_now * cases
            alike.append(1 - steps_now / steps_before)
    guides = city_reductions.summary.guides["steps"]
    assert guides.by_volume == pytest.approx(1 - after / before)
    assert guides.mean == pytest.approx(sum(alike) / len(alike))
    nobody = tuple(pair._replace(cases=0 * pair.cases) for pair in city_reductions.pairs)
    guides = replace(city_reductions, pairs=nobody).summary.guides["steps"]
    assert math.isnan(guides.by_volume)
    assert guides.mean == pytest.approx(sum(alike) / len(alike))


def test_reviewers_pay_for_parallel_review() -> None:
    """A refusal at the first department: later ones have worked for nothing when all begin at once,
    and the applicant waits for them."""
    items = (
        item("x", "5 min", "rejection_share: 0.5", "office"),
        item("y", "50 min", "", "tax"),
        item("z", "5 min", "", "police"),
    )
    reviewed = reductions(hall(*items), run=Run(replications=2, workers=1), followup=30)
    work, wasted, to_refusal = reviewed.summary.whole.review_costs
    assert (wasted.before.mean, wasted.after.mean) == (5, 60)
    assert work.difference.low > 0
    assert to_refusal.after.mean != to_refusal.before.mean


def test_pre_filled_fields(city_reductions: Reductions) -> None:
    """Half of the fields of the city's joint forms are there already, as it assumes."""
    form = city_reductions.summary.whole.form
    assert form.prefilled.mean == pytest.approx(0.5)
    assert form.published == 0.5


def test_longer_delays_before_cut_more(city: Scenario) -> None:
    """The longer applicants wait between departments, the larger the cut in time."""
    short = reductions(
        city, "counters", run=Run(replications=2, workers=1), followup=60, matters=["birth"]
    )
    [delay] = leanings(short, run=Run(workers=1), paths=["matters.*.between.mean"])
    assert delay.low is not None
    assert delay.high is not None
    assert delay.low.cut.mean < delay.high.cut.mean
    text = load_text("en")
    [sentence] = leaning_sentences(short, [delay], text)
    assert "0 d" in sentence
    assert "5 d" in sentence


def test_sentences_have_words_in_both_languages(city_reductions: Reductions) -> None:
    for language in ("zh", "en"):
        sentences = list(reduction_sentences(city_reductions, load_text(language)))
        assert len(sentences) > 8
        assert not any("reduction." in sentence for sentence in sentences)


def test_data_and_rows(city_reductions: Reductions) -> None:
    """All that is told is plain data; a row a matter and count."""
    data = json.loads(json.dumps(reductions_data(city_reductions, "here"), allow_nan=False))
    assert set(data["matters"]) == set(city_reductions.matters)
    assert data["all"]["reductions"]["steps"]["published_cut"] == 0.82
    rows = list(reductions_rows(city_reductions))
    assert len(rows) == (1 + len(city_reductions.matters)) * (len(REDUCTIONS) + 1)
    assert len(COUNTED) == 7


def test_the_quietest_layout(city: Scenario) -> None:
    """Where the zone's windows would stand idle before the reform, another layout is taken."""
    assert quietest_layout(city) == "counters"


def test_followup_is_long_enough_for_weeks_of_visits() -> None:
    assert reductions(hall(X, Y), run=Run(replications=1, workers=1)).followup == FOLLOWUP


def test_an_application_to_each_department_online(city: Scenario) -> None:
    """Applications a case: one bundled, as many as departments in turn when separate."""
    assert (visits_a_case(compile_demand(with_handling(city, "bundled"))) == 1).all()
    apart = visits_a_case(compile_demand(with_handling(city, "separate")))
    assert (apart >= 1).all()
    assert apart.max() > 9


def test_nothing_to_bundle_is_told() -> None:
    with pytest.raises(OptionError) as refused:
        reductions(load_scenario(example_path("exact/mmc.yaml")), run=Run(replications=1))
    assert refused.value.problems[0].code == "no_bundle"
    with pytest.raises(OptionError) as unknown:
        matter_of(load_scenario(example_path("exact/mmc.yaml")), "errand")
    assert unknown.value.problems[0].code == "unknown_bundle"


def test_no_windows_of_their_own_is_told() -> None:
    """Without `own_matter` nothing says where single items are applied for."""
    scenario = load_scenario(example_path("exact/approvals_series.yaml"))
    with pytest.raises(ScenarioError) as refused:
        reductions(scenario, "hall", run=Run(replications=1))
    assert {problem.code for problem in refused.value.problems} == {"no_own_matter"}
