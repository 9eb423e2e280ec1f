"""What a reader brings is there again after a reload, or it is told that it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.storage.life import DAY_S
from sim.text import LANGUAGES, Language, load_text
from sim.web.change import Change, Source, made, shipped
from sim.web.uploads import MOST_GB, address_of, folder, keep_file, kept_file
from tests.web.halls import SMALL
from tests.web.test_pages import address, change_of, home, opened, pytestmark, turn, words

__all__ = ["home", "pytestmark"]

MINE = Source("mine.yaml", SMALL)


def test_a_file_is_found_by_its_address_alone(home: Path) -> None:
    assert kept_file(address_of(MINE)) is None
    assert keep_file(MINE)
    assert kept_file(address_of(MINE)) == MINE
    assert kept_file("0" * 40) is None
    changed = Source("mine.yaml", SMALL + "\n")
    assert address_of(changed) != address_of(MINE)


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "x.yaml", "A" * 40, "exact/../x"])
def test_an_address_is_never_a_path(home: Path, name: str) -> None:
    assert kept_file(name) is None


def test_what_ships_has_its_own_name() -> None:
    assert kept_file("exact/mmc.yaml") == Source("exact/mmc.yaml")
    assert address_of(Source("exact/mmc.yaml")) in shipped()


def test_files_have_a_life(home: Path) -> None:
    import os
    import time

    keep_file(MINE)
    [path] = folder().iterdir()
    long_ago = time.time() - 100 * DAY_S
    os.utime(path, (long_ago, long_ago))
    keep_file(Source("other.yaml", SMALL))
    assert kept_file(address_of(MINE)) is None
    assert MOST_GB < 1


def test_damage_is_as_if_it_were_gone(home: Path) -> None:
    keep_file(MINE)
    [path] = folder().iterdir()
    for words_ in ("", "{", "[1]", '["a"]', "3"):
        path.write_text(words_, encoding="utf-8")
        assert kept_file(address_of(MINE)) is None


def test_an_upload_survives_a_reload(home: Path) -> None:
    app = opened("data")
    app.file_uploader(key="file").upload("mine.yaml", SMALL.encode()).run()
    app.button(key="use").click().run()
    assert not app.exception
    reopened = opened("layouts", file=address(app, "file"))
    assert not reopened.exception
    assert not reopened.error
    assert change_of(reopened).source == MINE


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lost_upload_is_told(home: Path, language: Language) -> None:
    app = opened("layouts", language, file="0" * 40)
    assert not app.exception
    assert load_text(language)("error.lost_file") in "\n".join(error.value for error in app.error)


def test_where_nothing_can_be_kept_it_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "files").write_text("in the way", encoding="utf-8")
    app = opened("data")
    app.file_uploader(key="file").upload("mine.yaml", SMALL.encode()).run()
    app.button(key="use").click().run()
    assert not app.exception
    assert load_text("zh")("error.file_not_kept") in words(app)
    assert change_of(app).source == MINE


def test_a_variant_of_what_ships_may_be_uploaded_as_it_was_downloaded() -> None:
    """Every shipped variant, as its download gives it, and changed by a line."""
    variants = [name for name in sorted(shipped()) if "/" not in name]
    extending = 0
    for name in variants:
        text = Path(__file__).resolve().parents[2].joinpath("scenarios", name).read_text("utf-8")
        extending += "\nextends:" in f"\n{text}"
        if "_file:" in text:  # a text alone has no table beside it
            continue
        change = made(Change(Source("mine.yaml", text)))
        assert change.scenario is not None, (name, change.problems[:2])
        assert change.scenario == made(Change(Source(name))).scenario
    assert extending > 3


@pytest.mark.parametrize("name", ["../x.yaml", "/etc/passwd", "nothing.yaml", "exact/../x.yaml"])
def test_no_other_file_is_extended(name: str) -> None:
    change = made(Change(Source("mine.yaml", f"extends: {name}\n{SMALL}")))
    assert change.scenario is None
    assert "extends_unavailable" in {problem.code for problem in change.problems}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("value", [1.5, -3, 201, 1e9])
def test_no_number_of_clerks_becomes_another(home: Path, language: Language, value: float) -> None:
    """1.5 does not become 15, nor -3 3: it is told, and the roster stays as it was."""
    app = opened("layouts", language)
    before = change_of(app)
    key = "clerks-zone-0-1-2-3-4-0"
    app.session_state[key] = {
        "edited_rows": {0: {"09:30": value}},
        "added_rows": [],
        "deleted_rows": [],
    }
    app.run()
    assert not app.exception
    assert change_of(app) == before
    [message] = [error.value for error in app.error]
    assert load_text(language)("error.field_value.remedy") in message
    assert "09" in message
    turn(app, "data")
    app.run()
    assert not app.error
