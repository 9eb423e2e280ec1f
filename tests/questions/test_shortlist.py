"""My candidates: each alone is what it is by itself, all together what they are together."""

from __future__ import annotations

import math

import pytest

from sim import Run
from sim.errors import OptionError
from sim.questions.extend import extend
from sim.questions.extension import Extension
from sim.questions.proposals import open_days_a_year
from sim.questions.shortlist import (
    MOST_ON_LIST,
    Shortlist,
    ShortlistQuestion,
    shortlist,
    township_gains,
)
from sim.scenario.scenario import Scenario
from tests.questions.test_extend import ANYWHERE, EVERYTHING, NEAREST, area

RUN = Run(replications=3, seed=3, workers=1)
NAMES = ("port", "ridge", "brook")


def alone(scenario: Scenario, *points: str) -> Extension:
    return extend(scenario, points, run=RUN, rival=False)


@pytest.fixture(scope="module")
def ranking() -> Shortlist:
    return shortlist(area(), NAMES, run=RUN)


def test_each_row_is_what_it_is_by_itself(ranking: Shortlist) -> None:
    for row in ranking.rows:
        by_itself = alone(area(), *row.points)
        assert row.saved.mean == pytest.approx(by_itself.worth.residents.mean)
        assert row.wait.mean == pytest.approx(by_itself.worth.points.wait.mean)
        assert row.visits.mean == pytest.approx(by_itself.worth.visits.mean)
        assert row.yearly == by_itself.worth.yearly == 56_000 * len(row.points)
        assert row.net.mean == pytest.approx(row.saved.mean - row.yearly)


def test_they_stand_by_what_is_left_after_the_cost(ranking: Shortlist) -> None:
    nets = [row.net.mean for row in ranking.alone]
    assert nets == sorted(nets, reverse=True)
    assert {row.points[0] for row in ranking.alone} == set(NAMES)
    assert ranking.rows[0].behind[:3] == (0, 0, 0)
    for row in ranking.alone:
        assert row.behind.mean == pytest.approx(nets[0] - row.net.mean)
    assert ranking.together is ranking.rows[-1]
    assert ranking.together.points == NAMES
    apart = ranking.together.saved.mean - sum(row.saved.mean for row in ranking.alone)
    assert ranking.together.behind.mean == pytest.approx(apart, abs=1e-3)


def test_at_the_break_even_what_visits_save_is_the_cost(ranking: Shortlist) -> None:
    for row in ranking.rows:
        each = row.saved.mean / row.visits.mean
        if each > 0:
            assert row.break_even_daily * row.days * each == pytest.approx(row.yearly)
        else:
            assert row.break_even_daily == math.inf
        assert row.daily * row.days == pytest.approx(row.visits.mean)
    scenario = area()
    assert scenario.places is not None
    assert scenario.places.siting is not None
    days = open_days_a_year(scenario, scenario.places.siting.station)
    assert [row.days for row in ranking.rows] == [days, days, days, 3 * days]


def test_who_gains_has_its_bounds_on_one_side_of_zero() -> None:
    """Where a station does everything its own township gains; who cannot be told is not named."""
    near = area(EVERYTHING.replace("  siting:\n", NEAREST))
    extension = alone(near, "ridge")
    gains = township_gains(extension)
    assert "ridge" in [gain.township for gain in gains if not gain.is_loss]
    for gain in gains:
        assert gain.saved.low > 0 or gain.saved.high < 0
    totals = [gain.cases * gain.saved.mean for gain in gains]
    assert totals == sorted(totals, reverse=True)
    [row] = shortlist(near, ["ridge"], run=RUN).rows
    assert {gain.township for gain in (*row.winners, *row.losers)} == {
        gain.township for gain in gains
    }


def test_one_candidate_has_nothing_beside_it() -> None:
    ranking = shortlist(area(), ["ridge"], run=RUN)
    assert ranking.together is None
    assert len(ranking.rows) == 1
    assert ranking.rows[0].saved.level == pytest.approx(0.95)


def test_columns_hold_together(ranking: Shortlist) -> None:
    for row in ranking.rows:
        assert row.saved.level == row.wait.level == pytest.approx(1 - 0.05 / 4)
        assert row.behind.level == pytest.approx(1 - 0.05 / 3)


@pytest.mark.parametrize(
    ("points", "code"),
    [
        ((), "no_points"),
        (tuple("abcdef"), "long_shortlist"),
        (("nowhere",), "unknown_township"),
        (("port", "port"), "duplicate_id"),
    ],
)
def test_what_cannot_be_asked_is_refused(points: tuple[str, ...], code: str) -> None:
    with pytest.raises(OptionError) as caught:
        shortlist(area(), points, run=RUN)
    assert caught.value.problems[0].code == code
    assert len("abcdef") > MOST_ON_LIST


def test_it_says_beforehand_how_much_it_runs() -> None:
    scenario = area(ANYWHERE)
    assert ShortlistQuestion(NAMES).runs(scenario) == 5
    assert ShortlistQuestion(("port",)).runs(scenario) == 2


def test_stopped_before_anything_is_finished_it_is_empty() -> None:
    stopped = shortlist(
        area(), NAMES, run=Run(replications=2, seed=3, workers=1, cancelled=lambda: True)
    )
    assert stopped.rows == ()
    assert stopped.replications == 0
