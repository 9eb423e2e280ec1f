"""From a file to a Scenario: extends, overrides, validation; every problem at once, in place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from sim.errors import Problem, ScenarioError
from sim.scenario.changed import changes
from sim.scenario.consistency import findings
from sim.scenario.layers import override_tree, read_extended
from sim.scenario.messages import problem_of, problems_of
from sim.scenario.node import Node
from sim.scenario.packed_rows import BRIEFLY, PackedRows
from sim.scenario.respell import respell
from sim.scenario.salvage import findings_elsewhere
from sim.scenario.scenario import Scenario
from sim.scenario.tree import parse_tree

MAX_REPORTED: Final = 1_000
"""A file with more mistakes than that is no scenario yet."""


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
    problems: list[Problem] = []
    return changed_scenario(read_extended(Path(path), problems), overrides, problems)


def changed_scenario(
    tree: Node, overrides: Sequence[str], problems: list[Problem]
) -> tuple[Scenario, tuple[Problem, ...]]:
    """The scenario of a file's tree with overrides, which knows what they change, and warnings.

    Raises
    ------
    ScenarioError
        As `validate_tree`.
    """
    changed_tree = override_tree(tree, overrides, problems)
    scenario, warnings = validate_tree(changed_tree, problems)
    return scenario.with_changed(tuple(changes(tree, changed_tree))), warnings


def tree_of(scenario: Scenario) -> Node:
    """A scenario as a tree again, for overrides over it; no line of a file stands behind it.

    Examples
    --------
    >>> from sim import example_path
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"))
    >>> validate_tree(tree_of(scenario))[0] == scenario
    True
    """
    written = scenario.model_dump(mode="json", exclude_unset=True, context=BRIEFLY)
    return _node(written, scenario.model_dump(exclude_unset=True))


def _node(written: Any, value: Any) -> Node:
    """`value` is the same as Python values: dates and rows of tables are themselves in a tree."""
    if isinstance(value, date | PackedRows):
        return Node(value)
    if isinstance(written, dict):
        pairs = zip(written.items(), value.values(), strict=True)
        return Node({str(key): _node(part, part_value) for (key, part), part_value in pairs})
    if isinstance(written, list):
        return Node(
            tuple(_node(part, part_value) for part, part_value in zip(written, value, strict=True))
        )
    return Node(written)


def scenario_from_text(text: str, name: str = "") -> Scenario:
    """A scenario from YAML text that extends nothing.

    Raises
    ------
    ScenarioError
        As `load_scenario`.
    """
    problems: list[Problem] = []
    tree = respell(parse_tree(text, name, problems), problems)
    base = tree.child("extends")
    if base is not None and isinstance(tree.value, dict):
        place = (base.file, base.line, base.column)
        problems.append(Problem("extends_unavailable", "extends", *place, found=str(base.value)))
        tree = tree.without(("extends",))
    return validate_tree(tree, problems)[0]


def validate_tree(
    tree: Node, before: Iterable[Problem] = ()
) -> tuple[Scenario, tuple[Problem, ...]]:
    """The scenario of a tree, and warnings; an error in one part does not hide errors elsewhere.

    Parameters
    ----------
    before
        Problems that were met on the way to the tree; they are reported with its own. Warnings
        among them are returned with the scenario.

    Raises
    ------
    ScenarioError
        With every problem.
    """
    problems, notes = list[Problem](), list[Problem]()
    for problem in before:
        (problems if problem.severity == "error" else notes).append(problem)
    if not isinstance(tree.value, dict):
        raise ScenarioError([*problems, Problem("yaml_not_mapping", "", tree.file, 1, 1)])
    try:
        scenario = Scenario.model_validate(tree.plain())
    except ValidationError as error:
        errors = error.errors(include_url=False)
        problems += problems_of(tree, errors[:MAX_REPORTED])
        sound, further = (
            findings_elsewhere(tree, errors) if len(errors) < MAX_REPORTED else (tree, [])
        )
        raise ScenarioError(
            [*problems, *(problem_of(sound, finding) for finding in further)]
        ) from None
    warnings = [problem_of(tree, finding) for finding in findings(scenario)]
    problems += [problem for problem in warnings if problem.severity == "error"]
    if problems:
        raise ScenarioError(problems)
    return scenario, (*notes, *warnings)


__all__ = [
    "changed_scenario",
    "load_scenario",
    "read_scenario",
    "scenario_from_text",
    "tree_of",
    "validate_tree",
]
