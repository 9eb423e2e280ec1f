"""Home leads everybody to a hall of their own, whatever they have of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.text import LANGUAGES, Language, load_text
from sim.web.home import QUESTIONS, STARTS
from sim.web.pages import PAGES
from tests.web.test_pages import home, opened, words

__all__ = ["home"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_log_a_table_or_nothing_each_has_a_way(home: Path, language: Language) -> None:
    app, text = opened("home", language), load_text(language)
    assert not app.exception
    said = words(app)
    links = {(link.label, link.page) for link in (each.proto for each in app.get("page_link"))}
    for kind, pages in (("start", STARTS), ("question", QUESTIONS)):
        for name, page in pages.items():
            assert text(f"page.home.{kind}_title.{name}") in said
            assert text(f"page.home.{kind}_what.{name}") in said
            assert (text(f"page.home.{kind}_open.{name}"), page) in links
    assert {*STARTS.values(), *QUESTIONS.values()} <= {page.key for page in PAGES}
