"""A store of studies: what has been run once is found again and not run a second time.

Each study has a folder of its own (`keep.py`), and the folders are the truth. A SQLite index beside
them saves reading them all; it is compared with the folders whenever it is asked, so that it may be
lost, be damaged or lag behind, and where it cannot be written the store does without.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import sqlite3
import sys
import time
import uuid
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from sim.engine.run import Engine
from sim.errors import OutputError, Problem, ResultError
from sim.results.tables import TableName
from sim.runs.replicate import Study, replicate
from sim.runs.run import ResolvedRun, Run
from sim.scenario.scenario import Scenario
from sim.storage.keep import (
    PARTS,
    TALLIES,
    Manifest,
    load_manifest,
    load_study,
    load_table,
    read_manifest,
    save_study,
)
from sim.storage.life import STORED, Life, life_of_stored, outlived, remove_folder, size_of
from sim.version import VERSION

if TYPE_CHECKING:
    import pandas as pd

INDEX: Final = "index.sqlite"
LOCK: Final = ".lock"
"""Held in common by all who write, alone by who clears away."""
BUSY_S: Final = 30.0
"""Seconds to wait for others to finish with the index."""
STALE_S: Final = 86_400.0
"""Seconds after which nobody is still at work on a half-written folder."""
SEED_DIGITS: Final = 20
"""Of the seed, in the name of a folder."""
LEFTOVER: Final = re.compile(r"\..+\.[0-9a-f]{32}", re.ASCII | re.DOTALL)
"""What `keep.py` calls a folder that is not complete."""

TABLE: Final = """
CREATE TABLE IF NOT EXISTS studies (
    name     TEXT PRIMARY KEY,
    manifest TEXT NOT NULL,
    checksum INTEGER NOT NULL
)
"""
OUTSIDE: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOLFS,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)
"""Troubles with an index that making it anew would not end."""


class StoredStudy(NamedTuple):
    """A study of a store, as it is listed."""

    folder: Path
    manifest: Manifest


class Store:
    """Studies below a folder; several processes may use it at once.

    Parameters
    ----------
    folder
        It is made when the first study is kept.
    life
        How long studies are kept; default: as `life_of_stored`.

    Raises
    ------
    OptionError
        As `life_of_stored`.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> from sim import example_path, load_scenario, replicate
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> store = Store(Path(mkdtemp()))
    >>> folder = store.keep(replicate(scenario, run=Run(replications=2, seed=1, workers=1)))
    >>> store.find(scenario.hash, seed=1, replications=2, layouts=["hall"]) == folder
    True
    """

    def __init__(self, folder: Path, life: Life | None = None) -> None:
        self.folder = folder
        self.life = life_of_stored() if life is None else life

    def keep(self, study: Study, tables: Sequence[int] = ()) -> Path:
        """Write a study into a new folder of the store and return the folder.

        Where the life of a store has an end, the studies that have outlived it go.

        Parameters
        ----------
        tables
            Replications whose tables are kept too.

        Raises
        ------
        OptionError
            For a replication the study does not have.
        OutputError
            When it cannot be written; then nothing of it is in the store.
        """
        seed = str(study.seed)[:SEED_DIGITS]
        name = f"{study.scenario.hash}-{seed}-{study.replications}-{uuid.uuid4().hex}"
        with self._writing():
            save_study(study, self.folder / name, tables)
        self._retire(self.folder / name)
        self.studies()
        return self.folder / name

    def _retire(self, new: Path) -> None:
        """Take away the oldest studies that have outlived their life; never a new one."""
        if self.life == STORED:
            return
        folders = []
        for folder in self._folders().values():
            with contextlib.suppress(OSError):
                folders.append((folder, folder.stat().st_mtime, size_of(folder)))
        for folder in outlived(folders, self.life, time.time()):
            if folder != new:
                with contextlib.suppress(OSError):
                    remove_folder(folder)

    def find(
        self,
        scenario_hash: str,
        seed: int,
        replications: int,
        layouts: Sequence[str],
        engine: Engine | None = None,
    ) -> Path | None:
        """Folder of the newest study of this version that answers the same question.

        Parameters
        ----------
        layouts
            In their order: the first is the one that others are compared with.
        engine
            Only studies that it ran; default: any, since engines agree.
        """
        matching = self.find_all(scenario_hash, seed, replications, layouts, engine)
        return next(matching, None)

    def find_all(
        self,
        scenario_hash: str,
        seed: int,
        replications: int,
        layouts: Sequence[str],
        engine: Engine | None = None,
    ) -> Iterator[Path]:
        """As `find`, all such folders, the newest first."""
        key = (scenario_hash, seed, VERSION, replications, tuple(layouts))
        for stored in reversed(self.studies()):
            manifest = stored.manifest
            same = key == (
                manifest.scenario_hash,
                manifest.seed,
                manifest.version,
                manifest.replications,
                manifest.layouts,
            )
            if same and engine in (None, manifest.engine):
                yield stored.folder

    def studies(self) -> tuple[StoredStudy, ...]:
        """Every complete study, the oldest first.

        Raises
        ------
        ResultError
            When the folder cannot be read.
        """
        return self._listed(self._bring_up_to_date)

    def rebuild(self) -> tuple[StoredStudy, ...]:
        """Make the index anew, clear away what broken-off writers left, and list what there is.

        Leftovers stay while anybody writes; they are never listed.

        Raises
        ------
        ResultError
            As `studies`.
        """
        self._clear()

        def afresh(index: sqlite3.Connection) -> None:
            if index.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise sqlite3.DatabaseError
            index.execute("DELETE FROM studies")
            self._bring_up_to_date(index)

        return self._listed(afresh)

    def load(self, path: Path) -> Study:
        """Read a study again.

        Raises
        ------
        ResultError
            When it is not a complete study of this store.
        """
        return load_study(self._own(path))

    def table(self, path: Path, name: TableName) -> pd.DataFrame:
        """One table of a study, rows of all replications whose tables were kept.

        Raises
        ------
        ResultError
            When it was not kept or cannot be read.
        """
        return load_table(self._own(path), name)

    def remove(self, path: Path) -> None:
        """Take a study out of the store for good.

        Raises
        ------
        ResultError
            When it is not a complete study of this store.
        OutputError
            When it cannot be removed.
        """
        folder = self._own(path)
        load_manifest(folder)
        going = folder.with_name(f".{folder.name}.{uuid.uuid4().hex}")
        try:
            folder.rename(going)  # gone at once, though its files go one by one
            shutil.rmtree(going)
        except OSError:
            raise OutputError(Problem("unwritable_output", found=str(folder))) from None
        self.studies()

    def _own(self, path: Path) -> Path:
        """A path of this store, and of nothing above or beside it."""
        if path.resolve().parent != self.folder.resolve() or path.name.startswith("."):
            raise ResultError(Problem("unreadable_study", "", str(path), found=str(self.folder)))
        return path

    # === folders === #

    def _folders(self) -> dict[str, Path]:
        """Folders that have all parts of a study, by name."""
        try:
            paths = sorted(self.folder.iterdir())
        except FileNotFoundError:
            return {}
        except OSError as error:
            name = type(error).__name__
            raise ResultError(
                Problem("unreadable_study", "", str(self.folder), found=name)
            ) from None
        return {
            path.name: path
            for path in paths
            if not path.name.startswith(".") and all((path / part).is_file() for part in PARTS)
        }

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """While this lasts, nobody clears away."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / LOCK).open("ab")
        except OSError:
            raise OutputError(Problem("unwritable_output", found=str(self.folder))) from None
        with lock:
            if sys.platform != "win32":
                import fcntl

                # flock and not lockf: a lock of this open file, so that threads have one each
                with contextlib.suppress(OSError):
                    fcntl.flock(lock, fcntl.LOCK_SH)
            yield

    def _clear(self) -> None:
        """Remove half-written folders: all when nobody writes, else those of long ago."""
        with contextlib.suppress(OSError), (self.folder / LOCK).open("ab") as lock:
            alone = False
            if sys.platform != "win32":
                import fcntl

                with contextlib.suppress(OSError):
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    alone = True
            for path in self.folder.iterdir():
                left = LEFTOVER.fullmatch(path.name) is not None and path.is_dir()
                if left and (alone or time.time() - path.stat().st_mtime > STALE_S):
                    shutil.rmtree(path, ignore_errors=True)

    # === the index === #

    def _listed(self, prepare: Callable[[sqlite3.Connection], None]) -> tuple[StoredStudy, ...]:
        """Prepare the index and read it; without one that can be used, use one in memory."""
        if self.folder.is_dir():
            for _ in range(2):
                try:
                    return self._read(self.folder / INDEX, prepare)
                except (sqlite3.Error, ValueError) as error:
                    code = getattr(error, "sqlite_errorcode", None)
                    if code is not None and code & 0xFF in OUTSIDE:
                        break
                    self._discard()
        return self._read(Path(":memory:"), self._bring_up_to_date)

    def _read(
        self, path: Path, prepare: Callable[[sqlite3.Connection], None]
    ) -> tuple[StoredStudy, ...]:
        connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
        with contextlib.closing(connection) as index:
            index.execute("PRAGMA journal_mode = WAL")
            index.execute("PRAGMA synchronous = NORMAL")
            # one transaction: folders looked at before another's entry would strike that out
            index.execute("BEGIN IMMEDIATE")
            index.execute(TABLE)
            prepare(index)
            rows = index.execute("SELECT name, manifest, checksum FROM studies").fetchall()
            index.execute("COMMIT")
        stored = []
        for name, text, checksum in rows:
            if not isinstance(text, str) or _checksum(name, text) != checksum:
                raise ValueError(name)
            stored.append(StoredStudy(self.folder / name, read_manifest(text)))
        return tuple(sorted(stored, key=lambda study: (study.manifest.kept_at, study.folder.name)))

    def _bring_up_to_date(self, index: sqlite3.Connection) -> None:
        """Strike out what is gone, enter what is new."""
        folders = self._folders()
        indexed = {name for (name,) in index.execute("SELECT name FROM studies")}
        deleted = [(name,) for name in indexed - folders.keys()]
        rows = [
            row for name in folders.keys() - indexed if (row := _row(folders[name])) is not None
        ]
        index.executemany("DELETE FROM studies WHERE name = ?", deleted)
        index.executemany("INSERT INTO studies VALUES (?, ?, ?)", rows)

    def _discard(self) -> None:
        for end in ("", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                (self.folder / f"{INDEX}{end}").unlink(missing_ok=True)


def _row(folder: Path) -> tuple[str, str, int] | None:
    """The line of the index for a study; None when it is broken."""
    try:
        text = json.dumps(load_manifest(folder)._asdict())
    except ResultError:
        return None
    if not zipfile.is_zipfile(folder / TALLIES):  # what was cut off has no end mark
        return None
    return folder.name, text, _checksum(folder.name, text)


def _checksum(name: str, text: str) -> int:
    return zlib.crc32(f"{name}\n{text}".encode())


# === running or finding === #


class FoundStudy(NamedTuple):
    """A study, and where it came from."""

    study: Study
    folder: Path | None
    """Where it is kept; None when it is not."""
    found: bool
    """Whether it was there already."""
    problem: OutputError | None = None
    """Why it could not be kept; what was run is not lost for that."""


class Replicate(Protocol):
    """Runs layouts of a scenario, and fewer replications than the run says only if cancelled."""

    def __call__(
        self, scenario: Scenario, layouts: Sequence[str], *, run: ResolvedRun
    ) -> Study: ...


def run_or_find(
    scenario: Scenario,
    layouts: Sequence[str] = (),
    *,
    run: Run = Run(),
    serve: Replicate = replicate,
    store: Store | None,
) -> FoundStudy:
    """Find a study in a store, or run it and keep it there.

    Parameters
    ----------
    layouts
        As in `replicate`.
    run
        How to run it when nothing is found; its replications and seed are looked for.
    serve
        Called when nothing is found.
    store
        None: run it, keep nothing.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> from sim import Run, example_path, load_scenario
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> store, run = Store(Path(mkdtemp())), Run(replications=1)
    >>> [run_or_find(scenario, run=run, store=store).found for _ in range(2)]
    [False, True]
    """
    names = tuple(layouts) or tuple(layout.id for layout in scenario.layouts)
    how = run.resolved(scenario)
    if store is None:
        return FoundStudy(serve(scenario, names, run=how), None, found=False)
    for folder in store.find_all(scenario.hash, how.seed, how.replications, names):
        with contextlib.suppress(ResultError):  # damaged: not found
            # the first so many of a longer question are the whole of this one
            study = store.load(folder)._replace(asked=how.replications, reached=None)
            return FoundStudy(study, folder, found=True)
    study = serve(scenario, names, run=how)
    if study.replications == 0:
        return FoundStudy(study, None, found=False)
    try:
        return FoundStudy(study, store.keep(study), found=False)
    except OutputError as error:
        return FoundStudy(study, None, found=False, problem=error)
