"""New stations against the places that are open, on the same crowds: what must hold whatever."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from sim import Run, compile_plan, draw_tape, run
from sim.analysis.access import LIMITS
from sim.analysis.area import BURDENS, AreaTally, area_tally
from sim.arrays import Floats
from sim.clock import DAY
from sim.errors import OptionError
from sim.questions.extend import extend, extend_each, online_instead, ways_of
from sim.questions.extension import AreaChange, Extension, diverted_cases
from sim.results.tables import Tables
from sim.scenario.edit_places import with_points
from sim.scenario.load import scenario_from_text
from sim.scenario.places import HomeVisits, ServicePoint
from sim.scenario.scenario import Scenario
from tests.assertions import assert_same_tape
from tests.scenario.test_places import AREA
from tests.scenario.town import TOWN

NEAREST = "  choice: {rule: nearest}\n  siting:\n"
ANYWHERE = AREA.replace("    townships: [ridge]\n", "")
EVERYTHING = ANYWHERE.replace(
    "station: {clerks: 1, accepts: [police]", "station: {clerks: 50, accepts: [market, police]"
).replace("corrections: {share: 0.1, on_the_spot: 0.5, online: 0.2}", "corrections: {share: 0}")
MATRIX = "\n".join(
    f"      - {{township: {town}, place: {place}, takes: 60 min, km: 30}}"
    for place, towns in (
        ("city", "seat brook port"),
        ("county", "seat brook ridge"),
        ("point", "seat brook ridge port"),
    )
    for town in towns.split()
)


def area(text: str = ANYWHERE) -> Scenario:
    return scenario_from_text(text + "money: {clerk_yuan_per_hour: 30}\n")


def online_of(extension: Extension) -> AreaChange:
    online = extension.summary.online
    assert online is not None
    return online


def extended(scenario: Scenario, *points: str, rival: bool = False, workers: int = 1) -> Extension:
    return extend(
        scenario,
        points,
        run=Run(replications=2, seed=3, engine="reference", workers=workers),
        rival=rival,
    )


@pytest.fixture(scope="module")
def nearest() -> Extension:
    """Everybody goes to the nearest place; ridge and port get a station."""
    return extended(area(ANYWHERE.replace("  siting:\n", NEAREST)), "ridge", "port")


@pytest.fixture(scope="module")
def everything() -> Extension:
    """A station that does everything, with an agent for everybody."""
    return extended(area(EVERYTHING.replace("  siting:\n", NEAREST)), "ridge", rival=True)


def test_all_that_is_told_beforehand_is_done() -> None:
    """Settling, every set and the rival: the last thing told is the whole."""
    steps: list[tuple[int, int]] = []
    extend(
        area(),
        ["ridge"],
        run=Run(
            replications=2,
            seed=3,
            engine="reference",
            workers=1,
            progress=lambda *step: steps.append(step),
        ),
        rival=True,
    )
    assert steps[-1][0] == steps[-1][1]
    assert all(done <= total for done, total in steps)
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)


def test_an_area_without_anybody_has_no_groups() -> None:
    """Nobody comes, so nothing is told of any group; and nothing fails."""
    nobody = extended(area(ANYWHERE.replace("rate: 6 per h", "rate: 0 per h")), "ridge")
    emptied = replace(
        nobody,
        tallies=tuple(
            tuple(tally._replace(cases=tally.cases * 0) for tally in tallies)
            for tallies in nobody.tallies
        ),
    )
    assert emptied.summary.stations.groups["county"] == ()


def test_the_crowd_is_the_same(nearest: Extension) -> None:
    demands = [equilibrium.plan.demand for equilibrium in nearest.settled]
    tapes = [draw_tape(demand, 3, 0) for demand in demands]
    assert_same_tape(*tapes)
    for before, after in zip(*nearest.tallies, strict=True):
        assert before.cases.tolist() == after.cases.tolist()


def test_before_is_the_scenario_without(nearest: Extension) -> None:
    plan = compile_plan(nearest.scenario, "zone")
    tape = draw_tape(plan.demand, 3, 0)
    tables = Tables(plan, tape, run(plan, tape, "reference"))
    value = nearest.scenario.places.travel.value_of_time_yuan_per_h  # type: ignore[union-attr]
    ways, weights = ways_of(nearest.scenario, plan), nearest.year.weights
    alone = area_tally(tables, ways, value, weights)
    assert alone.burdens.tolist() == nearest.tallies[0][0].burdens.tolist()


def test_a_station_that_accepts_nothing_changes_nothing() -> None:
    idle = ANYWHERE.replace("station: {clerks: 1, accepts: [police]", "station: {clerks: 1")
    extension = extended(area(idle), "ridge", "port")
    assert {effect.difference.mean for effect in extension.summary.stations.area} == {0.0}
    last = extension.summary.stations.places[-1]
    assert (last.is_new, last.visits.after.mean) == (True, 0.0)
    assert math.isnan(last.utilisation.after.mean)
    assert extension.worth.residents.mean == 0.0
    assert extension.worth.break_even == math.inf


def test_nobody_goes_farther_to_the_nearest(nearest: Extension) -> None:
    """However many trips a case takes: a way is never longer with more places to go to."""
    trips, travel = BURDENS.index("trips"), BURDENS.index("travel")
    for before, after in zip(*nearest.tallies, strict=True):
        a_trip = [
            t.burdens[:, travel] / np.maximum(t.burdens[:, trips], 1) for t in (before, after)
        ]
        assert (a_trip[1] <= a_trip[0] + 1e-9).all()
    gains = {
        group.group: group.effects[travel].difference.mean
        for group in nearest.summary.stations.groups["township"]
    }
    assert gains["ridge"] < 0
    assert gains["port"] < 0


def test_the_station_takes_all_it_may(everything: Extension) -> None:
    """Ridge's people have it next door: no way, no wait, nobody of them anywhere else."""
    plan = everything.settled[1].plan
    ridge = plan.names.townships.index("ridge")
    point = plan.names.places.index("new_ridge")
    assert plan.journeys is not None
    assert plan.journeys.minutes[ridge, point] == 0
    for tally in everything.tallies[1]:
        assert tally.burdens[ridge, BURDENS.index("travel")] == 0
        assert tally.burdens[ridge, BURDENS.index("trips")] > 0
        assert tally.loads.wait[point] == 0


def test_travel_is_distance_times_trips(everything: Extension) -> None:
    plan = everything.settled[1].plan
    tape = draw_tape(plan.demand, 3, 0)
    visits = Tables(plan, tape, run(plan, tape, "reference")).visits
    ways = ways_of(everything.extended, plan)
    case = visits.case
    weight = everything.year.weights[tape.cases.flow[case], tape.cases.wished_at[case] // DAY]
    by_hand = 2 * (ways.minutes[tape.cases.township[case], visits.place] * weight).sum()
    assert everything.tallies[1][0].burdens[:, 1].sum() == pytest.approx(by_hand)


def test_groups_add_up(everything: Extension) -> None:
    for tallies in everything.tallies:
        for tally in tallies:
            assert tally.cases.sum() == pytest.approx(tally.class_cases.sum())
            assert tally.burdens.sum(axis=0) == pytest.approx(tally.class_burdens.sum(axis=0))
            assert (np.diff(tally.near) >= 0).all()
            assert tally.near[-1] <= tally.burdens[:, 0].sum() * (1 + 1e-12)
            assert tally.visits.sum() == pytest.approx(tally.burdens[:, 0].sum())
    whole = {effect.measure: effect.before.mean for effect in everything.summary.stations.area}
    for by in ("township", "county", "class"):
        groups = everything.summary.stations.groups[by]
        cases = sum(group.cases for group in groups)
        for k, name in enumerate(BURDENS):
            mean = sum(group.cases * group.effects[k].before.mean for group in groups) / cases
            assert mean == pytest.approx(whole[name])


def test_what_halls_lose_stations_gain(everything: Extension) -> None:
    """No place that was open gets more people by it."""
    rows = everything.summary.stations.places
    assert rows[-1].visits.after.mean > 0
    lost = [place.visits.difference.mean for place in rows if not place.is_new]
    assert min(lost) < 0
    assert max(lost) <= 0
    assert math.isnan(rows[-1].wait.before.mean)


def test_small_points_lose_what_pooling_gives(everything: Extension) -> None:
    """Fifty agents for one township are idle beside the halls."""
    rows = {
        place.place: place.utilisation.after.mean for place in everything.summary.stations.places
    }
    assert rows["new_ridge"] < rows["county"] / 5


def test_online_instead(everything: Extension) -> None:
    """As many cases more apply online; who did before still does; all else is drawn alike."""
    before, year = everything.settled[0].plan, everything.year
    cases = diverted_cases(everything)
    after = online_instead(before, cases, year)
    online = []
    for n in range(40):
        tape_before, tape_after = (draw_tape(plan.demand, 3, n) for plan in (before, after))
        firsts = [
            tape.errands.online[tape.cases.errand_offsets[:-1]]
            for tape in (tape_before, tape_after)
        ]
        assert (firsts[1] >= firsts[0]).all()
        assert tape_before.cases.arrived_at.tolist() == tape_after.cases.arrived_at.tolist()
        online.append(int(firsts[1].sum() - firsts[0].sum()))
    of_run = before.demand.flows.cases_of_day.sum() / year.counted
    assert np.mean(online) == pytest.approx(cases.sum() * of_run, rel=0.15)
    assert everything.has_rival
    trips = online_of(everything).effect("trips")
    assert trips.difference.mean < 0


def test_nobody_more_online_than_there_are(everything: Extension) -> None:
    before = everything.settled[0].plan
    cases = np.full(len(before.names.matters), 1e9)
    share = online_instead(before, cases, everything.year).demand.flows.online_share
    assert share.tolist() == [1.0] * len(share)


def test_nobody_more_online_of_whom_nothing_is_known(everything: Extension) -> None:
    """A flow that does not come on the measured days is no part of those who could move."""
    before, year = everything.settled[0].plan, everything.year
    demand, first = before.demand, int(before.demand.flows.matter[0])
    same = demand.flows.matter == first
    cases = np.where(np.arange(len(before.names.matters)) == first, 10.0, 0.0)

    def added_share(measured: Floats) -> Floats:
        after = online_instead(before, cases, year._replace(measured=measured))
        return np.asarray(after.demand.flows.online_share - demand.flows.online_share)

    expected = np.where(same, 10.0 / year.cases[same].sum(), 0.0)
    assert added_share(np.where(same, 0.5, 0.0)) == pytest.approx(expected)
    assert not added_share(np.where(same, 0.0, 0.5)).any()


def test_the_money_both_ways(everything: Extension) -> None:
    worth = everything.worth
    assert worth.yearly == 56_000
    saved = [
        before.burdens[:, -1].sum() - after.burdens[:, -1].sum()
        for before, after in zip(*everything.tallies[:2], strict=True)
    ]
    cases = sum(tally.cases.sum() for tally in everything.tallies[0])
    assert worth.residents.mean == pytest.approx(sum(saved) / cases * everything.year.counted)
    each = worth.residents.mean / worth.visits.mean
    assert worth.break_even * each == pytest.approx(worth.yearly)
    hall = worth.hall_hours.mean * 30 / worth.visits.mean
    assert worth.hall_saved == pytest.approx(worth.hall_hours.mean * 30)
    assert worth.break_even_both * (each + hall) == pytest.approx(worth.yearly)
    assert 0 < worth.break_even_both < worth.break_even, "the halls are relieved"
    unpaid = replace(everything, scenario=scenario_from_text(EVERYTHING)).worth
    assert math.isnan(unpaid.break_even_both)
    summary = everything.summary
    changes = summary.changes.values()
    costs = [summary.administration.mean, *(change.administration.mean for change in changes)]
    assert costs[1] > costs[0]


SETS = [["ridge"], [], ["port", "ridge"], ["brook"], ["seat"], ["port"]]


@pytest.fixture(scope="module")
def each_alone() -> list[Extension]:
    return [
        extend(area(), points, run=Run(replications=2, seed=3, workers=1))
        for points in SETS
        if points
    ]


@pytest.mark.parametrize("workers", [1, 2])
def test_many_sets_at_once_are_what_each_is_alone(
    workers: int, each_alone: list[Extension]
) -> None:
    """As it is, settled waits, tallies and the rival: to the last bit, on any number of cores."""
    many = extend_each(area(), SETS, run=Run(replications=2, seed=3, workers=workers), rival=True)
    others = iter(each_alone)
    for points, extension in zip(SETS, many, strict=True):
        assert extension.points == tuple(points)
        if points:
            alone = next(others)
            assert extension.extended.hash == alone.extended.hash
            for settled, settled_alone in zip(extension.settled, alone.settled, strict=True):
                assert settled.residuals == settled_alone.residuals
                assert settled.waits.tolist() == settled_alone.waits.tolist()
            for tallies, tallies_alone in zip(extension.tallies, alone.tallies, strict=True):
                assert len(tallies) == len(tallies_alone) == 2
                assert all(map(have_equal_sums, tallies, tallies_alone))


def have_equal_sums(first: AreaTally, second: AreaTally) -> bool:
    first_sums, second_sums = (
        np.hstack([np.ravel(part) for part in (*t[:-1], *t.loads)]) for t in (first, second)
    )
    return np.array_equal(first_sums, second_sums)


def test_no_stations_are_the_scenario_as_it_is() -> None:
    [extension] = extend_each(
        area(), [[]], run=Run(replications=2, seed=3, engine="reference", workers=1), rival=True
    )
    assert extension.extended is extension.scenario
    assert not extension.has_rival
    assert {effect.difference.mean for effect in extension.summary.stations.area} == {0.0}
    money = extension.worth
    assert (money.yearly, money.residents.mean, money.break_even) == (0, 0, 0)


def test_the_demand_knows_of_no_station() -> None:
    """So one demand stands for all sets of points, and a crowd is drawn once for several."""
    plans = [
        compile_plan(scenario, "zone")
        for scenario in (area(), with_points(area(), ["port", "ridge"]))
    ]
    tapes = [draw_tape(plan.demand, 3, 0) for plan in plans]
    assert_same_tape(*tapes)


OWN = ServicePoint(
    hours="office",
    clerks={"mon-fri 09:00-17:00": 2},
    accepts=("police",),
    home_visits=HomeVisits.model_validate({"agents": 1, "within": "1 h"}),
    yuan_per_year=70_000,
)


def test_a_point_that_serves_as_all_do_changes_nothing() -> None:
    siting = area().places.siting  # type: ignore[union-attr]
    stations = {"ridge": siting.station}  # type: ignore[union-attr]
    default = extend(
        area(),
        ["ridge", "port"],
        run=Run(replications=1, seed=3, engine="reference", workers=1),
        rival=False,
    )
    described = extend(
        area(),
        ["ridge", "port"],
        run=Run(replications=1, seed=3, engine="reference", workers=1),
        rival=False,
        stations=stations,
    )
    assert described.extended.hash == default.extended.hash
    assert have_equal_sums(described.tallies[1][0], default.tallies[1][0])


def test_a_point_of_its_own_serves_and_costs_as_it_is_told() -> None:
    extension = extend(
        area(),
        ["ridge", "port"],
        run=Run(replications=2, seed=3, engine="reference", workers=1),
        rival=False,
        stations={"port": OWN},
    )
    ridge, port = extension.opened
    assert (port.hours, port.clerks, port.home_visits) == (OWN.hours, OWN.clerks, OWN.home_visits)
    assert ridge.hours is None
    assert extension.worth.yearly == 56_000 + 70_000
    rows = {place.place: place for place in extension.summary.stations.places if place.is_new}
    assert set(rows) == {"new_ridge", "new_port", "new_port:home"}
    assert rows["new_port"].visits.after.mean > 0


def test_more_agents_wait_less() -> None:
    """The same crowd, another clerk at the point, nobody moved by waits."""
    near = area(ANYWHERE.replace("  siting:\n", NEAREST))
    waits = []
    for clerks in (1, 2, 3):
        more = {"clerks": {"mon-fri 00:00-24:00": clerks}, "home_visits": None}
        stations = {"port": OWN.model_copy(update=more)}
        extension = extend(
            near,
            ["port"],
            run=Run(replications=2, seed=3, engine="reference", workers=1),
            rival=False,
            stations=stations,
        )
        loads = [tally.loads for tally in extension.tallies[1]]
        waits.append(
            sum(int(load.wait[-1]) for load in loads) / sum(int(load.waited[-1]) for load in loads)
        )
    assert waits == sorted(waits, reverse=True)


def test_all_that_is_wrong_with_own_stations_is_told_at_once() -> None:
    with pytest.raises(OptionError) as caught:
        extend(area(), ["ridge", "prot"], stations={"port": OWN})
    assert [problem.code for problem in caught.value.problems] == [
        "unknown_township",
        "stray_station",
    ]
    wrong = OWN.model_copy(update={"hours": "wek", "accepts": ("polize",)})
    with pytest.raises(OptionError) as caught:
        extend(area(), ["ridge"], stations={"ridge": wrong})
    paths = {problem.code: problem.path for problem in caught.value.problems}
    assert paths == {
        "unknown_calendar": "stations.ridge.hours",
        "unknown_matter": "stations.ridge.accepts.0",
    }


def test_measured_ways_are_joined_by_computed_ones() -> None:
    """Where every way is measured the new station's ways are those of the map."""
    flat_legs = AREA[AREA.index("    legs:") : AREA.index("    fare")]
    legs = MATRIX + "\n      - {township: ridge, place: city, takes: 3 h, km: 140}\n"
    measured = area(ANYWHERE.replace(flat_legs, f"    rule: matrix\n    legs:\n{legs}"))
    by_map, by_leg = (
        ways_of(scenario, compile_plan(scenario, "zone"))
        for scenario in (with_points(area(), ["port"]), with_points(measured, ["port"]))
    )
    assert by_leg.minutes[:, -1] == pytest.approx(by_map.minutes[:, -1], abs=1e-4)
    assert (by_leg.minutes[:, 1:-1] != by_map.minutes[:, 1:-1]).any()


@pytest.mark.parametrize("text", [TOWN, AREA[: AREA.index("  siting:")]])
def test_it_must_be_told_how_a_station_serves(text: str) -> None:
    with pytest.raises(OptionError) as caught:
        extend(scenario_from_text(text), ["ridge"])
    assert caught.value.problems[0].code == "no_siting"


def test_no_points_are_no_question() -> None:
    with pytest.raises(OptionError) as caught:
        extend(area(), [])
    assert caught.value.problems[0].code == "no_points"


def test_limits_are_measures() -> None:
    assert [f"within_{limit:.0f}" for limit in LIMITS] == ["within_15", "within_30", "within_60"]


def only_the_city() -> Scenario:
    """The area before any county hall or station is open."""
    opened = ANYWHERE[ANYWHERE.index("    - {id: county") : ANYWHERE.index("  travel:")]
    return area(ANYWHERE.replace(opened, ""))


def test_all_places_but_the_hall_closed_is_the_city_scenario() -> None:
    """The way is longer for who lives far away; the hall does not know of it, tick for tick."""
    alone = only_the_city()
    bare = alone.model_copy(update={"places": None})
    plans = [compile_plan(scenario, "zone") for scenario in (alone, bare)]
    assert plans[0].journeys is None
    tape = draw_tape(plans[0].demand, 3, 0)
    journal_with_places, journal_without = (run(plan, tape, "reference") for plan in plans)
    assert journal_with_places.called_at.tolist() == journal_without.called_at.tolist()
    extension = extended(alone, "seat", "ridge")
    assert extension.settled[0].rounds == 0
    travel = extension.summary.stations.effect("travel")
    assert travel.difference.mean < 0
    assert [place.place for place in extension.summary.stations.places] == [
        "city_hall",
        "new_seat",
        "new_ridge",
    ]


def test_what_is_stopped_keeps_what_is_done() -> None:
    """Two plans are settled, then served on three crowds: it is stopped after the second crowd."""
    left: list[int] = []
    extension = extend(
        area(),
        ["ridge"],
        run=Run(
            replications=3,
            seed=3,
            engine="reference",
            workers=1,
            progress=lambda done, total: left.append(total - done),
            cancelled=lambda: bool(left) and left[-1] == 2,
        ),
        rival=False,
    )
    assert (extension.replications, extension.asked, extension.has_rival) == (2, 3, False)
