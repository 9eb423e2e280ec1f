"""Whether a reader sees pages plainly or in full: kept for each reader, between visits."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import Final, Literal, get_args

from sim.storage.jobs import default_home
from sim.storage.keep import write_file
from sim.storage.life import Life, life_or_default, outlived
from sim.web.reader import MARK

View = Literal["simple", "expert"]
VIEWS: Final[tuple[View, ...]] = get_args(View)
SIMPLE: Final[View] = "simple"
"""Few measures in words, for who decides."""
MOST_GB: Final = 0.01
"""Of all readers together."""


def kept_view(reader: str) -> View:
    """The view that a reader chose last; the simple one where none is known."""
    with contextlib.suppress(OSError, ValueError):
        words = _path(reader).read_text(encoding="ascii")
        return next((view for view in VIEWS if view == words), SIMPLE)
    return SIMPLE


def keep_view(reader: str, view: View) -> None:
    """Keep the view of a reader, where there is room for it."""
    with contextlib.suppress(OSError):
        path = _path(reader)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, view.encode())
        _clear(path.parent)


def _path(reader: str) -> Path:
    if not MARK.fullmatch(reader):
        raise OSError(reader)
    return default_home() / "views" / reader


def _clear(folder: Path) -> None:
    files = [(path, path.stat().st_mtime, path.stat().st_size) for path in folder.iterdir()]
    for path in outlived(files, Life(life_or_default().days, MOST_GB), time.time()):
        path.unlink(missing_ok=True)
