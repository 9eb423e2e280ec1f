"""The worked example that ships: `python -m sim.storage.example` makes it anew.

It is the city's scenario as it stands in the file, all layouts, with the seed of the file. Whoever
opens the app for the first time sees a result at once, and never one of somebody else.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

from sim import data_dir, example_path
from sim.runs.replicate import Study, replicate
from sim.runs.run import Run
from sim.scenario.load import load_scenario
from sim.storage.keep import save_study

SCENARIO: Final = "sanmenxia.yaml"
REPLICATIONS: Final = 10
NAME: Final = "example"
"""Of its folder among the scenarios."""


def example_folder() -> Path:
    """Where the example is kept."""
    return data_dir("scenarios") / NAME


def example_study(*, run: Run = Run(replications=REPLICATIONS)) -> Study:
    """The study that the example shows, run anew.

    Raises
    ------
    LawViolation
        When a run breaks a law of the hall.
    """
    scenario = load_scenario(example_path(SCENARIO))
    return replicate(scenario, run=run)


def main(folder: Path) -> None:
    """Make the example in a folder, in place of what is there."""
    study = example_study()
    shutil.rmtree(folder, ignore_errors=True)
    save_study(study, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else example_folder())
