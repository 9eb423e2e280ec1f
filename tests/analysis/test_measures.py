"""Measures of days that can be reckoned by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.analysis.catalogue import MEASURES, QUANTILES
from sim.analysis.estimates import (
    ENOUGH,
    UNBOUNDED,
    Estimate,
    differences,
    estimates,
    group_estimates,
    price_measures,
)
from sim.analysis.histogram import BINS, bin_of
from sim.analysis.measures import Tally, measure
from sim.clock import DAY, HOUR, MINUTE
from sim.results.tables import Tables
from tests.laws.halls import city, tables_of, told_tables
from tests.strategies import (
    at,
    bundle,
    come,
    department,
    errand,
    flows,
    item,
    sequence,
    small,
    windows,
)

CLASSES = (
    "classes: [{id: first, name: {zh: 一, en: First}, priority: 0},"
    " {id: second, name: {zh: 二, en: Second}, priority: 1}]"
)


def means(*tallies: Tally) -> dict[str, float]:
    """Every estimate by the name of its measure, in its unit."""
    measured = estimates(tallies, measures=price_measures(60.0))
    return {estimate.measure: estimate.interval.mean for estimate in measured}


def tally_of(text: str) -> Tally:
    """One replication summed up."""
    return measure(told_tables(text))


@pytest.fixture(scope="module")
def busy_day() -> Tables:
    """Ten minutes each; waits 0, 10, 15 in the morning and 0, 10 before closing."""
    return told_tables(small(demand=come("09:00", "09:00", "09:05", "16:55", "16:55")))


def test_waits_and_stays(busy_day: Tables) -> None:
    value = means(measure(busy_day, called_within=10 * MINUTE))
    assert value["wait"] == pytest.approx((0 + 10 + 15 + 0 + 10) / 5)
    assert value["called_within"] == 4 / 5
    assert value["stay"] == pytest.approx((10 + 20 + 25 + 10 + 20) / 5)
    assert value["visits"] == 5


def test_windows_and_what_comes_after_closing(busy_day: Tables) -> None:
    """The last two services end at 17:05 and 17:15."""
    value = means(measure(busy_day))
    assert value["overtime"] == 15
    assert value["drain"] == 15
    assert value["clerk_hours"] == 8.25
    assert value["cost_per_day"] == 8.25 * 60
    assert value["utilisation"] == pytest.approx(50 / (480 + 15))


def test_a_measure_without_anybody_is_left_out(busy_day: Tables) -> None:
    value = means(measure(busy_day))
    assert not {"reception_wait", "turnaround", "elapsed", "on_time_share"} & value.keys()
    assert value["give_up_share"] == value["turned_away_share"] == value["balk_share"] == 0


def test_giving_up() -> None:
    people = "{patience: 12 min, unserved: {returns: 0, lost: 1}}"
    value = means(tally_of(small(demand=come(*["09:00"] * 4), applicants=people)))
    assert value["give_up_share"] == 2 / 4
    assert value["wait"] == (0 + 10) / 2  # of those called
    assert value["called_within"] == 2 / 4  # of all who took a ticket
    assert value["lost_share"] == 2 / 4


def test_balking_is_counted_apart_from_waiting() -> None:
    people = "{balk_at: 1, unserved: {returns: 0, lost: 1}}"
    value = means(tally_of(small(demand=come(*["09:00"] * 3, "12:00"), applicants=people)))
    # of the first three one is called at once, one finds nobody else in front, one turns round
    assert value["balk_share"] == 1 / 4
    assert value["wait"] == pytest.approx(10 / 3)


def test_turned_away() -> None:
    people = "{unserved: {returns: 0, lost: 1}}"
    value = means(tally_of(small(demand=come("09:00", "17:00", "18:00"), applicants=people)))
    assert value["turned_away_share"] == 2 / 3
    assert value["stay"] == 10  # of those who came in


def test_missed_calls() -> None:
    people = "{missed: {share: 1, window_waits: 2 min, then: requeue}}"
    value = means(tally_of(small(demand=come("09:00"), applicants=people)))
    assert value["missed_share"] == 1 / 2  # of two calls
    assert value["visits"] == 1
    assert value["stay"] == 2 + 10


def test_reception() -> None:
    hall = "reception: {clerks: 1, service: 3 min}"
    value = means(tally_of(small(hall=hall, demand=come("09:00", "09:00"))))
    assert value["reception_wait"] == 1.5
    assert value["wait"] == (0 + 7) / 2


def test_trips_and_papers() -> None:
    """Incomplete once: half of the ten minutes, home, and again the next day."""
    text = small(
        run="{start: 2025-01-06, measured_days: 1, followup_days: 2}",
        demand=come("09:00"),
        corrections="{share: 1, at_most: 1, service_share: 0.5, delay: 1 min}",
    )
    value = means(tally_of(text))
    assert value["trips"] == 2
    assert value["first_trip_share"] == 0
    assert value["sent_back_share"] == 1  # of Monday's intakes
    assert value["visits"] == 1  # on Monday


def test_back_office_from_acceptance_to_issue() -> None:
    """Accepted Monday 09:00; five hours of work end Tuesday 10:00, three working days promised."""
    text = small(
        run="{start: 2025-01-06, measured_days: 1, followup_days: 2}",
        matters=bundle(item("check", "9 h"), more="promised: 1 wd"),
        demand=come("09:00"),
    )
    value = means(tally_of(text))
    assert value["turnaround"] == 1
    assert value["turnaround_calendar"] == pytest.approx(25 / 24)
    assert value["elapsed"] == pytest.approx(25 / 24)
    assert value["on_time_share"] == 1
    assert value["open_share"] == 0


def test_the_share_within_the_statutory_limit_is_that_of_cases_that_have_one() -> None:
    """Two of three cases have one; the first is issued within it, the second, behind it, is not."""
    law = errand("0 min", f"items: [{item('check', '6 h')}], statutory: 6 h", "by_law")
    free = errand("0 min", f"items: [{item('check', '1 min')}]", "free")
    text = small(
        run="{start: 2025-01-06, measured_days: 1, followup_days: 2}",
        matters=f"[{law}, {free}]",
        departments="[{id: office, name: {zh: 局, en: Office}, reviewers: 1, hours: day,"
        " queue: first_in}]",
        demand=flows(
            at("09:00", "09:01", flow="by_law", matter="by_law"),
            at("09:02", flow="free", matter="free"),
        ),
        layouts=windows("id: window, serves: [by_law, free], clerks: 1"),
    )
    value = means(tally_of(text))
    assert value["statutory_on_time_share"] == 1 / 2
    assert "on_time_share" not in value
    without = means(tally_of(text.replace(", statutory: 6 h", "")))
    assert "statutory_on_time_share" not in without
    assert value.items() - without.items() == {("statutory_on_time_share", 1 / 2)}


def test_open_cases_are_told_not_dropped() -> None:
    matters = bundle(item("check", "9 h"), more="promised: 1 wd")
    tally = tally_of(small(matters=matters, demand=come("09:00")))
    assert tally.open_at_end == 1
    assert means(tally)["open_share"] == 1
    assert "on_time_share" not in means(tally)  # neither late nor issued yet


def test_instant_matters_have_no_turnaround(busy_day: Tables) -> None:
    assert "turnaround" not in means(measure(busy_day))


def test_a_tally_names_its_replication(busy_day: Tables) -> None:
    assert [measure(busy_day).replication, measure(busy_day, 7).replication] == [0, 7]


def test_groups_add_up_to_the_whole() -> None:
    tables = tables_of(city(2), "parallel")
    tally = measure(tables)
    for (key, by), sums in tally.by_group.items():
        if by in {"matter", "class", "list", "slot"}:
            np.testing.assert_array_equal(
                sums.sum(axis=1), tally.by_day[key].sum(axis=1), err_msg=by
            )
    busy, on_duty = tally.by_group["utilisation", "group"].sum(axis=1)
    assert [busy, on_duty] == tally.by_day["utilisation"].sum(axis=1).tolist()


def test_by_class() -> None:
    demand = flows(
        at("09:00", "09:00", more="classes: {second: 1.0}"),
        at("09:00", more="classes: {first: 1.0}", flow="special"),
    )
    tally = tally_of(small(demand=demand, applicants=f"{{{CLASSES}}}"))
    first, second = group_estimates([tally], "wait", "class")
    assert (first.mean, second.mean) == (0, 15)


def test_only_measured_days_count() -> None:
    text = small(
        run="{start: 2025-01-06, warmup_days: 1, measured_days: 1, followup_days: 1}",
        demand=come("09:00", "09:00", "1 09:00", "2 09:00", "2 09:00"),
    )
    tally = tally_of(text)
    assert tally.by_day["wait"].tolist() == [[0], [1]]
    assert tally.wait_histogram.sum() == 1
    assert tally.queue_by_slot.sum() == 0
    assert tally.busy_by_slot.sum() == 10 * MINUTE
    assert tally.duty_by_slot.sum() == 8 * HOUR


def test_a_visit_belongs_to_the_day_of_its_arrival() -> None:
    text = small(
        run="{start: 2025-01-06, measured_days: 2}",
        matters=f"[{errand('600 min')}]",
        demand=come("16:00"),
    )
    tally = tally_of(text)
    assert tally.by_day["stay"].tolist() == [[600 * MINUTE, 0], [1, 0]]


def test_work_belongs_to_the_days_on_which_it_is_done() -> None:
    """From 16:00 to 02:00, over the close at 17:00: what is overtime is so on both days."""
    text = small(
        run="{start: 2025-01-06, measured_days: 2}",
        matters=f"[{errand('600 min')}]",
        demand=come("16:00"),
    )
    tally = tally_of(text)
    assert tally.by_day["utilisation"][0].tolist() == [480 * MINUTE, 120 * MINUTE]
    assert tally.by_day["overtime"][0].tolist() == [420 * MINUTE, 120 * MINUTE]


def test_work_over_a_closed_day_belongs_to_the_hall_day_before() -> None:
    """From Friday 16:00 to Saturday 02:00; Saturday is no hall day."""
    text = small(
        run="{start: 2025-01-10, measured_days: 2}",
        matters=f"[{errand('600 min')}]",
        demand=come("4 16:00"),
    )
    assert tally_of(text).by_day["utilisation"][0].tolist() == [600 * MINUTE, 0]


def test_a_wait_of_days_is_counted_where_it_is() -> None:
    matters = f"[{errand(sequence(20 * 60, 1))}]"
    text = small(
        matters=matters,
        calendars="[{id: day, weekly: {mon-sun: [00:00-24:00]}}]",
        demand=come("01:00", "01:00"),
        run="{start: 2025-01-06, measured_days: 2}",
    )
    histogram = tally_of(text).wait_histogram
    assert len(histogram) == BINS
    assert np.flatnonzero(histogram).tolist() == [0, bin_of(np.array([20 * HOUR]))[0]]


def test_quantiles_of_known_waits() -> None:
    """Waits 0, 10, …, 90 minutes."""
    value = means(tally_of(small(demand=come(*["09:00"] * 10))))
    assert value["wait_p50"] == pytest.approx(40, abs=0.2)
    assert value["wait_p90"] == pytest.approx(80, abs=0.2)
    assert value["wait_p95"] == pytest.approx(90, abs=0.2)
    assert list(QUANTILES) == ["wait_p50", "wait_p90", "wait_p95"]


def test_clusters_are_days_until_there_are_enough_replications() -> None:
    text = small(
        run="{start: 2025-01-06, measured_days: 4}", demand=come("09:00", "1 09:00", "1 09:00")
    )
    tally = tally_of(text)
    few, many = estimates([tally] * 3), estimates([tally] * ENOUGH)
    assert _named(few, "visits").interval.n == 4 * 3
    assert _named(few, "wait").interval.n == 2 * 3  # days without anybody say nothing
    assert _named(few, "trips").interval.n == 3
    assert {estimate.interval.n for estimate in many} == {ENOUGH}


def test_a_hall_that_never_closes_has_no_independent_days() -> None:
    text = small(
        run="{start: 2025-01-06, measured_days: 4}",
        calendars="[{id: day, weekly: {mon-sun: [00:00-24:00]}}]",
        demand=come("09:00", "1 09:00"),
    )
    tally = tally_of(text)
    assert not tally.starts_empty
    assert _named(estimates([tally] * 3), "visits").interval.n == 3


def test_one_replication_gives_no_interval_for_what_needs_replications(busy_day: Tables) -> None:
    trips = _named(estimates([measure(busy_day)]), "trips").interval
    assert trips.mean == 1
    assert math.isnan(trips.low)


def test_shares_stay_between_nought_and_one() -> None:
    text = small(
        run="{start: 2025-01-06, measured_days: 2}",
        demand=come("09:00", "1 09:00", "1 17:30"),
        applicants="{unserved: {returns: 0, lost: 1}}",
    )
    interval = _named(estimates([tally_of(text)]), "turned_away_share").interval
    assert interval.low == 0
    assert interval.high <= 1
    assert (-math.inf, math.inf) == UNBOUNDED


def test_differences_pair_the_same_crowds() -> None:
    few = small(demand="[{id: people, matter: errand, rate: 7 per h}]")
    many = small(
        demand="[{id: people, matter: errand, rate: 7 per h}]",
        layouts=windows("id: window, serves: [errand], clerks: 2"),
    )
    before, after = tally_of(few), tally_of(many)
    change = {
        estimate.measure: estimate.interval.mean for estimate in differences([before], [after])
    }
    assert change["wait"] == pytest.approx(means(after)["wait"] - means(before)["wait"])
    assert change["visits"] == 0
    assert change["clerk_hours"] > 0


def test_the_same_waits_differ_by_nothing_for_certain() -> None:
    """Two crowds do not tell how long the longest waits are; against themselves they need not."""
    quiet, busy = (
        tally_of(small(demand=come(*clocks)))
        for clocks in (("09:00", "11:00"), ("09:00", "09:01", "09:02", "09:03"))
    )
    level = _named(estimates([quiet, busy]), "wait_p90").interval
    assert level.high == math.inf
    one_alike = _named(differences([quiet, busy], [quiet, quiet]), "wait_p90").interval
    assert math.isnan(one_alike.high)
    for key in QUANTILES:
        alike = _named(differences([quiet, busy], [quiet, busy]), key).interval
        assert (alike.mean, alike.low, alike.high) == (0, 0, 0)
        # as many waits of each length, but not of the same crowds
        crossed = _named(differences([quiet, busy], [busy, quiet]), key).interval
        assert crossed.mean == 0
        assert math.isnan(crossed.low)
        assert math.isnan(crossed.high)


def test_without_a_price_cost_is_left_out() -> None:
    assert "cost_per_day" not in {measure_.key for measure_ in price_measures(None)}
    assert len(price_measures(34.0)) == len(MEASURES)
    assert len({measure_.key for measure_ in MEASURES}) == len(MEASURES)


def test_last_items_and_causes_by_matter() -> None:
    matters = bundle(
        item("long", "30 min"), item("short", "10 min", department="other"), work="5 min"
    )
    departments = f"[{department('office')}, {department('other')}]"
    tally = tally_of(small(matters=matters, departments=departments, demand=come("09:00", "10:00")))
    assert tally.last_by_matter.tolist() == [[2, 0]]
    assert tally.causes_by_matter.sum() == 2 * 35 * MINUTE
    assert tally.causes_by_matter.max() == 2 * 30 * MINUTE
    assert tally.causes_by_matter.sum() < DAY


def _named(measured: tuple[Estimate, ...], name: str) -> Estimate:
    return next(estimate for estimate in measured if estimate.measure == name)
