"""The main way through every page in a real browser: drawn, asked by clicking, answered.

On each page, in both languages, on a desk's screen and on a phone's: nothing outside the server is
asked for, the browser has nothing to complain of, and axe-core finds no barrier of WCAG 2.2 AA.
Screenshots are kept in `out/browser`, or where GOVHALL_PICTURES says. Needs Chromium and
`pip install '.[browser]'`.

Marked `main_path` is what continuous integration runs too: each page in both languages and on both
screens, though not in each of the four together, and each page's question asked once.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from sim.questions.extend import ExtendQuestion
from sim.storage.request import read_request
from sim.text import LANGUAGES, Language, load_text
from sim.web.pages import PAGES
from sim.web.uploads import address_of
from tests.web.browsing import CHROMIUM, SCREENS, Screen, Visit, answered, check, finished, serve
from tests.web.halls import RANGED, home_with_hall
from tests.web.signs import signs_of_log

Visiting = Callable[[Language, Screen], Visit]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(900),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH"),
]


def spread(*choices: Iterable[Any]) -> list[Any]:
    """Each choice together with each other; every second of them is of the main path."""
    together = []
    for numbered in itertools.product(*map(enumerate, choices)):
        values = [value for _, value in numbered]
        marks = [] if sum(n for n, _ in numbered) % 2 else [pytest.mark.main_path]
        name = "-".join(getattr(value, "name", value) for value in values)
        together.append(pytest.param(*values, marks=marks, id=name))
    return together


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the app, with a small hall in it."""
    return home_with_hall(tmp_path_factory.mktemp("browser"))


@pytest.fixture(scope="module")
def visiting(home: Path, browser: Any) -> Iterator[Visiting]:
    with serve(home) as server:
        yield lambda language, screen: Visit(browser, server, language, screen)


@pytest.mark.parametrize(
    ("page", "language", "screen"), spread([page.key for page in PAGES], LANGUAGES, SCREENS)
)
def test_every_page_is_drawn(
    visiting: Visiting, page: str, language: Language, screen: Screen
) -> None:
    text = load_text(language)
    with visiting(language, screen) as visit:
        visit.open("" if page == PAGES[0].key else page)
        said = visit.words
        assert text("app.title" if page == "home" else f"page.{page}.title") in said
        if language == "en":
            foreign = {sign for sign in said if "\u4e00" <= sign <= "\u9fff"}
            assert foreign <= set(load_text("zh")("language.name")) | signs_of_log(page)
        check(visit, page)


QUESTION_OF: Final = {
    "layouts": ("app.run", "compare"),
    "staffing": ("page.size.go", "size"),
    "levers": ("app.run", "levers"),
    "matter": ("page.matter.run", "matter"),
    "data": ("page.warm_up.go", "warm_up"),
}
"""Page -> its first button, and the kind of question that it asks."""


@pytest.mark.parametrize(("page", "screen"), spread(QUESTION_OF, SCREENS))
def test_a_question_is_asked_by_clicking_and_answered(
    home: Path, visiting: Visiting, page: str, screen: Screen
) -> None:
    """In Chinese; the other language has the same page and other words."""
    button, kind = QUESTION_OF[page]
    text = load_text("zh")
    before = finished(home)
    with visiting("zh", screen) as visit:
        visit.open(page, file=address_of(RANGED))
        visit.press(text(button))
        job = answered(home, before, visit)
        visit.wait_for(text("app.documents"))
        check(visit, f"{page}.answered")
        assert read_request(job).kind == kind
        visit.open("my_studies")
        asked = text(f"page.my_studies.kind.{kind}")
        name = text("page.my_studies.unnamed", kind=asked, hall="小厅")
        assert name in visit.words, "it is listed to whoever asked"
        check(visit, f"my_studies.{kind}")


@pytest.mark.parametrize(("language", "screen"), spread(LANGUAGES, SCREENS))
def test_a_log_becomes_a_hall_that_is_used(
    visiting: Visiting, language: Language, screen: Screen
) -> None:
    text = load_text(language)
    with visiting(language, screen) as visit:
        visit.open("my_log")
        visit.press(text("page.my_log.example"))
        visit.wait_for(text("page.my_hall.use"))
        check(visit, "my_log.read")
        visit.press(text("page.my_hall.use"))
        visit.wait_for(text("page.my_hall.in_use"))
        check(visit, "my_log.used")


@pytest.mark.parametrize("language", spread(LANGUAGES))
def test_a_hall_is_saved_and_listed_to_its_reader_alone(
    visiting: Visiting, language: Language
) -> None:
    text = load_text(language)
    with visiting(language, SCREENS[0]) as visit:
        visit.open("my_hall")
        visit.press(text("page.my_hall.save"))
        visit.wait_for(text("page.my_hall.kept", n=1))
        check(visit, "my_hall.saved")
    with visiting(language, SCREENS[0]) as stranger:
        stranger.open("my_hall")
        assert text("page.my_hall.kept", n=1) not in stranger.words


CLICK: Final = """() => {
  for (const node of document.querySelectorAll("*")) {
    const circle = node.shadowRoot?.querySelector('[data-town="t411224205"]')
    if (circle) return circle.dispatchEvent(new MouseEvent("click", {bubbles: true}))
  }
  throw new Error("no such circle")
}"""


def test_a_point_is_opened_on_the_map_and_run(home: Path, visiting: Visiting) -> None:
    text = load_text("zh")
    before = finished(home)
    with visiting("zh", SCREENS[0]) as visit:
        visit.open("townships", view="expert")
        visit.page.evaluate(CLICK)
        visit.settle()
        visit.fill(text("app.replications"), "2")
        visit.press(text("app.run"))
        job = answered(home, before, visit)
        visit.wait_for(text("app.documents"))
        assert text("stations.area") in visit.words
        check(visit, "townships.answered")
    question = read_request(job).question
    assert isinstance(question, ExtendQuestion)
    assert "t411224205" in question.points, "beside those of the example"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_part_of_a_number_is_not_cut_off_in_silence(
    visiting: Visiting, language: Language
) -> None:
    """The browser hands on what is typed, and the field shows it beside what is wrong with it."""
    text = load_text(language)
    with visiting(language, SCREENS[0]) as visit:
        visit.open("levers")
        visit.fill(text("app.replications"), "12.5")
        assert visit.page.get_by_label(text("app.replications"), exact=True).input_value() == "12.5"
        assert "12.5" in visit.words
        assert text("error.field_value.remedy") in visit.words
        assert visit.page.get_by_role("button", name=text("app.run"), exact=True).is_disabled()
        check(visit, "levers.part_of_a_number")


MOST_TABS: Final = 8
FOCUSED: Final = """() => {
  let one = document.activeElement
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement
  return one.dataset?.town ?? one.innerText ?? ""
}"""


START_OF: Final = {
    "home": "page.home.start_open.log",
    "my_studies": "page.my_studies.kind.matter",
    "my_hall": "page.my_hall.use",
    "my_log": "page.my_log.example",
    "townships": "app.run",
    **{page: button for page, (button, _) in QUESTION_OF.items()},
}
"""Page -> the button with which it is used."""


@pytest.mark.parametrize("page", START_OF)
def test_the_button_is_few_presses_of_tab_away(visiting: Visiting, page: str) -> None:
    """With the link that leads past the menu."""
    label = load_text("zh")(START_OF[page])
    with visiting("zh", SCREENS[0]) as visit:
        visit.open("" if page == PAGES[0].key else page)
        visit.page.keyboard.press("Tab")
        visit.page.keyboard.press("Enter")
        reached: list[str] = []
        while label not in reached and len(reached) < MOST_TABS - 1:
            visit.page.keyboard.press("Tab")
            reached.append(visit.page.evaluate(FOCUSED).strip())
        assert label in reached


def test_a_map_is_one_stop_and_arrows_lead_from_circle_to_circle(visiting: Visiting) -> None:
    with visiting("en", SCREENS[0]) as visit:
        visit.open("townships")
        circle = "circle[role=button]"
        towns = visit.page.locator(circle).evaluate_all("all => all.map(one => one.dataset.town)")
        assert visit.page.locator(f"{circle}[tabindex='0']").count() == 1
        visit.page.locator(f"{circle}[tabindex='0']").focus()
        passed = [visit.page.evaluate(FOCUSED)]
        for key in ("ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft"):
            visit.page.keyboard.press(key)
            passed.append(visit.page.evaluate(FOCUSED))
        assert len(set(passed)) > 2
        assert set(passed) <= set(towns)
        visit.page.keyboard.press("Tab")
        assert visit.page.evaluate(FOCUSED) not in towns


IN_EDITOR: Final = """(act) => {
  for (const node of document.querySelectorAll("*")) {
    const group = node.shadowRoot?.querySelector('[data-thing="zone"]')
    if (!group) continue
    if (act === "focus") { group.focus(); return group.getAttribute("aria-label") }
    if (act === "words") return group.getAttribute("aria-label")
    const { x, y, width, height } = group.getBoundingClientRect()
    return [x + width / 2, y + height / 2]
  }
  throw new Error("no such group")
}"""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_window_group_is_moved_by_keys_and_dragged(
    visiting: Visiting, language: Language, screen: Screen
) -> None:
    """What it is moved to stays after the page has been run again."""
    text = load_text(language)
    with visiting(language, screen) as visit:
        visit.open("layouts", file=address_of(RANGED))
        visit.page.get_by_text(text("floor.expander")).click()
        visit.settle()
        before = visit.page.evaluate(IN_EDITOR, "focus")
        for _ in range(3):
            visit.page.keyboard.press("ArrowUp")
        visit.page.wait_for_timeout(1_500)
        visit.settle()
        by_keys = visit.page.evaluate(IN_EDITOR, "words")
        assert by_keys != before
        x, y = visit.page.evaluate(IN_EDITOR, "place")
        visit.page.mouse.move(x, y)
        visit.page.mouse.down()
        visit.page.mouse.move(x + 20, y + 30, steps=4)
        visit.page.mouse.up()
        visit.page.wait_for_timeout(1_000)
        visit.settle()
        assert visit.page.evaluate(IN_EDITOR, "words") not in (before, by_keys)
        assert visit.page.get_by_role("button", name=text("floor.reset")).is_enabled()
        check(visit, "layouts.floor")


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_of_a_log_is_played(visiting: Visiting, language: Language, screen: Screen) -> None:
    text = load_text(language)
    with visiting(language, screen) as visit:
        visit.open("my_log")
        visit.press(text("page.my_log.example"))
        visit.wait_for(text("page.my_hall.use"))
        visit.page.get_by_text(text("logged_day.expander")).click()
        visit.page.get_by_text(text("logged_day.show"), exact=True).click()
        visit.wait_for(text("animation.download"))
        check(visit, "my_log.played")


def test_a_figure_that_is_moved_sideways_is_reached_by_keyboard(visiting: Visiting) -> None:
    """On a phone figures and tables are wider than the screen: Tab leads to them."""
    with visiting("zh", SCREENS[1]) as visit:
        visit.open("layouts")
        boxes = "[data-testid=stImage][tabindex='0'], [data-testid=stTable] [tabindex='0']"
        assert visit.page.locator(boxes).count() > 0
    with visiting("zh", SCREENS[0]) as visit:
        visit.open("layouts")
        assert visit.page.locator("[data-testid=stImage][tabindex='0']").count() == 0
