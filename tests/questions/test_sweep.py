"""A sweep is many runs on the same crowds: each point is what it would be alone."""

import itertools

import numpy as np
import pytest

from sim import Run, Scenario, read_levers, replicate, sweep
from sim.analysis.measures import Tally
from sim.errors import OptionError, ScenarioError
from sim.questions.sweep import MOST_POINTS, Sweep, cells, comparisons
from sim.scenario.edit import vary_tree
from sim.scenario.load import scenario_from_text, tree_of
from sim.storage.sweep_export import sweep_data, sweep_rows
from tests.strategies import book, small
from tests.web.halls import SMALL

RATE = "demand.people.rate"
POOL = "layouts.pooled.windows.all.clerks"
LAST = "hall.last_ticket"


@pytest.fixture(scope="module")
def hall() -> Scenario:
    return scenario_from_text(SMALL)


def swept(hall: Scenario, *texts: str, replications: int = 3, workers: int = 1) -> Sweep:
    levers = read_levers(hall, texts)
    return sweep(hall, levers, run=Run(replications=replications, workers=workers))


def assert_same_sums(first: tuple[Tally, ...], second: tuple[Tally, ...]) -> None:
    """Every measure of every day, and every wait, to the last bit."""
    assert len(first) == len(second)
    for a, b in zip(first, second, strict=True):
        assert a.by_day.keys() == b.by_day.keys()
        for key in a.by_day:
            np.testing.assert_array_equal(a.by_day[key], b.by_day[key], key)
        np.testing.assert_array_equal(a.wait_histogram, b.wait_histogram)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (RATE, "30 per h"),
        (LAST, "20 min"),
        (POOL, "6"),
        ("targets.called_within", "5 min"),
        ("matters.*.service.base", "{law: gamma, mean: 4 min, cv: 0.5}"),
    ],
)
def test_one_value_is_the_study_of_that_value(hall: Scenario, path: str, value: str) -> None:
    """Bit for bit, whatever other points are run beside it."""
    answer = swept(hall, f"{path}={value}")
    [lever] = answer.levers
    alone = vary_tree(tree_of(hall), lever.settings[0].overrides).scenario
    study = replicate(alone, run=Run(replications=3, workers=1))
    for rows, tallies_alone in zip(answer.points[0].tallies, study.tallies, strict=True):
        assert_same_sums(rows, tallies_alone)
    base = replicate(hall, run=Run(replications=3, workers=1))
    for rows, tallies_of_base in zip(answer.base.tallies, base.tallies, strict=True):
        assert_same_sums(rows, tallies_of_base)


def test_any_number_of_workers_gives_the_same(hall: Scenario) -> None:
    one_worker, two_workers = (
        sweep_data(swept(hall, f"{RATE}=15 per h,25 per h", f"{LAST}=0 min,30 min", workers=n))
        for n in (1, 2)
    )
    assert one_worker == two_workers


def test_the_order_of_levers_changes_no_number(hall: Scenario) -> None:
    texts = (f"{RATE}=15 per h,25 per h", f"{LAST}=0 min,30 min")
    points_by_order = []
    for order in (texts, texts[::-1]):
        points = sweep_data(swept(hall, *order))["points"]
        points_by_order.append({frozenset(point.pop("values").items()): point for point in points})
    assert points_by_order[0] == points_by_order[1]
    assert len(points_by_order[0]) == 4


def test_the_grid_is_every_combination(hall: Scenario) -> None:
    answer = swept(hall, f"{RATE}=15 per h,25 per h", f"{LAST}=0 min,10 min,30 min", replications=1)
    grid = itertools.product(("15 per h", "25 per h"), ("0 min", "10 min", "30 min"))
    assert [point.values for point in answer.points] == list(grid)


def test_a_lever_that_stays_where_it_is_changes_exactly_nothing(hall: Scenario) -> None:
    answer = swept(hall, f"{RATE}=20 per h,30 per h")
    assert answer.points[0].scenario.hash == hall.hash
    assert comparisons(answer) == 2, "one point that is not the base, two layouts"
    for cell in cells(answer):
        if cell.point is answer.points[0]:
            assert {difference.interval[:3] for difference in cell.differences} == {(0.0, 0.0, 0.0)}


def test_what_cannot_matter_changes_exactly_nothing(hall: Scenario) -> None:
    """The price of a clerk hour is no cause of a wait, but of a cost."""
    answer = swept(hall, "money.clerk_yuan_per_hour=15,60")
    for cell in cells(answer)[2:]:
        cost = cell.difference("cost_per_day")
        assert cost is not None
        assert cost.interval.mean != 0
        others = [
            difference for difference in cell.differences if difference.measure != "cost_per_day"
        ]
        assert {difference.interval.mean for difference in others} == {0.0}
    dear = cells(answer)[-1].estimate("cost_per_day")
    base = cells(answer)[1].estimate("cost_per_day")
    assert dear is not None
    assert base is not None
    assert dear.interval.mean == pytest.approx(2 * base.interval.mean)


def test_more_clerks_never_lengthen_the_total_wait_of_a_pool(hall: Scenario) -> None:
    """First come, first served, one list, the same crowd."""
    pool = scenario_from_text(
        small(
            demand="[{id: people, matter: errand, rate: 30 per h}]",
            run="{start: 2025-01-06, measured_days: 3}",
        )
    )
    answer = swept(pool, "layouts.hall.windows.window.clerks=4:9:6")
    waits = [
        [int(tally.by_day["wait"][0].sum()) for tally in point.tallies[0]]
        for point in answer.points
    ]
    assert (np.diff(waits, axis=0) <= 0).all()
    assert waits[0] > waits[-1]


def test_points_of_unequal_budget_are_run_and_marked(hall: Scenario) -> None:
    answer = swept(hall, f"{POOL}=6", replications=1)
    assert hall.equal_budget == "clerks"
    assert not answer.points[0].same_budget
    assert answer.base.same_budget
    both = swept(hall, f"{RATE}=25 per h", replications=1)
    assert both.points[0].same_budget


def test_stopped_early_every_point_has_the_same_first_replications(hall: Scenario) -> None:
    levers = read_levers(hall, [f"{RATE}=15 per h,25 per h,30 per h"])
    steps: list[tuple[int, int]] = []

    def tell(done: int, of: int) -> None:
        steps.append((done, of))

    answer = sweep(
        hall,
        levers,
        run=Run(replications=4, workers=1, progress=tell, cancelled=lambda: len(steps) == 11),
    )
    assert steps[-1] == (11, 16), "the base and three points, four times"
    assert (answer.replications, answer.asked, answer.cancelled) == (2, 4, True)
    whole = swept(hall, f"{RATE}=15 per h,25 per h,30 per h", replications=2)
    assert sweep_data(answer)["points"] == sweep_data(whole)["points"]


def test_ctrl_c_keeps_what_is_finished(hall: Scenario) -> None:
    levers = read_levers(hall, [f"{RATE}=15 per h,25 per h"])

    def stop(done: int, of: int) -> None:
        if done >= 6:
            raise KeyboardInterrupt

    answer = sweep(hall, levers, run=Run(replications=4, workers=1, progress=stop))
    assert answer.replications == 2


def test_booking_and_training_are_levers() -> None:
    """Nobody waits longer for more training; who books is measured where somebody does."""
    scenario = scenario_from_text(
        small(
            run="{start: 2025-01-06, measured_days: 2}",
            demand="[{id: people, matter: errand, per_day: 40}]",
            applicants=f"{{appointments: [{book('2', 'share: 0.5')}]}}",
            hall="training: {sessions: 0, people: 2, staff: 2, service_rate: 0.8}",
        )
    )
    base = "applicants.appointments.book"
    answer = swept(
        scenario, f"{base}.share=0,0.5,1", f"{base}.slots=1,3", "hall.training.sessions=0,3"
    )
    sums = np.array([[t.by_day["wait"].sum(axis=1) for t in p.tallies[0]] for p in answer.points])
    waits = sums[..., 0].reshape(3, 2, 2, -1)
    assert (waits[:, :, 1] < waits[:, :, 0]).all()
    booked = [sum(t.by_day["booked_share"][0].sum() for t in p.tallies[0]) for p in answer.points]
    assert booked[:4] == [0] * 4
    assert 0 < booked[4] < booked[6]


def test_too_many_points(hall: Scenario) -> None:
    levers = read_levers(hall, [f"{LAST}=1 min:30 min:30", "hall.capacity=20:140:7"])
    with pytest.raises(OptionError) as caught:
        sweep(hall, levers)
    [problem] = caught.value.problems
    assert (problem.code, problem.found) == ("too_many_points", "420")
    assert MOST_POINTS < 420
    with pytest.raises(OptionError):
        sweep(hall, ())


def test_values_that_contradict_each_other_are_told(hall: Scenario) -> None:
    """Each is sound alone; together they are more than the whole."""
    levers = read_levers(hall, ["corrections.on_the_spot=0.2,0.7", "corrections.online=0.2,0.7"])
    with pytest.raises(ScenarioError) as caught:
        sweep(hall, levers, run=Run(replications=1, workers=1))
    assert {problem.code for problem in caught.value.problems} == {"shares_sum"}


def test_rows_hold_every_number(hall: Scenario) -> None:
    answer = swept(hall, f"{RATE}=15 per h,25 per h")
    data, rows = sweep_data(answer), list(sweep_rows(answer))
    wait = data["points"][1]["layouts"]["zone"]["wait"]
    [row] = [
        row
        for row in rows
        if (row[RATE], row["layout"], row["against"], row["measure"])
        == ("25 per h", "zone", "", "wait")
    ]
    assert {key: row[key] for key in wait} == wait
    [row] = [
        row
        for row in rows
        if (row[RATE], row["layout"], row["against"], row["measure"])
        == ("25 per h", "zone", "base", "wait")
    ]
    difference = data["points"][1]["differences"]["zone"]["measures"]["wait"]
    assert {key: row[key] for key in difference} == difference
    assert len({tuple(row) for row in rows}) == 1
