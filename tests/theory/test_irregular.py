"""Groups, other work and outages against published numbers and their absence."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory import groups_wait, mg1, mmc, outage_stay, vacation_wait


def test_families() -> None:
    """Gross & Harris, bulk input; case batch-a."""
    assert groups_wait(0.06, [0.6, 0.3, 0.1], 8) == pytest.approx(32.0)


def test_other_work_between_visits() -> None:
    """Fuhrmann & Cooper 1985; case vacation-a: uniform(4, 8) spells."""
    away_cv = math.sqrt(16 / 12) / 6
    assert vacation_wait(0.12, 5, 0.5, 6, away_cv) == pytest.approx(7.79861, rel=1e-5)


def test_system_down() -> None:
    """White & Christie 1958; case outage-a."""
    assert outage_stay(0.08, 9, 240, 20) == pytest.approx(51.3112, rel=1e-5)


@given(st.floats(0.05, 0.9), st.floats(0, 2))
def test_groups_of_one(busy: float, cv: float) -> None:
    assert groups_wait(busy, [1.0], 1, cv) == pytest.approx(mg1(busy, 1, cv).mean_wait)
    assert groups_wait(busy / 2, [0, 1.0], 1, cv) > mg1(busy, 1, cv).mean_wait


@given(st.floats(0.05, 0.9))
def test_rare_outages(busy: float) -> None:
    assert outage_stay(busy, 1, 1e9, 1e-3) == pytest.approx(mmc(busy, 1, 1).mean_stay)
    assert vacation_wait(busy, 1, 1, 1e-9, 0) == pytest.approx(mmc(busy, 1, 1).mean_wait)


def test_impossible_is_refused() -> None:
    with pytest.raises(ValueError, match=r"group_shares: found a sum of 0\.9"):
        groups_wait(0.06, [0.6, 0.3], 8)
    with pytest.raises(ValueError, match="grows without bound"):
        outage_stay(0.1, 9.5, 240, 20)
