"""The best is selected as often as promised, and no more is run than that takes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.analysis.intervals import ratio_difference
from sim.analysis.selection import KimNelson, ratio_parts
from sim.arrays import Floats

LEVEL, ZONE, FIRST = 0.95, 1.0, 10


def as_sums(values: Floats) -> Floats:
    """Values as ratios over 1."""
    return np.stack([values, np.ones_like(values)], axis=2)


def selected(rng: np.random.Generator, means: Floats, shared: float) -> tuple[int, int]:
    """The candidate that is left of normal samples, and after how many replications.

    `shared` is the correlation of any two, as common crowds make it.
    """

    def draw(n: int) -> Floats:
        common, own = rng.normal(size=(1, n)), rng.normal(size=(len(means), n))
        noise = math.sqrt(shared) * common + math.sqrt(1 - shared) * own
        return np.asarray(means[:, None] + 3 * noise)

    values = draw(FIRST)
    procedure, n = KimNelson(as_sums(values), ZONE, LEVEL), FIRST
    procedure.drop(values.mean(axis=1), n)
    while not procedure.is_decided(n):
        values, n = np.concatenate([values, draw(1)], axis=1), n + 1
        procedure.drop(values.mean(axis=1), n)
    return int(np.where(procedure.in_play, values.mean(axis=1), np.inf).argmin()), n


@pytest.mark.parametrize("count", [2, 5, 10])
def test_the_best_by_the_zone_is_selected_as_often_as_promised(count: int) -> None:
    """All others are worse by just the zone: no case is harder. Three standard errors of 500."""
    rng, means = np.random.default_rng(count), np.full(count, ZONE)
    means[count // 2] = 0.0
    draws = 500
    right = sum(selected(rng, means, 0.5)[0] == count // 2 for _ in range(draws))
    error = math.sqrt(LEVEL * (1 - LEVEL) / draws)
    assert right / draws > LEVEL - 3 * error


def test_common_crowds_save_replications() -> None:
    rng, means = np.random.default_rng(1), np.array([0.0, ZONE, ZONE])
    spent = [np.mean([selected(rng, means, shared)[1] for _ in range(60)]) for shared in (0, 0.8)]
    assert spent[1] < spent[0] / 2


def test_the_border_is_the_published_one() -> None:
    """Kim and Nelson's eta, h squared and W, for two candidates, by hand."""
    values = np.array([[1.0, 4.0, 2.0, 5.0, 3.0], [2.0, 2.0, 5.0, 6.0, 5.0]])
    n = values.shape[1]
    variance = np.var(values[0] - values[1], ddof=1)
    eta = ((2 * 0.05) ** (-2 / (n - 1)) - 1) / 2
    reach = 2 * eta * (n - 1) * variance / ZONE**2
    procedure = KimNelson(as_sums(values), ZONE, LEVEL)
    assert procedure.needed == int(reach) + 1
    border = ZONE / (2 * 8) * (reach - 8)
    assert border > 0
    assert not len(procedure.drop(np.array([1.0, 1.0 + border * 0.999]), 8))
    assert procedure.drop(np.array([1.0, 1.0 + border * 1.001]), 8).tolist() == [1]


def test_the_same_twice_is_decided_at_once_and_none_is_dropped() -> None:
    values = np.array([[3.0, 5.0, 4.0]] * 3)
    procedure = KimNelson(as_sums(values), ZONE, LEVEL)
    assert not len(procedure.drop(values.mean(axis=1), 3))
    assert procedure.is_decided(3)
    assert procedure.in_play.all()


def test_a_wider_zone_needs_no_more() -> None:
    values = np.random.default_rng(3).normal(size=(4, FIRST))
    needed = [KimNelson(as_sums(values), zone, LEVEL).needed for zone in (0.25, 0.5, 1.0, 2.0)]
    assert needed == sorted(needed, reverse=True)
    assert needed[0] > needed[-1]


def test_a_replication_of_a_ratio_has_the_spread_of_its_interval() -> None:
    rng = np.random.default_rng(4)
    sums = np.stack([rng.uniform(50, 90, (2, 12)), rng.uniform(8, 12, (2, 12))], axis=2)
    parts = ratio_parts(sums)
    assert parts.mean(axis=1) == pytest.approx(0)
    interval = ratio_difference(sums[0, :, 0], sums[0, :, 1], sums[1, :, 0], sums[1, :, 1], 0.95)
    error = np.std(parts[1] - parts[0], ddof=1) / math.sqrt(12)
    assert interval.half_width == pytest.approx(2.2009851600916 * error)


@pytest.mark.parametrize(
    ("count", "n", "zone", "level"), [(2, 1, 1.0, 0.95), (2, 3, 0.0, 0.95), (4, 3, 1.0, 0.25)]
)
def test_what_makes_no_sense_is_refused(count: int, n: int, zone: float, level: float) -> None:
    with pytest.raises(ValueError, match="allowed"):
        KimNelson(as_sums(np.zeros((count, n))), zone, level)
