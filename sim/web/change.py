"""What a planner changed, and the scenario that comes of it; no page, no Streamlit."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from sim import data_dir, example_path
from sim.errors import Problem, ScenarioError
from sim.scenario.edit import demand_overrides, with_clerks, with_roster
from sim.scenario.layers import merge, override_tree, read_extended
from sim.scenario.load import changed_scenario
from sim.scenario.named_tables import with_tables_among
from sim.scenario.respell import respell
from sim.scenario.scenario import Scenario
from sim.scenario.tree import Node, parse_tree
from sim.web.rosters import WrittenRoster, roster_text
from sim.web.tables import kept_tables, tables_folder

SHIPPED: Final = "sanmenxia.yaml"
MOST_DAYS: Final = 400
MOST_REPLICATIONS: Final = 500
MOST_SEED: Final = 2**31 - 1


class Source(NamedTuple):
    """Where the base scenario comes from: a shipped file, or text that somebody brought."""

    name: str = SHIPPED
    text: str | None = None
    tables: str = ""
    """Address of the tables that came with the text (`sim.web.tables`); empty = none did."""


@dataclass(frozen=True)
class Change:
    """A base scenario and everything changed in it; plain data, so that it travels with a job."""

    source: Source = field(default_factory=Source)
    rosters: Mapping[str, Mapping[str, WrittenRoster]] = field(default_factory=dict)
    """Layout -> window group -> roster, where it was changed."""
    built: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Layout -> window group -> windows, where more clerks need more of them."""
    demand: int = 100
    """Percent of the base scenario's demand."""
    days: int | None = None
    """Measured days; None = the base scenario's."""
    unequal: bool = False
    """Layouts with different clerk hours may be compared."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Path -> value, as a scenario writes it, of other fields that were changed."""

    def data(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self) | {"source": list(self.source)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Change:
        """What `data` gave, again.

        Raises
        ------
        TypeError
            For data of another shape.
        """
        return cls(**{**data, "source": Source(*data["source"])})


class ChangedScenario(NamedTuple):
    """What comes of a change: a scenario, or the reasons why not."""

    scenario: Scenario | None
    problems: tuple[Problem, ...] = ()
    """Errors when there is no scenario, else warnings."""


def made(change: Change) -> ChangedScenario:
    """The scenario with all changes.

    Examples
    --------
    >>> made(Change(Source("exact/mmc.yaml"), demand=50)).scenario.demand[0].rate
    12.0
    """
    return _made(change.source, tuple(_overrides(change)))


@lru_cache(maxsize=32)
def _made(source: Source, overrides: tuple[str, ...]) -> ChangedScenario:
    try:
        tree, problems = _read(source)
        made_, warnings = changed_scenario(tree, overrides, [*problems])
        return ChangedScenario(made_, _by_name(warnings))
    except ScenarioError as error:
        return ChangedScenario(None, _by_name(error.problems))


def _by_name(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Problems that call a table as its reader does: where it lies here is nobody's business."""
    tables_at = str(tables_folder())
    return tuple(
        replace(problem, file=Path(problem.file).name)
        if problem.file.startswith(tables_at)
        else problem
        for problem in problems
    )


class _ReadSource(NamedTuple):
    """The tree of a source with all its tables, and what was met while it was read."""

    tree: Node
    problems: tuple[Problem, ...]


@lru_cache(maxsize=4)
def _read(source: Source) -> _ReadSource:
    """A source is read once for all that is changed in it."""
    problems: list[Problem] = []
    tree = _tree(source, problems)
    return _ReadSource(tree, tuple(problems))


def _tree(source: Source, problems: list[Problem]) -> Node:
    if source.text is None:
        return read_extended(example_path(source.name), problems)
    tree = _with_brought(
        respell(parse_tree(source.text, source.name, problems), problems), source, problems
    )
    base = tree.child("extends")
    if base is None or not isinstance(tree.value, Mapping):
        return tree
    own = tree.without(("extends",))
    if base.value in shipped():
        # of the files that ship, and of no other, the text of a variant says enough
        return merge(read_extended(example_path(str(base.value)), problems), own, problems)
    place = (base.file, base.line, base.column)
    problems.append(Problem("extends_unavailable", "extends", *place, found=str(base.value)))
    return own


def _with_brought(tree: Node, source: Source, problems: list[Problem]) -> Node:
    """The tree of a text with the tables that came with it."""
    if not isinstance(tree.value, Mapping):
        return tree
    folder = kept_tables(source.tables)
    names = frozenset(path.name for path in folder.iterdir()) if folder else frozenset[str]()
    return with_tables_among(tree, names, folder or tables_folder(), problems)


@lru_cache(maxsize=1)
def shipped() -> frozenset[str]:
    """Names of all scenario files that ship, as `extends:` writes them.

    Examples
    --------
    >>> {"sanmenxia.yaml", "exact/mmc.yaml"} <= shipped()
    True
    """
    folder = data_dir("scenarios")
    return frozenset(path.relative_to(folder).as_posix() for path in folder.rglob("*.yaml"))


@lru_cache(maxsize=8)
def _demand_overrides(source: Source, percent: int) -> tuple[str, ...]:
    """Overrides that scale the demand; none where the scenario cannot be read."""
    try:
        return tuple(demand_overrides(_read(source).tree, percent / 100))
    except ScenarioError:
        return ()


def _overrides(change: Change) -> Iterator[str]:
    """Every change as `path=value`; none for what is as it was."""
    for layout, groups in change.rosters.items():
        for group, roster in groups.items():
            yield f"layouts.{layout}.windows.{group}.clerks={roster_text(roster)}"
    for layout, windows in change.built.items():
        for group, count in windows.items():
            yield f"layouts.{layout}.windows.{group}.count={count}"
    if change.demand != 100:
        yield from _demand_overrides(change.source, change.demand)
    if change.days is not None:
        yield f"run.measured_days={change.days}"
    if change.unequal:
        yield "equal_budget=none"
    for path, value in change.fields.items():
        yield f"{path}={value}"


def with_total(change: Change, layout: str, clerks: int) -> Change:
    """The change with another number of clerks in one layout, shared out as now.

    Raises
    ------
    ScenarioError
        When the scenario cannot be made, or has too many groups for so few clerks.
    """
    return _with_windows(change, layout, lambda scenario: with_clerks(scenario, layout, clerks))


def with_rosters(change: Change, layout: str, rosters: Mapping[str, WrittenRoster]) -> Change:
    """The change with other rosters in some window groups of a layout.

    Raises
    ------
    ScenarioError
        When the scenario cannot be made.

    Examples
    --------
    >>> change = Change(Source("exact/mmc.yaml"))
    >>> more = with_rosters(change, "hall", {"windows": {"mon-sun 00:00-24:00": 7}})
    >>> more.rosters["hall"]["windows"]
    {'mon-sun 00:00-24:00': 7}
    """
    return _with_windows(change, layout, lambda scenario: with_roster(scenario, layout, rosters))


def with_settings(change: Change, overrides: Sequence[str]) -> Change:
    """The change with some fields set, which take the place of what it says of them.

    Raises
    ------
    ScenarioError
        When the scenario cannot be made with them.

    Examples
    --------
    >>> change = with_settings(Change(Source("exact/mmc.yaml")), ["hall.last_ticket=10 min"])
    >>> dict(change.fields)
    {'hall.last_ticket': '10 min'}
    """
    fields = dict(override.split("=", 1) for override in overrides)

    def others(layouts: Mapping[str, Mapping[str, Any]], field: str) -> dict[str, dict[str, Any]]:
        return {
            layout: {
                group: value
                for group, value in groups.items()
                if f"layouts.{layout}.windows.{group}.{field}" not in fields
            }
            for layout, groups in layouts.items()
        }

    settled = replace(
        change,
        rosters=others(change.rosters, "clerks"),
        built=others(change.built, "count"),
        fields=_settled(change.fields, fields),
    )
    scenario, problems = made(settled)
    if scenario is None:
        raise ScenarioError(problems)
    return settled


def _settled(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """Fields with others in place of what they say: a whole replaces its parts, a part is put into
    the whole that was set before, as two overrides of one place would contradict each other.

    Raises
    ------
    ScenarioError
        When a whole has no such part.
    """
    settled = {
        path: value
        for path, value in before.items()
        if not any(path.startswith(f"{whole}.") for whole in now)
    }
    for path, value in now.items():
        whole = next((whole for whole in before if path.startswith(f"{whole}.")), None)
        if whole is None:
            settled[path] = value
            continue
        problems: list[Problem] = []
        part = path.removeprefix(f"{whole}.")
        tree = override_tree(parse_tree(settled[whole]), [f"{part}={value}"], problems)
        if problems:
            raise ScenarioError(problems)
        settled[whole] = json.dumps(tree.plain(), ensure_ascii=False, default=str)
    return settled


def _with_windows(change: Change, layout: str, staffed: Callable[[Scenario], Scenario]) -> Change:
    """The change with the windows that a layout has after its staffing."""
    scenario, problems = made(change)
    if scenario is None:
        raise ScenarioError(problems)
    groups = staffed(scenario).layout(layout).windows
    before = {group.id: group.count for group in scenario.layout(layout).windows}
    built = {
        group.id: group.count
        for group in groups
        if group.count is not None and group.count != before[group.id]
    }
    return replace(
        change,
        rosters={**change.rosters, layout: {group.id: dict(group.clerks) for group in groups}},
        built={**change.built, layout: {**change.built.get(layout, {}), **built}},
        unequal=True,
    )


def budget_problems(change: Change) -> tuple[Problem, ...]:
    """Why the layouts may not be compared for their budgets alone; empty when they may."""
    problems = made(change).problems
    codes = {problem.code for problem in problems if problem.severity == "error"}
    return problems if codes == {"unequal_budget"} else ()
