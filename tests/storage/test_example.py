"""The example that ships is what the program gives today, to the last bit.

Where this fails after a change of the model, of its measures or of the city's file:
`python -m sim.storage.example` makes it anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

import sim
from sim import Run
from sim.analysis.measures import Tally
from sim.runs.replicate import Study
from sim.storage.example import REPLICATIONS, SCENARIO, example_folder, example_study
from sim.storage.keep import load_manifest, load_study

MOST_BYTES = 1_000_000


def same(value: Any, other_value: Any) -> bool:
    """Whether two parts of a tally are equal to the bit."""
    if isinstance(value, Mapping):
        return value.keys() == other_value.keys() and all(
            same(value[key], other_value[key]) for key in value
        )
    return np.asarray(value).tobytes() == np.asarray(other_value, np.asarray(value).dtype).tobytes()


def check(shipped: Study, rerun: Study) -> None:
    for layout in rerun.layouts:
        for tally, tally_shipped in zip(rerun.of(layout), shipped.of(layout), strict=False):
            unlike = [
                field
                for field in Tally._fields
                if not same(getattr(tally, field), getattr(tally_shipped, field))
            ]
            assert not unlike, layout


def test_the_example_is_of_the_city_as_its_file_stands() -> None:
    shipped = load_study(example_folder())
    assert shipped.scenario.hash == sim.load_scenario(sim.example_path(SCENARIO)).hash
    assert shipped.replications == shipped.asked == REPLICATIONS
    assert shipped.layouts == tuple(layout.id for layout in shipped.scenario.layouts)
    assert load_manifest(example_folder()).version == sim.__version__
    assert sum(path.stat().st_size for path in example_folder().iterdir()) < MOST_BYTES


def test_its_first_crowd_comes_out_the_same() -> None:
    check(load_study(example_folder()), example_study(run=Run(replications=1, workers=1)))


@pytest.mark.slow
def test_all_of_it_comes_out_the_same() -> None:
    check(load_study(example_folder()), example_study())
