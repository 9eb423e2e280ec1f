"""What people call a lever: the things on its path by their names, its field in a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sim.clock import MINUTE, WEEKDAYS, parse_duration
from sim.questions.hall_levers import MOVE, NAMED, SEATS
from sim.questions.vary import EVERY, Lever
from sim.scenario.demand import Flow
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.scenario_names import (
    group_name,
    layout_name,
    matter_name,
)

OF_MATTERS: Final = frozenset({"also", "service_laws"})
"""Fields whose entries are called like matters."""
UNSAID: Final = frozenset({"hall", "applicants", "money", "targets", "online", "places"})
"""Sections of a scenario that go without saying: the field itself says enough."""


def lever_name(path: str, scenario: Scenario, text: Text) -> str:
    """Names and words for a path; the path itself where there are none.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.text import load_text
    >>> scenario, text = load_scenario(example_path("sanmenxia.yaml")), load_text("en")
    >>> print(lever_name("matters.birth.service.base", scenario, text))
    Birth of a child · service time · base
    >>> print(lever_name("demand.*.weekdays.mon", scenario, text))
    every flow · weekday factor · Monday
    """
    steps = path.split(".")
    words = list(_words([scenario], steps, scenario, text))[steps[0] in UNSAID :]
    if text.language == "keys" or not words or not all(words):
        return path
    return text("format.joint").join(words)


def hall_lever_name(path: str, scenario: Scenario, text: Text) -> str:
    """The same for a lever of one layout, which goes without saying, or that has a name, no path.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.text import load_text
    >>> scenario, text = load_scenario(example_path("sanmenxia.yaml")), load_text("en")
    >>> hall_lever_name("opening", scenario, text)
    'opening hours'
    """
    if path in NAMED and text.language != "keys":
        return text(f"lever.named.{path}")
    steps = path.split(".")
    words = lever_name(path, scenario, text)
    if steps[0] != "layouts":
        return words
    return words.removeprefix(layout_name(scenario, steps[1], text) + text("format.joint"))


def setting_words(lever: Lever, value: str, scenario: Scenario, layout: str, text: Text) -> str:
    """A value of a lever of how the hall is run: groups by their names, hours as earlier or later.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.text import load_text
    >>> scenario, text = load_scenario(example_path("sanmenxia.yaml")), load_text("en")
    >>> setting_words(Lever("opening", (), ("0 min",), 1), "-30 min", scenario, "zone", text)
    '30 min earlier'
    """

    def group(name: str) -> str:
        return group_name(scenario, layout, name, text)

    if value == ", ".join(lever.now) and (lever.path in NAMED or not value):
        return text("lever.as_today")
    if lever.path == SEATS:
        moves = [move.partition(MOVE) for move in value.split()]
        words = [text("lever.seat", source=group(a), target=group(b)) for a, _, b in moves]
        return text("format.parts").join(words)
    if lever.path in NAMED:
        key = "earlier" if value.startswith("-") else "later"
        minutes = parse_duration(value.removeprefix("-")) / MINUTE
        return text(f"lever.{key}", span=text.with_unit(text.number(minutes, 0), "min"))
    return group(value) if lever.path.endswith(".tidal.pool") else value


def _words(
    values: Sequence[Any], steps: Sequence[str], scenario: Scenario, text: Text, field: str = ""
) -> Iterator[str]:
    """A word for each step, but for fields that hold named things; empty where there is none.

    `field` is the step before.
    """
    if not steps:
        return
    step, deeper = steps[0], steps[1:]
    below = [child for value in values for child in _children(value, step)]
    if _holds_things(values):
        names = {_name(thing, scenario, text) for thing in below}
        yield names.pop() if len(names) == 1 else ""
    elif any(isinstance(value, Mapping) for value in values):
        yield _key(step, field, scenario, text)
    elif not _holds_things(below):
        yield _field(step, text)
    elif deeper and deeper[0] == EVERY:
        yield _word(f"lever.every.{step}", text)
        below, deeper = [child for value in below for child in value], deeper[1:]
    yield from _words(below, deeper, scenario, text, step)


def _holds_things(values: Sequence[Any]) -> bool:
    """Whether these are lists of things with ids."""
    lists = [value for value in values if isinstance(value, tuple) and value]
    return bool(lists) and all(hasattr(thing, "id") for value in lists for thing in value)


def _children(value: Any, step: str) -> list[Any]:
    if isinstance(value, tuple):
        return [child for child in value if getattr(child, "id", None) == step or step == EVERY]
    if isinstance(value, Mapping):
        children = [child for key, child in value.items() if str(key) == step]
    else:
        children = [getattr(value, step, None)]
    return [child for child in children if child is not None]


def _name(thing: Any, scenario: Scenario, text: Text) -> str:
    if isinstance(thing, Flow):
        return matter_name(scenario, thing.matter, text)
    name = getattr(thing, "name", None)
    return text.name(name) if name is not None else str(thing.id)


def _key(key: str, field: str, scenario: Scenario, text: Text) -> str:
    """A weekday, a month, a class or a matter, or hours as they are written."""
    if key in WEEKDAYS:
        return text(f"weekday.{WEEKDAYS.index(key) + 1}")
    if text.has(f"month.{key}"):
        return text(f"month.{key}")
    things: Sequence[Any] = scenario.applicants.classes
    if field in OF_MATTERS:
        things = scenario.matters
    return next((_name(thing, scenario, text) for thing in things if thing.id == key), key)


def _field(step: str, text: Text) -> str:
    return _word(f"lever.field.{step}", text)


def _word(key: str, text: Text) -> str:
    return text(key) if text.has(key) else ""
