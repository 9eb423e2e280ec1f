"""One point more, and how many: rankings and frontiers against every set run by itself."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim import Run
from sim.analysis.selection import surely_beaten
from sim.arrays import Floats
from sim.errors import OptionError
from sim.questions.extend import extend
from sim.questions.extension import Extension
from sim.questions.frontier import Frontier, frontier
from sim.questions.next_point import NextPoints, looks_at, next_points
from sim.scenario.places import ServicePoint
from sim.scenario.scenario import Scenario
from tests.questions.test_extend import ANYWHERE, EVERYTHING, area

IDLE = ANYWHERE.replace("station: {clerks: 1, accepts: [police]", "station: {clerks: 1")
EMPTY = ANYWHERE.replace("rate: 6 per h", "rate: 0 per h")
SERVES = ServicePoint(clerks={"mon-fri 08:30-12:00": 1}, accepts=("police",), yuan_per_year=9_000)


def ranked(scenario: Scenario, *points: str, most: int = 9) -> NextPoints:
    return next_points(scenario, points, most, run=Run(replications=2, seed=3, workers=1))


def opened(*points: str) -> Extension:
    return extend(area(), points, run=Run(replications=2, seed=3, workers=1), rival=False)


def saved_by(*points: str) -> Floats:
    return opened(*points).worth.saved["resident_cost"]


@pytest.fixture(scope="module", params=[(), ("ridge",)], ids=["none yet", "beside ridge"])
def ranking(request: pytest.FixtureRequest) -> NextPoints:
    return ranked(area(), *request.param)


def test_the_ranking_is_that_of_every_township_by_itself(ranking: NextPoints) -> None:
    """Each set is run alone, by brute force; what it saves more than without is what is ranked."""
    chosen = list(ranking.points)
    alone = {
        township: saved_by(*chosen, township)
        for township in ("seat", "brook", "ridge", "port")
        if township not in chosen
    }
    before = np.zeros(2)
    if chosen:
        before = saved_by(*chosen)
    more = {name: saved - before for name, saved in alone.items()}
    assert [row.township for row in ranking.rows] == sorted(
        more, key=lambda township: -more[township].mean()
    )
    assert ranking.screened == len(more)
    for row in ranking.rows:
        assert row.saved.mean == pytest.approx(more[row.township].mean())
        assert row.net.mean == pytest.approx(row.saved.mean - 56_000)
        assert row.yearly == 56_000


def test_the_first_is_never_behind(ranking: NextPoints) -> None:
    assert ranking.rows[0].behind[:3] == (0, 0, 0)
    assert not ranking.rows[0].is_behind
    for row in ranking.rows:
        assert row.behind.mean == pytest.approx(ranking.rows[0].saved.mean - row.saved.mean)
        assert row.behind.mean >= 0


def test_intervals_of_a_column_hold_together(ranking: NextPoints) -> None:
    n = len(ranking.rows)
    for row in ranking.rows:
        assert row.saved.level == row.visits.level == pytest.approx(1 - 0.05 / n)
        assert row.behind.level == pytest.approx(1 - 0.05 / (n - 1))
        assert row.saved.n == ranking.replications == ranking.asked == 2


def test_who_comes_keeps_it_busy(ranking: NextPoints) -> None:
    for row in ranking.rows:
        assert row.visits.mean >= 0
        assert (row.use.mean > 0) == (row.visits.mean > 0)
        assert row.use.mean <= 1


def test_only_the_best_on_the_map_are_run() -> None:
    all_townships, only_best = ranked(area()), ranked(area(), most=1)
    assert (only_best.screened, len(only_best.rows)) == (4, 1)
    best = max(all_townships.rows, key=lambda row: row.proposed)
    assert only_best.rows[0].township == best.township
    assert only_best.rows[0].proposed == best.proposed
    assert only_best.rows[0].saved.level == only_best.rows[0].behind.level == pytest.approx(0.95)
    best_two = ranked(area(), most=2)
    assert [row.behind.level for row in best_two.rows] == pytest.approx([0.95, 0.95])


def test_without_demand_nothing_is_saved() -> None:
    for row in ranked(area(EMPTY)).rows:
        assert (row.proposed, row.saved.mean, row.minutes.mean, row.visits.mean) == (0, 0, 0, 0)
        assert row.net.mean == -56_000


def test_a_point_that_accepts_nothing_saves_nothing_beside_one_that_does() -> None:
    """Ridge's station serves; the station more does not: to the last bit."""
    stations = {"ridge": SERVES}
    ranking = next_points(
        area(IDLE), ["ridge"], 9, run=Run(replications=2, seed=3, workers=1), stations=stations
    )
    assert len(ranking.rows) == 3
    for row in ranking.rows:
        assert row.saved[:3] == row.minutes[:3] == row.behind[:3] == (0, 0, 0)
        assert (row.visits.mean, row.proposed) == (0, 0)
        assert math.isnan(row.use.mean)
    served = extend(
        area(IDLE), ["ridge"], run=Run(replications=2, seed=3, workers=1), stations=stations
    )
    assert served.worth.residents.mean > 0


def test_a_chosen_point_takes_from_its_neighbours_on_the_map() -> None:
    """What a second point saves on the map is no more than what it saves alone."""
    alone = {row.township: row.proposed for row in ranked(area()).rows}
    beside = {row.township: row.proposed for row in ranked(area(), "port").rows}
    assert "port" not in beside
    assert all(value <= alone[name] for name, value in beside.items())


def test_all_chosen_leaves_no_question() -> None:
    with pytest.raises(OptionError) as caught:
        ranked(area(), "seat", "brook", "ridge", "port")
    assert caught.value.problems[0].code == "no_township_left"


def test_one_township_at_least_is_run() -> None:
    with pytest.raises(OptionError) as caught:
        ranked(area(), most=0)
    assert caught.value.problems[0].code == "outside_range"


def test_a_station_of_none_of_the_points_is_an_error() -> None:
    for points in ([], ["ridge"]):
        with pytest.raises(OptionError) as caught:
            next_points(area(), points, stations={"port": SERVES})
        assert caught.value.problems[0].code == "stray_station"


# === how many === #


@pytest.fixture(scope="module")
def steps() -> Frontier:
    return frontier(area(), [2, 1, 3, 9], run=Run(replications=2, seed=3, workers=1))


def test_it_begins_with_none_which_is_exactly_nothing(steps: Frontier) -> None:
    none = steps.steps[0]
    assert (none.number, none.points, none.yearly) == (0, (), 0)
    for estimate in (none.saved, none.minutes, none.net, none.more):
        assert estimate[:3] == (0, 0, 0)


def test_a_step_is_what_its_points_do_alone(steps: Frontier) -> None:
    before = 0.0
    for step in steps.steps[1:]:
        alone = opened(*step.points).worth
        assert step.saved.mean == pytest.approx(alone.residents.mean)
        assert step.yearly == alone.yearly == 56_000 * step.number
        assert step.net.mean == pytest.approx(step.saved.mean - step.yearly)
        assert step.more.mean == pytest.approx(step.saved.mean - before)
        before = step.saved.mean


def test_steps_rise_and_are_told_once(steps: Frontier) -> None:
    """There are four townships: nine stations are as many as there are places for."""
    numbers = [step.number for step in steps.steps]
    assert numbers == sorted(set(numbers))
    assert max(numbers) <= 4
    corrected = 1 - 0.05 / (len(numbers) - 1)
    for step in steps.steps:
        assert step.saved.level == pytest.approx(corrected)


def test_the_best_step_is_worth_most_after_its_cost(steps: Frontier) -> None:
    assert steps.best.net.mean == max(step.net.mean for step in steps.steps)
    assert steps.best.net.mean >= 0, "no station costs nothing"
    free = frontier(
        area(IDLE.replace("yuan_per_year: 50000, ", "")),
        [1],
        run=Run(replications=2, seed=3, workers=1),
    )
    assert free.best.number == 0, "of equal steps the smallest"


def test_stopped_early_all_keep_the_same_crowds() -> None:
    """Five plans are settled and serve three crowds; it is stopped while they serve the others."""
    ticks: list[tuple[int, int]] = []
    so_far: list[int] = []
    ranking = next_points(
        area(),
        [],
        9,
        run=Run(
            replications=5,
            seed=3,
            workers=1,
            progress=lambda *tick: ticks.append(tick),
            early=lambda ranking: so_far.append(len(ranking.rows)),
            cancelled=lambda: len(so_far) >= 4,
        ),
    )
    assert (ranking.replications, ranking.asked) == (3, 5)
    assert len(ranking.rows) == 4
    assert not ranking.is_whole
    assert [done for done, _ in ticks] == sorted(done for done, _ in ticks)


def test_stopped_before_anything_is_served_there_is_nothing() -> None:
    ranking = next_points(
        area(), [], 9, run=Run(replications=2, seed=3, workers=1, cancelled=lambda: True)
    )
    assert (ranking.replications, ranking.rows) == (0, ())
    assert (
        frontier(
            area(), [1], run=Run(replications=2, seed=3, workers=1, cancelled=lambda: True)
        ).steps
        == ()
    )


def test_processes_change_nothing() -> None:
    one_process, two_processes = (
        next_points(area(), ["port"], 2, run=Run(replications=2, seed=3, workers=n)) for n in (1, 2)
    )
    assert one_process.rows == two_processes.rows
    assert np.isfinite([row.saved.low for row in one_process.rows]).all()


# === the race === #


def test_without_error_nobody_drops_out_and_the_ranking_is_complete() -> None:
    """As it was before there was a race: each township by itself, over all replications."""
    how = Run(replications=5, seed=3, workers=1)
    complete = next_points(area(), [], 9, run=how, error=0.0)
    assert [row.dropped_after for row in complete.rows] == [0] * 4
    for row in complete.rows:
        alone = extend(area(), [row.township], run=how, rival=False).worth
        assert row.saved.mean == pytest.approx(alone.residents.mean)
        assert row.saved.n == 5


def test_who_drops_out_is_behind_and_told_apart() -> None:
    """What survivors show is what the complete ranking shows of them."""
    how = Run(replications=8, seed=3, workers=1)
    complete = next_points(area(EVERYTHING), [], 9, run=how, error=0.0)
    race = next_points(area(EVERYTHING), [], 9, run=how, error=0.2)
    out = [row for row in race.rows if row.dropped_after]
    assert out, "somebody is far behind there"
    assert race.is_whole
    assert race.rows[-len(out) :] == tuple(out), "they stand behind the others"
    saved = {row.township: row.saved for row in complete.rows}
    for row in race.rows:
        if row.dropped_after:
            assert row.is_behind
            assert row.saved.n == row.dropped_after in looks_at(8)[:-1]
        else:
            assert row.saved == saved[row.township]
    assert race.rows[0].township == complete.rows[0].township


def test_rankings_are_shown_early_and_grow() -> None:
    shown: list[NextPoints] = []
    how = Run(replications=5, seed=3, workers=1, early=shown.append)
    ranking = next_points(area(), [], 9, run=how)
    so_far = [len(early.rows) for early in shown]
    assert so_far[:4] == [1, 2, 3, 4]
    assert [early.replications for early in shown] == sorted(early.replications for early in shown)
    assert not any(early.is_whole for early in shown)
    assert ranking.is_whole
    assert shown[0].replications == looks_at(5)[0]


@pytest.mark.slow
def test_the_race_keeps_the_best_as_often_as_it_says() -> None:
    """Many races on other crowds; the best is known from many replications of all."""
    truth = next_points(area(), [], 9, run=Run(replications=150, seed=10_000, workers=1), error=0.0)
    best, error, races = truth.rows[0].township, 0.2, 40
    lost = 0
    for seed in range(races):
        how = Run(replications=8, seed=seed, workers=1)
        race = next_points(area(), [], 9, run=how, error=error)
        lost += any(row.dropped_after and row.township == best for row in race.rows)
    assert lost / races <= error


def test_the_chance_of_a_mistake_is_within_the_bound() -> None:
    """Candidates that are all alike, the worst case: each is as likely to be beaten by chance."""
    rng = np.random.default_rng(5)
    looks, count, error, races = looks_at(20)[:-1], 5, 0.2, 1_000
    level = 1 - 2 * error / ((count - 1) * len(looks))
    lost = 0
    for _ in range(races):
        values = rng.normal(size=(count, 20)) + rng.normal(size=20)
        lost += any(surely_beaten(values[:, :n], level)[0] for n in looks)
    assert 0 < lost / races <= error


def test_an_error_of_half_is_no_race() -> None:
    for error in (-0.1, 0.5):
        with pytest.raises(OptionError) as caught:
            next_points(area(), [], 2, error=error)
        assert caught.value.problems[0].code == "outside_range"
