"""Outputs of two versions of the program, compared number by number, to the last bit."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

Form = Literal["json", "csv"]
Rename = Callable[[str], str | None]
"""Path of a key in the older output -> what the key is called now; None = as before."""
ABSENT: Final = "(absent)"
LONGEST: Final = 60
"""Characters of a value that are shown."""


class Difference(NamedTuple):
    """A place at which two outputs differ: a value, or a part that only one of them has."""

    path: str
    before: str
    now: str


def read_output(text: str, form: Form) -> Any:
    """What an output holds: JSON as it is, CSV as a list of rows, each number a number.

    Examples
    --------
    >>> read_output("layout,mean\\nzone,0.5\\nzone,\\n", "csv")
    [{'layout': 'zone', 'mean': 0.5}, {'layout': 'zone', 'mean': ''}]
    """
    if form == "json":
        return json.loads(text)
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    return [{column: _cell(value) for column, value in row.items()} for row in rows]


def _cell(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def differences(before: Any, now: Any, rename: Rename, path: str = "") -> Iterator[Difference]:
    """Every place at which two outputs differ.

    Entries of a list are matched by what names them, so that a new one in the middle is a single
    difference: by the first of their texts that tell them apart, or by their position where none
    does. Numbers are compared as they are written: 1 is not 1.0.

    Parameters
    ----------
    rename
        What a key of the older output is called now.
    path
        Where the outputs stand, keys and names of entries parted by slashes.

    Examples
    --------
    >>> before = [{"measure": "wait", "mean": 2.5}, {"measure": "stay", "mean": 9.0}]
    >>> now = [{"measure": "trips", "mean": 1.0}, *before[1:], {"measure": "wait", "mean": 2.25}]
    >>> for difference in differences(before, now, lambda path: None):
    ...     print(*difference, sep=" | ")
    wait/mean | 2.5 | 2.25
    trips | (absent) | {"measure": "trips", "mean": 1.0}
    """
    if isinstance(before, list) and isinstance(now, list):
        names = naming_fields(before, now, rename, path)
        before, now = _by_name(before, names), _by_name(now, tuple(names.values()))
    if isinstance(before, dict) and isinstance(now, dict):
        names_now = {key: rename(_below(path, key)) or key for key in before}
        for key, value in before.items():
            place = _below(path, names_now[key])
            if names_now[key] not in now:
                yield Difference(place, shown(value), ABSENT)
                continue
            yield from differences(value, now[names_now[key]], rename, place)
        for key in now.keys() - set(names_now.values()):
            yield Difference(_below(path, key), ABSENT, shown(now[key]))
    elif repr(before) != repr(now):
        yield Difference(path, shown(before), shown(now))


def naming_fields(
    before: Sequence[Any], now: Sequence[Any], rename: Rename, path: str
) -> Mapping[str, str]:
    """Fields that name the entries of two lists: what they are called before -> now.

    The fewest of the first texts of an entry that name each entry of both lists once; none where
    all texts together do not.

    Examples
    --------
    >>> rows = [{"kind": "group", "id": "a"}, {"kind": "group", "id": "b"}]
    >>> naming_fields(rows, rows, lambda path: None, "")
    {'kind': 'kind', 'id': 'id'}
    """
    if not all(isinstance(entry, dict) for entry in (*before, *now)):
        return {}
    fields: dict[str, str] = {}
    for field in before[0] if before else ():
        name_now = rename(_below(path, f"*/{field}")) or field
        if not all(isinstance(entry.get(field), str) for entry in before):
            continue
        if not all(isinstance(entry.get(name_now), str) for entry in now):
            continue
        fields[field] = name_now
        if _are_unique(before, fields) and _are_unique(now, fields.values()):
            return fields
    return {}


def _are_unique(entries: Sequence[Mapping[str, Any]], fields: Iterable[str]) -> bool:
    fields = tuple(fields)
    return len({tuple(entry[field] for field in fields) for entry in entries}) == len(entries)


def _by_name(entries: Sequence[Any], fields: Collection[str]) -> dict[str, Any]:
    """Entries of a list by their names, or by their positions where no fields name them."""
    if not fields:
        return {str(position): entry for position, entry in enumerate(entries)}
    return {" ".join(entry[field] for field in fields): entry for entry in entries}


def _below(path: str, key: str) -> str:
    return f"{path}/{key}" if path else key


def shown(value: Any) -> str:
    """A value as JSON, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
