"""What is found of new stations, kept in a folder as a study is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.analysis.area import AreaTally
from sim.arrays import Floats
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.plan.year import year_of
from sim.questions.extend import online_instead
from sim.questions.extension import Extension, diverted_cases
from sim.runs.equilibrium import Equilibrium, with_expected_waits
from sim.storage.codec import MARK, named_after, stack, unstack
from sim.storage.keep import (
    DAMAGE,
    FORMAT,
    SCENARIO,
    TALLIES,
    read_arrays,
    read_scenario_text,
    scenario_text,
    unreadable,
    write_folder,
)
from sim.version import VERSION

EXTENSION: Final = "extension.json"
EXTENDED: Final = "extended.json"
WAITS: Final = "waits"
"""Stands where a field of a tally would: the waits that people of a plan expect."""


def save_extension(extension: Extension, folder: Path) -> None:
    """Write new stations and what came of them into a new folder, complete or not at all.

    Raises
    ------
    OutputError
        When the folder exists already or cannot be written.
    """
    data = {
        "scenario_hash": extension.scenario.hash,
        "extended_hash": extension.extended.hash,
        "layout": extension.layout,
        "points": extension.points,
        "settled": [
            [equilibrium.residuals, equilibrium.residual, equilibrium.tolerance]
            for equilibrium in extension.settled
        ],
        "year": extension.year.number,
        "replications": extension.replications,
        "seed": extension.seed,
        "asked": extension.asked,
        "engine": extension.engine,
        "level": extension.level,
        "format": FORMAT,
        "version": VERSION,
    }
    files = {
        SCENARIO: scenario_text(extension.scenario).encode(),
        EXTENDED: scenario_text(extension.extended).encode(),
        EXTENSION: json.dumps(data, indent=1).encode(),
    }
    write_folder(folder, files, dict(_arrays(extension)))


def load_extension(folder: Path) -> Extension:
    """Read kept stations; plans are compiled anew, with the waits that their people knew.

    Raises
    ------
    ResultError
        When the folder holds none, or one of another format.
    """
    path = folder / EXTENSION
    scenario, extended = (read_scenario_text(folder / name) for name in (SCENARIO, EXTENDED))
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        hashes = (data["scenario_hash"], data["extended_hash"])
        if data["format"] != FORMAT or hashes != (scenario.hash, extended.hash):
            raise ValueError("format")
        n, arrays = len(data["settled"]), read_arrays(folder / TALLIES)
        parts = [
            _tallies_and_waits(named_after(str(k), arrays), data["replications"]) for k in range(n)
        ]
        tallies, waits = (tuple(part) for part in zip(*parts, strict=True))
        first, wider = (compile_plan(area, data["layout"]) for area in (scenario, extended))
        plans = [first, wider._replace(demand=first.demand)]
        extension = Extension(
            scenario,
            extended,
            data["layout"],
            tuple(data["points"]),
            tuple(map(_settled, plans, waits, data["settled"])),
            tallies,
            year_of(scenario),
            data["seed"],
            data["asked"],
            data["engine"],
            data["level"],
        )
        if n == len(plans):
            return extension
        instead = online_instead(plans[0], diverted_cases(extension), extension.year)
        third = _settled(instead, waits[2], data["settled"][2])
        return replace(extension, settled=(*extension.settled, third))
    except DAMAGE as error:
        raise unreadable(path, type(error).__name__) from None


def _settled(plan: Plan, wait: npt.NDArray[np.float64], data: Sequence[Any]) -> Equilibrium:
    residuals, residual, tolerance = data
    plan_with_waits = plan if plan.journeys is None else with_expected_waits(plan, wait)
    return Equilibrium(plan_with_waits, tuple(residuals), residual, tolerance)


def _arrays(extension: Extension) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    """Each part of a tally as one array over all replications, and the waits, named by plan."""
    for n, (settled, row) in enumerate(zip(extension.settled, extension.tallies, strict=True)):
        yield f"{n}{MARK}{WAITS}", settled.waits
        yield from ((f"{n}{MARK}{name}", array) for name, array in stack(row).items())


def _tallies_and_waits(
    arrays: Mapping[str, npt.NDArray[Any]], replications: int
) -> tuple[tuple[AreaTally, ...], Floats]:
    """What `_arrays` made of one plan."""
    tallies = {name: array for name, array in arrays.items() if name != WAITS}
    return unstack(AreaTally, tallies, replications), arrays[WAITS]
