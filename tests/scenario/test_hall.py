"""What parts of a hall say of themselves."""

from __future__ import annotations

import pytest

from sim.scenario.hall import Training


def test_training_counts_places_a_head() -> None:
    """6 sessions of 20 people among 40 are three more of each: two doublings, to a floor."""
    training = Training(
        sessions=6,
        people=20,
        staff=40,
        service_rate=0.9,
        correction_rate=0.8,
        least_correction=0.7,
    )
    assert training.service_factor == pytest.approx(0.81)
    assert training.correction_factor == 0.7
    nobody = training.model_copy(update={"sessions": 0})
    assert (nobody.service_factor, nobody.correction_factor) == (1, 1)
