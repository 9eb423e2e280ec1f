"""Named random streams, one for each purpose: addressed by person and try (DESIGN §2).

A stream is a key; a draw is the key, a person and a try, mixed. So any draws of any people can be
made at once, in any order, and nobody's draw depends on how many others there are.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from sim.arrays import Floats, Singles

Uint64s = npt.NDArray[np.uint64]

GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
"""2**64 divided by the golden ratio, odd: the step from one person to the next."""
TRIES: Final = 40
"""Bit of an address from which tries count; below it people do."""


@functools.cache
def word(*parts: str) -> int:
    """The 64 bits that a name always hashes to, in every process and version.

    Examples
    --------
    >>> word("arrival", "open_restaurant") == word("arrival", "open_restaurant")
    True
    """
    digest = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def words(names: Sequence[str], *purpose: str) -> Uint64s:
    """One word a name, all of one purpose.

    Examples
    --------
    >>> words(["birth", "retirement"], "flow").dtype
    dtype('uint64')
    """
    return np.array([word(*purpose, name) for name in names], dtype=np.uint64)


def mix(bits: Uint64s) -> Uint64s:
    """Every bit of the result depends on every bit of the input, one to one. Modified in place.

    References
    ----------
    Steele, Lea & Flood (2014), Fast splittable pseudorandom number generators, OOPSLA; constants
    of variant 13 of D. Stafford. Consecutive multiples of an odd step, mixed so, are the generator
    SplitMix64, which passes BigCrush.

    Examples
    --------
    >>> mix(np.array([1], dtype=np.uint64))
    array([6238072747940578789], dtype=uint64)
    """
    bits ^= bits >> np.uint64(30)
    bits *= np.uint64(0xBF58476D1CE4E5B9)
    bits ^= bits >> np.uint64(27)
    bits *= np.uint64(0x94D049BB133111EB)
    bits ^= bits >> np.uint64(31)
    return bits


def keys(streams: Uint64s, purposes: Uint64s | np.uint64) -> Uint64s:
    """Keys of streams: of owners, such as flows, and purposes; shapes broadcast.

    Examples
    --------
    >>> key, other_key = keys(words(["birth", "retirement"]), np.uint64(word("patience")))
    >>> bool(key != other_key)
    True
    """
    return mix(streams + mix(np.atleast_1d(purposes).copy()))


def address(people: npt.NDArray[np.int64]) -> Uint64s:
    """Where the first draws of people stand in their streams.

    Examples
    --------
    >>> address(np.array([0, 1])).tolist() == [int(GOLDEN), (2 * int(GOLDEN)) % 2**64]
    True
    """
    return (people + 1).astype(np.uint64) * GOLDEN


def later(tries: npt.NDArray[np.int64]) -> Uint64s:
    """What further tries add to an address; nothing for the first, whose number is 0.

    Examples
    --------
    >>> later(np.array([0])).tolist()
    [0]
    """
    return (tries << TRIES).astype(np.uint64) * GOLDEN


def uniforms(stream: Uint64s | np.uint64, where: Uint64s) -> Floats:
    """Uniform numbers between 0 and 1, the middles of 2**52 even steps: never 0, never 1.

    Parameters
    ----------
    stream : ndarray(uint64), shape of `where`
        Key of each draw's stream.
    where : ndarray(uint64)
        Addresses in their streams.

    Examples
    --------
    >>> u = uniforms(np.uint64(word("example")), address(np.arange(10_000)))
    >>> bool(abs(u.mean() - 0.5) < 0.01)
    True
    """
    bits = mix(stream + where)
    bits >>= np.uint64(12)
    bits |= np.uint64(0x3FF0000000000000)  # the floats from 1 to 2, evenly
    draws = bits.view(np.float64)
    draws -= 1.0 - 2.0**-53
    return draws


def coarse_uniforms(stream: Uint64s | np.uint64, where: Uint64s) -> Singles:
    """Uniform numbers in [0, 1), multiples of 2**-24: half the memory, for choices among few.

    Examples
    --------
    >>> coarse_uniforms(np.uint64(word("example")), address(np.arange(2))).dtype
    dtype('float32')
    """
    bits = (mix(stream + where) >> np.uint64(40)).astype(np.float32)
    return bits * np.float32(2.0**-24)
