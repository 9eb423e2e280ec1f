"""Figures of examples are drawn before the first reader looks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.questions.size import Sizing
from sim.storage.example import example_folder
from sim.storage.keep import load_answer
from sim.text import LANGUAGES, Language, load_text
from sim.views.blocks import PictureBlock
from sim.views.size_words import size_blocks
from sim.web import telling
from sim.web.session import _drawn
from sim.web.warm import warm_examples
from tests.web.test_pages import home, opened, pytestmark

__all__ = ["home", "pytestmark"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_comes_first_waits_for_no_drawing(
    home: Path, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page asks for the very figures that were drawn, under the same keys."""
    drawn: list[str] = []
    draw_as_ever = telling._draw

    def draw_and_note(draw: Callable[[], Any], name: str, words: str) -> telling.DrawnFigure:
        drawn.append(name)
        return draw_as_ever(draw, name, words)

    monkeypatch.setattr(telling, "_draw", draw_and_note)
    _drawn.clear()
    warm_examples()
    sizing = load_answer(Sizing, "size.json", example_folder("size"))
    blocks = size_blocks(sizing, load_text(language))
    figures = [block.name for block in blocks if isinstance(block, PictureBlock)]
    assert sorted(drawn) == sorted(figures * len(LANGUAGES))
    app = opened("staffing", language, view="simple")
    assert not app.exception
    assert sorted(drawn) == sorted(figures * len(LANGUAGES))
