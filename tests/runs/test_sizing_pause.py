"""What a search says of how far it is."""

import pytest

from sim import Run, example_path, load_scenario
from sim.runs.sizing import Pause, SearchStoppedError


def test_a_search_counts_its_trials_from_its_first_word() -> None:
    """No total of replications comes before that of trials; the last one is for whoever ends it."""
    steps: list[tuple[int, int]] = []
    run = Run(progress=lambda *step: steps.append(step))
    pause = Pause(run.resolved(load_scenario(example_path("exact/mmc.yaml"))), 3)
    assert steps == [(0, 3)]
    for _ in range(4):
        pause()
    assert steps[1:] == [(1, 3), (2, 3), (2, 3), (2, 3)]


def test_a_search_that_is_cancelled_stops() -> None:
    run = Run(cancelled=lambda: True)
    pause = Pause(run.resolved(load_scenario(example_path("exact/mmc.yaml"))), 3)
    with pytest.raises(SearchStoppedError):
        pause()
