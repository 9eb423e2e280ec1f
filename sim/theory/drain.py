"""What is left to happen once nobody comes and no shift changes, by state (e, n).

States as in `sim.theory.uniformisation`; arrays ndarray(float64), shape (E + 1, N + 1). Each
answer is a sum of mean times between endings: 1 / (number busy × service rate) each.
"""

import numpy as np

from sim.arrays import Floats


def time_to_call(servers: int, service_mean: float, shape: tuple[int, ...]) -> Floats:
    """Mean wait of a person who comes after the n inside; 0 if an officer is free.

    Examples
    --------
    >>> time_to_call(2, 6.0, (1, 5)).tolist()
    [[0.0, 0.0, 3.0, 6.0, 9.0]]
    """
    _, inside = np.indices(shape)
    ahead = _waiting(servers, shape) + 1
    wait = _time_to_duty(servers, service_mean, shape) + ahead * service_mean / servers
    wait[0] = np.where(inside[0] < servers, 0.0, wait[0])
    return wait


def waiting_to_empty(servers: int, service_mean: float, shape: tuple[int, ...]) -> Floats:
    """Person-time still to be spent waiting by those inside.

    Examples
    --------
    >>> waiting_to_empty(2, 6.0, (1, 5)).tolist()
    [[0.0, 0.0, 0.0, 3.0, 9.0]]
    """
    queue = _waiting(servers, shape)
    by_turns = queue * (queue + 1) / 2 * service_mean / servers
    return queue * _time_to_duty(servers, service_mean, shape) + by_turns


def time_to_empty(servers: int, service_mean: float, shape: tuple[int, ...]) -> Floats:
    """Mean time until the last of those inside has left.

    Examples
    --------
    >>> time_to_empty(2, 6.0, (1, 5)).tolist()
    [[0.0, 6.0, 9.0, 12.0, 15.0]]
    """
    _, inside = np.indices(shape)
    harmonic = np.concatenate(([0.0], np.cumsum(1 / np.arange(1, shape[1] + 1))))
    last_ones = harmonic[np.minimum(inside, servers)] * service_mean
    queue = _waiting(servers, shape) * service_mean / servers
    total: Floats = _time_to_duty(servers, service_mean, shape) + queue + last_ones
    return total


def _waiting(servers: int, shape: tuple[int, ...]) -> Floats:
    extras, inside = np.indices(shape)
    queue: Floats = np.maximum(inside - servers - extras, 0).astype(np.float64)
    return queue


def _time_to_duty(servers: int, service_mean: float, shape: tuple[int, ...]) -> Floats:
    """Mean time until as many have finished as were busy past the end of their shift."""
    steps = service_mean / (servers + np.arange(1, shape[0]))
    by_extras: Floats = np.concatenate(([0.0], np.cumsum(steps)))[:, None]
    return np.broadcast_to(by_extras, shape).copy()
