"""How long to run, how many replications to make, and what to throw away at the start."""

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim.analysis.intervals import Interval, finite_values, ratio_interval, t_interval
from sim.arrays import Floats

MSER5: Final = 5
"""Values per batch in MSER-5."""


class WarmUp(NamedTuple):
    """What to drop at the start of a run that began empty.

    Attributes
    ----------
    n_dropped : int
        Values to drop.
    n_batches : int
        The same in batches.
    mean : float
        Mean of the whole batches that stay, in the unit of the series.
    too_short : bool
        True if the best cut is the last one tried, half of the run: no warm-up was found, make
        the run longer.
    """

    n_dropped: int
    n_batches: int
    mean: float
    too_short: bool


def mser(series: ArrayLike, batch: int = MSER5) -> WarmUp:
    """How much of a run is warm-up?

    Takes the cut, in whole batches and up to half of the run, after which the mean has the smallest
    standard error.

    Parameters
    ----------
    series : array_like(float), shape (n,)
        In order of time, best averaged over replications; at least four batches.
    batch : int
        Values of a batch, 1 or more: 5 is MSER-5; 7 where values are days, since weekdays differ.

    Raises
    ------
    ValueError
        If a value is not finite or there are fewer than four batches.

    References
    ----------
    White (1997), An effective truncation heuristic for bias reduction in simulation output,
    Simulation 69; White, Cobb & Spratt (2000), A comparison of five steady-state truncation
    heuristics for simulation, Winter Simulation Conference.

    Examples
    --------
    >>> mser([0.0] * 10 + [8.0, 9.0, 10.0, 9.0, 9.0] * 6)
    WarmUp(n_dropped=10, n_batches=2, mean=9.0, too_short=False)
    """
    array = finite_values("series", series)
    if batch < 1:
        raise ValueError(f"batch: found {batch}; allowed is 1 or more; write 5 for MSER-5")
    n = array.size // batch
    if n < 4:
        raise ValueError(
            f"series: found {array.size} values; allowed is {4 * batch} or more; run longer"
        )
    means = array[: n * batch].reshape(n, batch).mean(axis=1)
    shifted = means - means[-1]  # a constant series gives exact zeros, a large level no rounding
    left = np.arange(n, 0, -1)
    sums = np.cumsum(shifted[::-1])[::-1]
    squares = np.cumsum(shifted[::-1] ** 2)[::-1]
    errors = (squares - sums**2 / left) / left**2
    last = n // 2
    cut = int(np.argmin(errors[: last + 1]))
    return WarmUp(cut * batch, cut, float(means[cut:].mean()), cut == last)


def lag1(values: ArrayLike) -> float:
    """How much does each value resemble the one before it?

    Parameters
    ----------
    values : array_like(float), shape (n,)
        In order of time, at least 3.

    Returns
    -------
    float
        Correlation of neighbours, from −1 to 1; above 0.2 batches are too short. Nan if all values
        are equal.

    Raises
    ------
    ValueError
        If a value is not finite or there are fewer than 3.

    References
    ----------
    Box, Jenkins, Reinsel & Ljung (2015), Time Series Analysis, 5th ed., ch. 2.

    Examples
    --------
    >>> lag1([1, 2, 3, 4, 5])
    0.4
    """
    array = finite_values("values", values)
    if array.size < 3:
        raise ValueError(f"values: found {array.size}; allowed is 3 or more; take more batches")
    off = array - array.mean()
    spread = float(off @ off)
    return float(off[:-1] @ off[1:]) / spread if spread else math.nan


def batch_means(series: ArrayLike, n_batches: int = 20, whole: int = 1) -> Floats:
    """Cut one long run into batches that can pass for independent, and average each.

    Parameters
    ----------
    series : array_like(float), shape (n,)
        In order of time, warm-up dropped.
    n_batches : int
        20 to 40 are usual; at least 2.
    whole : int
        Batches hold a multiple of this many values, e.g. 5 or 7 when values are days: Monday and
        Friday differ, so weeks stay whole.

    Returns
    -------
    ndarray(float), shape (n_batches,)
        What does not fill a batch is left out at the start, where warm-up may linger.

    Raises
    ------
    ValueError
        If a value is not finite or the series is too short for the batches.

    References
    ----------
    Schmeiser (1982), Batch size effects in the analysis of simulation output, Operations
    Research 30.

    Examples
    --------
    >>> batch_means([9, 1, 3, 2, 4], n_batches=2)
    array([2., 3.])
    """
    array = finite_values("series", series)
    if n_batches < 2 or whole < 1:
        raise ValueError(
            f"found n_batches {n_batches} and whole {whole}; allowed are at least 2 and 1; "
            "take 20 batches"
        )
    size = array.size // n_batches // whole * whole
    if size == 0:
        raise ValueError(
            f"series: found {array.size} values; allowed is {n_batches * whole} or more for "
            f"{n_batches} batches of {whole}; run longer or take fewer batches"
        )
    return np.asarray(array[-n_batches * size :].reshape(n_batches, size).mean(axis=1))


def batch_means_interval(
    series: ArrayLike, n_batches: int = 20, level: float = 0.95, whole: int = 1
) -> Interval:
    """Where does the long-run mean of one long run lie?

    Check ``lag1(batch_means(series, n_batches))``: above 0.2 the interval is too narrow.

    Parameters
    ----------
    series, n_batches, whole
        As in `batch_means`.
    level : float
        Coverage, between 0 and 1.

    Returns
    -------
    Interval
        Its `n` counts batches.

    Raises
    ------
    ValueError
        As `batch_means`, or if `level` is not between 0 and 1.

    References
    ----------
    Schmeiser (1982), Batch size effects in the analysis of simulation output, Operations
    Research 30.

    Examples
    --------
    >>> ci = batch_means_interval([1, 3, 2, 4, 3, 5], n_batches=3)
    >>> f"{ci.mean:.2f} ± {ci.half_width:.2f}"
    '3.00 ± 2.48'
    """
    return t_interval(batch_means(series, n_batches, whole), level)


def replications_needed(pilot: Interval, half_width: float) -> int:
    """How many replications in all would give this half-width, judged by a pilot?

    Parameters
    ----------
    pilot : Interval
        Over replications; its wider side counts if it is not symmetric.
    half_width : float
        Wanted, in the unit of the pilot, above 0.

    Returns
    -------
    int
        At least 2. Slightly generous, as the pilot's t is larger than that of the longer run.

    Raises
    ------
    ValueError
        If the pilot has no interval or `half_width` is not a finite number above 0.

    References
    ----------
    Rossetti (2015), Simulation Modeling and Arena, 2nd ed., ch. 3, half-width ratio method.

    Examples
    --------
    >>> pilot = Interval(mean=11.45, low=10.645, high=12.255, n=10)
    >>> replications_needed(pilot, half_width=0.4)
    41
    """
    if not (math.isfinite(half_width) and half_width > 0):
        raise ValueError(
            f"half_width: found {half_width}; allowed is a finite number above 0; name the "
            "precision you need"
        )
    arm = max(pilot.mean - pilot.low, pilot.high - pilot.mean)
    if not math.isfinite(arm):
        raise ValueError(
            f"pilot: found no interval from {pilot.n} replications; allowed is 2 or more; run more"
        )
    return max(2, math.ceil(pilot.n * (arm / half_width) ** 2))


class PrecisionStop:
    """Says, replication by replication, when every measure is known well enough.

    A measure is known well enough when its half-width is at most the larger of
    ``relative × |mean|`` and `absolute`: the first means nothing near 0, the second catches that.
    The run stops when all measures have been so at once for a replication and for a look-ahead
    after it (`k_limit` more, or that per cent of the count beyond 100), since half-widths of few
    replications dip by luck.

    Replications count in the order in which they are passed; pass them by number, not by who
    finished first, and one or eight processes stop at the same count.

    Parameters
    ----------
    relative : array_like(float)
        Wanted half-width per |mean|, one for all measures or one each.
    absolute : array_like(float)
        Wanted half-width in the unit of the measure, one for all or one each.
    level : float
        Coverage of each interval; pass ``bonferroni(0.95, M)`` for M measures that must hold
        together.
    minimum : int
        Replications before the first look, at least 2; early stops cover too rarely.
    most : int
        Replications after which it stops anyhow; `reached` is then False.
    k_limit : int
        Look-ahead, 0 or more.

    Attributes
    ----------
    n : int
        Replications counted.
    reached : bool
        True if the precision is reached and has held through the look-ahead.

    Raises
    ------
    ValueError
        If no positive target is given or a number is out of its range.

    References
    ----------
    Hoad, Robinson & Davies (2010), Automated selection of the number of replications for a
    discrete-event simulation, Journal of the Operational Research Society 61.

    Examples
    --------
    >>> stop = PrecisionStop(relative=0.05)
    >>> minutes_waited, visits = [1000, 1050, 990, 1010] * 10, [100, 104, 100, 101] * 10
    >>> for numerator, denominator in zip(minutes_waited, visits):
    ...     if stop.update(numerator, denominator):
    ...         break
    >>> stop.n, stop.reached
    (15, True)
    """

    def __init__(
        self,
        *,
        relative: ArrayLike = 0.05,
        absolute: ArrayLike = 0.0,
        level: float = 0.95,
        minimum: int = 10,
        most: int = 1000,
        k_limit: int = 5,
    ) -> None:
        self.relative = np.atleast_1d(np.asarray(relative, dtype=np.float64))
        self.absolute = np.atleast_1d(np.asarray(absolute, dtype=np.float64))
        self.level, self.minimum, self.most, self.k_limit = level, minimum, most, k_limit
        if not (np.all(self.relative >= 0) and np.all(self.absolute >= 0)):
            raise ValueError(
                f"found relative {self.relative} and absolute {self.absolute}; allowed is "
                "0 or more; write 0.05 for 5 %"
            )
        if not np.all(self.relative + self.absolute > 0):
            raise ValueError(
                "found relative 0 and absolute 0; allowed is one of them above 0; name the "
                "precision you need"
            )
        if minimum < 2 or most < minimum or k_limit < 0:
            raise ValueError(
                f"found minimum {minimum}, most {most}, k_limit {k_limit}; allowed are minimum "
                "from 2, most from minimum, k_limit from 0; correct them"
            )
        ratio_interval([], [], level)  # refuses a bad level now, not after ten replications
        self.reached = False
        self._numerators: list[Floats] = []
        self._denominators: list[Floats] = []
        self._since = 0  # replication since which all targets have held; 0: they do not

    @property
    def n(self) -> int:
        """Replications counted."""
        return len(self._numerators)

    @property
    def intervals(self) -> tuple[Interval, ...]:
        """Interval of each measure over the replications counted so far."""
        columns = zip(np.array(self._numerators).T, np.array(self._denominators).T, strict=True)
        return tuple(ratio_interval(sums, counts, self.level) for sums, counts in columns)

    @property
    def slowest(self) -> int:
        """Position of the measure that is furthest from its target."""
        return int(np.argmax(self._excess()))

    def update(self, numerators: ArrayLike, denominators: ArrayLike) -> bool:
        """Count one more replication; return True when no more are needed or allowed.

        After the first True, further replications are not counted.

        Parameters
        ----------
        numerators : array_like(float), shape (M,)
            Of each measure, its sum in this replication; a number for a single measure.
        denominators : array_like(float), shape (M,)
            What each sum is divided by; 1 for plain means per replication.

        Raises
        ------
        ValueError
            If an entry is not finite, a denominator negative, or the number of measures changes.
        """
        if self.reached or self.n >= self.most:
            return True
        sums = finite_values("numerators", np.atleast_1d(np.asarray(numerators, dtype=np.float64)))
        counts = finite_values(
            "denominators", np.broadcast_to(np.asarray(denominators, np.float64), sums.shape)
        )
        if self.n and sums.size != self._numerators[0].size:
            raise ValueError(
                f"numerators: found {sums.size} measures; allowed is {self._numerators[0].size} "
                "as before; pass the same measures each time"
            )
        ratio_interval(sums, counts, self.level)  # refuses negative denominators now
        self._numerators.append(sums.copy())
        self._denominators.append(counts.copy())
        if self.n >= self.minimum:
            self._look()
        return self.reached or self.n >= self.most

    def _look(self) -> None:
        if not np.all(self._excess() <= 0):
            self._since = 0
            return
        self._since = self._since or self.n
        ahead = max(self.k_limit, self.k_limit * self._since // 100)
        self.reached = self.n >= self._since + ahead

    def _excess(self) -> Floats:
        """By how much each half-width misses its target, per target; inf if there is none."""
        intervals = self.intervals
        widths = np.array([ci.half_width for ci in intervals])
        means = np.array([ci.mean for ci in intervals])
        targets = np.maximum(self.relative * np.abs(means), self.absolute)
        ratios = np.full(len(intervals), math.inf)
        np.divide(widths, targets, out=ratios, where=targets > 0)
        ratios[(widths == 0) & (targets == 0)] = 0.0  # all replications were 0: nothing to narrow
        return np.where(np.isnan(ratios), math.inf, ratios) - 1
