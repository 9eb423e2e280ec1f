"""What matters most: ranges become levers, and nothing is left out in silence."""

import pytest

from sim import Run, Scenario, replicate
from sim.analysis.estimates import differences
from sim.analysis.intervals import bonferroni
from sim.errors import OptionError
from sim.questions.levers import Levers, assumed_levers, chosen, given_levers
from sim.questions.ranking import Ranking, rank
from sim.questions.vary import Lever
from sim.scenario.edit import vary_tree
from sim.scenario.load import scenario_from_text, tree_of
from sim.storage.levers_export import ranking_data, ranking_rows
from tests.strategies import small, windows
from tests.web.halls import SMALL

RANGES = """\
assumed:
  matters.*.service.base.mean: [3 min, 9 min]
  matters.errand.promised: [1 wd, 1 wd]
  calendars.hall.weekly: ["09:00-10:00", "08:00-12:00"]
  money.clerk_yuan_per_hour: [20, 40]
  demand.people.rate: [10 per h, 30 per h]
  applicants.unserved.returns: [0.5, 1.0]
  applicants.unserved.lost: [0.0, 0.5]
  layouts.zone.windows.*.clerks: [1, 4]
  layouts.pooled.windows.all.clerks: [3, 6]
  matters.open_company.items.tax_file.share: [0.0, 1.0]
  matters.open_company.items.tax_file.external: [1 d, 3 d]
"""
ADDED = SMALL.replace("after: [licence]}", "after: [licence], share: 0.0, external: 2 d}").replace(
    "  lead: market\n  service: {base: {law: exponential, mean: 5 min}}",
    "  lead: market\n  promised: 1 wd\n  service: {base: {law: exponential, mean: 5 min}}",
)
ASSUMED = ADDED + "applicants: {unserved: {returns: 1.0, lost: 0.0}}\n" + RANGES


@pytest.fixture(scope="module")
def hall() -> Scenario:
    return scenario_from_text(ASSUMED)


@pytest.fixture(scope="module")
def ranking(hall: Scenario) -> Ranking:
    return rank(hall, "pooled", assumed_levers(hall, "pooled"), run=Run(replications=3, workers=1))


def by_path(levers: Levers) -> dict[str, Lever]:
    return {lever.path: lever for lever in levers.levers}


def test_numbers_of_one_range_move_together(hall: Scenario) -> None:
    lever = by_path(assumed_levers(hall, "zone"))["matters.*.service.base.mean"]
    low, high = lever.settings
    assert (low.value, high.value, lever.places, lever.now) == (
        "3 min",
        "9 min",
        2,
        ("6 min", "5 min"),
    )
    made = vary_tree(tree_of(hall), high.overrides).scenario
    assert [matter.service.base.mean for matter in made.matters] == [540_000, 540_000]  # type: ignore[union-attr]


def test_rosters_keep_their_shape(hall: Scenario) -> None:
    lever = by_path(assumed_levers(hall, "zone"))["layouts.zone.windows.*.clerks"]
    made = vary_tree(tree_of(hall), lever.settings[1].overrides)
    for group in made.scenario.layout("zone").windows:
        assert sorted(group.clerks.values()) == [2, 4]
    assert not made.same_budget


def test_what_is_no_lever_is_told_with_its_reason(hall: Scenario, ranking: Ranking) -> None:
    codes = {refusal.path: refusal.problems[0].code for refusal in ranking.left_out}
    assert codes == {
        "calendars.hall.weekly": "lever_hours",
        "matters.errand.promised": "lever_one_value",
        "layouts.zone.windows.*.clerks": "lever_other_layout",
        "applicants.unserved.returns": "shares_sum",
        "applicants.unserved.lost": "shares_sum",
    }
    ends = {swing.lever.path: (swing.low, swing.high) for swing in ranking.swings}
    low, high = ends["applicants.unserved.returns"]
    assert low is None, "half of them would do nothing at all"
    assert high is not None
    assert {*ends, *codes} == {line.split(":")[0].strip() for line in RANGES.splitlines()[1:]}


def test_each_end_is_a_study_of_its_own(hall: Scenario, ranking: Ranking) -> None:
    """Paired with the scenario as it is, over the same crowds."""
    [swing] = [swing for swing in ranking.swings if swing.lever.path == "demand.people.rate"]
    busier = vary_tree(tree_of(hall), swing.lever.settings[1].overrides).scenario
    before, after = (
        replicate(scenario, ["pooled"], run=Run(replications=3, workers=1)).of("pooled")
        for scenario in (hall, busier)
    )
    level = bonferroni(0.95, ranking.comparisons)
    [wait] = [
        difference
        for difference in differences(before, after, level)
        if difference.measure == "wait"
    ]
    assert swing.high is not None
    assert swing.high.difference == wait._replace(matters_from=1.0)


def test_a_single_difference_is_held_at_the_level_itself(hall: Scenario) -> None:
    """Of a lever only one end is a sound scenario: nothing else is compared."""
    levers = chosen(assumed_levers(hall, "pooled"), only=["applicants.unserved.returns"])
    ranking = rank(hall, "pooled", levers, run=Run(replications=2, workers=1), level=0.9)
    [swing] = ranking.swings
    assert swing.low is None
    assert swing.high is not None
    assert swing.high.difference.interval.level == pytest.approx(0.9)
    assert ranking.comparisons == 1


@pytest.mark.parametrize(
    ("most", "overrides"),
    [
        (3, ("layouts.hall.windows.a.clerks=3",)),
        (4, ("layouts.hall.windows.a.clerks=4", "layouts.hall.windows.a.count=4")),
    ],
)
def test_more_clerks_than_windows_need_more_windows(most: int, overrides: tuple[str, ...]) -> None:
    layouts = windows("id: a, serves: [errand], count: 3, clerks: 2")
    text = f"assumed: {{layouts.hall.windows.a.clerks: [1, {most}]}}\n{small(layouts=layouts)}"
    [lever] = assumed_levers(scenario_from_text(text), "hall").levers
    assert [setting.overrides for setting in lever.settings] == [
        ("layouts.hall.windows.a.clerks=1",),
        overrides,
    ]
    assert lever.now == ("2",)


def test_levers_are_ranked_by_their_larger_difference(ranking: Ranking) -> None:
    sizes = [swing.size for swing in ranking.swings]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 0


def test_what_cannot_matter_has_exactly_no_swing(ranking: Ranking) -> None:
    """The price of an hour for waits, the span of an item that nobody needs."""
    sizes = {swing.lever.path: swing.size for swing in ranking.swings}
    idle = ("money.clerk_yuan_per_hour", "matters.open_company.items.tax_file.external")
    assert {sizes[path] for path in idle} == {0.0}
    assert ranking.idle >= len(idle)


def test_an_end_where_it_is_already_has_exactly_no_difference(hall: Scenario) -> None:
    levers = Levers(given_levers(hall, ["demand.people.rate=20 per h,30 per h"]), ())
    [swing] = rank(hall, "pooled", levers, run=Run(replications=2, workers=1)).swings
    assert swing.low is not None
    assert swing.low.difference.interval[:3] == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("measure", ["wait_p90", "trips", "cost_per_day"])
def test_other_measures(hall: Scenario, measure: str) -> None:
    levers = Levers(given_levers(hall, ["money.clerk_yuan_per_hour=15,60"]), ())
    ranking = rank(hall, "pooled", levers, measure, run=Run(replications=2, workers=1))
    assert ranking.base is not None
    assert ranking.base.measure == measure
    assert (ranking.swings[0].size > 0) == (measure == "cost_per_day")


def test_workers_change_nothing(hall: Scenario, ranking: Ranking) -> None:
    levers = assumed_levers(hall, "pooled")
    two = rank(hall, "pooled", levers, run=Run(replications=3, workers=2))
    assert ranking_data(two) == ranking_data(ranking)


def test_only_and_given(hall: Scenario) -> None:
    levers = assumed_levers(hall, "pooled")
    typed_levers = given_levers(
        hall, ["demand.people.rate=15 per h,25 per h", "hall.last_ticket=0 s,9 min"]
    )
    chosen_levers = chosen(levers, typed_levers, ["demand", "hall.last_ticket", "calendars"])
    assert [(lever.path, lever.settings[0].value) for lever in chosen_levers.levers] == [
        ("demand.people.rate", "15 per h"),
        ("hall.last_ticket", "0 s"),
    ]
    assert [refusal.path for refusal in chosen_levers.left_out] == ["calendars.hall.weekly"]
    with pytest.raises(OptionError) as caught:
        chosen(levers, (), ["demand.people.rat", "nothing"])
    assert [problem.code for problem in caught.value.problems] == ["unknown_lever"] * 2
    assert [problem.values for problem in caught.value.problems] == [
        (("nearest", "demand.people.rate"),),
        (),
    ]
    with pytest.raises(OptionError) as caught:
        chosen(levers, (), ["applicants.unserved.lot"])
    assert caught.value.problems[0].values == (("nearest", "applicants.unserved.lost"),)


def test_a_given_lever_has_two_ends(hall: Scenario) -> None:
    with pytest.raises(OptionError) as caught:
        given_levers(hall, ["hall.last_ticket=0 min:30 min:4"])
    assert [problem.code for problem in caught.value.problems] == ["lever_two_values"]


def test_nothing_to_move() -> None:
    plain = scenario_from_text(SMALL)
    with pytest.raises(OptionError) as caught:
        rank(plain, "zone", assumed_levers(plain, "zone"))
    assert [problem.code for problem in caught.value.problems] == ["no_levers"]


def test_stopped_before_anything_is_finished(hall: Scenario) -> None:
    levers = assumed_levers(hall, "pooled")
    ranking = rank(
        hall, "pooled", levers, run=Run(replications=2, workers=1, cancelled=lambda: True)
    )
    assert (ranking.replications, ranking.cancelled, ranking.swings) == (0, True, ())


def test_rows_are_two_a_lever(ranking: Ranking) -> None:
    rows = list(ranking_rows(ranking))
    assert len(rows) == 2 * len(ranking.swings)
    assert len({tuple(row) for row in rows}) == 1
