"""A large crowd has the shares and the laws that its scenario tells of."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest

from sim import compile_demand, draw_tape
from sim.clock import DAY, HOUR, MINUTE
from sim.plan.tape import (
    ANOTHER_TRIP,
    APPLY,
    COLLECT,
    GOES_ONLINE,
    HAND_IN,
    INTAKE,
    IS_LOST,
    ON_THE_SPOT,
    ONLINE,
    RETURNS,
    Tape,
)
from sim.scenario.load import scenario_from_text
from tests.strategies import bundle, department, item, small, windows

PARTS = (
    item("sure", "{law: exponential, mean: 20 min}", "correction_share: 0.4"),
    item("some", "10 min", "share: 0.3, rejection_share: 0.2, external: 3 wd"),
    item(
        "one",
        "10 min",
        "share: 0.45, one_of: kind, external: {law: uniform, low: 1 wd, high: 9 wd}",
    ),
    item("other", "10 min", "share: 0.35, one_of: kind"),
)
CLASSES = (
    "[{id: a, name: {zh: 甲, en: A}, assisted_share: 0.6}, {id: b, name: {zh: 乙, en: B}},"
    " {id: c, name: {zh: 丙, en: C}, assisted_share: 0.1}]"
)
RICH = {
    "matters": bundle(
        *PARTS,
        work="{law: uniform, low: 10 min, high: 30 min}",
        more="issue: {post: 0.25, mailing: {law: uniform, low: 2 d, high: 6 d}, collection: 0.45,"
        " collects_after: {law: exponential, mean: 3 d}, service: 2 min}",
    ),
    "demand": "[{id: people, matter: errand, rate: 400 per h, online_share: 0.3,"
    " classes: {a: 0.2, b: 0.5, c: 0.3}}]",
    "applicants": f"{{classes: {CLASSES}, patience: {{law: exponential, mean: 25 min}},"
    " missed: {share: 0.15, window_waits: 1 min}, assistance_factor: 1.5,"
    " unserved: {returns: 0.5, online: 0.3, lost: 0.2, at_most: 1}}",
    "corrections": "{share: 0.5, at_most: 2, on_the_spot: 0.2, online: 0.3, service_share: 0.4,"
    " delay: {law: exponential, mean: 1 d}, spot_delay: {law: exponential, mean: 8 min}}",
    "online": "{department: office, precheck: {law: exponential, mean: 6 min}}",
    "departments": f"[{department('office')}]",
    "layouts": windows("id: window, serves: [errand], clerks: 20"),
    "run": "{start: 2025-01-06, measured_days: 5}",
}


PLACE = {name: place for place, name in enumerate(sorted(("sure", "some", "one", "other")))}
"""Of each item, its number: they stand in the order of their ids."""
RATE = "[{id: people, matter: errand, rate: 40 per h}]"


@pytest.fixture(scope="module")
def crowd() -> Tape:
    """Some sixteen thousand cases."""
    return draw_tape(compile_demand(scenario_from_text(small(**RICH))), 1, 0)


def assert_shares(of: npt.ArrayLike, **expected_shares: float) -> None:
    """Each number has its share of the rows, within five standard errors."""
    rows = np.asarray(of)
    assert len(rows) > 300
    for name, share in expected_shares.items():
        measured = float(np.mean(rows == int(name.removeprefix("n"))))
        assert abs(measured - share) <= 5 * math.sqrt(share * (1 - share) / len(rows)), (
            name,
            measured,
        )


def assert_mean(values: npt.ArrayLike, expected_mean: float, spread: float) -> None:
    """Values of a law with this mean and standard deviation, within five standard errors."""
    rows = np.asarray(values)
    assert len(rows) > 300
    assert abs(float(rows.mean()) - expected_mean) <= 5 * spread / math.sqrt(len(rows)) + 1
    if spread:
        assert float(rows.std()) == pytest.approx(spread, rel=0.15)


def first_tries(crowd: Tape) -> npt.NDArray[np.int64]:
    """Rows of the errands with which cases begin."""
    return np.asarray(crowd.cases.errand_offsets[:-1], dtype=np.int64)


def test_as_many_as_the_rate_says(crowd: Tape) -> None:
    expected = 400 * 8 * 5
    assert abs(len(crowd.cases.matter) - expected) <= 5 * math.sqrt(expected)


def test_people(crowd: Tape) -> None:
    assert_shares(crowd.cases.class_, n0=0.2, n1=0.5, n2=0.3)
    for class_, share in enumerate((0.6, 0.0, 0.1)):
        assert_shares(crowd.cases.assisted[crowd.cases.class_ == class_], n1=share)
    assert (RETURNS, GOES_ONLINE, IS_LOST) == (0, 1, 2)
    assert_shares(crowd.cases.after_leaving, n0=0.5, n1=0.3, n2=0.2)
    assert_mean(crowd.cases.patience, 25 * MINUTE, 25 * MINUTE)
    assert_mean(crowd.cases.habit, 0.5, math.sqrt(1 / 12))


@pytest.mark.parametrize(
    ("unserved", "shares"),
    [
        ("{returns: 0, online: 0.4, lost: 0.6}", (0, 0.4, 0.6)),
        ("{returns: 0.4, online: 0, lost: 0.6}", (0.4, 0, 0.6)),
        ("{returns: 0.4, online: 0.6, lost: 0}", (0.4, 0.6, 0)),
        ("{returns: 1}", (1, 0, 0)),
        ("{returns: 0, lost: 1}", (0, 0, 1)),
    ],
)
def test_shares_of_none_and_of_all(unserved: str, shares: tuple[float, ...]) -> None:
    """A share of 0 is nobody, and all are everybody."""
    text = small(**{**RICH, "applicants": f"{{unserved: {unserved}}}", "demand": RATE})
    after = draw_tape(compile_demand(scenario_from_text(text)), 1, 0).cases.after_leaving
    assert_shares(after, **{f"n{code}": share for code, share in enumerate(shares)})


def test_items_that_cases_need(crowd: Tape) -> None:
    needs = np.zeros((len(crowd.cases.matter), 4), dtype=np.int64)
    needs[crowd.items.case, crowd.items.item] = 1
    names = {"sure": 1.0, "some": 0.3, "one": 0.45, "other": 0.35}
    for name, share in names.items():
        assert_shares(needs[:, PLACE[name]], n1=share)
    kinds = needs[:, [PLACE["one"], PLACE["other"]]].sum(axis=1)
    assert_shares(kinds, n0=0.2, n1=0.8, n2=0.0)  # of a kind a case has one at most
    some, the_one = needs[:, PLACE["some"]], needs[:, PLACE["one"]]
    assert_shares(the_one[some == 1], n1=0.45)  # whatever else it needs


def test_outcomes_of_items(crowd: Tape) -> None:
    assert_shares(crowd.items.rejected[crowd.items.item == PLACE["some"]], n1=0.2)
    assert not crowd.items.rejected[crowd.items.item != PLACE["some"]].any()
    assert not crowd.items.external_ticks.any()
    spans = crowd.items.external_workdays[crowd.items.item == PLACE["one"]]
    assert_shares(spans, n0=0.0, **{f"n{days}": 1 / 9 for days in range(1, 10)}, n10=0.0)
    assert set(crowd.items.external_workdays[crowd.items.item == PLACE["some"]].tolist()) == {3}


def test_rounds_of_reviews(crowd: Tape) -> None:
    """Each round asks for papers again with the same probability, at most twice."""
    rounds = np.diff(crowd.items.review_offsets)
    assert_shares(rounds[crowd.items.item == PLACE["sure"]], n1=0.6, n2=0.24, n3=0.16, n4=0.0)
    assert (rounds[crowd.items.item != PLACE["sure"]] == 1).all()
    sure = crowd.items.item[crowd.reviews.case_item] == PLACE["sure"]
    first = np.zeros(len(crowd.reviews.touch), dtype=np.bool_)
    first[crowd.items.review_offsets[:-1]] = True
    assert_mean(crowd.reviews.touch[sure & first], 20 * MINUTE, 20 * MINUTE)


def test_papers_asked_for_by_reviewers(crowd: Tape) -> None:
    """Nobody is in the hall: those who would mend on the spot are shared out over both others."""
    last = np.zeros(len(crowd.reviews.touch), dtype=np.bool_)
    last[crowd.items.review_offsets[1:] - 1] = True
    case = crowd.items.case[crowd.reviews.case_item]
    net = crowd.errands.online[first_tries(crowd)][case]
    assert (ONLINE, ANOTHER_TRIP) == (1, 2)
    assert_shares(crowd.reviews.mend[~last & ~net], n0=0.0, n1=0.3 / 0.8, n2=0.5 / 0.8)
    assert (crowd.reviews.mend[~last & net] == ONLINE).all()
    assert_mean(crowd.reviews.mend_delay[~last], DAY, DAY)
    assert not crowd.reviews.mend_delay[last].any()
    trips = ~last & (crowd.reviews.mend == ANOTHER_TRIP)
    assert ((crowd.reviews.hand_in >= 0) == trips).all()
    assert (crowd.errands.purpose[crowd.reviews.hand_in[trips]] == HAND_IN).all()
    assert (crowd.errands.case[crowd.reviews.hand_in[trips]] == case[trips]).all()


def test_tries_at_the_window(crowd: Tape) -> None:
    intakes = np.bincount(crowd.errands.case[crowd.errands.purpose == INTAKE])
    assert_shares(intakes, n1=0.5, n2=0.25, n3=0.25, n4=0.0)
    assert not (crowd.errands.purpose == APPLY).any()
    start = first_tries(crowd)
    assert_shares(crowd.errands.online[start], n1=0.3)
    fails = start[~crowd.errands.complete[start] & ~crowd.errands.online[start]]
    assert (ON_THE_SPOT, ONLINE, ANOTHER_TRIP) == (0, 1, 2)
    assert_shares(crowd.errands.mend[fails], n0=0.2, n1=0.3, n2=0.5)
    assert_mean(crowd.errands.mend_delay[fails], DAY, DAY)
    assert_mean(
        crowd.errands.spot_delay[fails[crowd.errands.mend[fails] == ON_THE_SPOT]],
        8 * MINUTE,
        8 * MINUTE,
    )
    assert not crowd.errands.spot_delay[fails[crowd.errands.mend[fails] != ON_THE_SPOT]].any()
    # who mended through the net does all that follows there
    second = fails[crowd.errands.mend[fails] == ONLINE] + 1
    assert crowd.errands.online[second].all()
    second = fails[crowd.errands.mend[fails] != ONLINE] + 1
    assert not crowd.errands.online[second].any()
    assert_shares(crowd.errands.missed, n1=0.15)
    assert_mean(crowd.errands.precheck[crowd.errands.purpose == INTAKE], 6 * MINUTE, 6 * MINUTE)
    for column in (crowd.errands.catch, crowd.errands.route, crowd.errands.position):
        assert_mean(column, 0.5, math.sqrt(1 / 12))
        assert ((column >= 0) & (column < 1)).all()


def test_work_at_the_window(crowd: Tape) -> None:
    """From 10 to 30 minutes, two fifths of it for incomplete papers, half as much more assisted."""
    intake, assisted = crowd.errands.purpose == INTAKE, crowd.cases.assisted[crowd.errands.case]
    spread = 20 * MINUTE / math.sqrt(12)
    for complete in (True, False):
        for helped in (True, False):
            rows = intake & (crowd.errands.complete == complete) & (assisted == helped)
            factor = (1.0 if complete else 0.4) * (1.5 if helped else 1.0)
            assert_mean(crowd.errands.service[rows], 20 * MINUTE * factor, spread * factor)
            work = crowd.errands.service[rows] / factor
            assert work.min() >= 10 * MINUTE - 1
            assert work.max() <= 30 * MINUTE + 1
    assert (crowd.errands.service[crowd.errands.purpose == COLLECT] == 2 * MINUTE).all()
    assert not crowd.errands.precheck[crowd.errands.purpose == COLLECT].any()


def test_results_reach_people(crowd: Tape) -> None:
    """A quarter by post, in two to six days; 45 % are collected; the rest come at once."""
    post, collects = crowd.cases.issue_ticks // DAY, crowd.cases.collection >= 0
    assert_shares(collects, n1=0.45)
    assert (crowd.errands.purpose[crowd.cases.collection[collects]] == COLLECT).all()
    assert (crowd.errands.case[crowd.cases.collection[collects]] == np.flatnonzero(collects)).all()
    assert_mean(crowd.cases.issue_ticks[collects], 3 * DAY, 3 * DAY)
    by_post = ~collects & (crowd.cases.issue_ticks > 0)
    assert_shares(by_post, n1=0.25)
    assert_shares(post[by_post], n1=0.0, **{f"n{days}": 0.25 for days in range(2, 6)}, n6=0.0)
    assert not crowd.cases.issue_workdays.any()


def test_appointments() -> None:
    """60 % book; of those a fifth stay away, and half of these come another day."""
    text = small(
        matters="[{id: errand, name: {zh: 事, en: Errand}, lead: office, service: {base: 10 min}}]",
        demand="[{id: people, matter: errand, rate: 200 per h, online_share: 0.2}]",
        applicants="{appointments: [{id: book, name: {zh: 约, en: Book}, serves: [errand],"
        " share: 0.6, slots: 500, slot: 30 min, lateness: {law: uniform, low: 0 min, high: 4 min},"
        " no_show: 0.2, no_show_returns: 0.5}]}",
        online="{department: office, precheck: 5 min}",
        run="{start: 2025-01-06, measured_days: 5}",
    )
    crowd = draw_tape(compile_demand(scenario_from_text(text)), 1, 0)
    net = crowd.errands.online[first_tries(crowd)]
    assert_shares(net, n1=0.2)
    booked = crowd.cases.booked_for >= 0
    assert not booked[net].any()
    assert_shares(booked[~net], n1=0.6)
    assert_shares(crowd.cases.no_show[booked], n1=0.2)
    never = crowd.cases.arrived_at > 100 * DAY
    before_friday = booked & (
        crowd.cases.booked_for < 4 * DAY
    )  # there is no other day after Friday
    assert_shares(never[before_friday & crowd.cases.no_show], n1=0.5)
    assert not never[~crowd.cases.no_show].any()
    shown_up = booked & ~crowd.cases.no_show
    assert_mean(
        (crowd.cases.arrived_at - crowd.cases.booked_for)[shown_up],
        2 * MINUTE,
        4 * MINUTE / math.sqrt(12),
    )
    assert (crowd.cases.booked_for[booked] % (HOUR // 2) == 0).all()
