"""What stands on the axes is what was estimated."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.container import ErrorbarContainer
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle

from sim.analysis.causes import CAUSES
from sim.analysis.estimates import group_estimates
from sim.analysis.intervals import Interval
from sim.analysis.slots import SLOT
from sim.analysis.story import hall_stretches, item_stretches
from sim.arrays import Ints
from sim.clock import DAY, MINUTE
from sim.plan.journal import ISSUED, LOST, SERVED
from sim.questions.causes import last_shares, mean_causes, path_rows
from sim.questions.compare import HEADLINES, Comparison
from sim.questions.staffing import StaffingCurve, StaffingPoint
from sim.results.columns import CASE_FATES
from sim.results.tables import Tables
from sim.runs.replicate import Study
from sim.scenario.scenario import Scenario
from sim.text import load_text
from sim.views.case_timeline import case_timeline
from sim.views.causes import causes_figure
from sim.views.compare import compare_figure
from sim.views.day import (
    OVERLOAD,
    load_by_time,
    loads,
    overtime_minutes,
    queue_by_time,
    queue_lengths,
    waits_by_time,
)
from sim.views.headlines import MATTERS, headline_figure
from sim.views.item_network import direct_predecessors, matter_network
from sim.views.reductions import process_figure
from sim.views.staffing import staffing_figure
from sim.views.style import INK, folded, width_of
from sim.views.values import digits_for, gap_words, workday_words, written
from sim.views.verdict import outcome_of
from sim.views.waits import called_within

EN = load_text("en")


def points(container: ErrorbarContainer) -> tuple[float, float]:
    """Mean, and length of the bar."""
    line, _, bars = container.lines
    segments = bars[0].get_segments()
    xs = np.asarray(line.get_xdata())
    return float(xs[0]), float(segments[0][1][0] - segments[0][0][0])


def test_forest_plot_shows_each_estimate_and_its_interval(comparison: Comparison) -> None:
    figure = compare_figure(comparison, EN)
    counted = {estimate.measure for estimate in comparison.layouts[0]}
    for row, measure in enumerate(headline for headline in HEADLINES if headline in counted):
        drawn = figure.axes[2 * row].containers
        for layout, bars in zip(comparison.study.layouts, drawn, strict=True):
            assert isinstance(bars, ErrorbarContainer)
            estimate = comparison.estimate(layout, measure)
            scale = 100 if estimate.unit == "share" else 1
            mean, width = points(bars)
            assert mean == pytest.approx(estimate.interval.mean * scale)
            assert width == pytest.approx(2 * estimate.interval.half_width * scale, abs=1e-9)


def test_bars_of_main_measures_are_as_long_as_the_means(comparison: Comparison) -> None:
    """From zero; in full colour only where the verdict says that a layout leads."""
    counted = {estimate.measure for estimate in comparison.layouts[0]}
    measures = [headline for headline in HEADLINES if headline in counted]
    figure = headline_figure(comparison, EN)
    assert len(figure.axes) == len(measures)
    for axes, measure in zip(figure.axes, measures, strict=True):
        kind, leader, _ = outcome_of(comparison, measure, EN)
        bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
        for layout, bar in zip(comparison.study.layouts, bars, strict=True):
            estimate = comparison.estimate(layout, measure)
            scale = 100 if estimate.unit == "share" else 1
            assert bar.get_x() == axes.get_xlim()[0] == 0
            assert bar.get_width() == pytest.approx(estimate.interval.mean * scale)
            assert (bar.get_alpha() == 1) == (kind in MATTERS and layout == leader)


def test_forest_plot_shows_each_difference(comparison: Comparison) -> None:
    figure = compare_figure(comparison, EN, ["wait"])
    drawn = figure.axes[1].containers
    for pair, bars in zip(comparison.pairs, drawn, strict=True):
        assert isinstance(bars, ErrorbarContainer)
        expected = next(d for d in pair.differences if d.measure == "wait")
        assert points(bars)[0] == pytest.approx(expected.interval.mean)


def test_waits_by_time_are_the_group_estimates(study: Study) -> None:
    axes = waits_by_time(study, EN).axes[0]
    estimates = group_estimates(study.of("two"), "wait", "slot")
    line = next(line for line in axes.lines if line.get_label() == "Own windows")
    drawn = np.asarray(line.get_ydata(), dtype=float)
    shown = np.isfinite(drawn)
    assert shown.sum() >= 10
    assert drawn[shown] == pytest.approx(np.array([estimate.mean for estimate in estimates])[shown])


def test_queue_length_is_time_waited_over_time(study: Study) -> None:
    tally = study.of("two")[1]
    days = len(study.plans[1].period.hall_days)
    assert queue_lengths(study, "two")[1].sum() * days * SLOT == pytest.approx(
        tally.queue_by_slot.sum()
    )


def test_all_lists_together_are_the_sum_of_the_lists(study: Study) -> None:
    figure = queue_by_time(study, EN)
    whole = next(line for line in figure.axes[0].lines if line.get_label() == "Own windows")
    expected = queue_lengths(study, "two").sum(axis=1).mean(axis=0)
    assert np.asarray(whole.get_ydata(), dtype=float) == pytest.approx(expected)


def alone(study: Study, hall_days: int, busy: Ints, duty: Ints, queue: Ints) -> Study:
    """The first layout over so many hall days, and what its clerks and lists did in each."""
    plan, tallies = study.plans[0], study.tallies[0]
    period = plan.period._replace(hall_days=plan.period.hall_days[:hall_days])
    changed = [
        tally._replace(busy_by_slot=busy, duty_by_slot=duty, queue_by_slot=queue)
        for tally in tallies
    ]
    return study._replace(
        layouts=study.layouts[:1],
        plans=(plan._replace(period=period),),
        tallies=(tuple(changed),),
    )


def test_a_mean_of_days_is_over_those_there_were(study: Study) -> None:
    """Two wait through each half hour of a day: two on the mean of one day, one on that of two."""
    plan, tally = study.plans[0], study.tallies[0][0]
    queue = np.full((len(plan.names.lists), len(tally.queue_by_slot[0])), 2 * SLOT)
    none = np.zeros_like(tally.busy_by_slot)
    late = np.full_like(none, 6 * MINUTE)
    for hall_days, expected in ((1, 2.0), (2, 1.0)):
        study_of_days = alone(study, hall_days, late, none, queue)
        assert (queue_lengths(study_of_days, "one") == expected).all()
        one_crowd = study_of_days._replace(tallies=(study_of_days.tallies[0][:1],))
        for crowds in (study_of_days, one_crowd):
            assert overtime_minutes(crowds, "one") == pytest.approx(6 / hall_days)
    nobody = alone(study, 0, none, none, 0 * queue)
    assert not queue_lengths(nobody, "one").any()
    assert not overtime_minutes(nobody, "one").any()


def test_a_cell_says_how_busy_a_half_hour_was(study: Study) -> None:
    """Light words on what is dark, a mark beyond the whole, minutes where nobody was on duty."""
    tally = study.tallies[0][0]
    busy, duty = np.zeros_like(tally.busy_by_slot), np.zeros_like(tally.duty_by_slot)
    shares = (0.0, 0.55, 0.56, 1.0, 1.01)
    for slot, share in enumerate(shares, 20):
        duty[0, slot], busy[0, slot] = 100 * MINUTE, round(share * 100) * MINUTE
    busy[0, 25:28] = 90_000, 30_000, 29_999
    one_day = alone(study, 1, busy, duty, np.zeros_like(tally.queue_by_slot))
    [axes] = [cell for cell in load_by_time(one_day, EN).axes if cell.texts]
    assert [(cell.get_text(), cell.get_color(), cell.get_fontweight()) for cell in axes.texts] == [
        ("0", INK, "normal"),
        ("55", INK, "normal"),
        ("56", "white", "normal"),
        ("100", "white", "normal"),
        ("101!", "white", "bold"),
        ("+2", OVERLOAD, "normal"),
        ("+1", OVERLOAD, "normal"),
    ]
    assert [cell.get_position()[0] for cell in axes.texts] == [*range(7)]
    assert axes.get_xlim() == (-0.5, 6.5)


def test_load_is_blank_when_closed(study: Study) -> None:
    load = loads(study, "one")
    assert math.isnan(load[0, 0])
    assert 0 < load[0, 20] <= 1


def test_curve_of_waits_meets_the_measure_at_the_target(
    study: Study, comparison: Comparison
) -> None:
    (at_target,) = called_within(study, "two", np.array([15.0]))
    measure = comparison.estimate("two", "called_within").interval
    assert at_target.mean == pytest.approx(measure.mean, abs=1e-3)
    assert at_target.low == pytest.approx(measure.low, abs=0.05)


def test_curve_of_waits_rises_to_the_share_that_is_called(study: Study) -> None:
    minutes = np.array([1.0, 5.0, 20.0, 500.0])
    means = [point.mean for point in called_within(study, "three", minutes)]
    assert means == sorted(means)
    tallies = study.of("three")
    called = sum(int(tally.wait_histogram.sum()) for tally in tallies)
    taken = sum(int(tally.by_day["called_within"][1].sum()) for tally in tallies)
    assert means[-1] == pytest.approx(called / taken)


def test_no_more_than_all_and_no_fewer_than_none_are_called(study: Study) -> None:
    """Two crowds of which most are called, one of which nobody is: the band ends at the axes."""
    first, second, third = study.of("three")
    nobody = third._replace(wait_histogram=0 * third.wait_histogram)
    uneven = study._replace(layouts=("three",), tallies=((first, second, nobody),))
    [share] = called_within(uneven, "three", np.array([500.0]))
    assert 0.3 < share.mean < 0.6
    assert (share.low, share.high) == (0.0, 1.0)


def test_staffing_points_stand_in_order_of_clerks(comparison: Comparison) -> None:
    study = comparison.study
    made = tuple(StaffingPoint("one", n, comparison.layouts[0]) for n in (5, 3, 4))
    curve = StaffingCurve(study.scenario, ("one",), made, 3, 1)
    (line,) = (
        line
        for line in staffing_figure(curve, EN).axes[0].lines
        if line.get_label() == "Any window"
    )
    assert list(np.asarray(line.get_xdata())) == [3, 4, 5]
    wait = comparison.estimate("one", "wait").interval.mean
    assert np.asarray(line.get_ydata(), dtype=float) == pytest.approx([wait] * 3)


def test_causes_add_up_to_the_elapsed_time(study: Study) -> None:
    """Over the same cases: those that are finished at the window have no elapsed time."""
    rows = path_rows(study, None)
    shop = study.plans[0].names.matters.index("shop")
    assert shop in rows
    for layout in study.layouts:
        sums = sum(tally.by_group["elapsed", "matter"][:, rows] for tally in study.of(layout))
        ticks, cases = np.asarray(sums).sum(axis=1)
        assert mean_causes(study, layout, None).sum() == pytest.approx(ticks / cases)


def test_bars_of_causes_are_the_means(study: Study) -> None:
    axes = causes_figure(study, EN, "shop").axes[0]
    widths = [bar.get_width() for bar in axes.patches[: len(CAUSES)]]  # type: ignore[attr-defined]
    assert widths == pytest.approx(list(mean_causes(study, "one", "shop") / DAY))


def test_somebody_is_always_last(study: Study) -> None:
    shares = last_shares(study, "one", "shop")
    assert set(shares) == {"market", "tax"}
    assert sum(share.mean for share in shares.values()) == pytest.approx(1.0)


def test_a_timeline_has_no_holes_and_no_overlaps(tables: Tables) -> None:
    tape, journal = tables.tape, tables.journal
    for item in np.flatnonzero(journal.completed_at >= 0)[:60]:
        stretches = item_stretches(tables, int(item))
        if not stretches:
            assert journal.completed_at[item] == journal.item_released_at[item]
            continue
        first = journal.released_at[tape.items.review_offsets[item]]
        assert stretches[0].start == first
        assert stretches[-1].end == journal.completed_at[item]
        assert all(a.end == b.start for a, b in pairwise(stretches))


def test_a_timeline_starts_at_the_door_and_ends_with_acceptance(tables: Tables) -> None:
    cases = tables.cases
    for case in np.flatnonzero((cases.accepted_at >= 0) & (cases.trips == 1))[:40]:
        stretches = hall_stretches(tables, int(case))
        assert stretches[0].start == cases.arrived_at[case]
        assert stretches[-1].end >= cases.accepted_at[case]


def test_every_trip_is_marked_and_nobody_waits_for_who_was_served(
    scenario: Scenario, tables: Tables
) -> None:
    t = tables.tickets
    returns = np.unique(t.case[t.trip > 1])
    assert len(returns)
    for case in returns[:10]:
        axes = case_timeline(scenario, tables, int(case), EN).axes[0]
        [marks] = [line for line in axes.lines if line.get_marker() == "v"]
        trips = range(1, int(tables.cases.trips[case]) + 1)
        first = [t.arrived_at[(t.case == case) & (t.trip == n)][0] / DAY for n in trips]
        assert np.asarray(marks.get_xdata()).tolist() == first
        of_case = (t.case == case) & (t.fate == SERVED)
        begins = {
            stretch.start
            for stretch in hall_stretches(tables, int(case))
            if stretch.cause == "applicant"
        }
        assert not begins & set(t.ended_at[of_case].tolist())


def test_the_end_of_a_case_is_called_what_it_was(scenario: Scenario, tables: Tables) -> None:
    for fate in (ISSUED, LOST):
        case = int(np.flatnonzero(tables.cases.fate == fate)[0])
        words = [
            text.get_text() for text in case_timeline(scenario, tables, case, EN).axes[0].texts
        ]
        assert words.count(EN(f"fate.{CASE_FATES[fate]}")) == 1


def test_the_last_item_is_marked(scenario: Scenario, tables: Tables) -> None:
    case = int(np.flatnonzero((tables.cases.last_item >= 0) & (tables.cases.closed_at >= 0))[0])
    labels = case_timeline(scenario, tables, case, EN).axes[0].get_yticklabels()
    assert sum(label.get_fontweight() == "bold" for label in labels) == 1


def test_the_network_shows_every_item_once(scenario: Scenario) -> None:
    words = [text.get_text() for text in matter_network(scenario, "shop", EN).axes[0].texts]
    assert [words.count(name) for name in ("Licence", "Food permit", "Tax registration")] == [1] * 3


def test_an_arrow_that_follows_from_others_is_left_out(scenario: Scenario) -> None:
    shop = scenario.matters[0]
    food = shop.items[1].model_copy(update={"after": ("licence", "tax")})
    matter = shop.model_copy(update={"items": (shop.items[0], food, shop.items[2])})
    assert direct_predecessors(matter, "hygiene") == ("tax",)


@pytest.mark.parametrize(
    ("half", "digits"), [(32.0, 0), (4.0, 0), (3.2, 1), (0.35, 2), (0.4, 1), (0.0001, 3)]
)
def test_digits_follow_the_width_of_the_interval(half: float, digits: int) -> None:
    assert digits_for(Interval(50.0, 50.0 - half, 50.0 + half, 20)) == digits


def test_without_an_interval_only_the_mean_is_written(comparison: Comparison) -> None:
    wait = comparison.estimate("one", "wait")
    alone = wait._replace(interval=Interval(12.34, math.nan, math.nan, 1))
    assert written(alone, EN) == "12.3 min"


def test_shares_differ_by_percentage_points(comparison: Comparison) -> None:
    share = comparison.estimate("one", "called_within")
    gap = share._replace(interval=Interval(0.05, 0.03, 0.07, 20))
    assert gap_words(gap, EN) == "5 [3, 7] percentage points higher" or "5.0 [3.0, 7.0]" in (
        gap_words(gap, EN)
    )


def test_a_folded_line_never_begins_with_a_closing_sign() -> None:
    for line in folded("消防安全检查（告知承诺）、公众聚集场所", 22, 4).split("\n"):
        assert line[0] not in "）、"
        assert width_of(line) <= 22 + 4


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0.9, "0.0 working days"), (1, "about 1 minute"), (59.4, "about 59 "), (61, "about 1.0 h")],
)
def test_parts_of_a_working_day_from_a_minute_on(minutes: float, words: str) -> None:
    """A working day has 480 minutes; below one of them nobody counts."""
    assert workday_words(minutes / 480, "0.0", load_text("en")).startswith(words)


def test_a_whole_working_day_is_no_part_of_one() -> None:
    assert workday_words(1.0, "1.0", load_text("en")) == "1.0 working days"


@pytest.mark.parametrize(("stages", "inches"), [(3, 10.0), (4, 10.5), (6, 14.0)])
def test_a_process_of_many_stages_grows_so_that_each_box_keeps_its_width(
    scenario: Scenario, stages: int, inches: float
) -> None:
    """An intake, stages in turn and an issue have 1.75 inches each; visits turn after five."""
    shop = scenario.matters[0]
    first = shop.items[0]
    chain = tuple(
        first.model_copy(
            update={"id": f"item_{n}", "after": (f"item_{n - 1}",) if n else ()},
        )
        for n in range(stages)
    )
    long = shop.model_copy(update={"items": chain})
    others = scenario.model_copy(update={"matters": (long, *scenario.matters[1:])})
    figure = process_figure(others, "shop", EN)
    assert figure.get_size_inches()[0] == pytest.approx(inches)
    below = figure.axes[1]
    boxes = [patch for patch in below.patches if isinstance(patch, FancyBboxPatch)]
    assert sorted(round(box.get_x() + box.get_width() / 2) for box in boxes) == [*range(stages + 2)]
    arrows = [patch for patch in below.patches if isinstance(patch, FancyArrowPatch)]
    assert len(arrows) == stages + 1
    for axes in figure.axes:
        left, right = axes.get_xlim()
        low, high = sorted(axes.get_ylim())
        for box in axes.patches:
            if isinstance(box, FancyBboxPatch):
                assert left <= box.get_x() < box.get_x() + box.get_width() <= right
                assert low <= box.get_y() < box.get_y() + box.get_height() <= high
