"""Distributions as numbers, a row each, drawn by inversion: the same person stays the same.

One uniform gives one value (monotone): what changes between two scenarios is the law, not the luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import special

from sim.arrays import Ints

FloatArray = npt.NDArray[np.float64]

CONSTANT: Final = 0
EXPONENTIAL: Final = 1
GAMMA: Final = 2
LOGNORMAL: Final = 3
UNIFORM: Final = 4
TRIANGULAR: Final = 5
EMPIRICAL: Final = 6
SEQUENCE: Final = 7


class LawRow(NamedTuple):
    """One distribution: its code, up to three parameters, and listed values."""

    code: int
    a: float = 0.0
    """Constant: value. Exponential, gamma, log-normal: mean. Uniform, triangular: low."""
    b: float = 0.0
    """Gamma, log-normal: coefficient of variation. Uniform: high. Triangular: mode."""
    c: float = 0.0
    """Triangular: high."""
    values: tuple[float, ...] = ()
    """Empirical, sequence: the values."""


class Lawbook(NamedTuple):
    """All distributions of a plan, `L` rows."""

    codes: Ints
    """int64, shape (L,): which family."""
    parameters: FloatArray
    """float64, shape (L, 3), in ticks or without unit: a, b, c of `LawRow`."""
    offsets: Ints
    """int64, shape (L + 1,): where a distribution's listed values start."""
    values: FloatArray
    """float64: listed values of empirical distributions and sequences, one after the other."""


def lawbook(rows: Sequence[LawRow]) -> Lawbook:
    """Lay distributions out as arrays.

    Examples
    --------
    >>> lawbook([LawRow(EXPONENTIAL, 60_000.0)]).parameters[0, 0]
    np.float64(60000.0)
    """
    sizes = np.array([len(row.values) for row in rows], dtype=np.int64)
    return Lawbook(
        np.array([row.code for row in rows], dtype=np.int64),
        np.array([row[1:4] for row in rows], dtype=np.float64).reshape(-1, 3),
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        np.array([value for row in rows for value in row.values], dtype=np.float64),
    )


def sample(
    laws: Lawbook, law: int | Ints, uniforms: FloatArray, rows: Ints | None = None
) -> FloatArray:
    """Values of distributions from uniforms between 0 and 1, neither of them reached.

    Parameters
    ----------
    law : int, or ndarray(int64), shape of `uniforms`
        One distribution for all, or one each.
    uniforms : ndarray(float64), shape (n,)
    rows : ndarray(int64), shape of `uniforms`
        Places in a `sequence`; default: in order from the first.

    Returns
    -------
    ndarray(float64), shape of `uniforms`
        In the unit of the distribution.

    References
    ----------
    Inversion: Devroye, Non-Uniform Random Variate Generation (1986), ch. 2. Log-normal from mean m
    and cv: sigma^2 = ln(1 + cv^2), mu = ln m - sigma^2 / 2.

    Examples
    --------
    >>> laws = lawbook([LawRow(UNIFORM, 2.0, 5.0)])
    >>> sample(laws, 0, np.array([0.25, 0.5]))
    array([2.75, 3.5 ])
    """
    places = np.arange(uniforms.size) if rows is None else rows
    if np.ndim(law) == 0:
        return _FAMILIES[int(laws.codes[law])](laws, law, uniforms, places)
    assert isinstance(law, np.ndarray)
    codes = laws.codes[law]
    families = np.flatnonzero(np.bincount(codes))
    if len(families) == 1:
        return _FAMILIES[int(families[0])](laws, law, uniforms, places)
    values = np.empty(uniforms.shape)
    for code in families:
        of = codes == code
        values[of] = _FAMILIES[int(code)](laws, law[of], uniforms[of], places[of])
    return values


LawIndex: TypeAlias = int | Ints
"""A distribution for all, or one each: parameters are picked out and stretched alike."""


def _constant(laws: Lawbook, law: LawIndex, uniforms: FloatArray, _: Ints) -> FloatArray:
    return np.asarray(np.zeros(uniforms.shape) + laws.parameters[law, 0])


def _exponential(laws: Lawbook, law: LawIndex, uniforms: FloatArray, _: Ints) -> FloatArray:
    return np.asarray(-laws.parameters[law, 0] * np.log1p(-uniforms))


def _gamma(laws: Lawbook, law: LawIndex, uniforms: FloatArray, _: Ints) -> FloatArray:
    shape = 1.0 / laws.parameters[law, 1] ** 2
    return np.asarray(special.gammaincinv(shape, uniforms) * (laws.parameters[law, 0] / shape))


def _lognormal(laws: Lawbook, law: LawIndex, uniforms: FloatArray, _: Ints) -> FloatArray:
    with np.errstate(divide="ignore"):  # rows of other families have no logarithm
        variance = np.log1p(laws.parameters[:, 1] ** 2)
        centre = np.log(laws.parameters[:, 0]) - variance / 2
    exponent: FloatArray = special.ndtri(uniforms)
    exponent *= np.sqrt(variance)[law]
    exponent += centre[law]
    return np.asarray(np.exp(exponent, out=exponent))


def _uniform(laws: Lawbook, law: LawIndex, uniforms: FloatArray, _: Ints) -> FloatArray:
    low, high = laws.parameters[law, 0], laws.parameters[law, 1]
    return np.asarray(low + (high - low) * uniforms)


def _triangular(laws: Lawbook, law: LawIndex, uniforms: FloatArray, _: Ints) -> FloatArray:
    low, mode, high = (laws.parameters[law, n] for n in range(3))
    width = high - low
    split = (mode - low) / np.where(width > 0, width, 1.0)
    rising = low + np.sqrt(uniforms * width * (mode - low))
    falling = high - np.sqrt((1 - uniforms) * width * (high - mode))
    return np.asarray(np.where(uniforms < split, rising, falling))


def _empirical(laws: Lawbook, law: LawIndex, uniforms: FloatArray, _: Ints) -> FloatArray:
    first, n = laws.offsets[law], laws.offsets[law + 1] - laws.offsets[law]
    return np.asarray(laws.values[first + (uniforms * n).astype(np.int64)])


def _sequence(laws: Lawbook, law: LawIndex, _: FloatArray, places: Ints) -> FloatArray:
    first, n = laws.offsets[law], laws.offsets[law + 1] - laws.offsets[law]
    return np.asarray(laws.values[first + places % n])


_FAMILIES: Final = (
    _constant,
    _exponential,
    _gamma,
    _lognormal,
    _uniform,
    _triangular,
    _empirical,
    _sequence,
)
"""How each family is inverted, by its code."""


def mean(laws: Lawbook, law: int) -> float:
    """Expected value of one distribution, for offered loads.

    Examples
    --------
    >>> mean(lawbook([LawRow(TRIANGULAR, 1.0, 2.0, 6.0)]), 0)
    3.0
    """
    a, b, c = (float(x) for x in laws.parameters[law])
    match int(laws.codes[law]):
        case 4:
            return (a + b) / 2
        case 5:
            return (a + b + c) / 3
        case 6 | 7:
            return float(laws.values[laws.offsets[law] : laws.offsets[law + 1]].mean())
        case _:
            return a
