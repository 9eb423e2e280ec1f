"""A study in a folder: the scenario, a manifest, the tallies; written whole or not at all.

A folder holds `scenario.json`, `manifest.json` and `tallies.npz`, no pickles, so that any later
version can say whether it still understands them.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

import sim
from sim.analysis.estimates import Estimate
from sim.analysis.intervals import Interval
from sim.analysis.measures import Tally
from sim.engine.run import ENGINES, Engine
from sim.errors import OutputError, Problem, ResultError
from sim.experiment.replicate import Study
from sim.experiment.staffing import StaffingCurve, StaffingPoint
from sim.plan.compile import compile_plan
from sim.scenario.scenario import Scenario

FORMAT: Final = 1
"""Goes up when a kept study of before can no longer be read."""
MANIFEST: Final = "manifest.json"
SCENARIO: Final = "scenario.json"
TALLIES: Final = "tallies.npz"
CURVE: Final = "curve.json"
MARK: Final = ":"
"""Stands between layout, field and keys in the name of an array."""


class Manifest(NamedTuple):
    """What a kept study says of itself."""

    scenario_hash: str
    seed: int
    asked: int
    replications: int
    engine: Engine
    layouts: tuple[str, ...]
    version: str
    """Of this project, when it was run."""
    kept_at: str
    """UTC, ISO 8601."""
    reached: bool | None = None
    """Whether the precision asked for was reached; None when none was asked for."""
    format: int = FORMAT


def save_study(study: Study, folder: Path) -> Manifest:
    """Write a study into a new folder; it appears under its name only when it is complete.

    Raises
    ------
    OutputError
        When the folder exists already or cannot be written.
    """
    manifest = Manifest(
        study.scenario.hash,
        study.seed,
        study.asked,
        study.replications,
        study.engine,
        study.layouts,
        sim.__version__,
        datetime.now(UTC).isoformat(timespec="seconds"),
        study.reached,
    )
    files = {
        SCENARIO: scenario_text(study.scenario).encode(),
        MANIFEST: json.dumps(manifest._asdict(), indent=1).encode(),
    }
    write_folder(folder, files, dict(_arrays(study.tallies)))
    return manifest


def load_study(folder: Path) -> Study:
    """Read a kept study; its plans are compiled anew from its scenario.

    Raises
    ------
    ResultError
        When the folder holds no complete study, or one of another format.
    """
    manifest = load_manifest(folder)
    scenario = read_scenario_text(folder / SCENARIO)
    if scenario.hash != manifest.scenario_hash:
        raise _unreadable(folder / SCENARIO, "hash")
    plans = tuple(compile_plan(scenario, layout) for layout in manifest.layouts)
    return Study(
        scenario,
        manifest.layouts,
        plans,
        manifest.seed,
        manifest.asked,
        manifest.engine,
        _tallies(folder / TALLIES, len(manifest.layouts), manifest.replications),
        manifest.reached,
    )


def load_manifest(folder: Path) -> Manifest:
    """What a kept study says of itself, without reading the study.

    Raises
    ------
    ResultError
        As `load_study`.
    """
    path = folder / MANIFEST
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        manifest = Manifest(**{**data, "layouts": tuple(data["layouts"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise _unreadable(path, type(error).__name__) from None
    if manifest.format != FORMAT or manifest.engine not in ENGINES:
        raise _unreadable(path, f"{manifest.format}, {manifest.engine}")
    return manifest


def kept_studies(folder: Path) -> tuple[Path, ...]:
    """Folders below `folder` that hold a complete study, by name."""
    found = (path for path in folder.glob("*") if path.is_dir() and not path.name.startswith("."))
    return tuple(sorted(path for path in found if (path / MANIFEST).is_file()))


def scenario_text(scenario: Scenario) -> str:
    """A scenario as JSON, from which the same scenario is read again."""
    return scenario.model_dump_json(exclude_defaults=True, indent=1)


def read_scenario_text(path: Path) -> Scenario:
    """Read what `scenario_text` wrote.

    Raises
    ------
    ResultError
        When it cannot be read.
    """
    try:
        return Scenario.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _unreadable(path, type(error).__name__) from None


def write_folder(
    folder: Path, files: Mapping[str, bytes], arrays: Mapping[str, npt.NDArray[Any]] | None = None
) -> None:
    """Write files into a new folder that appears under its name complete or not at all.

    Raises
    ------
    OutputError
        When the folder exists already or cannot be written.
    """
    making = folder.with_name(f".{folder.name}.{uuid.uuid4().hex}")
    try:
        if folder.exists():
            raise FileExistsError
        making.mkdir(parents=True)
        for name, data in files.items():
            _write(making / name, data)
        if arrays is not None:
            with (making / TALLIES).open("wb") as file:
                np.savez_compressed(file, allow_pickle=False, **arrays)
                file.flush()
                os.fsync(file.fileno())
        making.rename(folder)
    except OSError:
        shutil.rmtree(making, ignore_errors=True)
        raise OutputError(Problem("unwritable_output", found=str(folder))) from None


def write_file(path: Path, data: bytes) -> None:
    """Write one file that appears complete or not at all.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    making = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        _write(making, data)
        making.replace(path)
    finally:
        making.unlink(missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _unreadable(path: Path, found: str) -> ResultError:
    return ResultError(Problem("unreadable_study", "", str(path), found=found))


def _arrays(
    tallies: Sequence[Sequence[Tally]],
) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    """Each part of a tally as one array over all replications, named by layout, field and keys."""
    for n, row in enumerate(tallies):
        for field in Tally._fields if row else ():
            values = [getattr(tally, field) for tally in row]
            if not isinstance(values[0], Mapping):
                yield MARK.join((str(n), field)), np.stack(values)
                continue
            for key in values[0]:
                keys = (key,) if isinstance(key, str) else key
                stacked = np.stack([value[key] for value in values])
                yield MARK.join((str(n), field, *keys)), stacked


def _tallies(path: Path, layouts: int, replications: int) -> tuple[tuple[Tally, ...], ...]:
    """The tallies again; a part of one number a replication is a plain number there."""
    fields: list[list[dict[str, Any]]] = [[{} for _ in range(replications)] for _ in range(layouts)]
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            for name in arrays.files:
                layout, field, *keys = name.split(MARK)
                for tally, value in zip(fields[int(layout)], arrays[name], strict=True):
                    if keys:
                        key = keys[0] if len(keys) == 1 else tuple(keys)
                        tally.setdefault(field, {})[key] = value
                    else:
                        tally[field] = value if np.ndim(value) else value.item()
        return tuple(tuple(Tally(**tally) for tally in row) for row in fields)
    except (OSError, ValueError, TypeError, IndexError, EOFError, zipfile.BadZipFile) as error:
        raise _unreadable(path, type(error).__name__) from None


def save_curve(curve: StaffingCurve, folder: Path) -> None:
    """Write a staffing curve into a new folder, complete or not at all.

    Raises
    ------
    OutputError
        As `save_study`.
    """
    data = {
        "layouts": curve.layouts,
        "replications": curve.replications,
        "seed": curve.seed,
        "format": FORMAT,
        "version": sim.__version__,
        "scenario_hash": curve.study_scenario.hash,
        "points": [
            [
                point.layout,
                point.clerks,
                [[*one[:-1], list(one.interval)] for one in point.estimates],
            ]
            for point in curve.points
        ],
    }
    files = {
        SCENARIO: scenario_text(curve.study_scenario).encode(),
        CURVE: json.dumps(data, indent=1).encode(),
    }
    write_folder(folder, files)


def load_curve(folder: Path) -> StaffingCurve:
    """Read a kept staffing curve.

    Raises
    ------
    ResultError
        When the folder holds none, or one of another format.
    """
    path = folder / CURVE
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise ValueError(data["format"])
        points = tuple(
            StaffingPoint(
                layout,
                clerks,
                tuple(
                    Estimate(measure, unit, better, Interval(*interval))
                    for measure, unit, better, interval in estimates
                ),
            )
            for layout, clerks, estimates in data["points"]
        )
        layouts, replications, seed = tuple(data["layouts"]), data["replications"], data["seed"]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise _unreadable(path, type(error).__name__) from None
    scenario = read_scenario_text(folder / SCENARIO)
    return StaffingCurve(scenario, layouts, points, replications, seed)
