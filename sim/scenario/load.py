"""From a file to a Scenario: extends, overrides, validation; all problems at once, each in place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.errors import Problem, ScenarioError
from sim.scenario.consistency import Finding, findings
from sim.scenario.scenario import Scenario
from sim.scenario.tree import Node, Steps, parse_tree, read_tree

MAX_EXTENDS = 8

CODES: Mapping[str, str] = {
    "missing": "missing_field",
    "extra_forbidden": "unknown_key",
    "literal_error": "wrong_choice",
    "union_tag_invalid": "wrong_law",
    "union_tag_not_found": "wrong_law",
    "string_pattern_mismatch": "wrong_id",
    "too_long": "too_long_list",
    "too_short": "too_short_list",
    "date_type": "wrong_date",
    "date_parsing": "wrong_date",
    "datetime_type": "wrong_date",
    "finite_number": "not_a_number",
}
"""pydantic's error types -> the sentences of `sim/text`; our own codes pass through."""
LIMITS = ("greater_than", "greater_than_equal", "less_than", "less_than_equal")


def load_scenario(path: str | Path, overrides: Sequence[str] = ()) -> Scenario:
    """Read a scenario file, with what it extends, change some values, and validate the whole.

    Parameters
    ----------
    path
        A YAML file; `extends:` in it names a file beside it that it refines.
    overrides
        `path=value` texts; a path names keys and ids: `layouts.zone.windows.zone.clerks=14`.

    Raises
    ------
    ScenarioError
        With every problem found: where, what was found, what is allowed, what to do.

    Examples
    --------
    >>> from sim import example_path
    >>> load_scenario(example_path("exact/mmc.yaml"), ["run.seed=7"]).run.seed
    7
    """
    scenario, _ = read_scenario(path, overrides)
    return scenario


def read_scenario(
    path: str | Path, overrides: Sequence[str] = ()
) -> tuple[Scenario, tuple[Problem, ...]]:
    """Like `load_scenario`, and the warnings that do not stop a run.

    Raises
    ------
    ScenarioError
        As `load_scenario`.
    """
    tree = override_tree(extended_tree(Path(path)), overrides)
    return validate_tree(tree)


def scenario_from_text(text: str, name: str = "") -> Scenario:
    """A scenario from YAML text that extends nothing.

    Raises
    ------
    ScenarioError
        As `load_scenario`.
    """
    return validate_tree(parse_tree(text, name))[0]


def validate_tree(tree: Node) -> tuple[Scenario, tuple[Problem, ...]]:
    """Validate a tree; a part with an error of its own does not hide errors elsewhere."""
    if not isinstance(tree.value, Mapping):
        raise ScenarioError([Problem("yaml_not_mapping", "", tree.file, 1, 1)])
    data = tree.plain()
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        problems = _placed(tree, error.errors(include_url=False))
        raise ScenarioError([*problems, *_problems_elsewhere(tree, data, error)]) from None
    found = [_problem(tree, finding) for finding in findings(scenario)]
    if any(problem.severity == "error" for problem in found):
        raise ScenarioError([problem for problem in found if problem.severity == "error"])
    return scenario, tuple(found)


def extended_tree(path: Path, seen: tuple[Path, ...] = ()) -> Node:
    """Read a file and lay it over the file it extends."""
    tree = read_tree(path)
    base = tree.child("extends")
    if base is None:
        return tree
    base_path = path.parent / str(base.value)
    trail = (*seen, path.resolve())
    if base_path.resolve() in trail or len(trail) > MAX_EXTENDS:
        raise ScenarioError(
            [Problem("extends_cycle", "extends", base.file, base.line, base.column, str(base.value))]
        )
    assert isinstance(tree.value, Mapping)
    own = {key: child for key, child in tree.value.items() if key != "extends"}
    try:
        below = extended_tree(base_path, trail)
    except ScenarioError as error:
        if any(problem.code == "missing_file" for problem in error.problems):
            raise ScenarioError(
                [
                    Problem(
                        "missing_file",
                        "extends",
                        base.file,
                        base.line,
                        base.column,
                        str(base.value),
                    )
                ]
            ) from None
        raise
    return merge(below, replace(tree, value=own))


def merge(below: Node, above: Node) -> Node:
    """Lay one tree over another: maps key by key, lists of things with ids id by id, else whole.

    A map that names another `law` or `rule` replaces the one below it whole.
    """
    if isinstance(below.value, Mapping) and isinstance(above.value, Mapping):
        if any(_differ(below.child(key), above.child(key)) for key in ("law", "rule")):
            return above
        keys = [*below.value, *(key for key in above.value if key not in below.value)]
        return replace(above, value={key: _either(below, above, key) for key in keys})
    if isinstance(below.value, tuple) and isinstance(above.value, tuple):
        ids = [child.id for child in above.value]
        if all(ids) and all(child.id for child in below.value):
            kept = tuple(_either(below, above, child.id) for child in below.value)
            new = tuple(child for child in above.value if below.child(child.id) is None)
            return replace(above, value=kept + new)
    return above


def _differ(one: Node | None, other: Node | None) -> bool:
    return one is not None and other is not None and one.value != other.value


def _either(below: Node, above: Node, step: str) -> Node:
    one, other = below.child(step), above.child(step)
    if one is None or other is None:
        found = other or one
        assert found is not None
        return found
    return merge(one, other)


def override_tree(tree: Node, overrides: Iterable[str]) -> Node:
    """Set values by path; two overrides may not touch the same path.

    Raises
    ------
    ScenarioError
        For a path that leads nowhere, a value that is not YAML, or two that overlap.
    """
    done: list[tuple[str, ...]] = []
    problems: list[Problem] = []
    for text in overrides:
        name, equals, value = text.partition("=")
        steps = tuple(name.strip().split("."))
        if not equals or not all(steps):
            problems.append(Problem("override_value", name, found=text))
            continue
        if any(steps[: len(other)] == other[: len(steps)] for other in done):
            problems.append(Problem("override_conflict", name, found=name))
            continue
        done.append(steps)
        try:
            new = parse_tree(value, "--set") if value.strip() else Node(None, "--set")
            tree = _set(tree, steps, new, name)
        except ScenarioError as error:
            problems.extend(replace(p, path=p.path or name, found=text) for p in error.problems)
    if problems:
        raise ScenarioError(problems)
    return tree


def _set(node: Node, steps: tuple[str, ...], new: Node, name: str) -> Node:
    if not steps:
        return replace(new, file="--set")
    step, rest = steps[0], steps[1:]
    below = node.child(step)
    if below is None and (rest or not isinstance(node.value, Mapping)):
        keys = list(node.value) if isinstance(node.value, Mapping) else _ids(node)
        raise ScenarioError(
            [Problem("override_path", name, "--set", found=step, allowed=", ".join(keys))]
        )
    child = _set(below or new, rest, new, name)
    if isinstance(node.value, Mapping):
        return replace(node, value={**node.value, step: child})
    assert isinstance(node.value, tuple)
    return replace(node, value=tuple(child if old is below else old for old in node.value))


def _ids(node: Node) -> list[str]:
    return [child.id for child in node.value] if isinstance(node.value, tuple) else []


def _problems_elsewhere(tree: Node, data: Any, error: ValidationError) -> list[Problem]:
    """Cross-references of the parts that are sound, with the unsound parts left out."""
    unsound = {_element(details["loc"]) for details in error.errors(include_url=False)}
    if any(len(place) < 2 for place in unsound):  # noqa: PLR2004 (section, index)
        return []
    lost = {str(data[s][i].get("id", "")) for s, i in unsound if isinstance(data[s][i], dict)}
    kept = dict(data)
    for section in {section for section, _ in unsound}:
        gone = {index for name, index in unsound if name == section}
        kept[section] = tuple(x for i, x in enumerate(data[section]) if i not in gone)
    try:
        scenario = Scenario.model_validate(kept)
    except ValidationError:
        return []
    return [
        _problem(tree, finding)
        for finding in findings(scenario)
        if finding.severity == "error" and finding.found not in lost and not finding.whole
    ]


def _element(loc: tuple[str | int, ...]) -> tuple[Any, ...]:
    return loc[:2] if len(loc) > 2 and isinstance(loc[1], int) else loc[:1]  # noqa: PLR2004


def _placed(tree: Node, errors: Iterable[ErrorDetails]) -> Iterator[Problem]:
    """One problem a place: the most precise of what a union's branches complain of."""
    best: dict[tuple[str, int, int], Problem] = {}
    for details in errors:
        problem = _translated(tree, details)
        best.setdefault((problem.file, problem.line, problem.column), problem)
    yield from best.values()


def _translated(tree: Node, details: ErrorDetails) -> Problem:
    loc, kind = details["loc"], details["type"]
    node, words = tree.follow(loc)
    context = details.get("ctx", {})
    code = CODES.get(kind, kind)
    found = str(context.get("found", _shown(details["input"])))
    allowed = str(context.get("allowed", context.get("expected", "")))
    if kind in LIMITS:
        code, allowed = "outside_range", _limit(kind, context)
        share = context.get("le") == 1.0 or (context.get("ge") == 0.0 and "le" not in context)
        code = "share_outside" if context.get("le") == 1.0 and share else code
    elif kind.endswith("_type") and code == kind:
        code, allowed = "wrong_type", kind.removesuffix("_type")
    elif kind == "missing":
        words, found = f"{words}.{loc[-1]}" if words else str(loc[-1]), ""
    elif kind == "extra_forbidden":
        found, allowed = str(loc[-1]), _nearest(str(loc[-1]), loc)
    elif code == "wrong_law":
        found = str(context.get("tag", found))
        allowed = str(context.get("expected_tags", ", ".join(("constant", "exponential"))))
    elif kind == "string_pattern_mismatch":
        allowed = str(context.get("pattern", ""))
    return Problem(code, words, node.file, node.line, node.column, found=found, allowed=allowed)


def _limit(kind: str, context: Mapping[str, Any]) -> str:
    sign = {"greater_than": ">", "greater_than_equal": "≥", "less_than": "<"}.get(kind, "≤")
    return f"{sign} {next(iter(context.values())):g}"


def _shown(value: object) -> str:
    text = str(value) if not isinstance(value, dict | tuple) else type(value).__name__
    return text if len(text) <= 60 else text[:57] + "…"  # noqa: PLR2004 a line of a terminal


def _nearest(key: str, loc: tuple[str | int, ...]) -> str:
    """Names that the part knows, the likeliest first."""
    names = fields_at(loc[:-1])
    near = difflib.get_close_matches(key, names, n=3, cutoff=0.5)
    return ", ".join(near or sorted(set(names) - {"source", "assumed", "note"}))


def fields_at(loc: tuple[str | int, ...]) -> list[str]:
    """Field names of the model that stands at an error's location, from the JSON schema."""
    schema = Scenario.model_json_schema()
    definitions = schema["$defs"]

    def resolve(part: Any) -> list[Any]:
        if "$ref" in part:
            return resolve(definitions[part["$ref"].rsplit("/", 1)[1]])
        options = [*part.get("anyOf", ()), *part.get("oneOf", ())]
        return [x for option in options for x in resolve(option)] or [part]

    parts = [schema]
    for step in loc:
        below = []
        for part in parts:
            if isinstance(step, int):
                below += resolve(part["items"]) if "items" in part else []
            elif step in part.get("properties", {}):
                below += resolve(part["properties"][step])
            elif step == part.get("properties", {}).get("law", {}).get("const"):
                below.append(part)
        parts = below or parts
    return sorted({name for part in parts for name in part.get("properties", {})})


def _problem(tree: Node, finding: Finding) -> Problem:
    node, words = tree.follow(finding.path)
    return Problem(
        finding.code,
        words,
        node.file,
        node.line,
        node.column,
        found=finding.found,
        allowed=finding.allowed,
        severity=finding.severity,
        values=finding.values,
    )


__all__ = ["Steps", "load_scenario", "read_scenario", "scenario_from_text"]
