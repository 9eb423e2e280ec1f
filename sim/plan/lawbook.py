"""Laws as numbers: one row a law, drawn by inversion so that the same person stays the same.

One uniform gives one value (monotone): what changes between two scenarios is the law, not the luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

CONSTANT: Final = 0
EXPONENTIAL: Final = 1
GAMMA: Final = 2
LOGNORMAL: Final = 3
UNIFORM: Final = 4
TRIANGULAR: Final = 5
EMPIRICAL: Final = 6
SEQUENCE: Final = 7


class LawRow(NamedTuple):
    """One law: its code, up to three parameters, and the values of a listed law."""

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
    """All laws of a plan, `L` rows."""

    codes: IntArray
    """int64, shape (L,): which family."""
    parameters: FloatArray
    """float64, shape (L, 3), in ticks or without unit: a, b, c of `LawRow`."""
    offsets: IntArray
    """int64, shape (L + 1,): where a law's listed values start."""
    values: FloatArray
    """float64: listed values of empirical and sequence laws, one after the other."""


def lawbook(rows: Sequence[LawRow]) -> Lawbook:
    """Lay laws out as arrays.

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
    laws: Lawbook, law: int, uniforms: FloatArray, rows: IntArray | None = None
) -> FloatArray:
    """Values of one law from uniforms in [0, 1).

    Parameters
    ----------
    uniforms : ndarray(float64), any shape
    rows : ndarray(int64), shape of `uniforms`
        Places in a `sequence` law; default: in order from the first.

    Returns
    -------
    ndarray(float64), shape of `uniforms`
        In the unit of the law.

    References
    ----------
    Inversion: Devroye, Non-Uniform Random Variate Generation (1986), ch. 2. Log-normal from mean m
    and cv: sigma^2 = ln(1 + cv^2), mu = ln m - sigma^2 / 2.

    Examples
    --------
    >>> laws = lawbook([LawRow(UNIFORM, 2.0, 5.0)])
    >>> sample(laws, 0, np.array([0.0, 0.5]))
    array([2. , 3.5])
    """
    code = int(laws.codes[law])
    a, b, c = (float(x) for x in laws.parameters[law])
    listed = laws.values[laws.offsets[law] : laws.offsets[law + 1]]
    match code:
        case 1:
            return -a * np.log1p(-uniforms)
        case 2:
            shape = 1.0 / b**2
            return np.asarray(special.gammaincinv(shape, uniforms) * (a / shape))
        case 3:
            sigma = np.sqrt(np.log1p(b**2))
            # the open interval: an exact 0 has no normal quantile
            normal = special.ndtri(np.maximum(uniforms, 2.0**-54))
            return np.asarray(a * np.exp(sigma * normal - sigma**2 / 2))
        case 4:
            return a + (b - a) * uniforms
        case 5:
            return _triangular(a, b, c, uniforms)
        case 6:
            return listed[(uniforms * len(listed)).astype(np.int64)]
        case 7:
            places = np.arange(uniforms.size) if rows is None else rows
            return listed[places % len(listed)]
        case _:
            return np.full(uniforms.shape, a)


def _triangular(low: float, mode: float, high: float, uniforms: FloatArray) -> FloatArray:
    if high == low:
        return np.full(uniforms.shape, low)
    split = (mode - low) / (high - low)
    rising = low + np.sqrt(uniforms * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - uniforms) * (high - low) * (high - mode))
    return np.where(uniforms < split, rising, falling)


def mean(laws: Lawbook, law: int) -> float:
    """Expected value of one law, for offered loads.

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
