"""Queues that people leave: M/M/c+M (Erlang-A) and M/M/c+G (any distribution of patience).

Rates are per unit of time; service, patience and waits are in that same unit, any unit. A
wait ends with the call or with leaving, whichever comes first, and counts both.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.theory.checks import above_zero, at_least_zero, whole
from sim.theory.erlang import odds_of_room
from sim.theory.offered_wait import Patience, mixed_patience, offered_wait


class Impatient(NamedTuple):
    """Long-run state of a queue that people leave.

    Attributes
    ----------
    wait_share : float
        Share of arrivals not served at once.
    abandon_share : float
        Share of arrivals that leave unserved.
    mean_wait : float
        Over all arrivals, those who left included (time unit of the input).
    mean_queue : float
        People waiting, mean over time.
    utilisation : float
        Share of server time that is busy.
    """

    wait_share: float
    abandon_share: float
    mean_wait: float
    mean_queue: float
    utilisation: float


class Within(NamedTuple):
    """Two readings of "within t": the wait is over, or service has begun.

    Attributes
    ----------
    ended_share : float
        Share of all arrivals whose wait, served or not, is at most t.
    served_share : float
        Share of all arrivals called within t.
    """

    ended_share: float
    served_share: float


class ImpatientClass(NamedTuple):
    """Long-run state of one class in a queue that classes share, first come, first served.

    Attributes
    ----------
    abandon_share : float
        Share of the class's arrivals that leave unserved.
    served_wait : float
        Mean wait of those who are served (time unit of the input).
    """

    abandon_share: float
    served_wait: float


def erlang_a(
    arrival_rate: float, service_mean: float, servers: int, patience_mean: float
) -> Impatient:
    """Answer how M/M/c does when people leave after an exponential patience.

    Parameters
    ----------
    arrival_rate, service_mean, servers
        As in `sim.theory.erlang.mmc`; any load is allowed.
    patience_mean : float
        Mean patience, same unit of time.

    References
    ----------
    C. Palm (1957); O. Garnett, A. Mandelbaum, M. Reiman, MSOM 4 (2002) 208-227.

    Examples
    --------
    >>> round(erlang_a(48, 1, 50, 2).abandon_share, 5)
    0.03091
    """
    load = above_zero("arrival_rate", arrival_rate) * above_zero("service_mean", service_mean)
    whole("servers", servers)
    leave_rate = 1 / above_zero("patience_mean", patience_mean)
    # log of P(k waiting) / P(all busy, none waiting), until it has fallen out of sight
    n_terms = 256
    while True:
        k = np.arange(1, n_terms + 1)
        ratio = arrival_rate / (servers / service_mean + k * leave_rate)
        logs = np.concatenate(([0.0], np.cumsum(np.log(ratio))))
        if ratio[-1] < 1 and logs[-1] + np.log(n_terms / (1 - ratio[-1])) < logs.max() - 40:
            break
        n_terms *= 2
        if n_terms > 2**22:
            raise ValueError(
                f"patience_mean: found {patience_mean} at utilisation {load / servers:.6g}, "
                "a queue of millions; allowed is a utilisation below 1 or a shorter patience; "
                "add servers"
            )
    weights = np.exp(logs - logs.max())
    not_full = odds_of_room(load, servers) * np.exp(-logs.max())
    total = not_full + weights.sum()
    mean_queue = float(np.arange(n_terms + 1) @ weights / total)
    abandon_share = mean_queue * leave_rate / arrival_rate
    return Impatient(
        wait_share=float(weights.sum() / total),
        abandon_share=abandon_share,
        mean_wait=mean_queue / arrival_rate,
        mean_queue=mean_queue,
        utilisation=load * (1 - abandon_share) / servers,
    )


def mmc_patience(
    arrival_rate: float, service_mean: float, servers: int, patience: Patience
) -> Impatient:
    """Answer how M/M/c does when people leave after a patience of any distribution (M/M/c+G).

    Parameters
    ----------
    arrival_rate, service_mean, servers
        As in `sim.theory.erlang.mmc`.
    patience : Patience
        Distribution of patience, same unit of time.

    Raises
    ------
    ValueError
        If arrivals exceed the capacity and too few ever leave.

    References
    ----------
    F. Baccelli, G. Hebuterne (1981); S. Zeltyn, A. Mandelbaum, Queueing Systems 51 (2005).

    Examples
    --------
    >>> from sim.theory import constant_patience
    >>> round(mmc_patience(0.35, 8, 3, constant_patience(20)).abandon_share, 6)
    0.070374
    """
    offered = offered_wait(arrival_rate, service_mean, servers, patience)
    mean_wait = float(offered.weight @ offered.spent)
    abandon_share = float(offered.weight @ (1 - offered.willing))
    return Impatient(
        wait_share=float(offered.weight.sum()),
        abandon_share=abandon_share,
        mean_wait=mean_wait,
        mean_queue=arrival_rate * mean_wait,
        utilisation=arrival_rate * service_mean * (1 - abandon_share) / servers,
    )


def patience_within(
    t: float, arrival_rate: float, service_mean: float, servers: int, patience: Patience
) -> Within:
    """Share of the arrivals to M/M/c+G whose wait ends, or who are called, within `t`.

    Parameters as in `mmc_patience`; `t` in the same unit of time.

    Examples
    --------
    >>> from sim.theory import exponential_patience
    >>> within = patience_within(1 / 3, 100 / 30, 3, 14, exponential_patience(5))
    >>> round(within.ended_share, 4), round(within.served_share, 4)
    (0.924, 0.9168)
    """
    at_least_zero("t", t)
    kinks = tuple(sorted({*patience.kinks, t} - {0.0}))
    offered = offered_wait(arrival_rate, service_mean, servers, Patience(patience.survival, kinks))
    late = offered.at > t
    willing = float(patience.survival(np.array([t], dtype=np.float64))[0])
    served_late = float(offered.weight[late] @ offered.willing[late])
    abandoned = float(offered.weight @ (1 - offered.willing))
    return Within(
        ended_share=1 - willing * float(offered.weight[late].sum()),
        served_share=1 - abandoned - served_late,
    )


def mmc_patiences(
    arrival_rate: float,
    service_mean: float,
    servers: int,
    shares: Sequence[float],
    patiences: Sequence[Patience],
) -> tuple[ImpatientClass, ...]:
    """Answer how each class does where classes differ in patience alone and share one queue.

    The queue is M/M/c+G whose patience is the mixture, and all classes meet the same offered wait.

    Parameters
    ----------
    arrival_rate, service_mean, servers
        As in `sim.theory.erlang.mmc`; arrivals of all classes together.
    shares : sequence of float, shape (K,)
        Share of each class; together 1.
    patiences : sequence of Patience, shape (K,)
        Same unit of time.

    References
    ----------
    F. Baccelli, G. Hebuterne (1981); S. Zeltyn, A. Mandelbaum, Queueing Systems 51 (2005).

    Examples
    --------
    >>> from sim.theory import exponential_patience
    >>> laws = [exponential_patience(10), exponential_patience(40)]
    >>> [round(x.abandon_share, 4) for x in mmc_patiences(0.35, 8, 3, [0.5, 0.5], laws)]
    [0.2381, 0.0808]
    """
    mixed = mixed_patience(shares, patiences)
    offered = offered_wait(arrival_rate, service_mean, servers, mixed)
    at_once = 1 - float(offered.weight.sum())
    classes = []
    for law in patiences:
        served = offered.weight * law.survival(offered.at)
        share = at_once + float(served.sum())
        classes.append(ImpatientClass(1 - share, float(served @ offered.at) / share))
    return tuple(classes)
