"""Characters that the fonts of figures lack: borrowed from a font of the system, or named."""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text as Label

from sim.errors import Problem
from sim.scenario.scenario import Scenario
from sim.text import Text

FONTS: Final = Path(__file__).parent / "fonts"
MOST_NAMED: Final = 30
"""Characters that one sentence names."""


def unknown_glyphs(scenario: Scenario, text: Text) -> Problem | None:
    """The warning that names in figures show boxes, with their characters; None when none do."""
    boxes = [glyph for glyph in lacking(names_of(scenario, text)) if not families_for(glyph)]
    if not boxes:
        return None
    more = " …" if len(boxes) > MOST_NAMED else ""
    characters = " ".join(boxes[:MOST_NAMED]) + more
    return Problem("no_glyph", found=characters, severity="warning")


def names_of(scenario: Scenario, text: Text) -> str:
    """All that a scenario calls by a name in this language, run together."""
    return "".join(_names(scenario.model_dump(), "zh" if text.language == "zh" else "en"))


def _names(data: object, language: str) -> Iterator[str]:
    if isinstance(data, dict):
        name = data.get("name")
        if isinstance(name, dict):
            yield str(name.get(language, ""))
        for value in data.values():
            yield from _names(value, language)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _names(value, language)


def lacking(words: str) -> list[str]:
    """Characters, in their order, that the shipped fonts cannot draw."""
    here = frozenset().union(*(_characters(path) for path in _shipped()))
    seen = dict.fromkeys(sign for sign in words if unicodedata.category(sign)[0] not in "CZ")
    return [sign for sign in seen if ord(sign) not in here]


@cache
def _shipped() -> tuple[str, ...]:
    own = [str(path) for path in sorted(FONTS.glob("*.ttf"))]
    return (*own, font_manager.findfont("DejaVu Sans", fallback_to_default=False))


@cache
def _characters(path: str) -> frozenset[int]:
    """What a font can draw as outlines; nothing for one that cannot be read."""
    try:
        font = FT2Font(path)
        return frozenset(font.get_charmap()) if font.scalable else frozenset()
    except (OSError, RuntimeError):
        return frozenset()


@cache
def families_for(sign: str) -> tuple[str, ...]:
    """A family of the system that has this character; empty when there is none."""
    # matplotlib's own: textbook signs, and one whose every character is a box
    ships = (str(Path(mpl.get_data_path())), str(FONTS))
    for font in sorted(font_manager.fontManager.ttflist, key=lambda font: (font.name, font.fname)):
        if not font.fname.startswith(ships) and ord(sign) in _characters(font.fname):
            return (font.name,)
    return ()


@contextmanager
def quiet_glyphs() -> Iterator[None]:
    """While a figure is drawn: no warning of a character that comes out as a box."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph \d+ .*missing from")
        yield


def borrow(figure: Figure) -> bool:
    """Let a figure that was drawn fall back on fonts of the system for what ours lack.

    Returns
    -------
    bool
        Whether there is something to fall back on.
    """
    labels = [label for label in figure.findobj(Label) if isinstance(label, Label)]
    boxes = lacking("".join(label.get_text() for label in labels))
    more = list(dict.fromkeys(name for sign in boxes for name in families_for(sign)))
    for label in labels if more else ():
        label.set_fontfamily([*label.get_fontfamily(), *more])
    return bool(more)
