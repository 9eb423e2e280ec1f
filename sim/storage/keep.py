"""A study in a folder: the scenario, a manifest, the tallies; written whole or not at all.

A folder holds `scenario.json`, `manifest.json` and `tallies.npz`, no pickles, so that any later
version can say whether it still understands them. When asked for, the tables of some replications
lie beside them as Parquet.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import struct
import uuid
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar, get_args

import numpy as np
import numpy.typing as npt

from sim.analysis.measures import Tally
from sim.engine.run import Engine, run
from sim.errors import OptionError, OutputError, Problem, ResultError
from sim.plan.compile import compile_plan
from sim.plan.crowd import draw_tape
from sim.results.outcomes import ACCOUNTS
from sim.results.tables import TableName, Tables
from sim.runs.replicate import Study
from sim.scenario.changed import Changed
from sim.scenario.scenario import Scenario
from sim.storage.codec import MARK, named_after, read_plain, stack, to_plain, unstack
from sim.version import VERSION

if TYPE_CHECKING:
    import pandas as pd

FORMAT: Final = 2
"""Goes up when a kept study of before can no longer be read."""
MANIFEST: Final = "manifest.json"
SCENARIO: Final = "scenario.json"
ASKED_OF: Final = "scenario"
"""Field of an answer that holds the scenario."""
CHANGED: Final = "changed_from_file"
"""Key beside the parts of a kept scenario: what is not as its file has it."""
TALLIES: Final = "tallies.npz"
PARTS: Final = (SCENARIO, MANIFEST, TALLIES)
"""Files without which a study is not complete."""
Answer = TypeVar("Answer", bound=tuple[Any, ...])
TABLE_NAMES: Final[tuple[TableName, ...]] = get_args(TableName)
DAMAGE: Final = (
    *(OSError, EOFError, ValueError, TypeError, LookupError, AttributeError, MemoryError),
    *(zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError),
)
"""What reading a file may raise that was cut off, changed, or never one of ours."""


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
    tables: tuple[int, ...] = ()
    """Replications whose tables lie beside the tallies."""


def save_study(study: Study, folder: Path, tables: Sequence[int] = ()) -> Manifest:
    """Write a study into a new folder; it appears under its name only when it is complete.

    Parameters
    ----------
    tables
        Replications whose tables are written too, of every layout; they are run once more.

    Raises
    ------
    OptionError
        For a replication the study does not have.
    OutputError
        When the folder exists already or cannot be written.
    """
    chosen = tuple(sorted(set(tables)))
    if absent := [n for n in chosen if not 0 <= n < study.replications]:
        allowed = f"0..{study.replications - 1}"
        problem = Problem("outside_range", "tables", found=str(absent[0]), allowed=allowed)
        raise OptionError(problem)
    manifest = Manifest(
        study.scenario.hash,
        study.seed,
        study.asked,
        study.replications,
        study.engine,
        study.layouts,
        VERSION,
        datetime.now(UTC).isoformat(timespec="seconds"),
        study.reached,
        tables=chosen,
    )
    files = {
        SCENARIO: scenario_text(study.scenario).encode(),
        MANIFEST: json.dumps(manifest._asdict(), indent=1).encode(),
    }
    arrays = dict(_arrays(study.tallies))
    write_folder(folder, files, arrays, lambda making: _write_tables(study, chosen, making))
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
        raise unreadable(folder / SCENARIO, "hash")
    layout_ids = {layout.id for layout in scenario.layouts}
    if not layout_ids.issuperset(manifest.layouts):
        raise unreadable(folder / MANIFEST, "layouts")
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
        return read_manifest(path.read_text(encoding="utf-8"))
    except DAMAGE as error:
        raise unreadable(path, str(error)[:60] or type(error).__name__) from None


def read_manifest(text: str) -> Manifest:
    """Read the text of a manifest, also of one written before it had all its fields.

    Raises
    ------
    ValueError
        When it says nothing that can be understood.
    """
    manifest = read_plain(Manifest, json.loads(text))
    if manifest.format != FORMAT:
        raise ValueError(f"format {manifest.format}")
    if not manifest.layouts or min(manifest.asked, manifest.replications) < 0:
        raise ValueError("numbers")
    datetime.fromisoformat(manifest.kept_at)
    return manifest


def scenario_text(scenario: Scenario) -> str:
    """A scenario as JSON, from which the same scenario is read again."""
    # what was written stays, also where it is the default: it may have a source or a range
    data = json.loads(scenario.model_dump_json(exclude_unset=True))
    changes = {CHANGED: [list(change) for change in scenario.changed]} if scenario.changed else {}
    return json.dumps({**data, **changes}, indent=1, ensure_ascii=False)


def read_scenario_text(path: Path) -> Scenario:
    """Read what `scenario_text` wrote.

    Raises
    ------
    ResultError
        When it cannot be read.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        changed = [Changed(*fields) for fields in data.pop(CHANGED, [])]
        return Scenario.model_validate_json(json.dumps(data)).with_changed(changed)
    except DAMAGE as error:
        raise unreadable(path, type(error).__name__) from None


def write_folder(
    folder: Path,
    files: Mapping[str, bytes],
    arrays: Mapping[str, npt.NDArray[Any]] | None = None,
    more: Callable[[Path], None] = lambda making: None,
) -> None:
    """Write files into a new folder that appears under its name complete or not at all.

    Parameters
    ----------
    more
        Writes further files into the folder that it is given.

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
            # by way of memory: on a full disk a half-written archive fails again as it is closed
            packed = io.BytesIO()
            np.savez_compressed(packed, allow_pickle=False, **arrays)
            _write(making / TALLIES, packed.getvalue())
        more(making)
        _sync(making)
        making.rename(folder)
    except OSError:
        raise OutputError(Problem("unwritable_output", found=str(folder))) from None
    finally:
        shutil.rmtree(making, ignore_errors=True)


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


def _sync(path: Path) -> None:
    """Have a file or folder on the disk and not only on its way, where the system can do that."""
    with contextlib.suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def unreadable(path: Path, fault: str) -> ResultError:
    """What is said of a kept result that cannot be read."""
    return ResultError(Problem("unreadable_study", "", str(path), found=fault))


def _arrays(tallies: Sequence[Sequence[Tally]]) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    """Each part of a tally as one array over all replications, named by layout, field and keys."""
    for n, row in enumerate(tallies):
        yield from ((f"{n}{MARK}{name}", array) for name, array in stack(row).items())


def read_arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    """All arrays of a file.

    Raises
    ------
    ResultError
        When it cannot be read.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except DAMAGE as error:
        raise unreadable(path, type(error).__name__) from None


def _tallies(path: Path, layouts: int, replications: int) -> tuple[tuple[Tally, ...], ...]:
    arrays = read_arrays(path)
    try:
        return tuple(
            tuple(map(_of_now, unstack(Tally, named_after(str(n), arrays), replications)))
            for n in range(layouts)
        )
    except DAMAGE as error:
        raise unreadable(path, type(error).__name__) from None


def _of_now(tally: Tally) -> Tally:
    """A tally with all outcomes of this version; of those that came later it has nobody."""
    accounts = {
        name: np.concatenate([counts, np.zeros(len(ACCOUNTS[name]) - len(counts), counts.dtype)])
        for name, counts in tally.accounts.items()
    }
    return tally._replace(accounts=accounts)


def _write_tables(study: Study, chosen: Sequence[int], folder: Path) -> None:
    """One Parquet file a table; a row group each replication and layout."""
    if not chosen:
        return
    import pyarrow.parquet as pq

    writers: dict[TableName, Any] = {}
    with contextlib.ExitStack() as stack:
        for replication in chosen:
            tape = draw_tape(study.plans[0].demand, study.seed, replication)
            for layout, plan in zip(study.layouts, study.plans, strict=True):
                tables = Tables(plan, tape, run(plan, tape, study.engine))
                for name in TABLE_NAMES:
                    rows = _arrow(tables.frame(name), replication, layout)
                    if name not in writers:
                        path = str(folder / f"{name}.parquet")
                        writer = pq.ParquetWriter(path, rows.schema, compression="zstd")
                        writers[name] = stack.enter_context(writer)
                    writers[name].write_table(rows)
    for name in writers:
        _sync(folder / f"{name}.parquet")


def _arrow(frame: pd.DataFrame, replication: int, layout: str) -> Any:
    """A frame as an Arrow table that says in its first columns whose rows they are."""
    import pyarrow as pa

    columns = {
        "replication": pa.array(np.full(len(frame), replication)),
        "layout": pa.array([layout] * len(frame), pa.string()),
    }
    for name in frame:
        values = frame[name].to_numpy()
        kind = None if values.dtype.kind in "ib" else pa.string()  # an empty column has no kind
        columns[str(name)] = pa.array(values, kind)
    return pa.table(columns)


def load_table(folder: Path, name: TableName) -> pd.DataFrame:
    """A kept table, rows of all replications and layouts that were asked for.

    Raises
    ------
    ResultError
        When it was not kept or cannot be read.
    """
    import pyarrow.parquet as pq

    path = folder / f"{name}.parquet"
    try:
        frame: pd.DataFrame = pq.ParquetFile(str(path)).read().to_pandas()
    except (OSError, ValueError) as error:
        raise unreadable(path, type(error).__name__) from None
    return frame


def save_answer(answer: Any, name: str, folder: Path) -> None:
    """Write an answer into a new folder, its scenario apart, complete or not at all.

    Parameters
    ----------
    answer
        A tuple with names, one of which is `scenario`.
    name
        Of the file with the answer.

    Raises
    ------
    OutputError
        When the folder exists already or cannot be written.
    """
    about = {"scenario_hash": answer.scenario.hash, "format": FORMAT, "version": VERSION}
    data = {**to_plain(answer, leave_out=(ASKED_OF,)), **about}
    files = {
        SCENARIO: scenario_text(answer.scenario).encode(),
        name: json.dumps(data, indent=1).encode(),
    }
    write_folder(folder, files)


def load_answer(kind: type[Answer], name: str, folder: Path) -> Answer:
    """Read what `save_answer` wrote, also before a field had its default.

    Raises
    ------
    ResultError
        When the folder holds no answer of this kind, or one of another format.
    """
    path, asked_of = folder / name, read_scenario_text(folder / SCENARIO)
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        # up to 0.2.0 the hash stood under the name of the field
        hashes = [data.pop(key) for key in ("scenario_hash", ASKED_OF) if key in data]
        if data.pop("format") != FORMAT or hashes != [asked_of.hash]:
            raise ValueError("format")
        del data["version"]
        return read_plain(kind, data, **{ASKED_OF: asked_of})
    except DAMAGE as error:
        raise unreadable(path, type(error).__name__) from None
