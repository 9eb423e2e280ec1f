"""Laws of spans of time, fitted to what a log knows of them: to its grain, or between bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np
from scipy.special import gammainc, gammaincc, gammaln, ndtr

from sim.analysis.intervals import Interval
from sim.arrays import Bools, Floats, Ints
from sim.clock import SECOND
from sim.learning.likelihood import Likeliest, likeliest

SpanLawName = Literal["exponential", "gamma", "lognormal"]
SPAN_LAWS: Final[tuple[SpanLawName, ...]] = ("exponential", "gamma", "lognormal")
"""Of the language's distributions those that the likelihood chooses from; an Erlang distribution is
a gamma distribution."""
COARSE: Final = 1 / 20
"""Grain, of the mean, from which on recorded spans are probabilities and no densities."""
DIGITS: Final = 1e-11
"""Of a sum, below which a difference is rounding."""
LARGEST_CV: Final = 10.0
"""That the language allows."""
N_VALUES: Final = 100
"""Values of an empirical distribution: means of hundredths of the sample, in order."""


class LawOfSpans(NamedTuple):
    """A distribution by mean and coefficient of variation of the variable itself."""

    law: SpanLawName
    mean: float
    cv: float

    @property
    def wait_factor(self) -> float:
        """(1 + cv²) / 2: by which the mean wait of a line with one window grows with variation.

        References
        ----------
        Pollaczek (1930), Khinchine (1932): mean wait of M/G/1.

        Examples
        --------
        >>> LawOfSpans("exponential", 5.0, 1.0).wait_factor
        1.0
        """
        return (1 + self.cv**2) / 2

    def wait_factor_above(self, floor: float) -> float:
        """The same of those spans alone that are not below a bound.

        Examples
        --------
        Without memory, what is above a bound begins there.

        >>> law = LawOfSpans("exponential", 1.0, 1.0)
        >>> round(law.wait_factor_above(1.0), 9) == (1 + 1 / 4) / 2
        True
        """
        square = self.mean**2 * (1 + self.cv**2)
        if self.law == "lognormal":
            mu, sigma = self._of_logs
            z = (float(np.log(floor)) - mu) / sigma if floor > 0 else -np.inf
            above = [float(ndtr(k * sigma - z)) for k in range(3)]
        else:
            shape, scale = self._gamma
            above = [float(gammaincc(shape + k, floor / scale)) for k in range(3)]
        return square * above[2] * above[0] / (2 * (self.mean * above[1]) ** 2)

    def cdf(self, x: Floats) -> Floats:
        """Probability to be at most x.

        Examples
        --------
        >>> LawOfSpans("exponential", 1.0, 1.0).cdf(np.array([0.0, np.inf])).tolist()
        [0.0, 1.0]
        """
        x = np.maximum(x, 0.0)
        if self.law == "lognormal":
            mu, sigma = self._of_logs
            with np.errstate(divide="ignore"):
                return np.asarray(ndtr((np.log(x) - mu) / sigma))
        shape, scale = self._gamma
        return np.asarray(gammainc(shape, x / scale))

    def integral(self, x: Floats) -> Floats:
        """Integral of the cdf from 0 to x: x F(x) less the mean of what is at most x.

        Examples
        --------
        >>> law = LawOfSpans("gamma", 2.0, 1.0)
        >>> round(float(law.integral(np.array([3.0]))[0]), 6), round(1 + 2 * float(np.exp(-1.5)), 6)
        (1.44626, 1.44626)
        """
        x = np.maximum(x, 0.0)
        if self.law == "lognormal":
            mu, sigma = self._of_logs
            with np.errstate(divide="ignore"):
                z = (np.log(x) - mu) / sigma
            return np.asarray(x * ndtr(z) - self.mean * ndtr(z - sigma))
        shape, scale = self._gamma
        return np.asarray(
            x * gammainc(shape, x / scale) - self.mean * gammainc(shape + 1, x / scale)
        )

    def log_density(self, x: Floats) -> Floats:
        """Logarithm of the density at x > 0."""
        if self.law == "lognormal":
            mu, sigma = self._of_logs
            z = (np.log(x) - mu) / sigma
            return np.asarray(-0.5 * z * z - np.log(x * sigma * np.sqrt(2 * np.pi)))
        shape, scale = self._gamma
        return np.asarray(
            (shape - 1) * np.log(x / scale) - x / scale - gammaln(shape) - np.log(scale)
        )

    def log_recorded(self, x: Floats, grain: float) -> Floats:
        """Logarithm of the density of a span that is told by instants cut to a grain.

        Both instants fall anywhere within it, so that a span between x - grain and x + grain is
        recorded as x with a probability that falls off to both sides in a triangle.

        Examples
        --------
        >>> law = LawOfSpans("exponential", 2.0, 1.0)
        >>> minutes = np.arange(200.0)
        >>> round(float(np.exp(law.log_recorded(minutes, 1.0)).sum()), 9)
        1.0
        """
        if grain < COARSE * self.mean:
            return self.log_density(np.maximum(x, grain / 2))
        around = self.integral(x + grain) - 2 * self.integral(x) + self.integral(x - grain)
        is_far = around < DIGITS * (x + grain)  # of the difference no digit is left
        with np.errstate(divide="ignore", invalid="ignore"):
            near = np.log(around / grain**2)
        return np.where(is_far, self.log_density(np.maximum(x, grain / 2)), near)

    def recorded_below(self, floor: float, grain: float) -> float:
        """Probability to be recorded as less than a multiple of the grain."""
        ends = self.integral(np.array([floor, floor - grain]))
        return float(ends[0] - ends[1]) / grain

    @property
    def _gamma(self) -> tuple[float, float]:
        return self.cv**-2, self.mean * self.cv**2

    @property
    def _of_logs(self) -> tuple[float, float]:
        square = float(np.log1p(self.cv**2))
        return float(np.log(self.mean)) - square / 2, square**0.5


@dataclass(frozen=True, eq=False)
class SeenSpans:
    """What a log says of some spans, in ticks.

    Attributes
    ----------
    low, high : ndarray(float64)
        Bounds; alike = recorded, to the grain; infinite `high` = at least `low`.
    day : ndarray(int64)
        On which each began: the clusters.
    grain : float
        Of what is recorded.
    floor : float
        Spans that are recorded as less are not among them (a multiple of the grain).
    """

    low: Floats
    high: Floats
    day: Ints
    grain: float
    floor: float = 0.0

    def __len__(self) -> int:
        return len(self.low)

    @property
    def is_recorded(self) -> Bools:
        """bool, shape (spans,)"""
        return np.asarray(self.low == self.high)

    def where(self, chosen: Bools) -> SeenSpans:
        """Some of them."""
        return SeenSpans(
            self.low[chosen], self.high[chosen], self.day[chosen], self.grain, self.floor
        )


class FittedSpans(NamedTuple):
    """A law with the intervals of its parameters."""

    law: LawOfSpans
    mean: Interval
    """In ticks."""
    cv: Interval
    score: float
    """Bayesian information criterion: the lower, the likelier."""


def fit_spans(
    seen: SeenSpans,
    laws: tuple[SpanLawName, ...] = SPAN_LAWS,
    level: float = 0.95,
) -> FittedSpans | None:
    """The likeliest law; a parameter more must pay for itself (Schwarz).

    References
    ----------
    Schwarz (1978), Annals of Statistics 6, 461-464.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> spans = rng.gamma(4, 2, 2_000)
    >>> fit = fit_spans(SeenSpans(spans, spans, np.arange(2_000) % 50, 1e-6))
    >>> assert fit is not None
    >>> fit.law.law, round(fit.law.mean), round(fit.law.cv, 1)
    ('gamma', 8, 0.5)
    """
    if not len(seen):
        return None
    fits = [fit for law in laws if (fit := _fit(seen, law, level)) is not None]
    return min(fits, key=lambda fit: fit.score) if fits else None


def law_of(law: SpanLawName, theta: Floats) -> LawOfSpans:
    """The law whose logarithms of mean and cv are parameters.

    Examples
    --------
    >>> law_of("gamma", np.zeros(2))
    LawOfSpans(law='gamma', mean=1.0, cv=1.0)
    """
    cv = 1.0 if law == "exponential" else float(np.exp(np.clip(theta[1], -5, 3)))
    return LawOfSpans(law, float(np.exp(np.clip(theta[0], -700, 700))), cv)


def first_guess(law: SpanLawName, spans: Floats) -> Floats:
    """Logarithms of mean and cv of a sample."""
    mean = float(spans.mean())
    guess = [np.log(mean)]
    if law != "exponential":
        cv = float(spans.std()) / mean
        guess.append(np.log(min(max(cv, 0.05), 3.0)))
    return np.array(guess)


def _fit(seen: SeenSpans, law: SpanLawName, level: float) -> FittedSpans | None:
    bounds = np.stack([seen.low, seen.high], axis=1)
    kinds, kind = np.unique(bounds, axis=0, return_inverse=True)
    low, high = kinds[:, 0], kinds[:, 1]
    recorded = low == high

    def terms(theta: Floats) -> Floats:
        at = law_of(law, theta)
        values = np.empty(len(low))
        values[recorded] = at.log_recorded(low[recorded], seen.grain)
        if seen.floor:
            values[recorded] -= np.log1p(-min(at.recorded_below(seen.floor, seen.grain), 1 - 1e-9))
        between = ~recorded
        values[between] = np.log(at.cdf(high[between]) - at.cdf(low[between]))
        return values

    middle = np.where(np.isfinite(seen.high), (seen.low + seen.high) / 2, seen.low)
    start = first_guess(law, np.maximum(middle, seen.grain / 2))
    fit = likeliest(terms, [start], kind.reshape(-1), seen.day)
    if fit is None or law_of(law, fit.theta).cv > LARGEST_CV:
        return None
    return fitted_spans(law, fit, level)


def fitted_spans(law: SpanLawName, fit: Likeliest, level: float) -> FittedSpans:
    """A law with its intervals, whose parameters come first."""
    cv = (
        Interval(1.0, 1.0, 1.0, len(fit.pulls), level)
        if law == "exponential"
        else fit.interval(lambda theta: float(theta[1]), level)
    )
    mean = fit.interval(lambda theta: float(theta[0]), level)
    score = len(fit.theta) * float(np.log(fit.n)) - 2 * fit.log_likelihood
    return FittedSpans(law_of(law, fit.theta), mean, cv, score)


def hundredths(values: Floats) -> tuple[int, ...]:
    """Means of hundredths in order, in whole seconds: they keep the mean and nearly all of the
    spread.

    Examples
    --------
    >>> hundredths(np.array([3_100.0, 900.0]))
    (1000, 3000)
    """
    parts = np.array_split(np.sort(values), min(N_VALUES, len(values)))
    means = np.array([part.mean() for part in parts])
    return tuple((np.rint(means / SECOND) * SECOND).astype(np.int64).tolist())
