"""Ranges that say nothing: of no field, with bounds in disorder, or not of their value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from sim import clock
from sim.clock import ClockError
from sim.scenario.base import Block
from sim.scenario.fields import SIDE_NOTES, Known
from sim.scenario.findings import Finding
from sim.scenario.node import Steps, show_value
from sim.scenario.provenance import Number, with_ranges
from sim.scenario.scenario import Scenario


class Amount(NamedTuple):
    """A written number: what kind it is, and how large."""

    kind: str
    size: float


def wrong_assumptions(scenario: Scenario, written: Iterable[Number]) -> Iterator[Finding]:
    """Ranges of no field, or whose bounds are in disorder or in another unit than their value."""
    stated = with_ranges(written)
    cache = _Entries()
    for path, block in _blocks(scenario, ()):
        assumed = (((*path, "assumed", key), (), ends) for key, ends in block.assumed.items())
        measured = (
            ((*path, "measured", key), ("interval",), of_data.interval)
            for key, of_data in block.measured.items()
        )
        for place, inside, bounds in chain(assumed, measured):
            key = str(place[-1])
            if place[-2] == "measured" and key in block.assumed:
                yield Finding("measured_and_assumed", place, key)
            steps = key.split(".")
            depends = (str((*path, *steps)[0]),)
            miss = _missing(block, steps, cache)
            if miss is None:
                yield from _wrong_bounds((*place, *inside), bounds, stated.get(place, ()))
                continue
            step, siblings = miss
            near = siblings.near(step)
            yield Finding("unknown_key", place, step, siblings.words, values=near, depends=depends)


def values_outside(written: Iterable[Number]) -> Iterator[Finding]:
    """Numbers outside the range that is assumed for them."""
    for number in written:
        value, low, high = map(amount_of, (number.value, number.low, number.high))
        if value and low and high and not low.size <= value.size <= high.size:
            written_number, values = (
                show_value(number.value),
                (("low", str(number.low)), ("high", str(number.high))),
            )
            yield Finding(
                "outside_assumed", number.path, written_number, "allowed.between", "warning", values
            )


def _blocks(value: object, path: Steps) -> Iterator[tuple[Steps, Block]]:
    if isinstance(value, Block):
        yield path, value
        for name in value.model_fields_set:
            yield from _blocks(getattr(value, name), (*path, name))
    elif isinstance(value, tuple):
        for index, entry in enumerate(value):
            yield from _blocks(entry, (*path, getattr(entry, "id", index)))


class _Entries:
    """What stands in each part or list, found once for all ranges that lead there.

    Parts are known by identity: they live as long as the scenario.
    """

    def __init__(self) -> None:
        self._entries: dict[int, Mapping[str, Any]] = {}
        self._known: dict[int, Known] = {}

    def of(self, value: Any) -> Mapping[str, Any]:
        """Entries by name."""
        if id(value) not in self._entries:
            self._entries[id(value)] = _entries(value)
        return self._entries[id(value)]

    def names(self, value: Any) -> Known:
        """Their names."""
        if id(value) not in self._known:
            self._known[id(value)] = Known(self.of(value))
        return self._known[id(value)]


def _missing(value: Any, steps: Sequence[str], cache: _Entries) -> tuple[str, Known] | None:
    """The first step that leads nowhere, and what could stand there; None when all lead on."""
    if not steps:
        return None
    step, deeper = steps[0], steps[1:]
    entries = cache.of(value)
    if step == "*" and not isinstance(value, Block):
        # parts of one kind have the same fields: one of them stands for all
        one_a_kind = {type(entry): entry for entry in entries.values()}
        misses = (
            _missing(entry, deeper, cache)
            for entry in (entries if len(deeper) > 1 else one_a_kind).values()
        )
        first = next(misses, None)
        return first if first is None or all(miss is not None for miss in misses) else None
    if step not in entries:
        return step, cache.names(value)
    return _missing(entries[step], deeper, cache)


def _entries(value: Any) -> Mapping[str, Any]:
    if isinstance(value, Block):
        names = (name for name in type(value).model_fields if name not in SIDE_NOTES)
        return {name: getattr(value, name) for name in names}
    if isinstance(value, Mapping):
        return {str(key): entry for key, entry in value.items()}
    if isinstance(value, tuple) and type(value) is tuple:
        return {str(getattr(entry, "id", n)): entry for n, entry in enumerate(value)}
    return {}


def _wrong_bounds(
    path: Steps, bounds: tuple[Any, Any], about: Sequence[Number]
) -> Iterator[Finding]:
    low, high = map(amount_of, bounds)
    range_ = show_value(bounds)
    if low is None or high is None:
        yield Finding("wrong_bounds", path, range_)
        return
    values = [amount for number in about if (amount := amount_of(number.value))]
    kinds = {amount.kind for amount in (low, high, *values) if amount.size or not _timed(amount)}
    if len(kinds) > 1 and "number" in kinds:
        yield Finding("bare_number", path, range_, _example(about))
    elif len(kinds) > 1:
        yield Finding("wrong_unit", path, range_, _example(about))
    elif low.size > high.size:
        yield Finding("bounds_order", path, range_, "allowed.low_high")


def _example(about: Sequence[Number]) -> str:
    return "".join(show_value(number.value) for number in about[:1])


def _timed(amount: Amount) -> bool:
    return amount.kind in {"span", "workdays"}


def amount_of(written: object) -> Amount | None:
    """A number, duration, rate or interval as one comparable number; None for anything else."""
    if isinstance(written, Mapping):
        return amount_of(written.get("value", written.get("mean")))
    if isinstance(written, int | float) and not isinstance(written, bool):
        return Amount("number", written) if abs(written) < float("inf") else None
    for kind, read in (("span", _ticks), ("rate", clock.parse_rate), ("hours", _length)):
        try:
            amount = read(written)
        except (ClockError, OverflowError):
            continue
        return amount if isinstance(amount, Amount) else Amount(kind, amount)
    return None


def _ticks(written: object) -> Amount:
    ticks, workdays = clock.parse_span(written)
    return Amount("workdays", workdays) if workdays else Amount("span", ticks)


def _length(written: object) -> int:
    hours = clock.parse_hours(written)
    return hours.end - hours.start
