"""Files that readers brought, kept so that a page that is loaded anew still has them.

A file is found again by its address alone, which follows from its whole content: who does not have
the file, or the address, does not come to it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import time
from pathlib import Path
from typing import Final

from sim.storage.jobs import default_home
from sim.storage.keep import DAMAGE, write_file
from sim.storage.life import Life, life_or_default, outlived
from sim.web.change import Source, shipped
from sim.web.tables import NAME, kept_tables, tables_folder

MOST_GB: Final = 0.5
"""Of all files together."""


def folder() -> Path:
    """Where they are kept."""
    return default_home() / "files"


def address_of(source: Source) -> str:
    """The address of a scenario: the name of one that ships, else what follows from the file.

    Examples
    --------
    >>> address_of(Source("sanmenxia.yaml")), len(address_of(Source("a.yaml", "x")))
    ('sanmenxia.yaml', 40)
    """
    if source.text is None:
        return source.name
    tables = f"\n{source.tables}" if source.tables else ""
    return hashlib.sha256(f"{source.name}\n{source.text}{tables}".encode()).hexdigest()[:40]


def keep_file(source: Source) -> bool:
    """Keep a file that somebody brought; false where that fails: it lasts as long as the page."""
    path = folder() / f"{address_of(source)}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            write_file(path, json.dumps([*source]).encode())
        _clear(path.parent)
    except OSError:
        return False
    return True


def kept_file(address: str) -> Source | None:
    """The scenario of an address; None when there is none, or no longer."""
    if address in shipped():
        return Source(address)
    if not NAME.fullmatch(address):
        return None
    try:
        data = json.loads((folder() / f"{address}.json").read_text(encoding="utf-8"))
        name, text, *tables = map(str, data)
    except DAMAGE:
        return None
    if any(tables) and kept_tables(tables[0]) is None:
        return None
    return Source(name, text, *tables[:1])


def _clear(where: Path) -> None:
    """Take away files that have outlived what runs live."""
    files = [path for path in where.iterdir() if path.suffix == ".json"]
    tables = [*tables_folder().iterdir()] if tables_folder().is_dir() else []
    uploads = [(path, path.stat().st_mtime, _bytes_of(path)) for path in (*files, *tables)]
    for path in outlived(uploads, Life(life_or_default().days, MOST_GB), time.time()):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                path.unlink()


def _bytes_of(path: Path) -> int:
    """Of a file, or of the files in a folder."""
    parts = path.iterdir() if path.is_dir() else [path]
    return sum(part.stat().st_size for part in parts)
