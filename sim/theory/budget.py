"""How to spend a number of replications on candidates, so that the best is probably found."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.arrays import Floats


def ocba_allocation(
    means: Sequence[float], variances: Sequence[float], replications: float
) -> Floats:
    """How many of the replications each candidate should get (OCBA).

    It makes the best likely to be found with a given number of replications, for candidates that
    are run on crowds of their own; it promises no probability. `analysis/selection.py` is what
    questions use.

    Parameters
    ----------
    means : sequence of float
        As known so far, the smallest is best.
    variances : sequence of float
        Of one replication of each, above 0.
    replications : float
        In all, those that were spent among them.

    Returns
    -------
    ndarray(float64), shape (candidates,)
        Before rounding; one may have had more already.

    Raises
    ------
    ValueError
        For fewer than two candidates, unlike lengths, a variance that is not above 0, or two
        candidates that share the smallest mean.

    References
    ----------
    Chen, Lin, Yucesan & Chick (2000), Simulation budget allocation for further enhancing the
    efficiency of ordinal optimization, Discrete Event Dynamic Systems 10.

    Examples
    --------
    >>> ocba_allocation([1.0, 2.0, 3.0], [1.0, 1.0, 1.0], 100).round(1).tolist()
    [45.2, 43.8, 11.0]
    """
    centre, spread = np.asarray(means, dtype=np.float64), np.asarray(variances, dtype=np.float64)
    if centre.ndim != 1 or centre.shape != spread.shape or len(centre) < 2:
        raise ValueError("means, variances: allowed are two lists of one length, from 2 up")
    if not (spread > 0).all():
        raise ValueError(f"variances: found {spread.min()}; allowed is above 0")
    best = int(centre.argmin())
    behind = np.delete(centre - centre[best], best)
    if not (behind > 0).all():
        raise ValueError("means: two candidates share the smallest; allowed is one")
    others = np.delete(spread, best)
    shares = others / behind**2
    of_best = np.sqrt(spread[best] * (shares**2 / others).sum())
    weights = np.insert(shares, best, of_best)
    return np.asarray(replications * weights / weights.sum())
