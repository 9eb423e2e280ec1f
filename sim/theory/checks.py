"""Impossible input, refused in one sentence: found · allowed · what to do."""

import math
from collections.abc import Sequence


def at_least_zero(name: str, value: float) -> float:
    """Return `value` as a float if it is finite and not negative.

    Examples
    --------
    >>> at_least_zero("arrival_rate", 3)
    3.0
    """
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(f"{name}: found {value}; allowed is a finite number from 0 up; correct it")
    return float(value)


def above_zero(name: str, value: float) -> float:
    """Return `value` as a float if it is finite and positive.

    Examples
    --------
    >>> above_zero("service_mean", 0)
    Traceback (most recent call last):
    ...
    ValueError: service_mean: found 0; allowed is a finite number above 0; correct it
    """
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"{name}: found {value}; allowed is a finite number above 0; correct it")
    return float(value)


def whole(name: str, value: float, least: int = 1) -> int:
    """Return `value` as an int if it is a whole number, `least` or more.

    Examples
    --------
    >>> whole("servers", 4)
    4
    """
    if not math.isfinite(value) or value != int(value) or value < least:
        raise ValueError(
            f"{name}: found {value}; allowed is a whole number from {least} up; correct it"
        )
    return int(value)


def share_of_one(name: str, value: float) -> float:
    """Return `value` as a float if it lies strictly between 0 and 1.

    Examples
    --------
    >>> share_of_one("share", 90)
    Traceback (most recent call last):
    ...
    ValueError: share: found 90; allowed is a share between 0 and 1, both excluded; \
write 0.9 for 90 %
    """
    if not 0 < value < 1:
        raise ValueError(
            f"{name}: found {value}; allowed is a share between 0 and 1, both excluded; "
            "write 0.9 for 90 %"
        )
    return float(value)


def same_length(**named: Sequence[float]) -> int:
    """Return the common length of the named sequences, at least 1.

    Examples
    --------
    >>> same_length(arrival_rates=[0.2, 0.6], service_means=[1, 1])
    2
    """
    lengths = {name: len(values) for name, values in named.items()}
    if len(set(lengths.values())) != 1 or 0 in lengths.values():
        counts = ", ".join(f"{name} has {n}" for name, n in lengths.items())
        raise ValueError(f"found {counts}; allowed is one entry each for all; complete the shorter")
    return next(iter(lengths.values()))


def stable(load: float, servers: int = 1) -> float:
    """Return the utilisation load/servers if the queue has a steady state.

    Parameters
    ----------
    load : float
        Offered work, arrival rate × mean service time (erlang, no unit).
    servers : int
        Identical servers.

    Examples
    --------
    >>> stable(3.0, 4)
    0.75
    >>> stable(5.0, 4)
    Traceback (most recent call last):
    ...
    ValueError: utilisation: found 1.25 (load 5 on 4 servers), so the queue grows without bound; \
allowed is below 1; take at least 6 servers, fewer arrivals or shorter service
    """
    utilisation = load / servers
    if utilisation >= 1:
        raise ValueError(
            f"utilisation: found {utilisation:.6g} (load {load:.6g} on {servers} servers), so the "
            f"queue grows without bound; allowed is below 1; take at least {math.floor(load) + 1} "
            "servers, fewer arrivals or shorter service"
        )
    return utilisation
