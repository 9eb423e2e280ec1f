"""Figures that pages show first: drawn beforehand, they ship with the examples that they are of.

To draw them takes half a minute of a processor, and all who read at that time would wait.
`python -m tests.web.figures` draws them anew; those of other answers than lie beside them are not
used.
"""

from __future__ import annotations

import hashlib
import json
import lzma
from collections.abc import Hashable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from sim import data_dir
from sim.storage.keep import write_file
from sim.storage.shipped import EXAMPLES

FIGURES: Final = "figures.json.xz"
"""Beside the examples."""


class DrawnFigure(NamedTuple):
    """A figure as pages show it."""

    svg: str
    leaves_out_zero: bool


def shipped_figure(key: tuple[Hashable, ...]) -> DrawnFigure | None:
    """The figure of that key, where it ships.

    Examples
    --------
    >>> shipped_figure(("no figure",)) is None
    True
    """
    return _shipped().get(mark_of(key))


def mark_of(key: tuple[Hashable, ...]) -> str:
    """What a figure is called by that shows what the key says.

    Examples
    --------
    >>> len(mark_of(("example-size", "size-zone", "zh")))
    24
    """
    return hashlib.sha256(repr(key).encode()).hexdigest()[:24]


def figures_file() -> Path:
    """Where they lie."""
    return data_dir("scenarios") / EXAMPLES / FIGURES


def write_figures(figures: Mapping[str, DrawnFigure], file: Path) -> None:
    """Write figures of the examples beside the file by their marks."""
    content = {"of": digest_of_examples(file.parent), "figures": dict(sorted(figures.items()))}
    words = json.dumps(content, ensure_ascii=False)
    write_file(file, lzma.compress(words.encode(), preset=9))


def read_figures(file: Path) -> dict[str, DrawnFigure]:
    """Figures of the examples beside the file by their marks; none where it is not there, or of
    other answers.
    """
    if not file.is_file():
        return {}
    content = json.loads(lzma.decompress(file.read_bytes()))
    if content["of"] != digest_of_examples(file.parent):
        return {}
    return {mark: DrawnFigure(*figure) for mark, figure in content["figures"].items()}


def digest_of_examples(folder: Path) -> str:
    """What tells the answers in a folder of examples from others."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*/**/*")):
        if path.is_file():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return digest.hexdigest()[:24]


@lru_cache(maxsize=1)
def _shipped() -> Mapping[str, DrawnFigure]:
    return read_figures(figures_file())
