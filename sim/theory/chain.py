"""Long-run shares of a small Markov chain that is given only its transitions.

A layout without a closed form (own queue at each window, unequal officers, blocked stations)
is a chain on a handful of whole numbers: write its moves, and read any mean off the shares.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TypeVar

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.linalg import splu

from sim.theory.checks import at_least_zero

State = TypeVar("State", bound=Hashable)


def long_run_shares(
    start: State,
    moves: Callable[[State], Iterable[tuple[float, State]]],
    most_states: int = 60_000,
) -> dict[State, float]:
    """Share of time a continuous-time Markov chain spends in each state it can reach.

    Parameters
    ----------
    start : hashable
        Any state the chain keeps coming back to.
    moves : callable
        state -> (rate, next state) pairs; rates per unit of time. Moves of rate 0 and moves to
        the same state are ignored. Unlimited queues must be cut somewhere far out.
    most_states : int
        Refuse larger chains instead of filling the memory.

    Returns
    -------
    dict
        State -> share of time; the shares sum to 1.

    Raises
    ------
    ValueError
        If the chain is larger than `most_states`, or `start` is left for good.

    References
    ----------
    W. J. Stewart, Introduction to the Numerical Solution of Markov Chains (1994).

    Examples
    --------
    One window, one chair, arrivals 1 and service 2 per hour:

    >>> shares = long_run_shares(0, lambda n: [(1.0, min(n + 1, 2)), (2.0, max(n - 1, 0))])
    >>> {n: round(share, 4) for n, share in shares.items()}
    {0: 0.5714, 1: 0.2857, 2: 0.1429}
    """
    index = {start: 0}
    states = [start]
    rows: list[int] = []
    columns: list[int] = []
    rates: list[float] = []
    for here, state in enumerate(states):  # grows while it is read
        for rate, target in moves(state):
            if at_least_zero("rate", rate) == 0 or target == state:
                continue
            if target not in index:
                if len(states) == most_states:
                    raise ValueError(
                        f"chain: found more than {most_states} states from {start!r}; allowed are "
                        f"{most_states}; cut the queues shorter or raise most_states"
                    )
                index[target] = len(states)
                states.append(target)
            rows += [index[target], here]
            columns += [here, here]
            rates += [rate, -rate]
    n = len(states)
    if n == 1:
        return {start: 1.0}
    balance = coo_array((rates, (rows, columns)), shape=(n, n)).tocsc()
    # the balance of `start` follows from the others: fix its weight at 1 instead
    try:
        weight = splu(balance[1:, 1:]).solve(-balance[1:, [0]].toarray().ravel())
    except RuntimeError as singular:
        raise ValueError(
            f"chain: found no way back to {start!r}; allowed is a start that recurs; "
            "start from another state or complete the moves"
        ) from singular
    weights = np.concatenate(([1.0], np.asarray(weight, dtype=np.float64)))
    weights /= weights.sum()
    return dict(zip(states, weights.tolist(), strict=True))


def long_run_mean(shares: Mapping[State, float], value: Callable[[State], float]) -> float:
    """Mean over time of a number read off the state.

    Parameters
    ----------
    shares : mapping
        State -> share of time, from `long_run_shares`.
    value : callable
        state -> number, such as the people waiting in it.

    Examples
    --------
    >>> round(long_run_mean({0: 0.5, 1: 0.3, 2: 0.2}, lambda n: n), 6)
    0.7
    """
    return float(sum(share * value(state) for state, share in shares.items()))
