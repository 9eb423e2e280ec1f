"""Signing in with an account in a real browser, at a provider that does as a department's does.

A stranger is shown the sign-in page alone; each account sees its own studies. Needs Chromium and
`pip install '.[browser,auth]'`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from sim.text import LANGUAGES, Language, Text, load_text
from sim.web.uploads import address_of
from tests.web.browsing import (
    CHROMIUM,
    SCREENS,
    Screen,
    Visit,
    answered,
    check,
    finished,
    free_port,
    serve,
)
from tests.web.halls import RANGED, home_with_hall
from tests.web.provider import PEOPLE, Provider, provide

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(900),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH"),
]


class App(NamedTuple):
    """What is looked at, and where people sign in."""

    address: str
    home: Path
    provider: Provider


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    for package in ("authlib", "joserfc"):
        pytest.importorskip(package, reason="pip install '.[auth]'")
    folder = tmp_path_factory.mktemp("accounts")
    port, secrets_file = free_port(), folder / "secrets.toml"
    with provide() as provider:
        secrets_file.write_text(provider.secrets_toml(f"http://127.0.0.1:{port}"), encoding="utf-8")
        home = home_with_hall(folder)
        with serve(home, f"--secrets.files={secrets_file}", port=port) as address:
            yield App(address, home, provider)


def sign_in(visit: Visit, text: Text, person: str) -> None:
    """Press the button, and choose an account where the provider asks for it."""
    visit.page.get_by_role("button", name=text("app.sign_in.go"), exact=True).click()
    visit.page.get_by_role("link", name=person, exact=True).click()
    visit.wait_for(text("app.sign_in.leave"))


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["", "my_studies"])
def test_a_stranger_is_shown_how_to_sign_in_and_nothing_else(
    app: App, browser: Any, page: str, language: Language, screen: Screen
) -> None:
    text = load_text(language)
    with Visit(browser, app.address, language, screen) as visit:
        visit.open(page)
        shown = visit.page.get_by_test_id("stMain").inner_text().split("\n")
        words = [text("app.title"), text("app.sign_in.what"), text("app.sign_in.go")]
        assert [line for line in shown if line.strip()] == words
        assert visit.page.get_by_role("link").count() <= 1, "past a menu that is not there"
        assert visit.page.locator("html").get_attribute("lang").partition("-")[0] == language
        check(visit, f"sign_in.{page or 'home'}")


def studies(visit: Visit) -> str:
    """What page *My studies* says."""
    visit.open("my_studies")
    return visit.words


def test_each_account_sees_its_own_studies_and_leaves(app: App, browser: Any) -> None:
    """The first asks a question; the second at the same browser, and the first at another."""
    text = load_text("zh")
    none = text("page.my_studies.none")
    first, second = PEOPLE
    with Visit(browser, app.address, "zh", SCREENS[0]) as visit:
        visit.open("")
        sign_in(visit, text, first)
        before = finished(app.home)
        visit.open("layouts", file=address_of(RANGED))
        visit.press(text("app.run"))
        answered(app.home, before, visit)
        assert none not in studies(visit)
        assert {without_path(url) for url in visit.outside} == {app.provider.address}
        visit.page.get_by_role("button", name=text("app.sign_in.leave"), exact=True).click()
        visit.wait_for(text("app.sign_in.what"))
        assert text("page.my_studies.title") not in studies(visit)
        sign_in(visit, text, second)
        assert none in studies(visit)
        assert visit.complaints == []
    text = load_text("en")
    with Visit(browser, app.address, "en", SCREENS[1]) as elsewhere:
        elsewhere.open("")
        sign_in(elsewhere, text, first)
        assert text("page.my_studies.title") in studies(elsewhere)
        assert text("page.my_studies.none") not in elsewhere.words


def without_path(url: str) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(url))
