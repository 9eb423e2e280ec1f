"""The page *My log*: a log becomes the hall of all pages, step by step, and never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sim import data_dir
from sim.learning.learned import LearnedLog, read_log
from sim.learning.learned_file import learned_file
from sim.learning.traps import LogHall
from sim.text import LANGUAGES, Language, load_text
from sim.views.blocks import HeadingBlock
from sim.views.learn_words import account, fit_blocks
from sim.web.change import Change, made
from sim.web.kept_halls import MOST_HALLS, keep_hall, kept_halls, kept_scenarios
from sim.web.reader import KEY as READER
from sim.web.session import MY_LOG
from sim.web.telling import plain
from tests.web.test_my_hall import ANN, BOB
from tests.web.test_pages import change_of, home, open_each_page, opened, pytestmark, turn, words

__all__ = ["home", "pytestmark"]
LOG = data_dir("scenarios") / "data" / "made_ticket_log.csv"
GIVEN = {
    "ticket": "ordinal",
    "taken": "getTime",
    "started": "startTime",
    "ended": "endTime",
    "called": "",
}
"""Columns of that log and their headings; there is none of calls."""


def with_example(language: Language = "en") -> AppTest:
    app = opened("my_log", language, lang=language)
    app.button(key=f"{MY_LOG}-example").click().run()
    assert not app.exception
    return app


def with_log(content: str, language: Language = "en", name: str = "log.csv") -> AppTest:
    app = opened("my_log", language, lang=language)
    app.file_uploader(key=f"{MY_LOG}-brought").upload(name, content.encode()).run()
    assert not app.exception
    return app


def treatment_of(app: AppTest, trap: str) -> str:
    """What is done about a trap, as its field shows it."""
    [field] = [each for each in app.selectbox if f"-{trap}-" in str(each.key)]
    return str(field.value)


@pytest.mark.parametrize("is_compiled", [True, False])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_is_run_unasked_once_the_engine_is_compiled(
    home: Path, language: Language, is_compiled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Compiling takes a minute, in which the server hardly answers: nobody waits for it unasked."""
    monkeypatch.setattr("sim.web.my_log.is_ready", lambda engine: is_compiled)
    app, text = opened("my_log", language, lang=language), load_text(language)
    assert (text("page.my_hall.use") in words(app)) == is_compiled
    if not is_compiled:
        app.button(key=f"{MY_LOG}-simulate").click().run()
        assert text("page.my_hall.use") in words(app)
    assert not app.exception


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_begins_with_the_example(
    home: Path, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read, marked as such, until a log is brought."""
    monkeypatch.setattr("sim.web.my_log.is_ready", lambda engine: True)
    app, text = opened("my_log", language, lang=language), load_text(language)
    assert text("page.my_log.example_shown") in words(app)
    assert text("page.my_hall.use") in words(app)
    app.file_uploader(key=f"{MY_LOG}-brought").upload("log.csv", LOG.read_bytes()).run()
    assert not app.exception
    assert text("page.my_log.example_shown") not in words(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_says_what_the_command_says(home: Path, language: Language) -> None:
    app, text = with_example(language), load_text(language)
    assert not app.error
    learned = read_log(LOG)
    said = words(app).replace("\\", "")
    assert account(learned.quality, text) in said
    labels = [expander.label for expander in app.expander]
    headings = [
        block.words for block in fit_blocks(learned, text) if isinstance(block, HeadingBlock)
    ]
    other = {text("page.my_log.change_columns"), text("logged_day.expander")}
    assert {*labels} - other <= {*headings}
    assert {text("learn.arrivals"), text("learn.patience")} <= set(labels)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_of_the_log_is_played(home: Path, language: Language) -> None:
    app = with_example(language)
    [toggle] = [each for each in app.toggle if str(each.key).startswith("log-day-")]
    toggle.set_value(True).run()
    assert not app.exception
    assert not app.error
    offered = [str(button.key) for button in app.get("download_button")]
    assert str(toggle.key).replace("-shown", "-download") in offered


def test_used_it_is_the_scenario_that_the_command_writes(home: Path) -> None:
    app = with_example()
    name = next(each for each in app.text_input if str(each.key).endswith("-hall"))
    name.set_value("Our office").run()
    app.button(key=f"{MY_LOG}-use").click().run()
    assert not app.exception
    source = change_of(app).source
    assert source.text == learned_file(read_log(LOG), "Our office").words.replace(
        str(LOG), LOG.name
    )
    scenario = made(Change(source)).scenario
    assert scenario is not None
    assert scenario.name.en == "Our office"
    assert load_text("en")("page.my_hall.in_use") in words(app)


def test_the_page_is_left_and_resumed(home: Path) -> None:
    app = with_example()
    app.button(key=f"{MY_LOG}-use").click().run()
    for _ in open_each_page(app):
        assert not app.error
    turn(app, "my_log")
    app.run()
    assert load_text("en")("page.my_hall.in_use") in words(app)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "content", ["", "a,b\n", "a,b\n1,2\n", "\x00\x01", "taken\n,\n", "PK", "PAR1"]
)
def test_what_is_no_log_is_told(home: Path, language: Language, content: str) -> None:
    app = with_log(content, language)
    assert len(app.error) == 1
    assert "log.csv" in app.error[0].value.replace("\\", "")
    assert app.error[0].value.startswith("- ")  # a fault of the file, none of the page


@pytest.mark.parametrize("language", LANGUAGES)
def test_months_are_one_log(home: Path, language: Language) -> None:
    """Two files are the log that they would be in one; another one is refused by its name."""
    head, *rows = LOG.read_text(encoding="utf-8").splitlines()
    text = load_text(language)
    app = opened("my_log", language, lang=language)
    months = [("2.csv", "\n".join([head, *rows[900:]])), ("1.csv", "\n".join([head, *rows[:901]]))]
    files = [(name, content.encode(), "text/csv") for name, content in months]
    app.file_uploader(key=f"{MY_LOG}-brought").set_value(files).run()
    assert not app.exception
    assert not app.error, words(app)
    learned = read_log(["2.csv", "1.csv"], content=[content for _, content, _ in files])
    assert [span.n_twice for span in learned.spans] == [0, 1]
    assert account_of(app) == plain(account(learned.quality, text))
    app.file_uploader(key=f"{MY_LOG}-brought").set_value([*files, ("odd.csv", b"a\n1\n", "")]).run()
    assert not app.exception
    assert len(app.error) == 1
    assert "odd.csv" in app.error[0].value


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("content", ["取号时间\n03/03/2025\n", "取号时间\n2025-03-03 09:00\n"])
def test_what_is_wrong_is_told_in_words_of_the_page(
    home: Path, language: Language, content: str
) -> None:
    """Where something stands is a field of the page, and no option of a command."""
    app, text = with_log(content, language), load_text(language)
    [error] = app.error
    places = (text("learn.role.taken"), plain(text("page.my_log.hall")))
    for line in error.value.splitlines():
        assert any(place in line for place in places)
        assert "csv --" not in line


def test_a_treatment_that_is_chosen_is_applied_and_stays(home: Path) -> None:
    lines = LOG.read_text(encoding="utf-8").splitlines()
    app = with_log("\n".join([*lines, *lines[-30:]]))
    assert treatment_of(app, "doubled") == "left_out"
    before = account_of(app)
    next(each for each in app.selectbox if "-doubled-" in str(each.key)).set_value("kept").run()
    assert not app.exception
    assert account_of(app) != before
    app.button(key=f"{MY_LOG}-use").click().run()
    assert treatment_of(app, "doubled") == "kept"
    app.segmented_control(key="language").set_value("zh").run()
    assert not app.exception
    assert treatment_of(app, "doubled") == "kept"


@pytest.mark.parametrize("language", LANGUAGES)
def test_columns_that_nothing_tells_are_named_by_hand(home: Path, language: Language) -> None:
    """A log with headings of nobody's reads as the log itself when its columns are named."""
    head, *rows = LOG.read_text(encoding="utf-8").splitlines()
    names = head.lstrip("\ufeff").split(",")
    app = with_log("\n".join([",".join(f"x{n}" for n in range(len(names))), *rows]), language)
    fields = {str(each.key): each for each in app.selectbox}
    for role, heading in GIVEN.items():
        [key] = [key for key in fields if f"-column-{role}-" in key]
        assert app.selectbox(key=key).options[0] == load_text(language)("page.my_log.no_column")
        app.selectbox(key=key).set_value(f"x{names.index(heading)}" if heading else "").run()
        assert not app.exception
    assert not app.error, words(app)
    learned = read_log(LOG)
    assert plain(account(learned.quality, load_text(language))) == account_of(app)
    by_hand = dict(app.session_state[MY_LOG].by_hand)
    assert {*by_hand} == {*GIVEN}


def account_of(app: AppTest) -> str:
    return str(app.info[0].value)


def test_a_log_of_cases_says_what_it_says_and_is_no_hall(home: Path) -> None:
    rows = [f"{n},2025-03-{n % 20 + 1:02} 09:00:00,2025-03-25 10:00:00" for n in range(300)]
    app = with_log("\n".join(["project_no,accept_date,finish_date", *rows]))
    [error] = app.error
    assert load_text("en")("error.log_lacks_tickets") in error.value
    assert account_of(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_several_halls_one_is_chosen(home: Path, language: Language) -> None:
    """The page then reads what the command reads with --place."""
    lines = LOG.read_text(encoding="utf-8").splitlines()
    halls = [f"{line},{('东区', '西区')[n % 3 == 0]}" for n, line in enumerate(lines[1:])]
    app = with_log("\n".join([f"{lines[0]},大厅", *halls]), language)
    fields = [each for each in app.selectbox if "-place-" in str(each.key)]
    [field] = [each for each in fields if "-column-" not in str(each.key)]
    assert field.value == ""
    field.select("西区").run()
    assert not app.exception
    learned, _ = read_of(app)
    assert learned.log.names.places == ("西区",)
    assert learned.quality.rows_left_out == len([line for line in halls if line.endswith("东区")])


def read_of(app: AppTest) -> tuple[LearnedLog, LogHall]:
    """The log as the page has it, read as the command does."""
    opened_log = app.session_state[MY_LOG]
    hall = LogHall(opened_log.holidays, opened_log.time_zone, opened_log.place)
    return read_log(opened_log.name, hall=hall, content=opened_log.files[0][1]), hall


def test_a_time_zone_is_taken_and_another_word_is_told(home: Path) -> None:
    app = with_example()
    [field] = [each for each in app.text_input if str(each.key).endswith("-zone")]
    field.input("Europe/Madrid").run()
    assert app.session_state[MY_LOG].time_zone == "Europe/Madrid"
    [field] = [each for each in app.text_input if str(each.key).endswith("-zone")]
    field.input("Madrid").run()
    assert not app.exception
    assert app.session_state[MY_LOG].time_zone == "Europe/Madrid"
    assert app.error


def page_of_ann() -> AppTest:
    app = opened("my_log", "en", lang="en")
    app.session_state[READER] = ANN
    app.run()
    assert not app.exception
    return app


def test_a_learned_hall_is_saved_by_name_and_used_again_without_its_log(home: Path) -> None:
    app = page_of_ann()
    app.button(key=f"{MY_LOG}-example").click().run()
    name = next(each for each in app.text_input if str(each.key).endswith("-hall"))
    name.set_value("Our office").run()
    app.button(key=f"{MY_LOG}-save").click().run()
    [saved] = kept_scenarios(ANN)
    assert saved.name == "Our office"
    assert saved.words == learned_file(read_log(LOG), "Our office").words.replace(
        str(LOG), LOG.name
    )
    assert (kept_scenarios(BOB), kept_halls(ANN)) == ([], [])
    app = page_of_ann()
    app.button(key=f"{MY_LOG}-kept-use").click().run()
    assert not app.exception
    assert change_of(app).source.text == saved.words
    assert load_text("en")("page.my_hall.in_use") in words(app)
    app.button(key=f"{MY_LOG}-kept-delete").click().run()
    assert not app.exception
    assert kept_scenarios(ANN) == []


def test_one_name_is_one_learned_hall_and_there_is_an_end_to_them(home: Path) -> None:
    first = keep_hall(ANN, "A", "name: A")
    assert keep_hall(ANN, "A", "name: B") == first
    assert [hall.words for hall in kept_scenarios(ANN)] == ["name: B"]
    for n in range(MOST_HALLS + 2):
        keep_hall(ANN, f"{n}", "name: C")
    assert len(kept_scenarios(ANN)) == MOST_HALLS


def test_a_saved_hall_that_no_longer_reads_is_told_and_can_be_deleted(home: Path) -> None:
    keep_hall(ANN, "Old", "halls: 3")
    app = page_of_ann()
    assert app.error
    app.button(key=f"{MY_LOG}-kept-delete").click().run()
    assert kept_scenarios(ANN) == []


CASES = "project_no,accept_date\n" + "".join(
    f"{n},2025-03-{n % 20 + 1:02} 09:00:00\n" for n in range(300)
)
RESULTS = "办件编号,办结时间\n" + "".join(f"{n},2025-03-25 10:00:00\n" for n in range(310))


@pytest.mark.parametrize("language", LANGUAGES)
def test_results_are_joined_to_cases_as_the_command_joins_them(
    home: Path, tmp_path: Path, language: Language
) -> None:
    text = load_text(language)
    app = with_log(CASES, language)
    assert plain(text("learn.limit.no_closed")) in words(app)
    [field] = [each for each in app.file_uploader if str(each.key).endswith("-parts")]
    field.upload("results.csv", RESULTS.encode()).run()
    assert not app.exception
    assert plain(text("learn.limit.no_closed")) not in words(app)
    [warning] = [each.value for each in app.warning if "results" in each.value]
    assert text("page.my_log.parts") in warning
    assert "10" in warning
    for name, content in (("log.csv", CASES), ("results.csv", RESULTS)):
        (tmp_path / name).write_text(content, encoding="utf-8")
    learned = read_log(tmp_path / "log.csv", parts=[tmp_path / "results.csv"])
    assert account_of(app) == plain(account(learned.quality, text))


def test_what_cannot_be_joined_is_told(home: Path) -> None:
    app = with_log(CASES)
    [field] = [each for each in app.file_uploader if str(each.key).endswith("-parts")]
    field.upload("other.csv", b"a,b\n1,2\n").run()
    assert not app.exception
    [error] = app.error
    assert "--join" not in error.value
    assert load_text("en")("page.my_log.parts") in error.value
