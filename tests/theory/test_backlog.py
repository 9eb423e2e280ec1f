"""A queue before the doors: the published exercise, and servers that are enough."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory import backlog_servers, backlog_time


def test_queue_before_the_doors() -> None:
    """Civil-service exam problem; case fluid-backlog-a: 5 windows clear it in 60 min, 6 in 40."""
    assert [backlog_time(120, 3, 1, windows) for windows in (5, 6)] == [60, 40]
    assert backlog_servers(120, 3, 1, within=20) == 9


@given(st.integers(0, 500), st.floats(0, 5), st.floats(0.1, 20), st.floats(1, 120))
def test_enough_and_one_fewer_is_not(
    backlog: int, rate: float, service: float, within: float
) -> None:
    servers = backlog_servers(backlog, rate, service, within)
    assert backlog_time(backlog, rate, service, servers) <= within * (1 + 1e-9)
    assert servers == 1 or backlog_time(backlog, rate, service, servers - 1) > within


def test_nobody_and_never() -> None:
    assert backlog_time(0, 3, 1, 3) == 0
    assert math.isinf(backlog_time(1, 3, 1, 3))
    assert math.isinf(backlog_time(0, 3, 1, 2))
    with pytest.raises(ValueError, match="within: found 0"):
        backlog_servers(120, 3, 1, within=0)
