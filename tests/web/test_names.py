"""Names and notes of a scenario are shown as they are: on no page do they mean anything more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from ruamel.yaml import YAML
from streamlit.testing.v1 import AppTest

from sim.questions.compare import CompareQuestion
from sim.questions.one_matter import MatterQuestion
from sim.questions.staffing import StaffingQuestion
from sim.storage.request import Request
from sim.text import LANGUAGES, Language
from sim.web.change import Change, Source, made
from sim.web.pages import PAGES
from sim.web.session import Session
from sim.web.telling import plain
from tests.web.halls import SMALL
from tests.web.test_pages import finished, home, opened, pytestmark, turn

__all__ = ["home", "pytestmark"]

EVIL = "**x** [a](http://evil) <img src=x onerror=alert(1)> :red[y] $\\LaTeX$ `c` ~~s~~ :smile:"
MARKDOWN = MarkdownIt("commonmark").enable(["strikethrough", "table"])
ACTIVE = re.compile(r"<code>c</code>|<(?:a|img|s|h\d|table|hr|pre)\b")
LISTS = re.compile(r"<(?:li|ol|ul)\b")
DIRECTIVES = re.compile(r"(?<!\\)(?::[a-z-]+\[|:[a-z_]+:|\$[^$]+(?<!\\)\$)")
READ_AS_MARKDOWN = frozenset(
    {
        *("body", "label", "help", "content", "text", "caption", "delta"),
        *("widget_label", "tooltip", "header"),
    }
)
"""Fields of Streamlit's messages that a page reads as Markdown."""
PLAIN_LABELS = frozenset({"SelectBox", "Selectbox", "MultiSelect", "Image", "Page"})
"""Messages whose options are shown as they are."""


def evil(text: str) -> str:
    """The hall with such names, in both languages, wherever it has a name."""

    def named(node: Any) -> Any:
        if isinstance(node, dict) and set(node) == {"zh", "en"}:
            return {language: f"{words} {EVIL}" for language, words in node.items()}
        if isinstance(node, dict):
            return {key: named(value) for key, value in node.items()}
        return [named(item) for item in node] if isinstance(node, list) else node

    written = StringIO()
    YAML(typ="safe").dump(named(YAML(typ="safe").load(text)), written)
    return written.getvalue()


def messages(node: Any) -> Iterator[tuple[str, str, str]]:
    """Every text of a message and below it: kind of the message, field, text."""
    if not hasattr(node, "ListFields"):
        return
    for field, value in node.ListFields():
        many = [*value.values()] if hasattr(value, "values") else value
        if isinstance(many, (bytes, int, float)):
            continue
        for part in [many] if isinstance(many, str) or hasattr(many, "ListFields") else many:
            if isinstance(part, str):
                yield type(node).__name__, field.name, part
            else:
                yield from messages(part)


def shown(app: AppTest) -> Iterator[tuple[str, str, str]]:
    """All that is shown: what of it is read as Markdown is to be without any."""

    def walk(block: Any) -> Iterator[Any]:
        for child in block.children.values():
            if hasattr(child, "children"):
                yield from walk(child)
            yield getattr(child, "proto", None)

    for proto in walk(app._tree):
        yield from messages(proto)


def active(words: str) -> str:
    """What in words would be read as more than words; empty when nothing is."""
    marks = ACTIVE.search(MARKDOWN.render(words)) or DIRECTIVES.search(words)
    return marks.group() if marks else ""


def check(app: AppTest) -> int:
    """No text that a page reads as Markdown holds any from a name; how many were looked at."""
    assert not app.exception
    looked = 0
    for kind, field, words in shown(app):
        if "onerror" not in words or kind in PLAIN_LABELS or field not in READ_AS_MARKDOWN:
            continue
        looked += 1
        assert not active(words), (kind, field, words)
        assert "<strong>x</strong>" not in MARKDOWN.render(words), (kind, field, words)
    for table in app.table:
        frame = table.value
        for words in map(str, [*frame.columns, *frame.to_numpy().ravel()]):
            if "onerror" in words:
                looked += 1
                assert not active(words), words
    return looked


CHANGE = Change(Source("evil.yaml", evil(SMALL)))
RESULTS = {
    "layouts": ("study", Request(CompareQuestion(("zone", "pooled")), 2, 1)),
    "staffing": ("staffing", Request(StaffingQuestion(("pooled",), (3, 4)), 2, 1)),
    "matter": ("matter", Request(MatterQuestion("pooled"), 2, 1)),
}


def test_the_checks_see_what_they_are_for() -> None:
    assert active(EVIL)
    assert not active(plain(EVIL))
    for words in (
        "[a](b)",
        "<b onclick=x>",
        "$a$",
        ":red[x]",
        "`c`",
        "~~a~~",
        "# a",
        "- a",
        "1. a",
    ):
        assert active(words) or "<b" in words or LISTS.search(MARKDOWN.render(words))
        assert not active(plain(words)), words
        assert not LISTS.search(MARKDOWN.render(plain(words))), words
    assert active(f"**Name** {EVIL}")


@pytest.mark.parametrize("page", [page.key for page in PAGES])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_is_more_than_words(home: Path, page: str, language: Language) -> None:
    assert made(CHANGE).scenario is not None, made(CHANGE).problems
    if page in RESULTS:
        name, request = RESULTS[page]
        app = opened(page, language, **{name: finished(home, request, CHANGE)})
        app.session_state["session"]  # the address opened it
    else:
        app = opened(page, language)
        app.session_state["session"] = Session(language, CHANGE)
    turn(app, page)
    app.run()
    assert check(app) >= 1, "the name stands atop every page"


def test_a_file_name_is_shown_as_it_is(home: Path) -> None:
    app = opened("data")
    for content in (SMALL.encode(), b"name: ["):
        app.file_uploader(key="file").upload(f"{EVIL}.yaml", content).run()
        assert not app.exception
        for element in (*app.error, *app.button, *app.success):
            words = str(getattr(element, "label", "")) or str(element.value)
            assert not active(words), words


def test_what_is_wrong_is_told_as_it_stands(home: Path) -> None:
    app = opened("data")
    wrong = SMALL.replace("serves: [market]", f"serves: ['{EVIL}']")
    app.file_uploader(key="file").upload("mine.yaml", wrong.encode()).run()
    errors = "\n".join(error.value for error in app.error)
    assert "onerror" in errors
    assert "<img" not in MARKDOWN.render(errors)
    assert "<a" not in MARKDOWN.render(errors)
