"""What was changed in a scenario after its file was read: path, before, now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from sim.scenario.node import MAX_SHOWN, Node, write_value

FIELD: Final = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII)
"""Keys of parts; keys of rosters and curves are hours, days or months."""


class Changed(NamedTuple):
    """One field that is not as the file has it."""

    path: str
    """As an override writes it."""
    before: str
    """As the file writes it; empty where it leaves the field to its default."""
    now: str
    """Empty where it was taken out."""


def changes(before: Node, now: Node, path: str = "") -> Iterator[Changed]:
    """Every field in which two trees differ, in their order; rosters and curves as a whole.

    Examples
    --------
    >>> from sim.scenario.tree import parse_tree
    >>> before = parse_tree("{run: {seed: 1, days: 5}}")
    >>> now = parse_tree("{run: {seed: 2, days: 5}}")
    >>> list(changes(before, now))
    [Changed(path='run.seed', before='1', now='2')]
    """
    old, new = before.plain(), now.plain()
    if old == new:
        return
    names = _names(before), _names(now)
    if names[0] is None or names[1] is None:
        yield Changed(path, write_value(old, MAX_SHOWN), write_value(new, MAX_SHOWN))
        return
    for name in dict.fromkeys((*names[0], *names[1])):
        place = f"{path}.{name}" if path else name
        part_before, part_now = before.child(name), now.child(name)
        if part_before is not None and part_now is not None:
            yield from changes(part_before, part_now, place)
        else:
            texts = (
                "" if part is None else write_value(part.plain(), MAX_SHOWN)
                for part in (part_before, part_now)
            )
            yield Changed(place, *texts)


def _names(node: Node) -> tuple[str, ...] | None:
    """Names of the parts of a part or of a list of parts; None for a value that is one whole."""
    names = node.names
    if isinstance(node.value, Mapping):
        return names if all(FIELD.fullmatch(name) for name in names) else None
    if isinstance(node.value, tuple):
        return names if len(set(names)) == len(node.value) else None
    return None
