"""What is saved is read again as it was, and nothing of another shape is."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.arrays import Ints
from sim.storage.codec import named_after, read_plain, stack, to_plain, unstack


class Inner(NamedTuple):
    mean: float
    n: int
    word: Literal["low", "high"] = "low"


@dataclass(frozen=True)
class Note:
    code: str
    values: tuple[tuple[str, str], ...] = ()


class Outer(NamedTuple):
    name: str
    is_whole: bool
    parts: tuple[Inner, ...]
    pair: tuple[int, str]
    perhaps: Inner | None
    by_name: Mapping[str, tuple[float, ...]]
    note: Note
    more: str = "nothing"


class Sums(NamedTuple):
    replication: int
    share: float
    by_day: Mapping[str, Ints]
    by_group: Mapping[tuple[str, str], Ints]
    inner: Inner


numbers = st.floats(allow_nan=False)
inners = st.builds(Inner, numbers, st.integers(), st.sampled_from(("low", "high")))
outers = st.builds(
    Outer,
    st.text(),
    st.booleans(),
    st.lists(inners, max_size=3).map(tuple),
    st.tuples(st.integers(), st.text()),
    st.none() | inners,
    st.dictionaries(st.text(), st.lists(numbers, max_size=2).map(tuple), max_size=3),
    st.builds(Note, st.text(), st.lists(st.tuples(st.text(), st.text()), max_size=2).map(tuple)),
    st.text(),
)
ONE = Outer("a", True, (Inner(1.5, 2),), (3, "b"), None, {"c": (0.5,)}, Note("d"))


def through_json(data: Any) -> Any:
    return json.loads(json.dumps(data))


@given(outers)
def test_a_record_is_read_again_as_it_was(record: Outer) -> None:
    reread = read_plain(Outer, through_json(to_plain(record)))
    assert reread == record
    assert type(reread.parts) is tuple
    assert all(type(part) is Inner for part in reread.parts)
    assert reread.perhaps is None or type(reread.perhaps) is Inner


@given(outers)
def test_records_of_older_files_are_lists(record: Outer) -> None:
    data = to_plain(record)
    data["parts"] = [[part.mean, part.n, part.word] for part in record.parts]
    assert read_plain(Outer, through_json(data)) == record
    assert read_plain(Outer, through_json([*data.values()])) == record
    assert read_plain(Inner, [1.0, 2]) == Inner(1.0, 2, "low")


def test_what_is_saved_elsewhere_is_given() -> None:
    data = to_plain(ONE, leave_out=("note", "more"))
    assert {"note", "more"}.isdisjoint(data)
    assert read_plain(Outer, data, note=ONE.note, more="nothing") == ONE


def test_numbers_that_are_none_are_kept() -> None:
    low, high = (read_plain(Inner, through_json([x, 1])).mean for x in (math.nan, -math.inf))
    assert math.isnan(low)
    assert high == -math.inf
    assert read_plain(Inner, [2, 1]).mean == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", 3),
        ("name", None),
        ("is_whole", 1),
        ("parts", {"mean": 1.0, "n": 2}),
        ("parts", [[1.0, 2.5]]),
        ("parts", [[1.0, True]]),
        ("parts", [[True, 1]]),
        ("parts", [["1.0", 2]]),
        ("parts", [[1.0, 2, "middle"]]),
        ("parts", [[1.0]]),
        ("parts", [[1.0, 2, "low", 0]]),
        ("pair", [3]),
        ("pair", [3, "b", "c"]),
        ("perhaps", 0),
        ("by_name", [["c", [0.5]]]),
        ("by_name", {"c": 0.5}),
        ("note", {"values": []}),
        ("note", {"code": "d", "value": []}),
        ("unknown", 1),
    ],
)
def test_another_shape_is_refused(field: str, value: Any) -> None:
    assert read_plain(Outer, to_plain(ONE)) == ONE
    with pytest.raises(ValueError, match=field):
        read_plain(Outer, {**to_plain(ONE), field: value})


@pytest.mark.parametrize("value", [object(), {1: 2}, {3}, np.zeros(2), b"bytes"])
def test_what_json_cannot_hold_is_not_written(value: Any) -> None:
    with pytest.raises(TypeError):
        to_plain((value,))


def sums(n: int) -> Sums:
    by_day = {"wait": np.array([[n, 2], [3, 4]]), "stay": np.array([[5, n], [7, 8]])}
    by_group = {("wait", "class"): np.array([n]), ("wait", "matter"): np.array([n, n + 1])}
    return Sums(n, n / 7, by_day, by_group, Inner(n / 3, n))


@pytest.mark.parametrize("count", [0, 1, 3])
def test_records_of_arrays_are_read_again_as_they_were(count: int) -> None:
    records = [sums(n) for n in range(count)]
    arrays = stack(records)
    assert all(len(array) == count for array in arrays.values())
    for record, reread in zip(records, unstack(Sums, arrays, count), strict=True):
        assert (record.replication, record.share) == (reread.replication, reread.share)
        assert type(reread.replication) is int
        assert (record.inner.mean, record.inner.n) == (reread.inner.mean, reread.inner.n)
        for before, after in ((record.by_day, reread.by_day), (record.by_group, reread.by_group)):
            assert list(before) == list(after)
            assert all(np.array_equal(before[key], after[key]) for key in before)  # type: ignore[index]


def test_arrays_that_do_not_make_a_record_are_refused() -> None:
    arrays = stack([sums(n) for n in range(3)])
    arrays = {name: array for name, array in arrays.items() if not name.startswith("inner:word")}
    with pytest.raises(ValueError, match="count"):
        unstack(Sums, arrays, 2)
    for name in arrays:
        if name.count(":") == 0:
            with pytest.raises(ValueError, match=name):
                unstack(Sums, {key: a for key, a in arrays.items() if key != name}, 3)


def test_names_begin_with_whole_words() -> None:
    arrays = {"1:a": np.zeros(1), "11:a": np.zeros(2), "1:b:c": np.zeros(3), "1": np.zeros(4)}
    assert {name: len(array) for name, array in named_after("1", arrays).items()} == {
        "a": 1,
        "b:c": 3,
    }
