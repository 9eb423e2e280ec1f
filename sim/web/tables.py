"""Tables that readers brought with a scenario: kept in a folder that follows from their content."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sim.storage.jobs import default_home
from sim.storage.keep import write_file

NAME: Final = re.compile(r"[0-9a-f]{40}", re.ASCII)


def tables_folder() -> Path:
    """Where the folders of all tables are kept."""
    return default_home() / "files" / "tables"


def address_of_tables(tables: Mapping[str, bytes]) -> str:
    """What names and contents of tables are known by; nothing for none.

    Examples
    --------
    >>> address_of_tables({}), len(address_of_tables({"log.csv": b"time"}))
    ('', 40)
    """
    if not tables:
        return ""
    digest = hashlib.sha256()
    for name, content in sorted(tables.items()):
        digest.update(f"{name}\n{hashlib.sha256(content).hexdigest()}\n".encode())
    return digest.hexdigest()[:40]


def keep_tables(tables: Mapping[str, bytes]) -> str:
    """Keep tables, by names that are no paths, and return their address.

    Raises
    ------
    OSError
        Where they cannot be written.
    """
    address = address_of_tables(tables)
    if address:
        folder = tables_folder() / address
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in tables.items():
            if not (folder / name).exists():
                write_file(folder / name, content)
    return address


def kept_tables(address: str) -> Path | None:
    """The folder of an address; None where there is none, or no longer."""
    folder = tables_folder() / address
    return folder if NAME.fullmatch(address) and folder.is_dir() else None
