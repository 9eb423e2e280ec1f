"""Limits of a machine: each is read, each fault is told, and people find them where they look."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.__main__ import main
from sim.errors import OptionError
from sim.storage.jobs import DiskUse
from sim.storage.life import GB
from sim.storage.limits import (
    KEEP_DAYS,
    LIMITS,
    MEMORY_GB,
    RUNNING,
    WAITING,
    MachineLimit,
    faulty_limits,
)
from sim.text import LANGUAGES, Language, load_text
from sim.web.disk import disk_words

ROOT = Path(__file__).resolve().parents[2]
WORDS = ("GOVHALL_HOME", "GOVHALL_LANG", "GOVHALL_TRACEBACK", "GOVHALL_USER_HEADER")
"""Settings that are no numbers."""


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for limit in LIMITS:
        monkeypatch.delenv(limit.name, raising=False)


def test_each_has_a_default_that_may_be_set() -> None:
    assert [limit.read() for limit in LIMITS] == [limit.default for limit in LIMITS]
    assert all(limit.default >= limit.least for limit in LIMITS)
    assert faulty_limits() == ()


def test_each_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for limit in LIMITS:
        monkeypatch.setenv(limit.name, " 7 ")
        assert limit.read() == limit.read_or_default() == 7.0


@pytest.mark.parametrize(
    ("limit", "words", "allowed"),
    [
        (RUNNING, "0", "1, 2, 3 …"),
        (WAITING, "1.5", "1, 2, 3 …"),
        (MEMORY_GB, "0.1", "≥ 0.5"),
        (KEEP_DAYS, "a week", "≥ 0"),
        (KEEP_DAYS, "inf", "≥ 0"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_what_cannot_be_is_told(
    limit: MachineLimit, words: str, allowed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(limit.name, words)
    with pytest.raises(OptionError) as refused:
        limit.read()
    [problem] = refused.value.problems
    assert (problem.path, problem.found, problem.allowed) == (limit.name, words, allowed)
    assert limit.read_or_default() == limit.default


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_app_does_not_start_with_faults_and_tells_all(
    language: Language, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(RUNNING.name, "none")
    monkeypatch.setenv(MEMORY_GB.name, "-1")
    with pytest.raises(SystemExit) as ended:
        main(["app", "--lang", language])
    assert ended.value.code == 2
    names = re.findall(r"^[A-Z_]+", capsys.readouterr().err, re.MULTILINE)
    assert names == [MEMORY_GB.name, RUNNING.name]


def test_no_setting_is_read_elsewhere_or_left_untold() -> None:
    """All that the code names are in the table, and all of the table are in the README."""
    pattern = re.compile(r"GOVHALL_[A-Z_]+[A-Z]")
    files = [path.read_text(encoding="utf-8") for path in (ROOT / "sim").rglob("*.py")]
    assert {name for words in files for name in pattern.findall(words)} == {
        *(limit.name for limit in LIMITS),
        *WORDS,
    }
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [limit.name for limit in LIMITS if f"`{limit.name}`" not in readme] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_room_is_told_before_there_is_none(language: Language) -> None:
    text = load_text(language)
    for studies, free, most, is_short in (
        (3.9, 50, 5.0, False),
        (4.0, 50, 5.0, True),
        (3.9, 2.0, 5.0, False),
        (3.9, 1.9, 5.0, True),
        (99.0, 50, float("inf"), False),
    ):
        use = DiskUse(int(studies * GB), int(free * GB))
        words, told_as_short = disk_words(use, most, 1.0, text)
        assert told_as_short == is_short, (studies, free, most)
        assert text.number(studies, 1) in words
