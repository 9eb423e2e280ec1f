"""A scenario in layers: a file over the file it extends, and overrides over both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from sim.errors import Problem, ScenarioError
from sim.scenario.fields import join_names, names_at, nearest, parts_at
from sim.scenario.named_tables import with_tables
from sim.scenario.node import OVERRIDE, Node, Steps, show_value
from sim.scenario.respell import respell, respell_step
from sim.scenario.spelling import fold_signs
from sim.scenario.strangers import lacking
from sim.scenario.tree import parse_tree, read_tree

MAX_EXTENDS: Final = 8
WIDE_EQUALS: Final = chr(0xFF1D)
"""The full-width sign that parts path and value where the plain one is missing."""


def read_extended(path: Path, problems: list[Problem], trail: tuple[Path, ...] = ()) -> Node:
    """Read a file, with the tables that it names, and lay it over the file it extends.

    Parameters
    ----------
    problems
        Collects what does not keep the rest from being checked.

    Raises
    ------
    ScenarioError
        When the file, a table, or one that it extends cannot be read.
    """
    return lay_over_base(read_tree(path, problems), path, problems, trail)


def lay_over_base(
    tree: Node, path: Path, problems: list[Problem], trail: tuple[Path, ...] = ()
) -> Node:
    """Lay the tree of a file, as it was parsed, over the file it extends; see `read_extended`.

    Raises
    ------
    ScenarioError
        As `read_extended`.
    """
    if not isinstance(tree.value, dict):
        raise ScenarioError([*problems, Problem("yaml_not_mapping", "", tree.file, 1, 1)])
    tree = with_tables(respell(tree, problems), path.parent, problems)
    assert isinstance(tree.value, dict)
    base = tree.child("extends")
    if base is None:
        return tree
    own = replace(tree, value={key: node for key, node in tree.value.items() if key != "extends"})
    base_name = show_value(base.plain())
    fault = Problem("missing_file", "extends", base.file, base.line, base.column, base_name)
    if not isinstance(base.value, str) or not base.value:
        problems.append(replace(fault, code="wrong_type", allowed="allowed.path"))
        return own
    below, trail = path.parent / base.value, (*trail, path.resolve())
    if _resolved(below) in trail:
        raise ScenarioError([*problems, replace(fault, code="extends_cycle")])
    if len(trail) > MAX_EXTENDS:
        deep = replace(fault, code="extends_too_deep", allowed=f"≤ {MAX_EXTENDS}")
        raise ScenarioError([*problems, deep])
    try:
        return merge(read_extended(below, problems, trail), own, problems)
    except ScenarioError as error:
        if any(problem.line for problem in error.problems):
            raise
        # the base itself cannot be opened: it is this line that must be mended
        codes = {problem.code for problem in error.problems}
        raise ScenarioError([*problems, *(replace(fault, code=code) for code in codes)]) from None


def _resolved(path: Path) -> Path | None:
    try:
        return path.resolve()
    except (OSError, ValueError, RuntimeError):  # a loop of links, or no name of a file at all
        return None


def merge(below: Node, above: Node, problems: list[Problem], path: Steps = ()) -> Node:
    """Lay one tree over another: maps key by key, lists of things with ids id by id, else whole.

    A map that names another `law` or `rule` replaces the one below it whole. An entry whose `id` is
    missing or misspelt is kept beside the others, so that it is reported and hides none of them.
    """
    kinds = {type(node.value) for node in (below, above)}
    if kinds == {dict, tuple}:
        conflict = show_value(above.plain())
        words = ".".join(map(str, path))
        problems.append(
            Problem("extends_conflict", words, above.file, above.line, above.column, conflict)
        )
        return below
    if isinstance(below.value, dict) and isinstance(above.value, dict):
        if any(_differ(below.child(key), above.child(key)) for key in ("law", "rule")):
            return above
        keys = [*below.value, *(key for key in above.value if key not in below.value)]
        merged = {key: _either(below, above, key, problems, path) for key in keys}
        layers = () if path else (*_layers(below), *_layers(above))
        return replace(above, value=merged, layers=layers)
    if isinstance(below.value, tuple) and isinstance(above.value, tuple):
        entries = (*below.value, *above.value)
        are_things = all(isinstance(entry.value, dict) for entry in entries)
        if are_things and any(entry.id for entry in below.value):
            problems.extend(_twice(below, above, path))
            new = tuple(e for e in above.value if not e.id or below.child(e.id) is None)
            refined = tuple(
                _either(below, above, e.id, problems, path) if e.id else e for e in below.value
            )
            return replace(above, value=refined + new)
    return above


def _layers(tree: Node) -> tuple[str, ...]:
    return tree.layers or (tree.file,)


def _twice(below: Node, above: Node, path: Steps) -> Iterator[Problem]:
    """Entries of one layer with the same id: over one below, all but the last would be lost."""
    assert isinstance(above.value, tuple)
    seen: set[str] = set()
    for entry in above.value:
        if entry.id in seen and below.child(entry.id) is not None:
            words = f"{'.'.join(map(str, path))}[{entry.id}].id"
            at = entry.child("id") or entry
            yield Problem("duplicate_id", words, at.file, at.line, at.column, entry.id)
        seen.add(entry.id)


def _differ(below: Node | None, above: Node | None) -> bool:
    return below is not None and above is not None and below.value != above.value


def _either(below: Node, above: Node, step: str, problems: list[Problem], path: Steps) -> Node:
    lower, upper = below.child(step), above.child(step)
    if lower is None or upper is None:
        only = upper or lower
        assert only is not None
        return only
    return merge(lower, upper, problems, (*path, step))


def override_tree(tree: Node, overrides: Iterable[str], problems: list[Problem]) -> Node:
    """Set values by path; an override that cannot be followed is left out and reported.

    Parameters
    ----------
    problems
        Collects paths that lead nowhere, values that are not YAML, and overrides that overlap.
    """
    done, above = set[Steps](), set[Steps]()
    for text in [overrides] if isinstance(overrides, str) else overrides:
        name, equals, value = text.partition("=" if "=" in text else WIDE_EQUALS)
        name = fold_signs(name)
        steps = tuple(name.split("."))
        steps = tuple(respell_step(step, steps[:n]) for n, step in enumerate(steps))
        if not equals or not all(steps):
            problems.append(Problem("override_value", "", OVERRIDE, found=text))
            continue
        place = canonical(tree, steps)
        shorter = [place[:n] for n in range(1, len(place) + 1)]
        if place in above or not done.isdisjoint(shorter):
            problems.append(Problem("override_conflict", name, OVERRIDE, found=name))
            continue
        done.add(place)
        above.update(shorter)
        try:
            new = respell(parse_tree(value, OVERRIDE).unplaced(OVERRIDE), problems, steps)
            tree = _set(tree, steps, (), new)
        except ScenarioError as error:
            problems.extend(_of_override(problem, name, text) for problem in error.problems)
    return tree


def canonical(tree: Node, steps: tuple[str, ...]) -> Steps:
    """Steps that are equal for equal places, whether an entry is named by its id or its index."""
    for n in range(len(steps), 0, -1):
        place = tree.resolve(steps[:n])
        if len(place) == n:
            return (*place, *steps[n:])
    return steps


def _of_override(problem: Problem, name: str, text: str) -> Problem:
    if problem.code == "yaml_syntax":
        return Problem("override_value", name, OVERRIDE, found=text)
    return replace(problem, path=name, file=OVERRIDE, line=0, column=0)


def _set(node: Node, steps: tuple[str, ...], above: Steps, new: Node) -> Node:
    if not steps:
        return new
    step, deeper = steps[0], steps[1:]
    if node.value is None and names_at(above):
        node = Node({}, OVERRIDE)
    below = node.child(step)
    if below is None and not deeper and isinstance(node.value, tuple):
        entry = _new_entry(step, above, new)
        if entry is not None:
            return replace(node, value=(*node.value, entry))
    if below is None:
        below = _absent(node, step, above, bool(deeper))
    return node.with_child(step, _set(below, deeper, (*above, step), new))


def _new_entry(name: str, above: Steps, new: Node) -> Node | None:
    """A whole entry for a list of things with ids; None for what lacks a field of one.

    What lacks a field is rather meant to change an entry, whose id is misspelt.
    """
    fields = new.value
    if not name.isidentifier() or not isinstance(fields, dict) or "id" in fields:
        return None
    entry = Node({"id": Node(name, OVERRIDE), **fields}, OVERRIDE)
    is_of_list = "id" in names_at((*above, name))
    return entry if is_of_list and not lacking(entry, (*above, name)) else None


def _absent(node: Node, step: str, above: Steps, further: bool) -> Node:
    """A place for what the file leaves to its default.

    Raises
    ------
    ScenarioError
        `override_path` where nothing of that name can be.
    """
    is_map = isinstance(node.value, dict)
    fields = names_at(above) if is_map else []
    is_part = any(part.get("type") == "object" for part in parts_at((*above, step)))
    if is_map and (not further or (is_part and step in fields)):
        return Node({}, OVERRIDE)
    names = list(dict.fromkeys((*fields, *node.names)))
    raise ScenarioError(
        Problem("override_path", found=step, allowed=join_names(names), values=nearest(step, names))
    )
