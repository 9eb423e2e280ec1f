"""Sums of an area and of its places, against plain loops over people, visits and windows."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, Final

import numpy as np
import pytest

from sim import compile_plan, draw_tape
from sim.analysis.access import LIMITS, WORST
from sim.analysis.area import BURDENS, AreaTally, area_tally
from sim.analysis.sites import site_loads
from sim.clock import DAY, MINUTE
from sim.engine.run import run
from sim.plan.journal import BALKED, CUT_OFF, GAVE_UP, TURNED_AWAY
from sim.results.tables import Tables
from sim.scenario.travel import Ways
from sim.theory import gini, worst_mean
from tests.scenario.test_places import AREA
from tests.scenario.town import read

VALUE: Final = 11.0
"""Yuan an hour of a resident, as in the area."""
IN_VAIN: Final = (GAVE_UP, BALKED, TURNED_AWAY, CUT_OFF)
BUSY: Final = AREA.replace("per_day: 20", "per_day: 90").replace("6 per h", "30 per h")
"""People give up, and some are still inside when their case is counted."""


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """Days before and after the measured ones, so that both borders are there."""
    days = "  warmup_days: 2\n  measured_days: 4\n  followup_days: 2\n"
    text = re.sub(r"  measured_days: 5\n", days, BUSY)
    scenario, _ = read(tmp_path_factory.mktemp("area"), text)
    plan = compile_plan(scenario, "zone")
    tape = draw_tape(plan.demand, 5, 0)
    return Tables(plan, tape, run(plan, tape, "reference"))


@pytest.fixture(scope="module")
def ways(tables: Tables) -> Ways:
    journeys = tables.plan.journeys
    assert journeys is not None
    return Ways(journeys.minutes, journeys.km, journeys.yuan)


@pytest.fixture(scope="module")
def weights(tables: Tables) -> Any:
    """Each day of each flow stands for another number of cases."""
    return np.random.default_rng(8).uniform(1, 60, tables.plan.demand.flows.cases_of_day.shape)


@pytest.fixture(scope="module")
def tally(tables: Tables, ways: Ways, weights: Any) -> AreaTally:
    return area_tally(tables, ways, VALUE, weights)


def is_measured(tables: Tables, instant: int) -> bool:
    period = tables.plan.period
    return period.measured_from * DAY <= instant < period.measured_until * DAY


def applicants(tables: Tables, ways: Ways, weights: Any) -> dict[int, dict[str, Any]]:
    """What each case counted has to bear, and how many it stands for."""
    cases, visits = tables.cases, tables.visits
    rows: dict[int, dict[str, Any]] = {}
    for case in range(len(cases.matter)):
        wished, home = int(cases.wished_at[case]), int(cases.township[case])
        if not is_measured(tables, wished):
            continue
        flow = int(tables.tape.cases.flow[case])
        rows[case] = dict.fromkeys(BURDENS, 0.0) | {
            "home": home,
            "stands_for": float(weights[flow, wished // DAY]),
            "places": [],
            "in_vain": 0,
        }
    for n in range(len(visits.case)):
        row = rows.get(int(visits.case[n]))
        if row is None:
            continue
        place, home = int(visits.place[n]), row["home"]
        left = int(visits.left_at[n])
        inside = (left - int(visits.arrived_at[n])) / MINUTE if left >= 0 else 0.0
        minutes, yuan = 2 * ways.minutes[home, place], 2 * ways.yuan[home, place]
        row["trips"] += 1
        row["travel"] += minutes
        row["inside"] += inside
        row["fare"] += yuan
        row["resident_cost"] += yuan + (minutes + inside) / 60 * VALUE
        row["places"].append(place)
        row["in_vain"] += int(visits.fate[n]) in IN_VAIN
    return rows


def test_the_day_has_what_the_sums_are_about(tables: Tables) -> None:
    fates = Counter(tables.tickets.fate.tolist())
    assert fates[GAVE_UP] > 5
    assert set(tables.visits.place.tolist()) == {0, 1, 2}
    assert any(not is_measured(tables, int(at)) for at in tables.cases.wished_at)


def test_burdens_of_an_area(tables: Tables, ways: Ways, weights: Any, tally: AreaTally) -> None:
    rows = applicants(tables, ways, weights)
    towns, classes = len(tables.plan.names.townships), len(tables.plan.names.classes)
    cases, burdens = np.zeros(towns), np.zeros((towns, len(BURDENS)))
    class_cases, class_burdens = np.zeros(classes), np.zeros((classes, len(BURDENS)))
    near = np.zeros(len(LIMITS))
    matter_at = np.zeros((len(tables.plan.names.places), len(tables.plan.names.matters)))
    visits = np.zeros(len(tables.plan.names.places))
    for case, row in rows.items():
        stands_for, class_ = row["stands_for"], int(tables.cases.class_[case])
        burden = np.array([row[name] for name in BURDENS]) * stands_for
        cases[row["home"]] += stands_for
        burdens[row["home"]] += burden
        class_cases[class_] += stands_for
        class_burdens[class_] += burden
        for place in set(row["places"]):
            matter_at[place, int(tables.cases.matter[case])] += stands_for
        for place in row["places"]:
            visits[place] += stands_for
            near += [stands_for * (ways.minutes[row["home"], place] <= limit) for limit in LIMITS]
    np.testing.assert_allclose(tally.cases, cases)
    np.testing.assert_allclose(tally.burdens, burdens)
    np.testing.assert_allclose(tally.class_cases, class_cases)
    np.testing.assert_allclose(tally.class_burdens, class_burdens)
    np.testing.assert_allclose(tally.near, near)
    np.testing.assert_allclose(tally.matter_at, matter_at)
    np.testing.assert_allclose(tally.visits, visits)
    assert near[0] < near[-1] < visits.sum()


def test_unevenness_is_that_of_the_ways(
    tables: Tables, ways: Ways, weights: Any, tally: AreaTally
) -> None:
    rows = applicants(tables, ways, weights).values()
    travel, stands_for = (np.array([row[k] for row in rows]) for k in ("travel", "stands_for"))
    assert tally.gini == pytest.approx(gini(travel, stands_for))
    assert tally.worst == pytest.approx(worst_mean(travel, WORST, stands_for))


def test_nobody_at_all(tables: Tables, ways: Ways, weights: Any) -> None:
    """Cases that stand for nobody make no mean."""
    nobody = area_tally(tables, ways, VALUE, 0 * weights)
    assert (nobody.gini, nobody.worst) == (0.0, 0.0)
    assert not nobody.burdens.any()


def test_the_least_that_cases_can_stand_for_is_enough(
    tables: Tables, ways: Ways, weights: Any, tally: AreaTally
) -> None:
    """Half a case in all has the same means as many."""
    few = area_tally(tables, ways, VALUE, weights * 0.5 / tally.cases.sum())
    assert few.cases.sum() == pytest.approx(0.5)
    assert few.worst == pytest.approx(tally.worst)
    assert few.gini == pytest.approx(tally.gini)


def test_as_far_as_a_limit_is_near(tables: Tables, ways: Ways, weights: Any) -> None:
    """Every way takes as long as a limit, or a little more."""
    for n, limit in enumerate(LIMITS):
        at, beyond = (
            area_tally(
                tables,
                ways._replace(minutes=np.full_like(ways.minutes, limit + more)),
                VALUE,
                weights,
            )
            for more in (0.0, 0.001)
        )
        assert at.near.tolist() == [*[0.0] * n, *[pytest.approx(at.visits.sum())] * (3 - n)]
        assert beyond.near.tolist() == [*at.near[:n], 0.0, *at.near[n + 1 :]]


def test_who_comes_from_nowhere_is_left_out(tables: Tables, ways: Ways, weights: Any) -> None:
    """Everybody of the first township as of an origin nobody knows: others are as they were."""
    cases = tables.tape.cases
    township = cases.township
    assert (township == 0).any()
    nowhere = np.where(township == 0, -1, township).astype(township.dtype)
    tape = tables.tape._replace(cases=cases._replace(township=nowhere))
    part = area_tally(Tables(tables.plan, tape, tables.journal), ways, VALUE, weights)
    whole = area_tally(tables, ways, VALUE, weights)
    assert part.cases.tolist() == [0.0, *whole.cases[1:]]
    assert part.burdens.tolist() == [[0.0] * len(BURDENS), *whole.burdens[1:].tolist()]
    assert part.class_cases.sum() == pytest.approx(whole.cases[1:].sum())
    assert part.fates.sum() < whole.fates.sum()


def test_trips_fates_and_work(tables: Tables, ways: Ways, weights: Any, tally: AreaTally) -> None:
    """Trips and fates are what happened; work is weighted like its case."""
    rows, tickets = applicants(tables, ways, weights), tables.tickets
    trips, in_vain = (
        sum(len(row["places"]) for row in rows.values()),
        sum(row["in_vain"] for row in rows.values()),
    )
    assert tally.trips.tolist() == [trips, in_vain]
    assert in_vain > 0
    fates = Counter(int(tables.cases.fate[case]) for case in rows)
    assert tally.fates.tolist() == [fates[fate] for fate in range(len(tally.fates))]
    work, end = np.zeros(len(tables.plan.names.places)), tables.plan.period.end
    for n in range(len(tickets.case)):
        row = rows.get(int(tickets.case[n]))
        if tickets.window[n] < 0 or row is None:
            continue
        ended = int(tickets.ended_at[n]) if tickets.ended_at[n] >= 0 else end
        work[tickets.place[n]] += (ended - int(tickets.called_at[n])) * row["stands_for"]
    np.testing.assert_allclose(tally.work, work)


def test_loads_of_places(tables: Tables) -> None:
    """Visits, waits, ways in vain and work of the measured days alone."""
    plan, tickets, visits = tables.plan, tables.tickets, tables.visits
    journeys, loads, n = plan.journeys, site_loads(tables), len(plan.names.places)
    assert journeys is not None
    first, last = plan.period.measured_from * DAY, plan.period.measured_until * DAY
    came, waited, called, wait, busy = (np.zeros(n, dtype=np.int64) for _ in range(5))
    vain = np.zeros(n)
    for at, place in zip(visits.arrived_at.tolist(), visits.place.tolist(), strict=True):
        came[place] += first <= at < last
    for row in range(len(tickets.case)):
        place, fate = int(tickets.place[row]), int(tickets.fate[row])
        taken, call, ended = (
            int(column[row]) for column in (tickets.taken_at, tickets.called_at, tickets.ended_at)
        )
        if fate in IN_VAIN and first <= tickets.arrived_at[row] < last:
            town = int(tables.tape.cases.township[tickets.case[row]])
            minutes, yuan = journeys.minutes[town, place], journeys.yuan[town, place]
            vain[place] += 2 * (yuan + minutes / 60 * VALUE)
        if tickets.window[row] >= 0:
            until = ended if ended >= 0 else plan.period.end
            busy[place] += max(0, min(until, last) - max(call, first))
        stops = ended if fate == GAVE_UP else call
        if tickets.trip[row] > 0 and stops >= 0 and first <= taken < last:
            waited[place] += 1
            called[place] += call >= 0
            wait[place] += stops - taken
    assert loads.visits.tolist() == came.tolist()
    assert loads.waited.tolist() == waited.tolist()
    assert loads.called.tolist() == called.tolist()
    assert loads.wait.tolist() == wait.tolist()
    assert loads.busy.tolist() == busy.tolist()
    np.testing.assert_allclose(loads.vain, vain)
    assert vain.sum() > 0
    assert (loads.busy <= loads.on_duty).all()
    assert (waited > called).any()


def test_duties_of_places(tables: Tables) -> None:
    """On duty by the roster on the measured days, and over it while someone is still at work."""
    plan, loads = tables.plan, site_loads(tables)
    first, last = plan.period.measured_from * DAY, plan.period.measured_until * DAY
    of_list, paid = plan.hall.place_of_list, np.zeros(len(plan.names.places), dtype=np.int64)
    place_of = {
        int(group): int(of_list[list_])
        for group, list_ in zip(plan.hall.group_of_window, plan.hall.list_of_window, strict=True)
    }
    for spans in (
        zip(tables.duties.group, tables.duties.starts, tables.duties.ends, strict=True),
        zip(tables.overtime.group, tables.overtime.begins_at, tables.overtime.ends_at, strict=True),
    ):
        for group, start, end in spans:
            paid[place_of[int(group)]] += max(0, min(int(end), last) - max(int(start), first))
    assert loads.on_duty.tolist() == paid.tolist()
    assert (paid > 0).all()
