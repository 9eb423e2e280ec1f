"""Named random streams: one a purpose, keyed by meaning and never by order (DESIGN §2)."""

from __future__ import annotations

import hashlib

import numpy as np


def key(*parts: str) -> tuple[int, ...]:
    """Four words that a name always hashes to, in every process and version.

    Examples
    --------
    >>> key("arrival", "open_restaurant") == key("arrival", "open_restaurant")
    True
    """
    digest = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).digest()
    return tuple(int.from_bytes(digest[n : n + 4], "little") for n in range(0, 16, 4))


def streams(n: int, seed: int, replication: int, *name: str) -> list[np.random.Generator]:
    """As many streams of one purpose; the first is `stream` of the same name.

    Examples
    --------
    >>> first, second = streams(2, 1, 0, "service", "retirement")
    >>> first.random() == stream(1, 0, "service", "retirement").random() != second.random()
    True
    """
    bits = stream(seed, replication, *name).bit_generator
    assert isinstance(bits, np.random.Philox)
    return [np.random.Generator(bits.jumped(k)) for k in range(n)]


def stream(seed: int, replication: int, *name: str) -> np.random.Generator:
    """The generator of one purpose in one replication.

    Examples
    --------
    >>> one = stream(1, 0, "patience", "retirement").random()
    >>> one == stream(1, 0, "patience", "retirement").random()
    True
    """
    sequence = np.random.SeedSequence(seed, spawn_key=(replication, *key(*name)))
    return np.random.Generator(np.random.Philox(sequence))
