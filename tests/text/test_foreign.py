"""Words of others do no harm where they are read, and come back as they were."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.text.foreign import FORMULA, cell, csv_text, escaped_json, read_cell, visible

STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", " =", "\ufeff=", "'=", "''-")


@pytest.mark.parametrize("start", STARTS)
def test_no_text_begins_like_a_formula(start: str) -> None:
    assert cell(f"{start}HYPERLINK(1)").startswith("'")


@given(st.text(alphabet=st.sampled_from("=+-@'\t\r\n 1.eＡ＝＋－＠ab"), max_size=8))
def test_what_is_written_is_read_again(words: str) -> None:
    assert read_cell(cell(words)) == words


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_stay_numbers_also_as_text(number: float) -> None:
    assert cell(number) is number
    assert cell(repr(number)) == repr(number)


@pytest.mark.parametrize("words", ["-", "+-1", "-1+1", "-1 min", "+a", "1e", "-1e"])
def test_only_a_number_is_a_number(words: str) -> None:
    assert (cell(words) != words) is bool(FORMULA.match(words))


@given(st.text())
def test_everything_that_is_shown_can_be_seen(words: str) -> None:
    shown = visible(words)
    assert len(shown) == len(words)
    unseen = {sign for sign in shown if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp")}
    assert unseen <= {"\t", "\n"}
    shown.encode("utf-8")


@given(st.text())
def test_json_says_the_same(words: str) -> None:
    said = escaped_json(json.dumps({"name": words}, ensure_ascii=False, indent=1))
    assert json.loads(said) == {"name": words}
    assert "\x1b" not in said
    assert "\x9b" not in said


def test_a_table_has_every_name_and_nothing_where_a_row_has_none() -> None:
    assert csv_text([]) == "\n"
    assert csv_text([{"a": 1}, {"=b": "=c"}]) == "a,'=b\n1,\n,'=c\n"
