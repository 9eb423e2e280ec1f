"""Figures of pages: those that ship are of today's answers, all others are drawn once."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from sim.errors import Problem
from sim.scenario import tree
from sim.scenario.node import OVERRIDE, Node
from sim.storage.shipped import EXAMPLES
from sim.text import LANGUAGES, Language
from sim.web import change
from sim.web.pages import PAGES
from sim.web.session import MOST_FIGURES, _drawn, drawn
from sim.web.shipped_figures import (
    FIGURES,
    DrawnFigure,
    digest_of_examples,
    figures_file,
    read_figures,
    shipped_figure,
    write_figures,
)
from sim.web.warm import read_examples
from tests.web.figures import draw_first_figures, first_visit, noting_figures
from tests.web.test_pages import home, pytestmark

__all__ = ["home", "pytestmark"]

READERS = 6
WRITTEN = ("my_hall", "my_log")
"""Pages that write a scenario anew from what they show."""
MADE_ANEW = "python -m tests.web.figures"


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_comes_first_waits_for_no_drawing(
    home: Path, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On any page: its figures ship, and what it says was read when the server started."""
    for cached in (change._made, change._read):  # other tests read other scenarios meanwhile
        cached.cache_clear()
    read_examples()
    parsed: list[str] = []
    root_as_ever = tree._root

    def note_root(events: Iterator[Any], name: str, problems: list[Problem]) -> Node:
        if name != OVERRIDE:
            parsed.append(name)
        return root_as_ever(events, name, problems)

    monkeypatch.setattr(tree, "_root", note_root)
    with noting_figures(ships=True) as figures:
        for page in PAGES:
            assert not first_visit(page.key, language).exception
            assert not figures, (page.key, MADE_ANEW)
            assert not parsed or page.key in WRITTEN, page.key
            parsed.clear()


@pytest.mark.parametrize("page", ["levers", "data"])
def test_what_ships_is_what_would_be_drawn(home: Path, page: str) -> None:
    """The quick ones, on behalf of all."""
    with noting_figures() as figures:
        first_visit(page, "en")
    shipped = read_figures(figures_file())
    assert figures
    assert figures == {mark: shipped[mark] for mark in figures}, MADE_ANEW


@pytest.mark.slow
def test_all_that_ships_is_what_would_be_drawn(home: Path) -> None:
    assert draw_first_figures() == read_figures(figures_file()), MADE_ANEW


def test_figures_of_other_answers_are_not_shown(tmp_path: Path) -> None:
    """An example that was made anew is not seen with the figures of the one before."""
    folder, figures = tmp_path / EXAMPLES, {"a" * 24: DrawnFigure("<svg/>", leaves_out_zero=True)}
    shutil.copytree(figures_file().parent / "tune", folder / "tune")
    file = folder / FIGURES
    assert not read_figures(file)
    write_figures(figures, file)
    before = digest_of_examples(folder)
    assert read_figures(file) == figures
    changed = next(path for path in (folder / "tune").rglob("*.json"))
    changed.write_text(changed.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert digest_of_examples(folder) != before
    assert not read_figures(file)


def test_a_figure_is_drawn_once_for_all_who_ask_at_once() -> None:
    """And all see the same; one that does not ship is asked for by its key."""
    begun, count, everybody = [], threading.Lock(), threading.Barrier(READERS)

    def draw() -> DrawnFigure:
        with count:
            begun.append(1)
        return DrawnFigure("<svg/>", leaves_out_zero=False)

    def ask(_: int) -> DrawnFigure:
        everybody.wait()
        return drawn(("asked for at once",), draw)

    _drawn.clear()
    assert shipped_figure(("asked for at once",)) is None
    with ThreadPoolExecutor(READERS) as readers:
        figures = [*readers.map(ask, range(READERS))]
    assert (len(begun), set(figures)) == (1, {DrawnFigure("<svg/>", leaves_out_zero=False)})
    assert drawn(("another",), draw)
    assert len(begun) == 2


def test_drawn_figures_are_kept_up_to_a_bound() -> None:
    begun: list[int] = []

    def draw_number(n: int) -> int:
        def draw() -> int:
            begun.append(n)
            return n

        return drawn(("number", n), draw)

    _drawn.clear()
    for n in range(MOST_FIGURES + 1):
        draw_number(n)
    draw_number(MOST_FIGURES)
    assert begun == [*range(MOST_FIGURES + 1)], "what was drawn last is kept"
    draw_number(0)
    assert begun[-1] == 0, "what nobody asked for longest is drawn anew"
