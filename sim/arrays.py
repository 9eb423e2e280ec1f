"""Names of array types: what every floor calls an array of one kind of number."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
"""Drawn values that need no more than seven figures."""
Ints = npt.NDArray[np.int64]
"""Ticks, indices, counts."""
AnyInts = npt.NDArray[np.signedinteger[Any]]
"""Whole numbers of either width: columns of a journal are as narrow as they can be."""
Shorts = npt.NDArray[np.int32]
"""Indices in columns that are long."""
Bytes = npt.NDArray[np.int8]
"""Small codes: fates, causes, kinds."""
Bools = npt.NDArray[np.bool_]
