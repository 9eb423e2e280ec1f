"""Priority classes against published numbers, the plain queue, and conserved work."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory import (
    accumulating_mg1,
    mg1,
    mixture_moments,
    mmc,
    preemptive_mg1,
    priority_mg1,
    priority_mmc,
)

Classes = list[tuple[float, float, float]]
classes = st.lists(
    st.tuples(st.floats(0.01, 0.2), st.floats(0.1, 1.0), st.floats(0, 2)), min_size=1, max_size=4
)


def test_two_classes_one_server() -> None:
    """Ciw, test_priority_system_compare_literature: stays 2 and 6."""
    waits = priority_mg1([0.2, 0.6], [1, 1], [1, 1])
    assert [wait + 1 for wait in waits] == pytest.approx([2.0, 6.0])
    assert priority_mmc([0.2, 0.6], 1, 1) == pytest.approx(waits)


def test_two_classes_three_servers() -> None:
    """Cobham 1954; case prio-mmc-a."""
    assert priority_mmc([0.05, 0.15], 12, 3) == pytest.approx((3.23596, 16.1798), rel=1e-5)


def test_urgent_people_interrupt() -> None:
    """White & Christie 1958; case prio-preempt-a."""
    assert preemptive_mg1([0.03, 0.04], [10, 10], [1, 1]) == pytest.approx(
        (14.2857, 47.619), rel=1e-5
    )


@given(st.integers(1, 30), st.floats(0.05, 0.98))
def test_one_class_is_first_come_first_served(servers: int, busy: float) -> None:
    rate = servers * busy
    assert priority_mmc([rate], 1, servers) == pytest.approx((mmc(rate, 1, servers).mean_wait,))
    assert priority_mg1([busy], [1], [0.5]) == pytest.approx((mg1(busy, 1, 0.5).mean_wait,))
    assert preemptive_mg1([busy], [1], [0.5]) == pytest.approx((mg1(busy, 1, 0.5).mean_stay,))


@given(classes)
def test_waiting_work_is_conserved(kinds: Classes) -> None:
    """Kleinrock 1965: the order of calling moves waiting between classes and creates none."""
    rates, means, cvs = (list(column) for column in zip(*kinds, strict=True))
    mean, cv = mixture_moments(rates, means, cvs)
    everybody = mg1(math.fsum(rates), mean, cv)
    waits = priority_mg1(rates, means, cvs)
    work = math.fsum(r * m * w for r, m, w in zip(rates, means, waits, strict=True))
    assert work == pytest.approx(everybody.utilisation * everybody.mean_wait)
    assert list(waits) == sorted(waits)


@given(classes)
def test_first_class_does_not_see_the_rest_if_it_interrupts(kinds: Classes) -> None:
    rates, means, cvs = (list(column) for column in zip(*kinds, strict=True))
    first = preemptive_mg1(rates, means, cvs)[0]
    assert first == pytest.approx(mg1(rates[0], means[0], cvs[0]).mean_stay)


@given(classes, st.lists(st.floats(0.1, 10), min_size=4, max_size=4))
def test_work_is_conserved_while_priority_grows(kinds: Classes, growths: list[float]) -> None:
    """Kleinrock 1964: no order of calls that does not look at services changes waiting work."""
    rates, means, cvs = zip(*kinds, strict=True)
    waits = accumulating_mg1(rates, means, cvs, growths[: len(kinds)])
    alike = accumulating_mg1(rates, means, cvs, [1.0] * len(kinds))
    loads = [rate * mean for rate, mean in zip(rates, means, strict=True)]
    work, first_come = (
        math.fsum(load * wait for load, wait in zip(loads, each, strict=True))
        for each in (waits, alike)
    )
    assert work == pytest.approx(first_come)
    assert alike == pytest.approx([alike[0]] * len(kinds))


def test_priority_that_grows_fast_is_fixed_priority() -> None:
    """Rates far apart give Cobham's means; equal ones first come, first served."""
    rates, ones = [0.2, 0.6], [1.0, 1.0]
    apart = accumulating_mg1(rates, ones, ones, [1e9, 1.0])
    assert apart == pytest.approx(priority_mg1(rates, ones, ones))
    assert accumulating_mg1(rates, ones, ones, [2.0, 2.0])[0] == pytest.approx(4.0)


def test_impossible_is_refused() -> None:
    with pytest.raises(ValueError, match="arrival_rates has 2, service_means has 1"):
        priority_mg1([0.1, 0.2], [1], [1, 1])
    with pytest.raises(ValueError, match="grows without bound"):
        preemptive_mg1([0.5, 0.5], [1, 1], [1, 1])
