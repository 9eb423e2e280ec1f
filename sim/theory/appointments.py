"""A session by appointment with one officer: punctual people, exponential service.

Durations are all in one unit, any unit.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import poisson

from sim.theory.checks import above_zero


class SessionOutcome(NamedTuple):
    """What a session comes to, in expectation.

    Attributes
    ----------
    waits : tuple of float, length N
        Wait of the person of each appointment if that person comes.
    mean_wait : float
        Over all who come.
    end_of_work : float
        Last departure, or the last appointment if later, since the start of the session.
    """

    waits: tuple[float, ...]
    mean_wait: float
    end_of_work: float


def appointment_session(
    times: Sequence[float], service_mean: float, show_share: float = 1.0
) -> SessionOutcome:
    """Answer how long people with appointments wait, exactly (S(n)/M/1).

    Parameters
    ----------
    times : sequence of float, shape (N,)
        Appointments since the start of the session, in order; equal times are a block.
    service_mean : float
        Mean of the exponential service.
    show_share : float
        Share of people who come, each on their own.

    References
    ----------
    C. D. Pegden, M. Rosenshine, Computers & Operations Research 17 (1990) 343-348.

    Examples
    --------
    >>> session = appointment_session(range(0, 120, 10), 8)
    >>> round(session.mean_wait, 5), round(session.end_of_work, 3)
    (6.02764, 127.156)
    """
    above_zero("service_mean", service_mean)
    if not 0 < show_share <= 1:
        raise ValueError(
            f"show_share: found {show_share}; allowed is above 0 up to 1; correct the share"
        )
    gaps = np.diff(np.asarray(times, dtype=np.float64), prepend=0.0)
    if gaps.size == 0 or (gaps < 0).any():
        raise ValueError(
            f"times: found {list(times)}; allowed are one or more times from 0 up, in order; sort"
        )
    inside = np.zeros(gaps.size + 1)  # P(n inside)
    inside[0] = 1.0
    number = np.arange(gaps.size + 1)
    waits = []
    for gap in gaps.tolist():
        done = poisson.pmf(number, gap / service_mean)
        left = np.array([inside[n:] @ done[: gaps.size + 1 - n] for n in number])
        left[0] = 1 - left[1:].sum()
        waits.append(float(number @ left) * service_mean)
        inside = (1 - show_share) * left
        inside[1:] += show_share * left[:-1]
    end = float(times[-1]) + float(number @ inside) * service_mean
    return SessionOutcome(tuple(waits), float(np.mean(waits)), end)
