"""The scenario that a command is about, and what its options name in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.command.outputs import tell
from sim.errors import OptionError, Problem, ScenarioError
from sim.text import Text

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def read_asked(file: str, days: int | None, overrides: tuple[str, ...], text: Text) -> Scenario:
    """The scenario with what the options change in it; its warnings are printed."""
    from sim.scenario.load import read_scenario

    more = () if days is None else (f"run.measured_days={days}",)
    scenario, warnings = read_scenario(file, (*overrides, *more))
    warn(_few(warnings), text)
    return scenario


def _few(warnings: Sequence[Problem]) -> list[Problem]:
    """Warnings of a run: what changes its result first, numbers without a source in one line."""
    shown = [problem for problem in warnings if problem.code != "no_source"]
    unsourced = len(warnings) - len(shown)
    if unsourced:
        shown.append(Problem("no_sources", found=f"{unsourced:,}", severity="warning"))
    return shown


def warn(problems: Sequence[Problem], text: Text) -> None:
    """Tell warnings where they do not mix with what is found."""
    for problem in problems:
        tell(f"{text('severity.warning')} · {problem.sentence(text)}")


def all_layouts(scenario: Scenario) -> list[str]:
    """Ids of all layouts, in the order of the file."""
    return [layout.id for layout in scenario.layouts]


def known_layouts(scenario: Scenario, layouts: Sequence[str]) -> None:
    """Complain of all layouts that are not in the scenario."""
    from sim.scenario.fields import join_names, nearest

    ids = all_layouts(scenario)
    problems = [
        Problem("unknown_layout", found=name, allowed=join_names(ids), values=nearest(name, ids))
        for name in layouts
        if name not in ids
    ]
    if problems:
        raise ScenarioError(problems)


def known_measure(measure: str, option: str = "--measure") -> None:
    """Complain of a measure that is not in a sweep."""
    from sim.questions.sweep import ALL

    if measure not in ALL:
        problem = Problem("unknown_measure", option, found=measure, allowed=", ".join(ALL))
        raise OptionError(problem)
