"""What is found of matters from inside, kept in a folder as a study is."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sim.analysis.reductions import HandlingPair
from sim.analysis.story import CaseStory
from sim.questions.one_matter import OneMatter, Way
from sim.questions.reductions import Reductions
from sim.scenario.scenario import Scenario
from sim.storage.codec import read_plain, stack, to_plain, unstack
from sim.storage.keep import (
    DAMAGE,
    FORMAT,
    SCENARIO,
    TALLIES,
    load_study,
    read_arrays,
    read_scenario_text,
    save_study,
    scenario_text,
    unreadable,
    write_folder,
)
from sim.version import VERSION

MATTER: Final = "matter.json"
STORIES: Final = "stories.json.gz"
"""A story repeats the days off and the names of its hall: a tenth of it is left."""
PLAIN_STORIES: Final = "stories.json"
"""As versions up to 0.3.0 wrote it."""


def save_one_matter(answer: OneMatter, folder: Path) -> None:
    """Write it into a new folder, complete or not at all.

    Raises
    ------
    OutputError
        When the folder exists already or cannot be written.
    """
    cuts = answer.reductions
    data = {
        "scenario": answer.scenario.hash,
        "layout": answer.layout,
        "seed": answer.seed,
        "asked": answer.asked,
        "ways": [way.handling for way in answer.ways],
        "reductions": None
        if cuts is None
        else {**to_plain(cuts, leave_out=("scenario", "pairs")), "pairs": len(cuts.pairs)},
        "format": FORMAT,
        "version": VERSION,
    }
    stories = {way.handling: to_plain(way.stories) for way in answer.ways}
    files = {
        SCENARIO: scenario_text(answer.scenario).encode(),
        MATTER: json.dumps(data, indent=1).encode(),
        STORIES: gzip.compress(json.dumps(stories).encode(), mtime=0),
    }
    arrays = {} if cuts is None else stack(cuts.pairs)

    def studies(making: Path) -> None:
        for way in answer.ways:
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
        stories = json.loads(_stories_text(folder))
        ways = tuple(
            Way(handling, load_study(folder / handling), _stories(stories[handling]))
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
    plain_fields = {
        name: value for name, value in data.items() if name not in ("scenario", "pairs")
    }
    pairs = unstack(HandlingPair, read_arrays(path), data["pairs"])
    return read_plain(Reductions, plain_fields, scenario=scenario, pairs=pairs)


def _stories_text(folder: Path) -> bytes:
    if (folder / STORIES).is_file():
        return gzip.decompress((folder / STORIES).read_bytes())
    return (folder / PLAIN_STORIES).read_bytes()


def _stories(data: Mapping[str, Sequence[Any]]) -> dict[str, tuple[CaseStory, ...]]:
    return {
        matter: tuple(read_plain(CaseStory, story) for story in rows)
        for matter, rows in data.items()
    }
