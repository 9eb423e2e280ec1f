"""The sound part of a scenario, so that one mistake does not hide the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.scenario import consistency
from sim.scenario.fields import names_at, nearest
from sim.scenario.findings import Finding
from sim.scenario.messages import echo
from sim.scenario.node import Node, Steps
from sim.scenario.scenario import Scenario

MAX_ROUNDS: Final = 16
"""A part that loses what it needs goes with it, so a round climbs one level at least."""
_NAME: Final = {"zh": "-", "en": "-"}
STAND_INS: Final[Mapping[str, Any]] = {
    "name": _NAME,
    "run": {"start": date(2025, 1, 6), "measured_days": 1},
    "calendars": [{"id": "none", "weekly": {"mon-sun": ["00:00-24:00"]}}],
    "hall": {"name": _NAME, "hours": "none"},
    "departments": [{"id": "none", "name": _NAME, "reviewers": 1, "hours": "none"}],
    "matters": [{"id": "none", "name": _NAME, "lead": "none", "service": {"base": "1 min"}}],
    "demand": [{"id": "none", "matter": "none", "per_day": 1}],
    "layouts": [
        {
            "id": "none",
            "name": _NAME,
            "windows": [{"id": "none", "serves": ["none"], "clerks": 1}],
        }
    ],
}
"""What stands for a section that is missing, so that the others can be checked."""


def findings_elsewhere(tree: Node, errors: Sequence[ErrorDetails]) -> tuple[Node, list[Finding]]:
    """The tree without its unsound parts, and what is inconsistent in the rest for certain."""
    lost: set[Steps] = set()
    names: set[str] = set()
    for _ in range(MAX_ROUNDS):
        lost.update(_meant(tree, errors))
        for path in sorted(_places(tree, errors), reverse=True):
            node, _ = tree.follow(path)
            names.update(_texts(node))
            lost.add(_by_id(tree, path))
            tree = tree.without(path)
        absent = [name for name in STAND_INS if tree.child(name) is None]
        lost.update((name,) for name in absent)
        assert isinstance(tree.value, Mapping)
        stand_ins = {name: _node(STAND_INS[name]) for name in absent}
        tree = Node({**tree.value, **stand_ins}, tree.file, tree.line, tree.column)
        try:
            scenario = Scenario.model_validate(tree.plain())
        except ValidationError as error:
            errors = error.errors(include_url=False)
        else:
            findings = consistency.errors(scenario)
            return tree, [f for f in findings if _certain(f, lost, names)]
    return tree, []


def _places(tree: Node, errors: Iterable[ErrorDetails]) -> set[Steps]:
    """Where the errors stand, without those inside of others."""
    places = {tree.resolve(details["loc"]) for details in errors if not echo(details)} - {()}
    return {path for path in places if not any(path[:n] in places for n in range(1, len(path)))}


def _meant(tree: Node, errors: Iterable[ErrorDetails]) -> Iterator[Steps]:
    """The fields that were probably meant by unknown keys: they are not left out on purpose."""
    for details in errors:
        *above, key = details["loc"]
        if details["type"] == "extra_forbidden":
            path = _by_id(tree, tree.resolve(tuple(above)))
            yield from ((*path, name) for _, name in nearest(str(key), names_at(above)))


def _by_id(tree: Node, path: Steps) -> Steps:
    """A path whose entries are named by their ids, as in a Finding."""
    named: list[str | int] = []
    for n, step in enumerate(path, 1):
        node, _ = tree.follow(path[:n])
        named.append(node.id or step if isinstance(step, int) else step)
    return tuple(named)


def _texts(node: Node) -> Iterator[str]:
    if isinstance(node.value, str):
        yield node.value
    for child in node.value.values() if isinstance(node.value, Mapping) else ():
        yield from _texts(child)
    for child in node.value if isinstance(node.value, tuple) else ():
        yield from _texts(child)


def _node(value: Any) -> Node:
    if isinstance(value, dict):
        return Node({key: _node(child) for key, child in value.items()})
    if isinstance(value, list):
        return Node(tuple(_node(child) for child in value))
    return Node(value)


def _certain(finding: Finding, lost: set[Steps], names: set[str]) -> bool:
    """Whether nothing that was left out can be the cause of a finding."""
    if any(_touch(finding.path, path) for path in lost):
        return False
    causes = [path for path in lost if path[0] in finding.depends]
    if finding.code.startswith("unknown_") and finding.code != "unknown_key":
        return finding.found not in names and not any(map(_nameless, causes))
    return not causes


def _nameless(path: Steps) -> bool:
    """Whether what was left out may have had any name: a section, or an entry without an id."""
    return len(path) == 1 or path[-1] == "id" or isinstance(path[-1], int)


def _touch(place: Steps, lost: Steps) -> bool:
    shared = min(len(place), len(lost))
    return place[:shared] == lost[:shared]
