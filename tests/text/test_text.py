"""Strict look-up, and numbers as people write them."""

from __future__ import annotations

import copy
import pickle
from datetime import date
from typing import NamedTuple

import pytest

from sim.text import LANGUAGES, Language, MissingText, NumberKind, Text, load_text

EN, ZH, KEYS = load_text("en"), load_text("zh"), load_text("keys")
MINUTE = 60_000


class Name(NamedTuple):
    zh: str
    en: str


class TestLookUp:
    def test_a_key_has_its_word_in_each_language(self) -> None:
        assert (EN("column.wait"), ZH("column.wait")) == ("Wait", "等候时长")

    def test_the_third_language_is_the_keys(self) -> None:
        assert KEYS("column.wait") == "column.wait"
        assert KEYS("cli.progress") == "cli.progress"

    @pytest.mark.parametrize("text", [EN, ZH, KEYS])
    def test_a_missing_key_names_the_nearest(self, text: Text) -> None:
        with pytest.raises(MissingText, match=r"'column\.wiat'.*column\.wait"):
            text("column.wiat")

    def test_a_missing_key_is_a_key_error(self) -> None:
        with pytest.raises(KeyError):
            EN("nothing.like.it")

    def test_a_missing_placeholder_is_named(self) -> None:
        with pytest.raises(MissingText, match=r"cli\.progress.*\{total\}"):
            EN("cli.progress", done=1)

    def test_values_are_not_read_as_templates(self) -> None:
        assert "{total}" in EN("cli.report_written", file="{total}")

    def test_blanks_set_off_figures_but_not_chinese_words(self) -> None:
        assert ZH("report.value_of", layout="甲", value="3 分钟") == "“甲”为 3 分钟"
        assert ZH("report.value_of", layout="甲", value="约 3 小时") == "“甲”为约 3 小时"
        assert ZH.with_unit("3（很可能在 2 到 4 之间）", "min") == "3（很可能在 2 到 4 之间）分钟"
        assert EN("report.value_of", layout="A", value="甲") == "“A” 甲"

    def test_blanks_inside_a_name_are_left_alone(self) -> None:
        assert ZH("report.value_of", layout="甲 乙", value="3") == "“甲 乙”为 3"

    def test_has(self) -> None:
        assert EN.has("column.wait")
        assert not EN.has("column.weight")

    def test_a_name_is_read_in_the_readers_language(self) -> None:
        name = Name(zh="税务局", en="Tax office")
        assert [text.name(name) for text in (ZH, EN, KEYS)] == [
            "税务局",
            "Tax office",
            "Tax office",
        ]

    def test_texts_of_one_language_are_equal_and_can_be_keys(self) -> None:
        assert len({EN, load_text("en"), copy.deepcopy(EN)}) == 1
        assert EN != ZH

    @pytest.mark.parametrize("text", [EN, ZH, KEYS])
    def test_a_text_travels_to_workers(self, text: Text) -> None:
        assert pickle.loads(pickle.dumps(text)) is text

    def test_a_text_cannot_be_changed(self) -> None:
        with pytest.raises(AttributeError):
            EN.language = "zh"  # type: ignore[misc]
        with pytest.raises(TypeError):
            EN.entries["column.wait"] = "Delay"  # type: ignore[index]


class TestNumbers:
    @pytest.mark.parametrize(
        ("value", "digits", "written"),
        [
            (12.345, 1, "12.3"),
            (1234567.0, 0, "1,234,567"),
            (-0.04, 1, "0.0"),
            (0.0, 2, "0.00"),
            (float("nan"), 1, "–"),
            (float("inf"), 1, "–"),
        ],
    )
    def test_number(self, value: float, digits: int, written: str) -> None:
        assert {text.number(value, digits) for text in (EN, ZH, KEYS)} == {written}

    def test_share(self) -> None:
        assert (EN.share(0.123), ZH.share(0.123)) == ("12.3 %", "12.3%")
        assert EN.share(1.0, 0) == "100 %"

    def test_minutes(self) -> None:
        assert (EN.minutes(12.5 * MINUTE), ZH.minutes(12.5 * MINUTE)) == ("12.5 min", "12.5 分钟")

    @pytest.mark.parametrize(
        ("ticks", "written"),
        [
            (0, "0 s"),
            (45_000, "45 s"),
            (90 * MINUTE, "1 h 30 min"),
            (60 * MINUTE, "1 h"),
            (59 * MINUTE + 59_999, "1 h"),
            (26 * 60 * MINUTE, "1 d 2 h"),
            (24 * 60 * MINUTE - 1, "1 d"),
            (-5 * MINUTE, "−5 min"),
        ],
    )
    def test_duration(self, ticks: int, written: str) -> None:
        assert EN.duration(ticks) == written

    def test_duration_in_chinese(self) -> None:
        assert ZH.duration(90 * MINUTE) == "1 小时 30 分钟"

    def test_duration_of_nothing_known(self) -> None:
        assert EN.duration(float("nan")) == "–"

    @pytest.mark.parametrize(
        ("kind", "bare", "full"),
        [
            ("min", "12.1 [11.8, 12.4]", "12.1 [11.8, 12.4] min"),
            ("number", "12.1 [11.8, 12.4]", "12.1 [11.8, 12.4]"),
            ("yuan", "12 [12, 12]", "12 [12, 12] yuan"),
        ],
    )
    def test_interval(self, kind: NumberKind, bare: str, full: str) -> None:
        assert EN.interval(12.1, 11.8, 12.4, kind) == bare
        assert EN.measured(12.1, 11.8, 12.4, kind) == full

    def test_interval_of_shares(self) -> None:
        shares = (0.121, 0.118, 0.124)
        assert EN.interval(*shares, "share") == "12.1 % [11.8 %, 12.4 %]"
        assert ZH.measured(*shares, "share") == "12.1% [11.8%, 12.4%]"

    def test_one_replication_has_no_interval(self) -> None:
        nothing = float("nan")
        assert EN.measured(12.1, nothing, nothing, "min") == "12.1 min"

    def test_date(self) -> None:
        day = date(2025, 7, 18)
        assert [text.date(day) for text in (EN, ZH, KEYS)] == [
            "18 July 2025",
            "2025年7月18日",
            "2025-07-18",
        ]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_date_and_unit_is_written(self, language: Language) -> None:
        text = load_text(language)
        assert len({text.date(date(2025, month, 1)) for month in range(1, 13)}) == 12
        kinds: tuple[NumberKind, ...] = (
            "number",
            "count",
            "share",
            "s",
            "min",
            "h",
            "d",
            "wd",
            "yuan",
        )
        assert all(text.measured(1, 0, 2, kind) for kind in kinds)
