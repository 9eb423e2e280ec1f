"""Levers: fields of a scenario that take several values, as `path=values` or as stated ranges."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Final, NamedTuple

from sim import clock
from sim.clock import ClockError
from sim.errors import OptionError, Problem, ScenarioError
from sim.scenario.base import ALWAYS
from sim.scenario.edit import VARY, vary_tree
from sim.scenario.layers import canonical
from sim.scenario.load import tree_of
from sim.scenario.node import Node, Steps, show_value
from sim.scenario.scenario import Scenario

EVERY: Final = "*"
"""In a path: every entry in which the rest of the path is written."""
MOST_VALUES: Final = 200
"""Values of one lever."""
FIXED: Final = frozenset({"run"})
"""How long is simulated, with which people: the same at every point."""

_AMOUNT = r"\s*([-+]?\d+(?:\.\d+)?)\s*([a-z][a-z ]*)?"
_RANGE = re.compile(rf"{_AMOUNT}:{_AMOUNT}(?::([^:]*))?")
_BRACKETS: Final = {"[": 1, "{": 1, "]": -1, "}": -1}


class Setting(NamedTuple):
    """One value of a lever, and the overrides that set it."""

    value: str
    """As a scenario writes it."""
    overrides: tuple[str, ...]


class Lever(NamedTuple):
    """A field, or a field of many parts that moves as one, with the values it takes."""

    path: str
    """As an override writes it; `*` stands for every entry."""
    settings: tuple[Setting, ...]
    now: tuple[str, ...]
    """Different values in the scenario as it is; empty where it leaves them to the default."""
    places: int
    """Fields that move together."""


def read_levers(scenario: Scenario, texts: Sequence[str]) -> tuple[Lever, ...]:
    """Levers from texts such as `demand.birth.per_year=100:300:5` or `routing.rule=a,b`.

    Parameters
    ----------
    texts
        `path=low:high:n`, n values evenly apart with both ends, or `path=a,b,c`. Values carry
        their units. `*` in a path moves the field in every entry in which it is written.

    Raises
    ------
    OptionError
        With every problem of every lever: a path that leads nowhere, a value that the field
        refuses, too few or too many values, equal values, two levers of one field.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"))
    >>> [lever] = read_levers(scenario, ["layouts.hall.windows.windows.clerks=5:7:3"])
    >>> [setting.value for setting in lever.settings], lever.now
    (['5', '6', '7'], ('5',))
    """
    tree, problems = tree_of(scenario), list[Problem]()
    levers: list[Lever] = []
    for text in texts:
        path, equals, words = (part.strip() for part in text.partition("="))
        if not equals or not all(path.split(".")) or not words:
            problems.append(Problem("vary_form", "", VARY, found=text))
            continue
        try:
            levers.append(_lever(tree, path, values_of(path, words)))
        except OptionError as error:
            problems += error.problems
    problems += _twice(tree, levers)
    for lever in levers:
        problems += _refused(tree, lever)
    if problems:
        raise OptionError(problems)
    return tuple(levers)


def values_of(path: str, words: str) -> tuple[str, ...]:
    """The values that a text names, as a scenario writes them.

    Raises
    ------
    OptionError
        When it names too few, too many or equal ones.

    Examples
    --------
    >>> values_of("hall.last_ticket", "0 min:30 min:4")
    ('0 min', '10 min', '20 min', '30 min')
    >>> values_of("review", "{law: gamma, mean: 3 min, cv: 1}, 5 min")
    ('{law: gamma, mean: 3 min, cv: 1}', '5 min')
    """
    match = _RANGE.fullmatch(words)
    if match is None:
        values = _listed(words)
    else:
        low, low_unit, high, high_unit, count = match.groups()
        n = _count(path, words, count)
        values = _spread(path, words, (low, low_unit), (high, high_unit), n)
    if not all(values):
        raise OptionError(Problem("vary_form", path, VARY, found=words))
    if len(set(values)) < len(values):
        raise OptionError(Problem("vary_equal", path, VARY, found=words))
    if len(values) > MOST_VALUES:
        raise OptionError(_count_problem(path, str(len(values))))
    return values


def _listed(words: str) -> tuple[str, ...]:
    """Parts between commas, but for commas inside brackets."""
    parts, depth = [""], 0
    for sign in words:
        depth += _BRACKETS.get(sign, 0)
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return tuple(part.strip() for part in parts)


def _count(path: str, words: str, count: str | None) -> int:
    if count is None:
        raise OptionError(Problem("vary_form", path, VARY, found=words))
    try:
        n = int(count)
    except ValueError:
        n = 0
    if not 2 <= n <= MOST_VALUES:
        raise OptionError(_count_problem(path, count.strip()))
    return n


def _count_problem(path: str, written: str) -> Problem:
    bounds = (("low", "2"), ("high", str(MOST_VALUES)))
    return Problem(
        "vary_count", path, VARY, found=written, allowed="allowed.int_between", values=bounds
    )


def _spread(
    path: str, words: str, low: tuple[str, str | None], high: tuple[str, str | None], n: int
) -> tuple[str, ...]:
    """Values evenly apart, both ends among them, in the unit of the ends."""
    units = [(unit or "").strip() for _, unit in (low, high)]
    if units[0] == units[1]:
        first, last = Decimal(low[0]), Decimal(high[0])
        steps = [first + (last - first) * k / (n - 1) for k in range(n)]
        return tuple(f"{_plain(step)} {units[0]}".strip() for step in steps)
    try:
        ends = [clock.parse_duration(f"{amount} {unit}") for amount, unit in (low, high)]
    except ClockError:
        raise OptionError(Problem("vary_units", path, VARY, found=words)) from None
    return tuple(
        clock.format_span(ends[0] + round((ends[1] - ends[0]) * k / (n - 1))) for k in range(n)
    )


def _plain(number: Decimal) -> str:
    """A number without an exponent and without more digits than a float holds."""
    digits = f"{Decimal(f'{number:.12g}'):f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _lever(tree: Node, path: str, values: Sequence[str]) -> Lever:
    """A lever of one path.

    Raises
    ------
    OptionError
        When a path with `*` fits nothing that is written, or the path may not be varied.
    """
    steps = tuple(path.split("."))
    if steps[0] in FIXED:
        raise OptionError(Problem("vary_run", path, VARY, found=path))
    places = list(places_of(tree, steps))
    if not places:
        raise OptionError(Problem("vary_nothing", path, VARY, found=path))
    names = [".".join(map(str, place)) for place in places]
    settings = (Setting(value, tuple(f"{name}={value}" for name in names)) for value in values)
    return Lever(path, tuple(settings), _now(tree, places), len(places))


def places_of(tree: Node, steps: Steps) -> Iterator[Steps]:
    """The places of a path: itself, or with `*` all places where it leads to what is written."""
    if EVERY not in steps:
        yield steps
        return
    first = steps.index(EVERY)
    node, deeper = _at(tree, steps[:first]), steps[first + 1 :]
    for name in _entries(node):
        for place in places_of(tree, (*steps[:first], name, *deeper)):
            if _at(tree, place) is not None:
                yield place


def _at(tree: Node, steps: Steps) -> Node | None:
    node: Node | None = tree
    for step in steps:
        node = node.child(step) if node is not None else None
    return node


def _entries(node: Node | None) -> Sequence[str]:
    if node is None:
        return ()
    if isinstance(node.value, tuple):
        return [child.id or str(n) for n, child in enumerate(node.value)]
    return node.names


def _now(tree: Node, places: Sequence[Steps]) -> tuple[str, ...]:
    nodes = (node for place in places if (node := _at(tree, place)) is not None)
    return tuple(dict.fromkeys(written_value(node.plain()) for node in nodes))


def written_value(value: object) -> str:
    """A value as a planner would write it: no needless digits, a roster of all hours as a number.

    Examples
    --------
    >>> written_value(5.0), written_value("12 min"), written_value({ALWAYS: 3})
    ('5', '12 min', '3')
    """
    if isinstance(value, dict) and set(value) == {ALWAYS}:
        value = value[ALWAYS]
    return _plain(Decimal(repr(value))) if isinstance(value, float) else show_value(value)


def _twice(tree: Node, levers: Sequence[Lever]) -> Iterator[Problem]:
    """Two levers that move the same field, whether it is named by its id or its index."""
    places = [[canonical(tree, place) for place in _moved(lever)] for lever in levers]
    for first, second in combinations(range(len(levers)), 2):
        both = ((a, b) for a in places[first] for b in places[second])
        if levers[first].path == levers[second].path or any(_touch(a, b) for a, b in both):
            both_paths = f"{levers[first].path}, {levers[second].path}"
            yield Problem("vary_twice", levers[second].path, VARY, found=both_paths)


def _moved(lever: Lever) -> Iterator[tuple[str, ...]]:
    for override in lever.settings[0].overrides:
        yield tuple(override.partition("=")[0].split("."))


def _touch(first: Steps, second: Steps) -> bool:
    shorter = min(len(first), len(second))
    return first[:shorter] == second[:shorter]


def _refused(tree: Node, lever: Lever) -> Iterator[Problem]:
    """Why the field refuses values of a lever, each reason once."""
    reported = set()
    for setting in lever.settings:
        try:
            vary_tree(tree, setting.overrides)
        except ScenarioError as error:
            for problem in error.problems:
                if problem not in reported:
                    reported.add(problem)
                    yield problem
