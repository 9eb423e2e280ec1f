"""How long results are kept: each setting, each border of age and size."""

from __future__ import annotations

import math
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import OptionError
from sim.storage.life import (
    DAY_S,
    GB,
    RUNS,
    STORED,
    Life,
    clear_leftovers,
    life_of_runs,
    life_of_stored,
    life_or_default,
    outlived,
    remove_folder,
    size_of,
)
from sim.storage.limits import KEEP_DAYS, KEEP_GB, STORE_DAYS, STORE_GB

SETTINGS = (KEEP_DAYS, KEEP_GB, STORE_DAYS, STORE_GB)


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name.name, raising=False)


def test_without_settings() -> None:
    assert life_of_runs() == life_or_default() == RUNS == Life(90.0, 5.0)
    assert life_of_stored() == STORED == Life(math.inf, math.inf)


@pytest.mark.parametrize(
    ("words", "value"), [("7", 7.0), (" 0.5 ", 0.5), ("0", math.inf), ("1e-3", 0.001)]
)
def test_each_setting_is_read(words: str, value: float, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, life, life_set in (
        (KEEP_DAYS, life_of_runs, Life(value, RUNS.gigabytes)),
        (KEEP_GB, life_of_runs, Life(RUNS.days, value)),
        (STORE_DAYS, life_of_stored, Life(value, STORED.gigabytes)),
        (STORE_GB, life_of_stored, Life(STORED.days, value)),
    ):
        with monkeypatch.context() as only:
            only.setenv(name.name, words)
            assert life() == life_set


@pytest.mark.parametrize("words", ["-1", "-0.001", "inf", "nan", "a week"])
def test_what_is_no_length_is_told(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, life in ((KEEP_DAYS, life_of_runs), (STORE_GB, life_of_stored)):
        monkeypatch.setenv(name.name, words)
        with pytest.raises(OptionError) as refused:
            life()
        [problem] = refused.value.problems
        assert (problem.code, problem.found, problem.allowed) == ("outside_range", words, "≥ 0")
    assert life_or_default() == RUNS


FOLDERS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 4)), max_size=8)


@given(FOLDERS, st.integers(0, 12), st.integers(0, 10))
def test_the_oldest_go_until_the_rest_fits(
    rows: list[tuple[int, int]], days: int, gigabytes: int
) -> None:
    """Against a plain loop: too old goes; of the rest the newest stay that fit together."""
    now = 20.0
    folders = [(Path(f"{n:02d}"), day * DAY_S, size * GB) for n, (day, size) in enumerate(rows)]
    oldest_first = sorted(folders, key=lambda folder: folder[1])
    going = []
    for n, (path, ended, _) in enumerate(oldest_first):
        together = sum(size for _, _, size in oldest_first[n:])
        if now - ended / DAY_S > days or together > gigabytes * GB:
            going.append(path)
    assert outlived(folders, Life(days, gigabytes), now * DAY_S) == going


def test_the_last_moment_is_still_kept() -> None:
    folder = (Path("one"), 0.0, GB)
    assert outlived([folder], Life(7, 1), 7 * DAY_S) == []
    assert outlived([folder], Life(7, 1), 7 * DAY_S + 1) == [Path("one")]
    assert outlived([(Path("one"), 0.0, GB + 1)], Life(7, 1), 0.0) == [Path("one")]
    assert outlived([folder], STORED, 1e12) == []


def test_a_day_has_86_400_seconds_and_a_gigabyte_a_thousand_million_bytes() -> None:
    for size, going in ((1_000_000_000, []), (1_000_000_001, [Path("one")])):
        assert outlived([(Path("one"), 0.0, size)], Life(1, 1), 86_400.0) == going
    assert outlived([(Path("one"), 0.0, 1)], Life(1, 1), 86_400.5) == [Path("one")]


def test_leftovers_of_a_day_ago_are_cleared_away_and_nothing_else(tmp_path: Path) -> None:
    """Folders that are not complete have a dot before their name."""
    now = time.time()
    for name, age in ((".old", DAY_S + 60), (".new", DAY_S - 60), ("old", 9 * DAY_S)):
        (tmp_path / name / "part").mkdir(parents=True)
        os.utime(tmp_path / name, (now - age, now - age))
    (tmp_path / ".file").write_bytes(b"")
    os.utime(tmp_path / ".file", (0, 0))
    clear_leftovers(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {".new", "old", ".file"}
    clear_leftovers(tmp_path / "nothing")


def test_a_folder_goes_with_all_that_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "one" / "part").mkdir(parents=True)
    (tmp_path / "other").mkdir()
    remove_folder(tmp_path / "one")
    assert [path.name for path in tmp_path.iterdir()] == ["other"]
    with pytest.raises(OSError, match="one"):
        remove_folder(tmp_path / "one")


def test_bytes_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "one").write_bytes(b"12345")
    (tmp_path / "a" / "b" / "two").write_bytes(b"123")
    assert size_of(tmp_path) == 8
    assert size_of(tmp_path / "nothing") == 0
