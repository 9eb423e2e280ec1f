"""How long people will wait, and the wait a person of endless patience would meet.

Rates are per unit of time and every duration is in that same unit, any unit.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from sim.arrays import Floats
from sim.theory.checks import above_zero, whole
from sim.theory.erlang import odds_of_room

_NEGLIGIBLE = 42.0  # e^-42 is below 1e-18


class Patience(NamedTuple):
    """Distribution of the wait after which a person leaves.

    Attributes
    ----------
    survival : callable
        ndarray(float64) -> ndarray(float64): share still willing to wait after x.
    kinks : tuple of float
        Points where `survival` jumps or bends, in increasing order.
    """

    survival: Callable[[Floats], Floats]
    kinks: tuple[float, ...] = ()


def exponential_patience(mean: float) -> Patience:
    """Patience that is exponential with this mean.

    Examples
    --------
    >>> exponential_patience(5.0).survival(np.array([0.0, 5.0])).round(4).tolist()
    [1.0, 0.3679]
    """
    above_zero("mean", mean)
    return Patience(lambda x: np.exp(-x / mean))


def constant_patience(value: float) -> Patience:
    """Patience of exactly `value` for everybody.

    Examples
    --------
    >>> constant_patience(20.0).survival(np.array([19.0, 21.0])).tolist()
    [1.0, 0.0]
    """
    above_zero("value", value)
    return Patience(lambda x: np.where(x < value, 1.0, 0.0), (value,))


def mixed_patience(shares: Sequence[float], patiences: Sequence[Patience]) -> Patience:
    """Patience of a crowd of which each class has so large a share, and its own patience.

    Examples
    --------
    >>> mixed = mixed_patience([0.5, 0.5], [constant_patience(5.0), constant_patience(20.0)])
    >>> mixed.survival(np.array([4.0, 10.0, 21.0])).tolist()
    [1.0, 0.5, 0.0]
    """
    if len(shares) != len(patiences) or abs(sum(shares) - 1) > 1e-9 or min(shares) < 0:
        raise ValueError(f"shares: found {shares}; allowed is one a patience, together 1")
    return Patience(
        lambda x: np.sum(
            [p * law.survival(x) for p, law in zip(shares, patiences, strict=True)], 0
        ),
        tuple(sorted({kink for law in patiences for kink in law.kinks})),
    )


class Offered(NamedTuple):
    """The wait a person of endless patience would meet, as a quadrature rule of N nodes.

    Attributes
    ----------
    at, weight : ndarray(float64), shape (N,)
        The wait and its probability; the missing probability is that of no wait.
    willing, spent : ndarray(float64), shape (N,)
        Share of people who would wait that long; mean time they spend on it.
    """

    at: Floats
    weight: Floats
    willing: Floats
    spent: Floats


def offered_wait(
    arrival_rate: float, service_mean: float, servers: int, patience: Patience
) -> Offered:
    """Distribution of the offered wait; parameters as in `sim.theory.patience.mmc_patience`.

    Raises
    ------
    ValueError
        If arrivals exceed the capacity and too few ever leave.

    References
    ----------
    F. Baccelli, G. Hebuterne (1981); S. Zeltyn, A. Mandelbaum, Queueing Systems 51 (2005).

    Examples
    --------
    >>> offered = offered_wait(0.35, 8, 3, constant_patience(20))
    >>> round(float(offered.weight.sum()), 6)  # share of arrivals that wait
    0.755175
    """
    above_zero("arrival_rate", arrival_rate)
    rate = whole("servers", servers) / above_zero("service_mean", service_mean)
    horizon = max([service_mean, *patience.kinks]) + _NEGLIGIBLE / rate
    for _ in range(40):
        at, step, willing, spent = _panels(horizon, patience)
        exponent = arrival_rate * spent - rate * at
        if exponent[-1] < exponent.max() - _NEGLIGIBLE:
            break
        horizon *= 2
    else:
        raise ValueError(
            f"utilisation: found {arrival_rate / rate:.6g} and a patience that hardly ever "
            "ends, so the queue grows without bound; allowed is below 1 or a finite patience; "
            "add servers"
        )
    top = float(exponent.max())
    weight = step * np.exp(exponent - top)
    at_once = odds_of_room(arrival_rate * service_mean, servers) / rate
    # P(not all busy) relative to the density of waiting just above zero
    return Offered(at, weight / (at_once * np.exp(-top) + weight.sum()), willing, spent)


def _panels(horizon: float, patience: Patience) -> tuple[Floats, Floats, Floats, Floats]:
    """Gauss nodes on [0, horizon], their lengths, survival there and its integral up to there."""
    nodes, lengths = np.polynomial.legendre.leggauss(8)
    nodes, lengths = (nodes + 1) / 2, lengths / 2
    # even steps for the queue's distribution, steps that grow for a patience far shorter than it
    fine = np.geomspace(1e-9 * horizon, horizon, 400)
    edges = np.unique(np.concatenate((np.linspace(0, horizon, 801), fine, patience.kinks)))
    width = np.diff(edges)[:, None]
    at = edges[:-1, None] + width * nodes
    willing = patience.survival(at.ravel()).reshape(at.shape)
    inner = edges[:-1, None, None] + (width * nodes)[:, :, None] * nodes
    up_to_node = (
        patience.survival(inner.ravel()).reshape(inner.shape) @ lengths * (at - edges[:-1, None])
    )
    whole_panel = (willing * width) @ lengths
    before = np.concatenate(([0.0], np.cumsum(whole_panel)[:-1]))[:, None]
    return at.ravel(), (width * lengths).ravel(), willing.ravel(), (before + up_to_node).ravel()
