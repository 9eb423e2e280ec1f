"""How a reader chose to read, kept between visits: plainly or in full, and in which language."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal, TypeVar, get_args

from sim.storage.jobs import default_home
from sim.storage.keep import write_file
from sim.storage.life import Life, life_or_default, outlived
from sim.text import LANGUAGES, Language
from sim.web.reader import MARK

View = Literal["simple", "expert"]
VIEWS: Final[tuple[View, ...]] = get_args(View)
SIMPLE: Final[View] = "simple"
"""Few measures in words, for who decides."""
MOST_GB: Final = 0.01
"""Of all readers together, for each choice."""
Choice = TypeVar("Choice", bound=str)


def kept_view(reader: str) -> View:
    """The view that a reader chose last; the simple one where none is known."""
    return _kept("views", reader, VIEWS, SIMPLE)


def keep_view(reader: str, view: View) -> None:
    """Keep the view of a reader, where there is room for it."""
    _keep("views", reader, view)


def kept_language(browser: str) -> Language:
    """The language chosen last in a browser (`browser_name`); Chinese where none is known."""
    return _kept("languages", browser, LANGUAGES, "zh")


def keep_language(browser: str, language: Language) -> None:
    """Keep the language chosen in a browser, where there is room for it.

    It is the browser's, as it outlasts signing in: that leads back to an address without words.
    """
    _keep("languages", browser, language)


def _kept(kind: str, reader: str, choices: Sequence[Choice], default: Choice) -> Choice:
    with contextlib.suppress(OSError, ValueError):
        words = _path(kind, reader).read_text(encoding="ascii")
        return next((choice for choice in choices if choice == words), default)
    return default


def _keep(kind: str, reader: str, choice: str) -> None:
    with contextlib.suppress(OSError):
        path = _path(kind, reader)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, choice.encode())
        _clear(path.parent)


def _path(kind: str, reader: str) -> Path:
    if not MARK.fullmatch(reader):
        raise OSError(reader)
    return default_home() / kind / reader


def _clear(folder: Path) -> None:
    files = [(path, path.stat().st_mtime, path.stat().st_size) for path in folder.iterdir()]
    for path in outlived(files, Life(life_or_default().days, MOST_GB), time.time()):
        path.unlink(missing_ok=True)
