"""What is found of matters from inside, kept in a folder as a study is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.analysis.offered import Load
from sim.analysis.reductions import Pair
from sim.analysis.story import CaseStory, ItemStory, Stretch
from sim.experiment.keep import (
    DAMAGE,
    FORMAT,
    SCENARIO,
    TALLIES,
    load_study,
    read_scenario_text,
    save_study,
    scenario_text,
    unreadable,
    write_folder,
)
from sim.experiment.one_matter import OneMatter, Way
from sim.experiment.reductions import Reductions
from sim.scenario.scenario import Scenario
from sim.version import VERSION

MATTER: Final = "matter.json"
STORIES: Final = "stories.json"


def save_one_matter(found: OneMatter, folder: Path) -> None:
    """Write it into a new folder, complete or not at all.

    Raises
    ------
    OutputError
        When the folder exists already or cannot be written.
    """
    cuts = found.reductions
    data = {
        "scenario": found.scenario.hash,
        "layout": found.layout,
        "seed": found.seed,
        "asked": found.asked,
        "ways": [way.handling for way in found.ways],
        "reductions": None
        if cuts is None
        else {**cuts._asdict(), "scenario": None, "pairs": len(cuts.pairs)},
        "format": FORMAT,
        "version": VERSION,
    }
    stories = {way.handling: dict(way.stories) for way in found.ways}
    files = {
        SCENARIO: scenario_text(found.scenario).encode(),
        MATTER: json.dumps(data, indent=1).encode(),
        STORIES: json.dumps(stories).encode(),
    }
    arrays: dict[str, npt.NDArray[Any]] = {}
    if cuts is not None:
        for field in Pair._fields:
            arrays[field] = np.stack([getattr(one, field) for one in cuts.pairs])

    def studies(making: Path) -> None:
        for way in found.ways:
            save_study(way.study, making / way.handling)

    write_folder(folder, files, arrays, studies)


def load_one_matter(folder: Path) -> OneMatter:
    """Read what `save_one_matter` wrote.

    Raises
    ------
    ResultError
        When the folder holds none, or one of another format.
    """
    path, scenario = folder / MATTER, read_scenario_text(folder / SCENARIO)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT or data["scenario"] != scenario.hash:
            raise ValueError("format")
        told = json.loads((folder / STORIES).read_text(encoding="utf-8"))
        ways = tuple(
            Way(handling, load_study(folder / handling), _stories(told[handling]))
            for handling in data["ways"]
        )
        cuts = _reductions(data["reductions"], scenario, folder / TALLIES)
        return OneMatter(scenario, data["layout"], data["seed"], data["asked"], cuts, ways)
    except DAMAGE as error:
        raise unreadable(path, type(error).__name__) from None


def _reductions(
    data: Mapping[str, Any] | None, scenario: Scenario, path: Path
) -> Reductions | None:
    if data is None:
        return None
    with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
        arrays = [held[field] for field in Pair._fields]
    pairs = tuple(Pair(*(one[n] for one in arrays)) for n in range(data["pairs"]))
    lists: dict[str, Any] = {
        "matters": tuple(data["matters"]),
        "rows": tuple(data["rows"]),
        "overloads": tuple((Load(*one), Load(*two)) for one, two in data["overloads"]),
    }
    return Reductions(**{**data, **lists, "scenario": scenario, "pairs": pairs})


def _stories(data: Mapping[str, Sequence[Any]]) -> dict[str, tuple[CaseStory, ...]]:
    return {matter: tuple(map(_story, rows)) for matter, rows in data.items()}


def _story(data: Sequence[Any]) -> CaseStory:
    case, matter, layout, start, days_off, hall, items, trips, *ends = data
    return CaseStory(
        case,
        matter,
        layout,
        start,
        tuple(days_off),
        _stretches(hall),
        tuple(ItemStory(item, _stretches(rows), last) for item, rows, last in items),
        tuple((trip, at) for trip, at in trips),
        *ends,
    )


def _stretches(data: Sequence[Any]) -> tuple[Stretch, ...]:
    return tuple(Stretch(*one) for one in data)
