"""The change of shift: the rule in use is told apart from its rival by an exact day.

Whoever is busy when the roster falls finishes the visit in hand and then goes (DESIGN §4.12). Were
people sent back to the queue instead, more would wait ten minutes later.
"""

import pytest

from sim.theory import Slot, hall_day
from tests.laws.targets import CASES

IF_SENT_BACK = 5.14702
"""Mean queue at minute 130 if visits in hand were broken off; analytic case shift-change-a."""


def test_the_target_is_the_exact_day() -> None:
    day = hall_day([Slot(120, 0.55, 8), Slot(120, 0.55, 5)], 12.0, at=[130])
    targets = {target.what: target for target in CASES["shift_change"].targets}
    assert day.moments[0].queue == pytest.approx(targets["queue_at_130"].expected, rel=1e-5)


def test_the_tolerance_tells_the_rules_apart() -> None:
    target = next(
        target_ for target_ in CASES["shift_change"].targets if target_.what == "queue_at_130"
    )
    assert IF_SENT_BACK - target.expected > 3 * target.tolerance * target.expected
