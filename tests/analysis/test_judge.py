"""Words of a difference: at each border, the other way round, in other units, with other sizes."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.catalogue import MEASURES, QUANTILES
from sim.analysis.estimates import Estimate
from sim.analysis.intervals import Interval
from sim.analysis.judge import JUDGEMENTS, judge, matters_from, rated, size_of, way_of
from sim.clock import DAY, MINUTE
from sim.scenario.fields import SIDE_NOTES
from sim.scenario.scenario import MattersFrom, Targets

MIRROR = {"better": "worse", "worse": "better", "differs": "differs"}
SURE = ("", "too_little", "size_open", "matters")
"""From what is least of a difference to what is most, whatever its way."""


def gap(low: float, high: float, size: float, better: str = "high") -> Estimate:
    return Estimate("m", "min", better, Interval((low + high) / 2, low, high, 20), size)


def turned(estimate: Estimate) -> Estimate:
    mean, low, high = estimate.interval[:3]
    return estimate._replace(interval=estimate.interval._replace(mean=-mean, low=-high, high=-low))


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        (1.0, 2.0, "better"),  # the whole interval reaches the size
        (0.999, 2.0, "better_size_open"),
        (0.5, 1.0, "better_size_open"),  # its upper end touches the size
        (0.5, 0.999, "better_too_little"),
        (1e-9, 0.5, "better_too_little"),
        (0.0, 2.0, "not_distinguishable"),  # touches zero
        (0.0, 0.5, "no_difference_that_matters"),
        (-0.999, 0.999, "no_difference_that_matters"),
        (-1.0, 0.5, "not_distinguishable"),
        (-0.5, 1.0, "not_distinguishable"),
        (-3.0, 3.0, "not_distinguishable"),
        (-2.0, -1.0, "worse"),
        (-1.0, -0.5, "worse_size_open"),
        (-0.5, -0.1, "worse_too_little"),
        (0.0, 0.0, "identical"),
        (1.0, 1.0, "better"),  # a constant difference is a difference
        (0.2, 0.2, "better_too_little"),
        (-0.2, -0.2, "worse_too_little"),
        (-1.0, -1.0, "worse"),
        (math.nan, math.nan, "too_few"),
        (-math.inf, math.inf, "too_few"),
        (1.0, math.inf, "too_few"),  # one end that is not known is as good as none
        (-math.inf, -1.0, "too_few"),
    ],
)
def test_the_word_at_each_border(low: float, high: float, word: str) -> None:
    assert judge(gap(low, high, 1.0)) == word


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [(1, 2, "differs"), (-2, -0.5, "differs_size_open"), (-0.5, -0.1, "differs_too_little")],
)
def test_where_neither_way_is_better(low: float, high: float, word: str) -> None:
    assert judge(gap(low, high, 1.0, "neither")) == word


def test_less_is_better_where_less_is_wanted() -> None:
    assert judge(gap(-2, -1, 1.0, "low")) == "better"
    assert judge(gap(1, 2, 1.0, "low")) == "worse"


def test_without_a_size_every_sure_difference_matters() -> None:
    assert judge(gap(1e-12, 1, 0.0)) == "better"
    assert judge(gap(0, 0, 0.0)) == "identical"
    assert judge(gap(-1, 1, 0.0)) == "not_distinguishable"


NUMBERS = st.floats(-50, 50, allow_nan=False).map(lambda x: round(x, 3))
GAPS = st.builds(
    lambda ends, size, better: gap(min(ends), max(ends), size, better),
    st.tuples(NUMBERS, NUMBERS),
    st.sampled_from([0.0, 0.001, 0.05, 1.0, 7.5]),
    st.sampled_from(["low", "high", "neither"]),
)


@given(GAPS)
def test_the_other_way_round_every_word_is_mirrored(estimate: Estimate) -> None:
    forth, back = judge(estimate), judge(turned(estimate))
    assert MIRROR.get(way_of(forth), "") == way_of(back)
    assert size_of(forth) == size_of(back)
    assert way_of(forth) or forth == back


@given(GAPS, st.sampled_from([0.25, 2.0, 64.0]))
def test_the_unit_changes_no_word(estimate: Estimate, scale: float) -> None:
    mean, low, high = (scale * value for value in estimate.interval[:3])
    interval = estimate.interval._replace(mean=mean, low=low, high=high)
    scaled = estimate._replace(interval=interval, matters_from=scale * estimate.matters_from)
    assert judge(scaled) == judge(estimate)


@given(GAPS, st.floats(0, 20))
def test_a_larger_size_makes_no_difference_larger(estimate: Estimate, more: float) -> None:
    larger = judge(estimate._replace(matters_from=estimate.matters_from + more))
    assert way_of(larger) == way_of(judge(estimate))
    assert SURE.index(size_of(larger)) <= SURE.index(size_of(judge(estimate)))


@given(GAPS, st.floats(0.001, 20))
def test_a_wider_interval_is_never_surer(estimate: Estimate, more: float) -> None:
    interval = estimate.interval
    wide = estimate._replace(
        interval=interval._replace(low=interval.low - more, high=interval.high + more)
    )
    if way_of(judge(wide)):
        assert way_of(judge(wide)) == way_of(judge(estimate))
    if size_of(judge(wide)) in ("matters", "too_little"):
        assert judge(wide) == judge(estimate)


def test_every_measure_has_a_size_from_which_it_matters() -> None:
    for measure in MEASURES:
        assert matters_from(Targets(), measure.key, measure.unit, 100.0) > 0
    for key in QUANTILES:
        assert matters_from(Targets(), key, "min") == 1.0


@pytest.mark.parametrize(
    "name", [name for name in MattersFrom.model_fields if name not in SIDE_NOTES]
)
def test_every_size_of_a_scenario_is_used(name: str) -> None:
    """Doubling one size doubles it for some measure and leaves the others."""
    plain = MattersFrom()
    doubled = Targets(matters_from=plain.model_copy(update={name: 2 * getattr(plain, name)}))
    sizes = [(measure.key, measure.unit) for measure in MEASURES] + [("travel", "min")]
    ratios = {
        round(matters_from(doubled, *size, 100.0) / matters_from(Targets(), *size, 100.0), 9)
        for size in sizes
    }
    assert ratios == {1.0, 2.0}


@pytest.mark.parametrize(
    ("measure", "unit", "size"),
    [
        ("travel", "min", 5.0),
        ("inside", "min", 5.0),
        ("worst_tenth", "min", 5.0),
        ("overtime", "min", 4.0),
        ("drain", "min", 4.0),
        ("wait", "min", 3.0),
        ("turnaround", "wd", 0.75),
        ("elapsed", "d", 0.5),
        ("elapsed", "h", 12.0),
        ("trips", "trip", 0.3),
        ("give_up_share", "share", 0.02),
        ("gini", "number", 0.02),
        ("clerk_hours", "h", 8.0),
        ("visits", "trip", 8.0),
        ("cost_per_day", "yuan_per_day", 8.0),
        ("saved", "yuan", 8.0),
    ],
)
def test_each_size_in_the_unit_of_its_measures(measure: str, unit: str, size: float) -> None:
    """Ticks of a scenario as minutes, hours or days; a twentieth of 160, whichever its sign."""
    spans = {"wait": 3 * MINUTE, "travel": 5 * MINUTE, "overtime": 4 * MINUTE, "days": DAY // 2}
    plain = {"turnaround": 0.75, "trips": 0.3, "share": 0.02, "amount": 0.05}
    targets = Targets(matters_from=MattersFrom().model_copy(update=spans | plain))
    for level in (160.0, -160.0):
        assert matters_from(targets, measure, unit, level) == size


def test_of_a_level_that_is_not_known_every_difference_matters() -> None:
    unknown = Estimate("cost_per_day", "yuan_per_day", "low", Interval(math.nan, -1.0, 1.0, 9))
    assert rated(unknown, 900.0, Targets()).matters_from == 0.0


def test_a_share_of_what_is_compared_is_the_same_both_ways() -> None:
    estimate = Estimate("cost_per_day", "yuan_per_day", "low", Interval(200.0, 190.0, 210.0, 9))
    back = turned(estimate)
    forth, back_again = rated(estimate, 900.0, Targets()), rated(back, 1_100.0, Targets())
    assert forth.matters_from == back_again.matters_from == 10.0
    assert (judge(forth), judge(back_again)) == ("worse", "better")


def test_every_word_can_come() -> None:
    ends = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0)
    said = {
        judge(gap(low, high, 1.0, better))
        for low in ends
        for high in ends
        for better in ("high", "neither")
        if low <= high
    }
    assert said | {"too_few"} == set(JUDGEMENTS)
