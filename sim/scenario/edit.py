"""Another scenario of this one: overrides, clerks, handling, days; see also `edit_places.py`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from sim.clock import parse_rate
from sim.errors import Problem, ScenarioError
from sim.scenario.dated_rosters import most_clerks, most_of_group
from sim.scenario.day_kinds import day_kinds
from sim.scenario.hall import Layout
from sim.scenario.layers import override_tree
from sim.scenario.load import tree_of, validate_tree
from sim.scenario.matters import Department, Handling
from sim.scenario.node import Node
from sim.scenario.scenario import Scenario

VARY: Final = "--vary"
"""Stands for the file of what comes from a lever."""
FOLLOWUP: Final = 120
"""Hall days in which cases may finish: going from department to department takes weeks."""
AMOUNTS: Final = ("per_year", "per_day", "rate")
"""Ways to say how many come that can be made more or less."""


# === any fields === #


def with_overrides(scenario: Scenario, overrides: Sequence[str]) -> Scenario:
    """The scenario with some values set, each by a `path=value`.

    Raises
    ------
    ScenarioError
        With every problem.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> with_overrides(load_scenario(example_path("exact/mmc.yaml")), ["run.seed=7"]).run.seed
    7
    """
    problems: list[Problem] = []
    tree = override_tree(tree_of(scenario), overrides, problems)
    return validate_tree(tree, problems)[0]


class VariedScenario(NamedTuple):
    """A scenario with overrides."""

    scenario: Scenario
    same_budget: bool = True
    """Its layouts have equal clerk hours, or never had to."""


def vary_tree(tree: Node, overrides: Sequence[str]) -> VariedScenario:
    """The scenario of a tree with overrides; only the rule of equal budgets may be broken by them.

    Raises
    ------
    ScenarioError
        With every problem, said to come from a lever.
    """
    problems: list[Problem] = []
    varied = override_tree(tree, overrides, problems)
    try:
        return VariedScenario(validate_tree(varied, problems)[0])
    except ScenarioError as error:
        errors = [problem for problem in error.problems if problem.severity == "error"]
        if {problem.code for problem in errors} != {"unequal_budget"}:
            raise ScenarioError([replace(problem, file=VARY) for problem in errors]) from None
    varied = override_tree(varied, ["equal_budget=none"], problems)
    return VariedScenario(validate_tree(varied, problems)[0], same_budget=False)


# === demand === #


def demand_overrides(tree: Node, factor: float) -> Iterator[str]:
    """Overrides by which a factor more people come, in each flow as it says how many.

    Flows whose number cannot be read are left as they are.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> tree = tree_of(load_scenario(example_path("exact/mmc.yaml")))
    >>> list(demand_overrides(tree, 0.5))
    ['demand.everybody.rate=12.0000000000 per h']
    """
    demand = tree.child("demand")
    if demand is None or not isinstance(demand.value, tuple):
        return
    for flow in demand.value:
        for name in AMOUNTS:
            amount = flow.child(name) if flow.id else None
            scaled = _scaled_amount(name, amount.value, factor) if amount is not None else ""
            if scaled:
                yield f"demand.{flow.id}.{name}={scaled}"


def _scaled_amount(name: str, value: object, factor: float) -> str:
    """An amount made more or less, as a scenario writes it; empty when it cannot be read."""
    try:
        if name == "rate":
            return f"{parse_rate(value) * factor:.10f} per h"
        amount = float(str(value)) * factor
    except ValueError:
        return ""
    return f"{amount:.10f}" if math.isfinite(amount) else ""


# === clerks === #


def with_clerks(scenario: Scenario, layout_id: str, total: int) -> Scenario:
    """The scenario with another number of clerks in one layout, shared out as now.

    Each group's roster is scaled as a whole, so half hours keep their shape; groups keep one clerk
    at least. The layouts then no longer have equal budgets, and the scenario says so.

    Raises
    ------
    ScenarioError
        When there are fewer clerks than window groups.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> more = with_clerks(load_scenario(example_path("exact/mmc.yaml")), "hall", 7)
    >>> clerks_of(more.layout("hall"))
    7
    """
    refuse_table(scenario.layout(layout_id))
    sizes = _most_clerks(scenario.layout(layout_id))
    staffed = [n for n, size in enumerate(sizes) if size > 0]
    if total < len(staffed):
        path, allowed = f"layouts[{layout_id}].windows", f"≥ {len(staffed)}"
        raise ScenarioError([Problem("too_small", path, found=str(total), allowed=allowed)])
    shares = dict(zip(staffed, apportion([sizes[n] for n in staffed], total), strict=True))
    windows = tuple(
        group.model_copy(
            update={
                "clerks": scaled_roster(group.clerks, sizes[n], shares.get(n, 0)),
                "count": None if group.count is None else max(group.count, shares.get(n, 0)),
            }
        )
        for n, group in enumerate(scenario.layout(layout_id).windows)
    )
    layouts = tuple(
        layout.model_copy(update={"windows": windows}) if layout.id == layout_id else layout
        for layout in scenario.layouts
    )
    return scenario.model_copy(update={"layouts": layouts, "equal_budget": "none"})


def clerks_of(layout: Layout) -> int:
    """Clerks of a layout when each group has its largest number.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> clerks_of(load_scenario(example_path("exact/mmc.yaml")).layout("hall"))
    5
    """
    return sum(_most_clerks(layout))


def _most_clerks(layout: Layout) -> list[int]:
    return [most_of_group(layout, group) for group in layout.windows]


def refuse_table(layout: Layout) -> None:
    """Refuse other rosters of a layout whose clerks stand in a table: its dates would still hold.

    Raises
    ------
    ScenarioError
        `roster_in_table`.
    """
    if layout.clerks_file is not None:
        path = f"layouts[{layout.id}].clerks_file"
        raise ScenarioError([Problem("roster_in_table", path, found=layout.clerks_file.file)])


def apportion(weights: Sequence[int], total: int) -> list[int]:
    """Share a number out in proportion, whole and at least 1 each, by largest remainders.

    Examples
    --------
    >>> apportion([12, 3, 3], 12)
    [8, 2, 2]
    """
    if total < len(weights):
        raise ValueError(f"{total} clerks cannot staff {len(weights)} groups; take one each")
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    shares = [max(int(part), 1) for part in exact]
    while sum(shares) != total:
        step = 1 if sum(shares) < total else -1
        free = [n for n, share in enumerate(shares) if step > 0 or share > 1]
        best = max(free, key=lambda n: (step * (exact[n] - shares[n]), -n))
        shares[best] += step
    return shares


def scaled_roster(roster: Mapping[str, float], before: int, after: int) -> dict[str, int]:
    """A roster whose largest number is `after`; no hour with a clerk loses its last one."""
    return {
        key: max(1, int((clerks * after * 2 + before) // (2 * before))) if clerks else 0
        for key, clerks in roster.items()
    }


def with_roster(
    scenario: Scenario, layout_id: str, rosters: Mapping[str, Mapping[str, float]]
) -> Scenario:
    """The scenario with other rosters in some window groups of one layout.

    As many windows are built as the largest number needs. The layouts then no longer have equal
    budgets, and the scenario says so.

    Parameters
    ----------
    rosters
        By group, clerks by weekdays and hours as a scenario writes them.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> hall = load_scenario(example_path("exact/mmc.yaml"))
    >>> more = with_roster(hall, "hall", {"windows": {"mon-sun 00:00-12:00": 7}})
    >>> clerks_of(more.layout("hall")), clerks_of(with_roster(hall, "hall", {}).layout("hall"))
    (7, 5)
    """
    refuse_table(scenario.layout(layout_id))
    idle = _dated_zeros(scenario)
    windows = tuple(
        group.model_copy(
            update={
                "clerks": {**rosters[group.id], **idle(rosters[group.id])},
                "count": None
                if group.count is None
                else max(group.count, most_clerks(rosters[group.id])),
            }
        )
        if rosters.get(group.id)
        else group
        for group in scenario.layout(layout_id).windows
    )
    layouts = tuple(
        layout.model_copy(update={"windows": windows}) if layout.id == layout_id else layout
        for layout in scenario.layouts
    )
    return scenario.model_copy(update={"layouts": layouts, "equal_budget": "none"})


def _dated_zeros(scenario: Scenario) -> Callable[[Mapping[str, float]], dict[str, int]]:
    """Rows for the periods and single days of the hall that a roster leaves out: nobody comes then.

    Without them its ordinary rows would hold on those days.
    """
    dated = [kind.key for kind in day_kinds(scenario) if kind.part]

    def zeros(roster: Mapping[str, float]) -> dict[str, int]:
        named = {key.rpartition(" ")[0] for key in roster}
        return {f"{key} 00:00-24:00": 0 for key in dated if named and key not in named}

    return zeros


def with_reviewers(
    scenario: Scenario, reviewers: Mapping[str, int | Mapping[str, int]]
) -> Scenario:
    """The scenario with other numbers of reviewers in some departments.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> hall = load_scenario(example_path("exact/mmc.yaml"))
    >>> with_reviewers(hall, {"office": 3}).departments[0].reviewers
    {'mon-sun 00:00-24:00': 3}

    A roster keeps its shape:

    >>> by_hours = with_reviewers(hall, {"office": {"mon 09:00-12:00": 4, "mon 12:00-17:00": 2}})
    >>> with_reviewers(by_hours, {"office": 2}).departments[0].reviewers
    {'mon 09:00-12:00': 2, 'mon 12:00-17:00': 1}
    """
    departments = tuple(
        department.model_copy(
            update={"reviewers": _of_reviewers(department, reviewers.get(department.id))}
        )
        for department in scenario.departments
    )
    return scenario.model_copy(update={"departments": departments})


def _of_reviewers(
    department: Department, reviewers: Mapping[str, int] | int | None
) -> Mapping[str, int]:
    """The roster of a department's reviewers with that largest number, or another roster."""
    roster = department.reviewers
    if isinstance(reviewers, int):
        return scaled_roster(roster, department.most_reviewers, reviewers)
    return roster if reviewers is None else dict(reviewers)


def without_absence(scenario: Scenario) -> Scenario:
    """The scenario in which everybody on a roster comes.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> hall = load_scenario(example_path("exact/mmc.yaml"), ["hall.absence=0.1"])
    >>> without_absence(hall).hall.absence
    0.0
    """
    windows = [group for layout in scenario.layouts for group in layout.windows]
    if not scenario.hall.absence and not any(group.absence for group in windows):
        return scenario
    layouts = tuple(
        layout.model_copy(
            update={
                "windows": tuple(
                    group.model_copy(update={"absence": None}) for group in layout.windows
                )
            }
        )
        for layout in scenario.layouts
    )
    hall = scenario.hall.model_copy(update={"absence": 0.0})
    return scenario.model_copy(update={"hall": hall, "layouts": layouts})


# === handling and days === #


def with_handling(scenario: Scenario, handling: Handling, matters: Sequence[str] = ()) -> Scenario:
    """The scenario with its bundles handled in one way.

    Parameters
    ----------
    matters
        Ids; default: all matters of more than one item.

    Raises
    ------
    ScenarioError
        `no_own_matter` when a department's items have no windows of their own.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> city = load_scenario(example_path("sanmenxia.yaml"))
    >>> apart = with_handling(city, "separate", ["birth"])
    >>> [matter.id for matter in apart.matters if matter.handling == "separate"]
    ['birth']
    """
    ids = matters or bundles(scenario)
    return with_overrides(scenario, [f"matters.{id_}.handling={handling}" for id_ in ids])


def bundles(scenario: Scenario) -> tuple[str, ...]:
    """Matters that can be handled both ways and differ: those of more than one item.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> len(bundles(load_scenario(example_path("sanmenxia.yaml"))))
    24
    """
    return tuple(matter.id for matter in scenario.matters if len(matter.items) > 1)


def with_followup(scenario: Scenario, days: int | None = None) -> Scenario:
    """The scenario with n hall days for cases to finish; default: enough for separate handling."""
    n = enough_followup(scenario) if days is None else days
    return with_overrides(scenario, [f"run.followup_days={n}"])


def enough_followup(scenario: Scenario) -> int:
    """Hall days in which cases handled department by department finish too."""
    return max(scenario.run.followup_days, FOLLOWUP)


def with_days_at_most(scenario: Scenario, days: int) -> Scenario:
    """The scenario with no more than n days of each kind: warm-up, measured, to finish.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> short = with_days_at_most(load_scenario(example_path("sanmenxia.yaml")), 2).run
    >>> short.warmup_days, short.measured_days, short.followup_days
    (2, 2, 2)
    """
    run = scenario.run
    kinds = ("warmup_days", "measured_days", "followup_days")
    fewer = {kind: min(getattr(run, kind), days) for kind in kinds}
    return scenario.model_copy(update={"run": run.model_copy(update=fewer)})
