"""Records as plain data and as arrays, and back: how every answer is saved.

An answer is a record (a NamedTuple, or a frozen dataclass) of numbers, words, intervals and further
records; what is asked may hold parts of a scenario too, which are written as a scenario has them.
`to_plain` makes of it what JSON can hold, each record by the names of its fields;
`read_plain` makes the record again, led by its annotations, and refuses data of another shape. Many
records of one kind, such as the tallies of all replications, are `stack`ed instead: one array a
number.

Older files hold records as lists, in the order of their fields: those are read too.
"""

from __future__ import annotations

import dataclasses
import json
import types
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import (
    Any,
    Final,
    Literal,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import numpy as np
import numpy.typing as npt

from sim.scenario.base import Block

MARK: Final = ":"
"""Stands between field and keys in the name of an array."""

Record = TypeVar("Record", bound=tuple[Any, ...])
Value = TypeVar("Value")


def to_plain(value: Any, leave_out: Collection[str] = ()) -> Any:
    """Plain data of a record, or of whatever stands in one.

    Parameters
    ----------
    leave_out
        Fields of the record itself that are saved elsewhere.

    Raises
    ------
    TypeError
        For a value that is neither number, word, None, record, sequence, mapping by words nor
        part of a scenario.

    Examples
    --------
    >>> from sim.analysis.intervals import Interval
    >>> to_plain((Interval(2.0, 1.5, 2.5, 10),))
    [{'mean': 2.0, 'low': 1.5, 'high': 2.5, 'n': 10, 'level': 0.95}]
    """
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, Block):
        # what was written stays, also where it is the default, and the rest is left to it
        return json.loads(value.model_dump_json(exclude_unset=True))
    if _is_record(type(value)):
        names = (name for name in _fields_of(value) if name not in leave_out)
        return {name: to_plain(getattr(value, name)) for name in names}
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {key: to_plain(part) for key, part in value.items()}
    if isinstance(value, (tuple, list)):
        return [to_plain(part) for part in value]
    raise TypeError(type(value).__name__)


def read_plain(kind: type[Value], data: Any, **fields: Any) -> Value:
    """A value of a kind from what `to_plain` gave.

    Parameters
    ----------
    fields
        Fields of the record itself that were left out.

    Raises
    ------
    ValueError
        For data of another shape: a field too many, one missing, a word for a number.

    Examples
    --------
    >>> from sim.analysis.intervals import Interval
    >>> read_plain(Interval, {"mean": 2.0, "low": 1.5, "high": 2.5, "n": 10})
    Interval(mean=2.0, low=1.5, high=2.5, n=10, level=0.95)
    >>> read_plain(Interval, {"mean": "two", "low": 1.5, "high": 2.5, "n": 10})
    Traceback (most recent call last):
    ...
    ValueError: mean: str is no float
    """
    value: Value = _read(kind, data, "", fields)
    return value


def stack(records: Sequence[tuple[Any, ...]]) -> dict[str, npt.NDArray[Any]]:
    """Many records of one kind as arrays: each number of them as one array over all records.

    A record may hold numbers, arrays, records, and mappings from words (or tuples of words) to
    arrays; all records have the same keys. Names are those of fields and keys, with `MARK` between.

    Examples
    --------
    >>> from sim.analysis.intervals import Interval
    >>> stack([Interval(2.0, 1.5, 2.5, 10), Interval(3.0, 2.5, 3.5, 10)])["mean"]
    array([2., 3.])
    """
    return dict(_stacked([*records])) if records else {}


def unstack(
    kind: type[Record], arrays: Mapping[str, npt.NDArray[Any]], count: int
) -> tuple[Record, ...]:
    """The records again from what `stack` gave; one number a record is a plain number.

    Fields that records of before had not are as their default says.

    Raises
    ------
    ValueError
        When another field is missing, or an array is of another number of records.

    Examples
    --------
    >>> from sim.analysis.intervals import Interval
    >>> interval = Interval(2.0, 1.5, 2.5, 10)
    >>> unstack(Interval, stack([interval, interval]), 2) == (interval, interval)
    True
    """
    if not count:
        return ()
    if any(len(array) != count for array in arrays.values()):
        raise ValueError("count")
    return tuple(_unstacked(kind, arrays, n) for n in range(count))


def named_after(prefix: str, arrays: Mapping[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
    """Arrays whose names begin with a word, without it."""
    start = prefix + MARK
    return {name.removeprefix(start): arrays[name] for name in arrays if name.startswith(start)}


def _stacked(records: list[Any]) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    for field in _fields_of(records[0]):
        values = [getattr(record, field) for record in records]
        if _is_record(type(values[0])):
            yield from ((f"{field}{MARK}{name}", array) for name, array in _stacked(values))
        elif isinstance(values[0], Mapping):
            for key in values[0]:
                keys = (key,) if isinstance(key, str) else key
                yield MARK.join((field, *keys)), np.stack([value[key] for value in values])
        else:
            yield field, np.stack(values)


def _unstacked(kind: Any, arrays: Mapping[str, npt.NDArray[Any]], n: int) -> Any:
    values: dict[str, Any] = {}
    for field, hint in _fields(kind).items():
        if field in arrays:
            value = arrays[field][n]
            values[field] = value if np.ndim(value) else value.item()
            continue
        below = named_after(field, arrays)
        if not below and field in getattr(kind, "_field_defaults", ()):
            continue
        if not below:
            raise ValueError(field)
        if _is_record(hint):
            values[field] = _unstacked(hint, below, n)
        else:
            keys = {name: tuple(name.split(MARK)) for name in below}
            values[field] = {
                (parts[0] if len(parts) == 1 else parts): below[name][n]
                for name, parts in keys.items()
            }
    return kind(**values)


def _is_record(kind: Any) -> bool:
    return isinstance(kind, type) and (
        hasattr(kind, "_fields") or (dataclasses.is_dataclass(kind) and kind is not type)
    )


def _fields_of(record: Any) -> Mapping[str, Any]:
    kind: Any = type(record)
    return _fields(kind)


@cache
def _fields(kind: Any) -> Mapping[str, Any]:
    """Fields of a record and what they hold, in order."""
    hints = get_type_hints(kind)
    if hasattr(kind, "_fields"):
        return {name: hints[name] for name in kind._fields}
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def _read(kind: Any, data: Any, where: str, preset: Mapping[str, Any] | None = None) -> Any:
    origin, parts = get_origin(kind), get_args(kind)
    if kind is Any:
        return data
    if isinstance(kind, type) and issubclass(kind, Block):
        return kind.model_validate_json(json.dumps(data))
    if _is_record(kind):
        return _record(kind, data, where, preset or {})
    if origin is Literal:
        if data not in parts:
            raise _refusal(where, data, "one of " + ", ".join(map(str, parts)))
        return data
    if origin in (Union, types.UnionType):
        return _one_of(parts, data, where)
    if origin is tuple or (isinstance(origin, type) and issubclass(origin, Sequence)):
        if not isinstance(data, list):
            raise _refusal(where, data, "list")
        if origin is not tuple or parts[1:] == (Ellipsis,):
            return tuple(_read(parts[0], part, f"{where}[{n}]") for n, part in enumerate(data))
        if len(data) != len(parts):
            raise _refusal(where, data, f"list of {len(parts)}")
        return tuple(map(_read, parts, data, [where] * len(parts)))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        if not isinstance(data, dict):
            raise _refusal(where, data, "mapping")
        return {key: _read(parts[1], part, f"{where}.{key}") for key, part in data.items()}
    if kind is float and isinstance(data, int) and not isinstance(data, bool):
        return data
    if kind in (str, bool, int, float) and type(data) is kind:
        return data
    if kind is type(None) and data is None:
        return None
    raise _refusal(where, data, getattr(kind, "__name__", str(kind)))


def _record(kind: Any, data: Any, where: str, preset: Mapping[str, Any]) -> Any:
    fields = [name for name in _fields(kind) if name not in preset]
    if isinstance(data, list) and len(data) <= len(fields):
        data = dict(zip(fields, data, strict=False))
    if not isinstance(data, dict):
        raise _refusal(where, data, kind.__name__)
    values = {
        name: _read(_fields(kind).get(name), part, f"{where}.{name}".lstrip("."))
        for name, part in data.items()
    }
    try:
        return kind(**values, **preset)
    except TypeError as error:  # a field too many, or one without a default that is missing
        raise ValueError(f"{where}: {error}") from None


def _one_of(kinds: Sequence[Any], data: Any, where: str) -> Any:
    refusals = []
    for kind in kinds:
        try:
            return _read(kind, data, where)
        except ValueError as refusal:
            refusals.append(str(refusal))
    raise ValueError(refusals[0])


def _refusal(where: str, data: Any, expected: str) -> ValueError:
    return ValueError(f"{where}: {type(data).__name__} is no {expected}")
