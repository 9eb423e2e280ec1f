"""What holds for every journal, whatever the scenario."""

from __future__ import annotations

import numpy as np

from sim.plan.journal import Journal


def assert_same_journal(expected: Journal, actual: Journal) -> None:
    """Two engines told the same, tick for tick."""
    for name, one, other in zip(Journal._fields, expected, actual, strict=True):
        np.testing.assert_array_equal(other, one, err_msg=name)
