"""Where every number comes from: a source, a measurement, an assumption, or nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final, Literal, NamedTuple

from sim.clock import Hours, Span
from sim.scenario.base import ALWAYS, Block, Measured, Remark
from sim.scenario.node import Steps
from sim.scenario.packed_rows import BRIEFLY
from sim.scenario.scenario import Scenario

SETTINGS: Final = frozenset({"run", "targets"})
"""Parts that say what the planner asks for, not what is known of the city."""
RANGES: Final = frozenset({"assumed", "measured"})
"""Fields of a part that give its numbers a range."""

Origin = Literal["published", "document", "measured", "assumed", "none"]
"""A public address, another document, an estimate with its interval, a range, or nothing."""
ADDRESS: Final = re.compile(r"(https?|ftp)://\S+|\bdoi:\s*10\.\S+", re.IGNORECASE)
"""What others can open: without it a source is a document that the reader has to ask for."""


class Number(NamedTuple):
    """One number of a scenario with what is known about it."""

    path: Steps
    value: object
    """As written, with its unit; a distribution with an assumed range as its mapping."""
    source: str | None = None
    low: object = None
    """Lowest plausible value of an assumption, or lower end of a measurement's interval."""
    high: object = None
    """Highest plausible value, or upper end."""
    note: str | Remark | None = None
    stated_at: Steps = ()
    """Where the range stands."""
    measured: Measured | None = None
    """What it was measured from, where the range is the interval of an estimate."""

    @property
    def assumed(self) -> bool:
        """Whether the number is an assumption with a stated range."""
        return bool(self.stated_at) and self.measured is None

    @property
    def origin(self) -> Origin:
        """Where it comes from; a range says more than the source beside it.

        Examples
        --------
        >>> Number(("x",), 1, source="https://example.org/table").origin
        'published'
        >>> Number(("x",), 1, source="duty list of the hall, 2025").origin
        'document'
        """
        if self.measured is not None:
            return "measured"
        if self.stated_at:
            return "assumed"
        if self.source:
            return "published" if ADDRESS.search(self.source) else "document"
        return "none"


def range_path(stated_at: Steps) -> Steps:
    """The place of the numbers that a range is for, from the place where the range stands.

    Examples
    --------
    >>> range_path(("matters", "birth", "assumed", "service.base.mean"))
    ('matters', 'birth', 'service.base.mean')
    """
    return tuple(step for step in stated_at if step not in RANGES)


def with_ranges(written: Iterable[Number]) -> dict[Steps, list[Number]]:
    """Numbers that are assumed or measured, by the place of their range."""
    stated: dict[Steps, list[Number]] = {}
    for number in written:
        if number.stated_at:
            stated.setdefault(number.stated_at, []).append(number)
    return stated


class _Range(NamedTuple):
    low: object
    high: object
    stated_at: Steps
    measured: Measured | None = None


class _Ranges(NamedTuple):
    """What is assumed here and below; looked up step by step, however many there are."""

    here: _Range | None = None
    below: Mapping[str, _Ranges] = {}

    def under(self, nearer: _Ranges) -> _Ranges:
        """Both, where `nearer` is in force over this."""
        shared = self.below.keys() & nearer.below.keys()
        joined = {name: self.below[name].under(nearer.below[name]) for name in shared}
        below = {**self.below, **nearer.below, **joined} if self.below else nearer.below
        return _Ranges(nearer.here or self.here, below)


class _Inherited(NamedTuple):
    """What the parts above a value say about it."""

    source: str | None = None
    note: str | Remark | None = None
    ranges: _Ranges = _Ranges()
    """By the steps that remain until the value; those of nearer parts are in force."""

    def below(self, *names: str) -> _Inherited:
        """What is known under a step, which may be called by any of these names."""
        ranges = _Ranges(self.ranges.here)
        for name in names:
            if name in self.ranges.below:
                ranges = ranges.under(self.ranges.below[name])
        return self._replace(ranges=ranges)

    def inside(self, block: Block, path: Steps) -> _Inherited:
        """What is known inside a part that may say something itself."""
        ranges = self.ranges
        if block.assumed or block.measured:
            ranges = ranges.under(_ranges_of(block, path))
        return _Inherited(block.source or self.source, block.note or self.note, ranges)


def _ranges_of(block: Block, path: Steps) -> _Ranges:
    """What a part assumes of what stands in it, and what it says was measured of that."""
    top: dict[str, Any] = {}
    ranges = {key: _Range(*ends, (*path, "assumed", key)) for key, ends in block.assumed.items()}
    ranges |= {
        key: _Range(*measured.interval, (*path, "measured", key), measured)
        for key, measured in block.measured.items()
    }
    for key, range_ in ranges.items():
        *steps, last = key.split(".")
        level = top
        for step in steps:
            level = level.setdefault(step, {}).setdefault("", {})
        level.setdefault(last, {})[None] = range_
    return _nested(top)


def _nested(level: Mapping[str, Any], here: _Range | None = None) -> _Ranges:
    below = {step: _nested(entry.get("", {}), entry.get(None)) for step, entry in level.items()}
    return _Ranges(here, below)


def numbers(scenario: Scenario) -> list[Number]:
    """Every number that was written in the scenario; defaults are not numbers of the city.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> written = numbers(load_scenario(example_path("exact/mmc.yaml")))
    >>> all(number.source for number in written)
    True
    >>> [number.value for number in written if number.path[-1] == "mean"]
    ['10 min']
    """
    written = scenario.model_dump(mode="json", exclude_unset=True, context=BRIEFLY)
    return list(_walk(scenario, written, (), _Inherited()))


def unsourced(written: Iterable[Number]) -> list[Number]:
    """Numbers with neither source nor range."""
    return [number for number in written if number.origin == "none"]


def _walk(
    block: Block, written: Mapping[str, Any], path: Steps, inherited: _Inherited
) -> Iterator[Number]:
    inherited = inherited.inside(block, path)
    for name in type(block).model_fields:
        if name in Block.model_fields or name not in written or (not path and name in SETTINGS):
            continue
        yield from _value(getattr(block, name), written[name], (*path, name), inherited.below(name))


def _value(value: Any, written: Any, path: Steps, inherited: _Inherited) -> Iterator[Number]:
    if isinstance(value, Mapping) and set(value) == {ALWAYS}:
        value = value[ALWAYS]
        written = written[ALWAYS] if isinstance(written, Mapping) else written
    if isinstance(value, Block):
        if inherited.ranges.here is not None:
            source, note = value.source or inherited.source, value.note or inherited.note
            yield _number(path, _short(written), inherited._replace(source=source, note=note))
        else:
            yield from _walk(value, written, path, inherited)
    elif isinstance(value, Mapping):
        for key, child in value.items():
            place = (*path, str(key))
            yield from _value(child, _entry(written, key), place, inherited.below("*", str(key)))
    elif isinstance(value, Span | Hours | date) or _is_number(value):
        yield _number(path, written, inherited)
    elif isinstance(value, tuple):
        for index, (child, shown) in enumerate(zip(value, written, strict=True)):
            place = (*path, getattr(child, "id", index))
            yield from _value(child, shown, place, inherited.below("*", str(place[-1])))


def _number(path: Steps, written: object, inherited: _Inherited) -> Number:
    low, high, stated_at, measured = inherited.ranges.here or _Range(None, None, ())
    return Number(path, written, inherited.source, low, high, inherited.note, stated_at, measured)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _entry(written: Mapping[Any, Any], key: object) -> object:
    return written[key] if key in written else written[str(key)]


def _short(written: Mapping[str, Any]) -> object:
    """A distribution is shown by its written values; a constant by its value alone."""
    data = {key: value for key, value in written.items() if key not in Block.model_fields}
    return data["value"] if data.get("law") == "constant" else data
