"""Work that several groups of servers may do, shared out so that the busiest is least busy."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from scipy.optimize import linprog

from sim.arrays import Bools, Floats, Ints

BINDS: Final = 1e-7
"""Weight from which something counts as bound: the weights of all add up to 1."""
TINY: Final = 1e-300


class SharedLoads(NamedTuple):
    """How busy everybody is at the least."""

    loads: Floats
    """float64, shape (R,): time spent divided by capacity; infinite without any capacity."""
    sets: Ints
    """int64, shape (R,): those of one number are as busy as each other and share work: none of them
    can be relieved by anybody else; -1 = idle."""


def shared_loads(work: Floats, capacity: Floats, uses: Bools | None = None) -> SharedLoads:
    """Least loads: first the largest is made as small as can be, then the next, and so on.

    The largest load is above 1 exactly when no assignment of the work to the groups is
    feasible. Where all groups are equally fast it is the bottleneck: the largest ratio, over all
    sets of kinds of work, of the work of a set to the capacity of the groups that may do any of it.

    Parameters
    ----------
    work : ndarray(float64), shape (G, K)
        Time that a group needs for all work of a kind; infinite where it may not do it.
    capacity : ndarray(float64), shape (R,)
        Time that there is of each resource.
    uses : ndarray(bool), shape (R, G)
        Whose time a group takes; by default each group is a resource of its own.

    References
    ----------
    J. M. Harrison and M. J. López, Heavy traffic resource pooling in parallel-server systems,
    Queueing Systems 33 (1999) 339-368: the static allocation problem, whose value must be below 1
    for queues to be stable. D. Gale, A theorem on flows in networks, Pacific Journal of Mathematics
    7 (1957) 1073-1082: the same as a condition on all sets. N. Megiddo, Optimal flows in networks
    with multiple sources and sinks, Mathematical Programming 7 (1974) 97-107: the largest first.

    Examples
    --------
    Two who know one kind of work (2.4 persons' worth), three who know that and another (1.7):

    >>> never = float("inf")
    >>> shared = shared_loads(np.array([[2.4, never], [2.4, 1.7]]), np.array([2.0, 3.0]))
    >>> shared.loads.round(2).tolist(), shared.sets.tolist()
    ([0.82, 0.82], [0, 0])
    """
    uses_ = np.asarray(np.eye(len(work)) > 0) if uses is None else uses
    loads, sets = np.zeros(len(capacity)), np.full(len(capacity), -1)
    allowed = np.isfinite(work)
    demanded = np.where(allowed, work, 0.0).max(axis=0, initial=0.0) > 0
    able = np.all(uses_ <= (capacity > 0)[:, None], axis=0)
    may = allowed & np.asarray(able)[:, None] & demanded
    lost = (allowed & (demanded & ~may.any(axis=0))).any(axis=1)
    loads[(uses_ & lost).any(axis=1) & (capacity <= 0)] = np.inf
    group, kind = np.nonzero(may)
    spent = np.zeros((len(capacity), len(group)))
    np.divide(
        uses_[:, group] * work[group, kind], capacity[:, None], spent, where=capacity[:, None] > 0
    )
    if len(group) == np.count_nonzero(may.any(axis=0)) and np.all(uses_.sum(axis=0) == 1):
        return _without_choice(spent.sum(axis=1), loads)
    scale = max(spent.max(initial=0.0), TINY)
    left = np.asarray(spent.any(axis=1))
    while left.any():
        level, weights = _least(spent / scale, loads / scale, left, kind)
        bound = left & (weights > BINDS)
        if level <= 0 or not bound.any():
            break  # the rest is less than rounding beside the busiest
        loads[bound] = level * scale
        for together in _linked(bound, spent > 0, kind):
            sets[together] = sets.max(initial=-1) + 1
        left &= ~bound
    return SharedLoads(loads, sets)


def _without_choice(busy: Floats, loads: Floats) -> SharedLoads:
    """Where each kind of work is for one group only nothing is shared, and nothing is to be solved.

    Most halls of a province are such: one group of windows for all that comes.
    """
    sets = np.full(len(busy), -1)
    order = [row for row in np.argsort(-busy, kind="stable").tolist() if busy[row] > 0]
    sets[order] = np.arange(len(order))
    return SharedLoads(np.where(busy > 0, busy, loads), sets)


def _least(spent: Floats, loads: Floats, left: Bools, kind: Ints) -> tuple[float, Floats]:
    """The least largest load of what is left, and how much each is its cause: 1 together."""
    n = spent.shape[1]
    kinds, of = np.unique(kind, return_inverse=True)
    shares = np.zeros((len(kinds), n + 1))
    shares[of.reshape(-1), np.arange(n)] = 1.0
    rows = np.flatnonzero(spent.any(axis=1))
    solution = linprog(
        np.append(np.zeros(n), 1.0),
        A_ub=np.column_stack([spent[rows], np.where(left[rows], -1.0, 0.0)]),
        b_ub=np.where(left[rows], 0.0, loads[rows] * (1 + BINDS)),  # rounding must not bar the way
        A_eq=shares,
        b_eq=np.ones(len(kinds)),
        method="highs",
    )
    assert solution.x is not None, solution.message
    weights = np.zeros(len(loads))
    weights[rows] = -solution.ineqlin.marginals
    return float(solution.x[-1]), weights


def _linked(bound: Bools, busy: Bools, kind: Ints) -> list[list[int]]:
    """What is bound, as sets within which work can be passed on."""
    sets: list[tuple[list[int], set[int]]] = []
    for row in np.flatnonzero(bound).tolist():
        kinds = set(kind[busy[row]].tolist())
        near = [set_ for set_ in sets if set_[1] & kinds]
        sets = [set_ for set_ in sets if set_ not in near]
        members = [row, *(member for set_ in near for member in set_[0])]
        sets.append((members, kinds.union(*(set_[1] for set_ in near))))
    return [members for members, _ in sets]
