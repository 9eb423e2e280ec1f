"""Figures of examples are drawn before the first reader looks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.storage.answers import QUESTIONS
from sim.storage.example import EXAMPLE_OF
from sim.text import LANGUAGES, Language
from sim.web import telling
from sim.web.session import _drawn
from sim.web.warm import OTHERS, warm_examples
from tests.web.test_pages import home, opened, pytestmark

__all__ = ["home", "pytestmark"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_comes_first_waits_for_no_drawing(
    home: Path, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages ask for the very figures that were drawn, under the same keys."""
    drawn: list[str] = []
    draw_as_ever = telling.draw_figure

    def draw_and_note(draw: Callable[[], Any], name: str, words: str) -> telling.DrawnFigure:
        drawn.append(name)
        return draw_as_ever(draw, name, words)

    monkeypatch.setattr(telling, "draw_figure", draw_and_note)
    _drawn.clear()
    warm_examples()
    assert not drawn, "another process draws them"
    pages = {QUESTIONS[kind].page for kind in EXAMPLE_OF if kind not in OTHERS}
    for page in sorted(pages):
        drawn.clear()
        app = opened(page, language, view="simple")
        assert not app.exception
        assert not drawn, page
