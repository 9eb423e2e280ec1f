"""Runs until precise: the same stop as a plain loop finds that looks at every count anew."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student

from sim import Run, replicate
from sim.analysis.catalogue import MEASURES
from sim.analysis.intervals import Interval
from sim.analysis.measures import Tally, measure
from sim.analysis.replications import PrecisionStop, replications_needed
from sim.errors import OptionError
from sim.runs.precision import KNOWN, Enough, check_targets
from sim.scenario.load import scenario_from_text
from sim.scenario.scenario import Scenario
from tests.laws.halls import told_tables
from tests.strategies import small

Sums = tuple[float, float]
"""What a measure adds up to in a replication, in its unit, and what that is divided by."""


class Stop(NamedTuple):
    """Where a run ends."""

    n: int
    reached: bool


def half_width(sums: Sequence[Sums], level: float) -> tuple[float, float]:
    """Ratio of totals and half of its interval: Cochran's formula, written out."""
    pairs = [(y, x) for y, x in sums if (y, x) != (0, 0)]
    n, total = len(pairs), sum(x for _, x in pairs)
    if sum(x > 0 for _, x in pairs) < 2:
        return math.nan, math.inf
    ratio = sum(y for y, _ in pairs) / total
    variance = sum((y - ratio * x) ** 2 for y, x in pairs) / (n - 1)
    error = math.sqrt(variance / n) / (total / n)
    return ratio, float(student.ppf((1 + level) / 2, n - 1)) * error


def plain_stop(
    rows: Sequence[Sequence[Sums]],
    targets: Sequence[tuple[float, float]],
    *,
    level: float = 0.95,
    minimum: int = 10,
    most: int = 1000,
    k_limit: int = 5,
) -> Stop:
    """Look at each count for itself, then for the first run of counts that is long enough.

    Parameters
    ----------
    rows
        Replications of measures.
    targets
        Of each measure: half-width per mean, half-width.
    """

    def is_known(n: int) -> bool:
        for place, (relative, absolute) in enumerate(targets):
            ratio, half = half_width([row[place] for row in rows[:n]], level)
            if math.isnan(ratio) or half > max(relative * abs(ratio), absolute) * (1 + 1e-12):
                return False
        return True

    holds = {n: is_known(n) for n in range(minimum, most + 1)}
    for n in range(minimum, most + 1):
        for first in range(minimum, n + 1):
            ahead = k_limit if first <= 100 else k_limit * first // 100
            if first + ahead <= n and all(holds[k] for k in range(first, n + 1)):
                return Stop(n, True)
    return Stop(most, False)


def stop_of(stop: PrecisionStop, rows: Sequence[Sequence[Sums]]) -> Stop:
    """Feed replications until it says stop."""
    for row in rows:
        if stop.update([y for y, _ in row], [x for _, x in row]):
            break
    return Stop(stop.n, stop.reached)


def drawn_rows(
    seed: int, n: int, spreads: Sequence[float], means: Sequence[float]
) -> list[list[Sums]]:
    """Replications of ratios that scatter around means, over crowds of unlike size."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(n):
        crowds = rng.poisson(rng.gamma(9, 3), len(means)).astype(float)
        ratios = rng.normal(means, spreads)
        rows.append([(float(x * r), float(x)) for x, r in zip(crowds, ratios, strict=True)])
    return rows


@given(
    seed=st.integers(0, 10**6),
    measures=st.lists(
        st.tuples(
            st.sampled_from([0.0, 0.1, 1.0, 5.0]),  # spread
            st.sampled_from([-8.0, 0.0, 0.3, 8.0, 200.0]),  # mean
            st.sampled_from([0.0, 0.02, 0.1, 0.5]),  # relative
            st.sampled_from([0.05, 0.4, 1.0, 3.0]),  # absolute
        ),
        min_size=1,
        max_size=3,
    ),
    level=st.sampled_from([0.8, 0.95, 0.99]),
    minimum=st.integers(2, 30),
    room=st.integers(0, 140),
    k_limit=st.integers(0, 8),
)
@settings(max_examples=60)
def test_drawn_stops_are_those_of_a_plain_loop(
    seed: int,
    measures: list[tuple[float, float, float, float]],
    level: float,
    minimum: int,
    room: int,
    k_limit: int,
) -> None:
    spreads, means, relative, absolute = zip(*measures, strict=True)
    most = minimum + room
    rows = drawn_rows(seed, most + 5, spreads, means)
    stop = PrecisionStop(
        relative=relative,
        absolute=absolute,
        level=level,
        minimum=minimum,
        most=most,
        k_limit=k_limit,
    )
    targets = list(zip(relative, absolute, strict=True))
    expected = plain_stop(rows, targets, level=level, minimum=minimum, most=most, k_limit=k_limit)
    assert stop_of(stop, rows) == expected


@pytest.mark.parametrize(
    ("first", "expected"), [(99, 104), (100, 105), (120, 126), (139, 145), (140, 147), (200, 210)]
)
def test_beyond_100_the_look_ahead_grows_with_the_count(first: int, expected: int) -> None:
    """Five more, or five per cent of the count rounded down where that is more."""
    stop = PrecisionStop(minimum=first)
    assert stop_of(stop, [[(7.0, 1.0)]] * 300) == Stop(expected, True)


@pytest.mark.parametrize(("most", "expected"), [(14, Stop(14, False)), (15, Stop(15, True))])
def test_the_cap_cuts_the_look_ahead(most: int, expected: Stop) -> None:
    """Known at 10, kept through 15: with 14 allowed nobody can say that it was kept."""
    assert stop_of(PrecisionStop(minimum=10, most=most), [[(7.0, 1.0)]] * 20) == expected


def test_a_width_that_is_just_the_target_is_narrow_enough() -> None:
    rows: list[list[Sums]] = [[(float(value), 1.0)] for value in [1, -1] * 30]
    _, half = half_width([row[0] for row in rows[:4]], 0.95)
    for factor, reached in ((1 + 1e-9, True), (1 - 1e-9, False)):
        stop = PrecisionStop(relative=0, absolute=half * factor, minimum=4, most=4, k_limit=0)
        assert stop_of(stop, rows) == Stop(4, reached)


def test_nothing_but_noughts_is_known() -> None:
    """A share that was 0 in every replication has width 0 and needs no target of its own."""
    stop = PrecisionStop(relative=0.05)
    assert stop_of(stop, [[(0.0, 1.0)]] * 30) == Stop(15, True)


def test_a_single_number_is_a_single_measure() -> None:
    stop = PrecisionStop(minimum=2, k_limit=0)
    assert [stop.update(3.0, 1.0) for _ in range(2)] == [False, True]
    assert stop.intervals == (Interval(3.0, 3.0, 3.0, n=2),)


@pytest.mark.parametrize("half_width", [0.0, -1.0, math.nan, math.inf])
def test_a_width_of_nothing_needs_no_replications(half_width: float) -> None:
    with pytest.raises(ValueError, match="half_width: found"):
        replications_needed(Interval(10, 8, 12, n=10), half_width)


# === a study ===


@lru_cache
def example() -> Tally:
    """Any tally."""
    return measure(told_tables(small()))


def tally_with(sums: Mapping[str, tuple[Sequence[int], Sequence[int]]]) -> Tally:
    """A tally whose measures have these numerators and denominators by day, in ticks or people."""
    by_day = {key: np.array(both, dtype=np.int64) for key, both in sums.items()}
    return example()._replace(by_day=by_day)


@given(
    seed=st.integers(0, 10**6),
    widths=st.dictionaries(
        st.sampled_from(sorted(KNOWN)), st.sampled_from([0.3, 1.0, 2.5]), min_size=1, max_size=3
    ),
    layouts=st.integers(1, 3),
    most=st.integers(2, 60),
)
@settings(max_examples=25, deadline=None)
def test_enough_is_the_plain_loop_over_all_layouts(
    seed: int, widths: dict[str, float], layouts: int, most: int
) -> None:
    """Each measure of each layout in its own unit: minutes, hours, days or a plain share."""
    rng = np.random.default_rng(seed)
    scales = {measure_.key: measure_.scale for measure_ in MEASURES}
    tallies = []
    for _ in range(max(most, 10)):
        row = []
        for layout in range(layouts):
            counts = {key: rng.integers(1, 50, 3) for key in widths}
            by_day = {
                key: np.array(
                    [np.rint(rng.normal(4, 1 + layout, 3) * scales[key] * people), people],
                    dtype=np.int64,
                )
                for key, people in counts.items()
            }
            row.append(example()._replace(by_day=by_day))
        tallies.append(row)
    rows = [
        [
            (int(tally.by_day[key][0].sum()) / scales[key], float(tally.by_day[key][1].sum()))
            for tally in row
            for key in widths
        ]
        for row in tallies
    ]
    enough = Enough(widths, most)
    n = next(n for n, row in enumerate(tallies, 1) if enough.after(row))
    targets = [(0.0, width) for _ in range(layouts) for width in widths.values()]
    minimum = min(10, most)
    assert Stop(n, enough.reached) == plain_stop(rows, targets, minimum=minimum, most=most)


def test_few_replications_allowed_are_the_least_looked_at() -> None:
    """With 4 allowed it looks at 4, and at no fewer than 2 when one is allowed."""
    same = tally_with({"wait": ([60_000], [1])})
    for most, expected in ((1, 2), (2, 2), (4, 4), (10, 10), (14, 14)):
        enough = Enough({"wait": 1.0}, most)
        answers = [enough.after([same]) for _ in range(expected)]
        assert answers == [False] * (expected - 1) + [True]
        assert not enough.reached  # no room to look ahead
    enough = Enough({"wait": 1.0}, 15)
    assert [enough.after([same]) for _ in range(15)] == [False] * 14 + [True]
    assert enough.reached


@pytest.mark.parametrize("key", sorted(KNOWN))
def test_a_target_is_in_the_unit_of_its_measure(key: str) -> None:
    """Up and down by one unit in turn: the narrower the target, the later it is met."""
    scale = KNOWN[key].scale
    rows: list[list[Sums]] = [[(sign, 1.0)] for sign in [1.0, -1.0] * 50]
    expected = [plain_stop(rows, [(0.0, width)], most=100) for width in (0.6, 0.4, 0.1)]
    assert [stop.reached for stop in expected] == [True, True, False]
    for width, stop in zip((0.6, 0.4, 0.1), expected, strict=True):
        enough = Enough({key: width}, 100)
        signs = (round(y * scale) for [(y, _)] in rows)
        n = next(n for n, y in enumerate(signs, 1) if enough.after([tally_with({key: ([y], [1])})]))
        assert Stop(n, enough.reached) == stop


def test_targets_name_measures_and_widths() -> None:
    check_targets({"wait": 0.5, "called_within": 0.01})
    with pytest.raises(OptionError) as refused:
        check_targets({"patience": 1.0, "wait": 0.0, "stay": math.nan, "cost_per_day": 5.0})
    problems = [(problem.code, problem.found) for problem in refused.value.problems]
    assert problems == [
        ("unknown_measure", "patience"),
        ("unknown_measure", "cost_per_day"),
        ("outside_range", "wait=0"),
        ("outside_range", "stay=nan"),
    ]


def two_halls() -> Scenario:
    """A quiet hall and a busy one on the same crowd."""
    layouts = [
        f"{{id: {id_}, name: {{zh: 厅, en: Hall}}, windows: [{{id: window, serves: [errand],"
        f" clerks: {clerks}}}]}}"
        for id_, clerks in (("busy", 2), ("quiet", 3))
    ]
    return scenario_from_text(
        small(
            demand="[{id: people, matter: errand, rate: 10 per h}]",
            layouts=f"[{', '.join(layouts)}]",
            equal_budget="none",
        )
    )


@pytest.fixture(scope="module")
def all_tallies() -> tuple[tuple[Tally, ...], ...]:
    """Of each hall, sixty replications."""
    return replicate(two_halls(), run=Run(replications=60, seed=3, workers=1)).tallies


@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize(
    "until",
    [
        {"wait": 1.5},
        {"wait": 2.5, "utilisation": 0.02},
        {"called_within": 0.05, "stay": 3.0, "clerk_hours": 0.5},
        {"wait": 0.01},
    ],
)
def test_a_study_stops_where_the_plain_loop_stops(
    all_tallies: tuple[tuple[Tally, ...], ...], until: dict[str, float], workers: int
) -> None:
    """It keeps the first replications, as many as the loop says, whoever finishes first."""
    rows = [
        [
            (
                int(tally.by_day[key][0].sum()) / KNOWN[key].scale,
                float(tally.by_day[key][1].sum()),
            )
            for tally in row
            for key in until
        ]
        for row in zip(*all_tallies, strict=True)
    ]
    targets = [(0.0, width) for _ in range(2) for width in until.values()]
    expected = plain_stop(rows, targets, minimum=10, most=60)
    progress: list[tuple[int, int]] = []
    study = replicate(
        two_halls(),
        run=Run(
            replications=60, seed=3, workers=workers, progress=lambda *done: progress.append(done)
        ),
        until=until,
    )
    assert Stop(study.replications, bool(study.reached)) == expected
    assert study.asked == expected.n
    assert not study.cancelled
    assert {of for _, of in progress} == {60}
    for layout, whole in zip(study.layouts, all_tallies, strict=True):
        for tally, whole_tally in zip(study.of(layout), whole, strict=False):
            assert tally.replication == whole_tally.replication
            assert all(
                (tally.by_day[key] == whole_tally.by_day[key]).all() for key in whole_tally.by_day
            )


def test_the_cases_of_the_loop_differ(all_tallies: tuple[tuple[Tally, ...], ...]) -> None:
    """Sixty replications stop early, later and not at all: the law above says something."""
    stops = []
    for width in (2.5, 1.5, 0.01):
        rows = [
            [(int(tally.by_day["wait"][0].sum()) / 60_000, float(tally.by_day["wait"][1].sum()))]
            for tally in all_tallies[0]
        ]
        stops.append(plain_stop(rows, [(0.0, width)], most=60))
    assert stops[0].n < stops[1].n < 60
    assert stops[1].reached
    assert not stops[2].reached


def test_without_targets_nothing_is_said_of_precision() -> None:
    study = replicate(two_halls(), run=Run(replications=2, workers=1))
    assert (study.reached, study.replications, study.asked) == (None, 2, 2)


def test_cancelled_before_it_is_precise() -> None:
    """The first three are kept, and the study says that more were wanted."""
    done: list[int] = []
    study = replicate(
        two_halls(),
        run=Run(
            replications=40,
            workers=1,
            progress=lambda n, _: done.append(n),
            cancelled=lambda: len(done) == 3,
        ),
        until={"wait": 0.01},
    )
    assert (study.replications, study.asked, study.reached) == (3, 40, False)
    assert study.cancelled
