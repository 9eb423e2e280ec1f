"""Figures that pages show first: `python -m tests.web.figures` draws them anew.

Every page is opened in each language, as whoever comes first finds it; what it draws is kept.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from streamlit.testing.v1 import AppTest

from sim.text import LANGUAGES, Language
from sim.web import telling
from sim.web.pages import PAGES
from sim.web.reader import KEY as READER
from sim.web.reader import digest
from sim.web.session import _drawn
from sim.web.shipped_figures import (
    DrawnFigure,
    figures_file,
    mark_of,
    shipped_figure,
    write_figures,
)
from tests.web.test_pages import APP, turn


def draw_first_figures() -> dict[str, DrawnFigure]:
    """All figures that somebody finds who opens each page once in each language, by their marks."""
    with noting_figures() as figures:
        for page in PAGES:
            for language in LANGUAGES:
                assert not first_visit(page.key, language).exception
    return figures


def first_visit(page: str, language: Language) -> AppTest:
    """A page as somebody finds it who has never been here."""
    app = AppTest.from_file(str(APP), default_timeout=300)
    app.query_params["lang"] = language
    app.session_state[READER] = digest("first")
    turn(app, page)
    return app.run()


@contextmanager
def noting_figures(*, ships: bool = False) -> Iterator[dict[str, DrawnFigure]]:
    """Figures that are drawn meanwhile, by their marks.

    Parameters
    ----------
    ships
        Whether those that ship are taken, as ever.
    """
    figures: dict[str, DrawnFigure] = {}
    marks: list[str] = []
    draw_as_ever = telling.draw_figure

    def find(key: tuple[Hashable, ...]) -> DrawnFigure | None:
        marks.append(mark_of(key))
        return shipped_figure(key) if ships else None

    def draw_and_note(draw: Callable[[], Any], name: str, words: str) -> DrawnFigure:
        figures[marks[-1]] = draw_as_ever(draw, name, words)
        return figures[marks[-1]]

    _drawn.clear()
    with (
        patch.object(telling, "shipped_figure", find),
        patch.object(telling, "draw_figure", draw_and_note),
    ):
        yield figures
    _drawn.clear()


def main() -> None:
    """Draw them all, and put them beside the examples."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["GOVHALL_HOME"] = str(Path(home))
        write_figures(draw_first_figures(), figures_file())


if __name__ == "__main__":
    main()
