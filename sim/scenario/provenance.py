"""Where every number comes from: a source, an assumption with its range, or nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from sim.clock import Hours, Span
from sim.scenario.base import Block
from sim.scenario.scenario import Scenario

SETTINGS = frozenset({"run", "targets"})
"""Parts that say what the planner asks for, not what is known of the city."""


class Number(NamedTuple):
    """One number of a scenario with what is known about it."""

    path: tuple[str | int, ...]
    value: object
    """As written, with its unit."""
    source: str | None = None
    low: object = None
    """Lowest plausible value of an assumption."""
    high: object = None
    """Highest plausible value of an assumption."""
    note: str | None = None

    @property
    def assumed(self) -> bool:
        """Whether the number is an assumption with a stated range."""
        return self.low is not None


def numbers(scenario: Scenario) -> list[Number]:
    """Every number that was written in the scenario; defaults are not numbers of the city.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> found = numbers(load_scenario(example_path("exact/mmc.yaml")))
    >>> all(number.source for number in found)
    True
    """
    return list(_walk(scenario, (), scenario.source, {}, scenario.note))


def unsourced(scenario: Scenario) -> list[Number]:
    """Numbers with neither source nor range."""
    return [number for number in numbers(scenario) if not number.source and not number.assumed]


def _walk(
    block: Block,
    path: tuple[str | int, ...],
    source: str | None,
    ranges: Mapping[tuple[str, ...], tuple[object, object]],
    note: str | None,
) -> Iterator[Number]:
    source, note = block.source or source, block.note or note
    own = {tuple(key.split(".")): bounds for key, bounds in block.assumed.items()}
    for name in type(block).model_fields:
        if name in Block.model_fields or name not in block.model_fields_set:
            continue
        if not path and name in SETTINGS:
            continue
        below = {
            keys[1:]: bounds for keys, bounds in {**ranges, **own}.items() if keys[0] == name
        }
        yield from _value(getattr(block, name), (*path, name), source, below, note)


def _value(
    value: Any,
    path: tuple[str | int, ...],
    source: str | None,
    ranges: Mapping[tuple[str, ...], tuple[object, object]],
    note: str | None,
) -> Iterator[Number]:
    low, high = ranges.get((), (None, None))
    if isinstance(value, Block):
        if low is not None:
            yield Number(path, _shown(value), source, low, high, value.note or note)
            return
        yield from _walk(value, path, source, ranges, note)
    elif isinstance(value, Mapping):
        for key, child in value.items():
            below = {keys[1:]: b for keys, b in ranges.items() if keys and keys[0] == key}
            below |= {(): (low, high)} if low is not None else {}
            yield from _value(child, (*path, key), source, below, note)
    elif isinstance(value, Span | Hours) or _is_number(value):
        yield Number(path, value, source, low, high, note)
    elif isinstance(value, tuple):
        for index, child in enumerate(value):
            step = getattr(child, "id", index)
            below = {k[1:]: b for k, b in ranges.items() if k and k[0] in {str(step), "*"}}
            below |= {(): (low, high)} if low is not None else {}
            yield from _value(child, (*path, step), source, below, note)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | date) and not isinstance(value, bool)


def _shown(block: Block) -> object:
    """A law is shown by its written values."""
    data = block.model_dump(mode="json", exclude_defaults=True)
    return data.get("value", data) if data.get("law") == "constant" else data
