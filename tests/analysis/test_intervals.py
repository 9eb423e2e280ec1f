"""Laws of `sim.analysis.intervals` and `sim.analysis.replications`.

Coverage tests draw `RUNS` samples with a fixed seed. The hit rate of a true 95 % interval has
standard error sqrt(0.95 × 0.05 / RUNS); "covers" allows 3 of them below, so a correct method fails
with probability 0.001 at the first seed and never after.
"""

import math
from collections.abc import Callable

import numpy as np
import pytest

from sim.analysis.intervals import (
    Interval,
    bonferroni,
    independent_difference,
    multiple_comparison_with_best,
    paired_difference,
    quantile_interval,
    quantile_ranks,
    ratio_difference,
    ratio_interval,
    section_quantile,
    share_interval,
    t_interval,
)
from sim.analysis.replications import (
    PrecisionStop,
    batch_means,
    batch_means_interval,
    lag1,
    mser,
    replications_needed,
)
from sim.arrays import Floats

RUNS = 1000
TEN = [12.1, 9.8, 11.4, 13.0, 10.6, 12.7, 9.9, 11.8, 12.3, 10.9]


def hit_rate(draw: Callable[[], Interval], true: float, runs: int = RUNS) -> float:
    """Share of intervals that hold the true value; a missing bound counts as infinitely far."""
    intervals = (draw() for _ in range(runs))
    return sum(not (ci.low > true or ci.high < true) for ci in intervals) / runs


def covers(level: float = 0.95, runs: int = RUNS) -> float:
    return level - 3 * math.sqrt(level * (1 - level) / runs)


def no_bounds(ci: Interval) -> bool:
    return math.isnan(ci.low) and math.isnan(ci.high) and math.isnan(ci.half_width)


class TestTextbook:
    def test_student_interval_and_extrapolation(self) -> None:
        """Case ci-a."""
        ci = t_interval(TEN)
        assert ci.mean == pytest.approx(11.45)
        assert ci.half_width == pytest.approx(0.804578, rel=1e-6)
        assert replications_needed(ci, 0.025 * ci.mean) == 80

    @pytest.mark.parametrize(
        ("n", "p", "ranks"),
        [(60, 0.9, (49, 59)), (10, 0.5, (2, 9)), (10, 0.9, (7, 11)), (3, 0.5, (0, 4))],
    )
    def test_quantile_ranks(self, n: int, p: float, ranks: tuple[int, int]) -> None:
        """Conover; the first is case quantile-ci-a."""
        assert quantile_ranks(n, p) == ranks

    def test_quantile_ranks_mirror(self) -> None:
        low, high = quantile_ranks(200, 0.9)
        assert quantile_ranks(200, 0.1) == (201 - high, 201 - low)

    def test_quantile_has_no_bound_where_the_sample_ends(self) -> None:
        first = quantile_interval(range(1, 61), 0.06)
        assert (quantile_ranks(60, 0.06)[0], first.low) == (1, 1.0)
        last = quantile_interval(range(1, 61), 0.94)
        assert (quantile_ranks(60, 0.94)[1], last.high) == (60, 60.0)
        ci = quantile_interval(TEN, 0.9)
        assert ci.low == 12.1  # rank 7 of 10
        assert math.isnan(ci.high)

    def test_welch(self) -> None:
        # Two-sided 95 % limits of R's t.test(b, a).
        ci = independent_difference([12.0, 20.0, 9.0], [11.0, 18.8, 8.2])
        assert (ci.low, ci.high) == pytest.approx((-13.679327, 11.679327), abs=1e-6)
        assert ci.n == 6

    def test_mser5(self) -> None:
        """White, Cobb & Spratt 2000; case mser-a."""
        i = np.arange(1, 401)
        cut = mser(10 * (1 - 0.97**i) + 0.6 * np.sin(0.7 * i))
        assert (cut.n_batches, cut.n_dropped, cut.too_short) == (27, 135, False)
        assert cut.mean == pytest.approx(9.98517, rel=1e-6)

    def test_lag1_of_an_alternating_series(self) -> None:
        assert lag1([1, -1] * 50) == pytest.approx(-0.99)

    def test_bonferroni(self) -> None:
        assert bonferroni(0.95, 5) == pytest.approx(0.99)
        assert bonferroni(0.9, 1) == pytest.approx(0.9)


class TestNeverAGuess:
    def test_one_cluster_has_no_interval(self) -> None:
        for ci in (
            t_interval([12.0]),
            ratio_interval([12.0], [3]),
            ratio_interval([12.0], [15], bounds=(0, 1)),
            ratio_difference([12.0], [3], [11.0], [3]),
            paired_difference([1], [2]),
            independent_difference([1], [2, 3, 4]),
            section_quantile([1, 2, 3], [7, 7, 7], 0.5),
            multiple_comparison_with_best([[1], [2]])[0],
        ):
            assert math.isfinite(ci.mean)
            assert no_bounds(ci)

    def test_nothing_at_all(self) -> None:
        for ci in (
            t_interval([]),
            ratio_interval([], []),
            ratio_interval([0, 0], [0, 0]),
            quantile_interval([], 0.5),
            section_quantile([], [], 0.5),
        ):
            assert math.isnan(ci.mean)
            assert no_bounds(ci)
            assert ci.n == 0

    def test_no_denominator_is_no_ratio(self) -> None:
        assert math.isnan(ratio_interval([1.0, 2.0], [0, 0]).mean)

    def test_days_without_visits_add_no_certainty(self) -> None:
        busy = ratio_interval([30, 50, 20], [3, 4, 3])
        assert ratio_interval([30, 0, 50, 20, 0], [3, 0, 4, 3, 0]) == busy
        assert no_bounds(ratio_interval([30, 0, 0], [3, 0, 0]))

    def test_one_counting_day_on_one_side_is_no_difference(self) -> None:
        assert no_bounds(ratio_difference([1, 2, 3], [1, 1, 1], [0, 0, 3], [0, 0, 1]))

    def test_shares_are_cut_only_when_asked(self) -> None:
        called, visits = [10, 9, 7, 10], [10, 10, 10, 10]
        assert ratio_interval(called, visits).high > 1
        cut = ratio_interval(called, visits, bounds=(0, 1))
        assert cut.high == 1
        assert cut.low == ratio_interval(called, visits).low

    def test_few_unlike_days_do_not_reach_the_far_tail(self) -> None:
        values = [1, 2, 3, 4, 10, 20, 30, 40]
        ci = section_quantile(values, [1] * 4 + [2] * 4, 0.9)
        assert math.isnan(ci.high)


class TestRatio:
    def test_pooled_ratio_is_not_the_mean_of_daily_means(self) -> None:
        minutes, visits = np.array([2000.0, 50.0]), np.array([100.0, 10.0])
        assert ratio_interval(minutes, visits).mean == pytest.approx(2050 / 110)
        assert t_interval(minutes / visits).mean == pytest.approx(12.5)

    def test_equal_counts_give_student(self) -> None:
        ratio, plain = ratio_interval(np.array(TEN) * 7, [7] * 10), t_interval(TEN)
        assert ratio == pytest.approx(plain)

    def test_difference_from_itself_is_certain(self) -> None:
        ci = ratio_difference([3, 5, 9], [1, 2, 4], [3, 5, 9], [1, 2, 4])
        assert (ci.mean, ci.low, ci.high) == (0, 0, 0)

    def test_sign_is_b_minus_a(self) -> None:
        assert ratio_difference([4, 4], [1, 1], [3, 3], [1, 1]).mean == -1
        assert paired_difference([4, 4], [3, 3]).mean == -1
        assert independent_difference([4, 4], [3, 3]).mean == -1

    def test_order_of_clusters_does_not_change_a_bit(self) -> None:
        rng = np.random.default_rng(1)
        counts = rng.poisson(50, (2, 40)).astype(float)
        sums = counts * rng.exponential(0.1, (2, 40))
        labels = np.repeat(np.arange(40), 5)
        values = rng.exponential(3, 200)
        order = rng.permutation(40)
        mixed = rng.permutation(200)
        a, b = sums
        n, m = counts
        assert t_interval(a) == t_interval(a[order])
        assert ratio_interval(a, n) == ratio_interval(a[order], n[order])
        assert ratio_difference(a, n, b, m) == ratio_difference(
            a[order], n[order], b[order], m[order]
        )
        assert section_quantile(values, labels, 0.8) == section_quantile(
            values[mixed], labels[mixed], 0.8
        )
        assert multiple_comparison_with_best(sums) == multiple_comparison_with_best(sums[:, order])


def rush_day(rng: np.random.Generator, faster: float = 1.0) -> tuple[Floats, Floats]:
    """Waits of one day at one window, as it is and with service times × `faster`."""
    n = max(1, rng.poisson(80))
    service, gap = rng.exponential(1, n), rng.exponential(1 / (0.8 * rng.gamma(20, 0.05)), n)
    walks = (np.cumsum(service * scale - gap) for scale in (1.0, faster))
    before, after = (walk - np.minimum.accumulate(np.minimum(walk, 0)) for walk in walks)
    return before, after


def pool(days: list[Floats]) -> tuple[Floats, Floats]:
    return np.concatenate(days), np.repeat(np.arange(float(len(days))), [len(day) for day in days])


class TestShare:
    def test_everybody_so_far_is_not_everybody(self) -> None:
        counts = [20, 31, 25]
        agreed = ratio_interval(counts, counts, bounds=(0, 1))
        assert agreed.low == agreed.high == 1
        few, many = (share_interval(np.multiply(counts, n), np.multiply(counts, n)) for n in (1, 9))
        assert few.low < many.low < few.mean == few.high == 1

    def test_nobody_mirrors_everybody(self) -> None:
        called, people = [18, 25, 31, 29], [20, 31, 33, 30]
        share = share_interval(called, people)
        late = share_interval(np.subtract(people, called), people)
        assert (1 - late.high, 1 - late.low) == pytest.approx((share.low, share.high))
        assert 0 <= share.low < share.mean < share.high <= 1

    def test_far_from_the_ends_and_many_it_is_the_ratio(self) -> None:
        rng = np.random.default_rng(2)
        people = rng.poisson(40_000, 30)
        called = rng.binomial(people, rng.beta(50, 50, 30))
        ratio, share = ratio_interval(called, people), share_interval(called, people)
        assert (share.low, share.high) == pytest.approx((ratio.low, ratio.high), abs=1e-3)

    def test_what_has_no_interval_has_none(self) -> None:
        assert no_bounds(share_interval([4], [5]))
        assert no_bounds(share_interval([4, 0], [5, 0]))
        assert math.isnan(share_interval([0, 0], [0, 0]).mean)

    @pytest.mark.parametrize("true", [0.9, 0.97, 0.99, 0.998])
    @pytest.mark.parametrize(("clusters", "people", "alike"), [(10, 40, 0.05), (5, 100, 0.02)])
    def test_near_one_it_covers_as_often_as_many_checks_ask(
        self, true: float, clusters: int, people: int, alike: float
    ) -> None:
        """At 99.7 %, as the checks of a day of sixteen half hours have; people of a run are alike.

        The delta method holds a share of 0.998 in less than half of the intervals.
        """
        rng, level = np.random.default_rng(int(1000 * true) + clusters), 0.997
        width = 1 / alike - 1

        def draw() -> Interval:
            counts = rng.poisson(people, clusters) + 1
            shares = rng.beta(true * width, (1 - true) * width, clusters)
            return share_interval(rng.binomial(counts, shares), counts, level)

        assert hit_rate(draw, true) >= covers(level)


class TestCoverage:
    def test_ratio_over_random_counts(self) -> None:
        rng = np.random.default_rng(20)

        def draw() -> Interval:
            rush = rng.gamma(20, 0.05, 20)
            visits = rng.poisson(100 * rush)
            return ratio_interval(visits * rush * rng.exponential(1, 20), visits)

        # E[100 rush · rush] / E[100 rush] = 1 + variance of rush
        assert (
            hit_rate(draw, 1.05) >= covers() - 0.05
        )  # 20 days, exponential: the delta method is short

    def test_ratio_over_many_days(self) -> None:
        rng = np.random.default_rng(21)

        def draw() -> Interval:
            rush = rng.gamma(20, 0.05, 60)
            visits = rng.poisson(100 * rush)
            return ratio_interval(visits * rush * rng.gamma(4, 0.25, 60), visits)

        assert hit_rate(draw, 1.05) >= covers()

    def test_independent_quantile(self) -> None:
        rng = np.random.default_rng(22)
        rate = hit_rate(lambda: quantile_interval(rng.exponential(1, 60), 0.9), math.log(10))
        exact = 0.971638  # of ranks 49 and 59
        assert rate == pytest.approx(exact, abs=3 * math.sqrt(exact * (1 - exact) / RUNS))

    @pytest.mark.parametrize("p", [0.5, 0.9])
    def test_pooled_quantile_of_unlike_days(self, p: float) -> None:
        rng = np.random.default_rng(23)
        true = float(np.quantile(pool([rush_day(rng)[0] for _ in range(10_000)])[0], p))
        rate = hit_rate(
            lambda: section_quantile(*pool([rush_day(rng)[0] for _ in range(30)]), p), true, 300
        )
        # 0.03 for the skewness of 30 days; sectioning (the spread of daily quantiles)
        # covers 0.73 of the time at p = 0.9.
        assert rate >= covers(runs=300) - 0.03

    def test_batch_means_of_a_correlated_series(self) -> None:
        rng = np.random.default_rng(25)

        def draw() -> Interval:
            series = np.convolve(rng.normal(0, 1, 2020), np.ones(20) / 20, mode="valid")
            return batch_means_interval(series, 20)

        assert hit_rate(draw, 0.0) >= covers()
        series = np.convolve(rng.normal(0, 1, 2020), np.ones(20) / 20, mode="valid")
        naive = t_interval(series)
        assert batch_means_interval(series, 20).half_width > 2 * naive.half_width

    @pytest.mark.parametrize("shared", [0.0, 2.0])
    def test_all_intervals_with_the_best_hold_together(self, shared: float) -> None:
        rng = np.random.default_rng(26)
        means, runs = np.array([1.0, 1.3, 1.3, 2.0]), 400
        true = [mean - min(np.delete(means, i)) for i, mean in enumerate(means)]
        hits = 0
        for _ in range(runs):
            noise = rng.normal(0, [[0.5], [0.5], [1.0], [2.0]], (4, 15))
            values = means[:, None] + noise + shared * rng.normal(0, 1, 15)
            intervals = multiple_comparison_with_best(values)
            hits += all(ci.low <= gap <= ci.high for ci, gap in zip(intervals, true, strict=True))
        assert hits / runs >= covers(runs=runs)


class TestComparing:
    def test_same_crowds_narrow_the_difference(self) -> None:
        rng = np.random.default_rng(30)
        crowd = rng.gamma(4, 5, 50)
        before, after = crowd + rng.normal(0, 1, 50), 0.9 * crowd + rng.normal(0, 1, 50)
        paired, apart = paired_difference(before, after), independent_difference(before, after)
        assert paired.mean == pytest.approx(apart.mean)
        assert paired.half_width < apart.half_width / 3

    def test_same_crowds_narrow_the_ratio(self) -> None:
        rng = np.random.default_rng(31)
        days = [rush_day(rng, 0.9) for _ in range(30)]
        before, after = ([day[side] for day in days] for side in (0, 1))

        def change(b: list[Floats]) -> Interval:
            sums = [[float(day.sum()) for day in side] for side in (before, b)]
            counts = [[len(day) for day in side] for side in (before, b)]
            return ratio_difference(sums[0], counts[0], sums[1], counts[1])

        assert change(after).half_width < change(after[1:] + after[:1]).half_width / 2

    def test_best_is_named_and_the_others_ruled_out(self) -> None:
        rng = np.random.default_rng(32)
        waits = np.array([[9.0], [12.0], [20.0]]) + rng.normal(0, 1, (3, 20))
        best, second, third = multiple_comparison_with_best(waits)
        assert best.high == 0 > best.low
        assert second.low == 0 < second.high < third.high
        assert best.mean == -second.mean

    def test_largest_is_the_mirror_of_smallest(self) -> None:
        values = np.random.default_rng(33).normal([[1.0], [2.0], [2.1]], 1, (3, 12))
        small = multiple_comparison_with_best(values)
        large = multiple_comparison_with_best(-values, best="largest")
        assert [(ci.mean, ci.low, ci.high) for ci in large] == [
            (-ci.mean, -ci.high, -ci.low) for ci in small
        ]

    def test_a_noisy_bad_layout_does_not_blur_the_good_ones(self) -> None:
        rng = np.random.default_rng(34)
        waits = np.array([[9.0], [12.0], [60.0]]) + rng.normal(0, [[1.0], [1.0], [30.0]], (3, 20))
        assert multiple_comparison_with_best(waits)[1].high < 6


class TestRunLength:
    def test_a_run_that_never_settles_is_too_short(self) -> None:
        assert mser(np.arange(100.0)).too_short

    def test_a_settled_run_drops_nothing(self) -> None:
        assert mser([0.1] * 100).n_dropped == 0
        assert not mser([0.1] * 100).too_short

    def test_a_high_level_does_not_drown_the_warm_up(self) -> None:
        i = np.arange(1, 401)
        series = 10 * (1 - 0.97**i) + 0.6 * np.sin(0.7 * i)
        assert mser(series + 1e6).n_batches == mser(series).n_batches

    def test_batches_keep_weeks_whole_and_drop_the_start(self) -> None:
        days = np.arange(47.0)
        batches = batch_means(days, n_batches=4, whole=5)
        assert batches == pytest.approx(
            [11.5, 21.5, 31.5, 41.5]
        )  # 10 days each, the first 7 left out

    def test_lag1_needs_a_spread(self) -> None:
        assert math.isnan(lag1([2, 2, 2, 2]))

    def test_half_the_width_needs_four_times_the_runs(self) -> None:
        pilot = Interval(mean=10, low=8, high=12, n=10)
        assert replications_needed(pilot, 1.0) == 40
        assert replications_needed(pilot, 100.0) == 2

    def test_a_cut_pilot_counts_by_its_wider_side(self) -> None:
        assert replications_needed(Interval(mean=0.95, low=0.85, high=1.0, n=10), 0.05) == 40


def fed(stop: PrecisionStop, values: Floats) -> PrecisionStop:
    for row in values:
        if stop.update(row, 1):
            break
    return stop


class TestPrecisionStop:
    @pytest.mark.parametrize(
        ("minimum", "k_limit", "expected"), [(10, 5, 15), (3, 0, 3), (20, 5, 25), (200, 5, 210)]
    )
    def test_minimum_and_look_ahead(self, minimum: int, k_limit: int, expected: int) -> None:
        stop = fed(PrecisionStop(minimum=minimum, k_limit=k_limit), np.full(300, 7.0))
        assert (stop.n, stop.reached) == (expected, True)

    def test_a_dip_within_the_look_ahead_starts_it_again(self) -> None:
        calm = np.full(100, 10.0)
        calm[:10] += [1, -1] * 5
        upset = calm.copy()
        upset[12] = 25.0  # breaks the precision first met at replication 10
        first, second = (fed(PrecisionStop(relative=0.1), series) for series in (calm, upset))
        assert (first.n, first.reached) == (15, True)
        assert second.reached
        assert second.n > 20
        held = [t_interval(upset[:n]) for n in range(second.n - 5, second.n + 1)]
        assert all(ci.half_width <= 0.1 * ci.mean for ci in held)
        before = t_interval(upset[: second.n - 6])
        assert before.half_width > 0.1 * before.mean

    def test_the_slowest_measure_decides(self) -> None:
        rng = np.random.default_rng(40)
        values = rng.normal(10, [0.1, 3.0], (500, 2))
        both = fed(PrecisionStop(), values)
        quick, slow = (fed(PrecisionStop(), values[:, [i]]) for i in (0, 1))
        assert quick.n < slow.n == both.n
        assert both.slowest == 1
        assert [ci.n for ci in both.intervals] == [both.n] * 2

    def test_near_zero_the_absolute_target_counts(self) -> None:
        values = np.random.default_rng(41).normal(0, 1, 400)
        assert not fed(PrecisionStop(most=400), values).reached
        assert fed(PrecisionStop(absolute=0.2, most=400), values).reached

    def test_targets_of_their_own(self) -> None:
        values = np.random.default_rng(42).normal([100, 0.01], [5, 0.02], (200, 2))
        stop = fed(PrecisionStop(relative=[0.05, 0], absolute=[0, 0.01]), values)
        assert stop.reached

    def test_ratios_are_pooled(self) -> None:
        rng = np.random.default_rng(43)
        visits = rng.poisson(50, (100, 1)).astype(float)
        stop = PrecisionStop(relative=0.02)
        for sums, counts in zip(visits * 3, visits, strict=True):
            if stop.update(sums, counts):
                break
        assert stop.n == 15  # the ratio is 3 each day, whatever the number of visits
        assert stop.intervals[0].mean == pytest.approx(3)

    def test_the_cap_is_honest(self) -> None:
        stop = PrecisionStop(relative=1e-6, most=30)
        answers = [stop.update(value, 1) for value in np.random.default_rng(44).normal(1, 1, 30)]
        assert answers == [False] * 29 + [True]
        assert not stop.reached

    def test_a_measure_never_seen_is_never_precise(self) -> None:
        stop = PrecisionStop(absolute=1.0, most=20)
        while not stop.update([5.0, 0.0], [1, 0]):
            pass
        assert (stop.n, stop.reached, stop.slowest) == (20, False, 1)

    def test_late_replications_are_not_counted(self) -> None:
        stop = fed(PrecisionStop(), np.full(300, 7.0))
        assert stop.update(1000.0, 1)
        assert stop.n == 15

    def test_early_stopping_keeps_coverage(self) -> None:
        rng = np.random.default_rng(45)

        def draw() -> Interval:
            return fed(PrecisionStop(relative=0.1), rng.normal(10, 3, 200)).intervals[0]

        # 0.03: stopping on a narrow sample costs about 0.015 in spite of the look-ahead
        assert hit_rate(draw, 10.0, 200) >= covers(runs=200) - 0.03


class TestRefusals:
    @pytest.mark.parametrize(
        ("call", "message"),
        [
            (lambda: t_interval([1.0, math.nan]), "found nan at position 1"),
            (lambda: t_interval([1.0, math.inf]), "found inf at position 1"),
            (lambda: t_interval([[1.0, 2.0]]), r"found shape \(1, 2\)"),
            (lambda: t_interval([1.0, 2.0], level=95), "found 95"),
            (lambda: t_interval([1.0], level=95), "found 95"),
            (lambda: ratio_interval([1, 2], [1]), "numerators has 2, denominators has 1"),
            (lambda: ratio_interval([1, 2], [1, -1]), "found -1"),
            (lambda: ratio_interval([3, 2], [1, 1], bounds=(0, 1)), "found 2.5"),
            (lambda: ratio_difference([1], [1], [1, 2], [1, 2]), "a has 1, b has 2"),
            (lambda: paired_difference([1, 2], [1]), "a has 2, b has 1"),
            (lambda: bonferroni(0.95, 0), "m: found 0"),
            (lambda: quantile_interval([1, 2], 90), "p: found 90"),
            (lambda: section_quantile([1, 2], [1], 0.5), "values has 2, cluster has 1"),
            (lambda: multiple_comparison_with_best([[1, 2, 3]]), r"found shape \(1, 3\)"),
            (lambda: multiple_comparison_with_best([[1.0, 2.0], [3.0, math.nan]]), "found nan"),
            (lambda: multiple_comparison_with_best([[1, 2], [3, 4]], level=0.4), "found 0.4"),
            (lambda: mser(range(19)), "found 19 values"),
            (lambda: lag1([1, 2]), "found 2"),
            (lambda: batch_means([1, 2, 3], n_batches=4), "found 3 values"),
            (lambda: batch_means(range(30), n_batches=4, whole=10), "allowed is 40 or more"),
            (lambda: batch_means(range(30), n_batches=1), "found n_batches 1"),
            (lambda: replications_needed(t_interval([3.0]), 1), "found no interval from 1"),
            (lambda: replications_needed(t_interval(TEN), 0), "half_width: found 0"),
            (lambda: PrecisionStop(relative=0), "relative 0 and absolute 0"),
            (lambda: PrecisionStop(relative=-0.1), "allowed is 0 or more"),
            (lambda: PrecisionStop(level=95), "found 95"),
            (lambda: PrecisionStop(minimum=1), "found minimum 1"),
            (lambda: PrecisionStop(minimum=20, most=10), "most 10"),
            (lambda: PrecisionStop().update([1.0, math.nan], 1), "found nan"),
            (lambda: PrecisionStop().update([1.0, 2.0], [1, -1]), "found -1"),
        ],
    )
    def test_impossible_input(self, call: Callable[[], object], message: str) -> None:
        with pytest.raises(ValueError, match=message):
            call()

    def test_measures_must_stay_the_same(self) -> None:
        stop = PrecisionStop()
        stop.update([1, 2], 1)
        with pytest.raises(ValueError, match="found 3 measures"):
            stop.update([1, 2, 3], 1)
        assert stop.n == 1
