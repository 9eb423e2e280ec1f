"""Signing in: nothing is shown before, where accounts are set up; each account is one reader."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from sim.text import LANGUAGES, Language, load_text
from sim.web.kept_choices import keep_language, kept_language
from sim.web.reader import USER_HEADER, browser_name, digest, reader
from tests.web.test_pages import APP, home, opened

__all__ = ["home"]
ACCOUNTS = {"redirect_uri": "x", "cookie_secret": "x", "client_id": "x", "client_secret": "x"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_shown_to_a_stranger_where_accounts_are_set_up(
    home: Path, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: object())
    app, text = opened("data", language), load_text(language)
    assert not [button for button in app.button if button.key in ("sign_in", "sign_out")]
    app.secrets["auth"] = ACCOUNTS
    app.run()
    assert [title.value for title in app.title] == [text("app.title")]
    assert [button.label for button in app.button] == [text("app.sign_in.go")]
    assert not app.exception


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_package_is_told(
    home: Path, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    app = opened("data", language)
    app.secrets["auth"] = ACCOUNTS
    app.run()
    [error] = app.error
    assert error.value == load_text(language)("app.sign_in.no_package")
    assert not app.button


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What a browser sends, and a state that remembers nothing."""
    sent = SimpleNamespace(headers={}, cookies={}, user={}, state={})
    user = SimpleNamespace(to_dict=lambda: sent.user)
    seen = SimpleNamespace(user=user, context=sent, session_state=sent.state)
    monkeypatch.setattr("sim.web.reader.st", seen)
    monkeypatch.delenv(USER_HEADER, raising=False)
    return sent


def test_readers_are_told_apart_by_the_best_that_is_known(
    browser: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def name() -> str:
        browser.state.clear()
        return reader()

    assert name() != name(), "nobody is known"
    browser.cookies = {"govhall_reader": "a" * 32}
    assert name() == digest("a" * 32)
    browser.headers = {"X-Remote-User": "ann"}
    assert name() == digest("a" * 32), "a header that anybody could send says nothing"
    monkeypatch.setenv(USER_HEADER, "X-Remote-User")
    anns = name()
    browser.headers = {"X-Remote-User": "bob"}
    assert len({anns, name(), digest("a" * 32)}) == 3
    browser.headers = {"X-Remote-User": " "}
    assert name() == digest("a" * 32), "nobody has signed in"
    browser.user = {"is_logged_in": True, "iss": "x", "sub": "1", "email": "ann@x"}
    browser.headers = {"X-Remote-User": "ann"}
    assert name() == digest("x 1 ann@x") != anns


def test_the_app_asks_for_functions_that_streamlit_has() -> None:
    assert callable(st.login)
    assert callable(st.logout)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_of_a_browser_outlasts_signing_in(
    home: Path, browser: SimpleNamespace, language: Language
) -> None:
    """Whoever comes back from signing in finds an address without words."""
    browser.cookies = {"govhall_reader": "a" * 32}
    keep_language(browser_name(), language)
    browser.user = {"is_logged_in": True, "iss": "x", "sub": "1", "email": "ann@x"}
    assert kept_language(browser_name()) == language
    browser.cookies = {"govhall_reader": "b" * 32}
    assert kept_language(browser_name()) == "zh", "another browser"
    browser.cookies = {}
    keep_language(browser_name(), "en")
    assert kept_language(browser_name()) == "zh", "one that keeps no mark"


def test_a_switch_of_the_language_is_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("pages", "session"):
        monkeypatch.setattr(f"sim.web.{module}.browser_name", lambda: digest("a"))
    app = opened("data", "zh")
    app.segmented_control(key="language").set_value("en").run()
    assert kept_language(digest("a")) == "en"
    app = AppTest.from_file(str(APP), default_timeout=120).run()
    assert app.session_state["session"].language == "en"
