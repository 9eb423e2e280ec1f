"""How unevenly a burden is shared: Gini, the worst-off, who lives within reach.

Values are burdens (minutes, yuan, trips): more is worse. Weights are people. The Gini coefficient
falls when all fare equally worse, so it is never shown without the mean.
"""

import numpy as np

from sim.arrays import Floats
from sim.theory.checks import share_of_one


def gini(values: Floats, weights: Floats | None = None) -> float:
    """Mean absolute difference between two people, divided by twice the mean.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Burden of each; 0 or more.
    weights : ndarray, shape (n,), optional
        People who bear it; default: one each.

    Returns
    -------
    float
        0 = all bear the same, also when nobody bears anything; below 1.

    Raises
    ------
    ValueError
        If a value is negative or not finite, or nobody is there.

    References
    ----------
    C. Gini, Variabilità e mutabilità, Bologna 1912. A. Sen, On economic inequality, Oxford 1973,
    section 2.8.

    Examples
    --------
    >>> round(gini(np.array([5.0, 8, 12, 20, 45])), 6)
    0.408889
    """
    value, weight = _sorted(values, weights)
    total = float(weight @ value)
    if total == 0:
        return 0.0
    # area under the Lorenz curve, by trapezia
    people = np.concatenate([[0.0], np.cumsum(weight)]) / weight.sum()
    burden = np.concatenate([[0.0], np.cumsum(weight * value)]) / total
    area = float(np.sum(np.diff(people) * (burden[1:] + burden[:-1])))
    return max(0.0, 1.0 - area)


def share_within(values: Floats, limit: float, weights: Floats | None = None) -> float:
    """Share of the people whose burden is at most `limit`.

    Examples
    --------
    >>> share_within(np.array([10.0, 15, 40]), 15, np.array([1.0, 2, 1]))
    0.75
    """
    value, weight = _sorted(values, weights, finite=False)
    return float(weight[value <= limit].sum() / weight.sum())


def worst_mean(values: Floats, share: float = 0.1, weights: Floats | None = None) -> float:
    """Mean burden of the share of people who bear most: by default the worst decile.

    Whoever stands on the border counts with the part that is needed to make the share full.

    Examples
    --------
    >>> worst_mean(np.array([10.0, 20, 30, 40]), share=0.5)
    35.0
    >>> worst_mean(np.array([10.0, 20, 30, 40]), share=0.375)
    36.666666666666664
    """
    value, weight = _sorted(values, weights)
    worst_weight = share_of_one("share", share) * float(weight.sum())
    value, weight = value[::-1], weight[::-1]
    before = np.concatenate([[0.0], np.cumsum(weight)[:-1]])
    counted = np.clip(worst_weight - before, 0.0, weight)
    return float(counted @ value / counted.sum())


def _sorted(values: Floats, weights: Floats | None, finite: bool = True) -> tuple[Floats, Floats]:
    """Values in rising order with their weights, both checked."""
    value = np.array(values, dtype=np.float64)
    weight = np.ones(value.shape) if weights is None else np.array(weights, dtype=np.float64)
    if value.ndim != 1 or weight.shape != value.shape:
        raise ValueError(
            f"weights: found shape {weight.shape} for values of shape {value.shape}; allowed is "
            "one weight for each value; correct it"
        )
    wrong = np.isnan(value) | (value < 0) | (np.isinf(value) & finite)
    if wrong.any():
        wrong_value = value[wrong][0]
        raise ValueError(f"values: found {wrong_value}; allowed is a burden from 0 up; correct it")
    if not (np.isfinite(weight).all() and (weight >= 0).all() and weight.sum() > 0):
        raise ValueError(
            "weights: found a negative one, or nobody at all; allowed are people, more than none; "
            "correct it"
        )
    order = np.argsort(value, kind="stable")
    return value[order], weight[order]
