"""How far a simulated figure can be trusted: one interval for each way of measuring.

A *cluster* is what may be taken as independent of the rest: a day, a replication, a batch of
weeks. Visits of one day share its rush, so they are never counted as a sample one by one.
Sums over clusters use ``math.fsum``: clusters in another order give the same bits.
"""

import math
from bisect import bisect_right
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtr, stdtrit

from sim.arrays import Floats


class Interval(NamedTuple):
    """An estimate and the bounds that hold the true value with probability `level`.

    Attributes
    ----------
    mean : float
        The estimate (a mean, ratio, quantile or difference), in the unit of the data; nan when
        there is nothing to divide by.
    low, high : float
        Bounds, same unit; nan with fewer than two clusters, for one says nothing of the spread.
    n : int
        Clusters that the interval rests on.
    level : float
        Nominal coverage, a share between 0 and 1.

    Examples
    --------
    >>> Interval(12.0, 11.0, 13.0, n=20).half_width
    1.0
    """

    mean: float
    low: float
    high: float
    n: int
    level: float = 0.95

    @property
    def half_width(self) -> float:
        """Half the distance between the bounds, in their unit."""
        return (self.high - self.low) / 2


def shifted(interval: Interval, by: float) -> Interval:
    """The interval of a quantity plus a number that is known exactly.

    Parameters
    ----------
    by
        In the unit of the interval.

    Examples
    --------
    >>> shifted(Interval(12.0, 11.0, 13.0, n=20), -10.0)
    Interval(mean=2.0, low=1.0, high=3.0, n=20, level=0.95)
    """
    mean, low, high = (bound + by for bound in interval[:3])
    return interval._replace(mean=mean, low=low, high=high)


def finite_values(name: str, values: ArrayLike) -> Floats:
    """Return `values` as a float array of one dimension, refusing gaps.

    Raises
    ------
    ValueError
        If an entry is nan or infinite, or `values` is not a plain list.

    Examples
    --------
    >>> finite_values("waits", [3, 4])
    array([3., 4.])
    >>> finite_values("waits", [3, float("nan")])
    Traceback (most recent call last):
    ...
    ValueError: waits: found nan at position 1; allowed are finite numbers; drop or mend the entry
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1:
        raise ValueError(f"{name}: found shape {array.shape}; allowed is a list; flatten or split")
    gaps = np.flatnonzero(~np.isfinite(array))
    if gaps.size:
        raise ValueError(
            f"{name}: found {array[gaps[0]]} at position {gaps[0]}; allowed are finite numbers; "
            "drop or mend the entry"
        )
    return array


def t_interval(values: ArrayLike, level: float = 0.95) -> Interval:
    """Where does the mean of independent values lie?

    Parameters
    ----------
    values : array_like(float), shape (n,)
        One figure per cluster, any unit.
    level : float
        Coverage, between 0 and 1.

    Raises
    ------
    ValueError
        If a value is not finite or `level` is not between 0 and 1.

    References
    ----------
    Student (1908), The probable error of a mean, Biometrika 6.

    Examples
    --------
    >>> ci = t_interval([12.1, 9.8, 11.4, 13.0, 10.6, 12.7, 9.9, 11.8, 12.3, 10.9])
    >>> f"{ci.mean:.2f} ± {ci.half_width:.2f}"
    '11.45 ± 0.80'
    """
    array = finite_values("values", values)
    mean = _total(array) / array.size if array.size else math.nan
    return _around(mean, (array - mean) / array.size, level)


def ratio_interval(
    numerators: ArrayLike,
    denominators: ArrayLike,
    level: float = 0.95,
    bounds: tuple[float, float] = (-math.inf, math.inf),
) -> Interval:
    """Where does a total per total lie, such as minutes waited per visit over many days?

    Clusters are pooled, so a day counts by its visits. The mean of daily means answers another
    question and makes quiet days too heavy.

    Parameters
    ----------
    numerators, denominators : array_like(float), shape (n,)
        Sums of each cluster, e.g. minutes waited and visits; denominators 0 or more. A cluster
        with 0/0 says nothing and is not counted.
    level : float
        Coverage, between 0 and 1.
    bounds : tuple of float
        What the ratio can be at all; ``(0, 1)`` cuts the interval of a share there.

    Returns
    -------
    Interval
        Delta method, Student t. Nan bounds unless two clusters have a positive denominator. If all
        clusters agree the width is 0, which does not rule out rare days that were not drawn.

    Raises
    ------
    ValueError
        If an entry is not finite, a denominator negative, lengths differ, the ratio is outside
        `bounds`, or `level` is not between 0 and 1.

    References
    ----------
    Cochran (1977), Sampling Techniques, 3rd ed., ch. 6.

    Examples
    --------
    >>> ci = ratio_interval(numerators=[1200, 300, 700], denominators=[100, 50, 80])
    >>> f"{ci.mean:.2f} min, from {ci.low:.2f} to {ci.high:.2f}, {ci.n} days"
    '9.57 min, from 2.49 to 16.64, 3 days'
    """
    sums, counts = _pairs(numerators, denominators)
    keep = (sums != 0) | (counts != 0)
    ratio, pulls = _ratio(sums[keep], counts[keep])
    if ratio < bounds[0] or ratio > bounds[1]:
        raise ValueError(f"ratio: found {ratio:.6g}; allowed is {bounds}; check the sums")
    interval = _around(ratio, pulls, level, enough=_at_least_two(counts))
    # Written so that nan bounds stay nan: max(nan, 0) is nan, max(0, nan) is 0.
    return interval._replace(low=max(interval.low, bounds[0]), high=min(interval.high, bounds[1]))


def share_interval(numerators: ArrayLike, denominators: ArrayLike, level: float = 0.95) -> Interval:
    """Where does a share of people lie, near to 0 or 1 too, such as those called in time?

    Ten runs in which everybody was called in time do not prove that everybody always is. The delta
    method would give no width there, and bounds on the wrong side of the truth near the ends, so
    the bounds are those of Wilson's score interval for as many independent people as the clusters
    are worth.

    Parameters
    ----------
    numerators, denominators : array_like(float), shape (n,)
        Counts of each cluster, e.g. people called in time and all of them; as in `ratio_interval`.
    level : float
        Coverage, between 0 and 1.

    Returns
    -------
    Interval
        Student t in place of the normal quantile. Nan bounds unless two clusters have a positive
        denominator. Clusters that agree better than independent people would are worth no more
        than those.

    References
    ----------
    Wilson (1927), J. Amer. Statist. Assoc. 22, 209-212. Korn and Graubard (1998), Survey
    Methodology 24, 193-201: effective sample size for shares of clusters.

    Examples
    --------
    >>> everybody = share_interval([20, 31, 25], [20, 31, 25])
    >>> f"{everybody.mean:.0%}, from {everybody.low:.0%} to {everybody.high:.0%}"
    '100%, from 80% to 100%'
    """
    plain = ratio_interval(numerators, denominators, level, (0.0, 1.0))
    if math.isnan(plain.low):
        return plain
    sums, counts = _pairs(numerators, denominators)
    share, pulls = _ratio(sums, counts)
    people, spread = _total(counts), share * (1 - share)
    variance = _total(pulls**2) * plain.n / (plain.n - 1)
    worth = people if variance * people <= spread else spread / variance
    t = _t_factor(level, plain.n - 1)
    shift = t * t / (2 * worth)
    half = t * math.sqrt(spread / worth + (t / (2 * worth)) ** 2)
    low, high = ((share + shift + sign * half) / (1 + 2 * shift) for sign in (-1, 1))
    return Interval(share, max(low, 0.0), min(high, 1.0), plain.n, level)


def ratio_difference(
    numerators_a: ArrayLike,
    denominators_a: ArrayLike,
    numerators_b: ArrayLike,
    denominators_b: ArrayLike,
    level: float = 0.95,
) -> Interval:
    """By how much does a pooled ratio change from a to b, both run on the same crowds?

    Parameters
    ----------
    numerators_a, denominators_a, numerators_b, denominators_b : array_like(float), shape (n,)
        Sums of each cluster as in `ratio_interval`; entry i of a and of b share their random draws.
    level : float
        Coverage, between 0 and 1.

    Returns
    -------
    Interval
        Of ratio b − ratio a. What moves both alike cancels within each cluster.

    Raises
    ------
    ValueError
        As `ratio_interval`, and if a and b differ in length.

    References
    ----------
    Cochran (1977), Sampling Techniques, 3rd ed., §6.13 on comparing ratios.

    Examples
    --------
    >>> visits = [100, 50, 80]
    >>> ci = ratio_difference([1200, 300, 700], visits, [1100, 260, 620], visits)
    >>> f"{ci.mean:.2f} min, from {ci.low:.2f} to {ci.high:.2f}"
    '-0.96 min, from -1.18 to -0.74'
    """
    sums_a, counts_a = _pairs(numerators_a, denominators_a)
    sums_b, counts_b = _pairs(numerators_b, denominators_b)
    _same_length(a=sums_a, b=sums_b)
    keep = (sums_a != 0) | (counts_a != 0) | (sums_b != 0) | (counts_b != 0)
    ratio_a, pulls_a = _ratio(sums_a[keep], counts_a[keep])
    ratio_b, pulls_b = _ratio(sums_b[keep], counts_b[keep])
    enough = _at_least_two(counts_a) and _at_least_two(counts_b)
    return _around(ratio_b - ratio_a, pulls_b - pulls_a, level, enough=enough)


def paired_difference(a: ArrayLike, b: ArrayLike, level: float = 0.95) -> Interval:
    """By how much does the mean change from a to b, both run on the same crowds?

    Parameters
    ----------
    a, b : array_like(float), shape (n,)
        One figure per cluster, same unit; entry i of both shares its random draws.
    level : float
        Coverage, between 0 and 1.

    Raises
    ------
    ValueError
        If a value is not finite, lengths differ, or `level` is not between 0 and 1.

    References
    ----------
    Law (2015), Simulation Modeling and Analysis, 5th ed., ch. 10.

    Examples
    --------
    >>> ci = paired_difference([12.0, 20.0, 9.0], [11.0, 18.8, 8.2])
    >>> f"{ci.mean:.2f} ± {ci.half_width:.2f}"
    '-1.00 ± 0.50'
    """
    first, second = finite_values("a", a), finite_values("b", b)
    _same_length(a=first, b=second)
    return t_interval(second - first, level)


def independent_difference(a: ArrayLike, b: ArrayLike, level: float = 0.95) -> Interval:
    """By how much does the mean change from a to b, run on crowds of their own?

    Parameters
    ----------
    a, b : array_like(float), shapes (n,) and (m,)
        One figure per cluster, same unit, no draws shared; variances may differ.
    level : float
        Coverage, between 0 and 1.

    Returns
    -------
    Interval
        Of mean b − mean a, with Welch's degrees of freedom; its `n` counts both samples.

    Raises
    ------
    ValueError
        If a value is not finite or `level` is not between 0 and 1.

    References
    ----------
    Welch (1947), The generalization of Student's problem…, Biometrika 34.

    Examples
    --------
    >>> ci = independent_difference([12.0, 20.0, 9.0], [11.0, 18.8, 8.2])
    >>> f"{ci.mean:.2f} ± {ci.half_width:.2f}"
    '-1.00 ± 12.68'
    """
    of_a, of_b = t_interval(a, level), t_interval(b, level)
    n, gap = of_a.n + of_b.n, of_b.mean - of_a.mean
    if min(of_a.n, of_b.n) < 2:
        return Interval(gap, math.nan, math.nan, n, level)
    spreads = [(ci.half_width / _t_factor(level, ci.n - 1)) ** 2 for ci in (of_a, of_b)]
    if sum(spreads) == 0:
        return Interval(gap, gap, gap, n, level)
    shares = [spread / sum(spreads) for spread in spreads]
    freedom = 1 / sum(share**2 / (ci.n - 1) for share, ci in zip(shares, (of_a, of_b), strict=True))
    half = _t_factor(level, freedom) * math.sqrt(sum(spreads))
    return Interval(gap, gap - half, gap + half, n, level)


def bonferroni(level: float, m: int) -> float:
    """Which level must each of `m` intervals have for simultaneous coverage of `level`?

    Parameters
    ----------
    level : float
        Wanted for the whole set, between 0 and 1.
    m : int
        Intervals in the set, at least 1.

    Raises
    ------
    ValueError
        If `m` is below 1 or `level` is not between 0 and 1.

    References
    ----------
    Dunn (1961), Multiple comparisons among means, JASA 56.

    Examples
    --------
    >>> bonferroni(0.95, 5)
    0.99
    """
    if m < 1:
        raise ValueError(f"m: found {m}; allowed is a whole number from 1 up; count the intervals")
    return 1 - (1 - _checked(level)) / m


def multiple_comparison_with_best(
    values: ArrayLike, level: float = 0.95, best: Literal["smallest", "largest"] = "smallest"
) -> tuple[Interval, ...]:
    """How far is each layout from the best of the others?

    Parameters
    ----------
    values : array_like(float), shape (k, n)
        One figure per layout and cluster; column i of all layouts may share its random draws.
    level : float
        Coverage of all k intervals together, above 0.5 and below 1.
    best : {"smallest", "largest"}
        Which mean is wanted.

    Returns
    -------
    tuple of Interval, length k
        Of mean i − best mean among the others. One that ends at 0 on the bad side cannot be the
        best; one that ends at 0 on the good side is the best.

    Notes
    -----
    Widths come from the variance of each paired difference, with Bonferroni over the k − 1
    comparisons with the best: valid however the layouts are correlated, a little wider than the
    multivariate t that needs all pairs to be correlated alike.

    Raises
    ------
    ValueError
        If `values` is not finite of shape (k, n) with k at least 2, or `level` is out of range.

    References
    ----------
    Hsu (1984), Constrained simultaneous confidence intervals for multiple comparisons with the
    best, Annals of Statistics 12; Nelson & Matejcik (1995), Using common random numbers for
    indifference-zone selection and multiple comparisons in simulation, Management Science 41.

    Examples
    --------
    >>> waits = [[12, 15, 11, 14], [9, 12, 8, 10], [16, 20, 15, 18]]
    >>> [f"{ci.low:.1f} to {ci.high:.1f}" for ci in multiple_comparison_with_best(waits)]
    ['0.0 to 4.0', '-4.0 to 0.0', '0.0 to 8.4']
    """
    rows = np.atleast_2d(np.asarray(values, dtype=np.float64))
    k = len(rows)
    if rows.ndim != 2 or k < 2:
        raise ValueError(f"values: found shape {rows.shape}; allowed is (k, n), k from 2; add rows")
    if not 0.5 < level < 1:
        raise ValueError(f"level: found {level}; allowed is between 0.5 and 1; use e.g. 0.95")
    rows = rows if best == "smallest" else -rows
    one_sided = 1 - 2 * (1 - level) / (k - 1)
    gaps = [[paired_difference(rows[j], rows[i], one_sided) for j in range(k)] for i in range(k)]
    from_best = tuple(_from_best(i, gaps, level) for i in range(k))
    if best == "smallest":
        return from_best
    return tuple(
        ci._replace(mean=-ci.mean, low=0.0 - ci.high, high=0.0 - ci.low) for ci in from_best
    )


def quantile_ranks(n: int, p: float, level: float = 0.95) -> tuple[int, int]:
    """Which two of `n` sorted independent values enclose the p-quantile, whatever its distribution?

    Parameters
    ----------
    n : int
        Sample size.
    p : float
        Share of values below the quantile, between 0 and 1.
    level : float
        Least coverage, between 0 and 1.

    Returns
    -------
    tuple of int
        Ranks from 1 to n; 0 or n + 1 where the sample is too small for that side.

    Raises
    ------
    ValueError
        If `p` or `level` is not between 0 and 1.

    References
    ----------
    Conover (1999), Practical Nonparametric Statistics, 3rd ed., §3.2.

    Examples
    --------
    >>> quantile_ranks(60, 0.9)
    (49, 59)
    """
    tail = (1 - _checked(level)) / 2
    return _last_rank(n, _checked(p, "p"), tail), n + 1 - _last_rank(n, 1 - p, tail)


def quantile_interval(values: ArrayLike, p: float, level: float = 0.95) -> Interval:
    """Where does the p-quantile of independent values lie?

    Parameters
    ----------
    values : array_like(float), shape (n,)
        Independent of each other, such as the longest wait of each day; for the waits within days
        take `section_quantile`.
    p : float
        Share of values below the quantile, between 0 and 1.
    level : float
        Least coverage, between 0 and 1.

    Returns
    -------
    Interval
        Two of the values as bounds, nan where the sample is too small for one; the estimate is
        interpolated as in ``numpy.quantile``.

    Raises
    ------
    ValueError
        If a value is not finite, or `p` or `level` is not between 0 and 1.

    References
    ----------
    Conover (1999), Practical Nonparametric Statistics, 3rd ed., §3.2.

    Examples
    --------
    >>> quantile_interval(range(1, 61), 0.9)
    Interval(mean=54.1, low=49.0, high=59.0, n=60, level=0.95)
    """
    array = np.sort(finite_values("values", values))
    low, high = quantile_ranks(array.size, p, level)
    return Interval(
        mean=_quantile(array, p),
        low=float(array[low - 1]) if low >= 1 else math.nan,
        high=float(array[high - 1]) if high <= array.size else math.nan,
        n=array.size,
        level=level,
    )


def section_quantile(
    values: ArrayLike, cluster: ArrayLike, p: float, level: float = 0.95
) -> Interval:
    """Where does the p-quantile over all visits lie, when visits of a day go together?

    Parameters
    ----------
    values : array_like(float), shape (V,)
        One figure per visit.
    cluster : array_like, shape (V,)
        The day or replication of each visit; any labels.
    p : float
        Share of values below the quantile, between 0 and 1.
    level : float
        Coverage, between 0 and 1.

    Returns
    -------
    Interval
        Quantile of the pool, as in ``numpy.quantile``. The bounds are the quantiles at p ± h; h is
        the half-width of the share of visits up to the estimate, pooled over clusters. Nan where
        p ± h leaves 0 to 1: so few clusters do not reach that far.

    Notes
    -----
    The spread of the clusters' own quantiles is not used: on unlike days it is far off, as the
    longest waits of the pool come from a few rush days (see the coverage test).

    Raises
    ------
    ValueError
        If a value is not finite, lengths differ, or `p` or `level` is not between 0 and 1.

    References
    ----------
    Woodruff (1952), Confidence intervals for medians and other position measures, JASA 47.

    Examples
    --------
    >>> waits = [1, 2, 3, 4, 2, 3, 4, 5, 2, 3, 4, 6]
    >>> day = [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]
    >>> ci = section_quantile(waits, day, 0.5)
    >>> f"{ci.mean:.2f} min, from {ci.low:.2f} to {ci.high:.2f}, {ci.n} days"
    '3.00 min, from 2.00 to 4.44, 3 days'
    """
    return _sections(values, cluster, p, level)[0]


# === shared steps ===


def _around(estimate: float, pulls: Floats, level: float, enough: bool = True) -> Interval:
    """Interval from what each cluster adds to the error; `pulls` (n,) sum to about the error."""
    n = pulls.size
    _checked(level)
    if n < 2 or not enough or math.isnan(estimate):
        return Interval(estimate, math.nan, math.nan, n, level)
    half = _t_factor(level, n - 1) * math.sqrt(_total(pulls**2) * n / (n - 1))
    return Interval(estimate, estimate - half, estimate + half, n, level)


def _at_least_two(counts: Floats) -> bool:
    return int(np.count_nonzero(counts)) >= 2


def _ratio(sums: Floats, counts: Floats) -> tuple[float, Floats]:
    """Pooled ratio, and what each cluster adds to its error; nan if nothing was counted."""
    whole = _total(counts)
    if whole == 0:
        return math.nan, np.full(sums.size, math.nan)
    ratio = _total(sums) / whole
    return ratio, (sums - ratio * counts) / whole


def _sections(
    values: ArrayLike, cluster: ArrayLike, p: float, level: float
) -> tuple[Interval, dict[object, float]]:
    """Interval of the pooled quantile, and by label what each cluster adds to its error."""
    array, labels = finite_values("values", values), np.asarray(cluster)
    _same_length(values=array, cluster=labels)
    pooled = _quantile(array, _checked(p, "p"))
    names, owner = np.unique(labels, return_inverse=True)
    visits = np.bincount(owner, minlength=names.size).astype(np.float64)
    below = np.bincount(owner[array <= pooled], minlength=names.size).astype(np.float64)
    h = ratio_interval(below, visits, level).half_width
    low, high = (_quantile(array, q) if 0 < q < 1 else math.nan for q in (p - h, p + h))
    slope = (high - low) / (2 * h) if h else 0.0  # unit of the data per share of visits
    pulls = -slope * _ratio(below, visits)[1]
    return (
        Interval(pooled, low, high, names.size, level),
        dict(zip(names.tolist(), pulls.tolist(), strict=True)),
    )


def _from_best(i: int, gaps: list[list[Interval]], level: float) -> Interval:
    """Hsu's interval for layout i; ``gaps[i][j]`` is about mean i − mean j, smallest is best."""
    others = [j for j in range(len(gaps)) if j != i]
    mean = max(gaps[i][j].mean for j in others)
    n = gaps[i][i].n
    if n < 2:
        return Interval(mean, math.nan, math.nan, n, level)
    may_be_best = [j for j in others if all(gap.low <= 0 for gap in gaps[j])]
    low = min(0.0, max(gaps[i][j].low for j in others))
    high = max([0.0, *(gaps[i][j].high for j in may_be_best)])
    return Interval(mean, low, high, n, level)


def _last_rank(n: int, p: float, tail: float) -> int:
    """Largest rank l with P(Binomial(n, p) < l) at most `tail`; 0 if there is none."""
    return bisect_right(range(1, n + 1), tail, key=lambda rank: float(bdtr(rank - 1, n, p)))


def _quantile(array: Floats, p: float) -> float:
    return float(np.quantile(array, p)) if array.size else math.nan


def _t_factor(level: float, freedom: float) -> float:
    return float(stdtrit(freedom, (1 + _checked(level)) / 2))


def _total(values: Floats) -> float:
    return math.fsum(values.tolist())


def _checked(share: float, name: str = "level") -> float:
    if not 0 < share < 1:
        raise ValueError(
            f"{name}: found {share}; allowed is a share between 0 and 1, both excluded; "
            "write 0.95 for 95 %"
        )
    return share


def _pairs(numerators: ArrayLike, denominators: ArrayLike) -> tuple[Floats, Floats]:
    sums = finite_values("numerators", numerators)
    counts = finite_values("denominators", denominators)
    _same_length(numerators=sums, denominators=counts)
    if counts.size and counts.min() < 0:
        raise ValueError(f"denominators: found {counts.min()}; allowed is 0 or more; check counts")
    return sums, counts


def _same_length(**arrays: NDArray[np.generic]) -> None:
    if len({array.size for array in arrays.values()}) > 1:
        lengths = ", ".join(f"{name} has {array.size}" for name, array in arrays.items())
        raise ValueError(f"found {lengths}; allowed is one entry per cluster in each; align them")
